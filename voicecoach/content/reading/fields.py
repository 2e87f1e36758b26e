"""YAML nodes -> numbers with their sources, and more fields below; see :mod:`node_fields`."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal

from voicecoach.content.reading.node_fields import NodeFields
from voicecoach.limits import Most
from voicecoach.messages import Message
from voicecoach.yaml_faults import lacks_space
from voicecoach.yaml_nodes import Mapping, Node, Scalar, Sequence

WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")
WHOLE_KEY = re.compile(r"0|[1-9][0-9]{0,4}")
SECONDS = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,3})?")
RANGE = re.compile(r"([1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?")

_SOURCED = re.compile(r"(?P<number>\S+) +from +(?P<source>\S+)")
_LONGEST_NUMBER = 20
_POINT = "decimals have a point"
_DIGITS = re.compile(r"[0-9]+")

MAX_WHOLE = 10_000
MAX_SECONDS = 600
NO_LIMIT = Most(number=MAX_WHOLE, because="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A number and the id of its source. ``high`` differs from ``value`` in a range only."""

    value: int
    high: int
    source: str


class Fields(NodeFields):
    """Fields with numbers, each with its source, and with more fields below."""

    def whole_keys(self) -> tuple[str, ...]:
        """The keys, which must be whole numbers in digits; others are refused."""
        for key in self._node.items:
            if not WHOLE_KEY.fullmatch(key):
                self._asked.add(key)
                self.refuse(key, "the keys here are whole numbers in digits")
        return tuple(key for key in self._node.items if WHOLE_KEY.fullmatch(key))

    def whole(self, key: str, *, least: int, most: int = MAX_WHOLE, limit: Most = NO_LIMIT) -> int:
        """A whole number without a source: a year, a version."""
        node = self._get(key)
        if not isinstance(node, Scalar) or node.quoted or not WHOLE.fullmatch(node.text):
            if node is not None:
                self._note(node, Message("yaml.no_whole_number"))
            return least
        value = int(node.text)
        if not least <= value <= most:
            message = Message("yaml.not_within", value=value, least=least, most=most)
            self._problems.append(node.place.problem(message))
            return least
        return value if self._can_be(key, value, limit) else least

    def count(self, key: str, *, least: int = 1, limit: Most = NO_LIMIT) -> Sourced:
        """A whole number with its source, such as ``8 from article``."""
        wanted = f"a whole number from {least} to {MAX_WHOLE}"
        found = self._sourced(key, WHOLE, int, wanted, range(least, MAX_WHOLE + 1))
        if self._can_be(key, found.value, limit):
            return found
        return Sourced(value=least, high=least, source=found.source)

    def _can_be(self, key: str, value: int, limit: Most) -> bool:
        """Whether ``value`` is within ``limit``; notes a problem if not."""
        most = limit.number
        if value > most:
            message = f"{value} is too much: at most {most} can be, because {limit.because}"
            self.refuse(key, message)
        return value <= most

    def seconds_as_ms(
        self, key: str, *, least_ms: int = 1, most_s: int = MAX_SECONDS, whole: str = ""
    ) -> Sourced:
        """Seconds with their source, such as ``2.5 from article``, as milliseconds; ``whole`` is
        why they have to be whole, if so."""
        above = "above 0" if least_ms else "from 0"
        wanted = f"a number of seconds {above}, at most {most_s},"
        allowed = range(least_ms, most_s * 1000 + 1)
        hint = f"{whole}: whole seconds are wanted" if whole else _POINT
        return self._sourced(key, SECONDS, _to_ms, wanted, allowed, hint)

    def percent(self, key: str) -> Sourced:
        """A percentage or a range of them with its source, such as ``30-40 from article``."""
        node, number, source = self._split_source(key)
        match = RANGE.fullmatch(number)
        if node is None or match is None:
            if node is not None and source:
                self._note(node, "a percentage is wanted, as 40 or 30-40")
            return Sourced(value=1, high=1, source=source)
        low, high = int(match[1]), int(match[2] or match[1])
        if not 1 <= low <= high <= 100:
            self._note(node, "percentages go from 1 to 100, low to high")
        return Sourced(value=low, high=high, source=source)

    def fields(self, key: str, example: str = "") -> "Fields":
        """A mapping below ``key``, such as ``example``."""
        node = self._get(key)
        if node is not None and not isinstance(node, Mapping):
            message = f"keys and values are wanted here{_as_keys(node, example)}"
            self._note(node, message)
        if not isinstance(node, Mapping):
            node = Mapping(place=self.place_of(key), items={}, keys={})
            return Fields(node, [], self._sources, self.ids)
        return Fields(node, self._problems, self._sources, self.ids)

    def is_list(self, key: str) -> bool:
        """Whether the value of ``key`` is a list."""
        return isinstance(self._node.items.get(key), Sequence)

    def fields_list(self, key: str) -> tuple["Fields", ...]:
        """A list of at least one mapping below ``key``."""
        found = []
        for item in self._items(key):
            if isinstance(item, Mapping):
                found.append(Fields(item, self._problems, self._sources, self.ids))
            else:
                self._note(item, "keys and values are wanted here")
        return tuple(found)

    def _split_source(self, key: str) -> tuple[Scalar | None, str, str]:
        node = self._get(key)
        if node is None:
            return None, "", ""
        match = _SOURCED.fullmatch(node.text) if isinstance(node, Scalar) else None
        if not isinstance(node, Scalar) or match is None:
            self._note(node, self._without_source(key, node))
            return None, "", ""
        source = self._known(node, node.place, match["source"], "source", self._sources)
        return node, match["number"], source

    def _without_source(self, key: str, node: Node) -> str:
        following = self.keys[self.keys.index(key) + 1 :][:1]
        decimal = _decimal(node, *following)
        self._asked.update(following if decimal else ())
        return decimal or _without_source(node, self._sources)

    def _sourced(
        self,
        key: str,
        pattern: re.Pattern[str],
        convert: Callable[[str], int],
        wanted: str,
        allowed: range,
        of_decimals: str = _POINT,
    ) -> Sourced:
        node, number, source = self._split_source(key)
        fits = pattern.fullmatch(number) and convert(number) in allowed
        if node is not None and not fits:
            message = f"{wanted} is wanted, not {number[:20]}"
            self._note(node, f"{message}; {of_decimals}" if "," in number else message)
        value = convert(number) if fits else allowed.start
        return Sourced(value=value, high=value, source=source)


