"""A pack -> its page: one HTML file in which to choose, play and follow its sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from voicecoach import messages
from voicecoach.messages import Words, template
from voicecoach.pack.moments import moments
from voicecoach.pack.views import Page, days_in_words

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
            is_today=False,
            decimal_mark=words("decimal_mark"),
            tracks=[
                (track, days_of(track.days, words), minutes_of(track.timeline.duration_ms, words))
                for track in page.tracks
            ],
            data=_data(page, words),
        )
        .encode()
    )


def days_of(days: Sequence[int], words: Words) -> str:
    """The days of a track, for people."""
    return days_in_words(
        days,
        one=words("page.one_day"),
        run=words("page.days_in_a_row"),
        some=words("page.some_days"),
        last=words("dates.days_and"),
    )


def minutes_of(duration_ms: int, words: Words) -> str:
    """How long a track takes, for people."""
    return words("page.minutes", minutes=max(1, round(duration_ms / 60_000)))


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
