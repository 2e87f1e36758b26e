"""The YAML nodes of voicecoach.yaml -> Profile, strictly; all faults are reported at once."""

import re
from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum
from typing import TypeVar

from voicecoach import countries, dates, limits, messages
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.node_fields import meant_by
from voicecoach.content.sport import parse_ability
from voicecoach.content.translation import Guidance
from voicecoach.dates import parse_time
from voicecoach.errors import ContentError, Problem
from voicecoach.messages import Message
from voicecoach.profile.editing import FORMAT
from voicecoach.profile.profile import (
    MOST_LISTED,
    MOST_SESSIONS_A_DAY,
    MOST_STEPS,
    TIMES_OF_DAY,
    Profile,
    parse_voice,
    too_many,
)
from voicecoach.yaml_faults import lacks_space
from voicecoach.yaml_nodes import Mapping, Place, Scalar, Sequence

Value = TypeVar("Value")

_YES_NO = {"yes": True, "no": False, "ja": True, "nee": False}


class ProfileFields(Fields):
    """Fields whose values a person may leave empty, or leave out."""

    def day(self, key: str) -> date | None:
        """A day, written as 2026-11-01; ``None`` where it cannot be read."""
        return self._converted(key, dates.parse_day)

    def optional_day(self, key: str) -> date | None:
        """A day, or nothing."""
        return None if self._is_empty(key) else self.day(key)

    def yes_no(self, key: str) -> bool:
        """``yes`` or ``no``; no where it is empty."""
        return not self._is_empty(key) and bool(self._converted(key, _yes_no))

    def optional_yes_no(self, key: str) -> bool | None:
        """``yes`` or ``no``, or nothing."""
        return None if self._is_empty(key) else bool(self._converted(key, _yes_no))

    def optional_text(self, key: str, most: int) -> str | None:
        """A string of at most ``most`` characters, or nothing."""
        return None if self._is_empty(key) else self.text(key, most) or None

    def optional_known(self, key: str, what: str, ids: Collection[str]) -> str | None:
        """One of ``ids``, or nothing; ``None`` also where it is none of them."""
        if self._is_empty(key):
            return None
        node = self._plain(key)
        found = self._known(node, self.place_of(key), node.text, what, ids)
        return found if found in ids else None

    def _unknown(self, what: str, shown: str, ids: Collection[str]) -> str:
        listed = ", ".join(sorted(set(ids)))
        return Message(f"errors.unknown_{what}", shown=shown, listed=listed)

    def _unknown_key(self, key: str, known: Collection[str], missing: Collection[str]) -> str:
        if lacks_space(key):
            return Message("errors.key_without_space")
        meant = meant_by(key, known, missing)
        listed = ", ".join(sorted(known))
        if meant is None:
            return Message("errors.unknown_key", listed=listed)
        return Message("errors.misspelt_key", listed=listed, meant=meant)

    def _missing(self, key: str) -> str:
        return Message("errors.key_missing", key=key)

    def optional_texts(self, key: str) -> list[tuple[str, Place]]:
        """A list of strings with their places; none where it is empty."""
        if self._is_empty(key):
            return []
        node = self._node.items[key]
        if isinstance(node, Sequence) and len(node.items) > MOST_LISTED:
            self.refuse_at(node.place, too_many(len(node.items)))
            return []
        if isinstance(node, Sequence):
            return [(self._text_of(item), item.place) for item in node.items]
        self.refuse(key, Message("errors.list_wanted"))
        return []

    def _text_of(self, node: object) -> str:
        if isinstance(node, Scalar):
            return node.text
        assert isinstance(node, Sequence | Mapping)
        self.refuse_at(node.place, Message("errors.text_wanted"))
        return ""

    def _is_empty(self, key: str) -> bool:
        """Whether nothing stands there; either way the key has been asked for."""
        self._asked.add(key)
        node = self._node.items.get(key)
        return node is None or (
            (isinstance(node, Scalar) and not node.text.strip())
            or (isinstance(node, Sequence) and not node.items)
        )

    def _plain(self, key: str) -> Scalar:
        """The scalar below ``key``; an empty one where there is none."""
        node = self._get(key)
        if isinstance(node, Scalar):
            return node
        if node is not None:
            self.refuse(key, Message("errors.one_value_wanted"))
        return Scalar(place=self.place_of(key), text="", quoted=False)

    def _converted(self, key: str, convert: Callable[[str], Value]) -> Value | None:
        is_missing = not self.has(key)
        text = self._plain(key).text
        try:
            return convert(text)
        except ValueError as error:
            if not is_missing:
                self.refuse(key, error.args[0])
            return None


