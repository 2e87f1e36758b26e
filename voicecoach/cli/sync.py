"""The words of ``voicecoach sync`` -> one call below. No logic."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import json_option, out_option, week_option
from voicecoach.cli.terminal import TerminalReporter, table_columns

if TYPE_CHECKING:
    from voicecoach.phone.sync.survey import Survey


@click.command()
@click.argument("destination", metavar="DEST")
@week_option("all")
@out_option("output", "Where the packs are.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option(
    "--verify", is_flag=True, help="Read back every file that is there already, and mend it."
)
@json_option
def sync(
    destination: str,
    weeks: range | str,
    out: Path,
    dry_run: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Copy the weeks you made to your phone, a card or a folder.

    DEST is the phone's folder as your file manager shows it, a card, a stick, or a folder that is
    synced; or adb: for an Android phone with USB debugging (adb:SERIAL, if there are several).
    Examples:

        voicecoach sync /media/me/PHONE --dry-run

        voicecoach sync adb: --week 3

    The files go to Music/voicecoach in DEST. If it is stopped or unplugged, run the same command
    again: it goes on where it stopped.

    Only what voicecoach put there is ever replaced or deleted. In the weeks that are synced, files
    that are no longer needed are deleted. A whole week is deleted there only if it came from the
    same output folder, has since been removed from it, and you sync without --week.
    """
    from voicecoach.cache import user_cache
    from voicecoach.cli import client_language, context
    from voicecoach.pack import safeguard
    from voicecoach.phone.sync import run
    from voicecoach.phone.sync import survey as sync_survey

    said = client_language.words()
    reporter = TerminalReporter(said)

    def tell(survey: "Survey") -> None:
        click.echo(
            sync_survey.plan_json(survey)
            if as_json
            else sync_survey.table(survey, said, table_columns())
        )
        for remark in sync_survey.remarks(survey):
            reporter.note(remark)

    is_shut = safeguard.find(Path(), [safeguard.OUTPUT, out], reporter.note, syncs=True)
    request = run.Request(
        named=destination,
        out=out,
        weeks=weeks,
        dry_run=dry_run,
        verify=verify,
        forbids_contractions=is_shut,
    )
    survey = run.sync(request, user_cache(), reporter, tell)
    if not (dry_run or as_json):
        click.echo(sync_survey.done_line(survey, said, table_columns()), nl=bool(survey.plan.steps))
    context.say_after_the_year()
