"""The whole year of the built-in programme: what it may ask of whom on which day, and what it says.

The walks are over days 1 to 364 for women of every kind; the facts are those of other sources than
the article, each sought in the words of both languages.
"""

import random
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looping import for_each

from voicecoach import messages
from voicecoach.cli import context
from voicecoach.content.clinical_state import (
    ANYONE,
    CheckIn,
    Delivery,
    Floor,
    Perineum,
    Position,
    Situation,
)
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import Path as Way
from voicecoach.content.session import Span, TalkBlock
from voicecoach.content.sport import Ability
from voicecoach.errors import ContentError
from voicecoach.planning.plan import note, plan_day, plan_weeks
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.planner import Planner
from voicecoach.planning.wording import sentences
from voicecoach.script import writer
from voicecoach.script.script import Script, Slot, Tone

PROGRAMME = context.open_programme(None)
LANGUAGES = ("nl", "en")
WEEKS = range(1, 53)
SMALL = Path(__file__).parents[1] / "bad_content" / "programme"

FIRST_DAY_OF_PERIOD = {
    "welcome-week-1": 1,
    "welcome-week-7": 43,
    "welcome-week-14": 92,
    "welcome-week-27": 183,
    "welcome-week-40": 274,
}
"""Six weeks, and three, six and nine months of 365 / 12 days, are over on the day before."""

MOST_HOLD_MS = {1: 0, 5: 3000, 10: 5000, 20: 10_000, 36: 8000, 113: 10_000, 183: 8000}
MOST_CONTRACTIONS = {1: 0, 5: 72, 10: 24, 20: 48, 57: 49, 85: 112, 113: 86}
MOST_PERCENT = {1: 40, 36: 50, 57: 70, 85: 80, 113: 90}
MOST_SETS, MOST_REPS = 3, {1: 8, 113: 12}
LEAST_REST_TO_HOLD = {1: 2, 5: 2, 10: 2, 20: 1}
"""By the first day of each phase (clinical facts, sections 1 and 2, and section 3 of part 2)."""


@lru_cache(maxsize=8)
def year(situation: Situation) -> tuple[PlannedDay, ...]:
    return plan_weeks(PROGRAMME, WEEKS, None, situation)


def ids(day: PlannedDay) -> list[str]:
    return [session.id for session in day.sessions]


def doses(day: PlannedDay) -> list[Contractions]:
    """Every dose of contractions of ``day``, as often as it is done."""
    return [dose for session in day.listening for dose in session.all_contractions]


def has_exercise(session: PlannedSession) -> bool:
    return any(isinstance(part, Prescription) for part in session.parts)


# --- who may be asked for what -------------------------------------------------------------------


def is_contraction_forbidden(situation: Situation, day: int) -> bool:
    """By the facts alone, without the plan."""
    gates = (5, situation.started_day, situation.cleared_day, situation.catheter_out_day)
    cleared_day = situation.cleared_day
    return (
        situation.has_catheter
        or situation.floor is Floor.OVER_TENSE
        or (situation.perineum is Perineum.OASI and cleared_day is None)
        or day < max(gate for gate in gates if gate is not None)
        or any(
            check_in.red_flag and check_in.day < day and (cleared_day or 0) <= check_in.day
            for check_in in situation.check_ins
        )
    )


def feels_and_lets_go(situation: Situation, day: int) -> bool:
    """Whether the last answers before ``day`` say that she feels it, and can let go."""
    before = [check_in for check_in in situation.check_ins if check_in.day < day]
    felt = [check_in.felt for check_in in before if check_in.felt is not None]
    let_go = [check_in.let_go for check_in in before if check_in.let_go is not None]
    return all(answers[-1] for answers in (felt, let_go) if answers)


def of_phase(table: dict[int, int], day: int) -> int:
    return table[max(first for first in table if first <= day)]


