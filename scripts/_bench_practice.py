"""What `scripts/bench practice` measures: a batch for many made-up clients, cold and warm, how much
they share, and one worker of a cluster beside two."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SEED = 2026
FEWER = 10
"""Memory is compared with a batch of so many times fewer clients; scaling is measured with it."""
NAMES = ("Anna", "Fatima", "Sanne", "Noor", "", "", "", "")
ANSWERS = {
    "perineum": ("intact", "intact", "episiotomy", "tear", "tear", "tear", "oasi"),
    "floor": ("normal",) * 9 + ("over-tense",),
    "catheter": ("no",) * 19 + ("yes",),
    "language": ("nl", "nl", "nl", "en"),
    "name": NAMES,
    "delivery": ("vaginal", "vaginal", "assisted", "caesarean", ""),
    "position": ("", "lying", "nursing"),
    "sessions-a-day": ("", "", "1", "2", "3"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A batch that has ended."""

    seconds: float
    peak_mb: float | None
    """Of the main process; ``None`` where it cannot be measured."""
    counts: dict[str, tuple[int, int]]
    """Clients and tracks, by what became of them."""


def roster(clients: int) -> str:
    """The same clients each time, but for today's date: babies of up to a year."""
    draw, today = random.Random(SEED), date.today()
    lines = [",".join(["client-id", "birth-date", "started", *ANSWERS])]
    for number in range(clients):
        age = draw.randrange(1, 350)
        born = today - timedelta(days=age)
        started = born + timedelta(days=min(age, draw.choice((1, 1, 1, 5, 14))))
        answers = [draw.choice(possible) for possible in ANSWERS.values()]
        lines.append(",".join([f"c-{number:05}", str(born), str(started), *answers]))
    return "\n".join(lines) + "\n"


def batch(folder: Path, out: Path, cache: Path, *more: str) -> Run:
    """Runs a batch of the roster in ``folder`` from the command line."""
    command = [sys.executable, "-m", "voicecoach", "batch", "roster.csv", "--out", str(out), *more]
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "VOICECOACH_CACHE": str(cache)},
            stdout=said,
            stderr=subprocess.DEVNULL,
        )
        peak_mb = None
        while process.poll() is None:
            peak_mb = _peak_mb(process.pid) or peak_mb
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        said.seek(0)
        rows = [line.split() for line in said.read().splitlines()[1:]]
    if process.returncode:
        sys.exit("the batch failed; run it by hand to see why")
    counts = {row[0]: (int(row[1]), int(row[2])) for row in rows}
    return Run(seconds=seconds, peak_mb=peak_mb, counts=counts)


def measure(folder: Path, clients: int) -> Iterator[str]:
    out, cache = folder / "clients", folder / "cache"
    (folder / "roster.csv").write_text(roster(clients // FEWER))
    few = batch(folder, out, cache)
    (folder / "roster.csv").write_text(roster(clients))
    cold = batch(folder, out, cache)
    _move_aside(out)
    warm = batch(folder, out, cache)
    again = batch(folder, out, cache)
    renderings = len(list((cache / "audio").glob("*.mp3")))
    tracks = warm.counts["all"][1]
    files = [path.stat() for path in out.glob("c-*/**/*") if path.is_file()]
    delivered = sum(found.st_size for found in files)
    on_disk = sum({(f.st_dev, f.st_ino): f.st_size for f in files}.values())
    yield f"{clients} clients, the week each is in and the next, {tracks} tracks"
    yield _row("cold, a client", cold.seconds * 1000 / clients, "ms")
    yield _row("store warm, a client (at most 100 for one week)", _per(warm, clients), "ms")
    yield _row("nothing to do, a client", _per(again, clients), "ms")
    yield _row("distinct renderings", renderings, "")
    yield _row("delivered, a client", delivered / clients / 1e6, "MB")
    yield _row("on the disk, a client", on_disk / clients / 1e6, "MB")
    if warm.peak_mb and few.peak_mb:
        yield _row(f"main process, {clients // FEWER} clients, cold", few.peak_mb, "MB")
        yield _row(f"main process, {clients} clients, cold", cold.peak_mb or 0, "MB")
        yield _row(f"main process, {clients} clients, warm", warm.peak_mb, "MB")
    yield from scaling(folder, clients // FEWER)


def scaling(folder: Path, clients: int) -> Iterator[str]:
    """One worker of a cluster on this machine, then two."""
    (folder / "roster.csv").write_text(roster(clients))
    seconds = []
    for workers in (1, 2):
        out, cache = folder / f"of-{workers}", folder / f"cache-{workers}"
        with ExitStack() as stack:
            address = _cluster(stack, folder, workers)
            seconds.append(batch(folder, out, cache, "--scheduler", address).seconds)
        yield _row(f"{clients} clients, cold, workers: {workers}", seconds[-1], "s")
    yield _row("one worker / two", seconds[0] / seconds[1], "")


def _move_aside(out: Path) -> None:
    """Takes every client's folder away, but deletes none: for a minute or more after many files
    were deleted, ext4 is slow to make new ones."""
    before = out.with_name("before")
    before.mkdir()
    for path in out.glob("c-*"):
        path.rename(before / path.name)


def _cluster(stack: ExitStack, folder: Path, workers: int) -> str:
    scheduler_file = folder / f"scheduler-{workers}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    shared = ["--scheduler-file", str(scheduler_file), "--no-dashboard"]
    commands = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *shared]]
    commands += [[*dask, "worker", "--nthreads", "1", "--no-nanny", *shared]] * workers
    for command in commands:
        process = subprocess.Popen(command, cwd=folder, **quiet)
        stack.callback(process.wait)
        stack.callback(process.kill)
    from distributed import Client

    client = Client(scheduler_file=str(scheduler_file), timeout=60, set_as_default=False)
    client.wait_for_workers(workers, timeout=60)
    address = str(client.scheduler.address)
    client.close()
    return address


def _per(run: Run, clients: int) -> float:
    return run.seconds * 1000 / clients


def _row(what: str, figure: float, unit: str) -> str:
    return f"{what:<48}{figure:10.{1 if unit else 2 if figure % 1 else 0}f} {unit}".rstrip()


def _peak_mb(pid: int) -> float | None:
    """The most memory a process has used; its children do not count. Linux alone tells."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM"))
    return next((int(line[1]) / 1024 for line in lines), None)
