"""What ``check`` finds in content that reads well but should not be so; and the words as such."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from voicecoach import check, plan, scriptwriter, timeline
from voicecoach.plan import PlannedSession
from voicecoach.programme import Contractions, Exercise, Intensity, Programme, Span, Step
from voicecoach.timeline import Timeline
from voicecoach.wording import estimate_ms, sentences
from voicecoach.words import BreathingWords, ContractionWords, Guidance, Translation

LANGUAGES = ("nl", "en")


def laid_out(
    programme: Programme, words: Translation, slower: float = 1
) -> dict[PlannedSession, Timeline]:
    """Every distinct session, with words ``slower`` than we estimate."""
    return {
        session: at_estimate(session, words, slower)
        for session in check.distinct_sessions(programme)
    }


def at_estimate(session: PlannedSession, words: Translation, slower: float = 1) -> Timeline:
    written = scriptwriter.write(session, words)
    return timeline.lay_out(
        written, lambda text: round(slower * estimate_ms(text, written.rate_wpm))
    )


def misfits(programme: Programme, words: Translation) -> list[str]:
    return [str(r) for r in check.fit(programme, words, laid_out(programme, words))]


def with_dose(programme: Programme, id_: str, **changes: object) -> Programme:
    """``programme`` with every step of the exercise ``id_`` changed so."""

    def changed(step: Step) -> Step:
        dose = replace(step.prescription.dose, **changes)  # type: ignore[arg-type]
        return replace(step, prescription=replace(step.prescription, dose=dose))

    steps = tuple(changed(step) for step in programme.exercises[id_].steps)
    altered = {**programme.exercises, id_: Exercise(id=id_, steps=steps)}
    return replace(programme, exercises=altered)


def with_schedule(programme: Programme, id_: str, *spans: tuple[int, int, int]) -> Programme:
    schedule = tuple(Span(first_day=a, last_day=b, times_a_day=times) for a, b, times in spans)
    return replace(
        programme,
        sessions=tuple(
            replace(session, schedule=schedule) if session.id == id_ else session
            for session in programme.sessions
        ),
    )


def found(programme: Programme) -> list[str]:
    return [str(remark) for remark in check.doses(programme)]


# Doses


def test_the_doses_of_the_built_in_programme_are_within_their_limits(programme: Programme) -> None:
    assert found(programme) == []


def test_holds_beyond_the_limit_are_found_on_every_day(programme: Programme) -> None:
    assert found(with_dose(programme, "light", hold_ms=3001, rest_ms=7000)) == [
        f"day {day}, phase light, session light: holds of 3.001 s, where at most 3 s may be"
        for day in range(5, 10)
    ]


def test_intensity_beyond_the_limit_is_found(programme: Programme) -> None:
    intensity = Intensity(low_percent=30, high_percent=41)
    assert found(with_dose(programme, "light", intensity=intensity)) == [
        f"day {day}, phase light, session light: an intensity of 41 %, where at most 40 % may be"
        for day in range(5, 10)
    ]


def test_rests_too_short_for_the_hold_are_found(programme: Programme) -> None:
    assert found(with_dose(programme, "light", hold_ms=2000, rest_ms=3999)) == [
        f"day {day}, phase light, session light: rests of 3.999 s, where at least 2 times the"
        " hold must be"
        for day in range(5, 10)
    ]


def test_a_rest_of_just_the_limit_is_enough(programme: Programme) -> None:
    assert found(with_dose(programme, "light", hold_ms=3000, rest_ms=6000)) == []


def test_too_many_contractions_a_day_are_found(programme: Programme) -> None:
    assert found(with_dose(programme, "endurance", reps=9))[:2] == [
        "day 10, phase endurance: 27 contractions a day, where at most 24 may be",
        "day 11, phase endurance: 27 contractions a day, where at most 24 may be",
    ]


def test_the_contractions_of_all_sessions_of_a_day_count(programme: Programme) -> None:
    remarks = found(with_dose(programme, "quick", reps=9))
    assert remarks == [
        f"day {day}, phase quick: 51 contractions a day, where at most 48 may be"
        for day in range(20, 43)
    ]


def test_a_session_counts_as_often_as_it_is_done(programme: Programme) -> None:
    twice = with_schedule(programme, "light", (5, 8, 3), (9, 9, 4))
    assert found(twice) == ["day 9, phase light: 96 contractions a day, where at most 72 may be"]


def test_contractions_in_a_phase_of_none_are_found(programme: Programme) -> None:
    early = with_schedule(programme, "light", (4, 9, 1))
    assert found(early) == ["day 4, phase awareness: 24 contractions a day, where at most 0 may be"]


def test_every_fault_of_a_dose_is_found_at_once(programme: Programme) -> None:
    strong = Intensity(low_percent=90, high_percent=90)
    bad = with_dose(programme, "light", hold_ms=9000, rest_ms=1000, intensity=strong, reps=99)
    remarks = [r.message for r in check.doses(bad) if r.where.startswith("day 5,")]
    assert [message.split(",")[0] for message in remarks] == [
        "297 contractions a day",
        "holds of 9 s",
        "an intensity of 90 %",
        "rests of 1 s",
    ]


def test_a_phase_without_limits_forbids_nothing(programme: Programme) -> None:
    free = replace(
        programme,
        phases=tuple(
            replace(
                phase,
                limits=replace(
                    phase.limits,
                    hold_ms=None,
                    intensity_percent=None,
                    contractions_a_day=None,
                    rest_to_hold=None,
                ),
            )
            for phase in programme.phases
        ),
    )
    assert found(with_dose(free, "light", hold_ms=60_000, rest_ms=1, reps=100)) == []


def test_days_without_a_session_are_found(programme: Programme) -> None:
    only_late = replace(
        programme,
        sessions=tuple(s for s in programme.sessions if s.id in ("breathing", "endurance")),
    )
    gaps = with_schedule(only_late, "breathing", (1, 7, 1), (20, 22, 1))
    assert found(gaps) == [
        "day 8, phase light: nothing is scheduled",
        "day 9, phase light: nothing is scheduled",
    ]


# What no session uses


def test_the_built_in_programme_uses_all_it_has(programme: Programme) -> None:
    assert list(check.unused(programme)) == []


def test_a_talk_and_an_exercise_that_no_session_uses_are_found(programme: Programme) -> None:
    altered = replace(
        programme,
        talks={**programme.talks, "farewell": ("article",)},
        exercises={**programme.exercises, "running": programme.exercises["quick"]},
    )
    assert [str(remark) for remark in check.unused(altered)] == [
        "talk farewell: no session uses it",
        "exercise running: no session uses it",
    ]


@pytest.mark.parametrize("role", ["opening", "condition", "closing"])
def test_an_opening_a_condition_and_a_closing_are_used(programme: Programme, role: str) -> None:
    altered = replace(
        programme,
        talks={**programme.talks, "farewell": ("article",)},
        sessions=(
            replace(programme.sessions[-1], **{role: "farewell"}),  # type: ignore[arg-type]
            *programme.sessions,
        ),
    )
    assert list(check.unused(altered)) == []


def test_what_only_a_dropped_session_used_is_found(programme: Programme) -> None:
    altered = replace(
        programme, sessions=tuple(s for s in programme.sessions if s.id != "explanation-quick")
    )
    assert [str(r) for r in check.unused(altered)] == ["talk explanation-quick: no session uses it"]


# Words that do not fit


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_built_in_programme_fit(programme: Programme, language: str) -> None:
    assert misfits(programme, programme.translations[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_fit_a_voice_that_is_a_tenth_slower_too(programme: Programme, language: str) -> None:
    words = programme.translations[language]
    assert list(check.fit(programme, words, laid_out(programme, words, slower=1.1))) == []


def with_words(words: Translation, id_: str, **changes: str) -> Translation:
    altered = replace(words.exercises[id_], **changes)  # type: ignore[arg-type]
    return replace(words, exercises={**words.exercises, id_: altered})


LONG = "Laat nu heel rustig en helemaal vanzelf weer los."


def test_words_that_make_a_rest_grow_are_found(programme: Programme, dutch: Translation) -> None:
    remarks = misfits(programme, with_words(dutch, "quick", release=LONG))
    assert any(
        re.fullmatch(
            rf"nl, session quick from day 20: “{re.escape(LONG)}” is too long for its place:"
            r" its rest grows by \d\.\d\d s; use fewer words",
            remark,
        )
        for remark in remarks
    )
    assert all(remark.startswith("nl, session quick from day 20: ") for remark in remarks)


def test_words_too_long_for_a_breath_are_found(programme: Programme, dutch: Translation) -> None:
    long = "Adem nu heel rustig en diep naar binnen, zo diep als je maar kunt."
    assert misfits(programme, with_words(dutch, "belly-breathing", inhale=long)) == [
        f"nl, session breathing from day 1: “{long}” is too long for its place: it is left out;"
        " use fewer words"
    ]


def test_words_that_are_too_slow_at_one_guidance_alone_are_found(
    programme: Programme, dutch: Translation
) -> None:
    slow = {
        session: at_estimate(session, dutch, 4 if session.guidance is Guidance.TONES else 1)
        for session in check.distinct_sessions(programme)
    }
    remarks = [remark.message for remark in check.fit(programme, dutch, slow)]
    assert remarks
    assert all(re.match("“(Ronde|Nog ongeveer|Nog minder)", message) for message in remarks)


def test_words_of_a_set_that_do_not_fit_before_it_are_found(
    programme: Programme, dutch: Translation
) -> None:
    long = "Nu komt zo meteen ronde {set} van alle {sets} rondes die je vandaag rustig doet."
    remarks = misfits(programme, replace(dutch, cues=replace(dutch.cues, set=long)))
    spoken = long.format(set="twee", sets="drie")
    assert any(f"“{spoken}” is too long for its place: its rest grows" in r for r in remarks)


def test_each_dose_is_checked_once_at_each_guidance(programme: Programme) -> None:
    distinct = check.distinct_sessions(programme)
    for guidance in Guidance:
        days = [
            day
            for session, day in distinct.items()
            if session.id == "endurance-one-set" and session.guidance is guidance
        ]
        assert days == [20, 22, 29, 36]


def test_what_has_nothing_to_guide_is_checked_once(programme: Programme) -> None:
    ids = [session.id for session in check.distinct_sessions(programme)]
    for session in programme.sessions:
        if session.id.startswith(("welcome", "explanation")):
            assert ids.count(session.id) == 1


def test_distinct_sessions_are_all_that_may_be_done(programme: Programme) -> None:
    distinct = set(check.distinct_sessions(programme))
    for guidance in (None, *Guidance):
        for planned in plan.plan_weeks(programme, range(1, 7), guidance):
            assert set(planned.listening) <= distinct


def test_a_slow_voice_is_found_out(programme: Programme, dutch: Translation) -> None:
    remarks = check.fit(programme, dutch, laid_out(programme, dutch, slower=4))
    assert any("session quick" in remark.where for remark in remarks)


# The sentences themselves


def templates(words: Translation) -> Iterator[str]:
    """Everything ``words`` has to say, placeholders and all."""
    for talk in words.talks.values():
        yield from talk.text
    for own in words.exercises.values():
        yield from own.introduction
        if isinstance(own, BreathingWords):
            yield from (own.inhale, own.exhale, *own.reminders)
        if isinstance(own, ContractionWords):
            yield from (own.first_tighten, own.tighten, own.release, own.last_release)
    cues = words.cues
    yield from (cues.set, cues.minutes_left, cues.minute_left, cues.almost_done, cues.halfway)
    yield from (cues.last_rep, cues.last_breath, cues.set_rest, cues.holding)


def spoken(programme: Programme, language: str) -> list[str]:
    """Every utterance of every session."""
    words = programme.translations[language]
    scripts = [scriptwriter.write(session, words) for session in check.distinct_sessions(programme)]
    return list(dict.fromkeys(text for script in scripts for text in script.texts))


def spoken_sentences(programme: Programme, language: str) -> list[str]:
    """Every sentence as it stands in the file, and every one as it is spoken."""
    texts = [*templates(programme.translations[language]), *spoken(programme, language)]
    return [sentence for text in texts for sentence in sentences(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_sentences_to_look_at(programme: Programme, language: str) -> None:
    assert len(spoken_sentences(programme, language)) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_more_than_twelve_words(programme: Programme, language: str) -> None:
    long = [s for s in spoken_sentences(programme, language) if len(s.split()) > 12]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_holds_a_digit(programme: Programme, language: str) -> None:
    assert [s for s in spoken_sentences(programme, language) if re.search(r"\d", s)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_uses_a_word_that_women_dislike(programme: Programme, language: str) -> None:
    disliked = re.compile(r"knijp|geknepen|\bpers|clench|squeez", re.IGNORECASE)
    assert [s for s in spoken_sentences(programme, language) if disliked.search(s)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_a_sentence(programme: Programme, language: str) -> None:
    for text in templates(programme.translations[language]):
        for sentence in sentences(text):
            assert re.fullmatch(r"[A-ZÉ{].*[.!?]", sentence), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_spoken_is_left_open(programme: Programme, language: str) -> None:
    assert [text for text in spoken(programme, language) if re.search(r"[{}]", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
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
