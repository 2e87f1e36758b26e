"""Programme -> remarks: doses beyond their phase, words too long for their slot. No I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voicecoach.plan import PlannedDay, PlannedSession, plan_day
from voicecoach.programme import Contractions, Limits, Programme, TalkBlock
from voicecoach.timeline import Timeline
from voicecoach.words import Guidance, Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in readable content that should not be so."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def distinct_sessions(programme: Programme) -> dict[PlannedSession, int]:
    """Every session as it may be done, each dose and guidance once, and the first day of it."""
    sessions: dict[PlannedSession, int] = {}
    for day in range(1, programme.last_day + 1):
        for guidance in Guidance:
            for session in plan_day(programme, day, guidance).sessions:
                sessions.setdefault(session, day)
    return sessions


def doses(programme: Programme) -> Iterator[Remark]:
    """Doses beyond the limits of their phase, and days without a session."""
    for day in range(1, programme.last_day + 1):
        plan = plan_day(programme, day)
        limits = programme.phase_on(day).limits
        where = f"day {day}, phase {plan.phase}"
        if not plan.sessions:
            yield Remark(where=where, message="nothing is scheduled")
        yield from _daily_total(plan, limits, where)
        for session in plan.sessions:
            for dose in session.all_contractions:
                yield from _dose(dose, limits, f"{where}, session {session.id}")


def fit(
    programme: Programme, words: Translation, laid_out: Mapping[PlannedSession, Timeline]
) -> Iterator[Remark]:
    """Words that take longer than the dose leaves them, in any of the distinct sessions."""
    remarked = set()
    for session, day in distinct_sessions(programme).items():
        where = f"{words.language}, session {session.id} from day {day}"
        misfits = {(m.say.text, m.too_long_ms) for m in laid_out[session].misfits}
        for text, too_long_ms in sorted(misfits):
            effect = (
                f"its rest grows by {too_long_ms / 1000:.2f} s" if too_long_ms else "it is left out"
            )
            message = f"“{text}” is too long for its place: {effect}; use fewer words"
            if (where, message) not in remarked:
                remarked.add((where, message))
                yield Remark(where=where, message=message)


def unused(programme: Programme) -> Iterator[Remark]:
    """Exercises and talks that no session uses."""
    parts = [part for session in programme.sessions for part in session.parts]
    talks = {part.talk for part in parts if isinstance(part, TalkBlock)}
    exercises = {part.exercise for part in parts if not isinstance(part, TalkBlock)}
    for id_ in programme.talks:
        if id_ not in talks:
            yield Remark(where=f"talk {id_}", message="no session uses it")
    for id_ in programme.exercises:
        if id_ not in exercises:
            yield Remark(where=f"exercise {id_}", message="no session uses it")


def _daily_total(plan: PlannedDay, limits: Limits, where: str) -> Iterator[Remark]:
    total = sum(
        dose.reps * dose.sets for session in plan.listening for dose in session.all_contractions
    )
    most = limits.contractions_a_day
    if most is not None and total > most:
        yield Remark(
            where=where, message=f"{total} contractions a day, where at most {most} may be"
        )


def _dose(dose: Contractions, limits: Limits, where: str) -> Iterator[Remark]:
    if limits.hold_ms is not None and dose.hold_ms > limits.hold_ms:
        yield Remark(
            where=where,
            message=f"holds of {dose.hold_ms / 1000:g} s, where at most"
            f" {limits.hold_ms / 1000:g} s may be",
        )
    most = limits.intensity_percent
    if most is not None and dose.intensity.high_percent > most:
        yield Remark(
            where=where,
            message=f"an intensity of {dose.intensity.high_percent} %, where at most {most} %"
            " may be",
        )
    ratio = limits.rest_to_hold
    if ratio is not None and dose.rest_ms < ratio * dose.hold_ms:
        yield Remark(
            where=where,
            message=f"rests of {dose.rest_ms / 1000:g} s, where at least {ratio} times the hold"
            " must be",
        )
