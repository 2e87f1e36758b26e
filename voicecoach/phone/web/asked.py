"""A request -> the key, the host and the site that it asks for."""

import re

from starlette.requests import Request

from voicecoach.phone.web import address as web_address
from voicecoach.phone.web.address import Site

_HOST = re.compile(r"([a-z0-9._-]{1,253}?|\[[0-9a-f:.]{2,45}\])\.?(?::([0-9]{0,5}))?")


def key_of(request: Request) -> str:
    """The secret part of the path, right or wrong."""
    path: str = request.scope["path"]
    return path.removeprefix("/").partition("/")[0]


def host_asked(request: Request) -> re.Match[str] | None:
    """The host that a request names, and its port, as two groups; ``None`` if it names none."""
    return _HOST.fullmatch(request.headers.get("host", "").lower())


def is_meant(request: Request) -> bool:
    """Whether the host of a request is one of this computer's names, at any port, or (HTTP/1.0)
    missing.

    Without this check, a hostile page could point its own name at our address and read the
    responses (DNS rebinding).
    """
    if "host" not in request.headers:
        return True
    match = host_asked(request)
    reached = request.scope.get("server") or ("", 0)
    return match is not None and (match[1] == reached[0] or web_address.is_here(match[1]))


def site_asked(request: Request, site: Site) -> str:
    """The URL of ``site``, to read only, as the client of ``request`` reached it; the default one
    if others could not use that."""
    match = host_asked(request)
    is_usable = (
        match is not None
        and int(match[2] or 80) == site.port
        and web_address.is_loopback(match[1]) == site.local
    )
    name = f"{match[1]}:{site.port}" if match and is_usable else site.authority
    return site.address_at(name, reading=True)
