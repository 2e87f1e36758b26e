"""Receipts of builds, so that the same build again only looks up its receipt.

The key of a receipt is a hash of everything that the build depends on; its content is the state of
each file when the build ended. While all files are in that state, there is nothing to build.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach import environment, strict_json
from voicecoach.cache import Cache
from voicecoach.files import FileState, state_or_none

_SOURCES = frozenset({".py", ".yaml", ".csv", ".html", ".css", ".js", ".xml"})
"""What our own files end in that a build depends on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """The result of a build in a folder."""

    folder: Path
    tracks: int
    duration_ms: int
    """Total length of all tracks."""
    changed: tuple[str, ...]
    """Files written or removed; empty if there was nothing to do."""
    states: Mapping[str, FileState | None]
    """The state of each of our files in the folder."""


def key_of_build(
    options: Sequence[object], content: Path, files: Iterable[Path], today: date
) -> str:
    """A hash of everything that a build depends on: its ``options``, the folder ``content``, other
    ``files``, the day, this program, and the installed libraries."""
    program = Path(__file__).parents[1]
    sources = [path for path in program.rglob("*") if path.suffix in _SOURCES and path.is_file()]
    texts = [*content.glob("*.yaml"), *content.glob("locale/*.yaml")]
    states = [[str(path), state_or_none(path)] for path in [*sorted([*sources, *texts]), *files]]
    return environment.key_of(
        [list(map(str, options)), str(today), states, environment.all_versions()]
    )


def find(key: str, out: Path, cache: Cache) -> list[BuiltPack] | None:
    """The results of the build of ``key`` below ``out``, if all files are unchanged."""
    data = cache.read(cache.receipt(key))
    if data is None:
        return None
    built = []
    for listed in strict_json.loads(data):
        folder = out / listed.pop("folder")
        states = {name: state_or_none(folder / name) for name in listed.pop("files")}
        if environment.key_of(states) != listed.pop("states"):
            return None
        built.append(BuiltPack(folder=folder, changed=(), states=states, **listed))
    return built


def keep(key: str, built: Iterable[BuiltPack], out: Path, cache: Cache) -> None:
    """Keeps the results of the build of ``key`` for :func:`find`."""
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
