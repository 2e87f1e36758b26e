"""The picture of a session."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.authoring import session_picture
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance
from voicecoach.pack.drawing import AMBER, BLUE, Sheet
from voicecoach.planning import plan
from voicecoach.rendering.renderer import Renderer
from voicecoach.script.script import Cue, Say, ScriptBlock, SpeechCue, Tone, Where
from voicecoach.script.timeline import Event, Timeline

GOLDEN = Path(__file__).parents[1] / "golden" / "session.png"
LEFT_PX = 24
PX_A_MS = (1600 - 2 * LEFT_PX) / 60_000
HERE = Where(block=0)
DOSE = Contractions(
    intensity=Intensity(low_percent=40, high_percent=60),
    hold_ms=5000,
    rest_ms=5000,
    reps=1,
    sets=1,
    set_rest_ms=0,
)


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
    image = Image.open(BytesIO(session_picture.draw(timeline, track, title=title)))
    image.load()
    return image


def column(image: Image.Image, time_ms: int) -> np.ndarray[Any, Any]:
    """The pixels under a time of the first row."""
    x = round(LEFT_PX + time_ms * PX_A_MS)
    return np.asarray(image)[session_picture._HEAD :, x]


def has_colour(pixels: np.ndarray[Any, Any], colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels.astype(int) - colour).max(axis=-1) < 12).any())


def lane_of(image: Image.Image, time_ms: int) -> np.ndarray[Any, Any]:
    """The part of a column in which the curves stand."""
    return column(image, time_ms)[session_picture._LANE_TOP : session_picture._LANE_BOTTOM]


@pytest.mark.parametrize(
    ("duration_ms", "rows"), [(1, 1), (60_000, 1), (60_001, 2), (600_000, 10), (900_000, 15)]
)
def test_each_minute_is_a_row(duration_ms: int, rows: int) -> None:
    image = drawn(timeline_of(duration_ms=duration_ms))
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert image.width == 1600
    row = session_picture.HEIGHT - session_picture.WAVE_HEIGHT
    assert image.height == session_picture._HEAD + rows * row + session_picture._FOOT


def test_a_row_with_a_wave_is_higher() -> None:
    track = np.zeros(60 * SAMPLE_RATE_HZ, dtype=np.float32)
    higher = drawn(timeline_of(), track).height - drawn(timeline_of()).height
    assert higher == session_picture.WAVE_HEIGHT


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
    second_row = column(image, 1000)[session_picture.HEIGHT - session_picture.WAVE_HEIGHT :]
    assert has_colour(second_row[session_picture._LANE_TOP : session_picture._LANE_BOTTOM], AMBER)


def test_breath_and_effort_look_different() -> None:
    image = drawn(timeline_of(tone(Cue.INHALE, 10_000, 4000), tone(Cue.EXHALE, 14_000, 6000)))
    assert has_colour(lane_of(image, 14_000), BLUE)
    assert not has_colour(lane_of(image, 14_000), AMBER)


def test_tones_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = [shape for shape, _ in session_picture._MARK.values()]
    assert set(session_picture._MARK) == set(Cue)
    assert len(set(shapes)) == len(Cue)


def test_every_tone_has_its_mark_and_the_legend_names_only_what_is_there() -> None:
    marked = np.asarray(drawn(timeline_of(tone(Cue.DONE, 10_000))))
    empty = np.asarray(drawn(timeline_of()))
    changed = np.argwhere((marked != empty).any(axis=-1))
    assert (changed[:, 0] < session_picture._HEAD).any(), "the legend"
    marks = changed[changed[:, 0] >= session_picture._HEAD]
    x = LEFT_PX + 10_000 * PX_A_MS
    assert np.abs(marks[:, 1] - x).max() <= 6
    assert np.abs(marks[:, 0] - session_picture._HEAD - session_picture._MARKS).max() <= 6


def test_the_wave_is_that_of_the_track() -> None:
    track = np.zeros(60 * SAMPLE_RATE_HZ, dtype=np.float32)
    track[20 * SAMPLE_RATE_HZ : 30 * SAMPLE_RATE_HZ : 2] = 0.5
    with_wave, without = drawn(timeline_of(), track), drawn(timeline_of(), 0 * track)
    loud = column(with_wave, 24_900) != column(without, 24_900)
    quiet = column(with_wave, 39_900) != column(without, 39_900)
    assert loud.any(axis=-1).sum() >= 10
    assert quiet.any(axis=-1).sum() <= 2


def test_a_track_shorter_than_its_timeline_is_drawn_as_far_as_it_goes() -> None:
    track = np.full(10 * SAMPLE_RATE_HZ, 0.5, dtype=np.float32)
    whole = np.full(60 * SAMPLE_RATE_HZ, 0.5, dtype=np.float32)
    assert drawn(timeline_of(), track).size == drawn(timeline_of(), whole).size


def test_words_never_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many words close together: what is written on a line ends before the next begins."""
    written: list[tuple[float, float, float]] = []
    text = Sheet.text

    def note(sheet: Sheet, at: tuple[float, float], shown: str, **style: Any) -> None:
        written.append((at[1], at[0], at[0] + sheet.width(shown, size=style["size"])))
        text(sheet, at, shown, **style)

    monkeypatch.setattr(Sheet, "text", note)
    words = [
        say("Laat je bekkenbodem helemaal los", start, 900) for start in range(0, 59_000, 1300)
    ]
    session_picture.draw(timeline_of(*words), None, title="")
    for line in (session_picture._HEAD, session_picture._HEAD + 17):
        spans = sorted(span[1:] for span in written if span[0] == line)
        assert len(spans) > 15
        assert all(first[1] <= after[0] for first, after in pairwise(spans))
        assert spans[-1][1] <= 1600


