"""The curves of a session: effort and breath."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.effort import Curve, breath, effort
from voicecoach.programme import Breathing, Contractions, Intensity
from voicecoach.script import Cue, ScriptBlock, Tone, Where
from voicecoach.timeline import Event, Timeline
from voicecoach.words import Guidance

LIGHT = Contractions(
    intensity=Intensity(low_percent=20, high_percent=30),
    hold_ms=2000,
    rest_ms=4000,
    reps=1,
    sets=1,
    set_rest_ms=0,
)
BREATHS = Breathing(inhale_ms=4000, exhale_ms=6000, breaths=1)


def tone(cue: Cue, start_ms: int, length_ms: int = 700) -> Event:
    sound = Tone(cue=cue, length_ms=length_ms, where=Where(block=0))
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def timeline_of(
    *events: Event, dose: Breathing | Contractions = LIGHT, duration_ms: int = 20_000
) -> Timeline:
    return Timeline(
        session="test",
        title="",
        guidance=Guidance.FULL,
        duration_ms=duration_ms,
        blocks=(ScriptBlock(exercise="test", dose=dose),),
        events=events,
        chapters=(),
        misfits=(),
    )


def at(curve: Curve, time_ms: int) -> float:
    """The height of ``curve`` at a time."""
    after = min(bisect_right(curve, (time_ms, 2.0)), len(curve) - 1)
    (t0, y0), (t1, y1) = curve[after - 1], curve[after]
    return y0 + (y1 - y0) * min(1, (time_ms - t0) / (t1 - t0))


def test_effort_rises_at_tighten_to_the_intensity_stays_and_falls_after_release() -> None:
    curve = effort(timeline_of(tone(Cue.TIGHTEN, 1000), tone(Cue.RELEASE, 3000)))
    assert [at(curve, ms) for ms in (0, 1000)] == [0, 0]
    assert 0 < at(curve, 1300) < 0.3
    assert [at(curve, ms) for ms in (1700, 2500, 3000)] == [0.3, 0.3, 0.3]
    assert 0 < at(curve, 3500) < 0.3
    assert [at(curve, ms) for ms in (4500, 20_000)] == [0, 0]


def test_a_hold_shorter_than_the_rise_still_comes_to_the_intensity() -> None:
    curve = effort(timeline_of(tone(Cue.TIGHTEN, 1000), tone(Cue.RELEASE, 1400)))
    assert at(curve, 1400) == 0.3


def test_lungs_fill_with_the_tone_in_and_empty_with_the_tone_out() -> None:
    events = (tone(Cue.INHALE, 1000, 4000), tone(Cue.EXHALE, 5000, 6000))
    curve = breath(timeline_of(*events, dose=BREATHS))
    assert [at(curve, ms) for ms in (1000, 5000, 11_000, 20_000)] == [0, 1, 0, 0]
    assert at(curve, 2000) < at(curve, 3000) < at(curve, 4000)
    assert at(curve, 6000) > at(curve, 8000) > at(curve, 10_000)


def test_a_talk_is_flat() -> None:
    assert effort(timeline_of()) == breath(timeline_of()) == ((0, 0.0), (20_000, 0.0))


@given(st.lists(st.integers(1, 5000), max_size=20))
def test_points_are_in_order_of_time_and_between_0_and_1(gaps_ms: list[int]) -> None:
    cues = (Cue.TIGHTEN, Cue.RELEASE)
    starts_ms = [sum(gaps_ms[: index + 1]) for index in range(len(gaps_ms))]
    events = [tone(cues[index % 2], start_ms) for index, start_ms in enumerate(starts_ms)]
    curve = effort(timeline_of(*events, duration_ms=200_000))
    times_ms = [time_ms for time_ms, _ in curve]
    assert times_ms == sorted(set(times_ms))
    assert all(0 <= height <= 1 for _, height in curve)
