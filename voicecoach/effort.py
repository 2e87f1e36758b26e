"""Timeline -> the curves of a session: how hard one contracts, and how full the lungs are. No I/O.

Both are points of time (ms) and height (0 to 1) in order of time, straight in between.
"""

import math

from voicecoach.programme import Contractions
from voicecoach.script import Cue, Tone
from voicecoach.timeline import Event, Timeline

Curve = tuple[tuple[int, float], ...]

_RISE_MS = 600
_FALL_MS = 1200
_STEPS = 12
"""Straight pieces that a bend is made of."""


def effort(timeline: Timeline) -> Curve:
    """The share of the greatest strength: from each tighten tone it rises to the intensity of the
    dose, stays there for the hold, and falls to 0 from the release tone on."""
    points = [(0, 0.0)]
    found = _tones(timeline, Cue.TIGHTEN, Cue.RELEASE)
    ends_ms = [*(event.start_ms for event, _ in found), timeline.duration_ms][1:]
    for (event, tone), next_ms in zip(found, ends_ms, strict=True):
        is_tighten = tone.cue is Cue.TIGHTEN
        length_ms = min(_RISE_MS if is_tighten else _FALL_MS, next_ms - event.start_ms)
        height = _intensity(tone, timeline) if is_tighten else 0.0
        points += _bend(event.start_ms, length_ms, points[-1][1], height)
    return _once((*points, (timeline.duration_ms, points[-1][1])))


def breath(timeline: Timeline) -> Curve:
    """How full the lungs are: up as long as one breathes in with the tone, down with the next."""
    points = [(0, 0.0)]
    for event, tone in _tones(timeline, Cue.INHALE, Cue.EXHALE):
        height = 1.0 if tone.cue is Cue.INHALE else 0.0
        points += _bend(event.start_ms, event.end_ms - event.start_ms, points[-1][1], height)
    return _once((*points, (timeline.duration_ms, points[-1][1])))


def _tones(timeline: Timeline, *cues: Cue) -> list[tuple[Event, Tone]]:
    return [
        (event, event.sound)
        for event in timeline.events
        if isinstance(event.sound, Tone) and event.sound.cue in cues
    ]


def _intensity(tone: Tone, timeline: Timeline) -> float:
    dose = timeline.blocks[tone.where.block].dose
    assert isinstance(dose, Contractions), "only contractions are tightened for"
    return dose.intensity.high_percent / 100


def _bend(start_ms: int, length_ms: int, before: float, after: float) -> list[tuple[int, float]]:
    """From one height to another, softly at both ends."""
    shares = [step / _STEPS for step in range(_STEPS + 1)]
    return [
        (
            start_ms + round(length_ms * share),
            before + (after - before) * (0.5 - 0.5 * math.cos(math.pi * share)),
        )
        for share in shares
    ]


def _once(points: Curve) -> Curve:
    """Each time once, with the last of its heights."""
    return tuple(dict(points).items())
