"""YAML nodes -> texts, key by key; every fault is gathered, none stops the reading.

A getter that finds a fault notes a problem and returns a harmless value; the reader of a file
raises all problems at its end, before any value is used.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches

from voicecoach import limits
from voicecoach.errors import Problem
from voicecoach.messages import Message
from voicecoach.yaml_faults import DASH, LOOKALIKE, about, lacks_space
from voicecoach.yaml_nodes import Mapping, Node, Oddity, Place, Scalar, Sequence

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_SHOWN = 40
_MOST_WORDS_OF_A_NUMBER = 3
"""As in ``120 from editorial``."""
_NOT_A_STRING = re.compile(r"[-+.]?[0-9][0-9_.:eE+-]*|~|null|true|false|yes|no|on|off", re.I)
_NAMES = re.compile(r"[\w-]+(?:, *[\w-]+)*")


class NodeFields:
    """The keys of one mapping. Every key must be asked for once; :meth:`close` refuses the rest."""

    def __init__(
        self,
        node: Mapping,
        problems: list[Problem],
        sources: Collection[str] = (),
        ids: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        """``problems`` is where faults are noted; ``sources`` are the ids that a number may name,
        ``ids`` those that a text may name, by the key of the file below which they are."""
        self._node = node
        self._problems = problems
        self._sources = sources
        self.ids = ids or {}
        self._asked: set[str] = set()
        self._optional: set[str] = set()
        """The keys that may be missing."""
        self._excused: set[str] = set()
        """Those of which another remark says how to write them."""

    @property
    def place(self) -> Place:
        """The place of the mapping."""
        return self._node.place

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._node.items)

    def refuse_at(self, place: Place, message: str) -> None:
        """Notes a problem at ``place``."""
        self._problems.append(place.problem(message))

    def place_of(self, key: str) -> Place:
        """The place of ``key``; if it is missing, that of its mapping."""
        return self._node.keys.get(key, self.place)

    def refuse(self, key: str, message: str) -> None:
        """Notes a problem with the value of ``key``, unless one was noted that may be its cause."""
        place = self.place_of(key)
        is_refused = any(f"{p.path}[".startswith(f"{place.path}[") for p in self._problems)
        if not (key in self._node.items and is_refused):
            self._note(self._node.items.get(key), message, place)

    def refuse_instead(self, key: str, message: str, keys: Collection[str]) -> None:
        """Refuses ``key`` with ``message``, which is about ``keys`` as well: nothing else is noted
        of those that are missing."""
        if key in self._asked:
            return
        self._asked.add(key)
        self._excused.update(keys)
        self._problems.append(self.place_of(key).problem(message))

    def has(self, key: str) -> bool:
        """Whether the mapping has ``key``, which is optional."""
        self._optional.add(key)
        return key in self._node.items

    def close(self, hint: str = "") -> None:
        """Refuses the keys that were not asked for; ``hint`` says what to do about one."""
        unread = [key for key in self._node.items if key not in self._asked]
        known = (self._asked | self._optional).difference(unread)
        for key in unread:
            message = self._unknown_key(key, known, known.difference(self._node.items))
            message = f"{message}; {hint}" if hint else message
            self._problems.append(self.place_of(key).problem(message))

    def text(self, key: str, most: int = limits.CHARACTERS_OF_A_PARAGRAPH) -> str:
        """A string that is not empty, of at most ``most`` characters."""
        node = self._get(key)
        return "" if node is None else self._string(node, most)

    def identifier(self, key: str) -> str:
        """A string of small letters, digits and single hyphens, fit for a file name."""
        text = self.text(key, limits.CHARACTERS_OF_A_NAME)
        if text and not IDENTIFIER.fullmatch(text):
            self.refuse(key, "use small letters, digits and single hyphens only")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of at least one string."""
        return tuple(text for text, _ in self.texts_and_places(key))

    def texts_and_places(self, key: str) -> list[tuple[str, Place]]:
        """A list of at least one string, each with its place."""
        return [(self._string(item), item.place) for item in self._items(key)]

    def known(self, key: str, what: str, ids: Collection[str]) -> str:
        """A string that is one of ``ids``."""
        text = self.text(key)
        return self._known(self._node.items.get(key), self.place_of(key), text, what, ids)

    def known_list(self, key: str, what: str, ids: Collection[str]) -> tuple[str, ...]:
        """A list of strings that are among ``ids``."""
        nodes = self._items(key)
        return tuple(self._known(n, n.place, self._string(n), what, ids) for n in nodes)

    def _known(
        self, node: Node | None, place: Place, text: str, what: str, ids: Collection[str]
    ) -> str:
        if text and text not in ids:
            shown = repr(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")
            self._note(node, self._unknown(what, shown, ids), place)
        return text

    def _unknown(self, what: str, shown: str, ids: Collection[str]) -> str:
        """The message about a value that is none of ``ids``."""
        return f"unknown {what} {shown}; there are: {', '.join(sorted(set(ids))) or 'none'}"

    def _unknown_key(self, key: str, known: Collection[str], missing: Collection[str]) -> str:
        """The message about a ``key`` that was not asked for."""
        return unknown_key(key, known, missing)

    def _missing(self, key: str) -> str:
        """The message about a ``key`` that is missing."""
        return f"the key {key!r} is missing"

    def _note(self, node: Node | None, message: str, place: Place | None = None) -> None:
        """Notes a problem of ``node`` with ``message``, at ``place`` or at its own; if a character
        in it only looks like another, that is noted instead, because it is the cause."""
        odd = _lookalike(node)
        if odd is not None:
            self._problems.append(odd.place.problem(about(odd.char)))
        else:
            at = place or (self.place if node is None else node.place)
            self._problems.append(at.problem(message))

    def _get(self, key: str) -> Node | None:
        self._asked.add(key)
        if key not in self._node.items:
            if key not in self._excused:
                self._problems.append(self.place.problem(self._missing(key)))
            return None
        return self._node.items[key]

    def _items(self, key: str) -> tuple[Node, ...]:
        node = self._get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence) or not node.items:
            self._note(node, f"a list of at least one item is wanted{_as_list(node)}")
            return ()
        if len(node.items) > limits.MOST_ITEMS:
            message = f"a list of {len(node.items)} items; at most {limits.MOST_ITEMS} are read"
            self._problems.append(
                node.place.problem(f"{message}, because nobody goes through more")
            )
            return ()
        return node.items

    def _string(self, node: Node, most: int = limits.CHARACTERS_OF_A_PARAGRAPH) -> str:
        fault = _text_fault(node, most)
        if fault is not None:
            self._problems.append(node.place.problem(fault))
        return " ".join(node.text.split()) if isinstance(node, Scalar) else ""


