"""Manifests -> the feed of a pack for podcast apps, and the page to choose a week on."""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from itertools import groupby

from voicecoach import __version__, messages
from voicecoach.messages import Words, template
from voicecoach.pack.manifest import COVER_FILE, FoundPack, Manifest, TrackEntry
from voicecoach.pack.views import days_in_words, versioned

_PAGE_TEMPLATE = "weeks.html"


def html_page(found: Sequence[FoundPack], feeds: str = "") -> bytes:
    """An HTML page without scripts, with links to the page and the feed of each pack, and to the
    one feed. ``feeds`` is the path of the site with the key that can only read, which ends in
    ``/``.

    The program's words are in the language of the first pack, or else in English.
    """
    sections = [
        (messages.words(members[0].manifest.language), members)
        for members in (list(packs) for _, packs in groupby(found, key=lambda pack: pack.slug))
    ]
    page = template(_PAGE_TEMPLATE).render(
        words=sections[0][0] if sections else messages.words(messages.ENGLISH),
        sections=sections,
        feeds=feeds,
    )
    return page.encode()


FILE = "feed.xml"
CHAPTERS_SUFFIX = ".chapters.json"
_OF_FEED = (FILE, CHAPTERS_SUFFIX, COVER_FILE, ".mp3", ".vtt")
_TEMPLATE = "feed.xml"
_IN_ORDER, _NEWEST_ON_TOP = "serial", "episodic"
_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace UUID of podcasts: https://github.com/Podcastindex-org/podcast-namespace, ``guid``."""
_MOST_TRACKS = 100
"""More than a week ever has, so that the dates of two weeks do not overlap."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_of_feed(path: Sequence[str]) -> bool:
    """Whether a feed is, or names, what is at ``path``: all that its key can read."""
    return bool(path) and path[-1].endswith(_OF_FEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A track in the feed of a client."""

    manifest: Manifest
    """Of its pack."""
    number: int
    """Its place among the tracks of the pack, from 0."""
    page_url: str
    """Of the page of the pack; an absolute URL that ends in ``/``."""
    days: tuple[int, ...]
    """On which it is right for her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    title: str
    description: str
    guid: str
    date: str
    duration_s: int
    bytes: int
    url: str
    chapters_url: str
    captions_url: str | None
    season: int
    """Its week."""
    episode: int
    """Its number in the week, from 1."""


def write(manifest: Manifest, page_url: str) -> bytes:
    """The feed of the pack whose page is at ``page_url``, an absolute URL that ends in ``/``.

    Its identifiers depend only on programme, language, week and session: not on the address, nor
    on the build.
    """
    words = messages.words(manifest.language)
    days = [day for track in manifest.tracks for day in track.days]
    text = template(_TEMPLATE, _shown).render(
        title=manifest.title,
        language=manifest.language,
        artist=manifest.artist,
        order=_IN_ORDER,
        page_url=page_url,
        feed_url=page_url + FILE,
        cover_url=_urls(manifest, page_url).get(COVER_FILE),
        guid=uuid.uuid5(_NAMESPACE, _stable_name(manifest)),
        about=words("feed.about", days=_days(days, words)),
        version=__version__,
        items=[
            _item(
                Episode(manifest=manifest, number=number, page_url=page_url, days=track.days),
                _date(manifest, number),
            )
            for number, track in enumerate(manifest.tracks)
        ],
    )
    return text.encode()


def write_own(episodes: Sequence[Episode], address: str, today: date) -> bytes:
    """The one feed of a client: ``episodes`` as they are right for her ``today``, in order.

    ``address`` is the URL of the site. An episode keeps its identifier for as long as it is of the
    same programme, language, week, session and first day. Their dates put them in order in apps,
    the first on top; none lies in the future.
    """
    first = episodes[0].manifest if episodes else None
    language = messages.ENGLISH if first is None else first.language
    words = messages.words(language)
    noon = datetime.combine(today - timedelta(days=1), time(12), UTC)
    text = template(_TEMPLATE, _shown).render(
        title=words("feed.own_title"),
        language=language,
        artist="voicecoach" if first is None else first.artist,
        order=_NEWEST_ON_TOP,
        page_url=address,
        feed_url=address + FILE,
        cover_url=first and _urls(first, episodes[0].page_url).get(COVER_FILE),
        guid=uuid.uuid5(_NAMESPACE, "voicecoach" if first is None else _stable_course(first)),
        about=words("feed.own_about"),
        version=__version__,
        items=[
            _item(episode, format_datetime(noon - timedelta(minutes=place)))
            for place, episode in enumerate(episodes)
        ],
    )
    return text.encode()


def _urls(manifest: Manifest, page_url: str) -> dict[str, str]:
    return {
        entry.file: page_url + versioned(entry.file, entry.sha256) for entry in manifest.all_files
    }


def chapters(track: TrackEntry) -> bytes:
    """The chapters of ``track`` in the podcast namespace's JSON format, version 1.2."""
    listed = [
        {
            "startTime": chapter.start_ms / 1000,
            "endTime": chapter.end_ms / 1000,
            "title": chapter.title,
        }
        for chapter in track.chapters
    ]
    content = {"version": "1.2.0", "title": track.title, "chapters": listed}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _shown(value: object) -> object:
    """``value`` without characters that XML forbids."""
    return _NOT_XML.sub("", value) if type(value) is str else value


def _item(episode: Episode, published: str) -> _Item:
    manifest, page_url = episode.manifest, episode.page_url
    track = manifest.tracks[episode.number]
    urls = _urls(manifest, page_url)
    headings = "; ".join(chapter.title for chapter in track.chapters)
    days = _days(episode.days, messages.words(manifest.language))
    return _Item(
        title=track.title,
        description=f"{days}. {headings}.",
        guid=f"{_stable_name(manifest)}/{track.session}/day-{min(track.days, default=0)}",
        date=published,
        duration_s=round(track.duration_ms / 1000),
        bytes=track.bytes,
        url=urls[track.file],
        chapters_url=page_url + track.beside(CHAPTERS_SUFFIX),
        captions_url=urls.get(track.beside(".vtt")),
        season=manifest.week,
        episode=episode.number + 1,
    )


def _stable_course(manifest: Manifest) -> str:
    return f"voicecoach/{manifest.programme}/{manifest.language}"


def _stable_name(manifest: Manifest) -> str:
    return f"{_stable_course(manifest)}/week-{manifest.week:02}"


def _date(manifest: Manifest, number: int) -> str:
    """A fixed date, a minute later for each track, so that apps keep the order."""
    minutes = (manifest.week - 1) * _MOST_TRACKS + number
    first = datetime(manifest.edition, 1, 1, tzinfo=UTC)
    return format_datetime(first + timedelta(minutes=minutes))


def _days(days: Sequence[int], words: Words) -> str:
    """For example "Day 15", "Days 15–19" or "Days 15, 17 and 18"."""
    return days_in_words(
        sorted(set(days)),
        one=words("feed.day"),
        run=words("feed.run"),
        some=words("feed.some"),
        last=words("dates.days_and"),
    )
