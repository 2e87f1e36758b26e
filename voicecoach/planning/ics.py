"""Planned days -> a calendar file (RFC 5545), for reminders in the phone's own calendar. No I/O.

It holds nothing of hers but which sessions are done when. The times are those of wherever the phone
is (RFC 5545 calls them floating).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from voicecoach import __version__, messages
from voicecoach.content.translation import Translation
from voicecoach.planning.planner import PlannedDay, PlannedSession
from voicecoach.planning.wording import session_title

EstimateMs = Callable[[PlannedSession], int]
"""About how long a session takes."""

_MOST_OCTETS = 75
"""In a line, its end not counted (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


def ics(
    days: Sequence[PlannedDay],
    birth_date: date,
    times_of_day: Sequence[time],
    words: Translation,
    estimate_ms: EstimateMs,
) -> bytes:
    """The sessions of ``days`` as a calendar. The same days are the same bytes.

    The sessions of a day are spread over ``times_of_day``, in the order of listening; those of one
    time follow each other. An event keeps its UID for as long as its session is the n-th of its
    kind on its day.
    """
    product = f"PRODID:-//voicecoach//voicecoach {__version__}//EN"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", product]
    minutes = {
        session: -(-estimate_ms(session) // 60_000)
        for session in dict.fromkeys(each for day in days for each in day.listening)
    }
    for day in days:
        on = birth_date + timedelta(days=day.day)
        starts = _starts(on, [minutes[each] for each in day.listening], times_of_day)
        ids = [session.id for session in day.listening]
        for n, (session, start) in enumerate(zip(day.listening, starts, strict=True)):
            uid = f"{on:%Y%m%d}-{session.id}-{ids[:n].count(session.id) + 1}@voicecoach"
            lines += _event(uid, session_title(session, words), start, minutes[session], words)
    lines.append("END:VCALENDAR")
    return b"".join(map(_folded, lines))


def _starts(on: date, minutes: Sequence[int], times: Sequence[time]) -> Iterator[datetime]:
    """When each of the sessions of a day begins, of which ``minutes`` tells the lengths."""
    free = datetime.combine(on, times[0])
    for n, length in enumerate(minutes):
        wanted = datetime.combine(on, times[n * len(times) // max(len(minutes), len(times))])
        start = max(wanted, free)
        yield start
        free = start + timedelta(minutes=length)


def _event(
    uid: str, title: str, start: datetime, minutes: int, words: Translation
) -> tuple[str, ...]:
    about = messages.words(words.language)("calendar.about", minutes=minutes)
    return (
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{start:%Y%m%d}T000000Z",  # has to stand here, and must not tell the time of now
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%S}",
        f"SUMMARY:{title.translate(_ESCAPED)}",
        f"DESCRIPTION:{about.translate(_ESCAPED)}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{title.translate(_ESCAPED)}",
        "END:VALARM",
        "END:VEVENT",
    )


def _folded(line: str) -> bytes:
    """``line`` in parts of at most 75 octets that cut no character, each with its end."""
    parts = [b""]
    for char in line:
        octets = char.encode()
        if len(parts[-1]) + len(octets) > _MOST_OCTETS:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
