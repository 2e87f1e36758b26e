"""The sheet that pictures are drawn on."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PIL import Image

from voicecoach.pack import drawing
from voicecoach.pack.drawing import AMBER, BLUE, NIGHT, PALE, Colour, Sheet, dimmed


def seen(sheet: Sheet) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(BytesIO(sheet.png())).convert("RGB")).astype(int)


def is_colour(pixels: np.ndarray[Any, Any], colour: Colour) -> Any:
    return np.abs(pixels - colour).max(axis=-1) < 12


def ink(sheet: Sheet) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is drawn."""
    drawn = np.argwhere(~is_colour(seen(sheet), NIGHT))
    (top, left), (bottom, right) = drawn.min(axis=0), drawn.max(axis=0)
    return int(left), int(top), int(right), int(bottom)


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer on which no font is found but the one that comes with Pillow."""
    monkeypatch.setattr(drawing, "_FONTS", ("no such font.ttf",))
    drawing._font.cache_clear()
    yield
    drawing._font.cache_clear()


@pytest.mark.parametrize(("zoom", "size"), [(1, (60, 40)), (2, (120, 80)), (7 / 3, (140, 93))])
def test_a_sheet_is_as_large_as_its_zoom_says(zoom: float, size: tuple[int, int]) -> None:
    assert Image.open(BytesIO(Sheet(60, 40, zoom=zoom).png())).size == size


def test_a_sheet_is_night_until_it_is_drawn_on() -> None:
    assert is_colour(seen(Sheet(60, 40)), NIGHT).all()


def test_a_colour_is_dimmed_towards_the_night() -> None:
    assert dimmed(AMBER, 0) == NIGHT
    assert dimmed(AMBER, 1) == AMBER
    assert NIGHT < dimmed(AMBER, 0.3) < dimmed(AMBER, 0.7) < AMBER


# --- curves and areas ---------------------------------------------------------------------------


HILL = [(10, 50), (30, 50), (40, 20), (60, 20), (70, 50), (90, 50)]


def test_a_curve_is_a_line_over_its_area_and_nothing_where_it_stays_at_the_bottom() -> None:
    sheet = Sheet(100, 60)
    sheet.curve(HILL, 50, AMBER, BLUE)
    pixels = seen(sheet)
    assert is_colour(pixels[20, 42:58], AMBER).all()
    assert is_colour(pixels[30:48, 50], BLUE).all()
    for x in (15, 80):
        assert is_colour(pixels[:, x], NIGHT).all()


def test_a_curve_may_rise_more_than_once() -> None:
    sheet = Sheet(200, 60)
    sheet.curve([*HILL, *((x + 100, y) for x, y in HILL)], 50, AMBER, BLUE)
    pixels = seen(sheet)
    assert is_colour(pixels[40, 50], BLUE) and is_colour(pixels[40, 150], BLUE)
    assert is_colour(pixels[:, 80:115], NIGHT).all()


def test_an_area_fades_from_top_to_bottom() -> None:
    sheet = Sheet(100, 100)
    sheet.area([(0, 10), (100, 10), (100, 90), (0, 90)], AMBER, NIGHT)
    column = seen(sheet)[:, 50].sum(axis=-1)
    assert is_colour(seen(sheet)[12, 50], AMBER)
    assert is_colour(seen(sheet)[95, 50], NIGHT)
    assert all(after <= before for before, after in pairwise(column[11:90]))


def test_an_area_of_no_height_is_nothing() -> None:
    sheet = Sheet(100, 100)
    sheet.area([(200, 10), (300, 10), (300, 10)], AMBER, NIGHT)
    assert is_colour(seen(sheet), NIGHT).all()


# --- letters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1", "3", "Week", "Je bekkenbodem"])
def test_letters_begin_where_they_are_put_and_are_as_wide_as_was_said(text: str) -> None:
    sheet = Sheet(600, 200, own_letters=True)
    sheet.text((40, 150), text, size=60, colour=PALE, anchor="ls")
    left, top, right, _ = ink(sheet)
    assert left == pytest.approx(40, abs=1)
    assert right <= 40 + sheet.width(text, size=60) + 1
    assert top > 80


def test_words_that_fit_are_written_whole_and_others_end_in_an_ellipsis() -> None:
    sheet = Sheet(10, 10)
    whole = "Laat los."
    room = sheet.width(whole, size=14)
    assert sheet.cut(whole, room, size=14) == whole
    assert sheet.cut("Laat helemaal los.", room, size=14) in ("Laat h…", "Laat…", "Laat he…")
    assert sheet.cut("Laat helemaal los.", 3, size=14) == ""


@pytest.mark.usefixtures("no_fonts")
def test_letters_with_accents_are_readable_on_any_computer() -> None:
    for own in (False, True):
        _, shown = drawing._font(14, own=own)
        assert shown("één, twee – geïnd") == "een, twee - geind"
        assert shown("Kracht · ‘nu’ 骨盆底") == "Kracht · ‘nu’ "


def test_letters_that_are_kept_are_in_the_font_that_comes_with_pillow() -> None:
    font, _ = drawing._font(40, own=True)
    absent = bytes(font.getmask("\uffff"))
    assert bytes(font.getmask("é")) == absent, "then accents need not be taken off"
    for letter in drawing._IN_OWN_FONT:
        assert bytes(font.getmask(letter)) != absent, letter


def test_an_accent_is_drawn_where_there_is_a_font_for_it() -> None:
    def drawn(text: str) -> bytes:
        sheet = Sheet(200, 60)
        sheet.text((10, 10), text, size=26, colour=PALE)
        return sheet.png()

    _, shown = drawing._font(26, own=False)
    assert (drawn("één") != drawn("een")) is (shown("é") == "é")


def test_its_own_letters_are_the_same_whatever_fonts_there_are(
    request: pytest.FixtureRequest,
) -> None:
    def drawn() -> bytes:
        sheet = Sheet(200, 60, own_letters=True)
        sheet.text((10, 10), "Week 3", size=26, colour=PALE)
        return sheet.png()

    before = drawn()
    request.getfixturevalue("no_fonts")
    assert drawn() == before


# --- files --------------------------------------------------------------------------------------


def test_a_png_of_few_colours_is_smaller_and_looks_the_same() -> None:
    sheet = Sheet(400, 200)
    sheet.curve([(x * 4, y * 3) for x, y in HILL], 150, AMBER, dimmed(AMBER, 0.4))
    full, small = sheet.png(), sheet.png(32)
    assert len(small) < len(full)
    one, other = (
        np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int) for data in (full, small)
    )
    assert np.abs(one - other).max() < 16


def test_a_jpeg_is_baseline_and_says_nothing_but_the_picture() -> None:
    image = Image.open(BytesIO(Sheet(400, 200).jpeg(quality=90)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert "progressive" not in image.info and "icc_profile" not in image.info
    assert not image.getexif()
