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


def programme_schema() -> Schema:
    """The schema of programme.yaml."""
    title = "The structure and the doses"
    return {"$schema": _DRAFT, "title": title, **programme_reader.PROGRAMME.schema}


def words_schema() -> Schema:
    """The schema of nl.yaml, en.yaml and other files of words."""
    title = "All words in one language"
    return {"$schema": _DRAFT, "title": title, **word_tables.ANY_WORDS.schema}


FILES = ("programme.yaml", "nl.yaml", "en.yaml")
"""The files that the author then edits."""
_PLACEHOLDER = "my-programme"
"""The placeholder for the name in our files."""
_TEMPLATES = "templates/starter"


def files(name: str) -> dict[str, str]:
    """The text of each file of a new programme ``name``, by its path in the folder.

    Raises StarterError if ``name`` cannot be the identifier of a programme.
    """
    if not IDENTIFIER.fullmatch(name):
        raise StarterError(
            f"{name!r} cannot be the name of a programme: use small letters, digits and single"
            f" hyphens only, such as {_PLACEHOLDER}"
        )
    kept = resources.files("voicecoach") / _TEMPLATES
    texts = {
        file: (kept / file).read_text(encoding="utf-8").replace(_PLACEHOLDER, name)
        for file in FILES
    }
    return {
        **texts,
        "schema/programme.json": schema_text("programme"),
        "schema/words.json": schema_text("words"),
    }


def schema_text(which: str) -> str:
    """The JSON Schema of programme.yaml (``programme``) or of its words (``words``)."""
    found = programme_schema() if which == "programme" else words_schema()
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def write(name: str, parent: Path) -> Path:
    """Writes the folder ``name`` into ``parent``, completely or not at all, and returns its path.

    Changes nothing that exists. Raises StarterError, StorageError.
    """
    texts = files(name)
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
