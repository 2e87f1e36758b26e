"""YAML text -> a tree of nodes with their places. The only importer of yaml.

Strict: no tabs, no duplicate keys, no anchors or aliases (the parts of a "YAML bomb"), no tags, one
document, keys that are words or whole numbers. Scalars stay text; the caller converts them.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from voicecoach import limits, yaml_faults
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.letters import composed
from voicecoach.messages import Message, reason
from voicecoach.yaml_faults import Construct, ParserFault, Spot
from voicecoach.yaml_nodes import Mapping, Node, Oddity, Place, Scalar, Sequence, oddities

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

__all__ = ["Mapping", "Node", "Oddity", "Place", "Scalar", "Sequence", "parse", "read"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_LONGEST_KEY = 200


def read(path: Path) -> Mapping:
    """Reads the YAML file ``path`` as a mapping.

    Raises ContentError if it is not strict YAML or too large, StorageError if it cannot be read.
    """
    return parse(_read_text(path), file=str(path))


def parse(text: str, *, file: str) -> Mapping:
    """Reads YAML ``text``, which came from ``file``, as a mapping. Raises ContentError.

    Accented letters become one character each, and columns are counted accordingly.
    """
    text = composed(text)
    _refuse_strange_text(text, file)
    watched = _Watched(yaml.parse(text, Loader=_Loader))
    try:
        return _Builder(file, text).document(watched)
    except yaml.YAMLError as error:
        spot, message = _explained(error, watched, text)
        raise _error(file, spot.line, spot.column, message) from error


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise StorageError(Message("yaml.no_file", path=path))
        if path.stat().st_size > MAX_BYTES:
            raise _error(str(path), 1, 1, Message("yaml.too_large", kilobytes=MAX_BYTES // 1000))
        raw = path.read_bytes()
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(str(path), line, 1, Message("yaml.not_utf_8")) from error
    return text


def _refuse_strange_text(text: str, file: str) -> None:
    """Raises ContentError for control characters, and for tabs in indentation."""
    index = yaml_faults.first_strange(text)
    if index is not None:
        line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
        raise _error(file, line, column, yaml_faults.about(text[index]))


class _Watched(Iterator[yaml.Event]):
    """An iterator of events that remembers the quotes, braces or brackets closed last."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._open: list[yaml.Event] = []
        self._closed: tuple[Spot, Spot] | None = None

    def __next__(self) -> yaml.Event:
        event = begun = next(self._events)
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            begun = self._open.pop()
        is_flow = begun is not event and getattr(begun, "flow_style", False)
        is_quoted = isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"')
        if (is_flow or is_quoted) and begun.start_mark and event.end_mark:
            self._closed = (_spot(begun.start_mark), _spot(event.end_mark))
        return event

    def open_at(self, begun: Spot | None) -> Construct | None:
        """The construct that begins at ``begun`` and has not ended."""
        for event in self._open:
            if event.start_mark is not None and _spot(event.start_mark) == begun:
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                block = Construct.MAPPING if is_mapping else Construct.SEQUENCE
                return Construct.BRACES if getattr(event, "flow_style", False) else block
        return None

    def opened_before(self, at: Spot, lines: list[str]) -> Spot | None:
        """The place where the quotes or brackets that end just before ``at`` were opened."""
        if self._closed is None or self._closed[1].line != at.line or at.line > len(lines):
            return None
        between = lines[at.line - 1][self._closed[1].column - 1 : at.column - 1]
        return None if between.strip() else self._closed[0]


