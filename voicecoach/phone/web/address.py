"""The addresses on the home network where packs are served, and the secret part of the path."""

import errno
import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from voicecoach import private_files
from voicecoach.environment import DATA_VARIABLE, user_data_folder
from voicecoach.errors import ServeError, StorageError
from voicecoach.messages import Message, reason


def obtain_key(out: Path, *, new: bool) -> str:
    """The key of the folder ``out``, as in earlier runs; a new one if there is none yet, or if
    ``new``. The key depends on the resolved path, so a folder that was moved gets another one.

    Only the user can read it. Raises ServeError if it cannot be stored or read.
    """
    path = kept_file(out)
    try:
        return private_files.obtain_secret(path, new=new)
    except ValueError as error:
        raise ServeError(Message("errors.no_address", path=path)) from error
    except (OSError, StorageError) as error:
        raise not_kept(path, error) from error


def kept_file(out: Path) -> Path:
    """The file that keeps the key of the folder ``out``; what else is kept of it has another
    ending."""
    place = os.fsencode(out.resolve())
    return user_data_folder() / "serve" / hashlib.sha256(place).hexdigest()[:32]


def not_kept(path: Path, error: OSError | StorageError) -> ServeError:
    """The error for ``path``, in which a part of the address cannot be kept."""
    return ServeError(
        Message(
            "errors.address_cannot_be_kept",
            path=path,
            reason=private_files.why(error),
            variable=DATA_VARIABLE,
        )
    )


_READING = b"voicecoach: read"
_KEY_DIGITS = 32


def reading_key(key: str) -> str:
    """The key that can read what ``key`` can, and nothing else: for feeds, which go to apps and
    their makers. ``key`` cannot be found out from it, and a new ``key`` makes a new one."""
    return hmac.digest(key.encode(), _READING, "sha256").hex()[:_KEY_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The address of the server."""

    key: str
    """The secret part of the path."""
    host: str
    """The address of this computer for phones."""
    port: int
    local: bool
    """Whether it serves this computer only."""

    @property
    def address(self) -> str:
        """The URL of the packs, which ends in ``/``."""
        return self.address_at(self.authority)

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def address_at(self, authority: str, *, reading: bool = False) -> str:
        """The URL with another name of this computer; ``reading``: with the key that can only
        read."""
        return f"http://{authority}/{reading_key(self.key) if reading else self.key}/"

    def is_key(self, text: str) -> bool:
        """Whether ``text`` is a key of this server, of either kind."""
        return any([_same(text, self.key), _same(text, reading_key(self.key))])

    def can_write(self, text: str) -> bool:
        """Whether ``text`` is the key that can do more than read."""
        return _same(text, self.key)


def _same(text: str, key: str) -> bool:
    return secrets.compare_digest(text.encode(errors="replace"), key.encode())


USUAL_PORT = 8765
DOORWAY = "/today"
"""A path without a key, for calendars: the browser remembers the rest."""
LOOPBACK = "127.0.0.1"
_SEND_BUFFER_BYTES = 262_144
"""Send buffer of a connection: half a minute of sound, so that a listener who left is noticed
within that time."""
_FAR_AWAY = ("203.0.113.1", 9)
"""A reserved address (RFC 5737), to find the local address of the default route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The IPv4 addresses of this computer, without loopback."""

    best: str | None
    """The address of the default route, most likely on the home network; ``None`` without a
    network."""
    others: tuple[str, ...]


def addresses() -> Addresses:
    """The current addresses of this computer."""
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
    """Whether ``host``, in lower case, is a current name or address of this computer."""
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
    """Whether ``host`` is a loopback name or address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(port: int, *, local: bool) -> socket.socket:
    """A socket that listens at ``port``; 0 is any free one.

    With ``local``, it accepts connections from this computer only. Raises ServeError.
    """
    try:
        return _listening(LOOPBACK if local else "0.0.0.0", port)
    except OSError as error:
        raise ServeError(_refused(port, error)) from error


def _refused(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return Message("errors.port_in_use", port=port)
    if error.errno == errno.EACCES:
        return Message("errors.port_not_allowed", port=port)
    return Message("errors.port_fails", port=port, reason=reason(error))


def _listening(host: str, port: int) -> socket.socket:
    # asyncio sends small responses without delay only if the protocol is given
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(
            socket, "SO_EXCLUSIVEADDRUSE"
        ):  # on Windows two servers could share a port otherwise
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
    """The local address of the default route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)  # UDP: sends nothing
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _is_of_use(address: str) -> bool:
    ip = ipaddress.IPv4Address(address)
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)
