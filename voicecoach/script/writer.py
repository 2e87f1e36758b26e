"""A planned session -> its script and its approximate length. No I/O."""

from collections.abc import Iterable, Iterator

from voicecoach.content.exercise import Breathing, Contractions, Prescription
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import BreathingWords, ContractionWords, Guidance, Translation
from voicecoach.planning import wording
from voicecoach.planning.planner import PlannedSession
from voicecoach.planning.wording import estimate_ms, sentences, session_title, spoken
from voicecoach.script import timeline
from voicecoach.script.contractions import ContractionWriter
from voicecoach.script.script import (
    BLOCK_PAUSE_MS,
    PARAGRAPH_PAUSE_MS,
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
    tone,
)

_WORDS_OFFSET_MS = 400
_REMINDER_OFFSET_MS = 2200
_REMINDER_EVERY = 4
_LEAST_BREATHS_WITH_A_HALF = 8


def breaths(
    dose: Breathing, own: BreathingWords, words: Translation, guidance: Guidance, block: int
) -> Iterator[Item]:
    """All breaths: an inhale and an exhale each, with their words."""
    for number in range(1, dose.breaths + 1):
        where = Where(block=block, rep=number)
        said_in, said_out = _said(number, dose, own, words, guidance)
        yield _breath(Cue.INHALE, dose.inhale_ms, said_in, where)
        yield _breath(Cue.EXHALE, dose.exhale_ms, said_out, where)


def _said(
    number: int, dose: Breathing, own: BreathingWords, words: Translation, guidance: Guidance
) -> tuple[list[str], list[str]]:
    """The words of the ``number``-th inhale and exhale."""
    said_in, said_out = [own.inhale], [own.exhale]
    is_last = number == dose.breaths and dose.breaths > 1
    is_half = number == dose.breaths // 2 and dose.breaths >= _LEAST_BREATHS_WITH_A_HALF
    if is_last:
        said_in = [words.cues.last_breath]
    if is_half:
        said_out.append(words.cues.halfway)
    elif number % _REMINDER_EVERY == 0 and guidance is Guidance.FULL:
        said_out.append(own.reminders[(number // _REMINDER_EVERY - 1) % len(own.reminders)])
    match guidance:
        case Guidance.FULL:
            return said_in, said_out
        case Guidance.BRIEF:
            if number == 1 or is_last:
                return said_in, said_out
            return [], said_out[1:] if is_half else []
        case Guidance.TONES:
            return [], []


def _breath(cue: Cue, length_ms: int, texts: list[str], where: Where) -> Slot:
    glide = Tone(cue=cue, length_ms=length_ms, where=where)
    offsets_ms = (_WORDS_OFFSET_MS, _REMINDER_OFFSET_MS)
    placements = [Placement(sound=glide, offset_ms=0)]
    for text, offset_ms in zip(texts, offsets_ms, strict=False):
        say = Say(text=text, cue=SpeechCue.BREATHE, where=where)
        placements.append(Placement(sound=say, offset_ms=offset_ms))
    return Slot(length_ms=length_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)


_OPENING_SILENCE_MS = 500
_SHORTEST_BREATH_MS = 350
_BREATH_A_WORD_MS = 30
_LONGEST_BREATH_MS = 700


def write(session: PlannedSession, words: Translation) -> Script:
    """Writes the script of ``session`` in the language of ``words``."""
    rate_wpm = words.rate_wpm[session.guidance]
    last = len(session.parts) - 1
    items: list[Item] = [tone(Cue.DONE, Where(block=last))]
    for index in range(last, -1, -1):  # from the end, because sets announce the time left
        after_ms = _length_ms(items, rate_wpm)
        written = list(_part(session, words, index, after_ms + BLOCK_PAUSE_MS))
        items = [*written, Pause(length_ms=BLOCK_PAUSE_MS), *items]
    return Script(
        session=session.id,
        title=session_title(session, words),
        guidance=session.guidance,
        rate_wpm=rate_wpm,
        blocks=tuple(map(_block, session.parts)),
        items=(Pause(length_ms=_OPENING_SILENCE_MS), *items),
    )


def _block(part: TalkBlock | Prescription) -> ScriptBlock:
    if isinstance(part, TalkBlock):
        return ScriptBlock(exercise=part.talk, dose=None)
    return ScriptBlock(exercise=part.exercise, dose=part.dose)


def _part(session: PlannedSession, words: Translation, index: int, after_ms: int) -> Iterator[Item]:
    part = session.parts[index]
    where = Where(block=index)
    if isinstance(part, TalkBlock):
        talk = words.talks[part.talk]
        yield Chapter(title=talk.title)
        yield from _paragraphs(talk.text, words, session.contractions, where)
        return
    own, dose = words.exercises[part.exercise], part.dose
    yield Chapter(title=own.title)
    contractions = dose if isinstance(dose, Contractions) else None
    yield from _paragraphs(own.introduction, words, contractions, where)
    yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
    if isinstance(dose, Breathing) and isinstance(own, BreathingWords):
        yield from breaths(dose, own, words, session.guidance, index)
    elif isinstance(dose, Contractions) and isinstance(own, ContractionWords):
        writer = ContractionWriter(
            dose, own, words, session.guidance, block=index, after_ms=after_ms
        )
        yield from writer.items()


def _paragraphs(
    texts: tuple[str, ...], words: Translation, dose: Contractions | None, where: Where
) -> Iterator[Item]:
    for paragraph, text in enumerate(texts):
        if paragraph:
            yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
        before = None
        for sentence in sentences(spoken(text, words, dose)):
            if before is not None:
                yield Pause(length_ms=_breath_ms(before))
            yield Say(text=sentence, cue=SpeechCue.SAY, where=where)
            before = sentence


def _breath_ms(sentence: str) -> int:
    """The pause to breathe after ``sentence``, in proportion to its length."""
    wanted_ms = _SHORTEST_BREATH_MS + _BREATH_A_WORD_MS * len(sentence.split())
    return min(wanted_ms, _LONGEST_BREATH_MS)


def _length_ms(items: Iterable[Item], rate_wpm: int) -> int:
    """About how long ``items`` take, with the length of words estimated from ``rate_wpm``."""
    total_ms = 0
    for item in items:
        if isinstance(item, Say):
            total_ms += estimate_ms(item.text, rate_wpm)
        elif not isinstance(item, Chapter):
            total_ms += item.length_ms
    return total_ms


def session_ms(session: PlannedSession, words: Translation) -> int:
    """About how long ``session`` takes, estimated without speaking it."""
    written = write(session, words)
    return timeline.lay_out(
        written, lambda text: wording.estimate_ms(text, written.rate_wpm)
    ).duration_ms
