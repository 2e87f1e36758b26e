"""Where a woman is on each day: gates, late starts, check-ins."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from voicecoach.content.clinical_state import ANYONE, CheckIn, Floor, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Path
from voicecoach.planning.course import Course, CourseDay, Reason

On = Callable[..., CourseDay]
FIRST = 5
"""The earliest day with contractions."""


@pytest.fixture(scope="module")
def on(programme: Programme) -> On:
    """Where she is on a day."""

    def on_day(day: int, situation: Situation = ANYONE) -> CourseDay:
        return Course(programme, situation).on(day)

    return on_day


def told(*days: int, **answers: bool) -> tuple[CheckIn, ...]:
    return tuple(CheckIn(day=day, **answers) for day in days)


def good(*days: int) -> tuple[CheckIn, ...]:
    return told(*days, done=True, pain=False)


def path(today: CourseDay) -> tuple[Path, int, Reason | None]:
    return today.path, today.training_day, today.reason


# --- without anything known ---------------------------------------------------------------------


def test_the_steps_begin_where_a_hold_grows(programme: Programme) -> None:
    assert programme.first_training_day == FIRST
    assert programme.training_steps == (5, 8, 10, 20, 22, 29, 36, 43)


@pytest.mark.parametrize("day", [1, 4, 5, 20, 43, 364])
def test_whoever_tells_nothing_follows_the_calendar(on: On, day: int) -> None:
    assert path(on(day)) == (Path.TRAINING, day, None)


# --- gates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("situation", "path_wanted", "reason"),
    [
        (Situation(floor=Floor.OVER_TENSE), Path.RELEASE, Reason.OVER_TENSE),
        (Situation(has_catheter=True), Path.BREATHING, Reason.WAITS_FOR_CATHETER),
        (Situation(perineum=Perineum.OASI), Path.BREATHING, Reason.WAITS_FOR_CLEARANCE),
    ],
)
def test_who_may_not_contract_never_does(
    on: On, situation: Situation, path_wanted: Path, reason: Reason
) -> None:
    for day in (5, 20, 364):
        assert path(on(day, situation)) == (path_wanted, FIRST - 1, reason)


def test_an_over_tense_floor_weighs_more_than_any_clearance(on: On) -> None:
    situation = Situation(floor=Floor.OVER_TENSE, perineum=Perineum.OASI, cleared_day=10)
    assert on(30, situation).path is Path.RELEASE


def test_steps_count_from_the_latest_of_start_clearance_and_catheter(on: On) -> None:
    situation = Situation(
        perineum=Perineum.OASI, started_day=60, cleared_day=70, catheter_out_day=65
    )
    assert on(69, situation).training_day == FIRST - 1
    assert on(69, situation).reason is Reason.WAITS_FOR_CLEARANCE
    assert on(70, situation).training_day == FIRST
    assert on(85, situation).training_day == 20


def test_a_late_starter_begins_at_the_first_step(on: On) -> None:
    late = on(200, Situation(started_day=200))
    assert path(late) == (Path.TRAINING, FIRST, Reason.LATE_START)
    assert late.since_day == 200


def test_before_a_late_start_the_note_names_the_day_it_begins(on: On) -> None:
    assert on(8, Situation(started_day=12)).since_day == 12


def test_whoever_starts_before_the_calendar_allows_waits_for_it(on: On) -> None:
    assert path(on(5, Situation(started_day=2))) == (Path.TRAINING, 5, None)


# --- a step back, and on ------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["pain", "heaviness"])
def test_pain_or_heaviness_goes_back_one_step_from_the_next_day_and_stays(
    on: On, sign: str
) -> None:
    hers = Situation(check_ins=told(31, **{sign: True}))
    assert on(31, hers).training_day == 31
    assert path(on(32, hers)) == (Path.TRAINING, 28, Reason.STEPPED_BACK)
    assert on(100, hers).training_day == 28


def test_from_the_first_step_one_goes_back_to_breathing(on: On) -> None:
    assert on(7, Situation(check_ins=told(6, pain=True))).training_day == FIRST - 1


def test_while_still_breathing_there_is_no_step_back(on: On) -> None:
    hers = Situation(check_ins=told(2, 3, pain=True))
    assert path(on(5, hers)) == (Path.TRAINING, 5, None)


def test_three_good_days_in_a_row_go_on_one_step(on: On) -> None:
    back_twice = told(40, 41, pain=True)
    hers = Situation(check_ins=(*back_twice, *good(42, 43, 44)))
    assert on(44, hers).training_day == 28
    assert on(45, hers).training_day == 35
    assert on(60, hers).training_day == 35, "each step asks for three good days of its own"


def test_good_days_never_overtake_the_calendar(on: On) -> None:
    hers = Situation(check_ins=(*told(31, pain=True), *good(32, 33, 34, 35, 36, 37, 38)))
    for day in range(35, 60):
        assert path(on(day, hers)) == (Path.TRAINING, day, None)


@pytest.mark.parametrize(
    "row",
    [
        good(32, 33),
        good(32, 34, 36),
        (*good(32, 33), *told(34, done=False), *good(35)),
        (*good(32, 33), *told(34, done=True), *good(35)),
        (*good(32, 33), *told(34, done=True, pain=False, felt=False), *good(35, 36)),
    ],
    ids=["two", "with days between", "one not done", "one untold", "one not felt"],
)
def test_less_than_three_good_days_in_a_row_change_nothing(
    on: On, row: tuple[CheckIn, ...]
) -> None:
    hers = Situation(check_ins=(*told(31, pain=True), *row))
    assert on(40, hers).training_day <= 28


def test_leaking_alone_moves_nothing_and_spoils_no_good_day(on: On) -> None:
    leaking = told(32, 33, 34, done=True, pain=False, leaks=True)
    assert path(on(35, Situation(check_ins=leaking))) == (Path.TRAINING, 35, None)
    hers = Situation(check_ins=(*told(31, pain=True), *leaking))
    assert path(on(35, hers)) == (Path.TRAINING, 35, None)


def test_after_a_late_start_and_a_step_back_the_note_names_the_start_again(on: On) -> None:
    hers = Situation(started_day=12, check_ins=(*told(20, pain=True), *good(21, 22, 23)))
    assert on(24, hers).reason is Reason.LATE_START
    assert on(24, hers).since_day == 12


# --- standing still -----------------------------------------------------------------------------


def test_not_felt_goes_back_to_breathing_until_felt_and_then_begins_again(on: On) -> None:
    hers = Situation(check_ins=(*told(25, felt=False), *told(30, felt=True)))
    assert path(on(26, hers)) == (Path.BREATHING, FIRST - 1, Reason.NOT_FELT)
    assert path(on(30, hers)) == (Path.BREATHING, FIRST - 1, Reason.NOT_FELT)
    assert path(on(31, hers)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)


def test_not_let_go_goes_to_the_release_path(on: On) -> None:
    hers = Situation(check_ins=(*told(25, let_go=False), *told(30, let_go=True)))
    assert path(on(26, hers)) == (Path.RELEASE, FIRST - 1, Reason.CANNOT_LET_GO)
    assert path(on(31, hers)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)


def test_letting_go_again_is_not_enough_for_whoever_does_not_feel_it(on: On) -> None:
    hers = Situation(check_ins=(*told(10, felt=False, let_go=False), *told(13, let_go=True)))
    assert path(on(14, hers)) == (Path.BREATHING, FIRST - 1, Reason.NOT_FELT)
    both = replace(hers, check_ins=(*hers.check_ins, *told(15, felt=True)))
    assert path(on(16, both)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)


def test_whoever_feels_nothing_before_the_first_contraction_goes_on_breathing(on: On) -> None:
    hers = Situation(check_ins=(*told(3, felt=False), *told(9, felt=True)))
    assert on(8, hers).path is Path.BREATHING
    assert path(on(10, hers)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)


def test_whoever_feels_it_again_before_she_may_begin_still_waits(on: On) -> None:
    hers = Situation(started_day=20, check_ins=(*told(3, felt=False), *told(9, felt=True)))
    assert on(19, hers).training_day == FIRST - 1
    assert on(20, hers).training_day == FIRST


# --- red flags ----------------------------------------------------------------------------------


def test_a_red_flag_stops_contractions_at_once_and_for_good(on: On) -> None:
    hers = Situation(check_ins=(*told(25, red_flag=True), *good(26, 27, 28)))
    for day in (25, 26, 40, 364):
        assert path(on(day, hers)) == (Path.BREATHING, FIRST - 1, Reason.STOPPED)
    assert on(24, hers).path is Path.TRAINING


@pytest.mark.parametrize("cleared_day", [None, 10, 25])
def test_only_a_later_clearance_lifts_it(on: On, cleared_day: int | None) -> None:
    hers = Situation(cleared_day=cleared_day, check_ins=told(25, red_flag=True))
    assert on(60, hers).path is Path.BREATHING


def test_cleared_later_she_begins_again_at_the_first_step(on: On) -> None:
    hers = Situation(cleared_day=32, check_ins=told(25, red_flag=True))
    assert on(31, hers).training_day == FIRST - 1
    assert path(on(32, hers)) == (Path.TRAINING, FIRST, Reason.LATE_START)


def test_a_red_flag_before_the_first_contraction_keeps_it_from_coming(on: On) -> None:
    assert on(30, Situation(check_ins=told(0, red_flag=True))).path is Path.BREATHING


def test_the_first_rule_decides(on: On) -> None:
    hers = Situation(check_ins=told(25, pain=True, felt=False, let_go=False))
    assert on(26, hers).path is Path.RELEASE
