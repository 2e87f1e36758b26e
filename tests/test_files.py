"""Files appear whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.errors import StorageError
from voicecoach.files import remove_parts, write_whole


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_stands_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "folder" / "file", b"content")
    assert (tmp_path / "new" / "folder" / "file").read_bytes() == b"content"
    assert names_in(tmp_path / "new" / "folder") == ["file"]


def test_what_is_written_again_replaces_the_old(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"a long old content")
    write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"")
    assert (tmp_path / "file").read_bytes() == b""


WRITER = """
import sys
from pathlib import Path
from voicecoach.files import write_whole
for turn in range(150):
    write_whole(Path(sys.argv[1]), (b"a", b"b")[turn % 2] * 1_000_000)
"""


def test_a_reader_sees_the_old_or_the_new_and_never_a_part(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"b" * 1_000_000)
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
    write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode
    assert os.umask(mask) == mask, "the umask must be as it was"


def test_a_folder_that_is_a_file_is_an_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(StorageError, match=r"file/x: cannot be written: .+; .+"):
        write_whole(tmp_path / "file" / "x", b"content")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_an_error_leaves_no_litter(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError, match="taken: cannot be written"):
        write_whole(tmp_path / "taken", b"content")
    assert names_in(tmp_path) == ["taken"]


TOO_LARGE = """
import resource, sys
from pathlib import Path
from voicecoach.files import write_whole
from voicecoach.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_whole(Path(sys.argv[1]), b"n" * 200_000)
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


TAKEN = """
import os
import sys
from pathlib import Path
from voicecoach.files import write_whole

taken = []


def take(event, what):
    if event == "os.rename" and not taken:
        taken.append(what[0])
        os.unlink(what[0])


sys.addaudithook(take)
write_whole(Path(sys.argv[1]), b"whole")
assert taken
"""


def test_a_part_that_another_build_took_for_a_killed_ones_is_written_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", TAKEN, tmp_path / "file"], check=True)
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert names_in(tmp_path) == ["file"]


def test_parts_that_killed_writers_left_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".voicecoach-abc.part").touch()
    mine = [".voicecoach-abc", ".part", "my.part", "voicecoach-abc.part"]
    for name in mine:
        (tmp_path / name).touch()
    remove_parts(tmp_path)
    assert names_in(tmp_path) == sorted(mine)


def test_there_may_be_no_folder_to_remove_parts_from(tmp_path: Path) -> None:
    remove_parts(tmp_path / "nothing")
    assert names_in(tmp_path) == []
