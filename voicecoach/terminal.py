"""Progress on the terminal: a bar where someone watches, plain lines elsewhere; never on stdout."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

_SHOWN_WIDTH = 26


class TerminalReporter:
    """Tells how far long work is, on standard error."""

    def note(self, remark: str) -> None:
        """See :class:`voicecoach.workshop.Reporter`."""
        click.echo(f"Note: {remark}", err=True)

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
