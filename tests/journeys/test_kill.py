"""What is left when a build is killed, or cannot write: whole files only, and nobody running."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile
import tiny_programme

from voicecoach.environment import CACHE_VARIABLE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("signals_as_at_a_terminal")]

MOMENTS = 12
MARKER = "VOICECOACH_TEST_MARKER"
PROC = Path("/proc")
needs_proc = pytest.mark.skipif(
    not (PROC / "self" / "environ").exists(), reason="looks for processes in /proc (Linux)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A build that nobody disturbed, and how long it took with an empty cache."""

    files: dict[str, str]
    cached: dict[str, str]
    seconds: float


class Build:
    """A build of a tiny programme that runs as a process group of its own, and can be told by its
    environment."""

    def __init__(
        self,
        folder: Path,
        *,
        out: Path | None = None,
        by: tuple[str, ...] = (),
        more: tuple[str, ...] = (),
    ) -> None:
        content = folder / "content"
        if not content.exists():
            tiny_programme.write(content)
        self.out = out or folder / "out"
        self.cache = folder / "cache"
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [
                *by,
                *(sys.executable, "-m", "voicecoach"),
                *("build", "--content", str(content), "--week", "1", "--bed", "brown"),
                *("--out", str(self.out), *more),
            ],
            cwd=folder,
            env={**os.environ, CACHE_VARIABLE: str(self.cache), MARKER: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def end(self, limit_s: float = 120) -> tuple[str, str]:
        """Waits for the build; its stdout and stderr."""
        return self.process.communicate(timeout=limit_s)

    def kill(self) -> None:
        """``kill -9`` of the main process alone: its children get no signal."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def others(self) -> list[int]:
        """The processes of this build that still run, without the main one."""
        wanted = f"{MARKER}={self.mark}".encode()
        found = []
        for entry in PROC.glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return [process_id for process_id in found if process_id != self.process.pid]

    def left_after(self, limit_s: float) -> list[int]:
        """The processes that are left when all have had ``limit_s`` to end."""
        until = time.monotonic() + limit_s
        while (left := self.others()) and time.monotonic() < until:
            time.sleep(0.05)
        return left

    def clean_up(self) -> None:
        """Ends what a failed test left running."""
        for process_id in [self.process.pid, *self.others()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def started() -> Iterator[list[Build]]:
    """The builds of a test, which end with it."""
    builds: list[Build] = []
    yield builds
    for each in builds:
        each.clean_up()


def hashes_below(root: Path, *, hidden: bool = False) -> dict[str, str]:
    """Relative path and sha256 of every file, without those a build hides while it writes."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and (hidden or not is_part(path))
    }


def is_part(path: Path) -> bool:
    return path.name.startswith(".voicecoach-") and path.name.endswith(".part")


def wait_for(folder: Path, pattern: str) -> None:
    """Waits until a build has got so far that a file like ``pattern`` stands in ``folder``."""
    until = time.monotonic() + 60
    while not list(folder.glob(pattern)):
        assert time.monotonic() < until, f"no {pattern} in a minute"
        time.sleep(0.005)


def cached_below(cache: Path) -> dict[str, str]:
    """Without what is of one folder of packs alone: its lock, and the receipt of its build."""
    of_one_folder = ("locks/", "receipts/")
    hashes = hashes_below(cache)
    return {name: h for name, h in hashes.items() if not name.startswith(of_one_folder)}


def build_undisturbed(folder: Path, out: Path | None = None) -> None:
    again = Build(folder, out=out)
    _, errors = again.end()
    assert again.process.returncode == 0, errors


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    root = tmp_path_factory.mktemp("reference")
    start = time.monotonic()
    build_undisturbed(root)
    seconds = time.monotonic() - start
    for path in (root / "out").rglob("*.mp3"):
        sound, _ = soundfile.read(path, dtype="int16")
        assert len(sound) > 0
    for path in (root / "out").rglob("*.json"):
        json.loads(path.read_bytes())
    return Reference(
        files=hashes_below(root / "out"), cached=cached_below(root / "cache"), seconds=seconds
    )


def assert_whole(found: dict[str, str], reference: dict[str, str]) -> None:
    """Every file found is byte for byte one of the reference."""
    assert set(found) <= set(reference)
    assert [name for name, sha256 in found.items() if sha256 != reference[name]] == []


