"""A planned session -> its script and its approximate length. No I/O."""

from collections.abc import Iterable, Iterator

from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Cue, Dose, Sets
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.planning import wording
from voicecoach.planning.planner import PlannedSession
from voicecoach.planning.wording import estimate_ms, sentences, session_title, spoken
from voicecoach.script import timeline
from voicecoach.script.breathing import breaths
from voicecoach.script.script import (
    BLOCK_PAUSE_MS,
    PARAGRAPH_PAUSE_MS,
    Chapter,
    Item,
    Part,
    Pause,
    Say,
    Script,
    ScriptBlock,
    SpeechCue,
    Where,
    tone,
)
from voicecoach.script.sets import SetsWriter

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
    yield from _paragraphs(own.introduction, words, dose, where)
    yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
    exercise = Part(own=own, words=words, guidance=session.guidance, block=index, after_ms=after_ms)
    match dose:
        case Breathing():
            yield from breaths(dose, exercise)
        case Sets():
            yield from SetsWriter(dose, exercise).items()


def _paragraphs(
    texts: tuple[str, ...], words: Translation, dose: Dose | None, where: Where
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
