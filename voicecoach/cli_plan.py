"""The words of ``voicecoach plan`` -> one call below. No logic."""

from pathlib import Path
from typing import Any

import click

from voicecoach.options import guidance_option, json_option, shared, week_option


@click.command()
@week_option("all")
@shared
@guidance_option
@json_option
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the sessions as a calendar, for your phone's reminders. Without --week: from today"
    " on.",
)
def plan(weeks: range | str, as_json: bool, ics: Path | None, **asked: Any) -> None:
    """Show the calendar: which sessions on which day.

    With a profile it is yours, and says what was moved and why. Examples:

        voicecoach plan --week 3

        voicecoach plan --week 3-6 --ics sessions.ics
    """
    from functools import cache, partial

    from voicecoach import choice, plan_listing, private_files
    from voicecoach.planning import plan as plans
    from voicecoach.script import writer
    from voicecoach.terminal import TerminalReporter, say, table_columns

    chosen = choice.choose(**asked, tell=TerminalReporter().note)
    programme, words, hers = chosen.programme, chosen.words, chosen.hers
    wanted = plans.weeks_asked(programme, weeks)
    days = plans.plan_weeks(programme, wanted, chosen.guidance, chosen.situation)
    estimate_ms = cache(partial(writer.session_ms, words=words))
    birth_date = None if hers is None else hers.profile.birth_date
    if ics is not None:
        if hers is None:
            raise click.UsageError("--ics needs the date of birth: begin with voicecoach init")
        source = click.get_current_context().get_parameter_source("weeks")
        if source is click.core.ParameterSource.DEFAULT:  # who names weeks wants them whole
            days = tuple(day for day in days if day.day >= hers.day)
        from voicecoach.planning import ics as planning_ics

        calendar = planning_ics.ics(
            days, hers.profile.birth_date, hers.profile.times_of_day, words, estimate_ms
        )
        private_files.write(ics, calendar)
        say(f"{ics}: {plan_listing.reminders(days, hers.profile.birth_date)}")
        return
    if as_json:
        click.echo(plan_listing.plan_json(days, words, estimate_ms, birth_date))
        return
    width = table_columns()
    click.echo(plan_listing.plan_table(days, words, estimate_ms, birth_date, width))
