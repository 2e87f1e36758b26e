"""The calendar for her phone, read back by a library that has nothing to do with ours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.planning import plan
from voicecoach.planning.ics import EstimateMs, Revision, ics, revision
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.wording import session_title
from voicecoach.profile.profile import Profile
from voicecoach.script import writer

BIRTH = date(2026, 11, 1)
HER = Profile(
    birth_date=BIRTH,
    started=BIRTH + timedelta(days=1),
    name="Zoë Janssen",
    times_of_day=(time(7, 30), time(13), time(21)),
)


FIRST = revision(2026, (), BIRTH)


def eight_minutes(session: PlannedSession) -> int:
    return 8 * 60_000 - 1


@pytest.fixture(scope="module")
def month(programme: Programme) -> tuple[PlannedDay, ...]:
    return plan.plan_weeks(programme, range(1, 5))


def calendar_of(
    profile: Profile,
    days: Sequence[PlannedDay],
    words: Translation,
    estimate_ms: EstimateMs,
    version: Revision = FIRST,
) -> bytes:
    return ics(days, profile.birth_date, profile.times_of_day, words, estimate_ms, version)


def events(data: bytes) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def by_day(data: bytes) -> dict[date, list[Any]]:
    days: dict[date, list[Any]] = {}
    for event in events(data):
        assert event.errors == []
        days.setdefault(event.start.date(), []).append(event)
    return days


def test_each_event_links_to_where_today_is_if_there_is_such_a_place(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    link = "http://192.168.1.20:8765/today"
    born, times = HER.birth_date, HER.times_of_day
    linked = ics(month, born, times, dutch, eight_minutes, FIRST, link)
    assert {str(event["URL"]) for event in events(linked)} == {link}
    assert b"URL" not in ics(month, born, times, dutch, eight_minutes, FIRST)


def test_an_event_for_each_time_of_day_lists_what_is_done_then_in_order(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    days = by_day(calendar_of(HER, month, dutch, eight_minutes))
    for day in month:
        found = sorted(days[BIRTH + timedelta(days=day.day)], key=lambda e: e.start)
        assert len(found) == min(len(day.listening), len(HER.times_of_day))
        listed = [line for e in found for line in str(e["DESCRIPTION"]).split("\n")[:-1]]
        titles = [session_title(session, dutch) for session in day.listening]
        assert listed == [f"{title} (8 min)" for title in titles]
        for event in found:
            own = str(event["DESCRIPTION"]).split("\n")[:-1]
            assert all(line.removesuffix(" (8 min)") in str(event["SUMMARY"]) for line in own)


def test_it_is_a_calendar_of_its_own(month: tuple[PlannedDay, ...], dutch: Translation) -> None:
    calendar = icalendar.Calendar.from_ical(calendar_of(HER, month, dutch, eight_minutes))
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "voicecoach"


def test_what_is_imported_again_replaces_what_was_there(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    told = (CheckIn(day=9, pain=True), CheckIn(day=10, done=True))
    later = revision(2026, told, BIRTH)
    assert later.number > FIRST.number and later.on == BIRTH + timedelta(days=10)
    assert revision(2027, (), BIRTH).number > later.number
    before = events(calendar_of(HER, month, dutch, eight_minutes))
    fewer = [replace(day, listening=day.listening[:1]) for day in month]
    after = events(calendar_of(HER, fewer, dutch, eight_minutes, later))
    uids = {str(e["UID"]) for e in after}
    assert {str(e["UID"]) for e in before} <= uids
    kept = [e for e in after if str(e.get("STATUS", "")) != "CANCELLED"]
    assert len(kept) == len(month)
    for event in after:
        assert int(event["SEQUENCE"]) == later.number > int(before[0]["SEQUENCE"])
        assert event.decoded("DTSTAMP").date() == later.on


def test_an_event_lasts_as_long_as_its_sessions_and_says_so(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    for event in events(calendar_of(HER, month, dutch, eight_minutes)):
        *listed, about = str(event["DESCRIPTION"]).split("\n")
        minutes = 8 * len(listed)
        assert event.end - event.start == timedelta(minutes=minutes)
        assert about == f"Duurt ongeveer {minutes} min."


def test_the_times_are_those_of_wherever_the_phone_is(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    data = calendar_of(HER, month, dutch, eight_minutes)
    assert all(event.start.tzinfo is None for event in events(data))
    assert b"TZID" not in data


def test_the_phone_rings_when_a_session_begins(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    for event in events(calendar_of(HER, month, dutch, eight_minutes)):
        (alarm,) = event.walk("VALARM")
        assert str(alarm["ACTION"]) == "DISPLAY"
        assert alarm.decoded("TRIGGER") == timedelta(0)
        assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])


@pytest.mark.parametrize(
    ("sessions", "starts"),
    [
        (1, ["07:30"]),
        (2, ["07:30", "13:00"]),
        (3, ["07:30", "13:00", "21:00"]),
        (4, ["07:30", "13:00", "21:00"]),
        (6, ["07:30", "13:00", "21:00"]),
    ],
)
def test_the_sessions_of_a_day_are_spread_over_her_times(
    month: tuple[PlannedDay, ...], dutch: Translation, sessions: int, starts: list[str]
) -> None:
    day = of_length(month[0], sessions)
    found = events(calendar_of(HER, [day], dutch, eight_minutes))
    assert [f"{event.start:%H:%M}" for event in found] == starts


def of_length(day: PlannedDay, sessions: int) -> PlannedDay:
    return replace(day, listening=(day.listening * sessions)[:sessions])


@settings(max_examples=50)
@given(
    times=st.sets(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1),
    minutes=st.integers(1, 40),
    sessions=st.integers(1, 9),
)
def test_no_two_sessions_of_a_day_overlap(
    month: tuple[PlannedDay, ...],
    dutch: Translation,
    times: set[time],
    minutes: int,
    sessions: int,
) -> None:
    her = replace(HER, times_of_day=tuple(sorted(times)))
    data = calendar_of(
        her, [of_length(month[0], sessions)], dutch, lambda session: minutes * 60_000
    )
    found = events(data)
    assert len(found) == min(sessions, len(times))
    for earlier, later in pairwise(found):
        assert earlier.end <= later.start
    assert found[0].start.time() == min(times)


def test_the_same_plan_is_the_same_bytes_and_every_event_has_its_own_name(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    data = calendar_of(HER, month, dutch, eight_minutes)
    assert data == calendar_of(HER, month, dutch, eight_minutes)
    names = [str(event["UID"]) for event in events(data)]
    assert len(set(names)) == len(names)


def test_an_event_keeps_its_name_whatever_else_changes(
    month: tuple[PlannedDay, ...], dutch: Translation, programme: Programme
) -> None:
    her = replace(HER, times_of_day=(time(9),), name=None)
    english = programme.translations["en"]
    before = events(calendar_of(HER, month, dutch, eight_minutes))
    after = events(calendar_of(her, month[7:], english, lambda session: 60_000))
    assert {str(e["UID"]) for e in after} < {str(e["UID"]) for e in before}


def test_nothing_of_hers_stands_in_it(month: tuple[PlannedDay, ...], dutch: Translation) -> None:
    text = calendar_of(HER, month, dutch, eight_minutes).decode()
    assert "Zoë" not in text and "Janssen" not in text
    assert f"{BIRTH:%Y%m%d}" not in text and BIRTH.isoformat() not in text
    known = {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "CLASS",
        "TRANSP",
    }
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        assert set(event.keys()) == known
        assert event["CLASS"] == "PRIVATE"


@settings(max_examples=50)
@given(title=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=120))
def test_any_title_is_read_back_and_no_line_is_too_long(
    month: tuple[PlannedDay, ...], dutch: Translation, title: str
) -> None:
    day = of_length(month[0], 1)
    escaped = title.replace("{", "(").replace("}", ")")
    sessions = {**dutch.sessions, day.listening[0].id: escaped}
    data = calendar_of(HER, [day], replace(dutch, sessions=sessions), eight_minutes)
    (event,) = events(data)
    assert str(event["SUMMARY"]) == escaped
    assert data.endswith(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines)


def test_a_whole_year_is_made_in_no_time(programme: Programme, dutch: Translation) -> None:
    weeks = range(1, plan.last_week(programme) + 1)
    days = plan.plan_weeks(programme, weeks)
    asked: list[PlannedSession] = []

    def counted(session: PlannedSession) -> int:
        asked.append(session)
        return writer.session_ms(session, dutch)

    data = calendar_of(HER, days, dutch, counted)
    assert len(asked) == len(set(asked)), "each distinct session is estimated once"
    last = max(event.start for event in events(data))
    assert last.date() == BIRTH + timedelta(days=programme.last_day)
    assert isinstance(last, datetime)


def test_in_a_language_of_her_own_it_speaks_english(
    month: tuple[PlannedDay, ...], dutch: Translation
) -> None:
    data = calendar_of(HER, month[:1], replace(dutch, language="fy"), eight_minutes)
    assert str(events(data)[0]["DESCRIPTION"]).endswith("Takes about 16 min.")
