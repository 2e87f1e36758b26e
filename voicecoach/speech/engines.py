"""The engines of this process, and how any of them is asked to speak."""

import functools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from voicecoach.audio import wav
from voicecoach.audio.signal import Recording, length_ms
from voicecoach.environment import cores
from voicecoach.errors import SpeechError
from voicecoach.messages import Message
from voicecoach.speech.espeak import voices as espeak
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.speaker import check_length
from voicecoach.speech.voice import Engine, Utterance

_LIMIT_S = 30.0
"""Longest an utterance may take; a long sentence takes eSpeak 0.03 s."""
_PIPER_LIMIT_S = 120.0
"""Loading a large model from a slow disk is part of the first utterance."""
_TRIES = 2


class WorkerEngine:
    """An engine that runs as a module in a child process and answers with WAV files.

    A question says text, voice, rate_wpm and file of an utterance. An answer says error, which is
    empty where all went well, and is_last, where the child can answer no more. Safe to use from
    several threads, whose utterances are spoken at once where the engine can.
    """

    def __init__(self, module: str, *arguments: str, limit_s: float = _LIMIT_S) -> None:
        """``module``, run with ``arguments``, answers every utterance within ``limit_s``."""
        self._worker = WorkerProcess(module, *arguments, limit_s=limit_s)
        self._turn = threading.Lock()

    def speak(self, utterance: Utterance) -> Recording:
        """See :class:`voicecoach.speech.voice.Engine`."""
        question = {
            "text": utterance.text,
            "voice": utterance.voice.name,
            "rate_wpm": utterance.rate_wpm,
            "file": utterance.file,
        }
        with nullcontext() if utterance.voice.uses_all_cores else self._turn:
            answer, wav_bytes = self._worker.ask(question)
            if answer["is_last"]:
                self._worker.stop()
        if answer["error"]:
            raise SpeechError(answer["error"])
        if utterance.file and answer["sha256"] != utterance.file_sha256:
            raise SpeechError(f"{utterance.file}: was changed just now")
        return wav.parse(wav_bytes, name="what the engine said")

    def stop(self) -> None:
        """Ends the child process; the next utterance starts another."""
        self._worker.stop()


def start(name: str) -> WorkerEngine:
    """A new engine of the kind ``name``: a package beside this module, with a module ``worker``."""
    arguments: tuple[str, ...] = ()
    limit_s = _LIMIT_S
    match name:
        case "espeak":
            arguments = (str(espeak.data_folder()),)
        case "piper":
            arguments, limit_s = (str(cores()),), _PIPER_LIMIT_S
    return WorkerEngine(f"{__package__}.{name}.worker", *arguments, limit_s=limit_s)


@functools.cache
def _engine_of(name: str) -> WorkerEngine:
    return start(name)


def speak_all(utterances: Sequence[Utterance]) -> Iterator[Recording]:
    """Speaks ``utterances``, which all have one voice, in their order.

    Raises SpeechError that names the utterance that could not be spoken.
    """
    voice = utterances[0].voice
    engine = _engine_of(voice.engine)
    at_once = cores() if voice.uses_all_cores else 1  # which speaks on while the caller works
    with ThreadPoolExecutor(at_once) as threads:
        yield from threads.map(functools.partial(speak, engine), utterances)


def speak(engine: Engine, utterance: Utterance) -> Recording:
    """Has ``engine`` speak ``utterance``, trying twice, without silence at both ends.

    Raises SpeechError that names the utterance and the way out where it cannot, or where what it
    says is no sound, or cannot be this text.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            recording = engine.speak(utterance)
            if not utterance.file:  # a person's room has a sound of its own; its engine knows that
                recording = wav.trimmed(recording)
            check_length(length_ms(len(recording.samples) // 2), utterance.text)
        except SpeechError as error:
            if not tries_left:
                raise SpeechError(
                    Message(
                        "errors.voice_could_not_say",
                        spec=utterance.voice.spec,
                        text=utterance.text,
                        error=error.message,
                    )
                ) from error
        else:
            return recording
    raise AssertionError("unreachable")
