"""Calm breathing for new parents: a second programme, made of content alone."""

from collections.abc import Iterator

import pytest
from conftest import Run

from voicecoach.authoring import check as check_run
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import estimate_ms
from voicecoach.script import timeline, writer
from voicecoach.script.script import Slot, Tone

LANGUAGES = ("nl", "en")


@pytest.fixture(scope="module")
def calm() -> Programme:
    return programme_reader.read(programme_reader.built_in("calm-breathing"))


def exercises(programme: Programme) -> Iterator[PlannedSession]:
    for session in check_run.distinct_sessions(programme):
        if any(isinstance(part, Prescription) for part in session.parts):
            yield session


def test_it_is_built_in_beside_the_recovery() -> None:
    assert programme_reader.built_in_names() == (
        "pelvic-floor",
        "back-after-birth",
        "calm-breathing",
    )


def test_every_built_in_name_has_a_programme() -> None:
    for name in programme_reader.built_in_names():
        assert programme_reader.read(programme_reader.built_in(name)).name == name


def test_it_lasts_the_whole_year_and_no_day_is_empty(calm: Programme) -> None:
    days = plan.plan_weeks(calm, range(1, 53))
    assert calm.last_day == len(days) == 364
    for day in days:
        assert {"before-sleep", "night-feed"} <= {session.id for session in day.sessions}


def test_nobody_is_asked_to_contract(calm: Programme) -> None:
    assert calm.training_steps == ()
    assert [phase.limits.contractions_a_day for phase in calm.phases] == [0]
    for session in check_run.distinct_sessions(calm):
        assert session.all_contractions == ()


def test_it_is_six_breaths_a_minute_out_longer_than_in(calm: Programme) -> None:
    doses = {
        part.dose
        for session in exercises(calm)
        for part in session.parts
        if isinstance(part, Prescription)
    }
    assert doses == {Breathing(inhale_ms=4000, exhale_ms=6000, breaths=24)}


def test_every_number_says_that_it_is_our_own_choice(calm: Programme) -> None:
    numbers = [each for span in calm.sessions for row in span.schedule for each in row.sources]
    for exercise in calm.exercises.values():
        numbers += [each for step in exercise.steps for each in step.prescription.sources]
    assert {source for _, source in numbers} == {"editorial"}
    assert "common" in calm.sources["editorial"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_session_takes_about_five_minutes(calm: Programme, language: str) -> None:
    lengths_ms = {}
    for session in exercises(calm):
        written = writer.write(session, calm.translations[language])
        rate_wpm = written.rate_wpm
        laid_out = timeline.lay_out(written, lambda text, r=rate_wpm: estimate_ms(text, r))
        lengths_ms[session.id, session.guidance] = laid_out.duration_ms
    assert len(lengths_ms) == 3 * len(Guidance)
    assert all(270_000 <= length_ms <= 330_000 for length_ms in lengths_ms.values()), lengths_ms


def test_both_languages_have_the_same_doses(calm: Programme) -> None:
    def tones(session: PlannedSession, language: str) -> list[tuple[int, list[Tone]]]:
        written = writer.write(session, calm.translations[language])
        slots = [item for item in written.items if isinstance(item, Slot)]
        return [
            (slot.length_ms, [p.sound for p in slot.placements if isinstance(p.sound, Tone)])
            for slot in slots
        ]

    for session in exercises(calm):
        assert tones(session, "nl") == tones(session, "en") != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_once_when_to_call_and_that_it_is_no_care(calm: Programme, language: str) -> None:
    said = " ".join(calm.translations[language].talks["welcome"].text)
    words = ("vervangt geen zorg", "huisarts") if language == "nl" else ("replace care", "doctor")
    assert all(word in said for word in words)


SAFE_SLEEP = {
    "nl": ("Leg je baby", "in een eigen bedje", "ogen open"),
    "en": ("put your baby", "in its own bed", "eyes open"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_baby_is_in_its_own_bed_before_anybody_may_fall_asleep(
    calm: Programme, language: str
) -> None:
    talks = calm.translations[language].talks
    lay_down, own_bed, eyes_open = SAFE_SLEEP[language]
    for talk in ("sleep-opening", "feeding-opening"):
        said = " ".join(talks[talk].text)
        assert lay_down in said
        assert own_bed in said
    for talk in ("together-opening", "feeding-opening"):
        assert eyes_open in " ".join(talks[talk].text)
    asleep = {"nl": "in slaap", "en": "fall asleep"}[language]
    before_sleep = " ".join(talks["sleep-opening"].text)
    assert before_sleep.index(own_bed) < before_sleep.index(asleep)


@pytest.mark.slow
def test_it_builds_at_once_and_has_no_remark(here: Run) -> None:
    folder = str(programme_reader.built_in("calm-breathing"))
    built = here("build", "--content", folder, "--week", "1")
    assert built.returncode == 0, built.stderr
    assert "7 tracks" in built.stdout
    checked = here("check", "--content", folder)
    assert (checked.returncode, checked.stdout.count("no remarks")) == (0, 1)
