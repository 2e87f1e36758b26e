"""YAML text -> a tree of nodes with their places. The only importer of yaml.

Strict: no tabs, no duplicate keys, no anchors or aliases (the parts of a "YAML bomb"), no tags, one
document, keys that are words or whole numbers. Scalars stay text; the caller converts them.
"""

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from voicecoach import limits, yaml_faults
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.letters import composed, unsayable
from voicecoach.messages import Message, reason
from voicecoach.yaml_faults import Construct, ParserFault, Spot, lookalikes
from voicecoach.yaml_nodes import Mapping, Node, Oddity, Place, Scalar, Sequence, oddities

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

__all__ = ["Mapping", "Node", "Oddity", "Place", "Scalar", "Sequence", "parse", "read"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_LONGEST_KEY = 200
_START = Spot(line=1, column=1)
_MAY_HAVE_ESCAPES = '"'
"""The style of scalars whose value may have characters that the text does not show."""


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
    strange = yaml_faults.first_strange(text)
    if strange is not None:
        raise _error(file, *strange)
    try:
        return _Builder(file, text).document(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        raise _error(file, *_explained(error, text)) from error


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise StorageError(Message("yaml.no_file", path=path))
        if path.stat().st_size > MAX_BYTES:
            raise _error(str(path), _START, Message("yaml.too_large", kilobytes=MAX_BYTES // 1000))
        raw = path.read_bytes()
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        spot = Spot(line=raw.count(b"\n", 0, error.start) + 1, column=1)
        raise _error(str(path), spot, Message("yaml.not_utf_8")) from error
    return text


def _before_the_fault(text: str) -> tuple[dict[Spot, Construct], tuple[Spot, Spot] | None]:
    """What is open where the parser gives up on ``text``, by its start, and the ends of the quotes,
    braces or brackets closed last. Reads it again: most files have no fault, and watching is slow.
    """
    opened: list[tuple[Spot, Construct]] = []
    closed = None
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=_Loader):
            start, end = _spot(event.start_mark), _spot(event.end_mark)
            if isinstance(event, yaml.CollectionStartEvent):
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                opened.append(
                    (start, Construct.of(is_mapping=is_mapping, in_braces=bool(event.flow_style)))
                )
            elif isinstance(event, yaml.CollectionEndEvent):
                begun, construct = opened.pop()
                closed = (begun, end) if construct is Construct.BRACES else closed
            elif isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"'):
                closed = (start, end)
    return dict(reversed(opened)), closed


def _explained(error: yaml.YAMLError, text: str) -> tuple[Spot, str]:
    """The place of the fault, and the parser's message with what to do."""
    deep = yaml_faults.too_deep(text, MAX_DEPTH + 1)  # levels count from 0
    if deep is not None:
        return deep, Message("yaml.too_deep")
    if not isinstance(error, yaml.MarkedYAMLError):
        return _START, Message("yaml.not_yaml", error=error)
    lines = text.splitlines()
    said = error.problem or error.context or "this is not YAML"
    mark = error.problem_mark or error.context_mark
    at = _spot(mark) if mark else _START
    begun = _spot(error.context_mark) if error.context_mark else None
    fault = ParserFault(said=said, at=at, context=error.context, begun=begun)
    open_, closed = _before_the_fault(text)
    within = None if begun is None else open_.get(begun)
    fault = replace(fault, within=within, opened=yaml_faults.opened_before(at, closed, lines))
    return yaml_faults.explained(fault, lines)


def _spot(mark: Any) -> Spot:
    return Spot(line=mark.line + 1, column=mark.column + 1)


def _error(file: str, at: Spot, message: str) -> ContentError:
    place = Place(file=file, line=at.line, column=at.column, path="")
    return ContentError([place.problem(message)])


class _Builder:
    """Builds nodes from YAML events, and collects violations of strictness."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._odd = sorted({*lookalikes(text), *unsayable(text)})
        """The indices of all characters that may be odd: looking once is faster than in each
        scalar."""
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
            raise _error(self._file, _START, Message("yaml.empty"))
        if not isinstance(root, Mapping):
            raise ContentError([root.place.problem(Message("yaml.no_keys"))])
        return root

    def _place(self, event: yaml.Event, path: str) -> Place:
        mark = event.start_mark
        assert mark is not None  # parsed from text, every event has one
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1, path=path)

    def _refuse(self, event: yaml.Event, path: str, message: str) -> None:
        self._problems.append(self._place(event, path).problem(message))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: str, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            text = self._scalar_text(event, path, depth)
            place = self._place(event, path)
            odd = self._odd_characters(event, text, place)
            return Scalar(place=place, text=text, quoted=bool(event.style), oddities=odd)
        self._refuse_what_is_not_strict(event, path, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, events, path, depth)
        return self._sequence(event, events, path, depth)

    def _refuse_what_is_not_strict(self, event: yaml.Event, path: str, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, path, Message("yaml.anchors"))
            raise ContentError(self._problems)
        if getattr(event, "tag", None):
            self._refuse(event, path, Message("yaml.tags"))
        if depth > MAX_DEPTH:
            self._refuse(event, path, Message("yaml.too_deep"))
            raise ContentError(self._problems)

    def _scalar_text(self, event: yaml.ScalarEvent, path: str, depth: int) -> str:
        self._refuse_what_is_not_strict(event, path, depth)
        text: str = event.value
        if event.style != _MAY_HAVE_ESCAPES:
            return text
        strange = yaml_faults.STRANGE.search(text)
        if strange is not None:  # by an escape, such as "\\0"
            self._refuse(event, path, yaml_faults.about(strange[0]))
        return composed(text)  # an escape may have written an accent by itself

    def _odd_characters(
        self, event: yaml.ScalarEvent, text: str, place: Place
    ) -> tuple[Oddity, ...]:
        assert event.start_mark is not None and event.end_mark is not None
        first = bisect_left(self._odd, event.start_mark.index)
        found = self._odd[first : bisect_left(self._odd, event.end_mark.index, first)]
        if found:
            return tuple(oddities(self._text, found, place))
        if event.style != _MAY_HAVE_ESCAPES:
            return ()
        return tuple(Oddity(char=text[i], place=place, breaks=False) for i in unsayable(text))

    def _sequence(
        self, start: yaml.Event, events: Iterator[yaml.Event], path: str, depth: int
    ) -> Sequence:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, f"{path}[{len(items)}]", depth + 1))
        return Sequence(place=self._place(start, path), items=tuple(items))

    def _mapping(
        self, start: yaml.Event, events: Iterator[yaml.Event], path: str, depth: int
    ) -> Mapping:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if isinstance(event, yaml.ScalarEvent):
                name = self._scalar_text(event, path, depth + 1)
            else:
                self._node(event, events, path, depth + 1)
                name = "?"
            below = f"{path}.{name}" if path else name
            value = self._node(next(events), events, below, depth + 1)
            odd = yaml_faults.IN_NO_KEY.search(name)
            if not isinstance(event, yaml.ScalarEvent) or not name:
                self._refuse(event, path, Message("yaml.key_is_no_word"))
            elif len(name) > _LONGEST_KEY:
                self._refuse(event, "", Message("yaml.key_too_long", most=_LONGEST_KEY))
            elif odd is not None:
                at = self._place(event, path)
                at = replace(at, column=at.column + odd.start() + bool(event.style))
                self._problems.append(at.problem(yaml_faults.about(odd[0])))
            elif name in items:
                self._refuse(event, below, Message("yaml.key_twice", line=keys[name].line))
            else:
                items[name], keys[name] = value, self._place(event, below)
        if len(items) > limits.MOST_KEYS:
            message = Message("yaml.too_many_keys", count=len(items), most=limits.MOST_KEYS)
            self._refuse(start, path, message)
        return Mapping(place=self._place(start, path), items=items, keys=keys)
