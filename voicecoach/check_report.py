"""A programme in a folder -> the page on which a physiotherapist agrees with it."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from voicecoach import sign_off, sign_off_page, store
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.errors import StorageError


def write(
    folder: Path, programme: Programme, words: Translation, remarks: Sequence[str], path: Path
) -> None:
    """Writes to ``path`` every prescription of ``programme``, which was read from ``folder``, and
    the ``remarks`` that ``check`` has on it.

    Raises StorageError where the content cannot be read, or the page not be written.
    """
    page = sign_off_page.html_page(
        programme,
        words,
        sign_off.sign_off(programme),
        remarks,
        _hashes(folder, programme),
    )
    store.write_whole(path, page.encode())


def _hashes(folder: Path, programme: Programme) -> Mapping[str, str]:
    """The SHA-256 of each file of the content, as ``sha256sum`` prints it."""
    names = ["programme.yaml", *(f"{language}.yaml" for language in programme.translations)]
    try:
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    except OSError as error:
        raise StorageError(f"{error.filename}: cannot be read: {error.strerror}") from error
