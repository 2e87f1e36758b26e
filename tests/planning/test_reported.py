"""Check-ins, one after the other, and the rules they fulfil."""

from dataclasses import replace

import pytest

from voicecoach.content.clinical_state import CheckIn, Sign, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.rules import Effect, Rule, TrainingRules
from voicecoach.planning.course import Course
from voicecoach.planning.plan import unasked
from voicecoach.planning.reported import Reported, rules_by_day, rules_on, silent_days

STOP = Rule(when=Sign.RED_FLAG, days=1, effect=Effect.STOP, sources=())
BACK = Rule(when=Sign.PAIN, days=2, effect=Effect.STEP_BACK, sources=())
OFTEN = Rule(when=Sign.PAIN, days=3, within_days=14, effect=Effect.STOP, sources=())
PAIN = CheckIn(day=1, pain=True)
UNTOLD = CheckIn(day=1, done=True)


@pytest.fixture
def ruled(programme: Programme) -> Programme:
    """A programme with these rules."""
    return replace(programme, rules=(STOP, BACK, OFTEN))


def taken(programme: Programme, *check_ins: CheckIn) -> list[tuple[Rule, ...]]:
    reported = Reported(programme)
    return [reported.take(each) for each in check_ins]


def test_every_rule_that_is_fulfilled_counts_in_their_order(ruled: Programme) -> None:
    both = replace(PAIN, day=2, red_flag=True)
    assert taken(ruled, PAIN, both) == [(), (STOP, BACK)]


def test_days_that_do_not_answer_the_question_stand_between_nothing(ruled: Programme) -> None:
    assert taken(ruled, PAIN, replace(UNTOLD, day=2), replace(PAIN, day=3))[-1] == (BACK,)


def test_a_no_ends_the_row(ruled: Programme) -> None:
    no = CheckIn(day=2, pain=False)
    assert taken(ruled, PAIN, no, replace(PAIN, day=3)) == [(), (), ()]


@pytest.mark.parametrize(("last_day", "fulfilled"), [(14, (OFTEN,)), (15, ())])
def test_days_within_some_days_need_no_row(
    ruled: Programme, last_day: int, fulfilled: tuple[Rule, ...]
) -> None:
    no = CheckIn(day=6, pain=False)
    check_ins = (PAIN, replace(PAIN, day=5), no, replace(PAIN, day=last_day))
    assert taken(ruled, *check_ins)[-1] == fulfilled


def test_the_rules_of_a_day(ruled: Programme) -> None:
    hers = Situation(check_ins=(PAIN, replace(PAIN, day=2)))
    assert rules_on(ruled, hers, 2) == (BACK,)
    assert rules_on(ruled, hers, 7) == ()
    assert rules_on(ruled, replace(hers, cleared_day=2), 2) == (), "counting starts anew"


# --- leaking ------------------------------------------------------------------------------------

LEAKS_MORE = {"leaks": True, "leaks_more": True}


def stops_on(programme: Programme, *check_ins: CheckIn) -> list[int]:
    rules = rules_by_day(programme, Situation(check_ins=check_ins))
    return [day for day, found in rules.items() if Effect.STOP in {each.effect for each in found}]


def test_leaking_that_practising_makes_worse_is_trouble(programme: Programme) -> None:
    first, second = (CheckIn(day=day, **LEAKS_MORE) for day in (30, 31))
    assert stops_on(programme, first, second) == [31]
    assert stops_on(programme, first, CheckIn(day=31, pain=True)) == [31]


def test_a_day_that_does_not_mention_leaking_does_not_end_the_trouble(programme: Programme) -> None:
    first, last = (CheckIn(day=day, **LEAKS_MORE) for day in (30, 32))
    fine = CheckIn(day=31, pain=False, heaviness=False)
    assert stops_on(programme, first, fine, last) == [32]
    assert stops_on(programme, first, replace(fine, leaks=False), last) == []


