"""What ``voicecoach batch`` reports, keeps and deletes as clients come, move and leave."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import run_here

from voicecoach import environment
from voicecoach.practice import workbook

HEADER = "client-id,birth-date,perineum,floor,catheter,language,name,started\n"


def born(days_ago: int) -> str:
    return str(environment.today() - timedelta(days=days_ago))


def line(
    id_: str, days_ago: int = 2, perineum: str = "tear", floor: str = "normal", name: str = ""
) -> str:
    birth = born(days_ago)
    return f"{id_},{birth},{perineum},{floor},no,nl,{name},{birth}\n"


Batch = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def batch(tiny: Path) -> Batch:
    def run_batch(folder: Path, rows: str, *more: str) -> "subprocess.CompletedProcess[str]":
        (folder / "roster.csv").write_text(HEADER + rows)
        options = ("--content", str(tiny), "--out", "clients", *more)
        return run_here(folder, "batch", "roster.csv", *options)

    return run_batch


def report(folder: Path) -> dict[str, dict[str, object]]:
    content = json.loads((folder / "clients" / "report.json").read_bytes())
    return {each["client"]: each for each in content["clients"]}


def test_the_report_tells_who_is_on_hold_and_who_left(batch: Batch, tmp_path: Path) -> None:
    rows = line("tense", floor="over-tense") + line("oasi", perineum="oasi") + line("silent", 20)
    silent = line("a", 20)
    assert batch(tmp_path, rows + silent + line("gone")).returncode == 0
    told = tmp_path / "clients" / "silent" / "voicecoach-checkins.txt"
    told.write_text("")
    told.chmod(0o600)
    done = batch(tmp_path, rows + silent, "--report", "today.xlsx")
    assert done.returncode == 0, done.stderr
    found = report(tmp_path)
    assert {client: each["on_hold"] for client, each in found.items()} == {
        "tense": ["over-tense"],
        "oasi": ["not cleared"],
        "silent": ["silent for two weeks"],
        "a": [],
        "gone": [],
    }
    assert found["gone"]["state"] == "not in roster"
    first = (tmp_path / "today.xlsx").read_bytes()
    cells = [row.cells for row in workbook.rows(first)]
    assert cells[0] == ("client-id", "state", "on-hold", "tracks", "minutes", "reason")
    assert [row[0] for row in cells[1:]] == list(found)
    assert (tmp_path / "today.xlsx").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "clients" / "report.json").stat().st_mode & 0o777 == 0o600
    assert batch(tmp_path, rows + silent, "--report", "today.xlsx").returncode == 0
    assert (tmp_path / "today.xlsx").read_bytes() == first, "same input, same bytes"


def test_a_client_who_left_is_forgotten_and_nobody_else(batch: Batch, tmp_path: Path) -> None:
    stays, leaves = line("stays"), line("leaves", name="Anna")
    assert batch(tmp_path, stays + leaves, "--report", "out.csv").returncode == 0
    assert (tmp_path / "clients" / "leaves" / ".voicecoach").is_dir()
    refused = batch(tmp_path, stays + leaves, "--forget", "leaves", "--yes")
    assert refused.returncode == 1
    assert "is in the roster" in refused.stderr
    alone = batch(tmp_path, stays, "--forget", "leaves")
    assert alone.returncode == 2, "nobody to ask, so nothing is deleted"
    (tmp_path / "clients" / "leaves" / "mine.txt").write_text("not ours")
    assert batch(tmp_path, stays, "--forget", "leaves", "--yes").returncode == 0
    left = [path.name for path in (tmp_path / "clients" / "leaves").iterdir()]
    assert left == ["mine.txt"]
    assert list(report(tmp_path)) == ["stays"]
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert [row[0] for row in rows] == ["client-id", "stays"]
    assert (tmp_path / "clients" / "stays" / "voicecoach.yaml").exists()
    assert batch(tmp_path, stays, "--forget", "leaves", "--yes").returncode == 1
    assert batch(tmp_path, stays, "--forget", "../stays", "--yes").returncode == 2


def test_old_packs_are_deleted_and_files_of_others_stay(batch: Batch, tmp_path: Path) -> None:
    rows = line("a", 50)
    assert batch(tmp_path, rows, "--week", "1-2").returncode == 0
    [programme] = {path.parent for path in (tmp_path / "clients" / "a").glob("*/week-01")}
    kept = programme / "week-02" / "note.txt"
    kept.write_text("not ours")
    assert batch(tmp_path, rows, "--keep-weeks", "7").returncode == 0
    assert (programme / "week-01" / "pack.json").exists()
    assert batch(tmp_path, rows).returncode == 0
    assert not (programme / "week-01").exists()
    assert [path.name for path in (programme / "week-02").iterdir()] == ["note.txt"]


def test_a_client_with_another_id_keeps_the_day_she_began(batch: Batch, tmp_path: Path) -> None:
    began = born(5)
    old = f"old,{born(9)},tear,normal,no,nl,Anna,{began}\n"
    assert batch(tmp_path, old).returncode == 0
    moved = batch(tmp_path, line("other", 9) + old.replace("old", "new").replace(began, ""))
    assert moved.returncode == 0, moved.stderr
    assert began in (tmp_path / "clients" / "new" / "voicecoach.yaml").read_text()
    assert not (tmp_path / "clients" / "old").exists()
    assert "old is now new" in moved.stderr


def test_a_report_replaces_no_other_file(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(HEADER)
    done = batch(tmp_path, line("a"), "--report", "other.csv")
    assert (done.returncode, (tmp_path / "other.csv").read_text()) == (1, HEADER)
    assert batch(tmp_path, line("a"), "--report", "report.pdf").returncode == 2
