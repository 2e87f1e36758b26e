"""What a page shows at each moment: read back, it is the timeline again."""

from collections.abc import Iterator
from itertools import product

import pytest
from week_pages import page_of

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.pack.moments import BreathingMoments, EffortMoments, Moments, moments
from voicecoach.script.script import Cue, Say, SpeechCue, Tone
from voicecoach.script.timeline import Timeline

WEEKS = {
    (language, number): [track.timeline for track in page_of(language, number).tracks]
    for language, number in product(("nl", "en"), range(1, 7))
}
in_each_week = pytest.mark.parametrize("timelines", WEEKS.values(), ids=map(str, WEEKS))


def pairs(timelines: list[Timeline]) -> Iterator[tuple[Timeline, Moments, int]]:
    found = moments(timelines)
    assert len(found.sessions) == len(timelines)
    for place, laid_out in enumerate(timelines):
        yield laid_out, found, place


def groups(numbers: tuple[int, ...], size: int) -> list[tuple[int, ...]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def tones(laid_out: Timeline, block: int, *cues: Cue) -> list[tuple[int, int, Tone]]:
    return [
        (event.start_ms, event.end_ms, event.sound)
        for event in laid_out.events
        if isinstance(event.sound, Tone)
        and event.sound.cue in cues
        and event.sound.where.block == block
    ]


@in_each_week
def test_every_utterance_comes_at_its_time(timelines: list[Timeline]) -> None:
    for laid_out, found, place in pairs(timelines):
        read = []
        for _, chapter_ms, passage in found.sessions[place].chapters:
            before_ms = chapter_ms
            for gap_ms, utterance in groups(found.passages[passage], 2):
                text, length_ms = found.utterances[utterance]
                start_ms = before_ms + gap_ms
                before_ms = start_ms + length_ms
                read.append((start_ms, before_ms, found.texts[text]))
        assert read == [
            (event.start_ms, event.end_ms, event.sound.text)
            for event in laid_out.events
            if isinstance(event.sound, Say)
        ]


@in_each_week
def test_a_text_stands_once_and_so_does_a_passage(timelines: list[Timeline]) -> None:
    found = moments(timelines)
    assert len(set(found.texts)) == len(found.texts)
    assert len(set(found.passages)) == len(found.passages)


def spread(runs: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [numbers for count, *rest in groups(runs, 4) for numbers in [tuple(rest)] * count]


def read_contractions(block: EffortMoments) -> list[tuple[int, int, int, int, int]]:
    """First cue, tighten, release, set, repetition."""
    read = []
    before_ms = 0
    for index, (gap_ms, lead_ms, hold_ms) in enumerate(spread(block.at)):
        tighten_ms = before_ms + gap_ms + lead_ms
        place = (index // block.reps + 1, index % block.reps + 1)
        read.append((before_ms + gap_ms, tighten_ms, tighten_ms + hold_ms, *place))
        before_ms = tighten_ms + hold_ms
    return read


@in_each_week
def test_every_contraction_is_that_of_the_timeline(timelines: list[Timeline]) -> None:
    for laid_out, found, place in pairs(timelines):
        doses = [(n, b.dose) for n, b in enumerate(laid_out.blocks) if b.dose is not None]
        blocks = found.sessions[place].blocks
        assert len(blocks) == len(doses)
        for (number, dose), block in zip(doses, blocks, strict=True):
            if not isinstance(dose, Contractions):
                continue
            assert isinstance(block, EffortMoments)
            assert (block.sets, block.reps, block.rest_ms) == (dose.sets, dose.reps, dose.rest_ms)
            assert (block.low_percent, block.high_percent) == (
                dose.intensity.low_percent,
                dose.intensity.high_percent,
            )
            tightens = tones(laid_out, number, Cue.TIGHTEN)
            releases = tones(laid_out, number, Cue.RELEASE)
            read = read_contractions(block)
            assert [r[1:] for r in read] == [
                (start_ms, release_ms, tone.where.set_number, tone.where.rep)
                for (start_ms, _, tone), (release_ms, _, _) in zip(tightens, releases, strict=True)
            ]
            assert {release - tighten for _, tighten, release, _, _ in read} == {dose.hold_ms}


@in_each_week
def test_a_contraction_begins_with_its_first_cue(timelines: list[Timeline]) -> None:
    """The sign of its set, the words that lead in, or else the tighten tone itself."""
    for laid_out, found, place in pairs(timelines):
        lead_ins = {
            event.start_ms
            for event in laid_out.events
            if isinstance(event.sound, Say) and event.sound.cue is SpeechCue.LEAD_IN
        }
        for block in found.sessions[place].blocks:
            if not isinstance(block, EffortMoments):
                continue
            sets = {
                event.start_ms
                for event in laid_out.events
                if isinstance(event.sound, Tone) and event.sound.cue is Cue.SET
            }
            for first_ms, tighten_ms, _, _, rep in read_contractions(block):
                assert first_ms in sets | lead_ins | {tighten_ms}
                if rep == 1 and block.sets > 1:
                    assert first_ms in sets


@in_each_week
def test_every_breath_is_that_of_the_timeline(timelines: list[Timeline]) -> None:
    for laid_out, found, place in pairs(timelines):
        doses = [(n, b.dose) for n, b in enumerate(laid_out.blocks) if b.dose is not None]
        for (number, dose), block in zip(doses, found.sessions[place].blocks, strict=True):
            if not isinstance(dose, Breathing):
                continue
            assert isinstance(block, BreathingMoments)
            read = []
            before_ms = 0
            for gap_ms, inhale_ms, exhale_ms in spread(block.at):
                start_ms = before_ms + gap_ms
                before_ms = start_ms + inhale_ms + exhale_ms
                read += [(start_ms, start_ms + inhale_ms), (start_ms + inhale_ms, before_ms)]
            glides = tones(laid_out, number, Cue.INHALE, Cue.EXHALE)
            assert read == [(start_ms, end_ms) for start_ms, end_ms, _ in glides]
            assert block.breaths == dose.breaths == len(read) // 2


@in_each_week
def test_length_and_chapters_are_those_of_the_timeline(timelines: list[Timeline]) -> None:
    for laid_out, found, place in pairs(timelines):
        session = found.sessions[place]
        assert session.duration_ms == laid_out.duration_ms
        chapters = [(title, start_ms) for title, start_ms, _ in session.chapters]
        assert chapters == [(c.title, c.start_ms) for c in laid_out.chapters]
