"""The child process in which pyttsx3 and eSpeak NG run.

Started by :mod:`voicecoach.speech.espeak` with the folder of eSpeak's data as its argument, and
kept lean, because it is copied for every utterance. Answers as :mod:`voicecoach.speech.process`
asks: a line of JSON (text, voice, rate_wpm) in, a line of JSON (error, is_last, bytes) and so many
bytes of a WAV file out. What eSpeak says depends on what it said before, so where the system can
fork, each utterance gets a fresh copy of this process, which has not spoken yet; elsewhere this
process ends after one utterance. No word and no sound is ever in a file here.
"""

import ctypes
import gc
import json
import os
import signal
import sys
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace
from typing import Any, BinaryIO

_LIMIT_S = 25
"""Shorter than the limit of whoever asks, so that it hears what went wrong."""
_SEED = 1
"""eSpeak's female variants use random numbers, seeded by the clock unless told otherwise."""


_DRIVER = "pyttsx3.drivers.espeak"
_BINDING = "pyttsx3.drivers._espeak"


def main() -> None:
    """Answers lines on stdin until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks to handle
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the driver prints, and stdout is for answers
    library = _load()
    engine = _initialise()
    can_fork = hasattr(os, "fork")
    for line in sys.stdin:
        request = json.loads(line)
        if can_fork:
            _answer_from_copy(answers, engine, library, request)
        else:
            _answer(answers, *_speak(engine, library, request), is_last=True)
            break


def _answer(answers: BinaryIO, error: str, wav: bytes, *, is_last: bool = False) -> None:
    answer = {"error": error, "is_last": is_last, "bytes": len(wav)}
    answers.write(json.dumps(answer).encode() + b"\n" + wav)
    answers.flush()


def _answer_from_copy(
    answers: BinaryIO, engine: Any, library: ctypes.CDLL, request: dict[str, Any]
) -> None:
    """Has a forked process speak and answer; answers for it where it could not."""
    process_id = os.fork()
    if process_id == 0:
        try:
            signal.alarm(_LIMIT_S)
            _answer(answers, *_speak(engine, library, request))
            os._exit(0)
        finally:
            os._exit(1)  # whatever happens, the copy does not go on as if it were the original
    _, status = os.waitpid(process_id, 0)
    if status:
        took_too_long = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        _answer(answers, "eSpeak took too long" if took_too_long else "eSpeak crashed", b"")


def _load() -> ctypes.CDLL:
    """Loads the eSpeak NG of ``espeakng-loader`` and makes pyttsx3 use it.

    pyttsx3 looks for the library under fixed names. Loading must be local: with global symbols
    other engines crash later.
    """
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = sys.argv[1]
    library = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_LOCAL)
    load_any = ctypes.cdll.LoadLibrary
    ctypes.cdll.LoadLibrary = lambda name: library  # type: ignore[method-assign]
    try:
        import_module(_BINDING)
    finally:
        ctypes.cdll.LoadLibrary = load_any  # type: ignore[method-assign]
    return library


def _initialise() -> Any:
    """pyttsx3's engine, with eSpeak initialised before any fork and in its synchronous mode.

    The driver would choose the mode in which eSpeak speaks in a thread of its own. Then a fork
    hangs, and the rate, which pyttsx3 sends just before the text, comes too late for one
    utterance in thirty, which is spoken at the wrong speed.
    """
    binding, driver = import_module(_BINDING), import_module(_DRIVER)
    if binding.Initialize(binding.AUDIO_OUTPUT_SYNCHRONOUS, 1000) < 0:
        raise RuntimeError("eSpeak NG cannot be initialised")
    binding.ListVoices(None)  # reads all voices now, so that no copy needs to
    driver.EspeakDriver._moduleInitialized = True
    driver.EspeakDriver._defaultVoice = "en"
    vars(driver)["time"] = SimpleNamespace(sleep=lambda seconds: None)  # nothing is awaited
    engine = import_module("pyttsx3").init("espeak")
    gc.disable()
    gc.freeze()  # copies share this memory as long as nobody touches it
    return engine


def _speak(engine: Any, library: ctypes.CDLL, request: dict[str, Any]) -> tuple[str, bytes]:
    """Has pyttsx3 write the utterance; answers what went wrong, or an empty string, and the WAV
    file."""
    binding = import_module(_BINDING)
    wav = BytesIO()
    try:
        engine.setProperty("voice", request["voice"])
        engine.setProperty("rate", request["rate_wpm"])
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        engine.save_to_file(request["text"], wav)  # the driver hands it on to wave.open
        engine.runAndWait()
        # The driver writes the file when eSpeak announces the end, which the synchronous mode
        # leaves to the caller.
        end = (binding.EVENT * 2)()
        end[0].type = binding.EVENT_MSG_TERMINATED
        binding.SynthCallback(None, 0, end)
    except (OSError, RuntimeError, ValueError, KeyError, AssertionError) as error:
        return f"pyttsx3: {error}", b""
    return ("" if wav.getbuffer().nbytes else "pyttsx3 wrote nothing"), wav.getvalue()


if __name__ == "__main__":
    main()
