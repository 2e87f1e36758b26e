"""The port of a folder of packs, which stays the same: a browser keeps answers by host and port."""

import socket
from collections.abc import Iterable
from pathlib import Path

from voicecoach import private_files
from voicecoach.errors import ServeError, StorageError
from voicecoach.phone.web import address

_SUFFIX = ".port"
_MOST_PORTS = 1000
"""From the usual one on."""


def listen(out: Path, port: int | None, *, local: bool) -> socket.socket:
    """A socket that listens at the port of the folder ``out``: at ``port`` if it is given, which is
    its port from then on; else the one of earlier runs; at first a free one that no other folder
    has.

    With ``local``, it accepts connections from this computer only. Raises ServeError, also if the
    folder's port is taken.
    """
    path = address.kept_file(out).with_suffix(_SUFFIX)
    try:
        with private_files.lock(path):
            known = port or _read(path)
            listener = _first_free(path, local=local) if known is None else None
            if listener is None:
                assert known is not None
                listener = address.listen(known, local=local)
            found: int = listener.getsockname()[1]
            if found != _read(path):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                private_files.write(path, f"{found}\n".encode())
    except (OSError, StorageError) as error:
        raise address.not_kept(path, error) from error
    return listener


def link(outs: Iterable[Path]) -> str | None:
    """The URL without a key at which the first of the folders ``outs`` that was ever served opens,
    for who has opened today's page before; ``None`` if none was, or there is no network."""
    ports = (_read(address.kept_file(out).with_suffix(_SUFFIX)) for out in outs)
    port, host = next(filter(None, ports), None), address.addresses().best
    return None if port is None or host is None else f"http://{host}:{port}{address.DOORWAY}"


def _first_free(path: Path, *, local: bool) -> socket.socket | None:
    taken = {_read(other) for other in path.parent.glob(f"*{_SUFFIX}")}
    for port in range(address.USUAL_PORT, address.USUAL_PORT + _MOST_PORTS):
        if port not in taken:
            try:
                return address.listen(port, local=local)
            except ServeError:
                continue
    return address.listen(0, local=local)


def _read(path: Path) -> int | None:
    """The port kept in ``path``; ``None`` if there is none that can be read."""
    try:
        text = path.read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return int(text) if text.isdecimal() and 0 < int(text[:9]) < 65536 else None
