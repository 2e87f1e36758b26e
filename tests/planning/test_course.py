"""Where a client is on each day: gates, beginning, steps, signs. In words: docs/rules.md."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from voicecoach.content.clinical_state import ANYONE, CheckIn, Delivery, Floor, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Path
from voicecoach.content.translation import Guidance
from voicecoach.planning.course import Course, CourseDay
from voicecoach.planning.gates import Reason
from voicecoach.planning.planner import Planner

On = Callable[..., CourseDay]
FIRST = 5
"""The earliest day with contractions."""
MILD = {"heaviness": True, "eases": True, "bulge": False, "grows": False}


@pytest.fixture(scope="module")
def on(programme: Programme) -> On:
    """Where she is on a day."""

    def on_day(day: int, situation: Situation = ANYONE) -> CourseDay:
        return Course(programme, situation).on(day)

    return on_day


def told(*days: int, **answers: bool) -> tuple[CheckIn, ...]:
    return tuple(CheckIn(day=day, **answers) for day in days)


def good(*days: int) -> tuple[CheckIn, ...]:
    return told(*days, done=True, pain=False, heaviness=False)


def path(today: CourseDay) -> tuple[Path, int, Reason | None]:
    return today.path, today.training_day, today.reason


def step(today: CourseDay) -> tuple[int | None, Reason | None]:
    return today.step, today.reason


# --- without anything known ---------------------------------------------------------------------


def test_the_steps_begin_where_a_dose_changes(programme: Programme) -> None:
    assert programme.first_training_day == FIRST
    assert programme.training_steps == (
        *(5, 8, 10, 20, 22, 29),
        *(36, 43, 50, 57, 64, 71, 78, 85, 92, 99, 106, 113, 127, 141, 155, 169),
        *(183, 211, 239, 267, 295, 323),
    )


@pytest.mark.parametrize("day", [1, 4, 5, 20, 43, 364])
def test_whoever_tells_nothing_follows_the_calendar(on: On, day: int) -> None:
    assert path(on(day)) == (Path.TRAINING, day, None)


# --- effort -------------------------------------------------------------------------------------

HALF, MORE = 9, 10
"""The last step at half of her strength, and the first above it, which begins on day 57."""


def test_without_a_profile_the_calendar_leads(on: On) -> None:
    assert [on(day).step for day in (56, 57, 364)] == [HALF, MORE, 28]


def test_with_a_profile_more_than_half_her_strength_takes_a_recent_good_check_in(on: On) -> None:
    silent = Situation(has_profile=True)
    assert [step(on(day, silent)) for day in (56, 57, 364)] == [
        (HALF, None),
        (HALF, Reason.WAITS_FOR_A_CHECK_IN),
        (HALF, Reason.WAITS_FOR_A_CHECK_IN),
    ]
    assert on(364, silent).training_day == 56
    told_once = replace(silent, check_ins=good(60))
    assert [on(day, told_once).step for day in (60, 61, 68, 74, 75, 364)] == [9, 10, 11, 11, 11, 11]


def test_a_good_check_in_of_fifteen_days_ago_is_too_old(on: On) -> None:
    assert on(57, Situation(has_profile=True, check_ins=good(43))).step == MORE
    assert on(57, Situation(has_profile=True, check_ins=good(42))).step == HALF


@pytest.mark.parametrize("born", [{"delivery": Delivery.ASSISTED}, {"face_up": True}])
def test_after_a_hard_birth_she_stays_at_a_low_effort_until_she_was_checked(
    on: On, born: dict[str, Any]
) -> None:
    hers = Situation(**born)
    assert step(on(364, hers)) == (6, Reason.WAITS_FOR_A_CHECK)
    checked = replace(hers, checked_day=80)
    assert [on(day, checked).step for day in (79, 80, 87)] == [6, 7, 8]
    assert on(100, checked).reason is not Reason.WAITS_FOR_A_CHECK


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


def test_she_begins_on_the_latest_of_own_awareness_clearance_and_catheter(on: On) -> None:
    situation = Situation(
        perineum=Perineum.OASI, started_day=60, cleared_day=70, catheter_out_day=65
    )
    assert path(on(69, situation)) == (Path.TRAINING, FIRST - 1, Reason.WAITS_FOR_CLEARANCE)
    assert on(70, situation).training_day == FIRST


def test_after_oasi_one_clearance_unlocks_the_light_steps_alone(on: On) -> None:
    cleared = Situation(perineum=Perineum.OASI, cleared_day=10)
    assert [on(day, cleared).step for day in (9, 10, 16, 17, 200)] == [None, 1, 1, 2, 2]
    assert on(200, cleared).reason is Reason.AS_FAR_AS_CLEARED


def test_cleared_to_a_step_she_goes_there_one_step_a_week(on: On) -> None:
    cleared = Situation(perineum=Perineum.OASI, cleared_day=10, cleared_to=4)
    assert [on(day, cleared).step for day in (10, 17, 24, 33, 34, 200)] == [1, 2, 3, 3, 4, 4]


def test_a_large_tear_has_the_gates_of_a_tear(on: On) -> None:
    assert on(30, Situation(perineum=Perineum.LARGE_TEAR)).step == 6


# --- beginning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("started_day", [14, 30, 60, 200])
def test_a_late_starter_has_three_days_of_awareness_and_then_the_first_step(
    on: On, started_day: int
) -> None:
    late = Situation(started_day=started_day)
    assert [on(started_day + n, late).training_day for n in range(4)] == [1, 2, 3, FIRST]
    assert path(on(started_day + 3, late)) == (Path.TRAINING, FIRST, Reason.LATE_START)
    assert on(started_day + 2, late).may_contract is False
    assert on(started_day, late).since_day == started_day + 3


def test_for_a_late_starter_each_step_lasts_as_long_as_for_others(on: On) -> None:
    late = Situation(started_day=30)
    assert [on(33 + day - FIRST, late).step for day in (5, 7, 8, 10, 20, 22, 29)] == [
        1, 1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_whoever_starts_before_the_calendar_allows_waits_for_it(on: On) -> None:
    assert path(on(5, Situation(started_day=2))) == (Path.TRAINING, 5, None)


@pytest.mark.parametrize("sign", ["pain", "heaviness"])
def test_a_sign_before_the_first_contraction_puts_the_beginning_off(on: On, sign: str) -> None:
    waits = Situation(check_ins=told(4, **{sign: True}))
    for day in (5, 6, 100):
        assert on(day, waits).may_contract is False
        assert on(day, waits).reason is Reason.WAITS_FOR_A_GOOD_DAY
    better = replace(waits, check_ins=(*waits.check_ins, *told(9, **{sign: False})))
    assert (on(9, better).step, on(10, better).step) == (None, 1)


def test_a_day_that_does_not_answer_for_the_sign_is_no_day_without_it(on: On) -> None:
    hers = Situation(check_ins=(*told(4, pain=True), *told(5, done=True, heaviness=False)))
    assert on(20, hers).may_contract is False


# --- a step back, and on ------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["pain", "heaviness"])
def test_a_sign_makes_a_day_of_breathing_and_then_one_step_back_that_stays(
    on: On, sign: str
) -> None:
    hers = Situation(check_ins=told(31, **{sign: True}))
    assert step(on(31, hers)) == (6, None)
    assert step(on(32, hers)) == (None, Reason.RESTS)
    assert step(on(33, hers)) == (5, Reason.STEPPED_BACK)
    assert on(100, hers).step == 5


def test_from_the_first_step_one_breathes_until_a_told_day_without_the_sign(on: On) -> None:
    hers = Situation(check_ins=told(6, pain=True))
    assert step(on(30, hers)) == (None, Reason.WAITS_FOR_A_GOOD_DAY)
    better = replace(hers, check_ins=(*hers.check_ins, *told(8, pain=False)))
    assert step(on(9, better)) == (1, Reason.STEPPED_BACK)


def test_three_good_days_go_on_one_step_also_with_days_between(on: On) -> None:
    hers = Situation(check_ins=(*told(40, pain=True), *good(42, 50, 58)))
    assert [on(day, hers).step for day in (42, 58, 59, 100)] == [6, 6, 7, 7]


def test_a_new_step_comes_no_sooner_than_for_others(on: On) -> None:
    """On day 23 she had her step of a week for one day."""
    hers = Situation(check_ins=(*told(23, **MILD), *good(*range(24, 60))))
    assert [on(day, hers).step for day in (25, 27, 28, 32, 33)] == [4, 4, 5, 5, 6]


@pytest.mark.parametrize(
    "days",
    [
        good(33, 34),
        (*good(33, 34), *told(35, done=False, pain=False, heaviness=False)),
        (*good(33, 34), *told(35, done=True, heaviness=False)),
        (*good(33, 34), *told(35, done=True, pain=True), *good(37, 38)),
        good(32, 33, 34),
        (),
    ],
    ids=["two", "not done", "not asked", "the sign again", "a day of breathing", "untold"],
)
def test_nothing_less_goes_on(on: On, days: tuple[CheckIn, ...]) -> None:
    hers = Situation(check_ins=(*told(31, pain=True), *days))
    assert (on(39, hers).step or 0) <= 5


def test_bad_news_does_not_rewind_how_often(on: On, programme: Programme) -> None:
    hers = Situation(check_ins=told(200, pain=True))
    days = range(203, 210)
    course = Course(programme, hers)
    assert [d for d in days if course.on(d).has_contractions] == [
        d for d in days if on(d).has_contractions
    ]


def test_leaking_alone_moves_nothing_and_spoils_no_good_day(on: On) -> None:
    leaking = told(33, 34, 35, done=True, pain=False, heaviness=False, leaks=True)
    assert path(on(36, Situation(check_ins=leaking))) == (Path.TRAINING, 36, None)
    assert on(36, Situation(check_ins=(*told(31, pain=True), *leaking))).step == 6


@pytest.mark.parametrize("answers", [{"leaks_more": True}, {"leaks": True, "leaks_more": True}])
def test_leaking_that_practising_makes_worse_is_a_sign(on: On, answers: dict[str, bool]) -> None:
    hers = Situation(check_ins=told(31, done=True, **answers))
    assert step(on(32, hers)) == (None, Reason.RESTS)
    assert step(on(33, hers)) == (5, Reason.STEPPED_BACK)
    better = replace(hers, check_ins=(*hers.check_ins, *good(33, 34, 35)))
    assert on(36, better).step == 5, "it was not asked"
    asked = tuple(replace(each, leaks=False) for each in good(33, 34, 35))
    assert on(36, replace(hers, check_ins=(*hers.check_ins, *asked))).step == 6


def test_an_easier_step_is_one_lower_without_a_day_of_breathing(on: On) -> None:
    hers = Situation(check_ins=told(31, done=True, leaks=True, easier=True))
    assert step(on(32, hers)) == step(on(100, hers)) == (5, Reason.STEPPED_BACK)
    on_again = replace(hers, check_ins=(*hers.check_ins, *good(33, 34, 35)))
    assert on(36, on_again).step == 6
    assert on(7, Situation(check_ins=told(6, easier=True))).step == 1, "never below the first"


# --- pause --------------------------------------------------------------------------------------


def test_seven_days_not_done_lower_a_step_and_fourteen_begin_again(on: On) -> None:
    seven = Situation(check_ins=told(*range(24, 31), done=False))
    assert step(on(31, seven)) == (5, Reason.PAUSED)
    fourteen = Situation(check_ins=told(*range(24, 38), done=False))
    assert step(on(38, fourteen)) == (1, Reason.PAUSED)


def test_days_of_which_nothing_is_told_change_nothing(on: On) -> None:
    assert on(38, Situation(check_ins=told(24, 37, done=False))).step == 7


# --- standing still -----------------------------------------------------------------------------


def test_not_felt_goes_back_to_breathing_until_felt_and_then_begins_again(on: On) -> None:
    hers = Situation(check_ins=(*told(25, felt=False), *told(30, felt=True)))
    assert path(on(26, hers)) == (Path.BREATHING, FIRST - 1, Reason.NOT_FELT)
    assert path(on(30, hers)) == (Path.BREATHING, FIRST - 1, Reason.NOT_FELT)
    assert path(on(31, hers)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)


def test_after_six_weeks_of_not_feeling_it_the_reason_is_another(on: On) -> None:
    hers = Situation(check_ins=told(25, 60, felt=False))
    assert on(26 + 41, hers).reason is Reason.NOT_FELT
    assert on(26 + 42, hers).reason is Reason.NOT_FELT_LONG
    assert on(364, hers).path is Path.BREATHING


def test_feeling_it_again_with_pain_begins_nothing(on: On) -> None:
    signs = told(6, felt=True, pain=True, heaviness=True)
    hers = Situation(check_ins=(*told(5, felt=False), *signs))
    assert not any(on(day, hers).may_contract for day in range(6, 60))


def test_not_let_go_goes_to_the_release_path(on: On) -> None:
    hers = Situation(check_ins=(*told(25, let_go=False), *told(30, let_go=True)))
    assert path(on(26, hers)) == (Path.RELEASE, FIRST - 1, Reason.CANNOT_LET_GO)
    assert on(26, hers).day_on_path == 1
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
    assert (on(22, hers).step, on(23, hers).step) == (None, 1)


# --- talks and words ----------------------------------------------------------------------------


def test_a_session_that_comes_late_is_spoken_in_full_the_first_time(programme: Programme) -> None:
    tense = (*told(59, let_go=False), *told(66, let_go=True))
    planner = Planner(programme, Situation(started_day=60, check_ins=tense), None)
    breathing = {
        day: session.guidance
        for day in range(60, 80)
        for session in planner.day(day).sessions
        if session.id == "breathing"
    }
    assert next(iter(breathing.items())) == (67, Guidance.FULL)


def test_nobody_in_pain_hears_of_running(programme: Programme) -> None:
    signs = (*told(4, pain=True), *told(130, pain=False))
    planner = Planner(programme, Situation(check_ins=signs), None)
    heard = [
        day
        for day in range(1, 200)
        if "explanation-running" in {session.id for session in planner.day(day).sessions}
    ]
    assert len(heard) == 1
    assert heard[0] > 130


# --- stop and call ------------------------------------------------------------------------------


def test_a_red_flag_stops_contractions_at_once_and_for_good(on: On) -> None:
    hers = Situation(check_ins=(*told(25, red_flag=True), *good(26, 27, 28)))
    for day in (25, 26, 40, 364):
        assert path(on(day, hers)) == (Path.BREATHING, FIRST - 1, Reason.STOPPED)
    assert on(24, hers).path is Path.TRAINING


@pytest.mark.parametrize("answers", [{"pain": True}, {"heaviness": True}, {**MILD, "grows": True}])
def test_trouble_on_two_told_days_in_a_row_stops(on: On, answers: dict[str, bool]) -> None:
    hers = Situation(check_ins=told(30, 33, **answers))
    assert step(on(33, hers)) == (None, Reason.STOPPED)
    assert step(on(364, hers)) == (None, Reason.STOPPED)


def test_trouble_on_three_of_fourteen_days_stops(on: On) -> None:
    between = good(31, 36)
    hers = Situation(check_ins=(*told(30, 35, 43, pain=True), *between))
    hers = replace(hers, check_ins=tuple(sorted(hers.check_ins, key=lambda each: each.day)))
    assert on(43, hers).reason is Reason.STOPPED
    later = tuple(replace(each, day=44) if each.day == 43 else each for each in hers.check_ins)
    assert on(44, replace(hers, check_ins=later)).reason is not Reason.STOPPED


def test_mild_heaviness_stops_nobody_in_the_first_six_weeks(on: On) -> None:
    early = Situation(check_ins=told(12, 13, 26, **MILD))
    assert on(40, early).reason is not Reason.STOPPED
    late = Situation(check_ins=told(43, 44, **MILD))
    assert on(44, late).reason is Reason.STOPPED


@pytest.mark.parametrize("cleared_day", [None, 10, 25])
def test_only_a_later_clearance_lifts_it(on: On, cleared_day: int | None) -> None:
    hers = Situation(cleared_day=cleared_day, check_ins=told(25, red_flag=True))
    assert on(60, hers).path is Path.BREATHING


def test_cleared_later_she_begins_again_at_the_first_step(on: On) -> None:
    hers = Situation(cleared_day=32, check_ins=told(25, red_flag=True))
    assert on(31, hers).training_day == FIRST - 1
    assert path(on(32, hers)) == (Path.TRAINING, FIRST, Reason.BEGAN_AGAIN)
    assert [on(day, hers).step for day in (38, 39, 46)] == [1, 2, 3]


def test_a_red_flag_before_the_first_contraction_keeps_it_from_coming(on: On) -> None:
    assert on(30, Situation(check_ins=told(0, red_flag=True))).path is Path.BREATHING


def test_the_first_rule_decides(on: On) -> None:
    hers = Situation(check_ins=told(25, pain=True, felt=False, let_go=False))
    assert on(26, hers).path is Path.RELEASE


def test_a_clearance_after_a_stop_does_not_move_how_often_she_trains(on: On) -> None:
    """Also after a torn sphincter, where her first clearance was the beginning."""
    once = Situation(perineum=Perineum.OASI, cleared_day=10, cleared_to=6)
    stopped = replace(once, check_ins=told(200, red_flag=True))
    again = replace(stopped, cleared_day=210, first_cleared_day=10)
    assert not any(on(day, again).has_contractions for day in range(200, 210))
    assert on(217, again).step == 2
    for day in range(210, 300):
        assert on(day, again).permitted_day == on(day, once).permitted_day, day
        assert on(day, again).has_contractions <= on(day, once).has_contractions, day
