"""Serves the packs in a folder to the phones at home, until Ctrl-C."""

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from voicecoach.errors import ServeError
from voicecoach.manifest import PAGE_FILE
from voicecoach.safeguard import Watch
from voicecoach.web import address_key, network
from voicecoach.web.feed import FILE as FEED_FILE
from voicecoach.web.library import Library
from voicecoach.web.network import LOOPBACK
from voicecoach.web.server import Server, Site

_OPEN_FILES = 10_240
"""What a year in two languages, built twice, needs; more than macOS allows is refused there."""
_GIVE_UP_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How to serve."""

    out: Path
    """The folder that holds the packs."""
    port: int | None
    """``None`` for the usual one, or one that is free."""
    local: bool
    """Whether to serve only this computer."""
    new_address: bool
    """Whether to give up the address of earlier runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is to be told when the server answers."""

    site: Site
    feeds: tuple[str, ...]
    """Addresses of the feeds."""
    others: tuple[str, ...]
    """The same server at other addresses of this computer."""
    has_network: bool


def serve(
    wishes: Wishes, watch: Watch, ready: Callable[[Opened], None], note: Callable[[str], None]
) -> None:
    """Serves until Ctrl-C or SIGTERM; ``ready`` is called once phones are answered. ``watch``
    notices what she tells meanwhile.

    Raises ServeError, and StorageError where the folder cannot be read.
    """
    library = Library(wishes.out, note)
    library.scan()
    if not library.packs:
        raise ServeError(
            f"{wishes.out}: holds no packs; make one with: voicecoach build --week 3, or name the"
            " folder that holds them with --out"
        )
    for pack in library.packs.values():
        if all(entry.file != PAGE_FILE for entry in pack.found.manifest.files):
            note(f"{pack.found.folder}: has no page to play it on; build it again")
    _allow_open_files()
    here = network.addresses()
    with network.listen(wishes.port, local=wishes.local) as listener:
        local = wishes.local or here.best is None
        site = Site(
            key=address_key.obtain(new=wishes.new_address),
            host=LOOPBACK if local or here.best is None else here.best,
            port=listener.getsockname()[1],
            names=frozenset({LOOPBACK, "localhost"}) if local else network.names(),
            local=local,
        )
        opened = Opened(
            site=site,
            feeds=tuple(f"{site.address}{slug}/{name}/{FEED_FILE}" for slug, name in library.packs),
            others=() if local else tuple(f"{a}:{site.port}" for a in here.others),
            has_network=here.best is not None,
        )
        server = Server(library, site, watch)
        asyncio.run(_run(server, opened, listener, ready))


async def _run(
    server: Server, opened: Opened, listener: socket.socket, ready: Callable[[Opened], None]
) -> None:
    settings = uvicorn.Config(
        server,
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GIVE_UP_S,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    await _Listener(settings, server, lambda: ready(opened)).serve([listener])


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is a fault of ours: not a client that broke the rules of HTTP half-way, nor an
    answer that was cut short because somebody wrote into the file."""
    kind = record.exc_info[0] if record.exc_info else None
    is_of_client = kind is not None and kind.__module__.partition(".")[0] == "h11"
    return not (is_of_client or "without completing response" in record.getMessage())


class _Listener(uvicorn.Server):
    """Tells when it is ready; ends at once when it is told to, and as if nothing had happened."""

    def __init__(self, settings: uvicorn.Config, server: Server, ready: Callable[[], None]) -> None:
        super().__init__(settings)
        self._packs = server
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._warming_up = asyncio.create_task(self._packs.warm_up())
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._warming_up.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # phones come back by themselves where they left off
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True


def _allow_open_files() -> None:
    """Raises the number of files this process may hold open, as far as it may."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows, where no files are held open
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
