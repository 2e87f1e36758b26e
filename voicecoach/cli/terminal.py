"""What is said on the terminal: where someone watches, a line of progress and lines that break
between words; elsewhere plain lines, one for each remark. Progress is never on stdout."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import click

from voicecoach import messages
from voicecoach.letters import TABLE_COLUMNS, columns_of, cut, wrapped
from voicecoach.messages import Words

CALLED_AS = "VOICECOACH_CALLED_AS"
"""The variable in which a script that starts the program says how it was called."""
_COMMANDS = (
    "batch|build|check|checkin|forget|init|listen|new|plan|prescribe|script|serve|signs|sync|voices"
)
_COMMAND_LINE = re.compile(rf"(?<![\w/\\.-])voicecoach (?P<command>{_COMMANDS})\b")
PROGRAMME_OPTION = "voicecoach.programme_option"
"""Where a context keeps how its command named a programme other than the usual one."""
_OF_NO_PROGRAMME = ("forget", "listen", "new", "sync", "voices")
_MOST_COLUMNS_OF_BAR, _LEAST_COLUMNS_OF_BAR = 20, 5
_MOST_COLUMNS_OF_ITEM = 26


def columns(stream: TextIO | None) -> int | None:
    """How wide the terminal is that ``stream`` writes to; ``None`` where nobody watches.

    What COLUMNS says counts where it is less than what the terminal itself says: it is not changed
    when a window is.
    """
    if stream is None or not stream.isatty():
        return None
    widths = []
    with suppress(ValueError):
        widths.append(int(os.environ.get("COLUMNS", "")))
    with suppress(OSError):
        widths.append(os.get_terminal_size(stream.fileno()).columns)
    return min((width for width in widths if width > 0), default=TABLE_COLUMNS)


def table_columns() -> int:
    """How wide a table may be that goes to standard output."""
    return min(columns(sys.stdout) or TABLE_COLUMNS, TABLE_COLUMNS)


def called_as() -> str:
    """The program as the user called it, such as ``./scripts/voicecoach``."""
    return os.environ.get(CALLED_AS) or "voicecoach"


def as_called(text: str) -> str:
    """``text`` with each command in it, such as ``voicecoach build``, as the user would type it:
    with the programme that this command was given."""
    context = click.get_current_context(silent=True)
    programme = "" if context is None else context.meta.get(PROGRAMME_OPTION, "")

    def typed(found: re.Match[str]) -> str:
        command = found["command"]
        option = "" if command in _OF_NO_PROGRAMME else programme
        return " ".join(filter(None, (called_as(), command, option)))

    return _COMMAND_LINE.sub(typed, text)


def say(text: str, *, err: bool = False, indent: str = "") -> None:
    """Prints ``text`` on standard output, or on standard error. ``indent`` is put before lines
    that go on."""
    click.echo(fitted(text, err=err, indent=indent), err=err)


def fitted(text: str, *, err: bool = False, before: str = "", indent: str = "") -> str:
    """``text`` as it is printed after ``before``: broken between words, where it is a terminal."""
    text = as_called(text)
    width = columns(sys.stderr if err else sys.stdout)
    if width is None:
        return text
    lines = (before + text).split("\n")
    broken = [each for line in lines for each in wrapped(line, width, indent=indent)]
    return "\n".join(broken).removeprefix(before)


class TerminalReporter:
    """Tells how far long work is, on standard error: in the language of ``words``, or English."""

    def __init__(self, words: Words | None = None) -> None:
        self._given_words = words
        self._progress: _Progress | None = None
        self.notes = 0
        """How many notes were printed."""

    @property
    def words(self) -> Words:
        """The language in which it speaks. Read when it is first needed: many commands have nothing
        to tell."""
        return self._given_words or messages.words(messages.ENGLISH)

    def note(self, remark: str) -> None:
        """See :class:`voicecoach.rendering.renderer.Reporter`."""
        self.notes += 1
        if self._progress is not None:
            self._progress.clear()
        say(self.words("terminal.note", remark=remark), err=True, indent="  ")

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """See :class:`voicecoach.rendering.renderer.Reporter`."""
        name = self.words.reworded(name)
        if columns(sys.stderr) is None or os.environ.get("TERM") == "dumb":
            say(self.words("terminal.to_do", name=name, total=total), err=True)
            yield lambda steps, item: None
            say(self.words("terminal.done", name=name), err=True)
            return
        progress = self._progress = _Progress(name, total, sys.stderr)
        try:
            yield progress.advance
        finally:
            progress.end()
            self._progress = None


class SilentReporter(TerminalReporter):
    """Tells nothing of what is done: for work on what is about one woman alone."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """See :class:`voicecoach.rendering.renderer.Reporter`."""
        yield lambda steps, item: None


class _Progress:
    """One line that is written over as the work goes on, in spaces and carriage returns alone: any
    terminal knows these."""

    def __init__(self, name: str, total: int, stream: TextIO) -> None:
        self._name = name
        self._total = total
        self._stream = stream
        self._done = 0
        self._began = time.monotonic()
        self._written = ""
        self._draw("")

    def advance(self, steps: int, item: str) -> None:
        """Shows that ``steps`` more are done, of which ``item`` was the last."""
        self._done += steps
        self._draw("".join(c if c.isprintable() else " " for c in item))

    def clear(self) -> None:
        """Makes place for a line of text."""
        self._write("", self._width)
        self._stream.write("\r")

    def end(self) -> None:
        """Leaves the line as it is now."""
        self._draw("")
        self._stream.write("\n")
        self._stream.flush()

    @property
    def _width(self) -> int:
        """Asked anew for each line. The last column stays free: some terminals begin a new line
        once it is filled."""
        return (columns(self._stream) or TABLE_COLUMNS) - 1

    def _draw(self, item: str) -> None:
        width = self._width
        share = min(self._done / self._total, 1) if self._total else 1
        percent, left = f" {share:4.0%}", self._time_left()
        name = cut(f"{self._name:<9}", width - len(percent))
        bar_columns = min(width - columns_of(name + percent + left) - 3, _MOST_COLUMNS_OF_BAR)
        bar = ""
        if bar_columns >= _LEAST_COLUMNS_OF_BAR:
            bar = f" [{'#' * int(share * bar_columns):-<{bar_columns}}]"
        line = name + bar + percent
        if columns_of(line + left) <= width:
            line += left
        room = min(width - columns_of(line) - 2, _MOST_COLUMNS_OF_ITEM)
        self._write(cut(f"{line}  {cut(item, room)}" if item and room > 0 else line, width), width)

    def _time_left(self) -> str:
        if not 0 < self._done < self._total:
            return ""
        spent_s = time.monotonic() - self._began
        left_s = round(spent_s / self._done * (self._total - self._done))
        return f"  {left_s // 3600:02}:{left_s // 60 % 60:02}:{left_s % 60:02}"

    def _write(self, line: str, width: int) -> None:
        rest = min(columns_of(self._written), width) - columns_of(line)
        self._stream.write(f"\r{line}{' ' * rest}")
        self._stream.flush()
        self._written = line
