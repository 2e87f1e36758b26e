"""`voicecoach listen` on a real pack: measured, drawn, and honest about what is wrong."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import run_here
from PIL import Image

from voicecoach import environment
from voicecoach.audio import mix
from voicecoach.audio.signal import SAMPLE_RATE_HZ

Listen = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def listen(tiny: Path) -> Listen:
    def run_command(pack: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run_here(pack.parent, "listen", str(pack), "--content", str(tiny), *arguments)

    return run_command


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    folder = tmp_path_factory.mktemp("listened")
    options = ("--content", str(tiny), "--language", "en", "--guidance", "full", "--out", ".")
    built = run_here(folder, "build", *options)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*/week-01"))


def test_every_track_of_a_good_pack_is_good_and_one_is_drawn(listen: Listen, pack: Path) -> None:
    heard = listen(pack)
    assert heard.returncode == 0, heard.stdout + heard.stderr
    tracks = sorted(path.stem for path in pack.glob("*.mp3"))
    lines = heard.stdout.split("\n\n")[0].splitlines()[2:]
    assert [line[:9].rstrip() for line in lines] == [name[4:13] for name in tracks]
    with Image.open(pack.with_suffix(".png")) as picture:
        assert picture.width == 1600
    assert not list(pack.glob("*.png"))


def test_a_track_that_was_made_too_loud_is_told_and_for_machines_there_is_json(
    listen: Listen, pack: Path, tmp_path: Path
) -> None:
    name = next(pack.glob("*quick*.mp3")).name
    spoiled = tmp_path / "week-01"
    spoiled.mkdir()
    for path in pack.glob("*"):
        (spoiled / path.name).write_bytes(path.read_bytes())
    sound, _ = soundfile.read(pack / name, dtype="float32")

    class Louder:
        raw_data = (np.clip(sound * 1.4, -1, 1) * 32767).astype("<i2").tobytes()
        frame_rate = SAMPLE_RATE_HZ
        channels = 1

    (spoiled / name).write_bytes(mix.encode([Louder()]))
    heard = listen(spoiled, "--json")
    assert heard.returncode == 1
    figures = json.loads(heard.stdout)
    assert sorted(figures) == sorted(path.name for path in pack.glob("*.mp3"))
    assert all(of["clicks"] == 0 for file, of in figures.items() if file != name)
    assert f"! {name}: speech is at -16" in heard.stderr


def test_the_track_to_draw_and_the_place_can_be_chosen(
    listen: Listen, pack: Path, tmp_path: Path
) -> None:
    name = next(pack.glob("*about*.mp3")).name
    heard = listen(pack, "--track", name, "--picture", str(tmp_path / "a.png"))
    assert heard.returncode == 0, heard.stderr
    assert name in heard.stdout
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("arguments", [("--track", "nonsense.mp3")])
def test_an_unknown_track_is_one_clear_error(
    listen: Listen, pack: Path, arguments: tuple[str, ...]
) -> None:
    heard = listen(pack, "--track", "nonsense.mp3")
    assert heard.returncode == 1
    assert "holds no track 'nonsense.mp3'" in heard.stderr
    assert "Traceback" not in heard.stderr


def test_a_folder_that_is_no_pack_is_one_clear_error(listen: Listen, tmp_path: Path) -> None:
    heard = listen(tmp_path)
    assert heard.returncode == 1
    assert "pack.json: cannot be read" in heard.stderr
    assert "Traceback" not in heard.stderr


def test_a_pack_from_other_content_is_one_clear_error(
    listen: Listen, pack: Path, tmp_path: Path
) -> None:
    other = tmp_path / "week-01"
    other.mkdir()
    for path in pack.glob("*"):
        (other / path.name).write_bytes(path.read_bytes())
    listed = json.loads((other / "pack.json").read_text(encoding="utf-8"))
    listed["tracks"][0]["duration_ms"] += 1
    (other / "pack.json").write_text(json.dumps(listed), encoding="utf-8")
    heard = listen(other)
    assert heard.returncode == 1
    assert "made from other content" in heard.stderr


@pytest.mark.slow
def test_a_pack_for_a_client_is_measured_where_her_answers_are(tmp_path: Path) -> None:
    born = environment.today() - timedelta(days=18)
    told = ("--birth-date", str(born), "--perineum", "intact", "--no-catheter", "--language", "nl")
    assert run_here(tmp_path, "init", *told, "--yes").returncode == 0
    assert run_here(tmp_path, "build", "--week", "3").returncode == 0
    pack = next(tmp_path.glob("output/*/week-03"))
    heard = run_here(tmp_path, "listen", str(pack), "--json")
    assert heard.returncode == 0, heard.stderr
    measured = json.loads(heard.stdout)
    assert set(measured) == {path.name for path in pack.glob("*.mp3")}
