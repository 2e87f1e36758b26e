"""Progress takes one line of the terminal, however narrow, wide or odd it is; what is piped does
not know of a terminal."""

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from voicecoach.letters import columns_of, cut, wrapped

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
if os.name == "posix":
    from screen import on_screen, screen_of, set_columns

WORK = """
import sys
from voicecoach.cli.terminal import TerminalReporter, say
reporter = TerminalReporter()
for item in {items!r}:
    with reporter.stage({name!r}, 40) as done:
        for number in range(40):
            done(1, item)
            if number == 20 and {note}:
                reporter.note("something to know")
print("the result")
"""
ITEMS = [
    "Adem rustig in en laat je bekkenbodem los, zo lang als je wilt",
    "骨盆底の筋肉をゆるめて、ゆっくり息を吐きましょう",
    "e\u0301e\u0301n twee\u0308 " * 12,
    "👩‍🍼❤️ " * 12,
    "two\nlines\tand \x1b[31mred",
    "",
]


def work(
    tmp_path: Path,
    columns: int,
    *,
    items: Sequence[str] = ITEMS[:1],
    name: str = "speaking",
    note: bool = False,
    **how,
) -> tuple[str, str]:
    script = WORK.format(name=name, items=items, note=note)
    code, shown, piped = on_screen(["-c", script], columns, folder=tmp_path, **how)
    assert code == 0
    return shown, piped


@pytest.mark.parametrize("columns", [1, 2, 10, 20, 40, 60, 61, 300])
def test_progress_takes_one_line(tmp_path: Path, columns: int) -> None:
    shown, _ = work(tmp_path, columns, items=ITEMS, stdout_is_piped=True)
    drawn = shown.replace("\n", "\r").split("\r")
    assert all(columns_of(each) < max(columns, 1) for each in drawn)
    lines = screen_of(shown, columns).lines
    if columns > 10:
        assert len(lines) == len(ITEMS)
        assert all("100%" in line for line in lines)


@pytest.mark.parametrize("columns", [20, 60])
def test_progress_with_a_long_name_takes_one_line(tmp_path: Path, columns: int) -> None:
    name = "MB of nl_BE-nathalie-medium with a name that goes on and on"
    shown, _ = work(tmp_path, columns, name=name, stdout_is_piped=True)
    (line,) = screen_of(shown, columns).lines
    assert line.endswith("100%")


def test_the_more_room_the_more_is_shown(tmp_path: Path) -> None:
    shown = {columns: work(tmp_path, columns)[0] for columns in (20, 40, 80)}
    assert "[" not in shown[20]
    assert "[#" in shown[40]
    assert "Adem rustig in en laat" in shown[80]


@pytest.mark.parametrize("told", ["", "0", "-5", "abc", "60.5", " ", "9" * 5000, "80", "1000"])
def test_a_width_that_cannot_be_or_is_too_large_is_not_believed(tmp_path: Path, told: str) -> None:
    shown, _ = work(tmp_path, 40, environment={"COLUMNS": told}, stdout_is_piped=True)
    assert len(screen_of(shown, 40).lines) == 1
    assert max(map(len, shown.split("\r"))) > 30


@pytest.mark.parametrize("told", ["1", "25", "39"])
def test_a_smaller_width_is_believed(tmp_path: Path, told: str) -> None:
    shown, _ = work(tmp_path, 40, environment={"COLUMNS": told}, stdout_is_piped=True)
    assert max(map(len, shown.replace("\n", "").split("\r"))) < int(told)


def test_a_terminal_that_does_not_know_its_width_has_eighty_columns(tmp_path: Path) -> None:
    shown, _ = work(tmp_path, 0, stdout_is_piped=True)
    assert len(screen_of(shown, 80).lines) == 1


def test_a_terminal_that_shrinks_while_work_goes_on(tmp_path: Path) -> None:
    script = WORK.format(name="speaking", items=ITEMS[:1], note=False).replace(
        "done(1,", "(number == 20 and input()); done(1,"
    )
    is_shrunk = False

    def shrink(terminal: int, so_far: bytes) -> None:
        nonlocal is_shrunk
        if not is_shrunk and b"50%" in so_far:
            set_columns(terminal, 30)
            os.write(terminal, b"\n")
            is_shrunk = True

    code, shown, _ = on_screen(
        ["-c", script], 100, folder=tmp_path, after=shrink, stdin_is_terminal=True
    )
    assert code == 0
    after = shown.partition("50%")[2].partition("\n")[2].replace("\n", "").split("\r")
    assert len(after) > 15
    assert max(map(len, after[1:])) < 30


