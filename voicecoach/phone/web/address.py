"""Where packs are served: the addresses on the home network, and the secret part of the path."""

import errno
import hashlib
import ipaddress
import os
import re
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from voicecoach.environment import DATA_VARIABLE, user_data_folder
from voicecoach.errors import ServeError, StorageError
from voicecoach.files import part_beside, write_whole
from voicecoach.messages import Message, reason

_BYTES = 16
"""128 random bits: nobody guesses them."""
_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


def obtain_key(out: Path, *, new: bool) -> str:
    """The key of the folder ``out``, as in earlier runs; a new one where there is none yet, or
    where ``new``. However a folder is named, it is the same; moved elsewhere, it is another one.

    Only its owner can read it. Raises ServeError where it cannot be kept or read.
    """
    place = os.fsencode(out.resolve())
    path = user_data_folder() / "serve" / hashlib.sha256(place).hexdigest()[:32]
    try:
        return (None if new else _read(path)) or _made(path, new=new)
    except (OSError, StorageError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        raise ServeError(
            Message(
                "errors.address_cannot_be_kept",
                path=path,
                reason=reason(cause) if isinstance(cause, OSError) else str(error),
                variable=DATA_VARIABLE,
            )
        ) from error


def _read(path: Path) -> str | None:
    try:
        key = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        key = ""
    if not _KEY.fullmatch(key):
        raise ServeError(Message("errors.no_address", path=path))
    return key


def _made(path: Path, *, new: bool) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    part = part_beside(path)
    try:
        write_whole(part, f"{secrets.token_urlsafe(_BYTES)}\n".encode(), mode=0o600)
        if not new:
            _put_first(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    key = _read(path)
    assert key is not None
    return key


def _put_first(part: Path, path: Path) -> None:
    """Puts ``part`` at ``path``, unless another server that starts now has been faster."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    except OSError:  # a drive without links
        part.replace(path)


USUAL_PORT = 8765
LOOPBACK = "127.0.0.1"
_TRIED_PORTS = 10
"""Ports to try from the usual one on, so that the address is the same the next time."""
_SEND_BUFFER_BYTES = 262_144
"""Of a connection: half a minute of sound, so that it shows within that time who still listens."""
_FAR_AWAY = ("203.0.113.1", 9)
"""An address that nobody has (RFC 5737): to learn by which way one would leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The IPv4 addresses of this computer, without loopback."""

    best: str | None
    """The one by which it reaches the internet, most likely the home network; ``None`` where it is
    on no network."""
    others: tuple[str, ...]


def addresses() -> Addresses:
    """The addresses of this computer now."""
    found = [
        ip.ip
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if isinstance(ip.ip, str) and _is_of_use(ip.ip)
    ]
    way_out = _way_out()
    best = way_out if way_out is not None and _is_of_use(way_out) else next(iter(found), None)
    return Addresses(best=best, others=tuple(a for a in dict.fromkeys(found) if a != best))


def is_here(host: str) -> bool:
    """Whether ``host``, in lower case, is a name or an address that this computer has now."""
    own = socket.gethostname().lower()
    label = own.partition(".")[0]
    if is_loopback(host) or host in (own, label, f"{label}.local"):
        return True
    try:
        address = str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return False
    found = (ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips)
    return address in {ip if isinstance(ip, str) else ip[0] for ip in found}


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this computer to itself alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(port: int | None, *, local: bool) -> socket.socket:
    """A socket that listens at ``port``, or at the usual one, or else at any that is free.

    Where ``local`` it listens to this computer alone. Raises ServeError.
    """
    host = LOOPBACK if local else "0.0.0.0"
    ports = [*range(USUAL_PORT, USUAL_PORT + _TRIED_PORTS), 0] if port is None else [port]
    for tried in ports:
        try:
            return _listening(host, tried)
        except OSError as error:
            if tried != ports[-1] and error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise ServeError(_refused(tried, error)) from error
    raise AssertionError("there is at least one port to try")


def _refused(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return Message("errors.port_in_use", port=port)
    if error.errno == errno.EACCES:
        return Message("errors.port_not_allowed", port=port)
    return Message("errors.port_fails", port=port, reason=reason(error))


def _listening(host: str, port: int) -> socket.socket:
    # asyncio sends small answers at once only where the protocol is named
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: there two could share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _way_out() -> str | None:
    """The address that would be written on what is sent far away."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)  # sends nothing: UDP
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _is_of_use(address: str) -> bool:
    ip = ipaddress.IPv4Address(address)
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)
