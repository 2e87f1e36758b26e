"""The strict reader of YAML: where things stand, and what is refused."""

import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import strict_yaml
from voicecoach.errors import ContentError, StorageError
from voicecoach.yaml_faults import Construct, ParserFault, Spot, explained
from voicecoach.yaml_nodes import Mapping, Scalar, Sequence


def refusal(text: str) -> str:
    """The whole message with which ``text`` is refused."""
    with pytest.raises(ContentError) as caught:
        strict_yaml.parse(text, file="words.yaml")
    return str(caught.value)


def refusal_of_file(path: Path, raw: bytes) -> str:
    """The whole message with which a file of these bytes is refused, without its folder."""
    path.write_bytes(raw)
    with pytest.raises(ContentError) as caught:
        strict_yaml.read(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def scalar(node: strict_yaml.Node) -> Scalar:
    assert isinstance(node, Scalar)
    return node


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "words.yaml"


# Places


TEXT = """\
# A comment.
title: One
talks:
  first:
    - Hello.
    - {text: "Two", day: 5}
"""


def test_every_node_knows_its_line_column_and_path() -> None:
    root = strict_yaml.parse(TEXT, file="words.yaml")
    talks = root.items["talks"]
    assert isinstance(talks, Mapping)
    first = talks.items["first"]
    assert isinstance(first, Sequence)
    second = first.items[1]
    assert isinstance(second, Mapping)
    nodes = [root, root.items["title"], talks, first, first.items[0], second, second.items["day"]]
    assert [(node.place.line, node.place.column, node.place.path) for node in nodes] == [
        (2, 1, ""),
        (2, 8, "title"),
        (4, 3, "talks"),
        (5, 5, "talks.first"),
        (5, 7, "talks.first[0]"),
        (6, 7, "talks.first[1]"),
        (6, 26, "talks.first[1].day"),
    ]
    assert {node.place.file for node in nodes} == {"words.yaml"}


def test_every_key_knows_its_place() -> None:
    root = strict_yaml.parse(TEXT, file="words.yaml")
    assert [(key, place.line, place.column, place.path) for key, place in root.keys.items()] == [
        ("title", 2, 1, "title"),
        ("talks", 3, 1, "talks"),
    ]


def test_a_problem_says_file_line_column_and_path() -> None:
    place = strict_yaml.parse(TEXT, file="words.yaml").items["title"].place
    assert str(place.problem("too short")) == "words.yaml:2:8: title: too short"


def test_columns_count_characters_and_not_bytes() -> None:
    root = strict_yaml.parse("één: {b: 1}", file="words.yaml")
    assert root.items["één"].place.column == 6


def test_keys_keep_the_order_of_the_file() -> None:
    assert list(strict_yaml.parse("b: 1\na: 2\nc: 3\n", file="f").items) == ["b", "a", "c"]


@pytest.mark.parametrize("text", ["no", "5", "010", "1:30", "~", "1e3", "2026-01-01", "null"])
def test_scalars_stay_text(text: str) -> None:
    assert scalar(strict_yaml.parse(f"a: {text}", file="f").items["a"]).text == text


@pytest.mark.parametrize(
    ("written", "is_quoted"),
    [("5", False), ('"5"', True), ("'5'", True), ("|-\n  5", True), (">-\n  5", True)],
)
def test_quotes_are_told_apart(written: str, is_quoted: bool) -> None:  # noqa: FBT001
    node = scalar(strict_yaml.parse(f"a: {written}", file="f").items["a"])
    assert (node.text, node.quoted) == ("5", is_quoted)


def test_a_value_that_is_not_there_is_empty_text() -> None:
    assert scalar(strict_yaml.parse("a:\nb: 1\n", file="f").items["a"]).text == ""


# Keys


@pytest.mark.parametrize("key", ["? [a]\n", "? {a: 1}\n", "[a, b]", "{a: 1}", "''", '""'])
def test_a_key_that_is_no_word_is_refused(key: str) -> None:
    message = refusal(f"{key}: 1\n")
    assert message.startswith("words.yaml:1:")
    assert message.endswith(": a key must be a word")


def test_a_whole_number_is_a_key() -> None:
    assert list(strict_yaml.parse("1: one\n30: thirty\n", file="f").items) == ["1", "30"]


def test_a_duplicate_key_names_the_line_of_the_first() -> None:
    assert refusal("a: 1\nb: 2\nc: 3\nb: 4\n") == (
        "words.yaml:4:1: b: the key is given twice (first in line 2)"
    )


def test_a_duplicate_key_deep_down_names_its_path() -> None:
    assert refusal("a:\n  - {b: 1, b: 2}\n") == (
        "words.yaml:2:12: a[0].b: the key is given twice (first in line 2)"
    )


def test_quotes_do_not_hide_a_duplicate_key() -> None:
    assert refusal('a: 1\n"a": 2\n') == (
        "words.yaml:2:1: a: the key is given twice (first in line 1)"
    )


def test_the_same_key_in_two_mappings_is_no_duplicate() -> None:
    assert list(strict_yaml.parse("a: {x: 1}\nb: {x: 1}\n", file="f").items) == ["a", "b"]


def test_a_merge_key_merges_nothing() -> None:
    assert list(strict_yaml.parse("<<: {a: 1}\nb: 1\n", file="f").items) == ["<<", "b"]


def test_all_problems_are_gathered_in_order() -> None:
    assert refusal("a: !x 1\nb: 1\nb: 2\n? [c]\n: 1\n").splitlines() == [
        "words.yaml:1:4: a: tags (!) are not read here",
        "words.yaml:3:1: b: the key is given twice (first in line 2)",
        "words.yaml:4:3: a key must be a word",
    ]


# What YAML can do and a content file may not


def test_an_anchor_is_refused() -> None:
    assert refusal("a: &x 1\n") == (
        "words.yaml:1:4: a: anchors and aliases (& and *) are not read here"
    )


def test_an_alias_is_refused() -> None:
    assert refusal("a: 1\nb: *x\n") == (
        "words.yaml:2:4: b: anchors and aliases (& and *) are not read here"
    )


@pytest.mark.parametrize("text", ["&x a: 1\n", "a: &x [1]\n", "a: &x {b: 1}\n", "*x : 1\n"])
def test_an_anchor_is_refused_wherever_it_stands(text: str) -> None:
    assert "anchors and aliases" in refusal(text)


def test_a_billion_laughs_are_refused_at_once() -> None:
    bomb = "a0: &a0 [" + ", ".join(["lol"] * 10) + "]\n"
    for level in range(1, 30):
        bomb += f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]\n"
    start = time.perf_counter()
    message = refusal(bomb)
    assert time.perf_counter() - start < 1
    assert message == "words.yaml:1:5: a0: anchors and aliases (& and *) are not read here"


