"""Packs follow her answers: what they no longer fit is withdrawn, and made again."""

import json
import os
import re
import shutil
import stat
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import tiny_programme
from conftest import Once, Run, run_here
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import Killer
from pack_files import contents
from stand_in import served

from voicecoach import environment
from voicecoach.environment import DATA_VARIABLE
from voicecoach.pack import manifest, places
from voicecoach.pack.manifest import BuildOptions
from voicecoach.phone.web import feed

TODAY = environment.today()
BIRTH = TODAY - timedelta(days=9)
"""She is in week 2."""
OWN = ("--content", "content")
INIT = ("init", "--birth-date", str(BIRTH), "--started", str(BIRTH), "--language", "nl", "--yes")
ORDINARY = (*INIT, "--perineum", "tear", "--no-catheter", *OWN)
BUILD_ALL = ("build", "--week", "all", *OWN)
SYNC = ("sync", "phone")
PAIN = ("checkin", "--done", "--pain", "--yes", *OWN)
WEEK = "klein-programma/week-{:02d}"
Offer = tuple[int, str]
"""A day, and the title of a session without how much of it is spoken."""


def fill(folder: Path) -> None:
    tiny_programme.write_ruled(folder / "content")
    (folder / "phone").mkdir()
    for arguments in (ORDINARY, BUILD_ALL, SYNC):
        done(run_here(folder, *arguments))


@pytest.fixture(scope="session")
def made(once: Once) -> Path:
    """An ordinary client with all four weeks of a small programme, which are on her phone, too."""
    return once("packs follow", fill)


