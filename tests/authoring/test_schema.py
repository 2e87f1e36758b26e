"""The JSON Schemas for editors: they say what the readers say, and are made of them alone."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import voicecoach
from voicecoach import strict_yaml
from voicecoach.authoring import starter
from voicecoach.content.clinical_state import QUESTIONS, Position, Sign
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.reading import translations, value_kinds
from voicecoach.content.reading.fields import Fields
from voicecoach.content.translation import Guidance
from voicecoach.errors import Problem
from voicecoach.limits import Most
from voicecoach.yaml_nodes import Node, Scalar, Sequence

jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")

SMALL = Path(__file__).parents[1] / "bad_content" / "programme"
BAD_CONTENT = SMALL.parent
STARTER = Path(voicecoach.__file__).parent / "templates" / "starter"
FOLDERS = [*map(programme_reader.built_in, programme_reader.built_in_names()), STARTER, SMALL]
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]

NOT_YAML = {
    "alias",
    "duplicate_key",
    "form_feed",
    "nul_by_escape",
    "pronunciation_of_nothing",
    "respelling_given_twice",
    "second_document",
    "tab",
    "tag",
}
"""Of the ways to spoil a programme, those that are refused before any key is read."""
NOT_OF_ONE_VALUE = {
    "breaths_on_a_block_of_contractions",
    "contractions_without_a_condition",
    "language_that_is_not_the_file_name",
    "language_without_a_file",
    "last_day_before_the_first",
    "missing_dose_of_an_exercise_with_steps",
    "missing_number_word",
    "missing_talk_in_a_translation",
    "missing_title_of_a_session",
    "missing_word_for_the_last_repetition",
    "missing_word_for_the_low_end_of_an_intensity",
    "missing_word_for_the_minutes_left",
    "missing_word_for_the_minutes_of_a_session_with_more_sets",
    "no_is_not_text",
    "percentages_from_high_to_low",
    "phases_out_of_order",
    "placeholder_in_a_session_without_a_dose",
    "placeholder_of_a_dose_in_a_talk_without_one",
    "pulses_longer_than_their_hold",
    "quick_ones_without_their_hold",
    "respelling_given_twice_in_two_spellings",
    "respelling_of_a_phrase_given_twice_in_two_spellings",
    "sets_on_a_breathing_block",
    "several_sets_without_a_rest_between",
    "side_change_where_sides_do_not_take_turns",
    "sides_that_alternate_over_an_odd_number",
    "starting_position_that_is_not_there",
    "steps_out_of_order",
    "unknown_exercise",
    "unknown_phase_in_a_translation",
    "unknown_source_of_a_number",
    "unknown_source_of_a_talk",
    "unknown_talk",
    "unknown_talk_in_a_block",
}
"""Those that only several values together show, or how a value is written."""
CASES = sorted({path.stem for path in BAD_CONTENT.glob("*.txt")} - NOT_YAML)


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return {which: starter.schema(which) for which in ("programme", "words")}


def plain(node: Node) -> Any:
    """``node`` as an editor sees it: quoted scalars are text, others may be numbers."""
    if isinstance(node, Scalar):
        is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", node.text) and not node.quoted
        return yaml.safe_load(node.text) if is_number else node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.items.items()}


def faults(file: Path, schemas: dict[str, Any], data: Any = None) -> list[str]:
    kind = "programme" if file.stem == "programme" else "words"
    found = plain(strict_yaml.read(file)) if data is None else data
    validator = jsonschema.Draft202012Validator(schemas[kind])
    return [error.message for error in validator.iter_errors(found)]


# What they accept and refuse


@pytest.mark.parametrize("which", ["programme", "words"])
def test_they_are_schemas(schemas: dict[str, Any], which: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas[which])
    assert schemas[which]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_programme_we_keep_passes(file: Path, schemas: dict[str, Any]) -> None:
    assert faults(file, schemas) == []


def spoilt(case: Path, folder: Path) -> Iterator[Path]:
    """The files of ``folder`` that ``case`` spoils."""
    text = case.read_text(encoding="utf-8")
    edits = re.finditer(
        r"--- replace in (\S+)\n(.*?)\n--- by\n(.*?)\n?(?=--- (?:replace|expect))", text, re.DOTALL
    )
    for file, old, new in (edit.groups() for edit in edits):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
        yield path


@pytest.mark.parametrize("case", CASES)
def test_a_spoilt_programme_is_refused_unless_no_value_alone_is_at_fault(
    case: str, tmp_path: Path, schemas: dict[str, Any]
) -> None:
    for file in SMALL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    files = list(spoilt(BAD_CONTENT / f"{case}.txt", tmp_path))
    assert files
    assert any(faults(file, schemas) for file in files) == (case not in NOT_OF_ONE_VALUE)


# In step with the reader


def mutations(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every key left out, a key too many in every mapping, and every value of another kind."""
    if isinstance(data, dict):
        yield "add", path
        for key, value in data.items():
            yield "drop", (*path, key)
            yield "list", (*path, key)
            yield from mutations(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from mutations(value, (*path, index))


def mutated(data: Any, what: str, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(data)
    place = changed
    for key in path[:-1] if what != "add" else path:
        place = place[key]
    if what == "add":
        place["nonsense"] = "nonsense from editorial"
    elif what == "drop":
        del place[path[-1]]
    else:
        place[path[-1]] = [[]]
    return changed


class ReaderAsJudge:
    """What the reader says of the structure of a file, and of nothing that takes more."""

    STRUCTURE = re.compile(
        r"the key '[^']+' is missing$|unknown key; |(is|are) (wanted|expected)"
        r"|a number without a source"
        r"|not a list|whole numbers in digits|is too much|is not within|percentages go from"
        r"|text of [0-9]+ characters|text is empty|a list of [0-9]+ items|small letters"
        r"|nothing fills|named twice|at most [0-9]+ languages|late starters make up"
        r"|unknown (kind|sign|effect|clock|path|answer|question|kind of days) "
    )

    def __init__(self, folder: Path) -> None:
        self._programme = programme_reader.read(folder)

    def refuses(self, file: Path, data: Any) -> bool:
        """Judges ``data``, written as JSON: that is YAML with all text in quotes."""
        node = strict_yaml.parse(json.dumps(data, ensure_ascii=False), file="f")
        problems: list[Any] = []
        if file.stem == "programme":
            programme_reader.read_structure(node, problems)
        else:
            fields = Fields(node, problems, self._programme.sources)
            translations.read_words(fields, file.stem, self._programme)
        return any(self.STRUCTURE.search(problem.message) for problem in problems)


@pytest.mark.parametrize("stem", ["programme", "nl"])
def test_the_schema_refuses_what_the_reader_misses_or_does_not_know(
    stem: str, schemas: dict[str, Any]
) -> None:
    """It accepts what only the whole programme tells: which of the keys that its author chooses
    there must be, and whether a number of a dose stands in the other of its two places."""
    file = STARTER / f"{stem}.yaml"
    data = plain(strict_yaml.read(file))
    judge = ReaderAsJudge(STARTER)
    chosen_by_author = {"exercises", "sessions", "talks", "phases", "sources", "numbers"}
    chosen_by_author |= {"pronunciation", "forbidden", "espeak", "check_in"}
    judged = 0
    for what, path in mutations(data):
        parents = path if what == "add" else path[:-1]
        is_chosen = bool(parents) and parents[-1] in chosen_by_author
        is_in_either = what == "drop" and ("dose" in parents or "steps" in parents)
        changed = mutated(data, what, path)
        found, is_refused = faults(file, schemas, changed), judge.refuses(file, changed)
        judged += bool(found)
        if is_chosen or is_in_either or (what, path) == ("drop", ("check_in",)):
            assert is_refused or not found, (what, path)
        else:
            assert is_refused == bool(found), (what, path)
    assert judged > 100


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value that is no mapping."""
    if not isinstance(data, dict):
        yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))


_SOURCE = st.sampled_from([" from editorial", "  from editorial", "", " from", ", editorial"])
_NUMBERS = st.one_of(
    st.integers(-1, 800).map(str),
    st.integers(-1, 11_000).map(str),
    st.decimals(0, 602, places=1).map(str),
    st.tuples(st.integers(0, 102), st.integers(0, 30)).map(lambda at: f"{at[0]}-{sum(at)}"),
)
_TEXTS = st.one_of(
    st.text("ab {}", max_size=8).map(lambda text: " ".join(text.split())),
    st.sampled_from(["{nothing}", "{set} of {sets}", "{week}", "{low}-{high}", "{title}"]),
    st.integers(1, 1100).map(lambda length: "a" * length),
    st.sampled_from(["birth", "training", "release", "stop", "pain", "empty-days", "breathing"]),
)
_VALUES = st.one_of(
    st.integers(-1, 2200),
    st.booleans(),
    st.none(),
    st.builds("{}{}".format, _NUMBERS, _SOURCE),
    _TEXTS,
    st.lists(_TEXTS, max_size=3),
    st.integers(198, 203).map(lambda length: ["a"] * length),
    st.lists(st.from_regex("[a-z]{1,4}", fullmatch=True), min_size=18, max_size=22),
)


@pytest.mark.parametrize("stem", ["programme", "nl"])
def test_the_schema_and_the_reader_agree_on_any_value(stem: str, schemas: dict[str, Any]) -> None:
    file = STARTER / f"{stem}.yaml"
    data = plain(strict_yaml.read(file))
    judge = ReaderAsJudge(STARTER)

    @settings(database=None, deadline=None, max_examples=150)
    @given(path=st.sampled_from(list(leaves(data))), value=_VALUES)
    def agree(path: tuple[Any, ...], value: Any) -> None:
        changed = copy.deepcopy(data)
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        found = faults(file, schemas, changed)
        assert bool(found) == judge.refuses(file, changed), found

    agree()


@pytest.mark.parametrize(
    ("least", "most"), [(0, 10_000), (1, 7), (1, 12), (1, 100), (1, 731), (60, 400), (60, 2100)]
)
def test_a_number_with_a_source_is_held_to_its_limits(least: int, most: int) -> None:
    limit = Most(number=most, because="")
    pattern = re.compile(value_kinds.count(limit, least=least).schema["pattern"])
    accepted = [each for each in range(20_000) if pattern.search(f"{each} from article")]
    assert accepted == list(range(least, most + 1))
    assert not pattern.search(f"0{most} from article")


@pytest.mark.parametrize(
    ("kind", "written", "is_read"),
    [
        (value_kinds.SECONDS, "0", False),
        (value_kinds.SECONDS, "0.000", False),
        (value_kinds.SECONDS, "0.001", True),
        (value_kinds.SECONDS, "2.5", True),
        (value_kinds.SECONDS, "2.5001", False),
        (value_kinds.SECONDS, "599.999", True),
        (value_kinds.SECONDS, "600.000", True),
        (value_kinds.SECONDS, "600.001", False),
        (value_kinds.SECONDS_COUNTED_ALOUD, "2.0", True),
        (value_kinds.SECONDS_COUNTED_ALOUD, "2.5", False),
        (value_kinds.PERCENT, "100", True),
        (value_kinds.PERCENT, "101", False),
        (value_kinds.PERCENT, "30-100", True),
        (value_kinds.PERCENT, "0-40", False),
    ],
)
def test_seconds_and_percentages_are_held_to_their_limits(
    kind: value_kinds.Value, written: str, *, is_read: bool
) -> None:
    node = strict_yaml.parse(f"a: {written} from article", file="f")
    problems: list[Problem] = []
    kind.read(Fields(node, problems, ("article",)), "a")
    assert (problems == []) is is_read
    assert bool(re.search(kind.schema["pattern"], f"{written} from article")) is is_read


def test_every_answer_of_a_client_has_its_key(schemas: dict[str, Any]) -> None:
    words = schemas["words"]["properties"]
    session = schemas["programme"]["properties"]["sessions"]["additionalProperties"]["properties"]
    assert set(words["check_in"]["properties"]) == set(Sign)
    assert set(words["rate_wpm"]["properties"]) == set(Guidance)
    assert set(session["opening_for"]["properties"]) == set(Position)
    assert set(session["for"]["properties"]) == set(QUESTIONS)


# The descriptions


def paths(found: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that the schema knows, and its schema."""
    if path:
        yield path, found
    for each in found.get("anyOf", ()):
        yield from paths({"description": "of the key", **each}, path)
    if "items" in found:
        yield from paths(found["items"], f"{path}[]")
    for key, each in found.get("properties", {}).items():
        yield from paths(each, f"{path}.{key}".removeprefix("."))
    if found.get("additionalProperties"):
        yield from paths(found["additionalProperties"], f"{path}.*")


@pytest.mark.parametrize("which", ["programme", "words"])
def test_every_key_is_described(schemas: dict[str, Any], which: str) -> None:
    missing = {
        path
        for path, found in paths(schemas[which])
        if "description" not in found and not path.endswith("[]")
    }
    assert missing == set()
