"""What holds for every client, whatever she tells: see docs/rules.md."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.content.clinical_state import CheckIn, Floor, Perineum, Sign, Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.programme import Programme
from voicecoach.planning import gates, parts
from voicecoach.planning.course import Course, CourseDay
from voicecoach.planning.planner import PlannedDay, Planner

LAST_DAY = 130
ANSWERS = st.sampled_from((None, None, False, True))
BAD = {
    "pain": True,
    "heaviness": True,
    "red_flag": True,
    "done": False,
    "felt": False,
    "let_go": False,
}
"""The answers that are bad news."""
ONCE_A_DAY = st.builds(
    CheckIn,
    day=st.integers(-1, LAST_DAY),
    done=st.sampled_from((None, True, True, False)),
    pain=st.sampled_from((None, False, False, False, True)),
    heaviness=st.sampled_from((None, False, False, False, True)),
    felt=st.sampled_from((None, None, None, True, False)),
    let_go=st.sampled_from((None, None, None, True, False)),
    red_flag=st.sampled_from((None,) * 12 + (True,)),
    eases=ANSWERS,
    bulge=ANSWERS,
    grows=ANSWERS,
)


def in_order(check_ins: Iterable[CheckIn]) -> tuple[CheckIn, ...]:
    return tuple(sorted(check_ins, key=lambda each: each.day))


@st.composite
def runs(draw: st.DrawFn) -> tuple[CheckIn, ...]:
    """Check-ins on many days, with gaps, most of them good: so steps are climbed."""
    first = draw(st.integers(1, 30))
    told = {}
    for day in range(first, first + draw(st.integers(0, 60))):
        kind = draw(st.sampled_from("gggggggggphmn--"))
        told[day] = {
            "g": CheckIn(day=day, done=True, pain=False, heaviness=False),
            "p": CheckIn(day=day, done=True, pain=True),
            "h": CheckIn(day=day, heaviness=True),
            "m": CheckIn(day=day, heaviness=True, eases=True, bulge=False, grows=False),
            "n": CheckIn(day=day, done=False),
            "-": None,
        }[kind]
    told |= {each.day: each for each in draw(st.lists(ONCE_A_DAY, max_size=4))}
    return in_order(each for each in told.values() if each is not None)


CHECK_INS = st.lists(ONCE_A_DAY, max_size=12, unique_by=lambda each: each.day).map(in_order)
SITUATIONS = st.builds(
    Situation,
    perineum=st.sampled_from((None, None, *Perineum)),
    floor=st.sampled_from((None, None, None, *Floor)),
    has_catheter=st.sampled_from((False, False, False, True)),
    sessions_a_day=st.sampled_from((None, 1, 2, 3)),
    started_day=st.sampled_from((1, 1, 2, 5, 14, 30, 60)),
    cleared_day=st.none() | st.integers(0, LAST_DAY),
    cleared_to=st.sampled_from((None, None, 1, 3, 6)),
    long_holds=st.booleans(),
    catheter_out_day=st.none() | st.integers(0, 40),
    check_ins=CHECK_INS | runs(),
)


def plan(programme: Programme, situation: Situation, last_day: int = LAST_DAY) -> list[PlannedDay]:
    hers = Planner(programme, situation, None)
    return [hers.day(day) for day in range(1, last_day + 1)]


def asked(day: PlannedDay) -> dict[str, int]:
    """Every number that a day asks for."""
    doses = [dose for session in day.listening for dose in session.all_contractions]
    return {
        "contractions": day.contraction_count,
        "under tension": sum(session.under_tension_ms for session in day.listening),
        "longest hold": max((dose.hold_ms for dose in doses), default=0),
        "intensity": max((session.intensity_percent for session in day.listening), default=0),
        "sets": sum(dose.sets for dose in doses),
        "time": sum(dose.duration_ms for dose in doses),
        "sessions": sum(bool(session.all_contractions) for session in day.listening),
    }


def without(check_in: CheckIn, names: Iterable[str]) -> CheckIn:
    """``check_in`` with the bad answers among ``names`` taken out."""
    return replace(check_in, **{n: None for n in names if getattr(check_in, n) is BAD[n]})


def more(now: list[PlannedDay], then: list[PlannedDay]) -> list[str]:
    """What the days of ``now`` ask for more of than those of ``then``."""
    return [
        f"day {bad.day}: {number} {name}, where it would have been {asked(good)[name]}"
        for bad, good in zip(now, then, strict=True)
        for name, number in asked(bad).items()
        if number > asked(good)[name]
    ]


def contracts_after_pain_twice(days: list[PlannedDay], situation: Situation) -> list[int]:
    """The days with contractions although pain was reported on two reported days in a row, and no
    clinician said anything."""
    told = [each for each in situation.check_ins if each.pain is not None]
    stopped_on = min(
        (b.day for a, b in pairwise(told) if a.pain and b.pain), default=days[-1].day + 1
    )
    return [day.day for day in days if day.day >= stopped_on and day.contraction_count]


@settings(max_examples=60, deadline=None)
@given(situation=SITUATIONS, data=st.data())
def test_bad_news_never_means_more_on_any_later_day(
    situation: Situation, data: st.DataObject, programme: Programme
) -> None:
    names = st.sets(st.sampled_from(sorted(BAD)), min_size=1) | st.just(set(BAD))
    keeps = st.sampled_from((set[str](), set(BAD)))
    better = tuple(
        without(each, data.draw(keeps | names, label=f"taken out on day {each.day}"))
        for each in situation.check_ins
    )
    now = plan(programme, situation)
    then = plan(programme, replace(situation, check_ins=better))
    assert not more(now, then)


@settings(max_examples=30, deadline=None)
@given(situation=SITUATIONS)
def test_no_contraction_while_a_gate_is_shut(situation: Situation, programme: Programme) -> None:
    stops = gates.stops(programme, situation)
    begins, _ = gates.first_permitted_day(programme, situation)
    for day in plan(programme, situation):
        is_stopped = any(first <= day.day <= (last or LAST_DAY) for first, last in stops)
        is_shut = gates.barred(situation) is not None or is_stopped or day.day < begins
        if is_shut or not day.course.may_contract:
            assert not day.contraction_count, f"day {day.day}"


@settings(max_examples=30, deadline=None)
@given(situation=SITUATIONS)
def test_pain_on_two_told_days_in_a_row_stops_for_good(
    situation: Situation, programme: Programme
) -> None:
    uncleared = replace(situation, cleared_day=None)
    assert not contracts_after_pain_twice(plan(programme, uncleared), uncleared)


@settings(max_examples=30, deadline=None)
@given(situation=SITUATIONS)
def test_no_step_is_skipped_nor_shorter_than_a_beginners(
    situation: Situation, programme: Programme
) -> None:
    days = plan(programme, situation)
    lengths = [b - a for a, b in pairwise(programme.training_steps)]
    highest, on_highest = 0, 0
    for day in days:
        step = day.course.step
        if step is None:
            continue
        assert step <= highest + 1, f"day {day.day}"
        if step > highest > 0:
            assert on_highest >= lengths[highest - 1], f"day {day.day}"
        if step > highest:
            highest, on_highest = step, 0
        on_highest += step == highest


@settings(max_examples=15, deadline=None)
@given(
    sign=st.sampled_from(("pain", "heaviness")),
    sign_day=st.integers(1, 100),
    started_day=st.sampled_from((1, 14, 50)),
    gap=st.integers(1, 4),
)
def test_after_one_sign_three_told_good_days_are_enough_to_go_on(
    sign: str, sign_day: int, started_day: int, gap: int, programme: Programme
) -> None:
    good = (
        CheckIn(day=sign_day + gap * n, done=True, pain=False, heaviness=False)
        for n in range(1, 60)
    )
    check_ins = (CheckIn(day=sign_day, **{sign: True}), *good)
    situation = Situation(started_day=started_day, check_ins=check_ins)
    days = plan(programme, situation, 364)
    begins, _ = gates.first_permitted_day(programme, situation)
    third_good_day = sign_day + 3 * gap
    after = [d for d in days if d.day > max(third_good_day, begins)]
    assert after[0].course.may_contract
    first_step = after[0].course.step or 0
    assert max(each.course.step or 0 for each in after) > min(first_step, 6), "steps rise again"


@settings(max_examples=8, deadline=None)
@given(started_day=st.integers(1, 350))
def test_a_late_starter_breathes_three_days_and_begins_within_a_week(
    started_day: int, programme: Programme
) -> None:
    days = plan(programme, Situation(started_day=started_day), 360)
    contracting = [d.day for d in days if d.contraction_count]
    assert contracting[0] == max(5, started_day + 3)
    assert days[contracting[0] - 1].course.step == 1
    parts = [
        part
        for day in days[started_day - 1 : contracting[0] - 1]
        for session in day.sessions
        for part in session.parts
        if isinstance(part, Prescription)
    ]
    assert parts, "her own days of awareness have breathing"


# --- the properties notice what was wrong before ------------------------------------------------


def test_the_first_would_notice_that_pain_rewinds_how_often(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rewound(course: Course, day: int) -> CourseDay:
        today = on(course, day)
        return replace(today, permitted_day=today.training_day, has_contractions=today.may_contract)

    on = Course.on
    monkeypatch.setattr(Course, "on", rewound)
    in_pain = Situation(check_ins=(CheckIn(day=200, done=True, pain=True),))
    fine = Situation(check_ins=(CheckIn(day=200, done=True),))
    assert more(plan(programme, in_pain, 230), plan(programme, fine, 230))


def test_the_one_on_stopping_would_notice_that_pain_goes_on(programme: Programme) -> None:
    rules = tuple(rule for rule in programme.rules if rule.when is not Sign.TROUBLE)
    hers = Situation(check_ins=tuple(CheckIn(day=day, pain=True) for day in (60, 61)))
    assert contracts_after_pain_twice(plan(replace(programme, rules=rules), hers), hers)
    assert not contracts_after_pain_twice(plan(programme, hers), hers)


def test_the_first_would_notice_that_a_lower_step_has_longer_rests(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "lowest", lambda prescription, others: prescription)
    in_pain = Situation(check_ins=(CheckIn(day=44, done=True, pain=True),))
    assert more(plan(programme, in_pain), plan(programme, Situation()))
