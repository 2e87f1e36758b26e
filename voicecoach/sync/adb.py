"""A phone behind ``adb`` as a destination: its music folder, by commands that run on the phone."""

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from voicecoach.errors import SyncError
from voicecoach.sync import adb_client
from voicecoach.sync import destination as trouble
from voicecoach.sync.adb_client import AdbClient
from voicecoach.sync.destination import PART, Found, Kind, Space

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
    """The phone ``serial``, or the only one there is. Raises SyncError."""
    return AdbDestination(adb_client.connect(serial))


class AdbDestination:
    """The music folder of a phone; see :class:`voicecoach.sync.destination.Destination`."""

    def __init__(self, client: AdbClient) -> None:
        self._client = client

    @property
    def shown(self) -> str:
        """See :class:`voicecoach.sync.destination.Destination`, as for all below."""
        return f"{self._client.shown} ({ROOT})"

    @property
    def key(self) -> str:
        """The serial number."""
        return self._client.shown

    def look(self) -> tuple[Found, ...]:
        """A name that breaks a line is passed over: it is none of ours."""
        listed = self._client.shell(
            f"if [ -d {ROOT} ]; then cd {ROOT} && "
            "find . -mindepth 1 -exec stat -c '%s:%F:%n' {} +; fi"
        )
        matches = (_FOUND.fullmatch(line) for line in listed.splitlines())
        return tuple(_found(match) for match in matches if match is not None)

    def silenced_by(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Looks from the phone's storage on."""
        above = (STORAGE, f"{STORAGE}/Music", ROOT)
        places = " ".join(
            quote(f"{folder}/.nomedia") for folder in (*above, *map(_on_phone, folders))
        )
        script = f'for each in {places}; do if [ -e "$each" ]; then echo "$each"; fi; done'
        return tuple(self._client.shell(script).splitlines())

    def space(self) -> Space | None:
        """As ``df`` says."""
        match = _FREE.search(self._client.shell(f"df -k {STORAGE}"))
        return match and Space(free_bytes=int(match[1]) * 1024, block_bytes=_BLOCK_BYTES)

    def read(self, path: str) -> bytes | None:
        """Small files of text only."""
        remote = quote(_on_phone(path))
        text = self._client.shell(f"if [ -f {remote} ]; then echo yes; cat {remote}; fi")
        return text.removeprefix("yes\n").encode(errors="surrogateescape") if text else None

    def sha256(self, path: str) -> str:
        """Worked out by the phone."""
        match = _SHA256.match(self._client.shell(f"sha256sum {quote(_on_phone(path))}"))
        if match is None:
            raise SyncError(
                f"{self.shown}: cannot check files (no sha256sum); use the phone's folder instead"
            )
        return match[1]

    def put(self, path: str, data: bytes, *, direct: bool) -> None:
        """Android can always rename; ``direct`` is not needed."""
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
                with contextlib.suppress(SyncError):  # the first error is the one to tell
                    self._client.shell(f"rm -f {quote(part)}")
                raise

    def remove(self, path: str) -> None:
        """A file alone."""
        self._client.shell(f"rm -f {quote(_on_phone(path))}")

    def remove_folder(self, path: str) -> None:
        """An empty folder stays where the phone does not let it go; it does no harm."""
        self._client.shell(f"rmdir {quote(_on_phone(path))} 2>/dev/null; true")

    def _arrives(self, source: Path, path: str, data: bytes) -> bool:
        self._client.push(source, _on_phone(path) + PART)
        return self.sha256(path + PART) == hashlib.sha256(data).hexdigest()


def _found(match: re.Match[str]) -> Found:
    kind = _KINDS.get(match[2], Kind.OTHER)
    return Found(path=match[3], kind=kind, bytes=int(match[1]) if kind is Kind.FILE else 0)


def _on_phone(path: str) -> str:
    return f"{ROOT}/{path}"
