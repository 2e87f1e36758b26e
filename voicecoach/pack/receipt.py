"""What a build wrote, and from what: the same build again only looks it up.

A receipt is found by a hash of everything that a build depends on, and holds the state of each file
that was there when it ended. While all of them are in that state, there is nothing to build.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach import environment, strict_json
from voicecoach.cache import Cache
from voicecoach.files import FileState, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """What a build left in a folder."""

    folder: Path
    tracks: int
    duration_ms: int
    """All tracks together."""
    changed: tuple[str, ...]
    """Files that were written or removed; empty if there was nothing to do."""
    states: Mapping[str, FileState | None]
    """The state of each file in the folder that is ours."""


def key_of_build(
    options: Sequence[object], content: Path, files: Iterable[Path], today: date
) -> str:
    """A hash of all that a build depends on: its ``options``, the folder ``content``, other
    ``files``, the day, this program, and the libraries that are installed."""
    program = Path(__file__).parents[1]
    sources = [*_files_below(program), *_files_below(content), *files]
    libraries = [sorted(entry.name for entry in Path(place).glob("*-info")) for place in sys.path]
    states = [[str(path), _state(path)] for path in sources]
    return environment.key_of([list(map(str, options)), str(today), states, libraries])


def find(key: str, out: Path, cache: Cache) -> list[BuiltPack] | None:
    """What the build of ``key`` left below ``out``, if every file is still as it was."""
    data = cache.read(cache.receipt(key))
    if data is None:
        return None
    built = []
    for listed in strict_json.loads(data):
        folder = out / listed.pop("folder")
        states = {name: _state(folder / name) for name in listed.pop("files")}
        if environment.key_of(states) != listed.pop("states"):
            return None
        built.append(BuiltPack(folder=folder, changed=(), states=states, **listed))
    return built


def keep(key: str, built: Iterable[BuiltPack], out: Path, cache: Cache) -> None:
    """Keeps what the build of ``key`` left, for :func:`find`."""
    listed = [
        {
            "folder": pack.folder.relative_to(out).as_posix(),
            "tracks": pack.tracks,
            "duration_ms": pack.duration_ms,
            "files": list(pack.states),
            "states": environment.key_of(dict(pack.states)),
        }
        for pack in built
    ]
    cache.keep(cache.receipt(key), json.dumps(listed).encode())


def _files_below(folder: Path) -> list[Path]:
    """All files below ``folder`` that are not hidden or made by Python."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".pyo")
    )


def _state(path: Path) -> FileState | None:
    """The state of ``path``; ``None`` if there is no such file."""
    try:
        return state_of(path)
    except OSError:
        return None