@needs_proc
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_build_leaves_whole_files_and_no_process_and_the_next_completes_it(
    tmp_path: Path, reference: Reference, started: list[Build], moment: int
) -> None:
    build = Build(tmp_path)
    started.append(build)
    time.sleep(reference.seconds * (moment + 0.5) / MOMENTS)
    build.kill()

    assert_whole(hashes_below(tmp_path / "out"), reference.files)
    assert build.left_after(5) == []
    assert_whole(hashes_below(tmp_path / "out"), reference.files)
    assert_whole(cached_below(tmp_path / "cache"), reference.cached)

    build_undisturbed(tmp_path)
    assert hashes_below(tmp_path / "out", hidden=True) == reference.files


@needs_proc
def test_a_build_killed_again_and_again_gets_there(
    tmp_path: Path, reference: Reference, started: list[Build]
) -> None:
    for fraction in (0.3, 0.4, 0.5, 0.6):
        build = Build(tmp_path)
        started.append(build)
        time.sleep(reference.seconds * fraction)
        build.kill()
        assert build.left_after(5) == []
        assert_whole(hashes_below(tmp_path / "out"), reference.files)
    build_undisturbed(tmp_path)
    assert hashes_below(tmp_path / "out", hidden=True) == reference.files


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_told_to_stop_leaves_no_process_and_no_traceback(
    tmp_path: Path, reference: Reference, started: list[Build], number: signal.Signals
) -> None:
    """SIGINT as a terminal sends it, to the whole group; the others to the main process."""
    build = Build(tmp_path)
    started.append(build)
    wait_for(tmp_path / "cache", "audio/*.mp3")
    if number == signal.SIGINT:
        os.killpg(build.process.pid, number)
    else:
        os.kill(build.process.pid, number)
    _, errors = build.end()
    assert build.process.returncode != 0
    assert build.left_after(5) == []
    assert "Traceback" not in errors
    assert_whole(hashes_below(tmp_path / "out"), reference.files)


@needs_proc
@pytest.mark.parametrize("gap_s", [0.02, 0.05, 0.1])
def test_an_impatient_ctrl_c_ends_the_build_too(
    tmp_path: Path, reference: Reference, started: list[Build], gap_s: float
) -> None:
    """Two in a row reach every process of the group, wherever the first one left it."""
    build = Build(tmp_path)
    started.append(build)
    wait_for(tmp_path / "cache", "recordings/*/*.wav")
    for _ in range(2):
        os.killpg(build.process.pid, signal.SIGINT)
        time.sleep(gap_s)
    _, errors = build.end(limit_s=20)
    assert build.process.returncode != 0
    assert "Traceback" not in errors
    assert build.left_after(5) == []
    assert_whole(hashes_below(tmp_path / "out"), reference.files)


