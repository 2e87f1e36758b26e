"""The child process in which Piper runs, with one model and all cores.

Its argument is the number of utterances to speak in parallel. A model draws random noise, which
depends on what it spoke before. So on Linux each utterance is spoken by a fresh fork of this
process, and the same text gives the same bytes; elsewhere forks are not safe, and threads speak
without noise, which sounds a little flatter.
"""

import functools
import gc
import json
import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig
from piper.phonemize_espeak import ESPEAK_DATA_DIR

from voicecoach.audio.recordings import resampled, wav_file
from voicecoach.environment import DATA_VARIABLE, user_data_folder
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed
from voicecoach.speech.piper_voices import SPEAKER_MARK
from voicecoach.speech.worker import Answers, Question, serve_by_copies, serve_by_threads

NATURAL_WPM = 180
"""Default speaking rate of a voice, in words a minute as eSpeak counts them: measured with 40
sentences of en_US-joe-medium, 59 ms a character."""
_SEED = 1
_SENTENCE_PAUSE_MS = 250
_ONNX_ERRORS = (
    RuntimeError,
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)


def main() -> None:
    """Serves requests until standard input closes."""
    answers = Answers()
    os.environ[DATA_VARIABLE] = str(user_data_folder().absolute())
    os.chdir(ESPEAK_DATA_DIR.parent)  # Piper's eSpeak truncates paths to 159 bytes
    if sys.platform == "linux":
        serve_by_copies(answers, _speak, name="Piper", prepare=lambda q: _load(_model_name(q)))
    else:
        serve_by_threads(answers, functools.partial(_speak, noise=0.0), int(sys.argv[1]))


def _speak(question: Question, *, noise: float | None = None) -> bytes:
    """The WAV file for ``question``; ``noise`` overrides the noise scale of the voice.

    Raises SpeechError.
    """
    voice = _load(_model_name(question))
    config = SynthesisConfig(
        speaker_id=_speaker_id(voice, question["voice"]),
        length_scale=voice.config.length_scale * NATURAL_WPM / question["rate_wpm"],
        noise_scale=noise,
        noise_w_scale=noise,
    )
    pause = np.zeros(voice.config.sample_rate * _SENTENCE_PAUSE_MS // 1000, dtype=np.float32)
    parts: list[np.ndarray] = []
    try:
        for _ in range(question.get("draw", 1)):  # each take goes on in the model's random numbers
            parts.clear()
            for chunk in voice.synthesize(question["text"], config):
                parts += [pause, chunk.audio_float_array] if parts else [chunk.audio_float_array]
    except (ValueError, KeyError, *_ONNX_ERRORS) as error:
        raise SpeechError(f"Piper: {error}") from error
    if not parts:
        raise SpeechError("Piper said nothing")
    return wav_file(resampled(np.concatenate(parts), voice.config.sample_rate))


@functools.lru_cache(maxsize=1)
def _load(name: str) -> PiperVoice:
    """The voice ``name``, ready to speak in one thread. Raises SpeechError."""
    found = installed.find(name)
    if found is None:
        raise SpeechError(f"piper:{name} is not installed any more")
    installed.check_model(found)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    onnxruntime.set_seed(_SEED)
    try:
        config = PiperConfig.from_dict(json.loads(found.config.read_text(encoding="utf-8")))
        session = onnxruntime.InferenceSession(
            str(found.model), options, providers=["CPUExecutionProvider"]
        )
        voice = PiperVoice(
            session=session, config=config, espeak_data_dir=Path(ESPEAK_DATA_DIR.name)
        )
        voice.phonemize("1")  # loads eSpeak before any fork
    except (OSError, ValueError, KeyError, TypeError, *_ONNX_ERRORS) as error:
        raise SpeechError(f"{found.model}: cannot be loaded ({error}); install it again") from error
    gc.freeze()  # forks share memory that is never written
    return voice


def _model_name(question: Question) -> str:
    return str(question["voice"]).partition(SPEAKER_MARK)[0]


def _speaker_id(voice: PiperVoice, name: str) -> int | None:
    """The number of the speaker chosen in ``name``, else of the default one; ``None`` for a model
    with one speaker."""
    speaker = name.partition(SPEAKER_MARK)[2]
    if voice.config.num_speakers < 2:
        return None
    if not speaker:
        return voice.config.default_speaker_id
    if speaker not in voice.config.speaker_id_map:
        known = ", ".join(list(voice.config.speaker_id_map)[:10])
        raise SpeechError(f"piper:{name}: no speaker {speaker!r}; there are {known}")
    return voice.config.speaker_id_map[speaker]


if __name__ == "__main__":
    main()
