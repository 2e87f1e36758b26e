"""The typed getters: what they accept, and the one problem they note for what they do not."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voicecoach import strict_yaml
from voicecoach.content.reading.fields import MAX_SECONDS, MAX_WHOLE, Fields, Sourced
from voicecoach.errors import Problem

SOURCES = ("article", "editorial")


class Reading:
    """Fields of a text, and the problems they noted."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.fields = Fields(strict_yaml.parse(text, file="f"), self.problems, SOURCES)

    @property
    def said(self) -> list[str]:
        return [str(problem) for problem in self.problems]


def sourced(value: int, source: str = "article", high: int | None = None) -> Sourced:
    return Sourced(value=value, high=value if high is None else high, source=source)


# Text


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "Off",
        "true",
        "FALSE",
        "null",
        "1:30",
        "010",
        "5",
        "-5",
        "2.5",
        "1e3",
        "~",
        "1_000",
        "2026-01-01",
        ".5",
    ],
)
def test_what_yaml_takes_for_something_else_is_no_text_until_quoted(written: str) -> None:
    bare = Reading(f"a: {written}")
    bare.fields.text("a")
    assert bare.said == [
        f"f:1:4: a: text is expected; if {written} is meant as text, put it in quotes"
    ]
    quoted = Reading(f'a: "{written}"')
    assert quoted.fields.text("a") == written
    assert quoted.said == []


@pytest.mark.parametrize("written", ["nee", "5 kilo", "Nog één keer.", "on top", "a-b", "1 + 1"])
def test_words_need_no_quotes(written: str) -> None:
    reading = Reading(f"a: {written}")
    assert reading.fields.text("a") == written
    assert reading.said == []


@pytest.mark.parametrize("written", ["", '""', '"   "', "|\n", '"\\n"'])
def test_text_may_not_be_empty(written: str) -> None:
    reading = Reading(f"a: {written}\n")
    assert reading.fields.text("a") == ""
    assert [problem.message for problem in reading.problems] == ["the text is empty"]


def test_a_list_is_no_text() -> None:
    reading = Reading("a: [a, b]")
    assert reading.fields.text("a") == ""
    assert reading.said == ["f:1:4: a: text is expected, not a list or keys"]


def test_keys_are_no_text_and_may_be_text_with_a_colon() -> None:
    reading = Reading("a:\n  - Mind this: breathe.")
    assert reading.fields.texts("a") == ("",)
    assert reading.said == [
        "f:2:5: a[0]: text is expected, not a list or keys; text with a colon in it"
        " belongs in quotes"
    ]


def test_white_space_in_text_becomes_single_spaces() -> None:
    assert Reading('a: "  one\\n\\ttwo   three "').fields.text("a") == "one two three"


def test_a_missing_key_is_named() -> None:
    reading = Reading("\n  b: 1")
    assert reading.fields.text("a") == ""
    assert reading.said == ["f:2:3: the key 'a' is missing"]


def test_texts_are_a_list_of_text_each_with_its_own_problem() -> None:
    reading = Reading("a:\n  - one\n  - 2\n  - [x]\n  - four")
    assert reading.fields.texts("a") == ("one", "2", "", "four")
    assert reading.said == [
        "f:3:5: a[1]: text is expected; if 2 is meant as text, put it in quotes",
        "f:4:5: a[2]: text is expected, not a list or keys",
    ]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("one", ": write it as [one]"),
        ("nhs, article", ": write it as [nhs, article]"),
        ("Lie down. Breathe.", ": begin each paragraph with '- '"),
        ('"one"', ": begin each paragraph with '- '"),
        ("{a: b}", ": begin each item with '- '"),
        ("[]", ""),
        ("", ""),
    ],
)
def test_texts_are_a_list_of_at_least_one(written: str, hint: str) -> None:
    reading = Reading(f"a: {written}")
    assert reading.fields.texts("a") == ()
    assert [each.message for each in reading.problems] == [
        f"a list of at least one item is wanted{hint}"
    ]


