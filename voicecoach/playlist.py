"""Tracks -> M3U8 playlists. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A track in a playlist; ``file`` stands in the same folder as the playlist."""

    file: str
    title: str
    duration_ms: int


def write(title: str, entries: Sequence[Entry]) -> bytes:
    """The playlist as UTF-8 without a byte order mark, with relative paths."""
    lines = ["#EXTM3U", f"#PLAYLIST:{title}"]
    for entry in entries:
        lines += [f"#EXTINF:{round(entry.duration_ms / 1000)},{entry.title}", entry.file]
    return ("\n".join(lines) + "\n").encode()
