"""The reader of content: what it refuses, and what the built-in programme holds.

``bad_content/`` has a small programme without a fault and, for each way to spoil it, a file: what
to replace, by what, and every line the reader must then say. A file may replace in several places.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach import strict_yaml
from voicecoach.content.exercise import Exercise, Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import ExerciseBlock, TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.errors import ContentError, StorageError
from voicecoach.planning.plan import plan_day
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import script, writer

BUILT_IN = programme_reader.built_in()
BAD_CONTENT = Path(__file__).parents[2] / "bad_content"
SMALL = BAD_CONTENT / "programme"
BAD = sorted(BAD_CONTENT.glob("*.txt"))
DAYS = range(1, 43)
"""The first six weeks, in which the dose grows; for the others see test_year.py."""
COUGHING_DAYS = (22, 29, 36)

HOLD_S_BY_DAY = {
    **dict.fromkeys(range(5, 8), 2),
    **dict.fromkeys(range(8, 10), 3),
    **dict.fromkeys(range(10, 20), 5),
    **dict.fromkeys(range(20, 22), 6),
    **dict.fromkeys(range(22, 29), 8),
    **dict.fromkeys(range(29, 36), 10),
    **dict.fromkeys(range(36, 43), 10),
}
"""The progression we chose, weeks 1 to 6 (clinical facts, section 3)."""

_PART = re.compile(
    r"--- replace in (?P<file>\S+)\n(?P<old>.*?)\n"
    r"--- by\n(?P<new>.*?)\n?(?=--- (?:replace|expect))",
    re.DOTALL,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small programme, to spoil."""
    return Path(shutil.copytree(SMALL, tmp_path / "programme"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def complaints(folder: Path) -> str:
    """All that the reader says of ``folder``, without the name of the folder."""
    with pytest.raises(ContentError) as caught:
        programme_reader.read(folder)
    return str(caught.value).replace(f"{folder}/", "")


# What is refused


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.stem)
def test_bad_content_is_refused_with_its_place(case: Path, folder: Path) -> None:
    text = case.read_text(encoding="utf-8")
    edits = list(_PART.finditer(text))
    assert edits, "the case replaces nothing"
    for edit in edits:
        spoil(folder / edit["file"], edit["old"], edit["new"])
    assert complaints(folder) == text.split("--- expect\n")[1].strip("\n")


def test_the_small_programme_has_no_fault(folder: Path) -> None:
    assert programme_reader.read(folder).name == "small"


def test_there_are_bad_cases() -> None:
    assert len(BAD) > 75


def test_a_number_of_five_thousand_digits_is_refused(folder: Path) -> None:
    spoil(folder / "programme.yaml", "edition: 2026", f"edition: {'9' * 5000}")
    said = complaints(folder)
    assert said.startswith("programme.yaml:4:10: edition: ")
    assert len(said) < 500


def test_a_percentage_of_five_thousand_digits_is_refused(folder: Path) -> None:
    spoil(folder / "programme.yaml", "30-40", "9" * 5000)
    said = complaints(folder)
    assert said.startswith("programme.yaml:31:26: exercises.light.dose.intensity_percent: ")
    assert len(said) < 500


def test_scores_of_missing_number_words_make_a_short_message(folder: Path) -> None:
    old, new = (f"rest_s: 3 from editorial\n      reps: {reps}" for reps in (8, 100))
    spoil(folder / "programme.yaml", old, new)
    lines = complaints(folder).splitlines()
    assert [line[: line.index(": words")] for line in lines] == [
        "en.yaml:9:10: numbers",
        "nl.yaml:18:3: numbers",
    ]
    assert max(map(len, lines)) < 500


def test_a_programme_without_sessions_is_refused(folder: Path) -> None:
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        before, after = text.split("sessions:\n")
        rest = after[after.index("talks:") :] if "talks:" in after else ""
        path.write_text(f"{before}sessions: {{}}\n{rest}", encoding="utf-8")
    assert "programme.yaml:54:" in complaints(folder)


def test_many_problems_are_all_gathered_in_the_order_of_the_file(folder: Path) -> None:
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("from_day: 5 from article, to", "from_day: 0 from article, to"),
        encoding="utf-8",
    )
    spoil(path, "rest_s: 3 from", "rest_s: 1000 from")
    spoil(path, "edition: 2026", "edition: 26")
    with pytest.raises(ContentError) as caught:
        programme_reader.read(folder)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (4, "edition"),
        (43, "exercises.quick.dose.rest_s"),
        (64, "sessions.light.schedule[0].from_day"),
        (72, "sessions.quick.schedule[0].from_day"),
    ]


