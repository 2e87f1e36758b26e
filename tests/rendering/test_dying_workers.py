"""A worker dies, at whatever moment: one sentence, and fresh workers do what is left."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import connection
from pathlib import Path

import pytest

from voicecoach import environment
from voicecoach.authoring import starter
from voicecoach.cache import Cache
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.errors import ProcessLostError
from voicecoach.pack.tracks import Wishes
from voicecoach.practice import roster_file
from voicecoach.practice.batch import Practice
from voicecoach.practice.order import Order
from voicecoach.practice.report import Outcome, State
from voicecoach.rendering import pool
from voicecoach.rendering.job import PLAIN_DAY
from voicecoach.rendering.renderer import Renderer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

TAKEN_OVER = "a rendering process was killed; others have taken its place"
KILLED = (
    "a rendering process was killed, perhaps for lack of memory: run the command again, with fewer"
    " --jobs"
)
LIMIT_S = 60


def number() -> int:
    """A unit of work: which process does it."""
    return os.getpid()


def wait_at(pipe: str) -> None:
    """A unit of work that says it has begun, and then never ends."""
    Path(pipe).write_text(str(os.getpid()))
    signal.pause()


def die_once(mark: str) -> int:
    """A unit of work that is killed the first time it is done."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def kill_all() -> None:
    """Kills the workers there are, and returns when they have ended."""
    workers = multiprocessing.active_children()
    assert workers
    sentinels = [each.sentinel for each in workers]
    for each in workers:
        each.kill()
    for sentinel in sentinels:
        assert connection.wait([sentinel], LIMIT_S)


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def processes(notes: list[str]) -> Iterator[pool.Processes]:
    with pool.Processes(2, notes.append) as started:
        yield started


def test_workers_that_are_killed_while_idle_are_replaced(
    processes: pool.Processes, notes: list[str]
) -> None:
    before = processes.submit(number).result(LIMIT_S)
    assert processes._executor
    watcher = processes._executor._executor_manager_thread
    assert watcher
    kill_all()
    watcher.join(LIMIT_S)  # ends when it has seen that the workers did
    assert not watcher.is_alive()
    assert notes == []
    after = [processes.submit(number).result(LIMIT_S) for _ in range(4)]
    assert before not in after
    assert notes == [TAKEN_OVER]


def test_a_worker_that_is_killed_at_work_is_told_in_one_sentence(
    processes: pool.Processes, tmp_path: Path, notes: list[str]
) -> None:
    pipe = tmp_path / "begun"
    os.mkfifo(pipe)
    unit = processes.submit(wait_at, str(pipe))
    os.kill(int(pipe.read_text()), signal.SIGKILL)
    with pytest.raises(ProcessLostError) as lost:
        list(pool.completed([unit]))
    assert str(lost.value) == KILLED
    assert processes.submit(number).result(LIMIT_S) > 0
    assert notes == [TAKEN_OVER]


def test_workers_are_replaced_as_often_as_they_are_killed(
    processes: pool.Processes, tmp_path: Path, notes: list[str]
) -> None:
    for turn in range(3):
        with pytest.raises(ProcessLostError):
            list(pool.completed([processes.submit(die_once, str(tmp_path / str(turn)))]))
    [last] = pool.completed([processes.submit(number)])
    assert last.result() > 0
    assert notes == [TAKEN_OVER] * 3


