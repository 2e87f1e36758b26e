"""Lists the voices of the operating system, through the child process of pyttsx3."""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicecoach import environment
from voicecoach.errors import SpeechError
from voicecoach.messages import Message
from voicecoach.speech.speaker import Offer, Voice

NAME = "system"
DEFAULT = "default"
"""The name for the first voice of a language."""

_WORKER = "voicecoach.speech.system_worker"
_LIMIT_S = 30.0
_MODULES = ("speech.system_worker",)
_ESPEAK_LIBRARIES = ("espeak-ng", "espeak")


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemVoice:
    """A voice of the operating system."""

    id: str
    name: str
    languages: frozenset[str]
    """Codes such as ``nl-be`` and ``nl``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The voices of the operating system."""

    voices: tuple[SystemVoice, ...]
    version: str
    """The version of the engine that speaks them."""


def find(name: str, language: str) -> Voice:
    """The voice with the id or name ``name``, in upper or lower case; ``default`` is the first one
    of ``language``.

    Raises SpeechError if the system has no voices, no such voice, or several of that name, or if
    the voice speaks another language.
    """
    listing = installed()
    if listing is None:
        raise SpeechError(Message("voices.none_of_the_system", voice=f"{NAME}:{name}"))
    fitting = [voice for voice in listing.voices if language in voice.languages]
    if name.casefold() == DEFAULT and fitting:
        found = fitting[0]
    else:
        found = _chosen(name, language, fitting, listing.voices)
    version = (
        f"{environment.makers_hash(_MODULES, ('pyttsx3', 'soundfile', 'soxr'))}, {listing.version}"
    )
    return Voice(engine=NAME, name=found.id, engine_version=version)


def offers(language: str) -> list[Offer]:
    """The voices of the system for ``language``; may be empty.

    Raises SpeechError if the system has an engine that does not respond.
    """
    listing = installed()
    return [
        Offer(voice=f"{NAME}:{voice.id}", language=language, title=voice.name)
        for voice in (listing.voices if listing else ())
        if language in voice.languages
    ]


@functools.cache
def installed() -> Listing | None:
    """The voices of the system, cached; ``None`` if it has no engine for pyttsx3.

    Raises SpeechError if the engine does not respond.
    """
    if sys.platform not in {"darwin", "win32"} and not _has_espeak():
        return None
    from voicecoach.speech.process import WorkerProcess

    worker = WorkerProcess(_WORKER, limit_s=_LIMIT_S)
    try:
        answer, _ = worker.ask({"list": True})
    finally:
        worker.stop()
    if answer["error"]:
        raise SpeechError(Message("voices.system_cannot_be_listed", error=answer["error"]))
    return Listing(voices=tuple(map(_voice, answer["voices"])), version=answer["version"])


def _has_espeak() -> bool:
    """Whether the library that pyttsx3 needs is installed, without loading it."""
    import ctypes.util  # imported here, because most commands do not need it

    return any(map(ctypes.util.find_library, _ESPEAK_LIBRARIES))


def _voice(told: dict[str, Any]) -> SystemVoice:
    """A voice as the child reports it: macOS writes ``nl_BE``, Windows ``nl-BE``."""
    tags = [str(tag).lower().replace("_", "-") for tag in told["languages"] if tag]
    languages = frozenset(code for tag in tags for code in (tag, tag.partition("-")[0]))
    return SystemVoice(id=told["id"], name=told["name"] or told["id"], languages=languages)


def _chosen(
    name: str, language: str, fitting: Sequence[SystemVoice], known: Sequence[SystemVoice]
) -> SystemVoice:
    """The only voice of ``fitting`` with the id or else the name ``name``."""
    named = _called(fitting, name)
    if len(named) == 1:
        return named[0]
    if named:
        raise SpeechError(
            Message("voices.several_of_that_name", voice=f"{NAME}:{name}", listed=_listed(named))
        )
    is_known = bool(_called(known, name))
    raise SpeechError(
        Message(
            "voices.speaks_another" if is_known else "voices.not_of_the_system",
            voice=f"{NAME}:{name}",
            language=language,
            fitting=_listed(fitting),
        )
    )


def _called(voices: Sequence[SystemVoice], name: str) -> list[SystemVoice]:
    """Those of ``voices`` with the id ``name``, or else those with this name."""
    wanted = name.casefold()
    with_id = [voice for voice in voices if voice.id.casefold() == wanted]
    return with_id or [voice for voice in voices if voice.name.casefold() == wanted]


def _listed(voices: Sequence[SystemVoice]) -> str:
    return ", ".join(f"{NAME}:{voice.id} ({voice.name})" for voice in voices) or "none"
