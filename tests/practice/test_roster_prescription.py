"""A roster prescribes: what its cells say goes into the client's file, and wins over it."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Programme
from voicecoach.errors import ContentError, Problem
from voicecoach.practice import prescription_cells, roster_file, roster_prescription
from voicecoach.practice.roster import Client
from voicecoach.profile import prescription_file
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import MOST, Entry, Prescriptions
from voicecoach.profile.profile import Profile

TODAY = date(2026, 11, 28)
UNTIL = date(2026, 12, 20)
BY = "A. de Vries, 12345"
ROW = Problem(file="roster.csv", line=7, column=1, path="", message="")
HEADER = (
    "client-id;bevallen-op;perineum;bekkenbodem;katheter;oefening;vasthouden-s;keer;rondes;procent;"
    "sessies-per-dag;beginhouding;zonder;tot-en-met;voorgeschreven-door\n"
)


def client(tmp_path: Path, cells: str) -> Client:
    path = tmp_path / "roster.csv"
    path.write_text(f"{HEADER}a-1;29-10-2026;heel;gewoon;nee;{cells}\n", encoding="utf-8")
    read = roster_file.read(path, TODAY)
    assert not read.unusable, read.unusable
    return read.clients[0]


def hers(*entries: Entry) -> Hers:
    birth_date = TODAY - timedelta(days=30)
    return Hers(
        profile=Profile(birth_date=birth_date, started=birth_date + timedelta(days=1)),
        check_ins=(),
        prescriptions=Prescriptions(current=entries),
        today=TODAY,
    )


def told(**prescribed: object) -> Client:
    cells: Mapping[str, object] = prescribed
    return Client(id="a-1", prescribed=cells, row=ROW)


def test_a_line_of_a_dutch_roster_prescribes(programme: Programme, tmp_path: Path) -> None:
    cells = f"endurance;3,0;6;2;30;2;side;quick;20-12-2026;{BY}"
    found = roster_prescription.keep(client(tmp_path, cells), tmp_path, programme, hers())
    [entry] = prescription_file.read(tmp_path).current
    assert found.prescriptions.current == (entry,)
    assert entry == Entry(
        exercise="endurance",
        programme="pelvic-floor",
        hold_s=3,
        reps=6,
        sets=2,
        intensity_percent=Intensity(low_percent=30, high_percent=30),
        times_a_day=2,
        starting_position="side",
        leave_out=("quick",),
        from_date=TODAY,
        until=UNTIL,
        by=BY,
    )
    again = roster_prescription.keep(client(tmp_path, cells), tmp_path, programme, found)
    assert again is found, "the same line changes nothing"


def test_titles_name_exercises_and_positions_too(programme: Programme, tmp_path: Path) -> None:
    cells = f"Duurkracht;3;6;2;30 %;2;op je zij;Snelle kracht, coughing;20-12-2026;{BY}"
    found = roster_prescription.keep(client(tmp_path, cells), tmp_path, programme, hers())
    [entry] = found.prescriptions.current
    assert (entry.exercise, entry.starting_position) == ("endurance", "side")
    assert entry.leave_out == ("quick", "coughing")


def test_what_is_wrong_in_her_file_has_its_line(programme: Programme, tmp_path: Path) -> None:
    by_hand = Entry(exercise="plank", hold_s=3, from_date=TODAY, until=UNTIL, by=BY, line=6)
    with pytest.raises(ContentError, match=r"prescription\.yaml:6:5: .*no exercise plank"):
        roster_prescription.keep(Client(id="a-1"), tmp_path, programme, hers(by_hand))


def test_empty_cells_prescribe_nothing(programme: Programme, tmp_path: Path) -> None:
    assert client(tmp_path, ";;;;;;;;;").prescribed == {}
    before = hers()
    assert roster_prescription.keep(told(), tmp_path, programme, before) is before
    assert not (tmp_path / prescription_file.FILE).exists()


def test_a_filled_cell_wins_over_the_file(programme: Programme, tmp_path: Path) -> None:
    in_file = Entry(
        exercise="endurance", hold_s=5, reps=6, from_date=date(2026, 11, 20), until=UNTIL, by=BY
    )
    found = roster_prescription.keep(told(hold_s=3), tmp_path, programme, hers(in_file))
    [entry] = found.prescriptions.current
    assert (entry.hold_s, entry.reps, entry.until, entry.from_date) == (3, 6, UNTIL, TODAY)
    assert [each.until for each in found.prescriptions.earlier] == [TODAY - timedelta(days=1)]
    later = UNTIL + timedelta(days=7)
    longer = roster_prescription.keep(told(until=later), tmp_path, programme, hers(in_file))
    [entry] = longer.prescriptions.current
    assert (entry.from_date, entry.until) == (in_file.from_date, later), "only its end moves"


def test_a_cell_holds_what_an_option_does(tmp_path: Path) -> None:
    stretch = client(tmp_path, f"knee-to-chest;120,0;100;20;;12;;;20-12-2026;{BY}").prescribed
    assert [stretch[key] for key in MOST] == [120, 100, 20, 12]
    for most in MOST.values():
        with pytest.raises(ValueError, match=f"a whole number from 1 to {most} is expected"):
            prescription_cells.whole(most)(str(most + 1))


def test_what_is_missing_or_beyond_the_limits_is_refused(
    programme: Programme, tmp_path: Path
) -> None:
    is_over = TODAY - timedelta(days=1)
    for cells, message in (
        ({"hold_s": 3}, "7:1: .*fill `until` and `by`, too"),
        ({"hold_s": 20, "until": UNTIL, "by": BY}, "7:1: .*at most 15 s are allowed"),
        ({"exercise": "plank", "hold_s": 3, "until": UNTIL, "by": BY}, "7:1: .*no exercise plank"),
        ({"until": UNTIL, "by": BY}, "7:1: .*nothing is prescribed"),
        ({"hold_s": 3, "until": is_over, "by": BY}, "7:1: until: the last day is before"),
    ):
        with pytest.raises(ContentError, match=rf"roster\.csv:{message}"):
            roster_prescription.keep(told(**cells), tmp_path, programme, hers())
    assert not (tmp_path / prescription_file.FILE).exists()
