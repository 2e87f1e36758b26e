"""What a pelvic physiotherapist saw go wrong, tried again through the commands."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, run_here

from voicecoach import environment

Day = dict[str, Any]


class Mother:
    """A client in a folder of her own, ``day`` days after the birth."""

    def __init__(self, folder: Path, day: int, *options: str, started: int = 1) -> None:
        self.folder = folder
        self.day = day
        self.birth = environment.today() - timedelta(days=day)
        told = ("--language", "nl", "--no-catheter", "--started", self.on(started), *options)
        self.do("init", "--birth-date", str(self.birth), "--yes", *told)

    def on(self, day: int) -> str:
        return str(self.birth + timedelta(days=day))

    def do(self, *arguments: str) -> str:
        done = run_here(self.folder, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tells(self, day: int, *answers: str) -> str:
        return self.do("checkin", "--date", self.on(day), "--yes", *answers)

    def plan(self) -> dict[int, Day]:
        days: list[Day] = json.loads(self.do("plan", "--json"))["days"]
        return {day["day"]: day for day in days}


Comes = Callable[..., Mother]


@pytest.fixture
def comes(tmp_path: Path, run: Run) -> Comes:
    """A mother who comes on a day."""

    def mother(day: int, *options: str, started: int = 1) -> Mother:
        return Mother(tmp_path, day, *options, started=started)

    return mother


def total(day: Day, number: str) -> int:
    return sum(session[number] for session in day["sessions"])


def ids(day: Day) -> list[str]:
    return [session["session"] for session in day["sessions"]]


def test_pain_on_day_200_does_not_rewind_how_often(comes: Comes) -> None:
    hers = comes(200)
    before = hers.plan()
    hers.tells(200, "--done", "--pain")
    after = hers.plan()
    for day in range(201, 365):
        for number in ("contractions", "under_tension_ms", "intensity_percent"):
            assert total(after[day], number) <= total(before[day], number), day


@pytest.mark.parametrize("sign", ["--pain", "--heaviness"])
def test_trouble_on_days_in_a_row_stops_and_says_whom_to_call(comes: Comes, sign: str) -> None:
    hers = comes(30)
    hers.tells(29, "--done", sign)
    text = hers.tells(30, "--done", sign)
    assert "Bel je verloskundige, je huisarts of je bekkenfysiotherapeut." in text
    days = hers.plan()
    assert {days[day]["reason"] for day in range(30, 365)} == {"stopped"}
    assert not any(days[day]["may_contract"] for day in range(30, 365))
    assert "Niet oefenen sinds dag 30, alleen ademen." in hers.do("plan").splitlines()[0]


def test_felt_again_with_pain_begins_nothing(comes: Comes) -> None:
    hers = comes(6)
    hers.tells(5, "--not-felt")
    hers.tells(6, "--felt", "--pain", "--heaviness")
    assert not any(total(day, "contractions") for n, day in hers.plan().items() if n > 5)


def test_signs_before_the_first_contraction_put_it_off_and_the_reply_says_so(comes: Comes) -> None:
    hers = comes(4)
    text = hers.tells(4, "--pain", "--heaviness")
    assert "blijft zoals het was" not in text
    assert "Je plan verandert vanaf morgen" in text
    assert not total(hers.plan()[5], "contractions")


def test_silence_after_heaviness_is_no_good_day(comes: Comes) -> None:
    hers = comes(31)
    hers.tells(31, "--done", "--heaviness")
    days = hers.plan()
    assert {days[day]["step"] for day in range(33, 365)} == {5}


@pytest.mark.parametrize("started", [14, 30, 60, 200])
def test_a_late_starter_breathes_first_with_all_words(comes: Comes, started: int) -> None:
    days = comes(started, started=started).plan()
    assert not any(total(days[started + n], "contractions") for n in range(3))
    first = next(s for s in days[started]["sessions"] if s["session"] == "breathing")
    assert "weinig woorden" not in first["title"]
    assert days[started + 3]["step"] == 1
    talks = [sum(id_.startswith("explanation") for id_ in ids(days[d])) for d in days]
    assert max(talks) == 1


def test_seven_days_not_done_are_a_step_lower(comes: Comes) -> None:
    hers = comes(60)
    for day in range(53, 60):
        hers.tells(day, "--not-done")
    assert hers.plan()[60]["step"] == 8
    assert hers.plan()[60]["reason"] == "paused"


def test_after_oasi_one_date_does_not_unlock_everything(comes: Comes) -> None:
    hers = comes(11, "--perineum", "oasi")
    hers.do("init", "--cleared-on", hers.on(10), "--yes")
    days = hers.plan()
    assert {days[day]["step"] for day in range(17, 365)} == {2}
    hers.do("init", "--cleared-to", "4", "--yes")
    assert hers.plan()[60]["step"] == 4


def test_nobody_hears_of_running_while_stopped(comes: Comes) -> None:
    hers = comes(101)
    assert "explanation-running" in ids(hers.plan()[122])
    hers.tells(101, "--call")
    assert all("explanation-running" not in ids(day) for day in hers.plan().values())


def test_letting_go_begins_with_its_talk_and_all_words(comes: Comes) -> None:
    hers = comes(25)
    hers.tells(25, "--cannot-let-go")
    first = hers.plan()[26]
    assert "explanation-letting-go" in ids(first)
    title = next(s["title"] for s in first["sessions"] if s["session"] == "letting-go")
    assert "weinig woorden" not in title


@pytest.mark.parametrize(("answer", "reason"), [("--not-felt", "not-felt"), ("--pain", "rests")])
def test_what_init_is_told_of_today_counts_from_tomorrow(
    comes: Comes, answer: str, reason: str
) -> None:
    hers = comes(30, answer)
    assert hers.plan()[31]["reason"] == reason
    assert not hers.plan()[31]["may_contract"]
