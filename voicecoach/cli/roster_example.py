"""An example of a roster, and what its columns mean: ``batch --example`` and ``--columns``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach import messages
from voicecoach.cli.options import system_language
from voicecoach.environment import BUILT_IN
from voicecoach.errors import StorageError
from voicecoach.files import write_whole
from voicecoach.practice import example

if TYPE_CHECKING:
    from voicecoach.content.programme import Programme


def show(
    roster: Path | None,
    language: str | None,
    folder: Path | None,
    programme_name: str,
    *,
    columns: bool,
) -> None:
    """Prints an example, or the meaning of its ``columns``, or writes an example to ``roster``."""
    programme = None  # the usual one asks everything: only a list of its exercises needs it
    has_lists = roster is not None and roster.suffix.lower() == ".xlsx" and not columns
    if has_lists or folder is not None or programme_name != BUILT_IN:
        from voicecoach.cli import context
        from voicecoach.content.reading import programme as programme_reader

        programme = programme_reader.read(context.programme_folder(folder, programme_name))
    if columns:
        click.echo(example.explanation(programme), nl=False)
    elif roster is None:
        click.echo(example.csv(programme), nl=False)
    else:
        _write_example(roster, language, programme)


def _write_example(roster: Path, language: str | None, programme: "Programme | None") -> None:
    """Writes an example for clients of ``programme`` to the new file ``roster``."""
    if roster.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(f"{roster}: an example ends in .xlsx or .csv")
    chosen = language or system_language()
    if chosen not in messages.languages():
        if language is not None:
            raise click.UsageError(
                f"no language {language}; there are: {', '.join(messages.languages())}"
            )
        chosen = messages.ENGLISH
    is_csv = roster.suffix.lower() == ".csv"
    data = example.csv(programme).encode() if is_csv else example.xlsx(chosen, programme)
    if os.path.lexists(roster):
        raise StorageError(f"{roster}: is there already; give the example another name")
    write_whole(roster, data)
