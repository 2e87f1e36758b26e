"""Timelines -> what a pack's page shows at each moment, small enough to embed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Cue, Dose, Sets
from voicecoach.script.script import Say, SpeechCue, Tone
from voicecoach.script.timeline import Event, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathingMoments:
    """The breaths of a block, run-length encoded to keep the page small."""

    kind: str = "breathing"
    breaths: int
    pause_full_ms: int
    """Of the time of each inhale, at its end."""
    at: tuple[int, ...]
    """Four numbers for each run of equal breaths: their count, the time from the end of the breath
    before (at first, from 0) to the start, and the lengths of inhale and exhale. Times in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortMoments:
    """The repetitions of a block of any other kind, run-length encoded to keep the page small."""

    kind: str
    low_percent: int | None
    high_percent: int | None
    """Percentage of the greatest strength; ``None`` where nothing is contracted."""
    sets: int
    reps: int
    """Repetitions in a set."""
    rest_ms: int
    lets_go: bool
    """Whether a repetition ends with letting go."""
    moves: tuple[tuple[str, int, float, int | None], ...]
    """The parts of a repetition: what is done (a key of the page's words), for how long (ms), the
    share of the greatest height it leads to, and how long it takes to get there (ms), if that is
    prescribed."""
    at: tuple[int, ...]
    """Four numbers for each run of equal repetitions, set by set: their count, the times from the
    end of the one before (at first, from 0) to the first cue, and from there to the first tone of
    the repetition, and its length. Times in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMoments:
    """What happens in a session, and when."""

    duration_ms: int
    blocks: tuple[BreathingMoments | EffortMoments, ...]
    """The exercises; talks have no block here."""
    chapters: tuple[tuple[str, int, int], ...]
    """Title, start in ms, and the index of its words among the passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Several sessions, with what they share stored once."""

    texts: tuple[str, ...]
    utterances: tuple[tuple[int, int], ...]
    """Index of the text, and length in ms, as a text may be spoken at several rates."""
    passages: tuple[tuple[int, ...], ...]
    """Two numbers for each utterance of a passage: the time in ms from the end of the utterance
    before (at first, from the start of the chapter), and the index of the utterance."""
    sessions: tuple[SessionMoments, ...]


def moments(timelines: Sequence[Timeline]) -> Moments:
    """What the page shows while each of ``timelines`` plays, in order."""
    spoken = dict.fromkeys(each for timeline in timelines for _, each in _spoken(timeline))
    place_of = {utterance: place for place, utterance in enumerate(spoken)}
    texts = list(dict.fromkeys(text for text, _ in spoken))
    said = [list(_passages(timeline, place_of)) for timeline in timelines]
    passages = list(dict.fromkeys(passage for of_session in said for passage in of_session))
    return Moments(
        texts=tuple(texts),
        utterances=tuple((texts.index(text), length_ms) for text, length_ms in spoken),
        passages=tuple(passages),
        sessions=tuple(
            SessionMoments(
                duration_ms=timeline.duration_ms,
                blocks=tuple(_blocks(timeline)),
                chapters=tuple(
                    (chapter.title, chapter.start_ms, passages.index(passage))
                    for chapter, passage in zip(timeline.chapters, of_session, strict=True)
                ),
            )
            for timeline, of_session in zip(timelines, said, strict=True)
        ),
    )


_Part = tuple[int, int, int]
_Utterance = tuple[str, int]
"""Text and length in ms."""


def _spoken(timeline: Timeline) -> Iterator[tuple[int, _Utterance]]:
    """Each utterance with its start in ms."""
    for event in timeline.events:
        if isinstance(event.sound, Say):
            yield event.start_ms, (event.sound.text, event.end_ms - event.start_ms)


def _passages(timeline: Timeline, place_of: Mapping[_Utterance, int]) -> Iterator[tuple[int, ...]]:
    """The passage of each chapter; see :attr:`Moments.passages`."""
    for chapter in timeline.chapters:
        numbers: list[int] = []
        before_ms = chapter.start_ms
        for start_ms, utterance in _spoken(timeline):
            if chapter.start_ms <= start_ms < chapter.end_ms:
                numbers += [start_ms - before_ms, place_of[utterance]]
                before_ms = start_ms + utterance[1]
        yield tuple(numbers)


def _blocks(timeline: Timeline) -> Iterator[BreathingMoments | EffortMoments]:
    for number, block in enumerate(timeline.blocks):
        events = [event for event in timeline.events if event.sound.where.block == number]
        match block.dose:
            case Breathing() as dose:
                yield BreathingMoments(
                    breaths=dose.breaths,
                    pause_full_ms=dose.pause_full_ms,
                    at=_runs(_breaths(events)),
                )
            case Sets() | Activity() as dose:
                yield _effort(dose, events)


_WORD_OF = {
    Cue.TIGHTEN: "hold",
    Cue.RELEASE: "return",
    Cue.MOVE: "move",
    Cue.HOLD: "stay",
    Cue.RETURN: "return",
}
"""What the page calls each move; that of a kind with only one, by its kind."""


def _word_of(cue: Cue, dose: Dose) -> str:
    return "hold" if isinstance(dose, Contractions) else _WORD_OF.get(cue, dose.kind)


def _effort(dose: Sets | Activity, events: Sequence[Event]) -> EffortMoments:
    contraction = next(iter(dose.contractions), None)
    intensity = contraction.intensity if contraction else None
    top = max(move.height for move in dose.moves)
    sets = dose if isinstance(dose, Sets) else None
    return EffortMoments(
        kind=contraction.kind if contraction else dose.kind,
        low_percent=intensity.low_percent if intensity else None,
        high_percent=contraction.highest_percent if contraction else None,
        sets=sets.sets if sets else 1,
        reps=sets.reps_in_a_set if sets else 1,
        rest_ms=sets.rest_ms if sets else 0,
        lets_go=dose.ending is not None,
        moves=tuple(
            (_word_of(m.cue, dose), m.length_ms, m.height / top, m.slope_ms) for m in dose.moves
        ),
        at=_runs(_repetitions(dose, events)),
    )


def _runs(parts: Iterable[_Part]) -> tuple[int, ...]:
    """``parts`` run-length encoded: each run of equal ones as their count and one of them."""
    return tuple(n for part, run in groupby(parts) for n in (len(list(run)), *part))


def _breaths(events: Sequence[Event]) -> Iterator[_Part]:
    before_ms = 0
    inhales = [event for event in events if _is_tone(event, Cue.INHALE)]
    exhales = [event for event in events if _is_tone(event, Cue.EXHALE)]
    for inhale, exhale in zip(inhales, exhales, strict=True):
        inhale_ms, exhale_ms = exhale.start_ms - inhale.start_ms, exhale.end_ms - exhale.start_ms
        yield inhale.start_ms - before_ms, inhale_ms, exhale_ms
        before_ms = exhale.end_ms


def _repetitions(dose: Dose, events: Sequence[Event]) -> Iterator[_Part]:
    """The repetitions of a block. The first cue of one is the announcement of its set, the words
    that lead into it, or its first tone itself."""
    before_ms = 0
    first_cue_ms = None
    for event in events:
        is_start = _is_tone(event, dose.moves[0].cue)
        is_first_cue = (_is_tone(event, Cue.SET) or _is_lead_in(event)) and event.sound.where.rep
        if first_cue_ms is None and (is_first_cue or is_start):
            first_cue_ms = event.start_ms
        if is_start:
            assert first_cue_ms is not None, "it is at the latest the start itself"
            rep = event.sound.where.rep
            moves = dose.moves_of(rep) if isinstance(dose, Sets) else dose.moves
            length_ms = sum(move.length_ms for move in moves)
            yield first_cue_ms - before_ms, event.start_ms - first_cue_ms, length_ms
            before_ms, first_cue_ms = event.start_ms + length_ms, None


def _is_tone(event: Event, cue: Cue) -> bool:
    return isinstance(event.sound, Tone) and event.sound.cue is cue


def _is_lead_in(event: Event) -> bool:
    return isinstance(event.sound, Say) and event.sound.cue is SpeechCue.LEAD_IN
