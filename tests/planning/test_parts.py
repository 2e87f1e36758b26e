"""What of a session is done: optional exercises may be left out, circuits and sides are spread."""

from dataclasses import replace

import pytest

from voicecoach.content.clinical_state import ANYONE
from voicecoach.content.exercise import Prescription, Side
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import NotInProgrammeError
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.planner import Planner


@pytest.fixture(scope="module")
def back() -> Programme:
    return programme_reader.read(programme_reader.built_in("back-after-birth"))


def session(back: Programme, id_: str, day: int, *leave_out: str) -> PlannedSession:
    planner = Planner(back, replace(ANYONE, leave_out=leave_out), None)
    return next(each for each in planner.day(day).sessions if each.id == id_)


def done(planned: PlannedSession) -> list[tuple[str, Side | None, int | None]]:
    """Exercise, side and round of each part."""
    parts = [part for part in planned.parts if isinstance(part, Prescription)]
    return [(p.exercise, p.side, p.round.number if p.round else None) for p in parts]


def test_one_side_is_done_after_the_other(back: Programme) -> None:
    sides = [side for exercise, side, _ in done(session(back, "lying", 1)) if "chest" in exercise]
    assert sides == [Side.LEFT, Side.RIGHT]


def test_a_circuit_does_all_of_a_round_before_the_next(back: Programme) -> None:
    found = done(session(back, "chair", 8))
    assert found == [(e, None, n) for n in (1, 2, 3) for e in ("sit-to-stand", "grow-tall")]


def test_what_is_optional_may_be_left_out_and_nothing_else_changes(back: Programme) -> None:
    whole, less = session(back, "lying", 1), session(back, "lying", 1, "knee-drop")
    assert less.parts == tuple(
        part
        for part in whole.parts
        if not (isinstance(part, Prescription) and part.exercise == "knee-drop")
    )


def test_what_is_not_optional_cannot_be_left_out(back: Programme) -> None:
    with pytest.raises(NotInProgrammeError) as caught:
        session(back, "lying", 1, "pelvic-tilt")
    assert str(caught.value) == (
        "pelvic-tilt, under leave_out, cannot be left out of this programme; these can: knee-drop"
    )


def test_what_another_programme_has_is_no_matter(back: Programme) -> None:
    assert session(back, "lying", 1, "quick") == session(back, "lying", 1)


def test_a_session_of_which_no_exercise_remains_is_left_out(back: Programme) -> None:
    lying = next(each for each in back.sessions if each.id == "lying")
    alone = replace(lying, blocks=lying.blocks[-1:])
    only = replace(back, sessions=(*(s for s in back.sessions if s != lying), alone))
    planner = Planner(only, replace(ANYONE, leave_out=("knee-drop",)), None)
    assert "lying" not in planner.times_on(2)
