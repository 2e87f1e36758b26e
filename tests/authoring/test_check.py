"""What ``check`` finds in content that reads well but should not be so; and the words as such.

Doses are spoilt in the programme that ``new`` writes: days 1 to 14, light contractions from day 5.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import voicecoach
from voicecoach.authoring import check, check_doses, check_words
from voicecoach.content.clinical_state import ANYONE, Floor, Position, Situation
from voicecoach.content.exercise import Exercise, Step
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Limits, Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import Span
from voicecoach.content.translation import Guidance, Translation
from voicecoach.errors import ContentError
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import estimate_ms, sentences
from voicecoach.script import timeline, writer
from voicecoach.script.script import Script
from voicecoach.script.timeline import Timeline

LANGUAGES = ("nl", "en")
OURS = programme_reader.built_in().name
OWN = Path(__file__).parents[1] / "own_programme"
STARTER = Path(voicecoach.__file__).parent / "templates" / "starter"


@pytest.fixture(scope="module")
def starter() -> Programme:
    return programme_reader.read(STARTER)


@pytest.fixture(scope="module", params=programme_reader.built_in_names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built_in(name: str) -> Programme:
    return programme_reader.read(programme_reader.built_in(name))


@functools.cache
def sessions_of(name: str) -> dict[PlannedSession, int]:
    """Every distinct session of a built-in programme."""
    return check.distinct_sessions(programme_reader.read(programme_reader.built_in(name)))


@pytest.fixture(scope="module")
def planned(name: str) -> dict[PlannedSession, int]:
    """Every distinct session of ``built_in``."""
    return sessions_of(name)


def at_estimate(written: Script, slower: float = 1) -> Timeline:
    """``written`` with words that are ``slower`` than we estimate."""
    return timeline.lay_out(
        written, lambda text: round(slower * estimate_ms(text, written.rate_wpm))
    )


def misfits(programme: Programme, words: Translation) -> list[str]:
    planned = check.distinct_sessions(programme)
    laid_out = {each: at_estimate(writer.write(each, words)) for each in planned}
    return [str(r) for r in check.fit(planned, words, laid_out)]


def with_dose(programme: Programme, id_: str, **changes: object) -> Programme:
    """``programme`` with every step of the exercise ``id_`` changed so."""

    def changed(step: Step) -> Step:
        dose = replace(step.prescription.dose, **changes)  # type: ignore[arg-type]
        return replace(step, prescription=replace(step.prescription, dose=dose))

    steps = tuple(changed(step) for step in programme.exercises[id_].steps)
    altered = {**programme.exercises, id_: Exercise(id=id_, steps=steps)}
    return replace(programme, exercises=altered)


def with_session(programme: Programme, id_: str, **changes: object) -> Programme:
    return replace(
        programme,
        sessions=tuple(
            replace(session, **changes) if session.id == id_ else session  # type: ignore[arg-type]
            for session in programme.sessions
        ),
    )


def with_schedule(programme: Programme, id_: str, *spans: tuple[int, int, int]) -> Programme:
    schedule = tuple(Span(first_day=a, last_day=b, times_a_day=times) for a, b, times in spans)
    return with_session(programme, id_, schedule=schedule)


def with_limits(programme: Programme, id_: str, **changes: object) -> Programme:
    return replace(
        programme,
        phases=tuple(
            replace(phase, limits=replace(phase.limits, **changes))  # type: ignore[arg-type]
            if phase.id == id_
            else phase
            for phase in programme.phases
        ),
    )


def found(programme: Programme) -> list[str]:
    return [str(remark) for remark in check_doses.doses(programme)]


# Nothing to remark


def test_the_built_in_programmes_have_no_remark(
    built_in: Programme, planned: dict[PlannedSession, int]
) -> None:
    assert list(map(str, check.remarks(built_in, LANGUAGES, planned))) == []


def test_the_starter_has_no_remark(starter: Programme) -> None:
    assert check.remarks(starter, LANGUAGES) == []


# Doses


def test_holds_beyond_the_limit_are_found_and_their_days_put_together(starter: Programme) -> None:
    assert found(with_dose(starter, "light", hold_ms=3001, rest_ms=7000)) == [
        "days 5-14, phase light, session light: holds of 3.001 s, but at most 3 s are allowed;"
        " lower hold_s, or begin such long holds in a later phase"
    ]


def test_a_single_day_is_named(starter: Programme) -> None:
    once = with_schedule(starter, "light", (5, 5, 1))
    assert found(with_dose(once, "light", hold_ms=4000, rest_ms=8000))[0].startswith(
        "day 5, phase light, session light: holds of 4 s"
    )


def test_intensity_beyond_the_limit_is_found(starter: Programme) -> None:
    intensity = Intensity(low_percent=30, high_percent=41)
    assert found(with_dose(starter, "light", intensity=intensity)) == [
        "days 5-14, phase light, session light: an intensity of 41 %, but at most 40 % are allowed;"
        " lower intensity_percent"
    ]


def test_pauses_in_a_breath_are_for_phases_that_allow_them(starter: Programme) -> None:
    holding = with_dose(starter, "breathing", pause_full_ms=2000)
    assert found(holding)[0] == (
        "days 1-4, phase awareness, session breathing: pauses of 2 s in a breath, but at most 0 s"
        " are allowed; shorten them, or allow them with breath_pause_s under the limits"
    )
    for phase in starter.phases:
        holding = with_limits(holding, phase.id, breath_pause_ms=2000)
    assert found(holding) == []


def test_quick_ones_and_pulses_count_and_are_held_to_the_limits(starter: Programme) -> None:
    strong = Intensity(low_percent=60, high_percent=60)
    quick = with_dose(
        starter,
        "light",
        quick_reps=2,
        quick_hold_ms=1000,
        quick_rest_ms=1000,
        quick_intensity=strong,
    )
    remarks = " ".join(found(quick))
    assert "an intensity of 60 %, but at most 40 % are allowed" in remarks
    assert "rests of 1 s, but at least 2 times the hold are required" in remarks


def test_rests_too_short_for_the_hold_are_found(starter: Programme) -> None:
    assert found(with_dose(starter, "light", hold_ms=2000, rest_ms=3999)) == [
        "days 5-14, phase light, session light: rests of 3.999 s, but at least 2 times the hold"
        " are required; raise rest_s to 4"
    ]


def test_sets_repetitions_and_long_holds_are_held_to_the_limits_of_their_row(
    starter: Programme,
) -> None:
    row = with_limits(
        starter,
        "light",
        sets_a_day=2,
        reps=6,
        hold_ms=2000,
        long_hold_ms=3000,
        long_hold_percent=30,
    )
    remarks = " ".join(found(with_dose(row, "light", hold_ms=3000, rest_ms=6000, reps=7, sets=3)))
    assert "3 sets of light, but at most 2 a day are allowed; lower sets" in remarks
    assert "sets of 7, but at most 6 are allowed; lower reps" in remarks
    assert "holds of 3 s at 40 %, but so long a hold may have at most 30 %" in remarks


def test_fewer_days_a_week_than_keep_what_was_gained_are_found(starter: Programme) -> None:
    training = replace(starter.training, least_days_a_week=8)
    assert "days a week, but at least 8 are wanted" in " ".join(
        found(replace(starter, training=training))
    )


def test_a_rest_of_just_the_limit_is_enough(starter: Programme) -> None:
    assert found(with_dose(starter, "light", hold_ms=3000, rest_ms=6000)) == []


def test_too_many_contractions_a_day_are_found(starter: Programme) -> None:
    assert found(with_dose(starter, "light", reps=25)) == [
        "days 5-14, phase light: 75 contractions a day, but at most 72 are allowed; lower reps,"
        " sets or times_a_day"
    ]


def test_a_session_counts_as_often_as_it_is_done(starter: Programme) -> None:
    often = with_schedule(starter, "light", (5, 12, 3), (13, 14, 4))
    assert [each.split(";")[0] for each in found(often)] == [
        "days 13-14, phase light: 96 contractions a day, but at most 72 are allowed"
    ]


def test_contractions_in_a_phase_of_none_are_found(starter: Programme) -> None:
    assert found(with_schedule(starter, "light", (3, 14, 1))) == [
        "days 3-4, phase awareness: 24 contractions a day, but at most 0 are allowed; begin them in"
        " a later phase"
    ]


def test_every_fault_of_a_dose_is_found_at_once(starter: Programme) -> None:
    strong = Intensity(low_percent=90, high_percent=90)
    bad = with_dose(starter, "light", hold_ms=9000, rest_ms=1000, intensity=strong, reps=99)
    assert [remark.message.split(",")[0] for remark in check_doses.doses(bad)] == [
        "297 contractions a day",
        "holds of 9 s",
        "an intensity of 90 %",
        "rests of 1 s",
    ]


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("hold_ms", "hold_s"),
        ("intensity_percent", "intensity_percent"),
        ("contractions_a_day", "contractions_a_day"),
        ("rest_to_hold", "rest_to_hold"),
    ],
)
def test_a_phase_with_contractions_must_limit_them(
    starter: Programme, field: str, key: str
) -> None:
    assert found(with_limits(starter, "light", **{field: None})) == [
        f"phase light: it has contractions, but sets no limit to them; give it {key} under its"
        " `limits`"
    ]


def test_a_phase_without_contractions_needs_no_limits(starter: Programme) -> None:
    empty = replace(starter.phases[0], limits=Limits())
    assert found(replace(starter, phases=(empty, starter.phases[1]))) == []


def test_exercises_before_the_first_phase_are_found(starter: Programme) -> None:
    awareness, light = starter.phases
    late = replace(starter, phases=(replace(awareness, from_day=3), light))
    without_filling = with_session(late, "breathing", fills_empty_days=False)
    wanted = (
        "session breathing, day 1: it begins before the first phase (day 3); begin it later, or the"
        " phase earlier"
    )
    assert found(late) == [wanted]
    assert found(without_filling) == [wanted]
    begun_later = with_schedule(late, "breathing", (3, 14, 1))
    assert found(begun_later) == [wanted], "what fills empty days fills those before its schedule"
    assert "session light, day 5: it begins before the first phase (day 8)" in str(
        found(replace(starter, phases=(replace(light, from_day=8),)))
    )


def test_contractions_want_a_talk_that_says_when_to_stop(starter: Programme) -> None:
    assert found(replace(starter, safety=None)) == [
        "programme.yaml: it has contractions, but no talk that says when to stop and when to call;"
        " name one: `safety: TALK`"
    ]
    breathing_alone = tuple(s for s in starter.sessions if s.id != "light")
    assert "safety" not in str(found(replace(starter, safety=None, sessions=breathing_alone)))


# For everyone


def for_two_sessions_a_day(starter: Programme) -> Programme:
    """Whoever wants two sessions a day does the three sets twice: too much, were it four times."""
    light = next(s for s in starter.sessions if s.id == "light")
    twice = replace(
        light,
        id="light-twice",
        schedule=(Span(first_day=5, last_day=14, times_a_day=4),),
        meant_for={"sessions_a_day": ("2",)},
    )
    others = with_session(starter, "light", meant_for={"sessions_a_day": ("1", "3", "unknown")})
    return replace(others, sessions=(*others.sessions, twice))


def test_what_only_some_answer_leads_to_is_found(starter: Programme) -> None:
    assert [each.split(";")[0] for each in found(for_two_sessions_a_day(starter))] == [
        "days 5-14, phase light, with sessions_a_day: 2: 96 contractions a day, but at most 72"
        " are allowed"
    ]


def test_what_is_wrong_for_anyone_is_said_once(starter: Programme) -> None:
    by_floor = with_session(starter, "breathing", meant_for={"floor": ("normal", "unknown")})
    remarks = found(with_dose(by_floor, "light", reps=25))
    assert sum("75 contractions" in remark for remark in remarks) == 1


def test_days_on_which_an_over_tense_woman_has_nothing_are_found(starter: Programme) -> None:
    bare = with_session(starter, "breathing", fills_empty_days=False)
    bare = with_schedule(bare, "breathing", (1, 4, 1), (5, 14, 1))
    assert found(bare) == []
    assert [each.split(";")[0] for each in found(with_schedule(bare, "breathing", (1, 4, 1)))] == [
        "days 5-14, phase awareness, with floor: over-tense: nothing is scheduled",
    ]


def test_days_without_a_session_are_found(starter: Programme) -> None:
    late = with_schedule(
        with_session(starter, "breathing", fills_empty_days=False), "light", (8, 14, 1)
    )
    assert found(with_schedule(late, "breathing", (1, 4, 1)))[0] == (
        "days 5-7, phase light: nothing is scheduled; add a session, or let one fill the empty days"
        " (`fills`)"
    )


def test_a_day_off_within_a_week_is_no_fault(starter: Programme) -> None:
    bare = with_session(
        starter,
        "breathing",
        fills_empty_days=False,
        schedule=(Span(first_day=1, last_day=14, times_a_day=1, days_a_week=3),),
    )
    without = replace(bare, sessions=tuple(s for s in bare.sessions if s.id != "light"))
    assert found(without) == []


# What nothing uses


def test_a_talk_an_exercise_and_a_source_that_nothing_uses_are_found(starter: Programme) -> None:
    altered = replace(
        starter,
        talks={**starter.talks, "farewell": ("article",)},
        exercises={**starter.exercises, "running": starter.exercises["light"]},
        sources={**starter.sources, "nhs": "A leaflet"},
    )
    assert [str(remark) for remark in check_words.unused(altered)] == [
        "talk farewell: no session uses it; name it in one, or take it out of every file",
        "exercise running: no session uses it; name it in one, or take it out of every file",
        "source nhs: no number and no talk names it; name it there, or take it out",
    ]


@pytest.mark.parametrize("role", ["opening", "condition", "closing"])
def test_an_opening_a_condition_and_a_closing_are_used(starter: Programme, role: str) -> None:
    altered = replace(
        starter,
        talks={**starter.talks, "farewell": ("article",)},
        sessions=(
            replace(starter.sessions[-1], **{role: "farewell"}),  # type: ignore[arg-type]
            *starter.sessions,
        ),
    )
    assert list(check_words.unused(altered)) == []


def test_a_source_that_only_says_who_hears_it_late_is_used(starter: Programme) -> None:
    sources = {**starter.sources, "nhs": "A leaflet"}
    late = replace(starter.sessions[0], late_starters_until=20, late_starters_source="nhs")
    altered = replace(starter, sources=sources, sessions=(late, *starter.sessions[1:]))
    assert list(check_words.unused(altered)) == []


def test_what_only_a_dropped_session_used_is_found(starter: Programme) -> None:
    altered = replace(starter, sessions=tuple(s for s in starter.sessions if s.id != "light"))
    assert [r.where for r in check_words.unused(altered)] == [
        "talk light-opening",
        "talk light-condition",
        "exercise light",
    ]


# Words that do not fit


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_built_in_programmes_fit_a_slower_voice_too(
    built_in: Programme, planned: dict[PlannedSession, int], language: str
) -> None:
    words = built_in.translations[language]
    for session, day in planned.items():
        written = writer.write(session, words)
        for slower in (1, 1.1):
            laid_out = {session: at_estimate(written, slower)}
            assert list(check.fit({session: day}, words, laid_out)) == [], slower


def with_words(words: Translation, id_: str, **changes: str) -> Translation:
    own = words.exercises[id_]
    altered = replace(own, cues={**own.cues, **changes})
    return replace(words, exercises={**words.exercises, id_: altered})


LONG = "Laat nu heel rustig en helemaal vanzelf weer los, tot alles weer zacht is."


def test_words_that_make_a_rest_grow_are_found(starter: Programme) -> None:
    remarks = misfits(starter, with_words(starter.translations["nl"], "light", release=LONG))
    assert any(
        re.fullmatch(
            rf"nl, session light from day 5: “{re.escape(LONG)}” is too long for its place"
            r" \(in light; nl.yaml: exercises.light.release\):"
            r" its rest grows by \d\.\d\d s; use fewer words, or raise rest_s",
            remark,
        )
        for remark in remarks
    )
    assert all(remark.startswith("nl, session light from day ") for remark in remarks)


def test_words_too_long_for_a_breath_are_found(starter: Programme) -> None:
    long = "Adem nu heel rustig en diep naar binnen, zo diep als je maar kunt."
    words = with_words(starter.translations["nl"], "breathing", inhale=long)
    assert misfits(starter, words)[0] == (
        f"nl, session breathing from day 1: “{long}” is too long for its place (in breathing;"
        " nl.yaml: exercises.breathing.inhale): it is left out; use fewer words, or give it more"
        " time"
    )


def test_words_that_are_too_slow_at_one_guidance_alone_are_found(starter: Programme) -> None:
    dutch = starter.translations["nl"]
    planned = check.distinct_sessions(starter)
    slow = {
        session: at_estimate(
            writer.write(session, dutch), 4 if session.guidance is Guidance.TONES else 1
        )
        for session in planned
    }
    remarks = [remark.message for remark in check.fit(planned, dutch, slow)]
    assert remarks
    assert all(re.match("“(Ronde|Nog ongeveer|Nog minder)", message) for message in remarks)


def test_words_of_a_set_that_do_not_fit_before_it_are_found(starter: Programme) -> None:
    dutch = starter.translations["nl"]
    long = "Nu komt zo meteen ronde {set} van alle {sets} rondes die je vandaag rustig doet."
    remarks = misfits(starter, replace(dutch, cues=replace(dutch.cues, set=long)))
    spoken = long.format(set="twee", sets="drie")
    wanted = re.compile(f"“{spoken}” is too long for its place .*: its rest grows")
    assert any(map(wanted.search, remarks))


def test_each_dose_is_checked_once_at_each_guidance(starter: Programme) -> None:
    distinct = check.distinct_sessions(starter)
    for guidance in Guidance:
        days = [
            day
            for session, day in distinct.items()
            if session.id == "light" and session.guidance is guidance
        ]
        assert days == [5, 8]


def test_what_has_nothing_to_guide_is_checked_once(starter: Programme) -> None:
    ids = [session.id for session in check.distinct_sessions(starter)]
    assert ids.count("welcome") == 1


@pytest.mark.parametrize(
    "situation", [ANYONE, Situation(floor=Floor.OVER_TENSE), Situation(started_day=9)]
)
def test_distinct_sessions_are_all_that_may_be_done(
    starter: Programme, situation: Situation
) -> None:
    distinct = set(check.distinct_sessions(starter))
    for guidance in (None, *Guidance):
        for planned in plan.plan_weeks(starter, (1, 2), guidance, situation):
            assert set(planned.listening) <= distinct


def test_an_opening_for_one_position_alone_is_among_them(starter: Programme) -> None:
    nursing = with_session(starter, "light", opening_for={"nursing": "breathing-opening"})
    planned = plan.plan_day(nursing, 5, Guidance.FULL, Situation(position=Position.NURSING))
    assert set(planned.sessions) <= set(check.distinct_sessions(nursing))


def test_a_slow_voice_is_found_out(starter: Programme) -> None:
    dutch = starter.translations["nl"]
    planned = check.distinct_sessions(starter)
    laid_out = {each: at_estimate(writer.write(each, dutch), slower=4) for each in planned}
    remarks = check.fit(planned, dutch, laid_out)
    assert any("session light" in remark.where for remark in remarks)


# The sentences themselves


def templates(words: Translation) -> Iterator[str]:
    """Everything ``words`` has to say, placeholders and all."""
    for talk in words.talks.values():
        yield from talk.text
    for own in words.exercises.values():
        yield from own.introduction
        yield from (*own.cues.values(), *own.reminders)
    cues = words.cues
    yield from (cues.set, cues.minutes_left, cues.minute_left, cues.almost_done, cues.halfway)
    yield from (cues.last_rep, cues.last_breath, cues.set_rest, cues.holding, *cues.encouragement)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def spoken(programme: Programme, language: str) -> list[str]:
    """Every utterance of every session; at less guidance, where less is said, of each once."""
    words = programme.translations[language]
    full = Guidance.FULL
    chosen = {s if s.guidance is full else (s.id, s.guidance): s for s in sessions_of(OURS)}
    scripts = (writer.write(session, words) for session in chosen.values())
    return list(dict.fromkeys(text for script in scripts for text in script.texts))


@pytest.fixture(scope="module")
def spoken_sentences(programme: Programme, language: str, spoken: list[str]) -> list[str]:
    """Every sentence as it stands in the file, and every one as it is spoken."""
    texts = [*templates(programme.translations[language]), *spoken]
    return [sentence for text in texts for sentence in sentences(text)]


def test_there_are_sentences_to_look_at(spoken_sentences: list[str]) -> None:
    assert len(spoken_sentences) > 300


def test_no_sentence_has_more_than_twelve_words(spoken_sentences: list[str]) -> None:
    assert [s for s in spoken_sentences if len(s.split()) > 12] == []


def test_no_sentence_holds_a_digit(spoken_sentences: list[str]) -> None:
    assert [s for s in spoken_sentences if re.search(r"\d", s)] == []


def test_no_sentence_uses_a_word_that_women_dislike(spoken_sentences: list[str]) -> None:
    disliked = re.compile(r"knijp|geknepen|\bpers|clench|squeez", re.IGNORECASE)
    assert [s for s in spoken_sentences if disliked.search(s)] == []


def test_every_sentence_is_a_sentence(programme: Programme, language: str) -> None:
    for text in templates(programme.translations[language]):
        for sentence in sentences(text):
            assert re.fullmatch(r"[A-ZÉ{].*[.!?]", sentence), sentence


def test_nothing_spoken_is_left_open(spoken: list[str]) -> None:
    assert [text for text in spoken if re.search(r"[{}]", text)] == []


def test_both_languages_say_as_much(programme: Programme, language: str) -> None:
    """A talk has as many paragraphs in every language."""
    other = programme.translations["nl"]
    for id_, talk in programme.translations[language].talks.items():
        assert len(talk.text) == len(other.talks[id_].text), id_


def test_contractions_ask_for_a_count_in_whole_seconds(programme: Programme) -> None:
    for exercise in programme.exercises.values():
        for step in exercise.steps:
            dose = step.prescription.dose
            assert not isinstance(dose, Contractions) or dose.hold_ms % 1000 == 0


# What a programme of an author's own was told wrongly, or not at all


def told_of(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What is said of the programme for men with ``new`` in place of ``old`` in ``file``."""
    for path in OWN.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert path.name != file or old in text
        changed = text.replace(old, new, 1) if path.name == file else text
        (folder / path.name).write_text(changed, encoding="utf-8")
    try:
        programme = programme_reader.read(folder)
    except ContentError as error:
        return [problem.message for problem in error.problems]
    return [str(each) for each in check.remarks(programme, programme.translations)]


def test_one_remark_says_what_is_wrong_and_how_to_write_it(tmp_path: Path) -> None:
    tempo = "      up_s: 3 from editorial\n      down_s: 3 from editorial\n"
    for file, old, new, *wanted in (
        ("programme.yaml", tempo, "      tempo: 3-0-3\n", "up_s: 3 from SOURCE", "pause_s"),
        ("programme.yaml", "up_s: 3", "up_s: 2,5", "whole seconds", "not 2,5"),
        ("programme.yaml", "up_s: 3", "up_s: 2.5", "whole seconds"),
        ("nl.yaml", "  walk: Een wandeling", "  walk: Sterke benen", "sessions.walk", "same title"),
        ("nl.yaml", 'set: "Ronde {set} van {sets}."', "set: “Ronde {set} van {sets}.”", "straight"),
        ("nl.yaml", "Begin rustig.", "Doe {squat.reps:keer|keer}.", "in each session"),
        ("nl.yaml", "  9: negen\n", "", "minutes that are left", "9"),
        ("nl.yaml", "  8: acht\n", "", "of the doses: 8"),
    ):
        told = told_of(tmp_path, file, old, new)
        assert len(told) == 1, (new, told)
        assert all(each in told[0] for each in wanted), told
