"""Limits how many connections there may be, and how long each may wait, so that none block others.

uvicorn limits only requests, and waits forever for the first one and for clients that stop reading.
Here a connection is a stranger's until it was served content, which takes the secret address. A
stranger has a few seconds. If there are too many connections, the oldest stranger is dropped, and
after the strangers the connection that was silent longest. So a client that sends its request at
once is always served, even while thousands of others keep connections open.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_MOST = 512
_STRANGER_S = 10.0
"""Time from connecting within which a stranger must be served content."""
_LISTENER_S = 60.0
"""How long a listener may neither request nor read; a paused player reconnects by itself."""
_SILENT_S = 10.0
"""How long a listener must have neither requested nor read before it may be dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits on connections."""

    in_all: int
    of_one_address: int
    at_once: int
    """The most to accept at once: few enough that a request is read before its connection is
    dropped for others."""


def limits(open_files: int) -> Limits:
    """The limits that leave enough of ``open_files`` handles for files."""
    in_all = min(_MOST, open_files // 3)
    return Limits(in_all=in_all, of_one_address=in_all * 3 // 4, at_once=max(in_all // 16, 1))


class Connection(H11Protocol):
    """A connection that may be dropped for others."""

    def __init__(self, limits: Limits, crowded: Callable[[], None], **settings: Any) -> None:
        """``crowded`` is called if there are too many connections."""
        super().__init__(**settings)
        self.is_stranger = True
        self._limits = limits
        self._crowded = crowded
        self._application = self.app
        self.app = self._answer
        self._moved_s = time.monotonic()
        self._unsent = 0

    def connection_made(self, transport: Any) -> None:
        """See :class:`asyncio.BaseProtocol`."""
        super().connection_made(transport)
        if len(self.connections) <= self._limits.of_one_address:
            return
        others = cast(set[Connection], self.connections) - {self}
        of_address = [other for other in others if other._address == self._address]
        if len(of_address) >= self._limits.of_one_address:
            self._make_room(of_address)
        elif len(others) >= self._limits.in_all:
            self._make_room(others)

    def end(self) -> None:
        """Closes the connection without sending what is pending."""
        self.connections.discard(self)
        self.transport.abort()

    def end_if_overdue(self) -> None:
        """Closes the connection of a stranger who takes too long, or of a listener who left."""
        unsent = self.transport.get_write_buffer_size()
        if unsent != self._unsent and not self.is_stranger:
            self._moved_s = time.monotonic()
        self._unsent = unsent
        if self._silent_s > (_STRANGER_S if self.is_stranger else _LISTENER_S):
            self.end()

    @property
    def _address(self) -> str | None:
        return self.client[0] if self.client else None

    @property
    def _silent_s(self) -> float:
        return time.monotonic() - self._moved_s

    @property
    def _rank(self) -> int:
        """Rank: the lowest are dropped first. A waiting stranger, then one whose request is being
        handled (a wrong address is refused at once), then a listener."""
        if not self.is_stranger:
            return 2
        return int(self.cycle is not None and not self.cycle.response_complete)

    def _make_room(self, others: "Collection[Connection]") -> None:
        self._crowded()
        by_rank = sorted(others, key=lambda other: (other._rank, other._moved_s))
        last = by_rank[0]
        if last._rank == 0:
            for other in by_rank[: self._limits.at_once]:  # in batches, because sorting is slow
                if other._rank == 0:
                    other.end()
        elif last.is_stranger or last._silent_s > _SILENT_S:
            last.end()
        else:
            self.end()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.is_stranger = False
            await send(message)
            if not self.is_stranger:
                self._moved_s = time.monotonic()

        await self._application(scope, receive, send_on)
