"""pack.json: what it says, and what it may have us delete."""

import json
from pathlib import Path
from typing import Any

import pytest

from voicecoach import manifest
from voicecoach.errors import StorageError

TRACK: dict[str, Any] = {"file": "w03-00-welkom.mp3", "title": "Één", "sha256": "abc"}


ABOUT: dict[str, Any] = {"programme": "pelvic-floor", "week": 3, "night": False}
PLAYLIST = {"file": "week-03.m3u8", "title": "Week 3", "tracks": ["w03-00-welkom.mp3"]}


def written(*tracks: dict[str, Any]) -> bytes:
    return manifest.write(ABOUT, tracks, [PLAYLIST])


def in_folder(folder: Path, data: bytes | str) -> Path:
    (folder / manifest.FILE).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def test_it_holds_what_it_was_told_in_the_order_of_the_design() -> None:
    pack = json.loads(written(TRACK))
    assert list(pack) == ["format", "programme", "week", "night", "tracks", "playlists"]
    assert {key: pack[key] for key in ABOUT} == ABOUT
    assert pack["format"] == 1
    assert pack["tracks"] == [TRACK]
    assert pack["playlists"] == [PLAYLIST]


def test_it_is_utf_8_that_a_person_can_read() -> None:
    text = written(TRACK).decode("utf-8")
    assert '"Één"' in text
    assert text.endswith("}\n") and "\r" not in text


def test_the_same_pack_has_the_same_bytes() -> None:
    assert written(TRACK) == written(dict(TRACK))


def test_what_was_written_is_known_again(tmp_path: Path) -> None:
    other = {"file": "w03-10-rust-2.mp3", "title": "Rust", "sha256": "def"}
    assert manifest.tracks_written(in_folder(tmp_path, written(TRACK, other))) == {
        "w03-00-welkom.mp3": "abc",
        "w03-10-rust-2.mp3": "def",
    }


def test_without_a_manifest_nothing_is_ours(tmp_path: Path) -> None:
    assert manifest.tracks_written(tmp_path) == {}
    assert manifest.tracks_written(tmp_path / "nothing") == {}


@pytest.mark.parametrize(
    "name",
    [
        "../w03-00-welkom.mp3",
        "/tmp/w03-00-welkom.mp3",
        "w03-00-../welkom.mp3",
        "w03-00-a/b.mp3",
        "w03-00-a\\b.mp3",
        "C:w03-00-welkom.mp3",
        "w03-00-welkom.mp3\n",
        "w03-00-welkom.mp3\0",
        "W03-00-WELKOM.MP3",
        "w03-00-.wav",
        "w٠٣-00-welkom.mp3",
        "cover.jpg",
        "pack.json",
        "",
    ],
)
def test_a_name_we_would_not_have_given_is_not_ours(tmp_path: Path, name: str) -> None:
    folder = in_folder(tmp_path, written({**TRACK, "file": name}))
    assert manifest.tracks_written(folder) == {}


NONSENSE = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "{}",
    '{"tracks": 5}',
    '{"tracks": {}}',
    '{"tracks": [null, 5, [], {}, {"file": 3}, {"file": null}]}',
    "[" * 100_000,
    b"\xff\xfe\0",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_a_manifest_that_makes_no_sense_makes_nothing_ours(
    tmp_path: Path, text: str | bytes
) -> None:
    assert manifest.tracks_written(in_folder(tmp_path, text)) == {}


def test_a_manifest_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / manifest.FILE).mkdir()
    with pytest.raises(StorageError, match=r"pack\.json: cannot be read"):
        manifest.tracks_written(tmp_path)


# --- reading it again ---------------------------------------------------------------------------


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    assert manifest.read(in_folder(tmp_path, written(TRACK))) == json.loads(written(TRACK))


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(StorageError, match=r"pack\.json: cannot be read: .*is this a pack\?"):
            manifest.read(folder)


@pytest.mark.parametrize("text", [*NONSENSE, '{"format": 2}', '{"format": "1"}'])
def test_a_manifest_that_makes_no_sense_cannot_be_read(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(StorageError, match=r"pack\.json: not a manifest .*build it again"):
        manifest.read(in_folder(tmp_path, text))
