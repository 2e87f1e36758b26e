"""The folder of a pack: files are put whole, only when they differ, and taken only when ours."""

import hashlib
import os
from pathlib import Path

import pytest

from voicecoach.cache import Cache
from voicecoach.errors import StorageError
from voicecoach.files import Digest
from voicecoach.pack.folder import PackFolder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(root=tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path, cache: Cache) -> PackFolder:
    return PackFolder(tmp_path / "week-03", cache)


class Maker:
    """Makes ``data``, and counts how often it was asked to."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.data


def put_once(folder: PackFolder, data: bytes = b"sound") -> None:
    folder.put_made("a.mp3", "key", Maker(data))


def again(folder: PackFolder, cache: Cache) -> PackFolder:
    """The same folder, as a later build meets it."""
    return PackFolder(folder.path, cache)


def test_a_file_that_is_put_stands_there_and_counts_as_a_change(folder: PackFolder) -> None:
    folder.put("list.m3u8", b"songs")
    assert (folder.path / "list.m3u8").read_bytes() == b"songs"
    assert folder.changed == ("list.m3u8",)


def test_the_same_content_is_not_put_twice(folder: PackFolder, cache: Cache) -> None:
    folder.put("list.m3u8", b"songs")
    before = (folder.path / "list.m3u8").stat()
    later = again(folder, cache)
    later.put("list.m3u8", b"songs")
    after = (folder.path / "list.m3u8").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert later.changed == ()


def test_what_is_made_is_known_by_its_size_and_hash(folder: PackFolder) -> None:
    digest = folder.put_made("a.mp3", "key", Maker(b"sound"))
    assert digest == Digest(sha256=hashlib.sha256(b"sound").hexdigest(), bytes=5)
    assert folder.digest_if_current("a.mp3", "key") == digest


def test_a_file_that_stands_is_not_made_again(folder: PackFolder, cache: Cache) -> None:
    put_once(folder)
    maker = Maker(b"sound")
    later = again(folder, cache)
    later.put_made("a.mp3", "key", maker)
    assert (maker.times, later.changed) == (0, ())


@pytest.mark.parametrize("harmed", [None, b"", b"soun", b"sounD"])
def test_a_file_that_is_gone_or_harmed_is_made_again(
    folder: PackFolder, cache: Cache, harmed: bytes | None
) -> None:
    put_once(folder)
    if harmed is None:
        (folder.path / "a.mp3").unlink()
    else:
        (folder.path / "a.mp3").write_bytes(harmed)
    later = again(folder, cache)
    assert later.digest_if_current("a.mp3", "key") is None
    put_once(later)
    assert (folder.path / "a.mp3").read_bytes() == b"sound"
    assert later.changed == ("a.mp3",)


def test_another_key_stands_for_other_bytes(folder: PackFolder) -> None:
    put_once(folder)
    maker = Maker(b"another sound")
    folder.put_made("a.mp3", "another key", maker)
    assert maker.times == 1
    assert folder.digest_if_current("a.mp3", "key") is None


@pytest.mark.parametrize(
    "note", [b"", b"{", b"null", b"[]", b'{"sha256": 1}', b"\xff", b"[" * 99999]
)
def test_a_note_that_cannot_be_read_is_no_note(
    folder: PackFolder, cache: Cache, note: bytes
) -> None:
    put_once(folder)
    whole = cache.note("key").read_bytes()
    cache.note("key").write_bytes(note)
    maker = Maker(b"sound")
    later = again(folder, cache)
    later.put_made("a.mp3", "key", maker)
    assert (maker.times, later.changed) == (1, ())
    assert cache.note("key").read_bytes() == whole
    assert list(cache.remarks()) == [
        f"{cache.root}: some files are damaged, or of another version; they are made again"
    ]
    assert list(cache.remarks()) == []


def test_a_file_that_changes_meanwhile_is_read_again(folder: PackFolder) -> None:
    assert folder.digest_if_current("a.mp3", "key") is None
    put_once(folder)
    assert folder.digest_if_current("a.mp3", "key") is not None
    (folder.path / "a.mp3").write_bytes(b"a part")
    assert folder.digest_if_current("a.mp3", "key") is None


def test_a_file_of_ours_is_removed(folder: PackFolder) -> None:
    put_once(folder)
    folder.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert not (folder.path / "a.mp3").exists()
    assert folder.changed == ("a.mp3", "a.mp3")


def test_a_file_that_is_not_as_we_wrote_it_stays(folder: PackFolder) -> None:
    put_once(folder)
    (folder.path / "a.mp3").write_bytes(b"cut by the user")
    folder.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert (folder.path / "a.mp3").read_bytes() == b"cut by the user"


def test_a_file_that_is_gone_need_not_be_removed(folder: PackFolder) -> None:
    folder.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert folder.changed == ()


def test_a_folder_in_the_place_of_a_file_is_an_error_that_names_it(folder: PackFolder) -> None:
    (folder.path / "a.mp3" / "hers").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"a\.mp3: cannot be written: Is a directory"):
        put_once(folder)
    assert [path.name for path in (folder.path / "a.mp3").iterdir()] == ["hers"]
    assert [path.name for path in folder.path.iterdir()] == ["a.mp3"]
    assert folder.changed == ()


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need leave on Windows")
def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(
    folder: PackFolder, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    folder.path.mkdir()
    (folder.path / "a.mp3").symlink_to(tmp_path / "mine")
    put_once(folder)
    assert (folder.path / "a.mp3").read_bytes() == b"sound"
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_the_lock_clears_what_killed_builds_left(folder: PackFolder) -> None:
    folder.path.mkdir()
    (folder.path / ".voicecoach-x.part").touch()
    with folder.locked():
        assert list(folder.path.iterdir()) == []
