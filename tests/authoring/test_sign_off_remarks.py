"""A physiotherapist signs a page with every remark that ``check`` has, and no other."""

import html
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

Spoil = Callable[[str], str]


def replaced(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return spoil


SPOILT: dict[str, tuple[str, Spoil]] = {
    "words that do not fit their rest": (
        "en.yaml",
        replaced("Let go.", "Let go now, slowly and completely, and feel how everything sinks."),
    ),
    "a word that women dislike": ("en.yaml", replaced("Let go.", "Do not clench.")),
    "a hold in which the words leave no room for counts": (
        "en.yaml",
        replaced("  1: one", "  1: one, and you are still holding it very well indeed"),
    ),
    "a source that nothing uses": (
        "programme.yaml",
        replaced("sources:\n", "sources:\n  unused: A book that nobody opened (2020)\n"),
    ),
}


def remarks_of(run: Run, *options: str) -> list[str]:
    result = run("check", "--content", "mine", "--language", "en", *options)
    return [line for line in result.stdout.splitlines() if not line.startswith("mine: ")]


@pytest.fixture
def mine(here: Run, tmp_path: Path) -> Path:
    assert here("new", "mine").returncode == 0
    return tmp_path / "mine"


@pytest.mark.parametrize(("file", "spoil"), SPOILT.values(), ids=list(SPOILT))
def test_the_page_has_the_remarks_of_the_command(
    here: Run, mine: Path, file: str, spoil: Spoil
) -> None:
    path = mine / file
    path.write_text(spoil(path.read_text("utf-8")), encoding="utf-8")
    said = remarks_of(here)
    assert said
    result = here("check", "--content", "mine", "--language", "en", "--report", "page.html")
    assert result.returncode == 0, result.stderr
    page = html.unescape((mine.parent / "page.html").read_text("utf-8"))
    assert [remark for remark in said if remark not in page] == []
    assert "No remarks." not in page


def test_counts_that_are_left_out_are_named(here: Run, mine: Path) -> None:
    file, spoil = SPOILT["a hold in which the words leave no room for counts"]
    path = mine / file
    path.write_text(spoil(path.read_text("utf-8")), encoding="utf-8")
    counted = [remark for remark in remarks_of(here) if "not counted aloud" in remark]
    assert counted
    assert all("“two" in remark or "“one" in remark for remark in counted)


def test_a_page_without_remarks_says_so(here: Run, mine: Path) -> None:
    assert remarks_of(here) == []
    assert here("check", "--content", "mine", "--language", "en", "--report", "en.html")
    assert "No remarks." in (mine.parent / "en.html").read_text("utf-8")
