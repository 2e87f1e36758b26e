"""An ASGI application that serves the packs of a library to the phones at home.

It serves GET and HEAD below one secret path, and only names that manifests list.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from voicecoach.errors import StorageError, VoicecoachError
from voicecoach.messages import Words
from voicecoach.pack.manifest import PAGE_FILE
from voicecoach.pack.safeguard import Watch
from voicecoach.pack.views import version_of
from voicecoach.phone.web import address as web_address
from voicecoach.phone.web import answer as web_answer
from voicecoach.phone.web import feed
from voicecoach.phone.web.address import Site
from voicecoach.phone.web.answer import Answer
from voicecoach.phone.web.asked import is_meant, key_of, site_asked
from voicecoach.phone.web.front import Front
from voicecoach.phone.web.held import ChangedError, Content, Kept, compressed
from voicecoach.phone.web.library import Library, Pack, View
from voicecoach.phone.web.own_days import OwnDays, is_own

_FOR_EVER, _ALWAYS_ASK = "public, max-age=31536000, immutable", "no-cache"
_HERS = "no-store"
_WHOLE_WITHIN_S = 5.0
"""How long a request waits for a pack that is being built for the first time."""
_LOOK_AGAIN_S, _TRIES = 0.1, 3


class Server:
    """An ASGI application that serves ``library`` at ``site``; errors are in the words ``said``."""

    def __init__(
        self, library: Library, site: Site, watch: Watch, front: Front, said: Words
    ) -> None:
        self._front = front
        front.feeds = f"/{web_address.reading_key(site.key)}/"
        self._library = library
        self._site = site
        self._watch = watch
        self._said = said
        self._own = OwnDays(library, self._pack, lambda: watch.judge)
        self._watching = asyncio.Lock()
        self._scanning = asyncio.Lock()
        self._refreshing: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def warm_up(self) -> None:
        """Reads all packs, so that a build that begins now does not make a phone wait."""
        await self._scan()
        for pack in list(self._library.packs.values()):
            await self._refresh(pack)

    async def _respond(self, request: Request) -> Response:
        if not is_meant(request):
            return web_answer.refusal(421, self._said("server.other_name"))
        key, *parts = request.scope["path"].removeprefix("/").split("/")
        can_write = self._site.can_write(key)
        if request.method == "POST" and can_write and self._front.door.leads_to("/".join(parts)):
            return await self._front.door.enter(request, parts[0], self._said)
        if request.method not in ("GET", "HEAD"):
            return web_answer.refusal(405, self._said("server.only_get"), allow="GET, HEAD")
        if not (can_write or (self._site.is_key(key) and feed.is_of_feed(parts))):
            return self._front.without_key(request, self._said)
        if self._watch.is_due and not await self._follow():
            return web_answer.unknown(self._said)
        return await self._at(request, parts)

    async def _at(self, request: Request, parts: Sequence[str]) -> Response:
        """The response for the path ``parts`` after the secret key."""
        if parts == []:
            return self._redirect(request, "")
        if is_own(parts):
            return await self._own_content(request, parts)
        match parts:
            case ["" | "weeks"]:
                return await self._weeks(request, is_asked=parts != [""])
            case ["now.json" | "done"]:
                return await self._front.at(request, parts[0], self._view, self._said)
            case [slug, name, *files] if len(files) < 2:
                return await self._in_pack(request, slug, name, files)
        return web_answer.not_found(self._said)

    async def _own_content(self, request: Request, parts: Sequence[str]) -> Response:
        """What is the client's own: her feed, and a day as one MP3."""
        await self._scan()
        for _ in range(_TRIES):
            try:
                content = await self._own.content(parts, site_asked(request, self._site))
                if content is None:
                    return web_answer.not_found(self._said)
                return await _answer(request, content, parts[-1], _HERS)
            except ChangedError:
                await self._forget_packs()
        return web_answer.being_made(self._said)

    async def _follow(self) -> bool:
        """Applies the client's answers since the last request. Returns whether they are known;
        ``False`` if the files cannot be read."""
        async with self._watching:
            if not self._watch.is_due:
                return True
            try:
                await asyncio.to_thread(self._watch.look)
            except VoicecoachError:
                return False
            await self._forget_packs()  # previous builds are no longer served either
        return True

    async def _forget_packs(self) -> None:
        for key, pack in list(self._library.packs.items()):
            async with self._refreshing[key]:
                pack.forget()

    async def _in_pack(
        self, request: Request, slug: str, name: str, files: Sequence[str]
    ) -> Response:
        for _ in range(_TRIES):
            pack = await self._pack(slug, name)
            if pack is None:
                return web_answer.not_found(self._said)
            if not files:
                return self._redirect(request, f"{slug}/{name}/")
            try:
                return await self._file(request, pack, files[0] or PAGE_FILE)
            except ChangedError:
                async with self._refreshing[slug, name]:
                    pack.forget()  # somebody changed a file: read the folder again
        return web_answer.being_made(self._said)

    async def _file(self, request: Request, pack: Pack, name: str) -> Response:
        if not pack.views:
            return web_answer.being_made(self._said)
        make = partial(self._content, self._page_url(request, pack), name)
        asked = request.query_params.get("v")
        if asked is None:
            content, cache = make(pack.views[0]), _ALWAYS_ASK
        else:
            versions = filter(None, map(make, pack.views))
            content = next((c for c in versions if version_of(c.sha256) == asked), None)
            cache = _FOR_EVER
        if content is None:
            return web_answer.not_found(self._said)
        return await _answer(request, content, name, cache)

    def _content(self, page_url: str, name: str, view: View) -> Content | None:
        if name in view.contents:
            return view.contents[name]
        if name == feed.FILE:
            return Kept(feed.write(view.manifest, page_url))
        for track in view.manifest.tracks:
            if name == track.beside(feed.CHAPTERS_SUFFIX):
                return Kept(feed.chapters(track))
        return None

    async def _view(self, slug: str, name: str) -> View | None:
        """The current view of a pack, without waiting for one that is being built."""
        if (slug, name) not in self._library.packs:
            await self._scan()
        pack = self._library.packs.get((slug, name))
        if pack is None:
            return None
        await self._refresh(pack)
        return next(iter(pack.views), None)

    async def _weeks(self, request: Request, *, is_asked: bool) -> Response:
        """The page to choose a week on, where it ``is_asked`` for; else today's page, or the first
        questions where there are no packs either."""
        await self._scan()
        found = [
            pack.found
            for pack in self._library.packs.values()
            if any(entry.file == PAGE_FILE for entry in pack.found.manifest.files)
        ]
        if not is_asked and (self._front.home.has_profile or not found):
            return await self._front.at(request, "", self._view, self._said)
        if not is_asked and len(found) == 1:
            return self._redirect(request, f"{found[0].slug}/{found[0].name}/")
        page = feed.html_page(found, self._front.feeds)
        return await _answer(request, Kept(page), PAGE_FILE, _ALWAYS_ASK)

    async def _pack(self, slug: str, name: str) -> Pack | None:
        if (slug, name) not in self._library.packs:
            await self._scan()
        pack = self._library.packs.get((slug, name))
        if pack is None:
            return None
        await self._refresh(pack)
        waited_s = 0.0
        while not pack.views and waited_s < _WHOLE_WITHIN_S and not pack.is_gone:
            await asyncio.sleep(_LOOK_AGAIN_S)
            waited_s += _LOOK_AGAIN_S
            await self._refresh(pack)
        return None if pack.is_gone else pack

    async def _refresh(self, pack: Pack) -> None:
        if pack.is_due:
            async with self._refreshing[pack.found.slug, pack.found.name]:  # one thread at a time
                if pack.is_due:
                    await asyncio.to_thread(pack.refresh)

    async def _scan(self) -> None:
        async with self._scanning:
            if self._library.is_due:
                try:
                    await asyncio.to_thread(self._library.scan)
                except StorageError:
                    return  # the folder is unreachable for now; held files are still served

    def _redirect(self, request: Request, path: str) -> Response:
        headers = {**web_answer.ALWAYS, "cache-control": _ALWAYS_ASK}
        return RedirectResponse(f"/{key_of(request)}/{path}", 307, headers)

    def _page_url(self, request: Request, pack: Pack) -> str:
        """The URL of a pack for its feed, so with the key that can only read."""
        return f"{site_asked(request, self._site)}{pack.found.slug}/{pack.found.name}/"


async def _answer(request: Request, content: Content, name: str, cache: str) -> Response:
    kind = web_answer.media_type(name)
    headers = {**web_answer.ALWAYS, "cache-control": cache}
    if kind == web_answer.HTML:
        page = await asyncio.to_thread(content.read, 0, content.size)
        headers["content-security-policy"] = web_answer.policy(page)
    if web_answer.is_text(kind):
        headers["vary"] = "accept-encoding"
        wants_part = "range" in request.headers
        if not wants_part and web_answer.takes_gzip(request.headers.get("accept-encoding", "")):
            packed = await asyncio.to_thread(compressed, content)
            if packed.size < content.size:
                headers["content-encoding"] = "gzip"
                content = packed
    answer = Answer(request, content, kind, headers)
    await answer.prepare()
    return answer
