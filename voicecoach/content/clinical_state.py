"""What the plan needs to know about a client, in days since the birth. No I/O, no dates."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.sport import Ability


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
    LARGE_TEAR = "large-tear"
    """A large tear that left the anal sphincter whole: sport comes as late as after OASI."""


class Floor(StrEnum):
    """How the pelvic floor feels."""

    NORMAL = "normal"
    OVER_TENSE = "over-tense"


class Position(StrEnum):
    """How she listens."""

    LYING = "lying"
    NURSING = "nursing"


class Sign(StrEnum):
    """What a check-in can report."""

    RED_FLAG = "red-flag"
    """Something to call about, at once or today."""
    BOOK = "book"
    """Something to make an appointment about."""
    MOOD = "mood"
    """Low, anxious or frightened."""
    PAIN = "pain"
    HEAVINESS = "heaviness"
    TROUBLE = "trouble"
    """Pain, or heaviness that is not mild: what must not go on."""
    NOT_DONE = "not-done"
    LEAKS = "leaks"
    LEAKS_LATE = "leaks-late"
    """Leaking on a day when it should have gone."""
    LEAKS_MORE = "leaks-more"
    """Practising makes the leaking worse."""
    EASIER = "easier"
    """She asks for an easier step."""
    NOT_FELT = "not-felt"
    CANNOT_LET_GO = "cannot-let-go"
    GOOD = "good"
    """Done, no pain or no heaviness, and none of the others; leaking alone, book and mood do not
    matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """How a day went. ``None`` where she gave no answer."""

    day: int
    """Since the birth."""
    done: bool | None = None
    pain: bool | None = None
    heaviness: bool | None = None
    leaks: bool | None = None
    leaks_more: bool | None = None
    """Whether practising makes the leaking worse."""
    easier: bool | None = None
    """Whether she wants an easier step."""
    felt: bool | None = None
    let_go: bool | None = None
    red_flag: bool | None = None
    book: bool | None = None
    mood: bool | None = None
    eases: bool | None = None
    """Whether the heaviness eases when she lies down."""
    bulge: bool | None = None
    grows: bool | None = None
    """Whether the heaviness grows."""
    is_unread: bool = False
    """Whether its line could not be read to its end, so that it may have reported anything."""

    @property
    def has_trouble(self) -> bool:
        """Whether there is a symptom that may be new, grow or last."""
        return bool(self.pain or self.is_heavy or self.leaks)

    @property
    def is_heavy(self) -> bool | None:
        """Whether she felt heavy, also where only what follows that question was answered: nobody
        has a bulge, or what grows or does not ease, without it."""
        if self.bulge or self.grows:
            return True
        return True if self.heaviness is None and self.eases is False else self.heaviness

    @property
    def heaviness_is_mild(self) -> bool:
        """Whether it eases when she lies down, without a bulge, and does not grow. Unanswered
        counts as the worse answer."""
        return self.eases is True and self.bulge is False and self.grows is False

    @property
    def signs(self) -> frozenset[Sign]:
        """The signs that the answers report."""
        told = {
            Sign.RED_FLAG: self.red_flag is True,
            Sign.PAIN: self.pain is True,
            Sign.HEAVINESS: self.is_heavy is True,
            Sign.TROUBLE: self.pain is True
            or (self.is_heavy is True and not self.heaviness_is_mild),
            Sign.NOT_DONE: self.done is False,
            Sign.NOT_FELT: self.felt is False,
            Sign.LEAKS_MORE: self.leaks_more is True,
            Sign.EASIER: self.easier is True,
            Sign.CANNOT_LET_GO: self.let_go is False,
        }
        was_well = self.done is True and False in (self.pain, self.is_heavy)
        is_good = was_well and not any(told.values())
        told |= {
            Sign.LEAKS: self.leaks is True,
            Sign.BOOK: self.book is True,
            Sign.MOOD: self.mood is True,
            Sign.GOOD: is_good,
        }
        return frozenset(sign for sign, is_so in told.items() if is_so)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A woman as the plan sees her; ``ANYONE`` where nothing is known.

    Days count from the birth; a day may lie before it or in the future.
    """

    delivery: Delivery | None = None
    perineum: Perineum | None = None
    floor: Floor | None = None
    position: Position | None = None
    has_catheter: bool | None = None
    """``None`` where nobody was asked."""
    sessions_a_day: int | None = None
    """Over how many sessions the sets of a day are spread; ``None`` leaves it to the programme."""
    started_day: int = 1
    cleared_day: int | None = None
    """When a clinician allowed contractions."""
    first_cleared_day: int | None = None
    """When a clinician first did, if that was another time."""
    cleared_to: int | None = None
    """The last step of the ladder, from 1, up to which she allowed them."""
    long_holds: bool = False
    """Whether she chose the optional long holds."""
    has_profile: bool = False
    """Whether she has a profile: then her check-ins, not the calendar, lead to high effort."""
    face_up: bool | None = None
    """Whether the baby was born face up."""
    checked_day: int | None = None
    """When a pelvic physiotherapist checked how she contracts."""
    catheter_out_day: int | None = None
    sport: tuple[tuple[str, Ability], ...] = ()
    """What she told of sport, by id of what she tried."""
    sport_day: int | None = None
    """When she told it."""
    leave_out: tuple[str, ...] = ()
    """Ids of the optional exercises that she leaves out."""
    check_ins: tuple[CheckIn, ...] = ()
    """In order of day."""
    prescriptions: tuple[ClientPrescription, ...] = ()
    """Those of an exercise do not overlap."""

    def may_exert_herself(self, day: int) -> bool:
        """Whether on ``day`` nothing of the birth keeps her at a low effort: after forceps, a
        vacuum cup or a baby that was born face up she is to be checked first."""
        is_checked = self.checked_day is not None and self.checked_day <= day
        return is_checked or not (self.delivery is Delivery.ASSISTED or self.face_up is True)

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
