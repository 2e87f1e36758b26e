"""Lists the files of a folder that are named as recordings, without opening them."""

import functools
import hashlib
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voicecoach.errors import SpeechError
from voicecoach.messages import Message, reason

SUFFIXES = (".wav", ".flac", ".m4a", ".mp3")
"""Suffixes of recordings, in order of preference for two recordings of one utterance: lossless
before lossy, and AAC before MP3, which pads its ends."""
MOST_BYTES = 50_000_000
"""Largest recording: five times a minute of stereo in CD quality."""
_MOST_SLUG_CHARACTERS = 40
_WITHOUT_LETTERS = "prompt"
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-[0-9a-f]{8}")


@functools.lru_cache(maxsize=4096)
def stem_of(text: str) -> str:
    """The file name, without suffix, of the recording of ``text``.

    Begins with the words of ``text``, in lower case, digits and hyphens, which are safe on every
    file system; ends with a part of its hash, which distinguishes texts that begin alike.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(slug) > _MOST_SLUG_CHARACTERS:
        whole_words = slug[: _MOST_SLUG_CHARACTERS + 1].rpartition("-")[0]
        slug = whole_words or slug[:_MOST_SLUG_CHARACTERS]
    return f"{slug or _WITHOUT_LETTERS}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def is_stem(stem: str) -> bool:
    """Whether ``stem`` has the form that :func:`stem_of` returns."""
    return _STEM.fullmatch(stem) is not None


_OTHER_SUFFIXES = (".ogg", ".opus", ".oga", ".aac", ".3gp", ".amr", ".aif", ".aiff", ".caf", ".wma")
"""Other suffixes of sound files from phones and messengers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file named as the recording of an utterance."""

    path: Path
    """The path in the folder."""
    real_path: Path
    """The path with links resolved, which is within the folder."""
    stem: str


class Fault(StrEnum):
    """A flaw of a recording that is still usable."""

    QUIET = "quiet"
    CLIPPED = "clipped"
    NOISY = "noisy"
    CUT_START = "cut-start"
    CUT_END = "cut-end"


def about(path: Path, what: str) -> str:
    """A remark about the file ``path``; ``what`` is the problem and what to do."""
    return Message("errors.at", where=printable(str(path)), message=what)


def about_fault(path: Path, fault: Fault) -> str:
    """A remark about a ``fault`` of the file ``path``."""
    return about(path, Message(f"recordings.faults.{fault.name.lower()}"))


def printable(text: str) -> str:
    """``text`` with control and unprintable characters escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class _NotUsableError(Exception):
    """An entry of the folder cannot be a recording; the message says why."""


def listed(folder: Path) -> list[Path]:
    """All that is directly in ``folder``, by name. Raises SpeechError if it cannot be listed."""
    try:
        if not folder.exists():
            raise SpeechError(Message("recordings.no_folder", folder=folder))
        if not folder.is_dir():
            raise SpeechError(Message("recordings.is_a_file", folder=folder))
        return sorted(folder.iterdir())
    except OSError as error:
        raise SpeechError(
            Message("recordings.folder_cannot_be_read", folder=folder, reason=reason(error))
        ) from error


def recordings(folder: Path, paths: Iterable[Path]) -> tuple[list[Named], list[str]]:
    """The recordings among ``paths``, which are in ``folder``: one per stem, by name; and remarks
    about other files that seem to be meant as recordings."""
    named: list[Named] = []
    told: list[str] = []
    real_folder = folder.resolve()
    for path in _meant_as_sound(paths):
        try:
            named.append(_named(path, real_folder))
        except _NotUsableError as error:
            told.append(about(path, error.args[0]))
    best: dict[str, Named] = {}
    for file in sorted(named, key=lambda file: SUFFIXES.index(file.path.suffix.lower())):
        taken = best.setdefault(file.stem, file)
        if taken is not file:
            what = Message("recordings.used_instead", name=taken.path.name)
            told.append(about(file.path, what))
    return sorted(best.values(), key=lambda file: file.path), told


def leads_out(path: Path, real_folder: Path) -> bool:
    """Whether ``path``, with links resolved, is outside ``real_folder``. Raises OSError."""
    try:
        return not path.resolve(strict=True).is_relative_to(real_folder)
    except RuntimeError as error:  # Python before 3.13, for circular links
        raise OSError(0, "the link is circular") from error


def _meant_as_sound(paths: Iterable[Path]) -> Iterator[Path]:
    """Leaves out hidden files, such as the ``._`` files of macOS."""
    for path in paths:
        is_sound = path.suffix.lower() in (*SUFFIXES, *_OTHER_SUFFIXES)
        if is_sound and not path.name.startswith("."):
            yield path


def _named(path: Path, real_folder: Path) -> Named:
    if path.suffix.lower() in _OTHER_SUFFIXES:
        raise _NotUsableError(Message("recordings.other_kind"))
    stem = path.stem.lower()  # some devices write names in upper case
    if not is_stem(stem):
        raise _NotUsableError(Message("recordings.other_name"))
    try:
        if leads_out(path, real_folder):
            raise _NotUsableError(Message("recordings.leads_out"))
        found = path.stat()
    except OSError as error:
        raise _NotUsableError(Message("recordings.cannot_be_read", reason=reason(error))) from error
    if not stat.S_ISREG(found.st_mode):
        raise _NotUsableError(Message("recordings.no_file"))
    if found.st_size > MOST_BYTES:
        raise _NotUsableError(Message("recordings.too_large", megabytes=MOST_BYTES // 1_000_000))
    return Named(path=path, real_path=path.resolve(), stem=stem)
