"""Packs on their way to a folder: what arrives, what stays, and what is said when it cannot be."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import filelock
import phone_fs
import pytest
from conftest import Run, run_voicecoach
from pack_files import SLUG, contents, make_pack, sound
from syncing import RENAMING, Mounter, done, needs_mounts, on, ours, refused

from voicecoach.environment import CACHE_VARIABLE
from voicecoach.phone.sync import ledger

WEEK = f"Music/voicecoach/{SLUG}/week-03"
LEDGER = f"Music/voicecoach/{ledger.FILES[0]}"
TRACKS = {"w03-00-een.mp3": sound(1, 30_000), "w03-01-twee.mp3": sound(2, 50_000)}
HERS = {"Music/song.mp3": b"hers", f"{WEEK}/note.txt": b"hers", "DCIM/a.jpg": b"photo"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with week 3."""
    make_pack(tmp_path / "output", 3, TRACKS)
    return tmp_path / "output"


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    """A folder that stands for a phone, with files of hers."""
    for path, data in HERS.items():
        (tmp_path / "phone" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "phone" / path).write_bytes(data)
    return tmp_path / "phone"


# --- what arrives -------------------------------------------------------------------------------


def test_packs_arrive_where_phones_look_and_nothing_of_hers_is_touched(
    run: Run, out: Path, phone: Path
) -> None:
    shown = done(run("sync", "phone"))
    assert on(phone) == HERS | ours(out)
    assert "week-03   copy 8 (0.1 MB)" in shown
    assert all(len(line) <= 80 for line in shown.splitlines() if str(phone) not in line)


def test_the_ledger_lists_every_file_with_its_size_and_hash(
    here: Run, out: Path, phone: Path
) -> None:
    done(here("sync", "phone"))
    noted = json.loads((phone / LEDGER).read_bytes())
    assert {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in noted["files"]} == {
        path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in contents(out).items()
    }
    assert noted["pending"] == []
    assert str(out) not in (phone / LEDGER).read_text()


