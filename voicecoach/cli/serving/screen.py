"""What ``serve`` shows below the code: how far the weeks are, and that something has arrived."""

import sys
from contextlib import suppress
from datetime import datetime

import click

from voicecoach.cli.terminal import TerminalReporter, columns, say
from voicecoach.letters import columns_of, cut
from voicecoach.messages import Message, Words
from voicecoach.phone.web.front import progress_text
from voicecoach.phone.web.upkeep import Progress


class Screen:
    """Writes on standard error: one line of progress where somebody watches, and whole lines. It
    never says what was told."""

    def __init__(self, said: Words) -> None:
        self._said = said
        self._reporter = TerminalReporter(said)
        self._line = ""

    def progress(self, progress: Progress | None) -> None:
        """See :class:`voicecoach.phone.web.upkeep.Shown`."""
        width = columns(sys.stderr)
        if width is None:
            return
        text = "" if progress is None else progress_text(progress, self._said)
        line = cut(text, width - 1)
        rest = max(columns_of(self._line) - columns_of(line), 0)
        with suppress(OSError):  # the terminal was closed
            click.echo(f"\r{line}{' ' * rest}" + ("\r" if not line else ""), err=True, nl=False)
        self._line = line

    def note(self, remark: str) -> None:
        """Shows a warning; not that weeks are to be built, which happens by itself."""
        if isinstance(remark, Message) and remark.key == "withdrawn.not_as_planned":
            return
        self.progress(None)
        with suppress(OSError):
            self._reporter.note(remark)

    def made(self, remark: str) -> None:
        """Shows what was made."""
        self._tell(self._said.reworded(remark))

    def arrived(self) -> None:
        """Shows that something was told, not what."""
        self._tell(self._said("serve.arrived", time=f"{datetime.now():%H:%M}"))

    def _tell(self, line: str) -> None:
        self.progress(None)
        with suppress(OSError):
            say(line, err=True)
