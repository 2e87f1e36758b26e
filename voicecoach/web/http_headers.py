"""What is said about a file that is served: its type, and what a browser may do with it. No I/O."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from types import MappingProxyType

_NOTHING = re.compile(r"q\s*=\s*0(\.0*)?")
HTML = "text/html; charset=utf-8"
_TYPES = {
    ".chapters.json": "application/json+chapters",
    ".html": HTML,
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".lrc": "text/plain; charset=utf-8",
    ".m3u8": "audio/x-mpegurl",
    ".mp3": "audio/mpeg",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}
ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",  # the address is a secret
    }
)
"""What every answer says."""
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src 'self' data:;"
    " media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def media_type(name: str) -> str:
    """The type of a file called ``name``."""
    return next(
        (kind for suffix, kind in _TYPES.items() if name.endswith(suffix)),
        "application/octet-stream",
    )


def is_text(kind: str) -> bool:
    """Whether content of this type is worth compressing."""
    return kind.startswith("text/") or "json" in kind or "xml" in kind


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows for gzip (RFC 9110, 12.5.3)."""
    weights = {}
    for item in accepted.lower().split(","):
        coding, _, weight = item.partition(";")
        weights[coding.strip()] = _NOTHING.fullmatch(weight.strip()) is None
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


@lru_cache(maxsize=128)
def policy(page: bytes) -> str:
    """The content security policy of an HTML page: it runs the scripts that stand in it, and loads
    nothing from elsewhere."""
    scripts = _Scripts()
    scripts.feed(page.decode(errors="replace"))
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts.found]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes) or "'none'"
    return _POLICY.format(scripts=allowed)


class _Scripts(HTMLParser):
    """Gathers the text of each script of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "script":
            self._is_inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data
