"""pack.json: what a pack holds, and what in its folder is ours."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voicecoach.errors import StorageError

FILE = "pack.json"
FORMAT = 1
_OUR_TRACK = re.compile(r"w[0-9]{2}-[0-9]{2,}-[a-z0-9-]+\.mp3")


def write(
    about: Mapping[str, Any],
    tracks: Sequence[Mapping[str, Any]],
    playlists: Sequence[Mapping[str, Any]],
) -> bytes:
    """The manifest as JSON; its keys stand in the design. ``about`` is what holds for the pack as a
    whole."""
    content = {
        "format": FORMAT,
        **about,
        "tracks": list(tracks),
        "playlists": list(playlists),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read(folder: Path) -> dict[str, Any]:
    """The manifest in ``folder``. Raises StorageError where there is none that can be read."""
    path = folder / FILE
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}; is this a pack?") from error
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{path}: not a manifest of ours ({error}); build it again") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StorageError(f"{path}: not a manifest of this version; build it again")
    return content


def tracks_written(folder: Path) -> dict[str, str]:
    """File name and sha256 of every track that an earlier manifest in ``folder`` lists.

    Empty where there is no manifest, or none of ours: then nothing there is ours to delete.
    """
    try:
        content = json.loads((folder / FILE).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    except OSError as error:
        raise StorageError(f"{folder / FILE}: cannot be read: {error.strerror}") from error
    tracks = content.get("tracks") if isinstance(content, dict) else None
    return {
        track["file"]: str(track.get("sha256"))
        for track in (tracks if isinstance(tracks, list) else [])
        if isinstance(track, dict)
        and isinstance(track.get("file"), str)
        and _OUR_TRACK.fullmatch(track["file"])
    }
