"""``voicecoach init``: reads the options, and calls the interview."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from voicecoach import countries
from voicecoach.cli.options import DAY, LANGUAGE, TIMES, VOICE, one_of, remember, which_programme
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.messages import Message
from voicecoach.profile.profile import MOST_SESSIONS_A_DAY, MOST_STEPS


def _day_option(name: str, help_text: str) -> Callable[[Any], Any]:
    return click.option(name, type=DAY, metavar="DAY", help=help_text)


@click.command()
@click.option(
    "--birth-date",
    "--day-zero",
    "birth_date",
    type=DAY,
    metavar="DAY",
    help="Day 0 of the programme: the day your child was born, or for a programme that is not about"
    " a birth what it says. Such as 2026-11-01 or 1-11-2026.",
)
@click.option(
    "--language", type=LANGUAGE, metavar="CODE", callback=remember, help="nl: Dutch. en: English."
)
@click.option(
    "--country",
    type=click.Choice(countries.codes()),
    help="Where you live: it decides whom to call. Normally where your language is spoken.",
)
@click.option("--name", metavar="TEXT", help="Your name.")
@click.option("--delivery", type=one_of(Delivery), help="How you gave birth.")
@click.option(
    "--face-up/--no-face-up", default=None, help="Whether your baby was born with its face up."
)
@click.option(
    "--perineum",
    type=one_of(Perineum),
    help="Whether you were cut, or tore. oasi: a tear of the third or fourth degree;"
    " large-tear: another large one.",
)
@click.option(
    "--catheter/--no-catheter", "has_catheter", default=None, help="Whether it is still in."
)
@click.option("--floor", type=one_of(Floor), help="How your pelvic floor feels.")
@click.option("--position", type=one_of(Position), help="How you listen.")
@click.option(
    "--sessions-a-day",
    type=click.Choice([str(n + 1) for n in range(MOST_SESSIONS_A_DAY)]),
    help="Over how many sessions the exercises of a day are spread.",
)
@_day_option("--cleared-on", "The day a doctor or pelvic physiotherapist said you may tighten.")
@click.option("--not-cleared", is_flag=True, help="No doctor or physiotherapist said so yet.")
@click.option(
    "--cleared-to",
    type=click.IntRange(1, MOST_STEPS),
    metavar="STEP",
    help="The last step she allowed, as plan shows it.",
)
@click.option(
    "--long-holds/--no-long-holds",
    default=None,
    help="Whether holds over ten seconds take the place of more strength.",
)
@_day_option("--checked-on", "The day a pelvic physiotherapist checked how you tighten.")
@click.option("--not-checked", is_flag=True, help="No pelvic physiotherapist checked it yet.")
@click.option("--pain/--no-pain", default=None, help="Whether you have pain today.")
@click.option("--felt/--not-felt", default=None, help="Whether you can feel the floor today.")
@_day_option("--started", "The day you began. Normally today.")
@click.option("--guidance", type=one_of(Guidance), help="How much is spoken.")
@click.option(
    "--voice", "voices", type=VOICE, multiple=True, metavar="VOICE", help="Who speaks; see build."
)
@click.option(
    "--natural-voice/--no-natural-voice",
    default=None,
    help="Whether you want a natural voice, which is fetched from the internet once.",
)
@click.option(
    "--from",
    "voice_source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Take the files of the natural voice from this folder instead of the internet.",
)
@click.option(
    "--times",
    "times_of_day",
    type=TIMES,
    metavar="TIMES",
    help="When you listen, such as 07:30,13:00,21:00: for your phone's calendar.",
)
@click.option(
    "--new-birth",
    "--anew",
    "new_birth",
    is_flag=True,
    help="You gave birth again, or begin again: keeps the answers of last time apart, and asks"
    " anew.",
)
@click.option(
    "--sport",
    multiple=True,
    is_flag=False,
    flag_value="ask",
    metavar="[TEST=ANSWER]",
    help="Before running and jumping: asks what works, or takes it: walk=yes, hop=leaks. ANSWER is"
    " yes, pain, heaviness, leaks or cannot.",
)
@which_programme
@click.option("--yes", "asks_nothing", is_flag=True, help="Ask nothing.")
def init(
    *,
    not_cleared: bool,
    not_checked: bool,
    new_birth: bool,
    pain: bool | None,
    felt: bool | None,
    voice_source: Path | None,
    sport: tuple[str, ...],
    folder: Path | None,
    programme_name: str,
    asks_nothing: bool,
    **options: Any,
) -> None:
    """Tell about you and the birth, so that the plan fits you.

    It asks a few plain questions, those of the programme, and writes voicecoach.yaml in this
    folder. Only you can read it. If it is there already, only what you say is changed. Ctrl-C
    stops; what you said is kept, and the next init goes on from there. Examples:

        voicecoach init

        voicecoach init --birth-date 2026-11-01 --language en --yes

        voicecoach init --no-catheter

        voicecoach init --new-birth

        voicecoach init --sport
    """
    from voicecoach.cli import context
    from voicecoach.cli.interview import profile

    content = context.programme_folder(folder, programme_name)
    if sport:
        from voicecoach.cli.interview import sport as about_sport

        others = (*options.values(), pain, felt, not_cleared or None, new_birth or None)
        if any(each not in (None, ()) for each in others):
            raise click.UsageError(Message("errors.sport_alone"))
        about_sport.tell(sport, content, asks_nothing=asks_nothing)
        return
    profile.tell(
        options,
        {"pain": pain, "felt": felt},
        content,
        voice_source,
        not_cleared=not_cleared,
        not_checked=not_checked,
        new_birth=new_birth,
        asks_nothing=asks_nothing,
    )
