"""The output folder -> the packs in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voicecoach import manifest
from voicecoach.errors import StorageError
from voicecoach.manifest import Manifest

_SLUG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
_WEEK = re.compile(r"week-[0-9]{2,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPack:
    """A pack that stands in the output folder, and what it says it holds."""

    folder: Path
    slug: str
    """Name of the folder of its programme, in the language of the pack."""
    name: str
    """Name of its own folder, such as ``week-03``."""
    manifest: Manifest


def find(out: Path, note: Callable[[str], None] | None = None) -> tuple[FoundPack, ...]:
    """Every pack in ``out/<programme>/week-NN``, in order of programme and week.

    Links are passed over: they may lead out of ``out``. A pack whose manifest cannot be read is
    told to ``note``; without ``note`` its StorageError is raised. So is one where ``out`` itself
    cannot be read; an ``out`` that does not exist holds no packs.
    """
    found = []
    for programme in _folders(out, _SLUG):
        for week in _folders(programme, _WEEK):
            listed = week / manifest.FILE
            if listed.is_symlink() or not listed.exists():
                continue  # a build has just begun here
            try:
                pack = manifest.read(week)
            except StorageError as error:
                if note is None:
                    raise
                note(f"{error}. This pack is left out.")
                continue
            found.append(FoundPack(folder=week, slug=programme.name, name=week.name, manifest=pack))
    return tuple(sorted(found, key=lambda pack: (pack.slug, pack.manifest.week, pack.name)))


def _folders(parent: Path, name: re.Pattern[str]) -> list[Path]:
    try:
        return sorted(
            path
            for path in parent.iterdir()
            if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(
            f"{parent}: cannot be read: {error.strerror}; --out names the folder of the packs"
        ) from error
