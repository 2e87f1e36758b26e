"""What is a client's own: each of her days as one MP3, and one feed of what is right for her now.

The packs of a folder may be in several languages, and of several programmes; hers is the one in the
language of her profile, the programme for after birth before others.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from voicecoach import environment
from voicecoach.dates import week_of
from voicecoach.environment import BUILT_IN
from voicecoach.errors import StorageError
from voicecoach.pack.manifest import FoundPack
from voicecoach.pack.verdict import Judge
from voicecoach.phone.web import feed
from voicecoach.phone.web.day_file import DayFile, Joiner, files_of_day, parts_of_day
from voicecoach.phone.web.held import ChangedError, Content, Kept
from voicecoach.phone.web.library import Library, Pack, View

DAY_FOLDER = "day"
_DAY_FILE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.mp3")


def is_own(parts: Sequence[str]) -> bool:
    """Whether the path ``parts`` is that of the feed, or of a day."""
    return list(parts) == [feed.FILE] or (len(parts) == 2 and parts[0] == DAY_FOLDER)


class OwnDays:
    """The client's own content of a library."""

    def __init__(
        self,
        library: Library,
        fresh: Callable[[str, str], Awaitable[Pack | None]],
        judge: Callable[[], Judge | None],
    ) -> None:
        """``fresh`` returns the newest build of a pack, ``judge`` who knows what is planned for
        her now."""
        self._library = library
        self._fresh = fresh
        self._judge = judge
        self._joiner = Joiner()
        self._planning = asyncio.Lock()

    async def content(self, parts: Sequence[str], address: str) -> Content | None:
        """What is at the path ``parts``; ``None`` if nothing is. ``address`` is the URL of the site
        in feeds. Raises ChangedError."""
        if list(parts) == [feed.FILE]:
            judge = self._judge()
            today = environment.today() if judge is None else judge.hers.today
            return Kept(feed.write_own(await self._episodes(address), address, today))
        match = _DAY_FILE.fullmatch(parts[-1])
        try:
            return None if match is None else await self._day(date.fromisoformat(match[1]))
        except ValueError:
            return None

    async def _day(self, on: date) -> DayFile | None:
        """The day ``on`` as one MP3; ``None`` unless a pack has what is planned for it."""
        judge = self._judge()
        day = -1 if judge is None else judge.hers.profile.day_of(on)
        for pack in self._packs(judge) if judge is not None and day > 0 else ():
            if pack.found.manifest.week != week_of(day):
                continue
            view = await self._view(pack)
            if view is None or day not in await self._right_days(judge, view):
                continue
            return await asyncio.to_thread(self._joined, view, day)
        return None

    def _joined(self, view: View, day: int) -> DayFile | None:
        parts = parts_of_day(view.manifest, day, view.contents)
        if not parts:
            return None
        try:
            return self._joiner.join(view.manifest, day, parts)
        except ChangedError:
            raise
        except StorageError:
            return None  # tracks of an older version, which do not join

    async def _episodes(self, address: str) -> list[feed.Episode]:
        """The sessions that are right, today's first; of a client without a profile, all."""
        judge = self._judge()
        today = 0 if judge is None else judge.hers.day
        found: list[tuple[tuple[int, ...], feed.Episode]] = []
        for pack in self._packs(judge):
            if judge is not None and pack.found.manifest.week < judge.hers.week:
                continue
            view = await self._view(pack)
            if view is None:
                continue
            url = f"{address}{pack.found.slug}/{pack.found.name}/"
            right = await self._right_days(judge, view)
            todays = files_of_day(view.manifest, today)
            for number, track in enumerate(view.manifest.tracks):
                days = tuple(day for day in track.days if day in right)
                if days and (track.asks or judge is None):
                    place = _place(days, today, todays.index(track.file) if today in days else 0)
                    episode = feed.Episode(
                        manifest=view.manifest, number=number, page_url=url, days=days
                    )
                    found.append(((*place, view.manifest.week, number), episode))
        return [episode for _, episode in sorted(found, key=lambda each: each[0])]

    async def _right_days(self, judge: Judge | None, view: View) -> set[int]:
        if judge is None:
            return {day for track in view.manifest.tracks for day in track.days}
        async with self._planning:  # a plan is worked out by one thread at a time
            return await asyncio.to_thread(judge.right_days, view.manifest)

    async def _view(self, pack: Pack) -> View | None:
        fresh = await self._fresh(pack.found.slug, pack.found.name)
        return fresh.views[0] if fresh is not None and fresh.views else None

    def _packs(self, judge: Judge | None) -> list[Pack]:
        """The packs of one programme in one language, in order of week."""
        packs = list(self._library.packs.values())
        if not packs:
            return []
        language = None if judge is None else judge.hers.profile.language

        def fitness(found: FoundPack) -> tuple[bool, bool, str]:
            listed = found.manifest
            return listed.language != language, listed.programme != BUILT_IN, found.slug

        slug = min((pack.found for pack in packs), key=fitness).slug
        return [pack for pack in packs if pack.found.slug == slug]


def _place(days: Sequence[int], today: int, number: int) -> tuple[int, int, int]:
    """What is done today comes first, in order; then what comes next, then what is over."""
    if today in days:
        return 0, 0, number
    coming = [day for day in days if day > today]
    return (1, coming[0], 0) if coming else (2, -days[-1], 0)
