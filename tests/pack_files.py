"""Packs that are small and quick to make, for tests that copy them about."""

import hashlib
import random
import shutil
from collections.abc import Mapping
from pathlib import Path

from voicecoach.pack import manifest
from voicecoach.pack.manifest import FileEntry, Manifest, PlaylistEntry, TrackEntry

SLUG = "bekkenbodem-na-de-bevalling"


def sound(seed: int, size_bytes: int) -> bytes:
    """Bytes that look like nothing else, the same for the same seed."""
    return random.Random(seed).randbytes(size_bytes)


def make_pack(
    out: Path, week: int, tracks: Mapping[str, bytes], slug: str = SLUG, mark: str = "a"
) -> Path:
    """A pack as ``build`` leaves it, of these tracks; ``mark`` shapes its other files."""
    folder = out / slug / f"week-{week:02d}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lists = {
        name: f"#EXTM3U\n#PLAYLIST:{mark}\n{chr(10).join(tracks)}\n".encode()
        for name in (f"week-{week:02d}.m3u8", f"day-{week * 7:02d}.m3u8")
    }
    beside = {name.replace(".mp3", ".lrc"): f"[00:00.00]{mark}".encode() for name in tracks}
    others = {"cover.jpg": f"picture {mark}".encode() * 50, **lists, **beside}
    for name, data in {**tracks, **others}.items():
        (folder / name).write_bytes(data)
    (folder / manifest.FILE).write_bytes(manifest.write(_manifest(week, tracks, lists, others)))
    return folder


def contents(root: Path) -> dict[str, bytes]:
    """Every file below ``root``, by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _manifest(
    week: int,
    tracks: Mapping[str, bytes],
    lists: Mapping[str, bytes],
    others: Mapping[str, bytes],
) -> Manifest:
    return Manifest(
        programme="pelvic-floor",
        edition=2026,
        language="nl",
        title=f"Week {week}",
        artist="voicecoach",
        voice="espeak:nl+f2",
        week=week,
        night=False,
        version="0.1.0",
        tracks=tuple(
            TrackEntry(
                file=name,
                title=name,
                session=name,
                guidance="full",
                days=(week * 7,),
                duration_ms=1000,
                bytes=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                voices=("espeak:nl+f2",),
                chapters=(),
            )
            for name, data in tracks.items()
        ),
        playlists=tuple(
            PlaylistEntry(file=name, title=name, tracks=tuple(tracks)) for name in lists
        ),
        files=tuple(
            FileEntry(file=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, data in others.items()
        ),
    )
