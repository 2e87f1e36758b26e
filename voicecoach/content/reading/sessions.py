"""The ``sessions`` of programme.yaml -> sessions: what is heard, when, and by whom."""

from collections.abc import Mapping
from dataclasses import replace

from voicecoach import limits
from voicecoach.content.clinical_state import QUESTIONS, UNKNOWN
from voicecoach.content.exercise import EDITORIAL, Exercise
from voicecoach.content.programme import ShortOpening
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.key_tables import (
    Entries,
    Key,
    Row,
    list_of,
    needed,
    one_shape_of,
    optional,
    table,
)
from voicecoach.content.reading.value_kinds import (
    SECONDS,
    count,
    key_of,
    one_of,
    one_or_more,
)
from voicecoach.content.session import (
    EVERY_PATH,
    Block,
    CircuitBlock,
    Clock,
    ExerciseBlock,
    Path,
    Session,
    Span,
    TalkBlock,
)

_DAY = count(limits.DAYS)
_BREATHS, _SETS = count(limits.BREATHS), count(limits.SETS)
_TALK = key_of("talks", "talk")
_SPAN = table(
    needed("from_day", _DAY, "Its first day, as counted_from counts."),
    needed("to_day", _DAY, "Its last day, included."),
    optional(
        "times_a_day", count(limits.TIMES_A_DAY), "How often on each of its days, if not once."
    ),
    optional(
        "days_a_week", count(limits.DAYS_A_WEEK), "On how many of each seven days, if not all."
    ),
)
_LEFT_OUT = one_of("choice", ("allowed",))
_TALK_BLOCK = table(needed("talk", _TALK, "The id of a talk."))
_EXERCISE_BLOCK = table(
    needed("exercise", key_of("exercises", "exercise"), "The id of an exercise."),
    optional("breaths", _BREATHS, "In place of the breaths of the exercise."),
    optional("sets", _SETS, "In place of the sets of the exercise."),
    optional("leave_out", _LEFT_OUT, "allowed: a client may leave it out."),
    not_both=("breaths", "sets"),
)


_ROUND = list_of(_EXERCISE_BLOCK)
_CIRCUIT_BLOCK = table(
    needed("circuit", _ROUND, "A round: its exercises, in order."),
    needed("rounds", _SETS, "How often the round is done."),
    optional("round_rest_s", SECONDS, "Before each round but the first, in seconds."),
)


def _read_block(fields: Fields, _: str) -> Row:
    for key, kind in (("talk", _TALK_BLOCK), ("circuit", _CIRCUIT_BLOCK)):
        if fields.has(key):
            return kind.read_row(fields)
    return _EXERCISE_BLOCK.read_row(fields)


def _answer(question: str, meaning: str) -> Key:
    answers = one_of("answer", (*QUESTIONS[question], UNKNOWN))
    return optional(question, list_of(answers), meaning)


_FOR = table(
    _answer("delivery", "How the child was born."),
    _answer("perineum", "What happened to the perineum."),
    _answer("floor", "How the pelvic floor feels."),
    _answer("position", "How she listens."),
    _answer("sessions_a_day", "Over how many sessions the sets of a day are spread, in quotes."),
    at_least_one="question",
    example="{delivery: [caesarean]}",
)
_OPENING_FOR = table(
    optional("lying", _TALK, "The opening for whoever lies down."),
    optional("nursing", _TALK, "The opening for whoever is nursing."),
    example="{nursing: TALK}",
)
SHORT_OPENING = table(
    needed("from_time", count(limits.DAYS), "From which planned time of a session on."),
    optional("shortens", _TALK, "The opening that it is short for; all, where it is left out."),
    needed("opening", _TALK, "The talk at the beginning, with the place of the baby."),
    optional("opening_for", _OPENING_FOR, "Openings in place of `opening`, by how she listens."),
    needed("condition", _TALK, "The talk before contractions: only if nothing hurts."),
    needed("breaths", _BREATHS, "Of the breathing before contractions."),
)
_BLOCKS = list_of(one_shape_of((_TALK_BLOCK, _EXERCISE_BLOCK, _CIRCUIT_BLOCK), _read_block))
_CLOCK = one_of("clock", tuple(Clock))
_PATHS = list_of(one_of("path", tuple(Path)))
_FILLS = one_of("kind of days", ("empty-days",))
_QUEUE = one_of("kind of session", ("talks",))
_SESSION = table(
    optional("fills", _FILLS, "empty-days: it is done on days that have no other exercise."),
    needed("schedule", list_of(_SPAN), "On which days it is done.", unless="fills"),
    optional("opening", _TALK, "The talk at the beginning."),
    optional("condition", _TALK, "The talk before contractions, which must have one."),
    needed("blocks", _BLOCKS, "What is done and said, in order: talks and exercises."),
    optional("closing", _TALK, "The talk at the end."),
    optional("counted_from", _CLOCK, "Day 0 (birth), her own start, or her first day of training."),
    optional("late_starters_until", _DAY, "Whoever begins later, by this day, still hears it."),
    optional("one_a_day", _QUEUE, "talks: no day has two; others wait for the next free day."),
    optional("paths", _PATHS, "For whom: training, or only breathing, or only letting go."),
    optional("for", _FOR, "With which answers of her profile it is done."),
    optional("opening_for", _OPENING_FOR, "Openings in place of `opening`, by how she listens."),
    optional(
        "instead_of",
        one_or_more(key_of("sessions", "session")),
        "The session, or the sessions, that it replaces on its days.",
    ),
    not_both=("counted_from", "late_starters_until"),
)
SESSIONS = Entries(
    _SESSION, "A session: a sound file.", at_least_one="session", most=limits.MOST_SESSIONS
)


