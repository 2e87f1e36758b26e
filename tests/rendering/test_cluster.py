"""Rendering on a Dask cluster: real schedulers and workers on this machine, killed and missing."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from voicecoach import environment
from voicecoach.environment import CACHE_VARIABLE, DATA_VARIABLE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra voicecoach[dask]"),
]

BORN = environment.today() - timedelta(days=2)
ROSTER = "client-id,birth-date,perineum,floor,catheter,language,started\n" + "".join(
    f"{id_},{BORN},tear,normal,no,{language},{BORN}\n"
    for id_, language in (("a", "nl"), ("b", "en"))
)


class Cluster:
    """A scheduler and workers, in processes of their own, and the batches of a tiny programme that
    use them."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder = folder
        self.content = content
        self.cache = folder / "cache"
        (folder / "roster.csv").write_text(ROSTER)
        self._started: list[subprocess.Popen[bytes]] = []
        log = folder / "scheduler.txt"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", log=log)
        self.address = self._told(log, re.compile(r"tcp://127\.0\.0\.1:[0-9]+"))

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """A new worker that is ready to work."""
        log = self.folder / f"worker-{len(self._started)}.txt"
        options = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        worker = self._start("worker", self.address, *options, log=log, **environment)
        self._told(log, re.compile(r"Registered to:"))
        return worker

    def _start(self, *command: str, log: Path, **environment: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--no-dashboard"],
                stdout=file,
                stderr=file,
                cwd=self.folder,
                env={**os.environ, **environment},
            )
        self._started.append(process)
        return process

    def _told(self, log: Path, pattern: re.Pattern[str]) -> str:
        for _ in range(600):
            if found := pattern.search(log.read_text()):
                return found[0]
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def batch(self, out: str, *more: str, cache: Path | None = None) -> subprocess.Popen[str]:
        options = ("--content", str(self.content), "--out", out, "--week", "1")
        command = ("batch", "roster.csv", *options, *more)
        return subprocess.Popen(
            [sys.executable, "-m", "voicecoach", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, CACHE_VARIABLE: str(cache or self.cache)},
        )

    def files(self, out: str) -> dict[str, bytes]:
        """All packs below ``out``."""
        place = self.folder / out
        found = (path for path in place.glob("*/*/week-01/*") if path.is_file())
        return {str(path.relative_to(place)): path.read_bytes() for path in found}

    def recorded(self) -> int:
        return len(list(self.cache.glob("recordings/*/*.wav")))

    def stop(self) -> None:
        for process in self._started:
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path, tiny: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path, tiny)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> dict[str, bytes]:
    """The same packs, rendered by the processes of one machine."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "roster.csv").write_text(ROSTER)
    options = ("--content", str(tiny), "--out", "o", "--week", "1")
    subprocess.run(
        [sys.executable, "-m", "voicecoach", "batch", "roster.csv", *options],
        cwd=folder,
        env={**os.environ, CACHE_VARIABLE: str(folder / "cache")},
        check=True,
        capture_output=True,
    )
    found = (path for path in (folder / "o").glob("*/*/week-01/*") if path.is_file())
    return {str(path.relative_to(folder / "o")): path.read_bytes() for path in found}


def ended(batch: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Exit code, results and errors of a batch."""
    out, err = batch.communicate(timeout=300)
    return batch.returncode, out, err


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_two_workers_make_the_same_bytes_as_one_machine(
    cluster: Cluster, alone: dict[str, bytes]
) -> None:
    cluster.worker()
    cluster.worker()
    batch = cluster.batch("out", "--scheduler", cluster.address)
    assert ended(batch)[0] == 0
    assert cluster.files("out") == alone


def test_a_worker_that_is_killed_half_way_is_made_up_for(
    cluster: Cluster, alone: dict[str, bytes]
) -> None:
    first = cluster.worker()
    cluster.worker()
    batch = cluster.batch("out", "--scheduler", cluster.address)
    wait_for(lambda: cluster.recorded() > 10)
    first.kill()
    assert ended(batch)[0] == 0
    assert cluster.files("out") == alone


def test_a_scheduler_that_is_killed_is_one_clear_error_and_the_next_run_completes(
    cluster: Cluster, alone: dict[str, bytes]
) -> None:
    cluster.worker()
    batch = cluster.batch("out", "--scheduler", cluster.address)
    wait_for(lambda: cluster.recorded() > 10)
    cluster.scheduler.kill()
    code, out, err = ended(batch)
    assert code == 1
    assert "not reached         2" in out
    errors = [line for line in err.splitlines() if not line.startswith("speaking")]
    lost = f"Error: {cluster.address}: the scheduler is gone; start it, and run the command again"
    assert [error.partition(": what is done")[0] for error in errors] == [lost]
    again = cluster.batch("out")
    assert ended(again)[0] == 0
    assert cluster.files("out") == alone


def test_a_scheduler_that_is_not_there_is_told(cluster: Cluster) -> None:
    cluster.stop()
    batch = cluster.batch("out", "--scheduler", cluster.address)
    code, _, err = ended(batch)
    assert code == 1
    assert f"Error: {cluster.address}: no Dask scheduler answers" in err
    assert "Traceback" not in err


def test_a_scheduler_without_workers_is_told(cluster: Cluster) -> None:
    batch = cluster.batch("out", "--scheduler", cluster.address)
    code, _, err = ended(batch)
    assert code == 1
    assert "this scheduler has no workers; start them with" in err


def test_a_worker_that_lacks_the_voice_is_named_before_the_work_starts(
    cluster: Cluster, piper_voice: str, tmp_path: Path
) -> None:
    cluster.worker()
    cluster.worker(**{DATA_VARIABLE: str(tmp_path / "no-voices-here")})
    roster = ROSTER.replace(",nl,", ",en,")
    (cluster.folder / "roster.csv").write_text(roster)
    batch = cluster.batch("out", "--scheduler", cluster.address, "--voice", piper_voice)
    code, _, err = ended(batch)
    assert code == 1
    assert re.search(
        rf"Error: worker tcp://127\.0\.0\.1:[0-9]+: lacks the voice {piper_voice}", err
    )
    assert cluster.recorded() == 0


def test_a_worker_that_does_not_see_the_cache_is_told(cluster: Cluster) -> None:
    from voicecoach.rendering import tasks

    mark = cluster.folder / "cache" / "marks" / "none"
    lack = tasks.lack_of_worker(mark, tasks.what_sounds_depend_on())
    assert lack == (
        f"does not see the cache, {cluster.folder / 'cache'}; name a folder that all machines share"
        " with VOICECOACH_CACHE"
    )


def test_a_worker_with_other_versions_is_told(tmp_path: Path) -> None:
    from voicecoach.rendering import tasks

    wanted = ["9.9", *tasks.what_sounds_depend_on()[1:]]
    lack = tasks.lack_of_worker(tmp_path, wanted)
    assert lack is not None
    assert "(here: 9.9)" in lack
