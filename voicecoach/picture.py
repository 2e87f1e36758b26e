"""A session -> its picture: words, tones, effort and breath over time, a minute a row."""

import functools
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from voicecoach.effort import Curve, breath, effort
from voicecoach.pcm import sample_count
from voicecoach.script import Cue, Say, Tone
from voicecoach.timeline import Event, Timeline

if TYPE_CHECKING:
    from voicecoach.loudness import Samples

WIDTH_PX = 1600
_SCALE = 2
"""Drawn larger and reduced, so that curves and marks are smooth."""
_ROW_MS = 60_000
_TICK_MS = 5000

# Places in a row, in pixels from its top.
_WORD_LINES = (0, 17)
_WORDS_RULE = 37
_MARKS = 50
_LANE_TOP, _LANE_BOTTOM = 60, 126
_WAVE, _WAVE_HALF = 148, 20
_AXIS = 172
_ROW = 212

_LEFT, _RIGHT = 24, 24
_HEAD, _FOOT = 96, 12
_PX_A_MS = (WIDTH_PX - _LEFT - _RIGHT) / _ROW_MS
_WORDS_PX, _WORDS_GAP_PX = 14, 8

_NIGHT = (16, 14, 18)
_LANE = (24, 22, 27)
_GRID = (52, 48, 56)
_PALE = (214, 206, 196)
_FAINT = (140, 132, 128)
_WAVE_COLOUR = (92, 86, 96)
_EFFORT, _EFFORT_FILL = (222, 165, 80), (92, 70, 40)
_BREATH, _BREATH_FILL = (120, 160, 190), (36, 48, 58)

_Colour = tuple[int, int, int]
_Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
_Shape = tuple[tuple[float, float], ...]
"""A polygon, in half sizes of a mark around its middle."""

_UP: _Shape = ((0, -1), (1, 0.8), (-1, 0.8))
_DOWN: _Shape = ((0, 1), (1, -0.8), (-1, -0.8))
_SQUARE: _Shape = ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
_DIAMOND: _Shape = ((0, -1), (1, 0), (0, 1), (-1, 0))
_BAR: _Shape = ((-0.25, -1), (0.25, -1), (0.25, 1), (-0.25, 1))
_DASH: _Shape = ((-1, -0.25), (1, -0.25), (1, 0.25), (-1, 0.25))
_HOURGLASS: _Shape = ((-0.9, -0.9), (0.9, -0.9), (-0.9, 0.9), (0.9, 0.9))
_TICK: _Shape = ((-0.3, -0.3), (0.3, -0.3), (0.3, 0.3), (-0.3, 0.3))
_MARK: Mapping[Cue, tuple[_Shape, _Colour]] = {
    Cue.INHALE: (_UP, _BREATH),
    Cue.EXHALE: (_DOWN, _BREATH),
    Cue.TIGHTEN: (_SQUARE, _EFFORT),
    Cue.HOLD: (_TICK, _EFFORT),
    Cue.RELEASE: (_DIAMOND, (150, 190, 140)),
    Cue.REST: (_DASH, (150, 190, 140)),
    Cue.SET: (_HOURGLASS, _PALE),
    Cue.DONE: (_BAR, _PALE),
}
_ENGLISH: Mapping[Cue, str] = {cue: cue.value for cue in Cue}

