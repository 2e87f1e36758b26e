"""The picture of a week."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.programme import Programme
from voicecoach.pack import tags
from voicecoach.pack.drawing import NIGHT
from voicecoach.pack.layout import plan_pack
from voicecoach.pack.tags import EMBEDDED_PX, FOLDER_PX
from voicecoach.pack.views import Cover
from voicecoach.planning.plan import last_week
from voicecoach.script.curves import figure, main_dose

BREATHS = Breathing(inhale_ms=4000, exhale_ms=6000, breaths=12)
WEEK_3 = Cover(
    week=3,
    week_label="Week 3",
    title="Je bekkenbodem na de bevalling",
    phase_number=2,
    figure=figure(BREATHS),
)
SIZES = (EMBEDDED_PX, FOLDER_PX)


def picture(of: Cover, size_px: int = EMBEDDED_PX) -> Image.Image:
    image = Image.open(BytesIO(tags.draw_cover(of, size_px)))
    image.load()
    return image


@pytest.fixture(scope="module")
def covers(programme: Programme) -> dict[Cover, bytes]:
    """Every week of the built-in programme in every language, drawn once as small as in a track."""
    found = []
    for words in programme.translations.values():
        for week in range(1, last_week(programme) + 1):
            pack = plan_pack(programme, words, week)
            parts = [part for track in pack.tracks for part in track.session.parts]
            doses = [part.dose for part in parts if isinstance(part, Prescription)]
            found.append(
                Cover(
                    week=week,
                    week_label=words.labels.week.format(week=week),
                    title=words.title,
                    phase_number=pack.phase_number,
                    figure=figure(main_dose(doses)),
                )
            )
    return {each: tags.draw_cover(each, EMBEDDED_PX) for each in found}


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size_px", SIZES)
def test_it_is_a_square_jpeg_that_a_phone_reads(size_px: int) -> None:
    image = picture(WEEK_3, size_px)
    assert (image.format, image.size, image.mode) == ("JPEG", (size_px, size_px), "RGB")
    assert "progressive" not in image.info, "many players show no progressive JPEG"


def test_it_is_as_large_as_players_and_feeds_ask_for() -> None:
    assert SIZES == (600, 1400)


def test_it_is_small_beside_the_sound(covers: dict[Cover, bytes]) -> None:
    assert max(map(len, covers.values())) < 60_000
    largest = {each.figure: each for each in sorted(covers, key=lambda each: len(covers[each]))}
    for each in largest.values():  # of those with one figure, the one that is the most
        assert len(tags.draw_cover(each, FOLDER_PX)) < 200_000


def test_it_carries_no_time_and_no_camera() -> None:
    assert not picture(WEEK_3).getexif()


def test_the_same_week_gives_the_same_bytes_in_another_process() -> None:
    program = f"""
