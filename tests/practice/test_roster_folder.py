"""A folder of profiles: each client's own folder, named by her id."""

from datetime import date
from pathlib import Path

import pytest

from voicecoach.errors import ContentError
from voicecoach.practice import roster_folder
from voicecoach.profile import client as profile_client
from voicecoach.profile.profile import Profile

TODAY = date(2026, 11, 23)


def client(folder: Path, name: str) -> Path:
    own = folder / name
    own.mkdir()
    profile_client.create(
        own, Profile(birth_date=date(2026, 11, 1), started=date(2026, 11, 2), name="Anna")
    )
    return own


def test_every_folder_with_a_profile_is_a_client(tmp_path: Path) -> None:
    client(tmp_path, "b-2")
    client(tmp_path, "a-1")
    (tmp_path / "letters").mkdir()
    (tmp_path / "notes.txt").write_text("call back")
    roster = roster_folder.read(tmp_path, TODAY)
    assert [each.id for each in roster.clients] == ["a-1", "b-2"]
    assert [each.folder for each in roster.clients] == [tmp_path / "a-1", tmp_path / "b-2"]
    assert roster.unusable == ()


def test_a_folder_whose_name_is_no_id_is_told(tmp_path: Path) -> None:
    client(tmp_path, "Anna de Vries")
    client(tmp_path, "a-1")
    roster = roster_folder.read(tmp_path, TODAY)
    assert [each.id for each in roster.clients] == ["a-1"]
    assert "the name of this folder is not a client id" in str(roster.unusable[0].problems[0])


def test_a_faulty_profile_is_told_by_file_and_line_and_key_but_not_by_what_it_says(
    tmp_path: Path,
) -> None:
    own = client(tmp_path, "a-1")
    file = own / profile_client.FILE
    file.write_text(file.read_text().replace("2026-11-01", "2027-01-01"))
    file.chmod(0o600)
    (unusable,) = roster_folder.read(tmp_path, TODAY).unusable
    told = [str(problem) for problem in unusable.problems]
    assert any(f"{file}:" in each and ": birth_date: this cannot be used" in each for each in told)
    assert "2027" not in " ".join(told)


def test_a_profile_that_others_can_read_is_told(tmp_path: Path) -> None:
    (client(tmp_path, "a-1") / profile_client.FILE).chmod(0o644)
    (unusable,) = roster_folder.read(tmp_path, TODAY).unusable
    assert "others on this computer can read" in str(unusable.problems[0])


def test_a_folder_without_a_client_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no client in this folder"):
        roster_folder.read(tmp_path, TODAY)
