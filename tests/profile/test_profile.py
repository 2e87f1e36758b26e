"""What she told, as the plan sees it: days instead of dates, one check-in a day."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach import dates
from voicecoach.content.clinical_state import CheckIn, Delivery, Floor, Perineum, Position
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.profile import Profile, first_start

BIRTH = date(2026, 11, 1)
TODAY = date(2026, 12, 1)


def profile(**answers: object) -> Profile:
    return Profile(**{"birth_date": BIRTH, "started": BIRTH + timedelta(days=1), **answers})  # type: ignore[arg-type]


def faults(today: date = TODAY, **answers: object) -> list[str]:
    return [f"{name}: {message}" for name, message in profile(**answers).faults(today)]


# Days


def test_days_count_from_the_birth() -> None:
    assert profile().today_day(BIRTH) == 0
    assert profile().today_day(BIRTH + timedelta(days=15)) == 15


def test_the_plan_sees_days_where_she_told_dates() -> None:
    situation = profile(
        delivery=Delivery.CAESAREAN,
        perineum=Perineum.OASI,
        floor=Floor.NORMAL,
        position=Position.NURSING,
        sessions_a_day=2,
        started=date(2026, 11, 4),
        cleared_on=date(2026, 11, 20),
        catheter_out_on=date(2026, 11, 3),
    ).situation()
    assert (situation.started_day, situation.cleared_day, situation.catheter_out_day) == (3, 19, 2)
    assert situation.answers() == {
        "delivery": "caesarean",
        "perineum": "oasi",
        "floor": "normal",
        "position": "nursing",
        "sessions_a_day": "2",
    }


def test_the_plan_knows_what_she_leaves_out() -> None:
    assert profile(leave_out=("knee-drop",)).situation().leave_out == ("knee-drop",)


def test_what_she_did_not_say_is_unknown_to_the_plan() -> None:
    assert set(profile().situation().answers().values()) == {None}


# Check-ins of one day


def test_of_several_check_ins_of_a_day_the_latest_answer_to_each_question_counts() -> None:
    told = [
        CheckIn(day=5, done=False, pain=True),
        CheckIn(day=4, done=True),
        CheckIn(day=5, done=True, felt=False),
    ]
    assert profile().situation(told).check_ins == (
        CheckIn(day=4, done=True),
        CheckIn(day=5, done=True, pain=True, felt=False),
    )


def test_a_red_flag_stays_whatever_is_told_later_that_day() -> None:
    told = [CheckIn(day=5, red_flag=True), CheckIn(day=5, done=True, pain=False)]
    assert profile().situation(told).check_ins[0].red_flag


@given(
    st.lists(
        st.builds(
            CheckIn, day=st.integers(0, 9), pain=st.none() | st.booleans(), red_flag=st.booleans()
        )
    )
)
def test_there_is_one_check_in_a_day_in_order_and_none_forgets_a_flag(told: list[CheckIn]) -> None:
    merged = profile().situation(told).check_ins
    assert [each.day for each in merged] == sorted({each.day for each in told})
    for each in merged:
        same = [t for t in told if t.day == each.day]
        assert each.red_flag == any(t.red_flag for t in same)
        assert each.pain == next((t.pain for t in reversed(same) if t.pain is not None), None)


# What cannot be so


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"birth_date": date(2026, 12, 2), "started": TODAY}, "birth_date: 2026-12-02 lies in the"),
        ({"started": date(2026, 10, 31)}, "started: 2026-10-31 lies before the birth"),
        ({"started": date(2026, 12, 2)}, "started: 2026-12-02 lies in the future"),
        ({"cleared_on": date(2026, 10, 1)}, "cleared_on: 2026-10-01 lies before the birth"),
        ({"cleared_on": date(2026, 12, 2)}, "cleared_on: 2026-12-02 lies in the future"),
        ({"catheter_out_on": date(2026, 10, 1)}, "catheter_out_on: 2026-10-01 lies before"),
        ({"has_catheter": True, "catheter_out_on": TODAY}, "catheter_out_on: a catheter that is"),
        ({"times_of_day": (time(9), time(8))}, "times_of_day: write the times of day in order"),
        ({"times_of_day": ()}, "times_of_day: "),
    ],
)
def test_what_cannot_be_so_is_told(answers: dict[str, object], told: str) -> None:
    found = faults(**answers)
    assert any(fault.startswith(told) for fault in found), found


def test_who_gave_birth_today_begins_tomorrow() -> None:
    assert faults(today=BIRTH) == []
    assert first_start(BIRTH, BIRTH) == BIRTH + timedelta(days=1)


# New, and changed


def test_nobody_begins_with_the_long_holds_of_a_later_week() -> None:
    assert profile_profile.new_profile({"birth_date": BIRTH}, TODAY).started == TODAY
    assert profile_profile.new_profile({"birth_date": TODAY}, TODAY).started == TODAY + timedelta(
        days=1
    )


def test_the_plan_hears_of_a_baby_born_face_up_and_of_the_check() -> None:
    told = profile(face_up=True, checked_on=BIRTH + timedelta(days=50))
    hers = told.situation()
    assert hers.has_profile
    assert [hers.may_exert_herself(day) for day in (49, 50)] == [False, True]
    assert profile(face_up=None).situation().may_exert_herself(1)


def test_who_says_when_she_began_began_then() -> None:
    told = {"birth_date": BIRTH, "started": date(2026, 11, 9)}
    assert profile_profile.new_profile(told, TODAY).started == date(2026, 11, 9)


def test_a_catheter_that_is_no_longer_in_came_out_today() -> None:
    held = profile(has_catheter=True)
    assert profile_profile.changed(held, {"has_catheter": False}, TODAY).catheter_out_on == TODAY
    never = profile_profile.changed(profile(), {"has_catheter": False}, TODAY)
    assert never.catheter_out_on is None


def test_a_catheter_that_is_in_again_has_not_come_out() -> None:
    before = profile(catheter_out_on=date(2026, 11, 3))
    after = profile_profile.changed(before, {"has_catheter": True}, TODAY)
    assert list(after.faults(TODAY)) == []


def test_a_floor_that_is_no_longer_tense_begins_at_the_first_step() -> None:
    before = profile(floor=Floor.OVER_TENSE)
    assert profile_profile.changed(before, {"floor": Floor.NORMAL}, TODAY).started == TODAY
    told = {"floor": Floor.NORMAL, "started": date(2026, 11, 20)}
    assert profile_profile.changed(before, told, TODAY).started == date(2026, 11, 20)


def test_a_tear_that_was_said_wrong_begins_at_the_first_step() -> None:
    before = profile(perineum=Perineum.OASI)
    assert profile_profile.changed(before, {"perineum": Perineum.TEAR}, TODAY).started == TODAY


def test_a_clearance_has_its_own_day() -> None:
    before = profile(perineum=Perineum.OASI)
    after = profile_profile.changed(before, {"cleared_on": date(2026, 11, 20)}, TODAY)
    assert (after.cleared_on, after.started) == (date(2026, 11, 20), before.started)


def test_the_first_of_several_clearances_is_kept() -> None:
    """How often she trains counts from it."""
    first, later = date(2026, 11, 20), date(2026, 11, 25)
    before = profile(perineum=Perineum.OASI, cleared_on=first)
    again = profile_profile.changed(before, {"cleared_on": later}, TODAY)
    assert (again.cleared_on, again.first_cleared_on) == (later, first)
    kept = profile_profile.changed(again, {"cleared_to": 4}, TODAY)
    assert kept.first_cleared_on == first
    none = profile_profile.changed(again, {"cleared_on": None}, TODAY)
    assert none.first_cleared_on is None


def test_a_step_holds_for_the_clearance_it_was_named_in() -> None:
    """After OASI: who is cleared later, with no step named, gets the light steps only."""
    day, later = date(2026, 11, 20), date(2026, 11, 25)

    def step(told: dict[str, object], **before: object) -> int | None:
        asked = {"perineum": Perineum.OASI, "cleared_on": day, "cleared_to": 6, **before}
        return profile_profile.changed(profile(**asked), told, TODAY).cleared_to

    assert step({"cleared_on": later}) is None
    assert step({"cleared_on": later, "cleared_to": 4}) == 4
    assert step({"cleared_on": later}, cleared_to=1) == 1, "lower than the light steps"
    assert step({"cleared_on": day}) == 6, "the same clearance"
    assert step({"cleared_on": date(2026, 11, 19)}) == 6, "its day was wrong"
    assert step({"cleared_on": None}) == 6, "nothing is open"
    assert step({"cleared_on": later}, cleared_on=None) is None, "that one was taken back"
    assert step({"cleared_on": later}, perineum=Perineum.TEAR) == 6, "a limit, which stays"


def test_what_has_nothing_to_do_with_contractions_moves_nothing() -> None:
    after = profile_profile.changed(profile(), {"name": "Noor", "position": Position.LYING}, TODAY)
    assert after == profile(name="Noor", position=Position.LYING)


def test_her_own_birth_date_is_not_that_of_her_child() -> None:
    told = {"birth_date": date(1994, 5, 2)}
    (fault,) = profile_profile.faults(profile_profile.new_profile(told, TODAY), told, TODAY)
    assert "more than two years ago" in fault[1]


# Days as they are written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-02-30", "there is no day 30 in February 2026"),
        ("2026-13-01", "there is no month 13"),
        ("2026-1-1", "a day is expected as 2026-11-01"),
        ("١٢٣٤-01-01", "a day is expected"),
        ("0000-01-01", "there is no month 1 in a year 0"),
        ("", "a day is expected"),
    ],
)
def test_a_day_that_is_none_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        dates.parse_day(text)


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert dates.parse_day(day.isoformat()) == day
    assert dates.parse_spoken_day(f"{day.day}-{day.month}-{day.year:04}") == day


@given(st.text(max_size=12))
def test_a_text_is_a_day_or_a_value_error(text: str) -> None:
    for parse in (dates.parse_day, dates.parse_spoken_day, dates.parse_time):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)
