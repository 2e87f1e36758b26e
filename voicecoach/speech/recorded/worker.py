"""The child process that decodes a person's recordings.

A question's ``file`` is the recording; its text and voice do not matter. An answer has, beside
what answers of all engines have, ``faults``, what is wrong with the recording, and ``sha256``, of
the content that was decoded: between two looks at a file it may change.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecoach.audio.wav import resampled, wav_file
from voicecoach.errors import SpeechError
from voicecoach.speech.recorded import faults
from voicecoach.speech.recorded.decoding import decoded
from voicecoach.speech.recorded.names import MOST_BYTES
from voicecoach.speech.recorded.remarks import Fault
from voicecoach.speech.worker import Answers, questions

_PEAK = 0.7
"""Recordings come at any level and are levelled later; this one loses nothing to rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What is in a file."""

    wav: bytes
    faults: tuple[Fault, ...]


def main() -> None:
    """Answers questions until there are no more."""
    answers = Answers()
    for question in questions():
        sha256 = ""
        try:
            data = _content(Path(question["file"]))
            sha256 = hashlib.sha256(data).hexdigest()
            heard = _heard(data)
        except SpeechError as error:
            answers.give(question, error=str(error), faults=[], sha256=sha256)
        else:
            answers.give(question, wav=heard.wav, faults=heard.faults, sha256=sha256)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SpeechError(f"cannot be read: {error.strerror}; copy or record it again") from error
    if len(data) > MOST_BYTES:
        raise SpeechError("the file is too large; record one sentence to a file")
    return data


def _heard(data: bytes) -> _Heard:
    file = decoded(data)
    # or its edges click, in the recordings of microphones that add a constant
    sound = resampled(file.sound - file.sound.mean(), file.rate_hz)
    words = faults.trimmed(sound)
    if not len(words):
        raise SpeechError("no words are heard in it; record it again")
    scaled = words * np.float32(_PEAK / np.abs(words).max())
    return _Heard(wav=wav_file(scaled), faults=faults.found(sound, original=file.sound))


if __name__ == "__main__":
    main()
