"""The ``sessions`` of programme.yaml -> sessions: what is heard, when, and by whom."""

from collections.abc import Collection
from dataclasses import replace

from voicecoach import limits
from voicecoach.content.clinical_state import QUESTIONS, UNKNOWN, Position
from voicecoach.content.exercise import EDITORIAL, Exercise
from voicecoach.content.reading.fields import Fields, Sourced
from voicecoach.content.session import (
    EVERY_PATH,
    Block,
    Clock,
    ExerciseBlock,
    Path,
    Session,
    Span,
    TalkBlock,
)

_EMPTY_DAYS = "empty-days"
_FOR = "{delivery: [caesarean]}"
_OPENING_FOR = "{nursing: TALK}"
"""How these are written."""


class SessionReader:
    """Reads sessions; knows what they may name."""

    def __init__(
        self,
        exercises: dict[str, Exercise],
        exercise_ids: Collection[str],
        talks: Collection[str],
    ) -> None:
        """``exercise_ids`` are all ids, also of exercises that could not be read."""
        self._exercises = exercises
        self._exercise_ids = exercise_ids
        self._talks = talks

    def read(self, fields: Fields) -> tuple[Session, ...]:
        """Every session below ``fields``."""
        if len(fields.keys) > limits.MOST_SESSIONS:
            message = f"{len(fields.keys)} sessions, where at most {limits.MOST_SESSIONS} are read"
            fields.refuse_at(fields.place, f"{message}, because nobody chooses from more")
            return ()
        sessions = tuple(self._session(id_, fields.fields(id_), fields) for id_ in fields.keys)
        if not sessions:
            fields.refuse_at(fields.place, "at least one session is wanted")
        fields.close()
        return sessions

    def _session(self, id_: str, below: Fields, beside: Fields) -> Session:
        fills = below.has("fills") and bool(below.known("fills", "kind of days", [_EMPTY_DAYS]))
        has_schedule = not fills or below.has("schedule")
        made_up_for = _late_starters_until(below)
        session = Session(
            id=id_,
            schedule=tuple(map(_span, below.fields_list("schedule"))) if has_schedule else (),
            opening=self._talk(below, "opening"),
            condition=self._talk(below, "condition"),
            blocks=tuple(self._block(item) for item in below.fields_list("blocks")),
            closing=self._talk(below, "closing"),
            clock=_clock(below),
            paths=_paths(below),
            meant_for=_answers(below.fields("for", _FOR)) if below.has("for") else {},
            opening_for=self._openings(below) if below.has("opening_for") else {},
            instead_of=(
                below.known("instead_of", "session", beside.keys)
                if below.has("instead_of")
                else None
            ),
            fills_empty_days=fills,
            late_starters_until=made_up_for.value if made_up_for else None,
            late_starters_source=made_up_for.source if made_up_for else None,
        )
        if session.asks_for_contractions(self._exercises):
            _refuse_what_contractions_forbid(session, below)
            session = replace(session, clock=Clock.TRAINING, paths=(Path.TRAINING,))
        longest_ms = session.longest_doses_ms(self._exercises)
        if longest_ms > limits.LONGEST_SESSION_MS:
            most = limits.LONGEST_SESSION_MS // 60_000
            message = f"its exercises take {longest_ms // 60_000} minutes, where a session is done"
            below.refuse("blocks", f"{message} in one go: at most {most} can be; lower the dose")
        below.close()
        return session

    def _talk(self, fields: Fields, key: str) -> str | None:
        return fields.known(key, "talk", self._talks) if fields.has(key) else None

    def _openings(self, fields: Fields) -> dict[str, str]:
        below = fields.fields("opening_for", _OPENING_FOR)
        positions = [position.value for position in Position]
        openings = {
            key: below.known(key, "talk", self._talks) for key in positions if below.has(key)
        }
        below.close()
        return openings

    def _block(self, fields: Fields) -> Block:
        if fields.has("talk"):
            talk = fields.known("talk", "talk", self._talks)
            fields.close()
            return TalkBlock(talk=talk)
        exercise = fields.known("exercise", "exercise", self._exercise_ids)
        key = "breaths" if fields.has("breaths") else "sets" if fields.has("sets") else None
        override = fields.count(key) if key else None
        known = self._exercises.get(exercise)
        if override and key and known and not hasattr(known.steps[0].prescription.dose, key):
            fields.refuse(key, f"the exercise {exercise!r} has no {key}")
        fields.close()
        return ExerciseBlock(
            exercise=exercise,
            breaths=override.value if override and key == "breaths" else None,
            sets=override.value if override and key == "sets" else None,
            override_source=override.source if override else EDITORIAL,
        )


def _refuse_what_contractions_forbid(session: Session, fields: Fields) -> None:
    if session.condition is None:
        fields.refuse("condition", "a session with contractions must say a condition first")
    if session.clock is not Clock.TRAINING and fields.has("counted_from"):
        fields.refuse("counted_from", "contractions always count from the first training day")
    if fields.has("paths") and session.paths != (Path.TRAINING,):
        fields.refuse("paths", "contractions are for the path training alone")
    if session.fills_empty_days:
        fields.refuse("fills", "contractions are never there to fill a day")
    if session.late_starters_until is not None:
        fields.refuse("late_starters_until", "contractions always begin at the first step")


def _span(fields: Fields) -> Span:
    wanted = ("from_day", "to_day", "times_a_day", "days_a_week")
    given = {key: fields.count(key) for key in wanted if key in wanted[:2] or fields.has(key)}
    value = {"times_a_day": 1, "days_a_week": 7} | {key: n.value for key, n in given.items()}
    if value["to_day"] < value["from_day"]:
        fields.refuse("to_day", "the last day lies before the first")
    if value["days_a_week"] > 7:
        fields.refuse("days_a_week", "a week has seven days")
    fields.close()
    return Span(
        first_day=value["from_day"],
        last_day=value["to_day"],
        times_a_day=value["times_a_day"],
        days_a_week=value["days_a_week"],
        sources=tuple((key, number.source) for key, number in given.items()),
    )


def _late_starters_until(fields: Fields) -> Sourced | None:
    if not fields.has("late_starters_until"):
        return None
    if fields.has("counted_from"):
        fields.refuse("counted_from", "what late starters make up for counts from the birth")
    return fields.count("late_starters_until")


def _clock(fields: Fields) -> Clock:
    clocks = [clock.value for clock in Clock]
    named = fields.known("counted_from", "clock", clocks) if fields.has("counted_from") else ""
    return Clock(named) if named in clocks else Clock.BIRTH


def _paths(fields: Fields) -> tuple[Path, ...]:
    if not fields.has("paths"):
        return EVERY_PATH
    names = [path.value for path in Path]
    return tuple(Path(p) for p in fields.known_list("paths", "path", names) if p in names)


def _answers(fields: Fields) -> dict[str, tuple[str, ...]]:
    """The answers with which a session is meant, by question of the profile."""
    wanted = {
        question: fields.known_list(question, "answer", (*answers, UNKNOWN))
        for question, answers in QUESTIONS.items()
        if fields.has(question)
    }
    if not wanted:
        fields.refuse_at(fields.place, f"a question is wanted: {', '.join(QUESTIONS)}")
    fields.close()
    return wanted
