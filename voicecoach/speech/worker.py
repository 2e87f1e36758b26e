"""Requests in, responses out: what the child processes of engines have in common.

The parent is :mod:`voicecoach.speech.process`. Imports little, because some child processes fork
for every utterance.
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
"""text, voice, rate_wpm and file of an utterance, and the id for its response."""
Speak = Callable[[Question], bytes]
"""Returns the WAV file for a request. Raises SpeechError."""

_COPY_LIMIT_S = 25
"""Shorter than the parent's limit, so that the parent receives the error."""
_READ_BYTES = 1 << 16


class Answers:
    """Writes responses to standard output, and keeps libraries from writing to it."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries print

    def give(
        self, question: Question, *, wav: bytes = b"", error: str = "", **more: object
    ) -> None:
        """Responds to ``question`` with a WAV file or an error."""
        self.pass_on(_answer(question, wav=wav, error=error, **more))

    def pass_on(self, answer: bytes) -> None:
        """Writes a complete response."""
        with self._lock:
            self._out.write(answer)
            self._out.flush()


def _answer(question: Question, *, wav: bytes = b"", error: str = "", **more: object) -> bytes:
    about = {"id": question["id"], "error": error, "is_last": False, "bytes": len(wav), **more}
    return json.dumps(about).encode() + b"\n" + wav


def questions() -> Iterator[Question]:
    """The requests from standard input, until it closes."""
    for line in sys.stdin:
        yield json.loads(line)


def serve_one(answers: Answers, speak: Speak) -> None:
    """Serves one request, for an engine that speaks reliably only once."""
    for question in questions():
        answers.pass_on(_spoken(speak, question, is_last=True))
        break


def serve_by_threads(answers: Answers, speak: Speak, threads: int) -> None:
    """Serves requests in ``threads`` threads."""
    from concurrent.futures import ThreadPoolExecutor  # not imported by processes that fork

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
    """Serves each request in a fresh fork of this process, which has not spoken yet; all pending
    requests in parallel.

    ``prepare`` is called before each fork, for work that forks share; if it raises SpeechError, so
    will the fork. ``name`` is the engine's name in errors.
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
    """Forks a process that serves ``question``; returns its id and the read end of its pipe.

    The fork closes the pipes of ``others``, which would otherwise stay open when this process ends.
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
        os._exit(1)  # the fork must never continue as if it were the parent


def _end(pipe: int, process_id: int, question: Question, answer: bytearray, name: str) -> bytes:
    """Waits for a fork to end; returns its response, or an error if it has none."""
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
