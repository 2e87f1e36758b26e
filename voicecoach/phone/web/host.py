"""The name by which a request asks for this computer."""

import re

from starlette.requests import Request

from voicecoach.phone.web import address as web_address

_HOST = re.compile(r"([a-z0-9._-]{1,253}?|\[[0-9a-f:.]{2,45}\])\.?(?::([0-9]{0,5}))?")


def host_asked(request: Request) -> re.Match[str] | None:
    """The host and the port of the Host header; ``None`` if it is not one."""
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
