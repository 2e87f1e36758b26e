"""Installs a voice from a server or a folder, completely or not at all.

Only :func:`install` uses the network.
"""

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed, model_files
from voicecoach.speech.piper.installed import InstalledVoice
from voicecoach.speech.piper.staging import Staging, check_room, hashes_of, staging
from voicecoach.speech.piper_voices import find_catalogued

if TYPE_CHECKING:
    from voicecoach.speech.piper.download import VoiceServer

URL_VARIABLE = "VOICECOACH_PIPER_URL"
"""Environment variable that names another server."""
DEFAULT_URL = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
AT_HAND = "files at hand"
_MOST_LIST_BYTES = 8_000_000
_MOST_CARD_BYTES = 64_000


class Reporter(Protocol):
    """Receives the progress of a download."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Callable[[int, str], None]]:
        """Begins a stage of ``total`` steps. Call the function with the number of steps done and
        the name of the last one."""


def intact(name: str) -> InstalledVoice | None:
    """The voice ``name``, if it is installed and unchanged since.

    Raises SpeechError if ``name`` is not a valid name of a voice.
    """
    installed.check_name(name)
    try:
        voice = installed.find(name)
        if voice:
            installed.check_model(voice)
    except SpeechError:
        return None  # damaged
    return voice


def install(
    name: str,
    reporter: Reporter,
    base_url: str | None = None,
    *,
    timeout_s: float = 15.0,
    pause_s: float = 1.0,
) -> InstalledVoice:
    """Downloads and installs the voice ``name`` from ``base_url``, unless it is :func:`intact`.

    ``base_url`` defaults to VOICECOACH_PIPER_URL, else DEFAULT_URL. Files of an interrupted
    installation are reused. The server may be silent for ``timeout_s`` seconds; an interrupted
    transfer is resumed after ``pause_s`` seconds. Raises SpeechError.
    """
    installed.check_name(name)
    base_url = _base_url(base_url)
    with staging(name) as place:
        if here := intact(name):
            place.discard()
            return here
        download = _download()
        try:
            with download.VoiceServer(base_url, timeout_s=timeout_s, pause_s=pause_s) as server:
                origin = _fetch(server, place, reporter)
        except download.DownloadError as error:
            raise SpeechError(
                f"the voice piper:{name} could not be fetched: {error}; {_advice(name, base_url)}"
            ) from error
        return place.publish(origin)


def sample_url(name: str) -> str:
    """Where a sample of the voice ``name`` can be heard before it is installed."""
    return f"{_base_url()}/{model_files.usual_path(name).rpartition('/')[0]}/samples/speaker_0.mp3"


def _base_url(named: str | None = None) -> str:
    return (named or os.environ.get(URL_VARIABLE) or DEFAULT_URL).rstrip("/")


def install_from(name: str, folder: Path) -> InstalledVoice:
    """Installs the voice ``name`` from its files in ``folder``.

    Raises SpeechError if they are missing or damaged.
    """
    installed.check_name(name)
    sources = _checked(name, folder)
    with staging(name) as place:
        try:
            place.clear()
            check_room(place.folder, sum(path.stat().st_size for path in sources))
            for source in sources:
                _copy(source, place.folder / source.name)
        except (OSError, SpeechError):
            place.discard()
            raise
        return place.publish(AT_HAND)


def remove(voice: InstalledVoice) -> None:
    """Removes the files of ``voice``. Raises SpeechError if that fails."""
    try:
        shutil.rmtree(voice.model.parent)
    except OSError as error:
        raise SpeechError(
            f"{voice.model.parent}: cannot be removed: {error.strerror or error}; remove it by hand"
        ) from error


def _download() -> ModuleType:
    try:
        from voicecoach.speech.piper import download  # httpx is slow to import, and may be missing
    except ModuleNotFoundError as error:
        if error.name != "httpx":
            raise
        raise SpeechError(
            'voices are fetched with httpx, which is not installed: pip install "voicecoach[piper]"'
        ) from error
    return download


def _fetch(server: "VoiceServer", place: Staging, reporter: Reporter) -> str:
    """Downloads the files of a voice into ``place``, and returns the URL of its model."""
    source = server.url(model_files.LIST_FILE)
    voices = model_files.parse_list(
        server.document(model_files.LIST_FILE, _MOST_LIST_BYTES), source
    )
    voice = model_files.find_listed(voices, place.name, source)
    files = {place.config: voice.config, place.model: voice.model}
    have_bytes = sum(path.stat().st_size for path in files if path.exists())
    total_bytes = sum(file.size_bytes for file in files.values())
    check_room(place.folder, max(0, total_bytes - have_bytes))
    with reporter.stage(f"MB of {place.name}", _megabytes(total_bytes)) as done:
        progress = _Progress(total_bytes, done)
        for path, file in files.items():
            server.file(file, path, functools.partial(progress.at, path.name))
            progress.finished(file.size_bytes)
    place.card.unlink(missing_ok=True)
    if voice.card_path:
        place.card.write_bytes(server.document(voice.card_path, _MOST_CARD_BYTES))
    return server.url(voice.model.path)


class _Progress:
    """Reports bytes as steps of whole megabytes; bytes that are fetched again count once."""

    def __init__(self, total_bytes: int, done: Callable[[int, str], None]) -> None:
        self._total_bytes = total_bytes
        self._done = done
        self._before_bytes = 0
        self._steps = 0

    def at(self, file: str, here_bytes: int) -> None:
        """``here_bytes`` of ``file`` have arrived."""
        part = (self._before_bytes + here_bytes) / self._total_bytes
        steps = int(part * _megabytes(self._total_bytes))
        if steps > self._steps:
            self._done(steps - self._steps, file)
            self._steps = steps

    def finished(self, size_bytes: int) -> None:
        """A file has arrived completely."""
        self._before_bytes += size_bytes


def _megabytes(size_bytes: int) -> int:
    return -(-size_bytes // 1_000_000)


def _advice(name: str, base_url: str) -> str:
    url = f"{base_url}/{model_files.usual_path(name)}"
    return (
        "check the connection and run the command again, which goes on where it stopped; or fetch"
        f" {url} and {url}.json by hand into one folder and run: voicecoach voices install"
        f" piper:{name} --from FOLDER"
    )


_CHUNK_BYTES = 1 << 20


def _checked(name: str, folder: Path) -> list[Path]:
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
    model_files.parse_config(b"".join(_chunks(config)), name, config)
    with installed.reading(folder):
        model_files.check_model(model)
        _check_against_list(name, model, config)
    return [path for path in (model, config, folder / installed.CARD) if path.is_file()]


def _check_against_list(name: str, model: Path, config: Path) -> None:
    """Compares the files with the ``voices.json`` beside them, else with the catalogue."""
    list_path = model.with_name(model_files.LIST_FILE)
    if list_path.is_file():
        voices = model_files.parse_list(list_path.read_bytes(), str(list_path))
        voice = model_files.find_listed(voices, name, str(list_path))
        for path, expected in ((model, voice.model), (config, voice.config)):
            found = hashes_of(path)
            if (found.size_bytes, found.md5) != (expected.size_bytes, expected.md5):
                raise SpeechError(
                    f"{path}: has {found.size_bytes} bytes and the MD5 {found.md5}, where"
                    f" {list_path.name} says {expected.size_bytes} and {expected.md5}; fetch it"
                    " again"
                )
    elif (known := find_catalogued(name)) and model.stat().st_size != known.model_bytes:
        raise SpeechError(
            f"{model}: has {model.stat().st_size} bytes instead of {known.model_bytes}; fetch it"
            f" again. If it is a newer version, put the {list_path.name} of its server beside it"
        )


def _copy(source: Path, to: Path) -> None:
    """Copies a file of a voice. Raises SpeechError if ``source`` cannot be read, and OSError if
    ``to`` cannot be written."""
    with to.open("wb") as file:
        for chunk in _chunks(source):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of ``path``. Raises SpeechError if it cannot be read."""
    with installed.reading(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
