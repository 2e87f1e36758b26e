"""Programme -> remarks on its doses and its calendar, for every kind of client. No I/O."""

from collections import Counter
from collections.abc import Iterator

from voicecoach.authoring.cases import Case, Remark, whose_doses_differ
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Limits, Phase, Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.dates import days_text, runs
from voicecoach.planning.plan import all_weeks, plan_weeks
from voicecoach.planning.planned import PlannedDay, PlannedSession

_QUICK_MS = 2000
"""A longer contraction is held."""
_Fault = tuple[str, str]
"""The place within the day, and the message."""


def doses(programme: Programme) -> Iterator[Remark]:
    """Doses beyond the limits of their phase, missing limits, exercises before any phase, days
    without a session, and contractions without the talk that says when to stop.

    Days are those of the training clock, which for a client who was not held up are the days since
    the birth. A fault in every case is reported once; other faults with the answers that cause
    them.
    """
    yield from _missing_limits(programme)
    yield from _too_few_days(programme)
    yield from _before_the_first_phase(programme)
    if programme.first_training_day is not None and programme.safety is None:
        yield Remark(
            where="programme.yaml",
            message="it has contractions, but no talk that says when to stop and when to call;"
            " name one: `safety: TALK`",
        )
    told: set[tuple[_Fault, int]] = set()
    for case in whose_doses_differ(programme):
        found = _faults(programme, case)
        for fault, days in found.items():
            new = {day for day in days if (fault, day) not in told}
            told |= {(fault, day) for day in new}
            where, message = fault
            for first, last in runs(new):
                parts = [days_text(first, last), where, case.label]
                yield Remark(where=", ".join(filter(None, parts)), message=message)


def same_titles(programme: Programme, words: Translation) -> Iterator[Remark]:
    """Sessions that one client may have on one day, and could not tell apart."""
    usual = [each for each in programme.sessions if not (each.meant_for or each.instead_of)]
    for n, session in enumerate(usual):
        for other in usual[:n]:
            is_same = words.sessions[session.id] == words.sessions[other.id]
            if is_same and max(session.first_day, other.first_day) <= min(
                session.last_day, other.last_day
            ):
                yield Remark(
                    where=f"{words.language}, sessions.{session.id}",
                    message=f"session {other.id} has the same title; name one of them otherwise",
                )


def _missing_limits(programme: Programme) -> Iterator[Remark]:
    phases = {
        programme.phase_on(day).id
        for session in programme.sessions
        if session.asks_for_contractions(programme.exercises)
        for span in session.schedule
        for day in range(span.first_day, span.last_day + 1)
    }
    for phase in programme.phases:
        for key, limit in _limits_by_key(phase.limits).items():
            forbids = phase.limits.contractions_a_day == 0
            if phase.id in phases and limit is None and not forbids:
                yield Remark(
                    where=f"phase {phase.id}",
                    message=f"it has contractions, but sets no limit to them; give it"
                    f" {key} under its `limits`",
                )


def _too_few_days(programme: Programme) -> Iterator[Remark]:
    """Sessions of contractions on fewer days of a week than keep what was gained; those that take
    the place of others are no matter."""
    least = programme.training.least_days_a_week
    for session in programme.sessions:
        if least is None or session.instead_of:
            continue
        if session.asks_for_contractions(programme.exercises):
            for span in session.schedule:
                if span.days_a_week < least:
                    yield Remark(
                        where=f"session {session.id}, {days_text(span.first_day, span.last_day)}",
                        message=f"{span.days_a_week} days a week, but at least {least} are wanted;"
                        " raise days_a_week",
                    )


def _before_the_first_phase(programme: Programme) -> Iterator[Remark]:
    """Exercises before the first phase, whose limits then apply to them."""
    first_phase_day = programme.phases[0].from_day
    for session in programme.sessions:
        first_day = 1 if session.fills_empty_days else session.first_day
        if session.is_exercise and first_day < first_phase_day:
            yield Remark(
                where=f"session {session.id}, day {first_day}",
                message=f"it begins before the first phase (day {first_phase_day}); begin it later,"
                " or the phase earlier",
            )


def _limits_by_key(limits: Limits) -> dict[str, int | None]:
    return {
        "hold_s": limits.hold_ms,
        "intensity_percent": limits.intensity_percent,
        "contractions_a_day": limits.contractions_a_day,
        "rest_to_hold": limits.rest_to_hold,
    }


def _faults(programme: Programme, case: Case) -> dict[_Fault, set[int]]:
    found: dict[_Fault, set[int]] = {}
    for plan in plan_weeks(programme, all_weeks(programme), Guidance.FULL, case.situation):
        if case.situation.started_day <= plan.day <= programme.last_day:
            for fault, day in _faults_of_day(programme, plan, case):
                found.setdefault(fault, set()).add(day)
    return found