@pytest.mark.parametrize("good", ["a", "pelvic-floor", "week-1", "'1'", "a1-b2"])
def test_identifiers(good: str) -> None:
    reading = Reading(f"a: {good}")
    assert reading.fields.identifier("a") == good.strip("'")
    assert reading.said == []


@pytest.mark.parametrize("bad", ["A", "a b", "a--b", "-a", "a-", "../a", "é", "a_b", "a.b", "a/b"])
def test_identifiers_are_fit_for_a_file_name(bad: str) -> None:
    reading = Reading(f"a: {bad}")
    reading.fields.identifier("a")
    assert reading.said == ["f:1:1: a: use small letters, digits and single hyphens only"]


# Numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [("1", 1), ("8", 8), ("10000", 10_000)],
)
def test_a_count_with_its_source(written: str, number: int) -> None:
    reading = Reading(f"a: {written} from article")
    assert reading.fields.count("a") == sourced(number)
    assert reading.said == []


def test_a_count_may_be_zero_where_it_is_said_so() -> None:
    reading = Reading("a: 0 from editorial")
    assert reading.fields.count("a", least=0) == sourced(0, "editorial")
    assert reading.said == []


@pytest.mark.parametrize(
    "written", ["0", "-8", "+8", "010", "8.0", "2.5", "1e3", "10001", "NaN", ".inf", "acht", "٨"]
)
def test_a_count_is_a_whole_number_within_bounds(written: str) -> None:
    reading = Reading(f"a: {written} from article")
    assert 1 <= reading.fields.count("a").value <= MAX_WHOLE
    assert reading.said == [f"f:1:4: a: a whole number from 1 to 10000 is wanted, not {written}"]


@pytest.mark.parametrize(
    ("written", "ms"),
    [("2", 2000), ("2.5", 2500), ("0.001", 1), ("600", 600_000), ("0.3", 300), ("1.001", 1001)],
)
def test_seconds_with_their_source_are_whole_milliseconds(written: str, ms: int) -> None:
    reading = Reading(f"a: {written} from article")
    assert reading.fields.seconds_as_ms("a") == sourced(ms)
    assert reading.said == []


@pytest.mark.parametrize(
    "written", ["0", "0.000", "-2", "600.001", "601", ".5", "5.", "1:30", "nan", "1e2"]
)
def test_seconds_are_above_zero_and_at_most_ten_minutes(written: str) -> None:
    reading = Reading(f"a: {written} from article")
    assert 1 <= reading.fields.seconds_as_ms("a").value <= MAX_SECONDS * 1000
    assert reading.said == [
        f"f:1:4: a: a number of seconds above 0, at most 600, is wanted, not {written}"
    ]


def test_a_decimal_comma_is_told_from_a_point() -> None:
    reading = Reading("a: 2,5 from article")
    reading.fields.seconds_as_ms("a")
    assert reading.said == [
        "f:1:4: a: a number of seconds above 0, at most 600, is wanted, not 2,5;"
        " decimals have a point"
    ]


def test_seconds_finer_than_a_millisecond_are_refused() -> None:
    reading = Reading("a: 2.5001 from article")
    reading.fields.seconds_as_ms("a")
    assert len(reading.said) == 1


@pytest.mark.parametrize(
    ("written", "low", "high"), [("40", 40, 40), ("30-40", 30, 40), ("1-100", 1, 100)]
)
def test_percentages_and_ranges_of_them(written: str, low: int, high: int) -> None:
    reading = Reading(f"a: {written} from article")
    assert reading.fields.percent("a") == sourced(low, high=high)
    assert reading.said == []


@pytest.mark.parametrize("written", ["40-30", "101", "30-101", "1000-2000"])
def test_percentages_go_from_low_to_high_and_not_beyond_100(written: str) -> None:
    reading = Reading(f"a: {written} from article")
    reading.fields.percent("a")
    assert reading.said == ["f:1:4: a: percentages go from 1 to 100, low to high"]


