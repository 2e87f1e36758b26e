"""The calendar: which sessions on which day, with which doses."""

from dataclasses import replace

import pytest

from voicecoach.content.clinical_state import ANYONE, CheckIn
from voicecoach.content.exercise import Exercise, Prescription, Step
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Limits, Phase, Programme
from voicecoach.content.session import ExerciseBlock, Session, Span, TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.errors import NotInProgrammeError
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession

# Weeks


def test_the_built_in_programme_has_a_year_of_weeks(programme: Programme) -> None:
    assert plan.last_week(programme) == 52


def test_all_weeks_are_those_the_programme_has(programme: Programme) -> None:
    assert list(plan.weeks_asked(programme, "all")) == list(range(1, 53))


@pytest.mark.parametrize("asked", [range(3, 4), range(1, 7), range(6, 7)])
def test_weeks_of_the_programme_may_be_asked_for(programme: Programme, asked: range) -> None:
    assert plan.weeks_asked(programme, asked) == asked


@pytest.mark.parametrize(("asked", "named"), [(range(53, 54), 53), (range(1, 61), 60)])
def test_a_week_beyond_the_programme_is_refused(
    programme: Programme, asked: range, named: int
) -> None:
    with pytest.raises(NotInProgrammeError) as caught:
        plan.weeks_asked(programme, asked)
    assert str(caught.value) == (
        f"week {named}: the programme runs from week 1 to week 52 (day 364); ask for one of those"
    )


# A small programme


def breathing(breaths: int) -> Breathing:
    return Breathing(inhale_ms=4000, exhale_ms=6000, breaths=breaths)


def contractions(hold_s: int, sets: int = 3) -> Contractions:
    return Contractions(
        intensity=Intensity(low_percent=40, high_percent=40),
        hold_ms=hold_s * 1000,
        rest_ms=hold_s * 2000,
        reps=8,
        sets=sets,
        set_rest_ms=45_000,
    )


def step(from_day: int, exercise: str, dose: Breathing | Contractions) -> Step:
    key = "breaths" if isinstance(dose, Breathing) else "sets"
    sources = (("first", "article"), (key, "article"))
    return Step(
        from_day=from_day,
        prescription=Prescription(exercise=exercise, dose=dose, sources=sources),
    )


def session(id_: str, *spans: tuple[int, int, int], exercise: str = "breathe") -> Session:
    return Session(
        id=id_,
        schedule=tuple(
            Span(first_day=first, last_day=last, times_a_day=times) for first, last, times in spans
        ),
        opening="hello",
        condition=None,
        blocks=(ExerciseBlock(exercise=exercise),),
        closing=None,
    )


BREATHE = Exercise(id="breathe", steps=(step(1, "breathe", breathing(12)),))
TIGHTEN = Exercise(
    id="tighten",
    steps=(step(3, "tighten", contractions(2)), step(5, "tighten", contractions(4))),
)
SMALL = Programme(
    name="small",
    edition=2026,
    sources={"article": "An article"},
    phases=(
        Phase(id="first", from_day=1, limits=Limits()),
        Phase(id="second", from_day=3, limits=Limits()),
    ),
    exercises={"breathe": BREATHE, "tighten": TIGHTEN},
    talks={"hello": ("article",), "news": ("article",)},
    sessions=(
        session("evening", (1, 9, 1)),
        session("morning", (1, 2, 3), (5, 6, 2)),
        session("training", (3, 7, 2), exercise="tighten"),
    ),
    full_guidance_days=2,
    translations={},
)


def ids(sessions: tuple[PlannedSession, ...]) -> list[str]:
    return [planned.id for planned in sessions]


def test_a_day_has_its_sessions_once_in_the_order_of_the_programme() -> None:
    assert [ids(plan.plan_day(SMALL, day).sessions) for day in (1, 3, 5, 7, 9)] == [
        ["evening", "morning"],
        ["evening", "training"],
        ["evening", "morning", "training"],
        ["evening", "training"],
        ["evening"],
    ]


