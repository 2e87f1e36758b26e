"""The same build again only looks up what is there, and whatever changed is built."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from voicecoach.content.reading import programme as reader
from voicecoach.environment import CACHE_VARIABLE

Build = Callable[..., bool]


@pytest.fixture
def content(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "content"))


@pytest.fixture
def build(content: Path, here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Builds a small programme; the first time for good. Later builds say whether they looked."""
    opened: list[Path] = []
    read = reader.read

    def noted(folder: Path) -> object:
        opened.append(folder)
        return read(folder)

    monkeypatch.setattr(reader, "read", noted)

    def run(*arguments: str) -> bool:
        """Whether the build read the programme, so did more than look up."""
        opened.clear()
        result = here("build", "--content", str(content), *arguments)
        assert result.returncode == 0, result.stderr
        assert "track" in result.stdout
        return bool(opened)

    assert run()
    return run


def track_in(folder: Path) -> Path:
    return next((folder / "output").rglob("*.mp3"))


def test_the_same_build_again_reads_no_programme(build: Build) -> None:
    assert not build()
    assert not build()


def test_other_options_are_another_build(build: Build) -> None:
    for options in (["--night"], ["--out", "other"], ["--guidance", "full"], ["--bed", "rain"]):
        assert build(*options), options
        assert not build(*options), options


def test_a_file_that_was_harmed_is_restored(build: Build, tmp_path: Path) -> None:
    track = track_in(tmp_path)
    whole, times = track.read_bytes(), track.stat()
    for harmed in (b"", whole[:-1], bytes([whole[0] ^ 1]) + whole[1:]):
        track.write_bytes(harmed)
        os.utime(track, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert build()
        assert track.read_bytes() == whole
    track.unlink()
    assert build()
    assert track.read_bytes() == whole


def test_content_that_changed_is_read(build: Build, content: Path) -> None:
    words = content / "en.yaml"
    text = words.read_text(encoding="utf-8")
    words.write_text(text + "# a comment\n", encoding="utf-8")
    assert build()
    assert not build()


def test_a_profile_is_a_change_and_so_is_a_check_in(
    build: Build, here: Run, tmp_path: Path
) -> None:
    (tmp_path / "voicecoach.yaml").write_text("birth_date: soon\n")
    (tmp_path / "voicecoach.yaml").chmod(0o600)
    result = here("build", "--content", str(tmp_path / "content"))
    assert result.returncode == 1
    assert "birth_date" in result.stderr


def test_a_receipt_that_is_damaged_is_none(
    build: Build, shared_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(shared_cache / "recordings", tmp_path / "cache" / "recordings"))
    monkeypatch.setenv(CACHE_VARIABLE, str(own.parent))
    assert build()
    for receipt in (own.parent / "receipts").rglob("*.json"):
        receipt.write_bytes(b"[]")
    assert build()
    assert not build()


def test_two_builds_in_one_folder_do_not_take_each_others_files_for_their_own(
    build: Build, tmp_path: Path
) -> None:
    day = track_in(tmp_path).read_bytes()
    assert build("--night")
    assert track_in(tmp_path).read_bytes() != day
    assert build()
    assert track_in(tmp_path).read_bytes() == day
