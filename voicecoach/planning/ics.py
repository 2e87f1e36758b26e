"""The plan as a file for a client's own calendar. No I/O."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from voicecoach import __version__, messages
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.translation import Translation
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.wording import session_title

EstimateMs = Callable[[PlannedSession], int]
"""About how long a session takes."""

NAME = "voicecoach"
"""Of the calendar."""
_MOST_OCTETS = 75
"""In a line, its end not counted (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
_MOST_CHECK_INS = 10_000
"""So many check-ins no edition of a programme lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Which version of the plan it is: what is imported later replaces what was there before.

    It tells nothing of the time of now, so the same plan is the same bytes.
    """

    number: int
    """Grows with each check-in, and with each edition of the programme."""
    on: date
    """The day of the latest check-in, or the beginning of the edition, whichever is later."""
    may_have_changed: bool = False
    """Whether an earlier calendar may have had more."""


def revision(edition: int, check_ins: Sequence[CheckIn], birth_date: date) -> Revision:
    """The version of the plan that ``check_ins`` make of a programme of ``edition``."""
    told = [birth_date + timedelta(days=each.day) for each in check_ins]
    return Revision(
        number=(edition - 2000) * _MOST_CHECK_INS + len(check_ins),
        on=max([date(edition, 1, 1), *told]),
        may_have_changed=bool(check_ins),
    )


def ics(
    days: Sequence[PlannedDay],
    birth_date: date,
    times_of_day: Sequence[time],
    words: Translation,
    estimate_ms: EstimateMs,
    version: Revision,
    link: str | None = None,
) -> bytes:
    """The sessions of ``days`` as a calendar: an event for each time of day, which lists what is
    done then, with the ``link`` to today's page. The same days are the same bytes.

    The sessions of a day are spread over ``times_of_day``, in the order of listening; events follow
    each other. An event keeps its UID for as long as it is the n-th of its day. One that an earlier
    version may have had is cancelled.
    """
    product = f"PRODID:-//voicecoach//voicecoach {__version__}//EN"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", product, f"NAME:{NAME}", f"X-WR-CALNAME:{NAME}"]
    minutes = {
        session: -(-estimate_ms(session) // 60_000)
        for session in dict.fromkeys(each for day in days for each in day.listening)
    }
    for day in days:
        on = birth_date + timedelta(days=day.day)
        free = datetime.combine(on, time())
        done = dict(_by_time(day.listening, len(times_of_day)))
        for place, wanted in enumerate(times_of_day):
            sessions = done.get(place, [])
            start = max(datetime.combine(on, wanted), free)
            free = start + timedelta(minutes=sum(minutes[each] for each in sessions))
            uid = f"{on:%Y%m%d}-{place + 1}@voicecoach"
            if sessions:
                listed = [(session_title(each, words), minutes[each]) for each in sessions]
                lines += _event(uid, listed, start, words, version, link)
            elif version.may_have_changed:
                lines += _cancelled(uid, start, version)
    lines.append("END:VCALENDAR")
    return b"".join(map(_folded, lines))


def _by_time(
    listening: Sequence[PlannedSession], times: int
) -> Iterator[tuple[int, list[PlannedSession]]]:
    """The sessions of a day at each of its ``times``, by its place."""
    places = [n * times // max(len(listening), times) for n in range(len(listening))]
    pairs = zip(places, listening, strict=True)
    for place, found in groupby(pairs, key=lambda pair: pair[0]):
        yield place, [session for _, session in found]


def _event(
    uid: str,
    listed: Sequence[tuple[str, int]],
    start: datetime,
    words: Translation,
    version: Revision,
    link: str | None,
) -> tuple[str, ...]:
    """``listed``: the title and the minutes of each session."""
    said = messages.words(words.language)
    total = sum(minutes for _, minutes in listed)
    title = ", ".join(dict.fromkeys(title for title, _ in listed)).translate(_ESCAPED)
    each = [said("calendar.session", title=title, minutes=n) for title, n in listed]
    about = "\n".join([*each, said("calendar.about", minutes=total)])
    return (
        "BEGIN:VEVENT",
        *_named(uid, start, version),
        f"DTEND:{start + timedelta(minutes=total):%Y%m%dT%H%M%S}",
        f"SUMMARY:{title}",
        f"DESCRIPTION:{about.translate(_ESCAPED)}",
        *([] if link is None else [f"URL:{link}"]),
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{title}",
        "END:VALARM",
        "END:VEVENT",
    )


def _cancelled(uid: str, start: datetime, version: Revision) -> tuple[str, ...]:
    about = (f"SUMMARY:{NAME}", "STATUS:CANCELLED", "CLASS:PRIVATE", "TRANSP:TRANSPARENT")
    return ("BEGIN:VEVENT", *_named(uid, start, version), *about, "END:VEVENT")


def _named(uid: str, start: datetime, version: Revision) -> tuple[str, ...]:
    return (
        f"UID:{uid}",
        f"SEQUENCE:{version.number}",
        f"DTSTAMP:{version.on:%Y%m%d}T000000Z",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
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