@pytest.mark.parametrize("written", ["0", "0-40", "-40", "30-", "30–40", "40%", "4.5", "30-40-50"])
def test_what_is_no_percentage_is_refused(written: str) -> None:
    reading = Reading(f"a: {written} from article")
    reading.fields.percent("a")
    assert reading.said == ["f:1:4: a: a percentage is wanted, as 40 or 30-40"]


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("8", "8 from SOURCE"),
        ('"8"', "8 from SOURCE"),
        ("8 from", "8 from SOURCE"),
        ("8 hearsay", "8 from SOURCE"),
        ("8 article", "8 from article"),
        ("8, article", "8 from article"),
        ("8 of article", "8 from article"),
        ("acht", "NUMBER from SOURCE"),
        ("from article", "NUMBER from article"),
    ],
)
@pytest.mark.parametrize("getter", ["count", "seconds_as_ms", "percent"])
def test_a_number_without_a_source_is_refused_and_told_how_it_is_written(
    written: str, right: str, getter: str
) -> None:
    reading = Reading(f"a: {written}")
    getattr(reading.fields, getter)("a")
    assert reading.said == [f"f:1:4: a: a number without a source: write it as {right}"]


def test_a_decimal_comma_that_makes_two_keys_is_told_as_such() -> None:
    reading = Reading("a: {inhale_s: 4,5 from article, breaths: 8}")
    below = reading.fields.fields("a")
    below.seconds_as_ms("inhale_s")
    below.whole("breaths", least=1)
    below.close()
    assert reading.said == [
        "f:1:15: a.inhale_s: decimals have a point: write it as 4.5 from article"
    ]


@pytest.mark.parametrize("written", ["[8]", "{number: 8}", ""])
@pytest.mark.parametrize("getter", ["count", "seconds_as_ms", "percent"])
def test_a_number_that_is_no_value_is_refused(written: str, getter: str) -> None:
    reading = Reading(f"a: {written}")
    getattr(reading.fields, getter)("a")
    assert [problem.message for problem in reading.problems] == [
        "a number without a source: write it as NUMBER from SOURCE"
    ]


@pytest.mark.parametrize("getter", ["count", "seconds_as_ms", "percent"])
def test_an_unknown_source_is_named_with_the_known_ones(getter: str) -> None:
    reading = Reading("a: 8 from hearsay")
    getattr(reading.fields, getter)("a")
    assert reading.said == ["f:1:4: a: unknown source 'hearsay'; there are: article, editorial"]


def test_a_known_source_is_listed_once_however_often_it_was_given() -> None:
    problems: list[Problem] = []
    node = strict_yaml.parse("a: 8 from hearsay", file="f")
    Fields(node, problems, ("article", "editorial", "editorial")).count("a")
    assert problems[0].message.endswith("; there are: article, editorial")


@pytest.mark.parametrize("getter", ["count", "seconds_as_ms", "percent"])
def test_a_missing_number_is_one_problem(getter: str) -> None:
    reading = Reading("b: 1")
    getattr(reading.fields, getter)("a")
    assert reading.said == ["f:1:1: the key 'a' is missing"]


@pytest.mark.parametrize("written", ["2026", "1", "3000"])
def test_a_plain_whole_number(written: str) -> None:
    reading = Reading(f"a: {written}")
    assert reading.fields.whole("a", least=1, most=3000) == int(written)
    assert reading.said == []


@pytest.mark.parametrize(
    "written", ["'1'", "010", "1.0", "-1", "no", "1_0", "[1]", "1 from article"]
)
def test_a_plain_whole_number_has_digits_only(written: str) -> None:
    reading = Reading(f"a: {written}")
    reading.fields.whole("a", least=1)
    assert reading.said == ["f:1:4: a: a whole number is expected"]


@pytest.mark.parametrize("written", ["4", "11"])
def test_a_plain_whole_number_stays_within_its_bounds(written: str) -> None:
    reading = Reading(f"a: {written}")
    assert reading.fields.whole("a", least=5, most=10) == 5
    assert reading.said == [f"f:1:4: a: {written} is not within 5 to 10"]


