"""The tags of a track -> an ID3v2.3 tag. The only importer of mutagen."""

from io import BytesIO

from mutagen import id3

from voicecoach.pack.views import TrackTags
from voicecoach.script.timeline import TimedChapter

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
    _add_chapters(frames, tags.chapters[:_MOST_CHAPTERS])
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
