"""Removes from a client's packs what her answers forbid, before a command does anything else."""

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import environment, private_files
from voicecoach.cache import user_cache
from voicecoach.files import FileState, state_or_none
from voicecoach.messages import Message

if TYPE_CHECKING:
    from voicecoach.pack.manifest import FoundPack
    from voicecoach.pack.remaining import Permits
    from voicecoach.pack.verdict import Judge
    from voicecoach.profile.client import Hers

Note = Callable[[str], None]
FILES = tuple(
    map(Path, (private_files.PROFILE, private_files.CHECK_INS, private_files.PRESCRIPTION))
)
"""The files in a client's folder that decide it."""


def owner(out: Path) -> Path:
    """The folder of the client whose packs are in ``out``: for a client of a practice ``out``
    itself, else the current folder."""
    return out if os.path.lexists(out / private_files.PROFILE) else Path()


def find(folder: Path, outs: Iterable[Path], note: Note, *, syncs: bool = False) -> "Judge | None":
    """Applies the answers in ``folder``, if there are any, to the packs below ``outs``; see
    :func:`apply`.

    Raises ContentError and StorageError if the client's files cannot be read, or she has not
    finished telling about herself.
    """
    told = (private_files.PROFILE, private_files.UNFINISHED)
    if not any(os.path.lexists(folder / name) for name in told):
        return None
    from voicecoach.profile import client  # imports YAML: slow, and often not needed

    # In any language: it may be one that only the client's own programme has.
    hers = client.find(folder, lambda remark: None, passed_over=("language",))
    return None if hers is None else apply(hers, folder, outs, note, syncs=syncs)


def apply(
    hers: "Hers", folder: Path, outs: Iterable[Path], note: Note, *, syncs: bool = False
) -> "Judge":
    """Removes what her answers forbid from the packs below ``outs`` and all others that ``folder``
    remembers, and reports it to ``note``. With ``syncs``, omits the advice to sync the phone.
    Returns who judges packs by these answers. Raises StorageError."""
    from voicecoach.pack import places, verdict  # read YAML: slow

    known = places.read(folder)
    judge = verdict.Judge(hers, known)
    _withdraw([*outs, *known.outs], judge.permits, note, syncs=syncs)
    return judge


def withdraw_contractions(folder: Path, note: Note) -> None:
    """Removes all contractions from all packs that ``folder`` remembers, and reports it to
    ``note``. Raises StorageError."""
    from voicecoach.pack import places, remaining  # rarely needed

    _withdraw(places.read(folder).outs, remaining.no_contractions, note)


def _withdraw(outs: Iterable[Path], permits: "Permits", note: Note, *, syncs: bool = False) -> None:
    from voicecoach.pack import withdrawal

    each_once = {out.resolve(): out for out in outs}
    withdrawn = withdrawal.withdraw(each_once.values(), user_cache(), permits)
    for doubt in withdrawn.doubts:
        note(doubt)
    if withdrawn.sessions:
        sentence = withdrawal.sentence(withdrawn)
        note(sentence if syncs else Message("withdrawn.and_then", sentence=sentence))


def warn(judge: "Judge", packs: "Iterable[FoundPack]", note: Note) -> None:
    """Reports to ``note`` which of ``packs`` are not what is planned now: they lack something, or
    cannot be compared with the plan."""
    names = [pack.name for pack in packs if not judge.is_right(pack.manifest)]
    if names:
        note(Message("withdrawn.not_as_planned", packs=", ".join(dict.fromkeys(names))))


class Watch:
    """Watches a client's files, and the calendar, for changes while packs are served."""

    def __init__(self, out: Path, note: Note) -> None:
        self._folder = owner(out)
        self._out = out
        self._note = note
        self._seen: object = None
        self.judge: Judge | None = None
        """Who compares packs with the answers of the last look; ``None`` without a profile."""

    @property
    def is_due(self) -> bool:
        """Whether something has changed since the last look. Quick."""
        return self._marks() != self._seen

    def look(self) -> None:
        """Applies the current answers to the packs that are served, and warns of those that are not
        as planned.

        Raises ContentError and StorageError; then the next look is due.
        """
        from voicecoach.pack import manifest  # rarely needed

        marks = self._marks()
        self.judge = find(self._folder, [self._out], self._note)
        if self.judge is not None:
            packs = manifest.find_packs(self._out, lambda remark: None)
            warn(self.judge, packs, self._note)
        self._seen = marks

    def _marks(self) -> tuple[date, list[FileState | None]]:
        return environment.today(), [state_or_none(self._folder / file) for file in FILES]
