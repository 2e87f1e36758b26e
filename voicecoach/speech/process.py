"""An engine's child process: asked by lines of JSON, with a time limit on every answer.

A question is a line of JSON on the child's standard input. An answer is a line of JSON on its
standard output, whose ``bytes`` says how many bytes of a file follow it.
"""

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO, Any

from voicecoach.errors import SpeechError

_PATIENCE_S = 2.0
"""How long a child may take to end by itself."""


class WorkerProcess:
    """Runs a module of this package as a child process and asks it one thing at a time.

    The child starts at the first question, and anew after it died or was stopped for being slow.
    It ends when this process does: then its standard input closes.
    """

    def __init__(self, module: str, *arguments: str, limit_s: float) -> None:
        """``module``, run with ``arguments``, answers every question within ``limit_s``."""
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes]

    def ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The child's answer, and the bytes that follow it.

        Raises SpeechError where the child dies, stays silent or is too slow.
        """
        process = self._process or self._start()
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            process.kill()

        timer = threading.Timer(self._limit_s, stop)
        timer.start()
        try:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            following = process.stdout.read(answer["bytes"])
            if len(following) != answer["bytes"]:
                raise EOFError
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            reason = f"took longer than {self._limit_s:g} s" if is_late.is_set() else "died"
            last_words = self._last_words()
            self.stop()
            raise SpeechError(f"the speech engine {reason}{last_words}") from error
        finally:
            timer.cancel()
        return answer, following

    def _last_words(self) -> str:
        """The last line the child wrote on its standard error, to be put behind a reason."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        told = [line.strip() for line in lines if line.strip()]
        return f" ({told[-1]})" if told else ""

    def stop(self) -> None:
        """Ends the child, if there is one: asks it to, and does not wait long."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin and process.stdout
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        self._errors.close()

    def _start(self) -> subprocess.Popen[bytes]:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        return self._process
