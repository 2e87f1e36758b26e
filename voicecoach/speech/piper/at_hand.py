"""The files of a voice in a folder at hand: whether they are one, and how they are copied."""

import os
from collections.abc import Iterator
from pathlib import Path

from voicecoach.errors import SpeechError
from voicecoach.speech.piper import catalogue, contents, listed, record
from voicecoach.speech.piper.staging import hashes_of

_CHUNK_BYTES = 1 << 20


def checked(name: str, folder: Path) -> list[Path]:
    """The files of the voice ``name`` in ``folder``.

    Raises SpeechError where one is missing, is not what its name says, or differs from what the
    ``voices.json`` beside it says; where there is none, from the size that the catalogue knows.
    """
    model, config = folder / record.model_file(name), folder / record.config_file(name)
    for path in (model, config):
        if not path.is_file():
            raise SpeechError(
                f"{path}: is missing; a voice is two files, {model.name} and {config.name}"
            )
    contents.parse_config(b"".join(_chunks(config)), name, config)
    try:
        contents.check_model(model)
        _check_against_list(name, folder)
    except OSError as error:
        raise SpeechError(f"{folder}: cannot be read: {error.strerror or error}") from error
    return [path for path in (model, config, folder / record.CARD) if path.is_file()]


def _check_against_list(name: str, folder: Path) -> None:
    """Compares the files in ``folder`` with the ``voices.json`` there, or with the catalogue."""
    model, config = folder / record.model_file(name), folder / record.config_file(name)
    list_path = folder / listed.FILE
    if list_path.is_file():
        voices = listed.parse(list_path.read_bytes(), str(list_path))
        voice = listed.find(voices, name, str(list_path))
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
            f" again. If it is a newer version, put the {listed.FILE} of its server beside it"
        )


def copy(source: Path, to: Path) -> None:
    """Copies a file of a voice to where it is gathered. Raises SpeechError where ``source`` cannot
    be read, and OSError where ``to`` cannot be written."""
    with to.open("wb") as file:
        for chunk in _chunks(source):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of ``path``. Raises SpeechError where it cannot be read."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise SpeechError(f"{path}: cannot be read: {error.strerror or error}") from error
