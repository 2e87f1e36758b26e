"""A planned session -> its script and its approximate length. No I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from voicecoach.content.exercise import Prescription, Round, Side
from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Cue, Sets
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning import wording
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import estimate_ms, sentences, session_title
from voicecoach.script import timeline
from voicecoach.script.repetitions import signs, signs_after_words
from voicecoach.script.script import (
    BLOCK_PAUSE_MS,
    PARAGRAPH_PAUSE_MS,
    Chapter,
    Item,
    Overflow,
    Part,
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
from voicecoach.script.sets import SetsWriter
from voicecoach.script.unbroken import activity, breaths

_OPENING_SILENCE_MS = 500
_ROUND_LEAD_MS = 8000
_FAMILIAR_PAUSE_MS = 450
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
        items = [*written, Pause(length_ms=_pause_ms(session, index)), *items]
    return Script(
        session=session.id,
        title=session_title(session, words),
        guidance=session.guidance,
        rate_wpm=rate_wpm,
        blocks=tuple(map(_block, session.parts)),
        items=(Pause(length_ms=_OPENING_SILENCE_MS), *items),
    )


def _pause_ms(session: PlannedSession, index: int) -> int:
    """Between the part at ``index`` and what comes next: short where she knows the way."""
    after = session.parts[index + 1 :]
    is_familiar = any(isinstance(part, Prescription) and part.is_familiar for part in after)
    return _FAMILIAR_PAUSE_MS if is_familiar else BLOCK_PAUSE_MS


def _block(part: TalkBlock | Prescription) -> ScriptBlock:
    if isinstance(part, TalkBlock):
        return ScriptBlock(exercise=part.talk, dose=None)
    position = part.starting_position
    return ScriptBlock(
        exercise=part.exercise,
        dose=part.dose,
        side=part.shown_side,
        starting_position=None if position is None else position.id,
    )


def _part(session: PlannedSession, words: Translation, index: int, after_ms: int) -> Iterator[Item]:
    part = session.parts[index]
    where = Where(block=index)
    if isinstance(part, TalkBlock):
        talk = words.talks[part.talk]
        yield Chapter(title=talk.title)
        instead = words.without_catheter if part.without_catheter else {}
        yield from _paragraphs(wording.told(part.talk, session, words), where, instead)
        return
    before = [each for each in session.parts[:index] if isinstance(each, Prescription)]
    yield from _beginning(part, before[-1] if before else None, words, session.guidance, where)
    exercise = Part(
        own=words.exercises[part.exercise],
        words=words,
        guidance=session.guidance,
        block=index,
        after_ms=after_ms,
        alternates=part.alternates,
    )
    match part.dose:
        case Breathing() as dose:
            yield from breaths(dose, exercise)
        case Activity() as dose:
            yield from activity(dose, exercise)
        case Sets() as dose:
            yield from SetsWriter(dose, exercise).items()


def _beginning(
    part: Prescription,
    before: Prescription | None,
    words: Translation,
    guidance: Guidance,
    where: Where,
) -> Iterator[Item]:
    """What precedes an exercise: the round, the position, the introduction, the side."""
    own, round_, side = words.exercises[part.exercise], part.round, part.side
    label = "" if side is None else f" · {words.sides[side].title}"
    yield Chapter(title=f"{own.title}{label}")
    if round_ is not None and round_.is_start:
        yield from _round(round_, words, guidance, where)
    position = part.starting_position
    if position is not None and (before is None or before.starting_position != position):
        cue = words.starting_positions[position.id].cue
        yield from _time_for([], cue, position.time_ms, where)
    if not (part.is_repeated or part.is_familiar):
        yield from _paragraphs(wording.introduced(part, words), where)
        yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
    if side is not None:
        change_ms = part.side_change_ms if side is Side.RIGHT else 0
        yield from _time_for([tone(Cue.SIDE, where)], words.sides[side].cue, change_ms, where)


def _round(round_: Round, words: Translation, guidance: Guidance, where: Where) -> Iterator[Item]:
    """The rest before a round, which begins with its tone and words as that between sets does, and
    at its end the chord and the number of the round."""
    number, count = (wording.number_word(n, words) for n in (round_.number, round_.count))
    text = words.cues.set.format(set=number, sets=count)
    rest_ms = round_.rest_ms if round_.number > 1 else 0
    lead_ms = min(_ROUND_LEAD_MS, rest_ms // 2)
    if rest_ms:
        length_ms, rest = rest_ms - lead_ms, tone(Cue.REST, where)
        said = wording.between_sets(words.cues, round_.number - 1, guidance, is_half=False)
        says = [Say(text=text, cue=SpeechCue.SAY, where=where, optional=True) for text in said]
        placements = (
            Placement(sound=rest, offset_ms=0),
            *(Placement(sound=say, offset_ms=rest.length_ms) for say in says),
            *signs(length_ms, where, rest.length_ms),
        )
        yield Slot(length_ms=length_ms, placements=placements, overflow=Overflow.GROW)
    yield from _time_for([tone(Cue.SET, where)], text, lead_ms, where)


def _time_for(tones: list[Tone], text: str, length_ms: int, where: Where) -> Iterator[Item]:
    """A time of ``length_ms``; without one, as long as its tones and words take."""
    tones_ms = sum(each.length_ms for each in tones)
    say = Say(text=text, cue=SpeechCue.ANNOUNCE, where=where)
    if not length_ms:
        yield from tones
        yield say
        yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
        return
    yield Slot(
        length_ms=length_ms,
        placements=(
            *(Placement(sound=each, offset_ms=0) for each in tones),
            Placement(sound=say, offset_ms=tones_ms),
            *signs_after_words(length_ms, where, tones_ms),
        ),
        overflow=Overflow.GROW,
    )


def _paragraphs(
    texts: Sequence[str], where: Where, instead: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Item]:
    """What is said in ``texts``; ``instead`` has what is said in place of a sentence."""
    for paragraph, text in enumerate(texts):
        if paragraph:
            yield Pause(length_ms=PARAGRAPH_PAUSE_MS)
        before = None
        for sentence in sentences(text):
            if before is not None:
                yield Pause(length_ms=_breath_ms(before))
            yield Say(text=instead.get(sentence, sentence), cue=SpeechCue.SAY, where=where)
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
