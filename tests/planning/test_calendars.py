"""Three ordinary mothers, day by day to day 100, as a physiotherapist could discuss them."""

from collections import Counter
from pathlib import Path

import pytest

from voicecoach.content.clinical_state import CheckIn, Delivery, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.planner import Planner

LAST_DAY = 100
GOLDEN = Path(__file__).parents[1] / "golden" / "calendars"
MILD = {"heaviness": True, "eases": True, "bulge": False, "grows": False}
TELLS_IRREGULARLY = tuple(
    CheckIn(day=day, done=True, pain=False, **(MILD if day in (12, 26) else {"heaviness": False}))
    for day in (3, 6, 9, 12, 14, 15, 18, 20, 22, 26, 27, 29, 33, 36, 40, 45, 52, 60, 68, 75, 83, 90)
)
MOTHERS = {
    "never-tells": Situation(),
    "tells-irregularly": Situation(check_ins=TELLS_IRREGULARLY),
    "starts-on-day-50": Situation(started_day=50),
}


@pytest.mark.parametrize("mother", MOTHERS)
def test_her_calendar_is_as_discussed(
    mother: str, programme: Programme, request: pytest.FixtureRequest
) -> None:
    situation = MOTHERS[mother]
    planner = Planner(programme, situation, None)
    told = {check_in.day: check_in for check_in in situation.check_ins}
    first_day = situation.started_day
    lines = [line(planner.day(day), told.get(day)) for day in range(first_day, LAST_DAY + 1)]
    text = "\n".join(lines) + "\n"
    path = GOLDEN / f"{mother}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text)
    assert text == path.read_text()


def line(day: PlannedDay, told: CheckIn | None) -> str:
    """A day on a line: step, contractions, seconds under tension, sessions, why, what she told."""
    under_tension_s = sum(session.under_tension_ms for session in day.listening) // 1000
    sessions = ", ".join(
        f"{times} × {id_}" if times > 1 else id_
        for id_, times in Counter(session.id for session in day.listening).items()
    )
    text = f"{day.day:>3}  step {day.course.step or '-'}  "
    text += f"{day.contraction_count:>2} contractions {under_tension_s:>3} s  {sessions}"
    text += f"  [{day.course.reason}]" if day.course.reason else ""
    return text + ("" if told is None else f"  <- told: {'heavy' if told.heaviness else 'good'}")


def test_no_day_has_two_talks_besides_its_welcomes(programme: Programme) -> None:
    late = Situation(
        delivery=Delivery.CAESAREAN,
        perineum=Perineum.TEAR,
        started_day=200,
        check_ins=(CheckIn(day=230, let_go=False), CheckIn(day=240, let_go=True)),
    )
    planner = Planner(programme, late, None)
    talks = {
        day: [s.id for s in planner.day(day).sessions if s.id.startswith("explanation")]
        for day in range(200, 300)
    }
    assert all(len(each) <= 1 for each in talks.values())
    assert talks[203] == ["explanation-light"], "before its first session"
    assert talks[231] == ["explanation-letting-go"]
    heard = [talk for each in talks.values() for talk in each]
    assert {"explanation-caesarean", "explanation-tear", "explanation-running"} <= set(heard)
    first_of_path = planner.day(231)
    assert [s.guidance for s in first_of_path.sessions if s.id == "letting-go"] == [Guidance.FULL]


def test_a_late_starter_hears_her_first_breathing_in_full(programme: Programme) -> None:
    day = Planner(programme, Situation(started_day=200), None).day(200)
    assert [s.guidance for s in day.sessions if s.id == "breathing"] == [Guidance.FULL]
