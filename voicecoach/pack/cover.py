"""A week -> its cover: the phase's colour, the week's number, and a curve of its effort."""

import functools

from voicecoach.pack.drawing import AMBER, BLUE, PALE, Colour, Sheet, dimmed
from voicecoach.pack.views import Cover
from voicecoach.script.curves import Curve

EMBEDDED_PX = 600
"""Size in the tags of a track, in pixels."""
FOLDER_PX = 1400
"""Size of the file beside the tracks, in pixels: the least that podcast feeds allow."""

_PHASE_COLOURS: tuple[Colour, ...] = (BLUE, (150, 178, 130), AMBER, (222, 132, 102))

# Coordinates in a square of 600.
_SIZE = 600
_MARGIN = 48
_LABEL_BASE, _LABEL = 92, 46
_NUMBER_BASE, _NUMBER = 340, 310
_HORIZON = 500
_REACH = 230
"""The height of the greatest strength; figures are drawn no higher than _HIGHEST."""
_HIGHEST = 96
_TITLE_BASE, _TITLE = 558, 29
_STROKE = 5


@functools.lru_cache(maxsize=16)
def draw(cover: Cover, size_px: int) -> bytes:
    """A square JPEG, ``size_px`` wide."""
    large = cover.week_label if cover.week is None else str(cover.week)
    label = " ".join(word for word in cover.week_label.split() if word != large)
    sheet = _without_number(
        cover.title, label, cover.phase_number, cover.figure, size_px
    ).finished()
    colour = _colour(cover.phase_number)
    sheet.text((_MARGIN, _NUMBER_BASE), large, size=_NUMBER, colour=colour, anchor="ls")
    return sheet.jpeg(quality=92)


@functools.lru_cache(maxsize=4)
def _without_number(
    title: str, label: str, phase_number: int, figure: Curve, size_px: int
) -> Sheet:
    """The part that many weeks share, drawn once."""
    sheet = Sheet(_SIZE, _SIZE, zoom=size_px / _SIZE, own_letters=True)
    _draw_figure(sheet, figure, _colour(phase_number))
    sheet.text((_MARGIN, _LABEL_BASE), label, size=_LABEL, colour=PALE, anchor="ls")
    shown = sheet.cut(title, _SIZE - 2 * _MARGIN, size=_TITLE)
    sheet.text((_MARGIN, _TITLE_BASE), shown, size=_TITLE, colour=PALE, anchor="ls")
    return sheet.finished()


def _colour(phase_number: int) -> Colour:
    return _PHASE_COLOURS[phase_number % len(_PHASE_COLOURS)]


def _draw_figure(sheet: Sheet, figure: Curve, colour: Colour) -> None:
    end_ms = figure[-1][0]
    peak = max(share for _, share in figure)
    reach = min(_REACH, _HIGHEST / peak) if peak else _REACH
    curve = [(_SIZE * time_ms / end_ms, _HORIZON - reach * share) for time_ms, share in figure]
    area = [(0.0, float(_SIZE)), *curve, (float(_SIZE), float(_SIZE))]
    sheet.area(area, dimmed(colour, 0.5), dimmed(colour, 0.04))
    sheet.line(curve, colour, _STROKE)
