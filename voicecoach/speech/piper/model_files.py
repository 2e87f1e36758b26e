"""Reads, validates and copies the files of a Piper voice."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voicecoach import strict_json
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import catalogue, installed
from voicecoach.speech.piper.staging import hashes_of

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


_CHUNK_BYTES = 1 << 20


def checked(name: str, folder: Path) -> list[Path]:
    """The files of the voice ``name`` in ``folder``, validated.

    Raises SpeechError if one is missing or invalid, or differs from the ``voices.json`` beside it
    or, without one, from the size in the catalogue.
    """
    model, config = folder / installed.model_file(name), folder / installed.config_file(name)
    for path in (model, config):
        if not path.is_file():
            raise SpeechError(
                f"{path}: is missing; a voice is two files, {model.name} and {config.name}"
            )
    parse_config(b"".join(_chunks(config)), name, config)
    try:
        check_model(model)
        _check_against_list(name, folder)
    except OSError as error:
        raise SpeechError(f"{folder}: cannot be read: {error.strerror or error}") from error
    return [path for path in (model, config, folder / installed.CARD) if path.is_file()]


def _check_against_list(name: str, folder: Path) -> None:
    """Compares the files with the ``voices.json`` in ``folder``, else with the catalogue."""
    model, config = folder / installed.model_file(name), folder / installed.config_file(name)
    list_path = folder / catalogue.FILE
    if list_path.is_file():
        voices = catalogue.parse(list_path.read_bytes(), str(list_path))
        voice = catalogue.find_listed(voices, name, str(list_path))
        for path, expected in ((model, voice.model), (config, voice.config)):
            found = hashes_of(path)
            if (found.size_bytes, found.md5) != (expected.size_bytes, expected.md5):
                raise SpeechError(
                    f"{path}: has {found.size_bytes} bytes and the MD5 {found.md5}, where"
                    f" {list_path.name} says {expected.size_bytes} and {expected.md5}; fetch it"
                    " again"
                )
    elif (known := catalogue.find(name)) and model.stat().st_size != known.model_bytes:
        raise SpeechError(
            f"{model}: has {model.stat().st_size} bytes instead of {known.model_bytes}; fetch it"
            f" again. If it is a newer version, put the {catalogue.FILE} of its server beside it"
        )


def copy(source: Path, to: Path) -> None:
    """Copies a file of a voice. Raises SpeechError if ``source`` cannot be read, and OSError if
    ``to`` cannot be written."""
    with to.open("wb") as file:
        for chunk in _chunks(source):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of ``path``. Raises SpeechError if it cannot be read."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise SpeechError(f"{path}: cannot be read: {error.strerror or error}") from error
