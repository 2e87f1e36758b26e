"""Built packs in real players: mpv, VLC and ffprobe, from other folders and after being copied."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import run_voicecoach

from voicecoach.pack import manifest
from voicecoach.pack.manifest import Manifest, PlaylistEntry

pytestmark = pytest.mark.slow

WEEKS = (("nl", 3), ("en", 1))
COPY = "Mijn muziek/één kopie, 100% #1"
"""A path that is awkward in a terminal, in a URL and on a phone."""
OPENED = re.compile(r"`(file://[^']+\.mp3)' successfully opened")
FAULTS = re.compile(
    r".*\b(?:input|stream|demux|decoder|playlist|access) error: (?!option sub-original-fps).*"
)
"""But for what VLC says where it shows captions and lacks a plugin that knows the rate of films."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    """A folder that others may read too, with ``built`` and a copy of it: VLC refuses to run for
    root, so it runs for somebody who has no business in the folders of these tests."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-players-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for language, week in WEEKS:
            built = run_voicecoach(
                folder,
                *("build", "--language", language, "--week", str(week), "--out", "built"),
            )
            assert built.returncode == 0, built.stderr
        shutil.copytree(folder / "built", folder / COPY)
        (folder / "cwd").mkdir()
        yield folder


@pytest.fixture(params=["built", COPY])
def packs(request: pytest.FixtureRequest, elsewhere: Path) -> list[tuple[Path, Manifest]]:
    """Every pack where it was built, and where it was copied to."""
    folders = [path.parent for path in sorted((elsewhere / request.param).rglob(manifest.FILE))]
    assert len(folders) == len(WEEKS)
    return [(folder, manifest.read(folder)) for folder in folders]


def playlists(packs: list[tuple[Path, Manifest]]) -> list[tuple[Path, Manifest, PlaylistEntry]]:
    found = [(folder, pack, listed) for folder, pack in packs for listed in pack.playlists]
    assert len(found) == 8 * len(WEEKS)
    return found


@pytest.mark.skipif(not shutil.which("mpv"), reason="needs mpv")
def test_mpv_plays_every_playlist_in_order(
    packs: list[tuple[Path, Manifest]], elsewhere: Path
) -> None:
    for folder, pack, listed in playlists(packs):
        played = mpv(folder / listed.file, elsewhere / "cwd")
        assert [path for path, _, _ in played] == [folder / file for file in listed.tracks]
        tracks = {track.file: track for track in pack.tracks}
        for file, (_, duration_s, title) in zip(listed.tracks, played, strict=True):
            assert duration_s * 1000 == pytest.approx(tracks[file].duration_ms, abs=150), file
            assert title == tracks[file].title


def mpv(playlist: Path, cwd: Path) -> list[tuple[Path, float, str]]:
    """Path, length in seconds and title of everything that mpv began to play, a moment of each."""
    shown = subprocess.run(
        [
            *("mpv", "--no-config", "--ao=null", "--vo=null", "--no-video", "--length=0.1"),
            "--msg-level=all=error,term-msg=info",
            "--term-playing-msg=PLAYS\t${path}\t${=duration}\t${media-title}",
            os.path.relpath(playlist, cwd),
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, ""), shown
    lines = [line for line in shown.stdout.splitlines() if line]
    assert all(line.startswith("PLAYS\t") for line in lines), "mpv complains of something"
    fields = [line.split("\t")[1:] for line in lines]
    return [(Path(os.path.normpath(cwd / path)), float(s), title) for path, s, title in fields]


@pytest.mark.skipif(not shutil.which("cvlc"), reason="needs VLC")
@pytest.mark.skipif(os.name != "posix", reason="starts VLC as POSIX systems do")
def test_vlc_plays_every_playlist_in_order(
    packs: list[tuple[Path, Manifest]], elsewhere: Path
) -> None:
    """From where they were built only those of the weeks: VLC takes a second for every track."""
    is_copied = packs[0][0].is_relative_to(elsewhere / COPY)
    for folder, _, listed in playlists(packs):
        if is_copied or listed.file.startswith("week-"):
            played = vlc(folder / listed.file, elsewhere / "cwd")
            assert played == [folder / file for file in listed.tracks]


def vlc(playlist: Path, cwd: Path) -> list[Path]:
    """The tracks that VLC opened and decoded, a moment of each."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-vlc-") as home:
        as_nobody: dict[str, object] = {}
        if os.geteuid() == 0:
            import pwd  # on POSIX only

            nobody = pwd.getpwnam("nobody")
            as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
        shown = subprocess.run(
            [
                *("cvlc", "-vv", "--no-color", "--intf", "dummy", "--no-dbus", "--no-video"),
                *("--aout", "adummy", "--run-time", "1", "--play-and-exit"),
                os.path.relpath(playlist, cwd),
            ],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            **as_nobody,  # type: ignore[call-overload]
        )
    log = shown.stdout + shown.stderr
    assert shown.returncode == 0, log
    assert not FAULTS.findall(log)
    opened = [Path(unquote(urlsplit(url).path)) for url in OPENED.findall(log)]
    assert log.count("killing decoder fourcc `mp3 '") == len(opened), "something was not decoded"
    return opened


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs ffprobe")
def test_ffprobe_sees_the_chapters_of_every_track_in_order(
    packs: list[tuple[Path, Manifest]],
) -> None:
    for folder, pack in packs:
        for track in pack.tracks:
            seen = chapters(folder / track.file)
            assert seen == [(c.start_ms, c.end_ms, c.title) for c in track.chapters]
            assert (seen[0][0], seen[-1][1]) == (0, track.duration_ms)
            assert all(before[1] == after[0] for before, after in pairwise(seen)), track.file


def chapters(track: Path) -> list[tuple[int, int, str]]:
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", str(track)],
        capture_output=True,
        check=True,
    )
    assert probe.stderr == b""
    return [
        (
            round(float(chapter["start_time"]) * 1000),
            round(float(chapter["end_time"]) * 1000),
            chapter["tags"]["title"],
        )
        for chapter in json.loads(probe.stdout)["chapters"]
    ]
