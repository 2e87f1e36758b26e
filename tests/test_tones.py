"""The tones, told apart with eyes closed: by direction, register, length and attack."""

import numpy as np
import pytest

from voicecoach import tones
from voicecoach.mix import SPEECH_LEVEL_DBFS
from voicecoach.script import TONE_LENGTH_MS, Cue
from voicecoach.speech.recording import SAMPLE_RATE_HZ

LENGTH_MS = {**TONE_LENGTH_MS, Cue.INHALE: 4000, Cue.EXHALE: 6000}
ALL = pytest.mark.parametrize("cue", list(Cue))


def rendered(cue: Cue) -> tones.Samples:
    return tones.render(cue, LENGTH_MS[cue])


def pitch_hz(sound: tones.Samples, start_ms: int, length_ms: int) -> float:
    """The strongest frequency in a part of ``sound``."""
    start = start_ms * SAMPLE_RATE_HZ // 1000
    part = sound[start : start + length_ms * SAMPLE_RATE_HZ // 1000]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum) * SAMPLE_RATE_HZ / (1 << 16))


def loudest_dbfs(sound: tones.Samples, window_ms: int = 100) -> float:
    window = min(len(sound), window_ms * SAMPLE_RATE_HZ // 1000)
    power = np.convolve(sound.astype(float) ** 2, np.ones(window) / window, mode="valid")
    return float(10 * np.log10(power.max()))


def attack_ms(sound: tones.Samples) -> float:
    """From the first sound to 90 % of the highest peak of the first 60 ms."""
    start = np.abs(sound[: 60 * SAMPLE_RATE_HZ // 1000])
    envelope = np.maximum.accumulate(start)
    first = int(np.argmax(start > 1e-5))
    return float((np.argmax(envelope > 0.9 * envelope[-1]) - first) / SAMPLE_RATE_HZ * 1000)


@ALL
def test_a_tone_lasts_as_long_as_the_script_says(cue: Cue) -> None:
    assert len(rendered(cue)) == LENGTH_MS[cue] * SAMPLE_RATE_HZ // 1000


@ALL
def test_a_tone_starts_and_ends_in_silence(cue: Cue) -> None:
    sound = np.abs(rendered(cue))
    assert sound[0] < 1e-4
    assert sound[:3].max() < 0.02 * sound.max()
    assert sound[-3:].max() < 0.02 * sound.max()


@ALL
def test_a_tone_is_softer_than_the_voice(cue: Cue) -> None:
    assert loudest_dbfs(rendered(cue)) <= SPEECH_LEVEL_DBFS - 6


@ALL
def test_a_tone_has_nothing_sharp_above_4_khz(cue: Cue) -> None:
    power = np.abs(np.fft.rfft(rendered(cue))) ** 2
    hz = np.fft.rfftfreq(len(rendered(cue)), 1 / SAMPLE_RATE_HZ)
    assert power[hz > 4000].sum() < 1e-4 * power.sum()


def test_tighten_rises_and_release_falls() -> None:
    tighten, release = rendered(Cue.TIGHTEN), rendered(Cue.RELEASE)
    assert pitch_hz(tighten, 0, 120) < pitch_hz(tighten, 250, 300)
    assert pitch_hz(release, 0, 150) > pitch_hz(release, 180, 150) > pitch_hz(release, 600, 800)


def test_breath_in_glides_up_and_breath_out_glides_down() -> None:
    inhale, exhale = rendered(Cue.INHALE), rendered(Cue.EXHALE)
    assert pitch_hz(inhale, 200, 300) < pitch_hz(inhale, 2000, 300) < pitch_hz(inhale, 3500, 300)
    assert pitch_hz(exhale, 200, 300) > pitch_hz(exhale, 3000, 300) > pitch_hz(exhale, 5500, 300)


def test_release_rings_longest_of_what_is_struck_in_a_repetition() -> None:
    assert LENGTH_MS[Cue.RELEASE] > LENGTH_MS[Cue.TIGHTEN] > LENGTH_MS[Cue.HOLD]


def test_tighten_and_release_have_the_same_soft_and_short_attack() -> None:
    attacks = [attack_ms(rendered(cue)) for cue in (Cue.TIGHTEN, Cue.RELEASE)]
    assert all(4 <= attack <= 15 for attack in attacks)
    assert abs(attacks[0] - attacks[1]) <= 2


def test_breaths_swell_where_contractions_are_struck() -> None:
    window = 100 * SAMPLE_RATE_HZ // 1000
    for cue in (Cue.INHALE, Cue.EXHALE):
        start = np.abs(rendered(cue)[:window]).max()
        assert start < 0.5 * np.abs(rendered(cue)).max()


def test_a_tick_is_barely_there() -> None:
    assert loudest_dbfs(rendered(Cue.HOLD)) <= SPEECH_LEVEL_DBFS - 14
