"""Content and a request -> a response: whole, partial, not modified or refused (RFC 9110)."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from http import HTTPStatus
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from voicecoach.messages import Words
from voicecoach.phone.web.held import ChangedError, Content, Kept

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
"""Headers of every response."""
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src 'self' data:;"
    " media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def media_type(name: str) -> str:
    """The media type of the file ``name``."""
    return next(
        (kind for suffix, kind in _TYPES.items() if name.endswith(suffix)),
        "application/octet-stream",
    )


def is_text(kind: str) -> bool:
    """Whether content of this type is worth compressing."""
    return kind.startswith("text/") or "json" in kind or "xml" in kind


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip (RFC 9110, 12.5.3)."""
    weights = {}
    for item in accepted.lower().split(","):
        coding, _, weight = item.partition(";")
        weights[coding.strip()] = _NOTHING.fullmatch(weight.strip()) is None
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


@lru_cache(maxsize=128)
def policy(page: bytes) -> str:
    """The content security policy of an HTML page: allows its inline scripts, and nothing from
    other hosts."""
    scripts = _Scripts()
    scripts.feed(page.decode(errors="replace"))
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts.found]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes) or "'none'"
    return _POLICY.format(scripts=allowed)


class _Scripts(HTMLParser):
    """Collects the text of each script of a page."""

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


def not_found(said: Words) -> Response:
    """The response for a missing file, and for a wrong secret."""
    return refusal(404, said("server.not_found"))


def being_made(said: Words) -> Response:
    """The response for a week that is being built."""
    return refusal(503, said("server.being_made"), retry_after="5")


def unknown(said: Words) -> Response:
    """The response if the client's answers, and so what they allow, cannot be read."""
    return refusal(503, said("server.unknown"), retry_after="5")


def refusal(status: int, text: str, **headers: str) -> Response:
    """An uncached response of one line of ``text``; underscores in the names of ``headers`` become
    hyphens."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(f"{text}\n", status, {**ALWAYS, "cache-control": "no-store", **more})


_CHUNK_BYTES = 65_536
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class UnsatisfiableError(Exception):
    """The requested range is outside the content."""


class Answer(Response):
    """Sends content without blocking other requests. Call :meth:`prepare` first."""

    def __init__(
        self, request: Request, content: Content, media_type: str, headers: Mapping[str, str]
    ) -> None:
        etag = f'"{content.sha256}"'
        span: range | None = range(content.size)
        status = HTTPStatus.OK
        more = {"etag": etag, "accept-ranges": "bytes", "content-type": media_type}
        if _lists(request.headers.get("if-none-match"), etag):
            status, span = HTTPStatus.NOT_MODIFIED, None
            del more["content-type"]
        elif request.method == "GET" and request.headers.get("if-range", etag) == etag:
            try:
                part = range_asked(request.headers.get("range", ""), content.size)
            except UnsatisfiableError:
                status, span = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, range(0)
                more["content-range"] = f"bytes */{content.size}"
            else:
                if part is not None:
                    status, span = HTTPStatus.PARTIAL_CONTENT, part
                    last = part.stop - 1
                    more["content-range"] = f"bytes {part.start}-{last}/{content.size}"
        if span is not None:
            more["content-length"] = str(len(span))
        self.status_code = status
        self.init_headers({**headers, **more})
        self._content = content
        self._data = b""
        self._span = range(0) if span is None or request.method == "HEAD" else span

    async def prepare(self) -> None:
        """Reads the first bytes, while another response is still possible. Raises ChangedError."""
        self._data = await self._read(self._span.start)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the response. If the file changes meanwhile, closes the connection, so that a part
        is not taken for the whole."""
        data, at, stop = self._data, self._span.start, self._span.stop
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        while True:
            at += len(data)
            await send({"type": "http.response.body", "body": data, "more_body": at < stop})
            if at >= stop:
                return
            try:
                data = await self._read(at)
            except ChangedError:
                return

    async def _read(self, at: int) -> bytes:
        count = min(_CHUNK_BYTES, self._span.stop - at)
        if count == 0:
            return b""
        if isinstance(self._content, Kept):
            return self._content.read(at, count)
        data: bytes = await asyncio.to_thread(self._content.read, at, count)
        if not data:
            raise ChangedError("a file has become shorter")
        return data


def range_asked(header: str, size: int) -> range | None:
    """The bytes that a Range header requests; ``None`` for all, also if it is not understood.

    Raises UnsatisfiableError if the range has no bytes.
    """
    match = _RANGE.fullmatch(header)
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, stop = max(size - int(match[2]), 0), size
    else:
        start, stop = int(match[1]), size
        if match[2]:
            if int(match[2]) < start:
                return None
            stop = min(int(match[2]) + 1, size)
    if start >= stop:
        raise UnsatisfiableError
    return range(start, stop)


def _lists(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match header lists ``etag``, by weak comparison."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return etag in tags or tags == ["*"]