def test_a_step_may_say_a_number_that_the_dose_says_too(folder: Path) -> None:
    rest = "hold_s: 3 from article, rest_s: 6 from editorial"
    spoil(folder / "programme.yaml", rest, f"{rest}, reps: 6 from editorial")
    steps = programme_reader.read(folder).exercises["light"].steps
    doses = [step.prescription.dose for step in steps]
    assert [dose.reps for dose in doses if isinstance(dose, Contractions)] == [8, 6]
    assert [dict(s.prescription.sources)["reps"] for s in steps] == ["article", "editorial"]


def test_a_number_of_a_block_keeps_its_source(folder: Path) -> None:
    spoil(folder / "programme.yaml", "breaths: 3 from editorial", "breaths: 3 from article")
    light = next(s for s in programme_reader.read(folder).sessions if s.id == "light")
    assert light.blocks[0] == ExerciseBlock(
        exercise="breathing", breaths=3, override_source="article"
    )


def test_each_guidance_has_a_rate_of_its_own(folder: Path) -> None:
    spoil(folder / "nl.yaml", "tones: 125 from", "tones: 140 from")
    assert programme_reader.read(folder).translations["nl"].rate_wpm == {
        Guidance.FULL: 120,
        Guidance.BRIEF: 125,
        Guidance.TONES: 140,
    }


def test_any_voice_and_any_word_may_be_given_a_pronunciation(folder: Path) -> None:
    """A word is known by its letters, however it is capitalised and spaced."""
    spoil(folder / "nl.yaml", "    kracht: kragt\n", "    Kracht: kragt\n")
    spoil(folder / "nl.yaml", "    een klein beetje:", '    " Een  klein BEETJE":')
    spoil(folder / "nl.yaml", '  "espeak:nl+f2":', '  "piper:x": {één: eejn}\n  "espeak:nl+f2":')
    assert programme_reader.read(folder).translations["nl"].pronunciation == {
        "espeak": {"kracht": "kragt", "een klein beetje": "een-klein-beetje"},
        "piper:x": {"één": "eejn"},
        "espeak:nl+f2": {"kracht": "krachd"},
    }


def test_a_language_may_need_no_pronunciation(folder: Path) -> None:
    assert programme_reader.read(folder).translations["en"].pronunciation == {}


def test_a_number_of_minutes_that_is_never_left_needs_no_word(folder: Path) -> None:
    """Five repetitions a set: half a minute of breathing, a bit over three of contractions, and
    at most one after them."""
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8").replace("reps: 8", "reps: 5")
    path.write_text(text, encoding="utf-8")
    spoil(path, "hold_s: 3 from article, rest_s: 6", "hold_s: 3 from article, rest_s: 4")
    spoil(folder / "nl.yaml", "  6: zes\n  7: zeven\n  8: acht\n", "")
    assert 6 not in programme_reader.read(folder).translations["nl"].numbers
    spoil(folder / "nl.yaml", "  5: vijf\n", "")
    told = "numbers: words are missing for these numbers of the doses: 5"
    assert complaints(folder) == f"nl.yaml:18:3: {told}"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere: there is no such folder"):
        programme_reader.read(tmp_path / "nowhere")


def test_a_folder_with_an_impossible_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        programme_reader.read(tmp_path / ("x" * 300))


