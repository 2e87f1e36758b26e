"""The levels of day and night: how far everything stands below the voice."""

from dataclasses import fields

import numpy as np
import pytest

from voicecoach.audio.signal import DAY, NIGHT, SPEECH_LUFS, Preset

BOTH = pytest.mark.parametrize("preset", [DAY, NIGHT], ids=["day", "night"])


def test_by_day_speech_is_as_loud_as_spoken_word_is_published() -> None:
    """-16 LUFS in two channels is -19 LUFS in one."""
    assert DAY.speech_lufs == SPEECH_LUFS == -19
    assert DAY.speech_gain_db == 0


def test_by_night_everything_is_softer() -> None:
    assert NIGHT.speech_gain_db == pytest.approx(NIGHT.speech_lufs - DAY.speech_lufs)
    assert -6 <= NIGHT.speech_gain_db <= -3
    for distance in ("tone_below_lu", "tick_below_lu", "tone_under_words_lu", "bed_below_lu"):
        assert getattr(NIGHT, distance) >= getattr(DAY, distance)


@BOTH
def test_a_tone_is_softer_than_the_voice_and_not_lost_beside_it(preset: Preset) -> None:
    assert 6 <= preset.tone_below_lu <= 9


@BOTH
def test_a_tick_is_softer_than_any_other_tone(preset: Preset) -> None:
    assert preset.tick_below_lu >= 14
    assert preset.tick_below_lu > preset.tone_below_lu


@BOTH
def test_a_tone_leaves_the_words_to_be_understood(preset: Preset) -> None:
    assert 12 <= preset.tone_under_words_lu <= 20
    assert preset.tone_under_words_lu > preset.tone_below_lu


@BOTH
def test_a_bed_lies_below_the_words_and_every_tone(preset: Preset) -> None:
    assert preset.bed_below_lu >= 18
    assert preset.bed_below_lu > preset.tone_under_words_lu


def test_night_is_a_fourth_lower_and_plainer() -> None:
    assert DAY.transposition == DAY.overtones == 1
    assert 12 * np.log2(NIGHT.transposition) == pytest.approx(-5, abs=0.03)
    assert 0 < NIGHT.overtones < 1


@BOTH
def test_a_preset_is_a_value_that_can_be_remembered_by(preset: Preset) -> None:
    twin = Preset(**{each.name: getattr(preset, each.name) for each in fields(preset)})
    assert twin == preset
    assert hash(twin) == hash(preset)
