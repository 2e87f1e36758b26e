"""A pack -> its page: one HTML file in which to choose, play and follow its sessions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from voicecoach import messages
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Cue
from voicecoach.messages import Words
from voicecoach.pack.views import Page, PageTrack, days_in_words
from voicecoach.script.script import Say, SpeechCue, Tone
from voicecoach.script.timeline import Event, Timeline
from voicecoach.templating import template


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathingMoments:
    """The breaths of a block, run-length encoded to keep the page small."""

    kind: str = "breathing"
    breaths: int
    at: tuple[int, ...]
    """Four numbers for each run of equal breaths: their count, the time from the end of the breath
    before (at first, from 0) to the start, and the lengths of inhale and exhale. Times in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractionMoments:
    """The contractions of a block, run-length encoded to keep the page small."""

    kind: str = "contractions"
    low_percent: int
    high_percent: int
    """Percentage of the greatest strength."""
    sets: int
    reps: int
    """Repetitions in a set."""
    rest_ms: int
    at: tuple[int, ...]
    """Four numbers for each run of equal contractions, set by set: their count, the times from the
    release before (at first, from 0) to the first cue, and from there to the tighten tone, and the
    hold. Times in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMoments:
    """What happens in a session, and when."""

    duration_ms: int
    blocks: tuple[BreathingMoments | ContractionMoments, ...]
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


def _blocks(timeline: Timeline) -> Iterator[BreathingMoments | ContractionMoments]:
    for number, block in enumerate(timeline.blocks):
        events = [event for event in timeline.events if event.sound.where.block == number]
        match block.dose:
            case Breathing() as dose:
                yield BreathingMoments(breaths=dose.breaths, at=_runs(_breaths(events)))
            case Contractions() as dose:
                yield ContractionMoments(
                    low_percent=dose.intensity.low_percent,
                    high_percent=dose.intensity.high_percent,
                    sets=dose.sets,
                    reps=dose.reps,
                    rest_ms=dose.rest_ms,
                    at=_runs(_contractions(events)),
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


def _contractions(events: Sequence[Event]) -> Iterator[_Part]:
    """The contractions of a block. The first cue of a contraction is the announcement of its set,
    the word "tighten", or the tighten tone itself."""
    before_ms = 0
    first_cue_ms = None
    tighten = None
    for event in events:
        is_first_cue = _is_tone(event, Cue.SET) or _is_lead_in(event)
        if _is_tone(event, Cue.TIGHTEN):
            tighten = event
        if first_cue_ms is None and (is_first_cue or event is tighten):
            first_cue_ms = event.start_ms
        elif _is_tone(event, Cue.RELEASE):
            assert first_cue_ms is not None and tighten is not None, "it was tightened before"
            lead_ms, hold_ms = tighten.start_ms - first_cue_ms, event.start_ms - tighten.start_ms
            yield first_cue_ms - before_ms, lead_ms, hold_ms
            before_ms, first_cue_ms = event.start_ms, None


def _is_tone(event: Event, cue: Cue) -> bool:
    return isinstance(event.sound, Tone) and event.sound.cue is cue


def _is_lead_in(event: Event) -> bool:
    return isinstance(event.sound, Say) and event.sound.cue is SpeechCue.LEAD_IN


_TEMPLATE = "page.html"


def html_page(page: Page) -> bytes:
    """The page, self-contained except for the tracks and the cover beside it.

    The same input gives the same bytes. The program's words are in the language of the page, or
    else in English.
    """
    words = messages.words(page.language)
    return (
        template(_TEMPLATE)
        .render(
            page=page,
            words=words.section("page"),
            language=words.language,
            direction=words.direction,
            today=words("page_script.today"),
            tracks=[(track, _days(track, words), _minutes(track, words)) for track in page.tracks],
            data=_data(page, words),
        )
        .encode()
    )


def _days(track: PageTrack, words: Words) -> str:
    return days_in_words(
        track.days,
        one=words("page.one_day"),
        run=words("page.days_in_a_row"),
        some=words("page.some_days"),
    )


def _minutes(track: PageTrack, words: Words) -> str:
    return words("page.minutes", minutes=max(1, round(track.timeline.duration_ms / 60_000)))


def _data(page: Page, words: Words) -> Mapping[str, Any]:
    """The data for the page's script, besides what is on the page itself."""
    shown = moments([track.timeline for track in page.tracks])
    place_of = {track.file: place for place, track in enumerate(page.tracks)}
    return {
        "language": page.language,
        "artist": page.artist,
        "words": words.section("page_script"),
        "texts": shown.texts,
        "utterances": shown.utterances,
        "passages": shown.passages,
        "sessions": [asdict(session) for session in shown.sessions],
        "days": [
            {"day": day.day, "title": day.title, "tracks": [place_of[file] for file in day.files]}
            for day in page.days
        ],
    }