@pytest.mark.parametrize(
    "value", ["!!str 1", "!mine 1", "!!python/object/apply:os.system [x]", "!!map {a: 1}", "! x"]
)
def test_a_tag_is_refused(value: str) -> None:
    assert refusal(f"a: 1\nb: {value}\n") == "words.yaml:2:4: b: tags (!) are not read here"


def test_a_second_document_is_refused() -> None:
    assert refusal("a: 1\n---\nb: 2\n") == ("words.yaml:3:1: a second document: one file holds one")


def test_a_second_document_that_is_empty_is_not_called_an_empty_file() -> None:
    message = refusal("a: 1\n---\n")
    assert "a second document: one file holds one" in message
    assert "empty" not in message


def test_one_document_may_be_marked_as_such() -> None:
    assert list(strict_yaml.parse("---\na: 1\n...\n", file="f").items) == ["a"]


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "# only\n# comments\n", "---\n", "---\n...\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text) == "words.yaml:1:1: the file is empty"


@pytest.mark.parametrize("text", ["- a\n- b\n", "[]", "a word", "~", "5"])
def test_anything_but_keys_and_values_is_refused(text: str) -> None:
    assert refusal(text) == "words.yaml:1:1: the file must hold keys and values"


@pytest.mark.parametrize(
    "text", ["[" * 10_000, "a: " + "[" * 10_000, "[" * 10_000 + "]" * 10_000, "{a: " * 10_000]
)
def test_deep_nesting_is_refused(text: str) -> None:
    start = time.perf_counter()
    message = refusal(text)
    assert time.perf_counter() - start < 1
    assert message.startswith("words.yaml:1:")
    assert message.endswith("nested too deeply")


def test_twenty_levels_are_not_too_deep() -> None:
    text = "a: " + "[" * 19 + "x" + "]" * 19
    assert list(strict_yaml.parse(text, file="f").items) == ["a"]


