"""What the child processes of engines have in common: questions in, answers out.

Run by a module that is started as :mod:`voicecoach.speech.process` does. Imports little, because
some of them are copied for every utterance.
"""

import json
import os
import selectors
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from voicecoach.errors import SpeechError

Question = dict[str, Any]
"""text, voice, rate_wpm and file of an utterance, and the id that its answer must have."""
Speak = Callable[[Question], bytes]
"""Answers the WAV file of a question. Raises SpeechError."""

_COPY_LIMIT_S = 25
"""Shorter than the limit of whoever asks, so that it hears what went wrong."""
_READ_BYTES = 1 << 16


class Answers:
    """Where answers go: standard output, which nobody else in this process can write to then."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks to handle
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries print

    def give(
        self, question: Question, *, wav: bytes = b"", error: str = "", **more: object
    ) -> None:
        """Answers ``question`` with a WAV file, or with what went wrong."""
        self.pass_on(_answer(question, wav=wav, error=error, **more))

    def pass_on(self, answer: bytes) -> None:
        """Gives an answer that is complete already."""
        with self._lock:
            self._out.write(answer)
            self._out.flush()


def _answer(question: Question, *, wav: bytes = b"", error: str = "", **more: object) -> bytes:
    about = {"id": question["id"], "error": error, "is_last": False, "bytes": len(wav), **more}
    return json.dumps(about).encode() + b"\n" + wav


def questions() -> Iterator[Question]:
    """The questions on standard input, until it closes."""
    for line in sys.stdin:
        yield json.loads(line)


def serve_one(answers: Answers, speak: Speak) -> None:
    """Answers one question, for an engine that speaks well only once."""
    for question in questions():
        answers.pass_on(_spoken(speak, question, is_last=True))
        break


def serve_by_threads(answers: Answers, speak: Speak, threads: int) -> None:
    """Answers questions, several at once."""
    from concurrent.futures import ThreadPoolExecutor  # not where a process is to be copied

    with ThreadPoolExecutor(threads) as pool:
        for question in questions():
            pool.submit(_answer_in_thread, answers, speak, question)


def _answer_in_thread(answers: Answers, speak: Speak, question: Question) -> None:
    answers.pass_on(_spoken(speak, question))


def serve_by_copies(
    answers: Answers,
    speak: Speak,
    *,
    name: str,
    prepare: Callable[[Question], object] = lambda question: None,
) -> None:
    """Has every question answered by a fresh copy of this process, which has not spoken yet; as
    many at once as there are questions.

    ``prepare`` is called before a copy is made, for what all copies should find done; where it
    raises SpeechError, the copy will too. ``name`` is what errors call the engine.
    """
    copies: dict[int, tuple[int, Question, bytearray]] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        unread = b""
        while True:
            for key, _ in selector.select():
                data = os.read(key.fd, _READ_BYTES)
                if key.fd != sys.stdin.fileno():
                    copies[key.fd][2].extend(data)
                    if not data:
                        selector.unregister(key.fd)
                        answers.pass_on(_end(key.fd, *copies.pop(key.fd), name))
                    continue
                if not data:
                    return
                *lines, unread = (unread + data).split(b"\n")
                for line in lines:
                    question = json.loads(line)
                    with suppress(SpeechError):
                        prepare(question)
                    process_id, pipe = _copy(speak, question, others=copies)
                    copies[pipe] = (process_id, question, bytearray())
                    selector.register(pipe, selectors.EVENT_READ)


def _copy(speak: Speak, question: Question, others: Iterable[int]) -> tuple[int, int]:
    """Starts a copy of this process that answers ``question``; its id and the end of its pipe.

    It lets go of the pipes of ``others``, which would otherwise wait for it when this one is gone.
    """
    reading, writing = os.pipe()
    process_id = os.fork()
    if process_id:
        os.close(writing)
        return process_id, reading
    try:
        signal.alarm(_COPY_LIMIT_S)
        for pipe in (reading, *others):
            os.close(pipe)
        with os.fdopen(writing, "wb") as out:
            out.write(_spoken(speak, question))
        os._exit(0)
    finally:
        os._exit(1)  # whatever happens, the copy does not go on as if it were the original


def _end(pipe: int, process_id: int, question: Question, answer: bytearray, name: str) -> bytes:
    """Sees a copy off; what it answered, or what became of it."""
    os.close(pipe)
    _, status = os.waitpid(process_id, 0)
    if not status:
        return bytes(answer)
    took_too_long = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
    return _answer(question, error=f"{name} {'took too long' if took_too_long else 'crashed'}")


def _spoken(speak: Speak, question: Question, *, is_last: bool = False) -> bytes:
    try:
        return _answer(question, wav=speak(question), is_last=is_last)
    except SpeechError as error:
        return _answer(question, error=str(error), is_last=is_last)
