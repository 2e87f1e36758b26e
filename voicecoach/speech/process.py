"""An engine's child process: asked by lines of JSON, with a time limit on every answer.

A question is a line of JSON on the child's standard input. An answer is a line of JSON on its
standard output, whose ``bytes`` says how many bytes of a file follow it. Several questions may be
under way; the ``id`` of an answer says which it belongs to.
"""

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import IO, Any

from voicecoach.errors import SpeechError
from voicecoach.messages import Message, reason

_PATIENCE_S = 2.0
"""How long a child may take to end by itself."""
_HAS_GROUPS = sys.platform != "win32"
"""Whether a child can lead a group of processes, which ends with it."""

Answer = tuple[dict[str, Any], bytes]
"""What a child says, and the file that follows it."""


class WorkerProcess:
    """Runs a module as a child process and asks it things; safe to use from several threads.

    The child starts at the first question, and anew after it died or was stopped for being slow.
    It ends when this process does: then its standard input closes.
    """

    def __init__(self, module: str, *arguments: str, limit_s: float) -> None:
        """``module``, run with ``arguments``, answers every question within ``limit_s``."""
        self._command = [sys.executable, "-I", "-m", module, *arguments]
        self._limit_s = limit_s
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def ask(self, question: dict[str, Any]) -> Answer:
        """The child's answer, and the bytes that follow it.

        Raises SpeechError where the child dies, babbles or is too slow.
        """
        with self._lock:
            if self._child is None:
                self._child = _Child(self._command)
            child = self._child
        try:
            return child.ask(question).result(self._limit_s)
        except TimeoutError as error:
            child.kill()
            reason = f"took longer than {self._limit_s:g} s"
            raise SpeechError(f"the speech engine {reason}{child.last_words()}") from error
        except _DiedError as error:
            raise SpeechError(f"the speech engine died{child.last_words()}") from error
        finally:
            with self._lock:
                if self._child is child and child.is_dead:
                    self._child = None
                    child.stop()

    def stop(self) -> None:
        """Ends the child, if there is one: asks it to, and does not wait long."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.stop()


class _DiedError(Exception):
    """The child ended, or said what is no answer, before it answered."""


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise SpeechError(Message("errors.no_temporary_file", reason=reason(error))) from error


class _Child:
    """A running process, and the questions it has not answered yet."""

    def __init__(self, command: list[str]) -> None:
        """Raises MemoryError, OSError and RuntimeError where there is too little for it."""
        self._errors: IO[bytes] = _temporary_file()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            process_group=0 if _HAS_GROUPS else None,
        )
        self._asked: dict[int, Future[Answer]] = {}
        self._ids = itertools.count()
        self._lock = threading.Lock()
        self.is_dead = False
        self._last_words = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        try:
            self._reader.start()
        except RuntimeError:
            self._kill()
            self._process.wait()
            raise

    def ask(self, question: dict[str, Any]) -> Future[Answer]:
        """Sends ``question``. The future fails with _DiedError where the child ends first."""
        answer: Future[Answer] = Future()
        assert self._process.stdin
        with self._lock:
            if self.is_dead:
                answer.set_exception(_DiedError())
                return answer
            number = next(self._ids)
            self._asked[number] = answer
            with suppress(OSError):  # the reader sees the end of the child too
                self._process.stdin.write(json.dumps({"id": number, **question}).encode() + b"\n")
                self._process.stdin.flush()
        return answer

    def kill(self) -> None:
        """Ends the process at once; whatever it was asked fails."""
        self._kill()
        self._reader.join()

    def last_words(self) -> str:
        """The last line the dead child wrote on its standard error, to be put behind a reason."""
        self._reader.join()
        return self._last_words

    def stop(self) -> None:
        """Asks the process to end, and does not wait long."""
        with self._lock, suppress(OSError):
            assert self._process.stdin
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        """Hands answers on until the child ends or babbles."""
        out = self._process.stdout
        assert out
        try:
            while line := out.readline():
                told = json.loads(line)
                following = out.read(told["bytes"])
                if len(following) != told["bytes"]:
                    break
                self._asked.pop(told["id"]).set_result((told, following))
        except (OSError, ValueError, KeyError, TypeError, MemoryError):
            pass  # as if it had died: what it says cannot be relied on
        finally:
            self._end()

    def _kill(self) -> None:
        """Kills the process, and with it the copies it made of itself, which hold its pipes."""
        if _HAS_GROUPS:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _end(self) -> None:
        self._kill()
        self._process.wait()
        with self._lock:
            self.is_dead = True
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").split("\n")
            told = [line.strip() for line in lines if line.strip()]
            self._last_words = f" ({told[-1]})" if told else ""
            self._errors.close()
            for answer in self._asked.values():
                answer.set_exception(_DiedError())
            self._asked.clear()
        assert self._process.stdout
        self._process.stdout.close()
