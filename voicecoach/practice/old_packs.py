"""Deletes packs of weeks that are over. Files that we did not write stay."""

from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.pack import layout, manifest, withdrawal
from voicecoach.pack.manifest import Manifest, TrackEntry


def remove(folder: Path, oldest_week: int, asked: Container[int], cache: Cache) -> None:
    """Deletes the packs below ``folder`` of weeks before ``oldest_week``, but those that are
    ``asked`` for. Raises StorageError."""
    names = {layout.folder_name(week) for week in range(1, oldest_week) if week not in asked}
    old = [path for path in manifest.folders_of_packs(folder) if path.name in names]
    if not old:
        return

    def is_kept(listed: Manifest, track: TrackEntry) -> bool:
        return listed.week >= oldest_week or listed.week in asked

    withdrawal.withdraw([folder], cache, is_kept)
    for programme in {path.parent for path in old}:
        with suppress(OSError):  # other packs are in it
            programme.rmdir()
