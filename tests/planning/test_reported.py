"""Check-ins, one after the other, and the rules they fulfil."""

from dataclasses import replace

import pytest

from voicecoach.content.clinical_state import CheckIn, Sign, Situation
from voicecoach.content.programme import Effect, Programme, Rule
from voicecoach.planning.reported import Reported, rules_on

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
