"""The data that players, covers and pages show, and cache keys of the files made from it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from urllib.parse import quote

from voicecoach import environment, messages
from voicecoach.script.curves import Curve
from voicecoach.script.script import Say, TimedChapter
from voicecoach.script.timeline import Event, Timeline

_VERSION_DIGITS = 16
"""Number of digits of a file's hash in its URL."""


def version_of(sha256: str) -> str:
    """The version of a file in its URL."""
    return sha256[:_VERSION_DIGITS]


def versioned(file: str, sha256: str) -> str:
    """The relative URL of ``file``. It changes with the bytes, so that no phone plays an outdated
    file from its cache."""
    return f"{quote(file)}?v={version_of(sha256)}"


def days_in_words(days: Sequence[int], *, one: str, run: str, some: str, last: str) -> str:
    """``days`` (in order, distinct) in one of three templates: ``one`` for a single ``day``,
    ``run`` for consecutive days from ``first`` to ``last``, ``some`` for other ``days``, which the
    template ``last`` joins with their last."""
    if len(days) == 1:
        return one.format(day=days[0])
    if days and days[-1] - days[0] + 1 == len(days):
        return run.format(first=days[0], last=days[-1])
    listed = ", ".join(map(str, days[:-1]))
    return some.format(days=last.format(days=listed, last=days[-1]) if listed else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTags:
    """The tags of one track. No time of building: the same input gives the same bytes."""

    title: str
    album: str
    artist: str
    number: int
    """Number in the week, from 1 to ``total``."""
    total: int
    week: int
    language_tag: str
    """ISO 639-2."""
    year: int
    lyrics: str
    """All spoken words, one utterance per line."""
    source_label: str
    source: str
    chapters: tuple[TimedChapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The content of a cover."""

    week: int | None
    """Drawn large; ``None`` for a cover that is not of a week, whose label is drawn instead."""
    week_label: str
    """For example, ``Week 3``."""
    title: str
    phase_number: int
    """Index of the phase in which the week ends, from 0; it decides the colour."""
    figure: Curve
    """A curve of the week's effort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTrack:
    """A session of the pack."""

    file: str
    """In the same folder as the page."""
    sha256: str
    title: str
    days: tuple[int, ...]
    timeline: Timeline

    @property
    def address(self) -> str:
        """Its URL on the page."""
        return versioned(self.file, self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDay:
    """A day of the pack."""

    day: int
    """Since birth."""
    title: str
    files: tuple[str, ...]
    """Track files in listening order; a file is repeated if its session is done several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The content of a pack's page."""

    language: str
    title: str
    artist: str
    week: int
    cover: str
    """File name of the picture."""
    safety: tuple[str, ...]
    """Paragraphs on when to stop and when to call for help."""
    prescribed: tuple[str, ...] = ()
    """Who prescribed what is done: a line for each."""
    tracks: tuple[PageTrack, ...]
    days: tuple[PageDay, ...]
    """At least one, in order."""
    next_week: str
    """Where the page of the next week is, from this one; empty if there is none."""


_TAG_MODULES = ("pack.tags",)
_TAG_LIBRARIES = ("mutagen", "pillow")
_PAGE_MODULES = ("pack.page",)
_PAGE_FILES = (
    "messages.py",
    *(f"templates/page{part}" for part in (".html", "_player.html", "_keep.html", ".css", ".js")),
    *(f"templates/page_{part}.js" for part in ("memory", "moments", "picture")),
)
_PAGE_LIBRARIES = ("jinja2",)


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The key of a tagged track, from the key of its ``audio``, its tags and its cover."""
    return environment.key_of(
        [environment.makers_hash(_TAG_MODULES, _TAG_LIBRARIES), audio, tags, cover]
    )


def cover_key(cover: Cover) -> str:
    """The key of a cover picture."""
    return environment.key_of([environment.makers_hash(_TAG_MODULES, _TAG_LIBRARIES), cover])


def page_key(page: Page) -> str:
    """The key of a pack's page."""
    parts = {f.name: getattr(page, f.name) for f in fields(page) if f.name != "tracks"}
    tracks = [_page_track(track) for track in page.tracks]
    words = messages.words(page.language)
    said = [words.language, words.direction, words.section("page"), words.section("page_script")]
    return environment.key_of(
        [environment.makers_hash(_PAGE_MODULES, _PAGE_LIBRARIES, _PAGE_FILES), parts, tracks, said]
    )


def _page_track(track: PageTrack) -> list[object]:
    timeline = track.timeline
    return [
        track.file,
        track.sha256,
        track.title,
        track.days,
        timeline.duration_ms,
        timeline.blocks,
        timeline.chapters,
        [_shown(event) for event in timeline.events],
    ]


def _shown(event: Event) -> list[object]:
    sound, where = event.sound, event.sound.where
    words = sound.text if isinstance(sound, Say) else None
    place = [where.block, where.set_number, where.rep]
    return [event.start_ms, event.end_ms, sound.cue, words, place]
