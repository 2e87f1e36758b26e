"""What makes the bytes: our code, and the installed versions of libraries.

Versions are read from the names of the libraries' metadata folders. importlib.metadata answers the
same, but takes 40 ms to import: a tenth of what a build without changes may take.
"""

import functools
import hashlib
import json
import sys
from pathlib import Path


def installed(*names: str) -> list[str]:
    """``name-version`` of each library of ``names``, in the same order."""
    return [_folders().get(name.lower().replace("-", "_"), f"{name}-unknown") for name in names]


@functools.cache
def makers(sources: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """A hash of modules and libraries: a change in either must not find old bytes."""
    here = Path(__file__).parent
    code = [hashlib.sha256((here / name).read_bytes()).hexdigest() for name in sources]
    return hashlib.sha256(json.dumps([code, installed(*libraries)]).encode()).hexdigest()


@functools.cache
def _folders() -> dict[str, str]:
    """By normalised name; where two places hold a library, the one that is imported wins."""
    found: dict[str, str] = {}
    for place in map(Path, sys.path):
        for entry in place.glob("*.dist-info") if place.is_dir() else ():
            found.setdefault(entry.stem.partition("-")[0].lower(), entry.stem)
    return found
