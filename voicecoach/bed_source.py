"""`--bed` -> which sound lies under the sessions, and where its loop is kept. Loads no sound."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from voicecoach import recipe
from voicecoach.errors import BedError

BUILT_IN = ("brown", "waves", "rain")


@dataclass(frozen=True, slots=True, kw_only=True)
class BedSource:
    """A sound that can be made into a loop."""

    name: str
    """One of BUILT_IN, or the path of a file."""
    key: str
    """A hash of all that shapes the loop."""

    @property
    def is_built_in(self) -> bool:
        """Whether the program makes the sound itself."""
        return self.name in BUILT_IN


def find(name: str) -> BedSource:
    """The bed ``name``: brown, waves, rain, or a file. Raises BedError where there is none."""
    known = ", ".join(BUILT_IN)
    if not name:
        raise BedError(f"no bed was named: name a sound file, or one of: {known}")
    if name in BUILT_IN:
        return BedSource(name=name, key=recipe.bed_key(name))
    try:
        with Path(name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BedError(
            f"{name}: cannot be read: {error.strerror}; name a sound file, or one of: {known}"
        ) from error
    return BedSource(name=name, key=recipe.bed_key(digest))
