"""What her answers forbid is nowhere to be played: not in packs, nor on the phone, nor by serve."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import week_pages
from conftest import Once, Run, run_here
from hypothesis import given
from hypothesis import strategies as st
from killing import Killer
from pack_files import SLUG, contents, make_pack
from stand_in import served

from voicecoach import environment
from voicecoach.content.clinical_state import CheckIn, Floor, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Path as Way
from voicecoach.files import Digest, digest_of
from voicecoach.pack import manifest, page, remaining
from voicecoach.phone.web import feed
from voicecoach.planning import gates
from voicecoach.planning.course import Course

TODAY = environment.today()
BIRTH = TODAY - timedelta(days=17)
"""She is in week 3."""
BORN = ("--birth-date", str(BIRTH), "--started", str(BIRTH), "--language", "nl", "--yes")
ORDINARY = ("init", *BORN, "--perineum", "tear", "--no-catheter")
TEXTS = {".m3u8", ".html", ".json", ".vtt", ".lrc"}
CALL = ("checkin", "--call")
SYNC = ("sync", "phone")
SHUTTING = {
    "over-tense": ("init", "--floor", "over-tense"),
    "catheter": ("init", "--catheter"),
    "third-degree tear": ("init", "--perineum", "oasi"),
    "red flag": CALL,
    "cannot let go": ("checkin", "--cannot-let-go", "--yes"),
    "not felt": ("checkin", "--not-felt", "--yes"),
}


@pytest.fixture(scope="session")
def made(once: Once) -> Path:
    """Weeks 3 and 4 made by nobody in particular, and a week of a programme without contractions;
    all of it on a phone."""
    return once("withdrawal", make)


def make(folder: Path) -> None:
    (folder / "phone").mkdir()
    calm = make_pack(folder / "output", 1, {"w01-00-calm.mp3": b"calm"}, slug="calm")
    listed = json.loads((calm / "pack.json").read_bytes())
    listed["tracks"][0]["kind"] = "breathing"
    rewrite(calm / "pack.json", listed)
    for arguments in (
        ("build", "--week", "3-4", "--guidance", "tones"),
        SYNC,
    ):
        done = run_here(folder, *arguments)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def hers(made: Path, tmp_path: Path, here: Run) -> Path:
    """The same in a folder of her own, with an ordinary profile."""
    fill(tmp_path, made)
    said(here(*ORDINARY))
    return tmp_path


def fill(folder: Path, made: Path) -> None:
    for name in ("output", "phone"):
        shutil.copytree(made / name, folder / name, copy_function=os.link)  # no file is changed


def said(done: "subprocess.CompletedProcess[str]", code: int = 0) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def forbidden(made: Path) -> set[str]:
    """The names, without ending, of all tracks of contractions."""
    tracks = [
        (json.loads(path.read_bytes()), track)
        for path in made.glob("output/*/*/pack.json")
        for track in json.loads(path.read_bytes())["tracks"]
    ]
    names = {t["file"].removesuffix(".mp3") for _, t in tracks if t["kind"] == "contractions"}
    assert len(names) >= 6, "weeks 3 and 4 have contractions"
    return names


@pytest.fixture(scope="module")
def offers(forbidden: set[str]) -> Callable[[Path], list[str]]:
    """Where below a folder contractions are offered: as sound, or in any list."""

    def offered(folder: Path) -> list[str]:
        found = []
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            is_ledger = path.name == "voicecoach-sync.json"  # of what is looked at here itself
            text = path.read_text() if path.suffix in TEXTS and not is_ledger else ""
            is_there = any(name in str(path) or name in text for name in forbidden)
            if is_there or '"contractions"' in text:
                found.append(str(path))
        for pack in folder.rglob(manifest.FILE):
            with contextlib.suppress(Exception):
                items = feed.write(manifest.read(pack.parent), "http://x/").decode()
                found += [f"feed of {pack}" for name in forbidden if name in items]
        return found

    return offered


Offers = Callable[[Path], list[str]]


def test_every_gate_withdraws_from_every_week_at_once_and_sync_from_the_phone(
    made: Path, tmp_path: Path, here: Run, offers: Offers
) -> None:
    for name, answer in SHUTTING.items():
        for old in ("output", "phone"):
            shutil.rmtree(tmp_path / old, ignore_errors=True)
        for old in tmp_path.glob("voicecoach*"):
            old.unlink()
        fill(tmp_path, made)
        said(here(*ORDINARY))
        assert offers(tmp_path / "output"), name
        told = said(here(*answer))
        assert offers(tmp_path / "output") == [], name
        assert "Weggehaald: " in told and "week-03, week-04" in told, name
        assert "Speel niets af dat al op je telefoon staat" in told
        told = said(here(*SYNC))
        assert offers(tmp_path / "phone") == [], name
        assert "Weggehaald van " in told
        for folder in (tmp_path / "output", tmp_path / "phone"):
            assert any("ademen" in path for path in contents(folder) if path.endswith(".mp3"))
    assert "Weggehaald" not in said(here(*SYNC)), "said once"


def test_row_2_a_week_made_before_she_was_asked(
    made: Path, tmp_path: Path, here: Run, offers: Offers
) -> None:
    fill(tmp_path, made)
    born = ("--birth-date", str(TODAY - timedelta(days=9)), "--language", "nl", "--yes")
    told = said(here("init", *born, "--perineum", "oasi", "--catheter"))
    assert "Weggehaald: " in told and "Speel niets af" in told
    assert offers(tmp_path / "output") == []
    said(here("build", "--guidance", "tones"))
    assert offers(tmp_path / "output") == []
    said(here(*SYNC))
    assert offers(tmp_path / "phone") == []


def test_row_3_a_call_after_weeks_were_made_and_the_week_of_today_made_again(
    hers: Path, here: Run, offers: Offers
) -> None:
    said(here(*CALL))
    assert not any("contractions" in kinds(path.parent) for path in packs(hers))
    assert "Weggehaald" not in said(here("build", "--guidance", "tones")), "none were made"
    week = hers / "output" / SLUG / "week-03"
    assert "breathing" in kinds(week)
    assert "contractions" not in kinds(week), "nor on the days before she called"
    said(here(*SYNC))
    assert offers(hers / "phone") == []


def kinds(pack: Path) -> list[str]:
    return [track.kind for track in manifest.read(pack).tracks]


def packs(folder: Path) -> list[Path]:
    return sorted(folder.glob("output/*/*/pack.json"))


def test_what_remains_is_whole_and_nothing_else_is_touched(hers: Path, here: Run) -> None:
    before, phone = contents(hers / "output"), contents(hers / "phone")
    write_check_in(hers, "call=yes")
    said(here("plan"))
    for path in packs(hers):
        listed = manifest.read(path.parent)
        for entry in listed.all_files:
            data = (path.parent / entry.file).read_bytes()
            assert digest_of(data) == Digest(sha256=entry.sha256, bytes=entry.bytes)
        for each in listed.playlists:
            text = (path.parent / each.file).read_text()
            assert [line for line in text.splitlines() if line.endswith(".mp3")] == [*each.tracks]
    after = contents(hers / "output")
    calm = [path for path in before if not path.startswith(SLUG)]
    assert calm and all(before[path] == after[path] for path in calm)
    kept = [path for path in after if path.endswith((".mp3", ".vtt", ".lrc", ".jpg"))]
    assert kept and all(before[path] == after[path] for path in kept)
    assert contents(hers / "phone") == phone, "the phone is the business of sync"


def test_a_cut_page_has_the_bytes_of_a_page_made_without_those_tracks() -> None:
    for language in ("nl", "en"):
        whole = week_pages.page_of(language)
        files = [track.file for track in whole.tracks]
        for wanted in (files[:1], files[1::2], files[::3], [files[-1], files[0]], files):
            without = replace(
                whole,
                tracks=tuple(t for t in whole.tracks if t.file in wanted),
                days=tuple(
                    replace(day, files=tuple(f for f in day.files if f in wanted))
                    for day in whole.days
                ),
            )
            assert remaining.only(page.html_page(whole), wanted) == page.html_page(without)
    assert remaining.only(b"<html>of a stranger</html>", files) is None
    assert remaining.contractions_in(b"\xff") == {}


@pytest.mark.parametrize("output", ["gone", "empty", "another week"])
def test_sync_alone_takes_off_the_phone_whatever_is_in_the_output(
    output: str, hers: Path, here: Run, offers: Offers
) -> None:
    song = hers / "phone" / "Music" / "voicecoach" / SLUG / "week-03" / "w03-09-mine.mp3"
    song.write_bytes(b"hers")
    listened = next(song.parent.glob("w03-*duurkracht*.mp3"))
    listened.unlink()
    listened.write_bytes(b"tagged by a player")
    write_check_in(hers, "call=yes")
    if output == "another week":
        shutil.rmtree(hers / "output" / SLUG / "week-03")
        said(here("sync", "phone", "--week", "4"))
    else:
        shutil.rmtree(hers / "output")
        if output == "empty":
            (hers / "output").mkdir()
        assert "hier staan geen pakketten" in said(here(*SYNC), code=1)
    assert song.read_bytes() == b"hers"
    assert listened.read_bytes() == b"tagged by a player", "no longer what sync put there"
    listened.unlink()
    assert offers(hers / "phone") == []
    assert len(list(song.parent.glob("*ademen*.mp3"))) == 1, "breathing stays"


def write_check_in(folder: Path, answers: str) -> None:
    """An answer that was saved by a command that was killed before it did anything else."""
    path = folder / "voicecoach-checkins.txt"
    path.touch(mode=0o600)
    with path.open("a") as file:
        file.write(f"{TODAY} {answers}\n")


def test_a_dry_run_takes_nothing_off_and_says_what_would_be(hers: Path, here: Run) -> None:
    write_check_in(hers, "call=yes")
    before = contents(hers / "phone")
    assert "zou nu weggehaald worden" in said(here(*SYNC, "--dry-run"))
    assert contents(hers / "phone") == before


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in needs a POSIX shell")
def test_a_phone_behind_adb_is_reached_too(
    made: Path, tmp_path: Path, card: Path, here: Run, offers: Offers
) -> None:
    shutil.copytree(made / "output", tmp_path / "output", copy_function=os.link)
    said(here(*ORDINARY))
    said(here("sync", "adb:", "--week", "3"))
    assert offers(card)
    write_check_in(tmp_path, "call=yes")
    shutil.rmtree(tmp_path / "output")
    said(here("sync", "adb:"), code=1)
    assert offers(card) == []
    assert any("ademen" in path for path in contents(card) if path.endswith(".mp3"))


@pytest.mark.parametrize("killed", ["before the sound", "before pack.json"])
def test_a_phone_left_half_mended_is_mended_by_the_next_sync(
    killed: str, hers: Path, here: Run, offers: Offers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.phone.sync import folder

    write_check_in(hers, "call=yes")
    shutil.rmtree(hers / "output")
    place = folder.FolderDestination

    class PulledOutError(Exception):
        pass

    def pulled_out(*arguments: object, **options: object) -> None:
        if killed == "before the sound" or str(arguments[1]).endswith("pack.json"):
            raise PulledOutError
        real(*arguments, **options)

    name = "remove" if killed == "before the sound" else "put"
    real = getattr(place, name)
    with monkeypatch.context() as patch, pytest.raises(PulledOutError):
        patch.setattr(place, name, pulled_out)
        here(*SYNC)
    said(here(*SYNC), code=1)
    assert offers(hers / "phone") == []
    week = hers / "phone" / "Music" / "voicecoach" / SLUG / "week-04"
    assert any("ademen" in path.name for path in week.glob("*.mp3")), "breathing stays"


def test_packs_of_older_versions_are_judged_by_their_page_and_else_go(
    hers: Path, here: Run, offers: Offers
) -> None:
    for path in packs(hers):
        listed = json.loads(path.read_bytes())
        for track in listed["tracks"]:
            del track["kind"]
        rewrite(path, listed)
    week_4 = hers / "output" / SLUG / "week-04"
    (week_4 / "index.html").unlink()
    said(here(*CALL))
    assert offers(hers / "output") == []
    assert "breathing" in kinds(hers / "output" / SLUG / "week-03")
    assert not week_4.exists(), "nobody knows what was in it"


def rewrite(path: Path, content: object) -> None:
    """Puts another file in its place: tests share what was built by links."""
    path.unlink()
    path.write_text(json.dumps(content))


def test_a_pack_of_nothing_but_contractions_goes_and_leaves_what_is_not_ours(
    hers: Path, here: Run
) -> None:
    week = hers / "output" / SLUG / "week-03"
    listed = json.loads((week / "pack.json").read_bytes())
    for track in listed["tracks"]:
        track["kind"] = "contractions"
    rewrite(week / "pack.json", listed)
    (week / "note.txt").write_text("hers")
    said(here(*CALL))
    assert [path.name for path in week.iterdir()] == ["note.txt"]


def test_a_pack_that_cannot_be_read_is_named_and_keeps_no_other_from_it(
    hers: Path, here: Run, offers: Offers
) -> None:
    broken = hers / "output" / SLUG / "week-03" / "pack.json"
    broken.unlink()
    broken.write_text("{")
    told = said(here(*CALL))
    assert "week-03" in told and "speel het niet af" in told
    assert offers(hers / "output" / SLUG / "week-04") == []


def test_sound_that_somebody_changed_stays_and_is_named(hers: Path, here: Run) -> None:
    week = hers / "output" / SLUG / "week-03"
    track = next(t.file for t in manifest.read(week).tracks if t.kind == "contractions")
    (week / track).unlink()
    (week / track).write_bytes(b"tagged by a player")
    told = said(here(*CALL))
    assert (
        f"{track}: iemand anders heeft dit veranderd, dus het blijft staan; speel het niet af"
        in told
    )
    assert track not in (week / "week-03.m3u8").read_text()


def test_while_her_files_cannot_be_read_nothing_is_synced(hers: Path, here: Run) -> None:
    before = contents(hers / "phone")
    (hers / "output" / SLUG / "week-03" / "cover.jpg").unlink()
    (hers / "voicecoach.yaml").write_text("birth_date: soon\n")
    said(here(*SYNC), code=1)
    said(here("serve", "--local"), code=1)
    assert contents(hers / "phone") == before


def test_a_call_counts_also_where_her_files_are_missing_or_cannot_be_read(
    made: Path, tmp_path: Path, here: Run, offers: Offers
) -> None:
    fill(tmp_path, made)
    assert "Withdrawn: " in said(here(*CALL), code=1)
    assert offers(tmp_path / "output") == []
    shutil.rmtree(tmp_path / "output")
    shutil.rmtree(tmp_path / "phone")
    fill(tmp_path, made)
    said(here(*ORDINARY))
    write_check_in(tmp_path, "done=perhaps")
    assert "Weggehaald: " in said(here(*CALL))
    assert offers(tmp_path / "output") == []


def test_other_output_folders_are_reached_by_their_name(
    made: Path, tmp_path: Path, here: Run, offers: Offers
) -> None:
    fill(tmp_path, made)
    (tmp_path / "output").rename(tmp_path / "elsewhere")
    said(here("init", *BORN, "--catheter"))
    said(here("sync", "phone", "--out", "elsewhere"))
    assert offers(tmp_path) == []


def test_where_nothing_is_forbidden_nothing_is_changed_or_said(hers: Path, here: Run) -> None:
    before = contents(hers / "output")
    for arguments in (("init", "--name", "An"), ("checkin", "--done", "--no-pain", "--yes")):
        told = said(here(*arguments))
        assert "week-0" not in told and "telefoon" not in told
    assert contents(hers / "output") == before


def test_a_gate_that_opens_again_lets_build_make_them_again(
    hers: Path, here: Run, offers: Offers
) -> None:
    said(here("init", "--catheter"))
    assert offers(hers / "output") == []
    said(here("init", "--no-catheter"))
    said(here("build", "--week", "3", "--guidance", "tones"))
    assert "contractions" in kinds(hers / "output" / SLUG / "week-03")


def test_what_she_tells_while_a_build_is_at_work_holds_when_it_ends(
    hers: Path, here: Run, offers: Offers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.pack import build

    real = build.build

    def told_meanwhile(*arguments: object) -> object:
        write_check_in(hers, "call=yes")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "build", told_meanwhile)
    assert "Weggehaald: " in said(here("build", "--week", "3", "--guidance", "tones"))
    assert offers(hers / "output") == []


# --- serve -------------------------------------------------------------------------------------


def test_a_running_server_follows_her_answers_at_once(
    hers: Path, here: Run, offers: Offers, forbidden: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    httpx = pytest.importorskip("httpx")
    monkeypatch.chdir(hers)
    with (
        served(hers / "output", "--local") as running,
        httpx.Client(
            base_url=f"{running.address}{SLUG}/week-03/", trust_env=False, verify=False, timeout=60
        ) as client,
    ):
        name = next(name for name in forbidden if name.startswith("w03"))
        sha256 = next(
            t.sha256
            for t in manifest.read(hers / "output" / SLUG / "week-03").tracks
            if t.file == f"{name}.mp3"
        )
        track = f"{name}.mp3?v={sha256[:16]}"
        assert client.get(track).status_code == 200
        write_check_in(hers, "call=yes")  # whoever wrote it was killed
        assert client.get(track).status_code == 404
        for address in ("", "feed.xml", "week-03.m3u8", "pack.json"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert not any(each in answer.text for each in forbidden), address
        assert client.get(f"{name}.vtt").status_code == 404
        assert offers(hers / "output") == []
        (hers / "voicecoach.yaml").write_text("birth_date: soon\n")
        assert client.get("").status_code == 503


def test_a_server_in_another_folder_gives_up_earlier_builds_too(
    hers: Path, here: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    httpx = pytest.importorskip("httpx")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with (
        served(hers / "output", "--local") as running,
        httpx.Client(
            base_url=f"{running.address}{SLUG}/week-03/", trust_env=False, verify=False, timeout=60
        ) as client,
    ):
        listed = manifest.read(hers / "output" / SLUG / "week-03")
        track = next(t for t in listed.tracks if t.kind == "contractions")
        address = f"{track.file}?v={track.sha256[:16]}"
        assert client.get(address).status_code == 200
        said(here(*CALL))
        for _ in range(40):  # it looks five times a second
            if client.get(address).status_code == 404:
                return
            time.sleep(0.1)
        raise AssertionError("still served")


# --- a practice --------------------------------------------------------------------------------


def test_a_batch_withdraws_from_the_earlier_weeks_of_whoever_may_not_contract_now(
    made: Path, tmp_path: Path, here: Run, offers: Offers
) -> None:
    lines = ["client-id,birth-date,perineum,floor,catheter,language,started"]
    for id_, answers in {
        "tense": "tear,over-tense,no",
        "catheter": "tear,normal,yes",
        "oasi": "oasi,normal,no",
        "called": "tear,normal,no",
        "well": "tear,normal,no",
    }.items():
        shutil.copytree(made / "output", tmp_path / "clients" / id_, copy_function=os.link)
        lines.append(f"{id_},{BIRTH},{answers},nl,{BIRTH}")
    write_check_in(tmp_path / "clients" / "called", "call=yes")
    (tmp_path / "roster.csv").write_text("\n".join(lines) + "\n")
    options = ("--out", "clients", "--week", "3", "--guidance", "tones")
    told = said(here("batch", "roster.csv", *options))
    for id_ in ("tense", "catheter", "oasi", "called"):
        assert f"{id_}: Withdrawn: " in told
        assert offers(tmp_path / "clients" / id_) == [], id_
        assert "breathing" in kinds(tmp_path / "clients" / id_ / SLUG / "week-04")
    assert "well: Withdrawn" not in told
    assert offers(tmp_path / "clients" / "well")


# --- killed ------------------------------------------------------------------------------------

NEXT = (
    ("init", "--name", "An"),
    ("checkin", "--done", "--no-pain", "--yes"),
    ("build", "--week", "3", "--guidance", "tones"),
    SYNC,
    ("serve", "--local", "--out", "nowhere", "--port"),
    ("plan",),
    ("script", "breathing"),
)
"""Commands of every kind; `serve` looks, and then ends because its port is taken."""


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[Killer]:
    made = Killer(tmp_path, *CALL)
    yield made
    made.end()


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_whoever_is_killed_is_finished_by_the_next_command_of_any_kind(
    made: Path,
    tmp_path: Path,
    killer: Killer,
    here: Run,
    offers: Offers,
    taken_port: str,
    request: pytest.FixtureRequest,
) -> None:
    said(here(*ORDINARY))
    profile = (tmp_path / "voicecoach.yaml").read_bytes()
    step = 5 if request.config.getoption("--slow") else 37
    for number, moment in enumerate(range(1, 1000, step)):
        for old in ("output", "phone"):
            shutil.rmtree(tmp_path / old, ignore_errors=True)
        fill(tmp_path, made)
        (tmp_path / "voicecoach-checkins.txt").unlink(missing_ok=True)
        (tmp_path / "voicecoach.yaml").write_bytes(profile)
        if not killer.is_killed(moment):
            break
        command = NEXT[number % len(NEXT)]
        is_served = command[0] == "serve"
        done = here(*command, *([taken_port] if is_served else []))
        is_half_made = "wordt net opnieuw gemaakt" in done.stderr  # but what is forbidden is gone
        said(done, code=1 if is_served or is_half_made else 0)
        assert offers(tmp_path / "output") == [], (moment, command)
        assert all("breathing" in kinds(path.parent) for path in packs(tmp_path))
    assert number > 2, "it was killed in the middle"


# --- the decision ------------------------------------------------------------------------------

ANSWERS = st.sampled_from((None, True, False))
CHECK_INS = st.lists(
    st.builds(
        CheckIn,
        day=st.integers(1, 60),
        done=ANSWERS,
        pain=ANSWERS,
        heaviness=ANSWERS,
        felt=ANSWERS,
        let_go=ANSWERS,
        red_flag=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda each: each.day,
).map(lambda each: tuple(sorted(each, key=lambda check_in: check_in.day)))
SITUATIONS = st.builds(
    Situation,
    perineum=st.sampled_from((None, *Perineum)),
    floor=st.sampled_from((None, *Floor)),
    has_catheter=st.booleans(),
    started_day=st.integers(1, 60),
    cleared_day=st.none() | st.integers(0, 70),
    catheter_out_day=st.none() | st.integers(0, 60),
    check_ins=CHECK_INS,
)


@given(situation=SITUATIONS)
def test_a_gate_is_shut_exactly_while_the_plan_has_no_contractions_to_come(
    situation: Situation, programme: Programme
) -> None:
    has_to_come = Course(programme, situation).on(400).path is Way.TRAINING
    assert gates.is_shut(programme, situation) is not has_to_come
