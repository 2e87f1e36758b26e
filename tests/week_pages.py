"""The pages of the built-in programme; the lengths of words are estimates, so nothing is spoken."""

from functools import cache

from voicecoach import scriptwriter, studio, timeline, week
from voicecoach.plan import PlannedSession
from voicecoach.timeline import Timeline
from voicecoach.track import Page, PageDay, PageTrack
from voicecoach.wording import estimate_ms
from voicecoach.words import Translation

PROGRAMME = studio.open_programme(None)
WEEK = 3
SHA256 = "0123456789abcdef" * 4


@cache
def page_of(language: str, number: int = WEEK) -> Page:
    """The page of a week."""
    words = PROGRAMME.translations[language]
    pack = week.plan_pack(PROGRAMME, words, number)
    return Page(
        language=language,
        title=pack.album,
        artist=words.artist,
        week=number,
        cover="cover.jpg",
        safety=("Stop.", "Call."),
        tracks=tuple(
            PageTrack(
                file=planned.file,
                sha256=SHA256,
                title=planned.title,
                days=planned.days,
                timeline=_timeline(planned.session, words),
            )
            for planned in pack.tracks
        ),
        days=tuple(
            PageDay(day=playlist.day, title=playlist.title, files=playlist.files)
            for playlist in pack.playlists
            if playlist.day is not None
        ),
    )


def _timeline(session: PlannedSession, words: Translation) -> Timeline:
    script = scriptwriter.write(session, words)
    return timeline.lay_out(script, lambda text: estimate_ms(text, script.rate_wpm))