def test_listening_is_every_session_once_and_then_those_done_again() -> None:
    assert ids(plan.plan_day(SMALL, 1).listening) == ["evening", "morning", "morning", "morning"]
    assert ids(plan.plan_day(SMALL, 5).listening) == [
        "evening",
        "morning",
        "training",
        "morning",
        "training",
    ]


def test_a_session_done_twice_is_the_same_both_times() -> None:
    _, first, second, third = plan.plan_day(SMALL, 1).listening
    assert first == second == third


def test_spans_that_share_a_day_add_up() -> None:
    twice = replace(SMALL, sessions=(session("evening", (1, 2, 1), (2, 3, 2)),))
    assert [len(plan.plan_day(twice, day).listening) for day in (1, 2, 3, 4)] == [1, 3, 2, 0]


@pytest.mark.parametrize(
    ("day", "phase"), [(1, "first"), (2, "first"), (3, "second"), (9, "second")]
)
def test_a_day_lies_in_the_last_phase_begun(day: int, phase: str) -> None:
    assert plan.plan_day(SMALL, day).phase == phase


def test_a_day_on_which_nothing_is_scheduled_has_no_sessions() -> None:
    planned = plan.plan_day(SMALL, 10)
    assert (planned.day, planned.sessions, planned.listening) == (10, (), ())


@pytest.mark.parametrize(("day", "hold_ms"), [(3, 2000), (4, 2000), (5, 4000), (7, 4000)])
def test_a_day_has_the_dose_of_the_last_step_begun(day: int, hold_ms: int) -> None:
    dose = plan.plan_session(SMALL, "training", day).contractions
    assert dose is not None
    assert dose.hold_ms == hold_ms


def test_before_the_first_step_its_dose_holds() -> None:
    assert TIGHTEN.prescription_on(1) == TIGHTEN.steps[0].prescription


def test_two_days_that_ask_for_the_same_are_equal() -> None:
    on_day = {day: plan.plan_session(SMALL, "training", day) for day in range(3, 8)}
    assert on_day[3] == on_day[4] != on_day[5] == on_day[7]
    assert len(set(on_day.values())) == 2


@pytest.mark.parametrize("guidance", Guidance)
def test_two_days_that_differ_in_guidance_alone_are_equal_where_it_is_chosen(
    guidance: Guidance,
) -> None:
    on_day = {day: plan.plan_session(SMALL, "evening", day, guidance) for day in range(1, 10)}
    assert set(on_day.values()) == {on_day[1]}
    assert on_day[1].guidance is guidance


def test_a_planned_session_has_its_parts_in_the_order_they_are_heard() -> None:
    whole = replace(SMALL.sessions[2], condition="careful", closing="bye")
    programme = replace(SMALL, sessions=(whole,))
    assert plan.plan_session(programme, "training", 3).parts == (
        TalkBlock(talk="hello"),
        TalkBlock(talk="careful"),
        TIGHTEN.steps[0].prescription,
        TalkBlock(talk="bye"),
    )


def test_a_session_without_contractions_has_no_dose_of_them() -> None:
    assert plan.plan_session(SMALL, "evening", 1).contractions is None


def with_block(block: ExerciseBlock) -> Prescription:
    """What ``block`` prescribes on day 3."""
    altered = replace(SMALL.sessions[0], blocks=(block,))
    (_, part) = plan.plan_session(replace(SMALL, sessions=(altered,)), "evening", 3).parts
    assert isinstance(part, Prescription)
    return part


def test_a_block_may_replace_the_breaths_of_a_dose_and_says_its_source() -> None:
    part = with_block(ExerciseBlock(exercise="breathe", breaths=3, override_source="leaflet"))
    assert part.dose == breathing(3)
    assert part.sources == (("first", "article"), ("breaths", "leaflet"))


def test_a_block_may_replace_the_sets_of_a_dose_and_says_its_source() -> None:
    part = with_block(ExerciseBlock(exercise="tighten", sets=1, override_source="leaflet"))
    assert part.dose == contractions(2, sets=1)
    assert part.sources == (("first", "article"), ("sets", "leaflet"))


