"""What has to work before a client hears how to begin with sport, and what she told. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.exercise import Sources
from voicecoach.messages import Message


class Ability(StrEnum):
    """What a client told of something to try."""

    YES = "yes"
    """It works, without a complaint during it or afterwards."""
    PAIN = "pain"
    HEAVINESS = "heaviness"
    LEAKS = "leaks"
    CANNOT = "cannot"
    """It does not work yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SportQuestions:
    """What a programme asks of sport that runs and jumps."""

    from_day: int
    """The first day after the birth on which her answers count."""
    large_tear_from_day: int
    """The same after a large tear, or one of the anal sphincter."""
    tests: Mapping[str, tuple[str, ...]]
    """Ids of what she tries, each with the ids of its sources."""
    sources: Sources = ()
    """Of the days."""


def parse_ability(text: str) -> tuple[str, Ability]:
    """What she told of something to try, such as ``hop=leaks``. Raises ValueError."""
    tried, _, answer = (part.strip() for part in text.partition("="))
    if not tried or answer not in tuple(Ability):
        listed = ", ".join(Ability)
        raise ValueError(Message("errors.no_ability", text=text[:40], listed=listed))
    return tried, Ability(answer)
