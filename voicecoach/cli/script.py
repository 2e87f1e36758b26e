"""The words of ``voicecoach script`` -> one call below. No logic."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from voicecoach.cli.options import (
    client_words,
    guidance_option,
    jobs_option,
    json_option,
    shared,
    voices_option,
)


def _complete_session(ctx: click.Context, param: click.Parameter, incomplete: str) -> Iterable[str]:
    from voicecoach.cli import context
    from voicecoach.errors import VoicecoachError

    try:
        programme = context.open_programme(ctx.params.get("folder"))
    except VoicecoachError:
        return []  # while a line is being typed there is nowhere to say so
    return [session.id for session in programme.sessions if session.id.startswith(incomplete)]


@click.command()
@click.argument("session", shell_complete=_complete_session)
@click.option(
    "--day",
    type=click.IntRange(1),
    metavar="N",
    help="Day of the programme. Normally the first day on which the session is done.",
)
@shared
@voices_option
@guidance_option
@jobs_option
@json_option
def script(session: str, day: int | None, jobs: int, as_json: bool, **asked: Any) -> None:
    """Show what is heard in a session, second by second.

    Example: voicecoach script endurance --day 15
    """
    from voicecoach import messages
    from voicecoach.cli import context, tables
    from voicecoach.cli.terminal import TerminalReporter, table_columns
    from voicecoach.pack import safeguard
    from voicecoach.planning import plan
    from voicecoach.planning.wording import prescribed_by
    from voicecoach.rendering.renderer import Renderer

    reporter = TerminalReporter(client_words())
    safeguard.find(Path(), [], reporter.note)
    chosen = context.choose(**asked, tell=reporter.note)
    programme, words, situation = chosen.programme, chosen.words, chosen.situation
    on_day = plan.first_day(programme, session, situation) if day is None else day
    planned = plan.plan_session(programme, session, on_day, chosen.guidance, situation)
    day_planned = plan.plan_day(programme, on_day, chosen.guidance, situation)
    done = set(planned.exercises)
    prescribed = [each for each in day_planned.prescribed if each.exercise in done]
    by = prescribed_by(prescribed, messages.words(words.language))
    speaker = context.open_speaker(words, chosen.voices, reporter.note)
    with Renderer(jobs, reporter) as renderer:
        timeline = context.timed_script(planned, words, speaker, renderer)
    if as_json:
        click.echo(
            tables.script_json(
                timeline,
                language=words.language,
                voice=speaker.voice.spec,
                day=on_day,
                prescribed_by=[each.by for each in prescribed],
            )
        )
    else:
        click.echo(tables.script_table(timeline, table_columns(), by))
