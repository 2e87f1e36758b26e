"""The curves of a session, effort and breath, and the figure of a dose."""

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.translation import Guidance
from voicecoach.script.curves import FIGURE_MS, Curve, between, breath, effort, figure, main_dose
from voicecoach.script.script import Cue, ScriptBlock, Tone, Where
from voicecoach.script.timeline import Event, Timeline

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


def test_a_part_of_a_curve_has_a_point_at_either_end() -> None:
    curve: Curve = ((0, 0.0), (1000, 1.0), (3000, 0.0))
    assert between(curve, 0, 3000) == list(curve)
    assert between(curve, 500, 2000) == [(500, 0.5), (1000, 1.0), (2000, 0.5)]
    assert between(curve, 4000, 5000) == []


# --- the figure of a dose -----------------------------------------------------------------------


STRONG = Contractions(
    intensity=Intensity(low_percent=40, high_percent=40),
    hold_ms=5000,
    rest_ms=10_000,
    reps=8,
    sets=3,
    set_rest_ms=45_000,
)
MANY_BREATHS = replace(BREATHS, breaths=12)


def hills(curve: Curve) -> int:
    """How often ``curve`` leaves the ground."""
    return sum(before == 0 < after for (_, before), (_, after) in pairwise(curve))


def high_ms(curve: Curve) -> int:
    """How long ``curve`` is at its highest."""
    peak = max(height for _, height in curve)
    top = [(a, b) for (a, low), (b, high) in pairwise(curve) if low == high == peak]
    return sum(b - a for a, b in top)


def test_a_figure_is_as_high_as_the_intensity_and_a_breath_is_full() -> None:
    assert max(height for _, height in figure(STRONG)) == 0.4
    assert max(height for _, height in figure(replace(LIGHT, reps=8))) == 0.3
    assert max(height for _, height in figure(MANY_BREATHS)) == 1.0


@pytest.mark.parametrize(
    ("hold_ms", "rest_ms", "reps", "count"),
    [(2000, 4000, 8, 4), (2000, 4000, 3, 3), (5000, 10_000, 8, 1), (6000, 6000, 8, 2)],
)
def test_a_figure_shows_the_repetitions_that_fit(
    hold_ms: int, rest_ms: int, reps: int, count: int
) -> None:
    curve = figure(replace(STRONG, hold_ms=hold_ms, rest_ms=rest_ms, reps=reps))
    assert hills(curve) == count
    assert curve[-1][0] == FIGURE_MS


def test_a_figure_of_breathing_shows_the_breaths_that_fit() -> None:
    assert hills(figure(MANY_BREATHS)) == 2
    assert hills(figure(BREATHS)) == 1


def test_a_longer_hold_is_seen_to_be_longer() -> None:
    holds = [5000, 8000, 10_000, 12_000]
    widths = [
        high_ms(figure(replace(STRONG, hold_ms=hold_ms, rest_ms=hold_ms, reps=1)))
        for hold_ms in holds
    ]
    assert widths == sorted(set(widths))


def test_a_repetition_longer_than_a_figure_makes_it_longer() -> None:
    curve = figure(replace(STRONG, hold_ms=20_000, rest_ms=20_000))
    assert hills(curve) == 1
    assert curve[-1][0] == 40_000


def test_without_a_dose_a_figure_is_flat() -> None:
    assert figure(None) == ((0, 0.0), (FIGURE_MS, 0.0))


@given(st.integers(100, 60_000), st.integers(100, 60_000), st.integers(1, 50), st.integers(1, 100))
def test_any_figure_stands_in_the_middle_on_the_ground(
    first_ms: int, second_ms: int, times: int, percent: int
) -> None:
    intensity = Intensity(low_percent=percent, high_percent=percent)
    for dose in (
        replace(STRONG, hold_ms=first_ms, rest_ms=second_ms, reps=times, intensity=intensity),
        Breathing(inhale_ms=first_ms, exhale_ms=second_ms, breaths=times),
    ):
        curve = figure(dose)
        times_ms = [time_ms for time_ms, _ in curve]
        assert times_ms == sorted(set(times_ms))
        assert times_ms[-1] >= FIGURE_MS
        assert curve[0] == (0, 0.0) and curve[-1][1] == 0.0
        assert all(0 <= height <= 1 for _, height in curve)
        risen = [n for n, (_, height) in enumerate(curve) if height]
        before_ms, after_ms = curve[risen[0] - 1][0], curve[risen[-1] + 1][0]
        assert before_ms == pytest.approx(times_ms[-1] - after_ms, abs=2)


def test_the_contractions_held_longest_stand_for_a_week() -> None:
    longer = replace(STRONG, hold_ms=6000)
    assert main_dose([BREATHS, LIGHT, longer, STRONG]) == longer
    assert main_dose([STRONG, replace(STRONG, sets=1)]) == replace(STRONG, sets=1)
    assert main_dose([MANY_BREATHS, BREATHS]) == BREATHS
    assert main_dose([]) is None
