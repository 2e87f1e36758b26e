"""Files that packs share: once on the disk, whole, and each pack's own to lose."""

import os
from pathlib import Path

import pytest

from voicecoach.files import digest_of
from voicecoach.pack import shared_files
from voicecoach.pack.shared_files import SharedFiles

SOUND = b"sound" * 1000
KEY = "ab" * 32
DIGEST = digest_of(SOUND)


def never() -> bytes:
    raise AssertionError("is there already")


def put(shared: SharedFiles, path: Path) -> None:
    assert shared.put(path, KEY, None, lambda: SOUND) == DIGEST


def again(shared: SharedFiles, path: Path) -> None:
    assert shared.put(path, KEY, DIGEST, never) == DIGEST


@pytest.fixture
def shared(tmp_path: Path) -> SharedFiles:
    return SharedFiles(tmp_path / "store")


def test_two_packs_share_one_file(shared: SharedFiles, tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "t.mp3", tmp_path / "b" / "t.mp3"
    put(shared, one)
    again(shared, other)
    assert one.read_bytes() == SOUND
    assert one.samefile(other)


def test_a_shared_file_is_there_to_be_read_only(shared: SharedFiles, tmp_path: Path) -> None:
    put(shared, tmp_path / "t.mp3")
    assert not (tmp_path / "t.mp3").stat().st_mode & 0o222


def test_a_file_that_is_there_is_known_without_making_it(
    shared: SharedFiles, tmp_path: Path
) -> None:
    path = tmp_path / "t.mp3"
    put(shared, path)
    assert shared.is_at(path, KEY, DIGEST)
    assert not shared.is_at(path, KEY, digest_of(b"another"))
    assert not shared.is_at(tmp_path / "none.mp3", KEY, DIGEST)
    assert not shared.is_at(path, "cd" * 32, DIGEST)


def test_putting_it_where_it_is_leaves_nothing_behind(shared: SharedFiles, tmp_path: Path) -> None:
    path = tmp_path / "pack" / "t.mp3"
    put(shared, path)
    again(shared, path)
    assert [each.name for each in path.parent.iterdir()] == ["t.mp3"]


def test_a_file_of_the_store_that_was_spoiled_is_made_anew(tmp_path: Path) -> None:
    put(SharedFiles(tmp_path / "store"), tmp_path / "a.mp3")
    (stored,) = (tmp_path / "store").glob("*/*")
    stored.chmod(0o600)
    stored.write_bytes(b"spoiled")
    fresh = SharedFiles(tmp_path / "store")
    assert not fresh.is_at(tmp_path / "a.mp3", KEY, DIGEST)
    assert fresh.put(tmp_path / "b.mp3", KEY, DIGEST, lambda: SOUND) == DIGEST
    assert (tmp_path / "b.mp3").read_bytes() == SOUND


def test_where_a_file_has_all_the_links_it_can_have_another_begins(
    shared: SharedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def at_most_three(source: Path, target: Path) -> None:
        if Path(source).stat().st_nlink >= 3:
            raise OSError(31, "Too many links")
        link(source, target)

    monkeypatch.setattr(shared_files.os, "link", at_most_three)
    put(shared, tmp_path / "0.mp3")
    for number in range(1, 6):
        again(shared, tmp_path / f"{number}.mp3")
    files = [tmp_path / f"{number}.mp3" for number in range(6)]
    assert {path.read_bytes() for path in files} == {SOUND}
    assert len({path.stat().st_ino for path in files}) == 3


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_where_there_are_no_links_each_pack_has_a_copy(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    elsewhere = Path("/dev/shm") / f"voicecoach-{os.getpid()}"
    try:
        put(SharedFiles(elsewhere), tmp_path / "a.mp3")
        again(SharedFiles(elsewhere), tmp_path / "b.mp3")
        assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes() == SOUND
        assert not (tmp_path / "a.mp3").samefile(tmp_path / "b.mp3")
    finally:
        for path in sorted(elsewhere.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        elsewhere.rmdir()


def test_what_no_pack_holds_any_more_goes_after_a_day(
    shared: SharedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shared, tmp_path / "a.mp3")
    (stored,) = (tmp_path / "store").glob("*/*")
    now_s = stored.stat().st_ctime
    monkeypatch.setattr(shared_files.time, "time", lambda: now_s + 100_000)
    shared.remove_unused()
    assert stored.exists(), "a pack holds it"
    (tmp_path / "a.mp3").unlink()
    monkeypatch.setattr(shared_files.time, "time", lambda: now_s + 60)
    shared.remove_unused()
    assert stored.exists(), "another batch may just have made it"
    now_s = stored.stat().st_ctime
    monkeypatch.setattr(shared_files.time, "time", lambda: now_s + 100_000)
    shared.remove_unused()
    assert not stored.exists()
