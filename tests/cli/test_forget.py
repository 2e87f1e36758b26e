"""``voicecoach forget``: what she told, and what was made from it, is gone; nothing else is."""

import os
from pathlib import Path

import pytest
from conftest import Run
from pack_files import contents
from terminal_talk import talk

OWN = ("--content", "content")


@pytest.fixture
def hers(tiny: Path, tmp_path: Path, here: Run) -> Path:
    """A client with a name, packs in two places, and files that were put aside."""
    (tmp_path / "content").symlink_to(tiny)
    told = ("--birth-date", "2026-11-01", "--started", "2026-11-01", "--name", "An")
    assert here("init", *told, "--language", "nl", "--yes", *OWN).returncode == 0
    assert here("checkin", "--done", "--no-pain", "--yes", *OWN).returncode == 0
    for out in ("output", "else/where"):
        assert here("build", "--week", "1", "--out", out, *OWN).returncode == 0
    for name in (
        "voicecoach.yaml.2024-05-01",
        "voicecoach-checkins.txt.2024-05-01-2",
        "voicecoach-unfinished.yaml",
    ):
        (tmp_path / name).write_text("of an earlier birth")
    return tmp_path


def left(folder: Path) -> set[str]:
    return {path for path in contents(folder) if not path.startswith("content")}


def test_it_deletes_all_that_she_told_and_all_that_was_made_of_it(hers: Path, here: Run) -> None:
    done = here("forget", "--yes")
    assert done.returncode == 0, done.stderr
    assert left(hers) == set()
    assert not (hers / "output").exists()
    for shown in ("voicecoach.yaml.2024-05-01", "voicecoach-checkins.txt", "else/where"):
        assert shown in done.stdout
    assert "Het is weg." in done.stdout and "telefoon" in done.stdout
    assert "Nothing of yours is kept in this folder." in here("forget", "--yes").stdout


def test_what_is_not_ours_stays(hers: Path, here: Run) -> None:
    week = next((hers / "output").glob("*/week-01"))
    track = next(week.glob("*ademen*.mp3"))
    track.unlink()
    track.write_bytes(b"tagged by a player")
    others = {
        "voicecoach.yaml.bak",
        "notes.txt",
        "output/holiday.mp3",
        "output/.voicecoach/diary.txt",
        f"{week.relative_to(hers).as_posix()}/mine.mp3",
    }
    for name in others:
        (hers / name).write_bytes(b"hers")
    done = here("forget", "--yes")
    assert done.returncode == 0
    assert left(hers) == others | {track.relative_to(hers).as_posix()}
    assert track.name in done.stderr


def test_where_nobody_can_be_asked_it_deletes_nothing(hers: Path, here: Run) -> None:
    before = contents(hers)
    done = here("forget")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert contents(hers) == before


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of POSIX")
def test_at_a_terminal_only_a_yes_deletes(hers: Path) -> None:
    before = contents(hers)
    for answer in ("n", "", "j"):
        assert contents(hers) == before
        code, shown = talk(hers, "forget", answers=[answer])
        assert code == 0
        assert "Dit gaat weg:" in shown
    assert left(hers) == set()


def test_it_works_when_her_files_cannot_be_read(hers: Path, here: Run) -> None:
    (hers / "voicecoach.yaml").write_text("birth_date: soon\n")
    assert here("forget", "--yes").returncode == 0
    assert left(hers) == set()
