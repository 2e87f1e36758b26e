"""The picture of a week."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from voicecoach import cover
from voicecoach.track import Cover

WEEK_3 = Cover(week_label="Week 3", title="Je bekkenbodem na de bevalling", phase_number=2)


def picture(of: Cover) -> Image.Image:
    image = Image.open(BytesIO(cover.draw(of)))
    image.load()
    return image


def test_it_is_a_square_jpeg_of_600_pixels_that_a_phone_reads() -> None:
    image = picture(WEEK_3)
    assert (image.format, image.size, image.mode) == ("JPEG", (600, 600), "RGB")
    assert "progressive" not in image.info, "many players show no progressive JPEG"


def test_it_is_small_beside_the_sound() -> None:
    assert len(cover.draw(WEEK_3)) < 60_000


def test_it_carries_no_time_and_no_camera() -> None:
    assert not picture(WEEK_3).getexif()


def test_the_same_week_gives_the_same_bytes_in_another_process() -> None:
    program = f"""
import sys
from voicecoach import cover
from voicecoach.track import Cover
sys.stdout.buffer.write(cover.draw({WEEK_3!r}))
"""
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert other.stdout == cover.draw(WEEK_3)


@pytest.mark.parametrize(
    "changed",
    [
        replace(WEEK_3, week_label="Week 4"),
        replace(WEEK_3, title="Your pelvic floor after birth"),
        replace(WEEK_3, phase_number=3),
    ],
)
def test_another_week_language_or_phase_looks_different(changed: Cover) -> None:
    assert cover.draw(changed) != cover.draw(WEEK_3)


def test_there_is_a_colour_for_any_number_of_phases() -> None:
    assert picture(replace(WEEK_3, phase_number=99)).size == (600, 600)


def test_a_title_that_is_too_long_or_in_another_script_still_gives_a_picture() -> None:
    assert picture(replace(WEEK_3, title="Ünïcödé 骨盆底 " * 20)).size == (600, 600)


def test_the_label_is_drawn_inside_the_picture() -> None:
    """The outermost pixels are background, or the curve that runs through."""
    corner = picture(WEEK_3).crop((0, 0, 600, 12))
    assert max(high for _, high in corner.getextrema()) < 60  # type: ignore[misc]
