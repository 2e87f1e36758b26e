"""Timeline or dose -> curves of effort and of breath. No I/O.

A curve is points of time (ms) and height (0 to 1) in order of time, linear in between.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Cue, Dose, Move, Sets
from voicecoach.script.script import Tone
from voicecoach.script.timeline import Event, Timeline

Curve = tuple[tuple[int, float], ...]

FIGURE_MS = 24_000
"""How much time a figure shows: the same for all, so that longer holds are seen to be longer."""

_RISE_MS = 600
_FALL_MS = 1200
_STEPS = 24
"""Straight pieces that a bend is made of."""

_Move = tuple[int, int, float]
"""When a bend begins, how long it takes (ms), and the height it comes to."""

_Change = tuple[int, float, int | None]
"""When the effort changes (ms), to which height, and how long it takes, if that is prescribed."""


def effort(timeline: Timeline) -> Curve:
    """Effort of all exercises but breathing: rises from each tone of a move to its height, for
    contractions a share of the greatest strength, and falls to 0 after each repetition."""
    changes: list[_Change] = []
    for event, tone in _tones(timeline, *Cue):
        dose = timeline.blocks[tone.where.block].dose
        if dose is not None and not isinstance(dose, Breathing):
            changes += _change(event, tone.cue, dose)
    return _curve(_exertions(changes, timeline.duration_ms), timeline.duration_ms)


def _change(event: Event, cue: Cue, dose: Dose) -> Iterator[_Change]:
    """What the tone ``cue`` changes in the effort of ``dose``."""
    if cue is dose.ending:
        yield event.start_ms, 0.0, None
    moves = dose.moves_of(event.sound.where.rep) if isinstance(dose, Sets) else dose.moves
    for move in dict.fromkeys(moves):
        if move.cue is cue and cue is not Cue.HOLD:
            yield event.start_ms, move.height, move.slope_ms


def breath(timeline: Timeline) -> Curve:
    """How full the lungs are: rises during an inhale tone, falls during the exhale tone."""
    moves = [
        (event.start_ms, event.end_ms - event.start_ms, 1.0 if tone.cue is Cue.INHALE else 0.0)
        for event, tone in _tones(timeline, Cue.INHALE, Cue.EXHALE)
    ]
    return _curve(moves, timeline.duration_ms)


def main_dose(doses: Iterable[Dose]) -> Dose | None:
    """The dose that represents all: the contractions with the longest hold (the last of equal
    ones), else the last of all, else ``None``."""
    found = list(doses)
    contractions = [each for dose in found for each in dose.contractions]
    if contractions:
        return max(reversed(contractions), key=lambda dose: dose.hold_ms)
    return found[-1] if found else None


def figure(dose: Dose | None) -> Curve:
    """A curve that depicts ``dose``: as many repetitions or breaths as fit into FIGURE_MS, centred;
    at least one; flat if there is no dose. Slopes that are not prescribed are chosen to look calm,
    not to show how fast one contracts.
    """
    if dose is None:
        return _curve([], FIGURE_MS)
    rest_ms = dose.rest_ms if isinstance(dose, Sets) else 0
    return _figure_of_repetitions(dose.moves, rest_ms, dose.repetitions)


def between(curve: Curve, start_ms: int, end_ms: int) -> list[tuple[float, float]]:
    """The part of ``curve`` from ``start_ms`` to ``end_ms``, with a point at either end."""
    part: list[tuple[float, float]] = []
    for (from_ms, low), (to_ms, high) in pairwise(curve):
        first, last = max(from_ms, start_ms), min(to_ms, end_ms)
        if first < last:
            slope = (high - low) / (to_ms - from_ms)
            part.append((first, low + slope * (first - from_ms)))
            part.append((last, low + slope * (last - from_ms)))
    return list(dict.fromkeys(part))


def _tones(timeline: Timeline, *cues: Cue) -> list[tuple[Event, Tone]]:
    return [
        (event, event.sound)
        for event in timeline.events
        if isinstance(event.sound, Tone) and event.sound.cue in cues
    ]


def _figure_of_repetitions(moves: Sequence[Move], rest_ms: int, most: int) -> Curve:
    held_ms = sum(move.length_ms for move in moves)
    cycle_ms = held_ms + rest_ms
    count = _count(most, cycle_ms)
    length_ms = max(FIGURE_MS, count * cycle_ms)
    rise_ms = max(_RISE_MS, held_ms * 2 // 5)
    ends_low = moves[-1].height == 0
    fall_ms = 0 if ends_low else min(max(_FALL_MS, held_ms * 3 // 5), rest_ms)
    start_ms = (length_ms - count * cycle_ms + rest_ms - fall_ms) // 2
    changes: list[_Change] = []
    for _ in range(count):
        for move in moves:
            changes.append((start_ms, move.height, move.slope_ms))
            start_ms += move.length_ms
        if not ends_low:
            changes.append((start_ms, 0.0, None))
        start_ms += rest_ms
    return _curve(_exertions(changes, length_ms, rise_ms, fall_ms), length_ms)


def _count(most: int, cycle_ms: int) -> int:
    """How many cycles of ``cycle_ms`` a figure shows, at most ``most``."""
    return max(1, min(most, FIGURE_MS // cycle_ms))


def _exertions(
    changes: Sequence[_Change],
    duration_ms: int,
    rise_ms: int = _RISE_MS,
    fall_ms: int = _FALL_MS,
) -> list[_Move]:
    """The slopes that begin at each time and lead to its height; each ends before the next."""
    ends_ms = [*(start_ms for start_ms, _, _ in changes), duration_ms][1:]
    return [
        (start_ms, min(slope_ms or (rise_ms if height else fall_ms), next_ms - start_ms), height)
        for (start_ms, height, slope_ms), next_ms in zip(changes, ends_ms, strict=True)
    ]


def _curve(moves: Iterable[_Move], duration_ms: int) -> Curve:
    points = [(0, 0.0)]
    for start_ms, length_ms, height in moves:
        points += _bend(start_ms, length_ms, points[-1][1], height)
    return _once((*points, (duration_ms, points[-1][1])))


def _bend(start_ms: int, length_ms: int, before: float, after: float) -> list[tuple[int, float]]:
    """A slope from one height to another, smooth at both ends."""
    shares = [step / _STEPS for step in range(_STEPS + 1)]
    return [
        (
            start_ms + round(length_ms * share),
            before + (after - before) * (0.5 - 0.5 * math.cos(math.pi * share)),
        )
        for share in shares
    ]


def _once(points: Curve) -> Curve:
    """``points`` with each time once, at the last of its heights."""
    return tuple(dict(points).items())