def _yes_no(text: str) -> bool:
    if text not in _YES_NO:
        raise ValueError(Message("errors.yes_no_wanted", text=text[:20]))
    return _YES_NO[text]


Answer = TypeVar("Answer", bound=StrEnum)
T = TypeVar("T")

_MENDS = {
    "birth_date": "--birth-date DAY",
    "catheter_out_on": "--no-catheter",
    "cleared_on": "--cleared-on DAY (--not-cleared)",
    "checked_on": "--checked-on DAY (--not-checked)",
    "started": "--started DAY",
    "sport_on": "--sport",
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
    day_zero = "day_zero" if "day_zero" in root.items else "birth_date"
    birth_date, started = fields.day(day_zero), fields.day("started")
    sessions = [str(number + 1) for number in range(MOST_SESSIONS_A_DAY)]
    sessions_a_day = fields.optional_known("sessions_a_day", "number", sessions)
    steps = [str(number + 1) for number in range(MOST_STEPS)]
    cleared_to = fields.optional_known("cleared_to", "number", steps)
    face_up = fields.optional_known("face_up", "answer", tuple(_YES_NO))
    profile = Profile(
        birth_date=birth_date or date.min,
        is_after_birth=day_zero == "birth_date",
        language=fields.known("language", "language", messages.languages()),
        country=fields.optional_known("country", "answer", countries.codes()),
        name=fields.optional_text("name", limits.CHARACTERS_OF_A_NAME),
        delivery=_answer(fields, "delivery", Delivery),
        face_up=None if face_up is None else _yes_no(face_up),
        perineum=_answer(fields, "perineum", Perineum),
        has_catheter=fields.yes_no("catheter"),
        catheter_out_on=fields.optional_day("catheter_out_on"),
        floor=_answer(fields, "floor", Floor),
        position=_answer(fields, "position", Position),
        sessions_a_day=int(sessions_a_day) if sessions_a_day else None,
        guidance=_answer(fields, "guidance", Guidance),
        voices=tuple(_items(fields, "voices", parse_voice)),
        natural_voice=fields.optional_yes_no("natural_voice"),
        cleared_on=fields.optional_day("cleared_on"),
        first_cleared_on=fields.optional_day("first_cleared_on"),
        cleared_to=int(cleared_to) if cleared_to else None,
        long_holds=fields.yes_no("long_holds"),
        checked_on=fields.optional_day("checked_on"),
        started=started or birth_date or date.min,
        sport=tuple(_items(fields, "sport", parse_ability)),
        sport_on=fields.optional_day("sport_on"),
        leave_out=tuple(text for text, _ in fields.optional_texts("leave_out")),
        times_of_day=tuple(_items(fields, "times_of_day", parse_time)) or TIMES_OF_DAY,
    )
    for name, message in () if today is None else profile.faults(today, is_kept=True):
        fields.refuse(day_zero if name == "birth_date" else name, mendable(name, message))
    fields.close()
    problems = [each for each in problems if re.split(r"[.\[]", each.path)[0] not in told]
    if problems:
        raise ContentError(problems)
    return profile


def mendable(name: str, message: str) -> str:
    """``message``, which says why a field cannot be so, with the command that mends it."""
    return Message("errors.mend_with", message=message, option=_MENDS[name])


def _answer(fields: ProfileFields, key: str, answers: type[Answer]) -> Answer | None:
    found = fields.optional_known(key, "answer", [answer.value for answer in answers])
    return None if found is None else answers(found)


def _items(fields: ProfileFields, key: str, parse: Callable[[str], T]) -> list[T]:
    found = []
    for text, place in fields.optional_texts(key):
        try:
            found.append(parse(text))
        except ValueError as error:
            fields.refuse_at(place, error.args[0])
    return found
