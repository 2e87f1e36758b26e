"""A clock that goes back: what is dated tomorrow is a note at most, what is dated later stands in
no other's way, and what a wrong clock left in a profile can be mended."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Run

from voicecoach import environment
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.environment import TODAY_VARIABLE
from voicecoach.planning import plan
from voicecoach.planning.course import Course
from voicecoach.planning.gates import Reason
from voicecoach.practice import roster_file, roster_folder
from voicecoach.profile import client
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.check_ins import FILE
from voicecoach.profile.client import Hers

EAST, WEST = "EAST-12", "WEST+12"
"""Time zones whose calendars are exactly one day apart, whatever the time."""
TODAY = date(2026, 11, 27)
BORN = date(2026, 11, 1)

Answers = Callable[..., str]
by_time_zone = pytest.mark.skipif(os.name != "posix", reason="TZ names no time zone on Windows")


@pytest.fixture
def at(here: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """Runs a command in a time zone, and answers what it printed; nothing may go wrong."""
    monkeypatch.delenv(TODAY_VARIABLE)  # time zones are about the clock

    def run_at(zone: str, *arguments: str) -> str:
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        result = here(*arguments)
        assert result.returncode == 0, result.stderr
        assert "Traceback" not in result.stderr
        return result.stdout

    yield run_at
    monkeypatch.undo()
    time.tzset()


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def profile(folder: Path, **days: date | str) -> Path:
    told = {"birth_date": BORN, "started": BORN + timedelta(days=1), **days}
    lines = "".join(f"{key}: {value}\n" for key, value in told.items())
    return put(folder, client.FILE, f"format: 1\nlanguage: nl\n{lines}")


def found(folder: Path, today: date = TODAY) -> tuple[Hers, str]:
    notes: list[str] = []
    hers = client.find(folder, notes.append, today)
    assert hers is not None
    return hers, "\n".join(notes)


def reason(programme: Programme, hers: Hers, days_on: int = 0) -> Reason | None:
    return Course(programme, hers.situation).on(hers.day + days_on).reason


def contractions(programme: Programme, hers: Hers, days_on: int = 0) -> int:
    return plan.plan_day(programme, hers.day + days_on, situation=hers.situation).contraction_count


# Further east it is tomorrow already


def born_days_ago(days: int) -> str:
    return str(environment.today() - timedelta(days=days))


@by_time_zone
def test_a_check_in_of_after_midnight_counts_where_it_is_still_the_day_before(
    at: Answers, tmp_path: Path
) -> None:
    at(EAST, "init", "--birth-date", born_days_ago(25), "--started", born_days_ago(24), "--yes")
    at(EAST, "checkin", "--done", "--pain")
    days = json.loads(at(WEST, "plan", "--json"))["days"]
    assert any("Een lagere stap" in (day["note"] or "") for day in days)
    at(WEST, "plan", "--week", "4", "--ics", "sessions.ics")
    at(WEST, "checkin", "--done", "--no-pain")
    assert len((tmp_path / FILE).read_text().split("\n2")) == 3, "both check-ins are kept"


@by_time_zone
def test_who_gave_birth_today_further_east_is_served_further_west(
    at: Answers, run: Run, tmp_path: Path
) -> None:
    at(EAST, "init", "--birth-date", str(east_today(at, run, tmp_path)), "--yes")
    assert "Rust uit" in at(WEST, "init", "--name", "Mia")
    at(WEST, "plan")
    assert "Het staat erin" in at(WEST, "checkin", "--done", "--no-pain")
    at(EAST, "plan")


@by_time_zone
def test_a_feed_at_one_in_the_morning_belongs_to_the_evening(at: Answers, tmp_path: Path) -> None:
    """Wherever it is half past one now."""
    now = datetime.now(UTC)
    to_west = (now - now.replace(hour=1, minute=30)) // timedelta(minutes=1)
    here = f"HERE{'-' if to_west < 0 else '+'}{abs(to_west) // 60:02}:{abs(to_west) % 60:02}"
    evening = now.date() - timedelta(days=1)
    profile(tmp_path, birth_date=evening - timedelta(days=20), started=evening)
    at(here, "checkin", "--done", "--no-pain")
    assert (tmp_path / FILE).read_text().splitlines()[-1].startswith(f"{evening} ")
    assert "Vandaag is dag 20:" in at(here, "plan", "--week", "3")


def east_today(at: Answers, run: Run, folder: Path) -> date:
    """The day it is in the east, as the program sees it."""
    at(EAST, "init", "--birth-date", born_days_ago(3), "--yes")
    path = folder / client.FILE
    day = next(line for line in path.read_text().splitlines() if line.startswith("started: "))
    path.unlink()
    return date.fromisoformat(day.removeprefix("started: "))


@pytest.mark.parametrize("key", ["started", "cleared_on", "catheter_out_on"])
def test_a_day_of_tomorrow_in_a_profile_is_read(tmp_path: Path, key: str) -> None:
    profile(tmp_path, **{key: TODAY + timedelta(days=1)})
    hers, notes = found(tmp_path)
    assert (getattr(hers.profile, key), notes) == (TODAY + timedelta(days=1), "")


@pytest.mark.parametrize(
    "today", [date(2026, 12, 31), date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28)]
)
def test_tomorrow_is_the_next_day_of_the_calendar(tmp_path: Path, today: date) -> None:
    tomorrow = today + timedelta(days=1)
    profile(tmp_path, birth_date=today - timedelta(days=20), started=today - timedelta(days=19))
    put(tmp_path, FILE, f"{tomorrow} done=yes pain=yes\n")
    hers, notes = found(tmp_path, today)
    assert hers.check_ins == (CheckIn(day=21, done=True, pain=True),)
    assert f"{FILE}:1: this is the day after today ({today}); it counts" in notes
    assert "contractions" not in notes


def test_what_there_is_to_call_about_tomorrow_stops_today(
    tmp_path: Path, programme: Programme
) -> None:
    profile(tmp_path)
    put(tmp_path, FILE, f"{TODAY + timedelta(days=1)} call=yes\n")
    hers, _ = found(tmp_path)
    assert reason(programme, hers) is Reason.STOPPED
    assert contractions(programme, hers) == 0


def test_a_clearance_of_the_same_tomorrow_does_not_lift_it(
    tmp_path: Path, programme: Programme
) -> None:
    profile(tmp_path, cleared_on=TODAY + timedelta(days=1))
    put(tmp_path, FILE, f"{TODAY + timedelta(days=1)} call=yes\n")
    hers, _ = found(tmp_path)
    assert [contractions(programme, hers, days_on=n) for n in (0, 1, 2, 30)] == [0] * 4


def test_what_she_tells_just_now_is_not_of_tomorrow(here: Run, tmp_path: Path) -> None:
    tomorrow = str(environment.today() + timedelta(days=1))
    assert here("init", "--birth-date", tomorrow, "--yes").returncode == 2
    assert here("init", "--birth-date", born_days_ago(9), "--yes").returncode == 0
    assert here("init", "--started", tomorrow).returncode == 2
    assert here("checkin", "--date", tomorrow, "--done", "--no-pain").returncode == 2


def test_a_row_of_a_roster_may_be_of_tomorrow_and_no_later(tmp_path: Path) -> None:
    header = "client-id,birth-date,perineum,floor,catheter\n"
    rows = "".join(
        f"in-{n},{TODAY + timedelta(days=n)},tear,normal,no\n" for n in (0, 1, 2, 400, -9)
    )
    listed = roster_file.read(put(tmp_path, "roster.csv", header + rows), TODAY)
    assert [each.id for each in listed.clients] == ["in-0", "in-1", "in--9"]


def test_a_client_folder_may_be_of_tomorrow(tmp_path: Path) -> None:
    (tmp_path / "a-1").mkdir()
    profile(tmp_path / "a-1", started=TODAY + timedelta(days=1))
    assert [each.id for each in roster_folder.read(tmp_path, TODAY).clients] == ["a-1"]


# A whole day more


@pytest.mark.parametrize("line", ["{} done=yes pain=no", "{} done=yes felt=yes let-go=yes"])
def test_what_is_dated_later_is_told_and_left_out_and_all_else_counts(
    tmp_path: Path, programme: Programme, line: str
) -> None:
    profile(tmp_path)
    later = TODAY + timedelta(days=2)
    put(tmp_path, FILE, f"2026-11-25 done=yes pain=yes\n{line.format(later)}\n2026-11-26 done=no\n")
    hers, notes = found(tmp_path)
    assert [each.day for each in hers.check_ins] == [24, 25]
    assert f"{FILE}:2:1: {later} lies in the future (today is {TODAY})" in notes
    assert reason(programme, hers) is Reason.STEPPED_BACK
    assert contractions(programme, hers) > 0


@pytest.mark.parametrize(
    "answer", ["pain=yes", "heaviness=yes", "leaks=yes", "felt=no", "let-go=no", "call=yes"]
)
@pytest.mark.parametrize("days", [2, 400, -30])
def test_bad_news_of_a_day_that_cannot_be_counts_as_the_worst(
    tmp_path: Path, programme: Programme, answer: str, days: int
) -> None:
    profile(tmp_path, cleared_on=TODAY)
    put(tmp_path, FILE, f"{TODAY + timedelta(days=days)} done=yes {answer}\n2026-11-25 done=yes\n")
    hers, notes = found(tmp_path)
    assert [contractions(programme, hers, days_on=n) for n in (0, 1, 7, 90)] == [0] * 4
    assert "breathing alone until you correct what cannot be read (line 1)" in notes


def test_a_profile_of_a_day_later_is_refused_with_the_command_that_mends_it(
    here: Run, tmp_path: Path
) -> None:
    later = environment.today() + timedelta(days=2)
    born = environment.today() - timedelta(days=20)
    for key, option in (
        ("birth_date", "--birth-date DAY"),
        ("started", "--started DAY"),
        ("cleared_on", "--cleared-on DAY"),
        ("catheter_out_on", "--no-catheter"),
    ):
        profile(tmp_path, **{"birth_date": born, "started": born, key: later})
        result = here("plan")
        assert result.returncode == 1
        assert f"{key}: {later} ligt in de toekomst" in result.stderr
        assert f"herstel het met: voicecoach init {option}" in result.stderr


# What a wrong clock left in a profile


WRONG = environment.today() + timedelta(days=400)
"""Of a computer whose clock was a year ahead."""


@pytest.mark.parametrize(
    ("wrong", "mending", "right"),
    [
        (
            {"birth_date": WRONG, "started": WRONG + timedelta(days=1)},
            ("--birth-date", born_days_ago(20)),
            {"birth_date": born_days_ago(20), "started": born_days_ago(0)},
        ),
        (
            {"birth_date": WRONG, "started": born_days_ago(10)},
            ("--birth-date", born_days_ago(20)),
            {"birth_date": born_days_ago(20), "started": born_days_ago(10)},
        ),
        (
            {"birth_date": WRONG, "started": WRONG, "cleared_on": WRONG, "catheter_out_on": WRONG},
            ("--birth-date", born_days_ago(20)),
            {"cleared_on": None, "catheter_out_on": born_days_ago(0)},
        ),
        ({"started": WRONG}, ("--started", born_days_ago(3)), {"started": born_days_ago(3)}),
        ({"started": "2026-01-01"}, ("--started", born_days_ago(3)), {"started": born_days_ago(3)}),
        ({"started": "2026-1"}, ("--started", born_days_ago(3)), {"started": born_days_ago(3)}),
        ({"cleared_on": WRONG}, ("--not-cleared",), {"cleared_on": None}),
        (
            {"cleared_on": WRONG},
            ("--cleared-on", born_days_ago(2)),
            {"cleared_on": born_days_ago(2)},
        ),
        ({"catheter_out_on": WRONG}, ("--no-catheter",), {"catheter_out_on": born_days_ago(0)}),
        ({"times_of_day": "[21:00, 07:30]"}, ("--times", "07:30,21:00"), {}),
        ({"birth_date": "soon"}, ("--birth-date", born_days_ago(20)), {}),
        (
            {"birth_date": "9999-12-31", "started": "9999-12-31"},
            ("--birth-date", born_days_ago(20)),
            {"started": born_days_ago(0)},
        ),
    ],
)
def test_it_is_mended_by_the_command_that_tells_it_anew(
    here: Run,
    tmp_path: Path,
    wrong: dict[str, date | str],
    mending: tuple[str, ...],
    right: dict[str, str | None],
) -> None:
    born = environment.today() - timedelta(days=20)
    profile(tmp_path, **{"birth_date": born, "started": born, **wrong})
    refused = here("plan")
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    mended = here("init", *mending)
    assert mended.returncode == 0, mended.stderr
    written = client.read(tmp_path, environment.today())
    for key, value in right.items():
        assert str(getattr(written, key)) == str(value)
    assert here("plan").returncode == 0


def test_what_is_not_told_anew_is_refused_with_its_place_and_nothing_is_written(
    here: Run, tmp_path: Path
) -> None:
    path = profile(tmp_path, birth_date=WRONG, started=WRONG)
    before = path.read_bytes()
    result = here("init", "--name", "Mia")
    assert result.returncode == 1
    assert "voicecoach.yaml:3:1: birth_date" in result.stderr
    assert "init --birth-date DAY" in result.stderr
    assert path.read_bytes() == before


def test_a_birth_date_that_was_wrong_moves_nothing_that_can_be_so(tmp_path: Path) -> None:
    profile(tmp_path, cleared_on=date(2026, 11, 20))
    before = client.read(tmp_path, TODAY)
    after = profile_profile.changed(before, {"birth_date": date(2026, 10, 30)}, TODAY)
    assert (after.started, after.cleared_on) == (before.started, before.cleared_on)


def test_another_day_than_the_clocks_can_be_named(
    tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(TODAY_VARIABLE, str(BORN + timedelta(days=30)))
    assert here("checkin", "--done", "--yes").returncode == 0
    assert (tmp_path / FILE).read_text().splitlines()[-1].startswith("2026-12-01")
    monkeypatch.setenv(TODAY_VARIABLE, "tomorrow")
    refused = here("checkin", "--done", "--yes")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "VOICECOACH_TODAY: " in refused.stderr
