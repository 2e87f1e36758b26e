"""The laws of time for every kind of exercise: any dose, any guidance, words of any length."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from voicecoach.content.exercise import Prescription, Side
from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Cue, Dose, Intensity, Move, Sets
from voicecoach.content.kinds.movement import Movement
from voicecoach.content.kinds.stretch import Stretch
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import ExerciseWords, Guidance
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import timeline, writer
from voicecoach.script.script import (
    WORDS_END_BEFORE_TONE_MS,
    WORDS_START_AFTER_TONE_MS,
    Say,
    Tone,
)
from voicecoach.script.timeline import Event, Timeline

BACK = programme_reader.read(programme_reader.built_in("back-after-birth"))
FLOOR = programme_reader.read(programme_reader.built_in("pelvic-floor"))
PRECISE = (Cue.TIGHTEN, Cue.RELEASE, Cue.MOVE, Cue.RETURN, Cue.START, Cue.END)
"""Tones that no words may cover."""


def own_words(language: str) -> dict[str, ExerciseWords]:
    back, floor = BACK.translations[language], FLOOR.translations[language]
    endurance = floor.exercises["endurance"]
    return {
        "contractions": replace(
            endurance, cues={**endurance.cues, "first_quick": "Kort.", "pulse": "Meer."}
        ),
        "breathing": floor.exercises["floor-breathing"],
        "movement": back.exercises["pelvic-tilt"],
        "stretch": back.exercises["knee-to-chest"],
        "activity": back.exercises["walk"],
    }


WORDS = {
    language: replace(
        BACK.translations[language],
        numbers={number: f"{number}" for number in range(4000)},
        exercises=own_words(language),
        sessions={"any": "Any"},
    )
    for language in ("nl", "en")
}
seconds = st.integers(1, 6).map(lambda each: each * 1000)
rests = st.one_of(st.just(0), st.integers(500, 15_000))
intensities = st.just(Intensity(low_percent=30, high_percent=50))
in_sets = {
    "reps": st.integers(1, 7),
    "sets": st.integers(1, 3),
    "set_rest_ms": st.integers(1000, 90_000),
}
movements = st.builds(
    Movement,
    up_ms=seconds,
    pause_ms=st.integers(0, 3).map(lambda each: each * 1000),
    down_ms=seconds,
    intensity=st.one_of(st.none(), intensities),
    rest_ms=rests,
    **in_sets,
)
stretches = st.builds(
    Stretch, hold_ms=st.integers(2, 90).map(lambda each: each * 1000), rest_ms=rests, **in_sets
)
of_contractions = {
    "hold_ms": seconds,
    "intensity": intensities,
    "rest_ms": rests,
    **in_sets,
}
contractions = st.builds(Contractions, **of_contractions)
with_quick_ones = st.builds(
    Contractions,
    quick_reps=st.integers(1, 5),
    quick_hold_ms=st.sampled_from([1000, 2000]),
    quick_rest_ms=st.integers(1000, 4000),
    quick_intensity=intensities,
    **of_contractions,
)
with_pulses = st.builds(
    Contractions,
    pulses=st.integers(1, 3),
    pulse_hold_ms=st.sampled_from([1000, 2000]),
    pulse_rest_ms=st.sampled_from([1000, 2000]),
    pulse_intensity=st.just(Intensity(low_percent=60, high_percent=60)),
    **{**of_contractions, "hold_ms": st.integers(13, 20).map(lambda each: each * 1000)},
)
doses_in_sets = st.one_of(movements, stretches, contractions, with_quick_ones, with_pulses)
activities = st.builds(Activity, length_ms=st.integers(1, 1800).map(lambda each: each * 1000))
breathing = st.builds(
    Breathing,
    inhale_ms=st.integers(1000, 6000),
    exhale_ms=st.integers(1000, 9000),
    pause_full_ms=st.sampled_from([0, 1500]),
    pause_empty_ms=st.sampled_from([0, 2000]),
    breaths=st.integers(1, 12),
)
doses = st.one_of(doses_in_sets, activities, breathing)
guidances = st.sampled_from(list(Guidance))
languages = st.sampled_from(["nl", "en"])
word_lengths = st.lists(st.integers(60, 4000), min_size=16, max_size=16)


def lay_out(
    dose: Dose, guidance: Guidance, lengths: list[int], language: str = "nl", *, alternates: bool
) -> Timeline:
    part = Prescription(exercise=dose.kind, dose=dose, sources=(), alternates=alternates)
    planned = PlannedSession(id="any", guidance=guidance, parts=(part,))
    written = writer.write(planned, WORDS[language])
    return timeline.lay_out(written, lambda text: lengths[sum(map(ord, text)) % 16])


def tones(laid_out: Timeline, *cues: Cue) -> list[Event]:
    return [e for e in laid_out.events if isinstance(e.sound, Tone) and e.sound.cue in cues]


def speech(laid_out: Timeline) -> list[Event]:
    return [event for event in laid_out.events if isinstance(event.sound, Say)]


def starts(laid_out: Timeline, dose: Dose) -> list[Event]:
    """The tone with which each repetition begins."""
    return tones(laid_out, dose.moves[0].cue)


def moves_of(dose: Dose, event: Event) -> tuple[Move, ...]:
    return dose.moves_of(event.sound.where.rep) if isinstance(dose, Sets) else dose.moves


def asked_rest_ms(dose: Sets, before: Event, after: Event) -> int:
    """The rest between two repetitions that begin with these tones."""
    if before.sound.where.set_number != after.sound.where.set_number:
        return dose.set_rest_ms
    is_quick = before.sound.where.rep > dose.reps
    return dose.quick.rest_ms if is_quick and dose.quick else dose.rest_ms


@given(
    dose=doses,
    guidance=guidances,
    lengths=word_lengths,
    language=languages,
    alternates=st.booleans(),
)
def test_each_move_begins_exactly_where_the_one_before_ends(
    dose: Dose, guidance: Guidance, lengths: list[int], language: str, *, alternates: bool
) -> None:
    laid_out = lay_out(dose, guidance, lengths, language, alternates=alternates)
    heard = {(event.start_ms, event.sound.cue) for event in tones(laid_out, *Cue)}
    begun = starts(laid_out, dose)
    is_in_sets = isinstance(dose, Sets)
    assert len(begun) == (dose.sets * dose.reps_in_a_set if is_in_sets else dose.repetitions)
    for start in begun:
        at_ms = start.start_ms
        for move in moves_of(dose, start):
            assert (at_ms, move.cue) in heard
            at_ms += move.length_ms
        if dose.ending is not None and start is begun[-1]:
            assert (at_ms, dose.ending) in heard


@given(dose=doses_in_sets, guidance=guidances, lengths=word_lengths, alternates=st.booleans())
def test_a_rest_is_never_shorter_than_its_dose_and_exact_where_words_fit(
    dose: Sets, guidance: Guidance, lengths: list[int], *, alternates: bool
) -> None:
    laid_out = lay_out(dose, guidance, lengths, alternates=alternates)
    grown = any(misfit.too_long_ms for misfit in laid_out.misfits)
    for before, after in pairwise(starts(laid_out, dose)):
        asked_ms = asked_rest_ms(dose, before, after)
        held_ms = sum(move.length_ms for move in moves_of(dose, before))
        rest_ms = after.start_ms - before.start_ms - held_ms
        assert rest_ms >= asked_ms
        assert grown or rest_ms == asked_ms


@given(dose=doses, guidance=guidances, lengths=word_lengths, alternates=st.booleans())
def test_words_never_overlap_and_leave_the_precise_tones_alone(
    dose: Dose, guidance: Guidance, lengths: list[int], *, alternates: bool
) -> None:
    laid_out = lay_out(dose, guidance, lengths, alternates=alternates)
    spoken = speech(laid_out)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(spoken))
    for tone in tones(laid_out, *PRECISE):
        for words in spoken:
            ends_before = words.end_ms <= tone.start_ms - WORDS_END_BEFORE_TONE_MS
            assert ends_before or words.start_ms >= tone.start_ms + WORDS_START_AFTER_TONE_MS


@given(doses)
def test_guidance_and_language_never_change_the_tones_where_words_fit(dose: Dose) -> None:
    def heard(guidance: Guidance, language: str) -> list[tuple[int, Cue]]:
        """The tones, from the first of the exercise on."""
        laid_out = lay_out(dose, guidance, [60] * 16, language, alternates=False)
        assume(not any(misfit.too_long_ms for misfit in laid_out.misfits))
        of_dose = [e for e in tones(laid_out, *Cue) if e.sound.where.rep]
        first_ms = starts(laid_out, dose)[0].start_ms
        return [(e.start_ms - first_ms, e.sound.cue) for e in of_dose if e.start_ms >= first_ms]

    expected = heard(Guidance.TONES, "nl")
    assert all(heard(g, language) == expected for g in Guidance for language in WORDS)


@given(st.one_of(movements, stretches), word_lengths)
def test_alternating_repetitions_name_the_side_they_are_on(dose: Sets, lengths: list[int]) -> None:
    laid_out = lay_out(dose, Guidance.FULL, [60] * 16, alternates=True)
    sides = [event.sound.where.side for event in tones(laid_out, dose.moves[0].cue)]
    left_first = [Side.LEFT if n % 2 == 0 else Side.RIGHT for n in range(dose.reps)]
    assert sides == left_first * dose.sets
    cues = {words.cue for words in WORDS["nl"].sides.values()}
    named = [event for event in speech(laid_out) if event.sound.text in cues]
    assert len(named) >= dose.reps or dose.rest_ms == 0


@given(movements)
def test_a_movement_with_a_contraction_counts_as_contractions(dose: Movement) -> None:
    prescription = Prescription(exercise="movement", dose=dose, sources=())
    session = PlannedSession(id="any", guidance=Guidance.FULL, parts=(prescription,))
    if dose.intensity is None:
        assert (session.kind, session.contraction_count) == ("movement", 0)
    else:
        assert (session.kind, session.contraction_count) == ("contractions", dose.count)
        assert session.intensity_percent == dose.intensity.high_percent
        assert session.under_tension_ms == dose.count * (dose.up_ms + dose.pause_ms)


@given(activities)
def test_the_minutes_left_of_an_activity_are_true(dose: Activity) -> None:
    laid_out = lay_out(dose, Guidance.FULL, [60] * 16, alternates=False)
    [start], [end] = tones(laid_out, Cue.START), tones(laid_out, Cue.END)
    assert end.start_ms - start.start_ms == dose.length_ms
    for sign in tones(laid_out, Cue.REST):
        assert (end.start_ms - sign.start_ms) % 60_000 == 0
