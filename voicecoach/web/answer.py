"""Content and a request -> an answer: whole, in part, or "you have it already" (RFC 9110).

Starlette's FileResponse reads from a path, which is another file after the next build. A request
for several ranges at once is answered with the whole, as the standard allows: no player sends one.
"""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from voicecoach.web.held import ChangedError, Content, Kept

_CHUNK_BYTES = 65_536
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class UnsatisfiableError(Exception):
    """A range was asked for that lies outside of the content."""


class Answer(Response):
    """Sends content from where it is held, without holding up others; to be prepared first."""

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
        """Reads the first bytes, so that one can still answer otherwise. Raises ChangedError."""
        self._data = await self._read(self._span.start)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it. Where the file changes meanwhile the connection ends, so that nobody takes a
        part for the whole."""
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
    """The bytes that a Range header asks for; ``None`` for all, as where it says nothing we know.

    Raises UnsatisfiableError where no byte is in the range.
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
    """Whether an If-None-Match header names ``etag``; weak comparison."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return etag in tags or tags == ["*"]
