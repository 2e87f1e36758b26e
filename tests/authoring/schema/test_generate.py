"""The JSON Schemas for editors: they say what the readers say, and are made of them alone."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from voicecoach import strict_yaml
from voicecoach.authoring.schema import generate, words
from voicecoach.authoring.schema.explorer import schema_of
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.reading.fields import Fields
from voicecoach.strict_yaml import Node, Scalar, Sequence

jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")

SMALL = Path(__file__).parents[2] / "bad_content" / "programme"
BAD_CONTENT = SMALL.parent
STARTER = Path(programme_reader.__file__).parent / "templates" / "starter"
FOLDERS = [*map(programme_reader.built_in, programme_reader.built_in_names()), STARTER, SMALL]
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]

STRUCTURAL = {
    "text_where_a_list_is_wanted",
    "text_where_keys_are_wanted",
    "list_where_text_is_wanted",
    "number_without_a_source",
    "hold_without_a_source",
    "rate_without_a_source",
    "days_of_full_guidance_missing",
    "days_of_full_guidance_without_a_source",
    "no_day_of_full_guidance",
    "negative_hold",
    "last_day_that_is_no_number",
    "step_on_a_day_that_is_no_number",
    "missing_dose",
    "unknown_kind",
    "unknown_key",
    "unknown_key_in_a_step",
    "unknown_key_in_a_translation",
    "unknown_key_in_the_dose_of_an_exercise_without_steps",
    "cue_missing",
    "label_of_a_guidance_missing",
    "rate_missing_for_a_guidance",
    "rate_for_an_unknown_guidance",
    "pronunciation_missing",
    "missing_word_of_an_exercise",
    "number_word_with_a_word_as_key",
    "no_steps",
    "one_rate_for_all_guidance",
    "respelling_that_is_a_list",
    "respelling_that_is_empty",
    "text_is_empty",
}
"""Of the ways to spoil a programme, those that keys and the form of values give away."""


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return {"programme": generate.programme_schema(), "words": generate.words_schema()}


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


@pytest.mark.parametrize("case", sorted(STRUCTURAL))
def test_a_spoilt_programme_is_refused_where_its_structure_is_spoilt(
    case: str, tmp_path: Path, schemas: dict[str, Any]
) -> None:
    for file in SMALL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    files = list(spoilt(BAD_CONTENT / f"{case}.txt", tmp_path))
    assert files
    assert any(faults(file, schemas) for file in files)


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
        r"the key '[^']+' is missing$|unknown key; |(is|are) wanted|a number without a source"
        r"|not a list|whole numbers in digits"
    )

    def __init__(self, folder: Path) -> None:
        self._programme = programme_reader.read(folder)

    def refuses(self, file: Path, data: Any) -> bool:
        node = strict_yaml.parse(yaml.safe_dump(data, allow_unicode=True), file="f")
        problems: list[Any] = []
        sources = data.get("sources") or {}
        ids = tuple(sources) if isinstance(sources, dict) else ()
        if file.stem == "programme":
            programme_reader.read_structure(Fields(node, problems, (*ids, "editorial")), ids)
        else:
            fields = Fields(node, problems, self._programme.sources)
            programme_reader.translation.read_words(fields, file.stem, self._programme)
        return any(self.STRUCTURE.search(problem.message) for problem in problems)


@pytest.mark.parametrize("stem", ["programme", "nl"])
def test_the_schema_refuses_nothing_that_the_reader_reads(
    stem: str, schemas: dict[str, Any]
) -> None:
    file = STARTER / f"{stem}.yaml"
    data = plain(strict_yaml.read(file))
    judge = ReaderAsJudge(STARTER)
    judged = 0
    for what, path in mutations(data):
        changed = mutated(data, what, path)
        if faults(file, schemas, changed):
            judged += 1
            assert judge.refuses(file, changed), (what, path)
    assert judged > 100


@pytest.mark.parametrize("stem", ["programme", "nl"])
def test_the_schema_refuses_what_the_reader_misses_or_does_not_know(
    stem: str, schemas: dict[str, Any]
) -> None:
    """But for what only the whole programme tells: which of the keys that its author chooses there
    must be, and whether a number of a dose stands in the other of its two places."""
    file = STARTER / f"{stem}.yaml"
    data = plain(strict_yaml.read(file))
    judge = ReaderAsJudge(STARTER)
    chosen_by_author = {"exercises", "sessions", "talks", "phases", "sources", "numbers"}
    chosen_by_author |= {"pronunciation", "forbidden", "espeak", "check_in"}
    for what, path in mutations(data):
        parents = path if what == "add" else path[:-1]
        is_chosen = bool(parents) and parents[-1] in chosen_by_author
        is_in_either = what == "drop" and ("dose" in parents or "steps" in parents)
        if is_chosen or is_in_either or (what, path) == ("drop", ("check_in",)):
            continue
        changed = mutated(data, what, path)
        assert bool(faults(file, schemas, changed)) == judge.refuses(file, changed), (what, path)


def test_a_new_key_of_a_reader_is_in_the_schema_without_more_ado() -> None:
    def reader(fields: Fields) -> None:
        fields.text("title")
        if fields.has("subtitle"):
            fields.text("subtitle")
        fields.close()

    assert schema_of([reader]) == {
        "type": "object",
        "properties": {
            "title": {"type": "string", "pattern": r"\S"},
            "subtitle": {"type": "string", "pattern": r"\S"},
        },
        "required": ["title"],
        "additionalProperties": False,
    }


def test_a_key_that_decides_what_else_is_asked_makes_a_shape_for_each_value() -> None:
    def reader(fields: Fields) -> None:
        fields.text("breaths" if fields.known("kind", "kind", ("air", "hold")) == "air" else "reps")
        fields.close()

    shapes = schema_of([reader])["oneOf"]
    assert [shape["properties"]["kind"] for shape in shapes] == [
        {"const": "air"},
        {"const": "hold"},
    ]
    assert [shape["required"] for shape in shapes] == [["kind", "breaths"], ["kind", "reps"]]


def test_keys_that_exclude_each_other_make_a_shape_each() -> None:
    def reader(fields: Fields) -> None:
        fields.text("talk" if fields.has("talk") else "exercise")
        fields.close()

    shapes = schema_of([reader])["oneOf"]
    assert [shape["required"] for shape in shapes] == [["talk"], ["exercise"]]


def test_what_stands_above_or_in_each_row_is_needed_in_neither() -> None:
    def reader(fields: Fields) -> None:
        shared = fields.fields("dose")
        row = fields.fields("row")
        (row if row.has("hold_s") else shared).text("hold_s")
        row.close()
        shared.close()
        fields.close()

    found = schema_of([reader])["properties"]
    assert found["dose"]["required"] == found["row"]["required"] == []
    assert found["dose"]["properties"] == found["row"]["properties"]


# The descriptions


def paths(found: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that the schema knows, and its schema."""
    if path:
        yield path, found
    for each in (*found.get("oneOf", ()), *found.get("anyOf", ())):
        yield from paths(each, path)
    if "items" in found:
        yield from paths(found["items"], f"{path}[]")
    for key, each in found.get("properties", {}).items():
        yield from paths(each, f"{path}.{key}".removeprefix("."))
    for each in found.get("patternProperties", {}).values():
        yield from paths(each, f"{path}.*")
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


@pytest.mark.parametrize(
    ("which", "described"), [("programme", words.PROGRAMME), ("words", words.WORDS)]
)
def test_every_description_is_of_a_key(
    schemas: dict[str, Any], which: str, described: dict[str, str]
) -> None:
    shown = {found.get("description") for _, found in paths(schemas[which])}
    assert set(described.values()) - shown == set()
