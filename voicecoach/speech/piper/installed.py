"""Installed Piper voices: where they are, and ``installed.json``, which lists their files."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from voicecoach import strict_json
from voicecoach.environment import user_data_folder
from voicecoach.errors import SpeechError

FILE = "installed.json"
CARD = "MODEL_CARD"
_FORMAT = 1


def model_file(name: str) -> str:
    """The file that holds the neural network of the voice ``name``."""
    return f"{name}.onnx"


def config_file(name: str) -> str:
    """The file with the settings of the model of the voice ``name``."""
    return f"{name}.onnx.json"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raises SpeechError if ``path`` cannot be read in the ``with`` block."""
    try:
        yield
    except OSError as error:
        raise SpeechError(f"{path}: cannot be read: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a voice, when it was installed."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A voice, when it was installed."""

    name: str
    files: dict[str, FileRecord]
    licence: str
    """In the words of its MODEL_CARD; empty if that says none."""
    origin: str
    """The address of the model, or ``files at hand``."""

    def to_bytes(self) -> bytes:
        """The content of ``installed.json``."""
        return (json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n").encode()


def load(path: Path) -> Record:
    """The record at ``path``. Raises SpeechError if it is missing or invalid."""
    with reading(path):
        data = path.read_bytes()
    try:
        document = strict_json.loads(data)
        if document["format"] != _FORMAT:
            raise ValueError(f"its format is {document['format']!r}")
        record = Record(
            name=_text(document["name"]),
            files={name: _file(entry) for name, entry in document["files"].items()},
            licence=_text(document["licence"]),
            origin=_text(document["origin"]),
        )
        if not {model_file(record.name), config_file(record.name)} <= record.files.keys():
            raise ValueError("it lists no model or no config")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SpeechError(f"{path}: cannot be understood: {error}") from error
    return record


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _file(entry: dict[str, object]) -> FileRecord:
    size_bytes = entry["bytes"]
    if not isinstance(size_bytes, int):
        raise TypeError(f"{size_bytes!r} is not a size")
    return FileRecord(bytes=size_bytes, sha256=_text(entry["sha256"]))


_NAME = re.compile(r"[A-Za-z0-9]\w*(?:-\w+)*")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledVoice:
    """A voice that can speak here."""

    name: str
    model: Path
    config: Path
    model_sha256: str
    config_sha256: str
    language_code: str
    """Language and region, such as ``nl_BE``; or a language alone."""
    quality: str
    """One of x_low, low, medium and high; empty if nobody says."""
    size_bytes: int
    """Of all its files."""
    licence: str
    """In the words of its MODEL_CARD; empty if that says none."""


def voices_folder() -> Path:
    """The folder that holds a folder for each installed voice; it may not exist yet."""
    return user_data_folder() / "piper"


def check_name(name: str) -> None:
    """Raises SpeechError unless ``name`` is a valid name of a voice, which is safe in a path."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise SpeechError(
            f"{name!r} is not the name of a Piper voice: they look like nl_BE-nathalie-medium;"
            " `voicecoach voices` lists them"
        )


def installed() -> tuple[list[InstalledVoice], list[str]]:
    """The usable voices, by name; and a message for each unusable one."""
    voices: list[InstalledVoice] = []
    problems: list[str] = []
    folder = voices_folder()
    try:
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
        names = [entry.name for entry in entries if entry.name[0] != "." and entry.is_dir()]
    except OSError as error:
        return [], [f"{folder}: cannot be read: {error.strerror or error}"]
    for name in names:
        try:
            voice = find(name)
        except SpeechError as error:
            problems.append(str(error))
        else:
            voices += [voice] if voice else []
    return voices, problems


def find(name: str) -> InstalledVoice | None:
    """The voice ``name``; ``None`` if it is not installed.

    Only the size of the model is checked until it is loaded: see :func:`check_model`. Raises
    SpeechError if the voice is damaged, or ``name`` is not a valid name.
    """
    check_name(name)
    folder = voices_folder() / name
    if not os.path.lexists(folder):
        return None
    if not (folder / FILE).is_file():
        raise SpeechError(
            f"{folder}: was not made by `voicecoach voices install`, as it has no {FILE};"
            " move it away, then install the voice, with --from if you have its files"
        )
    try:
        found = load(folder / FILE)
        if found.name != name:
            raise SpeechError(f"{folder / FILE}: is about another voice, {found.name!r}")
        return _voice(folder, found)
    except SpeechError as error:
        raise SpeechError(
            f"the voice piper:{name} is damaged: {error}; install it again with"
            f" `voicecoach voices install piper:{name}`"
        ) from error


def check_model(voice: InstalledVoice) -> None:
    """Raises SpeechError if the model of ``voice`` has changed since it was installed."""
    with reading(voice.model), voice.model.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != voice.model_sha256:
        raise SpeechError(
            f"{voice.model}: was damaged after it was installed; install it again with"
            f" `voicecoach voices install piper:{voice.name}`"
        )


def _voice(folder: Path, found: "Record") -> InstalledVoice:
    from voicecoach.speech.piper import model_files  # which imports this module

    for file, expected in found.files.items():
        path = folder / Path(file).name
        with reading(path):
            size_bytes = path.stat().st_size
        if size_bytes != expected.bytes:
            raise SpeechError(f"{path}: has {size_bytes} bytes instead of {expected.bytes}")
    config_path = folder / config_file(found.name)
    with reading(config_path):
        data = config_path.read_bytes()
    if hashlib.sha256(data).hexdigest() != found.files[config_file(found.name)].sha256:
        raise SpeechError(f"{config_path}: was changed after it was installed")
    config = model_files.parse_config(data, found.name, config_path)
    return InstalledVoice(
        name=found.name,
        model=folder / model_file(found.name),
        config=config_path,
        model_sha256=found.files[model_file(found.name)].sha256,
        config_sha256=found.files[config_file(found.name)].sha256,
        language_code=config.language_code,
        quality=config.quality,
        size_bytes=sum(file.bytes for file in found.files.values()),
        licence=found.licence,
    )