# Any text at all in the place of a number

_NUMBERISH = st.from_regex(r"[-+]?[0-9]{0,30}[.,:eE_-]?[0-9]{0,30}", fullmatch=True)
_HUGE = "9" * 5000
_BOUNDS = {"count": (1, MAX_WHOLE), "seconds_as_ms": (1, MAX_SECONDS * 1000), "percent": (1, 100)}


def read_number(getter: str, text: str, *, quoted: bool) -> tuple[Sourced, list[Problem]]:
    """What ``getter`` makes of a value ``text`` in line 7, and the problems it notes."""
    place = strict_yaml.Place(file="f", line=7, column=4, path="a")
    root = strict_yaml.Place(file="f", line=7, column=1, path="")
    node = strict_yaml.Mapping(
        place=root,
        items={"a": strict_yaml.Scalar(place=place, text=text, quoted=quoted)},
        keys={"a": root},
    )
    problems: list[Problem] = []
    fields = Fields(node, problems, SOURCES)
    number: Sourced = getattr(fields, getter)("a")
    return number, problems


@pytest.mark.parametrize("getter", list(_BOUNDS))
@settings(database=None, deadline=None, max_examples=200)
@given(number=st.text(max_size=30) | _NUMBERISH, quoted=st.booleans())
@example(number=_HUGE, quoted=False)
@example(number=f"30-{_HUGE}", quoted=False)
@example(number="0." + "0" * 5000, quoted=False)
def test_any_number_is_within_bounds_or_one_problem(
    getter: str,
    number: str,
    quoted: bool,  # noqa: FBT001
) -> None:
    read, problems = read_number(getter, f"{number} from article", quoted=quoted)
    low, high = _BOUNDS[getter]
    if problems:
        assert [(problem.line, problem.column) for problem in problems] == [(7, 4)]
        assert len(problems[0].message) < 12_000
    else:
        assert low <= read.value <= read.high <= high
        assert read.source == "article"


@pytest.mark.parametrize("getter", list(_BOUNDS))
@settings(database=None, deadline=None, max_examples=200)
@given(text=st.text(max_size=60), quoted=st.booleans())
@example(text="nine from hearsay", quoted=False)
def test_any_text_is_a_number_or_a_problem_at_its_place(
    getter: str,
    text: str,
    quoted: bool,  # noqa: FBT001
) -> None:
    """At most two problems: a number and its source can be wrong at once."""
    read, problems = read_number(getter, text, quoted=quoted)
    assert len(problems) <= 2
    assert {(problem.line, problem.column) for problem in problems} <= {(7, 4)}
    assert problems or read.source in SOURCES


@pytest.mark.parametrize("digits", [5, 12, 400, 5000])
def test_a_plain_whole_number_of_many_digits_is_one_problem(digits: int) -> None:
    reading = Reading(f"a: {'9' * digits}")
    assert reading.fields.whole("a", least=1) == 1
    assert len(reading.said) == 1


# Keys, lists and references


def test_unknown_keys_are_named_with_the_known_ones() -> None:
    reading = Reading("title: x\ntitel: y\nday: z\nextra: {a: b}")
    reading.fields.text("title")
    reading.fields.text("day")
    reading.fields.close()
    assert reading.said == [
        "f:2:1: titel: unknown key; known here: day, title",
        "f:4:1: extra: unknown key; known here: day, title",
    ]


def test_what_an_unknown_key_may_have_meant_is_named_unless_it_is_there() -> None:
    reading = Reading("clossing: x\nopening: y\nopning: z")
    reading.fields.text("opening")
    assert not reading.fields.has("closing")
    reading.fields.close()
    assert reading.said == [
        "f:1:1: clossing: unknown key; known here: closing, opening; did you mean 'closing'?",
        "f:3:1: opning: unknown key; known here: closing, opening",
    ]