def hold_the_law(situation: Situation) -> None:
    """Fails where any day of the year breaks a rule of safety for a woman in ``situation``."""
    steps = PROGRAMME.training_steps
    before: PlannedDay | None = None
    for today in year(situation):
        asked = doses(today)
        training_day = today.course.training_day
        assert any(has_exercise(session) for session in today.sessions), today.day
        assert training_day <= today.day
        if not asked:
            continue
        assert not is_contraction_forbidden(situation, today.day), today.day
        assert feels_and_lets_go(situation, today.day), today.day
        total = sum(dose.count for dose in asked)
        strong = [dose for dose in asked if dose.hold_ms > 5000]
        assert sum(dose.sets for dose in strong) <= MOST_SETS
        assert total <= of_phase(MOST_CONTRACTIONS, training_day), today.day
        for dose in asked:
            assert dose.hold_ms <= of_phase(MOST_HOLD_MS, training_day)
            assert dose.highest_percent <= of_phase(MOST_PERCENT, training_day)
            assert dose.reps <= of_phase(MOST_REPS, training_day)
            assert dose.hold_ms <= 10_000 or dose.highest_percent <= 40
            ratio = of_phase(LEAST_REST_TO_HOLD, training_day)
            assert dose.rest_ms >= ratio * dose.hold_ms
        if before is not None:
            was, now = (
                sum(step <= each.course.training_day for step in steps) for each in (before, today)
            )
            assert now <= was + 1, (before.day, today.day)
        before = today


days = st.integers(min_value=1, max_value=364)
answers = st.none() | st.booleans()
check_ins = st.lists(
    st.builds(
        CheckIn,
        day=days,
        done=answers,
        pain=answers,
        heaviness=answers,
        leaks=answers,
        felt=answers,
        let_go=answers,
        red_flag=st.sampled_from([False] * 9 + [True]),
    ),
    max_size=12,
    unique_by=lambda check_in: check_in.day,
).map(lambda found: tuple(sorted(found, key=lambda each: each.day)))
situations = st.builds(
    Situation,
    delivery=st.none() | st.sampled_from(Delivery),
    perineum=st.none() | st.sampled_from(Perineum),
    floor=st.sampled_from([None, Floor.NORMAL, Floor.NORMAL, Floor.OVER_TENSE]),
    position=st.none() | st.sampled_from(Position),
    has_catheter=st.sampled_from([False, False, False, True]),
    sessions_a_day=st.sampled_from([None, 1, 2, 3]),
    started_day=st.just(1) | st.integers(min_value=-5, max_value=370),
    cleared_day=st.none() | days,
    catheter_out_day=st.none() | days,
    check_ins=check_ins,
)


@settings(max_examples=20)
@given(situations)
def test_no_day_of_the_year_asks_a_woman_for_what_she_may_not_do(situation: Situation) -> None:
    hold_the_law(situation)


def test_who_is_cleared_after_a_red_flag_still_waits_until_she_can_let_go() -> None:
    both = CheckIn(day=20, let_go=False, red_flag=True)
    situation = Situation(cleared_day=40, check_ins=(both,))
    hold_the_law(situation)
    assert year(situation)[39].course.path is Way.RELEASE
    better = CheckIn(day=50, let_go=True)
    assert doses(year(replace(situation, check_ins=(both, better)))[50])


@pytest.mark.slow
@settings(max_examples=500)
@given(situations)
def test_no_day_does_however_long_one_looks(situation: Situation) -> None:
    hold_the_law(situation)


ASKED = {
    "delivery": (None, Delivery.CAESAREAN),
    "perineum": (None, *Perineum),
    "floor": (None, *Floor),
    "position": (None, Position.NURSING),
    "has_catheter": (False, True),
    "sessions_a_day": (None, 1, 2, 3),
    "started_day": (1, 30, 200),
    "cleared_day": (None, 60),
}
"""What is asked, and the answers that are tried in all ways to go together."""
ANSWERS: tuple[tuple[object, ...], ...] = tuple(ASKED.values())


def meetings(answers: Sequence[object], count: int) -> set[tuple[tuple[int, object], ...]]:
    """Every ``count`` of these answers, each with its place."""
    return set(combinations(enumerate(answers), count))


def few_in_which_meet(count: int) -> list[Situation]:
    """So few of the 2880 combinations of ANSWERS that any ``count`` values of different answers are
    still found together in one of them."""
    found = []
    draw = random.Random(count)
    everyone = list(product(*ANSWERS))
    left = set().union(*(meetings(answers, count) for answers in everyone))
    while left:
        drawn = draw.sample(everyone, 100)
        best = max(drawn, key=lambda answers: len(meetings(answers, count) & left))
        found.append(Situation(**dict(zip(ASKED, best, strict=True))))
        left -= meetings(best, count)
    return found


