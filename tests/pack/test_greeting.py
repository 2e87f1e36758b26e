"""Her name, in a track of its own."""

import hashlib
from pathlib import Path

import pytest
from conftest import run_here

from voicecoach.cache import user_cache
from voicecoach.pack import manifest
from voicecoach.pack.greeting import OWN_FOLDER

NAME = "Wilhelmina"


def build(folder: Path, *, name: str) -> Path:
    told = ("--birth-date", "2026-01-01", "--language", "nl", "--started", "2026-01-02")
    (folder / "voicecoach.yaml").unlink(missing_ok=True)
    assert run_here(folder, "init", *told, "--name", name, "--yes").returncode == 0
    built = run_here(folder, "build", "--week", "1")
    assert built.returncode == 0, built.stderr
    assert name not in built.stdout + built.stderr
    return next((folder / "output").glob("*/week-01"))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("hers"), name=NAME)


def test_it_comes_first_by_name_in_the_playlists_and_in_the_manifest(pack: Path) -> None:
    listed = manifest.read(pack)
    first = listed.tracks[0].file
    assert first == min(path.name for path in pack.glob("*.mp3"))
    by_name = {each.file: each.tracks for each in listed.playlists}
    assert by_name["week-01.m3u8"][0] == by_name["day-01.m3u8"][0] == first
    assert first not in by_name["day-02.m3u8"]


def test_it_says_her_name_and_no_other_track_does(pack: Path) -> None:
    said = {path.name: path.read_text() for path in pack.glob("*.vtt")}
    assert [name for name, text in said.items() if NAME in text] == ["w01-00-0-greeting.vtt"]


def test_all_other_tracks_are_those_of_a_woman_without_a_name(pack: Path, tmp_path: Path) -> None:
    other = build(tmp_path, name="Bo")
    for path in sorted(pack.glob("*.mp3"))[1:]:
        assert path.read_bytes() == (other / path.name).read_bytes()


def test_the_cache_that_all_packs_share_does_not_know_her(pack: Path) -> None:
    cache = user_cache().root
    own = pack.parent.parent / OWN_FOLDER
    hers = {path.name for path in own.rglob("*") if path.is_file()}
    assert any(name.endswith(".wav") for name in hers)
    assert hers.isdisjoint(path.name for path in cache.rglob("*"))
    page = hashlib.sha256((pack / "index.html").read_bytes()).hexdigest()
    assert not any(page in path.read_text() for path in (cache / "notes").rglob("*.json"))


def test_a_name_with_braces_is_said_as_it_stands(tmp_path: Path) -> None:
    pack = build(tmp_path, name="{Bo} {name}")
    assert "Dag {Bo} {name}." in (pack / "w01-00-0-greeting.vtt").read_text()


def test_who_takes_her_name_back_is_not_greeted_any_more(tmp_path: Path) -> None:
    pack = build(tmp_path, name=NAME)
    profile = tmp_path / "voicecoach.yaml"
    profile.write_text(profile.read_text().replace(f'name: "{NAME}"', "name:"))
    assert run_here(tmp_path, "build", "--week", "1").returncode == 0
    assert not list(pack.glob("*greeting*"))
    assert NAME.encode() not in b"".join(path.read_bytes() for path in pack.iterdir())
