"""``recorded:FOLDER`` -> a voice that says what a person recorded in that folder.

The folder holds voice.yaml, which says who speaks, and a sound file for each utterance, named by
:func:`voicecoach.speech.recorded.folder.stem_of`. No file outside it is opened, and nothing is
written to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecoach import environment, limits, strict_yaml
from voicecoach.cache import Cache
from voicecoach.content.reading.fields import Fields
from voicecoach.errors import ContentError, Problem, SpeechError, StorageError
from voicecoach.messages import Message, reason
from voicecoach.speech.recorded import folder as folders
from voicecoach.speech.recorded import inspection
from voicecoach.speech.recorded.inspection import inspect
from voicecoach.speech.voice import RecordedFile, Voice

NAME = "recorded"
ABOUT_FILE = "voice.yaml"

_MODULES = ("speech.recorded.worker",)
_LIBRARIES = ("numpy", "soundfile", "soxr", "av")
"""Together with :data:`_MODULES`, everything that shapes the decoded sound of a file."""
_SPEC = re.compile(r"[a-z]+:\S.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVoice:
    """A person's recordings."""

    voice: Voice
    """Named by the folder alone: its full path is private, and packs are shared."""
    title: str
    """Who speaks."""
    licence: str
    fallback: str | None
    """The voice for texts that are not recorded, as on the command line."""
    files: Mapping[str, RecordedFile]
    """The usable recordings by stem."""
    remarks: tuple[str, ...]
    """A sentence about each unusable file, and about each fault of a usable one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """The content of voice.yaml."""

    name: str
    language: str
    licence: str
    fallback: str | None


def open_folder(folder: Path, language: str, cache: Cache) -> RecordedVoice:
    """The voice in ``folder``, which must speak ``language``. Decodes recordings that were not
    inspected before, by ``cache``.

    Raises SpeechError if there is no such folder, or it has no voice of this language;
    ContentError with all faults of its voice.yaml; StorageError if the cache cannot be used.
    """
    folders.check(folder)
    about = _read_about(folder, language)
    version = environment.makers_hash(_MODULES, _LIBRARIES)
    named, told = folders.recordings(folder)
    files = {}
    for file, found in zip(
        named, inspect([n.real_path for n in named], cache, version), strict=True
    ):
        if found.error:
            told.append(inspection.about(file.path, found.error))
            continue
        files[file.stem] = RecordedFile(
            path=str(file.real_path), sha256=found.sha256, length_ms=found.length_ms
        )
        told += [inspection.about_fault(file.path, fault) for fault in found.faults]
    own_name = inspection.printable(folder.resolve().name) or "recordings"
    return RecordedVoice(
        voice=Voice(engine=NAME, name=own_name, engine_version=version),
        title=about.name,
        licence=about.licence,
        fallback=about.fallback,
        files=files,
        remarks=tuple(told),
    )


def _read_about(folder: Path, language: str) -> _About:
    path = folder / ABOUT_FILE
    try:
        if not path.is_file():
            raise SpeechError(Message("recordings.no_voice_file", path=path, language=language))
        if folders.leads_out(path, folder.resolve()):
            raise SpeechError(Message("recordings.voice_file_leads_out", path=path))
        about = _about(strict_yaml.read(path))
    except StorageError as error:
        raise SpeechError(Message("recordings.write_it_again", message=error.message)) from error
    except OSError as error:
        raise SpeechError(
            Message("recordings.voice_file_cannot_be_read", path=path, reason=reason(error))
        ) from error
    if about.language != language:
        raise SpeechError(
            Message(
                "recordings.speaks_another",
                path=path,
                name=about.name,
                spoken=about.language,
                language=language,
            )
        )
    return about


def _about(root: strict_yaml.Mapping) -> _About:
    problems: list[Problem] = []
    fields = Fields(root, problems)
    fallback = fields.text("fallback") if fields.has("fallback") else None
    if fallback and not _SPEC.fullmatch(fallback):
        fields.refuse("fallback", "write a voice as ENGINE:NAME, such as espeak:nl+f2")
    if fallback and fallback.startswith(f"{NAME}:"):
        fields.refuse("fallback", "a voice that speaks any text is expected, such as espeak:nl+f2")
    about = _About(
        name=fields.text("name", limits.CHARACTERS_OF_A_NAME),
        language=fields.text("language"),
        licence=fields.text("licence"),
        fallback=fallback,
    )
    fields.close()
    if problems:
        raise ContentError(problems)
    return about
