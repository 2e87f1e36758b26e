"""What is said on the terminal: where someone watches, a bar and lines that break between words;
elsewhere plain lines, one for each remark. Progress is never on stdout."""

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

_SHOWN_WIDTH = 26


def say(text: str, *, err: bool = False, indent: str = "") -> None:
    """Prints ``text`` on standard output, or on standard error. ``indent`` is put before lines
    that go on."""
    click.echo(fitted(text, err=err, indent=indent), err=err)


def fitted(text: str, *, err: bool = False, before: str = "", indent: str = "") -> str:
    """``text`` as it is printed after ``before``: broken between words, where it is a terminal."""
    stream = sys.stderr if err else sys.stdout
    if stream is None or not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    lines = [
        textwrap.fill(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        for line in (before + text).split("\n")
    ]
    return "\n".join(lines).removeprefix(before)


class TerminalReporter:
    """Tells how far long work is, on standard error."""

    def note(self, remark: str) -> None:
        """See :class:`voicecoach.workshop.Reporter`."""
        say(f"Note: {remark}", err=True, indent="  ")

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """See :class:`voicecoach.workshop.Reporter`."""
        if sys.stderr is not None and sys.stderr.isatty():
            with _bar(name, total) as advance:
                yield advance
        else:
            click.echo(f"{name}: {total} to do", err=True)
            yield lambda steps, item: None
            click.echo(f"{name}: done", err=True)


class SilentReporter(TerminalReporter):
    """Tells nothing of what is done: for work on what is about one woman alone."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """See :class:`voicecoach.workshop.Reporter`."""
        yield lambda steps, item: None


@contextmanager
def _bar(name: str, total: int) -> Iterator[Callable[[int, str], None]]:
    bar: Any = click.progressbar(
        length=total,
        label=f"{name:<9}",
        file=sys.stderr,
        width=20,
        item_show_func=lambda item: (item or "")[:_SHOWN_WIDTH],
    )
    with bar:
        yield bar.update
