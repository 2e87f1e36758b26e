"""What she told -> what it forbids is taken out of her packs, before a command does anything else.

Nothing is looked at where nothing is forbidden.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import private_files
from voicecoach.cache import user_cache
from voicecoach.messages import Message

if TYPE_CHECKING:
    from voicecoach.content.clinical_state import Situation

Note = Callable[[str], None]
FILES = (Path(private_files.PROFILE), Path(private_files.CHECK_INS))
"""What decides it, in the folder of a client."""
OUTPUT = Path("output")
"""Where packs are where no other folder was named."""


def find(folder: Path, outs: Iterable[Path], note: Note, *, syncs: bool = False) -> bool:
    """Reads what she told in ``folder`` and applies it to the packs below ``outs``. Returns whether
    contractions are forbidden. Who ``syncs`` now need not be told to.

    Raises ContentError and StorageError, as where her files cannot be read.
    """
    if not os.path.lexists(folder / private_files.PROFILE):
        return False
    from voicecoach.profile import client  # reads YAML: slow to import, and often not needed

    # In whichever language: it may be one that only the programme she trains with knows.
    hers = client.find(folder, lambda remark: None, passed_over=("language",))
    return hers is not None and apply(hers.situation, outs, note, syncs=syncs)


def apply(situation: "Situation", outs: Iterable[Path], note: Note, *, syncs: bool = False) -> bool:
    """Takes out of the packs below ``outs`` what ``situation`` forbids, and tells ``note``. Returns
    whether contractions are forbidden. Raises StorageError."""
    from voicecoach.content import clinical_state

    is_shut = clinical_state.is_shut(situation)
    if is_shut:
        withdraw(outs, note, syncs=syncs)
    return is_shut


def withdraw(outs: Iterable[Path], note: Note, *, syncs: bool = False) -> None:
    """Takes all contractions out of the packs below ``outs``, and tells ``note``. StorageError."""
    from voicecoach.pack import withdrawal  # seldom needed

    withdrawn = withdrawal.withdraw(dict.fromkeys(outs), user_cache())
    for doubt in withdrawn.doubts:
        note(doubt)
    if withdrawn.sessions:
        sentence = withdrawal.sentence(withdrawn)
        note(sentence if syncs else Message("withdrawn.and_then", sentence=sentence))


class Watch:
    """Her files in a folder while packs are served: notices when they change."""

    def __init__(self, folder: Path, outs: Iterable[Path], note: Note) -> None:
        self._folder = folder
        self._outs = tuple(outs)
        self._note = note
        self._seen: object = None

    @property
    def is_due(self) -> bool:
        """Whether her files are others than at the last look. Quick."""
        return self._marks() != self._seen

    def look(self) -> bool:
        """Applies what her files say now. Returns whether contractions are forbidden.

        Raises ContentError and StorageError; then the next look is due.
        """
        marks = self._marks()
        is_shut = find(self._folder, self._outs, self._note)
        self._seen = marks
        return is_shut

    def _marks(self) -> list[tuple[int, ...] | None]:
        return [_mark(self._folder / file) for file in FILES]


def _mark(path: Path) -> tuple[int, ...] | None:
    """What tells one state of a file from the next; ``None`` where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
