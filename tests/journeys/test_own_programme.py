"""A programme of an author's own, for men and in Dutch only, from check to what is heard.

It was written from `new --example movements` and docs/for-authors.md alone.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Once, run_here

from voicecoach.content.clinical_state import ANYONE, CheckIn
from voicecoach.content.reading.programme import read
from voicecoach.planning.plan import plan_weeks

CONTENT = Path(__file__).parents[1] / "own_programme"
OTHERS = re.compile(
    "bevall|baby|scheur|hecht|knip|katheter|catheter|vrouw|moeder|verlosk|kraam|zwanger"
    "|bekkenbodem|birth|tear|stitch|mother|wom[ae]n|pregnan|pelvic|midwife",
    re.IGNORECASE,
)
READ = {".html", ".json", ".yaml", ".csv", ".lrc", ".vtt", ".m3u8"}
ROSTER = "client-id,day-zero,name\na-0412,2026-11-26,\n"


def ran(folder: Path, *arguments: str) -> str:
    """What the program says; it must end well."""
    done = run_here(folder, *arguments, "--content", str(CONTENT))
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def practice(once: Once) -> Path:
    """A folder with all that the program says of it in ``said.csv``, and what it makes."""

    def fill(folder: Path) -> None:
        said = [ran(folder, "check"), ran(folder, "check", "--report", "report.html")]
        said.append(ran(folder, "init", "--day-zero", "2026-11-26", "--name", "Jan", "--yes"))
        said.append(ran(folder, "checkin", "--done", "--no-pain", "--yes"))
        said += [ran(folder, "plan"), ran(folder, "plan", "--done"), ran(folder, "script", "legs")]
        said.append(ran(folder, "batch", "--example"))
        (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
        week = ("--week", "1", "--report", "today.json")
        said.append(ran(folder, "batch", "roster.csv", "--out", "out", *week))
        (folder / "said.csv").write_text("\n".join(said), encoding="utf-8")

    return once("own-programme", fill)


def test_it_has_no_remarks_and_nothing_in_it_speaks_of_births(practice: Path) -> None:
    assert "no remarks" in (practice / "said.csv").read_text(encoding="utf-8")
    files = [path for path in practice.rglob("*") if path.suffix in READ]
    assert {"report.html", "voicecoach.yaml", "index.html", "today.json"} <= {f.name for f in files}
    found = {
        (path.name, word)
        for path in files
        for word in OTHERS.findall(re.sub(r"https?://\S+", "", path.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_its_squat_stretch_walk_and_circuit_are_in_what_is_said(practice: Path) -> None:
    said = (practice / "said.csv").read_text(encoding="utf-8")
    for words in (
        "Ronde drie van drie.",
        "Aan het eind rek je elk bovenbeen dertig tellen.",
        "Links.",
        "Nu rechts.",
    ):
        assert words in said
    stretch = said[said.index("Bovenbeen rekken") : said.index("Afronding")]
    assert "twee." not in stretch


@pytest.mark.slow
def test_its_tones_are_heard_within_10_ms(practice: Path) -> None:
    pack = ("sterke-benen/week-01", "--content", str(CONTENT), "--json")
    heard = run_here(practice / "out/a-0412", "listen", *pack)
    assert heard.returncode == 0, heard.stderr
    tracks = json.loads(heard.stdout)
    assert max(each["tone_error_ms"] for each in tracks.values()) <= 10
    assert tracks["w01-01-sterke-benen.mp3"]["tones_found"] > 200


def test_a_red_flag_stops_all_but_breathing_until_a_yes_of_a_later_day() -> None:
    """It has no rule for it: what to call about stops in every programme."""
    programme = read(CONTENT)
    flagged = replace(ANYONE, check_ins=(CheckIn(day=3, red_flag=True),))
    cleared = replace(flagged, cleared_day=6)
    as_written, stopped, resumed = (
        [
            {session.id for session in day.sessions}
            for day in plan_weeks(programme, range(1, 3), situation=each)
        ]
        for each in (ANYONE, flagged, cleared)
    )
    moving = {"legs", "walk"}
    assert all(moving & sessions for sessions in as_written)
    assert stopped[:2] == as_written[:2]
    assert not any(moving & sessions for sessions in stopped[2:])
    assert resumed[5:] == as_written[5:]
    assert stopped[2:5] == resumed[2:5]
