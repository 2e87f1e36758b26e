"""A planned session -> its script. No I/O.

Decides what is said and when within a contraction, a rest, a breath; how long words take is not
known here, so it hands out slots.
"""

from collections.abc import Iterator
from itertools import pairwise

from voicecoach.plan import PlannedSession
from voicecoach.programme import (
    Breathing,
    BreathingWords,
    Contractions,
    ContractionWords,
    Prescription,
    TalkBlock,
    Translation,
)
from voicecoach.script import (
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
    Script,
    ScriptBlock,
    Slot,
    SpeechCue,
    Tone,
    Where,
)
from voicecoach.wording import number_word, sentences, shown, spoken

SENTENCE_PAUSE_MS = 450
PARAGRAPH_PAUSE_MS = 1100
BLOCK_PAUSE_MS = 1500

_OPENING_SILENCE_MS = 500
_LEAD_IN_PAUSE_MS = 150
_BREATH_WORDS_OFFSET_MS = 400
_COUNT_OFFSET_MS = 70
"""A tick has all but faded by then, and "twee" still fits in what is left of the second."""
_LONG_HOLD_MS = 6000
_SET_REST_WORDS_OFFSET_MS = 4000
_SIGN_OF_LIFE_EVERY_MS = 10_000
_SET_LEAD_MS = 10_000


def write(session: PlannedSession, words: Translation) -> Script:
    """Writes the script of ``session`` in the language of ``words``."""
    items: list[Item] = [Pause(length_ms=_OPENING_SILENCE_MS)]
    blocks = []
    for index, part in enumerate(session.parts):
        if isinstance(part, TalkBlock):
            blocks.append(ScriptBlock(exercise=part.talk, dose=None))
            items += _talk(part, session, words, Where(block=index))
        else:
            blocks.append(ScriptBlock(exercise=part.exercise, dose=part.dose))
            items += _exercise(part, words, Where(block=index))
        items.append(Pause(length_ms=BLOCK_PAUSE_MS))
    items.append(_tone(Cue.DONE, Where(block=len(blocks) - 1)))
    return Script(
        session=session.id,
        title=shown(words.sessions[session.id], session.contractions),
        blocks=tuple(blocks),
        items=tuple(items),
    )


def _talk(
    part: TalkBlock, session: PlannedSession, words: Translation, where: Where
) -> Iterator[Item]:
    talk = words.talks[part.talk]
    yield Chapter(title=talk.title)
    yield from _paragraphs(talk.text, words, session.contractions, where)


def _paragraphs(
    texts: tuple[str, ...], words: Translation, dose: Contractions | None, where: Where
) -> Iterator[Item]:
    for paragraph, text in enumerate(texts):
        if paragraph:
            yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
        for number, sentence in enumerate(sentences(spoken(text, words, dose))):
            if number:
                yield Pause(length_ms=SENTENCE_PAUSE_MS)
            yield Say(text=sentence, cue=SpeechCue.SAY, where=where)


def _exercise(part: Prescription, words: Translation, where: Where) -> Iterator[Item]:
    exercise_words = words.exercises[part.exercise]
    dose = part.dose
    contractions = dose if isinstance(dose, Contractions) else None
    yield Chapter(title=exercise_words.title)
    yield from _paragraphs(exercise_words.introduction, words, contractions, where)
    yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
    if isinstance(dose, Breathing) and isinstance(exercise_words, BreathingWords):
        yield from _breaths(dose, exercise_words, where)
    elif isinstance(dose, Contractions) and isinstance(exercise_words, ContractionWords):
        for set_number in range(1, dose.sets + 1):
            yield from _set(dose, exercise_words, words, where, set_number)


