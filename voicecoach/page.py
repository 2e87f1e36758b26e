"""A pack -> its page: one HTML file to choose, hear and see its sessions with."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from voicecoach.moments import moments
from voicecoach.page_words import PageWords, page_words
from voicecoach.track import Page, PageTrack

_TEMPLATE = "page.html"
_FOR_PEOPLE = re.compile(r"^[ \t]*(?://[^\n]*\n|/\*.*?\*/\n|\n)|^[ \t]+", re.MULTILINE | re.DOTALL)
"""Indents, and comments that have lines of their own."""


def html_page(page: Page) -> bytes:
    """The page, whole in itself but for the tracks and the cover beside it.

    The same input gives the same bytes. Its own words are in the language of the page, or in
    English where there are none in it.
    """
    words = page_words(page.language)
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lean"] = _lean
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return (
        environment.get_template(_TEMPLATE)
        .render(
            page=page,
            words=words,
            tracks=[(track, _days(track, words), _minutes(track, words)) for track in page.tracks],
            data=_data(page, words),
        )
        .encode()
    )


def _lean(source: str) -> str:
    """Style or script without what only people need."""
    return _FOR_PEOPLE.sub("", source)


def _days(track: PageTrack, words: PageWords) -> str:
    first, last = track.days[0], track.days[-1]
    if first == last:
        return words.one_day.format(day=first)
    if last - first + 1 == len(track.days):
        return words.days_in_a_row.format(first=first, last=last)
    return words.some_days.format(days=", ".join(map(str, track.days)))


def _minutes(track: PageTrack, words: PageWords) -> str:
    return words.minutes.format(minutes=max(1, round(track.timeline.duration_ms / 60_000)))


def _data(page: Page, words: PageWords) -> Mapping[str, Any]:
    """What the script of the page works with, besides what stands on the page itself."""
    shown = moments([track.timeline for track in page.tracks])
    place_of = {track.file: place for place, track in enumerate(page.tracks)}
    return {
        "language": page.language,
        "artist": page.artist,
        "words": asdict(words.moving),
        "texts": shown.texts,
        "utterances": shown.utterances,
        "passages": shown.passages,
        "sessions": [asdict(session) for session in shown.sessions],
        "days": [
            {"day": day.day, "title": day.title, "tracks": [place_of[file] for file in day.files]}
            for day in page.days
        ],
    }
