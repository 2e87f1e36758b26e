"""A sound file of any kind -> its samples, one channel at our rate, a block at a time."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.errors import BedError
from voicecoach.messages import Message, reason

_BLOCK_VALUES = 1 << 19
_MOST_VALUE = 1e6
"""Larger than full scale in any floating-point format."""
_UNKNOWN_KIND = 1
"""libsndfile's error code for a file it does not recognise."""


def blocks(path: Path) -> Iterator[Samples]:
    """The sound of a file, mixed to one channel, at SAMPLE_RATE_HZ. Raises BedError."""
    _check_is_file(path)
    # a path that is not valid Unicode can be passed as bytes; Windows has no such paths
    name = os.fspath(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        with soundfile.SoundFile(name) as file:
            # or soundfile seeks after every block, after which an MP3 continues with a click
            file.seekable = lambda: False
            stream = soxr.ResampleStream(file.samplerate, SAMPLE_RATE_HZ, 1, "float32", "HQ")
            frames = min(file.samplerate, _BLOCK_VALUES // file.channels)
            while len(block := file.read(frames, "float32", always_2d=True)):
                if not np.abs(block).max() < _MOST_VALUE:  # also false for NaN
                    raise _damaged(path)
                yield stream.resample_chunk(block.mean(axis=1))
            yield stream.resample_chunk(np.empty(0, dtype=np.float32), last=True)
    except soundfile.LibsndfileError as error:
        if error.code == _UNKNOWN_KIND:
            raise _of_unknown_kind(path) from error
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
    if (
        path.suffix.lower() == ".raw"
    ):  # libsndfile would read any file of this name as samples without a header
        raise _of_unknown_kind(path)


def _of_unknown_kind(path: Path) -> BedError:
    return BedError(Message("errors.sound_of_unknown_kind", path=path))


def _damaged(path: Path) -> BedError:
    return BedError(Message("errors.sound_is_damaged", path=path))
