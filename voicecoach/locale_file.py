"""A file of ``locale/`` -> its texts by key, and their faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from voicecoach import strict_yaml
from voicecoach.errors import ContentError, Problem
from voicecoach.yaml_nodes import Place, Scalar

ENGLISH = Path(__file__).parent / "locale" / "en.yaml"
"""The file that has every key."""
_OTHER = "other"
"""The subkey of a text that depends on a number, for all numbers without a key of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """A template that depends on a number."""

    by_count: Mapping[str, str]
    other: str

    def of(self, count: object) -> str:
        """The template for ``count``."""
        return self.by_count.get(str(count), self.other)


Entry = str | tuple[str, ...] | Forms
"""A template, several texts, or a template for each number of ``count``."""


def entries(path: Path) -> Mapping[str, Entry]:
    """The texts of the file ``path`` by key. Raises ContentError."""
    return _read(path)[0]


def missing(path: Path) -> list[str]:
    """The keys of the English file that the file ``path`` lacks. Raises ContentError."""
    return [key for key in entries(ENGLISH) if key not in entries(path)]


def refuse_faults(path: Path) -> None:
    """Raises ContentError if the texts of the file ``path`` have faults."""
    problems = list(faults(path))
    if problems:
        raise ContentError(problems)


@cache
def _read(path: Path) -> tuple[dict[str, Entry], dict[str, Place]]:
    root = strict_yaml.read(path)
    found: dict[str, Entry] = {}
    places: dict[str, Place] = {}
    for key, entry, place in _entries(root, ""):
        found[key], places[key] = entry, place
    return found, places


def _entries(node: strict_yaml.Mapping, start: str) -> Iterator[tuple[str, Entry, Place]]:
    for name, below in node.items.items():
        key = f"{start}{name}"
        if isinstance(below, Scalar):
            yield key, below.text, below.place
        elif not isinstance(below, strict_yaml.Mapping):
            yield key, tuple(getattr(item, "text", "") for item in below.items), below.place
        elif _OTHER in below.items:
            texts = {count: getattr(item, "text", "") for count, item in below.items.items()}
            yield key, Forms(by_count=texts, other=texts.pop(_OTHER)), below.place
        else:
            yield from _entries(below, f"{key}.")


def faults(path: Path) -> Iterator[Problem]:
    """The faults of the texts of the file ``path``. Raises ContentError if it is not valid YAML."""
    own, places = _read(path)
    english = entries(ENGLISH)
    for key, entry in own.items():
        fault = _fault(entry, english[key]) if key in english else "no such text is said"
        if fault is not None:
            yield places[key].problem(fault)
    allowed = {"language": (path.stem,), "direction": ("ltr", "rtl")}
    for key, known in allowed.items():
        if key in own and own[key] not in known:
            yield places[key].problem(f"write {' or '.join(known)} here")


def _fault(entry: Entry, english: Entry) -> str | None:
    """What is wrong with ``entry``, compared with the ``english`` one; ``None`` if nothing."""
    if isinstance(entry, tuple) != isinstance(english, tuple):
        return (
            "a list is expected" if isinstance(english, tuple) else "one text is expected, no list"
        )
    if isinstance(english, tuple) and isinstance(entry, tuple) and len(entry) != len(english):
        return f"a list of {len(english)} texts is expected"
    known = {name for text in _templates(english) for name in _names(text)}
    if isinstance(entry, Forms) and "count" not in known:
        return "one text is expected: this does not depend on a number"
    try:
        unknown = sorted({name for text in _templates(entry) for name in _names(text)} - known)
    except ValueError:
        return "a brace has no counterpart"
    if unknown:
        may = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none"
        return f"nothing fills {{{unknown[0]}}}; what may stand here: {may}"
    return None


def _templates(entry: Entry) -> tuple[str, ...]:
    match entry:
        case str():
            return (entry,)
        case tuple():
            return entry
        case Forms(by_count=by_count, other=other):
            return (*by_count.values(), other)


def _names(template: str) -> Iterator[str]:
    """The placeholders of ``template``. Raises ValueError if a brace is not closed."""
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
