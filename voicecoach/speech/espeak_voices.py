"""Lists eSpeak NG's voices from its data files, without loading the library."""

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from voicecoach import environment
from voicecoach.errors import SpeechError
from voicecoach.messages import Message
from voicecoach.speech.speaker import Offer, Voice

NAME = "espeak"
_MEASURED = "espeak_measured.csv"
FEMALE_VARIANTS = ("f1", "f2", "f3", "f4", "f5")
DEFAULT_VARIANT = "f2"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseVoice:
    """One of eSpeak's languages or accents, which any variant can speak."""

    name: str
    title: str
    languages: tuple[str, ...]


def data_folder() -> Path:
    """The folder that holds ``espeak-ng-data`` and the library.

    Found without importing the loader, which costs time.
    """
    spec = util.find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        raise SpeechError(Message("errors.espeak_missing"))
    return Path(spec.origin).parent


@functools.cache
def version() -> str:
    """The versions of everything that shapes eSpeak's sound."""
    return environment.makers_hash(("speech.espeak_worker",), ("espeakng-loader", "pyttsx3"))


def find(name: str, language: str) -> Voice:
    """The voice ``name`` (such as ``nl+f2``), which must speak ``language``.

    Raises SpeechError if the voice is unknown; eSpeak itself would silently fall back to English.
    """
    base_name, plus, variant = name.partition("+")
    path = _voice_files().get(base_name.lower())
    if path is None:
        raise SpeechError(
            Message("errors.espeak_no_voice", engine=NAME, name=name, fitting=_fitting(language))
        )
    if plus and variant not in variants():
        known = ", ".join(FEMALE_VARIANTS)
        raise SpeechError(
            Message(
                "errors.espeak_no_variant", engine=NAME, name=name, variant=variant, known=known
            )
        )
    if language not in _base_voice(path).languages:
        raise SpeechError(
            Message(
                "errors.espeak_other_language",
                engine=NAME,
                name=name,
                language=language,
                fitting=_fitting(language),
            )
        )
    spelled = f"{base_name.lower()}{plus}{variant}"
    return Voice(engine=NAME, name=spelled, engine_version=version())


def base_voices() -> tuple[BaseVoice, ...]:
    """All languages and accents, by name."""
    return tuple(_base_voice(path) for _, path in sorted(_voice_files().items()))


def offers(language: str) -> list[Offer]:
    """The female voices that speak ``language``, and others that were measured."""
    names = [
        f"{base.name}{variant}"
        for base in base_voices()
        if language in base.languages
        for variant in ("", *(f"+{variant}" for variant in variants()))
    ]
    known = measured()
    shown = [n for n in names if n in known or n.partition("+")[2] in FEMALE_VARIANTS]
    return [
        Offer(
            voice=f"{NAME}:{name}",
            language=language,
            title=_title(name),
            quality="robot",
            licence="GPL-3.0",
            words_wrong_percent=known.get(name),
        )
        for name in sorted(shown, key=lambda name: (known.get(name, 100), shown.index(name)))
    ]


@functools.cache
def measured() -> dict[str, int]:
    """The share of words, in per cent, that a recogniser heard wrongly in finished sound files, by
    voice: see `scripts/recognise`."""
    path = Path(__file__).parent / _MEASURED
    with path.open(encoding="utf-8", newline="") as file:
        return {row["voice"]: int(row["words_wrong_percent"]) for row in csv.DictReader(file)}


def _title(name: str) -> str:
    """The language, and whether it sounds like a woman or a man."""
    base, _, variant = name.partition("+")
    title = _base_voice(_voice_files()[base]).title
    is_woman = variant in FEMALE_VARIANTS
    return f"{title}, {'a woman' if is_woman else 'a man'}"


@functools.cache
def _voice_files() -> dict[str, Path]:
    paths = (data_folder() / "espeak-ng-data" / "lang").rglob("*")
    return {path.name.lower(): path for path in paths if path.is_file()}


def _fitting(language: str) -> str:
    names = [base.name for base in base_voices() if language in base.languages]
    return ", ".join(f"{NAME}:{name}+{DEFAULT_VARIANT}" for name in names) or "none"


def variants() -> tuple[str, ...]:
    """The names that may follow a ``+``, such as ``f2``."""
    folder = data_folder() / "espeak-ng-data" / "voices" / "!v"
    return tuple(sorted(path.name for path in folder.iterdir()))


def _base_voice(path: Path) -> BaseVoice:
    entries = list(_entries(path))
    titles = [value for key, value in entries if key == "name"]
    codes = [value.split()[0].lower() for key, value in entries if key == "language"]
    languages = {part for code in codes for part in (code, code.split("-")[0])}
    return BaseVoice(
        name=path.name.lower(),
        title=titles[0] if titles else path.name,
        languages=tuple(sorted(languages)),
    )


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(" ")
        if value.strip():
            yield key, value.split("//")[0].strip()
