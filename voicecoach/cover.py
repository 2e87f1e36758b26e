"""A week -> its cover: the phase's colour, the week's number, and what its effort looks like."""

import functools

from voicecoach.drawing import AMBER, BLUE, PALE, Colour, Sheet, dimmed
from voicecoach.track import Cover

EMBEDDED_PX = 600
"""In the tags of a track."""
FOLDER_PX = 1400
"""Beside the tracks; feeds of podcasts ask for no less."""

_PHASE_COLOURS: tuple[Colour, ...] = (BLUE, (150, 178, 130), AMBER, (222, 132, 102))

# Places in a square of 600.
_SIZE = 600
_MARGIN = 48
_LABEL_BASE, _LABEL = 92, 46
_NUMBER_BASE, _NUMBER = 340, 310
_HORIZON = 500
_REACH = 230
"""How high the greatest strength would stand; no figure stands higher than _HIGHEST."""
_HIGHEST = 96
_TITLE_BASE, _TITLE = 558, 29
_STROKE = 5


@functools.lru_cache(maxsize=16)
def draw(cover: Cover, size_px: int) -> bytes:
    """A square JPEG, ``size_px`` wide."""
    sheet = Sheet(_SIZE, _SIZE, zoom=size_px / _SIZE, own_letters=True)
    colour = _PHASE_COLOURS[cover.phase_number % len(_PHASE_COLOURS)]
    _draw_figure(sheet, cover, colour)
    large = cover.week_label if cover.week is None else str(cover.week)
    label = " ".join(word for word in cover.week_label.split() if word != large)
    sheet.text((_MARGIN, _LABEL_BASE), label, size=_LABEL, colour=PALE, anchor="ls")
    sheet.text((_MARGIN, _NUMBER_BASE), large, size=_NUMBER, colour=colour, anchor="ls")
    title = sheet.cut(cover.title, _SIZE - 2 * _MARGIN, size=_TITLE)
    sheet.text((_MARGIN, _TITLE_BASE), title, size=_TITLE, colour=PALE, anchor="ls")
    return sheet.jpeg(quality=92)


def _draw_figure(sheet: Sheet, cover: Cover, colour: Colour) -> None:
    end_ms = cover.figure[-1][0]
    peak = max(share for _, share in cover.figure)
    reach = min(_REACH, _HIGHEST / peak) if peak else _REACH
    curve = [
        (_SIZE * time_ms / end_ms, _HORIZON - reach * share) for time_ms, share in cover.figure
    ]
    area = [(0.0, float(_SIZE)), *curve, (float(_SIZE), float(_SIZE))]
    sheet.area(area, dimmed(colour, 0.5), dimmed(colour, 0.04))
    sheet.line(curve, colour, _STROKE)
