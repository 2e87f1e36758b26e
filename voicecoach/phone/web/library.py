"""Packs on disk -> views that never mix two builds, even while a pack is being built.

A build replaces the files of a pack one by one, each by a rename, with pack.json last. A view holds
every file that one pack.json lists. So it stays consistent while the folder changes, and a new view
replaces it only once all files of the new pack.json exist.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.errors import StorageError
from voicecoach.messages import Message
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FileEntry, FoundPack, Manifest
from voicecoach.phone.web import feed
from voicecoach.phone.web.held import (
    CAN_HOLD,
    ChangedError,
    Content,
    Held,
    Kept,
    identity_of,
    open_held,
)

SMALL_BYTES = 65_536
"""Files up to this size are kept in memory, to hold fewer open."""
CHECK_S = 0.2
"""Interval of checks whether a pack was built again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A pack from one build."""

    manifest: Manifest
    contents: Mapping[str, Content]
    """Every file of the manifest, and pack.json itself, by name."""


class Pack:
    """A served pack. One thread at a time may refresh it; any thread may read ``views``."""

    def __init__(self, found: FoundPack, *, hold: bool = CAN_HOLD) -> None:
        self.found = found
        self.views: tuple[View, ...] = ()
        """The current view and then the previous one; empty until there is a complete pack."""
        self.is_gone = False
        """Whether the pack is gone."""
        self._hold = hold
        self._checked_s = -CHECK_S
        self._listing: Held | None = None
        self._strangers: dict[str, Held] = {}
        """Large files that did not match pack.json, so that they are hashed only once."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to check the folder again."""
        return time.monotonic() - self._checked_s >= CHECK_S

    def forget(self) -> None:
        """Drops the views, so that the folder is read again."""
        self.views = ()
        self._listing = None
        self._checked_s = -CHECK_S

    def refresh(self) -> None:
        """Reads a newer build, if any. An incomplete pack leaves the views unchanged."""
        path = self.found.folder / manifest.FILE
        try:
            if self._is_unchanged(path):
                return
            listing = open_held(path, hold=self._hold)
            raw = listing.read(0, listing.size)
            view = self._view(manifest.parse(raw, path), listing)
        except (FileNotFoundError, NotADirectoryError):
            self.is_gone = not path.exists()
            if self.is_gone:
                self.forget()
        except (OSError, StorageError):
            return  # not complete yet; checked again later
        else:
            current = self.views[0].contents[manifest.FILE].sha256 if self.views else None
            if current != listing.sha256:
                before = [old for old in self.views[:1] if not _is_withdrawn(old, view)]
                self.views = (view, *before)
            self._listing = listing
            self._strangers = {}
            self.is_gone = False
        finally:
            self._checked_s = time.monotonic()

    def _is_unchanged(self, path: Path) -> bool:
        identity = identity_of(path.lstat())
        return self._listing is not None and identity == self._listing.identity

    def _view(self, listed: Manifest, listing: Held) -> View:
        """Raises OSError or StorageError if the folder does not match ``listed``."""
        refuse_unfit(replace(self.found, manifest=listed))
        at_hand = {
            content.sha256: content
            for view in reversed(self.views)
            for content in view.contents.values()
            if isinstance(content, Kept) or (isinstance(content, Held) and content.is_intact())
        }
        contents: dict[str, Content] = {manifest.FILE: listing}
        for entry in listed.all_files:
            contents[entry.file] = at_hand.get(entry.sha256) or self._verified(entry)
        return View(manifest=listed, contents=contents)

    def _verified(self, entry: FileEntry) -> Content:
        path = self.found.folder / entry.file
        status = path.lstat()
        if status.st_size != entry.bytes:
            raise ChangedError(f"{path}: has {status.st_size} bytes, not {entry.bytes}")
        held = self._strangers.get(entry.file)
        if held is None or held.identity != identity_of(status):
            held = open_held(path, hold=self._hold)
        if held.sha256 != entry.sha256:
            if held.size > SMALL_BYTES:
                self._strangers[entry.file] = held
            raise ChangedError(f"{path}: is not what {manifest.FILE} lists")
        if held.size > SMALL_BYTES:
            return held
        kept = Kept(held.read(0, held.size))
        if kept.sha256 != entry.sha256:
            raise ChangedError(f"{path}: was changed while it was read")
        return kept


def _is_withdrawn(old: View, new: View) -> bool:
    """Whether ``old`` offers more than ``new``, but for breathing: then it must no longer be
    served, even at its old URLs."""
    return not _offers(old.manifest) <= _offers(new.manifest)


def _offers(listed: Manifest) -> set[tuple[str, str, int]]:
    """What the pack asks for on each day, but for breathing."""
    return {
        (track.asks, track.kind, day)
        for track in listed.tracks
        if track.kind != Breathing.kind
        for day in track.days
    }


class Library:
    """The packs in a folder, including later ones. One thread at a time may scan."""

    SCAN_S = 1.0
    """Interval of checks for new packs."""

    def __init__(self, out: Path, note: Callable[[str], None]) -> None:
        """``note`` receives one message for each pack that cannot be read."""
        self._out = out
        self._note = note
        self._noted: set[str] = set()
        self._scanned_s = -self.SCAN_S
        self.packs: dict[tuple[str, str], Pack] = {}
        """By the names of its two folders, in order."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to scan again."""
        return time.monotonic() - self._scanned_s >= self.SCAN_S

    def scan(self) -> None:
        """Adds new packs, and drops those that are gone. Raises StorageError if the folder cannot
        be read."""
        found = {(pack.slug, pack.name): pack for pack in self._fit()}
        kept = {
            key: pack
            for key, pack in self.packs.items()
            if key in found or (pack.found.folder / manifest.FILE).exists()
        }
        for key, pack in found.items():
            kept.setdefault(key, Pack(pack)).found = pack
        self.packs = dict(sorted(kept.items()))
        self._scanned_s = time.monotonic()

    def _fit(self) -> Iterator[FoundPack]:
        for pack in manifest.find_packs(self._out, self._note_once):
            try:
                refuse_unfit(pack)
            except StorageError as error:
                self._note_once(Message("withdrawn.left_out", error=error.message))
            else:
                yield pack

    def _note_once(self, remark: str) -> None:
        if remark not in self._noted:
            self._noted.add(remark)
            self._note(remark)


def refuse_unfit(pack: FoundPack) -> None:
    """Raises StorageError if the pack's manifest cannot be shown on a page or in a feed."""
    fault = _fault(pack)
    if fault is not None:
        raise StorageError(
            Message("errors.unfit_pack", file=pack.folder / manifest.FILE, fault=fault)
        )


@lru_cache(maxsize=512)
def _fault(pack: FoundPack) -> str | None:
    """The error from making everything that may be requested of ``pack``; ``None`` if none."""
    try:
        feed.write(pack.manifest, "http://localhost/")
        for track in pack.manifest.tracks:
            feed.chapters(track)
        feed.html_page([pack])
    except (ValueError, OverflowError) as error:
        return str(error)
    return None
