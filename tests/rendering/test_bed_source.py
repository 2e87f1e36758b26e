"""`--bed`: which sound it names, and what makes its loop another."""

import os
from pathlib import Path

import pytest

from voicecoach.audio.signal import DAY, NIGHT
from voicecoach.cli import context
from voicecoach.errors import BedError
from voicecoach.rendering import job


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def file(name: str, data: bytes = b"a sound") -> str:
    Path(name).write_bytes(data)
    return name


# --- which sound it is --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["brown", "waves", "rain"])
def test_a_built_in_sound_is_known_by_its_name(name: str) -> None:
    found = job.find_bed(name)
    assert (found.name, found.is_built_in) == (name, True)
    assert found == job.find_bed(name)


def test_the_built_in_sounds_are_three() -> None:
    assert job.BUILT_IN_BEDS == ("brown", "waves", "rain")
    assert len({job.find_bed(name).key for name in job.BUILT_IN_BEDS}) == 3


@pytest.mark.parametrize("name", ["sea.wav", "de zee.mp3", "zee", "骨盆底.flac", "Brown"])
def test_any_other_name_is_that_of_a_file(name: str) -> None:
    found = job.find_bed(file(name))
    assert (found.name, found.is_built_in) == (name, False)


def test_a_file_with_a_built_in_name_is_reached_by_its_path() -> None:
    file("brown")
    assert job.find_bed("brown").is_built_in
    assert not job.find_bed("./brown").is_built_in
    assert not job.find_bed(str(Path("brown").absolute())).is_built_in


# --- what makes its loop another ----------------------------------------------------------------


def test_a_file_is_known_by_what_it_holds() -> None:
    first = job.find_bed(file("a.wav"))
    copied = job.find_bed(file("b.wav"))
    assert first.key == copied.key
    assert job.find_bed(file("a.wav", b"another sound")).key != first.key


def test_a_file_that_holds_the_name_of_a_built_in_sound_is_another_sound() -> None:
    assert job.find_bed(file("a.wav", b"brown")).key != job.find_bed("brown").key


def test_when_a_file_was_written_makes_no_difference() -> None:
    first = job.find_bed(file("a.wav"))
    os.utime("a.wav", (0, 0))
    assert job.find_bed("a.wav") == first


def test_a_key_is_a_name_for_a_file() -> None:
    for name in (*job.BUILT_IN_BEDS, file("a.wav")):
        assert len(job.find_bed(name).key) == 64
        assert job.find_bed(name).key.isalnum()


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nonsense", "No such file or directory"),
        ("nowhere/sea.wav", "No such file or directory"),
        (".", "Is a directory"),
        ("x" * 300, "File name too long"),
        ("Brown ", "No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_what_can(name: str, reason: str) -> None:
    with pytest.raises(BedError) as caught:
        job.find_bed(name)
    told = str(caught.value)
    assert told.startswith(f"{name}: cannot be read: ") and "\n" not in told
    assert told.endswith("; name a sound file, or one of: brown, waves, rain")
    assert os.name != "posix" or reason in told


def test_no_name_is_an_error_that_says_what_can_be_named() -> None:
    with pytest.raises(BedError) as caught:
        job.find_bed("")
    told = "no bed was named: name a sound file, or one of: brown, waves, rain"
    assert str(caught.value) == told


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc (Linux)")
def test_a_file_that_opens_and_cannot_be_read_is_refused_too() -> None:
    with pytest.raises(BedError, match="cannot be read"):
        job.find_bed("/proc/self/mem")


# --- the setting of a build ---------------------------------------------------------------------


@pytest.mark.parametrize("bed", [None, "brown"])
def test_night_and_bed_are_chosen_apart(bed: str | None) -> None:
    for night, preset in ((False, DAY), (True, NIGHT)):
        setting = context.open_setting(night=night, bed=bed)
        assert setting.preset is preset
        assert setting.bed == (None if bed is None else job.find_bed(bed))


def test_a_bed_that_is_not_there_is_refused_before_anything_is_made() -> None:
    with pytest.raises(BedError):
        context.open_setting(night=False, bed="nonsense")
