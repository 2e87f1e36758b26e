"""The folder of a pack: files are put whole, only when they differ, and taken only when ours."""

import hashlib
import os
from pathlib import Path

import pytest

from voicecoach.digest import Digest
from voicecoach.errors import StorageError
from voicecoach.pack.folder import Shelf
from voicecoach.store import Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(root=tmp_path / "cache")


@pytest.fixture
def shelf(tmp_path: Path, cache: Cache) -> Shelf:
    return Shelf(tmp_path / "week-03", cache)


class Maker:
    """Makes ``data``, and counts how often it was asked to."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.data


def put_once(shelf: Shelf, data: bytes = b"sound") -> None:
    shelf.put_made("a.mp3", "key", Maker(data))


def again(shelf: Shelf, cache: Cache) -> Shelf:
    """The same folder, as a later build meets it."""
    return Shelf(shelf.folder, cache)


def test_a_file_that_is_put_stands_there_and_counts_as_a_change(shelf: Shelf) -> None:
    shelf.put("list.m3u8", b"songs")
    assert (shelf.folder / "list.m3u8").read_bytes() == b"songs"
    assert shelf.changed == ("list.m3u8",)


def test_the_same_content_is_not_put_twice(shelf: Shelf, cache: Cache) -> None:
    shelf.put("list.m3u8", b"songs")
    before = (shelf.folder / "list.m3u8").stat()
    later = again(shelf, cache)
    later.put("list.m3u8", b"songs")
    after = (shelf.folder / "list.m3u8").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert later.changed == ()


def test_what_is_made_is_known_by_its_size_and_hash(shelf: Shelf) -> None:
    digest = shelf.put_made("a.mp3", "key", Maker(b"sound"))
    assert digest == Digest(sha256=hashlib.sha256(b"sound").hexdigest(), bytes=5)
    assert shelf.standing("a.mp3", "key") == digest


def test_a_file_that_stands_is_not_made_again(shelf: Shelf, cache: Cache) -> None:
    put_once(shelf)
    maker = Maker(b"sound")
    later = again(shelf, cache)
    later.put_made("a.mp3", "key", maker)
    assert (maker.times, later.changed) == (0, ())


@pytest.mark.parametrize("harmed", [None, b"", b"soun", b"sounD"])
def test_a_file_that_is_gone_or_harmed_is_made_again(
    shelf: Shelf, cache: Cache, harmed: bytes | None
) -> None:
    put_once(shelf)
    if harmed is None:
        (shelf.folder / "a.mp3").unlink()
    else:
        (shelf.folder / "a.mp3").write_bytes(harmed)
    later = again(shelf, cache)
    assert later.standing("a.mp3", "key") is None
    put_once(later)
    assert (shelf.folder / "a.mp3").read_bytes() == b"sound"
    assert later.changed == ("a.mp3",)


def test_another_key_stands_for_other_bytes(shelf: Shelf) -> None:
    put_once(shelf)
    maker = Maker(b"another sound")
    shelf.put_made("a.mp3", "another key", maker)
    assert maker.times == 1
    assert shelf.standing("a.mp3", "key") is None


@pytest.mark.parametrize(
    "note", [b"", b"{", b"null", b"[]", b'{"sha256": 1}', b"\xff", b"[" * 99999]
)
def test_a_note_that_cannot_be_read_is_no_note(shelf: Shelf, cache: Cache, note: bytes) -> None:
    put_once(shelf)
    whole = cache.note("key").read_bytes()
    cache.note("key").write_bytes(note)
    maker = Maker(b"sound")
    later = again(shelf, cache)
    later.put_made("a.mp3", "key", maker)
    assert (maker.times, later.changed) == (1, ())
    assert cache.note("key").read_bytes() == whole
    assert list(cache.remarks()) == [
        f"{cache.root}: some files are damaged, or of another version; they are made anew"
    ]
    assert list(cache.remarks()) == []


def test_a_glance_tells_by_the_size_whether_a_file_stands(shelf: Shelf) -> None:
    assert not shelf.seems_to_hold("a.mp3", "key")
    put_once(shelf)
    assert shelf.seems_to_hold("a.mp3", "key")
    (shelf.folder / "a.mp3").write_bytes(b"a part")
    assert not shelf.seems_to_hold("a.mp3", "key")


def test_a_file_of_ours_is_removed(shelf: Shelf) -> None:
    put_once(shelf)
    shelf.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert not (shelf.folder / "a.mp3").exists()
    assert shelf.changed == ("a.mp3", "a.mp3")


def test_a_file_that_is_not_as_we_wrote_it_stays(shelf: Shelf) -> None:
    put_once(shelf)
    (shelf.folder / "a.mp3").write_bytes(b"cut by the user")
    shelf.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert (shelf.folder / "a.mp3").read_bytes() == b"cut by the user"


def test_a_file_that_is_gone_need_not_be_removed(shelf: Shelf) -> None:
    shelf.remove("a.mp3", hashlib.sha256(b"sound").hexdigest())
    assert shelf.changed == ()


def test_a_folder_in_the_place_of_a_file_is_an_error_that_names_it(shelf: Shelf) -> None:
    (shelf.folder / "a.mp3" / "hers").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"a\.mp3: cannot be written: Is a directory"):
        put_once(shelf)
    assert [path.name for path in (shelf.folder / "a.mp3").iterdir()] == ["hers"]
    assert [path.name for path in shelf.folder.iterdir()] == ["a.mp3"]
    assert shelf.changed == ()


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need leave on Windows")
def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(
    shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    shelf.folder.mkdir()
    (shelf.folder / "a.mp3").symlink_to(tmp_path / "mine")
    put_once(shelf)
    assert (shelf.folder / "a.mp3").read_bytes() == b"sound"
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_the_lock_clears_what_killed_builds_left(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    (shelf.folder / ".voicecoach-x.part").touch()
    with shelf.locked():
        assert list(shelf.folder.iterdir()) == []
