"""``installed.json``: what an installed voice consists of."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from voicecoach import strict_json
from voicecoach.errors import SpeechError

FILE = "installed.json"
CARD = "MODEL_CARD"
_FORMAT = 1


def model_file(name: str) -> str:
    """The file that holds the neural network of the voice ``name``."""
    return f"{name}.onnx"


def config_file(name: str) -> str:
    """The file that says how to speak with the model of the voice ``name``."""
    return f"{name}.onnx.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a voice, as it was when it was installed."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A voice, as it was when it was installed."""

    name: str
    files: dict[str, FileRecord]
    licence: str
    """In the words of its MODEL_CARD; empty where that says none."""
    origin: str
    """The address of the model, or ``files at hand``."""

    @property
    def model(self) -> FileRecord:
        """The file of the neural network."""
        return self.files[model_file(self.name)]

    @property
    def config(self) -> FileRecord:
        """The file that says how to speak with it."""
        return self.files[config_file(self.name)]

    def to_bytes(self) -> bytes:
        """As it is written to ``installed.json``."""
        return (json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n").encode()


def load(path: Path) -> Record:
    """The record at ``path``. Raises SpeechError where there is none that can be understood."""
    try:
        document = strict_json.loads(path.read_bytes())
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
    except OSError as error:
        raise SpeechError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SpeechError(f"{path}: cannot be understood: {error}") from error
    return record


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _file(entry: dict[str, object]) -> FileRecord:
    size_bytes = entry["bytes"]
    if not isinstance(size_bytes, int):
        raise TypeError(f"{size_bytes!r} is no size")
    return FileRecord(bytes=size_bytes, sha256=_text(entry["sha256"]))