@pytest.fixture
def hers(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def done(result: "subprocess.CompletedProcess[str]", code: int = 0) -> str:
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


def planned(folder: Path, *own: str) -> dict[int, "Counter[str]"]:
    """The titles of the plan by day. Asked last: `plan` withdraws, too."""
    shown = run_here(folder, "plan", "--week", "all", "--json", *(own or OWN)).stdout
    days = json.loads(shown)["days"]
    return {day["day"]: Counter(title(each["title"]) for each in day["sessions"]) for day in days}


def title(text: str) -> str:
    return re.sub(", (met weinig woorden|alleen met tonen)$", "", text)


def offered(root: Path) -> dict[int, "Counter[str]"]:
    """What the packs below ``root`` offer on each day besides breathing; in each, the sound, the
    page, the feed and the playlists must offer the same."""
    found: dict[int, Counter[str]] = {}
    for path in root.rglob(manifest.FILE):
        pack, folder = manifest.read(path.parent), path.parent
        tracks = {track.file: track for track in pack.tracks}
        assert {each.name for each in folder.glob("*.mp3")} == set(tracks)
        page = (folder / "index.html").read_text()
        assert set(re.findall(r'<audio[^>]*src="([^"?]*)', page)) == set(tracks)
        items = feed.write(pack, "http://x/").decode()
        assert set(re.findall(r"http://x/([^\"<?]*\.mp3)", items)) == set(tracks)
        for each in pack.playlists:
            lines = (folder / each.file).read_text().splitlines()
            assert [line for line in lines if line.endswith(".mp3")] == [*each.tracks]
            if each.file.startswith("day-"):
                shown = (tracks[file] for file in each.tracks)
                titles = (title(track.title) for track in shown if track.kind != "breathing")
                found[int(each.file[4:-5])] = Counter(titles)
        for track in pack.tracks:
            assert track.kind == "breathing" or all(
                found[day][title(track.title)] for day in track.days
            )
    return found


def assert_nothing_else(root: Path, plan: dict[int, "Counter[str]"]) -> None:
    for day, titles in offered(root).items():
        assert titles <= plan[day], (day, titles, plan[day])


def is_right(root: Path, weeks: tuple[int, ...], plan: dict[int, "Counter[str]"]) -> bool:
    """Whether the packs of ``weeks`` offer all that is planned, besides breathing."""
    found = offered(root)
    days = [day for week in weeks for day in range(7 * week - 6, 7 * week + 1)]
    breathing = {"Ademen en voelen"}
    return all({*found[day]} == {*plan[day]} - breathing for day in days)


def tell(folder: Path, answers: str) -> None:
    """What a command wrote that was killed before it did anything else."""
    path = folder / "voicecoach-checkins.txt"
    path.touch(mode=0o600)
    with path.open("a") as file:
        file.write(f"{TODAY} {answers}\n")


def test_a_step_back_is_followed_at_once_by_this_week_and_the_next_and_by_the_phone(
    hers: Path, here: Run
) -> None:
    before = offered(hers / "output")
    told = done(here(*PAIN))
    now = offered(hers / "output"), offered(hers / "phone")
    plan = planned(hers)
    assert any(before[day] - plan[day] for day in before), "she has less to do"
    assert now[1] == before, "the phone is the business of sync"
    assert_nothing_else(hers / "output", plan)
    assert is_right(hers / "output", (1, 2, 3), plan)
    assert not is_right(hers / "output", (4,), plan), "on the next build"
    assert "Weggehaald: " in told and "Opnieuw gemaakt" in told and "week-02, week-03" in told
    assert "Speel niets af dat al op je telefoon staat" in told
    told = done(here(*SYNC))
    assert "Weggehaald van " in told
    assert "Nog niet zoals je plan nu is: week-04." in told and "voicecoach build" in told
    assert_nothing_else(hers / "phone", plan)
    assert is_right(hers / "phone", (1, 2, 3), plan)
    told = done(here("build", "--week", "1", *OWN))
    assert "Opnieuw gemaakt" in told and "week-04" in told
    assert is_right(hers / "output", (1, 2, 3, 4), plan)
    assert "Nog niet" not in done(here(*SYNC))
    assert is_right(hers / "phone", (1, 2, 3, 4), plan)


NEXT = (
    ("init", "--position", "nursing", *OWN),
    ("checkin", "--no-leaks", "--yes", *OWN),
    ("build", "--week", "1", *OWN),
    SYNC,
    ("serve", "--local", "--out", "nowhere", "--port"),
    ("plan", *OWN),
    ("script", "breathing", *OWN),
)
"""Commands of every kind; `serve` looks, and then ends because its port is taken."""


@pytest.mark.parametrize("command", NEXT, ids=lambda command: command[0])
def test_whatever_comes_after_an_answer_whose_command_was_killed_withdraws(
    hers: Path, here: Run, command: tuple[str, ...], taken_port: str
) -> None:
    tell(hers, "done=yes pain=yes")
    is_served = command[0] == "serve"
    done(here(*command, *([taken_port] if is_served else [])), code=is_served)
    places_to_look = ("output", "phone") if command == SYNC else ("output",)
    found = [offered(hers / place) for place in places_to_look]
    plan = planned(hers)
    for each in found:
        assert all(titles <= plan[day] for day, titles in each.items())


def test_a_phone_whose_weeks_are_no_longer_here_is_judged_too(hers: Path, here: Run) -> None:
    shutil.rmtree(hers / "output")
    tell(hers, "done=yes pain=yes")
    done(here(*SYNC), code=1)
    found = offered(hers / "phone")
    plan = planned(hers)
    assert found and all(titles <= plan[day] for day, titles in found.items())


def test_every_out_is_remembered_in_a_private_file(hers: Path, here: Run) -> None:
    done(here("build", "--week", "all", "--out", "else/where", *OWN))
    kept = hers / places.FILE
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    done(here(*PAIN))
    plan = planned(hers)
    assert_nothing_else(hers / "else", plan)
    assert is_right(hers / "else", (2, 3), plan)
    hers.rename(hers.with_name("moved"))
    done(here("checkin", "--call", *OWN, folder=hers.with_name("moved")))
    assert not any("aanspannen" in name for name in contents(hers.with_name("moved") / "else"))


def test_tracks_that_a_killed_build_left_are_withdrawn_too(hers: Path, here: Run) -> None:
    week = hers / "output" / WEEK.format(3)
    mine = week / "w03-09-mijn-liedje.mp3"
    mine.write_bytes(b"hers")
    (week / manifest.FILE).unlink()  # as it is before the last step of a first build
    tell(hers, "call=yes")
    done(here("plan", *OWN))
    assert list(week.glob("w03*")) == [mine]


def test_a_damaged_list_of_places_is_one_error_that_says_what_to_do(hers: Path, here: Run) -> None:
    (hers / places.FILE).write_text("{")
    told = done(here(*SYNC), code=1)
    assert places.FILE in told and "--out" in told


def test_a_pack_is_made_again_with_the_options_it_was_made_with(hers: Path, here: Run) -> None:
    bed = hers / "own.wav"
    sound(bed)
    options = ("--night", "--bed", str(bed), "--guidance", "tones", "--voice", "espeak:nl+f3")
    done(here("build", "--week", "2", *options, *OWN))
    before = manifest.read(hers / "output" / WEEK.format(2))
    assert before.options == BuildOptions(
        voices=("espeak:nl+f3",), guidance="tones", bed=before.options.bed, is_built_in=False
    )
    assert str(hers) not in (hers / "output" / WEEK.format(2) / manifest.FILE).read_text()
    done(here(*PAIN))
    after = manifest.read(hers / "output" / WEEK.format(2))
    assert after.days != before.days
    assert (after.options, after.night, after.voice) == (before.options, True, before.voice)
    assert {track.guidance for track in after.tracks if track.kind == "breathing"} == {"tones"}


def sound(path: Path) -> None:
    import numpy as np
    import soundfile

    rng = np.random.default_rng(1)
    soundfile.write(path, rng.normal(0, 0.1, 96_000), 48_000)


def test_what_can_no_longer_be_made_is_said_and_offers_nothing_forbidden(
    hers: Path, here: Run
) -> None:
    sound(hers / "own.wav")
    done(here("build", "--week", "2", "--bed", "own.wav", *OWN))
    (hers / "own.wav").unlink()
    told = done(here(*PAIN))
    assert "week-02: opnieuw maken zoals eerst lukt niet" in told and "own.wav" in told
    plan = planned(hers)
    assert_nothing_else(hers / "output", plan)
    assert is_right(hers / "output", (3,), plan)
    done(here("build", "--week", "2", *OWN))
    assert is_right(hers / "output", (2,), plan)


def test_a_pack_of_an_older_version_is_kept_and_made_again_by_the_next_build(
    hers: Path, here: Run
) -> None:
    path = hers / "output" / WEEK.format(4) / manifest.FILE
    for place in ("output", "phone/Music/voicecoach"):
        old = hers / place / WEEK.format(4) / manifest.FILE
        listed: dict[str, Any] = json.loads(old.read_bytes())
        for key in ("days", "options"):
            del listed[key]
        for track in listed["tracks"]:
            del track["asks"]
        old.write_text(json.dumps(listed))
    assert "week-04" in done(here(*SYNC))
    done(here("build", "--week", "4", *OWN))
    assert manifest.read(path.parent).days
    assert "Nog niet" not in done(here(*SYNC))


def test_an_unchanged_build_looks_up_that_all_packs_are_right(
    hers: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.pack import safeguard

    done(here(*PAIN))
    done(here("build", "--week", "1", *OWN))
    judged: list[object] = []
    real = safeguard.find
    monkeypatch.setattr(safeguard, "find", lambda *a, **o: judged.append(a) or real(*a, **o))
    assert "Opnieuw" not in done(here("build", "--week", "1", *OWN))
    assert not judged
    (hers / "output" / WEEK.format(3) / manifest.FILE).unlink()
    done(here("build", "--week", "1", *OWN))
    assert judged, "the packs are not the same any more"


def test_a_pack_tells_nothing_of_her_and_is_the_same_for_one_user_only(
    hers: Path, here: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hers / "output" / WEEK.format(2) / manifest.FILE
    ours = path.read_bytes()
    assert not any(word in ours.decode() for word in (str(BIRTH), str(hers), "tear", "content"))
    done(here("build", "--week", "2", "--out", "again", *OWN))
    assert (hers / "again" / WEEK.format(2) / manifest.FILE).read_bytes() == ours
    plans = {day.plan for day in manifest.read(path.parent).days}
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path_factory.mktemp("other user")))
    done(here("build", "--week", "2", "--out", "other", *OWN))
    other = manifest.read(hers / "other" / WEEK.format(2))
    assert not {day.plan for day in other.days} & plans


def test_a_changed_row_of_the_roster_reaches_all_her_weeks(hers: Path, here: Run) -> None:
    head = "client-id,birth-date,perineum,floor,catheter,language,started\n"
    roster, batch = hers / "roster.csv", ("batch", "roster.csv", "--out", "clients", *OWN)
    roster.write_text(f"{head}an,{BIRTH},tear,normal,no,nl,{BIRTH}\n")
    done(here(*batch, "--week", "all"))
    before = offered(hers / "clients" / "an")
    assert any("aanspannen" in each for titles in before.values() for each in titles)
    roster.write_text(f"{head}an,{BIRTH},tear,over-tense,no,nl,{BIRTH}\n")
    done(here(*batch))
    after = offered(hers / "clients" / "an")
    assert not any("aanspannen" in each for titles in after.values() for each in titles)
    told = done(here(*SYNC, "--out", "clients/an"))
    assert "Nog niet" not in told, "the weeks after these were made again, too"
    roster.write_text(f"{head}an,{BIRTH},tear,normal,no,nl,{BIRTH}\n")
    done(here(*batch))
    assert offered(hers / "clients" / "an") == before


# --- the rows of what a physiotherapist saw, in packs of the built-in programme ------------------

BUILT_IN = ("--programme", "pelvic-floor")


def see(folder: Path) -> None:
    """Right after a command, and again after `sync` alone."""
    found = [offered(folder / "output")]
    done(run_here(folder, *SYNC))
    found.append(offered(folder / "phone"))
    plan = planned(folder, *BUILT_IN)
    for each in found:
        assert each
        assert all(titles <= plan[day] for day, titles in each.items())


def born(folder: Path, day: int, weeks: str) -> tuple[str, ...]:
    """Makes ``weeks`` before she is asked, and syncs them; the options of init on ``day``."""
    (folder / "phone").mkdir()
    done(run_here(folder, "build", "--week", weeks, "--guidance", "tones", "--language", "nl"))
    done(run_here(folder, *SYNC))
    birth = ("--birth-date", str(TODAY - timedelta(days=day)))
    return ("init", *birth, "--perineum", "tear", "--no-catheter", "--language", "nl", "--yes")


def test_row_8_who_begins_late_has_no_contractions_in_weeks_made_before(
    tmp_path: Path, here: Run
) -> None:
    init = born(tmp_path, 17, "3-4")
    done(here(*init, "--started", str(TODAY)))
    today = offered(tmp_path / "output")[17]
    assert not any("kracht" in name or "aanspannen" in name.lower() for name in today)
    see(tmp_path)


@pytest.mark.slow
def test_rows_12_and_13_a_stop_takes_the_talk_on_running_and_letting_go_begins_with_its_talk(
    tmp_path: Path, here: Run
) -> None:
    init = born(tmp_path, 118, "17-18")
    started = ("--started", str(TODAY - timedelta(days=118)))
    done(here(*init, *started))
    assert any("hardlopen" in name for name in contents(tmp_path / "output"))
    done(here("checkin", "--cannot-let-go", "--yes"))
    see(tmp_path)
    assert any("loslaten" in name for name in contents(tmp_path / "output"))
    done(here("checkin", "--call"))
    see(tmp_path)
    for place in ("output", "phone"):
        assert not any("hardlopen" in name for name in contents(tmp_path / place))


def on(day: int) -> tuple[str, ...]:
    return ("checkin", "--date", str(BIRTH + timedelta(days=day)), "--yes", *OWN)


ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "1": ((*on(9), "--done", "--pain"),),
    "4": tuple((*on(day), "--done", "--heaviness") for day in range(4, 10)),
    "4, pain": tuple((*on(day), "--done", "--pain") for day in range(2, 10)),
    "5": ((*on(8), "--not-felt"), (*on(9), "--felt", "--pain", "--heaviness")),
    "6": ((*on(9), "--pain", "--heaviness"),),
    "7": ((*on(6), "--done", "--heaviness"),),
    "9": tuple((*on(day), "--not-done") for day in range(3, 10)),
    "10": (("init", "--perineum", "oasi", "--cleared-on", str(TODAY), *OWN),),
    "11": ((*on(9), "--done", "--no-pain", "--call"),),
}
"""What she told, by the row of the table; a row that needs a year is seen in the plan only."""


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_seen_in_packs_right_after_the_command_and_again_after_sync_alone(
    hers: Path, here: Run, row: str
) -> None:
    for arguments in ROWS[row]:
        done(here(*arguments))
    found = [offered(hers / "output")]
    done(here(*SYNC))
    found.append(offered(hers / "phone"))
    plan = planned(hers)
    for each in found:
        assert sorted(each) == list(range(1, 29)), "each day has a playlist, of breathing at least"
        assert all(titles <= plan[day] for day, titles in each.items())
        if row in ("4", "4, pain", "11"):  # stopped
            assert not any(
                "aanspannen" in name.lower() for titles in each.values() for name in titles
            )


