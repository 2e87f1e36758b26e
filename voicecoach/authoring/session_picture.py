"""A session -> its picture: words, tones, effort and breath over time, a minute per row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.audio.signal import sample_count
from voicecoach.content.kinds.dose import Cue
from voicecoach.pack.drawing import AMBER, BLUE, FAINT, GREEN, PALE, Colour, Point, Sheet
from voicecoach.script.curves import Curve, between, breath, effort
from voicecoach.script.script import Say, Tone
from voicecoach.script.timeline import Event, Timeline

if TYPE_CHECKING:
    from voicecoach.audio.loudness import Samples


# Heights, in units from the top of a row.
_WORDS_TOP, _WORDS_LINE = 17, 17
_WORDS_RULE = 37
_MARKS, _MARK_HALF = 50, 5
_LANE_TOP, _LANE_BOTTOM = 60, 126
_WAVE, _WAVE_HALF = 148, 20
_AXIS = 172
HEIGHT = 212
WAVE_HEIGHT = 40
"""The height that a row without a wave saves."""

_WORDS_SIZE, _WORDS_GAP = 14, 8
_TICK_MS = 5000

_LANE: Colour = (24, 22, 27)
_GRID: Colour = (52, 48, 56)
_WAVE_COLOUR: Colour = (92, 86, 96)
_EFFORT_FILL: Colour = (92, 70, 40)
_BREATH_FILL: Colour = (36, 48, 58)

_Shape = tuple[Point, ...]
"""A polygon around the centre of a mark, in units of half its size."""

_UP: _Shape = ((0, -1), (1, 0.8), (-1, 0.8))
_DOWN: _Shape = ((0, 1), (1, -0.8), (-1, -0.8))
_SQUARE: _Shape = ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
_DIAMOND: _Shape = ((0, -1), (1, 0), (0, 1), (-1, 0))
_BAR: _Shape = ((-0.25, -1), (0.25, -1), (0.25, 1), (-0.25, 1))
_DASH: _Shape = ((-1, -0.25), (1, -0.25), (1, 0.25), (-1, 0.25))
_HOURGLASS: _Shape = ((-0.9, -0.9), (0.9, -0.9), (-0.9, 0.9), (0.9, 0.9))
_TICK: _Shape = ((-0.3, -0.3), (0.3, -0.3), (0.3, 0.3), (-0.3, 0.3))
_CUP: _Shape = (
    (-0.9, -0.7),
    (-0.4, -0.7),
    (-0.4, 0.2),
    (0.4, 0.2),
    (0.4, -0.7),
    (0.9, -0.7),
    (0.9, 0.7),
    (-0.9, 0.7),
)
_ROOF: _Shape = ((0, -1), (1, 0.2), (1, 0.9), (0, -0.3), (-1, 0.9), (-1, 0.2))
_VALLEY: _Shape = tuple((x, -y) for x, y in _ROOF)
_BOW: _Shape = tuple((y, x) for x, y in _HOURGLASS)
_RIGHT: _Shape = tuple((-y, x) for x, y in _UP)
_LEFT: _Shape = tuple((y, x) for x, y in _UP)
_MARK: Mapping[Cue, tuple[_Shape, Colour]] = {
    Cue.INHALE: (_UP, BLUE),
    Cue.EXHALE: (_DOWN, BLUE),
    Cue.TIGHTEN: (_SQUARE, AMBER),
    Cue.HOLD: (_TICK, AMBER),
    Cue.RELEASE: (_DIAMOND, GREEN),
    Cue.REST: (_DASH, GREEN),
    Cue.SET: (_HOURGLASS, PALE),
    Cue.DONE: (_BAR, PALE),
    Cue.MOVE: (_ROOF, AMBER),
    Cue.RETURN: (_VALLEY, GREEN),
    Cue.SIDE: (_BOW, PALE),
    Cue.START: (_RIGHT, AMBER),
    Cue.END: (_LEFT, GREEN),
    Cue.COUGH: (_CUP, AMBER),
}


def draw_mark(sheet: Sheet, at: Point, cue: Cue) -> None:
    """Draws the mark of a tone around ``at``; marks differ in shape, not only in colour."""
    shape, colour = _MARK[cue]
    sheet.area([(at[0] + x * _MARK_HALF, at[1] + y * _MARK_HALF) for x, y in shape], colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The part of a session from ``start_ms`` to ``end_ms`` on ``sheet``."""

    sheet: Sheet
    top: float
    left: float
    right: float
    """The right edge of a full row."""
    per_ms: float
    start_ms: int
    end_ms: int
    lines: int = 2
    """Lines of words; those after the second are above ``top``."""

    def draw(self, timeline: Timeline, track: "Samples | None") -> None:
        """Draws the row; ``track`` is the sound of the whole session, ``None`` for no wave."""
        self._draw_lane(self.top + _AXIS - (WAVE_HEIGHT if track is None else 0))
        self._draw_curve(breath(timeline), BLUE, _BREATH_FILL)
        self._draw_curve(effort(timeline), AMBER, _EFFORT_FILL)
        if track is not None:
            self._draw_wave(track)
        events = self.events_of(timeline)
        for event in events:
            if isinstance(event.sound, Tone) and event.start_ms >= self.start_ms:
                draw_mark(self.sheet, (self._x(event.start_ms), self.top + _MARKS), event.sound.cue)
        self._draw_words([(e, e.sound.text) for e in events if isinstance(e.sound, Say)])

    def events_of(self, timeline: Timeline) -> list[Event]:
        """The events that sound in this part."""
        return [
            event
            for event in timeline.events
            if event.start_ms < self.end_ms and event.end_ms > self.start_ms
        ]

    def _x(self, time_ms: float) -> float:
        within_ms = min(max(time_ms, self.start_ms), self.end_ms) - self.start_ms
        return self.left + within_ms * self.per_ms

    def _draw_lane(self, axis: float) -> None:
        """The axis of the curves, with a line every 5 s and the time every 10 s."""
        top, bottom = self.top + _LANE_TOP, self.top + _LANE_BOTTOM
        left, right = self._x(self.start_ms), self._x(self.end_ms)
        self.sheet.area([(left, top), (right, top), (right, bottom), (left, bottom)], _LANE)
        first_ms = -(-self.start_ms // _TICK_MS) * _TICK_MS
        for time_ms in range(first_ms, self.end_ms + 1, _TICK_MS):
            x = self._x(time_ms)
            self.sheet.line([(x, top), (x, axis)], _GRID)
            text = f"{time_ms // 60_000}:{time_ms // 1000 % 60:02d}"
            if time_ms % (2 * _TICK_MS) == 0 and x < self.right - 12:
                self.sheet.text((x + 2, axis - 4), text, size=12, colour=FAINT)

    def _draw_curve(self, curve: Curve, colour: Colour, fill: Colour) -> None:
        bottom = self.top + _LANE_BOTTOM
        height = _LANE_BOTTOM - _LANE_TOP
        part = between(curve, self.start_ms, self.end_ms)
        points = [(self._x(time_ms), bottom - share * height) for time_ms, share in part]
        self.sheet.curve(points, bottom, colour, fill)

    def _draw_wave(self, track: "Samples") -> None:
        middle = self.top + _WAVE
        for column in range(round(self._x(self.end_ms) - self.left)):
            first_ms = self.start_ms + column / self.per_ms
            last_ms = first_ms + 1 / self.per_ms
            part = track[sample_count(round(first_ms)) : sample_count(round(last_ms))]
            if len(part):
                high, low = float(part.max()) * _WAVE_HALF, float(part.min()) * _WAVE_HALF
                x = self.left + column
                self.sheet.line([(x, middle - high), (x, middle - low + 0.5)], _WAVE_COLOUR)

    def _draw_words(self, words: Sequence[tuple[Event, str]]) -> None:
        """Draws each utterance on the lowest free line; if there is none, it is shortened, or the
        one before it is."""
        rule = self.top + _WORDS_RULE
        lines: list[list[tuple[float, str]]] = [[] for _ in range(self.lines)]
        ends = [0.0] * self.lines
        for event, text in words:
            start, end = self._x(event.start_ms), self._x(event.end_ms)
            self.sheet.line([(start, rule), (max(start + 1, end - 1), rule)], PALE, 2)
            line = next((n for n, taken in enumerate(ends) if taken <= start), None)
            if line is None:  # shorten the one with the most room
                line = min(range(len(lines)), key=lambda n: lines[n][-1][0])
            lines[line].append((start, text))
            ends[line] = start + self.sheet.width(text, size=_WORDS_SIZE) + _WORDS_GAP
        for number, line_of in enumerate(lines):
            top = self.top + _WORDS_TOP - number * _WORDS_LINE
            rooms = [start for start, _ in line_of[1:]] + [self.right + _WORDS_GAP]
            for (start, text), next_start in zip(line_of, rooms, strict=False):
                room = next_start - start - _WORDS_GAP
                shown = self.sheet.cut(text, room, size=_WORDS_SIZE)
                self.sheet.text((start, top), shown, size=_WORDS_SIZE, colour=PALE)


WIDTH_PX = 1600
_ROW_MS = 60_000
_MARGIN = 24
_HEAD, _FOOT = 96, 12
_TITLE_TOP, _TITLE = 16, 26
_LEGEND, _NAME = 66, 14


def draw(timeline: Timeline, track: "Samples | None", *, title: str) -> bytes:
    """A PNG, WIDTH_PX wide, of the whole session.

    ``track`` is the mixed or decoded sound; without it the rows have no wave. Letters lose their
    accents if no font of this computer has them.
    """
    height = HEIGHT - (WAVE_HEIGHT if track is None else 0)
    starts_ms = range(0, max(1, timeline.duration_ms), _ROW_MS)
    sheet = Sheet(WIDTH_PX, _HEAD + len(starts_ms) * height + _FOOT)
    _draw_head(sheet, title, timeline.events)
    for number, start_ms in enumerate(starts_ms):
        row = Row(
            sheet=sheet,
            top=_HEAD + number * height,
            left=_MARGIN,
            right=WIDTH_PX - _MARGIN,
            per_ms=(WIDTH_PX - 2 * _MARGIN) / _ROW_MS,
            start_ms=start_ms,
            end_ms=min(start_ms + _ROW_MS, timeline.duration_ms),
        )
        row.draw(timeline, track)
    return sheet.png()


def _draw_head(sheet: Sheet, title: str, events: Sequence[Event]) -> None:
    """Draws the title, and a legend of the marks of ``events``."""
    sheet.text((_MARGIN, _TITLE_TOP), title, size=_TITLE, colour=PALE)
    used = {event.sound.cue for event in events if isinstance(event.sound, Tone)}
    x = float(_MARGIN)
    for cue in Cue:
        if cue in used:
            draw_mark(sheet, (x + 6, _LEGEND), cue)
            sheet.text((x + 18, _LEGEND - 9), cue.value, size=_NAME, colour=FAINT)
            x += 18 + sheet.width(cue.value, size=_NAME) + 24