def _breaths(dose: Breathing, words: BreathingWords, where: Where) -> Iterator[Item]:
    for index in range(dose.breaths):
        here = Where(block=where.block, rep=index + 1)
        reminder = words.reminders[index // 4 % len(words.reminders)] if index % 4 == 3 else None
        say_in = words.inhale if index < 2 else None
        say_out = words.exhale if index < 2 else reminder
        yield _breath(Cue.INHALE, dose.inhale_ms, say_in, here)
        yield _breath(Cue.EXHALE, dose.exhale_ms, say_out, here)


def _breath(cue: Cue, length_ms: int, text: str | None, where: Where) -> Slot:
    glide = Tone(cue=cue, length_ms=length_ms, where=where)
    placements = [Placement(sound=glide, offset_ms=0)]
    if text is not None:
        say = Say(text=text, cue=SpeechCue.BREATHE, where=where)
        placements.append(Placement(sound=say, offset_ms=_BREATH_WORDS_OFFSET_MS))
    return Slot(length_ms=length_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)


def _set(
    dose: Contractions, own: ContractionWords, words: Translation, where: Where, set_number: int
) -> Iterator[Item]:
    leads = [own.first_tighten, *[own.tighten] * (dose.reps - 2), words.cues.last_rep]
    leads = leads[: dose.reps]
    places = [
        Where(block=where.block, set_number=set_number, rep=rep) for rep in range(1, dose.reps + 1)
    ]
    yield from _set_start(dose, leads[0], own, words, places[0])
    for (here, after), lead in zip(pairwise(places), leads[1:], strict=True):
        yield _hold(dose, words, here)
        yield _rest(dose, own.release, lead, here, after)
    yield _hold(dose, words, places[-1])
    if set_number == dose.sets:
        yield _last_rest(dose, own.last_release, places[-1])
    else:
        yield _set_rest(dose, own.last_release, words, places[-1])


def _set_start(
    dose: Contractions, lead: str, own: ContractionWords, words: Translation, where: Where
) -> Iterator[Item]:
    """What comes before the first tighten tone of a set. From the second set on it is the end of
    the rest between sets, so it is a slot."""
    assert where.set_number is not None
    announcement = words.cues.set.format(
        set=number_word(where.set_number, words), sets=number_word(dose.sets, words)
    )
    label = words.labels.set.format(set=where.set_number, sets=dose.sets)
    announce = Say(text=announcement, cue=SpeechCue.ANNOUNCE, where=where)
    lead_in = Say(text=lead, cue=SpeechCue.LEAD_IN, where=where)
    tone = _tone(Cue.SET, where)
    if dose.sets > 1:
        yield Chapter(title=f"{own.title} · {label}")
    if where.set_number == 1:
        if dose.sets > 1:
            yield from (tone, announce, Pause(length_ms=PARAGRAPH_PAUSE_MS))
        yield lead_in
        yield Pause(length_ms=_LEAD_IN_PAUSE_MS)
    else:
        placements = (
            Placement(sound=tone, offset_ms=0),
            Placement(sound=announce, offset_ms=tone.length_ms),
            _ending(lead_in),
        )
        yield Slot(length_ms=_set_lead_ms(dose), placements=placements, overflow=Overflow.GROW)


def _set_lead_ms(dose: Contractions) -> int:
    return min(_SET_LEAD_MS, dose.set_rest_ms // 2)


def _hold(dose: Contractions, words: Translation, where: Where) -> Slot:
    placements = [Placement(sound=_tone(Cue.TIGHTEN, where), offset_ms=0)]
    is_reminded = dose.hold_ms >= _LONG_HOLD_MS and where.rep in (1, dose.reps // 2 + 1)
    if is_reminded:
        reminder = Say(text=words.cues.holding, cue=SpeechCue.BREATHE, where=where)
        placements.append(Placement(sound=reminder, offset_ms=1000 + _COUNT_OFFSET_MS))
    for second in range(1, dose.hold_ms // 1000):
        count = Say(
            text=f"{number_word(second, words)}.",
            cue=SpeechCue.COUNT,
            where=where,
            optional=True,
        )
        placements += [
            Placement(sound=_tone(Cue.HOLD, where), offset_ms=second * 1000),
            Placement(sound=count, offset_ms=second * 1000 + _COUNT_OFFSET_MS),
        ]
    return Slot(length_ms=dose.hold_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)


def _rest(dose: Contractions, release: str, lead: str, here: Where, after: Where) -> Slot:
    lead_in = Say(text=lead, cue=SpeechCue.LEAD_IN, where=after)
    return Slot(
        length_ms=dose.rest_ms,
        placements=(*_letting_go(release, here), _ending(lead_in)),
        overflow=Overflow.GROW,
    )


def _last_rest(dose: Contractions, release: str, where: Where) -> Slot:
    return Slot(
        length_ms=dose.rest_ms,
        placements=_letting_go(release, where),
        overflow=Overflow.GROW,
    )


def _set_rest(dose: Contractions, release: str, words: Translation, where: Where) -> Slot:
    length_ms = dose.set_rest_ms - _set_lead_ms(dose)
    rest_words = [
        Placement(
            sound=Say(text=sentence, cue=SpeechCue.SAY, where=where),
            offset_ms=_SET_REST_WORDS_OFFSET_MS,
        )
        for sentence in sentences(words.cues.set_rest)
    ]
    first_sign_ms = _SET_REST_WORDS_OFFSET_MS + _SIGN_OF_LIFE_EVERY_MS
    signs = [
        Placement(sound=_tone(Cue.REST, where), offset_ms=offset_ms)
        for offset_ms in range(first_sign_ms, length_ms - 2000, _SIGN_OF_LIFE_EVERY_MS)
    ]
    return Slot(
        length_ms=length_ms,
        placements=(*_letting_go(release, where), *rest_words, *signs),
        overflow=Overflow.GROW,
    )


def _letting_go(release: str, where: Where) -> tuple[Placement, ...]:
    let_go = Say(text=release, cue=SpeechCue.LET_GO, where=where)
    return (
        Placement(sound=_tone(Cue.RELEASE, where), offset_ms=0),
        Placement(sound=let_go, offset_ms=WORDS_START_AFTER_TONE_MS),
    )


def _ending(say: Say) -> Placement:
    return Placement(sound=say, anchor=Anchor.END, offset_ms=WORDS_END_BEFORE_TONE_MS)


def _tone(cue: Cue, where: Where) -> Tone:
    return Tone(cue=cue, length_ms=TONE_LENGTH_MS[cue], where=where)