# --- any answers -------------------------------------------------------------------------------

ANSWERS = st.sampled_from(
    (
        ("--done", "--no-pain"),
        ("--done", "--pain"),
        ("--done", "--heaviness"),
        ("--not-felt",),
        ("--felt",),
        ("--cannot-let-go",),
        ("--let-go",),
        ("--call",),
    )
)
TELLS = st.tuples(st.integers(0, 9), ANSWERS).map(
    lambda each: (
        *("checkin", "--date", str(BIRTH + timedelta(days=each[0]))),
        *(*each[1], "--yes", *OWN),
    )
)
CHANGES = st.sampled_from(
    (
        ("init", "--catheter"),
        ("init", "--no-catheter"),
        ("init", "--floor", "over-tense"),
        ("init", "--floor", "normal"),
        ("init", "--started", str(TODAY)),
        ("init", "--cleared-on", str(TODAY)),
        ("init", "--perineum", "oasi"),
        ("init", "--guidance", "full"),
        ("build", "--week", "3"),
    )
).map(lambda each: (*each, *OWN))


@settings(max_examples=4)
@given(commands=st.lists(TELLS | CHANGES, min_size=1, max_size=4))
def test_after_any_answers_nothing_is_offered_that_the_plan_does_not_have(
    made: Path, tmp_path_factory: pytest.TempPathFactory, commands: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "hers"
    shutil.copytree(made, folder)
    for arguments in commands:
        run_here(folder, *arguments)
    found = [offered(folder / "output")]
    done(run_here(folder, *SYNC))
    found.append(offered(folder / "phone"))
    plan = planned(folder)
    for each in found:
        assert all(titles <= plan[day] for day, titles in each.items()), commands
    shutil.rmtree(folder)


# --- serve -------------------------------------------------------------------------------------


def test_what_is_being_served_follows_her_answers(
    hers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpx = pytest.importorskip("httpx")
    monkeypatch.chdir(hers)
    before = manifest.read(hers / "output" / WEEK.format(4))
    track = next(each for each in before.tracks if each.kind == "contractions")
    with (
        served(hers / "output", "--local") as running,
        httpx.Client(
            base_url=f"{running.address}{WEEK.format(4)}/",
            trust_env=False,
            verify=False,
            timeout=60,
        ) as client,
    ):
        address = f"{track.file}?v={track.sha256[:16]}"
        assert client.get(address).status_code == 200
        tell(hers, "done=yes pain=yes")
        for gone in (address, track.file):
            assert client.get(gone).status_code == 404
        for other in ("", "feed.xml", "week-04.m3u8", "pack.json"):
            answer = client.get(other)
            assert answer.status_code == 200
            assert track.file not in answer.text, other


# --- a year, killed ----------------------------------------------------------------------------


def fill_year(folder: Path) -> None:
    tiny_programme.write_ruled(folder / "content", last_day=364)
    (folder / "phone").mkdir()
    for arguments in (ORDINARY, (*BUILD_ALL, "--guidance", "tones"), SYNC):
        done(run_here(folder, *arguments))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs fork and signals")
def test_a_year_on_the_phone_then_a_red_flag_killed_at_any_moment(
    once: Once, tmp_path: Path, here: Run, taken_port: str
) -> None:
    year = once("a year that is followed", fill_year)
    kinds = [*NEXT[2:], ("checkin", "--no-leaks", "--yes", *OWN)]
    made = tmp_path / "hers"
    shutil.copytree(year, made)
    killer = Killer(made, "checkin", "--call", *OWN)
    killed = 0
    for number, moment in enumerate((1, 2, 3, 40, 100, 250, 500, 640, 660, 700)):
        for name in ("output", "phone"):
            shutil.rmtree(made / name)
            shutil.copytree(year / name, made / name, copy_function=os.link)
        (made / "voicecoach-checkins.txt").unlink(missing_ok=True)
        killed += killer.is_killed(moment)
        command = kinds[number % len(kinds)]
        here(*command, *([taken_port] if command[0] == "serve" else []), folder=made)
        for root in [made / "output"] + [made / "phone"] * (command == SYNC):
            packs = [manifest.read(path.parent) for path in root.rglob(manifest.FILE)]
            assert len(packs) == 52, (moment, command)
            for pack in packs:
                assert {track.kind for track in pack.tracks} >= {"breathing"}
            assert not [path for path in contents(root) if "aanspannen" in path]
            assert not any(track.kind == "contractions" for p in packs for track in p.tracks)
    killer.end()
    assert killed > 5
