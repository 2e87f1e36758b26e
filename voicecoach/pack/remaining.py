"""A pack -> the same pack without some tracks, as a build without them would write it."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.reading.exercises import KINDS
from voicecoach.files import digest_of
from voicecoach.pack import manifest, sidecars
from voicecoach.pack.manifest import PAGE_FILE, FileEntry, Manifest, PlaylistEntry, TrackEntry
from voicecoach.planning.planned import CONTRACTIONS, EXPLANATION

Permits = Callable[[Manifest, TrackEntry], bool]
"""Whether a pack may offer a track; one of unknown kind counts as contractions."""

_ITEM = re.compile(
    r'<li><a class="row" href="[^"]*" download>(?:(?!</li>).)*'
    r'<audio controls preload="none" src="([^"?]*)\?v=[0-9a-f]+"></audio></li>\n',
    re.DOTALL,
)
_DATA = re.compile(r'(<script id="data" type="application/json">)(.*?)(</script>)', re.DOTALL)
WITHOUT_CONTRACTIONS = {EXPLANATION, *KINDS} - {CONTRACTIONS}
"""The kinds of sessions that have no contractions, as pack.json names them."""
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
"""What may not be in a script as it is; as Jinja's ``tojson`` writes it."""


def contractions_in(page: bytes) -> dict[str, bool]:
    """Whether the page shows contractions, by track file; empty if it cannot be parsed."""
    try:
        _, files, data = _parsed(page)
        sessions = data["sessions"]
        return {
            file: any(block["kind"] == "contractions" for block in session["blocks"])
            for file, session in zip(files, sessions, strict=True)
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def data_of(page: bytes) -> tuple[list[str], dict[str, Any]] | None:
    """The track files of the page and the data of its script; ``None`` if it does not have the
    current format."""
    try:
        _, files, data = _parsed(page)
        return (files, data) if len(data["sessions"]) == len(files) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def only(page: bytes, wanted: Collection[str]) -> bytes | None:
    """``page`` with only the tracks ``wanted``; ``None`` if it does not have the current format, or
    lacks one of them."""
    try:
        text, files, data = _parsed(page)
        if not set(wanted) <= set(files):
            return None
        places = [place for place, file in enumerate(files) if file in wanted]
        shown = _shown(data, places)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    text = _ITEM.sub(lambda item: item[0] if unquote(item[1]) in wanted else "", text)
    return _DATA.sub(lambda found: found[1] + _embedded(shown) + found[3], text).encode()


def _parsed(page: bytes) -> tuple[str, list[str], dict[str, Any]]:
    """The page as text, its track files, and the data of its script. Raises ValueError."""
    text = page.decode()
    found = _DATA.search(text)
    if found is None or text.count("<audio") != len(_ITEM.findall(text)):
        raise ValueError("not a page as they are written now")
    return text, [unquote(file) for file in _ITEM.findall(text)], json.loads(found[2])


def _shown(data: Mapping[str, Any], places: Sequence[int]) -> dict[str, Any]:
    """``data`` with only the sessions at ``places``; see :mod:`voicecoach.pack.moments`."""
    sessions = [data["sessions"][place] for place in places]
    passages = _each_once(chapter[2] for session in sessions for chapter in session["chapters"])
    utterances = _each_once(
        utterance for passage in passages for utterance in data["passages"][passage][1::2]
    )
    texts = _each_once(data["utterances"][utterance][0] for utterance in utterances)
    place_of = {place: number for number, place in enumerate(places)}
    return {
        **data,
        "texts": [data["texts"][text] for text in texts],
        "utterances": [
            [texts[text], length_ms]
            for text, length_ms in (data["utterances"][utterance] for utterance in utterances)
        ],
        "passages": [
            [
                utterances[number] if place % 2 else number
                for place, number in enumerate(data["passages"][passage])
            ]
            for passage in passages
        ],
        "sessions": [
            {
                **session,
                "chapters": [
                    [title, start_ms, passages[passage]]
                    for title, start_ms, passage in session["chapters"]
                ],
            }
            for session in sessions
        ],
        "days": [
            {**day, "tracks": [place_of[place] for place in day["tracks"] if place in place_of]}
            for day in data["days"]
        ],
    }


def _each_once(numbers: Iterable[int]) -> dict[int, int]:
    """The new index of each of ``numbers``, in order of first occurrence."""
    return {number: place for place, number in enumerate(dict.fromkeys(numbers))}


def _embedded(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """The remaining content of a pack."""

    sessions: int
    """Number of tracks removed."""
    gone: tuple[FileEntry, ...]
    """Files to remove: tracks first, then their sidecars."""
    files: Mapping[str, bytes]
    """Files to replace, pack.json last; empty if nothing is left of the pack."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self.files


def no_contractions(listed: Manifest, track: TrackEntry) -> bool:
    """Permits all but contractions."""
    return track.kind in WITHOUT_CONTRACTIONS


def is_permitted(listed: Manifest, permits: Permits) -> bool:
    """Whether every track of the pack is permitted."""
    return all(permits(listed, track) for track in listed.tracks)


def permitted(listed: Manifest, page: bytes | None, permits: Permits) -> Remaining:
    """What is permitted of the pack that has the manifest ``listed`` and the page ``page``.

    If pack.json does not say what kind a track is, the page may. A page that cannot be parsed is
    removed too, and so is the playlist of a day without tracks; the next build makes them again.
    """
    shown = {} if page is None else contractions_in(page)
    judged = [replace(track, kind=track.kind or _kind(track, shown)) for track in listed.tracks]
    kept = tuple(track for track in judged if permits(listed, track))
    names = {track.file for track in kept}
    lost = {track.file for track in listed.tracks} - names
    lost |= {track.beside(end) for track in judged if track.file in lost for end in _BESIDE}
    cut_page = only(page, names) if page is not None and names else None
    playlists = tuple(
        replace(each, tracks=tracks)
        for each in listed.playlists
        if (tracks := tuple(file for file in each.tracks if file in names))
    )
    replaced = _written(playlists, kept) | ({} if cut_page is None else {PAGE_FILE: cut_page})
    if not names:
        return Remaining(sessions=len(judged), gone=listed.all_files, files={})
    lost |= {PAGE_FILE, *(each.file for each in listed.playlists)} - replaced.keys()
    files = tuple(
        _entry(each.file, replaced[each.file]) if each.file in replaced else each
        for each in listed.files
        if each.file not in lost
    )
    cut = {day for track in judged if track.file in lost for day in track.days}
    days = tuple(replace(each, plan="") if each.day in cut else each for each in listed.days)
    left = replace(listed, tracks=kept, playlists=playlists, files=files, days=days)
    return Remaining(
        sessions=len(judged) - len(kept),
        gone=tuple(each for each in listed.all_files if each.file in lost),
        files={**replaced, manifest.FILE: manifest.write(left)},
    )


_BESIDE = (".vtt", ".lrc")


def _kind(track: TrackEntry, shown: Mapping[str, bool]) -> str:
    return Breathing.kind if shown.get(track.file) is False else CONTRACTIONS


def _entry(file: str, data: bytes) -> FileEntry:
    digest = digest_of(data)
    return FileEntry(file=file, bytes=digest.bytes, sha256=digest.sha256)


def _written(
    playlists: tuple[PlaylistEntry, ...], kept: tuple[TrackEntry, ...]
) -> dict[str, bytes]:
    entries = {
        track.file: sidecars.Entry(
            file=track.file, title=track.title, duration_ms=track.duration_ms
        )
        for track in kept
    }
    return {
        each.file: sidecars.m3u8(each.title, [entries[file] for file in each.tracks])
        for each in playlists
    }
