"""The child process in which pyttsx3 and eSpeak NG run.

Its argument is the folder of eSpeak's data. eSpeak's sound depends on what it spoke before, so on
systems that can fork, each utterance gets a fresh fork of this process, which has not spoken yet;
elsewhere this process ends after one utterance. It imports little, to be quick to fork, and writes
no words or sound to files.
"""

import ctypes
import functools
import gc
import os
import sys
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from voicecoach.errors import SpeechError
from voicecoach.speech.worker import Answers, Question, serve_by_copies, serve_one

_SEED = 1
"""eSpeak's female variants use random numbers, by default seeded by the clock."""
_WORD_GAPS = {"nl": (5, 25)}
"""Voices that a recogniser understands better with a short pause between words: the pause, in
eSpeak's unit of 10 ms at its usual rate, and by how many words a minute the words themselves are
faster, so that an utterance takes no longer."""
_WORD_GAP = 7
"""eSpeak's number of that parameter."""

_DRIVER = "pyttsx3.drivers.espeak"
BINDING = "pyttsx3.drivers._espeak"


def main() -> None:
    """Serves requests until standard input closes."""
    answers = Answers()
    speak = functools.partial(_speak, _load(), _initialise())
    if hasattr(os, "fork"):
        serve_by_copies(answers, speak, name="eSpeak")
    else:
        serve_one(answers, speak)


def _load() -> ctypes.CDLL:
    """Loads eSpeak NG from ``espeakng-loader`` and makes pyttsx3 use it.

    pyttsx3 looks for the library under fixed names. Symbols must be loaded locally: global ones
    crash other engines later.
    """
    import espeakng_loader

    os.chdir(sys.argv[1])  # eSpeak truncates paths to 159 bytes
    os.environ["ESPEAK_DATA_PATH"] = "."
    library = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_LOCAL)
    load_any = ctypes.cdll.LoadLibrary
    ctypes.cdll.LoadLibrary = lambda name: library  # type: ignore[method-assign]
    try:
        import_module(BINDING)
    finally:
        ctypes.cdll.LoadLibrary = load_any  # type: ignore[method-assign]
    return library


def _initialise() -> Any:
    """pyttsx3's engine, with eSpeak initialised before any fork and in its synchronous mode.

    The driver would choose the mode in which eSpeak speaks in its own thread. Then a fork hangs,
    and the rate, which pyttsx3 sends just before the text, arrives too late for one utterance in
    thirty, which is spoken at the wrong speed.
    """
    binding, driver = import_module(BINDING), import_module(_DRIVER)
    if binding.Initialize(binding.AUDIO_OUTPUT_SYNCHRONOUS, 1000) < 0:
        raise RuntimeError("eSpeak NG cannot be initialised")
    binding.ListVoices(None)  # reads all voices before any fork
    driver.EspeakDriver._moduleInitialized = True
    driver.EspeakDriver._defaultVoice = "en"
    vars(driver)["time"] = SimpleNamespace(sleep=lambda seconds: None)  # no waiting
    engine = import_module("pyttsx3").init("espeak")
    gc.disable()
    gc.freeze()  # forks share memory that is never written
    return engine


def _speak(library: ctypes.CDLL, engine: Any, question: Question) -> bytes:
    """The WAV file that pyttsx3 writes for ``question``. Raises SpeechError."""
    wav = BytesIO()
    try:
        engine.setProperty("voice", question["voice"])
        gap, faster_wpm = _WORD_GAPS.get(question["voice"], (0, 0))
        engine.setProperty("rate", question["rate_wpm"] + faster_wpm)
        library.espeak_SetParameter(_WORD_GAP, gap, 0)
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        engine.save_to_file(question["text"], wav)  # the driver passes it to wave.open
        engine.runAndWait()
        report_end()
    except (OSError, RuntimeError, ValueError, KeyError, AssertionError) as error:
        raise SpeechError(f"pyttsx3: {error}") from error
    if not wav.getbuffer().nbytes:
        raise SpeechError("pyttsx3 wrote nothing")
    return wav.getvalue()


def report_end() -> None:
    """Reports to pyttsx3's driver that eSpeak is done, so that it writes the file; in synchronous
    mode the caller must."""
    binding = import_module(BINDING)
    end = (binding.EVENT * 2)()
    end[0].type = binding.EVENT_MSG_TERMINATED
    binding.SynthCallback(None, 0, end)


if __name__ == "__main__":
    main()
