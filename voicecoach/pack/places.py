"""A client's folder remembers where its packs were built to, and what they were made with.

A pack names no path, because it goes to phones; a private file beside the profile does.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from voicecoach import private_files, strict_json
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason

FILE = private_files.PLACES
OUTPUT = Path("output")
"""The default folder of packs, which need not be remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    outs: tuple[str, ...] = ()
    paths: tuple[_Named, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the folder of a client remembers."""

    outs: tuple[Path, ...]
    """Every folder that packs were built to, the default one first."""
    paths: Mapping[str, Path]
    """The programmes, recordings and sound files that packs were made with, by the names that
    packs give them."""


def read(folder: Path) -> Places:
    """What ``folder`` remembers. Raises StorageError if the file is damaged or cannot be read."""
    content = _read(folder)
    outs = [folder / OUTPUT, *(_path(folder, text) for text in content.outs)]
    return Places(
        outs=tuple(dict.fromkeys(outs)),
        paths={each.name: _path(folder, each.path) for each in content.paths},
    )


def remember(folder: Path, out: Path, paths: Mapping[str, Path]) -> None:
    """Remembers ``out`` and ``paths`` in ``folder``. Raises StorageError."""
    outs = [] if out.resolve() == (folder / OUTPUT).resolve() else [_text(folder, out)]
    named = [_Named(name=name, path=_text(folder, path)) for name, path in paths.items()]
    if _is_known(_read(folder), outs, named):
        return
    path = folder / FILE
    with private_files.lock(path):
        known = _read(folder)
        by_name = {each.name: each for each in (*known.paths, *named)}
        content = _Content(
            outs=tuple(dict.fromkeys((*known.outs, *outs))), paths=tuple(by_name.values())
        )
        private_files.write(path, (json.dumps(asdict(content), indent=1) + "\n").encode())


def _is_known(known: _Content, outs: list[str], named: list[_Named]) -> bool:
    return set(outs) <= set(known.outs) and set(named) <= set(known.paths)


def _read(folder: Path) -> _Content:
    path = folder / FILE
    try:
        found: _Content = strict_json.typed(
            _Content, strict_json.loads(path.read_bytes()), "the file"
        )
    except FileNotFoundError:
        return _Content()
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error
    except ValueError as error:
        raise StorageError(Message("errors.places_damaged", path=path)) from error
    return found


def _text(folder: Path, path: Path) -> str:
    """``path`` in ASCII: below ``folder`` a relative one, so that the folder can be moved."""
    whole, here = path.expanduser().resolve(), folder.resolve()
    return quote(os.fsencode(whole.relative_to(here) if whole.is_relative_to(here) else whole))


def _path(folder: Path, text: str) -> Path:
    return folder / os.fsdecode(unquote_to_bytes(text))
