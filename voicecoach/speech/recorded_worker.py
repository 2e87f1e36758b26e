"""The child process that decodes a person's recordings: WAV, FLAC, MP3 or M4A."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from voicecoach.audio.loudness import Samples
from voicecoach.audio.recordings import blocks_of, resampled, wav_file
from voicecoach.errors import SpeechError
from voicecoach.speech import recorded_quality
from voicecoach.speech.recorded_folder import MOST_BYTES, Fault
from voicecoach.speech.worker import Answers, questions

MOST_S = 60
"""No sentence takes longer; a longer file was put there by mistake."""
_RATES_HZ = range(8_000, 384_001)
_MOST_VALUE = 1e6
"""Larger than full scale in any floating-point format."""
_UNKNOWN_KIND = 1
"""libsndfile's error code for a file it does not recognise."""
_UNKNOWN_LENGTH = 2**63 - 1
"""libsndfile's error code for a FLAC whose header lacks the length of its sound."""
_LEAST_SHARE = 0.9
"""The share of the length in the header of an MP3 that must be there; some headers estimate it."""

Block = tuple[int, Samples]
"""A rate in Hz, and samples of shape (frames, channels)."""


def decoded(data: bytes) -> tuple[Samples, int]:
    """The sound of the file content ``data``, mixed to one channel, full scale at 1; and its rate
    in Hz. The first bytes decide its format.

    Raises SpeechError with what is wrong with the file and what to do.
    """
    if not data:
        raise SpeechError("the file is empty; copy or record it again")
    is_m4a = data[4:8] == b"ftyp"
    parts = []
    rate_hz = count = 0
    for rate_hz, block in _m4a_blocks(data) if is_m4a else _blocks(data):
        if not np.abs(block).max(initial=0) < _MOST_VALUE:  # also false for NaN
            raise SpeechError("holds values that are not sound; save or record it again")
        parts.append(block.mean(axis=1))
        count += len(block)
        if count > MOST_S * rate_hz:
            raise _too_long()
    if not count:
        raise SpeechError("holds no sound; record it again")
    return np.concatenate(parts), rate_hz


def _blocks(data: bytes) -> Iterator[Block]:
    """Decodes with libsndfile. Raises SpeechError."""
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            rate_hz = file.samplerate
            if rate_hz not in _RATES_HZ:
                raise SpeechError(f"has {rate_hz} samples a second; save it with 44100 or 48000")
            promised = 0 if file.frames == _UNKNOWN_LENGTH else file.frames
            if promised > MOST_S * rate_hz:
                raise _too_long()
            # floating point may exceed full scale; other formats were clipped when recorded
            most = _MOST_VALUE if file.subtype in {"FLOAT", "DOUBLE"} else 1.0
            count = 0
            for block in blocks_of(file):
                count += len(block)
                yield rate_hz, _clipped(block, most)
            if count < _LEAST_SHARE * promised:
                raise _damaged()
    except soundfile.LibsndfileError as error:
        if error.code == _UNKNOWN_KIND:
            raise SpeechError(
                "is not a sound file that can be read here; save it as WAV, MP3 or FLAC"
            ) from error
        raise _damaged() from error


def _m4a_blocks(data: bytes) -> Iterator[Block]:
    """Decodes with FFmpeg. Raises SpeechError."""
    try:
        import av
    except ImportError as error:
        raise SpeechError(
            'M4A cannot be read here; pip install "voicecoach[m4a]", or save it as WAV, MP3 or FLAC'
        ) from error
    try:
        # The format is given, because FFmpeg would also read playlists, which refer to other files.
        with av.open(BytesIO(data), "r", format="mov") as container:
            if not container.streams.audio:
                raise SpeechError("holds no sound; record it again")
            to_float = av.AudioResampler(format="fltp")
            for frame in container.decode(container.streams.audio[0]):
                for part in to_float.resample(frame):
                    block = np.asarray(part.to_ndarray().T, dtype=np.float32)
                    yield part.sample_rate, _clipped(block, 1.0)
    except (av.FFmpegError, ValueError) as error:
        raise _damaged() from error


def _clipped(block: Samples, most: float) -> Samples:
    """``block`` clipped to ``most``, except values that no sound has."""
    return np.where(np.abs(block) < _MOST_VALUE, np.clip(block, -most, most), block)


def _too_long() -> SpeechError:
    return SpeechError("is longer than a minute; record one sentence to a file")


def _damaged() -> SpeechError:
    return SpeechError("the file is damaged; copy or record it again")


_PEAK = 0.7
"""Recordings have any level and are levelled later; this level loses nothing to rounding."""


def main() -> None:
    """Serves requests until standard input closes."""
    answers = Answers()
    for question in questions():
        sha256 = ""
        try:
            data = _content(Path(question["file"]))
            sha256 = hashlib.sha256(data).hexdigest()
            wav, faults = _heard(data)
        except SpeechError as error:
            answers.give(question, error=str(error), faults=[], sha256=sha256)
        else:
            answers.give(question, wav=wav, faults=faults, sha256=sha256)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SpeechError(f"cannot be read: {error.strerror}; copy or record it again") from error
    if len(data) > MOST_BYTES:
        raise SpeechError("the file is too large; record one sentence to a file")
    return data


def _heard(data: bytes) -> tuple[bytes, tuple[Fault, ...]]:
    """The words in the file content ``data`` as a WAV file, and its faults. Raises SpeechError."""
    original, rate_hz = decoded(data)
    # removes a constant offset of the microphone, which would click at the edges
    sound = resampled(original - original.mean(), rate_hz)
    words = recorded_quality.trimmed(sound)
    if not len(words):
        raise SpeechError("no words are heard in it; record it again")
    scaled = words * np.float32(_PEAK / np.abs(words).max())
    return wav_file(scaled), recorded_quality.found(sound, original)


if __name__ == "__main__":
    main()
