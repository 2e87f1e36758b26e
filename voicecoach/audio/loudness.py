"""Loudness as defined by ITU-R BS.1770-4 and EBU Tech 3341 and 3342."""

import functools

import numpy as np
import numpy.typing as npt

from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count

Samples = npt.NDArray[np.float32]
"""Sound: a one-dimensional array, one channel at SAMPLE_RATE_HZ, full scale at 1."""
Power = npt.NDArray[np.float64]
"""Mean square of K-weighted sound, one value for each block of it."""

MOMENTARY_MS = 400
SHORT_TERM_MS = 3000
_HOP_MS = 100
_FINE_HOP_MS = 10
_OFFSET_LU = -0.691
"""With it, a sine of 1 kHz at full scale reads -3.01 LUFS."""
_ABSOLUTE_GATE_LUFS = -70.0
_INTEGRATED_GATE_LU = -10.0
_RANGE_GATE_LU = -20.0
_RANGE_PERCENTILES = (10, 95)
_WARM_UP_MS = 100
"""After this long, earlier sound no longer affects the weighting filters."""
_CHUNK = 28_000
"""With the filters' memory just under 2^15 samples: an FFT that fits the processor's cache."""
_EDGES = 500
"""So many edges of blocks are summed between at a time."""
_CUT_GAIN = 1.004995
"""The high-pass of BS.1770 passes 0.04 dB too much; to agree with other meters, so do we."""


def lufs(power: float) -> float:
    """The loudness of K-weighted mean square ``power``; minus infinity for none."""
    return float(_OFFSET_LU + 10 * np.log10(power)) if power > 0 else -np.inf


def integrated_lufs(sound: Samples) -> float:
    """Loudness of the whole of ``sound``, gated to leave out pauses; minus infinity for silence.

    Sound under MOMENTARY_MS is measured as one block, without gates.
    """
    if len(sound) < sample_count(MOMENTARY_MS):
        return lufs(float(_squares(k_weighted(sound)).mean()))
    return gated_lufs(block_power(sound, MOMENTARY_MS))


def repeated_lufs(sound: Samples) -> float:
    """Integrated loudness of ``sound`` repeated without end: what it contributes to speech made of
    short recordings. Soft ends count in full here, where blocks inside ``sound`` would miss them.

    Sound under MOMENTARY_MS is measured as one block, without gates.
    """
    weighted = k_weighted(sound)
    if len(sound) < sample_count(MOMENTARY_MS):
        return lufs(float(_squares(weighted).mean()))
    once_more = np.concatenate([weighted, weighted[: sample_count(MOMENTARY_MS) - 1]])
    return gated_lufs(_block_means(once_more, MOMENTARY_MS, _FINE_HOP_MS))


def gated_lufs(blocks: Power) -> float:
    """Integrated loudness of ``blocks`` of MOMENTARY_MS, 100 ms apart; minus infinity for
    silence."""
    return lufs(_gated_mean(blocks, _INTEGRATED_GATE_LU))


def loudest_momentary_lufs(sound: Samples) -> float:
    """The greatest momentary loudness (400 ms) of ``sound``, with silence before and after it."""
    silence = np.zeros(sample_count(MOMENTARY_MS), dtype=np.float32)
    padded = np.concatenate([silence, sound, silence])
    return lufs(float(block_power(padded, MOMENTARY_MS, _FINE_HOP_MS).max()))


def range_lu(sound: Samples) -> float:
    """Loudness range (EBU Tech 3342): from its softer to its louder passages; 0 for silence."""
    blocks = block_power(sound, SHORT_TERM_MS)
    gate = max(_gated_mean(blocks, None) * 10 ** (_RANGE_GATE_LU / 10), _power(_ABSOLUTE_GATE_LUFS))
    heard = blocks[blocks > gate]
    if not len(heard):
        return 0.0
    low, high = np.percentile(10 * np.log10(heard), _RANGE_PERCENTILES)
    return float(high - low)


