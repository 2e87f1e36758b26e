"""AudioSegment -> MP3. The only importer of the encoder."""

from typing import Protocol

import lameenc

BIT_RATE_KBPS = 64
QUALITY = 7
"""LAME's fastest setting that counts: on our speech at 64 kbit/s 2 measures no better."""

_BYTES_AT_A_TIME = 1 << 20
"""The encoder makes several copies of what it is given."""


class Pcm(Protocol):
    """Sound as samples; pydub's AudioSegment is one."""

    @property
    def raw_data(self) -> bytes: ...
    @property
    def frame_rate(self) -> int: ...
    @property
    def channels(self) -> int: ...


def encode(sound: Pcm) -> bytes:
    """``sound`` (16-bit samples) as MP3 at a constant BIT_RATE_KBPS, without tags."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(BIT_RATE_KBPS)
    encoder.set_in_sample_rate(sound.frame_rate)
    encoder.set_channels(sound.channels)
    encoder.set_quality(QUALITY)
    samples = sound.raw_data
    mp3 = bytearray()
    for start in range(0, len(samples), _BYTES_AT_A_TIME):
        mp3 += encoder.encode(samples[start : start + _BYTES_AT_A_TIME])
    mp3 += encoder.flush()
    return bytes(mp3)
