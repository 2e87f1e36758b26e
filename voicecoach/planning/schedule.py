"""How often a session of contractions is done on a day, and of which day its doses are. No I/O."""

from voicecoach.content.session import Clock, Session
from voicecoach.planning.course import CourseDay


def times_of_contractions(steps: tuple[int, ...], session: Session, today: CourseDay) -> int:
    """What her step has, on the days of the week on which she would train at this time, had nothing
    held her back; so the days of a week never grow by what held her back. ``steps`` are the days on
    which a step of the programme begins."""
    if not today.has_contractions:
        return 0
    follows_calendar = session.clock is Clock.PERMITTED and today.keeps_calendar
    spans = session.spans_of(today.permitted_day if follows_calendar else today.training_day)
    then = session.spans_of(today.permitted_day)
    is_daily = today.trains_daily and not session.instead_of
    if then and not is_daily and not session.times_on(today.permitted_day):
        return 0
    if not then and session.instead_of:
        return 0
    if today.was_moved and _pauses(steps, session, today):
        return 0
    return sum(span.times_a_day for span in spans)


def _pauses(steps: tuple[int, ...], session: Session, today: CourseDay) -> bool:
    """Whether the schedule leaves ``session`` out on a step between hers and that of the calendar,
    and takes it up later: then her day has less without it."""
    days = (day for day in steps if today.step_day <= day <= today.calendar_step_day)
    return any(not session.spans_of(day) and session.last_day > day for day in days)


def days_of_doses(today: CourseDay, *, is_on_ladder: bool, moves: bool) -> tuple[int, int]:
    """The day whose doses a session has, and the last of those that they do not exceed.

    Sessions on the ladder go by her step, all else by the days since she began; but for
    whoever was sent back what ``moves`` more than the breath, a walk, goes no further than her
    step.
    """
    if is_on_ladder:
        return today.step_day, today.calendar_step_day
    day = max(today.day_since_start, 1)
    if today.was_moved and moves:
        day = min(day, today.step_day)
    return day, day
