"""The environment of the program: its code, libraries, machine, folders and built-in content.

Versions are read from the names of metadata folders: importing importlib.metadata takes 40 ms, a
tenth of what a build without changes may take.
"""

import errno
import functools
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from voicecoach import dates
from voicecoach.errors import StorageError
from voicecoach.messages import Message

_OURS = Path(__file__).parent
_IMPORT = re.compile(
    r"^ *from voicecoach\.((?:audio|speech|pack)(?:\.\w+)*) import (?:\(([^)]*)\)|(.+))",
    re.MULTILINE,
)


def installed_versions(*names: str) -> list[str]:
    """``name-version`` of each library of ``names``, in the same order."""
    return [_folders().get(name.lower().replace("-", "_"), f"{name}-unknown") for name in names]


def all_versions() -> list[str]:
    """``name-version`` of every library that is installed."""
    return sorted(_folders().values())


@functools.cache
def makers_hash(
    modules: tuple[str, ...], libraries: tuple[str, ...], files: tuple[str, ...] = ()
) -> str:
    """A hash of everything that makes some bytes: ``modules`` such as ``audio.mix`` with all that
    they import from the packages that shape bytes, ``libraries``, and other ``files`` of ours. A
    change in any of them must not find old bytes."""
    code = [*sources_of(*modules).values(), *((_OURS / name).read_text("utf-8") for name in files)]
    return key_of([code, installed_versions(*libraries)])


def sources_of(*modules: str) -> dict[str, str]:
    """The source of each of ``modules``, and of each module that they import, at whatever depth,
    from the packages that shape bytes; by name."""
    found: dict[str, str] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = (_OURS / f"{name.replace('.', '/')}.py").read_text("utf-8")
        for package, in_brackets, on_line in _IMPORT.findall(found[name]):
            names = [
                package,
                *(f"{package}.{n}" for n in re.findall(r"\w+", in_brackets or on_line)),
            ]
            waiting += [n for n in names if (_OURS / f"{n.replace('.', '/')}.py").is_file()]
    return dict(sorted(found.items()))


def key_of(content: object) -> str:
    """The hash of ``content``: JSON values, and dataclasses of such values."""
    return hashlib.sha256(json.dumps(content, default=_by_field).encode()).hexdigest()


def _by_field(value: Any) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


@functools.cache
def _folders() -> dict[str, str]:
    """Metadata folders by normalised name; of two of a library, the one that is imported."""
    found: dict[str, str] = {}
    for place in map(Path, sys.path):
        for entry in place.glob("*.dist-info") if place.is_dir() else ():
            found.setdefault(entry.stem.partition("-")[0].lower(), entry.stem)
    return found


CACHE_VARIABLE = "VOICECOACH_CACHE"
"""Environment variable that names another folder for the cache."""
DATA_VARIABLE = "VOICECOACH_DATA"
"""Environment variable that names another folder for permanent data."""
TODAY_VARIABLE = "VOICECOACH_TODAY"
"""Environment variable that names another day than the clock's, as 2026-11-28."""

_LACKS = {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "memory or processes",
    errno.EMFILE: "open files",
    errno.ENFILE: "open files",
}


def today(day_at: Callable[[datetime], date] = dates.day_at) -> date:
    """The day it is: for a client, whose day ends at four in the morning, or by another ``day_at``.
    VOICECOACH_TODAY names another one. Raises StorageError where that is not a day."""
    named = os.environ.get(TODAY_VARIABLE)
    if not named:
        return day_at(datetime.now())
    try:
        return dates.parse_day(named)
    except ValueError as error:
        raise StorageError(f"{TODAY_VARIABLE}: {error}") from error


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def exhausted(error: BaseException) -> str:
    """The resource whose lack ``error`` reports; empty for other errors."""
    match error:
        case MemoryError():
            return "memory"
        case RuntimeError() if "start new thread" in str(error):
            return "memory or processes"
        case ImportError() if "memory" in str(error) or "map segment" in str(error):
            return "memory"  # for loading a library
        case OSError(errno=int(number)):
            return _LACKS.get(number, "")
    return ""


def user_cache_folder() -> Path:
    """The user's cache folder, or VOICECOACH_CACHE; it may not exist yet. Raises StorageError."""
    return _user_folder("cache", CACHE_VARIABLE)


def user_data_folder() -> Path:
    """The user's data folder, or VOICECOACH_DATA; it may not exist yet. Raises StorageError."""
    return _user_folder("data", DATA_VARIABLE)


def _user_folder(what: Literal["cache", "data"], variable: str) -> Path:
    """The folder in ``variable``, else the user's. Raises StorageError if the user has no home."""
    named = os.environ.get(variable)
    if named:
        return Path(named)
    import platformdirs  # slow to import, and help needs no folder

    find = {"cache": platformdirs.user_cache_path, "data": platformdirs.user_data_path}[what]
    with suppress(RuntimeError):
        found = find("voicecoach")
        if found.is_absolute():
            return found
    raise StorageError(Message("errors.homeless", variable=variable))


BUILT_IN = "pelvic-floor"


def built_in(name: str = BUILT_IN) -> Path:
    """The folder of the built-in programme ``name``: in the wheel, or beside the source."""
    package = Path(__file__).parent
    for folder in (package / "built_in" / name, package.parent / "content" / name):
        if folder.is_dir():
            return folder
    raise StorageError(Message("errors.no_built_in", name=name))


def built_in_names() -> tuple[str, ...]:
    """The names of all built-in programmes, the default one first."""
    package = Path(__file__).parent
    found = {
        path.parent.name
        for root in (package / "built_in", package.parent / "content")
        for path in root.glob("*/programme.yaml")
    }
    return (BUILT_IN, *sorted(found - {BUILT_IN}))