import sys
from voicecoach.pack import tags
from voicecoach.pack.views import Cover
sys.stdout.buffer.write(tags.draw_cover({WEEK_3!r}, {FOLDER_PX}))
"""
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert other.stdout == tags.draw_cover(WEEK_3, FOLDER_PX)


def test_both_sizes_are_the_same_drawing() -> None:
    large = picture(WEEK_3, FOLDER_PX).resize((EMBEDDED_PX, EMBEDDED_PX), Image.Resampling.BOX)
    apart = np.asarray(large).astype(int) - np.asarray(picture(WEEK_3))
    assert np.abs(apart).mean() < 2


# --- what is seen -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        replace(WEEK_3, week=4, week_label="Week 4"),
        replace(WEEK_3, week_label="Semaine 3"),
        replace(WEEK_3, title="Your pelvic floor after birth"),
        replace(WEEK_3, phase_number=3),
        replace(WEEK_3, figure=figure(replace(BREATHS, inhale_ms=5000))),
    ],
)
def test_another_week_language_phase_or_dose_looks_different(changed: Cover) -> None:
    assert tags.draw_cover(changed, EMBEDDED_PX) != tags.draw_cover(WEEK_3, EMBEDDED_PX)


def test_no_two_weeks_look_alike(covers: dict[Cover, bytes]) -> None:
    assert len(covers) == 104
    assert len(set(covers.values())) == len(covers)


def contrast(one: Any, other: Any) -> float:
    """As WCAG 2 measures it, from 1 to 21."""
    lights = []
    for colour in (one, other):
        shares = np.asarray(colour) / 255
        linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
        lights.append(float(linear @ (0.2126, 0.7152, 0.0722)))
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def largest_sign(whole: Image.Image, size_px: int) -> tuple[int, float]:
    """Height in pixels and contrast of the week's number, where a player shows the cover only
    ``size_px`` wide: the rows between the label and the curve in which the cover is not night."""
    small = whole.resize((size_px, size_px), Image.Resampling.LANCZOS)
    pixels = np.asarray(small).astype(int)
    pixels = pixels[: round(size_px * 0.62)]
    night = np.asarray(NIGHT)
    is_bright = np.abs(pixels - night).sum(axis=-1) > 120
    rows = is_bright.any(axis=1)
    heights, height = [], 0
    for row in [*rows, False]:
        if row:
            height += 1
        elif height:
            heights.append(height)
            height = 0
    number = pixels[is_bright & (np.arange(len(pixels)) > size_px * 0.18)[:, None]]
    brightest = number[np.argsort(number.sum(axis=-1))][len(number) // 2]
    return max(heights), contrast(brightest, night)


def test_the_number_can_be_read_at_100_pixels(covers: dict[Cover, bytes]) -> None:
    for each, embedded in covers.items():
        height_px, ratio = largest_sign(Image.open(BytesIO(embedded)), 100)
        assert height_px >= 20, each.week_label
        assert ratio >= 4.5, each.week_label


@pytest.mark.parametrize("phase_number", range(4))
def test_every_colour_stands_out_from_the_night(phase_number: int) -> None:
    _, ratio = largest_sign(picture(replace(WEEK_3, phase_number=phase_number)), 100)
    assert ratio >= 4.5


def test_the_title_can_be_read_over_the_figure() -> None:
    pixels = np.asarray(picture(WEEK_3)).astype(int)
    title, behind = pixels[535:565, 48:400].reshape(-1, 3), pixels[535:565, 10]
    brightest = title[title.sum(axis=-1).argmax()]
    assert contrast(brightest, behind[behind.sum(axis=-1).argmax()]) >= 4.5


# --- whatever it is asked to show ---------------------------------------------------------------


def test_there_is_a_colour_for_any_number_of_phases() -> None:
    assert picture(replace(WEEK_3, phase_number=99)).size == (600, 600)


@pytest.mark.parametrize("title", ["Ünïcödé 骨盆底 " * 20, "骨盆底", ""])
def test_a_title_that_is_too_long_or_in_another_script_still_gives_a_picture(title: str) -> None:
    assert picture(replace(WEEK_3, title=title)).size == (600, 600)


def test_a_week_without_exercises_has_a_calm_line() -> None:
    flat = replace(WEEK_3, figure=figure(None))
    pixels = np.asarray(picture(flat)).astype(int)
    is_night = np.abs(pixels[380:480] - NIGHT).max(axis=-1) < 24
    assert is_night.all(), "no hill"
    assert np.abs(pixels[500] - NIGHT).max(axis=-1).min() > 60, "the line"


def test_where_there_is_no_week_the_label_is_large() -> None:
    height_px, _ = largest_sign(picture(replace(WEEK_3, week=None, week_label="NL")), 100)
    assert height_px >= 20


def test_no_figure_stands_in_the_number() -> None:
    """A full breath is the highest there is."""
    pixels = np.asarray(picture(WEEK_3)).astype(int)
    assert (np.abs(pixels[352:392] - NIGHT).max(axis=-1) < 24).all()


def test_a_week_of_two_digits_stays_within_the_picture() -> None:
    late = replace(WEEK_3, week=52, week_label="Week 52")
    pixels = np.asarray(picture(late)).astype(int)
    assert (np.abs(pixels[:360, 560:] - NIGHT).max(axis=-1) < 24).all()


def test_the_label_is_drawn_inside_the_picture() -> None:
    """The outermost pixels are background, or the curve that runs through."""
    corner = picture(WEEK_3).crop((0, 0, 600, 12))
    assert max(high for _, high in corner.getextrema()) < 60  # type: ignore[misc]
