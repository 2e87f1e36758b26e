"""Files appear whole or not at all, and the cache keeps other processes waiting where it must."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach import store
from voicecoach.errors import StorageError
from voicecoach.store import CACHE_VARIABLE, Cache


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_stands_there(tmp_path: Path) -> None:
    store.write_whole(tmp_path / "new" / "folder" / "file", b"content")
    assert (tmp_path / "new" / "folder" / "file").read_bytes() == b"content"
    assert names_in(tmp_path / "new" / "folder") == ["file"]


def test_what_is_written_again_replaces_the_old(tmp_path: Path) -> None:
    store.write_whole(tmp_path / "file", b"a long old content")
    store.write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    store.write_whole(tmp_path / "file", b"")
    assert (tmp_path / "file").read_bytes() == b""


WRITER = """
import sys
from pathlib import Path
from voicecoach import store
for turn in range(150):
    store.write_whole(Path(sys.argv[1]), (b"a", b"b")[turn % 2] * 1_000_000)
"""


def test_a_reader_sees_the_old_or_the_new_and_never_a_part(tmp_path: Path) -> None:
    path = tmp_path / "file"
    store.write_whole(path, b"b" * 1_000_000)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
    seen = set()
    while writer.poll() is None:
        data = path.read_bytes()
        assert len(data) == 1_000_000
        seen.add(bytes(set(data)))
    assert writer.returncode == 0
    assert seen == {b"a", b"b"}


@pytest.fixture
def umask() -> Iterator[None]:
    """Gives the umask back after a test that changes it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_are_those_of_any_new_file(tmp_path: Path, mask: int, mode: int) -> None:
    os.umask(mask)
    store.write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode
    assert os.umask(mask) == mask, "the umask must be as it was"


def test_a_folder_that_is_a_file_is_an_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(StorageError, match=r"file/x: cannot be written: .+; .+"):
        store.write_whole(tmp_path / "file" / "x", b"content")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_an_error_leaves_no_litter(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError, match="taken: cannot be written"):
        store.write_whole(tmp_path / "taken", b"content")
    assert names_in(tmp_path) == ["taken"]


TOO_LARGE = """
import resource, sys
from pathlib import Path
from voicecoach import store
from voicecoach.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.write_whole(Path(sys.argv[1]), b"n" * 200_000)
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="a limit to the size of files is POSIX")
def test_a_write_that_fails_half_way_keeps_the_old_and_leaves_no_litter(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    result = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "file: cannot be written: File too large" in result.stdout
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_parts_that_killed_writers_left_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".voicecoach-abc.part").touch()
    mine = [".voicecoach-abc", ".part", "my.part", "voicecoach-abc.part"]
    for name in mine:
        (tmp_path / name).touch()
    store.remove_parts(tmp_path)
    assert names_in(tmp_path) == sorted(mine)


def test_there_may_be_no_folder_to_remove_parts_from(tmp_path: Path) -> None:
    store.remove_parts(tmp_path / "nothing")
    assert names_in(tmp_path) == []


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "there"))
    assert store.user_cache().root == tmp_path / "there"


def test_without_it_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    assert store.user_cache().root.is_absolute()
    assert "voicecoach" in store.user_cache().root.parts


def test_everything_in_the_cache_has_a_place_of_its_own(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    places = {f(key) for f in (cache.recording, cache.audio, cache.note) for key in ("ab1", "ab2")}
    assert len(places) == 6
    assert all(tmp_path in place.parents for place in places)


HOLDER = """
import sys
from pathlib import Path
from voicecoach.store import Cache
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
    told = f"{cache.root}: some files are damaged, or of another version; they are made anew"
    assert cache.read(path) is None
    assert list(cache.remarks()) == [told]
    assert cache.read(path) is None
    assert list(cache.remarks()) == []
    cache.write(path, b"new")
    assert cache.read(path) == b"new"