def _lookalike(node: Node | None) -> Oddity | None:
    """The first character of ``node`` that only looks like another, if ``node`` is a word or a
    number; in prose, only one that keeps YAML from seeing a key or an item."""
    if not isinstance(node, Scalar):
        return None
    is_prose = len(node.text.split()) > _MOST_WORDS_OF_A_NUMBER
    found = (odd for odd in node.oddities if LOOKALIKE.match(odd.char))
    return next((o for o in found if o.breaks or not (is_prose or DASH.match(o.char))), None)


def _text_fault(node: Node, most: int) -> str | None:
    """Why ``node`` is no text of at most ``most`` characters, and what to do; ``None`` where it is
    one."""
    if not isinstance(node, Scalar):
        is_keys = isinstance(node, Mapping)
        return Message("yaml.text_with_colon" if is_keys else "errors.text_wanted")
    text = " ".join(node.text.split())
    if not text:
        return Message("yaml.empty_text")
    if len(text) > most:
        return Message("yaml.too_long_text", count=len(text), most=most)
    if not node.quoted and _NOT_A_STRING.fullmatch(text):
        return Message("yaml.not_a_text", text=text)
    return None


def _as_list(node: Node) -> str:
    """How to write ``node`` as a list; empty if that is not clear."""
    if isinstance(node, Mapping) and node.items:
        return ": begin each item with '- '"
    if not isinstance(node, Scalar) or not node.text.strip():
        return ""
    if not node.quoted and _NAMES.fullmatch(node.text.strip()):
        return f": write it as [{node.text.strip()}]"
    return ": begin each paragraph with '- '"


def unknown_key(key: str, known: Collection[str], missing: Collection[str]) -> str:
    """The message about the unknown ``key``; ``missing`` are the known keys that are missing."""
    if lacks_space(key):
        return Message("errors.key_without_space")
    near = meant_by(key, known, missing)
    hint = f"; did you mean {near!r}?" if near else ""
    return f"unknown key; known here: {', '.join(sorted(known))}{hint}"


def meant_by(key: str, known: Collection[str], missing: Collection[str]) -> str | None:
    """The one of the ``known`` keys that ``key`` probably means, if it is ``missing``."""
    near = get_close_matches(key, known, n=1)
    return near[0] if near and near[0] in missing else None
