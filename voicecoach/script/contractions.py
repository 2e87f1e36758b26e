"""A dose of contractions and its words -> the items of a script. No I/O.

The length of words is not known yet, so they go into slots. Guidance never changes the tones.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from voicecoach.content.exercise import Contractions
from voicecoach.content.translation import ContractionWords, Guidance, Translation
from voicecoach.planning.wording import minutes_left, number_word, sentences
from voicecoach.script.script import (
    BLOCK_PAUSE_MS,
    PARAGRAPH_PAUSE_MS,
    TONE_LENGTH_MS,
    WORDS_END_BEFORE_TONE_MS,
    WORDS_START_AFTER_TONE_MS,
    Anchor,
    Chapter,
    Cue,
    Item,
    Overflow,
    Pause,
    Placement,
    Say,
    Slot,
    SpeechCue,
    Where,
    tone,
)

_LEAD_IN_PAUSE_MS = 150
_COUNT_OFFSET_MS = 70
"""By then a tick has almost faded, and "twee" still fits into the rest of the second."""
_LONG_HOLD_MS = 6000
_ROOMY_REST_MS = 5000
"""In a shorter rest "halfway" does not fit beside the other words."""
_HALFWAY_OFFSET_MS = 2000
_LEAST_REPS_WITH_A_HALF = 4
_SET_REST_WORDS_OFFSET_MS = 4000
_LONGEST_SILENCE_MS = 10_300
"""No rest may seem silent for more than 12 s; the end of a ring is hardly heard."""
_SET_LEAD_MS = 10_000
_CHORD_AND_SET_MS = 5000
"""Approximate length of the chord and announcement up to the middle of "… minutes to go"."""
_FIRST_LEAD_MS = 4000
"""Approximate time from the announcement of the first set to its first tighten tone."""


class ContractionWriter:
    """Writes one exercise of contractions."""

    def __init__(
        self,
        dose: Contractions,
        own: ContractionWords,
        words: Translation,
        guidance: Guidance,
        *,
        block: int,
        after_ms: int,
    ) -> None:
        """``after_ms`` is about how long the session continues after the exercise."""
        self._dose = dose
        self._own = own
        self._words = words
        self._guidance = guidance
        self._block = block
        self._after_ms = after_ms
        self._half = dose.reps // 2 if dose.reps >= _LEAST_REPS_WITH_A_HALF else None

    @property
    def _is_roomy(self) -> bool:
        return self._dose.rest_ms >= _ROOMY_REST_MS

    def items(self) -> Iterator[Item]:
        """All sets."""
        for set_number in range(1, self._dose.sets + 1):
            yield from self._set(set_number)

    def _set(self, set_number: int) -> Iterator[Item]:
        reps = range(1, self._dose.reps + 1)
        places = [Where(block=self._block, set_number=set_number, rep=rep) for rep in reps]
        yield from self._set_start(places[0])
        for here, after in pairwise(places):
            yield self._hold(here)
            yield self._rest(here, after)
        yield self._hold(places[-1])
        if set_number == self._dose.sets:
            yield self._last_rest(places[-1])
        else:
            yield self._set_rest(places[-1])

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
        for text in (
            words.cues.set.format(set=set_word, sets=sets_word),
            minutes_left(self._left_ms(where.set_number), words),
        ):
            if text is not None:
                yield Say(text=text, cue=SpeechCue.ANNOUNCE, where=where)

    def _left_ms(self, set_number: int) -> int:
        """About how long the session continues from the announcement of a set."""
        to_do = replace(self._dose, sets=self._dose.sets - set_number + 1)
        lead_ms = self._set_lead_ms - _CHORD_AND_SET_MS if set_number > 1 else _FIRST_LEAD_MS
        return lead_ms + to_do.duration_ms + self._after_ms

    @property
    def _set_lead_ms(self) -> int:
        return min(_SET_LEAD_MS, self._dose.set_rest_ms // 2)

    def _hold(self, where: Where) -> Slot:
        dose = self._dose
        placements = [Placement(sound=tone(Cue.TIGHTEN, where), offset_ms=0)]
        is_reminded = dose.hold_ms >= _LONG_HOLD_MS and where.rep in (1, dose.reps // 2 + 1)
        if is_reminded and self._is_spoken(where):
            reminder = Say(text=self._words.cues.holding, cue=SpeechCue.BREATHE, where=where)
            placements.append(Placement(sound=reminder, offset_ms=1000 + _COUNT_OFFSET_MS))
        is_counted = self._own.during is None
        if self._own.during is not None and self._is_spoken(where):
            during = Say(text=self._own.during, cue=SpeechCue.LEAD_IN, where=where)
            placements.append(Placement(sound=during, offset_ms=WORDS_START_AFTER_TONE_MS))
        for second in range(1, dose.hold_ms // 1000):
            placements.append(Placement(sound=tone(Cue.HOLD, where), offset_ms=second * 1000))
            if is_counted and self._is_spoken(where):
                count = Say(
                    text=f"{number_word(second, self._words)}.",
                    cue=SpeechCue.COUNT,
                    where=where,
                    optional=True,
                )
                placements.append(
                    Placement(sound=count, offset_ms=second * 1000 + _COUNT_OFFSET_MS)
                )
        return Slot(
            length_ms=dose.hold_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS
        )

    def _rest(self, here: Where, after: Where) -> Slot:
        dose = self._dose
        let_go = self._let_go(here, self._own.release)
        lead_ins = map(_ending, self._lead_in(after))
        halfway = []
        if self._is_roomy and here.rep == self._half and self._guidance is not Guidance.TONES:
            cues = self._words.cues
            text = cues.halfway_of_set if dose.sets > 1 else cues.halfway
            say = Say(text=text, cue=SpeechCue.ANNOUNCE, where=after)
            halfway = [Placement(sound=say, offset_ms=_HALFWAY_OFFSET_MS)]
        return Slot(
            length_ms=dose.rest_ms,
            placements=(*let_go, *halfway, *_signs(dose.rest_ms, here), *lead_ins),
            overflow=Overflow.GROW,
        )

    def _last_rest(self, where: Where) -> Slot:
        signs = _signs(self._dose.rest_ms + BLOCK_PAUSE_MS, where)
        return Slot(
            length_ms=self._dose.rest_ms,
            placements=(*self._let_go(where, self._own.last_release), *signs),
            overflow=Overflow.GROW,
        )

    def _set_rest(self, where: Where) -> Slot:
        length_ms = self._dose.set_rest_ms - self._set_lead_ms
        cues = self._words.cues
        is_half = not self._is_roomy and where.set_number == self._dose.sets / 2
        spoken = [
            Placement(
                sound=Say(text=sentence, cue=SpeechCue.SAY, where=where),
                offset_ms=_SET_REST_WORDS_OFFSET_MS,
            )
            for sentence in (*sentences(cues.set_rest), *([cues.halfway] if is_half else []))
            if self._guidance is not Guidance.TONES
        ]
        let_go = self._let_go(where, self._own.last_release)
        return Slot(
            length_ms=length_ms,
            placements=(*let_go, *spoken, *_signs(length_ms, where)),
            overflow=Overflow.GROW,
        )

    def _let_go(self, where: Where, text: str) -> tuple[Placement, ...]:
        release = Placement(sound=tone(Cue.RELEASE, where), offset_ms=0)
        if not self._is_spoken(where):
            return (release,)
        let_go = Say(text=text, cue=SpeechCue.LET_GO, where=where)
        return release, Placement(sound=let_go, offset_ms=WORDS_START_AFTER_TONE_MS)

    def _lead_in(self, where: Where) -> tuple[Say, ...]:
        """The words just before the tighten tone of a repetition."""
        if not self._is_spoken(where):
            return ()
        text = self._own.tighten
        if where.rep == 1:
            text = self._own.first_tighten
        elif where.rep == self._dose.reps:
            text = self._words.cues.last_rep
        return (Say(text=text, cue=SpeechCue.LEAD_IN, where=where),)

    def _is_spoken(self, where: Where) -> bool:
        """Whether words accompany a repetition."""
        match self._guidance:
            case Guidance.FULL:
                return True
            case Guidance.BRIEF:
                return where.rep in (1, self._dose.reps)
            case Guidance.TONES:
                return False


def _signs(rest_ms: int, where: Where) -> list[Placement]:
    """The tones of a rest that begins with a release tone: the fewest, evenly spaced, that keep
    every silence within _LONGEST_SILENCE_MS."""
    # n tones leave n + 1 silences: silent_ms = (n + 1) * silence + n * tone. The smallest n with
    # silence <= _LONGEST_SILENCE_MS is a division rounded up, which -(-a // b) is.
    sign = tone(Cue.REST, where)
    silent_ms = rest_ms - TONE_LENGTH_MS[Cue.RELEASE]
    count = max(0, -(-(silent_ms + sign.length_ms) // (_LONGEST_SILENCE_MS + sign.length_ms)) - 1)
    step_ms = (silent_ms + sign.length_ms) // (count + 1)
    first_ms = TONE_LENGTH_MS[Cue.RELEASE] + step_ms - sign.length_ms
    return [Placement(sound=sign, offset_ms=first_ms + n * step_ms) for n in range(count)]


def _ending(say: Say) -> Placement:
    return Placement(sound=say, anchor=Anchor.END, offset_ms=WORDS_END_BEFORE_TONE_MS)
