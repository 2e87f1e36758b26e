"""pack.json: what a pack holds, and what in its folder is ours."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voicecoach.errors import StorageError

FILE = "pack.json"
FORMAT = 1
_OUR_TRACK = re.compile(r"w[0-9]{2}-[0-9]{2,}-[a-z0-9-]+\.mp3")


def write(
    *,
    programme: str,
    language: str,
    voice: str,
    week: int,
    version: str,
    tracks: Sequence[dict[str, Any]],
    playlists: Sequence[dict[str, Any]],
) -> bytes:
    """The manifest as JSON; the keys of tracks and playlists stand in the design."""
    content = {
        "format": FORMAT,
        "programme": programme,
        "language": language,
        "voice": voice,
        "week": week,
        "version": version,
        "tracks": list(tracks),
        "playlists": list(playlists),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


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
