"""``recorded:FOLDER`` -> a voice that says what a person recorded in that folder.

The folder holds voice.yaml, which says who speaks, and a sound file for each utterance, named by
:func:`voicecoach.speech.recorded_folder.stem_of`. No file outside it is opened, and nothing is
written to it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from voicecoach import environment, limits, strict_json, strict_yaml
from voicecoach.audio.signal import WAV_HEADER_BYTES, length_ms
from voicecoach.cache import Cache
from voicecoach.content.reading.fields import Fields
from voicecoach.errors import ContentError, Problem, SpeechError, StorageError
from voicecoach.messages import Message, reason
from voicecoach.speech import recorded_folder as folders
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.recorded_folder import Fault
from voicecoach.speech.speaker import RecordedFile, Voice

NAME = "recorded"
ABOUT_FILE = "voice.yaml"

_MODULES = ("speech.recorded_worker",)
_LIBRARIES = ("numpy", "soundfile", "soxr", "av")
"""Together with :data:`_MODULES`, everything that shapes the decoded sound of a file."""
_SPEC = re.compile(r"[a-z]+:\S.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVoice:
    """A person's recordings."""

    voice: Voice
    """Named by the folder alone: its full path is private, and packs are shared."""
    fallback: str | None
    """The voice for texts that are not recorded, as on the command line."""
    files: Mapping[str, RecordedFile]
    """The usable recordings by stem."""
    remarks: tuple[str, ...]
    """A sentence about each unusable file, and about each fault of a usable one."""


def open_folder(folder: Path, language: str, cache: Cache) -> RecordedVoice:
    """The voice in ``folder``, which must speak ``language``. Decodes recordings that were not
    inspected before, by ``cache``.

    Raises SpeechError if there is no such folder, or it has no voice of this language;
    ContentError with all faults of its voice.yaml; StorageError if the cache cannot be used.
    """
    paths = folders.listed(folder)
    fallback = _read_about(folder, language)
    version = environment.makers_hash(_MODULES, _LIBRARIES)
    named, told = folders.recordings(folder, paths)
    files = {}
    worker = WorkerProcess(WORKER, limit_s=_LIMIT_S)
    try:
        for file in named:
            found = _inspected(file.real_path, cache, version, worker)
            if found.error:
                told.append(folders.about(file.path, found.error))
                continue
            files[file.stem] = RecordedFile(
                path=str(file.real_path), sha256=found.sha256, length_ms=found.length_ms
            )
            told += [folders.about_fault(file.path, fault) for fault in found.faults]
    finally:
        worker.stop()
    own_name = folders.printable(folder.resolve().name) or "recordings"
    return RecordedVoice(
        voice=Voice(engine=NAME, name=own_name, engine_version=version),
        fallback=fallback,
        files=files,
        remarks=tuple(told),
    )


def _read_about(folder: Path, language: str) -> str | None:
    """The fallback that voice.yaml in ``folder`` names. Raises SpeechError for another language."""
    path = folder / ABOUT_FILE
    try:
        if not path.is_file():
            raise SpeechError(Message("recordings.no_voice_file", path=path, language=language))
        if folders.leads_out(path, folder.resolve()):
            raise SpeechError(Message("recordings.voice_file_leads_out", path=path))
        name, spoken, fallback = _about(strict_yaml.read(path))
    except StorageError as error:
        raise SpeechError(Message("recordings.write_it_again", message=error.message)) from error
    except OSError as error:
        raise SpeechError(
            Message("recordings.voice_file_cannot_be_read", path=path, reason=reason(error))
        ) from error
    if spoken != language:
        raise SpeechError(
            Message(
                "recordings.speaks_another",
                path=path,
                name=name,
                spoken=spoken,
                language=language,
            )
        )
    return fallback


def _about(root: strict_yaml.Mapping) -> tuple[str, str, str | None]:
    """Who speaks by voice.yaml, which language, and the fallback. Raises ContentError."""
    problems: list[Problem] = []
    fields = Fields(root, problems)
    fallback = fields.text("fallback") if fields.has("fallback") else None
    if fallback and not _SPEC.fullmatch(fallback):
        fields.refuse("fallback", "write a voice as ENGINE:NAME, such as espeak:nl+f2")
    if fallback and fallback.startswith(f"{NAME}:"):
        fields.refuse("fallback", "a voice that speaks any text is expected, such as espeak:nl+f2")
    name, spoken = fields.text("name", limits.CHARACTERS_OF_A_NAME), fields.text("language")
    fields.text("licence")  # which is for whoever is given the folder
    fields.close()
    if problems:
        raise ContentError(problems)
    return name, spoken, fallback


WORKER = f"{__package__}.recorded_worker"
_LIMIT_S = 30.0
"""The longest a file may take; a minute of MP3 takes 0.2 s."""


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
        told = strict_json.loads(noted)
        return Inspection(**{**told, "faults": tuple(map(Fault, told["faults"]))})
    try:
        found = _asked(path, sha256, worker)
    except SpeechError as error:
        # Not cached: the process may have ended for a reason unrelated to the file.
        what = Message("recordings.cannot_be_decoded", error=error.message)
        return Inspection(sha256=sha256, error=what, faults=())
    cache.keep(note, json.dumps(asdict(found)).encode())
    return found


def _asked(path: Path, sha256: str, worker: WorkerProcess) -> Inspection:
    """The result from the child process. Raises SpeechError if it fails twice in a row."""
    question = {"text": "", "voice": "", "rate_wpm": 0, "file": str(path)}
    try:
        answer, wav_bytes = worker.ask(question)
    except SpeechError:
        answer, wav_bytes = worker.ask(question)
    if answer["sha256"] != sha256:
        raise SpeechError(Message("recordings.changed"))
    faults = tuple(map(Fault, answer["faults"]))
    samples = max(0, len(wav_bytes) - WAV_HEADER_BYTES) // 2
    return Inspection(
        sha256=sha256, error=answer["error"], faults=faults, length_ms=length_ms(samples)
    )
