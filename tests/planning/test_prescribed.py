"""What a clinician prescribed for one client: her doses meanwhile, and where she goes on."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach import messages
from voicecoach.authoring import starter
from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.clinical_state import CheckIn, Perineum, Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.dose import Intensity, Sets
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.errors import NotInProgrammeError
from voicecoach.planning import prescribed_limits
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.planner import Planner
from voicecoach.planning.wording import prescribed_by
from voicecoach.script import timeline, writer

A = ClientPrescription(
    exercise="endurance",
    first_day=31,
    last_day=44,
    hold_ms=3000,
    reps=6,
    sets=2,
    intensity=Intensity(low_percent=30, high_percent=30),
    times_a_day=2,
    starting_position="side",
    leave_out=("quick",),
    by="Anna de Vries, 12345",
)
"""Six of three seconds at 30 %, two sets, on her side, twice a day, no quick ones, two weeks."""
B = ClientPrescription(exercise="endurance", first_day=21, last_day=24, hold_ms=8000, by="B")
"""Eight seconds instead of six until Friday."""
PAIN = CheckIn(day=35, done=True, pain=True)
STOP = CheckIn(day=35, red_flag=True)


def days(programme: Programme, *prescribed: ClientPrescription, **told: object) -> list[PlannedDay]:
    situation = Situation(prescriptions=prescribed, **told)  # type: ignore[arg-type]
    planner = Planner(programme, situation, None)
    return [planner.day(day) for day in range(1, 91)]


def doses(day: PlannedDay) -> list[tuple[int, int, int, int, int]]:
    """Hold, rest, repetitions, sets and percentage of each session, as often as it is done."""
    return [
        (d.hold_ms, d.rest_ms, d.reps, d.sets, d.intensity.high_percent)
        for session in day.listening
        for d in session.all_contractions
    ]


def test_the_prescribed_dose_takes_the_place_of_the_programmes(programme: Programme) -> None:
    found = days(programme, A)
    assert all(doses(day) == [(3000, 6000, 6, 2, 30)] * 2 for day in found[30:44])
    assert all((3000, 6000, 6, 2, 30) not in doses(found[n]) for n in (29, 44))
    positions = {
        part.starting_position.id
        for session in found[30].sessions
        for part in session.parts
        if isinstance(part, Prescription) and part.starting_position
    }
    assert positions == {"side"}
    assert "quick" not in {id_ for day in found[30:44] for s in day.sessions for id_ in s.exercises}


def test_a_rest_keeps_its_ratio_and_all_else_is_the_programmes(programme: Programme) -> None:
    before, after = days(programme), days(programme, B)
    quick = (1000, 3000, 8, 3, 40)
    assert doses(before[20]) == [(6000, 12000, 8, 1, 40), quick, *[(6000, 12000, 8, 1, 40)] * 2]
    assert doses(after[20]) == [(8000, 16000, 8, 1, 40), quick, *[(8000, 16000, 8, 1, 40)] * 2]


def test_the_clock_stands_still_and_goes_on_at_the_highest_step_that_fits(
    programme: Programme,
) -> None:
    hold_only = replace(A, hold_ms=5000, reps=None, sets=None, intensity=None)
    for prescribed, during, after in ((A, 6, 1), (B, 4, 5), (hold_only, 6, 3)):
        found = days(programme, prescribed)
        meanwhile = found[prescribed.first_day - 1 : prescribed.last_day]
        assert {day.course.step for day in meanwhile} == {during}
        assert {day.course.training_day for day in meanwhile} == {meanwhile[0].course.training_day}
        assert found[prescribed.last_day].course.step == after


def test_she_goes_on_above_her_step_only_by_what_was_prescribed(programme: Programme) -> None:
    """No number that nobody prescribed rises by it: not another exercise, its strength or its
    hold."""
    of = {"last_day": 24, "hold_ms": None}
    for prescribed, step in (
        (replace(B, first_day=21, exercise="quick", reps=10, **of), 4),
        (replace(B, first_day=21, reps=8, **of), 4),
        (replace(B, first_day=22, exercise="rise-from-floor", reps=8, **of), 5),
        (replace(B, first_day=9, exercise="basket", reps=8, sets=3, **of), 2),
        (replace(B, first_day=9, exercise="coughing", sets=3, **of | {"last_day": 17}), 2),
        (replace(B, first_day=61, last_day=75, exercise="squat", reps=2, hold_ms=None), 9),
    ):
        after = days(programme, prescribed)[prescribed.last_day].course.step
        assert after == step, prescribed.exercise


def test_what_is_never_done_is_refused_when_it_is_prescribed(programme: Programme) -> None:
    letting_go = replace(A, exercise="letting-go", leave_out=(), hold_ms=None, reps=None, sets=None)
    letting_go = replace(letting_go, intensity=None, times_a_day=None)
    long_holds = replace(A, exercise="long-holds", first_day=100, last_day=101, intensity=None)
    breathing = replace(letting_go, exercise="floor-breathing", first_day=285, last_day=286)
    twice = replace(breathing, times_a_day=2)
    for each, message in (
        (letting_go, "letting-go is not done on any of these days"),
        (
            long_holds,
            "no session has long-holds for this client, because of what voicecoach init was told",
        ),
        (twice, None),
    ):
        hers = Situation(prescriptions=(each,))
        found = [text for _, text in prescribed_limits.faults(programme, hers, is_new=True)]
        assert [text.partition(";")[0] for text in found] == ([message] if message else [])
        assert not found or not prescribed_limits.faults(programme, hers), "it is in force"
    planner = Planner(programme, Situation(prescriptions=(twice,)), None)
    for n in (285, 286):
        assert [each.id for each in planner.day(n).listening].count("breathing") == 2
    planner = Planner(programme, Situation(prescriptions=(long_holds,)), None)
    assert doses(planner.day(100)), "her own, and no traceback"


def test_a_prescription_opens_no_gate(programme: Programme) -> None:
    torn = {"perineum": Perineum.OASI}
    assert not any(day.contraction_count for day in days(programme, A, **torn))
    cleared = days(programme, A, cleared_day=36, **torn)
    assert not any(day.contraction_count for day in cleared[:35])
    assert doses(cleared[35]) == [(3000, 6000, 6, 2, 30)] * 2
    early = days(programme, replace(A, first_day=1, last_day=10))
    assert not any(day.contraction_count for day in early[:4])


def test_pain_gives_the_lower_of_prescription_and_step(programme: Programme) -> None:
    stronger = replace(A, hold_ms=15000, reps=10, intensity=None, leave_out=())
    found = days(programme, stronger, check_ins=(PAIN,))
    assert doses(found[34])[0][:4:2] == (15000, 10)
    assert found[35].contraction_count == 0, "a day of breathing"
    assert max(dose[0] for dose in doses(found[36])) == 8000
    assert max(dose[2] for dose in doses(found[36])) == 8
    weaker = days(programme, A, check_ins=(PAIN,))
    assert doses(weaker[36]) == [(3000, 6000, 6, 2, 30)], "no more sets than her step has"


def test_pain_adds_no_set_and_no_repetition(programme: Programme) -> None:
    """Nor those of what is done instead on a lower step."""
    of = replace(A, hold_ms=None, reps=None, sets=None, intensity=None, times_a_day=None)
    for prescribed, sessions_a_day in (
        (replace(of, times_a_day=1), 2),
        (replace(of, exercise="wide-squat", sets=1), 3),
        (replace(of, exercise="step-forward", reps=4), None),
        (replace(of, exercise="lifting", leave_out=()), 1),
    ):
        told = {"sessions_a_day": sessions_a_day}
        without, after = (
            days(programme, prescribed, check_ins=each, **told) for each in ((), (PAIN,))
        )
        for one, other in zip(without, after, strict=True):
            assert other.contraction_count <= one.contraction_count, (prescribed, one.day)


def test_a_stop_suspends_it_until_a_later_clearance(programme: Programme) -> None:
    stopped = days(programme, A, check_ins=(STOP,))
    assert not any(day.contraction_count for day in stopped[35:])
    cleared = days(programme, A, check_ins=(STOP,), cleared_day=40)
    assert not any(day.contraction_count for day in cleared[35:39])
    assert doses(cleared[39]) == [(2000, 4000, 6, 2, 30)], "the lower of it and of the first step"


def test_what_is_beyond_the_limits_is_refused_with_the_limit(programme: Programme) -> None:
    cases = {
        "endurance: a hold of 20 s, but at most 15 s are allowed": replace(A, hold_ms=20_000),
        "endurance: 60 % of full strength, but at most 40 % are": replace(
            A, intensity=Intensity(low_percent=60, high_percent=60)
        ),
        "endurance: 72 contractions a day, but at most 48 are": replace(A, reps=12, sets=3),
        "this programme has no exercise headstand": replace(A, exercise="headstand"),
        "this programme has no starting position stool": replace(A, starting_position="stool"),
        "the programme has no word for 33": replace(
            A, intensity=Intensity(low_percent=33, high_percent=33)
        ),
        "in this programme floor-breathing has no hold_s": replace(A, exercise="floor-breathing"),
    }

    for message, prescribed in cases.items():
        with pytest.raises(NotInProgrammeError, match=message):
            prescribed_limits.refuse(programme, Situation(prescriptions=(prescribed,)))
    reason = replace(A, hold_ms=15_000, reps=12, sets=3, beyond_limits="agreed in the clinic")
    for each in (A, B, reason, replace(A, exercise="squat", programme="another")):
        prescribed_limits.refuse(programme, Situation(prescriptions=(each,)))


def test_before_a_clearance_the_limits_are_those_with_which_she_will_begin(
    programme: Programme,
) -> None:
    torn = Situation(perineum=Perineum.OASI, prescriptions=(A,))
    assert not prescribed_limits.faults(programme, torn, is_new=True)
    torn = replace(torn, prescriptions=(B,))
    [(_, message)] = prescribed_limits.faults(programme, torn, is_new=True)
    assert "a hold of 8 s, but at most 3 s" in message


def test_what_is_in_force_is_not_refused_because_she_may_no_longer_contract(
    programme: Programme,
) -> None:
    """After a stop, or a catheter, she still has her plan and her breathing."""
    hers = Situation(prescriptions=(B,))
    told = CheckIn(day=B.first_day, red_flag=True)
    for shut in (replace(hers, check_ins=(told,)), replace(hers, has_catheter=True)):
        prescribed_limits.refuse(programme, shut)


def test_who_prescribed_it_is_told_on_its_days_and_never_why(programme: Programme) -> None:
    told = [prescribed_by(day.prescribed, messages.words("en")) for day in days(programme, A)]
    line = "Prescribed by Anna de Vries, 12345, up to and including day 44."
    assert told[29] == told[44] == ()
    assert told[30] == (f"{line} Who that is, was not verified.",)


def test_no_number_is_said_but_those_of_the_prescription(programme: Programme) -> None:
    once = replace(
        A,
        hold_ms=7000,
        reps=1,
        sets=1,
        intensity=Intensity(low_percent=20, high_percent=20),
        by="x",
    )
    for each in (A, once, replace(once, exercise="light", reps=11, sets=3, times_a_day=1)):
        planner = Planner(programme, Situation(prescriptions=(each,)), Guidance.FULL)
        session = next(s for s in planner.day(each.first_day).sessions if s.all_contractions)
        [dose] = session.all_contractions
        assert (dose.hold_ms, dose.reps, dose.sets) == (each.hold_ms, each.reps, each.sets)
        of_dose = {dose.hold_ms // 1000, dose.reps, dose.intensity.high_percent}
        for words in programme.translations.values():
            numbers = {text.lower(): number for number, text in words.numbers.items()}
            laid_out = timeline.lay_out(writer.write(session, words), lambda text: 50 * len(text))
            said = [e.sound.text.lower() for e in laid_out.events if hasattr(e.sound, "text")]
            told = [t for t in said if not re.search("minut|^[^ ]+$", t)]  # but counts, time left
            found = {numbers[w] for t in told for w in re.findall(r"[\w-]+", t) if w in numbers}
            assert found <= {1, *of_dose, *range(1, dose.sets + 1)}
            assert of_dose <= found, "each is said"


def test_movement_and_stretches_are_prescribed_too() -> None:
    back = programme_reader.read(programme_reader.built_in("back-after-birth"))
    tilt = ClientPrescription(
        exercise="pelvic-tilt", first_day=2, last_day=3, reps=4, sets=2, by="x"
    )
    knee = replace(
        tilt, exercise="knee-to-chest", reps=1, sets=None, hold_ms=10_000, leave_out=("knee-drop",)
    )
    long = (replace(tilt, reps=12), replace(knee, hold_ms=120_000), replace(knee, hold_ms=30_000))
    assert not prescribed_limits.faults(back, Situation(prescriptions=long)), "all can be said"
    planner = Planner(back, Situation(prescriptions=(tilt, knee)), None)

    def done(day: int) -> dict[str, tuple[int, int, int | None]]:
        parts = [p for s in planner.day(day).sessions for p in s.parts]
        return {
            p.exercise: (p.dose.reps, p.dose.sets, getattr(p.dose, "hold_ms", None))
            for p in parts
            if isinstance(p, Prescription) and isinstance(p.dose, Sets)
        }

    assert done(1).keys() == {"pelvic-tilt", "knee-to-chest", "knee-drop"}
    assert done(2) == {"pelvic-tilt": (4, 2, None), "knee-to-chest": (1, 1, 10_000)}
    assert done(4) == done(1)


def test_what_only_leaves_out_changes_nothing_else(programme: Programme) -> None:
    """Also in weeks whose step does not have the main exercise, of which it was said."""
    only = ClientPrescription(
        exercise="endurance", first_day=40, last_day=44, leave_out=("quick",), by="x"
    )
    prescribed_limits.refuse(programme, Situation(prescriptions=(only,)))
    before, after = days(programme), days(programme, only)
    assert [each.exercises[-1] for each in before[39].sessions] == ["strength", "quick"]
    assert after[39].sessions == before[39].sessions[:1]
    assert prescribed_by(after[39].prescribed, messages.words("en"))


def test_only_what_an_exercise_has_can_be_prescribed(tmp_path: Path) -> None:
    mine = programme_reader.read(starter.write("mine", tmp_path, "movements"))
    for id_, numbers in (
        ("squat", ("reps", "sets")),
        ("calf-stretch", ("hold_s", "reps", "sets")),
        ("walk", ()),
    ):
        assert prescribed_limits.numbers_of(mine.exercises[id_]) == numbers, id_
