"""The laws of time, for any dose, at any guidance and for words of any length."""

from dataclasses import replace
from itertools import pairwise

import pytest
import signs
from hypothesis import assume, given
from hypothesis import strategies as st

from voicecoach.cli import context
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Dose, Intensity
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import script, timeline, writer
from voicecoach.script.script import Cue, Say, Tone
from voicecoach.script.timeline import Event, Timeline

PROGRAMME = context.open_programme(None)
WORDS = PROGRAMME.translations["nl"]
DOSE_TONES = (Cue.TIGHTEN, Cue.HOLD, Cue.RELEASE)
CONTRACTIONS = "endurance"
BREATHING = "floor-breathing"


def doses(longest_rest_ms: int, longest_set_rest_ms: int) -> st.SearchStrategy[Contractions]:
    return st.builds(
        Contractions,
        intensity=st.just(Intensity(low_percent=40, high_percent=40)),
        hold_ms=st.integers(1, 15).map(lambda seconds: seconds * 1000),
        rest_ms=st.integers(500, longest_rest_ms),
        reps=st.integers(1, 10),
        sets=st.integers(1, 3),
        set_rest_ms=st.integers(1000, longest_set_rest_ms),
    )


LONG_REST = Contractions(
    intensity=Intensity(low_percent=40, high_percent=40),
    hold_ms=2000,
    rest_ms=30_000,
    reps=2,
    sets=1,
    set_rest_ms=1000,
)
contractions = doses(20_000, 90_000)
breathing = st.builds(
    Breathing,
    inhale_ms=st.integers(500, 6000),
    exhale_ms=st.integers(500, 9000),
    breaths=st.integers(1, 14),
)
guidances = st.sampled_from(list(Guidance))


def lengths_up_to(longest_ms: int) -> st.SearchStrategy[dict[int, int]]:
    one = st.integers(60, longest_ms)
    return st.dictionaries(st.integers(0, 15), one, min_size=16, max_size=16)


word_lengths = lengths_up_to(7000)


def session(dose: Dose, guidance: Guidance = Guidance.FULL) -> PlannedSession:
    exercise = CONTRACTIONS if isinstance(dose, Contractions) else BREATHING
    return PlannedSession(
        id="endurance",
        guidance=guidance,
        parts=(
            TalkBlock(talk="settling"),
            Prescription(exercise=exercise, dose=dose, sources=()),
            TalkBlock(talk="contractions-closing"),
        ),
    )


def lay_out(dose: Dose, guidance: Guidance, lengths: dict[int, int]) -> Timeline:
    """A session of ``dose``; the length of an utterance is drawn by the sum of its letters."""
    planned = session(dose, guidance)
    if isinstance(dose, Breathing):
        planned = replace(planned, id="breathing", parts=planned.parts[1:2])
    written = writer.write(planned, WORDS)
    return timeline.lay_out(written, lambda text: lengths[sum(map(ord, text)) % 16])


def tones(laid_out: Timeline, *cues: Cue) -> list[Event]:
    return [e for e in laid_out.events if isinstance(e.sound, Tone) and e.sound.cue in cues]


def speech(laid_out: Timeline) -> list[Event]:
    return [event for event in laid_out.events if isinstance(event.sound, Say)]


