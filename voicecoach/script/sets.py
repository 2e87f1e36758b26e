"""A dose of repetitions in sets and its words -> the items of a script. No I/O.

The length of words is not known yet, so they go into slots. Guidance never changes the tones.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from voicecoach.content.exercise import Side
from voicecoach.content.kinds.dose import Cue, Sets
from voicecoach.content.translation import Guidance
from voicecoach.planning.wording import between_sets, minutes_left, number_word
from voicecoach.script.repetitions import repetition, signs
from voicecoach.script.script import (
    BLOCK_PAUSE_MS,
    PARAGRAPH_PAUSE_MS,
    TONE_LENGTH_MS,
    WORDS_END_BEFORE_TONE_MS,
    WORDS_START_AFTER_TONE_MS,
    Anchor,
    Chapter,
    Item,
    Overflow,
    Part,
    Pause,
    Placement,
    Say,
    Slot,
    SpeechCue,
    Where,
    tone,
)

_LEAD_IN_PAUSE_MS = 150
"""By then a tick has almost faded, and "twee" still fits into the rest of the second."""
_ROOMY_REST_MS = 5000
"""In a shorter rest "halfway" does not fit beside the other words."""
_HALFWAY_OFFSET_MS = 2000
_LEAST_REPS_WITH_A_HALF = 4
_SET_REST_WORDS_AFTER_RING_MS = 2200
_SET_LEAD_MS = 10_000
_CHORD_AND_SET_MS = 5000
"""Approximate length of the chord and announcement up to the middle of "… minutes to go"."""
_FIRST_LEAD_MS = 4000
"""Approximate time from the announcement of the first set to its first tighten tone."""


class SetsWriter:
    """Writes one exercise of repetitions in sets."""

    def __init__(self, dose: Sets, part: Part) -> None:
        self._dose = dose
        self._own = part.own
        self._words = part.words
        self._guidance = part.guidance
        self._part = part
        self._is_roomy = dose.rest_ms >= _ROOMY_REST_MS
        self._half = dose.reps // 2 if dose.reps >= _LEAST_REPS_WITH_A_HALF else None

    def items(self) -> Iterator[Item]:
        """All sets."""
        for set_number in range(1, self._dose.sets + 1):
            yield from self._set(set_number)

    def _set(self, set_number: int) -> Iterator[Item]:
        here = Where(block=self._part.block, set_number=set_number)
        reps = range(1, self._dose.reps + 1)
        places = [replace(here, rep=rep, side=self._side(rep)) for rep in reps]
        yield from self._set_start(places[0])
        for here, after in pairwise(places):
            yield from repetition(self._dose, self._part, here)
            if self._dose.rest_ms or self._dose.ending is Cue.RELEASE:
                yield self._rest(here, after)
        yield from repetition(self._dose, self._part, places[-1])
        if self._dose.quick is not None:
            yield from self._quick(self._dose.quick, places)
        if set_number == self._dose.sets:
            yield from self._last_rest(places[-1])
        else:
            yield self._set_rest(places[-1])

    def _quick(self, quick: Sets, places: list[Where]) -> Iterator[Item]:
        """The rest after the others of a set, and the quick ones, which have no words but at their
        beginning. Adds them to ``places``."""
        slow = places[-1]
        added = [replace(slow, rep=self._dose.reps + number) for number in range(1, quick.reps + 1)]
        lead_in = self._own.cues.get("first_quick")
        said = () if lead_in is None or self._guidance is Guidance.TONES else (lead_in,)
        says = [Say(text=text, cue=SpeechCue.LEAD_IN, where=added[0]) for text in said]
        yield Slot(
            length_ms=self._dose.rest_ms,
            placements=(
                *self._let_go(slow, self._dose.guide.let_go),
                *signs(self._dose.rest_ms, slow, self._ending_ms),
                *map(_ending, says),
            ),
            overflow=Overflow.GROW,
        )
        for here in added[:-1]:
            yield from repetition(quick, self._part, here)
            let_go = tuple(self._let_go(here, None))
            yield Slot(length_ms=quick.rest_ms, placements=let_go, overflow=Overflow.GROW)
        yield from repetition(quick, self._part, added[-1])
        places += added

    def _side(self, rep: int) -> Side | None:
        if not self._part.alternates:
            return None
        return Side.LEFT if rep % 2 else Side.RIGHT

    def _set_start(self, where: Where) -> Iterator[Item]:
        """Everything before the first tighten tone of a set. From the second set on this is the
        end of the rest between sets, whose length is prescribed, so it is a slot."""
        assert where.set_number is not None
        dose, words = self._dose, self._words
        lead_ins = self._lead_in(where)
        announcement = list(self._announcement(where))
        chord = tone(Cue.SET, where)
        if dose.sets > 1:
            label = words.labels.set.format(set=where.set_number, sets=dose.sets)
            yield Chapter(title=f"{self._own.title} · {label}")
        if where.set_number > 1:
            spoken = [Placement(sound=say, offset_ms=chord.length_ms) for say in announcement]
            placements = (Placement(sound=chord, offset_ms=0), *spoken, *map(_ending, lead_ins))
            yield Slot(length_ms=self._set_lead_ms, placements=placements, overflow=Overflow.GROW)
            return
        if dose.sets > 1:
            yield chord
            for say in announcement:
                yield from (say, Pause(length_ms=_LEAD_IN_PAUSE_MS))
            yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
        for say in lead_ins:
            yield from (say, Pause(length_ms=_LEAD_IN_PAUSE_MS))

    def _announcement(self, where: Where) -> Iterator[Say]:
        """The number of the set and of all sets, and the minutes left."""
        assert where.set_number is not None
        words = self._words
        set_word, sets_word = (
            number_word(number, words) for number in (where.set_number, self._dose.sets)
        )
        said: list[str | None] = [words.cues.set.format(set=set_word, sets=sets_word)]
        if (where.set_number - 1) % self._sets_per_minutes_left == 0:
            said.append(minutes_left(self._left_ms(where.set_number), words))
        yield from (Say(text=text, cue=SpeechCue.ANNOUNCE, where=where) for text in said if text)

    @property
    def _sets_per_minutes_left(self) -> int:
        """Of short sets only every second or third says the minutes: it is always another number.

        It must not depend on words, which are longer in one language than in another.
        """
        once, twice = (replace(self._dose, sets=sets).duration_ms for sets in (1, 2))
        return math.ceil(60_000 / (twice - once))

    def _left_ms(self, set_number: int) -> int:
        """About how long the session continues from the announcement of a set."""
        to_do = replace(self._dose, sets=self._dose.sets - set_number + 1)
        lead_ms = self._set_lead_ms - _CHORD_AND_SET_MS if set_number > 1 else _FIRST_LEAD_MS
        return lead_ms + to_do.duration_ms + self._part.after_ms

    @property
    def _set_lead_ms(self) -> int:
        return min(_SET_LEAD_MS, self._dose.set_rest_ms // 2)

    def _rest(self, here: Where, after: Where) -> Slot:
        """Where there is none, only the tone that ends a contraction."""
        dose = self._dose
        if not dose.rest_ms:
            placements = tuple(self._let_go(here, None))
            return Slot(length_ms=0, placements=placements, overflow=Overflow.GROW)
        let_go = self._let_go(here, self._dose.guide.let_go)
        lead_ins = map(_ending, self._lead_in(after))
        quiet = signs(dose.rest_ms, here, self._ending_ms)
        halfway = []
        if self._is_roomy and here.rep == self._half and self._guidance is not Guidance.TONES:
            cues = self._words.cues
            text = cues.halfway_of_set if dose.sets > 1 else cues.halfway
            say = Say(text=text, cue=SpeechCue.ANNOUNCE, where=after)
            halfway = [Placement(sound=say, offset_ms=_HALFWAY_OFFSET_MS)]
        return Slot(
            length_ms=dose.rest_ms,
            placements=(*let_go, *self._side_tone(after), *halfway, *quiet, *lead_ins),
            overflow=Overflow.GROW,
        )

    def _side_tone(self, after: Where) -> Iterator[Placement]:
        """The tone of the other side, in a rest that has room for it."""
        side = tone(Cue.SIDE, after)
        if after.side is not None and self._dose.rest_ms >= self._ending_ms + side.length_ms:
            yield Placement(sound=side, offset_ms=self._ending_ms)

    def _last_rest(self, where: Where) -> Iterator[Item]:
        let_go = self._let_go(where, self._dose.guide.last_let_go)
        if not self._dose.rest_ms:
            yield from (placement.sound for placement in let_go)
            return
        silence_ms = self._dose.rest_ms + BLOCK_PAUSE_MS
        placements = (*let_go, *signs(silence_ms, where, self._ending_ms))
        yield Slot(length_ms=self._dose.rest_ms, placements=placements, overflow=Overflow.GROW)

    def _set_rest(self, where: Where) -> Slot:
        length_ms = self._dose.set_rest_ms - self._set_lead_ms
        is_half = not self._is_roomy and where.set_number == self._dose.sets / 2
        cues, number = self._words.cues, where.set_number or 1
        said = between_sets(cues, number, self._guidance, is_half=is_half)
        says = [Say(text=text, cue=SpeechCue.SAY, where=where) for text in said]
        said_at_ms = self._ending_ms + _SET_REST_WORDS_AFTER_RING_MS
        spoken = [Placement(sound=say, offset_ms=said_at_ms) for say in says]
        let_go = self._let_go(where, self._dose.guide.last_let_go)
        return Slot(
            length_ms=length_ms,
            placements=(*let_go, *spoken, *signs(length_ms, where, self._ending_ms)),
            overflow=Overflow.GROW,
        )

    @property
    def _ending_ms(self) -> int:
        ending = self._dose.ending
        return 0 if ending is None else TONE_LENGTH_MS[ending]

    def _let_go(self, where: Where, key: str | None) -> Iterator[Placement]:
        """The tone at the end of a repetition, and the words after it."""
        ending = self._dose.ending
        if ending is not None:
            yield Placement(sound=tone(ending, where), offset_ms=0)
        rep = min(where.rep or 1, self._dose.reps)  # after quick ones, the set has ended as well
        if key is not None and self._part.speaks_in(rep, self._dose.reps):
            let_go = Say(text=self._own.cues[key], cue=SpeechCue.LET_GO, where=where)
            yield Placement(sound=let_go, offset_ms=WORDS_START_AFTER_TONE_MS)

    def _lead_in(self, where: Where) -> tuple[Say, ...]:
        """The words just before a repetition."""
        guide = self._dose.guide
        key = guide.first_lead_in if where.rep == 1 else guide.lead_in
        if not self._part.speaks_in(where.rep, self._dose.reps):
            return ()
        texts = [] if where.side is None else [self._words.sides[where.side].cue]
        if where.rep == self._dose.reps and where.rep != 1:
            texts.append(self._words.cues.last_rep)
        elif key is not None:
            texts.append(self._own.cues[key])
        return tuple(Say(text=text, cue=SpeechCue.LEAD_IN, where=where) for text in texts)


def _ending(say: Say) -> Placement:
    return Placement(sound=say, anchor=Anchor.END, offset_ms=WORDS_END_BEFORE_TONE_MS)
