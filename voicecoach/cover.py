"""A week -> its cover: the phase's colour, the week's number, and the curve of an effort."""

import functools
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from voicecoach.track import Cover

SIZE_PX = 600
_SCALE = 2
"""Drawn larger and reduced, so that curves are smooth."""
_NIGHT = (16, 14, 18)
_PHASE_COLOURS = ((120, 160, 190), (150, 170, 130), (222, 165, 80), (214, 120, 90))
_EFFORT = ((0.0, 0.0), (0.16, 0.0), (0.30, 1.0), (0.58, 1.0), (0.76, 0.0), (1.0, 0.0))
"""Rest, tighten, hold, let go, rest: time and effort, both as shares."""


@functools.lru_cache(maxsize=8)
def draw(cover: Cover) -> bytes:
    """A square JPEG of SIZE_PX."""
    size = SIZE_PX * _SCALE
    colour = _PHASE_COLOURS[cover.phase_number % len(_PHASE_COLOURS)]
    image = Image.new("RGB", (size, size), _NIGHT)
    pen = ImageDraw.Draw(image)
    curve = [(x * size, size * (0.74 - 0.26 * y)) for x, y in _smooth_effort()]
    pen.polygon([(0, size), *curve, (size, size)], fill=_dimmed(colour, 0.28))
    pen.line(curve, fill=colour, width=10 * _SCALE, joint="curve")
    pen.text((size * 0.07, size * 0.06), cover.week_label, fill=colour, font=_font(96))
    pen.text((size * 0.07, size * 0.90), cover.title, fill=(214, 206, 196), font=_font(28))
    out = BytesIO()
    image.reduce(_SCALE).save(out, "JPEG", quality=85)
    return out.getvalue()


def _smooth_effort(count: int = 240) -> list[tuple[float, float]]:
    points = []
    for index in range(count + 1):
        x = index / count
        for (x0, y0), (x1, y1) in pairwise(_EFFORT):
            if x0 <= x <= x1:
                t = (x - x0) / (x1 - x0)
                points.append((x, y0 + (y1 - y0) * t * t * (3 - 2 * t)))
                break
    return points


def _dimmed(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    r, g, b = (round(n + (c - n) * share) for n, c in zip(_NIGHT, colour, strict=True))
    return r, g, b


def _font(size_px: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size_px * _SCALE)