def block_power(sound: Samples, length_ms: int, hop_ms: int = _HOP_MS) -> Power:
    """K-weighted mean square of every block of ``length_ms`` that starts every ``hop_ms``.

    Sound shorter than a block is one block, padded with silence.
    """
    weighted = k_weighted(sound)
    missing = sample_count(length_ms) - len(weighted)
    if missing > 0:
        weighted = np.pad(weighted, (0, missing))
    return _block_means(weighted, length_ms, hop_ms)


def _squares(weighted: Samples) -> Power:
    return np.square(weighted, dtype=np.float64)


def _block_means(weighted: Samples, length_ms: int, hop_ms: int) -> Power:
    """The mean square of every block, from sums between consecutive block edges; of some edges at
    a time, because the squares of a long track take much memory."""
    length = sample_count(length_ms)
    hop_samples = hop_ms * SAMPLE_RATE_HZ / 1000
    starts = np.arange(0, len(weighted) - length + 1, hop_samples).astype(np.intp)
    edges = np.union1d(starts, starts + length)
    some = (edges[n : n + _EDGES + 1] for n in range(0, len(edges) - 1, _EDGES))
    between = np.concatenate(
        [np.add.reduceat(_squares(weighted[e[0] : e[-1]]), e[:-1] - e[0]) for e in some]
    )
    energy = np.concatenate([[0.0], np.cumsum(between)])
    ends = energy[np.searchsorted(edges, starts + length)]
    power: Power = np.maximum(ends - energy[np.searchsorted(edges, starts)], 0) / length
    return power


def k_weighted(sound: Samples) -> Samples:
    """``sound`` with the K-weighting of BS.1770: bass cut, treble raised by 4 dB.

    Filtered in the frequency domain, in chunks that overlap by the memory of the filters.
    """
    weighted = np.empty_like(sound)
    memory = sample_count(_WARM_UP_MS)
    for start in range(0, len(sound), _CHUNK):
        before = min(start, memory)
        chunk = sound[start - before : start + _CHUNK]
        size = _fft_size(len(chunk) + memory)
        spectrum = np.fft.rfft(chunk, size) * _k_response(size)
        weighted[start : start + _CHUNK] = np.fft.irfft(spectrum, size)[before : len(chunk)]
    return weighted


def _gated_mean(blocks: Power, relative_gate_lu: float | None) -> float:
    """The mean of the blocks above the absolute and then the relative gate; 0 for silence."""
    heard = blocks[blocks > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return 0.0
    if relative_gate_lu is not None:
        heard = heard[heard > heard.mean() * 10 ** (relative_gate_lu / 10)]
    return float(heard.mean())


def _power(loudness_lufs: float) -> float:
    return float(10 ** ((loudness_lufs - _OFFSET_LU) / 10))


@functools.lru_cache(maxsize=32)
def _k_response(size: int) -> npt.NDArray[np.complex64]:
    """Response of both weighting filters at the frequencies of an FFT of ``size`` points.

    BS.1770 gives the filters for 48 kHz; these are their analogue models (frequency, Q and gain),
    discretised for SAMPLE_RATE_HZ by the bilinear transform.
    """
    # the analogue s at each digital frequency, relative to the filter's own frequency
    tangent = np.tan(np.pi * np.arange(size // 2 + 1) / size)

    def normalised(frequency_hz: float) -> npt.NDArray[np.complex128]:
        return np.asarray(1j * tangent / np.tan(np.pi * frequency_hz / SAMPLE_RATE_HZ))

    shelf, shelf_q, shelf_gain_db = normalised(1681.974450955533), 0.7071752369554196, 3.99984385
    high, band = 10 ** (shelf_gain_db / 20), 10 ** (shelf_gain_db / 20 * 0.4996667741545416)
    raised = (high * shelf**2 + band / shelf_q * shelf + 1) / (shelf**2 + shelf / shelf_q + 1)
    cut, cut_q = normalised(38.13547087602444), 0.5003270373238773
    weighting = _CUT_GAIN * raised * cut**2 / (cut**2 + cut / cut_q + 1)
    return np.asarray(weighting, dtype=np.complex64)


def _fft_size(least: int) -> int:
    """The next size at or above ``least`` of the form 2^n or 3·2^n, for which an FFT is fast."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= least else power
