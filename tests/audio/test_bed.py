"""The bed under a session: level below the voice, softer under words, out of nothing and back."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.audio.bed import LOOP_LUFS, Bed, opened, stored
from voicecoach.audio.loudness import Samples, integrated_lufs
from voicecoach.audio.signal import DAY, NIGHT, SAMPLE_RATE_HZ, Preset, sample_count
from voicecoach.cache import Cache
from voicecoach.rendering import job
from voicecoach.rendering.job import Setting
from voicecoach.rendering.renderer import Renderer

MINUTE_MS = 60_000
HALF = 16_384
EVEN = np.full(1000, HALF, dtype=np.int16)
"""A loop that never changes: what is left of it is the gain."""


def noise_loop(length_ms: int) -> npt.NDArray[np.int16]:
    noise = np.random.default_rng(7).standard_normal(sample_count(length_ms)).astype(np.float32)
    noise *= 10 ** ((LOOP_LUFS - integrated_lufs(noise)) / 20)
    return np.round(noise * 32768).astype(np.int16)


def laid(
    loop: npt.NDArray[np.int16] = EVEN,
    preset: Preset = DAY,
    speech_ms: Sequence[tuple[int, int]] = (),
    duration_ms: int = MINUTE_MS,
    block_ends: Sequence[int] = (),
) -> Samples:
    """A bed laid under a silent track, in blocks that end at ``block_ends``."""
    track = np.zeros(sample_count(duration_ms), dtype=np.float32)
    bed = Bed(loop, preset, speech_ms, duration_ms)
    first = 0
    for end in [*block_ends, len(track)]:
        bed.add_to(track[first:end], first)
        first = end
    return track


def gain_db(track: Samples, at_ms: int, preset: Preset = DAY) -> float:
    """The gain at a time on the way of EVEN through the bed, 0 where the bed is at its level."""
    level_db = preset.speech_lufs - preset.bed_below_lu - LOOP_LUFS
    return float(20 * np.log10(track[sample_count(at_ms)] / 0.5 + 1e-12)) - level_db


def part(sound: Samples, start_ms: int, end_ms: int) -> Samples:
    return sound[sample_count(start_ms) : sample_count(end_ms)]


@pytest.mark.parametrize("preset", [DAY, NIGHT])
def test_it_stands_as_far_below_the_voice_as_the_preset_says(preset: Preset) -> None:
    track = laid(noise_loop(10_000), preset)
    level_lufs = integrated_lufs(part(track, 5000, 50_000))
    assert level_lufs == pytest.approx(preset.speech_lufs - preset.bed_below_lu, abs=0.1)


def test_it_is_softer_by_night_than_by_day() -> None:
    day, night = laid(preset=DAY), laid(preset=NIGHT)
    assert night[sample_count(20_000)] < 0.7 * day[sample_count(20_000)]


def test_it_is_added_to_what_is_there() -> None:
    bed = Bed(EVEN, DAY, (), MINUTE_MS)
    track = np.full(sample_count(MINUTE_MS), -0.25, dtype=np.float32)
    bed.add_to(track, 0)
    np.testing.assert_allclose(track + 0.25, laid(), atol=1e-6)


def test_it_steps_back_by_6_db_while_words_are_spoken() -> None:
    track = laid(speech_ms=[(20_000, 23_000)])
    for during_ms in (20_000, 21_500, 22_990):
        assert gain_db(track, during_ms) == pytest.approx(-6, abs=0.1)
    for away_ms in (10_000, 19_400, 23_600, 40_000):
        assert gain_db(track, away_ms) == pytest.approx(0, abs=0.01)


def test_it_is_down_before_the_first_word_and_comes_up_only_after_the_last() -> None:
    track = laid(speech_ms=[(20_000, 23_000)])
    assert -6 < gain_db(track, 19_750) < -1
    assert -6 < gain_db(track, 23_250) < -1


@pytest.mark.parametrize("pause_ms", [0, 300, 1000, 1990])
def test_it_stays_down_in_a_short_pause(pause_ms: int) -> None:
    track = laid(speech_ms=[(20_000, 22_000), (22_000 + pause_ms, 25_000 + pause_ms)])
    whole = part(track, 20_001, 25_000 + pause_ms)
    assert np.ptp(whole) < 1e-5


def test_it_comes_back_in_a_long_pause_and_stays_for_a_while() -> None:
    track = laid(speech_ms=[(20_000, 22_000), (24_000, 26_000)])
    assert np.ptp(part(track, 22_510, 23_490)) < 1e-5
    assert gain_db(track, 23_000) == pytest.approx(0, abs=0.01)
    assert gain_db(track, 24_000) == pytest.approx(-6, abs=0.1)


def test_words_that_overlap_are_words_all_along() -> None:
    track = laid(speech_ms=[(20_000, 24_000), (23_000, 26_000)])
    assert np.ptp(part(track, 20_001, 26_000)) < 1e-5


def test_words_at_the_very_start_and_end_find_it_down() -> None:
    track = laid(speech_ms=[(0, 8000), (50_000, MINUTE_MS)])
    assert gain_db(track, 6000) == pytest.approx(-6, abs=0.1)
    assert gain_db(track, 52_000) == pytest.approx(-6, abs=0.1)


def test_it_comes_out_of_silence_and_goes_back_into_it() -> None:
    track = laid()
    assert track[0] == 0
    assert abs(track[-1]) < 1e-4 * track.max()
    fade_in, fade_out = part(track, 0, 4000), part(track, 54_000, MINUTE_MS)
    assert (np.diff(fade_in) > 0).all()
    assert (np.diff(fade_out) < 0).all()
    assert np.ptp(part(track, 4001, 53_999)) < 1e-5


def test_its_gain_never_jumps() -> None:
    track = laid(speech_ms=[(0, 900), (3000, 4000), (20_000, 22_000), (24_000, 59_900)])
    assert np.abs(np.diff(track)).max() < 2 * track.max() / (0.5 * SAMPLE_RATE_HZ)


def test_a_track_shorter_than_its_fades_has_a_middle_still() -> None:
    track = laid(duration_ms=3000)
    assert track[0] == 0
    assert gain_db(track, 1500) == pytest.approx(0, abs=0.01)
    assert abs(track[-1]) < 0.01 * track.max()


@settings(deadline=None, max_examples=30)
@given(
    ends=st.lists(st.integers(0, sample_count(6000)), max_size=6).map(sorted),
    loop_ms=st.sampled_from([37, 1000, 6000, 7777]),
)
def test_it_does_not_matter_in_which_blocks_it_is_added(ends: list[int], loop_ms: int) -> None:
    speech_ms = [(1000, 2000), (4500, 5000)]
    loop = noise_loop(loop_ms)
    at_once = laid(loop, DAY, speech_ms, 6000)
    np.testing.assert_array_equal(laid(loop, DAY, speech_ms, 6000, ends), at_once)


def test_words_in_the_middle_of_a_block_are_not_missed() -> None:
    """At both ends of the second block the bed is at its level."""
    speech_ms = [(20_000, 23_000)]
    track = laid(EVEN, DAY, speech_ms, MINUTE_MS, [sample_count(10_000), sample_count(40_000)])
    assert gain_db(track, 21_000) == pytest.approx(-6, abs=0.1)


def test_a_loop_shorter_than_the_track_comes_again_and_again() -> None:
    loop = noise_loop(3000)
    track = laid(loop)
    first, later = (track[start : start + len(loop)] for start in (2 * len(loop), 9 * len(loop)))
    np.testing.assert_allclose(later, first, atol=1e-7)
    assert np.corrcoef(first, loop)[0, 1] > 0.999


def test_of_a_loop_longer_than_the_track_only_the_beginning_is_heard() -> None:
    loop = noise_loop(90_000)
    track = laid(loop, duration_ms=MINUTE_MS)
    middle = slice(sample_count(10_000), sample_count(50_000))
    assert np.corrcoef(track[middle], loop[middle])[0, 1] > 0.999


def test_the_loop_itself_is_left_as_it_was() -> None:
    loop = noise_loop(1000)
    before = loop.copy()
    laid(loop)
    np.testing.assert_array_equal(loop, before)


def test_a_loop_comes_back_from_its_file_as_it_was() -> None:
    sound = np.random.default_rng(5).uniform(-0.7, 0.7, 5000).astype(np.float32)
    np.testing.assert_allclose(opened(stored(sound.copy())) / 32768, sound, atol=1e-4)


def test_what_is_too_loud_for_16_bits_does_not_wrap_round() -> None:
    loop = opened(stored(np.array([1.5, -1.5], dtype=np.float32)))
    assert loop[0] > 32_000
    assert loop[1] < -32_000


def test_a_loop_in_a_file_lies_under_a_session_as_one_in_memory() -> None:
    loop = opened(stored((noise_loop(3000) / 32767).astype(np.float32)))
    np.testing.assert_array_equal(laid(loop), laid(noise_loop(3000)))


class Notes(list[str]):
    """A reporter that keeps what it is told."""

    def note(self, remark: str) -> None:
        self.append(remark)

    def stage(self, name: str, total: int) -> NoReturn:
        raise AssertionError(f"a bed needs no stage: {name}, {total}")


@pytest.mark.parametrize("data", [None, b"", b"odd"])
def test_a_file_that_is_gone_or_damaged_is_made_anew(data: bytes | None, tmp_path: Path) -> None:
    """And one that is damaged is told of, once."""
    cache, setting = Cache(root=tmp_path), Setting(bed=job.find_bed("rain"))
    assert setting.bed
    path, notes = cache.bed(setting.bed.key), Notes()
    with Renderer(1, notes) as renderer:
        renderer.make_bed(setting.bed, cache)
        whole = path.read_bytes()
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
        renderer.make_bed(setting.bed, cache)
        renderer.make_bed(setting.bed, cache)
    assert path.read_bytes() == whole
    assert np.ptp(opened(cache.read(path) or b"")) > 0
    told = f"{tmp_path}: some files are damaged, or of another version; they are made again"
    assert notes == ([] if data is None else [told])
