"""YAML nodes -> typed values, key by key; every fault is gathered, none stops the reading.

A getter that finds a fault notes a problem and answers with a harmless value; whoever reads a file
raises the gathered problems at its end, before any value is used.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from voicecoach import field_hints, strict_yaml
from voicecoach.errors import Problem
from voicecoach.strict_yaml import Place, Scalar

WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")
WHOLE_KEY = re.compile(r"0|[1-9][0-9]{0,4}")
SECONDS = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,3})?")
RANGE = re.compile(r"([1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?")
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

MAX_WHOLE = 10_000
MAX_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A number and the id of its source. ``high`` differs from ``value`` in a range only."""

    value: int
    high: int
    source: str


class Fields:
    """The keys of one mapping. Every key must be asked for once; :meth:`close` refuses the rest."""

    def __init__(
        self,
        node: strict_yaml.Mapping,
        problems: list[Problem],
        sources: Collection[str] = (),
    ) -> None:
        """``problems`` is where faults are noted; ``sources`` are the ids a number may name."""
        self._node = node
        self._problems = problems
        self._sources = sources
        self._asked: set[str] = set()
        self._optional: set[str] = set()
        """What was asked for only if it is there."""

    @property
    def place(self) -> Place:
        """Where the mapping stands."""
        return self._node.place

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._node.items)

    def whole_keys(self) -> tuple[str, ...]:
        """The keys, where they are to be whole numbers in digits; others are refused."""
        for key in self._node.items:
            if not WHOLE_KEY.fullmatch(key):
                self._asked.add(key)
                self.refuse(key, "the keys here are whole numbers in digits")
        return tuple(key for key in self._node.items if WHOLE_KEY.fullmatch(key))

    def refuse_at(self, place: Place, message: str) -> None:
        """Notes a problem at ``place``."""
        self._problems.append(place.problem(message))

    def place_of(self, key: str) -> Place:
        """Where ``key`` stands; where it is missing, where its mapping stands."""
        return self._node.keys.get(key, self.place)

    def refuse(self, key: str, message: str) -> None:
        """Notes a problem with the value of ``key``, unless one was noted that may be its cause."""
        place = self.place_of(key)
        is_refused = any(f"{p.path}[".startswith(f"{place.path}[") for p in self._problems)
        if not (key in self._node.items and is_refused):
            self._problems.append(place.problem(message))

    def has(self, key: str) -> bool:
        """Whether the mapping has ``key``, which may stand there."""
        self._optional.add(key)
        return key in self._node.items

    def close(self) -> None:
        """Refuses the keys nobody asked for."""
        unread = [key for key in self._node.items if key not in self._asked]
        known = (self._asked | self._optional).difference(unread)
        for key in unread:
            message = field_hints.unknown_key(key, known, known.difference(self._node.items))
            self._problems.append(self.place_of(key).problem(message))

    def text(self, key: str) -> str:
        """A string that is not empty."""
        node = self._get(key)
        return "" if node is None else self._string(node)

    def identifier(self, key: str) -> str:
        """A string of small letters, digits and single hyphens, fit for a file name."""
        text = self.text(key)
        if text and not IDENTIFIER.fullmatch(text):
            self.refuse(key, "use small letters, digits and single hyphens only")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of at least one string."""
        return tuple(text for text, _ in self.texts_and_places(key))

    def texts_and_places(self, key: str) -> list[tuple[str, Place]]:
        """A list of at least one string, each with its place."""
        return [(self._string(item), item.place) for item in self._items(key)]

    def whole(self, key: str, *, least: int, most: int = MAX_WHOLE) -> int:
        """A whole number without a source: a year, a version."""
        node = self._get(key)
        if not isinstance(node, Scalar) or node.quoted or not WHOLE.fullmatch(node.text):
            if node is not None:
                self._problems.append(node.place.problem("a whole number is wanted"))
            return least
        value = int(node.text)
        if not least <= value <= most:
            self._problems.append(node.place.problem(f"{value} is not within {least} to {most}"))
            return least
        return value

    def count(self, key: str, *, least: int = 1) -> Sourced:
        """A whole number with its source, such as ``8 from article``."""
        wanted = f"a whole number from {least} to {MAX_WHOLE}"
        return self._sourced(key, WHOLE, int, wanted, range(least, MAX_WHOLE + 1))

    def seconds_as_ms(self, key: str) -> Sourced:
        """Seconds with their source, such as ``2.5 from article``, as milliseconds; over zero."""
        wanted = f"a number of seconds above 0, at most {MAX_SECONDS},"
        return self._sourced(key, SECONDS, _to_ms, wanted, range(1, MAX_SECONDS * 1000 + 1))

    def percent(self, key: str) -> Sourced:
        """A percentage or a range of them with its source, such as ``30-40 from article``."""
        node, number, source = self._split_source(key)
        match = RANGE.fullmatch(number)
        if node is None or match is None:
            if node is not None and source:
                self._problems.append(node.place.problem("a percentage is wanted, as 40 or 30-40"))
            return Sourced(value=1, high=1, source=source)
        low, high = int(match[1]), int(match[2] or match[1])
        if not 1 <= low <= high <= 100:
            self._problems.append(node.place.problem("percentages go from 1 to 100, low to high"))
        return Sourced(value=low, high=high, source=source)

    def fields(self, key: str, example: str = "") -> "Fields":
        """A mapping below ``key``, such as ``example``."""
        node = self._get(key)
        if node is not None and not isinstance(node, strict_yaml.Mapping):
            message = f"keys and values are wanted here{field_hints.as_keys(node, example)}"
            self._problems.append(node.place.problem(message))
        if not isinstance(node, strict_yaml.Mapping):
            node = strict_yaml.Mapping(place=self.place_of(key), items={}, keys={})
            return Fields(node, [], self._sources)
        return Fields(node, self._problems, self._sources)

    def fields_list(self, key: str) -> tuple["Fields", ...]:
        """A list of at least one mapping below ``key``."""
        found = []
        for item in self._items(key):
            if isinstance(item, strict_yaml.Mapping):
                found.append(Fields(item, self._problems, self._sources))
            else:
                self._problems.append(item.place.problem("keys and values are wanted here"))
        return tuple(found)

    def known(self, key: str, what: str, ids: Collection[str]) -> str:
        """A string that is one of ``ids``."""
        return self._known(self.place_of(key), self.text(key), what, ids)

    def known_list(self, key: str, what: str, ids: Collection[str]) -> tuple[str, ...]:
        """A list of strings that are among ``ids``."""
        texts = self.texts_and_places(key)
        return tuple(self._known(place, text, what, ids) for text, place in texts)

    def _known(self, place: Place, text: str, what: str, ids: Collection[str]) -> str:
        if text and text not in ids:
            listed = ", ".join(sorted(set(ids))) or "none"
            self._problems.append(place.problem(f"unknown {what} {text!r}; there are: {listed}"))
        return text

    def _get(self, key: str) -> strict_yaml.Node | None:
        self._asked.add(key)
        if key not in self._node.items:
            self._problems.append(self.place.problem(f"the key {key!r} is missing"))
            return None
        return self._node.items[key]

    def _items(self, key: str) -> Sequence[strict_yaml.Node]:
        node = self._get(key)
        if node is None:
            return ()
        if not isinstance(node, strict_yaml.Sequence) or not node.items:
            message = f"a list of at least one item is wanted{field_hints.as_list(node)}"
            self._problems.append(node.place.problem(message))
            return ()
        return node.items

    def _string(self, node: strict_yaml.Node) -> str:
        fault = field_hints.text_fault(node)
        if fault is not None:
            self._problems.append(node.place.problem(fault))
        return " ".join(node.text.split()) if isinstance(node, Scalar) else ""

    def _split_source(self, key: str) -> tuple[Scalar | None, str, str]:
        node = self._get(key)
        if node is None:
            return None, "", ""
        match = field_hints.SOURCED.fullmatch(node.text) if isinstance(node, Scalar) else None
        if not isinstance(node, Scalar) or match is None:
            self._problems.append(node.place.problem(self._without_source(key, node)))
            return None, "", ""
        source = self._known(node.place, match["source"], "source", self._sources)
        return node, match["number"], source

    def _without_source(self, key: str, node: strict_yaml.Node) -> str:
        following = self.keys[self.keys.index(key) + 1 :][:1]
        decimal = field_hints.decimal(node, *following)
        self._asked.update(following if decimal else ())
        return decimal or field_hints.without_source(node, self._sources)

    def _sourced(
        self,
        key: str,
        pattern: re.Pattern[str],
        convert: Callable[[str], int],
        wanted: str,
        allowed: range,
    ) -> Sourced:
        node, number, source = self._split_source(key)
        fits = pattern.fullmatch(number) and convert(number) in allowed
        if node is not None and not fits:
            hint = "; decimals have a point" if "," in number else ""
            message = f"{wanted} is wanted, not {number[:20]}{hint}"
            self._problems.append(node.place.problem(message))
        value = convert(number) if fits else allowed.start
        return Sourced(value=value, high=value, source=source)


def _to_ms(seconds: str) -> int:
    return int(Decimal(seconds) * 1000)
