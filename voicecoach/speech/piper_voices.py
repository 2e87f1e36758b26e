"""Lists installed Piper voices, and those of our catalogue. Loads no model."""

import csv
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecoach import environment, files, strict_json
from voicecoach.errors import SpeechError, StorageError
from voicecoach.messages import Message
from voicecoach.speech.piper import installed
from voicecoach.speech.speaker import Offer, Voice

NAME = "piper"
_MODULES = ("speech.piper_worker",)
_LIBRARIES = ("piper-tts", "onnxruntime", "numpy", "soxr")
_NOT_FOR_PRACTICES = re.compile(r"\bNC\b|non-?commercial|not for commercial|research only", re.I)
_MOST_DRAWS = 99
SPEAKER_MARK = "#"
"""Separates the name of a voice from its speaker, if one is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguedVoice:
    """What is known about a voice before it is installed."""

    name: str
    """LANGUAGE-SPEAKER-QUALITY."""
    title: str
    """Who speaks, for a person."""
    model_bytes: int
    config_bytes: int
    licence: str
    """Of the recordings the voice was trained on; empty if unknown."""
    trained_from: str
    """The voice it was fine-tuned from, whose licence it may inherit; empty for none."""
    is_recommended: bool
    """Whether it is the one we recommend for its language."""
    is_heard: bool
    """Whether we have heard it; the others are recommended by what their makers say."""
    garbles_cues: bool
    """Whether it is unfit for utterances of one or two words, by what its maker says."""

    @property
    def language_code(self) -> str:
        """Language and region, such as ``nl_BE``."""
        return self.name.partition("-")[0]

    @property
    def quality(self) -> str:
        """One of x_low, low, medium and high."""
        return self.name.rpartition("-")[2]

    @property
    def size_bytes(self) -> int:
        """The size of the voice on disk."""
        return self.model_bytes + self.config_bytes


@functools.cache
def catalogue() -> tuple[CataloguedVoice, ...]:
    """All voices of the catalogue, ``piper/catalogue.csv``."""
    path = Path(__file__).parent / "piper" / "catalogue.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(map(_catalogued, csv.DictReader(file)))


def _catalogued(row: dict[str, Any]) -> CataloguedVoice:
    sizes = {key: int(row[key]) for key in ("model_bytes", "config_bytes")}
    facts = {
        "is_recommended": row.pop("recommended") == "yes",
        "is_heard": row.pop("heard") == "yes",
        "garbles_cues": row.pop("cues") == "garbled",
    }
    return CataloguedVoice(**{**row, **sizes, **facts})


def find_catalogued(name: str) -> CataloguedVoice | None:
    """The voice ``name``; ``None`` if it is not in the catalogue."""
    return next((voice for voice in catalogue() if voice.name == name), None)


def recommended(language: str) -> CataloguedVoice | None:
    """The voice we recommend for ``language``; ``None`` if we know of none."""
    return next((voice for voice in _speaking(language) if voice.is_recommended), None)


def is_there(name: str) -> bool:
    """Whether the voice ``name`` is installed, perhaps damaged. Quick."""
    try:
        return (installed.voices_folder() / name / installed.FILE).is_file()
    except StorageError:
        return False  # there is no place where a voice could be


def _speaking(language: str) -> tuple[CataloguedVoice, ...]:
    """The voices for a language such as ``nl``, or for one region of it, such as ``nl_BE``."""
    return tuple(
        voice
        for voice in catalogue()
        if language in {voice.language_code, voice.language_code.partition("_")[0]}
    )


def find(name: str, language: str) -> Voice:
    """The installed voice ``name``, such as ``nl_BE-nathalie-medium``, or ``NAME#SPEAKER`` for a
    model with several speakers.

    Raises SpeechError if it is not installed, is damaged, or speaks another language.
    """
    model_name = name.partition(SPEAKER_MARK)[0]
    found = installed.find(model_name)
    if found is None:
        raise SpeechError(Message("errors.piper_not_installed", engine=NAME, name=model_name))
    if not _speaks(found.language_code, language):
        raise SpeechError(
            Message(
                "errors.piper_other_language",
                engine=NAME,
                name=name,
                spoken=found.language_code,
                language=language,
            )
        )
    check_ready()
    kept = "".join(f", {text}={draw}" for text, draw in sorted(draws(name).items()))
    return Voice(
        engine=NAME,
        name=name,
        engine_version=f"{version()}, {found.model_sha256}, {found.config_sha256}{kept}",
        uses_all_cores=True,
    )


def draws(name: str) -> dict[str, int]:
    """The takes that `voices verify` chose, by text; 0 where no take was good. Raises SpeechError
    if they cannot be read."""
    path = _draws_file(name)
    if not path.exists():
        return {}
    with installed.reading(path):
        data = path.read_bytes()
    try:
        found = strict_json.loads(data)
        if not all(type(draw) is int and 0 <= draw <= _MOST_DRAWS for draw in found.values()):
            raise ValueError("it lists takes that cannot be")
    except (ValueError, AttributeError) as error:
        raise SpeechError(f"{path}: cannot be understood: {error}; delete it") from error
    return dict(found)


def keep_draws(name: str, chosen: Mapping[str, int]) -> None:
    """Keeps the takes ``chosen``, with those of other texts, beside the voice ``name``. Raises
    StorageError."""
    kept = {text: draw for text, draw in {**draws(name), **chosen}.items() if draw != 1}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    files.write_whole(_draws_file(name), text.encode())


def _draws_file(name: str) -> Path:
    model, _, speaker = name.partition(SPEAKER_MARK)
    which = hashlib.sha256(speaker.encode()).hexdigest()[:8] if speaker else "only"
    return installed.voices_folder() / model / f"cues-{which}.json"


def offers(language: str) -> list[Offer]:
    """The voices for ``language``: the installed ones, then those that can be installed."""
    here, _ = installed.installed()
    names = {voice.name for voice in here}
    usable = [voice for voice in here if _speaks(voice.language_code, language)]
    others = [voice for voice in _speaking(language) if voice.name not in names]
    return [
        *(_offer(voice, language, is_installed=True) for voice in usable),
        *(_offer(voice, language, is_installed=False) for voice in others),
    ]


def _offer(
    voice: installed.InstalledVoice | CataloguedVoice, language: str, *, is_installed: bool
) -> Offer:
    known = find_catalogued(voice.name)
    return Offer(
        voice=f"{NAME}:{voice.name}",
        is_recommended=known is not None and known.is_recommended,
        is_heard=known is None or known.is_heard,
        garbles_cues=known is not None and known.garbles_cues,
        language=language,
        title=_title(voice.name),
        quality=voice.quality,
        is_installed=is_installed,
        size_bytes=voice.size_bytes,
        licence=licence(voice.name) if known else voice.licence,
    )


def check_ready() -> None:
    """Raises SpeechError if the Piper engine itself is not installed."""
    if environment.installed_versions("piper-tts")[0].endswith("-unknown"):
        raise SpeechError(Message("errors.piper_missing", engine=NAME))


@functools.cache
def version() -> str:
    """A hash of everything but the model that shapes the sound of Piper voices."""
    return environment.makers_hash(_MODULES, _LIBRARIES)


def _speaks(language_and_region: str, language: str) -> bool:
    return language_and_region.partition("_")[0] == language.lower()


def _title(name: str) -> str:
    """The speaker by the catalogue, else ``nl_BE-some_body-medium`` -> ``Some Body``."""
    known = find_catalogued(name)
    named = name.partition("-")[2].rpartition("-")[0].replace("_", " ").title()
    return known.title if known else named or name


def own_licence(name: str) -> str:
    """The licence of ``name``, by the catalogue or else by its MODEL_CARD; empty if unknown."""
    if known := find_catalogued(name):
        return known.licence
    here = installed.find(name)
    return here.licence if here else ""


def licence(name: str) -> str:
    """The licence of ``name`` and of the voice it was fine-tuned from; empty if unknown."""
    known, own = find_catalogued(name), own_licence(name)
    if known is None or not known.trained_from:
        return own
    base = find_catalogued(known.trained_from)
    of_base = f" ({base.licence})" if base else ""
    return f"{own}; trained from {known.trained_from}{of_base}"


def forbids_practice(licence: str) -> bool:
    """Whether ``licence`` says that whoever is paid may not use the voice."""
    return _NOT_FOR_PRACTICES.search(licence) is not None
