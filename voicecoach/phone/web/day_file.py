"""The tracks of a day -> one MP3, whose bytes are put together while they are read.

All our tracks are MP3s of one kind at a constant bit rate, so their frames follow each other in one
stream: nothing is encoded again, and no second copy lies on the disk. The tag and the header of
each track are left out; one tag and one header of the whole come first, so that a player knows the
length, the chapters and the title.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise

from voicecoach import messages
from voicecoach.audio.signal import BIT_RATE_KBPS, SAMPLE_RATE_HZ
from voicecoach.errors import StorageError
from voicecoach.messages import Message
from voicecoach.pack.layout import day_playlist
from voicecoach.pack.manifest import Manifest, TrackEntry
from voicecoach.phone.web.held import Content
from voicecoach.script.script import TimedChapter

_FRAME_SAMPLES = 576
"""Of MPEG-2 Layer III."""
_FRAME_BYTES = _FRAME_SAMPLES // 8 * BIT_RATE_KBPS * 1000 // SAMPLE_RATE_HZ
"""Without the padding byte that some frames have."""
_SAME_IN_ALL = 0xFFFFFD00
"""The bits of a frame's header that say which kind of sound follows; not whether it is padded."""
_SYNC = 0xFFF30000
"""MPEG-2, Layer III, without a checksum."""
_SYNC_BITS = 0xFFFF0000
_PADDED = 0x200
_HEADER_BYTES = 4
_SIDE_INFO_BYTES = 9
"""Of a frame with one channel."""
_HAS_FRAMES_BYTES_TABLE = 7
_TAG_BYTES = 10
_MOST_JOINED = 8
"""So many joined days are kept at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """Where the frames of a track begin and end in its bytes, and how many there are."""

    kind: int
    start: int
    stop: int
    frames: int

    @property
    def duration_ms(self) -> float:
        return _ms(self.frames)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A track of the day, with its bytes."""

    track: TrackEntry
    content: Content


class DayFile:
    """One MP3 of several tracks; any range of its bytes can be read."""

    def __init__(self, head: bytes, slices: Sequence[tuple[Content, int, int]]) -> None:
        """``slices``: of each track its bytes, and from where to where they belong to the whole."""
        self._head = head
        self._slices = slices
        lengths = (len(head), *(stop - start for _, start, stop in slices))
        self._starts = (0, *accumulate(lengths))
        self.size = self._starts[-1]
        """In bytes."""
        named = [f"{content.sha256} {start} {stop}\n" for content, start, stop in slices]
        self.sha256 = hashlib.sha256(head + "".join(named).encode()).hexdigest()
        """Of what it is made of: another day file has another."""

    def read(self, start: int, count: int) -> bytes:
        """``count`` bytes from ``start``, or fewer at the end. Raises ChangedError."""
        stop = min(start + count, self.size)
        found = bytearray()
        while (at := start + len(found)) < stop:
            number = bisect_right(self._starts, at) - 1
            end = min(stop, self._starts[number + 1])
            data = self._read(number, at - self._starts[number], end - at)
            if not data:
                return bytes(found)
            found += data
        return bytes(found)

    def _read(self, number: int, offset: int, count: int) -> bytes:
        if number == 0:
            return self._head[offset : offset + count]
        content, start, _ = self._slices[number - 1]
        return content.read(start + offset, count)

    def blocks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """The whole, ``size`` bytes at a time. Raises ChangedError."""
        for start in range(0, self.size, size):
            yield self.read(start, size)


class Joiner:
    """Joins tracks; what it has found out of a track it does not find out again."""

    def __init__(self) -> None:
        self._sounds: dict[str, _Sound] = {}
        self._joined: dict[tuple[str, ...], DayFile] = {}

    def join(self, listed: Manifest, day: int, parts: Sequence[Part]) -> DayFile:
        """One MP3 of ``parts``, the tracks of ``day`` in the pack ``listed``, in order.

        Raises StorageError if a track is no MP3 of ours, ChangedError if one was changed.
        """
        key = (listed.title, str(day), *(part.content.sha256 for part in parts))
        if key not in self._joined:
            for old in list(islice(self._joined, max(0, len(self._joined) - _MOST_JOINED + 1))):
                del self._joined[old]
            self._joined[key] = self._new(listed, day, parts)
        return self._joined[key]

    def _new(self, listed: Manifest, day: int, parts: Sequence[Part]) -> DayFile:
        from voicecoach.pack import tags  # Pillow, mutagen: slow to import, and often not needed

        sounds = [self._sound(part) for part in parts]
        if len({sound.kind for sound in sounds}) != 1:
            raise StorageError(Message("errors.tracks_do_not_join", file=parts[0].track.file))
        words = messages.words(listed.language)
        tag = tags.of_day(
            parts[0].content.read(0, sounds[0].start),
            title=next(p.title for p in listed.playlists if p.file == day_playlist(day)),
            album=words("day_file.album", title=listed.title),
            number=day,
            chapters=_chapters(parts, sounds),
        )
        slices = [(p.content, s.start, s.stop) for p, s in zip(parts, sounds, strict=True)]
        return DayFile(tag + _info(sounds), slices)

    def _sound(self, part: Part) -> _Sound:
        known = part.content.sha256
        if known not in self._sounds:
            self._sounds[known] = _found(part)
        return self._sounds[known]


