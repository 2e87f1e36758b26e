"""What the plan needs to know about a client, in days since the birth, and which gates are shut.
No I/O, no dates.
"""

from dataclasses import dataclass
from enum import StrEnum


class Delivery(StrEnum):
    """How the child was born."""

    VAGINAL = "vaginal"
    ASSISTED = "assisted"
    """With a vacuum cup or forceps."""
    CAESAREAN = "caesarean"


class Perineum(StrEnum):
    """What happened to the perineum."""

    INTACT = "intact"
    EPISIOTOMY = "episiotomy"
    TEAR = "tear"
    """A tear of the first or second degree."""
    OASI = "oasi"
    """A tear of the third or fourth degree: the anal sphincter is involved."""


class Floor(StrEnum):
    """How the pelvic floor feels."""

    NORMAL = "normal"
    OVER_TENSE = "over-tense"


class Position(StrEnum):
    """How she listens."""

    LYING = "lying"
    NURSING = "nursing"


class Sign(StrEnum):
    """What a check-in tells."""

    RED_FLAG = "red-flag"
    """Something of the second or third level: call."""
    PAIN = "pain"
    HEAVINESS = "heaviness"
    LEAKS = "leaks"
    NOT_FELT = "not-felt"
    CANNOT_LET_GO = "cannot-let-go"
    GOOD = "good"
    """Done, no pain or no heaviness, and none of the others but leaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """How a day went. ``None`` where she gave no answer."""

    day: int
    """Since the birth."""
    done: bool | None = None
    pain: bool | None = None
    heaviness: bool | None = None
    leaks: bool | None = None
    felt: bool | None = None
    let_go: bool | None = None
    red_flag: bool | None = None
    is_unread: bool = False
    """Whether its line could not be read, or not to its end: it may have told anything."""

    @property
    def has_trouble(self) -> bool:
        """Whether something is there that may be new, grow or last."""
        return bool(self.pain or self.heaviness or self.leaks)

    @property
    def signs(self) -> frozenset[Sign]:
        """What the answers tell."""
        told = {
            Sign.RED_FLAG: self.red_flag is True,
            Sign.PAIN: self.pain is True,
            Sign.HEAVINESS: self.heaviness is True,
            Sign.NOT_FELT: self.felt is False,
            Sign.CANNOT_LET_GO: self.let_go is False,
        }
        was_well = self.done is True and False in (self.pain, self.heaviness)
        is_good = was_well and not any(told.values())
        return frozenset(
            sign
            for sign, is_so in {**told, Sign.LEAKS: self.leaks is True, Sign.GOOD: is_good}.items()
            if is_so
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A woman as the plan sees her; ``ANYONE`` where nothing is known.

    Days count from the birth; a day may lie before it or in the future.
    """

    delivery: Delivery | None = None
    perineum: Perineum | None = None
    floor: Floor | None = None
    position: Position | None = None
    has_catheter: bool = False
    sessions_a_day: int | None = None
    """Over how many sessions the sets of a day are spread; ``None`` leaves it to the programme."""
    started_day: int = 1
    cleared_day: int | None = None
    """When a clinician allowed contractions."""
    catheter_out_day: int | None = None
    check_ins: tuple[CheckIn, ...] = ()
    """In order of day."""

    def answers(self) -> dict[str, str | None]:
        """What a session of the programme may be meant for, by the name of the question."""
        return {
            "delivery": self.delivery,
            "perineum": self.perineum,
            "floor": self.floor,
            "position": self.position,
            "sessions_a_day": None if self.sessions_a_day is None else str(self.sessions_a_day),
        }


ANYONE = Situation()
QUESTIONS = {
    "delivery": tuple(each.value for each in Delivery),
    "perineum": tuple(each.value for each in Perineum),
    "floor": tuple(each.value for each in Floor),
    "position": tuple(each.value for each in Position),
    "sessions_a_day": ("1", "2", "3"),
}
"""What a session may be meant for: question and possible answers."""
UNKNOWN = "unknown"
"""Stands for no answer, where a session is meant for those of whom nothing is known."""


def is_shut(situation: Situation) -> bool:
    """Whether no contractions are allowed, today or later, whatever the calendar says."""
    return (
        situation.floor is Floor.OVER_TENSE
        or situation.has_catheter
        or (situation.perineum is Perineum.OASI and situation.cleared_day is None)
        or _is_stopped(situation)
        or any(each.is_unread for each in situation.check_ins)
        or _waits_for_a_better_answer(situation)
    )


def _is_stopped(situation: Situation) -> bool:
    """Whether a red flag was reported on or after the day of the latest clearance."""
    cleared_day = situation.cleared_day
    red_flags = (each.day for each in situation.check_ins if each.red_flag)
    return any(cleared_day is None or cleared_day <= day for day in red_flags)


def _waits_for_a_better_answer(situation: Situation) -> bool:
    """Whether, as last reported, she cannot feel her pelvic floor or cannot let it go."""
    latest: dict[str, bool | None] = {}
    for each in sorted(situation.check_ins, key=lambda check_in: check_in.day):
        answers = {"felt": each.felt, "let_go": each.let_go}
        latest |= {question: answer for question, answer in answers.items() if answer is not None}
    return False in latest.values()
