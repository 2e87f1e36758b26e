"""The loops of beds: synthesised brown noise, waves and rain, or a sound file made into a loop.

A loop is one channel at LOOP_LUFS whose last sample leads into its first without a seam.
Synthesised loops are seamless by construction: their noise is periodic, and shapes wrap around the
end. Files are processed in place and in parts, so a long one needs no more memory than its loop.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voicecoach.audio.bed import LOOP_LUFS
from voicecoach.audio.loudness import MOMENTARY_MS, Samples, block_power, gated_lufs, lufs
from voicecoach.audio.recordings import REACH_MS, blocks_of, limited
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count
from voicecoach.errors import BedError
from voicecoach.messages import Message, reason

_LOOP_SAMPLES = 1_800_000
"""82 s, too long to notice the repeat; 2^6·3^2·5^5, for which an FFT is fast."""
_WAVES = ((7, 0.7), (17, 1.0), (29.5, 0.6), (38.5, 0.85), (50, 0.7), (63, 0.95), (75, 0.55))
"""When each wave of a loop begins to rise, in seconds, and its height. The last one wraps around
into the beginning."""
_DROPS = 4500
_DROP_ATTACK_MS = 3

_MOST_MS = 10 * 60_000
_LEAST_MS = 1000
_SEAM_MS = 3000
_SILENCE = 10 ** (-60 / 20)
_CEILING_DBTP = -3.0
_MOST_MOMENTARY_LU = 8.0
"""How far the loudest moment of a loop may exceed LOOP_LUFS."""
_PART_MS = 10_000
_HOP_MS, _INTEGRATED_HOP_MS = 10, 100
_MOST_VALUE = 1e6
"""Larger than full scale in any floating-point format."""
_UNKNOWN_KIND = 1
"""libsndfile's error code for a file it does not recognise."""


def made(name: str) -> Samples:
    """The loop of the built-in bed ``name``, always the same bytes. Raises BedError if unknown.

    ``brown`` is dark and even, ``waves`` is a surf that swells every 8 to 14 s, ``rain`` is steady.
    """
    random = np.random.Generator(np.random.PCG64(2025))
    hz = np.fft.rfftfreq(_LOOP_SAMPLES, 1 / SAMPLE_RATE_HZ).astype(np.float32)
    hz[0] = hz[1]  # avoids division by zero
    match name:
        case "brown":
            return _levelled(_noise(random, _above(60, hz) / hz * _below(1800, 3800, hz)))
        case "waves":
            return _levelled(_waves(random, hz))
        case "rain":
            return _levelled(_rain(random, hz))
    raise BedError(Message("errors.no_such_bed", name=name))


def from_file(path: Path) -> Samples:
    """A loop of the sound in ``path``: WAV, MP3, FLAC or OGG, of any rate and number of channels.

    Uses at most the first 10 minutes, without silence (below -60 dBFS) at either end; the last 3 s
    (a third of a short sound) are crossfaded into the first. If moments are more than 8 LU louder
    than the rest, the loudest of them sets the level, and the loop stays below LOOP_LUFS.

    Raises BedError for a file that cannot be read or holds less than 1 s of sound.
    """
    sound = _read(path)
    sound -= np.float32(sound.sum(dtype=np.float64) / max(1, len(sound)))
    sound = sound[_first_heard(sound) : len(sound) - _first_heard(sound[::-1])]
    if 0 < len(sound) < sample_count(_LEAST_MS):
        raise BedError(Message("errors.bed_too_short", path=path))
    loop = _seamless(sound)
    if np.isinf(_gain_db(loop)):
        raise BedError(Message("errors.bed_is_silent", path=path))
    return _levelled(loop)


def _waves(random: np.random.Generator, hz: Samples) -> Samples:
    """A low murmur that swells with each wave, and foam that hisses as the crest breaks."""
    murmur = _noise(random, _above(90, hz) / hz**0.75 * _below(400, 2500, hz))
    foam = _noise(random, _above(500, hz) / hz**0.5 * _below(1500, 6500, hz))
    height, hiss = np.zeros((2, _LOOP_SAMPLES), dtype=np.float32)
    for start_s, crest in _WAVES:
        _lay(crest * _swell(4.5, 6.5), start_s, height)
        _lay(crest**2 * _swell(4, 6), start_s + 1, hiss)
    murmur *= 0.6 + 0.8 * height
    foam *= 0.15 + 0.7 * hiss
    murmur += foam
    return murmur


def _rain(random: np.random.Generator, hz: Samples) -> Samples:
    """A distant rush of rain, and drops close by, each a short soft blip at its own pitch."""
    rain = _noise(random, _above(400, hz) / (1 + hz / 1500) * _below(3000, 7500, hz))
    for _ in range(_DROPS):
        pitch_hz, decay_ms = 700 * (3000 / 700) ** random.random(), random.uniform(4, 12)
        time_ms = np.arange(0, 7 * decay_ms, 1000 / SAMPLE_RATE_HZ, dtype=np.float32)
        attack = 0.5 - 0.5 * np.cos(np.pi * np.minimum(time_ms / _DROP_ATTACK_MS, 1))
        drop = attack * np.exp(-time_ms / decay_ms) * np.sin(2e-3 * np.pi * pitch_hz * time_ms)
        drop *= 2.2 * random.random() ** 2
        _lay(drop, random.uniform(0, _LOOP_SAMPLES / SAMPLE_RATE_HZ), rain)
    return rain