def _explained(error: yaml.YAMLError, seen: _Watched, text: str) -> tuple[Spot, str]:
    """The place of the fault, and the parser's message with what to do."""
    deep = yaml_faults.too_deep(text, MAX_DEPTH + 1)  # levels count from 0
    if deep is not None:
        return deep, Message("yaml.too_deep")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Spot(line=1, column=1), Message("yaml.not_yaml", error=error)
    lines = text.splitlines()
    said = error.problem or error.context or "this is not YAML"
    mark = error.problem_mark or error.context_mark
    at = _spot(mark) if mark else Spot(line=1, column=1)
    if yaml_faults.char_at(at, lines) == "\t":
        return at, yaml_faults.about("\t")
    begun = _spot(error.context_mark) if error.context_mark else None
    odd = yaml_faults.lookalike_near(begun or at, at, lines)
    if odd is not None:
        return odd, yaml_faults.about(yaml_faults.char_at(odd, lines))
    fault = ParserFault(said=said, at=at, context=error.context, begun=begun)
    within, opened = seen.open_at(begun), seen.opened_before(at, lines)
    return yaml_faults.explained(replace(fault, within=within, opened=opened), lines)


def _spot(mark: Any) -> Spot:
    return Spot(line=mark.line + 1, column=mark.column + 1)


def _error(file: str, line: int, column: int, message: str) -> ContentError:
    return ContentError([Problem(file=file, line=line, column=column, path="", message=message)])


class _Builder:
    """Builds nodes from YAML events, and collects violations of strictness."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._problems: list[Problem] = []

    def document(self, events: Iterator[yaml.Event]) -> Mapping:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._refuse(event, "", Message("yaml.second_document"))
                    break
                root = self._node(event, events, "", 0)
        if self._problems:
            raise ContentError(self._problems)
        if root is None or (isinstance(root, Scalar) and not root.text):
            raise _error(self._file, 1, 1, Message("yaml.empty"))
        if not isinstance(root, Mapping):
            raise ContentError([root.place.problem(Message("yaml.no_keys"))])
        return root

    def _place(self, event: yaml.Event, path: str) -> Place:
        assert event.start_mark is not None  # parsed from text, every event has one
        spot = _spot(event.start_mark)
        return Place(file=self._file, line=spot.line, column=spot.column, path=path)

    def _refuse(self, event: yaml.Event, path: str, message: str) -> None:
        self._problems.append(self._place(event, path).problem(message))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: str, depth: int) -> Node:
        place = self._place(event, path)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ContentError([*self._problems, place.problem(Message("yaml.anchors"))])
        if getattr(event, "tag", None):
            self._refuse(event, path, Message("yaml.tags"))
        if depth > MAX_DEPTH:
            raise ContentError([*self._problems, place.problem(Message("yaml.too_deep"))])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place, events, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, events, path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        strange = yaml_faults.STRANGE.search(event.value)
        if strange is not None:  # possible through an escape, such as "\\0"
            self._refuse(event, path, yaml_faults.about(strange[0]))
        return Scalar(
            place=place,
            text=composed(event.value),  # an escape may have written an accent by itself
            quoted=bool(event.style),
            oddities=self._odd_characters(event, place),
        )

    def _odd_characters(self, event: yaml.ScalarEvent, place: Place) -> tuple[Oddity, ...]:
        assert event.start_mark is not None and event.end_mark is not None
        span = range(event.start_mark.index, event.end_mark.index)
        return tuple(oddities(self._text, span, composed(event.value), place))

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
            odd = yaml_faults.IN_NO_KEY.search(name)
            if not isinstance(key, Scalar) or not key.text:
                self._problems.append(key.place.problem(Message("yaml.key_is_no_word")))
            elif len(name) > _LONGEST_KEY:
                message = Message("yaml.key_too_long", most=_LONGEST_KEY)
                self._problems.append(replace(key.place, path="").problem(message))
            elif odd is not None:
                at = replace(key.place, column=key.place.column + odd.start() + bool(key.quoted))
                self._problems.append(at.problem(yaml_faults.about(odd[0])))
            elif name in items:
                message = Message("yaml.key_twice", line=keys[name].line)
                self._problems.append(self._place(event, below).problem(message))
            else:
                items[name], keys[name] = value, self._place(event, below)
        if len(items) > limits.MOST_KEYS:
            message = Message("yaml.too_many_keys", count=len(items), most=limits.MOST_KEYS)
            self._problems.append(place.problem(message))
        return Mapping(place=place, items=items, keys=keys)
