"""The YAML nodes of voicecoach.yaml -> Profile, strictly; every fault is told at once."""

import re
from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum
from typing import TypeVar

from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.dates import parse_time
from voicecoach.errors import ContentError, Problem
from voicecoach.profile import LANGUAGES, MOST_SESSIONS_A_DAY, TIMES_OF_DAY, Profile, parse_voice
from voicecoach.profile_fields import ProfileFields
from voicecoach.profile_text import FORMAT
from voicecoach.strict_yaml import Mapping

Answer = TypeVar("Answer", bound=StrEnum)
T = TypeVar("T")

_MENDS = {
    "birth_date": "--birth-date DAY",
    "catheter_out_on": "--no-catheter",
    "cleared_on": "--cleared-on DAY (or --not-cleared)",
    "started": "--started DAY",
    "times_of_day": "--times TIMES",
    "voices": "--voice VOICE",
}
"""The option that tells a field anew."""


def read(root: Mapping, today: date | None, told: Collection[str] = ()) -> Profile:
    """The profile that ``root`` holds, as it can be on ``today``; ``None`` also reads what cannot
    be so. What is wrong below the keys that are ``told`` anew is passed over.

    Raises ContentError.
    """
    problems: list[Problem] = []
    fields = ProfileFields(root, problems)
    fields.whole("format", least=FORMAT, most=FORMAT)
    birth_date, started = fields.day("birth_date"), fields.day("started")
    sessions = [str(number + 1) for number in range(MOST_SESSIONS_A_DAY)]
    sessions_a_day = fields.optional_known("sessions_a_day", "number", sessions)
    profile = Profile(
        birth_date=birth_date or date.min,
        language=fields.known("language", "language", LANGUAGES),
        name=fields.optional_text("name"),
        delivery=_answer(fields, "delivery", Delivery),
        perineum=_answer(fields, "perineum", Perineum),
        has_catheter=fields.yes_no("catheter"),
        catheter_out_on=fields.optional_day("catheter_out_on"),
        floor=_answer(fields, "floor", Floor),
        position=_answer(fields, "position", Position),
        sessions_a_day=int(sessions_a_day) if sessions_a_day else None,
        guidance=_answer(fields, "guidance", Guidance),
        voices=tuple(_items(fields, "voices", parse_voice)),
        cleared_on=fields.optional_day("cleared_on"),
        started=started or birth_date or date.min,
        times_of_day=tuple(_items(fields, "times_of_day", parse_time)) or TIMES_OF_DAY,
    )
    for name, message in () if today is None else profile.faults(today, is_kept=True):
        fields.refuse(name, mendable(name, message))
    fields.close()
    problems = [each for each in problems if re.split(r"[.\[]", each.path)[0] not in told]
    if problems:
        raise ContentError(problems)
    return profile


def mendable(name: str, message: str) -> str:
    """``message``, which says why a field cannot be so, with the command that mends it."""
    return f"{message}; mend it with: voicecoach init {_MENDS[name]}"


def _answer(fields: ProfileFields, key: str, answers: type[Answer]) -> Answer | None:
    found = fields.optional_known(key, "answer", [answer.value for answer in answers])
    return None if found is None else answers(found)


def _items(fields: ProfileFields, key: str, parse: Callable[[str], T]) -> list[T]:
    found = []
    for text, place in fields.optional_texts(key):
        try:
            found.append(parse(text))
        except ValueError as error:
            fields.refuse_at(place, str(error))
    return found
