"""What is at the address itself: today's page, or the first questions, and what they write."""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from voicecoach import messages
from voicecoach.errors import VoicecoachError
from voicecoach.messages import Words
from voicecoach.pack.layout import folder_name
from voicecoach.pack.manifest import FILE
from voicecoach.phone.web import answer as web_answer
from voicecoach.phone.web import home as client_home
from voicecoach.phone.web.address import DOORWAY
from voicecoach.phone.web.door import Door, reply
from voicecoach.phone.web.home import Found, Home
from voicecoach.phone.web.library import View
from voicecoach.phone.web.today import Today
from voicecoach.phone.web.today_page import (
    done_page,
    doorway_page,
    first_questions_page,
    today_page,
)
from voicecoach.phone.web.upkeep import Progress, Upkeep
from voicecoach.profile import check_ins
from voicecoach.profile.profile import Profile

FindView = Callable[[str, str], Awaitable[View | None]]
"""The current view of the pack in these two folders, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    page: bytes
    state: str
    done: bytes
    """What she told of her weeks."""
    said: Words


class Front:
    """Serves the client of ``home``."""

    def __init__(
        self, home: Home, door: Door, upkeep: Upkeep, voice: Callable[[Profile], str]
    ) -> None:
        """``voice`` returns what to tell of a voice that is offered; nothing where none is."""
        self._voice = voice
        self.feeds = ""
        """The path of the site with the key that can only read."""
        self.home = home
        self.door = door
        self.upkeep = upkeep
        self._found: tuple[object, Found] | None = None
        self._made: tuple[object, _Shown] | None = None
        self._turn = asyncio.Lock()

    async def at(self, request: Request, name: str, find_view: FindView, said: Words) -> Response:
        """What is at ``name``: today's page, ``done``, or ``now.json``; the first questions where
        she has not told about herself."""
        if name == "now.json":
            return await self._now(find_view, said)
        if not self.home.has_profile:
            return _html(request, await asyncio.to_thread(first_questions_page, _language(request)))
        try:
            shown = await self._shown(find_view)
        except VoicecoachError:
            return web_answer.unknown(said)
        return _html(request, shown.done if name else shown.page)

    def without_key(self, request: Request, said: Words) -> Response:
        """What is said to who does not know the address. At the doorway, the browser of who has
        opened today's page before knows it, and goes there."""
        if request.scope["path"] != DOORWAY:
            return web_answer.not_found(said)
        return _html(request, doorway_page(said), 404)  # whoever asks still is a stranger

    async def _now(self, find_view: FindView, said: Words) -> Response:
        """How far the weeks of this page are, and whether there is something new to show."""
        state = ""
        if self.home.has_profile:
            try:
                shown = await self._shown(find_view)
            except VoicecoachError:
                return web_answer.unknown(said)
            state, said = shown.state, shown.said
        progress, remarks = self.upkeep.progress, self.upkeep.remarks
        making = None if progress is None else progress_text(progress, said)
        worded = [said.reworded(remark) for remark in dict.fromkeys(remarks)]
        return reply(200, {"state": state, "making": making, "remarks": worded})

    async def _shown(self, find_view: FindView) -> _Shown:
        """The page of now, which is made again only when something has changed."""
        async with self._turn:
            marks = (self.home.marks(), self.upkeep.runs)
            if self._found is None or self._found[0] != marks:
                found = await asyncio.to_thread(client_home.find, self.home, lambda remark: None)
                self._found = marks, found
            found = self._found[1]
            view = await find_view(found.slug, folder_name(max(1, found.hers.week)))
            key = (marks, None if view is None else view.contents[FILE].sha256)
            if self._made is None or self._made[0] != key:
                self._made = key, await asyncio.to_thread(self._make, found, view)
            return self._made[1]

    def _make(self, found: Found, view: View | None) -> _Shown:
        today, hers = Today(found, view, self._voice(found.hers.profile)), found.hers
        on = max(hers.today, hers.profile.birth_date)
        number = check_ins.last_number(self.home.folder, hers.profile.birth_date, hers.today, on)
        home, feeds = _name(self.home), self.feeds
        page, state = today_page(today, home=home, number=number, feeds=feeds)
        return _Shown(page=page, state=state, done=done_page(today), said=today.said)


def progress_text(progress: Progress, said: Words) -> str:
    """How far the making is, for people."""
    if not progress.total:
        return said("upkeep.begins")
    percent = round(100 * min(progress.done / progress.total, 1))
    return said("upkeep.progress", stage=progress.stage, percent=percent)


def _name(home: Home) -> str:
    """A name for the client's folder that does not reveal it."""
    return hashlib.sha256(os.fsencode(home.folder.resolve())).hexdigest()[:16]


def _language(request: Request) -> str:
    """The first language of ours that the browser asks for."""
    known = messages.languages()
    asked = request.headers.get("accept-language", "").split(",")
    codes = (each.partition(";")[0].strip().partition("-")[0].lower() for each in asked)
    return next((code for code in codes if code in known), messages.USUAL)


def _html(request: Request, page: bytes, status: int = 200) -> Response:
    headers = {
        **web_answer.ALWAYS,
        "cache-control": "no-store",
        "content-security-policy": web_answer.policy(page),
    }
    return HTMLResponse(page, status, headers)
