"""Receipts of builds, so that the same build again only looks up its receipt.

The key of a receipt is a hash of everything that the build depends on; its content is the state of
each file when the build ended. While all files are in that state, there is nothing to build.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from voicecoach import environment, strict_json
from voicecoach.cache import Cache
from voicecoach.files import FileState, state_or_none
from voicecoach.pack import manifest
from voicecoach.pack.places import Places

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
    states = _states([*_texts(content), *files])
    return environment.key_of([list(map(str, options)), str(today), states, _program()])


def key_of_packs(known: Places, out: Path, files: Iterable[Path], today: date) -> str:
    """A hash of everything that decides whether the packs below ``out`` and in all ``known`` places
    are as planned: their manifests, the programmes, the client's ``files``, the day, and this
    program."""
    folders = sorted({each.resolve() for each in (out, *known.outs)})
    manifests = [path for each in folders for path in sorted(each.glob(f"*/*/{manifest.FILE}"))]
    texts = [text for path in known.paths.values() for text in _texts(path)]
    states = _states([*manifests, *texts, *files])
    return environment.key_of([str(today), states, _program()])


def _texts(content: Path) -> list[Path]:
    return sorted([*content.glob("*.yaml"), *content.glob("locale/*.yaml")])


@cache
def _program() -> tuple[object, ...]:
    folder = Path(__file__).parents[1]
    sources = [path for path in folder.rglob("*") if path.suffix in _SOURCES and path.is_file()]
    return _states(sorted(sources)), environment.all_versions()


def _states(paths: Iterable[Path]) -> list[tuple[str, FileState | None]]:
    return [(str(path), state_or_none(path)) for path in paths]


def find(key: str, out: Path, kept: Cache) -> list[BuiltPack] | None:
    """The results of the build of ``key`` below ``out``, if all files are unchanged."""
    data = kept.read(kept.receipt(key))
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


def keep(key: str, built: Iterable[BuiltPack], out: Path, kept: Cache) -> None:
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
    kept.keep(kept.receipt(key), json.dumps(listed).encode())


def are_right(key: str, kept: Cache) -> bool:
    """Whether all packs were found to be as planned when they had ``key``; see
    :func:`key_of_packs`."""
    return kept.read(kept.receipt(key)) is not None


def keep_right(key: str, kept: Cache) -> None:
    """Keeps that all packs are as planned, for :func:`are_right`."""
    kept.keep(kept.receipt(key), b"right")
