"""A pack on disk: what stands in it and what a second build changes. The real program throughout:
one build of week 3 in Dutch, then copies of it that are damaged, changed and built again."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import run_here, run_voicecoach
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from PIL import Image
from tiny_programme import PACK as TINY_PACK
from tiny_programme import replace_once

from voicecoach.content.clinical_state import ANYONE
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import Path as Way
from voicecoach.content.translation import Translation
from voicecoach.dates import days_of_week
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.pack import places
from voicecoach.planning.plan import plan_day

FOR_WHOM = "These sessions are for an uncomplicated birth"
DAYS = range(15, 22)
PLAYLISTS = {"week-03.m3u8", *(f"day-{day}.m3u8" for day in DAYS)}
DOS_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The result of one real build, and the cache it filled."""

    out: Path
    cache: Path
    folder: Path
    result: "subprocess.CompletedProcess[str]"

    @property
    def pack(self) -> dict[str, Any]:
        return read_manifest(self.folder)

    @property
    def bytes_of(self) -> dict[str, bytes]:
        return bytes_in(self.folder)


def build(
    out: Path,
    cache: Path,
    *arguments: str | Path,
    week: str = "3",
    run: Callable[..., "subprocess.CompletedProcess[str]"] = run_here,
) -> "subprocess.CompletedProcess[str]":
    own = map(str, ("build", "--week", week, "--out", out, *arguments))
    result = run(out.parent, *own, cache=cache)
    assert result.returncode == 0, result.stderr
    return result


def read_manifest(folder: Path) -> dict[str, Any]:
    pack: dict[str, Any] = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    return pack


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stamps_in(folder: Path) -> dict[str, tuple[int, int, int]]:
    """What tells a file that was written again from one that was left alone."""
    stats = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (stat.st_mtime_ns, stat.st_ino, stat.st_size) for name, stat in stats.items()}


def listed_in(playlist: Path) -> list[str]:
    lines = playlist.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def track_of(folder: Path, session: str) -> str:
    file, *_ = [t["file"] for t in read_manifest(folder)["tracks"] if t["session"] == session]
    return str(file)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, dutch: Translation) -> Built:
    """Week 3 in Dutch, built once with an empty cache. Tests only look at it."""
    root = tmp_path_factory.mktemp("pack")
    out, cache = root / "out", root / "cache"
    result = build(out, cache, run=run_voicecoach)
    return Built(out=out, cache=cache, folder=out / dutch.folder / "week-03", result=result)


@pytest.fixture
def copy(built: Built, tmp_path: Path) -> Path:
    """The pack's folder in a copy that a test may damage; it is built again with ``--out out``."""
    shutil.copytree(built.out, tmp_path / "out")
    return tmp_path / "out" / built.folder.relative_to(built.out)


@pytest.fixture
def own_content(tmp_path: Path) -> Path:
    """A copy of the built-in programme that a test may change."""
    return Path(shutil.copytree(programme_reader.built_in(), tmp_path / "content"))


# --- the files and their names ------------------------------------------------------------------


def test_the_week_stands_in_a_folder_of_its_own_and_nothing_else_does(
    built: Built, dutch: Translation
) -> None:
    assert [path.name for path in built.out.iterdir()] == [dutch.folder]
    assert [path.name for path in (built.out / dutch.folder).iterdir()] == ["week-03"]
    tracks = {track["file"] for track in built.pack["tracks"]}
    beside = {name.replace(".mp3", suffix) for name in tracks for suffix in (".vtt", ".lrc")}
    assert {p.name for p in built.folder.iterdir()} == tracks | beside | PLAYLISTS | {
        "cover.jpg",
        "index.html",
        "pack.json",
    }


def test_stdout_has_one_line_that_begins_with_the_folder(built: Built) -> None:
    [line] = built.result.stdout.splitlines()
    assert line.startswith(f"{built.folder}: 11 tracks, ")
    assert line.endswith(f"; {len(built.bytes_of)} files changed")


