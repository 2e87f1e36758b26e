"""The picture of a session."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFont

from voicecoach import picture
from voicecoach.loudness import Samples
from voicecoach.pcm import SAMPLE_RATE_HZ
from voicecoach.programme import Contractions, Intensity
from voicecoach.script import Cue, Say, ScriptBlock, SpeechCue, Tone, Where
from voicecoach.timeline import Event, Timeline
from voicecoach.words import Guidance

HERE = Where(block=0)
DOSE = Contractions(
    intensity=Intensity(low_percent=40, high_percent=60),
    hold_ms=5000,
    rest_ms=5000,
    reps=1,
    sets=1,
    set_rest_ms=0,
)
AMBER = (222, 165, 80)
NIGHT = (16, 14, 18)


def tone(cue: Cue, start_ms: int, length_ms: int = 700) -> Event:
    sound = Tone(cue=cue, length_ms=length_ms, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def say(text: str, start_ms: int, length_ms: int = 1000) -> Event:
    sound = Say(text=text, cue=SpeechCue.SAY, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def timeline_of(*events: Event, duration_ms: int = 60_000) -> Timeline:
    return Timeline(
        session="test",
        title="",
        guidance=Guidance.FULL,
        duration_ms=duration_ms,
        blocks=(ScriptBlock(exercise="test", dose=DOSE),),
        events=events,
        chapters=(),
        misfits=(),
    )


CONTRACTION = timeline_of(tone(Cue.TIGHTEN, 10_000), tone(Cue.RELEASE, 15_000))


def drawn(timeline: Timeline, track: Samples | None = None, title: str = "") -> Image.Image:
    image = Image.open(BytesIO(picture.draw(timeline, track, title=title)))
    image.load()
    return image


def column(image: Image.Image, time_ms: int) -> np.ndarray[Any, Any]:
    """The pixels under a time of the first row."""
    x = round(picture._LEFT + time_ms * picture._PX_A_MS)
    return np.asarray(image)[picture._HEAD :, x]


def has_colour(pixels: np.ndarray[Any, Any], colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels.astype(int) - colour).max(axis=-1) < 12).any())


def lane_of(image: Image.Image, time_ms: int) -> np.ndarray[Any, Any]:
    """The part of a column in which the curves stand."""
    return column(image, time_ms)[picture._LANE_TOP : picture._LANE_BOTTOM]


@pytest.mark.parametrize(
    ("duration_ms", "rows"), [(1, 1), (60_000, 1), (60_001, 2), (600_000, 10), (900_000, 15)]
)
def test_each_minute_is_a_row(duration_ms: int, rows: int) -> None:
    image = drawn(timeline_of(duration_ms=duration_ms))
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert image.width == 1600
    assert image.height == picture._HEAD + rows * picture._ROW + picture._FOOT


def test_the_effort_stands_between_tighten_and_release() -> None:
    image = drawn(CONTRACTION)
    for time_ms in (11_000, 13_000, 14_900):
        assert has_colour(lane_of(image, time_ms), AMBER), time_ms
    for time_ms in (5000, 9900, 16_500, 40_000):
        assert not has_colour(lane_of(image, time_ms), AMBER), time_ms


def test_the_effort_is_as_high_as_the_intensity() -> None:
    lane = lane_of(drawn(CONTRACTION), 13_000).astype(int)
    top = int(np.argmin(np.abs(lane - AMBER).sum(axis=1)))
    assert 1 - top / len(lane) == pytest.approx(0.6, abs=0.03)


def test_a_hold_that_crosses_a_minute_goes_on_in_the_next_row() -> None:
    events = (tone(Cue.TIGHTEN, 58_000), tone(Cue.RELEASE, 63_000))
    image = drawn(timeline_of(*events, duration_ms=80_000))
    assert has_colour(lane_of(image, 59_800), AMBER)
    second_row = column(image, 1000)[picture._ROW :]
    assert has_colour(second_row[picture._LANE_TOP : picture._LANE_BOTTOM], AMBER)


def test_breath_and_effort_look_different() -> None:
    image = drawn(timeline_of(tone(Cue.INHALE, 10_000, 4000), tone(Cue.EXHALE, 14_000, 6000)))
    assert has_colour(lane_of(image, 14_000), picture._BREATH)
    assert not has_colour(lane_of(image, 14_000), AMBER)


def test_tones_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = [shape for shape, _ in picture._MARK.values()]
    assert set(picture._MARK) == set(Cue)
    assert len(set(shapes)) == len(Cue)


def test_every_tone_has_its_mark_and_the_legend_names_only_what_is_there() -> None:
    marked = np.asarray(drawn(timeline_of(tone(Cue.DONE, 10_000))))
    empty = np.asarray(drawn(timeline_of()))
    changed = np.argwhere((marked != empty).any(axis=-1))
    assert (changed[:, 0] < picture._HEAD).any(), "the legend"
    marks = changed[changed[:, 0] >= picture._HEAD]
    x = picture._LEFT + 10_000 * picture._PX_A_MS
    assert np.abs(marks[:, 1] - x).max() <= 6
    assert np.abs(marks[:, 0] - picture._HEAD - picture._MARKS).max() <= 6


def test_the_names_of_the_legend_can_be_in_another_language() -> None:
    dutch = dict.fromkeys(Cue, "aanspannen")
    assert picture.draw(CONTRACTION, None, title="", names=dutch) != picture.draw(
        CONTRACTION, None, title=""
    )


def test_the_wave_is_that_of_the_track() -> None:
    track = np.zeros(60 * SAMPLE_RATE_HZ, dtype=np.float32)
    track[20 * SAMPLE_RATE_HZ : 30 * SAMPLE_RATE_HZ : 2] = 0.5
    with_wave, without = drawn(timeline_of(), track), drawn(timeline_of())
    loud = column(with_wave, 24_900) != column(without, 24_900)
    quiet = column(with_wave, 39_900) != column(without, 39_900)
    assert loud.any(axis=-1).sum() >= 10
    assert quiet.any(axis=-1).sum() <= 2


def test_a_track_shorter_than_its_timeline_is_drawn_as_far_as_it_goes() -> None:
    track = np.full(10 * SAMPLE_RATE_HZ, 0.5, dtype=np.float32)
    assert drawn(timeline_of(), track).size == drawn(timeline_of()).size


def test_words_never_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many words close together: what is written on a line ends before the next begins."""
    written: list[tuple[float, float, float]] = []
    text = picture._Pen.text

    def note(pen: picture._Pen, at: tuple[float, float], shown: str, **style: Any) -> None:
        written.append((at[1], at[0], at[0] + pen.width(shown, size_px=style["size_px"])))
        text(pen, at, shown, **style)

    monkeypatch.setattr(picture._Pen, "text", note)
    words = [
        say("Laat je bekkenbodem helemaal los", start, 900) for start in range(0, 59_000, 1300)
    ]
    picture.draw(timeline_of(*words), None, title="")
    lines = [picture._HEAD + top for top in picture._WORD_LINES]
    for line in lines:
        spans = sorted(span[1:] for span in written if span[0] == line)
        assert len(spans) > 15
        assert all(first[1] <= after[0] for first, after in pairwise(spans))
        assert spans[-1][1] <= 1600


