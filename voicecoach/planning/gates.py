"""Whether contractions are permitted: what shuts the gates, on which days. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.clinical_state import Floor, Perineum, Sign, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.questions import Question
from voicecoach.content.rules import Effect, Rule
from voicecoach.content.session import Path
from voicecoach.planning.reported import rules_by_day

_SHUT_NO_GATE = {
    Sign.GOOD,
    Sign.LEAKS,
    Sign.NOT_DONE,
    Sign.EASIER,
    Sign.BOOK,
    Sign.MOOD,
}


class Reason(StrEnum):
    """Why a day differs from the calendar."""

    LATE_START = "late-start"
    WAITS_FOR_CLEARANCE = "waits-for-clearance"
    WAITS_FOR_CATHETER = "waits-for-catheter"
    OVER_TENSE = "over-tense"
    STOPPED = "stopped"
    UNREAD = "unread"
    """A check-in cannot be read; it may have told something that stops contractions."""
    WAITS_FOR_A_GOOD_DAY = "waits-for-a-good-day"
    """A sign was reported; contractions begin after a reported day without it."""
    RESTS = "rests"
    """The day after a sign is for breathing."""
    STEPPED_BACK = "stepped-back"
    PAUSED = "paused"
    """A step lower, or at the first again, after days that were not done."""
    AS_FAR_AS_CLEARED = "as-far-as-cleared"
    WAITS_FOR_A_CHECK = "waits-for-a-check"
    """After forceps, a vacuum cup or a baby born face up: a pelvic physiotherapist looks first."""
    WAITS_FOR_A_CHECK_IN = "waits-for-a-check-in"
    """The next step asks for more effort, which takes a recent good check-in."""
    NOT_FELT = "not-felt"
    NOT_FELT_LONG = "not-felt-long"
    """Not felt for so long that she is advised to see a physiotherapist."""
    CANNOT_LET_GO = "cannot-let-go"
    BEGAN_AGAIN = "began-again"
    AFTER_PRESCRIPTION = "after-prescription"
    """What was prescribed for her is over: she goes on from the step that fits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """A departure from the calendar, and the reason."""

    path: Path = Path.TRAINING
    reason: Reason
    since_day: int
    """The first day of ``reason``; if the client waits for a certain day, that day."""


_PATHS = {Reason.CANNOT_LET_GO: Path.RELEASE, Reason.NOT_FELT: Path.BREATHING}


def standing_still(
    since: Mapping[Reason, int], day: int, not_felt_advice_days: int | None
) -> Detour | None:
    """Where a client is on ``day`` who waits ``since`` these days for what has to improve."""
    for reason, path in _PATHS.items():
        if reason in since:
            longest = not_felt_advice_days if reason is Reason.NOT_FELT else None
            is_long = longest is not None and day >= since[reason] + longest
            told = Reason.NOT_FELT_LONG if is_long else reason
            return Detour(path=path, reason=told, since_day=since[reason])
    return None


class Gates:
    """The days on which a client may do contractions."""

    def __init__(self, programme: Programme, situation: Situation) -> None:
        self._barred = barred(situation)
        self._first = programme.first_training_day
        self.begins, self._waits_for = first_permitted_day(programme, situation)
        """The first permitted day if no check-in forbids it. Frequency counts from it."""
        self.opens = max(self.begins, situation.cleared_day or 0)
        """No contractions before the day of a clearance, even one that ended a stop."""
        self.rules = rules_by_day(programme, situation)
        """The rules that each check-in fulfils, by its day."""
        self.stops = _stops(self.rules, situation)
        unread = (max(each.day, 1) for each in situation.check_ins if each.is_unread)
        self._unread_from = min(unread, default=None)

    def shut_on(self, day: int) -> Detour | None:
        """What forbids contractions on ``day``; ``None`` if nothing does, whatever she feels."""
        if self._barred is not None:
            return Detour(path=self._barred[0], reason=self._barred[1], since_day=1)
        return self.stopped_on(day)

    def stopped_on(self, day: int) -> Detour | None:
        """What a client told that forbids all but breathing on ``day``, with contractions or
        without."""
        for first, last in self.stops:
            if first <= day and (last is None or day <= last):
                return Detour(path=Path.BREATHING, reason=Reason.STOPPED, since_day=max(first, 1))
        if self._unread_from is not None and day >= self._unread_from:
            return Detour(path=Path.BREATHING, reason=Reason.UNREAD, since_day=self._unread_from)
        return None

    def moved_on(self, day: int) -> Detour | None:
        """Why ``day`` differs from the calendar even for a client without check-ins."""
        if self.opens == self._first:
            return None
        if day < self.begins and self._waits_for is not None:
            return Detour(reason=self._waits_for, since_day=self.begins)
        reason = Reason.WAITS_FOR_CLEARANCE if day < self.opens else Reason.LATE_START
        return Detour(reason=reason, since_day=self.opens)


