"""Where this computer is on the home network. Nothing is sent to find it."""

import errno
import ipaddress
import socket
from dataclasses import dataclass

import ifaddr

from voicecoach.errors import ServeError

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
        return (
            f"port {port} is in use, perhaps by another `voicecoach serve`; stop that, or choose"
            " another port with --port, or leave --port out"
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be used here; choose one from 1024 on with --port"
    return f"port {port}: cannot be listened at: {error.strerror}; choose another with --port"


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
