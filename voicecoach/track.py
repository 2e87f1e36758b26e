"""What a player shows of a track, as data. No I/O."""

from dataclasses import dataclass

from voicecoach.timeline import TimedChapter


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

    week_label: str
    title: str
    phase_number: int
    """Which phase the week ends in, from 0; it decides the colour."""