def test_a_second_sync_does_nothing_and_says_so(here: Run, out: Path, phone: Path) -> None:
    done(here("sync", "phone"))

    def stamps() -> set[tuple[Path, int, int]]:
        return {(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in phone.rglob("*")}

    before = stamps()
    assert "Nothing to do." in done(here("sync", "phone"))
    assert stamps() == before


def test_a_dry_run_shows_and_does_nothing(here: Run, out: Path, phone: Path) -> None:
    shown = done(here("sync", "phone", "--dry-run"))
    assert "copy 8" in shown
    assert contents(phone) == HERS


def test_what_changed_is_replaced_and_what_is_no_longer_needed_is_deleted(
    here: Run, out: Path, phone: Path
) -> None:
    done(here("sync", "phone"))
    make_pack(out, 3, {"w03-00-een.mp3": sound(3, 20_000)}, mark="b")
    shown = done(here("sync", "phone"))
    assert "replace 6" in shown
    assert "delete 2" in shown
    assert on(phone) == HERS | ours(out)


def test_for_machines_the_plan_is_json(here: Run, out: Path, phone: Path) -> None:
    plan = json.loads(done(here("sync", "phone", "--json")))
    assert [entry["file"] for entry in plan["copy"]][-3:] == [
        f"{SLUG}/week-03/{name}" for name in ("week-03.m3u8", "day-21.m3u8", "pack.json")
    ]
    assert (plan["replace"], plan["delete"]) == ([], [])
    assert json.loads(done(here("sync", "phone", "--json")))["copy"] == []


def test_files_that_are_damaged_are_mended_when_it_verifies(
    here: Run, out: Path, phone: Path
) -> None:
    done(here("sync", "phone"))
    track = phone / WEEK / "w03-00-een.mp3"
    track.write_bytes(bytes(len(track.read_bytes())))
    assert "Nothing to do." in done(here("sync", "phone"))
    assert "replace 1" in done(here("sync", "phone", "--verify"))
    assert on(phone) == HERS | ours(out)


@pytest.mark.parametrize(
    ("named", "below"),
    [
        ("card/Music", "voicecoach"),
        ("card/music", "voicecoach"),
        ("card/Music/from laptop", "voicecoach"),
        ("card/Music/voicecoach", ""),
        ("card/voicecoach", "Music/voicecoach"),
    ],
)
def test_in_a_music_folder_there_is_no_second_one(
    here: Run, out: Path, tmp_path: Path, named: str, below: str
) -> None:
    (tmp_path / named).mkdir(parents=True)
    done(here("sync", named))
    assert (tmp_path / named / below / SLUG / "week-03" / "pack.json").exists()
    assert "Nothing to do." in done(here("sync", named))


def test_a_music_folder_that_is_there_is_used_as_it_is_spelt(
    here: Run, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "card" / "MUSIC").mkdir(parents=True)
    done(here("sync", "card"))
    assert os.listdir(tmp_path / "card") == ["MUSIC"]  # noqa: PTH208


# --- which weeks --------------------------------------------------------------------------------


def test_one_week_can_be_synced_and_the_others_stay(here: Run, out: Path, phone: Path) -> None:
    make_pack(out, 4, {"w04-00-een.mp3": b"four"})
    done(here("sync", "phone"))
    shutil.rmtree(out / SLUG / "week-03")
    make_pack(out, 4, {"w04-00-een.mp3": b"new"})
    result = here("sync", "phone", "--week", "4")
    assert "replace 2" in done(result)
    assert "1 other week of yours there" in result.stderr
    assert (phone / WEEK / "pack.json").exists()


def test_a_week_that_was_removed_from_the_output_goes_and_its_folder_too(
    here: Run, out: Path, phone: Path
) -> None:
    make_pack(out, 4, {"w04-00-een.mp3": b"four"})
    done(here("sync", "phone"))
    shutil.rmtree(out / SLUG / "week-04")
    assert "delete 6" in done(here("sync", "phone"))
    assert on(phone) == HERS | ours(out)
    assert not (phone / WEEK).with_name("week-04").exists()


def test_weeks_from_another_output_folder_stay(
    here: Run, out: Path, phone: Path, tmp_path: Path
) -> None:
    done(here("sync", "phone"))
    make_pack(tmp_path / "other", 4, {"w04-00-een.mp3": b"four"})
    done(here("sync", "phone", "--out", "other"))
    assert on(phone) == HERS | ours(out) | ours(tmp_path / "other")


def test_a_week_that_cannot_be_read_is_told_and_stays(here: Run, out: Path, phone: Path) -> None:
    make_pack(out, 4, {"w04-00-een.mp3": b"four"})
    done(here("sync", "phone"))
    before = on(phone)
    (out / SLUG / "week-04" / "pack.json").write_text("{")
    result = here("sync", "phone")
    assert "Nothing to do." in done(result)
    assert "week-04" in result.stderr
    assert on(phone) == before


def test_a_week_that_was_not_built_is_an_error(here: Run, out: Path, phone: Path) -> None:
    assert "voicecoach build --week 4" in refused(here("sync", "phone", "--week", "3-5"))
    assert "voicecoach build" in refused(here("sync", "phone", "--out", "nothing"))


# --- what is not ours ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["w03-00-een.mp3", "W03-00-EEN.MP3", "week-03.m3u8", "pack.json"])
def test_a_file_of_hers_with_a_name_of_ours_stops_the_sync_before_anything_is_copied(
    here: Run, out: Path, phone: Path, name: str
) -> None:
    (phone / WEEK / name).write_bytes(b"hers too")
    told = refused(here("sync", "phone"))
    assert name in told
    assert "rename" in told
    assert contents(phone) == HERS | {f"{WEEK}/{name}": b"hers too"}


def test_a_file_of_ours_that_she_changed_is_not_deleted(here: Run, out: Path, phone: Path) -> None:
    done(here("sync", "phone"))
    (phone / WEEK / "w03-01-twee.mp3").write_bytes(b"hers now")
    make_pack(out, 3, {"w03-00-een.mp3": TRACKS["w03-00-een.mp3"]})
    result = here("sync", "phone")
    assert done(result)
    assert "w03-01-twee.mp3" in result.stderr
    assert on(phone) == HERS | ours(out) | {f"{WEEK}/w03-01-twee.mp3": b"hers now"}


def test_a_link_at_the_destination_is_never_followed(
    here: Run, out: Path, phone: Path, tmp_path: Path
) -> None:
    (tmp_path / "precious").mkdir()
    shutil.rmtree(phone / WEEK)
    (phone / WEEK).symlink_to(tmp_path / "precious")
    assert "week-03" in refused(here("sync", "phone"))
    assert list((tmp_path / "precious").iterdir()) == []


def test_files_copied_by_hand_are_taken_over(here: Run, out: Path, phone: Path) -> None:
    shutil.copytree(out / SLUG, (phone / WEEK).parent, dirs_exist_ok=True)
    assert "Nothing to do." in done(here("sync", "phone"))
    make_pack(out, 3, {"w03-00-een.mp3": b"new"})
    done(here("sync", "phone"))
    assert on(phone) == HERS | ours(out)


def test_what_a_stopped_sync_left_half_written_goes_and_no_other_part(
    here: Run, out: Path, phone: Path
) -> None:
    done(here("sync", "phone"))
    (phone / WEEK / "w03-00-een.mp3.voicecoach.part").write_bytes(b"half")
    (phone / WEEK / "film.mp4.part").write_bytes(b"hers")
    done(here("sync", "phone"))
    assert on(phone) == HERS | ours(out) | {f"{WEEK}/film.mp4.part": b"hers"}


# --- what is said -------------------------------------------------------------------------------


def test_a_destination_that_is_not_there_or_is_no_folder(here: Run, out: Path) -> None:
    assert "plugged in" in refused(here("sync", "phone"))
    (out.parent / "phone").touch()
    assert "this is a file" in refused(here("sync", "phone"))
    assert refused(here("sync", str(out)))
    (out / "phone").mkdir()
    assert "the packs themselves" in refused(here("sync", str(out / "phone")))


def test_nomedia_is_told_wherever_it_hides_the_packs(here: Run, out: Path, phone: Path) -> None:
    (phone / ".nomedia").touch()
    (phone / WEEK / ".nomedia").touch()
    (phone / "DCIM" / ".nomedia").touch()
    result = here("sync", "phone", "--dry-run")
    assert result.returncode == 0
    assert result.stderr.count(".nomedia") == 2
    assert "delete it" in result.stderr


def test_a_pack_that_changes_is_not_copied_in_part(here: Run, out: Path, phone: Path) -> None:
    track = out / SLUG / "week-03" / "w03-00-een.mp3"
    track.write_bytes(bytes(30_000))  # same size, other bytes
    assert "build it again" in refused(here("sync", "phone"))
    assert not (phone / WEEK / "w03-00-een.mp3").exists()
    track.write_bytes(b"short")
    assert "build it again" in refused(here("sync", "phone"))
    track.unlink()
    assert "is missing" in refused(here("sync", "phone"))


def test_two_at_once_the_second_is_told_to_wait(
    here: Run, out: Path, phone: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    done(here("sync", "phone", cache=cache))
    (lock,) = (cache / "locks").iterdir()
    with filelock.FileLock(lock):
        assert "another sync" in refused(here("sync", "phone/Music", cache=cache))
    assert "Nothing to do." in done(here("sync", "phone/Music", cache=cache))


def test_help_says_what_is_deleted(here: Run) -> None:
    shown = done(here("sync", "--help"))
    assert "A whole week is deleted" in " ".join(shown.split())


# --- real file systems --------------------------------------------------------------------------


@needs_mounts
def test_where_files_cannot_be_renamed_they_are_written_under_their_own_names(
    here: Run, out: Path, mounter: Mounter
) -> None:
    phone = mounter.phone("no-rename")
    with pytest.raises(PermissionError):
        (phone / "a").touch()
        (phone / "a").rename(phone / "b")
    (phone / "a").unlink()
    done(here("sync", str(phone)))
    assert on(phone) == ours(out)
    assert "Nothing to do." in done(here("sync", str(phone)))
    make_pack(out, 3, {"w03-00-een.mp3": sound(3, 20_000)}, mark="b")
    done(here("sync", str(phone)))
    assert on(phone) == ours(out)
    assert "Nothing to do." in done(here("sync", str(phone), "--verify"))
    slots = [(phone / "Music" / "voicecoach" / name).read_bytes() for name in ledger.FILES]
    serials = [ledger.newest([slot], "").serial for slot in slots]
    assert abs(serials[0] - serials[1]) == 1  # written in turn: one of them is always whole


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_where_capital_and_small_letters_are_the_same(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...]
) -> None:
    phone = mounter.phone(*options)
    week = phone / "MUSIC" / "VoiceCoach" / SLUG.upper() / "Week-03"
    week.mkdir(parents=True)
    (week / "HERS.TXT").write_bytes(b"hers")
    done(here("sync", str(phone)))
    arrived = {path.casefold(): data for path, data in contents(phone).items()}
    expected = {path.casefold(): data for path, data in ours(out).items()}
    assert expected.items() <= arrived.items()
    assert (week / "hers.txt").read_bytes() == b"hers"
    assert "Nothing to do." in done(here("sync", str(phone)))
    make_pack(out, 3, {"w03-00-een.mp3": b"new"})
    done(here("sync", str(phone)))
    assert len(list(week.iterdir())) == 1 + len(contents(out))


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_a_file_of_hers_in_capitals_is_not_overwritten_where_that_is_the_same_name(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...]
) -> None:
    phone = mounter.phone(*options)
    (phone / WEEK).mkdir(parents=True)
    (phone / WEEK / "COVER.JPG").write_bytes(b"hers")
    assert "COVER.JPG" in refused(here("sync", str(phone)))
    assert contents(phone) == {f"{WEEK}/COVER.JPG": b"hers"}


