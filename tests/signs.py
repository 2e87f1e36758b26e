"""The signs of life in the rests of a session, judged from what is heard."""

from itertools import pairwise

from voicecoach.script.script import Cue, Tone
from voicecoach.script.timeline import Event, Timeline

LONGEST_SILENCE_MS = 12_000
WANTED_SILENCE_MS = 10_300
"""A sign is added where a silence would be longer than this, words not counted."""


def rests(laid_out: Timeline) -> list[list[Event]]:
    """For each rest: its release tone, its signs of life, and what ends it: the next tighten tone,
    the chord of the next set or, after the last, the part of the session that follows."""
    found: list[list[Event]] = []
    is_open = False
    for event in laid_out.events:
        cue = event.sound.cue if isinstance(event.sound, Tone) else None
        if cue is Cue.RELEASE:
            found.append([event])
            is_open = True
        elif is_open:
            is_other_part = event.sound.where.block != found[-1][0].sound.where.block
            if is_other_part or cue is not None:
                found[-1].append(event)
            is_open = cue is Cue.REST or not (is_other_part or cue is not None)
    return found


def assert_evenly_spread(laid_out: Timeline) -> int:
    """All silences of a rest are alike, none is long, and no fewer signs would do. Answers how
    many signs there are."""
    count = 0
    for rest in rests(laid_out):
        signs = rest[1:-1]
        silences_ms = [after.start_ms - before.end_ms for before, after in pairwise(rest)]
        assert max(silences_ms) <= LONGEST_SILENCE_MS
        assert max(silences_ms) - min(silences_ms) <= len(signs)
        sign_ms = sum(sign.end_ms - sign.start_ms for sign in signs[:1])
        assert not signs or sum(silences_ms) + sign_ms > len(signs) * WANTED_SILENCE_MS
        count += len(signs)
    return count
