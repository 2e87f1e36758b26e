"""Reads and checks what others publish: config, model and card of a voice, and lists of voices."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voicecoach import strict_json
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed

_QUALITIES = ("x_low", "low", "medium", "high")
_NAMED_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}-")
_MOST_LICENCE = 200
_FIRST_TAG = 8
"""A tag is the field number, from 1, times 8, plus the wire type."""
_GRAPH_TAG = 58
_COUNTED = 2
"""The wire type of length-prefixed fields."""
_LENGTH_BYTES = {0: 0, 1: 8, _COUNTED: 0, 5: 4}
"""Size in bytes by wire type; 0 means variable length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings that are used of a voice's config."""

    language_code: str
    """Language and region, such as ``nl_BE``; or a language alone."""
    quality: str
    """One of x_low, low, medium and high; empty if unknown."""


def parse_config(data: bytes, name: str, path: Path) -> Config:
    """Parses ``data``, the config of the voice ``name``.

    Raises SpeechError, which names ``path``, if the config is unusable.
    """
    try:
        document = strict_json.loads(data)
        audio = document["audio"]
        sample_rate_hz = audio["sample_rate"]
        if type(sample_rate_hz) is not int or sample_rate_hz <= 0:
            raise ValueError(f"audio.sample_rate is {sample_rate_hz!r}")
        if not isinstance(document["phoneme_id_map"], dict) or not document["phoneme_id_map"]:
            raise ValueError("phoneme_id_map is empty")
        espeak_voice = (document.get("espeak") or {}).get("voice")
        if not espeak_voice and not document.get("phoneme_type"):
            raise ValueError("espeak.voice and phoneme_type are missing")
        code = (document.get("language") or {}).get("code")
        quality = audio.get("quality") or name.rpartition("-")[2]
    except KeyError as error:
        raise SpeechError(
            f"{path}: is not the config of a Piper voice: {error} is missing"
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SpeechError(f"{path}: is not the config of a Piper voice: {error}") from error
    named = name if _NAMED_LANGUAGE.match(name) else ""
    language = _language(code) or _language(named) or _language(espeak_voice)
    if not language:
        raise SpeechError(f"{path}: does not say which language the voice speaks")
    return Config(language_code=language, quality=quality if quality in _QUALITIES else "")


def _language(text: object) -> str:
    """``nl_BE`` for a text that begins with ``nl_BE`` or ``nl-be``, ``nl`` for ``nl`` alone."""
    if not isinstance(text, str):
        return ""
    match = re.match(r"([a-z]{2,3})(?:[_-]([A-Za-z]{2}))?(?![A-Za-z])", text)
    if match is None:
        return ""
    language, region = match.groups()
    return f"{language}_{region.upper()}" if region else str(language)


def check_model(path: Path) -> None:
    """Raises SpeechError if the file at ``path`` is not a complete ONNX model.

    An ONNX model is a single message in the wire format of protocol buffers. Walking through its
    top-level fields detects a file that was truncated anywhere.
    """
    with path.open("rb") as file:
        start = file.read(64)
        fault = _foreign(start)
        if not fault and not _is_whole(file, path.stat().st_size):
            fault = "is cut off or damaged"
    if fault:
        raise SpeechError(f"{path}: {fault}; fetch it again")


def _foreign(start: bytes) -> str:
    if not start:
        return "is empty"
    if start.startswith(b"version https://git-lfs"):
        return "only says where Git LFS keeps the model"
    if start.lstrip()[:1] == b"<":
        return "is a web page, not a model"
    if start[:1] != b"\x08":
        return "is not an ONNX model"
    return ""


def _is_whole(file: IO[bytes], size_bytes: int) -> bool:
    file.seek(0)
    has_graph = False
    while file.tell() < size_bytes:
        tag = _varint(file) or 0
        if tag < _FIRST_TAG or tag % 8 not in _LENGTH_BYTES:
            return False
        length_bytes: int | None = _LENGTH_BYTES[tag % 8]
        if length_bytes == 0:
            value = _varint(file)
            length_bytes = value if tag % 8 == _COUNTED or value is None else 0
        if length_bytes is None or file.tell() + length_bytes > size_bytes:
            return False
        file.seek(length_bytes, os.SEEK_CUR)
        has_graph = has_graph or tag == _GRAPH_TAG
    return has_graph


def _varint(file: IO[bytes]) -> int | None:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    return None


def licence(card: str) -> str:
    """The licence in the section of a MODEL_CARD about its data; empty if there is none."""
    _, heading, after = card.partition("## Dataset")
    section = after.partition("\n## ")[0] if heading else card
    said = _entry(section, "licen[cs]e")
    if said.casefold() in {"see url", "see url above"}:
        url = _entry(section, "url")
        said = f"see {url}" if url else ""
    return said


def _entry(section: str, key: str) -> str:
    match = re.search(rf"^[\s*-]*{key}\s*:[ \t]*(.+)$", section, re.IGNORECASE | re.MULTILINE)
    if match is None:
        return ""
    return "".join(filter(str.isprintable, match[1])).strip()[:_MOST_LICENCE]


LIST_FILE = "voices.json"
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


def parse_list(data: bytes, source: str) -> Mapping[str, object]:
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
        return _listed_voice(voices[name], name)
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


def _listed_voice(entry: object, name: str) -> ListedVoice:
    if not isinstance(entry, dict):
        raise TypeError(f"{entry!r} is not an entry")
    by_name = {path.rpartition("/")[2]: (path, facts) for path, facts in entry["files"].items()}
    card_path, _ = by_name.get(installed.CARD, ("", {}))
    return ListedVoice(
        model=_listed_file(*by_name[installed.model_file(name)]),
        config=_listed_file(*by_name[installed.config_file(name)]),
        card_path=card_path,
    )


def _listed_file(path: str, facts: Mapping[str, object]) -> ListedFile:
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