@given(contractions, guidances, word_lengths)
def test_a_hold_lasts_exactly_its_dose(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    effort = tones(lay_out(dose, guidance, lengths), Cue.TIGHTEN, Cue.RELEASE)
    assert len(effort) == 2 * dose.reps * dose.sets
    for tighten, release in zip(effort[::2], effort[1::2], strict=True):
        assert (tighten.sound.cue, release.sound.cue) == (Cue.TIGHTEN, Cue.RELEASE)
        assert release.start_ms - tighten.start_ms == dose.hold_ms


@given(contractions, guidances, word_lengths)
def test_a_rest_is_never_shorter_than_its_dose(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    effort = tones(laid_out, Cue.TIGHTEN, Cue.RELEASE)
    for release, tighten in zip(effort[1::2], effort[2::2], strict=False):
        is_same_set = release.sound.where.set_number == tighten.sound.where.set_number
        rest_ms = dose.rest_ms if is_same_set else dose.set_rest_ms
        assert tighten.start_ms - release.start_ms >= rest_ms


@given(contractions, guidances, word_lengths)
def test_a_rest_is_exact_where_its_words_fit(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    grown = {
        (misfit.say.where.set_number, misfit.say.where.rep)
        for misfit in laid_out.misfits
        if misfit.too_long_ms
    }
    effort = tones(laid_out, Cue.TIGHTEN, Cue.RELEASE)
    for release, tighten in zip(effort[1::2], effort[2::2], strict=False):
        here, after = release.sound.where, tighten.sound.where
        if grown & {(here.set_number, here.rep), (after.set_number, after.rep)}:
            continue
        is_same_set = here.set_number == after.set_number
        rest_ms = dose.rest_ms if is_same_set else dose.set_rest_ms
        assert tighten.start_ms - release.start_ms == rest_ms


@given(contractions, guidances, word_lengths)
def test_a_rest_that_grew_is_told(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    effort = tones(laid_out, Cue.TIGHTEN, Cue.RELEASE)
    is_longer = any(
        tighten.start_ms - release.start_ms
        > (
            dose.rest_ms
            if release.sound.where.set_number == tighten.sound.where.set_number
            else dose.set_rest_ms
        )
        for release, tighten in zip(effort[1::2], effort[2::2], strict=False)
    )
    assert not is_longer or any(misfit.too_long_ms for misfit in laid_out.misfits)


@given(st.one_of(contractions, breathing), guidances, word_lengths)
def test_words_never_overlap_words(dose: Dose, guidance: Guidance, lengths: dict[int, int]) -> None:
    for before, after in pairwise(speech(lay_out(dose, guidance, lengths))):
        assert before.end_ms <= after.start_ms


@given(contractions, guidances, word_lengths)
def test_words_keep_clear_of_tighten_and_release(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    for tone in tones(laid_out, Cue.TIGHTEN, Cue.RELEASE):
        for words in speech(laid_out):
            is_before = words.end_ms <= tone.start_ms - 100
            is_after = words.start_ms >= tone.start_ms + 300
            assert is_before or is_after


@given(breathing, guidances, word_lengths)
def test_breaths_follow_each_other_without_a_gap(
    dose: Breathing, guidance: Guidance, lengths: dict[int, int]
) -> None:
    glides = tones(lay_out(dose, guidance, lengths), Cue.INHALE, Cue.EXHALE)
    assert [g.sound.cue for g in glides] == [Cue.INHALE, Cue.EXHALE] * dose.breaths
    for before, after in pairwise(glides):
        assert before.end_ms == after.start_ms
    for inhale, exhale in zip(glides[::2], glides[1::2], strict=True):
        assert inhale.end_ms - inhale.start_ms == dose.inhale_ms
        assert exhale.end_ms - exhale.start_ms == dose.exhale_ms


@given(st.one_of(contractions, breathing), guidances, word_lengths)
def test_everything_happens_in_order_and_within_the_track(
    dose: Dose, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    starts = [event.start_ms for event in laid_out.events]
    assert starts == sorted(starts)
    assert all(0 <= e.start_ms < e.end_ms <= laid_out.duration_ms for e in laid_out.events)
    assert max(event.end_ms for event in laid_out.events) == laid_out.duration_ms


@given(contractions, guidances, word_lengths)
def test_sets_and_repetitions_are_counted_from_one(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    tightens = tones(lay_out(dose, guidance, lengths), Cue.TIGHTEN)
    assert [(t.sound.where.set_number, t.sound.where.rep) for t in tightens] == [
        (set_number, rep)
        for set_number in range(1, dose.sets + 1)
        for rep in range(1, dose.reps + 1)
    ]


@given(st.one_of(contractions, breathing), guidances, word_lengths)
def test_chapters_cover_the_track_without_a_gap(
    dose: Dose, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    ends = [0, *(chapter.end_ms for chapter in laid_out.chapters)]
    starts = [*(chapter.start_ms for chapter in laid_out.chapters), laid_out.duration_ms]
    assert starts == ends
    assert all(chapter.start_ms < chapter.end_ms for chapter in laid_out.chapters)


def tones_after_the_first(laid_out: Timeline) -> list[tuple[int, Tone]]:
    """Every tone from the first tighten tone on, and how long after it."""
    [first, *_] = tones(laid_out, Cue.TIGHTEN)
    return [
        (event.start_ms - first.start_ms, event.sound)
        for event in laid_out.events
        if isinstance(event.sound, Tone) and event.start_ms >= first.start_ms
    ]


SHORT_WORDS_MS = 60


def at(dose: Dose, guidance: Guidance, language: str) -> Timeline:
    words = PROGRAMME.translations[language]
    written = writer.write(session(dose, guidance), words)
    return timeline.lay_out(written, lambda text: SHORT_WORDS_MS)


@given(contractions, guidances)
def test_the_dose_does_not_depend_on_the_language(dose: Contractions, guidance: Guidance) -> None:
    english, dutch = (at(dose, guidance, language) for language in ("en", "nl"))
    times = [
        [tone.start_ms - tones(t, Cue.TIGHTEN)[0].start_ms for tone in tones(t, *DOSE_TONES)]
        for t in (english, dutch)
    ]
    assert times[0] == times[1]


@given(contractions)
def test_the_tones_do_not_depend_on_the_guidance(dose: Contractions) -> None:
    sounds = [at(dose, guidance, "nl") for guidance in Guidance]
    sounds = [each for each in sounds if not any(m.too_long_ms for m in each.misfits)]
    heard = [tones_after_the_first(laid_out) for laid_out in sounds]
    # The last tone of all comes when the closing has been said.
    assert all(each[:-1] == heard[0][:-1] for each in heard)


@given(contractions, guidances, lengths_up_to(1000))
def test_words_change_no_tone_where_they_fit(
    dose: Contractions, guidance: Guidance, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, guidance, lengths)
    assume(not any(misfit.too_long_ms for misfit in laid_out.misfits))
    short = tones_after_the_first(lay_out(dose, guidance, dict.fromkeys(range(16), SHORT_WORDS_MS)))
    assert tones_after_the_first(laid_out)[:-1] == short[:-1]


@given(st.one_of(doses(60_000, 600_000), breathing), guidances, word_lengths)
def test_nobody_is_left_in_silence_for_long(
    dose: Dose, guidance: Guidance, lengths: dict[int, int]
) -> None:
    assert longest_silence_ms(lay_out(dose, guidance, lengths)) <= signs.LONGEST_SILENCE_MS


def longest_silence_ms(laid_out: Timeline) -> int:
    """From the end of everything that sounds to the next sound."""
    longest_ms = sounding_until_ms = 0
    for event in laid_out.events:
        longest_ms = max(longest_ms, event.start_ms - sounding_until_ms)
        sounding_until_ms = max(sounding_until_ms, event.end_ms)
    return longest_ms


@given(doses(60_000, 600_000), guidances)
def test_signs_of_life_are_evenly_spread_and_no_more_than_needed(
    dose: Contractions, guidance: Guidance
) -> None:
    laid_out = at(dose, guidance, "nl")
    assume(not any(misfit.too_long_ms for misfit in laid_out.misfits))
    assert len(signs.rests(laid_out)) == dose.reps * dose.sets
    assert signs.assert_evenly_spread(laid_out) == len(tones(laid_out, Cue.REST))


@pytest.mark.parametrize(
    ("rest_ms", "starts_ms"),
    [
        (12_100, []),
        (12_101, [6350]),
        (23_600, [12_100]),
        (23_601, [8267, 15_934]),
        (45_000, [11_700, 22_800, 33_900]),
    ],
)
def test_a_sign_of_life_comes_where_the_silence_would_be_too_long(
    rest_ms: int, starts_ms: list[int]
) -> None:
    dose = replace(LONG_REST, rest_ms=rest_ms)
    laid_out = lay_out(dose, Guidance.TONES, dict.fromkeys(range(16), SHORT_WORDS_MS))
    [release, _] = tones(laid_out, Cue.RELEASE)
    [_, tighten] = tones(laid_out, Cue.TIGHTEN)
    found = [s.start_ms - release.start_ms for s in tones(laid_out, Cue.REST)]
    assert [ms for ms in found if ms < tighten.start_ms - release.start_ms] == starts_ms


@pytest.mark.parametrize("length_ms", [60, 700, 5000])
def test_words_with_nothing_before_them_wait_for_the_release_tone_too(length_ms: int) -> None:
    """Briefly guided, the last repetition is led into and the one before it is not let go of."""
    dose = replace(LONG_REST, rest_ms=1000, reps=3)
    laid_out = lay_out(dose, Guidance.BRIEF, dict.fromkeys(range(16), length_ms))
    [_, release, _] = tones(laid_out, Cue.RELEASE)
    [_, _, tighten] = tones(laid_out, Cue.TIGHTEN)
    [words] = [e for e in speech(laid_out) if release.start_ms < e.start_ms < tighten.start_ms]
    assert words.start_ms - release.start_ms >= 300
    assert tighten.start_ms - words.end_ms == 100
    assert tighten.start_ms - release.start_ms == max(1000, 300 + length_ms + 100)


def test_a_hold_is_counted_up_to_the_number_that_was_said() -> None:
    """One to five in a hold of five, each within its second, the first from 0.3 s."""
    lengths = dict.fromkeys(range(16), 700)
    laid_out = lay_out(replace(LONG_REST, hold_ms=5000, reps=1), Guidance.FULL, lengths)
    [tighten] = tones(laid_out, Cue.TIGHTEN)
    counts = [e for e in speech(laid_out) if e.sound.cue == script.SpeechCue.COUNT]
    texts = [f"{WORDS.numbers[number]}." for number in range(1, 6)]
    assert [event.sound.text for event in counts] == texts
    starts_ms = [event.start_ms - tighten.start_ms for event in counts]
    assert starts_ms == [300, 1070, 2070, 3070, 4070]


def test_of_a_long_hold_every_third_second_is_counted_but_not_the_last() -> None:
    """In the last of three holds: in the others a reminder takes the place of some."""
    for seconds, counted in ((12, [3, 6, 9]), (15, [3, 6, 9, 12])):
        dose = replace(LONG_REST, hold_ms=1000 * seconds, reps=3)
        laid_out = lay_out(dose, Guidance.FULL, dict.fromkeys(range(16), 900))
        spoken = [event.sound for event in speech(laid_out) if event.sound.where.rep == 3]
        counts = [say.text for say in spoken if say.cue is script.SpeechCue.COUNT]
        assert counts == [f"{WORDS.numbers[number]}." for number in counted]
        assert not laid_out.unspoken


def test_counts_that_do_not_fit_are_left_out_in_silence() -> None:
    laid_out = lay_out(LONG_REST, Guidance.FULL, dict.fromkeys(range(16), 3000))
    assert not [e for e in speech(laid_out) if e.sound.cue == script.SpeechCue.COUNT]
    assert not laid_out.misfits


@pytest.mark.parametrize(
    ("count_ms", "said"),
    [(600, "123456789"), (800, "23456789"), (1000, "2468"), (1900, "246"), (2500, "36")],
)
def test_counts_that_are_too_long_are_thinned_evenly_and_told(count_ms: int, said: str) -> None:
    """In the last of three holds: in the others a reminder takes the place of some."""
    dose = replace(LONG_REST, hold_ms=9000, reps=3)
    number_of = {f"{text}.": number for number, text in WORDS.numbers.items()}
    written = writer.write(session(dose), WORDS)
    laid_out = timeline.lay_out(written, lambda text: count_ms if text in number_of else 500)
    spoken = [event.sound for event in speech(laid_out) if event.sound.where.rep == 3]
    counts = [str(number_of[say.text]) for say in spoken if say.text in number_of]
    assert "".join(counts) == said
    assert bool(laid_out.unspoken) == (count_ms > 600)


def test_a_breath_keeps_its_length_and_its_long_words_are_told() -> None:
    dose = Breathing(inhale_ms=4000, exhale_ms=6000, breaths=1)
    laid_out = lay_out(dose, Guidance.FULL, dict.fromkeys(range(16), 5000))
    inhale = tones(laid_out, Cue.INHALE)[0]
    assert inhale.end_ms - inhale.start_ms == 4000
    assert [(misfit.say.text, misfit.too_long_ms) for misfit in laid_out.misfits] == [
        (WORDS.exercises[BREATHING].cues["inhale"], 0)
    ]