@needs_mounts
def test_too_little_room_is_told_before_anything_is_copied(
    here: Run, out: Path, mounter: Mounter
) -> None:
    phone = mounter.phone("room=200000")
    told = refused(here("sync", str(phone)))
    assert "0.2 MB more are needed" in told
    assert "Nothing was copied" in told
    assert contents(phone) == {}


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_a_phone_that_is_full_under_way_is_told_and_nothing_is_left_half_done(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...]
) -> None:
    """There is less room than it says."""
    phone = mounter.phone("room=60000", "hides-room", *options)
    told = refused(here("sync", str(phone)))
    assert "is full" in told
    assert "goes on where it stopped" in told
    assert list(on(phone)) == [f"{WEEK}/w03-00-een.mp3"]
    assert on(phone).items() <= ours(out).items()


@needs_mounts
def test_after_some_room_was_made_the_next_sync_goes_on(
    here: Run, out: Path, mounter: Mounter
) -> None:
    """The file system knows no more names, while there is room left."""
    card = mounter.card("nr_inodes=10")
    assert "is full" in refused(here("sync", str(card)))
    arrived = on(card)
    assert arrived.items() <= ours(out).items()
    assert 0 < len(arrived) < len(ours(out))
    mounter.card("remount,nr_inodes=100")
    assert f"copy {len(ours(out)) - len(arrived)} " in done(here("sync", str(card)))
    assert on(card) == ours(out)


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
@pytest.mark.parametrize("pull_after", [0, 1_000, 40_000, 80_000, 85_000])
def test_a_cable_that_is_pulled_is_told_and_the_next_sync_goes_on(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...], pull_after: int
) -> None:
    phone = mounter.phone(f"pull-after={pull_after}", *options)
    told = refused(here("sync", str(phone)))
    assert "plug it in again" in told
    assert "goes on where it stopped" in told
    mounter.replug()
    done(here("sync", str(phone)))
    assert on(phone) == ours(out)


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_what_is_not_there_as_it_was_written_is_written_once_more(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...]
) -> None:
    phone = mounter.phone("spoils=1", *options)
    done(here("sync", str(phone)))
    assert on(phone) == ours(out)


