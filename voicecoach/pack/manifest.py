"""pack.json: the content of a pack, and which files in its folder are ours; finds packs by it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voicecoach import strict_json
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason
from voicecoach.script.script import TimedChapter

FILE = "pack.json"
PAGE_FILE = "index.html"
COVER_FILE = "cover.jpg"
FORMAT = 1
_YEARS = range(1, 9001)
_WEEKS = range(1, 10_000)
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
"""Valid file names in a pack: safe on every file system, never a path."""
_NAME = re.compile(NAME)
OUR_NAME = re.compile(r"w[0-9]{2}-[0-9]{2,}-[a-z0-9-]+\.(mp3|vtt|lrc)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file of the pack, with its size and hash."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEntry:
    """A track of the pack; its captions and lyrics have the same stem."""

    file: str
    title: str
    session: str
    kind: str = ""
    """``contractions``, ``breathing`` or ``explanation``; empty in packs of older versions."""
    guidance: str
    days: tuple[int, ...]
    duration_ms: int
    bytes: int
    sha256: str
    voices: tuple[str, ...]
    chapters: tuple[TimedChapter, ...]
    asks: str = ""
    """Keyed digest of what the session asks for; empty for a greeting, and in older packs."""

    def beside(self, suffix: str) -> str:
        """The name of the track's file with ``suffix`` (``.vtt``, ``.lrc``)."""
        return self.file.removesuffix(".mp3") + suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEntry:
    """A playlist and the files of its tracks, in order."""

    file: str
    title: str
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """A day of the pack."""

    day: int
    plan: str
    """Keyed digest of the day's planned sessions; empty since some of them were withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """What it takes to make the pack again, without the places of files; empty if not given."""

    voices: tuple[str, ...] = ()
    guidance: str = ""
    bed: str = ""
    """The name of a built-in one, or a hash of the sound file."""
    is_built_in: bool = True
    """Whether the programme is a built-in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of a pack, without personal data or time of building."""

    programme: str
    edition: int
    """Year of the content's edition."""
    language: str
    title: str
    """The programme and the week, for display."""
    artist: str
    voice: str
    week: int
    night: bool
    version: str
    tracks: tuple[TrackEntry, ...]
    playlists: tuple[PlaylistEntry, ...]
    files: tuple[FileEntry, ...]
    """All other files, including playlists, except pack.json itself."""
    options: BuildOptions = BuildOptions()
    days: tuple[DayEntry, ...] = ()
    """Empty in packs of older versions."""

    @property
    def all_files(self) -> tuple[FileEntry, ...]:
        """Every file of the pack except pack.json: first the tracks, then the others."""
        tracks = (FileEntry(file=t.file, bytes=t.bytes, sha256=t.sha256) for t in self.tracks)
        return (*tracks, *self.files)


def write(manifest: Manifest) -> bytes:
    """The manifest as JSON."""
    content = {"format": FORMAT, **asdict(manifest)}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises StorageError if it is missing or unreadable."""
    path = folder / FILE
    try:
        return parse(path.read_bytes(), path)
    except OSError as error:
        raise StorageError(Message("errors.no_pack", path=path, reason=reason(error))) from error


def parse(data: bytes, path: Path) -> Manifest:
    """Parses ``data``, read from ``path``. Raises StorageError."""
    try:
        content = strict_json.loads(data)
        if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
            raise StorageError(Message("errors.manifest_of_other_version", path=path))
        found: Manifest = strict_json.typed(Manifest, content, "the manifest")
        if not (found.edition in _YEARS and found.week in _WEEKS):
            raise ValueError(f"its edition is {found.edition}, its week {found.week}")
        _check_names(found)
    except ValueError as error:
        raise StorageError(
            Message("errors.no_manifest_of_ours", path=path, error=str(error))
        ) from error
    return found


def files_written(folder: Path) -> dict[str, str]:
    """SHA-256 by name of every track, caption and lyrics file that the manifest in ``folder``, of
    any version, lists.

    Empty if there is no manifest of ours: then no file there is ours to delete.
    """
    try:
        content = strict_json.loads((folder / FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    except OSError as error:
        raise StorageError(
            Message("errors.file_cannot_be_read", file=folder / FILE, reason=reason(error))
        ) from error
    return {
        entry["file"]: str(entry.get("sha256"))
        for entry in _listed(content)
        if isinstance(entry.get("file"), str) and OUR_NAME.fullmatch(entry["file"])
    }


def _listed(content: Any) -> Iterator[dict[str, Any]]:
    for key in ("tracks", "files") if isinstance(content, dict) else ():
        entries = content.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield entry


def _check_names(manifest: Manifest) -> None:
    """Raises ValueError for a name that is a path, is listed twice, or is not listed as a file."""
    names = [entry.file for entry in manifest.all_files]
    for name, times in Counter(name.lower() for name in names).items():
        if times > 1 or not _NAME.fullmatch(name) or name == FILE:
            raise ValueError(f"{name!r} is not the name of a file, or is listed twice")
    tracks = {track.file for track in manifest.tracks}
    for playlist in manifest.playlists:
        if playlist.file not in names or not tracks.issuperset(playlist.tracks):
            raise ValueError(f"{playlist.file!r} or a track in it is not listed")


_SLUG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
_WEEK = re.compile(r"week-[0-9]{2,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPack:
    """A pack in the output folder, with its manifest."""

    folder: Path
    slug: str
    """Name of its programme's folder, in the language of the pack."""
    name: str
    """Name of its own folder, such as ``week-03``."""
    manifest: Manifest


def find_packs(out: Path, note: Callable[[str], None] | None = None) -> tuple[FoundPack, ...]:
    """Every pack in ``out/<programme>/week-NN``, in order of programme and week.

    Ignores links, which may lead out of ``out``. ``note`` receives a message for each pack whose
    manifest cannot be read; without ``note``, its StorageError is raised. Also raises StorageError
    if ``out`` itself cannot be read; an ``out`` that does not exist has no packs.
    """
    found = []
    for week in folders_of_packs(out):
        listed = week / FILE
        if listed.is_symlink() or not listed.exists():
            continue  # a build has just begun
        try:
            pack = read(week)
        except StorageError as error:
            if note is None:
                raise
            note(Message("withdrawn.left_out", error=error.message))
            continue
        found.append(FoundPack(folder=week, slug=week.parent.name, name=week.name, manifest=pack))
    return tuple(sorted(found, key=lambda pack: (pack.slug, pack.manifest.week, pack.name)))


def folders_of_packs(out: Path) -> list[Path]:
    """Every folder that is named as one of a pack is. Raises StorageError."""
    return [week for programme in _folders(out, _SLUG) for week in _folders(programme, _WEEK)]


def _folders(parent: Path, name: re.Pattern[str]) -> list[Path]:
    try:
        return sorted(
            path
            for path in parent.iterdir()
            if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(
            Message("errors.packs_cannot_be_read", folder=parent, reason=reason(error))
        ) from error
