"""What may be written, and by whom: a POST of JSON from our own page, small, quick and not often.

Another site's page can send a form here, or fetch, but not with our Origin; a page that points its
own name at our address has another Host.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from voicecoach import strict_json
from voicecoach.messages import Words
from voicecoach.phone.web import answer as web_answer

_MOST_BYTES = 16_384
_WITHIN_S = 5.0
"""How long a body may take to arrive."""
_MOST_A_MINUTE = 120
"""More than anybody tells; of all phones together."""
_MINUTE_S = 60.0

Written = tuple[int, Mapping[str, Any]]
"""A status and what is answered."""
Write = Callable[[Mapping[str, Any]], Written]
"""Takes what a page sent, and does it."""


class RefusedError(Exception):
    """The request is not let in, with its status and the key of the reason."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


class Door:
    """Lets requests in that may write, one after the other."""

    def __init__(self, writes: Mapping[str, Write]) -> None:
        """``writes``: what may be written, by path after the secret key."""
        self._writes = writes
        self._times: deque[float] = deque()
        self._turn = asyncio.Lock()

    def leads_to(self, path: str) -> bool:
        """Whether there is anything to write at ``path``."""
        return path in self._writes

    async def enter(self, request: Request, path: str, said: Words) -> Response:
        """Does what the request asks for; or says why not, with a status of 4xx."""
        try:
            self._check(request)
            content = _parsed(await _body(request))
        except RefusedError as refused:
            return reply(refused.status, {"error": said(refused.key)})
        async with self._turn:
            status, answered = await asyncio.to_thread(self._writes[path], content)
        return reply(status, answered)

    def _check(self, request: Request) -> None:
        host = request.headers.get("host", "").lower()
        if request.headers.getlist("origin") != [f"http://{host}"] or not host:
            raise RefusedError(403, "door.other_page")
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise RefusedError(403, "door.other_page")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RefusedError(415, "door.no_json")
        now_s = time.monotonic()
        while self._times and now_s - self._times[0] > _MINUTE_S:
            self._times.popleft()
        if len(self._times) >= _MOST_A_MINUTE:
            raise RefusedError(429, "door.too_often")
        self._times.append(now_s)


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _MOST_BYTES:
        raise RefusedError(413, "door.too_long")
    data = bytearray()
    try:
        async with asyncio.timeout(_WITHIN_S):
            async for part in request.stream():
                data += part
                if len(data) > _MOST_BYTES:
                    raise RefusedError(413, "door.too_long")
    except TimeoutError:
        raise RefusedError(408, "door.too_slow") from None
    except ClientDisconnect:
        raise RefusedError(400, "door.no_json") from None
    return bytes(data)


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        content = strict_json.loads(data)
    except ValueError:
        raise RefusedError(400, "door.no_json") from None
    if not isinstance(content, dict):
        raise RefusedError(400, "door.no_json")
    return content


def reply(status: int, content: Mapping[str, Any]) -> Response:
    """``content`` as JSON that nobody keeps."""
    return JSONResponse(content, status, {**web_answer.ALWAYS, "cache-control": "no-store"})
