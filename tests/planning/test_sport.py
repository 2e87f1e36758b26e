"""Who hears how to begin with sport: only a client who told that all that is asked works."""

from dataclasses import replace

from voicecoach.content.clinical_state import ANYONE, CheckIn, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.sport import Ability
from voicecoach.planning.plan import all_weeks, plan_weeks
from voicecoach.planning.sport import ready_on

LIST, BEGIN = "explanation-running", "explanation-running-begin"
LATER = "explanation-running-later"


def heard(programme: Programme, situation: Situation) -> list[tuple[str, int]]:
    """The talks on running, and the days on which she hears them."""
    return [
        (session.id, day.day)
        for day in plan_weeks(programme, all_weeks(programme), situation=situation)
        for session in day.sessions
        if session.id.startswith(LIST)
    ]


def all_works(programme: Programme, day: int, situation: Situation = ANYONE) -> Situation:
    assert programme.sport is not None
    told = tuple((id_, Ability.YES) for id_ in programme.sport.tests)
    return replace(situation, sport=told, sport_day=day)


def test_without_answers_she_hears_the_list_and_not_how_to_begin(programme: Programme) -> None:
    assert heard(programme, ANYONE) == [(LIST, 122)]


def test_with_all_answers_she_hears_how_to_begin_from_the_next_day_on(
    programme: Programme,
) -> None:
    assert heard(programme, all_works(programme, 122)) == [(LIST, 122), (BEGIN, 123)]
    assert heard(programme, all_works(programme, 150)) == [(LIST, 122), (BEGIN, 151)]


def test_a_single_answer_that_is_missing_or_not_yet_is_enough_to_wait(
    programme: Programme,
) -> None:
    works = all_works(programme, 150)
    for place, (id_, _) in enumerate(works.sport):
        without = (*works.sport[:place], *works.sport[place + 1 :])
        assert ready_on(programme, replace(works, sport=without)) is None
        for ability in set(Ability) - {Ability.YES}:
            told = replace(works, sport=(*without, (id_, ability)))
            assert ready_on(programme, told) is None
    assert heard(programme, replace(works, sport=works.sport[1:])) == [(LIST, 122)]


def test_what_was_told_before_its_day_does_not_count(programme: Programme) -> None:
    assert ready_on(programme, all_works(programme, 121)) is None
    assert ready_on(programme, all_works(programme, 122)) == 122
    for perineum in (Perineum.LARGE_TEAR, Perineum.OASI):
        torn = replace(ANYONE, perineum=perineum)
        assert ready_on(programme, all_works(programme, 182, torn)) is None
        assert ready_on(programme, all_works(programme, 183, torn)) == 183


def test_after_a_large_tear_she_hears_of_it_from_six_months_on(programme: Programme) -> None:
    torn = replace(ANYONE, perineum=Perineum.LARGE_TEAR)
    assert heard(programme, torn) == [(LATER, 183)]
    assert heard(programme, all_works(programme, 190, torn)) == [(LATER, 183), (BEGIN, 191)]


def test_who_was_not_cleared_after_oasi_hears_nothing_whatever_she_told(
    programme: Programme,
) -> None:
    oasi = replace(ANYONE, perineum=Perineum.OASI)
    assert heard(programme, all_works(programme, 200, oasi)) == []
    cleared = replace(oasi, cleared_day=40)
    assert heard(programme, all_works(programme, 200, cleared)) == [(LATER, 183), (BEGIN, 201)]


def test_a_complaint_since_takes_it_back(programme: Programme) -> None:
    works = all_works(programme, 150)
    for told in (
        {"pain": True},
        {"heaviness": True},
        {"leaks": True},
        {"bulge": True},
        {"red_flag": True},
    ):
        since = (CheckIn(day=150, done=True, **told),)
        assert BEGIN not in dict(heard(programme, replace(works, check_ins=since)))
    well = (CheckIn(day=151, done=True, pain=False, heaviness=False, leaks=False),)
    before = (CheckIn(day=149, done=True, leaks=True),)
    for check_ins in (well, before):
        assert ready_on(programme, replace(works, check_ins=check_ins)) == 150


def test_who_begins_late_hears_the_list_once(programme: Programme) -> None:
    late = replace(ANYONE, started_day=180)
    assert [id_ for id_, _ in heard(programme, late)] == [LIST]