def test_every_name_is_safe_on_fat_and_short(built: Built) -> None:
    names = [path.name for path in built.folder.iterdir()]
    for name in [*names, built.folder.name, built.folder.parent.name]:
        assert name.isascii() and len(name) <= 80
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)?", name), name
        assert name.partition(".")[0] not in DOS_DEVICES
    assert len({name.casefold() for name in names}) == len(names)


def test_tracks_are_named_by_week_and_number(built: Built) -> None:
    for number, track in enumerate(built.pack["tracks"]):
        assert track["file"].startswith(f"w03-{number:02d}-")


def test_the_order_of_names_is_the_order_of_listening(built: Built, programme: Programme) -> None:
    names = [track["file"] for track in built.pack["tracks"]]
    assert sorted(names) == names == listed_in(built.folder / "week-03.m3u8")
    heard = [s for day in days_of_week(3) for s in plan_day(programme, day).sessions]
    assert [t["session"] for t in built.pack["tracks"]] == [s.id for s in dict.fromkeys(heard)]


# --- the manifest -------------------------------------------------------------------------------


def test_the_manifest_has_exactly_the_keys_of_the_design(built: Built) -> None:
    pack = built.pack
    assert list(pack) == [
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
    assert set(pack["options"]) == {"voices", "guidance", "bed", "is_built_in"}
    for day in pack["days"]:
        assert set(day) == {"day", "plan"}
    for track in pack["tracks"]:
        assert set(track) == {
            "file",
            "title",
            "session",
            "kind",
            "guidance",
            "days",
            "duration_ms",
            "bytes",
            "sha256",
            "voices",
            "chapters",
            "asks",
        }
        for chapter in track["chapters"]:
            assert set(chapter) == {"title", "start_ms", "end_ms"}
    for playlist in pack["playlists"]:
        assert set(playlist) == {"file", "title", "tracks"}
    for entry in pack["files"]:
        assert set(entry) == {"file", "bytes", "sha256"}


def test_the_manifest_lists_every_file_but_itself_with_its_size_and_hash(built: Built) -> None:
    listed = {
        e["file"]: (e["bytes"], e["sha256"]) for key in ("tracks", "files") for e in built.pack[key]
    }
    assert listed == {
        name: (len(data), hashlib.sha256(data).hexdigest())
        for name, data in built.bytes_of.items()
        if name != "pack.json"
    }


def test_the_manifest_says_what_was_built(built: Built, programme: Programme) -> None:
    pack = built.pack
    assert (pack["format"], pack["week"], pack["language"]) == (1, 3, "nl")
    assert pack["programme"] == programme.name
    assert pack["voice"] == programme.translations["nl"].voice
    assert {voice for track in pack["tracks"] for voice in track["voices"]} == {pack["voice"]}
    assert pack["night"] is False


def test_every_track_says_how_much_is_spoken(built: Built) -> None:
    """In week 3, endurance has been done for days, and the sessions of day 20 are new."""
    assert [(track["session"], track["guidance"]) for track in built.pack["tracks"]] == [
        ("welcome-back", "full"),
        ("explanation-bladder", "full"),
        ("endurance", "brief"),  # its opening in full
        ("endurance", "brief"),
        ("explanation-self-check-again", "full"),
        ("breathing", "brief"),
        ("explanation-mood", "full"),
        ("explanation-quick", "full"),
        ("endurance-one-set", "full"),
        ("quick", "full"),
        ("endurance-one-set", "full"),  # its opening in short, from the fourth time on
    ]


def test_size_and_hash_of_every_track_are_true(built: Built) -> None:
    for track in built.pack["tracks"]:
        data = built.bytes_of[track["file"]]
        assert track["bytes"] == len(data)
        assert track["sha256"] == hashlib.sha256(data).hexdigest()


def test_every_track_has_the_days_on_which_it_is_done(built: Built) -> None:
    for track in built.pack["tracks"]:
        done_on = [d for d in DAYS if track["file"] in listed_in(built.folder / f"day-{d}.m3u8")]
        assert track["days"] == done_on
        assert done_on


def test_chapters_cover_the_track_from_end_to_end(built: Built) -> None:
    for track in built.pack["tracks"]:
        starts = [chapter["start_ms"] for chapter in track["chapters"]]
        ends = [chapter["end_ms"] for chapter in track["chapters"]]
        assert [*starts, track["duration_ms"]] == [0, *ends]
        assert starts == sorted(set(starts))


def test_the_manifest_lists_the_playlists_as_they_are(built: Built) -> None:
    listed = {p["file"]: p["tracks"] for p in built.pack["playlists"]}
    assert listed == {name: listed_in(built.folder / name) for name in PLAYLISTS}


# --- sound and tags -----------------------------------------------------------------------------


def test_every_track_is_as_long_as_the_manifest_says(built: Built) -> None:
    for track in built.pack["tracks"]:
        info = MP3(built.folder / track["file"]).info
        assert abs(info.length * 1000 - track["duration_ms"]) < 150
        assert (info.sample_rate, info.channels, info.bitrate) == (22_050, 1, 64_000)


def test_every_track_carries_the_titles_of_the_manifest(built: Built) -> None:
    tracks = built.pack["tracks"]
    for number, track in enumerate(tracks, start=1):
        tags = ID3(built.folder / track["file"], translate=False)
        assert tags.version == (2, 3, 0)
        assert tags["TIT2"].text == [track["title"]]
        assert tags["TRCK"].text == [f"{number}/{len(tracks)}"]
        assert tags["TPOS"].text == ["3"]
        shown = [(f.start_time, f.end_time, str(f.sub_frames["TIT2"])) for f in chapters_of(tags)]
        assert shown == [(c["start_ms"], c["end_ms"], c["title"]) for c in track["chapters"]]
        [picture] = tags.getall("APIC")
        assert size_of(picture.data) == (600, 600)


def test_the_cover_in_the_folder_is_as_large_as_feeds_of_podcasts_ask(built: Built) -> None:
    assert size_of(built.bytes_of["cover.jpg"]) == (1400, 1400)


def size_of(jpeg: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(jpeg)).size


def chapters_of(tags: ID3) -> list[Any]:
    return sorted(tags.getall("CHAP"), key=lambda frame: frame.start_time)


# --- the playlists ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PLAYLISTS))
def test_a_playlist_is_utf_8_without_a_byte_order_mark(built: Built, name: str) -> None:
    data = built.bytes_of[name]
    assert data.decode("utf-8").startswith("#EXTM3U\n#PLAYLIST:")
    assert b"\r" not in data and data.endswith(b"\n")


@pytest.mark.parametrize("name", sorted(PLAYLISTS))
def test_a_playlist_lists_files_beside_it_with_their_real_length(built: Built, name: str) -> None:
    lines = (built.folder / name).read_text(encoding="utf-8").splitlines()[2:]
    assert lines
    for info, file in zip(lines[::2], lines[1::2], strict=True):
        assert "/" not in file and "\\" not in file
        seconds, title = re.fullmatch(r"#EXTINF:(\d+),(.+)", info).groups()  # type: ignore[union-attr]
        real = MP3(built.folder / file)
        assert abs(int(seconds) - real.info.length) < 1
        assert title == str(real.tags["TIT2"])


@pytest.mark.parametrize("day", DAYS)
def test_a_day_lists_its_sessions_in_order_as_often_as_they_are_done(
    built: Built, programme: Programme, day: int
) -> None:
    session_of = {track["file"]: track["session"] for track in built.pack["tracks"]}
    heard = [session_of[file] for file in listed_in(built.folder / f"day-{day}.m3u8")]
    planned = plan_day(programme, day)
    assert heard == [session.id for session in planned.listening]
    hers = [s for s in programme.sessions if s.is_meant_for(ANYONE.answers())]
    asked = {s.id: s.times_on(day) for s in hers if Way.TRAINING in s.paths}
    assert {id_: heard.count(id_) for id_ in asked} == asked


# --- building again -----------------------------------------------------------------------------


def test_a_second_build_changes_nothing_and_says_so(built: Built) -> None:
    before = stamps_in(built.folder)
    again = build(built.out, built.cache)
    assert stamps_in(built.folder) == before
    assert again.stdout.endswith("; nothing changed\n")
    assert again.stderr == ""


@pytest.mark.slow
def test_a_build_with_an_empty_cache_makes_the_same_bytes_and_writes_none(
    built: Built, copy: Path, tmp_path: Path
) -> None:
    before = stamps_in(copy)
    again = build(tmp_path / "out", tmp_path / "cache", run=run_voicecoach)
    assert "rendering" in again.stderr
    assert again.stdout.endswith("; nothing changed\n")
    assert stamps_in(copy) == before
    assert bytes_in(copy) == built.bytes_of


def test_another_folder_gets_the_same_bytes_without_rendering(built: Built, tmp_path: Path) -> None:
    elsewhere = build(tmp_path / "elders", built.cache)
    assert elsewhere.stderr.startswith(FOR_WHOM)
    assert elsewhere.stderr.count("\n") == 2, "for whom it is, and a hint: nothing is rendered"
    folder = tmp_path / "elders" / built.folder.relative_to(built.out)
    assert bytes_in(folder) == built.bytes_of


def test_a_build_when_the_cached_sound_is_gone_but_the_pack_stands_renders_nothing(
    built: Built, copy: Path, tmp_path: Path
) -> None:
    shutil.copytree(built.cache, tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache" / "audio")
    again = build(tmp_path / "out", tmp_path / "cache")
    assert again.stderr == "" and again.stdout.endswith("; nothing changed\n")


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("endurance", Path.unlink),
        ("endurance", truncate),
        ("endurance", flip_a_byte),
        ("cover.jpg", Path.unlink),
        ("day-20.m3u8", truncate),
        ("pack.json", flip_a_byte),
    ],
)
def test_a_build_restores_a_file_that_was_harmed_and_only_that(
    built: Built, copy: Path, tmp_path: Path, name: str, harm: Any
) -> None:
    file = track_of(copy, name) if name == "endurance" else name
    before = stamps_in(copy)
    harm(copy / file)
    again = build(tmp_path / "out", built.cache)
    assert bytes_in(copy) == built.bytes_of
    assert {n for n, stamp in stamps_in(copy).items() if stamp != before[n]} == {file}
    assert again.stdout.endswith("; 1 file changed\n")


