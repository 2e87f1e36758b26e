"""The child process in which pyttsx3 drives the voices of the operating system.

Serves one request and ends: native engines are reported to hang at a second ``runAndWait``, and
eSpeak's sound depends on what it spoke before. The response to ``{"list": true}`` has the voices
and the version of their engine; any other request is an utterance.
"""

import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import soundfile

from voicecoach.audio.recordings import resampled, wav_file
from voicecoach.errors import SpeechError
from voicecoach.speech.espeak_worker import BINDING, report_end
from voicecoach.speech.worker import Answers, Question, questions

LIMIT_S = 25.0
"""Shorter than the parent's limit, so that the parent receives the error."""
_POLL_S = 0.02
_SPEAKS_WITH_ESPEAK = sys.platform not in {"darwin", "win32"}
_FILE = "speech.aiff" if sys.platform == "darwin" else "speech.wav"
_MAGIC_AND_SIZE_BYTES = 8

_FAILURES: tuple[type[Exception], ...] = (ImportError, OSError, RuntimeError, ValueError, KeyError)
"""Exceptions of pyttsx3, its drivers and soundfile."""
if sys.platform == "win32":
    from _ctypes import COMError

    _FAILURES = (*_FAILURES, COMError)


def main() -> None:
    """Serves the first request, always within LIMIT_S, and ends."""
    answers = Answers()
    question = next(questions(), None)
    if question is not None:
        _answer(answers, question)
    os._exit(0)  # native libraries are reported to hang at exit


def _answer(answers: Answers, question: Question) -> None:
    is_answered = threading.Lock()
    with tempfile.TemporaryDirectory(prefix="voicecoach-", ignore_cleanup_errors=True) as folder:

        def give(**answer: Any) -> bool:
            is_first = is_answered.acquire(blocking=False)
            if is_first:
                shutil.rmtree(folder, ignore_errors=True)  # before the parent can end this process
                answers.give(question, is_last=True, **answer)
            return is_first

        def give_up() -> None:
            if give(error=f"the voices of the system took longer than {LIMIT_S:g} s"):
                os._exit(1)

        watchdog = threading.Timer(LIMIT_S, give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            if question.get("list"):
                told = _listing()
            else:
                told = {"wav": _spoken(question, Path(folder) / _FILE)}
        except SpeechError as error:
            told = {"error": str(error)}
        except _FAILURES as error:
            told = {"error": f"pyttsx3: {str(error) or type(error).__name__}"}
        give(**told)


def _listing() -> dict[str, Any]:
    engine = _initialise()
    voices = [
        {"id": voice.id, "name": voice.name, "languages": voice.languages}
        for voice in engine.getProperty("voices")
    ]
    return {"voices": voices, "version": _version()}


def _version() -> str:
    if _SPEAKS_WITH_ESPEAK:
        version: bytes = import_module(BINDING).Info(None)
        return f"eSpeak {version.decode()}"
    return platform.platform()


def _spoken(question: Question, file: Path) -> bytes:
    """The WAV file of an utterance, which the engine first writes to ``file``.

    Raises SpeechError, or one of _FAILURES.
    """
    engine = _initialise()
    voice = question["voice"]
    if voice not in {known.id for known in engine.getProperty("voices")}:
        raise SpeechError(f"this system has no voice {voice!r}; `voicecoach voices` lists them")
    faults: list[Exception] = []
    engine.connect("error", lambda name, exception: faults.append(exception))
    engine.setProperty("voice", voice)
    engine.setProperty("rate", question["rate_wpm"])
    engine.save_to_file(question["text"], str(file))
    engine.runAndWait()
    if _SPEAKS_WITH_ESPEAK:
        report_end()
    if faults:
        raise SpeechError(f"pyttsx3: {faults[0]}")
    used = engine.getProperty("voice")
    if str(used).casefold() != voice.casefold():
        raise SpeechError(f"the system spoke with {used!r} in place of {voice!r}")
    while not is_whole(file):  # for no longer than LIMIT_S
        time.sleep(_POLL_S)
    return decoded(file)


def _initialise() -> Any:
    """pyttsx3's engine of this platform, and eSpeak in its synchronous mode.

    In the mode that pyttsx3 chooses, eSpeak speaks in its own thread, where the rate sometimes
    arrives too late: five of forty utterances were spoken far too fast.
    """
    if _SPEAKS_WITH_ESPEAK:
        binding: Any = import_module(BINDING)
        binding.AUDIO_OUTPUT_RETRIEVAL = binding.AUDIO_OUTPUT_SYNCHRONOUS
    return import_module("pyttsx3").init()


def is_whole(file: Path) -> bool:
    """Whether the WAV or AIFF ``file`` is as long as its header says, so has been closed; a driver
    may return before that."""
    if not file.exists():
        return False
    with file.open("rb") as opened:
        start = opened.read(_MAGIC_AND_SIZE_BYTES)
    is_aiff = start.startswith(b"FORM")
    following_bytes = int.from_bytes(start[4:], "big" if is_aiff else "little")
    return file.stat().st_size == _MAGIC_AND_SIZE_BYTES + following_bytes


def decoded(file: Path) -> bytes:
    """The sound of the WAV or AIFF ``file`` as a WAV file of one channel at our rate."""
    sound, rate_hz = soundfile.read(file, dtype="float32", always_2d=True)
    return wav_file(resampled(sound.mean(axis=1), rate_hz))


if __name__ == "__main__":
    main()
