"""Piper voices that exist: our own list, and the ``voices.json`` of a server."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voicecoach import strict_json
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed


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
    trained_from: str = ""
    """The voice it was fine-tuned from, whose licence it may inherit; empty for none."""

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


@cache
def voices() -> tuple[CataloguedVoice, ...]:
    """All voices of the catalogue, ``catalogue.csv``."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            CataloguedVoice(
                name=row["name"],
                title=row["title"],
                model_bytes=int(row["model_bytes"]),
                config_bytes=int(row["config_bytes"]),
                licence=row["licence"],
                trained_from=row["trained_from"],
            )
            for row in csv.DictReader(file)
        )


def find(name: str) -> CataloguedVoice | None:
    """The voice ``name``; ``None`` if it is not in the catalogue."""
    return next((voice for voice in voices() if voice.name == name), None)


def speaking(language: str) -> tuple[CataloguedVoice, ...]:
    """The voices for a language such as ``nl``, or for one region of it, such as ``nl_BE``."""
    return tuple(
        voice
        for voice in voices()
        if language in {voice.language_code, voice.language_code.partition("_")[0]}
    )


FILE = "voices.json"
_MD5 = re.compile(r"[0-9a-f]{32}")
_MOST_SUGGESTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file of a voice on the server."""

    path: str
    """Relative to the URL of the list."""
    size_bytes: int
    md5: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoice:
    """A voice on the server."""

    model: ListedFile
    config: ListedFile
    card_path: str
    """Relative to the URL of the list; empty if the voice has no MODEL_CARD."""


def parse(data: bytes, source: str) -> Mapping[str, object]:
    """The entries of a list by name of the voice. Raises SpeechError naming ``source``."""
    try:
        document = strict_json.loads(data)
    except ValueError as error:
        raise SpeechError(
            f"{source}: is not a list of voices: {error}; if this network asks for a sign-in, do"
            " that first"
        ) from error
    if not isinstance(document, dict):
        raise SpeechError(f"{source}: is not a list of voices")
    return document


def find_listed(voices: Mapping[str, object], name: str, source: str) -> ListedVoice:
    """The voice ``name``. Raises SpeechError if it is not listed, or its entry is invalid."""
    if name not in voices:
        raise SpeechError(f"{source} has no voice {name}; {_suggestion(voices, name)}")
    try:
        return _voice(voices[name], name)
    except KeyError as error:
        raise SpeechError(f"{source}: does not list {error} of {name}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SpeechError(f"{source}: what it says of {name} is wrong: {error}") from error


def usual_path(name: str) -> str:
    """The usual folder of the voice ``name``, relative to the URL of the list.

    ``nl_BE-nathalie-medium`` is in ``nl/nl_BE/nathalie/medium``.
    """
    language_code, _, rest = name.partition("-")
    speaker, _, quality = rest.rpartition("-")
    language = language_code.partition("_")[0]
    return f"{language}/{language_code}/{speaker}/{quality}/{installed.model_file(name)}"


def _voice(entry: object, name: str) -> ListedVoice:
    if not isinstance(entry, dict):
        raise TypeError(f"{entry!r} is not an entry")
    by_name = {path.rpartition("/")[2]: (path, facts) for path, facts in entry["files"].items()}
    card_path, _ = by_name.get(installed.CARD, ("", {}))
    return ListedVoice(
        model=_file(*by_name[installed.model_file(name)]),
        config=_file(*by_name[installed.config_file(name)]),
        card_path=card_path,
    )


def _file(path: str, facts: Mapping[str, object]) -> ListedFile:
    size_bytes, md5 = facts["size_bytes"], facts["md5_digest"]
    if type(size_bytes) is not int or size_bytes <= 0:
        raise ValueError(f"the size of {path} is {size_bytes!r}")
    if not isinstance(md5, str) or not _MD5.fullmatch(md5):
        raise ValueError(f"the MD5 of {path} is {md5!r}")
    return ListedFile(path=path, size_bytes=size_bytes, md5=md5)


def _suggestion(voices: Mapping[str, object], name: str) -> str:
    import difflib  # rarely needed

    near = [other for other in voices if name.casefold() in other.casefold()]
    near = near or difflib.get_close_matches(name, voices, n=_MOST_SUGGESTED, cutoff=0.8)
    language = re.split("[_-]", name)[0]
    same = [other for other in sorted(voices) if re.split("[_-]", other)[0] == language]
    shown = (near or same)[:_MOST_SUGGESTED]
    return f"there are {', '.join(shown)}" if shown else "`voicecoach voices` lists some"
