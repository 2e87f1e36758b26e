"""AudioSegments -> MP3. The only importer of the encoder."""

from collections.abc import Iterable
from typing import Protocol

import lameenc
import numpy as np

from voicecoach.audio.signal import BIT_RATE_KBPS

QUALITY = 7
"""LAME's quality setting; the slower 2 measures no better on our speech at 64 kbit/s."""
_LAME_SCALE = 0.95
"""LAME attenuates by this factor at our bit rate (0.45 dB, measured), and lameenc cannot switch it
off, so the input is amplified by as much."""


class Pcm(Protocol):
    """Samples, with the attributes of pydub's AudioSegment."""

    @property
    def raw_data(self) -> bytes:
        """16-bit samples."""

    @property
    def frame_rate(self) -> int:
        """Samples per second."""

    @property
    def channels(self) -> int:
        """1 for mono."""


def encode(blocks: Iterable[Pcm]) -> bytes:
    """Contiguous ``blocks`` of 16-bit samples as one MP3 at a constant BIT_RATE_KBPS, without
    tags."""
    mp3 = bytearray()
    encoder = None
    for block in blocks:
        if encoder is None:
            encoder = lameenc.Encoder()
            encoder.silence()
            encoder.set_bit_rate(BIT_RATE_KBPS)
            encoder.set_in_sample_rate(block.frame_rate)
            encoder.set_channels(block.channels)
            encoder.set_quality(QUALITY)
        mp3 += encoder.encode(_raised(block.raw_data))
    if encoder is not None:
        mp3 += encoder.flush()
    return bytes(mp3)


def _raised(samples: bytes) -> bytes:
    louder = np.frombuffer(samples, dtype="<i2") * np.float32(1 / _LAME_SCALE)
    return np.rint(np.clip(louder, -32768, 32767)).astype("<i2").tobytes()