def test_lack_of_memory_in_a_worker_is_told_in_one_sentence(processes: pool.Processes) -> None:
    with pytest.raises(ProcessLostError, match=r"for lack of memory: close other programs"):
        list(pool.completed([processes.submit(bytearray, sys.maxsize // 2)]))
    [last] = pool.completed([processes.submit(number)])
    assert last.result() > 0


def test_no_worker_is_left_when_some_were_lost(notes: list[str], tmp_path: Path) -> None:
    with pool.Processes(2, notes.append) as processes:
        lost = processes.submit(die_once, str(tmp_path / "mark"))
        assert isinstance(lost.exception(LIMIT_S), BrokenProcessPool)
        assert processes.submit(number).result(LIMIT_S) > 0
        workers = [each.sentinel for each in multiprocessing.active_children()]
    for sentinel in workers:
        assert connection.wait([sentinel], LIMIT_S)


class Killer:
    """A reporter that kills all workers when a certain stage of rendering begins."""

    def __init__(self, kills: Callable[[int, int], bool]) -> None:
        """``kills`` is told which stage it is, from 0, and how many there are in the first."""
        self._kills = kills
        self._totals: list[int] = []
        self.notes: list[str] = []

    def note(self, remark: str) -> None:
        self.notes.append(remark)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        if name == "rendering":
            self._totals.append(total)
            if self._kills(len(self._totals) - 1, self._totals[0]):
                kill_all()
        yield lambda _count, _name: None


def served(folder: Path, killer: Killer) -> dict[str, Outcome]:
    """Three clients, of whom only the second begins, and needs what the others do not."""
    today = environment.today()
    lines = ["client-id,birth-date,perineum,floor,catheter,language,name,started"]
    for id_, days in (("a", 9), ("b", 1), ("c", 9)):
        born = today - timedelta(days=days)
        lines.append(f"{id_},{born},tear,normal,no,nl,,{born}")
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    content = starter.write("mini", folder)
    order = Order(
        programme=programme_reader.read(content),
        setting=PLAIN_DAY,
        out=folder / "clients",
        today=today,
        wishes=Wishes(voices=(), guidance=Guidance.TONES, bed=None, content=content),
    )
    clients = roster_file.read(folder / "roster.csv", today).clients
    with Renderer(2, killer) as renderer, Renderer(1, killer) as greeter:
        served_by = Practice(order, renderer, greeter, Cache(root=folder / "cache"), killer)
        return {each.client: each for each in served_by.serve(clients)}


def packs(folder: Path) -> list[str]:
    return sorted(f"{p.parts[-4]} {p.parts[-2]}" for p in folder.rglob("pack.json"))


def test_a_batch_whose_workers_are_killed_goes_on_with_fresh_ones(tmp_path: Path) -> None:
    killer = Killer(lambda stage, _first: stage == 0)
    outcomes = served(tmp_path, killer)
    assert {id_: each.state for id_, each in outcomes.items()} == dict.fromkeys("abc", State.BUILT)
    assert killer.notes == [f"{KILLED}; what was lost is tried again", TAKEN_OVER]
    assert packs(tmp_path) == ["a week-02", "b week-01", "b week-02", "c week-02"]


def test_a_batch_serves_those_who_do_not_need_what_kills_its_workers(tmp_path: Path) -> None:
    """The last session is lost when all are rendered, and again when it is alone."""
    outcomes = served(tmp_path, Killer(lambda stage, first: stage in {0, first}))
    states = {id_: each.state for id_, each in outcomes.items()}
    assert states == {"a": State.BUILT, "b": State.FAILED, "c": State.BUILT}
    assert outcomes["b"].reason == KILLED
    assert packs(tmp_path) == ["a week-02", "c week-02"]


def test_a_batch_ends_where_every_worker_is_killed(tmp_path: Path) -> None:
    with pytest.raises(ProcessLostError) as lost:
        served(tmp_path, Killer(lambda _stage, _first: True))
    assert str(lost.value) == KILLED
    assert packs(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to ulimit -v")
@pytest.mark.parametrize("kilobytes", [100_000, 200_000, 300_000])
def test_under_a_limit_to_memory_there_is_one_error_and_no_traceback(
    tmp_path: Path, kilobytes: int
) -> None:
    starter.write("mini", tmp_path)
    limited = f"""
import os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({kilobytes * 1024},) * 2)
os.execv(sys.executable, [sys.executable, "-m", "voicecoach", *sys.argv[1:]])
"""
    done = subprocess.run(
        [sys.executable, "-c", limited, "build", "--content", "mini", "--week", "1"],
        cwd=tmp_path,
        env={**os.environ, CACHE_VARIABLE: str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if not line.startswith(("Note: ", "speak"))]
    [error] = told
    assert error.startswith("Error: a rendering process was killed")
    assert "fewer --jobs" in error
    assert list(tmp_path.rglob("*.mp3")) == []
