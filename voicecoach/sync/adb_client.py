"""The program ``adb``: which phones there are, and commands that run on one."""

import re
import shutil
import subprocess
from pathlib import Path

from voicecoach.errors import SyncError
from voicecoach.sync import destination as trouble

_LIMIT_S = 900
_END = "voicecoach-end:"
"""Before the exit code, which old phones do not hand on."""
_STATE = re.compile(r"(\S+)\s+(device|unauthorized|offline|no permissions|recovery|sideload)\b")


class AdbClient:
    """One phone."""

    def __init__(self, program: str, serial: str) -> None:
        self._program = program
        self.serial = serial

    @property
    def shown(self) -> str:
        """The phone, as a person may read it."""
        return f"adb:{self.serial}"

    def shell(self, script: str) -> str:
        """What ``script`` prints on the phone. Raises SyncError where it fails, or the phone has
        gone."""
        answer = self._run("shell", f"{script}\necho {_END}$?")
        text, end, code = answer.stdout.replace("\r\n", "\n").rpartition(_END)
        if not end:
            raise trouble.gone(self.shown)
        if code.strip() != "0":
            raise self._failed(answer.stderr + text)
        return text

    def push(self, source: Path, path: str) -> None:
        """Copies ``source`` to ``path`` on the phone. Raises SyncError."""
        answer = self._run("push", str(source), path)
        if answer.returncode != 0:
            raise self._failed(answer.stderr + answer.stdout)

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(
                [self._program, "-s", self.serial, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise trouble.gone(self.shown) from error

    def _failed(self, told: str) -> SyncError:
        if "No space left" in told:
            return trouble.full(self.shown)
        if "Read-only" in told or "Permission denied" in told or "not permitted" in told:
            return trouble.read_only(self.shown, "the phone does not allow it")
        if _states(self._program).get(self.serial) != "device":
            return trouble.gone(self.shown)
        last = (told.strip().splitlines() or ["no reason given"])[-1]
        return SyncError(f"{self.shown}: {last}; mend that, and {trouble.GO_ON}")


def connect(serial: str | None) -> AdbClient:
    """The phone ``serial``, or the only one there is. Raises SyncError, which says what to do."""
    program = shutil.which("adb")
    if program is None:
        raise SyncError(
            "adb: this program is not installed; it is part of Android's platform tools (Debian,"
            " Ubuntu: sudo apt install adb). Or name the phone's folder instead"
        )
    states = _states(program)
    if serial is None:
        if not states:
            raise SyncError(
                "adb: no phone is connected; plug it in, and switch on USB debugging in its"
                " developer options"
            )
        if len(states) > 1:
            choices = ", ".join(f"adb:{each}" for each in states)
            raise SyncError(f"adb: more than one phone is connected; name one of: {choices}")
        serial = next(iter(states))
    state = states.get(serial)
    if state is None:
        raise SyncError(f"adb:{serial}: is not connected; adb devices lists what is")
    if state != "device":
        raise SyncError(
            f"adb:{serial}: is {state}; unlock the phone, allow USB debugging when it asks, and run"
            " the same command again"
        )
    return AdbClient(program, serial)


def _states(program: str) -> dict[str, str]:
    """Every phone that is connected, and whether it can be used."""
    try:
        answer = subprocess.run(
            [program, "devices"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SyncError(f"adb: cannot be run: {error}; try: adb devices") from error
    lines = (_STATE.match(line) for line in answer.stdout.splitlines())
    return {match[1]: match[2] for match in lines if match is not None}
