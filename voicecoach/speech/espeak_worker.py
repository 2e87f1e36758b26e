"""The child process in which pyttsx3 and eSpeak NG run.

Started by :mod:`voicecoach.speech.espeak`. Reads a line of JSON (text, voice, rate_wpm, path),
has the utterance written to ``path`` as a WAV file, and answers with a line of JSON (error,
is_last). Where the system can fork, each utterance gets a fresh copy of this process, in which
eSpeak has not spoken yet; elsewhere this process ends after one utterance.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from voicecoach.speech import espeak

_SEED = 1
"""eSpeak's female variants use random numbers, seeded by the clock unless told otherwise."""


def main() -> None:
    """Answers lines on stdin until it closes."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # the driver prints, and stdout is for answers
    library = _load()
    can_fork = hasattr(os, "fork")
    for line in sys.stdin:
        request = json.loads(line)
        error = _speak_in_copy(library, request) if can_fork else _speak_here(library, request)
        answers.write(json.dumps({"error": error, "is_last": not can_fork}) + "\n")
        answers.flush()
        if not can_fork:
            break


def _load() -> ctypes.CDLL:
    """Loads the eSpeak NG of ``espeakng-loader`` and makes pyttsx3 use it.

    pyttsx3 looks for the library under fixed names. Loading must be local: with global symbols
    other engines crash later.
    """
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = str(espeak.data_folder())
    library = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_LOCAL)
    load_any = ctypes.cdll.LoadLibrary
    ctypes.cdll.LoadLibrary = lambda name: library  # type: ignore[method-assign]
    try:
        import_module("pyttsx3.drivers._espeak")
    finally:
        ctypes.cdll.LoadLibrary = load_any  # type: ignore[method-assign]
    import_module("pyttsx3.drivers.espeak")
    return library


def _speak_in_copy(library: ctypes.CDLL, request: dict[str, Any]) -> str:
    """Speaks in a forked process; answers what went wrong, or an empty string."""
    read_end, write_end = os.pipe()
    process_id = os.fork()
    if process_id == 0:
        signal.alarm(int(espeak.LIMIT_S * 0.8))
        error = _speak(library, request, on_written=lambda: os._exit(0))
        os.write(write_end, error.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as report:
        error = report.read()
    _, status = os.waitpid(process_id, 0)
    if status:
        return "eSpeak took too long" if os.WIFSIGNALED(status) else "eSpeak crashed"
    return error


def _speak_here(library: ctypes.CDLL, request: dict[str, Any]) -> str:
    """Speaks in this process; answers what went wrong, or an empty string."""
    is_written = threading.Event()
    error = _speak(library, request, on_written=is_written.set)
    return error if error or is_written.is_set() else "eSpeak did not finish"


def _speak(
    library: ctypes.CDLL, request: dict[str, Any], *, on_written: Callable[[], None]
) -> str:
    """Has pyttsx3 write the utterance, calls ``on_written`` from eSpeak's thread once the file is
    whole, and answers what went wrong, or an empty string."""
    import pyttsx3

    try:
        engine = pyttsx3.init("espeak")
        engine.connect("finished-utterance", lambda name, completed: on_written())
        engine.setProperty("voice", request["voice"])
        engine.setProperty("rate", request["rate_wpm"])
        # pyttsx3 queues both, and eSpeak takes the rate in a thread of its own: without waiting
        # here, one utterance in thirty is spoken at the driver's default rate.
        engine.proxy.setBusy(False)
        library.espeak_Synchronize()
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        engine.save_to_file(request["text"], request["path"])
        engine.runAndWait()  # comes back before a long utterance is written
        library.espeak_Synchronize()
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        return f"pyttsx3: {error}"
    return ""


if __name__ == "__main__":
    main()
