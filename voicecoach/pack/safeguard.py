"""Removes from a client's packs what her answers forbid, before a command does anything else.

If nothing is forbidden, no pack is read.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import private_files
from voicecoach.cache import user_cache
from voicecoach.files import FileState, state_or_none
from voicecoach.messages import Message

if TYPE_CHECKING:
    from voicecoach.content.clinical_state import Situation

Note = Callable[[str], None]
FILES = (Path(private_files.PROFILE), Path(private_files.CHECK_INS))
"""The files in a client's folder that decide it."""
OUTPUT = Path("output")
"""The default folder of packs."""


def find(folder: Path, outs: Iterable[Path], note: Note, *, syncs: bool = False) -> bool:
    """Applies the answers in ``folder`` to the packs below ``outs``. Returns whether contractions
    are forbidden. With ``syncs``, omits the advice to sync the phone.

    Raises ContentError and StorageError if the client's files cannot be read, or she has not
    finished telling about herself.
    """
    told = (private_files.PROFILE, private_files.UNFINISHED)
    if not any(os.path.lexists(folder / name) for name in told):
        return False
    from voicecoach.profile import client  # imports YAML: slow, and often not needed

    # In any language: it may be one that only the client's own programme has.
    hers = client.find(folder, lambda remark: None, passed_over=("language",))
    return hers is not None and apply(hers.situation, outs, note, syncs=syncs)


def apply(situation: "Situation", outs: Iterable[Path], note: Note, *, syncs: bool = False) -> bool:
    """Removes what ``situation`` forbids from the packs below ``outs``, and reports it to ``note``.
    Returns whether contractions are forbidden, by the rules of the built-in programme. Raises
    StorageError."""
    from voicecoach.content.reading import programme as programme_reader  # reads YAML: slow
    from voicecoach.planning import gates

    if not gates.may_be_shut(situation):
        return False
    built_in = programme_reader.read(programme_reader.built_in(programme_reader.BUILT_IN))
    is_shut = gates.is_shut(built_in, situation)
    if is_shut:
        withdraw(outs, note, syncs=syncs)
    return is_shut


def withdraw(outs: Iterable[Path], note: Note, *, syncs: bool = False) -> None:
    """Removes all contractions from the packs below ``outs``, and reports it to ``note``. Raises
    StorageError."""
    from voicecoach.pack import withdrawal  # rarely needed

    withdrawn = withdrawal.withdraw(dict.fromkeys(outs), user_cache())
    for doubt in withdrawn.doubts:
        note(doubt)
    if withdrawn.sessions:
        sentence = withdrawal.sentence(withdrawn)
        note(sentence if syncs else Message("withdrawn.and_then", sentence=sentence))


class Watch:
    """Watches a client's files for changes while packs are served."""

    def __init__(self, folder: Path, outs: Iterable[Path], note: Note) -> None:
        self._folder = folder
        self._outs = tuple(outs)
        self._note = note
        self._seen: object = None

    @property
    def is_due(self) -> bool:
        """Whether the files have changed since the last look. Quick."""
        return self._marks() != self._seen

    def look(self) -> bool:
        """Applies the current answers. Returns whether contractions are forbidden.

        Raises ContentError and StorageError; then the next look is due.
        """
        marks = self._marks()
        is_shut = find(self._folder, self._outs, self._note)
        self._seen = marks
        return is_shut

    def _marks(self) -> list[FileState | None]:
        return [state_or_none(self._folder / file) for file in FILES]
