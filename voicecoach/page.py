"""A pack -> its page: one HTML file to choose, hear and see its sessions with."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from voicecoach.moments import moments
from voicecoach.page_words import PageWords, page_words
from voicecoach.templating import template
from voicecoach.track import Page, PageTrack, days_in_words

_TEMPLATE = "page.html"


def html_page(page: Page) -> bytes:
    """The page, whole in itself but for the tracks and the cover beside it.

    The same input gives the same bytes. Its own words are in the language of the page, or in
    English where there are none in it.
    """
    words = page_words(page.language)
    return (
        template(_TEMPLATE)
        .render(
            page=page,
            words=words,
            tracks=[(track, _days(track, words), _minutes(track, words)) for track in page.tracks],
            data=_data(page, words),
        )
        .encode()
    )


def _days(track: PageTrack, words: PageWords) -> str:
    return days_in_words(
        track.days, one=words.one_day, run=words.days_in_a_row, some=words.some_days
    )


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