@needs_mounts
@pytest.mark.parametrize("options", RENAMING)
def test_what_never_comes_out_right_is_told_and_does_not_stay(
    here: Run, out: Path, mounter: Mounter, options: tuple[str, ...]
) -> None:
    phone = mounter.phone("spoils=1000", *options)
    assert "another cable" in refused(here("sync", str(phone)))
    assert on(phone) == {}


@needs_mounts
def test_a_read_only_card_is_told(here: Run, out: Path, mounter: Mounter) -> None:
    assert "slide the lock" in refused(here("sync", str(mounter.card("ro"))))


@needs_mounts
def test_a_card_taken_out_under_way_is_not_mistaken_for_the_folder_below_it(
    here: Run, out: Path, mounter: Mounter, tmp_path: Path
) -> None:
    phone = mounter.phone("slow-ms=200")
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "sync", str(phone)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while not (phone / WEEK).exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    phone_fs.unmount(phone)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    assert "plug it in again" in told
    assert list(phone.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(here: Run, out: Path, phone: Path) -> None:
    (phone / "Music").chmod(0o555)
    assert "cannot be written" in refused(here("sync", "phone"))
    (phone / "Music").chmod(0o755)


# --- speed --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_sync_of_a_year_takes_little_more_than_starting_the_program(
    tmp_path: Path, phone: Path
) -> None:
    """Measured beside the start of the program, so that a slow machine does not fail it."""
    for week in range(1, 53):
        tracks = {f"w{week:02d}-{n:02d}-deel.mp3": sound(n, 200_000) for n in range(8)}
        make_pack(tmp_path / "output", week, tracks)
    assert CACHE_VARIABLE in os.environ
    done(run_voicecoach(tmp_path, "sync", "phone"))

    def seconds(*arguments: str) -> float:
        start = time.perf_counter()
        done(run_voicecoach(tmp_path, *arguments))
        return time.perf_counter() - start

    start_s = min(seconds("--version") for _ in range(3))
    again_s = min(seconds("sync", "phone") for _ in range(3))
    assert again_s < start_s * 8 + 1  # reading all of it again takes far longer
