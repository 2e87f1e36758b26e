"""What a player shows of a track: its ID3v2.3 tag and its cover."""

import functools
from io import BytesIO

from mutagen import id3

from voicecoach.pack.drawing import AMBER, BLUE, PALE, Colour, Sheet, dimmed
from voicecoach.pack.views import Cover, TrackTags
from voicecoach.script.curves import Curve
from voicecoach.script.script import TimedChapter

EMBEDDED_PX = 600
"""Size in the tags of a track, in pixels."""
FOLDER_PX = 1400
"""Size of the file beside the tracks, in pixels: the least that podcast feeds allow."""

_PHASE_COLOURS: tuple[Colour, ...] = (BLUE, (150, 178, 130), AMBER, (222, 132, 102))

# Coordinates in a square of 600.
_SIZE = 600
_MARGIN = 48
_LABEL_BASE, _LABEL = 92, 46
_NUMBER_BASE, _NUMBER = 340, 310
_HORIZON = 500
_REACH = 230
"""The height of the greatest strength; figures are drawn no higher than _HIGHEST."""
_HIGHEST = 96
_TITLE_BASE, _TITLE = 558, 29
_STROKE = 5


@functools.lru_cache(maxsize=16)
def draw_cover(cover: Cover, size_px: int) -> bytes:
    """A square JPEG, ``size_px`` wide."""
    large = cover.week_label if cover.week is None else str(cover.week)
    label = " ".join(word for word in cover.week_label.split() if word != large)
    sheet = _without_number(
        cover.title, label, cover.phase_number, cover.figure, size_px
    ).finished()
    colour = _colour(cover.phase_number)
    sheet.text((_MARGIN, _NUMBER_BASE), large, size=_NUMBER, colour=colour, anchor="ls")
    return sheet.jpeg(quality=92)


@functools.lru_cache(maxsize=4)
def _without_number(
    title: str, label: str, phase_number: int, figure: Curve, size_px: int
) -> Sheet:
    """The part that many weeks share, drawn once."""
    sheet = Sheet(_SIZE, _SIZE, zoom=size_px / _SIZE, own_letters=True)
    _draw_figure(sheet, figure, _colour(phase_number))
    sheet.text((_MARGIN, _LABEL_BASE), label, size=_LABEL, colour=PALE, anchor="ls")
    shown = sheet.cut(title, _SIZE - 2 * _MARGIN, size=_TITLE)
    sheet.text((_MARGIN, _TITLE_BASE), shown, size=_TITLE, colour=PALE, anchor="ls")
    return sheet.finished()


def _colour(phase_number: int) -> Colour:
    return _PHASE_COLOURS[phase_number % len(_PHASE_COLOURS)]


def _draw_figure(sheet: Sheet, figure: Curve, colour: Colour) -> None:
    end_ms = figure[-1][0]
    peak = max(share for _, share in figure)
    reach = min(_REACH, _HIGHEST / peak) if peak else _REACH
    curve = [(_SIZE * time_ms / end_ms, _HORIZON - reach * share) for time_ms, share in figure]
    area = [(0.0, float(_SIZE)), *curve, (float(_SIZE), float(_SIZE))]
    sheet.area(area, dimmed(colour, 0.5), dimmed(colour, 0.04))
    sheet.line(curve, colour, _STROKE)


_HEADER_BYTES = 10
_CONTENTS = "toc"
_MOST_CHAPTERS = 255
"""A table of contents has one byte for the number of its entries."""