def barred(situation: Situation) -> tuple[Path, Reason] | None:
    """The path and the reason if the profile alone forbids contractions, on every day."""
    if situation.floor is Floor.OVER_TENSE:
        return Path.RELEASE, Reason.OVER_TENSE
    if situation.has_catheter:
        return Path.BREATHING, Reason.WAITS_FOR_CATHETER
    if situation.perineum is Perineum.OASI and situation.cleared_day is None:
        return Path.BREATHING, Reason.WAITS_FOR_CLEARANCE
    return None


def are_unasked(programme: Programme, situation: Situation) -> bool:
    """Whether nothing is known of what could forbid the contractions of ``programme``, which asks
    about a tear: she told about herself for another programme, or did not say."""
    asks = Question.PERINEUM in programme.questions and bool(programme.training_steps)
    return asks and situation.perineum is None


def first_permitted_day(programme: Programme, situation: Situation) -> tuple[int, Reason | None]:
    """The first day with contractions if no check-in forbids them, and the reason if it is later
    than the calendar's. How often she trains counts from this day, which no check-in moves.

    Whoever starts first breathes for some days of her own.
    """
    first = programme.first_training_day or 1
    own_days = programme.training.awareness_days
    cleared_day = situation.cleared_day if situation.perineum is Perineum.OASI else None
    if cleared_day is not None and situation.first_cleared_day is not None:
        cleared_day = situation.first_cleared_day
    days = {
        Reason.LATE_START: situation.started_day + own_days,
        Reason.WAITS_FOR_CATHETER: situation.catheter_out_day or 0,
        Reason.WAITS_FOR_CLEARANCE: cleared_day or 0,
    }
    reason = max(days, key=lambda each: days[each])
    return (days[reason], reason) if days[reason] > first else (first, None)


def stops(programme: Programme, situation: Situation) -> list[tuple[int, int | None]]:
    """The first and last day of each stop, in order; ``None`` for the last day if she has not been
    cleared since."""
    return _stops(rules_by_day(programme, situation), situation)


def _stops(
    rules_of: Mapping[int, tuple[Rule, ...]], situation: Situation
) -> list[tuple[int, int | None]]:
    """A red flag stops in every programme, whether it has a rule for it or not."""
    found: list[tuple[int, int | None]] = []
    cleared_day = situation.cleared_day
    red_flags = {each.day for each in situation.check_ins if each.red_flag}
    for day, rules in rules_of.items():
        has_stop = day in red_flags or any(rule.effect is Effect.STOP for rule in rules)
        is_open = bool(found) and (found[-1][1] is None or found[-1][1] >= day)
        if has_stop and not is_open:
            is_lifted = cleared_day is not None and cleared_day > day
            found.append((day, cleared_day - 1 if cleared_day is not None and is_lifted else None))
    return found


def is_shut(programme: Programme, situation: Situation) -> bool:
    """Whether contractions are forbidden, today and later, until her answers change."""
    return (
        barred(situation) is not None
        or any(last is None for _, last in stops(programme, situation))
        or any(each.is_unread for each in situation.check_ins)
        or _waits_for_a_better_answer(situation)
    )


def may_be_shut(situation: Situation) -> bool:
    """Whether any answer can forbid contractions, by rules that stop neither for leaking alone nor
    for days not done. Quick: it needs no programme."""
    return barred(situation) is not None or any(
        each.is_unread or each.signs - _SHUT_NO_GATE for each in situation.check_ins
    )


def _waits_for_a_better_answer(situation: Situation) -> bool:
    """Whether the latest answers say that she does not feel her pelvic floor, or cannot let go."""
    latest: dict[str, bool | None] = {}
    for each in sorted(situation.check_ins, key=lambda check_in: check_in.day):
        answers = {"felt": each.felt, "let_go": each.let_go}
        latest |= {question: answer for question, answer in answers.items() if answer is not None}
    return False in latest.values()