def _noise(random: np.random.Generator, strength: npt.NDArray[np.floating]) -> Samples:
    """Periodic noise with ``strength`` at each frequency; its mean square is 1."""
    real, imaginary = random.standard_normal((2, len(strength)), dtype=np.float32)
    spectrum = (real + 1j * imaginary) * strength
    spectrum[0] = 0  # no offset
    noise = np.fft.irfft(spectrum, _LOOP_SAMPLES)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _above(cut_hz: float, hz: Samples) -> Samples:
    """A high-pass of 12 dB an octave."""
    return np.asarray(1 / np.sqrt(1 + (cut_hz / hz) ** 4), dtype=np.float32)


def _below(full_hz: float, none_hz: float, hz: Samples) -> Samples:
    """A low-pass: 1 up to ``full_hz``, 0 from ``none_hz`` on, a raised cosine in between."""
    fallen = np.clip((hz - full_hz) / (none_hz - full_hz), 0, 1)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * fallen), dtype=np.float32)


def _swell(rise_s: float, fall_s: float) -> Samples:
    """A gain that rises smoothly from 0 to 1 and falls back to 0."""
    turns = [(-1, 0, rise_s), (0, 1, fall_s)]
    phase = [np.linspace(a, b, round(s * SAMPLE_RATE_HZ), dtype=np.float32) for a, b, s in turns]
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.concatenate(phase)))


def _lay(sound: Samples, start_s: float, loop: Samples) -> None:
    """Adds ``sound`` to ``loop`` at ``start_s``, wrapping around its end."""
    before_end = loop[round(start_s * SAMPLE_RATE_HZ) :][: len(sound)]
    before_end += sound[: len(before_end)]
    loop[: len(sound) - len(before_end)] += sound[len(before_end) :]


def _read(path: Path) -> Samples:
    """The first _MOST_MS of a file."""
    # the system allocates pages only as they are filled
    sound = np.empty(sample_count(_MOST_MS), dtype=np.float32)
    count = 0
    for block in blocks(path):
        place = sound[count:][: len(block)]
        place[:] = block[: len(place)]
        count += len(place)
        if count == len(sound):
            break
    return sound[:count]


def _first_heard(sound: Samples) -> int:
    """Index of the first sample above silence; the length of ``sound`` if there is none."""
    for start in range(0, len(sound), sample_count(_PART_MS)):
        heard = np.abs(sound[start:][: sample_count(_PART_MS)]) > _SILENCE
        if heard.any():
            return start + int(heard.argmax())
    return len(sound)


def _seamless(sound: Samples) -> Samples:
    """``sound`` with its end crossfaded into its beginning at equal power."""
    seam = min(sample_count(_SEAM_MS), len(sound) // 3)
    turn = np.linspace(0, np.pi / 2, seam, dtype=np.float32)
    loop, end = sound[:-seam], sound[-seam:]
    loop[:seam] *= np.sin(turn)
    loop[:seam] += end * np.cos(turn)
    return loop


def _levelled(loop: Samples) -> Samples:
    """``loop`` at its level, changed in place; peaks are limited across the seam as well."""
    loop *= np.float32(10 ** (_gain_db(loop) / 20))
    reach, part = sample_count(REACH_MS), sample_count(_PART_MS)
    before, beginning = loop[-reach:].copy(), loop[:reach].copy()
    for start in range(0, len(loop), part):
        here, after = loop[start:][:part], loop[start + part :][:reach]
        around = np.concatenate([before, here, after, beginning])
        before = here[-reach:].copy()
        here[:] = limited(around, _CEILING_DBTP)[reach:][: len(here)]
    return loop


def _gain_db(loop: Samples) -> float:
    """The gain that brings ``loop`` to its level; infinite if it is silent."""
    part, length = sample_count(_PART_MS), sample_count(_PART_MS + MOMENTARY_MS - _HOP_MS)
    parts = [loop[start:][:length] for start in range(0, len(loop) + 1, part)]
    power = np.concatenate([block_power(here, MOMENTARY_MS, _HOP_MS) for here in parts])
    integrated = gated_lufs(power[:: _INTEGRATED_HOP_MS // _HOP_MS])
    if np.isinf(integrated):
        return np.inf
    return LOOP_LUFS - max(integrated, lufs(float(power.max())) - _MOST_MOMENTARY_LU)


def blocks(path: Path) -> Iterator[Samples]:
    """The sound of a file, mixed to one channel, at SAMPLE_RATE_HZ. Raises BedError."""
    _check_is_file(path)
    # a path that is not valid Unicode can be passed as bytes; Windows has no such paths
    name = os.fspath(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        with soundfile.SoundFile(name) as file:
            stream = soxr.ResampleStream(file.samplerate, SAMPLE_RATE_HZ, 1, "float32", "HQ")
            for block in blocks_of(file):
                if not np.abs(block).max() < _MOST_VALUE:  # also false for NaN
                    raise _damaged(path)
                yield stream.resample_chunk(block.mean(axis=1))
            yield stream.resample_chunk(np.empty(0, dtype=np.float32), last=True)
    except soundfile.LibsndfileError as error:
        if error.code == _UNKNOWN_KIND:
            raise BedError(Message("errors.sound_of_unknown_kind", path=path)) from error
        raise _damaged(path) from error


def _check_is_file(path: Path) -> None:
    """Raises BedError for paths that the sound library rejects without a reason."""
    if path.is_dir():
        raise BedError(Message("errors.sound_is_folder", path=path))
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise BedError(Message("errors.no_sound_file", path=path)) from error
    except OSError as error:
        raise BedError(
            Message("errors.sound_cannot_be_read", path=path, reason=reason(error))
        ) from error
    if empty:
        raise BedError(Message("errors.sound_is_empty", path=path))
    # libsndfile would read any file of this name as samples without a header
    if path.suffix.lower() == ".raw":
        raise BedError(Message("errors.sound_of_unknown_kind", path=path))


def _damaged(path: Path) -> BedError:
    return BedError(Message("errors.sound_is_damaged", path=path))