def files_of_day(listed: Manifest, day: int) -> tuple[str, ...]:
    """The tracks of ``day``, each as often as it is done, in order; none where there is no such
    day."""
    name = day_playlist(day)
    return next((each.tracks for each in listed.playlists if each.file == name), ())


def parts_of_day(listed: Manifest, day: int, contents: Mapping[str, Content]) -> list[Part]:
    """The parts of ``day``, of ``contents`` by file name."""
    tracks = {track.file: track for track in listed.tracks}
    return [Part(track=tracks[file], content=contents[file]) for file in files_of_day(listed, day)]


def _found(part: Part) -> _Sound:
    """Where the frames of a track are. Raises StorageError if there are none of our kind."""
    data = part.content.read(0, part.content.size)
    start = at = _tag_bytes(data)
    kind = _header(data, start) & _SAME_IN_ALL
    frames = 0
    while (header := _header(data, at)) & _SAME_IN_ALL == kind:
        size = _FRAME_BYTES + bool(header & _PADDED)
        if at + size > len(data):
            break
        if frames == 0 and _is_header_of_file(data[at : at + size]):
            start += size
        else:
            frames += 1
        at += size
    if kind & _SYNC_BITS != _SYNC or not frames:
        raise StorageError(Message("errors.tracks_do_not_join", file=part.track.file))
    return _Sound(kind=kind, start=start, stop=at, frames=frames)


def _tag_bytes(data: bytes) -> int:
    """How long the ID3 tag before the sound is."""
    if data[:3] != b"ID3":
        return 0
    size = 0
    for byte in data[6:_TAG_BYTES]:
        size = size << 7 | byte
    return _TAG_BYTES + size


def _header(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + _HEADER_BYTES].ljust(_HEADER_BYTES, b"\0"), "big")


def _is_header_of_file(frame: bytes) -> bool:
    place = frame[_HEADER_BYTES + _SIDE_INFO_BYTES :]
    return place.startswith((b"Info", b"Xing"))


def _info(sounds: Sequence[_Sound]) -> bytes:
    """A silent frame that tells players the length of all: in frames and bytes, and where each
    hundredth of it is."""
    frames = sum(sound.frames for sound in sounds)
    size = _FRAME_BYTES + sum(sound.stop - sound.start for sound in sounds)
    numbers = (_HAS_FRAMES_BYTES_TABLE, frames, size)
    table = bytes(percent * 256 // 100 for percent in range(100))
    told = b"Info" + b"".join(number.to_bytes(4, "big") for number in numbers) + table
    start = sounds[0].kind.to_bytes(_HEADER_BYTES, "big") + bytes(_SIDE_INFO_BYTES)
    return (start + told).ljust(_FRAME_BYTES, b"\0")


def _chapters(parts: Sequence[Part], sounds: Sequence[_Sound]) -> tuple[TimedChapter, ...]:
    """The chapters of all tracks; the first of each has the title of its session."""
    found: list[TimedChapter] = []
    starts = [0, *accumulate(sound.frames for sound in sounds)]
    for part, (start, stop) in zip(parts, pairwise(starts), strict=True):
        start_ms, stop_ms = round(_ms(start)), round(_ms(stop))
        own = part.track.chapters or (
            TimedChapter(title=part.track.title, start_ms=0, end_ms=stop_ms - start_ms),
        )
        moved = [
            replace(each, start_ms=start_ms + each.start_ms, end_ms=start_ms + each.end_ms)
            for each in own
        ]
        moved[0] = replace(moved[0], title=part.track.title, start_ms=start_ms)
        moved[-1] = replace(moved[-1], end_ms=stop_ms)
        found += moved
    return tuple(found)


def _ms(frames: int) -> float:
    return frames * _FRAME_SAMPLES * 1000 / SAMPLE_RATE_HZ
