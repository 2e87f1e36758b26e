"""Runs the program on a pseudo-terminal of a given width and shows what its screen looks like."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from terminal_talk import all_shown


class Screen:
    """The lines of a terminal after ``written``; knows line feeds and carriage returns alone."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows: list[list[str]] = [[]]
        self._at = 0

    def write(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._at = 0
            elif character == "\n":
                self.rows.append([])
                self._at = 0
            else:
                assert character >= " ", f"a control character: {character!r}"
                self._put(character)

    def _put(self, character: str) -> None:
        if unicodedata.category(character) in ("Mn", "Me"):
            self.rows[-1][self._at - 1] += character
            return
        wide = 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
        if self._at + wide > self.columns:  # what is too long goes on in the next line
            self.rows.append([])
            self._at = 0
        row = self.rows[-1]
        row += [" "] * (self._at + wide - len(row))
        row[self._at : self._at + wide] = [character, *[""] * (wide - 1)]
        self._at += wide

    @property
    def lines(self) -> list[str]:
        """What stands in each line that is not empty."""
        lines = ["".join(row).rstrip() for row in self.rows]
        return [line for line in lines if line]


def set_columns(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def on_screen(
    command: Sequence[str],
    columns: int,
    *,
    folder: Path,
    environment: dict[str, str] | None = None,
    stdout_is_piped: bool = False,
    stderr_is_piped: bool = False,
    stdin_is_terminal: bool = False,
    after: Callable[[int, bytes], None] = lambda terminal, so_far: None,
) -> tuple[int, str, str]:
    """Exit code, what the terminal got, and what the pipe got. ``after`` each part that is read
    may change the terminal."""
    person, program = pty.openpty()
    set_columns(program, columns)
    given = {**os.environ, "TERM": "xterm", **(environment or {})}
    if "COLUMNS" not in (environment or {}):
        given.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        stdin=program if stdin_is_terminal else subprocess.DEVNULL,
        stdout=subprocess.PIPE if stdout_is_piped else program,
        stderr=subprocess.PIPE if stderr_is_piped else program,
        env=given,
    ) as process:
        os.close(program)
        piped: list[bytes] = []
        pipe = process.stdout or process.stderr
        reader = threading.Thread(target=lambda: piped.append(pipe.read() if pipe else b""))
        reader.start()
        shown = all_shown(person, after)
        code = process.wait(timeout=120)
        reader.join()
    os.close(person)
    return code, shown.decode(), b"".join(piped).decode()


def screen_of(shown: str, columns: int) -> Screen:
    screen = Screen(columns)
    screen.write(shown)
    return screen
