"""Small text files beside the tracks: captions (WebVTT, LRC) and M3U8 playlists. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicecoach.script.script import Say
from voicecoach.script.timeline import Timeline

_SHOWN_AT_LEAST_MS = 1500
"""Editorial: a count such as "one" takes 300 ms to say, too short to look up and read."""
_NO_BLINK_MS = 500
"""Editorial: captions stay until the next if it comes this soon, to avoid flicker."""
_SILENCE_MS = 5000
"""Editorial: lyrics are cleared before a silence of at least this length."""

_Span = tuple[int, int, str]
"""Start and end of a caption, in ms, and its text on one line."""


def web_vtt(timeline: Timeline, language: str) -> bytes:
    """WebVTT in UTF-8: a cue from the start of each utterance to the end of its words.

    Cues of short words are extended until they can be read, but never overlap the next one. The
    note at the top has the title and ``language`` (``nl``).
    """
    blocks = ["WEBVTT", f"NOTE\n{_escaped(_on_one_line(timeline.title))}\nLanguage: {language}"]
    blocks += [
        f"{_hours(start_ms)} --> {_hours(end_ms)}\n{_escaped(text)}"
        for start_ms, end_ms, text in _shown(timeline)
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def lyrics(timeline: Timeline, *, title: str, artist: str, album: str, language: str) -> bytes:
    """LRC in UTF-8: a line at the start of each utterance, to the hundredth of a second.

    Before a long silence, a stamp without words clears the screen. Lines are in order of time, and
    each has a stamp or a tag: some players reject files with an empty line.
    """
    tags = {
        "ti": _without_brackets(title),
        "ar": _without_brackets(artist),
        "al": _without_brackets(album),
        "la": language,
        "length": _minutes(timeline.duration_ms).partition(".")[0],
    }
    lines = [f"[{tag}:{value}]" for tag, value in tags.items()]
    shown = [*_shown(timeline), (timeline.duration_ms, 0, "")]
    for (start_ms, end_ms, text), (next_ms, _, _) in pairwise(shown):
        lines.append(f"[{_minutes(start_ms)}]{_without_brackets(text)}")
        if next_ms - end_ms >= _SILENCE_MS:
            lines.append(f"[{_minutes(end_ms)}]")
    return ("\n".join(lines) + "\n").encode()


def _shown(timeline: Timeline) -> list[_Span]:
    """Every utterance in order; no two are shown at the same time."""
    spoken = [
        (event.start_ms, event.end_ms, _on_one_line(event.sound.text))
        for event in timeline.events
        if isinstance(event.sound, Say)
    ]
    after = (max(timeline.duration_ms, spoken[-1][1]) if spoken else 0, 0, "")
    return [
        (start_ms, _shown_until(start_ms, end_ms, next_ms), text)
        for (start_ms, end_ms, text), (next_ms, _, _) in pairwise([*spoken, after])
    ]


def _shown_until(start_ms: int, end_ms: int, next_ms: int) -> int:
    readable_ms = max(end_ms, start_ms + _SHOWN_AT_LEAST_MS)
    return next_ms if next_ms - readable_ms < _NO_BLINK_MS else readable_ms


def _on_one_line(text: str) -> str:
    """``text`` without line breaks, because an empty line would end a cue."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """``text`` escaped for WebVTT, so that it has no ``-->`` or markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_brackets(text: str) -> str:
    """``text`` on one line, without what LRC would read as a stamp or a tag."""
    return _on_one_line(text).translate(str.maketrans("[]<>", "()()"))


def _hours(time_ms: int) -> str:
    """``HH:MM:SS.mmm``, the format of WebVTT."""
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _minutes(time_ms: int) -> str:
    """``MM:SS.cc``, the format of LRC, rounded to hundredths; minutes may exceed 59."""
    seconds, hundredths = divmod((time_ms + 5) // 10, 100)
    return f"{seconds // 60:02d}:{seconds % 60:02d}.{hundredths:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A track in a playlist; ``file`` is in the same folder as the playlist."""

    file: str
    title: str
    duration_ms: int


def m3u8(title: str, entries: Sequence[Entry]) -> bytes:
    """The playlist as UTF-8 without a byte order mark, with relative paths."""
    lines = ["#EXTM3U", f"#PLAYLIST:{title}"]
    for entry in entries:
        lines += [f"#EXTINF:{round(entry.duration_ms / 1000)},{entry.title}", entry.file]
    return ("\n".join(lines) + "\n").encode()
