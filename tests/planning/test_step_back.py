"""What a step back leaves of a day is measured on the plan itself."""

from dataclasses import replace

from voicecoach.content.clinical_state import ANYONE, CheckIn
from voicecoach.content.programme import Programme
from voicecoach.planning.plan import plan_day
from voicecoach.planning.step_back import steps_back


def test_every_step_is_there_and_no_step_back_leaves_more(programme: Programme) -> None:
    found = steps_back(programme)
    assert [each.step for each in found] == list(range(1, len(programme.training_steps) + 1))
    for each in found:
        assert each.after.contractions <= each.before.contractions
        assert each.after.under_tension_ms < each.before.under_tension_ms
        assert each.after.intensity_percent <= each.before.intensity_percent


def test_the_numbers_are_those_of_the_plan(programme: Programme) -> None:
    third = steps_back(programme)[2]
    good = [CheckIn(day=n, done=True, pain=False, heaviness=False) for n in range(1, third.day)]
    pain = CheckIn(day=third.day, done=True, pain=True)
    situation = replace(ANYONE, check_ins=(*good, pain))
    for day, load in ((third.day, third.before), (third.day + 2, third.after)):
        planned = plan_day(programme, day, situation=situation)
        tension_ms = sum(session.under_tension_ms for session in planned.listening)
        assert (planned.contraction_count, tension_ms) == (
            load.contractions,
            load.under_tension_ms,
        )