def _faults_of_day(
    programme: Programme, plan: PlannedDay, case: Case
) -> Iterator[tuple[_Fault, int]]:
    phase = programme.phase_on(plan.course.training_day)
    where = f"phase {phase.id}"
    if not plan.sessions and not _is_day_off(programme, plan, case):
        message = "nothing is scheduled; add a session, or let one fill the empty days (`fills`)"
        yield (where, message), plan.day
    training_day = plan.course.training_day
    for message in (*_daily_total(plan, phase), *_sets(plan, phase)):
        yield (where, message), training_day
    for session in plan.sessions:
        for message in _faults_of_session(session, phase.limits):
            yield (f"{where}, session {session.id}", message), training_day


def _faults_of_session(session: PlannedSession, limits: Limits) -> Iterator[str]:
    for dose in session.all_contractions:
        yield from _dose(dose, limits)
        if dose.quick is not None:
            yield from _dose(dose.quick, limits)
    for part in session.parts:
        if isinstance(part, Prescription) and isinstance(part.dose, Breathing):
            yield from _breath_pauses(part.dose, limits)


def _breath_pauses(dose: Breathing, limits: Limits) -> Iterator[str]:
    longest_ms, most_ms = max(dose.pause_full_ms, dose.pause_empty_ms), limits.breath_pause_ms or 0
    if longest_ms > most_ms:
        yield (
            f"pauses of {longest_ms / 1000:g} s in a breath, but at most {most_ms / 1000:g} s are"
            " allowed; shorten them, or allow them with breath_pause_s under the limits"
        )


def _is_day_off(programme: Programme, plan: PlannedDay, case: Case) -> bool:
    """Whether a session is scheduled around this day, but not on this weekday."""
    answers = case.situation.answers()
    return any(
        span.days_a_week < 7
        for session in programme.sessions
        if session.is_meant_for(answers) and plan.course.path in session.paths
        for span in session.spans_of(plan.course.on_clock(session.clock))
    )


def _long_hold(dose: Contractions, limits: Limits) -> Iterator[str]:
    """A hold beyond the limit of all others: who chose long holds has it at a low intensity."""
    most_ms = max(limits.long_hold_ms or 0, limits.hold_ms or 0)
    if dose.hold_ms > most_ms:
        yield (
            f"holds of {dose.hold_ms / 1000:g} s, but at most {most_ms / 1000:g} s are"
            " allowed; lower hold_s, or begin such long holds in a later phase"
        )
    elif limits.long_hold_percent is not None and dose.highest_percent > limits.long_hold_percent:
        yield (
            f"holds of {dose.hold_ms / 1000:g} s at {dose.highest_percent} %, but so long a hold"
            f" may have at most {limits.long_hold_percent} %; lower intensity_percent"
        )


def _daily_total(plan: PlannedDay, phase: Phase) -> Iterator[str]:
    total = plan.contraction_count
    most = phase.limits.contractions_a_day
    if most is not None and total > most:
        cure = "lower reps, sets or times_a_day" if most else "begin them in a later phase"
        yield f"{total} contractions a day, but at most {most} are allowed; {cure}"


def _sets(plan: PlannedDay, phase: Phase) -> Iterator[str]:
    """Too many sets of an exercise whose contractions are held; quick ones are limited by how many
    they are."""
    most = phase.limits.sets_a_day
    sets: Counter[str] = Counter()
    for session in plan.listening:
        for part in session.parts:
            if isinstance(part, Prescription):
                held = [dose for dose in part.dose.contractions if dose.hold_ms > _QUICK_MS]
                sets[part.exercise] += sum(dose.sets for dose in held)
    for exercise, number in sets.items():
        if most is not None and number > most:
            yield f"{number} sets of {exercise}, but at most {most} a day are allowed; lower sets"


def _dose(dose: Contractions, limits: Limits) -> Iterator[str]:
    if limits.hold_ms is not None and dose.hold_ms > limits.hold_ms:
        yield from _long_hold(dose, limits)
    if limits.reps is not None and dose.reps > limits.reps:
        yield f"sets of {dose.reps}, but at most {limits.reps} are allowed; lower reps"
    most = limits.intensity_percent
    if most is not None and dose.highest_percent > most:
        yield (
            f"an intensity of {dose.highest_percent} %, but at most {most} % are allowed;"
            " lower intensity_percent"
        )
    ratio = limits.rest_to_hold
    if ratio is not None and dose.rest_ms < ratio * dose.hold_ms:
        yield (
            f"rests of {dose.rest_ms / 1000:g} s, but at least {ratio} times the hold are required;"
            f" raise rest_s to {ratio * dose.hold_ms / 1000:g}"
        )
