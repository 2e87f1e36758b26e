"""A kind of exercise, as content files write it: its numbers, its words. No I/O."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicecoach import limits
from voicecoach.content.kinds.dose import Dose, Intensity
from voicecoach.content.reading.fields import Sourced
from voicecoach.content.reading.key_tables import Key, Table, list_of, needed, table
from voicecoach.content.reading.value_kinds import PERCENT, Value, text

_PARAGRAPH = limits.CHARACTERS_OF_A_PARAGRAPH


def filled(
    meaning: str,
    most: int = _PARAGRAPH,
    *,
    has_forms: bool = False,
    also: tuple[str, ...] = (),
) -> Value:
    """A text that may hold the placeholders that its ``meaning`` names, and ``also`` those; with
    ``has_forms`` with the noun after them, for one and for more."""
    named = tuple(re.findall(r"\{(\w+)\}", meaning))
    return text(may_hold=(*named, *also), most=most, has_forms=has_forms)


def said(name: str, meaning: str, most: int = _PARAGRAPH, *, has_forms: bool = False) -> Key:
    """A text that is said, in which ``meaning`` names the placeholders."""
    return needed(name, filled(meaning, most, has_forms=has_forms), meaning)


def paragraphs(name: str, meaning: str, also: tuple[str, ...] = ()) -> Key:
    """Several of them, in which a noun may follow a placeholder."""
    return needed(name, list_of(filled(meaning, has_forms=True, also=also)), meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of exercise."""

    dose: type[Dose]
    meaning: str
    """For authors."""
    numbers: tuple[Key, ...]
    """Each is a field of the dose: ``hold_s`` is ``hold_ms`` there, ``intensity_percent`` is
    ``intensity``, and other names are the same."""
    words: tuple[Key, ...]
    """What is said in it, besides its title and introduction."""
    placeholders: str = ""
    """What its introduction may name."""

    @property
    def name(self) -> str:
        """As content files name it."""
        return self.dose.kind

    @property
    def words_table(self) -> Table:
        """All words of an exercise of this kind."""
        return table(
            said("title", "A title, as it is shown.", limits.CHARACTERS_OF_A_TITLE),
            paragraphs("introduction", f"The paragraphs before it{self.placeholders}."),
            *self.words,
        )

    def dose_of(self, numbers: Mapping[str, Sourced]) -> Dose:
        """The dose with ``numbers``, by key."""
        by_name = {key.name: key for key in self.numbers}
        values: dict[str, Any] = {}
        for key, number in numbers.items():
            is_percentage = by_name[key].kind is PERCENT
            range_ = Intensity(low_percent=number.value, high_percent=number.high)
            values[field_of(key)] = range_ if is_percentage else number.value
        return self.dose(**values)


def field_of(key: str) -> str:
    """The field of a dose that has the number of ``key``."""
    if key.endswith("_s"):
        return f"{key.removesuffix('_s')}_ms"
    return key.removesuffix("_percent")
