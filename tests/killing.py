"""Commands that are killed just before they change a file."""

import subprocess
import sys
from pathlib import Path

_RUNNER = """
import os, signal, sys

from voicecoach.cli import app, checkin, init  # loaded once, not in each copy
from voicecoach.cli import app
from voicecoach.pack import withdrawal

CHANGES = {"open", "os.rename", "os.remove", "os.rmdir"}
place, *arguments = sys.argv[1:]


def run(left):
    def watch(event, what):
        nonlocal left
        if event in CHANGES and place in str(what[0]):
            is_reading = event == "open" and not (what[2] or 0) & (os.O_WRONLY | os.O_RDWR)
            left -= not is_reading
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        app.main(arguments, prog_name="voicecoach")
    except SystemExit as ended:
        os._exit(ended.code)


for line in sys.stdin:
    process = os.fork()
    if process == 0:
        run(int(line))
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""
"""Runs a command in copies of itself, which is faster. Each kills itself just before the file
operation in a folder that has the number it is told."""


class Killer:
    """Runs a command in ``folder`` that is killed; see _RUNNER."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUNNER, "output/", *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def is_killed(self, moment: int) -> bool:
        """Runs it; whether it was killed at this moment, or had come to its end before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(moment, file=self._process.stdin, flush=True)
        code = int(self._process.stdout.readline())
        assert code in (0, -9)
        return code == -9

    def end(self) -> None:
        self._process.communicate(timeout=600)