@pytest.mark.parametrize("columns", [20, 60])
def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path, columns: int) -> None:
    shown, piped = work(tmp_path, columns, environment={"TERM": "dumb"}, stdout_is_piped=True)
    assert shown.replace("\r\n", "\n") == "speaking: 40 to do\nspeaking: done\n"
    assert piped == "the result\n"


@pytest.mark.parametrize("name", ["NO_COLOR", "CI"])
def test_no_colour_and_continuous_integration_change_nothing(tmp_path: Path, name: str) -> None:
    shown, _ = work(tmp_path, 60, environment={name: "1"}, stdout_is_piped=True)
    assert len(screen_of(shown, 60).lines) == 1
    assert "\x1b" not in shown


def test_progress_is_never_in_what_is_piped(tmp_path: Path) -> None:
    _, out = work(tmp_path, 60, stdout_is_piped=True)
    assert out == "the result\n"
    shown, err = work(tmp_path, 60, stderr_is_piped=True)
    assert shown == "the result\r\n"
    assert err == "speaking: 40 to do\nspeaking: done\n"


def test_a_remark_meanwhile_has_a_line_of_its_own(tmp_path: Path) -> None:
    shown, _ = work(tmp_path, 60, note=True)
    lines = screen_of(shown, 60).lines
    assert lines[0] == "Note: something to know"
    assert lines[1].startswith("speaking ")
    assert lines[1].endswith("100%")
    assert lines[2:] == ["the result"]


def test_a_cold_build_on_a_narrow_terminal_has_a_line_a_stage(tmp_path: Path, tiny: Path) -> None:
    build = ["-m", "voicecoach", "build", "--content", str(tiny), "--week", "1"]
    code, shown, out = on_screen(
        build,
        60,
        folder=tmp_path,
        environment={"VOICECOACH_CACHE": str(tmp_path / "cache")},
        stdout_is_piped=True,
    )
    assert code == 0
    speaking, rendering, for_whom, *_ = screen_of(shown, 60).lines
    assert speaking.startswith("speaking ")
    assert rendering.startswith("rendering ")
    assert for_whom.startswith("These sessions are for ")
    assert out.startswith("output/")
    assert len(out.splitlines()) == 1


COMMANDS = (
    "plan --week 1-8",
    "voices",
    "script quick --day 41 --guidance brief",
    "check --language nl --content nowhere",
    "build --week 99999",
    "bogus",
    "init --birth-date 1999-99-99",
)


@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    for command in COMMANDS:
        _, shown, _ = on_screen(["-m", "voicecoach", *command.split()], columns, folder=tmp_path)
        for line in shown.split("\n"):
            for drawn in line.split("\r"):
                assert columns_of(drawn) <= columns, command


@pytest.mark.slow
def test_a_table_on_a_narrow_terminal_says_what_the_piped_one_says(tmp_path: Path) -> None:
    for command in COMMANDS[:2]:
        arguments = ["-m", "voicecoach", *command.split()]
        _, narrow, _ = on_screen(arguments, 50, folder=tmp_path)
        _, _, piped = on_screen(arguments, 50, folder=tmp_path, stdout_is_piped=True)
        _, wide, _ = on_screen(arguments, 300, folder=tmp_path)
        assert narrow.split() == piped.split()
        assert wide.replace("\r\n", "\n") == piped


def test_columns_are_those_a_terminal_takes() -> None:
    assert columns_of("één") == columns_of("e\u0301e\u0301n") == 3
    assert columns_of("骨盆") == 4
    assert columns_of("❤\ufe0f") == 2
    assert cut("骨盆底", 5) == "骨盆"
    assert cut("e\u0301e\u0301n", 2) == "e\u0301e\u0301"
    assert cut("abc", 0) == ""


def test_lines_are_broken_between_words_and_nothing_is_lost() -> None:
    text = "骨盆底 is the pelvic floor, in e\u0301e\u0301n line of/a/path/that/is/longer/than/all"
    for columns in (1, 12, 20, 40, 200):
        lines = wrapped(text, columns, start="12 ", indent="   ")
        assert " ".join(lines).split() == ["12", *text.split()]
        assert all(line.startswith("   ") for line in lines[1:])
        for line, after in pairwise(lines):
            assert columns_of(line) <= columns or len(line.split()) <= 2
            assert columns_of(f"{line} {after.split()[0]}") > columns
