"""``voicecoach prescribe`` as a physiotherapist meets it, and what follows from it."""

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from pack_files import contents
from terminal_talk import talk

from voicecoach import environment
from voicecoach.profile import client

DAY = 30
TODAY = environment.today()
UNTIL = str(TODAY + timedelta(days=13))
BY = "Anna de Vries, 12345"
WHY = "heaviness after lifting"
CLIENT_A = (
    *("--exercise", "endurance", "--reps", "6", "--sets", "2", "--hold", "3"),
    *("--intensity", "30", "--starting-position", "side", "--times-a-day", "2"),
    *("--leave-out", "quick", "--until", UNTIL, "--by", BY, "--why", WHY),
)
Init = Callable[..., None]


@pytest.fixture
def init(here: Run) -> Init:
    def told(*more: str, day: int = DAY) -> None:
        birth, started = (str(TODAY - timedelta(days=n)) for n in (day, day - 1))
        answers = ("--perineum", "intact", "--no-catheter", "--floor", "normal", "--language", "en")
        asked = ("--birth-date", birth, "--started", started, *answers, *more, "--yes")
        assert here("init", *asked).returncode == 0

    return told


def day_of(here: Run, day: int) -> dict[str, Any]:
    shown = here("plan", "--week", str((day - 1) // 7 + 1), "--json")
    assert shown.returncode == 0, shown.stderr
    return next(each for each in json.loads(shown.stdout)["days"] if each["day"] == day)


def test_client_a_by_options(here: Run, init: Init, tmp_path: Path) -> None:
    init()
    done = here("prescribe", *CLIENT_A)
    assert done.returncode == 0, done.stderr
    assert BY in done.stdout and WHY not in done.stdout
    mode = stat.S_IMODE((tmp_path / "prescription.yaml").stat().st_mode)
    assert os.name != "posix" or mode == 0o600
    for day in (DAY, DAY + 13):
        planned = day_of(here, day)
        sessions = [each for each in planned["sessions"] if each["contractions"]]
        assert [each["holds_ms"] for each in sessions] == [[3000], [3000]]
        assert sum(each["contractions"] for each in sessions) == 24
        assert {each["intensity_percent"] for each in sessions} == {30}
        assert {each["title"].partition(", with")[0] for each in sessions} == {
            "Endurance, 2 sets of 3 seconds"
        }
        assert [each["by"] for each in planned["prescribed"]] == [BY]
    after = day_of(here, DAY + 14)
    assert after["prescribed"] == [] and after["step"] == 1
    table = here("plan", "--week", "5").stdout
    assert f"Prescribed by {BY}" in " ".join(table.split()) and WHY not in table


def test_the_script_has_every_number_as_it_is_prescribed(here: Run, init: Init) -> None:
    init()
    assert here("prescribe", *CLIENT_A).returncode == 0
    shown = here("script", "endurance-two-sets", "--day", str(DAY), "--json")
    assert shown.returncode == 0, shown.stderr
    script = json.loads(shown.stdout)
    [block] = [each for each in script["blocks"] if each["kind"] == "contractions"]
    assert block | {"tempo_ms": None, "side": None} == block
    assert (block["hold_ms"], block["rest_ms"], block["sets"], block["reps"]) == (3000, 6000, 2, 6)
    assert block["starting_position"] == "side"
    assert script["prescribed_by"] == [BY] and WHY not in shown.stdout
    starts = [each["start_ms"] for each in script["events"] if each["cue"] == "tighten"]
    ends = [each["start_ms"] for each in script["events"] if each["cue"] == "release"]
    assert [b - a for a, b in zip(starts, ends, strict=True)] == [3000] * 12
    said = " ".join(each["text"] for each in script["events"] if each["text"])
    for words in (
        "two sets of six contractions",
        "Hold for three seconds",
        "Use roughly thirty per cent",
        "Lie on your side",
        "Set two of two",
    ):
        assert words in said, words


def test_client_b_by_a_file_written_by_hand(here: Run, init: Init, tmp_path: Path) -> None:
    init(day=20)
    path = tmp_path / "prescription.yaml"
    friday = TODAY + timedelta(days=2)
    path.write_text(
        "format: 1\nprescriptions:\n  - exercise: endurance\n    hold_s: 8\n"
        f"    from: {TODAY}\n    until: {friday}\n    by: {BY}\n"
    )
    path.chmod(0o600)
    days = [day_of(here, day) for day in (20, 22)]
    holds = {each for day in days for s in day["sessions"] for each in s["holds_ms"]}
    assert holds == {1000, 8000}
    assert day_of(here, 23)["step"] == 5, "the step of eight seconds"


def test_a_file_needs_no_first_day(here: Run, init: Init, tmp_path: Path) -> None:
    """It begins on the day on which it is first read, and keeps all else that its author wrote."""
    init(day=20)
    path = tmp_path / "prescription.yaml"
    text = (
        "# said on the telephone\nprescriptions:\n  - exercise: endurance  # hers\n    hold_s: 8\n"
        f"    until: {TODAY + timedelta(days=2)}\n    by: {BY}\n"
        f"  - until: {UNTIL}\n    exercise: quick\n    from:  # today\n    reps: 4\n    by: {BY}\n"
    )
    path.write_text(text)
    path.chmod(0o600)
    assert [each["from_day"] for each in day_of(here, 20)["prescribed"]] == [20, 20]
    dated = text.replace("    until:", f"    from: {TODAY}\n    until:", 1)
    assert path.read_text() == dated.replace("from:  #", f"from: {TODAY}  #")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name != "posix"
    entry = "{exercise: quick, reps: 4, by: x, until: " + UNTIL + "}"
    over = f"exercise: quick\n    reps: 4\n    by: x\n    until: {TODAY - timedelta(days=1)}"
    for last, message in ((entry, f"write it so: from: {TODAY}"), (over, f"first, {TODAY}")):
        path.write_text(f"prescriptions:\n  - {last}\n")
        done = here("plan")
        assert done.returncode == 1 and message in " ".join(done.stderr.split()), done.stderr
        assert "from" not in path.read_text()


def test_what_cannot_be_is_refused_with_its_place(here: Run, init: Init, tmp_path: Path) -> None:
    init()
    path = tmp_path / "prescription.yaml"
    entry = f"  - exercise: endurance\n    from: {TODAY}\n    until: {TODAY}\n    by: X\n"
    for text, message in {
        "format: 1\nprescriptions:\n" + entry: ":3:5: ",
        "format: 1\nprescriptions:\n" + entry + "    hold_s: 3.5\n": ":7:13: ",
        "format: 1\nprescriptions:\n" + entry + "    holds: 3\n": ":7:5: ",
        "format: 1\nprescriptions: endurance\n": ":2:1: ",
        "format: 1\nprescriptions:\n" + entry + "    hold_s: 20\n": ":3:5: endurance: a hold of 20",
    }.items():
        path.write_text(text)
        path.chmod(0o600)
        done = here("plan")
        assert done.returncode == 1, text
        assert message in " ".join(done.stderr.split()), done.stderr
    path.write_text("format: 1\nprescriptions:\n" + entry + "    hold_s: 3\n")
    path.chmod(0o644)
    assert here("plan").returncode == 1


def test_limits_are_refused_unless_a_reason_is_given(here: Run, init: Init, tmp_path: Path) -> None:
    init()
    asked = ("--hold", "20", "--sets", "1", "--times-a-day", "1", "--until", UNTIL, "--by", BY)
    done = here("prescribe", *asked)
    assert done.returncode == 1
    assert "at most 15 s are allowed" in " ".join(done.stderr.split())
    assert not (tmp_path / "prescription.yaml").exists()
    untold = here("prescribe", "--exercise", "quick", "--hold", "5", *asked[2:])
    assert untold.returncode == 1, "its words say: let go at once"
    assert "do not say how long to hold" in " ".join(untold.stderr.split())
    over = ("--from", str(TODAY - timedelta(days=9)), "--until", str(TODAY - timedelta(days=1)))
    assert here("prescribe", "--hold", "3", *over, "--by", BY).returncode == 2
    assert here("prescribe", *asked, "--beyond-limits").returncode == 2, "without a reason"
    done = here("prescribe", *asked, "--why", WHY, "--beyond-limits", "agreed with her doctor")
    assert done.returncode == 0, done.stderr
    table = " ".join(here("plan", "--week", "5").stdout.split())
    assert "agreed with her doctor" in table and WHY not in table
    assert here("prescribe", "--report", "page.html").returncode == 0
    page = (tmp_path / "page.html").read_text()
    for shown in ("agreed with her doctor", WHY, BY, "20 s"):
        assert shown in page


def test_a_repeated_call_replaces_and_an_end_ends(here: Run, init: Init, tmp_path: Path) -> None:
    init()
    assert here("prescribe", *CLIENT_A).returncode == 0
    assert here("prescribe", "--hold", "5", "--until", UNTIL, "--by", BY).returncode == 0
    assert (tmp_path / "prescription.yaml").read_text().count("exercise: endurance") == 1
    assert [5000] in [each["holds_ms"] for each in day_of(here, DAY)["sessions"]]
    assert here("prescribe", "--end").returncode == 0
    assert not (tmp_path / "prescription.yaml").exists()
    assert day_of(here, DAY)["prescribed"] == []
    assert here("prescribe", "--end").returncode == 2, "there is nothing to end"


def test_it_opens_no_gate_but_a_clearance_does(here: Run, init: Init) -> None:
    init("--perineum", "oasi", "--not-cleared")
    done = here("prescribe", *CLIENT_A)
    assert done.returncode == 0 and "waits" in done.stdout
    assert not any(each["contractions"] for each in day_of(here, DAY)["sessions"])
    assert here("prescribe", "--clear-to", "99").returncode == 2
    done = here("prescribe", "--clear-to", "4")
    assert done.returncode == 0, done.stderr
    sessions = [each for each in day_of(here, DAY)["sessions"] if each["contractions"]]
    assert [each["holds_ms"] for each in sessions] == [[3000], [3000]]


def test_a_clearance_keeps_the_steps_of_who_needs_none(
    here: Run, init: Init, tmp_path: Path
) -> None:
    init()
    assert here("prescribe", "--clear-to", "4").returncode == 0
    assert day_of(here, DAY)["step"] == 4
    assert client.read(tmp_path, TODAY).cleared_on is None
    assert here("init", "--floor", "over-tense", "--yes").returncode == 0
    said = here("prescribe", "--clear-to", "4").stdout
    assert "something else forbids tightening" in " ".join(said.split())
    assert not any(each["contractions"] for each in day_of(here, DAY)["sessions"])


def test_packs_follow_and_say_who_but_never_why(here: Run, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "content").symlink_to(tiny)
    own = ("--content", "content")
    birth, started = (str(TODAY - timedelta(days=n)) for n in (5, 4))
    told = ("--birth-date", birth, "--started", started, "--language", "nl", "--yes")
    assert here("init", *told, *own).returncode == 0
    assert here("build", "--week", "1", *own).returncode == 0
    before = contents(tmp_path / "output")
    asked = ("--exercise", "light", "--reps", "1", "--until", UNTIL, "--by", BY, "--why", WHY)
    assert here("prescribe", *asked, *own).returncode == 0
    after = contents(tmp_path / "output")
    assert after != before
    told_by = {name for name, data in after.items() if BY.encode() in data}
    assert {Path(name).name for name in told_by} == {"index.html"}
    assert not any(WHY.encode() in data for data in after.values())
    assert here("build", "--week", "1", *own).stdout.count("index.html") == 0
    assert contents(tmp_path / "output") == after, "a build makes the same"
    assert here("forget", "--yes").returncode == 0
    assert not (tmp_path / "prescription.yaml").exists()


def test_a_new_birth_puts_it_aside(here: Run, init: Init, tmp_path: Path) -> None:
    init(day=300)
    assert here("prescribe", *CLIENT_A).returncode == 0
    birth = str(TODAY - timedelta(days=2))
    assert here("init", "--new-birth", "--birth-date", birth, "--yes").returncode == 0
    assert not (tmp_path / "prescription.yaml").exists()
    assert (tmp_path / f"prescription.yaml.{TODAY}").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of POSIX")
def test_at_a_terminal_it_asks(here: Run, init: Init, tmp_path: Path) -> None:
    init()
    answers = ["", "3", "6", "x", "2", "2", "30", "2", "quick", UNTIL, BY, ""]
    code, shown = talk(tmp_path, "prescribe", answers=answers)
    assert code == 0, shown
    text = (tmp_path / "prescription.yaml").read_text()
    for line in ("exercise: endurance", "hold_s: 3", "reps: 6", "position: side", "[quick]"):
        assert line in text
