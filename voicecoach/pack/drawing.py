"""The sheet on which all pictures are drawn: colours, fonts, lines and curves."""

import functools
from collections.abc import Callable, Sequence
from copy import copy
from io import BytesIO
from itertools import pairwise
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont, ImageOps

Colour = tuple[int, int, int]
Point = tuple[float, float]

NIGHT: Colour = (16, 14, 18)
PALE: Colour = (214, 206, 196)
FAINT: Colour = (140, 132, 128)
AMBER: Colour = (222, 165, 80)
BLUE: Colour = (120, 160, 190)
GREEN: Colour = (150, 190, 140)

_FINER = 2
"""Factor by which pictures are drawn larger and then reduced, for smooth curves and marks."""
_FONTS = ("DejaVuSans.ttf", "Arial.ttf", "arial.ttf", "LiberationSans-Regular.ttf")
"""Fonts of Linux, macOS and Windows with the letters of European languages, which Pillow's own font
lacks (no é, ë, ï, –)."""
_IN_OWN_FONT = "·°’‘“”"
"""The characters of Pillow's font, besides ASCII, that our texts may use."""

_Font = ImageFont.ImageFont | ImageFont.FreeTypeFont


def dimmed(colour: Colour, share: float) -> Colour:
    """``colour`` blended with NIGHT; ``share`` is from 0 (all NIGHT) to 1 (unchanged)."""
    r, g, b = (round(n + (c - n) * share) for n, c in zip(NIGHT, colour, strict=True))
    return r, g, b


class Sheet:
    """A picture of ``width`` by ``height`` units of ``zoom`` pixels.

    With ``own_letters``, text is in Pillow's own font, so that it looks the same on every computer;
    letters that it lacks lose their accents. Otherwise a font of the computer is used, if found.
    """

    def __init__(
        self, width: float, height: float, *, zoom: float = 1, own_letters: bool = False
    ) -> None:
        self._finer = _FINER
        self._scale = zoom * _FINER
        self._own_letters = own_letters
        size = round(width * zoom) * _FINER, round(height * zoom) * _FINER
        self._take(Image.new("RGB", size, NIGHT))

    def finished(self) -> "Sheet":
        """A copy at its final size, quick to copy and to save. Text drawn on it is still smooth;
        curves would not be."""
        sheet = copy(self)
        sheet._finer, sheet._scale = 1, self._scale / self._finer
        sheet._take(self._image.reduce(self._finer) if self._finer > 1 else self._image.copy())
        return sheet

    def _take(self, image: Image.Image) -> None:
        self._image = image
        self._draw = ImageDraw.Draw(image)

    def text(
        self, at: Point, text: str, *, size: float, colour: Colour, anchor: str = "la"
    ) -> None:
        """Writes ``text`` with its upper left corner, or Pillow's ``anchor``, at ``at``. Its ink
        begins there, without the space before the first letter."""
        font, shown = self._font(size)
        x, y = self._scaled(at)
        ink = font.getmask(shown(text)).getbbox()
        space = ink[0] if ink else 0
        self._draw.text((x - space, y), shown(text), fill=colour, font=font, anchor=anchor)

    def width(self, text: str, *, size: float) -> float:
        """The width of ``text``."""
        font, shown = self._font(size)
        return font.getlength(shown(text)) / self._scale

    def cut(self, text: str, room: float, *, size: float) -> str:
        """``text``, shortened with an ellipsis to fit into ``room``; empty if nothing fits."""
        if self.width(text, size=size) <= room:
            return text
        for length in range(len(text) - 1, 1, -1):
            shown = text[:length].rstrip(" ,.;:") + "…"
            if self.width(shown, size=size) <= room:
                return shown
        return ""

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1) -> None:
        """Draws a line through ``points``."""
        scaled = [self._scaled(point) for point in points]
        self._draw.line(scaled, fill=colour, width=round(width * self._scale), joint="curve")

    def area(self, points: Sequence[Point], colour: Colour, low: Colour | None = None) -> None:
        """Fills a polygon; ``colour`` fades to ``low``, if given, from top to bottom."""
        scaled = [self._scaled(point) for point in points]
        if low is None:
            self._draw.polygon(scaled, fill=colour)
        else:
            self._fade(scaled, colour, low)

    def curve(self, points: Sequence[Point], bottom: float, colour: Colour, fill: Colour) -> None:
        """Draws a line and fills the area below it; nothing if it stays at ``bottom``."""
        for run in _runs(points, bottom):
            self.area([(run[0][0], bottom), *run, (run[-1][0], bottom)], fill)
            self.line(run, colour, 2)

    def png(self, colours: int | None = None) -> bytes:
        """The picture as PNG; smaller if reduced to a palette of ``colours``."""
        image = self.finished()._image
        if colours is not None:
            image = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        return _saved(image, "PNG", optimize=True)

    def jpeg(self, quality: int) -> bytes:
        """The picture as baseline JPEG in sRGB."""
        return _saved(self.finished()._image, "JPEG", quality=quality, optimize=True)

    def _scaled(self, at: Point) -> Point:
        return at[0] * self._scale, at[1] * self._scale

    def _font(self, size: float) -> tuple[_Font, Callable[[str], str]]:
        return _font(round(size * self._scale), own=self._own_letters)

    def _fade(self, scaled: Sequence[Point], high: Colour, low: Colour) -> None:
        mask = Image.new("L", self._image.size, 0)
        ImageDraw.Draw(mask).polygon(scaled, fill=255)
        box = mask.getbbox()
        if box is not None:
            left, top, right, bottom = box
            column = Image.linear_gradient("L").crop((0, 0, 1, 256)).resize((1, bottom - top))
            fade = ImageOps.colorize(column, black=high, white=low)
            wide = fade.resize((right - left, bottom - top), Image.Resampling.NEAREST)
            self._image.paste(wide, box, mask.crop(box))


def _runs(points: Sequence[Point], bottom: float) -> list[list[Point]]:
    """The parts of a curve that rise above ``bottom``."""
    runs: list[list[Point]] = []
    for before, after in pairwise(points):
        if min(before[1], after[1]) < bottom:
            if not runs or runs[-1][-1] != before:
                runs.append([before])
            runs[-1].append(after)
    return runs


@functools.cache
def _font(size_px: int, *, own: bool) -> tuple[_Font, Callable[[str], str]]:
    """A font, and a function that replaces what the font cannot show in a text."""
    for name in () if own else _FONTS:
        try:
            return ImageFont.truetype(name, size_px), str
        except OSError:
            continue
    return ImageFont.load_default(size_px), _plain


def _plain(text: str) -> str:
    """``text`` without accents, long dashes, and letters that cannot be shown."""
    letters = normalize("NFKD", text.replace("–", "-").replace("—", "-"))
    return "".join(c for c in letters if c.isascii() or c in _IN_OWN_FONT)


def _saved(image: Image.Image, kind: str, **options: int | bool) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