@needs_proc
def test_a_build_whose_rendering_process_is_killed_says_so_and_leaves_whole_files(
    tmp_path: Path, reference: Reference, started: list[Build]
) -> None:
    build = Build(tmp_path)
    started.append(build)
    wait_for(tmp_path / "cache", "audio/*.mp3")
    main = build.process.pid
    children = (PROC / f"{main}/task/{main}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _, errors = build.end()
    assert build.process.returncode == 1
    assert_one_error(errors)
    assert build.left_after(5) == []
    assert_whole(hashes_below(tmp_path / "out"), reference.files)
    build_undisturbed(tmp_path)
    assert hashes_below(tmp_path / "out", hidden=True) == reference.files


def workers(build: Build) -> list[int]:
    """The processes in which the engines of ``build`` speak."""
    found = []
    for process_id in build.others():
        with contextlib.suppress(OSError):
            if b"_worker" in (PROC / str(process_id) / "cmdline").read_bytes():
                found.append(process_id)
    return found


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_an_engine_that_crashes_or_hangs_is_replaced_and_the_build_is_the_same(
    tmp_path: Path, reference: Reference, started: list[Build], number: signal.Signals
) -> None:
    """One that hangs is given up after half a minute."""
    build = Build(tmp_path)
    started.append(build)
    wait_for(tmp_path / "cache", "recordings/*/*.wav")
    struck = workers(build)
    for process_id in struck:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
    _, errors = build.end()
    assert struck
    assert build.process.returncode == 0, errors
    assert "Traceback" not in errors
    assert hashes_below(tmp_path / "out", hidden=True) == reference.files
    assert cached_below(tmp_path / "cache") == reference.cached
    assert build.left_after(5) == []


@needs_proc
def test_an_engine_that_crashes_every_time_is_one_error(
    tmp_path: Path, reference: Reference, started: list[Build]
) -> None:
    build = Build(tmp_path)
    started.append(build)
    until = time.monotonic() + 60
    while build.process.poll() is None and time.monotonic() < until:
        for process_id in workers(build):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
    output, errors = build.end()
    assert (build.process.returncode, output) == (1, "")
    assert_one_error(errors)
    assert "could not say" in errors and "--voice" in errors
    assert_whole(cached_below(tmp_path / "cache"), reference.cached)


@needs_proc
def test_a_killed_build_leaves_no_piper_behind(
    tmp_path: Path, piper_voice: str, started: list[Build]
) -> None:
    build = Build(tmp_path, more=("--language", "en", "--voice", piper_voice))
    started.append(build)
    wait_for(tmp_path / "cache", "recordings/*/*.wav")
    assert workers(build)
    build.kill()
    assert build.left_after(20) == []
    for path in (tmp_path / "cache").rglob("*.wav"):
        soundfile.read(path)


def assert_one_error(errors: str) -> None:
    assert "Traceback" not in errors
    assert len([line for line in errors.splitlines() if line.startswith("Error:")]) == 1


def assert_refused(build: Build, names: str) -> None:
    output, errors = build.end()
    assert build.process.returncode == 1
    assert output == ""
    assert_one_error(errors)
    assert names in errors


# --- where it cannot write ----------------------------------------------------------------------


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory, at ``folder``; skips the test where this may not be done."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs leave to mount a file system (root, Linux)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_gives_one_error_and_whole_files_and_space_completes_the_pack(
    tmp_path: Path, reference: Reference
) -> None:
    with mounted(tmp_path / "disk", "size=2m") as disk:
        assert_refused(Build(tmp_path, out=disk / "out"), "No space left on device")
        assert hashes_below(disk / "out", hidden=True)
        assert_whole(hashes_below(disk / "out", hidden=True), reference.files)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        build_undisturbed(tmp_path, out=disk / "out")
        assert hashes_below(disk / "out", hidden=True) == reference.files


@pytest.mark.parametrize("size", ["64k", "2m"])
def test_a_cache_on_a_full_disk_gives_one_error_and_whole_files(
    tmp_path: Path, reference: Reference, size: str
) -> None:
    with mounted(tmp_path / "cache", f"size={size}"):
        assert_refused(Build(tmp_path), "No space left on device")
        found = hashes_below(tmp_path / "cache", hidden=True)
        receipts = {name for name in found if name.startswith("receipts/")}
        assert_whole(
            {n: h for n, h in found.items() if n not in receipts and not n.startswith("locks/")},
            reference.cached,
        )
        assert_whole(hashes_below(tmp_path / "out", hidden=True), reference.files)


def test_a_read_only_folder_gives_one_error(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "ro") as disk:
        assert_refused(Build(tmp_path, out=disk / "out"), "Read-only file system")
        assert list(disk.iterdir()) == []


@pytest.fixture
def without_privilege() -> tuple[str, ...]:
    """What a command begins with so that permissions hold for it, also where root runs it."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions of POSIX")
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and setpriv is not installed")
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_without_leave_to_write_gives_one_error(
    tmp_path: Path, without_privilege: tuple[str, ...], mode: int
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=mode)
    assert_refused(Build(tmp_path, out=closed / "out", by=without_privilege), "Permission denied")
    closed.chmod(0o755)
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_cache_without_leave_to_write_gives_one_error(
    tmp_path: Path, without_privilege: tuple[str, ...], mode: int
) -> None:
    (tmp_path / "cache").mkdir(mode=mode)
    assert_refused(Build(tmp_path, by=without_privilege), str(tmp_path / "cache"))
    (tmp_path / "cache").chmod(0o755)
    assert not (tmp_path / "out").exists()


def test_an_out_that_is_a_file_gives_one_error_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert_refused(Build(tmp_path), str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "mine"


def test_an_out_that_cannot_be_is_refused_before_anything_is_spoken(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    build = Build(tmp_path)
    _, errors = build.end()
    assert build.process.returncode == 1
    assert "speaking" not in errors and "rendering" not in errors


def test_a_build_leaves_nothing_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What she hears is nobody else's business: no recording stays in /tmp."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    build_undisturbed(tmp_path)
    assert list((tmp_path / "temporary").rglob("*")) == []
