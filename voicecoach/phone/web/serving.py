"""Serves the packs in a folder to the phones at home, until Ctrl-C."""

import asyncio
import errno
import logging
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn

from voicecoach.messages import Message, Words, reason
from voicecoach.pack.manifest import PAGE_FILE
from voicecoach.pack.safeguard import Watch
from voicecoach.phone.web import address, port
from voicecoach.phone.web.address import LOOPBACK, Site
from voicecoach.phone.web.connections import Connection, limits
from voicecoach.phone.web.front import Front
from voicecoach.phone.web.held import most_open_files
from voicecoach.phone.web.library import Library
from voicecoach.phone.web.server import Server
from voicecoach.phone.web.upkeep import Upkeep

_OPEN_FILES = 10_240
"""Enough for a year in two languages, built twice; macOS does not allow more."""
_GIVE_UP_S = 3
_QUEUE = 1024
"""How many connections may wait to be accepted."""
_LONGEST_REQUEST_BYTES = 16_384
_SAY_AGAIN_S = 60.0
_OUT_OF_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options of the server."""

    out: Path
    """The folder of the packs."""
    port: int | None
    """``None`` for the default port, or another free one."""
    local: bool
    """Whether to serve this computer only."""
    new_address: bool
    """Whether to replace the address of earlier runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What to show the user once the server is running."""

    site: Site
    others: tuple[str, ...]
    """URLs of the server at other addresses of this computer."""
    has_network: bool


def serve(
    wishes: Wishes,
    watch: Watch,
    front: Front,
    ready: Callable[[Opened], None],
    note: Callable[[str], None],
    said: Words,
) -> None:
    """Serves until Ctrl-C, SIGTERM or the end of the terminal. ``ready`` is called once phones are
    served; ``note`` receives warnings, at most one a minute about requests of strangers. ``watch``
    applies new answers of the client, and ``front`` is what she sees first. Errors for phones are
    in the words ``said``.

    Raises ServeError, and StorageError if the folder cannot be read.
    """
    log = _Log(note)
    library = Library(wishes.out, log.say)
    library.scan()
    for pack in library.packs.values():
        if all(entry.file != PAGE_FILE for entry in pack.found.manifest.files):
            note(Message("serve.no_page", folder=pack.found.folder))
    _allow_open_files()
    here = address.addresses()
    with port.listen(wishes.out, wishes.port, local=wishes.local) as listener:
        local = wishes.local or here.best is None
        site = Site(
            key=address.obtain_key(wishes.out, new=wishes.new_address),
            host=LOOPBACK if local or here.best is None else here.best,
            port=listener.getsockname()[1],
            local=local,
        )
        opened = Opened(
            site=site,
            others=() if local else tuple(f"{a}:{site.port}" for a in here.others),
            has_network=here.best is not None,
        )
        server = Server(library, site, watch, front, said)
        try:
            asyncio.run(_run(server, front.upkeep, opened, listener, ready, log))
        finally:
            front.upkeep.stop()


async def _run(
    server: Server,
    upkeep: Upkeep,
    opened: Opened,
    listener: socket.socket,
    ready: Callable[[Opened], None],
    log: "_Log",
) -> None:
    most = limits(most_open_files())
    crowded = partial(
        log.say_of_strangers,
        Message("serve.crowded", most=most.in_all, most_of_one=most.of_one_address),
    )
    settings = uvicorn.Config(
        server,
        http=cast(type[asyncio.Protocol], partial(Connection, most, crowded)),
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=most.at_once,
        h11_max_incomplete_event_size=_LONGEST_REQUEST_BYTES,
        timeout_graceful_shutdown=_GIVE_UP_S,
    )
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger(name).addFilter(log.is_news)
    await _Listener(settings, server, upkeep, lambda: ready(opened), log).serve([listener])


class _Log:
    """Shows warnings while serving; about what others can cause at will, one line a minute."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._said_s = -_SAY_AGAIN_S

    def say(self, remark: str) -> None:
        """Shows ``remark``, if there still is an output."""
        with suppress(OSError):  # the terminal was closed, or the disk of the log is full
            self._note(remark)

    def say_of_strangers(self, remark: str) -> None:
        """Shows ``remark``, unless another was shown less than a minute ago."""
        if self._is_time():
            self.say(remark)

    def is_news(self, record: logging.LogRecord) -> bool:
        """Whether a log record reports a fault of ours: not a client's violation of HTTP, nor a
        response cut short because somebody changed the file."""
        kind = record.exc_info[0] if record.exc_info else None
        is_of_client = kind is not None and kind.__module__.partition(".")[0] == "h11"
        is_cut = "without completing response" in record.getMessage()
        return not (is_of_client or is_cut) and self._is_time()

    def _is_time(self) -> bool:
        now_s = time.monotonic()
        if now_s - self._said_s < _SAY_AGAIN_S:
            return False
        self._said_s = now_s
        return True


class _Listener(uvicorn.Server):
    """A uvicorn server that reports when it is ready, and ends at once on a signal."""

    def __init__(
        self,
        settings: uvicorn.Config,
        server: Server,
        upkeep: Upkeep,
        ready: Callable[[], None],
        log: _Log,
    ) -> None:
        super().__init__(settings)
        self._upkeep = upkeep
        self._packs = server
        self._ready = ready
        self._log = log

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(self._handle_fault)
        hang_up = getattr(signal, "SIGHUP", None)  # not on Windows
        if hang_up is not None and signal.getsignal(hang_up) == signal.SIG_DFL:  # not under nohup
            signal.signal(hang_up, self.handle_exit)
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(_QUEUE)  # asyncio uses one number for this and for accepting
        self._warming_up = asyncio.create_task(self._packs.warm_up())
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        for connection in self._connections:
            connection.end_if_overdue()
        self._upkeep.tick()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._warming_up.cancel()
        for connection in self._connections:
            connection.end()  # phones reconnect and resume by themselves
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True

    @property
    def _connections(self) -> list[Connection]:
        return cast(list[Connection], list(self.server_state.connections))

    def _handle_fault(self, loop: asyncio.AbstractEventLoop, fault: dict[str, Any]) -> None:
        """Drops connections if none can be accepted; asyncio tries again in a second."""
        error = fault.get("exception")
        if self.should_exit:
            return
        if not isinstance(error, OSError) or error.errno not in _OUT_OF_ROOM:
            loop.default_exception_handler(fault)
            return
        self._log.say_of_strangers(Message("errors.no_more_connections", reason=reason(error)))
        for connection in self._connections:
            if connection.is_stranger:
                connection.end()


def _allow_open_files() -> None:
    """Raises the limit of open files of this process, as far as allowed."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows, where no files are held open
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
