"""Packs -> each of their days as one MP3, as the server joins them, for the destination."""

import hashlib
from collections.abc import Iterable, Iterator

from voicecoach.errors import StorageError, SyncError
from voicecoach.messages import Message
from voicecoach.pack.layout import day_playlist
from voicecoach.pack.manifest import FoundPack, Manifest
from voicecoach.pack.verdict import Judge
from voicecoach.phone.sync.ledger import Entry
from voicecoach.phone.sync.steps import DesiredFile
from voicecoach.phone.web.day_file import Joiner, parts_of_day
from voicecoach.phone.web.held import Content, open_held

_PLAYLIST, _SOUND = ".m3u8", ".mp3"


def files_of_days(packs: Iterable[FoundPack], judge: Judge | None) -> Iterator[DesiredFile]:
    """A file for each day of ``packs`` that is right: the plan of now has the same for it. Without
    a ``judge``, all are.

    Raises SyncError if a track is missing, was changed, or does not join with the others.
    """
    joiner = Joiner()
    for pack in packs:
        listed = pack.manifest
        days = {day for track in listed.tracks for day in track.days}
        right = days if judge is None else days & judge.right_days(listed)
        contents = _contents(pack) if right else {}
        for day in sorted(right):
            name = _name_of(listed, day)
            if name is None:
                continue
            try:
                joined = joiner.join(listed, day, parts_of_day(listed, day, contents))
                digest = hashlib.sha256()
                for block in joined.blocks():
                    digest.update(block)
            except StorageError as error:
                raise SyncError(error.message) from error
            path = f"{pack.slug}/{pack.name}/{name}"
            entry = Entry(path=path, bytes=joined.size, sha256=digest.hexdigest())
            yield DesiredFile(entry=entry, source=joined)


def names_without(listed: Manifest, lost: Iterable[str] = ()) -> set[str]:
    """The names of the day files of a pack, but of days that have any of the ``lost`` tracks."""
    gone = set(lost)
    return {
        playlist.file.removesuffix(_PLAYLIST) + _SOUND
        for playlist in listed.playlists
        if playlist.file.startswith("day-") and not gone.intersection(playlist.tracks)
    }


def _name_of(listed: Manifest, day: int) -> str | None:
    """The name of the file of ``day``; ``None`` where it has no tracks."""
    name = day_playlist(day)
    has_tracks = any(each.file == name and each.tracks for each in listed.playlists)
    return name.removesuffix(_PLAYLIST) + _SOUND if has_tracks else None


def _contents(pack: FoundPack) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for track in pack.manifest.tracks:
        path = pack.folder / track.file
        try:
            content = open_held(path, hold=False)
        except (OSError, StorageError) as error:
            raise SyncError(Message("errors.sync_missing", source=path)) from error
        if content.sha256 != track.sha256:
            raise SyncError(Message("errors.sync_rebuilt", source=path))
        found[track.file] = content
    return found
