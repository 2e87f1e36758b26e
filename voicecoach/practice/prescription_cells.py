"""The cells of a roster that prescribe -> values. No I/O."""

import re
from collections.abc import Callable
from typing import Any

from voicecoach.content.kinds.dose import Intensity
from voicecoach.practice import roster
from voicecoach.practice.roster import number_up_to
from voicecoach.profile.prescription import LONGEST_BY, MOST, parse_percent


def whole(most: int) -> Callable[[str], int]:
    """A parser for whole numbers from 1 to ``most``."""

    def parse(text: str) -> int:
        number = number_up_to(text, most)
        if number is None:
            raise ValueError(f"a whole number from 1 to {most} is expected")
        return number

    return parse


def percent(text: str) -> Intensity:
    """A percentage or a range of them. Raises ValueError."""
    return parse_percent(re.sub(r"[.,]0+$", "", text.removesuffix("%").strip()))


def ids(text: str) -> tuple[str, ...]:
    """Names of exercises, separated by commas; ids also by spaces, which names may have inside."""
    return tuple(part for part in re.split(r"\s*[,;]\s*", text) if part)


def by(text: str) -> str:
    """Who prescribes it, as typed. Raises ValueError."""
    if len(text) > LONGEST_BY:
        raise ValueError(f"at most {LONGEST_BY} characters are expected")
    return text


COLUMNS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("exercise", "exercise", str),
    ("hold-s", "hold_s", whole(MOST["hold_s"])),
    ("reps", "reps", whole(MOST["reps"])),
    ("sets", "sets", whole(MOST["sets"])),
    ("intensity-percent", "intensity_percent", percent),
    ("times-a-day", "times_a_day", whole(MOST["times_a_day"])),
    ("starting-position", "starting_position", str),
    ("leave-out", "leave_out", ids),
    ("until", "until", roster.day),
    ("by", "by", by),
)
"""The name of each column, its field in an entry of prescription.yaml, and how its cells are
parsed."""
