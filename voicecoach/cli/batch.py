"""The words of ``voicecoach batch`` -> a pack for every client of a practice."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach import environment
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
    from voicecoach.content.programme import Programme
    from voicecoach.practice.order import Order
    from voicecoach.practice.report import Outcome
    from voicecoach.practice.roster import Roster, Unusable


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
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write what became of each client to FILE: .xlsx, .csv or .json.",
)
@click.option(
    "--keep-weeks",
    type=click.IntRange(min=0),
    default=4,
    show_default=True,
    metavar="N",
    help="Delete packs of weeks that ended longer ago.",
)
@click.option(
    "--forget",
    "forgotten",
    metavar="ID",
    help="Delete all that is kept of a client who is no longer in ROSTER; do nothing else.",
)
@click.option("--yes", "asks_nothing", is_flag=True, help="With --forget: ask nothing.")
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
    report: Path | None,
    keep_weeks: int,
    forgotten: str | None,
    asks_nothing: bool,
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

        voicecoach batch roster.xlsx --out clients --report today.xlsx

        voicecoach batch roster.xlsx --out clients --forget a-0412
    """
    if example or columns:
        from voicecoach.cli import roster_example

        roster_example.show(roster, language, folder, programme_name, columns=columns)
        return
    if roster is None or out is None:
        raise click.UsageError("say which roster, and --out FOLDER; or --example or --columns")
    from voicecoach.cache import user_cache
    from voicecoach.cli import context
    from voicecoach.cli.terminal import SilentReporter, TerminalReporter, say
    from voicecoach.content.reading import programme as programme_reader
    from voicecoach.pack.folder import PackFolder
    from voicecoach.pack.tracks import Wishes
    from voicecoach.planning import plan
    from voicecoach.practice import leaving, report_files
    from voicecoach.practice.batch import Practice
    from voicecoach.practice.licences import Licences
    from voicecoach.practice.order import Order
    from voicecoach.practice.report import Outcome, State
    from voicecoach.rendering.renderer import Renderer

    if report is not None and report.suffix.lower() not in report_files.SUFFIXES:
        raise click.UsageError(f"{report}: a report ends in {', '.join(report_files.SUFFIXES)}")
    reporter, today = TerminalReporter(), environment.today()
    opened = programme_reader.read(context.programme_folder(folder, programme_name))
    listed = _read(roster, today, opened)
    if forgotten is not None:
        from voicecoach.cli.interview import forget_client

        forget_client.forget(forgotten, listed, out, asks_nothing=asks_nothing)
        return
    if report is not None:
        report_files.refuse_others(report)
    for problem in (problem for each in listed.unusable for problem in each.problems):
        say(str(problem), err=True, indent="  ")
    setting = context.open_setting(night=night, bed=bed)
    order = Order(
        programme=opened,
        setting=setting,
        out=out,
        today=today,
        weeks=None if weeks is None else plan.weeks_asked(opened, weeks),
        keep_weeks=keep_weeks,
        wishes=Wishes(voices=voices, guidance=guidance, bed=setting.bed, content=folder),
        licence_confirmed=licence_confirmed,
    )
    Licences(confirmed=licence_confirmed, tell=lambda remark: None).check(voices)
    PackFolder(out, user_cache()).check()
    leaving.keep_moved(out, listed, today, reporter.note)
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
        outcomes = _finished(order, listed, outcomes, report, reporter.note)
    if any(each.state is State.FAILED for each in outcomes):
        raise click.exceptions.Exit(1)


def _finished(
    order: "Order",
    listed: "Roster",
    served: "list[Outcome]",
    report: Path | None,
    note: Callable[[str], None],
) -> "list[Outcome]":
    """The outcomes of all clients, after they are written to the reports and shown."""
    from voicecoach.cache import user_cache
    from voicecoach.cli.terminal import table_columns
    from voicecoach.practice import leaving, report_files
    from voicecoach.practice import report as practice_report
    from voicecoach.practice.report import Outcome, State
    from voicecoach.practice.roster import REPORT_FILE

    reached = {each.client for each in served}
    waiting = (each.id for each in listed.clients if each.id not in reached)
    outcomes = [
        *map(_unusable, listed.unusable),
        *served,
        *(Outcome(client=id_, state=State.NOT_REACHED) for id_ in waiting),
        *leaving.outcomes(order, listed, user_cache(), note),
    ]
    for path in (order.out / REPORT_FILE, *([] if report is None else [report])):
        data = practice_report.spreadsheet(outcomes, path.suffix.lower())
        report_files.write(path, data, order.out)
    click.echo(practice_report.table(outcomes, table_columns()))
    return outcomes


def _read(roster: Path, today: date, programme: "Programme") -> "Roster":
    from voicecoach.practice import roster_file, roster_folder

    if roster.is_dir():
        return roster_folder.read(roster, today)
    return roster_file.read(roster, today, programme)


def _unusable(entry: "Unusable") -> "Outcome":
    from voicecoach.practice.report import Outcome, State

    reason = "\n".join(str(problem) for problem in entry.problems)
    return Outcome(client=entry.client, state=State.FAILED, reason=reason)
