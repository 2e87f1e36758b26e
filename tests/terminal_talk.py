"""Answers the program as a person at a terminal does."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def all_shown(
    terminal: int, after: Callable[[int, bytes], None] = lambda terminal, so_far: None
) -> bytes:
    """What the program shows on ``terminal`` until it closes it. ``after`` each part that is read
    may change the terminal."""
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side has closed
            return shown
        if not part:
            return shown
        shown += part
        after(terminal, shown)


def talk(
    folder: Path, *arguments: str, answers: Sequence[str], columns: int = 1000
) -> tuple[int, str]:
    """Runs the program on a terminal of its own, by default too wide to break lines. Each of
    ``answers`` is typed, and Enter.

    Exit code and what the terminal showed. After the answers nobody types any more: Ctrl-D.
    """
    import pty  # not on Windows

    person, program = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "voicecoach", *arguments],
        cwd=folder,
        stdin=program,
        stdout=program,
        stderr=program,
        env={**os.environ, "COLUMNS": str(columns)},
    ) as process:
        os.close(program)
        typed = "".join(f"{answer}\n" for answer in answers) + "\x04"
        os.write(person, typed.encode())
        shown = all_shown(person)
        code = process.wait(timeout=600)
    os.close(person)
    return code, shown.decode().replace("\r\n", "\n")