def test_a_file_instead_of_a_folder_is_refused(folder: Path) -> None:
    with pytest.raises(StorageError, match="there is no such folder"):
        programme_reader.read(folder / "nl.yaml")


def test_a_folder_without_programme_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"programme\.yaml: there is no such file"):
        programme_reader.read(tmp_path)


def test_an_unknown_built_in_programme_is_refused() -> None:
    with pytest.raises(StorageError, match="'knees' is missing"):
        programme_reader.built_in("knees")


# What the built-in programme holds


def sessions_on(programme: Programme, day: int) -> tuple[PlannedSession, ...]:
    """What is listened to on ``day``, repeats included."""
    return plan_day(programme, day).listening


def contractions_in(session: PlannedSession) -> list[tuple[str, Contractions]]:
    return [
        (part.exercise, part.dose)
        for part in session.parts
        if isinstance(part, Prescription) and isinstance(part.dose, Contractions)
    ]


def contractions_on(programme: Programme, day: int) -> list[tuple[str, Contractions]]:
    """Every dose of contractions of ``day`` and its exercise, as often as it is done."""
    return [found for s in sessions_on(programme, day) for found in contractions_in(s)]


def test_the_built_in_programme_reads_without_a_problem() -> None:
    programme = programme_reader.read(BUILT_IN)
    assert programme.name == "pelvic-floor"
    assert list(programme.translations) == ["nl", "en"]
    assert programme.last_day == 364


def test_a_programme_is_read_again_when_a_file_of_it_changed(folder: Path) -> None:
    read = programme_reader.read(folder)
    assert programme_reader.read(folder) is read
    path = folder / "nl.yaml"
    path.write_text(path.read_text("utf-8"), encoding="utf-8")
    again = programme_reader.read(folder)
    assert again == read
    assert again is not read
    (folder / "en.yaml").unlink()
    with pytest.raises(ContentError, match="names the language 'en'"):
        programme_reader.read(folder)


def test_the_phases_begin_on_the_days_of_the_article(programme: Programme) -> None:
    assert {phase.id: phase.from_day for phase in programme.phases} == {
        "awareness": 1,
        "light": 5,
        "endurance": 10,
        "quick": 20,
        "half": 36,
        "building": 57,
        "strong": 85,
        "near-max": 113,
        "in-movement": 183,
    }


def test_steps_are_all_spoken_in_the_first_three_days(programme: Programme) -> None:
    assert programme.full_guidance_days == 3


@pytest.mark.parametrize("guidance", Guidance)
def test_it_is_spoken_at_a_rate_that_can_be_followed(
    programme: Programme, guidance: Guidance
) -> None:
    for words in programme.translations.values():
        assert 100 <= words.rate_wpm[guidance] <= 140


def scalars(node: strict_yaml.Node) -> Iterator[strict_yaml.Scalar]:
    if isinstance(node, strict_yaml.Scalar):
        yield node
    else:
        below = node.items if isinstance(node, strict_yaml.Sequence) else node.items.values()
        for item in below:
            yield from scalars(item)


def test_every_number_in_the_structure_names_a_known_source(programme: Programme) -> None:
    numbers = {
        scalar.place.path: scalar.text
        for scalar in scalars(strict_yaml.read(BUILT_IN / "programme.yaml"))
        if scalar.text[0].isdigit()
    }
    bare = {path for path, text in numbers.items() if " from " not in text}
    sources = {text.split(" from ")[1] for path, text in numbers.items() if path not in bare}
    assert {path for path in bare if ".for.sessions_a_day" not in path} == {"format", "edition"}
    assert sources <= set(programme.sources)
    assert len(numbers) > 100


