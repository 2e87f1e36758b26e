"""The music folder of an Android phone as a destination, through the program ``adb``."""

import contextlib
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from voicecoach.errors import SyncError
from voicecoach.messages import Message
from voicecoach.phone.sync import destination as trouble
from voicecoach.phone.sync.destination import PART, Found, Kind, Space

_LIMIT_S = 900
_END = "voicecoach-end:"
"""Marks the exit code in the output, because old phones do not return it."""
_STATE = re.compile(r"(\S+)\s+(device|unauthorized|offline|no permissions|recovery|sideload)\b")


class AdbClient:
    """One connected phone."""

    def __init__(self, program: str, serial: str) -> None:
        self._program = program
        self.serial = serial

    @property
    def shown(self) -> str:
        """The phone, for display."""
        return f"adb:{self.serial}"

    def shell(self, script: str) -> str:
        """Runs ``script`` on the phone and returns its output. Raises SyncError if it fails, or
        the phone is gone."""
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

    def _failed(self, output: str) -> SyncError:
        if "No space left" in output:
            return trouble.full(self.shown)
        if "Read-only" in output or "Permission denied" in output or "not permitted" in output:
            return trouble.read_only(self.shown, Message("errors.adb_not_allowed"))
        if _states(self._program).get(self.serial) != "device":
            return trouble.gone(self.shown)
        last = (output.strip().splitlines() or ["no reason given"])[-1]
        return SyncError(Message("errors.adb_failed", shown=self.shown, last=last))


def find_client(serial: str | None) -> AdbClient:
    """The phone ``serial``, or the only one connected. Raises SyncError, which says what to do."""
    program = shutil.which("adb")
    if program is None:
        raise SyncError(Message("errors.adb_missing"))
    states = _states(program)
    if serial is None:
        if not states:
            raise SyncError(Message("errors.adb_no_phone"))
        if len(states) > 1:
            choices = ", ".join(f"adb:{each}" for each in states)
            raise SyncError(Message("errors.adb_more_phones", choices=choices))
        serial = next(iter(states))
    state = states.get(serial)
    if state is None:
        raise SyncError(Message("errors.adb_not_connected", serial=serial))
    if state != "device":
        raise SyncError(Message("errors.adb_not_ready", serial=serial, state=state))
    return AdbClient(program, serial)


def _states(program: str) -> dict[str, str]:
    """The state of each connected phone, by serial number."""
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
        raise SyncError(Message("errors.adb_cannot_run", error=str(error))) from error
    lines = (_STATE.match(line) for line in answer.stdout.splitlines())
    return {match[1]: match[2] for match in lines if match is not None}


STORAGE = "/sdcard"
ROOT = f"{STORAGE}/Music/voicecoach"
_BLOCK_BYTES = 4096
_FOUND = re.compile(r"([0-9]+):([a-z -]+):\./(.+)")
_FREE = re.compile(r"\s([0-9]+)\s+[0-9]+%")
_SHA256 = re.compile(r"\\?([0-9a-f]{64})\b")
_KINDS = {
    "regular file": Kind.FILE,
    "regular empty file": Kind.FILE,
    "directory": Kind.FOLDER,
}


def connect(serial: str | None) -> "AdbDestination":
    """The phone ``serial``, or the only one connected. Raises SyncError."""
    return AdbDestination(find_client(serial))


class AdbDestination:
    """The music folder of a phone; see :class:`voicecoach.phone.sync.destination.Destination`."""

    def __init__(self, client: AdbClient) -> None:
        self._client = client

    @property
    def shown(self) -> str:
        """See :class:`voicecoach.phone.sync.destination.Destination`, as for all methods."""
        return f"{self._client.shown} ({ROOT})"

    @property
    def key(self) -> str:
        """The serial number."""
        return self._client.shown

    def look(self) -> tuple[Found, ...]:
        """Ignores names with a line break, which are not ours."""
        listed = self._client.shell(
            f"if [ -d {ROOT} ]; then cd {ROOT} && "
            "find . -mindepth 1 -exec stat -c '%s:%F:%n' {} +; fi"
        )
        matches = (_FOUND.fullmatch(line) for line in listed.splitlines())
        return tuple(_found(match) for match in matches if match is not None)

    def silenced_by(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Searches from the root of the phone's storage."""
        above = (STORAGE, f"{STORAGE}/Music", ROOT)
        places = " ".join(
            quote(f"{folder}/.nomedia") for folder in (*above, *map(_on_phone, folders))
        )
        script = f'for each in {places}; do if [ -e "$each" ]; then echo "$each"; fi; done'
        return tuple(self._client.shell(script).splitlines())

    def space(self) -> Space | None:
        """Uses ``df``."""
        match = _FREE.search(self._client.shell(f"df -k {STORAGE}"))
        return match and Space(free_bytes=int(match[1]) * 1024, block_bytes=_BLOCK_BYTES)

    def read(self, path: str) -> bytes | None:
        """Only for small text files."""
        remote = quote(_on_phone(path))
        text = self._client.shell(f"if [ -f {remote} ]; then echo yes; cat {remote}; fi")
        return text.removeprefix("yes\n").encode(errors="surrogateescape") if text else None

    def sha256(self, path: str) -> str:
        """Computed by the phone."""
        match = _SHA256.match(self._client.shell(f"sha256sum {quote(_on_phone(path))}"))
        if match is None:
            raise SyncError(Message("errors.adb_cannot_check", shown=self.shown))
        return match[1]

    def put(self, path: str, data: bytes, *, direct: bool) -> None:
        """Ignores ``direct``, because Android can always rename."""
        final, part = _on_phone(path), _on_phone(path) + PART
        self._client.shell(f"mkdir -p {quote(final.rpartition('/')[0])}")
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            source = Path(folder) / "file"
            source.write_bytes(data)
            try:
                if not (self._arrives(source, path, data) or self._arrives(source, path, data)):
                    raise trouble.damaged(self.shown)
                self._client.shell(f"mv -f {quote(part)} {quote(final)}")
            except BaseException:
                with contextlib.suppress(SyncError):  # the first error is the one to report
                    self._client.shell(f"rm -f {quote(part)}")
                raise

    def remove(self, path: str) -> None:
        """Files only."""
        self._client.shell(f"rm -f {quote(_on_phone(path))}")

    def remove_folder(self, path: str) -> None:
        """Ignores failures, because an empty folder is harmless."""
        self._client.shell(f"rmdir {quote(_on_phone(path))} 2>/dev/null; true")

    def _arrives(self, source: Path, path: str, data: bytes) -> bool:
        self._client.push(source, _on_phone(path) + PART)
        return self.sha256(path + PART) == hashlib.sha256(data).hexdigest()


def _found(match: re.Match[str]) -> Found:
    kind = _KINDS.get(match[2], Kind.OTHER)
    return Found(path=match[3], kind=kind, bytes=int(match[1]) if kind is Kind.FILE else 0)


def _on_phone(path: str) -> str:
    return f"{ROOT}/{path}"
