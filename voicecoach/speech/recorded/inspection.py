"""Checks recordings and reports what is wrong with them; decodes each only once."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voicecoach import strict_json
from voicecoach.audio.signal import WAV_HEADER_BYTES, length_ms
from voicecoach.cache import Cache
from voicecoach.errors import SpeechError
from voicecoach.messages import Message, reason
from voicecoach.speech.process import WorkerProcess


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


WORKER = f"{__package__}.worker"
_LIMIT_S = 30.0
"""The longest a file may take; a minute of MP3 takes 0.2 s."""
_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The result for a file."""

    sha256: str
    """Of the content; empty if it could not be read."""
    error: str
    """Why the file is unusable, and what to do; empty if it is usable."""
    faults: tuple[Fault, ...]
    length_ms: int = 0
    """Length without the silence at both ends."""


def inspect(paths: Sequence[Path], cache: Cache, version: str) -> Iterator[Inspection]:
    """Inspects the files ``paths``, in order. Results are kept in ``cache`` for ``version``, which
    identifies the code and libraries.

    Raises StorageError if no file can be opened.
    """
    worker = WorkerProcess(WORKER, limit_s=_LIMIT_S)
    try:
        for path in paths:
            yield _inspected(path, cache, version, worker)
    finally:
        worker.stop()


def _inspected(path: Path, cache: Cache, version: str, worker: WorkerProcess) -> Inspection:
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        what = Message("recordings.cannot_be_opened", reason=reason(error))
        return Inspection(sha256="", error=what, faults=())
    key = hashlib.sha256(f"{sha256} {version}".encode()).hexdigest()
    note = cache.note(f"recorded-{key}")
    noted = cache.read(note)
    if noted is not None:
        return _noted(noted, sha256)
    try:
        found = _asked(path, sha256, worker)
    except SpeechError as error:
        # Not cached: the process may have ended for a reason unrelated to the file.
        what = Message("recordings.cannot_be_decoded", error=error.message)
        return Inspection(sha256=sha256, error=what, faults=())
    cache.keep(
        note,
        json.dumps(
            {
                "error": found.error,
                "faults": list(found.faults),
                "length_ms": found.length_ms,
            }
        ).encode(),
    )
    return found


def _asked(path: Path, sha256: str, worker: WorkerProcess) -> Inspection:
    """The result from the child process. Raises SpeechError if it fails twice in a row."""
    question = {"text": "", "voice": "", "rate_wpm": 0, "file": str(path)}
    for tries_left in reversed(range(_TRIES)):
        try:
            answer, wav_bytes = worker.ask(question)
        except SpeechError:
            if not tries_left:
                raise
            continue
        if answer["sha256"] != sha256:
            raise SpeechError(Message("recordings.changed"))
        faults = tuple(map(Fault, answer["faults"]))
        samples = max(0, len(wav_bytes) - WAV_HEADER_BYTES) // 2
        return Inspection(
            sha256=sha256, error=answer["error"], faults=faults, length_ms=length_ms(samples)
        )
    raise AssertionError("unreachable")


def _noted(note: bytes, sha256: str) -> Inspection:
    """The result kept as ``note``."""
    told = strict_json.loads(note)
    return Inspection(
        sha256=sha256,
        error=told["error"],
        faults=tuple(map(Fault, told["faults"])),
        length_ms=told["length_ms"],
    )