@pytest.mark.parametrize("count", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_no_combination_of_answers_does(count: int) -> None:
    women = few_in_which_meet(count)
    assert len(women) < 150
    for woman in women:
        try:
            hold_the_law(woman)
        except AssertionError as failure:
            failure.add_note(f"for {woman}")
            raise


def test_the_law_notices_a_contraction_too_early() -> None:
    """The walk can fail: a catheter that the plan does not know of."""
    with pytest.raises(AssertionError):
        for today in year(ANYONE):
            assert not doses(today) or not is_contraction_forbidden(
                replace(ANYONE, has_catheter=True), today.day
            )


@settings(max_examples=8)
@given(situations)
def test_every_week_has_a_session_without_contractions_to_fall_back_on(
    situation: Situation,
) -> None:
    planned = year(situation)
    for week in WEEKS:
        heard = {id_ for today in planned[7 * (week - 1) : 7 * week] for id_ in ids(today)}
        assert heard & {"breathing", "letting-go"}, week


# --- the prescription over the year --------------------------------------------------------------


@pytest.mark.parametrize("sessions_a_day", [None, 1, 2, 3])
def test_contractions_go_on_daily_to_month_6_and_then_3_days_a_week(
    sessions_a_day: int | None,
) -> None:
    planned = year(Situation(sessions_a_day=sessions_a_day))
    asked = [bool(doses(today)) for today in planned]
    assert asked[:4] == [False] * 4
    assert all(asked[4:182])
    in_week = [sum(asked[7 * (week - 1) : 7 * week]) for week in WEEKS]
    assert in_week[26:] == [3] * 26


def test_whoever_leaks_and_nothing_else_goes_on_daily_while_it_lasts() -> None:
    leaking = CheckIn(day=200, done=True, pain=False, heaviness=False, leaks=True)
    planned = year(Situation(check_ins=(leaking,)))
    assert [bool(doses(today)) for today in planned[200:214]] == [True] * 14
    assert sum(bool(doses(today)) for today in planned[217:224]) == 3
    for bad in ("pain", "heaviness"):
        alone = year(Situation(check_ins=(replace(leaking, **{bad: True}),)))
        assert sum(bool(doses(today)) for today in alone[203:210]) == 3, bad


ROWS = {
    # Day: the effort of the holds, their seconds, repetitions and sets; what is quick; where.
    36: (50, 6, 8, 3, "3 x 8", "side"),
    50: (50, 8, 8, 3, "3 x 8", "sitting"),
    57: (60, 6, 8, 3, "3 after a set", "all-fours"),
    78: (70, 6, 8, 3, "3 after a set", "kneeling"),
    85: (80, 6, 8, 3, "3 after a set", "kneeling"),
    99: (80, 8, 8, 3, "3 after a set", "standing"),
    107: (70, 8, 8, 3, "3 on top", "standing"),
    114: (90, 6, 8, 3, "3 x 10", "standing"),
    156: (90, 8, 10, 3, "3 x 10", "feet-apart"),
    170: (90, 8, 10, 3, "4 x 10", "feet-apart"),
    185: (90, 6, 10, 3, "5 x 10", "stride"),
    241: (90, 8, 8, 3, "5 x 10", "half-squat"),
    325: (90, 8, 12, 3, "5 x 10", "half-squat"),
}


@pytest.mark.parametrize("sessions_a_day", [None, 1, 2, 3])
def test_weeks_6_to_52_follow_the_rows(sessions_a_day: int | None) -> None:
    planned = year(Situation(sessions_a_day=sessions_a_day))
    for day, row in ROWS.items():
        if day == 170 and sessions_a_day in (2, 3):
            continue  # a fourth set would be a session more
        assert row_of(next(d for d in planned[day - 1 :] if has_quick(d))) == row, day


def has_quick(day: PlannedDay) -> bool:
    """Whether no coughing and no movement takes the place of its quick contractions."""
    return bool(doses(day)) and not any(id_.startswith(("coughing", "moving")) for id_ in ids(day))


def row_of(day: PlannedDay) -> tuple[object, ...]:
    parts = [
        part
        for session in day.listening
        for part in session.parts
        if isinstance(part, Prescription) and isinstance(part.dose, Contractions)
    ]
    held = [part for part in parts if part.exercise == "strength"]
    dose, position = held[0].dose, held[0].starting_position
    assert isinstance(dose, Contractions)
    apart = [part.dose for part in parts if part.exercise == "quick"]
    quick = f"{sum(each.contractions[0].sets for each in apart)} x"
    quick += f" {apart[0].contractions[0].reps}" if apart else ""
    if dose.quick_reps:
        quick = f"{dose.quick_reps} after a set"
    elif dose.pulses:
        quick = f"{dose.pulses} on top"
    return (
        dose.intensity.high_percent,
        dose.hold_ms // 1000,
        dose.reps,
        sum(part.dose.contractions[0].sets for part in held),
        quick,
        position.id if position else None,
    )


FIVE = {
    "nothing is known": Situation(has_profile=True),
    "she tells each week": Situation(
        has_profile=True,
        sessions_a_day=1,
        check_ins=tuple(
            CheckIn(day=day, done=True, pain=False, heaviness=False) for day in range(6, 365, 7)
        ),
    ),
    "born with forceps, nursing": Situation(
        has_profile=True, delivery=Delivery.ASSISTED, position=Position.NURSING, sessions_a_day=3
    ),
    "a torn sphincter": Situation(has_profile=True, perineum=Perineum.OASI),
    "a tense floor": Situation(has_profile=True, floor=Floor.OVER_TENSE),
}


@pytest.mark.parametrize("profile", FIVE)
def test_no_two_months_are_alike_and_no_week_is_empty(profile: str) -> None:
    planned = year(FIVE[profile])
    months: list[set[object]] = []
    for month in range(12):
        first, last = month * 365 // 12, (month + 1) * 365 // 12
        done = {each for day in planned[first:last] for each in day.sessions if has_exercise(each)}
        months.append({(each.id, each.parts) for each in done})
    for one, other in combinations(months, 2):
        assert one != other
    for week in WEEKS:
        assert all(any(map(has_exercise, d.sessions)) for d in planned[7 * week - 7 : 7 * week])


@pytest.mark.parametrize("profile", FIVE)
def test_no_week_is_without_a_purpose(profile: str) -> None:
    """A week trains on a step, in the phase of that step; or the plan says why it does not, and
    then nothing is asked but to breathe and to feel."""
    planned = year(FIVE[profile])
    for language in LANGUAGES:
        words, ours = PROGRAMME.translations[language], messages.words(language)
        for week in WEEKS:
            days = planned[7 * week - 7 : 7 * week]
            assert all(words.phases[day.phase] for day in days), week
            for day in days:
                is_first = day.day < 5
                trains = day.course.step is not None and day.phase != "awareness"
                assert trains or is_first or note(day.course, ours), (week, day.day)
                assert trains or not doses(day), (week, day.day)
        if profile == "she tells each week":
            phases = list(dict.fromkeys(day.phase for day in planned))
            assert phases == [phase.id for phase in PROGRAMME.phases]


def test_long_holds_take_the_place_of_the_row_and_only_at_a_low_effort() -> None:
    holds = {
        dose.hold_ms: dose for today in year(Situation(long_holds=True)) for dose in doses(today)
    }
    assert {ms for ms in holds if ms > 10_000} == {12_000, 15_000}
    assert {holds[ms].highest_percent for ms in (12_000, 15_000)} == {40}
    assert max(dose.hold_ms for today in year(ANYONE) for dose in doses(today)) == 10_000


def test_walks_grow_to_half_an_hour_and_are_short_again_for_whoever_was_sent_back() -> None:
    def walks(situation: Situation) -> dict[int, int]:
        return {
            today.day: part.dose.duration_ms // 60_000
            for today in year(situation)
            for session in today.sessions
            for part in session.parts
            if isinstance(part, Prescription) and part.exercise == "walk"
        }

    assert list(dict.fromkeys(walks(ANYONE).values())) == [10, 15, 20, 25, 30]
    pain = walks(Situation(check_ins=(CheckIn(day=100, pain=True),)))
    assert 101 not in pain, "a day of rest is for breathing"
    assert max(minutes for day, minutes in pain.items() if day > 101) == 30


@pytest.mark.parametrize(
    ("sessions_a_day", "sets"),
    [(None, [1, 1, 1]), (1, [3]), (2, [2, 1]), (3, [1, 1, 1])],
)
@pytest.mark.parametrize("day", [20, 44, 92, 190, 330])
def test_her_sets_are_spread_as_she_chose(
    sessions_a_day: int | None, sets: list[int], day: int
) -> None:
    today = next(
        today for today in year(Situation(sessions_a_day=sessions_a_day))[day - 1 :] if doses(today)
    )
    found = [dose.sets for dose in doses(today) if dose.hold_ms >= 6000]
    assert found == sets


@pytest.mark.parametrize(("sessions_a_day", "sets"), [(1, [3]), (2, [2, 1]), (3, [1, 1, 1])])
@pytest.mark.parametrize("day", [5, 9, 10, 19])
def test_they_are_so_from_the_first_contraction_on(
    sessions_a_day: int, sets: list[int], day: int
) -> None:
    today = plan_day(PROGRAMME, day, None, Situation(sessions_a_day=sessions_a_day))
    assert [dose.sets for dose in doses(today)] == sets


@pytest.mark.parametrize("sessions_a_day", [None, 1, 2, 3])
def test_coughing_and_lifting_are_practised_once_a_week_from_week_4(
    sessions_a_day: int | None,
) -> None:
    planned = year(Situation(sessions_a_day=sessions_a_day))
    for week in WEEKS:
        of_week = planned[7 * (week - 1) : 7 * week]
        found = [id_ for today in of_week for id_ in ids(today) if id_.startswith("coughing")]
        assert len(found) == (1 if week >= 4 else 0), week


@pytest.mark.parametrize("position", [None, *Position])
@pytest.mark.parametrize("day", [1, 5, 10, 20, 22, 44])
def test_she_is_settled_in_the_position_in_which_she_listens(
    position: Position | None, day: int
) -> None:
    of = "" if position is None else f"-{position}"
    # In full, and in short where she knows the session.
    openings = {TalkBlock(talk=f"settling{of}"), TalkBlock(talk=f"settled{of}")}
    exercises = [
        session
        for session in plan_day(PROGRAMME, day, None, Situation(position=position)).sessions
        if has_exercise(session)
    ]
    assert exercises
    assert {session.parts[0] for session in exercises} <= openings


def test_a_year_has_few_sessions_to_render() -> None:
    """Each is rendered once, in whatever week it comes back; in full, and opened in short."""
    distinct = {session for today in year(ANYONE) for session in today.sessions}
    assert len(distinct) == 169


# --- paths ---------------------------------------------------------------------------------------


def test_an_over_tense_floor_has_letting_go_every_day_and_no_contraction() -> None:
    planned = year(Situation(floor=Floor.OVER_TENSE))
    assert all("letting-go" in ids(today) for today in planned)
    assert not any(doses(today) for today in planned)
    assert "explanation-letting-go" in ids(planned[0])


def test_who_cannot_let_go_hears_of_letting_go_within_a_week() -> None:
    tense = CheckIn(day=60, done=True, let_go=False)
    planned = year(Situation(check_ins=(tense,)))
    assert "letting-go" in ids(planned[60])
    assert any("explanation-letting-go" in ids(today) for today in planned[60:67])


def test_letting_go_is_for_the_release_path_alone() -> None:
    assert not any("letting-go" in id_ for today in year(ANYONE) for id_ in ids(today))


def test_after_a_large_tear_only_breathing_until_she_is_cleared() -> None:
    waiting = Situation(perineum=Perineum.OASI)
    assert not any(doses(today) for today in year(waiting))
    cleared = year(replace(waiting, cleared_day=70))
    first = next(today for today in cleared if doses(today))
    assert (first.day, [dose.hold_ms for dose in doses(first)]) == (70, [2000])


@pytest.mark.parametrize("started_day", [1, 3, 30, 200])
@pytest.mark.parametrize(
    ("situation", "explanation"),
    [
        (Situation(delivery=Delivery.CAESAREAN), "explanation-caesarean"),
        (Situation(perineum=Perineum.EPISIOTOMY), "explanation-tear"),
        (Situation(perineum=Perineum.TEAR), "explanation-tear"),
        (Situation(perineum=Perineum.OASI), "explanation-oasi"),
    ],
)
def test_her_own_explanation_comes_after_the_one_of_the_day_she_begins(
    situation: Situation, explanation: str, started_day: int
) -> None:
    planned = year(replace(situation, started_day=started_day))
    assert [today.day for today in planned if explanation in ids(today)] == [started_day + 1]


@pytest.mark.parametrize(
    "situation",
    [
        ANYONE,
        Situation(started_day=60),
        Situation(started_day=330),
        Situation(delivery=Delivery.CAESAREAN, perineum=Perineum.TEAR),
    ],
)
def test_she_hears_of_a_tense_floor_before_her_first_contraction(situation: Situation) -> None:
    planned = year(situation)
    [told] = [today.day for today in planned if "explanation-tense-floor" in ids(today)]
    began = situation.started_day
    assert told < next(today.day for today in planned[began - 1 :] if doses(today))


def test_every_week_of_the_first_three_months_has_a_talk_of_its_own() -> None:
    told = {today.day: id_ for today in year(ANYONE) for id_ in ids(today) if "explanation" in id_}
    assert len(set(told.values())) == len(told) >= 16
    assert {-(-day // 7) for day in told} >= set(range(1, 15))


def test_without_a_profile_nobody_is_told_what_happened_to_her() -> None:
    own = {"explanation-caesarean", "explanation-tear", "explanation-oasi"}
    assert not any(own & set(ids(today)) for today in year(ANYONE))


# --- welcomes and periods ------------------------------------------------------------------------


@pytest.mark.parametrize(("welcome", "day"), FIRST_DAY_OF_PERIOD.items())
def test_a_period_is_told_on_the_day_it_begins_and_never_again(welcome: str, day: int) -> None:
    assert [today.day for today in year(ANYONE) if welcome in ids(today)] == [day]


def test_every_week_is_welcomed_once_and_hears_when_to_stop_and_when_to_call() -> None:
    safety = TalkBlock(talk=PROGRAMME.safety or "")
    for week, first in zip(WEEKS, year(ANYONE)[::7], strict=True):
        said = [part for session in first.sessions for part in session.parts]
        assert said.count(safety) == 1, week


@pytest.mark.parametrize(
    "started_day", [2, 8, 42, 43, 44, 60, 91, 92, 150, 183, 200, 274, 300, 360]
)
def test_a_late_starter_hears_of_her_period_and_the_rules_on_the_day_she_begins(
    started_day: int,
) -> None:
    today = plan_day(PROGRAMME, started_day, None, Situation(started_day=started_day))
    period = max(
        (id_ for id_, day in FIRST_DAY_OF_PERIOD.items() if day <= started_day),
        key=FIRST_DAY_OF_PERIOD.__getitem__,
    )
    heard = ids(today)
    assert [id_ for id_ in heard if id_ in FIRST_DAY_OF_PERIOD] == [period]
    assert heard[0] == "welcome"
    assert "explanation-awareness" in heard
    assert "explanation-running" not in heard, "it waits for a day of its own"
    later = plan_weeks(PROGRAMME, WEEKS, None, Situation(started_day=started_day))
    hears_of_running = any("explanation-running" in ids(day) for day in later)
    assert hears_of_running or started_day == 360
    said = [part for session in today.sessions for part in session.parts]
    assert said.count(TalkBlock(talk="stop-and-call")) == 1


def test_running_is_spoken_of_when_four_months_are_over_and_not_before() -> None:
    assert [today.day for today in year(ANYONE) if "explanation-running" in ids(today)] == [122]


def test_nobody_whose_sphincter_tore_hears_of_running_until_she_is_cleared() -> None:
    talks = PROGRAMME.translations["nl"].talks
    told = {
        " ".join(talks[part.talk].text)
        for day in year(Situation(perineum=Perineum.OASI))
        for session in day.sessions
        for part in session.parts
        if isinstance(part, TalkBlock)
    }
    assert not any("ardlopen en springen" in text for text in told)
    for perineum in Perineum:
        heard = [ids(day)[0] for day in year(Situation(perineum=perineum)) if day.day == 92]
        is_large = perineum in (Perineum.LARGE_TEAR, Perineum.OASI)
        assert heard == ["welcome-week-14" + ("-large-tear" if is_large else "")]


def test_a_year_ends_kindly() -> None:
    assert "welcome-week-52" in ids(year(ANYONE)[357])


# --- what late starters make up for, and weeks of a clock that stands ----------------------------


def test_days_of_a_week_may_be_those_of_the_calendar() -> None:
    span = Span(first_day=10, last_day=91, times_a_day=1, days_a_week=1)
    assert [day for day in range(8, 32) if span.times_on(day)] == [10, 17, 24, 31]
    standing = [day for day in range(50, 65) if span.times_on(21, spread_by=day)]
    assert standing == [52, 59]
    assert not span.times_on(9, spread_by=10)


def test_who_stands_still_breathes_on_the_days_on_which_nobody_contracts_any_more() -> None:
    heavy = CheckIn(day=25, done=True, heaviness=True)
    planned = year(Situation(check_ins=(heavy,)))
    assert planned[200].course.training_day == 21
    assert sum("breathing" in ids(today) for today in planned[196:203]) == 5


def spoilt(tmp_path: Path, session: str, key: str) -> str:
    """What the reader says where ``session`` of the small programme has ``key`` too."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "programme"))
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n  {session}:\n    schedule") == 1
    path.write_text(
        text.replace(f"\n  {session}:\n    schedule", f"\n  {session}:\n{key}    schedule"),
        encoding="utf-8",
    )
    with pytest.raises(ContentError) as caught:
        programme_reader.read(folder)
    return str(caught.value)


def test_late_starters_make_up_for_no_contraction(tmp_path: Path) -> None:
    said = spoilt(tmp_path, "light", "    late_starters_until: 42 from article\n")
    assert "contractions always begin at the first step" in said


def test_what_they_make_up_for_counts_from_day_0(tmp_path: Path) -> None:
    keys = "    counted_from: start\n    late_starters_until: 42 from article\n"
    assert "counts from day 0" in spoilt(tmp_path, "breathing", keys)


# --- the words -----------------------------------------------------------------------------------


def said(language: str, talk: str) -> str:
    return " ".join(PROGRAMME.translations[language].talks[talk].text)


def facts() -> list[tuple[str, str, str]]:
    """Talk, Dutch pattern and English pattern of every clinical fact."""
    text = (Path(__file__).parents[1] / "year_facts.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) % 3 == 0
    return [(lines[n], lines[n + 1], lines[n + 2]) for n in range(0, len(lines), 3)]


FACTS = facts()


def test_there_are_facts_to_look_for() -> None:
    assert len(FACTS) >= 35


@for_each("fact, language", lambda: product(FACTS, LANGUAGES))
def test_the_fact_is_told(fact: tuple[str, str, str], language: str) -> None:
    talk, dutch, english = fact
    pattern = dutch if language == "nl" else english
    assert re.search(pattern, said(language, talk), re.IGNORECASE)


def test_every_talk_is_heard_by_somebody() -> None:
    parts = {part for session in PROGRAMME.sessions for part in session.all_parts}
    talks = {part.talk for part in parts if isinstance(part, TalkBlock)}
    short = PROGRAMME.short_opening
    assert short is not None
    talks |= {short.condition, *map(short.opening_in, (None, *Position))}
    assert talks == set(PROGRAMME.talks)


ONCE = (
    (r"\bplas\b", r"urine stream"),
    (r"vervangt de zorg", r"replace care"),
    (r"alles weer mag", r"everything is allowed again"),
    (r"tien tot twintig procent", r"ten to twenty per cent"),
    (r"hooguit half zo sterk", r"half of its strength"),
    (r"halverwege zijn herstel", r"halfway through its recovery"),
    (r"vijfenzeventig procent", r"seventy-five per cent"),
    (r"negen tot twaalf maanden", r"nine to twelve months to recover"),
    (r"negen maanden zwanger", r"nine months on"),
    (r"niets zwaarders dan je baby", r"heavier than your baby"),
    (r"tweeënhalf keer", r"two and a half times"),
)
"""What is said in one place of the programme only."""


@for_each("patterns, language", lambda: product(ONCE, LANGUAGES))
def test_what_is_said_once_is_said_once(patterns: tuple[str, str], language: str) -> None:
    pattern = patterns[LANGUAGES.index(language)]
    words = PROGRAMME.translations[language]
    found = [
        sentence
        for talk in words.talks.values()
        for text in talk.text
        for sentence in sentences(text)
        if re.search(pattern, sentence, re.IGNORECASE)
    ]
    assert len(found) == 1, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_told_it_is_heard_on_one_day_of_the_year(language: str) -> None:
    """Never to practise while passing urine: by everybody, whenever she begins."""
    pattern = (r"\bplas\b", r"urine stream")[LANGUAGES.index(language)]
    talks = [id_ for id_ in PROGRAMME.talks if re.search(pattern, said(language, id_))]
    for situation in (ANYONE, Situation(started_day=90), Situation(floor=Floor.OVER_TENSE)):
        heard = [
            today.day
            for today in year(situation)
            for session in today.sessions
            for part in session.parts
            if isinstance(part, TalkBlock) and part.talk in talks
        ]
        is_after_letting_go = situation.floor is Floor.OVER_TENSE
        assert heard == [situation.started_day + is_after_letting_go]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_welcome_tells_no_dose(language: str) -> None:
    """Its day is of the calendar; her dose is of her own clock."""
    for id_ in PROGRAMME.talks:
        if id_.startswith("welcome"):
            assert not re.search(r"\btellen vast|\bseconds\b", said(language, id_)), id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_of_a_check_in_has_advice(language: str) -> None:
    advice = PROGRAMME.translations[language].advice
    assert set(advice) == {rule.when.value for rule in PROGRAMME.rules}
    word = {"nl": "bekkenfysiotherapeut", "en": "pelvic physiotherapist"}[language]
    for sign in ("red-flag", "cannot-let-go"):
        assert word in " ".join(advice[sign])
    for urgent in {
        "nl": ("Bel dan meteen het alarmnummer.", "koorts", "Bel dan vandaag nog."),
        "en": ("Call the emergency number at once.", "fever", "Call today."),
    }[language]:
        assert urgent in advice["red-flag"][0]


# --- both languages ------------------------------------------------------------------------------


def scored(script: Script) -> list[object]:
    """The doses of ``script``, and the tones of every slot with its length."""
    slots = (item for item in script.items if isinstance(item, Slot))
    return [
        script.blocks,
        *(
            (slot.length_ms, [p.sound for p in slot.placements if isinstance(p.sound, Tone)])
            for slot in slots
        ),
    ]


@pytest.mark.parametrize("sessions_a_day", [None, 1, 2, 3])
@pytest.mark.parametrize("floor", list(Floor))
def test_both_languages_have_the_same_doses_all_year(
    sessions_a_day: int | None, floor: Floor
) -> None:
    situation = Situation(sessions_a_day=sessions_a_day, floor=floor)
    distinct = {session for today in year(situation) for session in today.sessions}
    for session in distinct:
        dutch, english = (
            scored(writer.write(session, PROGRAMME.translations[language]))
            for language in LANGUAGES
        )
        assert dutch == english


def test_every_session_is_done_by_somebody() -> None:
    women = [
        Situation(
            delivery=delivery,
            perineum=perineum,
            floor=floor,
            sessions_a_day=times,
            checked_day=36,
        )
        for delivery, perineum, floor, times in (
            (None, None, None, None),
            (Delivery.CAESAREAN, Perineum.TEAR, Floor.NORMAL, 1),
            (Delivery.VAGINAL, Perineum.OASI, Floor.OVER_TENSE, 3),
            (Delivery.ASSISTED, Perineum.INTACT, Floor.NORMAL, 2),
            (Delivery.ASSISTED, Perineum.INTACT, Floor.NORMAL, 3),
        )
    ]
    assert PROGRAMME.sport is not None
    works = tuple((id_, Ability.YES) for id_ in PROGRAMME.sport.tests)
    women.append(Situation(perineum=Perineum.LARGE_TEAR, sport=works, sport_day=190))
    done = {id_ for woman in women for today in year(woman) for id_ in ids(today)}
    assert done == {session.id for session in PROGRAMME.sessions}


def test_the_training_clock_begins_with_light_contractions_on_day_5() -> None:
    assert PROGRAMME.training_steps[:8] == (5, 8, 10, 20, 22, 29, 36, 43)


@settings(max_examples=20)
@given(situations)
def test_nobody_begins_with_a_long_hold(situation: Situation) -> None:
    planner = Planner(PROGRAMME, situation, None)
    days = (planner.day(day) for day in range(1, PROGRAMME.last_day + 1))
    first = next((today for today in days if doses(today)), None)
    assert first is None or {dose.hold_ms for dose in doses(first)} == {2000}
