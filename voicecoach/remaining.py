"""A pack -> the same pack without its contractions: what a build would write if they were left out.
No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicecoach import manifest, page_cut, playlist
from voicecoach.digest import digest_of
from voicecoach.manifest import PAGE_FILE, FileEntry, Manifest, PlaylistEntry, TrackEntry
from voicecoach.planning.planner import BREATHING, CONTRACTIONS, EXPLANATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is left of a pack."""

    sessions: int
    """How many were taken out."""
    gone: tuple[FileEntry, ...]
    """Files that are to go: the sound first, then what belongs to it."""
    files: Mapping[str, bytes]
    """Files that are to be replaced, pack.json last; empty where nothing is left of the pack."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self.files


def may_have_contractions(listed: Manifest) -> bool:
    """Whether the pack has a track of contractions, or one of which that is unknown."""
    return any(track.kind not in (BREATHING, EXPLANATION) for track in listed.tracks)


def without_contractions(listed: Manifest, page: bytes | None) -> Remaining:
    """What is left of the pack that ``listed`` describes and whose page is ``page``.

    Where pack.json does not say of what kind a track is, the page does. What neither knows counts
    as contractions. A page that cannot be cut goes too, and so does the playlist of a day on which
    nothing is left: the next build makes them again.
    """
    shown = {} if page is None else page_cut.contractions_in(page)
    judged = [replace(track, kind=track.kind or _kind(track, shown)) for track in listed.tracks]
    kept = tuple(track for track in judged if track.kind in (BREATHING, EXPLANATION))
    names = {track.file for track in kept}
    lost = {track.file for track in listed.tracks} - names
    lost |= {track.beside(end) for track in judged if track.file in lost for end in _BESIDE}
    cut = page_cut.only(page, names) if page is not None and names else None
    playlists = tuple(
        replace(each, tracks=tracks)
        for each in listed.playlists
        if (tracks := tuple(file for file in each.tracks if file in names))
    )
    replaced = _written(playlists, kept) | ({} if cut is None else {PAGE_FILE: cut})
    if not names:
        return Remaining(sessions=len(judged), gone=listed.all_files, files={})
    lost |= {PAGE_FILE, *(each.file for each in listed.playlists)} - replaced.keys()
    files = tuple(
        _entry(each.file, replaced[each.file]) if each.file in replaced else each
        for each in listed.files
        if each.file not in lost
    )
    left = replace(listed, tracks=kept, playlists=playlists, files=files)
    return Remaining(
        sessions=len(judged) - len(kept),
        gone=tuple(each for each in listed.all_files if each.file in lost),
        files={**replaced, manifest.FILE: manifest.write(left)},
    )


_BESIDE = (".vtt", ".lrc")


def _kind(track: TrackEntry, shown: Mapping[str, bool]) -> str:
    return BREATHING if shown.get(track.file) is False else CONTRACTIONS


def _entry(file: str, data: bytes) -> FileEntry:
    digest = digest_of(data)
    return FileEntry(file=file, bytes=digest.bytes, sha256=digest.sha256)


def _written(
    playlists: tuple[PlaylistEntry, ...], kept: tuple[TrackEntry, ...]
) -> dict[str, bytes]:
    entries = {
        track.file: playlist.Entry(
            file=track.file, title=track.title, duration_ms=track.duration_ms
        )
        for track in kept
    }
    return {
        each.file: playlist.write(each.title, [entries[file] for file in each.tracks])
        for each in playlists
    }
