"""An engine's child process: requests are lines of JSON, with a time limit on each response.

A request is a line of JSON on the child's standard input. A response is a line of JSON on its
standard output; its ``bytes`` is the size of the file that follows it. Several requests may be
pending; the ``id`` of a response is that of its request.
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
"""How long a child may take to end after its standard input is closed."""
_HAS_GROUPS = sys.platform != "win32"
"""Whether a child can lead a process group, to be killed together."""

Answer = tuple[dict[str, Any], bytes]
"""A response and the file that follows it."""


class WorkerProcess:
    """Runs a module as a child process and sends it requests. Thread-safe.

    The child starts at the first request, and again after it died or was killed for being slow.
    It ends with this process, which closes its standard input.
    """

    def __init__(self, module: str, *arguments: str, limit_s: float) -> None:
        """``module``, run with ``arguments``, must respond within ``limit_s`` seconds."""
        self._command = [sys.executable, "-I", "-m", module, *arguments]
        self._limit_s = limit_s
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def ask(self, question: dict[str, Any]) -> Answer:
        """The child's response to ``question``, and the bytes that follow it.

        Raises SpeechError if the child dies, violates the protocol or is too slow.
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
        """Ends the child, if there is one: closes its input, and kills it if it takes too long."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.stop()


class _DiedError(Exception):
    """The child ended, or violated the protocol, before it responded."""


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise SpeechError(Message("errors.no_temporary_file", reason=reason(error))) from error


class _Child:
    """A running process and its pending requests."""

    def __init__(self, command: list[str]) -> None:
        """Raises MemoryError, OSError or RuntimeError if memory, processes or threads run out."""
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
        """Sends ``question``. The future raises _DiedError if the child ends first."""
        answer: Future[Answer] = Future()
        assert self._process.stdin
        with self._lock:
            if self.is_dead:
                answer.set_exception(_DiedError())
                return answer
            number = next(self._ids)
            self._asked[number] = answer
            with suppress(OSError):  # the reading thread notices the child's end too
                self._process.stdin.write(json.dumps({"id": number, **question}).encode() + b"\n")
                self._process.stdin.flush()
        return answer

    def kill(self) -> None:
        """Kills the process; its pending requests fail."""
        self._kill()
        self._reader.join()

    def last_words(self) -> str:
        """The last line the dead child wrote to standard error, to be appended to a reason."""
        self._reader.join()
        return self._last_words

    def stop(self) -> None:
        """Closes the process's input, and kills it if it takes too long to end."""
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
        """Passes responses on until the child ends or violates the protocol."""
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
            pass  # treated as dead: its output cannot be relied on
        finally:
            self._end()

    def _kill(self) -> None:
        """Kills the process and its forks, which hold its pipes open."""
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
