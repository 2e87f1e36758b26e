"""A session -> its picture: words, tones, effort and breath over time, a minute a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.pack.drawing import FAINT, PALE, Sheet
from voicecoach.picture_row import HEIGHT, WAVE_HEIGHT, Row, draw_mark
from voicecoach.script.script import Cue, Tone
from voicecoach.script.timeline import Event, Timeline

if TYPE_CHECKING:
    from voicecoach.audio.loudness import Samples

WIDTH_PX = 1600
_ROW_MS = 60_000
_MARGIN = 24
_HEAD, _FOOT = 96, 12
_TITLE_TOP, _TITLE = 16, 26
_LEGEND, _NAME = 66, 14
_DETAIL_COLOURS = 64
_DETAIL_LINES, _DETAIL_HEAD = 3, 108
_ENGLISH: Mapping[Cue, str] = {cue: cue.value for cue in Cue}


def draw(
    timeline: Timeline,
    track: "Samples | None",
    *,
    title: str,
    names: Mapping[Cue, str] = _ENGLISH,
) -> bytes:
    """A PNG, WIDTH_PX wide, of the whole session; ``names`` of the tones for its legend.

    ``track`` is the sound as it was mixed or decoded; without it the rows have no wave. Letters
    lose their accents where no font of this computer has them.
    """
    height = HEIGHT - (WAVE_HEIGHT if track is None else 0)
    starts_ms = range(0, max(1, timeline.duration_ms), _ROW_MS)
    sheet = Sheet(WIDTH_PX, _HEAD + len(starts_ms) * height + _FOOT)
    _draw_head(sheet, title, timeline.events, names)
    for number, start_ms in enumerate(starts_ms):
        end_ms = min(start_ms + _ROW_MS, timeline.duration_ms)
        row = _row(sheet, WIDTH_PX, _ROW_MS, start_ms, end_ms, _HEAD + number * height)
        row.draw(timeline, track)
    return sheet.png()


def draw_detail(timeline: Timeline, start_ms: int, end_ms: int, *, title: str) -> bytes:
    """A small PNG, WIDTH_PX wide, of a part of the session in one row, everything twice as large.

    Its letters come with Pillow, so that it looks the same on every computer.
    """
    width = WIDTH_PX // 2
    sheet = Sheet(width, _DETAIL_HEAD + HEIGHT - WAVE_HEIGHT, zoom=2, own_letters=True)
    row = _row(sheet, width, end_ms - start_ms, start_ms, end_ms, _DETAIL_HEAD)
    row = replace(row, lines=_DETAIL_LINES)
    _draw_head(sheet, title, row.events_of(timeline), _ENGLISH)
    row.draw(timeline, None)
    return sheet.png(_DETAIL_COLOURS)


def _row(sheet: Sheet, width: int, full_ms: int, start_ms: int, end_ms: int, top: int) -> Row:
    """A row that would fill ``width`` if it lasted ``full_ms``."""
    return Row(
        sheet=sheet,
        top=top,
        left=_MARGIN,
        right=width - _MARGIN,
        per_ms=(width - 2 * _MARGIN) / full_ms,
        start_ms=start_ms,
        end_ms=end_ms,
    )


def _draw_head(sheet: Sheet, title: str, events: Sequence[Event], names: Mapping[Cue, str]) -> None:
    """The title, the marks of ``events``, and what they mean."""
    sheet.text((_MARGIN, _TITLE_TOP), title, size=_TITLE, colour=PALE)
    used = {event.sound.cue for event in events if isinstance(event.sound, Tone)}
    x = float(_MARGIN)
    for cue in Cue:
        if cue in used:
            draw_mark(sheet, (x + 6, _LEGEND), cue)
            sheet.text((x + 18, _LEGEND - 9), names[cue], size=_NAME, colour=FAINT)
            x += 18 + sheet.width(names[cue], size=_NAME) + 24
