"""What is said on a terminal is broken between words; what is piped is not broken at all."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Run
from terminal_talk import talk

from voicecoach import environment
from voicecoach.authoring import starter
from voicecoach.cli import app
from voicecoach.cli.terminal import _COMMANDS, CALLED_AS, as_called

ROOT = Path(__file__).parents[2]
on_a_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
BIRTH = (environment.today() - timedelta(days=30)).isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a programme that has two faults of more than eighty characters."""
    path = starter.write("mine", tmp_path) / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("opening: light-opening", "opning: light-opening")
    path.write_text(text.replace("hold_s: 2 from article", "hold_s: 2"), encoding="utf-8")
    return tmp_path


def words(text: str) -> list[str]:
    return text.split()


def piped(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voicecoach", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@on_a_terminal
@pytest.mark.parametrize("columns", [40, 80])
def test_errors_are_broken_between_words(folder: Path, columns: int) -> None:
    whole = piped(folder, "check", "--content", "mine").stderr
    code, shown = talk(folder, "check", "--content", "mine", answers=[], columns=columns)
    assert code == 1
    assert words(shown) == words(whole)
    assert all(len(line) <= columns for line in shown.splitlines())


def test_piped_errors_are_one_line_each(folder: Path) -> None:
    lines = piped(folder, "check", "--content", "mine").stderr.splitlines()
    assert len(lines) == 2
    assert all(re.search(r"mine/programme\.yaml:\d+:\d+: ", line) for line in lines)


@on_a_terminal
def test_what_init_and_checkin_say_is_broken_between_words(tmp_path: Path) -> None:
    for arguments in (("init", "--birth-date", BIRTH, "--yes"), ("checkin", "--call")):
        code, shown = talk(tmp_path, *arguments, answers=[], columns=80)
        assert code == 0
        assert max(map(len, shown.splitlines())) in range(60, 81)
    code, shown = talk(tmp_path, "init", "--started", "1999-01-01", answers=[], columns=50)
    assert code == 2
    assert all(len(line) <= 50 for line in shown.partition("Error: ")[2].splitlines())


def test_messages_and_help_name_the_command_as_it_was_called(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "begin with: voicecoach init" in run("checkin", "--yes").stderr
    monkeypatch.setenv(CALLED_AS, "./scripts/voicecoach")
    assert "begin with: ./scripts/voicecoach init" in run("checkin", "--yes").stderr
    for arguments in (["--help"], ["build", "--help"], ["build", "--week", "x"]):
        ended = run(*arguments)
        shown = ended.stdout + ended.stderr
        assert "Usage: ./scripts/voicecoach" in shown
        assert not re.search(r"(?<!/)voicecoach build", shown), shown


def test_every_command_is_known_where_messages_are_worded() -> None:
    assert set(re.findall(r"\w+", _COMMANDS)) == set(app.main.commands)
    assert as_called("a folder voicecoach needs") == "a folder voicecoach needs"


@pytest.mark.skipif(not (ROOT / ".venv").is_dir(), reason="needs the set-up of scripts/voicecoach")
def test_the_script_says_how_it_was_called(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "voicecoach"
    ended = subprocess.run(
        [sys.executable, "-I", str(script), "checkin", "--yes"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert f"begin with: {script} init" in ended.stderr
