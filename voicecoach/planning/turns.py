"""Talks that come one a day: which one it is on a day. No I/O."""

from collections.abc import Callable, Iterable

from voicecoach.content.session import Clock, Path, Session
from voicecoach.planning.course import Course, CourseDay

IsDue = Callable[[Session, CourseDay], bool]
"""Whether the schedule has a session on a day."""


class Turns:
    """Gives each talk that is due a day of its own: what is about the training comes first, the
    others in the order in which they were due."""

    def __init__(self, sessions: Iterable[Session], course: Course, is_due: IsDue) -> None:
        sessions = tuple(sessions)
        self._talks = [session for session in sessions if session.waits_its_turn]
        self._of_a_path = [
            each for each in sessions if each.clock is Clock.PATH and not each.is_exercise
        ]
        self._course = course
        self._is_due = is_due
        self._waiting: list[Session] = []
        self._given: list[str | None] = []

    def on(self, day: int) -> str | None:
        """The id of the talk whose turn it is on ``day`` (from 1); ``None`` where there is none."""
        while len(self._given) < day:
            self._given.append(self._next(self._course.on(len(self._given) + 1)))
        return self._given[day - 1]

    def _next(self, today: CourseDay) -> str | None:
        self._waiting += [talk for talk in self._talks if self._is_due(talk, today)]
        if any(self._is_due(talk, today) for talk in self._of_a_path):
            return None
        fitting = [talk for talk in self._waiting if _fits(talk, today)]
        if not fitting:
            return None
        first = min(fitting, key=lambda talk: talk.clock is not Clock.TRAINING)
        self._waiting.remove(first)
        return first.id


def _fits(talk: Session, today: CourseDay) -> bool:
    """Whether ``talk`` may be heard ``today``. What is only for whoever trains waits for a day on
    which she may contract: nobody in pain hears of running."""
    if talk.paths == (Path.TRAINING,):
        return today.may_contract
    is_about_training = talk.clock is Clock.TRAINING
    return today.path in talk.paths and (today.path is Path.TRAINING or not is_about_training)