@pytest.mark.slow
def test_a_harmed_track_is_restored_when_the_cache_is_empty_too(
    built: Built, copy: Path, tmp_path: Path
) -> None:
    flip_a_byte(copy / track_of(copy, "breathing"))
    build(tmp_path / "out", tmp_path / "cache", run=run_voicecoach)
    assert bytes_in(copy) == built.bytes_of


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_the_number_of_jobs_does_not_change_a_byte(built: Built, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / f"met {jobs}"
    build(out, tmp_path / "cache", "--jobs", jobs, run=run_voicecoach)
    folder = tmp_path / f"met {jobs}" / built.folder.relative_to(built.out)
    assert bytes_in(folder) == built.bytes_of


@pytest.mark.slow
@pytest.mark.parametrize("caches", [("cache", "cache"), ("cache-1", "cache-2")])
def test_two_builds_at_once_both_end_well(
    built: Built, tmp_path: Path, caches: tuple[str, str]
) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "voicecoach", "build", "--week", "3", "--out", "out"],
            cwd=tmp_path,
            env={
                **os.environ,
                CACHE_VARIABLE: str(tmp_path / cache),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for cache in caches
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert bytes_in(tmp_path / "out" / built.folder.relative_to(built.out)) == built.bytes_of


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux")
@pytest.mark.parametrize("name", [b"een map", "Müsik 骨盆底 ☃".encode(), b"new\nline", b"bad\xff"])
def test_a_folder_may_have_any_name(built: Built, tmp_path: Path, name: bytes) -> None:
    out = tmp_path / os.fsdecode(name)
    build(out, built.cache)
    assert bytes_in(out / built.folder.relative_to(built.out)) == built.bytes_of


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need leave on Windows")
def test_the_folder_may_be_a_link(built: Built, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    build(tmp_path / "link", built.cache)
    folder = tmp_path / "real" / built.folder.relative_to(built.out)
    assert bytes_in(folder) == built.bytes_of


# --- what is ours and what is not ---------------------------------------------------------------


FOREIGN = ("notes.txt", "w03-99-my-own.mp3", "day-99.m3u8", ".voicecoach-mine", "Cover.png")


def test_a_foreign_file_in_the_folder_is_never_touched(
    built: Built, copy: Path, tmp_path: Path
) -> None:
    for name in FOREIGN:
        (copy / name).write_text("mine", encoding="utf-8")
    (copy / "mine").mkdir()
    (copy / track_of(copy, "quick")).unlink()
    before = stamps_in(copy)
    build(tmp_path / "out", built.cache)
    after = stamps_in(copy)
    assert {name: after[name] for name in (*FOREIGN, "mine")} == {
        name: before[name] for name in (*FOREIGN, "mine")
    }


def add_to_manifest(folder: Path, name: str, data: bytes) -> None:
    """Makes the manifest say that an earlier build wrote ``data`` into ``name``."""
    pack = read_manifest(folder)
    sha256 = hashlib.sha256(data).hexdigest()
    pack["tracks"].append({**pack["tracks"][0], "file": name, "sha256": sha256})
    (folder / "pack.json").write_text(json.dumps(pack), encoding="utf-8")


def test_a_track_of_an_earlier_build_that_is_no_longer_planned_is_removed(
    built: Built, copy: Path, tmp_path: Path
) -> None:
    (copy / "w03-07-vroeger.mp3").write_bytes(b"old")
    add_to_manifest(copy, "w03-07-vroeger.mp3", b"old")
    again = build(tmp_path / "out", built.cache)
    assert bytes_in(copy) == built.bytes_of
    assert again.stdout.endswith("; 2 files changed\n")


def test_but_not_if_the_user_changed_it(built: Built, copy: Path, tmp_path: Path) -> None:
    (copy / "w03-07-vroeger.mp3").write_bytes(b"old, and cut by me")
    add_to_manifest(copy, "w03-07-vroeger.mp3", b"old")
    build(tmp_path / "out", built.cache)
    assert (copy / "w03-07-vroeger.mp3").read_bytes() == b"old, and cut by me"


def test_a_manifest_with_paths_deletes_nothing(built: Built, copy: Path, tmp_path: Path) -> None:
    victims = {
        "../w03-07-mine.mp3": copy.parent / "w03-07-mine.mp3",
        "../../../w03-07-mine.mp3": tmp_path / "w03-07-mine.mp3",
        "w03-07-x/../../w03-08-mine.mp3": copy.parent / "w03-08-mine.mp3",
        str(tmp_path / "w03-09-mine.mp3"): tmp_path / "w03-09-mine.mp3",
        "sub/w03-07-mine.mp3": copy / "sub" / "w03-07-mine.mp3",
        "notes.txt": copy / "notes.txt",
    }
    (copy / "sub").mkdir()
    (copy / "w03-07-x").mkdir()
    for name, victim in victims.items():
        victim.write_bytes(b"mine")
        add_to_manifest(copy, name, b"mine")
    build(tmp_path / "out", built.cache)
    assert [path.read_bytes() for path in victims.values()] == [b"mine"] * len(victims)


@pytest.mark.parametrize(
    "text",
    ["{", '{"tracks": [null, {}, {"file": 3}]}', "[" * 100_000],
    ids=["cut", "odd tracks", "deep"],
)
def test_a_broken_manifest_is_written_anew(
    built: Built, copy: Path, tmp_path: Path, text: str
) -> None:
    (copy / "pack.json").write_text(text, encoding="utf-8")
    build(tmp_path / "out", built.cache)
    assert bytes_in(copy) == built.bytes_of


# --- a change in the content --------------------------------------------------------------------


def test_a_word_changes_only_the_tracks_that_say_it(
    built: Built, copy: Path, tmp_path: Path, own_content: Path
) -> None:
    replace_once(
        own_content / "nl.yaml", r"(\n  breathing-overview:\n(?: .*\n)*?      - )", r"\1Welkom. "
    )
    before = stamps_in(copy)
    again = build(tmp_path / "out", built.cache, "--content", own_content)
    after = stamps_in(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    track = track_of(built.folder, "breathing")
    lists = {name for name in PLAYLISTS if track in listed_in(built.folder / name)}
    assert set(after) == set(before)
    assert {name for name in changed if name.endswith(".mp3")} == {track}
    beside = {track.replace(".mp3", suffix) for suffix in (".vtt", ".lrc")}
    assert changed - lists == {track, *beside, "index.html", "pack.json"}
    assert "speaking: 1 to do" in again.stderr
    assert "rendering: 1 to do" in again.stderr


def test_a_new_title_costs_a_tag_and_not_a_rendering(
    built: Built, copy: Path, tmp_path: Path, own_content: Path
) -> None:
    old = track_of(copy, "breathing")
    replace_once(own_content / "nl.yaml", r"^  breathing: .*$", "  breathing: Adem en voel maar")
    again = build(tmp_path / "out", built.cache, "--content", own_content)
    new = track_of(copy, "breathing")
    assert again.stderr.startswith(FOR_WHOM) and again.stderr.count("\n") == 1
    assert new.endswith("-adem-en-voel-maar-met-weinig-woorden.mp3")
    assert not (copy / old).exists(), "the track under its old title would be heard twice"
    assert str(ID3(copy / new)["TIT2"]) == "Adem en voel maar, met weinig woorden"
    assert len(list(copy.glob("*.mp3"))) == len(built.pack["tracks"])


# --- guidance, night and bed --------------------------------------------------------------------


ALL_OPTIONS = ("--guidance", "tones", "--night", "--bed", "brown")


class TinyBuilds:
    """Builds week 1 of the tiny programme, with a cache that all share."""

    def __init__(self, content: Path, cache: Path, root: Path) -> None:
        self.content = content
        self.cache = cache
        self._root = root

    def build(self, out: Path, *options: str | Path) -> "subprocess.CompletedProcess[str]":
        own = ("--content", self.content, "--jobs", "1")
        return build(out, self.cache, *own, *options, week="1")

    def pack(self, *options: str) -> Path:
        """The folder of a pack that was built once with ``options``. Tests only look at it."""
        out = self._root / "-".join(("out", *options))
        if not out.exists():
            self.build(out, *options)
        return out / TINY_PACK

    def copy(self, out: Path, *options: str) -> Path:
        """The folder of a copy below ``out`` that a test may change."""
        shutil.copytree(self.pack(*options), out / TINY_PACK)
        return out / TINY_PACK


@pytest.fixture(scope="module")
def tinies(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyBuilds:
    """The processes of a parallel test run share the cache too, as builds at once may."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    return TinyBuilds(tiny, shared / "tiny-cache", tmp_path_factory.mktemp("tinies"))


def sound_in(folder: Path) -> dict[tuple[str, str], bytes]:
    """The encoded sound of every track, without its tags."""
    found = {}
    for track in read_manifest(folder)["tracks"]:
        path = folder / track["file"]
        found[track["session"], track["guidance"]] = path.read_bytes()[ID3(path).size :]
    return found


def test_a_pack_of_tones_for_the_night_over_a_bed(tinies: TinyBuilds) -> None:
    folder = tinies.pack(*ALL_OPTIONS)
    pack = read_manifest(folder)
    assert pack["night"] is True
    assert [(track["session"], track["guidance"], track["title"]) for track in pack["tracks"]] == [
        ("explanation", "full", "Uitleg, voor de nacht"),
        ("breathing", "tones", "Ademen en voelen, alleen tonen, voor de nacht"),
        ("light", "tones", "Licht aanspannen, 2 tellen, alleen tonen, voor de nacht"),
        ("quick", "tones", "Snelle kracht, alleen tonen, voor de nacht"),
    ]
    assert [track["days"] for track in pack["tracks"]] == [[1], [1, 2, 3, 4], [5, 6, 7], [5, 6, 7]]
    assert str(ID3(folder / pack["tracks"][1]["file"])["TIT2"]) == pack["tracks"][1]["title"]


def test_without_a_choice_the_first_days_are_full_and_the_others_brief(tinies: TinyBuilds) -> None:
    tracks = read_manifest(tinies.pack())["tracks"]
    assert [(track["session"], track["guidance"], track["days"]) for track in tracks] == [
        ("explanation", "full", [1]),
        ("breathing", "full", [1, 2]),
        ("breathing", "brief", [3, 4]),
        ("light", "full", [5, 6]),
        ("quick", "full", [5, 6]),
        ("light", "brief", [7]),
        ("quick", "brief", [7]),
    ]


def test_the_same_options_make_the_same_bytes_with_an_empty_cache_and_write_none(
    tinies: TinyBuilds, tiny: Path, tmp_path: Path
) -> None:
    folder = tinies.copy(tmp_path / "out", *ALL_OPTIONS)
    before = stamps_in(folder)
    fresh = TinyBuilds(tiny, tmp_path / "cache", tmp_path)
    again = fresh.build(tmp_path / "out", *ALL_OPTIONS)
    assert "rendering" in again.stderr
    assert again.stdout.endswith("; nothing changed\n")
    assert stamps_in(folder) == before
    assert bytes_in(folder) == bytes_in(tinies.pack(*ALL_OPTIONS))


def test_the_same_options_again_change_nothing(tinies: TinyBuilds, tmp_path: Path) -> None:
    folder = tinies.copy(tmp_path / "out", *ALL_OPTIONS)
    before = stamps_in(folder)
    again = tinies.build(tmp_path / "out", *ALL_OPTIONS)
    assert again.stderr == "" and again.stdout.endswith("; nothing changed\n")
    assert stamps_in(folder) == before


def test_night_and_bed_change_the_sound_and_nothing_that_is_heard_in_it(tinies: TinyBuilds) -> None:
    options = ((), ("--night",), ("--bed", "brown"), ("--night", "--bed", "brown"))
    folders = [tinies.pack(*each) for each in options]
    packs = [read_manifest(folder) for folder in folders]
    assert [pack["night"] for pack in packs] == [False, True, False, True]
    for tracks in zip(*(pack["tracks"] for pack in packs), strict=True):
        for key in ("session", "guidance", "days", "duration_ms", "chapters"):
            assert all(track[key] == tracks[0][key] for track in tracks)
        for key in ("file", "title"):
            day, night, day_with_bed, night_with_bed = (track[key] for track in tracks)
            assert day == day_with_bed != night == night_with_bed
        assert len({track["sha256"] for track in tracks}) == len(options)
    names = [set(bytes_in(folder)) for folder in folders]
    assert names[0] == names[2] != names[1] == names[3]


def test_a_build_without_a_bed_is_the_same_after_one_with(
    tinies: TinyBuilds, tmp_path: Path
) -> None:
    folder = tinies.copy(tmp_path / "out")
    tinies.build(tmp_path / "out", "--bed", "brown")
    assert bytes_in(folder) == bytes_in(tinies.pack("--bed", "brown"))
    tinies.build(tmp_path / "out")
    assert bytes_in(folder) == bytes_in(tinies.pack())


def test_another_guidance_in_the_same_folder_leaves_no_track_of_the_first(
    tinies: TinyBuilds, tmp_path: Path
) -> None:
    folder = tinies.copy(tmp_path / "out")
    before = sound_in(folder)
    tinies.build(tmp_path / "out", "--guidance", "tones")
    listed = {track["file"] for track in read_manifest(folder)["tracks"]}
    assert {path.name for path in folder.glob("*.mp3")} == listed
    assert sound_in(folder)["explanation", "full"] == before["explanation", "full"]
    tinies.build(tmp_path / "out")
    assert bytes_in(folder) == bytes_in(tinies.pack())


# --- a bed of one's own -------------------------------------------------------------------------


def write_noise(path: Path, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.05, 22_050 * 12)
    soundfile.write(path, noise, 22_050)


def test_a_bed_of_ones_own_is_known_by_what_it_holds(tinies: TinyBuilds, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_noise(tmp_path / "sea.wav", seed=1)
    tinies.build(out, "--bed", "sea.wav")
    sea = bytes_in(out / TINY_PACK)
    (tmp_path / "sea.wav").rename(tmp_path / "zee.wav")
    renamed = tinies.build(out, "--bed", tmp_path / "zee.wav")
    assert renamed.stdout.endswith("; nothing changed\n")
    write_noise(tmp_path / "zee.wav", seed=2)
    tinies.build(out, "--bed", "zee.wav")
    assert bytes_in(out / TINY_PACK) != sea != bytes_in(tinies.pack())


@pytest.mark.parametrize(
    ("name", "data"),
    [("notes.txt", b"buy milk"), ("empty.wav", b""), ("cut.wav", b"RIFF\x24\0\0\0WAVEfmt ")],
)
def test_a_bed_that_is_no_sound_is_one_error_and_no_pack_is_written(
    tinies: TinyBuilds, tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    options = ("--content", str(tinies.content), "--bed", name, "--out", "out")
    result = run_here(tmp_path, "build", *options, cache=tinies.cache)
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert (result.returncode, result.stdout, len(errors)) == (1, "", 1), result.stderr
    assert errors[0].startswith(f"Error: {name}: ")
    assert "Traceback" not in result.stderr and "speaking" not in result.stderr
    remembered = places.FILE  # before anything is put there
    assert {path.name for path in tmp_path.iterdir()} == {name, remembered}


# --- what is written and what is said -----------------------------------------------------------


def test_the_lyrics_are_what_is_written_not_how_it_is_spelt_for_the_voice(
    tinies: TinyBuilds,
) -> None:
    folder = tinies.pack()
    [lyrics] = ID3(folder / track_titled(folder, "Licht aanspannen, 2 tellen")).getall("USLT")
    assert "Houd twee tellen vast." in lyrics.text.splitlines()
    assert "tehlen" not in lyrics.text


def track_titled(folder: Path, title: str) -> str:
    [file] = [t["file"] for t in read_manifest(folder)["tracks"] if t["title"] == title]
    return str(file)


def test_a_new_pronunciation_changes_only_the_tracks_that_say_the_word(
    tinies: TinyBuilds, tiny: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(tiny, tmp_path / "own"))
    folder = tinies.copy(tmp_path / "out")
    before = sound_in(folder)
    replace_once(own / "nl.yaml", "^    tellen: tehlen$", "    tellen: tel-len")
    again = build(tmp_path / "out", tinies.cache, "--content", own, week="1")
    after = sound_in(folder)
    assert {key for key in before if before[key] != after[key]} == {
        ("light", "full"),
        ("light", "brief"),
    }
    assert "rendering: 2 to do" in again.stderr