def render(tags: TrackTags, cover_jpeg: bytes) -> bytes:
    """The tag as bytes, to be prepended to the encoded sound."""
    language = tags.language_tag
    frames = id3.ID3()
    frames.add(id3.TIT2(encoding=id3.Encoding.UTF16, text=tags.title))
    frames.add(id3.TALB(encoding=id3.Encoding.UTF16, text=tags.album))
    frames.add(id3.TPE1(encoding=id3.Encoding.UTF16, text=tags.artist))
    frames.add(id3.TRCK(encoding=id3.Encoding.LATIN1, text=f"{tags.number}/{tags.total}"))
    frames.add(id3.TPOS(encoding=id3.Encoding.LATIN1, text=str(tags.week)))
    frames.add(id3.TCON(encoding=id3.Encoding.LATIN1, text="Speech"))
    frames.add(id3.TLAN(encoding=id3.Encoding.LATIN1, text=language))
    frames.add(id3.TDRC(encoding=id3.Encoding.LATIN1, text=str(tags.year)))
    frames.add(
        id3.COMM(
            encoding=id3.Encoding.UTF16,
            lang=language,
            desc="",
            text=f"{tags.source_label}: {tags.source}",
        )
    )
    frames.add(id3.USLT(encoding=id3.Encoding.UTF16, lang=language, desc="", text=tags.lyrics))
    frames.add(
        id3.APIC(
            encoding=id3.Encoding.LATIN1,
            mime="image/jpeg",
            type=id3.PictureType.COVER_FRONT,
            desc="",
            data=cover_jpeg,
        )
    )
    return _saved(frames, tags.chapters)


_OF_ONE_TRACK = ("TIT2", "TALB", "TRCK", "COMM", "USLT", "CTOC", "CHAP")


def of_day(
    tag: bytes, *, title: str, album: str, number: int, chapters: tuple[TimedChapter, ...]
) -> bytes:
    """The tag of a file that has all tracks of a day, of which ``tag`` is that of the first: its
    cover, artist, language and year. ``number`` is that of the day."""
    frames = id3.ID3(BytesIO(tag))
    for name in _OF_ONE_TRACK:
        frames.delall(name)
    frames.add(id3.TIT2(encoding=id3.Encoding.UTF16, text=title))
    frames.add(id3.TALB(encoding=id3.Encoding.UTF16, text=album))
    frames.add(id3.TRCK(encoding=id3.Encoding.LATIN1, text=str(number)))
    return _saved(frames, chapters)


def _saved(frames: id3.ID3, chapters: tuple[TimedChapter, ...]) -> bytes:
    _add_chapters(frames, chapters[:_MOST_CHAPTERS])
    frames.update_to_v23()
    file = BytesIO()
    frames.save(file, v2_version=3, padding=lambda info: 0)
    return _with_chapters_in_order(bytes(file.getvalue()))


def _add_chapters(frames: id3.ID3, chapters: tuple[TimedChapter, ...]) -> None:
    ids = [f"ch{number:03d}" for number in range(len(chapters))]
    flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    frames.add(id3.CTOC(element_id=_CONTENTS, flags=flags, child_element_ids=ids, sub_frames=[]))
    for element_id, chapter in zip(ids, chapters, strict=True):
        title = id3.TIT2(encoding=id3.Encoding.UTF16, text=chapter.title)
        frames.add(
            id3.CHAP(
                element_id=element_id,
                start_time=chapter.start_ms,
                end_time=chapter.end_ms,
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[title],
            )
        )


def _with_chapters_in_order(tag: bytes) -> bytes:
    """``tag`` with its chapter frames in order of time.

    mutagen sorts frames by size, but players show chapters in file order. Ids of our chapters sort
    by time; all other frames keep their places.
    """
    header, body = tag[:_HEADER_BYTES], tag[_HEADER_BYTES:]
    frames: list[bytes] = []
    while body:
        size = _HEADER_BYTES + int.from_bytes(body[4:8], "big")
        frames.append(body[:size])
        body = body[size:]
    others = [frame for frame in frames if not frame.startswith(b"CHAP")]
    chapters = [frame for frame in frames if frame.startswith(b"CHAP")]
    chapters.sort(key=_chapter_id)
    return header + b"".join(others + chapters)


def _chapter_id(frame: bytes) -> bytes:
    """The zero-terminated id at the start of a chapter frame."""
    return frame[_HEADER_BYTES:].partition(b"\0")[0]