def test_every_number_of_a_dose_has_one_known_source(programme: Programme) -> None:
    breathing = {"inhale_s", "exhale_s", "breaths"}
    contractions = {"intensity_percent", "hold_s", "rest_s", "reps", "sets", "set_rest_s"}
    for day in DAYS:
        for session in sessions_on(programme, day):
            for part in session.parts:
                if isinstance(part, Prescription):
                    keys = [key for key, _ in part.sources if key != "starting_position"]
                    assert len(keys) == len(set(keys))
                    if isinstance(part.dose, Breathing):
                        assert set(keys) == breathing
                    elif isinstance(part.dose, Contractions):
                        cough = {"cough_s"} if part.dose.cough_ms else set()
                        assert set(keys) - cough == contractions
                    assert {source for _, source in part.sources} <= set(programme.sources)


def test_the_sources_are_read_number_by_number(programme: Programme) -> None:
    step = programme.exercises["endurance"].steps[1]
    assert step.from_day == 20
    assert dict(step.prescription.sources) == {
        "intensity_percent": "article",
        "hold_s": "editorial",
        "rest_s": "motherfit",
        "reps": "article",
        "sets": "article",
        "set_rest_s": "editorial",
    }


def test_what_is_not_in_the_article_is_not_said_to_be(programme: Programme) -> None:
    def source(exercise: Exercise, key: str) -> set[str]:
        return {dict(step.prescription.sources)[key] for step in exercise.steps}

    exercises = programme.exercises
    assert source(exercises["quick"], "intensity_percent") == {"editorial"}
    assert source(exercises["quick"], "rest_s") == {"editorial"}
    for id_ in ("light", "endurance", "quick"):
        assert source(exercises[id_], "set_rest_s") == {"editorial"}
    for id_ in ("light", "endurance"):
        assert source(exercises[id_], "rest_s") <= {"motherfit", "cfa"}


@pytest.mark.parametrize("day", DAYS)
def test_both_languages_have_the_same_doses(programme: Programme, day: int) -> None:
    def doses(language: str) -> list[object]:
        found: list[object] = []
        for session in sessions_on(programme, day):
            written = writer.write(session, programme.translations[language])
            found += [written.session, written.blocks]
            found += [
                (
                    item.length_ms,
                    [p.sound for p in item.placements if isinstance(p.sound, script.Tone)],
                )
                for item in written.items
                if isinstance(item, script.Slot)
            ]
        return found

    dutch, english = doses("nl"), doses("en")
    assert dutch
    assert dutch == english


@pytest.mark.parametrize("day", DAYS)
def test_every_day_has_a_session_to_do(programme: Programme, day: int) -> None:
    assert any(
        isinstance(part, Prescription)
        for session in sessions_on(programme, day)
        for part in session.parts
    )


@pytest.mark.parametrize("day", range(1, 5))
def test_no_contraction_is_asked_for_before_day_5(programme: Programme, day: int) -> None:
    assert contractions_on(programme, day) == []


@pytest.mark.parametrize("day", range(5, 36))
def test_from_day_5_there_is_a_session_of_24_contractions_or_three_of_8(
    programme: Programme, day: int
) -> None:
    totals: dict[str, list[int]] = {}
    for exercise, dose in contractions_on(programme, day):
        totals.setdefault(exercise, []).append(dose.reps * dose.sets)
    expected = (
        {"light": [24]}
        if day < 10
        else {"endurance": [24]}
        if day < 20
        else {"endurance": [8, 8, 8], "coughing": [8], "lifting": [8]}
        if day in COUGHING_DAYS
        else {"endurance": [8, 8, 8], "quick": [24]}
    )
    assert totals == expected


@pytest.mark.parametrize("day", range(5, 36))
def test_holds_follow_the_progression(programme: Programme, day: int) -> None:
    grows = ("light", "endurance")
    holds = {dose.hold_ms for id_, dose in contractions_on(programme, day) if id_ in grows}
    assert holds == {HOLD_S_BY_DAY[day] * 1000}


