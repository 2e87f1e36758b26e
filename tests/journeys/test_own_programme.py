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
from voicecoach.phone.web import home as client_home
from voicecoach.phone.web import today_page
from voicecoach.phone.web.today import Today
from voicecoach.planning.plan import plan_weeks

CONTENT = Path(__file__).parents[1] / "own_programme"
OTHERS = re.compile(
    "bevall|baby|scheur|hecht|knip|katheter|catheter|vrouw|moeder|verlosk|kraam|zwanger"
    "|bekken|birth|tear|stitch|mother|wom[ae]n|pregnan|pelvic|midwife|aanspan|aangespan|contraction"
    r"|zwaar gevoel|bolling|urine|\bhaar\b|\bher\b",
    re.IGNORECASE,
)
CODE = re.compile(r"<script>.*?</script>|https?://\S+", re.DOTALL)
READ = {".html", ".json", ".yaml", ".csv", ".lrc", ".vtt", ".m3u8"}
ROSTER = "client-id,day-zero,name\na-0412,2026-11-26,\n"


def ran(folder: Path, *arguments: str) -> str:
    """What the program says; it must end well."""
    done = run_here(folder, *arguments, "--content", str(CONTENT))
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def page_of(folder: Path) -> bytes:
    """Today's page of the client in ``folder``."""
    home = client_home.Home(folder=folder, out=folder / "output", content=CONTENT)
    found = client_home.find(home, lambda remark: None)
    return today_page.today_page(Today(found, None), home="x", number=0, feeds="")[0]


@pytest.fixture(scope="module")
def practice(once: Once) -> Path:
    """A folder with all that the program says of it in ``said.csv``, and what it makes."""

    def fill(folder: Path) -> None:
        said = [ran(folder, "check"), ran(folder, "check", "--report", "report.html")]
        said.append(ran(folder, "init", "--day-zero", "2026-11-26", "--name", "Jan", "--yes"))
        said.append(ran(folder, "checkin", "--done", "--no-pain", "--yes"))
        said += [ran(folder, "plan"), ran(folder, "plan", "--done"), ran(folder, "script", "legs")]
        dose = ("--exercise", "squat", "--reps", "6", "--until", "2099-01-01", "--by", "De Vries")
        said.append(ran(folder, "prescribe", *dose))
        said.append(ran(folder, "prescribe", "--report", "prescribed.html"))
        said.append(ran(folder, "signs", "signs.html"))
        (folder / "today.html").write_bytes(page_of(folder))
        said.append(ran(folder, "batch", "--example"))
        (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
        week = ("--week", "1", "--report", "today.json")
        said.append(ran(folder, "batch", "roster.csv", "--out", "out", *week))
        (folder / "said.csv").write_text("\n".join(said), encoding="utf-8")

    return once("own-programme", fill)


def test_it_has_no_remarks_and_nothing_in_it_speaks_of_births(practice: Path) -> None:
    assert "no remarks" in (practice / "said.csv").read_text(encoding="utf-8")
    files = [path for path in practice.rglob("*") if path.suffix in READ]
    names = {"report.html", "voicecoach.yaml", "index.html", "today.json", "signs.html"}
    names |= {"prescribed.html", "today.html"}
    assert names <= {file.name for file in files}
    found = {
        (path.name, word)
        for path in files
        for word in OTHERS.findall(CODE.sub("", path.read_text(encoding="utf-8")))
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


def test_every_command_that_is_named_names_it_too(practice: Path) -> None:
    said = (practice / "said.csv").read_text(encoding="utf-8")
    named = re.findall(r"voicecoach (?:build|plan|checkin)\b.*", said)
    assert len(named) >= 2
    assert all(f" --content {CONTENT}" in each for each in named)


def test_nobody_gets_the_programme_after_a_birth_in_its_place(practice: Path) -> None:
    for command in (("plan",), ("build",), ("checkin", "--done", "--yes"), ("prescribe", "--end")):
        done = run_here(practice, *command)
        assert done.returncode == 1, command
        assert "--content" in done.stderr and not done.stdout, command


def test_what_it_does_not_ask_is_refused(tmp_path: Path) -> None:
    for option in (("--delivery", "vaginal"), ("--no-catheter",), ("--language", "en")):
        done = run_here(tmp_path, "init", *option, "--yes", "--content", str(CONTENT))
        assert done.returncode == 2, option
        assert option[0] in done.stderr, option


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
