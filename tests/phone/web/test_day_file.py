"""A day as one MP3: its tracks one after another, decoded, with the length known before."""

import io
import random
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from mutagen.mp3 import MP3

from voicecoach.audio import mix
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.errors import StorageError
from voicecoach.pack import tags
from voicecoach.pack.layout import day_playlist
from voicecoach.pack.manifest import Manifest, PlaylistEntry, TrackEntry
from voicecoach.pack.views import Cover, TrackTags
from voicecoach.phone.web.day_file import DayFile, Joiner, parts_of_day
from voicecoach.phone.web.held import Content, Kept
from voicecoach.script.script import TimedChapter

DAY = 3
LENGTHS_MS = {"a.mp3": 2500, "b.mp3": 1313, "c.mp3": 777}
LISTENING = ("a.mp3", "b.mp3", "a.mp3", "c.mp3")
"""A session may be done twice a day."""
MOST_SILENCE_MS = 80


def entry(file: str, length_ms: int) -> TrackEntry:
    middle = length_ms // 2
    return TrackEntry(
        file=file,
        title=f"Sessie {file[0]}",
        session=file[0],
        guidance="full",
        days=(DAY,),
        duration_ms=length_ms,
        bytes=0,
        sha256="",
        voices=(),
        chapters=(
            TimedChapter(title="Begin", start_ms=0, end_ms=middle),
            TimedChapter(title="Duurkracht", start_ms=middle, end_ms=length_ms),
        ),
    )


def track(listed: TrackEntry) -> bytes:
    """A track as a pack has it: a tag, and a tone from its first sample to its last."""
    count = listed.duration_ms * SAMPLE_RATE_HZ // 1000
    tone = 8000 * np.sin(2 * np.pi * 440 * np.arange(count) / SAMPLE_RATE_HZ)
    sound = mix.AudioSegment(
        data=tone.astype("<i2").tobytes(), sample_width=2, frame_rate=SAMPLE_RATE_HZ, channels=1
    )
    told = TrackTags(
        title=listed.title,
        album="Week 1",
        artist="voicecoach",
        number=1,
        total=3,
        week=1,
        language_tag="nld",
        year=2026,
        lyrics="Adem in.",
        source_label="Bron",
        source="ons",
        chapters=listed.chapters,
    )
    cover = Cover(week=1, week_label="Week 1", title="A", phase_number=0, figure=((0, 0), (9, 1)))
    return tags.render(told, tags.draw_cover(cover, 60)) + mix.encode([sound])


@pytest.fixture(scope="module")
def listed() -> Manifest:
    return Manifest(
        programme="pelvic-floor",
        edition=2026,
        language="nl",
        title="Week 1",
        artist="voicecoach",
        voice="espeak:nl+f2",
        week=1,
        night=False,
        version="1",
        tracks=tuple(entry(file, length) for file, length in LENGTHS_MS.items()),
        playlists=(PlaylistEntry(file=day_playlist(DAY), title="Dag 3", tracks=LISTENING),),
        files=(),
    )


@pytest.fixture(scope="module")
def contents(listed: Manifest) -> dict[str, Content]:
    return {each.file: Kept(track(each)) for each in listed.tracks}


@pytest.fixture(scope="module")
def joined(listed: Manifest, contents: Mapping[str, Content]) -> DayFile:
    return Joiner().join(listed, DAY, parts_of_day(listed, DAY, contents))


def decoded(data: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    samples, rate = soundfile.read(io.BytesIO(data))
    assert rate == SAMPLE_RATE_HZ
    return np.asarray(samples)


def whole(day: DayFile) -> bytes:
    return day.read(0, day.size)


def test_decoded_it_is_the_tracks_one_after_another_with_short_joints(joined: DayFile) -> None:
    sound = decoded(whole(joined))
    loud = np.abs(sound) > 0.02
    edges = np.flatnonzero(np.diff(loud.astype(int)))
    gaps_ms = np.diff(edges) * 1000 / SAMPLE_RATE_HZ
    joints = [float(gap) for gap in gaps_ms if gap > 30 and gap < 500]
    assert len(joints) == len(LISTENING) - 1
    assert max(joints) <= MOST_SILENCE_MS
    total_ms = sum(LENGTHS_MS[file] for file in LISTENING)
    assert 0 <= len(sound) * 1000 / SAMPLE_RATE_HZ - total_ms <= MOST_SILENCE_MS * len(LISTENING)


def test_players_know_its_length_title_and_chapters(joined: DayFile) -> None:
    file = MP3(io.BytesIO(whole(joined)))
    info, tag = file.info, file.tags
    assert info is not None and tag is not None
    total_ms = sum(LENGTHS_MS[each] for each in LISTENING)
    assert 0 <= info.length * 1000 - total_ms <= MOST_SILENCE_MS * len(LISTENING)
    assert str(tag["TIT2"]) == "Dag 3" and str(tag["TALB"]) == "Week 1, per dag"
    assert "APIC:" in tag and not tag.getall("USLT")
    chapters = sorted(tag.getall("CHAP"), key=lambda each: each.start_time)
    titles = [str(each.sub_frames["TIT2"]) for each in chapters]
    assert titles[::2] == [f"Sessie {file[0]}" for file in LISTENING]
    assert chapters[0].start_time == 0
    assert all(a.end_time == b.start_time for a, b in pairwise(chapters))
    assert abs(chapters[-1].end_time - info.length * 1000) < 30


def test_any_range_has_the_bytes_of_the_whole(joined: DayFile) -> None:
    data = whole(joined)
    assert len(data) == joined.size
    assert data == b"".join(joined.blocks(10_000))
    dice = random.Random(1)
    for _ in range(1000):
        start, count = dice.randrange(joined.size), dice.randrange(1, 9000)
        assert joined.read(start, count) == data[start : start + count]
    assert joined.read(joined.size, 10) == b""


def test_other_tracks_make_another_file(
    listed: Manifest, contents: dict[str, Content], joined: DayFile
) -> None:
    joiner = Joiner()
    again = joiner.join(listed, DAY, parts_of_day(listed, DAY, contents))
    assert (again.sha256, whole(again)) == (joined.sha256, whole(joined))
    other = {**contents, "c.mp3": contents["b.mp3"]}
    changed = joiner.join(listed, DAY, parts_of_day(listed, DAY, other))
    assert changed.sha256 != joined.sha256


def test_what_is_no_track_of_ours_is_not_joined(
    listed: Manifest, contents: dict[str, Content]
) -> None:
    for data in (b"", b"ID3", bytes(range(256)) * 9, b"\xff\xfb\x90\x64" + bytes(2000)):
        parts = parts_of_day(listed, DAY, {**contents, "b.mp3": Kept(data)})
        with pytest.raises(StorageError, match=r"b\.mp3"):
            Joiner().join(listed, DAY, parts)
