"""The cache: what is damaged is found, and other processes wait where they must."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.cache import Cache, user_cache
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.errors import StorageError


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "there"))
    assert user_cache().root == tmp_path / "there"


def test_without_it_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    assert user_cache().root.is_absolute()
    assert "voicecoach" in user_cache().root.parts


def test_everything_in_the_cache_has_a_place_of_its_own(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    places = {f(key) for f in (cache.recording, cache.audio, cache.note) for key in ("ab1", "ab2")}
    assert len(places) == 6
    assert all(tmp_path in place.parents for place in places)


HOLDER = """
import sys
from pathlib import Path
from voicecoach.cache import Cache
with Cache(root=Path(sys.argv[1])).lock(sys.argv[2]):
    print("locked", flush=True)
    sys.stdin.read(1)
    Path(sys.argv[1], "ended").touch()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock ``week`` until told to end, by a line or by a kill."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), "week"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lock_keeps_another_process_waiting(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    assert holder.stdin
    holder.stdin.write("x")
    holder.stdin.flush()
    with Cache(root=tmp_path).lock("week"):
        assert (tmp_path / "ended").exists()


@pytest.mark.usefixtures("holder")
def test_another_lock_does_not(tmp_path: Path) -> None:
    with Cache(root=tmp_path).lock("other week"):
        assert not (tmp_path / "ended").exists()


def test_the_lock_of_a_killed_process_is_free(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    holder.kill()
    with Cache(root=tmp_path).lock("week"):
        assert not (tmp_path / "ended").exists()


def test_a_lock_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    lock = Cache(root=tmp_path / "cache").lock("week")
    with pytest.raises(StorageError, match=r"week\.lock: cannot be locked"), lock:
        pass


def test_what_goes_wrong_under_a_lock_is_not_blamed_on_the_lock(tmp_path: Path) -> None:
    lock = Cache(root=tmp_path).lock("week")
    with pytest.raises(OSError, match="something else"), lock:
        raise OSError("something else")


def kept(cache: Cache) -> Path:
    """A recording in ``cache``, beside another of the same length."""
    cache.write(cache.recording("other"), b"0123456789" * 100)
    cache.write(cache.recording("key"), b"abcdefghij" * 100)
    return cache.recording("key")


def test_what_the_cache_is_given_comes_back(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    assert cache.read(kept(cache)) == b"abcdefghij" * 100
    assert list(cache.remarks()) == []


def test_what_is_not_there_is_not_damaged(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    assert cache.read(cache.recording("key")) is None
    assert list(cache.remarks()) == []


@pytest.mark.parametrize("at", [0, 1, 500, 999, 1000, 1001, 1032, 1064])
def test_a_flipped_bit_is_found_wherever_it_is(tmp_path: Path, at: int) -> None:
    path = kept(Cache(root=tmp_path))
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert_damaged(Cache(root=tmp_path), path)


@pytest.mark.parametrize("length", [0, 1, 64, 65, 66, 500, 1000, 1064])
def test_a_file_of_another_length_is_found(tmp_path: Path, length: int) -> None:
    path = kept(Cache(root=tmp_path))
    path.write_bytes(path.read_bytes()[:length])
    assert_damaged(Cache(root=tmp_path), path)


@pytest.mark.parametrize("more", [b"\0", b"\n", b"x" * 65, b"y" * 10_000])
def test_a_file_that_goes_on_is_found(tmp_path: Path, more: bytes) -> None:
    path = kept(Cache(root=tmp_path))
    path.write_bytes(path.read_bytes() + more)
    assert_damaged(Cache(root=tmp_path), path)


def test_a_whole_file_of_another_name_is_found(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    path = kept(cache)
    path.write_bytes(cache.recording("other").read_bytes())
    assert_damaged(Cache(root=tmp_path), path)


def test_a_folder_in_the_place_of_a_file_is_moved_aside_with_what_is_in_it(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    path = kept(cache)
    path.unlink()
    path.mkdir()
    (path / "hers").write_bytes(b"hers")
    assert_damaged(Cache(root=tmp_path), path)
    [moved] = path.parent.glob("*.moved-*")
    assert (moved / "hers").read_bytes() == b"hers"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = kept(Cache(root=tmp_path))
    path.unlink()
    os.mkfifo(path)
    assert_damaged(Cache(root=tmp_path), path)


def test_a_moved_cache_is_the_same_cache(tmp_path: Path) -> None:
    path = kept(Cache(root=tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    cache = Cache(root=tmp_path / "new")
    assert cache.read(cache.recording("key")) == b"abcdefghij" * 100
    assert not path.exists()


def assert_damaged(cache: Cache, path: Path) -> None:
    """It counts as not there, is told of once, and can be written anew."""
    told = f"{cache.root}: some files are damaged, or of another version; they are made again"
    assert cache.read(path) is None
    assert list(cache.remarks()) == [told]
    assert cache.read(path) is None
    assert list(cache.remarks()) == []
    cache.write(path, b"new")
    assert cache.read(path) == b"new"
