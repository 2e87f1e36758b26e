"""A pack -> its page: one HTML file in which to choose, play and follow its sessions."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from voicecoach import messages
from voicecoach.messages import Words
from voicecoach.pack.moments import moments
from voicecoach.pack.views import Page, PageTrack, days_in_words
from voicecoach.templating import template

_TEMPLATE = "page.html"


def html_page(page: Page) -> bytes:
    """The page, self-contained except for the tracks and the cover beside it.

    The same input gives the same bytes. The program's words are in the language of the page, or
    else in English.
    """
    words = messages.words(page.language)
    return (
        template(_TEMPLATE)
        .render(
            page=page,
            words=words.section("page"),
            language=words.language,
            direction=words.direction,
            today=words("page_script.today"),
            tracks=[(track, _days(track, words), _minutes(track, words)) for track in page.tracks],
            data=_data(page, words),
        )
        .encode()
    )


def _days(track: PageTrack, words: Words) -> str:
    return days_in_words(
        track.days,
        one=words("page.one_day"),
        run=words("page.days_in_a_row"),
        some=words("page.some_days"),
    )


def _minutes(track: PageTrack, words: Words) -> str:
    return words("page.minutes", minutes=max(1, round(track.timeline.duration_ms / 60_000)))


def _data(page: Page, words: Words) -> Mapping[str, Any]:
    """The data for the page's script, besides what is on the page itself."""
    shown = moments([track.timeline for track in page.tracks])
    place_of = {track.file: place for place, track in enumerate(page.tracks)}
    return {
        "language": page.language,
        "artist": page.artist,
        "words": words.section("page_script"),
        "texts": shown.texts,
        "utterances": shown.utterances,
        "passages": shown.passages,
        "sessions": [asdict(session) for session in shown.sessions],
        "days": [
            {"day": day.day, "title": day.title, "tracks": [place_of[file] for file in day.files]}
            for day in page.days
        ],
    }
