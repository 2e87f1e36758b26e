"""What the program itself says: whole in two languages, in others as far as their files go."""

import ast
import errno
import os
import pickle
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import voicecoach
from voicecoach import locale_file, messages
from voicecoach.errors import ContentError
from voicecoach.locale_file import Entry, Forms
from voicecoach.messages import Message, words

PACKAGE = Path(voicecoach.__file__).parent
ENGLISH, DUTCH = (PACKAGE / messages.FOLDER / f"{language}.yaml" for language in ("en", "nl"))
SOURCES = "\n".join(
    path.read_text("utf-8")
    for suffix in ("py", "html", "js", "xml")
    for path in sorted(PACKAGE.rglob(f"*.{suffix}"))
)
SHOWN_BY_TEMPLATES = (
    *("page.", "page_script.", "prescription_page.", "prompts.", "sign_off.", "signs_page."),
    *("start_script.", "today_script."),
)
"""Sections that a template gets whole; test_page holds the page to using all of it."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of an author's languages."""
    monkeypatch.setattr(messages, "_folders", [*messages._folders])
    messages.look_also_in(tmp_path)
    yield tmp_path
    messages._words.cache_clear()
    locale_file._read.cache_clear()


def templates(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Forms):
        return (*entry.by_count.values(), entry.other)
    return (entry,) if isinstance(entry, str) else entry


def filled_in(entry: Entry) -> set[str]:
    return {
        name
        for text in templates(entry)
        for name in re.findall(r"\{(\w+)(?:![rs])?(?::[^}]*)?\}", text)
    }


