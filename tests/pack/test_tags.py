"""The tag of a track, read back with mutagen and, where it is at hand, with ffprobe."""

import json
import shutil
import subprocess
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mutagen import id3
from PIL import Image

from voicecoach.audio import mix
from voicecoach.pack import tags
from voicecoach.pack.views import Cover, TrackTags
from voicecoach.script import curves
from voicecoach.script.script import TimedChapter

PICTURE = tags.draw_cover(
    Cover(week=3, week_label="Week 3", title="Titel", phase_number=2, figure=curves.figure(None)),
    tags.EMBEDDED_PX,
)


def chapters(count: int, length_ms: int = 1000) -> tuple[TimedChapter, ...]:
    """Titles of many lengths: mutagen sorts frames by size, and must not sort these."""
    return tuple(
        TimedChapter(
            title="Ronde " + "é" * ((count - n) * 7 % 23 + 1) + f" {n}",
            start_ms=n * length_ms,
            end_ms=(n + 1) * length_ms,
        )
        for n in range(count)
    )


TAGS = TrackTags(
    title="Duurkracht, één ronde",
    album="Je bekkenbodem na de bevalling, week 3",
    artist="voicecoach",
    number=4,
    total=6,
    week=3,
    language_tag="nld",
    year=2026,
    lyrics="Span zachtjes aan.\nLaat los.",
    source_label="Bron",
    source="NVFB; MOTHERFIT",
    chapters=chapters(12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Sound without a sound, for the encoder."""

    raw_data: bytes
    frame_rate: int = 22_050
    channels: int = 1


def read(of: TrackTags) -> id3.ID3:
    """The tag as mutagen reads it, in the version it was written in."""
    return id3.ID3(BytesIO(tags.render(of, PICTURE)), translate=False)


def frames(tag: bytes) -> list[tuple[str, bytes]]:
    """The frames of a v2.3 tag in the order of the file, read by hand."""
    found = []
    place = 10
    while place < len(tag):
        size = int.from_bytes(tag[place + 4 : place + 8], "big")
        found.append((tag[place : place + 4].decode("ascii"), tag[place + 10 : place + 10 + size]))
        place += 10 + size
    assert place == len(tag)
    return found


def test_it_is_version_2_3_without_padding_and_its_size_is_true() -> None:
    tag = tags.render(TAGS, PICTURE)
    assert tag[:6] == b"ID3\x03\x00\x00"
    size = sum(
        (byte & 0x7F) << shift for byte, shift in zip(tag[6:10], (21, 14, 7, 0), strict=True)
    )
    assert size == len(tag) - 10
    assert read(TAGS).version == (2, 3, 0)


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ("TIT2", TAGS.title),
        ("TALB", TAGS.album),
        ("TPE1", "voicecoach"),
        ("TRCK", "4/6"),
        ("TPOS", "3"),
        ("TCON", "Speech"),
        ("TLAN", "nld"),
        ("TYER", "2026"),
    ],
)
def test_a_player_can_show(frame: str, text: str) -> None:
    assert read(TAGS)[frame].text == [text]


def test_no_frame_tells_when_it_was_built() -> None:
    names = [name for name, _ in frames(tags.render(TAGS, PICTURE))]
    assert sorted(set(names)) == [
        "APIC",
        "CHAP",
        "COMM",
        "CTOC",
        "TALB",
        "TCON",
        "TIT2",
        "TLAN",
        "TPE1",
        "TPOS",
        "TRCK",
        "TYER",
        "USLT",
    ]
    assert all(names.count(name) == 1 for name in names if name != "CHAP")


def test_the_comment_names_the_source_in_the_language() -> None:
    [comment] = read(TAGS).getall("COMM")
    assert (comment.lang, comment.desc, comment.text) == ("nld", "", ["Bron: NVFB; MOTHERFIT"])


def test_the_lyrics_are_what_is_spoken() -> None:
    [lyrics] = read(TAGS).getall("USLT")
    assert (lyrics.lang, lyrics.desc, lyrics.text) == ("nld", "", TAGS.lyrics)


def test_the_cover_is_a_jpeg_of_600_pixels() -> None:
    [picture] = read(TAGS).getall("APIC")
    assert (picture.mime, picture.type) == ("image/jpeg", id3.PictureType.COVER_FRONT)
    assert picture.data == PICTURE
    image = Image.open(BytesIO(picture.data))
    assert (image.format, image.size) == ("JPEG", (600, 600))


@pytest.mark.parametrize("count", [1, 2, 12, 100, 255])
def test_chapters_stand_in_order_in_the_file(count: int) -> None:
    many = replace(TAGS, chapters=chapters(count))
    bodies = [body for name, body in frames(tags.render(many, PICTURE)) if name == "CHAP"]
    times = [
        int.from_bytes(body.partition(b"\0")[2][:4], "big")  # after the id: the start
        for body in bodies
    ]
    assert times == [chapter.start_ms for chapter in many.chapters]


def test_chapters_have_titles_times_and_no_byte_offsets() -> None:
    for number, chapter in enumerate(TAGS.chapters):
        frame: Any = read(TAGS)[f"CHAP:ch{number:03d}"]
        assert (frame.start_time, frame.end_time) == (chapter.start_ms, chapter.end_ms)
        assert (frame.start_offset, frame.end_offset) == (0xFFFFFFFF, 0xFFFFFFFF)
        assert frame.sub_frames["TIT2"].text == [chapter.title]


@pytest.mark.parametrize("count", [1, 12, 255])
def test_the_table_of_contents_is_top_level_ordered_and_complete(count: int) -> None:
    [contents] = read(replace(TAGS, chapters=chapters(count))).getall("CTOC")
    assert contents.flags == id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    assert contents.child_element_ids == [f"ch{number:03d}" for number in range(count)]
    assert contents.element_id.isascii()


def test_more_chapters_than_a_table_can_count_are_left_out() -> None:
    many = read(replace(TAGS, chapters=chapters(300)))
    assert len(many.getall("CHAP")) == 255
    assert len(many.getall("CTOC")[0].child_element_ids) == 255


def test_the_same_track_has_the_same_bytes() -> None:
    assert tags.render(TAGS, PICTURE) == tags.render(replace(TAGS), PICTURE)


def test_words_of_any_script_survive() -> None:
    title = "Één — 骨盆底 🙂"
    assert read(replace(TAGS, title=title))["TIT2"].text == [title]


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("count", [1, 12, 255])
def test_ffprobe_shows_the_chapters_in_order(tmp_path: Path, count: int) -> None:
    track = replace(TAGS, chapters=chapters(count, length_ms=100))
    sound = mix.encode([Silence(raw_data=bytes(2 * 22_050 * (count // 10 + 1)))])
    file = tmp_path / "track.mp3"
    file.write_bytes(tags.render(track, PICTURE) + sound)
    shown = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", str(file)],
            capture_output=True,
            check=True,
        ).stdout
    )
    assert [
        (c["tags"]["title"], round(float(c["start_time"]) * 1000)) for c in shown["chapters"]
    ] == [(chapter.title, chapter.start_ms) for chapter in track.chapters]
    told = shown["format"]["tags"]
    assert (told["title"], told["track"], told["disc"]) == (TAGS.title, "4/6", "3")
    assert (told["genre"], told["date"], told["language"]) == ("Speech", "2026", "nld")