def test_the_same_session_gives_the_same_bytes() -> None:
    first, second = (session_picture.draw(CONTRACTION, None, title="Kracht") for _ in range(2))
    assert first == second


# --- the picture in the README ------------------------------------------------------------------


@pytest.fixture(scope="module")
def endurance(programme: Programme) -> Timeline:
    """The first session of endurance in English, as the built-in voice speaks it."""
    words = programme.translations["en"]
    reporter = TerminalReporter()
    speaker = context.open_speaker(words, (), reporter.note)
    with Renderer(1, reporter) as renderer:
        planned = plan.plan_session(programme, "endurance", 10)
        return context.timed_script(planned, words, speaker, renderer)


def starts_of(timeline: Timeline, cue: Cue) -> list[int]:
    sounds = [(event.start_ms, event.sound) for event in timeline.events]
    return [ms for ms, sound in sounds if isinstance(sound, Tone) and sound.cue is cue]


def draw_detail(timeline: Timeline, start_ms: int, end_ms: int) -> bytes:
    """A small PNG of a part of the session in one row, at twice the scale, in Pillow's own font, so
    that it looks the same on every computer."""
    width, head, margin = session_picture.WIDTH_PX // 2, 124, session_picture._MARGIN
    height = head + session_picture.HEIGHT - session_picture.WAVE_HEIGHT
    sheet = Sheet(width, height, zoom=2, own_letters=True)
    row = session_picture.Row(
        sheet=sheet,
        top=head,
        left=margin,
        right=width - margin,
        per_ms=(width - 2 * margin) / (end_ms - start_ms),
        start_ms=start_ms,
        end_ms=end_ms,
        lines=4,
    )
    session_picture._draw_head(sheet, timeline.title, row.events_of(timeline))
    row.draw(timeline, None)
    return sheet.png(64)


def first_contractions(timeline: Timeline, late_ms: int = 0) -> bytes:
    """From the first tone of a set until the second contraction has been let go."""
    start_ms = starts_of(timeline, Cue.SET)[0] - 500 + late_ms
    end_ms = starts_of(timeline, Cue.RELEASE)[1] + 2500 + late_ms
    return draw_detail(timeline, start_ms, end_ms)


def difference(one: bytes, other: bytes) -> int:
    """By how much two pictures differ where they do so most, seen from so far that the edges of
    letters are no longer seen: 0 the same, 255 black and white."""
    far = [Image.open(BytesIO(data)).convert("RGB").reduce(16) for data in (one, other)]
    return int(np.asarray(ImageChops.difference(*far)).max())


def test_the_picture_of_the_readme_is_what_the_program_draws(
    endurance: Timeline, request: pytest.FixtureRequest
) -> None:
    """Another version of Pillow may draw the edges of letters another way."""
    data = first_contractions(endurance)
    if request.config.getoption("--update-golden"):
        GOLDEN.write_bytes(data)
    assert difference(data, GOLDEN.read_bytes()) < 20


def test_another_drawing_is_seen_to_be_another(endurance: Timeline) -> None:
    golden = GOLDEN.read_bytes()
    [let_go, *_] = [event for event in endurance.events if says(event, "Let go.")]
    others = tuple(event for event in endurance.events if event != let_go)
    assert difference(first_contractions(replace(endurance, events=others)), golden) > 30
    assert difference(first_contractions(endurance, late_ms=100), golden) > 30


def says(event: Event, text: str) -> bool:
    return isinstance(event.sound, Say) and event.sound.text == text


def test_the_picture_of_the_readme_is_wide_and_small(endurance: Timeline) -> None:
    data = first_contractions(endurance)
    image = Image.open(BytesIO(data))
    assert (image.format, image.width) == ("PNG", 1600)
    assert image.height < 800
    assert len(data) < 60_000


def test_in_a_detail_no_word_is_cut(endurance: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    text = Sheet.text

    def note(sheet: Sheet, at: tuple[float, float], shown: str, **style: Any) -> None:
        written.append(shown)
        text(sheet, at, shown, **style)

    monkeypatch.setattr(Sheet, "text", note)
    first_contractions(endurance)
    assert {"Set one of three.", "Gently tighten.", "Let go.", "tighten", "release"} <= set(written)
    assert "inhale" not in written, "the legend names only what is seen"
    assert not [shown for shown in written if "…" in shown]