def test_a_block_that_replaces_nothing_has_the_dose_of_its_exercise() -> None:
    assert with_block(ExerciseBlock(exercise="tighten")) == TIGHTEN.steps[0].prescription


# How much is spoken


def guidances(session_id: str, *, of: Programme = SMALL) -> dict[int, str]:
    """How ``session_id`` is guided on each day on which it is done."""
    planned = {day: plan.plan_day(of, day).sessions for day in range(1, 15)}
    return {day: s.guidance for day, found in planned.items() for s in found if s.id == session_id}


def test_a_session_is_spoken_in_full_on_its_first_days_and_briefly_after() -> None:
    assert guidances("evening") == {1: "full", 2: "full", **dict.fromkeys(range(3, 10), "brief")}


def test_its_first_days_count_from_the_day_on_which_it_is_first_done() -> None:
    assert guidances("training") == {3: "full", 4: "full", 5: "brief", 6: "brief", 7: "brief"}


def test_days_on_which_it_is_not_done_count_too() -> None:
    assert guidances("morning") == {1: "full", 2: "full", 5: "brief", 6: "brief"}


def test_the_first_day_may_stand_in_any_span() -> None:
    late_first = session("evening", (8, 9, 1), (2, 3, 1))
    assert late_first.first_day == 2
    assert guidances("evening", of=replace(SMALL, sessions=(late_first,))) == {
        2: "full",
        3: "full",
        8: "brief",
        9: "brief",
    }


def test_a_new_dose_is_no_new_session() -> None:
    """From day 5 on there is more to hold, but what to do is known."""
    longer = plan.plan_session(SMALL, "training", 5)
    assert longer.guidance is Guidance.BRIEF


@pytest.mark.parametrize("days", [1, 3, 30])
def test_the_programme_says_how_many_days_those_are(days: int) -> None:
    programme = replace(SMALL, full_guidance_days=days)
    full = [day for day, g in guidances("evening", of=programme).items() if g == "full"]
    assert full == list(range(1, min(days, 9) + 1))


@pytest.mark.parametrize("guidance", Guidance)
@pytest.mark.parametrize("day", range(1, 10))
def test_who_chooses_a_guidance_gets_it_on_every_day(guidance: Guidance, day: int) -> None:
    planned = plan.plan_day(SMALL, day, guidance)
    assert {s.guidance for s in planned.listening} == {guidance}
    assert plan.plan_weeks(SMALL, [1, 2], guidance)[day - 1] == planned
    for each in planned.sessions:
        assert plan.plan_session(SMALL, each.id, day, guidance) == each


@pytest.mark.parametrize("guidance", Guidance)
def test_the_guidance_changes_no_dose(guidance: Guidance) -> None:
    for day in range(1, 10):
        chosen, normal = plan.plan_day(SMALL, day, guidance), plan.plan_day(SMALL, day)
        assert ids(chosen.listening) == ids(normal.listening)
        assert [s.parts for s in chosen.listening] == [s.parts for s in normal.listening]


@pytest.mark.parametrize("guidance", [None, *Guidance])
def test_a_session_without_an_exercise_is_always_spoken_in_full(guidance: Guidance | None) -> None:
    talk = replace(session("news", (1, 9, 1)), blocks=(TalkBlock(talk="news"),))
    programme = replace(SMALL, sessions=(talk,))
    planned = {plan.plan_session(programme, "news", day, guidance) for day in range(1, 10)}
    assert [each.guidance for each in planned] == [Guidance.FULL]


# Weeks and sessions by name


def test_a_plan_of_weeks_has_every_day_in_order(programme: Programme) -> None:
    days = [planned.day for planned in plan.plan_weeks(programme, [2, 3])]
    assert days == list(range(8, 22))


def test_a_plan_of_no_weeks_is_empty(programme: Programme) -> None:
    assert plan.plan_weeks(programme, []) == ()


def test_a_session_by_name_is_the_one_of_the_day() -> None:
    planned = plan.plan_session(SMALL, "morning", 5)
    assert planned in plan.plan_day(SMALL, 5).sessions


