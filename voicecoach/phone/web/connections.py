"""Connections that keep nobody else out: how many there may be, and how long each may wait.

uvicorn limits requests only, and waits for ever for the first one and for who does not read on.
Here a connection is a stranger's until it has been given something, which takes the secret address.
A stranger has a few seconds. Where there are too many connections, the oldest stranger gives way,
and after the strangers the one that has been silent longest: so that somebody who asks at once is
always served, also while thousands of others hold on to theirs.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_MOST = 512
_STRANGER_S = 10.0
"""Within this time from connecting, whoever knows the address has asked for something."""
_LISTENER_S = 60.0
"""How long a listener may neither ask nor read on; a player that is paused comes back by itself."""
_SILENT_S = 10.0
"""After how long without asking or reading on a listener may have to give way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many connections there may be."""

    in_all: int
    of_one_address: int
    at_once: int
    """To be taken up in one go: so few that who asks is heard before that many others give way."""


def limits(open_files: int) -> Limits:
    """Those that leave room for files where ``open_files`` may be open at once."""
    in_all = min(_MOST, open_files // 3)
    return Limits(in_all=in_all, of_one_address=in_all * 3 // 4, at_once=max(in_all // 16, 1))


class Connection(H11Protocol):
    """A connection that may have to give way to others."""

    def __init__(self, limits: Limits, crowded: Callable[[], None], **settings: Any) -> None:
        """``crowded`` is called where there are too many."""
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
        """Ends the connection, whatever was still to be sent."""
        self.connections.discard(self)
        self.transport.abort()

    def end_if_overdue(self) -> None:
        """Ends the connection of a stranger who stays, and of a listener who went away."""
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
    def _standing(self) -> int:
        """The lowest give way first: a stranger who waits, one whose request is being looked into
        (a wrong address is refused at once), a listener."""
        if not self.is_stranger:
            return 2
        return int(self.cycle is not None and not self.cycle.response_complete)

    def _make_room(self, others: "Collection[Connection]") -> None:
        self._crowded()
        by_standing = sorted(others, key=lambda other: (other._standing, other._moved_s))
        last = by_standing[0]
        if last._standing == 0:
            for other in by_standing[: self._limits.at_once]:  # seldom, for it takes a while
                if other._standing == 0:
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