def test_a_key_without_a_space_after_its_colon_is_told_as_such() -> None:
    reading = Reading("a: {reps:8 from article, sets: 3}\nb: reps:8")
    below = reading.fields.fields("a")
    below.whole("sets", least=1)
    below.close()
    reading.fields.fields("b")
    assert reading.said == [
        "f:1:5: a.reps:8 from article: a space is expected after the colon",
        "f:2:4: b: keys and values are wanted here; a space is expected after the colon",
    ]


def test_keys_are_shown_by_example_where_there_is_one() -> None:
    reading = Reading("a: caesarean")
    reading.fields.fields("a", "{delivery: [caesarean]}")
    assert reading.said == ["f:1:4: a: keys and values are wanted here, as {delivery: [caesarean]}"]


def test_an_optional_key_that_is_not_there_is_no_problem() -> None:
    reading = Reading("a: b")
    assert not reading.fields.has("title")
    assert reading.fields.has("a")
    assert reading.said == []


def test_all_problems_are_gathered_at_once_and_in_the_order_of_asking() -> None:
    reading = Reading("name: 5\nday: x from article\nhold_s: 2 from hearsay\nmore: 1")
    fields = reading.fields
    fields.text("name")
    fields.count("day")
    fields.seconds_as_ms("hold_s")
    fields.text("words")
    fields.close()
    assert reading.said == [
        "f:1:7: name: text is expected; if 5 is meant as text, put it in quotes",
        "f:2:6: day: a whole number from 1 to 10000 is wanted, not x",
        "f:3:9: hold_s: unknown source 'hearsay'; there are: article, editorial",
        "f:1:1: the key 'words' is missing",
        "f:4:1: more: unknown key; known here: day, hold_s, name, words",
    ]


def test_fields_below_a_key_note_their_problems_with_its_path() -> None:
    reading = Reading("a:\n  b: 5")
    reading.fields.fields("a").text("b")
    assert reading.said == ["f:2:6: a.b: text is expected; if 5 is meant as text, put it in quotes"]


@pytest.mark.parametrize("written", ["x", "[x]"])
def test_fields_below_a_key_that_has_none_are_one_problem(written: str) -> None:
    reading = Reading(f"a: {written}")
    below = reading.fields.fields("a")
    below.text("b")
    below.close()
    assert reading.said == ["f:1:4: a: keys and values are wanted here"]


def test_fields_below_a_missing_key_are_one_problem() -> None:
    reading = Reading("b: 1")
    reading.fields.fields("a").count("c")
    assert reading.said == ["f:1:1: the key 'a' is missing"]


def test_a_list_of_fields_names_the_item_that_has_none() -> None:
    reading = Reading("a:\n  - {b: x}\n  - y\n  - {b: z}")
    assert [fields.text("b") for fields in reading.fields.fields_list("a")] == ["x", "z"]
    assert reading.said == ["f:3:5: a[1]: keys and values are wanted here"]


def test_a_known_name_is_read() -> None:
    reading = Reading("a: light\nb: [light, quick]")
    assert reading.fields.known("a", "exercise", ["light", "quick"]) == "light"
    assert reading.fields.known_list("b", "exercise", ["quick", "light"]) == ("light", "quick")
    assert reading.said == []


def test_an_unknown_name_is_quoted_with_the_known_ones() -> None:
    reading = Reading("a: lite")
    reading.fields.known("a", "exercise", ["quick", "light"])
    assert reading.said == ["f:1:1: a: unknown exercise 'lite'; there are: light, quick"]


def test_an_unknown_name_where_there_are_none() -> None:
    reading = Reading("a: lite")
    reading.fields.known("a", "exercise", [])
    assert reading.said == ["f:1:1: a: unknown exercise 'lite'; there are: none"]


def test_an_unknown_name_in_a_list_is_found_at_its_own_line() -> None:
    reading = Reading("a:\n  - light\n  - lite")
    reading.fields.known_list("a", "exercise", ["light"])
    assert reading.said == ["f:3:5: a[1]: unknown exercise 'lite'; there are: light"]


def test_keys_come_in_the_order_of_the_file() -> None:
    assert Reading("b: 1\na: 2").fields.keys == ("b", "a")