def test_a_session_on_a_day_it_is_not_done_names_its_days() -> None:
    with pytest.raises(NotInProgrammeError) as caught:
        plan.plan_session(SMALL, "morning", 4)
    assert (
        str(caught.value) == "session 'morning' is not done on day 4; it is on: days 1-2, days 5-6"
    )


@pytest.mark.parametrize("guidance", Guidance)
def test_a_guidance_makes_no_session_of_what_is_none(guidance: Guidance) -> None:
    with pytest.raises(NotInProgrammeError):
        plan.plan_session(SMALL, "morning", 4, guidance)


def test_an_unknown_session_names_those_there_are() -> None:
    for ask in (lambda: plan.plan_session(SMALL, "noon", 1), lambda: plan.first_day(SMALL, "noon")):
        with pytest.raises(NotInProgrammeError) as caught:
            ask()
        assert str(caught.value) == "no session 'noon'; there are: evening, morning, training"


def test_the_first_day_of_a_session_is_the_earliest_of_its_spans() -> None:
    late_first = replace(SMALL, sessions=(session("evening", (8, 9, 1), (2, 3, 1)),))
    assert plan.first_day(late_first, "evening") == 2


@pytest.mark.parametrize(
    ("name", "full", "brief"),
    [
        ("breathing", [1, 2, 3], [4, 5, 6, 7, 8, 9, 10, 17, 24, 31, 38]),
        ("light", [5, 6, 7], [8, 9]),
        ("endurance", [10, 11, 12], [13, 14, 15, 16, 17, 18, 19]),
        ("endurance-one-set", [20, 21, 22], [*range(23, 36)]),
        ("strength-one-set", [36, 37, 38], [39, 40, 41, 42]),
        ("quick", [20, 21], [d for d in range(23, 43) if d not in (29, 36, 38, 41)]),
        ("coughing", [22], [29, 36]),
    ],
)
def test_sessions_of_the_built_in_programme_are_spoken_in_full_on_three_days(
    programme: Programme, name: str, full: list[int], brief: list[int]
) -> None:
    heard: dict[str, list[int]] = {}
    for planned in plan.plan_weeks(programme, range(1, 7)):
        for guidance in {each.guidance for each in planned.sessions if each.id == name}:
            heard.setdefault(guidance, []).append(planned.day)
    assert heard == {"full": full, "brief": brief}


@pytest.mark.parametrize(
    ("name", "day"), [("breathing", 1), ("light", 5), ("endurance", 10), ("quick", 20)]
)
def test_sessions_of_the_built_in_programme_begin_on_their_day(
    programme: Programme, name: str, day: int
) -> None:
    assert plan.first_day(programme, name) == day
    assert plan.plan_session(programme, name, day).id == name


# What a check-in changes


def test_the_first_day_that_changes_is_found_as_if_every_day_were_compared(
    programme: Programme,
) -> None:
    def told(day: int, **answers: bool) -> CheckIn:
        return CheckIn(day=day, **answers)

    good = tuple(told(day, done=True, pain=False, heaviness=False) for day in range(1, 30))
    late = replace(ANYONE, started_day=20)
    for before, check_in, first_day in (
        (replace(ANYONE, check_ins=good), told(30, done=True, pain=False), 31),
        (replace(ANYONE, check_ins=good), told(30, done=True, pain=True), 31),
        (replace(ANYONE, check_ins=good), told(30, pain=True), 40),
        (replace(ANYONE, check_ins=good), told(30, felt=False), 31),
        (late, told(25, leaks=True, leaks_more=True), 26),
        (late, told(25, red_flag=True), 26),
        (late, told(0, pain=True), 1),
    ):
        after = replace(before, check_ins=(*before.check_ins, check_in))
        was, now = (
            plan.plan_weeks(programme, plan.all_weeks(programme), situation=each)
            for each in (before, after)
        )
        pairs = zip(was[first_day - 1 :], now[first_day - 1 :], strict=True)
        wanted = next((b for a, b in pairs if a.listening != b.listening), None)
        assert plan.first_change(programme, before, after, first_day) == wanted, check_in
