"""What players, covers and pages show, as data. No I/O."""

from dataclasses import dataclass
from urllib.parse import quote

from voicecoach.effort import Curve
from voicecoach.timeline import TimedChapter, Timeline

_VERSION_DIGITS = 16
"""So many digits of a track's hash stand in its address."""


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
        """Changes with the bytes of the file, so that no phone plays what it kept of others."""
        return f"{quote(self.file)}?v={self.sha256[:_VERSION_DIGITS]}"


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
