"""What players, covers and pages show, as data, and the hashes of what is made from it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from urllib.parse import quote

from voicecoach import environment, messages
from voicecoach.script.curves import Curve
from voicecoach.script.script import Say
from voicecoach.script.timeline import Event, TimedChapter, Timeline

_VERSION_DIGITS = 16
"""So many digits of a file's hash stand in its address."""


def version_of(sha256: str) -> str:
    """What an address names the bytes of a file by."""
    return sha256[:_VERSION_DIGITS]


def versioned(file: str, sha256: str) -> str:
    """The address of ``file`` beside a page. It changes with the bytes, so that no phone plays what
    it kept of others."""
    return f"{quote(file)}?v={version_of(sha256)}"


def days_in_words(days: Sequence[int], *, one: str, run: str, some: str) -> str:
    """``days`` (in order, each once) in one of three templates: of ``day``, of ``first`` and
    ``last``, or of ``days``."""
    if len(days) == 1:
        return one.format(day=days[0])
    if days and days[-1] - days[0] + 1 == len(days):
        return run.format(first=days[0], last=days[-1])
    return some.format(days=", ".join(map(str, days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTags:
    """The tags of one track. No time of building: the same input gives the same bytes."""

    title: str
    album: str
    artist: str
    number: int
    """Place in the week, from 1, of ``total``."""
    total: int
    week: int
    language_tag: str
    """ISO 639-2."""
    year: int
    lyrics: str
    """All that is spoken, an utterance a line."""
    source_label: str
    source: str
    chapters: tuple[TimedChapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a week's cover shows."""

    week: int | None
    """Drawn large; ``None`` where it is no week's cover: then its label is."""
    week_label: str
    """Such as ``Week 3``."""
    title: str
    phase_number: int
    """Which phase the week ends in, from 0; it decides the colour."""
    figure: Curve
    """What the week's effort looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTrack:
    """A session of the pack."""

    file: str
    """Stands in the same folder as the page."""
    sha256: str
    title: str
    days: tuple[int, ...]
    timeline: Timeline

    @property
    def address(self) -> str:
        """Where the page finds it."""
        return versioned(self.file, self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDay:
    """A day of the pack."""

    day: int
    """Since birth."""
    title: str
    files: tuple[str, ...]
    """What is done, in the order of listening; a file stands as often as it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the page of a pack shows."""

    language: str
    title: str
    artist: str
    week: int
    cover: str
    """File name of the picture."""
    safety: tuple[str, ...]
    """Paragraphs on when to stop and when to call."""
    tracks: tuple[PageTrack, ...]
    days: tuple[PageDay, ...]
    """At least one, in order."""


_TAG_MODULES = ("pack.tags", "pack.cover")
_TAG_LIBRARIES = ("mutagen", "pillow")
_PAGE_MODULES = ("pack.page",)
_PAGE_FILES = (
    "templating.py",
    *(f"templates/page{part}" for part in (".html", ".css", ".js", "_memory.js", "_moments.js")),
    "templates/page_picture.js",
)
_PAGE_LIBRARIES = ("jinja2",)


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The hash of a tagged track: the key of its ``audio`` and what a player shows."""
    return environment.key_of(
        [environment.makers_hash(_TAG_MODULES, _TAG_LIBRARIES), audio, tags, cover]
    )


def cover_key(cover: Cover) -> str:
    """The hash of a cover picture."""
    return environment.key_of([environment.makers_hash(_TAG_MODULES, _TAG_LIBRARIES), cover])


def page_key(page: Page) -> str:
    """The hash of a pack's page."""
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
