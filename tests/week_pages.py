"""The pages of the built-in programme; the lengths of words are estimates, so nothing is spoken.

A week of a fixed make-up stands in for week 3: tests of the page do not hang on the calendar.
"""

from functools import cache

from voicecoach.cli import context
from voicecoach.content.translation import Translation
from voicecoach.pack import layout
from voicecoach.pack.views import Page, PageDay, PageTrack
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import estimate_ms, session_title
from voicecoach.script import timeline, writer
from voicecoach.script.timeline import Timeline

PROGRAMME = context.open_programme(None)
WEEK = 3
SHA256 = "0123456789abcdef" * 4


_SESSIONS = (
    ("welcome-back", 15),
    ("breathing", 17),
    ("endurance", 15),
    ("explanation-quick", 20),
    ("endurance-one-set", 20),
    ("quick", 20),
)
"""Session and the day whose dose it has."""
_DAYS = {
    15: (0, 1, 2),
    **dict.fromkeys(range(16, 20), (2,)),
    20: (3, 4, 5, 4, 4),
    21: (4, 5, 4, 4),
}
"""What is listened to on each day, by place among the sessions."""


@cache
def page_of(language: str, number: int = WEEK) -> Page:
    """The page of a week; WEEK is the one of a fixed make-up."""
    words = PROGRAMME.translations[language]
    pack = _week(words) if number == WEEK else layout.plan_pack(PROGRAMME, words, number)
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
                timeline=timeline_of(planned.session, words),
            )
            for planned in pack.tracks
        ),
        days=tuple(
            PageDay(day=playlist.day, title=playlist.title, files=playlist.files)
            for playlist in pack.playlists
            if playlist.day is not None
        ),
        next_week=f"../week-{number + 1:02d}",
    )


def _week(words: Translation) -> layout.PlannedPack:
    tracks = []
    for place, (id_, day) in enumerate(_SESSIONS):
        session = plan.plan_session(PROGRAMME, id_, day)
        days = tuple(day for day, places in _DAYS.items() if place in places)
        title = session_title(session, words)
        file = f"w03-{place:02d}-{id_}.mp3"
        tracks.append(layout.PlannedTrack(file=file, title=title, session=session, days=days))
    playlists = tuple(
        layout.PlannedPlaylist(
            file=f"day-{day}.m3u8",
            title=words.labels.day.format(day=day),
            day=day,
            files=tuple(tracks[place].file for place in places),
        )
        for day, places in _DAYS.items()
    )
    album = words.labels.album.format(programme=words.title, week=WEEK)
    return layout.PlannedPack(
        week=WEEK, album=album, phase_number=3, tracks=tuple(tracks), playlists=playlists, days=()
    )


def timeline_of(session: PlannedSession, words: Translation) -> Timeline:
    script = writer.write(session, words)
    return timeline.lay_out(script, lambda text: estimate_ms(text, script.rate_wpm))