_FONTS = ("DejaVuSans.ttf", "Arial.ttf", "arial.ttf", "LiberationSans-Regular.ttf")
"""Fonts of Linux, macOS and Windows that have the letters of European languages, which the one
that comes with Pillow lacks (no é, ë, ï, –)."""


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
    rows = max(1, -(-timeline.duration_ms // _ROW_MS))
    height = _HEAD + rows * _ROW + _FOOT
    image = Image.new("RGB", (WIDTH_PX * _SCALE, height * _SCALE), _NIGHT)
    pen = _Pen(image)
    pen.text((_LEFT, 16), title, size_px=26, colour=_PALE)
    _draw_legend(pen, timeline, names)
    for number in range(rows):
        row = _Row(pen, timeline, start_ms=number * _ROW_MS, top=_HEAD + number * _ROW)
        row.draw_lane()
        row.draw_curve(breath(timeline), _BREATH, _BREATH_FILL)
        row.draw_curve(effort(timeline), _EFFORT, _EFFORT_FILL)
        if track is not None:
            row.draw_wave(track)
        row.draw_marks()
        row.draw_words()
    out = BytesIO()
    image.reduce(_SCALE).save(out, "PNG")
    return out.getvalue()


class _Pen:
    """Draws in pixels of the finished picture."""

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)

    def text(self, at: tuple[float, float], text: str, *, size_px: int, colour: _Colour) -> None:
        font, shown = _font(size_px)
        self._draw.text(_scaled(at), shown(text), fill=colour, font=font)

    def width(self, text: str, *, size_px: int) -> float:
        font, shown = _font(size_px)
        return font.getlength(shown(text)) / _SCALE

    def cut(self, text: str, room_px: float, *, size_px: int) -> str:
        """``text``, or as much of its beginning as fits with an ellipsis; empty where none does."""
        if self.width(text, size_px=size_px) <= room_px:
            return text
        for length in range(len(text) - 1, 1, -1):
            shown = text[:length].rstrip(" ,.;:") + "…"
            if self.width(shown, size_px=size_px) <= room_px:
                return shown
        return ""

    def line(self, points: list[tuple[float, float]], colour: _Colour, width: float = 1) -> None:
        scaled = [_scaled(point) for point in points]
        self._draw.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")

    def area(self, points: list[tuple[float, float]], colour: _Colour) -> None:
        self._draw.polygon([_scaled(point) for point in points], fill=colour)

    def mark(self, at: tuple[float, float], cue: Cue, half: float = 5) -> None:
        shape, colour = _MARK[cue]
        self.area([(at[0] + x * half, at[1] + y * half) for x, y in shape], colour)


def _scaled(at: tuple[float, float]) -> tuple[float, float]:
    return at[0] * _SCALE, at[1] * _SCALE


@functools.cache
def _font(size_px: int) -> tuple[_Font, Callable[[str], str]]:
    """A font, and what makes a text such that the font can show it."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size_px * _SCALE), str
        except OSError:
            continue
    return ImageFont.load_default(size_px * _SCALE), _plain


def _plain(text: str) -> str:
    """``text`` without accents and long dashes."""
    letters = normalize("NFKD", text.replace("–", "-").replace("—", "-"))
    return letters.encode("ascii", "ignore").decode()


def _draw_legend(pen: _Pen, timeline: Timeline, names: Mapping[Cue, str]) -> None:
    """The marks that are in the picture, and what they mean."""
    used = {event.sound.cue for event in timeline.events if isinstance(event.sound, Tone)}
    x = float(_LEFT)
    for cue in Cue:
        if cue in used:
            pen.mark((x + 6, 66), cue)
            pen.text((x + 18, 57), names[cue], size_px=14, colour=_FAINT)
            x += 18 + pen.width(names[cue], size_px=14) + 24


class _Row:
    """A minute of the session, or what is left of it."""

    def __init__(self, pen: _Pen, timeline: Timeline, *, start_ms: int, top: int) -> None:
        self._pen = pen
        self._top = top
        self._start_ms = start_ms
        self._end_ms = min(start_ms + _ROW_MS, timeline.duration_ms)
        self._events = [
            event
            for event in timeline.events
            if event.start_ms < self._end_ms and event.end_ms > start_ms
        ]

    def _x(self, time_ms: float) -> float:
        within_ms = min(max(time_ms, self._start_ms), self._end_ms) - self._start_ms
        return _LEFT + within_ms * _PX_A_MS

    def draw_lane(self) -> None:
        """What the curves stand on, with a line every 5 s and the time every 10 s."""
        top, bottom, axis = self._top + _LANE_TOP, self._top + _LANE_BOTTOM, self._top + _AXIS
        left, right = self._x(self._start_ms), self._x(self._end_ms)
        self._pen.area([(left, top), (right, top), (right, bottom), (left, bottom)], _LANE)
        for time_ms in range(self._start_ms, self._end_ms + 1, _TICK_MS):
            x = self._x(time_ms)
            self._pen.line([(x, top), (x, axis)], _GRID)
            if time_ms % (2 * _TICK_MS) == 0 and time_ms < self._start_ms + _ROW_MS:
                text = f"{time_ms // 60_000}:{time_ms // 1000 % 60:02d}"
                self._pen.text((x + 2, axis - 4), text, size_px=12, colour=_FAINT)

    def draw_curve(self, curve: Curve, colour: _Colour, fill: _Colour) -> None:
        """``curve`` over its area; nothing where it stays at 0."""
        bottom = self._top + _LANE_BOTTOM
        height = _LANE_BOTTOM - _LANE_TOP
        part = _between(curve, self._start_ms, self._end_ms)
        points = [(self._x(time_ms), bottom - share * height) for time_ms, share in part]
        for before, after in pairwise(points):
            if min(before[1], after[1]) < bottom:
                self._pen.area([(before[0], bottom), before, after, (after[0], bottom)], fill)
        for before, after in pairwise(points):
            if min(before[1], after[1]) < bottom:
                self._pen.line([before, after], colour, 2)

    def draw_wave(self, track: "Samples") -> None:
        middle = self._top + _WAVE
        for x in range(_LEFT, round(self._x(self._end_ms))):
            first_ms = self._start_ms + (x - _LEFT) / _PX_A_MS
            part = track[
                sample_count(round(first_ms)) : sample_count(round(first_ms + 1 / _PX_A_MS))
            ]
            if len(part):
                high, low = float(part.max()) * _WAVE_HALF, float(part.min()) * _WAVE_HALF
                self._pen.line([(x, middle - high), (x, middle - low + 0.5)], _WAVE_COLOUR)

    def draw_marks(self) -> None:
        for event in self._events:
            if isinstance(event.sound, Tone) and event.start_ms >= self._start_ms:
                self._pen.mark((self._x(event.start_ms), self._top + _MARKS), event.sound.cue)

    def draw_words(self) -> None:
        """Each utterance on a line of its own where two would collide; cut where the next on its
        line begins."""
        words = [event for event in self._events if isinstance(event.sound, Say)]
        lines: list[list[tuple[float, str]]] = [[] for _ in _WORD_LINES]
        ends = [0.0 for _ in _WORD_LINES]
        for event, text in ((event, _text_of(event)) for event in words):
            start, end = self._x(event.start_ms), self._x(event.end_ms)
            rule = self._top + _WORDS_RULE
            self._pen.line([(start, rule), (max(start + 1, end - 1), rule)], _PALE, 2)
            line = next((n for n, taken in enumerate(ends) if taken <= start), None)
            if line is None:  # cut the one that has had most room
                line = min(range(len(lines)), key=lambda n: lines[n][-1][0])
            lines[line].append((start, text))
            ends[line] = start + self._pen.width(text, size_px=_WORDS_PX) + _WORDS_GAP_PX
        for top, line_of in zip(_WORD_LINES, lines, strict=True):
            rooms = [start for start, _ in line_of[1:]] + [WIDTH_PX - _RIGHT + _WORDS_GAP_PX]
            for (start, text), next_start in zip(line_of, rooms, strict=False):
                room = next_start - start - _WORDS_GAP_PX
                shown = self._pen.cut(text, room, size_px=_WORDS_PX)
                self._pen.text((start, self._top + top), shown, size_px=_WORDS_PX, colour=_PALE)


def _text_of(event: Event) -> str:
    assert isinstance(event.sound, Say)
    return event.sound.text


def _between(curve: Curve, start_ms: int, end_ms: int) -> list[tuple[float, float]]:
    """The part of ``curve`` in a span of time, with a point at either end."""
    part: list[tuple[float, float]] = []
    for (from_ms, low), (to_ms, high) in pairwise(curve):
        first, last = max(from_ms, start_ms), min(to_ms, end_ms)
        if first < last:
            slope = (high - low) / (to_ms - from_ms)
            part.append((first, low + slope * (first - from_ms)))
            part.append((last, low + slope * (last - from_ms)))
    return part