# Slips of the pen


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\ta: 1\n", 1),
        ("a: 1\n\tb: 2\n", 2),
        ("a:\n\tb: 1\n", 2),
        ("a:\n  - x\n\t- y\n", 3),
        ("a: >\n  x\n\ty\n", 3),
        ("a: {b: 1,\n\tc: 2}\n", 2),
    ],
)
def test_a_tab_for_indentation_is_refused(text: str, line: int) -> None:
    assert refusal(text) == (
        f"words.yaml:{line}:1: a tab where YAML wants spaces: indent with spaces"
    )


def test_a_tab_inside_a_text_is_not_blamed_for_another_fault() -> None:
    assert "tab" not in refusal("a: one\ttwo: three\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n b: 2\n", 2),
        ("a: b: c\n", 1),
        ("a: 1\nb: @x\n", 2),
        ("a: 1\nb: {c: 1\n", 3),
        ("a:\n  b: 1\n c: 2\n", 3),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    assert refusal(text).startswith(f"words.yaml:{line}:")


@pytest.mark.parametrize("opened", ['"two', "'two", "[two", "{two: 2"])
def test_what_is_never_closed_is_refused_with_the_line_where_it_was_opened(opened: str) -> None:
    message = refusal(f"a: one\nb: {opened}\n" + "\n" * 30)
    assert re.search(r"(yaml:|line )2\b", message), message


IN_QUOTES = "text that begins with a quotation mark, a brace or a bracket belongs in quotes"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n  - Hallo.\n  - 's Avonds rust je.\n  - Dag.\n", "3:5"),
        ("a:\n  - 's Avonds rust je.\n  - Het is 's nachts stil.\n", "2:5"),
        ('a:\n  - Hallo.\n  - "Dit" was het.\nb: 1\n', "3:5"),
        ("a:\n  - {sets} rondes.\n  - Dag.\n", "2:5"),
        ("a:\n  - {sets} rondes van {reps} keer.\n", "2:5"),
        ("a: [x] rondes.\nb: 2\n", "1:4"),
        ('a: 1\nb: "Dit" was het.\n', "2:4"),
        ('a: "Dit\nb: "x"\n', "1:4"),
    ],
)
def test_text_that_begins_as_something_else_is_told_to_stand_in_quotes(
    text: str, place: str
) -> None:
    message = refusal(text)
    assert message.startswith(f"words.yaml:{place}: ")
    assert IN_QUOTES in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("dose:\n  sets: 3\n  reps:8\n  hold_s: 3\n", "3:3"),
        ("dose:\n  sets: 3\n  reps:8\n", "3:3"),
        ("dose:\n  reps:8 from article\n  sets: 3\n", "2:3"),
        ("steps:\n  - reps:8\n    sets: 3\n", "2:5"),
    ],
)
def test_a_key_without_a_space_after_its_colon_is_named_where_it_stands(
    text: str, place: str
) -> None:
    assert refusal(text) == f"words.yaml:{place}: a space is expected after the colon"


@pytest.mark.parametrize("text", ["a:\n  b: 3\n   c: 8\n", "a: b: c\n", "a:\n - b\n  - c: 3\n"])
def test_a_colon_where_none_may_be_has_two_causes_and_both_are_named(text: str) -> None:
    message = refusal(text)
    assert "text with a colon in it belongs in quotes; or this line begins a space too" in message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: @x\n", "text that begins with this character belongs in quotes"),
        ("a:\n  - *nu* doen.\n", "text that begins with * or & belongs in quotes"),
        ("a: {b: 1\nc: 2\n", "what a brace or a bracket opens, another closes"),
    ],
)
def test_other_slips_have_a_hint(text: str, hint: str) -> None:
    assert hint in refusal(text)


def test_what_to_do_does_not_depend_on_the_words_of_the_parser() -> None:
    start, end = Spot(line=1, column=4), Spot(line=1, column=6)
    for text, begun, at, within, hint in (
        ("a: @x", start, start, None, "text that begins with this character belongs in quotes"),
        ("a: *x y", start, end, None, "text that begins with * or & belongs in quotes"),
        ("a: [1", start, end, Construct.BRACES, "what a brace or a bracket opens, another closes"),
        ("a: 'x", start, end, None, IN_QUOTES),
        ("a b: c", None, start, None, "text with a colon in it belongs in quotes"),
    ):
        fault = ParserFault(said="words of tomorrow", at=at, begun=begun, within=within)
        message = str(explained(fault, [text])[1])
        assert "words of tomorrow" in message, text
        assert hint in message, text


