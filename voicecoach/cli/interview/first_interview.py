"""The first interview of ``voicecoach init``, which may be stopped and goes on the next time."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from voicecoach import messages
from voicecoach.cli.interview import birth, fields, questions
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import Situation
from voicecoach.content.programme import Programme
from voicecoach.content.questions import START
from voicecoach.messages import Message
from voicecoach.pack import safeguard
from voicecoach.planning import gates
from voicecoach.profile import client, unfinished
from voicecoach.profile.profile import Told
from voicecoach.profile.unfinished import Unfinished

OPTIONS = {
    "language": "--language",
    "country": "--country",
    "birth_date": "--birth-date",
    "name": "--name",
    "delivery": "--delivery",
    "perineum": "--perineum",
    "has_catheter": "--catheter/--no-catheter",
    "floor": "--floor",
    "position": "--position",
    "sessions_a_day": "--sessions-a-day",
    "cleared_on": "--cleared-on/--not-cleared",
    "face_up": "--face-up/--no-face-up",
    "checked_on": "--checked-on/--not-checked",
    "started": "--started",
    "times_of_day": "--times",
}
"""The options that fill the fields of a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a first interview found out."""

    told: Told
    of_today: dict[str, bool | None]
    is_stopped: bool = False
    """Whether it was stopped, with only questions about today left."""


def begun(folder: Path) -> Unfinished | None:
    """The interview that was not finished; ``None`` also if its profile was written since."""
    begun = unfinished.read(folder)
    if begun is None or not client.exists(folder):
        return begun
    born = client.read(folder, None).birth_date
    if begun.is_new_birth and born != begun.told.get("birth_date"):
        return begun
    unfinished.remove(folder)
    return None


def option_of(field: str, programme: Programme) -> str:
    """The option that fills ``field``, as ``programme`` has it."""
    if field == "birth_date" and not programme.is_after_birth:
        return "--started" if programme.day_zero == START else "--day-zero"
    return OPTIONS.get(field, field)


def ask(
    folder: Path,
    begun: Unfinished,
    of_today: dict[str, bool | None],
    today: date,
    programme: Programme,
    *,
    asks_nothing: bool,
) -> Answers:
    """The answers of an interview that goes on from what was ``begun``, or those alone where there
    is nobody to ask. Raises Abort if it is stopped before the profile is whole, UsageError."""
    told = begun.told
    missing = [f for f in fields.QUESTIONS if fields.is_asked(f, told, None, programme)]
    if asks_nothing:  # whoever says nothing begins today
        missing = [f for f in missing if f == "birth_date" and programme.day_zero != START]
    elif questions.can_ask():
        return _interviewed(folder, begun, of_today, today, programme)
    missing = [field for field in missing if field not in fields.GUESSED]
    if missing:
        listed = ", ".join(option_of(field, programme) for field in missing)
        which = "all" if asks_nothing else "rest"
        raise click.UsageError(Message(f"errors.nobody_to_ask_{which}", options=listed))
    return Answers(told=told, of_today=of_today)


def _interviewed(
    folder: Path,
    begun: Unfinished,
    of_today: dict[str, bool | None],
    today: date,
    programme: Programme,
) -> Answers:
    def keep(told: Told) -> None:
        unfinished.keep(folder, replace(begun, told=told))

    interview = birth.Interview(begun.told, of_today, None, today, programme, keep)
    if unfinished.exists(folder):
        say(messages.words(begun.told.get("language", messages.USUAL))("init.go_on"))
    try:
        interview.ask()
    except click.Abort:
        if not interview.is_whole:
            _stop_half_way(folder, interview.told)
            raise
        return Answers(told=interview.told, of_today=interview.of_today, is_stopped=True)
    return Answers(told=interview.told, of_today=interview.of_today)


def _stop_half_way(folder: Path, told: Told) -> None:
    """Says what was kept, and withdraws from the packs what the answers so far forbid."""
    if not unfinished.exists(folder):
        return
    words = messages.words(told.get("language", messages.USUAL))
    say(f"\n\n{words('init.kept', file=unfinished.FILE)}")
    so_far = Situation(
        perineum=told.get("perineum"),
        floor=told.get("floor"),
        has_catheter=bool(told.get("has_catheter")),
        cleared_day=None if told.get("cleared_on") is None else 0,
    )
    if gates.barred(so_far) is not None:
        safeguard.withdraw_contractions(folder, TerminalReporter(words).note)
