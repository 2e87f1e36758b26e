"""``voicecoach checkin``: reads the options, and calls the questions of a day."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach import countries
from voicecoach.cli.options import DAY, which_programme
from voicecoach.letters import wrapped
from voicecoach.messages import Message, Words

if TYPE_CHECKING:
    from voicecoach.cli.context import Choice


@click.command()
@click.option("--date", "on", type=DAY, metavar="DAY", help="The day. Normally today.")
@click.option("--done/--not-done", default=None, help="Whether you practised.")
@click.option(
    "--since",
    type=DAY,
    metavar="DAY",
    help="Says --done or --not-done of each day from this one on of which you told nothing.",
)
@click.option("--pain/--no-pain", default=None, help="Whether you had pain.")
@click.option("--heaviness/--no-heaviness", default=None, help="Whether you felt heavy down below.")
@click.option("--leaks/--no-leaks", default=None, help="Whether you leaked urine.")
@click.option(
    "--leaks-more/--no-leaks-more", default=None, help="Whether practising makes you leak more."
)
@click.option("--easier/--not-easier", default=None, help="Whether you want an easier step.")
@click.option("--felt/--not-felt", default=None, help="Whether you could feel the floor.")
@click.option("--let-go/--cannot-let-go", default=None, help="Whether letting go worked.")
@click.option(
    "--eases/--does-not-ease", default=None, help="Whether the heaviness eases when you lie down."
)
@click.option("--bulge/--no-bulge", default=None, help="Whether there is a bulge down below.")
@click.option("--grows/--does-not-grow", default=None, help="Whether the heaviness grows.")
@click.option(
    "--call",
    "calls",
    multiple=True,
    is_flag=False,
    flag_value="today",
    type=click.Choice(countries.GROUPS),
    metavar="[HOW]",
    help="Something to call about, also pain that practising makes worse or that lasts longer than"
    " a day. HOW is now or today (also if left out), which stop the contractions; or book, to make"
    " an appointment about, or mood, if you feel low or anxious.",
)
@click.option("--no-call", is_flag=True, help="There is nothing to call about.")
@which_programme
@click.option("--yes", "asks_nothing", is_flag=True, help="Ask nothing.")
def checkin(
    *,
    on: date | None,
    since: date | None,
    calls: tuple[str, ...],
    no_call: bool,
    folder: Path | None,
    programme_name: str,
    asks_nothing: bool,
    **answers: Any,
) -> None:
    """Tell how a day went; the plan follows.

    It asks a few short questions. Two answers are enough. They stay in this folder, in a file that
    only you can read. Examples:

        voicecoach checkin

        voicecoach checkin --done --no-pain

        voicecoach checkin --since 2026-11-10 --not-done

        voicecoach checkin --call now
    """
    from voicecoach.cli import context
    from voicecoach.cli.interview import danger_signs, day

    content = context.programme_folder(folder, programme_name)
    signs = danger_signs.told(calls, no_call=no_call)
    answers |= signs
    day.tell(on, answers, content, calls, since=since, asks_nothing=asks_nothing)


def show_done(chosen: "Choice", said: Words, *, as_json: bool) -> None:
    """What the client told of her weeks."""
    from voicecoach.cli.terminal import say, table_columns
    from voicecoach.planning import done

    hers = chosen.hers
    if hers is None:
        raise click.UsageError(Message("errors.done_needs_profile"))
    weeks = done.weeks_done(chosen.programme, chosen.situation, hers.profile.birth_date, hers.day)
    if as_json:
        click.echo(json.dumps(done.as_data(weeks), ensure_ascii=False, indent=1))
        return
    has_training = bool(chosen.programme.training_steps)
    for line in done.as_text(weeks, said, has_training=has_training):
        say("\n".join(wrapped(line, table_columns(), start="", indent="  ")))