@settings(database=None, deadline=None, max_examples=300)
@given(st.text(st.characters(codec="utf-8"), max_size=40) | st.text("ab:-?[]{},&*!|>'\"%@`#~ \n\t"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(strict_yaml.parse(text, file="f"), Mapping)
    except ContentError as error:
        assert error.problems
        assert all(p.line >= 1 and p.column >= 1 for p in error.problems)


# Files


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"a: \x00\n", "1:4: a character that does not belong in text (U+0000): remove it"),
        (b"a: 1\nbc: x\x1by\n", "2:6: a character that does not belong in text (U+001B): remove"),
        (b"a: 1\n\nb: \x07\n", "3:4: a character that does not belong in text (U+0007): remove it"),
        (b"a: 1\r\nb: \x7f\r\n", "2:4: a character that does not belong in text (U+007F): remove"),
        (b"a: \xe2\x80\x8b\n", "1:4: a character that does not belong in text (U+200B): remove it"),
        (b"a: 1\nb: x\x0by\n", "2:5: a character that does not belong in text (U+000B): remove it"),
        (b"a: 1\nb: x\x0cy\n", "2:5: a character that does not belong in text (U+000C): remove it"),
        (b"a: 1\nb: x\x1cy\n", "2:5: a character that does not belong in text (U+001C): remove it"),
    ],
)
def test_control_characters_are_refused(path: Path, raw: bytes, place: str) -> None:
    assert refusal_of_file(path, raw).startswith(f"words.yaml:{place}")


@pytest.mark.parametrize("escape", [r"\0", r"\e", r"\x07", r"\x7f", r"\u200b"])
def test_control_characters_are_refused_when_written_as_an_escape(path: Path, escape: str) -> None:
    message = refusal_of_file(path, f'a: 1\nb: "x{escape}y"\n'.encode())
    assert message.startswith("words.yaml:2:4: b: ")


def test_a_byte_order_mark_is_accepted(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\xc3\xa9n\n")
    root = strict_yaml.read(path)
    assert scalar(root.items["a"]).text == "één"
    assert root.keys["a"].column == 1


def test_windows_line_ends_are_accepted(path: Path) -> None:
    path.write_bytes(b"a: 1\r\nb:\r\n  - one\r\n    two\r\n")
    root = strict_yaml.read(path)
    below = root.items["b"]
    assert isinstance(below, Sequence)
    assert scalar(root.items["a"]).text == "1"
    assert scalar(below.items[0]).text == "one two"
    assert below.items[0].place.line == 3


@pytest.mark.parametrize(
    ("raw", "line"), [(b"a: \xff\n", 1), (b"a: 1\nb: caf\xe9\n", 2), (b"\xff\xfea\x00:\x00", 1)]
)
def test_what_is_not_utf_8_is_refused_with_its_line(path: Path, raw: bytes, line: int) -> None:
    assert refusal_of_file(path, raw) == (
        f"words.yaml:{line}:1: this is not UTF-8 text: save the file as UTF-8"
    )


def test_an_empty_file_on_disk_is_refused(path: Path) -> None:
    assert refusal_of_file(path, b"") == "words.yaml:1:1: the file is empty"


def test_a_file_of_a_hundred_megabytes_is_refused_unread(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    with pytest.raises(ContentError) as caught:
        strict_yaml.read(path)
    _, most_memory = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_memory < 1_000_000
    assert str(caught.value) == f"{path}:1:1: larger than 1000 kB: no content file is"


def test_a_file_of_just_a_megabyte_is_read(path: Path) -> None:
    path.write_bytes(b"a: 1\n#" + b"x" * (strict_yaml.MAX_BYTES - 6))
    assert list(strict_yaml.read(path).items) == ["a"]


def test_a_file_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        strict_yaml.read(path)
    assert str(caught.value) == f"{path}: there is no such file"


def test_a_folder_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        strict_yaml.read(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_instead_of_a_file_is_refused_and_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(StorageError):
        strict_yaml.read(path)


def test_an_impossible_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        strict_yaml.read(tmp_path / ("x" * 300))
