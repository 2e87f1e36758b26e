"""The engines of this process, and speaking with any of them."""

import functools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import Protocol

from voicecoach.audio import recordings
from voicecoach.audio.signal import Recording, length_ms
from voicecoach.environment import cores
from voicecoach.errors import SpeechError
from voicecoach.messages import Message
from voicecoach.speech import espeak_voices as espeak
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.speaker import Utterance, check_length

_LIMIT_S = 30.0
"""The longest an utterance may take; a long sentence takes eSpeak 0.03 s."""
_PIPER_LIMIT_S = 120.0
"""The first utterance includes loading the model, perhaps a large one from a slow disk."""


class Engine(Protocol):
    """An object that can speak."""

    def speak(self, utterance: Utterance) -> Recording:
        """Speaks ``utterance``, in one attempt. Raises SpeechError if it cannot."""


class WorkerEngine:
    """An engine that runs as a module in a child process and returns WAV files.

    A request has the text, voice, rate_wpm, file and draw of an utterance. A response has error,
    empty on success, and is_last, true if the child cannot serve another request. Thread-safe;
    utterances of several threads are spoken in parallel if the engine can.
    """

    def __init__(self, module: str, *arguments: str, limit_s: float = _LIMIT_S) -> None:
        """``module``, run with ``arguments``, must respond within ``limit_s`` seconds."""
        self._worker = WorkerProcess(module, *arguments, limit_s=limit_s)
        self._turn = threading.Lock()

    def speak(self, utterance: Utterance) -> Recording:
        """See :class:`Engine`."""
        question = {
            "text": utterance.text,
            "voice": utterance.voice.name,
            "rate_wpm": utterance.rate_wpm,
            "file": utterance.file,
            "draw": utterance.draw,
        }
        with nullcontext() if utterance.voice.uses_all_cores else self._turn:
            answer, wav_bytes = self._worker.ask(question)
            if answer["is_last"]:
                self._worker.stop()
        if answer["error"]:
            raise SpeechError(answer["error"])
        if utterance.file and answer["sha256"] != utterance.file_sha256:
            raise SpeechError(f"{utterance.file}: was changed just now")
        return recordings.parse(wav_bytes, name="what the engine said")

    def stop(self) -> None:
        """Ends the child process; the next utterance starts a new one."""
        self._worker.stop()


def start(name: str) -> WorkerEngine:
    """A new engine ``name``; its child process runs the module ``NAME_worker``."""
    arguments: tuple[str, ...] = ()
    limit_s = _LIMIT_S
    match name:
        case "espeak":
            arguments = (str(espeak.data_folder()),)
        case "piper":
            arguments, limit_s = (str(cores()),), _PIPER_LIMIT_S
    return WorkerEngine(f"{__package__}.{name}_worker", *arguments, limit_s=limit_s)


@functools.cache
def _engine_of(name: str) -> WorkerEngine:
    return start(name)


def speak_all(utterances: Sequence[Utterance]) -> Iterator[Recording]:
    """Speaks ``utterances``, all of one voice, and yields their recordings in order.

    Raises SpeechError, which names the utterance that could not be spoken.
    """
    voice = utterances[0].voice
    engine = _engine_of(voice.engine)
    at_once = cores() if voice.uses_all_cores else 1  # 1 speaks ahead of the caller
    with ThreadPoolExecutor(at_once) as threads:
        yield from threads.map(functools.partial(speak, engine), utterances)


def speak(engine: Engine, utterance: Utterance) -> Recording:
    """Speaks ``utterance``, in two attempts, and trims the silence at both ends.

    Raises SpeechError, which names the utterance and what to do, if it cannot be spoken, or if the
    recording is silent or has an implausible length for the text.
    """
    try:
        with suppress(SpeechError):
            return _spoken(engine, utterance)
        return _spoken(engine, utterance)
    except SpeechError as error:
        raise SpeechError(
            Message(
                "errors.voice_could_not_say",
                spec=utterance.voice.spec,
                text=utterance.text,
                error=error.message,
            )
        ) from error


def _spoken(engine: Engine, utterance: Utterance) -> Recording:
    recording = engine.speak(utterance)
    if not utterance.file:  # recordings have room noise; their engine trims them itself
        recording = recordings.trimmed(recording)
    check_length(length_ms(len(recording.samples) // 2), utterance.text)
    return recording