def test_words_that_fit_are_written_whole_and_others_end_in_an_ellipsis() -> None:
    pen = picture._Pen(Image.new("RGB", (10, 10)))
    whole = "Laat los."
    room_px = pen.width(whole, size_px=14)
    assert pen.cut(whole, room_px, size_px=14) == whole
    assert pen.cut("Laat helemaal los.", room_px, size_px=14) in ("Laat h…", "Laat…", "Laat he…")
    assert pen.cut("Laat helemaal los.", 3, size_px=14) == ""


def test_letters_with_accents_are_readable_on_any_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    truetype = ImageFont.truetype

    def only_its_own(font: Any, *arguments: Any, **options: Any) -> ImageFont.FreeTypeFont:
        if isinstance(font, str):
            raise OSError
        return truetype(font, *arguments, **options)

    monkeypatch.setattr(ImageFont, "truetype", only_its_own)
    _, shown = picture._font.__wrapped__(14)
    assert shown("één, twee – geïnd") == "een, twee - geind"


def test_an_accent_is_drawn_where_there_is_a_font_for_it() -> None:
    _, shown = picture._font(26)
    is_drawn = picture.draw(timeline_of(), None, title="één") != picture.draw(
        timeline_of(), None, title="een"
    )
    assert is_drawn is (shown("é") == "é")


def test_the_same_session_gives_the_same_bytes() -> None:
    first, second = (picture.draw(CONTRACTION, None, title="Kracht") for _ in range(2))
    assert first == second
