"""A new programme: a small, commented, valid folder in two languages, and schemas for editors."""

import json
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.reading import word_tables
from voicecoach.content.reading.node_fields import IDENTIFIER
from voicecoach.content.reading.value_kinds import Schema
from voicecoach.errors import StarterError, StorageError

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


_SCHEMAS = {
    "programme": ("The structure and the doses", programme_reader.PROGRAMME),
    "words": ("All words in one language", word_tables.ANY_WORDS),
}


def schema(which: str) -> Schema:
    """The JSON Schema of programme.yaml (``programme``) or of its words (``words``)."""
    title, table = _SCHEMAS[which]
    return {"$schema": _DRAFT, "title": title, **table.schema}


FILES = ("programme.yaml", "nl.yaml", "en.yaml")
"""The files that the author then edits."""
_PLACEHOLDER = "my-programme"
"""The placeholder for the name in our files."""
_TEMPLATES = {"contractions": "templates/starter", "movements": "templates/starter_movements"}
EXAMPLES = tuple(_TEMPLATES)
"""What a new programme begins as: contractions after a birth, or movements for anyone."""


def files(name: str, example: str = EXAMPLES[0]) -> dict[str, str]:
    """The text of each file of a new programme ``name``, by its path in the folder: one that begins
    as ``example``.

    Raises StarterError if ``name`` cannot be the identifier of a programme.
    """
    if not IDENTIFIER.fullmatch(name):
        raise StarterError(
            f"{name!r} cannot be the name of a programme: use small letters, digits and single"
            f" hyphens only, such as {_PLACEHOLDER}"
        )
    kept = resources.files("voicecoach") / _TEMPLATES[example]
    texts = {
        file: (kept / file).read_text(encoding="utf-8").replace(_PLACEHOLDER, name)
        for file in FILES
    }
    return {**texts, **{f"schema/{which}.json": schema_text(which) for which in _SCHEMAS}}


def schema_text(which: str) -> str:
    """The :func:`schema` as the text of a file."""
    return json.dumps(schema(which), ensure_ascii=False, indent=1) + "\n"


def write(name: str, parent: Path, example: str = EXAMPLES[0]) -> Path:
    """Writes the folder ``name`` into ``parent``, completely or not at all, and returns its path.

    Changes nothing that exists. Raises StarterError, StorageError.
    """
    texts = files(name, example)
    folder = parent / name
    try:
        if folder.exists() or folder.is_symlink():
            raise StarterError(f"{folder}: this already exists; choose another name")
        _write_folder(folder, texts)
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(
            f"{folder}: cannot be written: {reason}; choose a folder that can be written, or free"
            " some space"
        ) from error
    return folder


def _write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes a temporary folder beside ``folder``, and renames it as the last step."""
    with tempfile.TemporaryDirectory(
        prefix=".voicecoach-", suffix=".part", dir=folder.parent
    ) as it:
        whole = Path(it) / folder.name
        for file, text in texts.items():
            path = whole / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        whole.rename(folder)
