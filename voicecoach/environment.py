"""The environment the program runs in: our code, libraries, the machine, our content.

Versions are read from the names of the libraries' metadata folders. importlib.metadata does the
same, but takes 40 ms to import: a tenth of what a build without changes may take.
"""

import errno
import functools
import hashlib
import json
import os
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

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


CACHE_VARIABLE = "VOICECOACH_CACHE"
"""Environment variable that names another folder for the cache."""
DATA_VARIABLE = "VOICECOACH_DATA"
"""Environment variable that names another folder for what is kept for good."""

_LACKS = {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "memory or processes",
    errno.EMFILE: "open files",
    errno.ENFILE: "open files",
}


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def exhausted(error: BaseException) -> str:
    """What there was too little of, where ``error`` says so; else empty."""
    match error:
        case MemoryError():
            return "memory"
        case RuntimeError() if "start new thread" in str(error):
            return "memory or processes"
        case ImportError() if "memory" in str(error) or "map segment" in str(error):
            return "memory"  # a library could not be loaded
        case OSError(errno=int(number)):
            return _LACKS.get(number, "")
    return ""


def user_cache_folder() -> Path:
    """The folder of this user for what can be made again, or the one that VOICECOACH_CACHE names;
    it may not exist yet. Raises StorageError."""
    return _user_folder("cache", CACHE_VARIABLE)


def user_data_folder() -> Path:
    """The folder of this user for what is kept for good, or the one that VOICECOACH_DATA names; it
    may not exist yet. Raises StorageError."""
    return _user_folder("data", DATA_VARIABLE)


def _user_folder(what: Literal["cache", "data"], variable: str) -> Path:
    """The folder that ``variable`` names, or that of this user. Raises StorageError where nobody
    knows where hers are."""
    named = os.environ.get(variable)
    if named:
        return Path(named)
    import platformdirs  # slow to import, and help needs no folder

    find = {"cache": platformdirs.user_cache_path, "data": platformdirs.user_data_path}[what]
    try:
        found = find("voicecoach")
    except RuntimeError as error:
        raise StorageError(Message("errors.homeless", variable=variable)) from error
    if not found.is_absolute():
        raise StorageError(Message("errors.homeless", variable=variable))
    return found


BUILT_IN = "pelvic-floor"


def built_in(name: str = BUILT_IN) -> Path:
    """The folder of the built-in programme ``name``: in the wheel, or beside the source."""
    package = Path(__file__).parent
    for folder in (package / "built_in" / name, package.parent / "content" / name):
        if folder.is_dir():
            return folder
    raise StorageError(Message("errors.no_built_in", name=name))


def built_in_names() -> tuple[str, ...]:
    """The names of all built-in programmes; the first is the one that needs no name."""
    package = Path(__file__).parent
    found = {
        path.parent.name
        for root in (package / "built_in", package.parent / "content")
        for path in root.glob("*/programme.yaml")
    }
    return (BUILT_IN, *sorted(found - {BUILT_IN}))