def read_short_opening(row: Row) -> ShortOpening:
    """How familiar sessions open."""
    return ShortOpening(
        from_time=row.number("from_time"),
        shortens=row.get("shortens"),
        opening=row["opening"],
        opening_for=row["opening_for"].values if "opening_for" in row else {},
        condition=row["condition"],
        breaths=row.number("breaths"),
        sources=row.sources,
    )


def read_session(id_: str, row: Row, exercises: Mapping[str, Exercise]) -> Session:
    """The session ``id_`` that does some of ``exercises``."""
    late_starters = row.get("late_starters_until")
    if late_starters and "counted_from" in row:
        row.fields.refuse("counted_from", "what late starters make up for counts from day 0")
    session = Session(
        id=id_,
        schedule=tuple(map(_span, row.get("schedule", ()))),
        opening=row.get("opening"),
        condition=row.get("condition"),
        blocks=tuple(_block(block, exercises) for block in row["blocks"]),
        closing=row.get("closing"),
        clock=_clock(row),
        paths=_paths(row),
        meant_for=row["for"].values if "for" in row else {},
        opening_for=row["opening_for"].values if "opening_for" in row else {},
        instead_of=row.get("instead_of", ()),
        fills_empty_days="fills" in row,
        waits_its_turn="one_a_day" in row,
        late_starters_until=late_starters.value if late_starters else None,
        late_starters_source=late_starters.source if late_starters else None,
    )
    if session.asks_for_contractions(exercises):
        _refuse_what_contractions_forbid(session, row)
        clock = Clock.PERMITTED if session.clock is Clock.PERMITTED else Clock.TRAINING
        session = replace(session, clock=clock, paths=(Path.TRAINING,))
    longest_ms = session.longest_doses_ms(exercises)
    if longest_ms > limits.LONGEST_SESSION_MS:
        most = limits.LONGEST_SESSION_MS // 60_000
        message = f"its exercises take {longest_ms // 60_000} minutes, where a session is done"
        row.fields.refuse("blocks", f"{message} in one go: at most {most} can be; lower the dose")
    return session


def _refuse_what_contractions_forbid(session: Session, row: Row) -> None:
    refuse = row.fields.refuse
    if session.condition is None:
        refuse("condition", "a session with contractions must say a condition first")
    if session.clock not in (Clock.TRAINING, Clock.PERMITTED) and "counted_from" in row:
        refuse("counted_from", "contractions always count from the first training day")
    if "paths" in row and session.paths != (Path.TRAINING,):
        refuse("paths", "contractions are for the path training alone")
    if session.fills_empty_days:
        refuse("fills", "contractions are never there to fill a day")
    if session.late_starters_until is not None:
        refuse("late_starters_until", "contractions always begin at the first step")


def _span(row: Row) -> Span:
    span = Span(
        first_day=row.number("from_day"),
        last_day=row.number("to_day"),
        times_a_day=row.number("times_a_day", 1),
        days_a_week=row.number("days_a_week", 7),
        sources=row.sources,
    )
    if span.last_day < span.first_day:
        row.fields.refuse("to_day", "the last day lies before the first")
    return span


def _block(row: Row, exercises: Mapping[str, Exercise]) -> Block:
    if "talk" in row:
        return TalkBlock(talk=row["talk"])
    if "circuit" in row:
        return CircuitBlock(
            rounds=row.number("rounds"),
            rest_ms=row.number("round_rest_s", 0),
            blocks=tuple(_exercise_block(each, exercises) for each in row["circuit"]),
            sources=row.sources,
        )
    return _exercise_block(row, exercises)


def _exercise_block(row: Row, exercises: Mapping[str, Exercise]) -> ExerciseBlock:
    exercise = row["exercise"]
    known = exercises.get(exercise)
    numbers = {}
    for key, _ in row.sources:
        if known and not hasattr(known.steps[0].prescription.dose, key):
            row.fields.refuse(key, f"the exercise {exercise!r} has no {key}")
        else:
            numbers[key] = row.number(key)
    return ExerciseBlock(
        exercise=exercise,
        **numbers,
        is_optional="leave_out" in row,
        override_source=next((source for _, source in row.sources), EDITORIAL),
    )


def _clock(row: Row) -> Clock:
    named = row.get("counted_from")
    return Clock(named) if named in tuple(Clock) else Clock.BIRTH


def _paths(row: Row) -> tuple[Path, ...]:
    return tuple(Path(path) for path in row.get("paths", EVERY_PATH) if path in tuple(Path))
