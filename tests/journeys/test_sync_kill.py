"""A sync that is killed: at any moment, and just before anything it does to the phone."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import run_voicecoach
from pack_files import SLUG, contents, make_pack, sound
from syncing import RENAMING, Mounter, needs_mounts, ours

from voicecoach.phone.sync import ledger
from voicecoach.phone.sync.destination import PART

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals"),
]

SEED = 5
MOMENTS, SPLIT = 40, 2
LONG_BYTES = 1_200_000
WEEK = f"Music/voicecoach/{SLUG}/week-03"
HERS = {
    "Music/song.mp3": b"hers",
    f"{WEEK}/note.txt": b"hers",
    f"{WEEK}/film.mp4.part": b"hers",
    "Music/voicecoach/list.m3u8": b"hers",
}
_RUNNER = """
import os, signal, sys

from voicecoach.cli import app
from voicecoach.phone.sync import folder, run, survey  # loaded once, not in each copy

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}


def sync(left, place):
    def watch(event, arguments):
        nonlocal left
        if event in CHANGES and place in str(arguments[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        app.main(["sync", place], prog_name="voicecoach")
    except SystemExit as ended:
        os._exit(ended.code)


for line in sys.stdin:
    number, place = line.rstrip("\\n").split(" ", 1)
    process = os.fork()
    if process == 0:
        sync(int(number), place)
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""
"""Runs the command in copies of itself, which is faster. Each kills itself just before the file
operation on the phone that has the number it is told; with 0 never. Tells the number of each
process when it starts, and its exit code when it has ended."""


class Runner:
    """Syncs from ``folder``; see _RUNNER."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUNNER],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self, phone: Path, killed_before: int = 0) -> int:
        """The number of the process."""
        assert self._process.stdin is not None
        print(killed_before, phone, file=self._process.stdin, flush=True)
        return self._read()

    def wait(self) -> int:
        """The exit code of what was started last."""
        return self._read()

    def sync(self, phone: Path, killed_before: int = 0) -> int:
        """The exit code."""
        self.start(phone, killed_before)
        return self.wait()

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate(timeout=60)


@pytest.fixture(scope="module")
def runner(scene: Path) -> Iterator[Runner]:
    made = Runner(scene)
    yield made
    made.end()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone that holds week 3 of before, week 4, and files of hers; then week 3 changed, week 4
    went, week 5 came. Tests sync to copies of the phone."""
    tmp_path = tmp_path_factory.mktemp("scene")
    write_all(tmp_path / "phone", HERS)
    make_pack(tmp_path / "output", 3, {f"w03-{n:02d}-deel.mp3": sound(n, 90_000) for n in range(3)})
    make_pack(tmp_path / "output", 4, {"w04-00-deel.mp3": sound(4, 30_000)})
    assert run_voicecoach(tmp_path, "sync", "phone").returncode == 0
    make_pack(
        tmp_path / "output",
        3,
        {f"w03-{n:02d}-deel.mp3": sound(n + n % 2 * 50, 90_000) for n in range(1, 4)},
        mark="b",
    )
    long, short = sound(8, LONG_BYTES), sound(9, 20_000)
    make_pack(tmp_path / "output", 5, {"w05-00-deel.mp3": long, "w05-01-deel.mp3": short})
    shutil.rmtree(tmp_path / "output" / SLUG / "week-04")
    return tmp_path


def write_all(root: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def is_ledger(path: str) -> bool:
    return path in {f"Music/voicecoach/{name}" for name in ledger.FILES}


def assert_whole(phone: Path, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Every file under a final name is what it was, or what it should become."""
    for path, data in contents(phone).items():
        if is_ledger(path):
            assert ledger.newest([data], "").serial > 0
        elif not path.endswith(PART):
            assert data in (before.get(path), after.get(path)), path
    hers = {path: data for path, data in contents(phone).items() if path in HERS}
    assert hers == HERS


def assert_completed(runner: Runner, phone: Path, after: dict[str, bytes]) -> None:
    """The next sync leaves what is wanted and what is hers, and nothing else."""
    assert runner.sync(phone) == 0
    found = {path: data for path, data in contents(phone).items() if not is_ledger(path)}
    assert found == after


def written_bytes(final: Path) -> int:
    """How much of a file has arrived, under its own name or another."""
    for path in (final, final.with_name(final.name + PART)):
        with contextlib.suppress(FileNotFoundError):
            return path.stat().st_size
    return 0


@pytest.mark.parametrize("share", range(SPLIT))
def test_killed_at_any_moment_nothing_is_half_done_and_the_next_completes_it(
    scene: Path, runner: Runner, share: int
) -> None:
    """The moments lie in the time from the first change to the phone to the last."""
    before = contents(scene / "phone")
    after = HERS | ours(scene / "output")
    moments = random.Random(SEED)
    fractions = [moments.random() for _ in range(MOMENTS)][share::SPLIT]
    phone = scene / "again"

    def started() -> tuple[int, float]:
        shutil.rmtree(phone, ignore_errors=True)
        shutil.copytree(scene / "phone", phone)
        noted = phone / "Music" / "voicecoach" / ledger.FILES[0]
        old = noted.read_bytes()
        process = runner.start(phone)
        until = time.monotonic() + 30
        while noted.read_bytes() == old and time.monotonic() < until:
            time.sleep(0.001)
        return process, time.monotonic()

    _, since = started()
    assert runner.wait() == 0
    whole_s, killed = time.monotonic() - since, 0
    for fraction in fractions:
        process, since = started()
        time.sleep(max(0, since + fraction * whole_s - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        killed += runner.wait() == -signal.SIGKILL
        assert_whole(phone, before, after)
        assert_completed(runner, phone, after)
    assert killed > 0


def test_killed_before_each_thing_it_does_to_the_phone(scene: Path, runner: Runner) -> None:
    before, after = contents(scene / "phone"), HERS | ours(scene / "output")
    phone = scene / "again"
    number, ended = 0, -signal.SIGKILL
    while ended != 0:
        number += 1
        shutil.rmtree(phone, ignore_errors=True)
        shutil.copytree(scene / "phone", phone)
        ended = runner.sync(phone, killed_before=number)
        assert ended in (0, -signal.SIGKILL)
        assert_whole(phone, before, after)
        assert_completed(runner, phone, after)
    assert number > 100


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_killed_while_it_writes_a_file_is_torn_only_where_it_cannot_be_renamed(
    scene: Path, runner: Runner, mounter: Mounter, options: tuple[str, ...]
) -> None:
    """And there the next sync mends it. What is hers is never touched."""
    phone = mounter.phone("slow-ms=25", *options)
    before, after = contents(scene / "phone"), HERS | ours(scene / "output")
    final = phone / "Music" / "voicecoach" / SLUG / "week-05" / "w05-00-deel.mp3"
    torn = 0
    for size_bytes in (1, 100_000, 400_000, 800_000, LONG_BYTES):
        shutil.rmtree(phone / "Music", ignore_errors=True)
        write_all(phone, before)
        process = runner.start(phone)
        until = time.monotonic() + 30
        while written_bytes(final) < size_bytes and time.monotonic() < until:
            time.sleep(0.001)
        os.kill(process, signal.SIGKILL)
        runner.wait()
        torn += final.exists() and final.stat().st_size < LONG_BYTES
        if not options:
            assert_whole(phone, before, after)
        assert {path: contents(phone).get(path) for path in HERS} == HERS
        assert_completed(runner, phone, after)
    assert (torn > 0) == (options == ("no-rename",))