def _to_ms(seconds: str) -> int:
    return int(Decimal(seconds) * 1000)


def _without_source(node: Node, sources: Collection[str]) -> str:
    """The message about a number that names none of ``sources``, with how to write it."""
    words = node.text.split() if isinstance(node, Scalar) else []
    has_number = bool(words) and words[0][0].isdigit()
    is_short = has_number and len(words[0]) <= _LONGEST_NUMBER
    number = words[0].rstrip(",;") if is_short else "NUMBER"
    source = words[-1] if len(words) > 1 and words[-1] in sources else "SOURCE"
    return f"a number without a source: write it as {number} from {source}"


def _decimal(node: Node, next_key: str = "") -> str | None:
    """The message about ``4,5 from article`` between braces, where YAML reads a 4 and another key;
    ``None`` if that is not the fault."""
    rest = _SOURCED.fullmatch(next_key)
    if rest is None or not isinstance(node, Scalar):
        return None
    parts = (node.text, rest["number"])
    if not all(map(_DIGITS.fullmatch, parts)):
        return None
    written = f"{'.'.join(parts)} from {rest['source']}"
    return f"decimals have a point: write it as {written}"


def _as_keys(node: Node, example: str) -> str:
    """How to write ``node`` as keys and values."""
    if isinstance(node, Scalar) and lacks_space(node.text):
        return f"; {Message('errors.key_without_space')}"
    return f", as {example}" if example else ""
