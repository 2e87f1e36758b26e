"""Which packs are found in the output folder."""

from pathlib import Path

import pytest
from pack_files import SLUG, make_pack

from voicecoach.errors import StorageError
from voicecoach.pack import manifest


def test_packs_are_found_in_order_of_programme_and_week(tmp_path: Path) -> None:
    make_pack(tmp_path, 3, {}, slug="pelvic-floor-after-birth")
    for week in (10, 2):
        make_pack(tmp_path, week, {"w02-00-een.mp3": b"sound"})
    found = manifest.find_packs(tmp_path)
    assert [(pack.slug, pack.name) for pack in found] == [
        (SLUG, "week-02"),
        (SLUG, "week-10"),
        ("pelvic-floor-after-birth", "week-03"),
    ]
    assert found[0].folder == tmp_path / SLUG / "week-02"
    assert found[0].manifest == manifest.read(found[0].folder)


def test_an_output_folder_that_does_not_exist_holds_none(tmp_path: Path) -> None:
    assert manifest.find_packs(tmp_path / "output") == ()


def test_other_files_and_folders_and_a_week_without_a_manifest_are_no_packs(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / SLUG / "week-04").mkdir(parents=True)
    make_pack(tmp_path, 3, {}).rename(tmp_path / SLUG / "prompts")
    assert manifest.find_packs(tmp_path) == ()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    out = tmp_path / "output"
    elsewhere = make_pack(tmp_path / "elsewhere", 3, {})
    (out / SLUG / "week-05").mkdir(parents=True)
    (out / SLUG / "week-03").symlink_to(elsewhere)
    (out / "other").symlink_to(elsewhere.parent)
    (out / SLUG / "week-05" / manifest.FILE).symlink_to(elsewhere / manifest.FILE)
    assert manifest.find_packs(out) == ()


def test_a_pack_that_cannot_be_read_is_told_and_the_others_are_found(tmp_path: Path) -> None:
    (make_pack(tmp_path, 2, {}) / manifest.FILE).write_text("{")
    make_pack(tmp_path, 3, {})
    told: list[str] = []
    assert [pack.name for pack in manifest.find_packs(tmp_path, told.append)] == ["week-03"]
    assert len(told) == 1
    assert "week-02/pack.json" in told[0].replace("\\", "/")
    with pytest.raises(StorageError, match="week-02"):
        manifest.find_packs(tmp_path)
