"""YAML text -> a tree of nodes that know their place. The only importer of yaml.

Read strictly: no tabs, no duplicate keys, no anchors or aliases (a "YAML bomb" is made of them), no
tags, one document, keys that are words or whole numbers. Scalars stay text; whoever reads a node
says what type it wants.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from voicecoach.errors import ContentError, Problem, StorageError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_STRANGE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\u200a\\u2010-\\u2027\\u202f-\\u2065\\u2070-\\ud7ff"
    "\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
"""Control characters, and marks that nobody sees."""
_TAB_INDENT = re.compile(r"^ *\t", re.M)

_HINTS = {
    "mapping values are not allowed": ": text with a colon in it stands in quotes",
    "did not find expected key": ": keys that belong together begin in the same column",
    "expected <block end>": ": what belongs together begins in the same column",
}
"""What to do about what the parsers say most often; they use words of their own."""

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a node stands: file, line and column (from 1) and the keys that lead there."""

    file: str
    line: int
    column: int
    path: str

    def problem(self, message: str) -> Problem:
        """A problem at this place."""
        return Problem(
            file=self.file, line=self.line, column=self.column, path=self.path, message=message
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value as text. ``quoted`` tells ``"5"`` from ``5``."""

    place: Place
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list of nodes."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Keys and their nodes, in the order of the file. ``keys`` has the place of each key."""

    place: Place
    items: dict[str, "Node"]
    keys: dict[str, Place]


Node = Scalar | Sequence | Mapping


def read(path: Path) -> Mapping:
    """Reads the YAML file ``path`` as a mapping.

    Raises ContentError where it is not strict YAML or too large, StorageError where it is no
    readable file.
    """
    return parse(_read_text(path), file=str(path))


def parse(text: str, *, file: str) -> Mapping:
    """Reads YAML ``text``, which came from ``file``, as a mapping. Raises ContentError."""
    _refuse_strange_text(text, file)
    try:
        return _Builder(file).document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _error(file, line, column, _explanation(error, line)) from error
    except yaml.YAMLError as error:
        raise _error(file, 1, 1, f"this is not YAML: {error}") from error


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise StorageError(f"{path}: there is no such file")
        if path.stat().st_size > MAX_BYTES:
            raise _error(str(path), 1, 1, f"larger than {MAX_BYTES // 1000} kB: no content file is")
        raw = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "this is not UTF-8 text: save the file as UTF-8"
        raise _error(str(path), line, 1, message) from error
    return text


def _refuse_strange_text(text: str, file: str) -> None:
    """Refuses control characters, and tabs where lines are indented."""
    strange = _STRANGE.search(text) or _TAB_INDENT.search(text)
    if strange is not None:
        index = strange.end() - 1
        line = text.count("\n", 0, index) + 1
        column = index - text.rfind("\n", 0, index)
        raise _error(file, line, column, _about_character(text[index]))


def _about_character(char: str) -> str:
    if char == "\t":
        return "a tab where YAML wants spaces: indent with spaces"
    return f"a character that does not belong in text (U+{ord(char):04X}): remove it"


def _explanation(error: yaml.MarkedYAMLError, line: int) -> str:
    """What the parser says; where something was left open, also the line in which it began."""
    message = error.problem or error.context or "this is not YAML"
    if "\\t" in message:
        return _about_character("\t")
    message += next((hint for said, hint in _HINTS.items() if said in message), "")
    begun = error.context_mark.line + 1 if error.context_mark else line
    return f"{message} ({error.context}, begun in line {begun})" if begun != line else message


def _error(file: str, line: int, column: int, message: str) -> ContentError:
    return ContentError([Problem(file=file, line=line, column=column, path="", message=message)])


class _Builder:
    """Builds nodes from YAML events, and gathers what is not strict."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def document(self, events: Iterator[yaml.Event]) -> Mapping:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._refuse(event, "", "a second document: one file holds one")
                    break
                root = self._node(event, events, "", 0)
        if self._problems:
            raise ContentError(self._problems)
        if root is None or (isinstance(root, Scalar) and not root.text):
            raise _error(self._file, 1, 1, "the file is empty")
        if not isinstance(root, Mapping):
            raise ContentError([root.place.problem("the file must hold keys and values")])
        return root

    def _place(self, event: yaml.Event, path: str) -> Place:
        mark = event.start_mark
        assert mark is not None  # parsed from text, every event has one
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1, path=path)

    def _refuse(self, event: yaml.Event, path: str, message: str) -> None:
        self._problems.append(self._place(event, path).problem(message))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: str, depth: int) -> Node:
        place = self._place(event, path)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ContentError(
                [*self._problems, place.problem("anchors and aliases (& and *) are not read here")]
            )
        if getattr(event, "tag", None):
            self._refuse(event, path, "tags (!) are not read here")
        if depth > MAX_DEPTH:
            raise ContentError([*self._problems, place.problem("nested too deeply")])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place, events, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, events, path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        strange = _STRANGE.search(event.value)
        if strange is not None:  # written as an escape, such as "\\0"
            self._refuse(event, path, _about_character(strange[0]))
        return Scalar(place=place, text=event.value, quoted=bool(event.style))

    def _sequence(
        self, place: Place, events: Iterator[yaml.Event], path: str, depth: int
    ) -> Sequence:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, f"{path}[{len(items)}]", depth + 1))
        return Sequence(place=place, items=tuple(items))

    def _mapping(
        self, place: Place, events: Iterator[yaml.Event], path: str, depth: int
    ) -> Mapping:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, path, depth + 1)
            name = key.text if isinstance(key, Scalar) else "?"
            below = f"{path}.{name}" if path else name
            value = self._node(next(events), events, below, depth + 1)
            if not isinstance(key, Scalar) or not key.text:
                self._problems.append(key.place.problem("a key must be a word"))
            elif name in items:
                message = f"the key is given twice (first in line {keys[name].line})"
                self._problems.append(self._place(event, below).problem(message))
            else:
                items[name], keys[name] = value, self._place(event, below)
        return Mapping(place=place, items=items, keys=keys)