def test_leaking_alone_never_stops(programme: Programme) -> None:
    leaking = (CheckIn(day=day, done=True, leaks=True) for day in range(30, 60))
    assert stops_on(programme, *leaking) == []


@pytest.mark.parametrize(("day", "sign"), [(42, Sign.LEAKS), (43, Sign.LEAKS_LATE)])
def test_who_still_leaks_after_six_weeks_is_told_to_book(
    programme: Programme, day: int, sign: Sign
) -> None:
    hers = Situation(check_ins=(CheckIn(day=day, leaks=True),))
    assert rules_on(programme, hers, day)[0].when is sign


# --- heaviness ----------------------------------------------------------------------------------


def test_what_follows_heaviness_tells_of_it_also_alone(programme: Programme) -> None:
    for alone in ({"bulge": True}, {"grows": True}, {"eases": False}):
        told = CheckIn(day=60, done=True, pain=False, **alone)
        assert {Sign.HEAVINESS, Sign.TROUBLE} <= told.signs, alone
        assert Effect.STEP_BACK in {
            rule.effect for rule in rules_on(programme, Situation(check_ins=(told,)), 60)
        }
    assert Sign.GOOD in CheckIn(day=60, done=True, heaviness=False, eases=False).signs


# --- what nothing was told of -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "days"), [(17, range(0)), (18, range(11, 18)), (40, range(11, 40)), (400, range(0))]
)
def test_seven_days_without_a_check_in_are_silent(
    programme: Programme, today: int, days: range
) -> None:
    hers = Situation(check_ins=(CheckIn(day=10, done=True), CheckIn(day=today, done=True)))
    assert silent_days(programme, hers, today) == days


def test_before_the_first_check_in_days_are_silent_since_she_began(programme: Programme) -> None:
    assert silent_days(programme, Situation(started_day=50), 57) == range(50, 57)


def test_a_programme_without_such_a_rule_asks_nothing(ruled: Programme) -> None:
    without = replace(ruled, training=TrainingRules())
    assert silent_days(without, Situation(), 60) == range(0)


@pytest.mark.parametrize(
    ("sign", "question"),
    [
        ({"pain": True}, "pain"),
        ({"heaviness": True}, "heaviness"),
        (LEAKS_MORE, "leaks"),
        ({"felt": False}, "felt"),
        ({"let_go": False}, "let_go"),
    ],
)
def test_what_holds_her_back_is_due_after_a_week_without_an_answer(
    programme: Programme, sign: dict[str, bool], question: str
) -> None:
    hers = Situation(check_ins=(CheckIn(day=10, **sign), CheckIn(day=13, done=True)))
    assert unasked(programme, hers, 16) == ()
    assert question in unasked(programme, hers, 17)


def test_whoever_feels_it_again_is_not_asked_for_ever(programme: Programme) -> None:
    hers = Situation(check_ins=(CheckIn(day=10, felt=False), CheckIn(day=12, felt=True)))
    assert unasked(programme, hers, 30) == ()


def test_answers_that_never_come_together_are_asked_for_together(programme: Programme) -> None:
    """No such day is a good one: she would wait for ever."""
    apart = tuple(
        CheckIn(day=day, done=True, **{("pain", "heaviness")[day % 2]: False})
        for day in range(31, 37)
    )
    hers = Situation(check_ins=(CheckIn(day=30, pain=True, heaviness=True), *apart))
    assert unasked(programme, hers, 36) == ()
    assert unasked(programme, hers, 37) == ("done", "pain", "heaviness")


def test_what_holds_her_back_is_asked_on_days_with_contractions(programme: Programme) -> None:
    """An answer on another day moves nothing, and she trains on the same days of each week."""
    hers = Situation(check_ins=(CheckIn(day=200, heaviness=True),))
    course = Course(programme, hers)
    asked = {day for day in range(207, 221) if unasked(programme, hers, day)}
    assert asked == {day for day in range(207, 221) if course.on(day).has_contractions}
    assert len(asked) == 6