@pytest.mark.parametrize("day", sorted({*range(20, 36)} - {*COUGHING_DAYS}))
def test_from_day_20_quick_contractions_take_one_second(programme: Programme, day: int) -> None:
    quick = [dose for id_, dose in contractions_on(programme, day) if id_ == "quick"]
    assert [(dose.hold_ms, dose.rest_ms, dose.reps, dose.sets) for dose in quick] == [
        (1000, 3000, 8, 3)
    ]


@pytest.mark.parametrize("day", COUGHING_DAYS)
def test_coughing_and_lifting_ask_for_short_contractions(programme: Programme, day: int) -> None:
    """Two seconds, of which the tick after one is the cue to cough."""
    found = dict(contractions_on(programme, day))
    for exercise in ("coughing", "lifting"):
        dose = found[exercise]
        assert (dose.hold_ms, dose.rest_ms, dose.reps, dose.sets) == (2000, 4000, 8, 1)


@pytest.mark.parametrize("day", range(5, 43))
def test_rests_are_at_least_as_long_as_the_facts_say(programme: Programme, day: int) -> None:
    for exercise, dose in contractions_on(programme, day):
        if exercise == "quick":
            least_ms = 3000
        elif day < 20:
            least_ms = max(4000, 2 * dose.hold_ms)
        else:
            least_ms = dose.hold_ms
        assert dose.rest_ms >= least_ms
        assert 45_000 <= dose.set_rest_ms <= 60_000


@pytest.mark.parametrize("day", range(5, 36))
def test_intensity_is_at_most_forty_percent(programme: Programme, day: int) -> None:
    low = 30 if day < 10 else 40
    intensities = {
        (dose.intensity.low_percent, dose.intensity.high_percent)
        for _, dose in contractions_on(programme, day)
    }
    assert intensities == {(low, 40)}


@pytest.mark.parametrize("day", DAYS)
def test_breathing_is_six_breaths_a_minute(programme: Programme, day: int) -> None:
    doses = {
        (part.dose.inhale_ms, part.dose.exhale_ms)
        for session in sessions_on(programme, day)
        for part in session.parts
        if isinstance(part, Prescription) and isinstance(part.dose, Breathing)
    }
    assert doses == {(4000, 6000)}


def test_every_week_has_the_session_to_fall_back_on(programme: Programme) -> None:
    weeks = {(day - 1) // 7 + 1 for day in DAYS if has_session(programme, "breathing", day)}
    assert weeks == {1, 2, 3, 4, 5, 6}


def test_the_session_to_fall_back_on_asks_for_no_contraction(programme: Programme) -> None:
    breathing = next(s for s in programme.sessions if s.id == "breathing")
    assert not breathing.asks_for_contractions(programme.exercises)


def has_session(programme: Programme, session: str, day: int) -> bool:
    return session in {planned.id for planned in plan_day(programme, day).sessions}


def test_every_phase_is_explained_on_its_first_day(programme: Programme) -> None:
    for phase in programme.phases:
        if phase.from_day < 36:  # the rows after it are explained together, and each change of them
            assert has_session(programme, f"explanation-{phase.id}", phase.from_day)
    assert has_session(programme, "explanation-effort", 36)


def test_every_contraction_session_says_its_condition_before_the_first_contraction(
    programme: Programme,
) -> None:
    checked = 0
    for session in programme.sessions:
        if session.asks_for_contractions(programme.exercises):
            checked += 1
            assert session.condition is not None
            parts = session.parts_in(None)
            before = parts[: parts.index(TalkBlock(talk=session.condition))]
            assert not any(isinstance(part, ExerciseBlock) for part in before)
    assert checked == 39


def test_no_session_is_for_days_before_its_exercise_begins(programme: Programme) -> None:
    for session in programme.sessions:
        for block in session.blocks:
            if isinstance(block, ExerciseBlock) and session.condition is not None:
                first = programme.exercises[block.exercise].steps[0]
                is_contraction = isinstance(first.prescription.dose, Contractions)
                days = [span.first_day for span in session.schedule]
                assert not is_contraction or min(days) >= first.from_day
