"""What makes the bytes: our code, and the installed versions of libraries.

Versions are read from the names of the libraries' metadata folders. importlib.metadata answers the
same, but takes 40 ms to import: a tenth of what a build without changes may take.
"""

import functools
import hashlib
import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any


def installed(*names: str) -> list[str]:
    """``name-version`` of each library of ``names``, in the same order."""
    return [_folders().get(name.lower().replace("-", "_"), f"{name}-unknown") for name in names]


@functools.cache
def makers(sources: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """A hash of modules and libraries: a change in either must not find old bytes."""
    here = Path(__file__).parent
    code = [hashlib.sha256((here / name).read_bytes()).hexdigest() for name in sources]
    return hashlib.sha256(json.dumps([code, installed(*libraries)]).encode()).hexdigest()


def key_of(content: object) -> str:
    """The hash of ``content``: values that JSON knows, and data classes of such values."""
    return hashlib.sha256(json.dumps(content, default=_by_field).encode()).hexdigest()


def _by_field(value: Any) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


@functools.cache
def _folders() -> dict[str, str]:
    """By normalised name; where two places hold a library, the one that is imported wins."""
    found: dict[str, str] = {}
    for place in map(Path, sys.path):
        for entry in place.glob("*.dist-info") if place.is_dir() else ():
            found.setdefault(entry.stem.partition("-")[0].lower(), entry.stem)
    return found
