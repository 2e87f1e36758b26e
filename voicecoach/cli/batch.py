"""The words of ``voicecoach batch`` -> a pack for every client of a practice."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import (
    guidance_option,
    jobs_option,
    sound_options,
    voices_option,
    week_option,
    which_programme,
)
from voicecoach.content.translation import Guidance

if TYPE_CHECKING:
    from voicecoach.practice.desk import Outcome
    from voicecoach.practice.roster import Unusable


@click.command()
@click.argument("roster", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the clients' folders go.",
)
@click.option(
    "--example",
    is_flag=True,
    help="Write a roster to begin with to ROSTER (.xlsx or .csv), or print it; do nothing else.",
)
@click.option(
    "--language",
    default=None,
    metavar="LANGUAGE",
    help="Of the headers of an example in XLSX: nl or en; without it, this computer's.",
)
@click.option(
    "--columns", is_flag=True, help="Explain the columns of a roster, and do nothing else."
)
@week_option(None, otherwise="For each client the week she is in and the next.")
@which_programme
@voices_option
@click.option(
    "--licence-confirmed",
    is_flag=True,
    help="You may use the voices you chose, also where a licence forbids it or leaves doubt.",
)
@guidance_option
@sound_options
@jobs_option
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Render on a Dask cluster: tcp://HOST:8786. All must see the same VOICECOACH_CACHE.",
)
def batch(
    *,
    roster: Path | None,
    out: Path | None,
    example: bool,
    language: str | None,
    columns: bool,
    weeks: range | str | None,
    programme_name: str,
    folder: Path | None,
    voices: tuple[str, ...],
    licence_confirmed: bool,
    guidance: Guidance | None,
    night: bool,
    bed: str | None,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Make a pack for every client of a practice.

    ROSTER is a spreadsheet (XLSX or CSV) with a client a line, or a folder with a folder for each,
    in which voicecoach init was run. Each client's pack goes into FOLDER/CLIENT-ID. Run it again at
    any time: it makes only what is missing or changed. Example:

        voicecoach batch --columns

        voicecoach batch --example roster.xlsx

        voicecoach batch roster.xlsx --out clients
    """
    if example or columns:
        from voicecoach.practice import example as practice_example

        if columns:
            click.echo(practice_example.explanation(), nl=False)
        elif roster is None:
            click.echo(practice_example.csv(), nl=False)
        else:
            _write_example(roster, language)
        return
    if roster is None or out is None:
        raise click.UsageError("say which roster, and --out FOLDER; or --example or --columns")
    from voicecoach.cache import user_cache
    from voicecoach.cli import context
    from voicecoach.cli.terminal import SilentReporter, TerminalReporter, say, table_columns
    from voicecoach.content.reading import programme as programme_reader
    from voicecoach.files import write_whole
    from voicecoach.pack.folder import PackFolder
    from voicecoach.pack.tracks import Wishes
    from voicecoach.planning import plan
    from voicecoach.practice import desk, roster_file, roster_folder
    from voicecoach.practice.batch import Order, Practice
    from voicecoach.practice.desk import Outcome, State
    from voicecoach.practice.licences import Licences
    from voicecoach.practice.roster import REPORT_FILE
    from voicecoach.rendering.renderer import Renderer

    reporter, today = TerminalReporter(), date.today()
    listed = (
        roster_folder.read(roster, today) if roster.is_dir() else roster_file.read(roster, today)
    )
    for problem in (problem for each in listed.unusable for problem in each.problems):
        say(str(problem), err=True, indent="  ")
    opened = programme_reader.read(context.programme_folder(folder, programme_name))
    setting = context.open_setting(night=night, bed=bed)
    order = Order(
        programme=opened,
        setting=setting,
        out=out,
        today=today,
        weeks=None if weeks is None else plan.weeks_asked(opened, weeks),
        wishes=Wishes(voices=voices, guidance=guidance, bed=setting.bed, content=folder),
        licence_confirmed=licence_confirmed,
    )
    Licences(confirmed=licence_confirmed, tell=lambda remark: None).check(voices)
    PackFolder(out, user_cache()).check()
    outcomes: list[Outcome] = []
    try:
        with (
            Renderer(jobs, reporter, scheduler) as renderer,
            Renderer(1, SilentReporter()) as greeter,
        ):
            renderer.make_bed(order.setting.bed, user_cache())
            practice = Practice(order, renderer, greeter, user_cache(), reporter)
            outcomes.extend(practice.serve(listed.clients))
    finally:
        reached = {each.client for each in outcomes}
        waiting = (each.id for each in listed.clients if each.id not in reached)
        outcomes += [Outcome(client=id_, state=State.NOT_REACHED) for id_ in waiting]
        outcomes = [*map(_unusable, listed.unusable), *outcomes]
        write_whole(out / REPORT_FILE, desk.report_json(outcomes))
        click.echo(desk.table(outcomes, table_columns()))
    if any(each.state is State.FAILED for each in outcomes):
        raise click.exceptions.Exit(1)


def _write_example(roster: Path, language: str | None) -> None:
    """Writes an example to the new file ``roster``."""
    from voicecoach import messages
    from voicecoach.cli.options import system_language
    from voicecoach.errors import StorageError
    from voicecoach.files import write_whole
    from voicecoach.practice import example

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
    data = example.csv().encode() if is_csv else example.xlsx(chosen)
    if os.path.lexists(roster):
        raise StorageError(f"{roster}: is there already; give the example another name")
    write_whole(roster, data)


def _unusable(entry: "Unusable") -> "Outcome":
    from voicecoach.practice.desk import Outcome, State

    reason = "\n".join(str(problem) for problem in entry.problems)
    return Outcome(client=entry.client, state=State.FAILED, reason=reason)
