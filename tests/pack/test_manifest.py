"""pack.json: what it says, and what it may have us delete."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from voicecoach.errors import StorageError
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FileEntry, Manifest, PlaylistEntry, TrackEntry
from voicecoach.script.script import TimedChapter

TRACK = TrackEntry(
    file="w03-00-welkom.mp3",
    title="Één",
    session="welcome-week-3",
    guidance="full",
    days=(15,),
    duration_ms=5000,
    bytes=40_000,
    sha256="abc",
    voices=("espeak:nl+f2",),
    chapters=(TimedChapter(title="Welkom", start_ms=0, end_ms=5000),),
)
PACK = Manifest(
    programme="pelvic-floor",
    edition=2026,
    language="nl",
    title="Je bekkenbodem na de bevalling, week 3",
    artist="voicecoach",
    voice="espeak:nl+f2",
    week=3,
    night=False,
    version="0.1.0",
    tracks=(TRACK,),
    playlists=(PlaylistEntry(file="week-03.m3u8", title="Week 3", tracks=(TRACK.file,)),),
    files=(
        FileEntry(file="cover.jpg", bytes=20_000, sha256="def"),
        FileEntry(file="week-03.m3u8", bytes=90, sha256="012"),
        FileEntry(file="w03-00-welkom.vtt", bytes=700, sha256="345"),
    ),
)


def in_folder(folder: Path, data: bytes | str) -> Path:
    (folder / manifest.FILE).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def changed(where: str, value: Any) -> bytes:
    """The manifest of PACK with another value at ``where``, such as ``tracks.0.bytes``."""
    content = json.loads(manifest.write(PACK))
    *above, last = [int(key) if key.isdigit() else key for key in where.split(".")]
    target = content
    for key in above:
        target = target[key]
    target[last] = value
    return json.dumps(content).encode()


def test_it_holds_what_it_was_told_in_the_order_of_the_design() -> None:
    content = json.loads(manifest.write(PACK))
    assert list(content) == [
        "format",
        "programme",
        "edition",
        "language",
        "title",
        "artist",
        "voice",
        "week",
        "night",
        "version",
        "tracks",
        "playlists",
        "files",
        "options",
        "days",
    ]
    assert content["format"] == 1
    assert content["tracks"][0]["chapters"] == [{"title": "Welkom", "start_ms": 0, "end_ms": 5000}]


def test_it_is_utf_8_that_a_person_can_read() -> None:
    text = manifest.write(PACK).decode("utf-8")
    assert '"Één"' in text
    assert text.endswith("}\n") and "\r" not in text


def test_the_same_pack_has_the_same_bytes() -> None:
    assert manifest.write(PACK) == manifest.write(replace(PACK))


def test_all_files_are_the_tracks_and_then_the_others() -> None:
    assert [entry.file for entry in PACK.all_files] == [
        "w03-00-welkom.mp3",
        "cover.jpg",
        "week-03.m3u8",
        "w03-00-welkom.vtt",
    ]


def test_what_belongs_to_a_track_has_its_stem() -> None:
    assert TRACK.beside(".vtt") == "w03-00-welkom.vtt"


# --- what an earlier build wrote ----------------------------------------------------------------


def test_what_was_written_is_known_again(tmp_path: Path) -> None:
    assert manifest.files_written(in_folder(tmp_path, manifest.write(PACK))) == {
        "w03-00-welkom.mp3": "abc",
        "w03-00-welkom.vtt": "345",
    }


def test_also_where_a_manifest_of_an_earlier_version_had_fewer_keys(tmp_path: Path) -> None:
    text = '{"format": 1, "tracks": [{"file": "w03-10-rust-2.mp3", "sha256": "def"}]}'
    assert manifest.files_written(in_folder(tmp_path, text)) == {"w03-10-rust-2.mp3": "def"}


def test_without_a_manifest_nothing_is_ours(tmp_path: Path) -> None:
    assert manifest.files_written(tmp_path) == {}
    assert manifest.files_written(tmp_path / "nothing") == {}


STRANGE_NAMES = [
    "../w03-00-welkom.mp3",
    "/tmp/w03-00-welkom.mp3",
    "w03-00-../welkom.mp3",
    "w03-00-a/b.mp3",
    "w03-00-a\\b.mp3",
    "C:w03-00-welkom.mp3",
    "w03-00-welkom.mp3\n",
    "w03-00-welkom.mp3\0",
    "w٠٣-00-welkom.mp3",
    "pack.json",
    "",
]


@pytest.mark.parametrize(
    "name", [*STRANGE_NAMES, "W03-00-WELKOM.MP3", "w03-00-.wav", "cover.jpg", "index.html"]
)
def test_a_name_we_would_not_have_given_is_not_ours(tmp_path: Path, name: str) -> None:
    folder = in_folder(tmp_path, changed("tracks.0.file", name))
    assert name not in manifest.files_written(folder)


NONSENSE = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "{}",
    '{"tracks": 5}',
    '{"tracks": {}, "files": 3}',
    '{"tracks": [null, 5, [], {}, {"file": 3}, {"file": null}]}',
    "[" * 100_000,
    b"\xff\xfe\0",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_a_manifest_that_makes_no_sense_makes_nothing_ours(
    tmp_path: Path, text: str | bytes
) -> None:
    assert manifest.files_written(in_folder(tmp_path, text)) == {}


def test_a_manifest_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / manifest.FILE).mkdir()
    with pytest.raises(StorageError, match=r"pack\.json: cannot be read"):
        manifest.files_written(tmp_path)


# --- reading it again ---------------------------------------------------------------------------


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    assert manifest.read(in_folder(tmp_path, manifest.write(PACK))) == PACK


def test_a_key_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    assert manifest.read(in_folder(tmp_path, changed("mood", "calm"))) == PACK


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(StorageError, match=r"pack\.json: cannot be read: .*is this a pack\?"):
            manifest.read(folder)


@pytest.mark.parametrize("text", [*NONSENSE, '{"format": 2}', '{"format": "1"}', '{"format": 1}'])
def test_a_manifest_that_makes_no_sense_cannot_be_read(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(StorageError, match=r"pack\.json: not a manifest .*build it again"):
        manifest.read(in_folder(tmp_path, text))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("week", "3"),
        ("week", True),
        ("week", -1),
        ("night", 0),
        ("title", None),
        ("tracks", {}),
        ("tracks.0", "w03-00-welkom.mp3"),
        ("tracks.0.bytes", 1.5),
        ("tracks.0.days", [1, "2"]),
        ("tracks.0.chapters.0.start_ms", None),
        ("files.0.sha256", 5),
        ("playlists.0.tracks", ["w03-00-other.mp3"]),
        ("playlists.0.file", "day-15.m3u8"),
        ("files.0.file", "W03-00-WELKOM.mp3"),
        *(("files.0.file", name) for name in STRANGE_NAMES),
        *(("tracks.0.file", name) for name in STRANGE_NAMES),
    ],
)
def test_what_is_not_as_we_would_have_written_it_cannot_be_read(
    tmp_path: Path, where: str, value: Any
) -> None:
    with pytest.raises(StorageError, match=r"pack\.json: not a manifest of ours"):
        manifest.read(in_folder(tmp_path, changed(where, value)))