def faults_of(text: str, folder: Path) -> list[str]:
    (folder / "fy.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        words("fy")
    return [f"{fault.line}: {fault.path}: {fault.message}" for fault in caught.value.problems]


def test_dutch_says_all_that_english_says_and_no_more() -> None:
    english, dutch = locale_file.entries(ENGLISH), locale_file.entries(DUTCH)
    assert locale_file.missing(DUTCH) == []
    assert [*locale_file.faults(DUTCH)] == [*locale_file.faults(ENGLISH)] == []
    assert [key for key in dutch if key not in english] == []
    unlike = [key for key in english if filled_in(english[key]) != filled_in(dutch[key])]
    assert unlike == []


def test_every_text_is_said_somewhere() -> None:
    """By its key, or by one that is put together, such as ``check_in.questions.{name}``; that for
    anyone in place of another, by ``Asked.worded``."""
    made = {re.escape(start) for start in re.findall(r"[\"']([a-z_]+\.[a-z_.]*)\{", SOURCES)}
    pattern = re.compile("|".join(made))
    said = {*re.findall(r"[\"']([a-z_]+(?:\.[a-z_0-9-]+)*)[\"']", SOURCES)}
    unsaid = [
        key
        for key in locale_file.entries(ENGLISH)
        if key.removesuffix("_for_anyone") not in said
        and not pattern.match(key)
        and not key.startswith(SHOWN_BY_TEMPLATES)
    ]
    assert unsaid == []


def test_every_text_that_is_said_is_there() -> None:
    sections = {key.partition(".")[0] for key in locale_file.entries(ENGLISH) if "." in key}
    named = re.findall(rf"[\"']((?:{'|'.join(sections)})\.[a-z_]+(?:\.[a-z_]+)*)[\"']", SOURCES)
    files = (".html", ".css", ".js", ".xml", ".json", ".py", ".yaml")
    missing = {
        key for key in named if key not in locale_file.entries(ENGLISH) and not key.endswith(files)
    }
    assert missing == set()


def test_a_language_is_known_by_its_file(folder: Path) -> None:
    assert messages.languages() == ("nl", "en")
    (folder / "fy.yaml").write_text("language: fy\nname: Frysk\n", "utf-8")
    assert messages.languages() == ("nl", "en", "fy")
    assert words("fy")("name") == "Frysk"


def test_what_a_language_lacks_is_said_in_english(folder: Path) -> None:
    (folder / "fy.yaml").write_text("language: fy\ninit:\n  name: Hoe hjitsto?\n", "utf-8")
    frisian = words("fy")
    assert frisian("init.name") == "Hoe hjitsto?"
    assert frisian("init.catheter") == words("en")("init.catheter")
    assert "init.catheter" in locale_file.missing(folder / "fy.yaml")
    assert "init.name" not in locale_file.missing(folder / "fy.yaml")


def test_a_language_without_a_file_is_english() -> None:
    for code in ("xx", "../en", ""):
        assert words(code).language == "en"


def test_a_number_may_have_a_form_of_its_own(folder: Path) -> None:
    text = "language: fy\nplan:\n  reminders:\n    1: ien\n    2: twa\n    other: '{count} stiks'\n"
    (folder / "fy.yaml").write_text(text, "utf-8")
    said = [words("fy")("plan.reminders", count=n, first="", last="") for n in (1, 2, 3)]
    assert said == ["ien", "twa", "3 stiks"]


def test_all_faults_of_a_file_are_told_with_their_places(folder: Path) -> None:
    text = """language: nl
direction: up
init:
  nobody: asks this
  name: Hoe hjitsto, {you}?
  written: "{name"
  delivery_labels: [ien]
  unknown: [ien, twa]
  skip:
    other: gjin getal
"""
    assert faults_of(text, folder) == [
        "1: language: write fy here",
        "2: direction: write ltr or rtl here",
        "4: init.nobody: no such text is said",
        "5: init.name: nothing fills {you}; what may stand here: none",
        "6: init.written: a brace has no counterpart",
        "7: init.delivery_labels: a list of 3 texts is expected",
        "8: init.unknown: one text is expected, no list",
        "10: init.skip: one text is expected: this does not depend on a number",
    ]


def test_a_message_can_be_said_in_another_language() -> None:
    told = Message("init.unchanged", file="voicecoach.yaml")
    assert told == "Nothing was changed in voicecoach.yaml."
    assert words("nl").reworded(told) == "Er is niets veranderd in voicecoach.yaml."
    assert words("nl").reworded("as it is") == "as it is"


def test_a_message_may_be_part_of_another() -> None:
    told = Message("init.unchanged", file=Message("outlook.next"))
    assert "Maak nu je sessies" in words("nl").reworded(told)


def test_a_message_comes_whole_out_of_another_process() -> None:
    told = pickle.loads(pickle.dumps(Message("init.unchanged", file="{a}")))
    assert words("nl").reworded(told) == "Er is niets veranderd in {a}."


def test_a_day_is_written_as_people_write_it() -> None:
    assert words("nl").day(date(2026, 3, 1)) == "1 maart 2026"
    assert words("en").day(date(2026, 3, 1)) == "1 March 2026"


def test_every_message_gets_the_values_it_is_filled_in_with() -> None:
    """Where its key is written out."""
    english = locale_file.entries(ENGLISH)
    unlike = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(args=[ast.Constant(value=str(key))], keywords=given) if (
                    "." in key and key in english
                ):
                    names = {str(keyword.arg) for keyword in given}
                    is_template = not names and ast.unparse(call.func) != "Message"
                    if not is_template and names | {"count"} != filled_in(english[key]) | {"count"}:
                        unlike.append(f"{path.name}:{call.lineno}: {key}")
    assert unlike == []


def test_why_the_system_did_not_do_it_is_said_as_the_system_says_it_and_in_dutch() -> None:
    error = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    assert messages.reason(error) == error.strerror
    assert words("nl").reworded(messages.reason(error)) == "dat bestand of die map is er niet"


def test_what_the_system_seldom_says_stays_as_it_is() -> None:
    assert messages.reason(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        "Invalid cross-device link"
    )
    assert messages.reason(OSError("something else")) == "something else"
