"""What is kept is not trusted by its size: whatever became of it, packs have the same bytes."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import tiny_programme
from conftest import run_here, run_voicecoach

from voicecoach import messages

Damage = Callable[[list[Path]], None]
NOTE = "Note: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A pack that was built with an empty cache, and that cache."""

    folder: Path
    files: dict[str, bytes]

    @property
    def cache(self) -> Path:
        return self.folder / "cache"


def build(
    folder: Path, out: Path, cache: Path, by: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str]":
    options = ("--content", "tiny", "--guidance", "tones", "--week", "1", "--jobs", "1")
    command = ("build", *options, "--out", str(out))
    if by:
        return run_voicecoach(folder, *command, cache=cache, by=by)
    return run_here(folder, *command, cache=cache)


def notes(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith(NOTE)]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    folder = tmp_path_factory.mktemp("clean")
    tiny_programme.write(folder / "tiny")
    done = build(folder, folder / "out", folder / "cache")
    assert (done.returncode, notes(done)) == (0, []), done.stderr
    return Clean(folder=folder, files=files(folder / "out"))


@pytest.fixture
def cache(clean: Clean, tmp_path: Path) -> Path:
    """A copy of the cache, to be damaged."""
    return Path(shutil.copytree(clean.cache, tmp_path / "cache"))


def kept(cache: Path, *kinds: str) -> list[Path]:
    """Every file of ``cache`` that is of one of ``kinds``."""
    return sorted(path for kind in kinds for path in (cache / kind).rglob("*") if path.is_file())


def noise(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(os.urandom(path.stat().st_size))


def zeros(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(bytes(path.stat().st_size))


def swap(paths: list[Path]) -> None:
    """Each file is a whole one, of another name."""
    data = [path.read_bytes() for path in paths]
    for path, other in zip(paths, [*data[1:], data[0]], strict=True):
        path.write_bytes(other)


def flip(paths: list[Path]) -> None:
    for path in paths:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)


def truncate(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(path.read_bytes()[:-1])


def empty(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(b"")


def fold(paths: list[Path]) -> None:
    """A folder that is not empty stands in the place of each."""
    for path in paths:
        path.unlink()
        (path / "hers").mkdir(parents=True)


def unseal(paths: list[Path]) -> None:
    """As an older version wrote them: without a hash."""
    for path in paths:
        path.write_bytes(path.read_bytes()[:-65])


FOR_WHOM = f"{messages.words('en')('build.for_whom')} --content tiny"
ALL = ("recordings", "audio", "notes")
DAMAGES: list[Damage] = [noise, swap, flip, truncate, fold]
LIKE_TRUNCATED: list[Damage] = [zeros, empty, unseal]
"""Found in the same way: the hash at the end is not that of what is before it."""


def assert_made_good(clean: Clean, cache: Path, tmp_path: Path) -> None:
    first = build(clean.folder, tmp_path / "first", cache)
    assert first.returncode == 0, first.stderr
    assert notes(first) == [
        f"{NOTE}{cache}: some files are damaged, or of another version; they are made again"
    ]
    assert files(tmp_path / "first") == clean.files
    second = build(clean.folder, tmp_path / "second", cache)
    said = second.stderr.splitlines()
    assert (second.returncode, said[0], len(said)) == (0, FOR_WHOM, 2), "no note, besides a hint"
    assert files(tmp_path / "second") == clean.files


@pytest.mark.parametrize(
    "damage",
    [*DAMAGES, *(pytest.param(each, marks=pytest.mark.slow) for each in LIKE_TRUNCATED)],
    ids=lambda each: each.__name__,
)
def test_whatever_became_of_all_that_is_kept_it_is_made_anew(
    clean: Clean, cache: Path, tmp_path: Path, damage: Damage
) -> None:
    for kind in ALL:
        damage(kept(cache, kind))
    assert_made_good(clean, cache, tmp_path)
    for name, data in files(clean.cache).items():
        if not name.startswith("receipts"):  # of builds into other folders
            assert (cache / name).read_bytes() == data, name


@pytest.mark.parametrize("kind", ALL)
def test_damage_of_one_kind_is_found_though_the_others_are_whole(
    clean: Clean, cache: Path, tmp_path: Path, kind: str
) -> None:
    """Of a single file, by a single bit; what is made of recordings need not be made anew."""
    flip(kept(cache, kind)[:1])
    assert_made_good(clean, cache, tmp_path)


def as_anybody() -> list[str]:
    """What a command begins with so that permissions count, also for root."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("nothing is forbidden to root, and there is no setpriv")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.fixture
def unwritable(cache: Path) -> Iterator[Path]:
    """The cache without sounds and notes, in which nothing new can be written."""
    for path in kept(cache, "audio", "notes"):
        path.unlink()
    folders = [cache, *(path for path in cache.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield cache
    for folder in folders:
        folder.chmod(0o755)


def test_a_cache_that_cannot_be_written_is_used_where_it_has_all_recordings(
    clean: Clean, unwritable: Path, tmp_path: Path
) -> None:
    done = build(clean.folder, tmp_path / "out", unwritable, by=as_anybody())
    assert done.returncode == 0, done.stderr
    [note] = notes(done)
    assert note.startswith(f"{NOTE}{unwritable}")
    assert "cannot be written: Permission denied" in note
    assert note.endswith("; what is there is used, and what is made now is not kept")
    assert files(tmp_path / "out") == clean.files
    assert kept(unwritable, "audio", "notes") == []


def test_where_a_file_is_in_the_place_of_the_cache_that_is_told(
    clean: Clean, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_bytes(b"hers")
    done = build(clean.folder, tmp_path / "out", tmp_path / "cache")
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert line.startswith(f"Error: {tmp_path / 'cache'}")
    assert ": cannot be written: Not a directory; " in line
    assert (tmp_path / "cache").read_bytes() == b"hers"
