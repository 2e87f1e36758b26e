"""The laws of time, for any dose and for words of any length."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voicecoach import script, scriptwriter, studio, timeline
from voicecoach.plan import PlannedSession
from voicecoach.programme import Breathing, Contractions, Dose, Intensity, Prescription, TalkBlock
from voicecoach.script import Cue, Say, Tone
from voicecoach.timeline import Event, Timeline

PROGRAMME = studio.open_programme(None)
WORDS = PROGRAMME.translations["nl"]
DOSE_TONES = (Cue.TIGHTEN, Cue.HOLD, Cue.RELEASE)
CONTRACTIONS = "endurance"
BREATHING = "floor-breathing"

contractions = st.builds(
    Contractions,
    intensity=st.just(Intensity(low_percent=40, high_percent=40)),
    hold_ms=st.integers(1, 15).map(lambda seconds: seconds * 1000),
    rest_ms=st.integers(500, 20_000),
    reps=st.integers(1, 10),
    sets=st.integers(1, 3),
    set_rest_ms=st.integers(1000, 90_000),
)
breathing = st.builds(
    Breathing,
    inhale_ms=st.integers(500, 6000),
    exhale_ms=st.integers(500, 9000),
    breaths=st.integers(1, 14),
)
word_lengths = st.dictionaries(st.integers(0, 15), st.integers(60, 7000), min_size=16, max_size=16)


def session(dose: Dose) -> PlannedSession:
    exercise = CONTRACTIONS if isinstance(dose, Contractions) else BREATHING
    return PlannedSession(
        id="endurance",
        parts=(
            TalkBlock(talk="endurance-opening"),
            Prescription(exercise=exercise, dose=dose, sources=()),
            TalkBlock(talk="contractions-closing"),
        ),
    )


def lay_out(dose: Dose, lengths: dict[int, int]) -> Timeline:
    """A session of ``dose``; the length of an utterance is drawn by the sum of its letters."""
    planned = session(dose)
    if isinstance(dose, Breathing):
        planned = PlannedSession(id="breathing", parts=planned.parts[1:2])
    written = scriptwriter.write(planned, WORDS)
    return timeline.lay_out(written, lambda text: lengths[sum(map(ord, text)) % 16])


def tones(laid_out: Timeline, *cues: Cue) -> list[Event]:
    return [e for e in laid_out.events if isinstance(e.sound, Tone) and e.sound.cue in cues]


def speech(laid_out: Timeline) -> list[Event]:
    return [event for event in laid_out.events if isinstance(event.sound, Say)]


@given(contractions, word_lengths)
def test_a_hold_lasts_exactly_its_dose(dose: Contractions, lengths: dict[int, int]) -> None:
    effort = tones(lay_out(dose, lengths), Cue.TIGHTEN, Cue.RELEASE)
    assert len(effort) == 2 * dose.reps * dose.sets
    for tighten, release in zip(effort[::2], effort[1::2], strict=True):
        assert (tighten.sound.cue, release.sound.cue) == (Cue.TIGHTEN, Cue.RELEASE)
        assert release.start_ms - tighten.start_ms == dose.hold_ms


@given(contractions, word_lengths)
def test_a_rest_is_never_shorter_than_its_dose(dose: Contractions, lengths: dict[int, int]) -> None:
    laid_out = lay_out(dose, lengths)
    effort = tones(laid_out, Cue.TIGHTEN, Cue.RELEASE)
    for release, tighten in zip(effort[1::2], effort[2::2], strict=False):
        is_same_set = release.sound.where.set_number == tighten.sound.where.set_number
        rest_ms = dose.rest_ms if is_same_set else dose.set_rest_ms
        assert tighten.start_ms - release.start_ms >= rest_ms


@given(contractions, word_lengths)
def test_a_rest_is_exact_where_its_words_fit(dose: Contractions, lengths: dict[int, int]) -> None:
    laid_out = lay_out(dose, lengths)
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


@given(contractions, word_lengths)
def test_a_rest_that_grew_is_told(dose: Contractions, lengths: dict[int, int]) -> None:
    laid_out = lay_out(dose, lengths)
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


@given(st.one_of(contractions, breathing), word_lengths)
def test_words_never_overlap_words(dose: Dose, lengths: dict[int, int]) -> None:
    for before, after in pairwise(speech(lay_out(dose, lengths))):
        assert before.end_ms <= after.start_ms


@given(contractions, word_lengths)
def test_words_keep_clear_of_tighten_and_release(
    dose: Contractions, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, lengths)
    for tone in tones(laid_out, Cue.TIGHTEN, Cue.RELEASE):
        for words in speech(laid_out):
            is_before = words.end_ms <= tone.start_ms - 100
            is_after = words.start_ms >= tone.start_ms + 300
            assert is_before or is_after


@given(breathing, word_lengths)
def test_breaths_follow_each_other_without_a_gap(dose: Breathing, lengths: dict[int, int]) -> None:
    glides = tones(lay_out(dose, lengths), Cue.INHALE, Cue.EXHALE)
    assert [g.sound.cue for g in glides] == [Cue.INHALE, Cue.EXHALE] * dose.breaths
    for before, after in pairwise(glides):
        assert before.end_ms == after.start_ms
    for inhale, exhale in zip(glides[::2], glides[1::2], strict=True):
        assert inhale.end_ms - inhale.start_ms == dose.inhale_ms
        assert exhale.end_ms - exhale.start_ms == dose.exhale_ms


@given(st.one_of(contractions, breathing), word_lengths)
def test_everything_happens_in_order_and_within_the_track(
    dose: Dose, lengths: dict[int, int]
) -> None:
    laid_out = lay_out(dose, lengths)
    starts = [event.start_ms for event in laid_out.events]
    assert starts == sorted(starts)
    assert all(0 <= e.start_ms < e.end_ms <= laid_out.duration_ms for e in laid_out.events)
    assert max(event.end_ms for event in laid_out.events) == laid_out.duration_ms


@given(contractions, word_lengths)
def test_sets_and_repetitions_are_counted_from_one(
    dose: Contractions, lengths: dict[int, int]
) -> None:
    tightens = tones(lay_out(dose, lengths), Cue.TIGHTEN)
    assert [(t.sound.where.set_number, t.sound.where.rep) for t in tightens] == [
        (set_number, rep)
        for set_number in range(1, dose.sets + 1)
        for rep in range(1, dose.reps + 1)
    ]


@given(st.one_of(contractions, breathing), word_lengths)
def test_chapters_cover_the_track_without_a_gap(dose: Dose, lengths: dict[int, int]) -> None:
    laid_out = lay_out(dose, lengths)
    ends = [0, *(chapter.end_ms for chapter in laid_out.chapters)]
    starts = [*(chapter.start_ms for chapter in laid_out.chapters), laid_out.duration_ms]
    assert starts == ends
    assert all(chapter.start_ms < chapter.end_ms for chapter in laid_out.chapters)


@given(contractions, word_lengths)
def test_the_dose_does_not_depend_on_the_language(
    dose: Contractions, lengths: dict[int, int]
) -> None:
    english = PROGRAMME.translations["en"]
    in_english = timeline.lay_out(scriptwriter.write(session(dose), english), lambda text: 60)
    in_dutch = timeline.lay_out(scriptwriter.write(session(dose), WORDS), lambda text: 60)
    times = [
        [tone.start_ms - tones(t, Cue.TIGHTEN)[0].start_ms for tone in tones(t, *DOSE_TONES)]
        for t in (in_english, in_dutch)
    ]
    assert times[0] == times[1]


def test_counts_that_do_not_fit_are_left_out_in_silence() -> None:
    dose = Contractions(
        intensity=Intensity(low_percent=40, high_percent=40),
        hold_ms=2000,
        rest_ms=30_000,
        reps=2,
        sets=1,
        set_rest_ms=1000,
    )
    laid_out = lay_out(dose, dict.fromkeys(range(16), 3000))
    assert not [e for e in speech(laid_out) if e.sound.cue == script.SpeechCue.COUNT]
    assert not laid_out.misfits


def test_a_breath_keeps_its_length_and_its_long_words_are_told() -> None:
    dose = Breathing(inhale_ms=4000, exhale_ms=6000, breaths=1)
    laid_out = lay_out(dose, dict.fromkeys(range(16), 5000))
    inhale = tones(laid_out, Cue.INHALE)[0]
    assert inhale.end_ms - inhale.start_ms == 4000
    assert [(misfit.say.text, misfit.too_long_ms) for misfit in laid_out.misfits] == [
        (WORDS.exercises[BREATHING].inhale, 0)
    ]
