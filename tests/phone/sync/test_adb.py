"""A phone behind adb. No phone can run here: a stand-in answers the same command line."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from pack_files import SLUG, contents, make_pack, sound
from syncing import ON_CARD as HERS
from syncing import WEEK, done, on, ours, refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in needs a POSIX shell")

TRACKS = {"w03-00-een.mp3": sound(1, 30_000), "w03-01-twee.mp3": sound(2, 50_000)}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    make_pack(tmp_path / "output", 3, TRACKS)
    return tmp_path / "output"


@pytest.mark.parametrize("named", ["adb:", "adb:R58M12"])
def test_packs_arrive_and_a_second_sync_does_nothing(
    here: Run, out: Path, card: Path, named: str
) -> None:
    assert "copy 8" in done(here("sync", named))
    assert on(card) == HERS | ours(out)
    assert "Nothing to do." in done(here("sync", named))
    assert "Nothing to do." in done(here("sync", named, "--verify"))


def test_what_changed_is_replaced_and_what_is_no_longer_needed_goes(
    here: Run, out: Path, card: Path
) -> None:
    make_pack(out, 4, {"w04-00-een.mp3": b"four"})
    done(here("sync", "adb:"))
    make_pack(out, 3, {"w03-00-een.mp3": sound(3, 20_000)}, mark="b")
    for path in sorted((out / SLUG / "week-04").iterdir()):
        path.unlink()
    (out / SLUG / "week-04").rmdir()
    shown = done(here("sync", "adb:"))
    assert "replace 6" in shown
    assert on(card) == HERS | ours(out)
    assert not (card / WEEK).with_name("week-04").exists()


def test_a_part_that_was_left_goes_and_a_damaged_file_is_mended(
    here: Run, out: Path, card: Path
) -> None:
    done(here("sync", "adb:"))
    (card / WEEK / "pack.json.voicecoach.part").write_bytes(b"half")
    (card / WEEK / "w03-00-een.mp3").write_bytes(bytes(30_000))
    assert "replace 1" in done(here("sync", "adb:", "--verify"))
    assert on(card) == HERS | ours(out)


def test_a_file_of_hers_with_a_name_of_ours_stops_the_sync(
    here: Run, out: Path, card: Path
) -> None:
    (card / WEEK / "COVER.jpg").write_bytes(b"hers")
    assert "COVER.jpg" in refused(here("sync", "adb:"))
    assert contents(card) == HERS | {f"{WEEK}/COVER.jpg": b"hers"}


def test_nomedia_is_told(here: Run, out: Path, card: Path) -> None:
    (card / "Music" / ".nomedia").touch()
    (card / WEEK / ".nomedia").touch()
    result = here("sync", "adb:", "--dry-run")
    assert done(result)
    assert result.stderr.count(".nomedia") == 2


@pytest.mark.parametrize(
    ("named", "states", "told"),
    [
        ("adb:", "", "no phone is connected"),
        ("adb:", "A1=device,B2=device", "adb:A1, adb:B2"),
        ("adb:", "A1=unauthorized", "allow USB debugging"),
        ("adb:", "A1=offline", "unlock"),
        ("adb:C3", "A1=device", "is not connected"),
    ],
)
def test_which_phone_is_meant_must_be_clear(
    here: Run,
    out: Path,
    card: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    states: str,
    told: str,
) -> None:
    monkeypatch.setenv("FAKE_ADB_STATES", states)
    assert told in refused(here("sync", named))


def test_without_adb_it_says_how_to_get_it(
    here: Run, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not installed" in refused(here("sync", "adb:"))


def test_a_full_phone_is_told(
    here: Run, out: Path, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ADB_FULL", "1")
    assert "is full" in refused(here("sync", "adb:"))
    assert contents(card) == HERS
    monkeypatch.delenv("FAKE_ADB_FULL")
    done(here("sync", "adb:"))
    assert on(card) == HERS | ours(out)


def test_a_phone_that_is_unplugged_is_told(
    here: Run, out: Path, card: Path, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "sync", "adb:"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (card / WEEK / "w03-00-een.mp3").exists():
        assert process.poll() is None
    (tmp_path / "phone").rename(tmp_path / "unplugged")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in told
    assert "run the same command again" in told
    (tmp_path / "unplugged").rename(tmp_path / "phone")
    done(here("sync", "adb:"))
    assert on(card) == HERS | ours(out)
