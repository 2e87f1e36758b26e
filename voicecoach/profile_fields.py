"""The YAML nodes of a profile -> values: fields that may be left empty, days, yes and no."""

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar

from voicecoach import dates
from voicecoach.content.reading.fields import Fields
from voicecoach.profile import MOST_LISTED, too_many
from voicecoach.strict_yaml import Mapping, Place, Scalar, Sequence

Value = TypeVar("Value")

_YES_NO = {"yes": True, "no": False, "ja": True, "nee": False}


class ProfileFields(Fields):
    """Fields whose values a person may leave empty, or leave out."""

    def day(self, key: str) -> date | None:
        """A day, written as 2026-11-01; ``None`` where it cannot be read."""
        return self._converted(key, dates.parse_day)

    def optional_day(self, key: str) -> date | None:
        """A day, or nothing."""
        return None if self._is_empty(key) else self.day(key)

    def yes_no(self, key: str) -> bool:
        """``yes`` or ``no``; no where it is empty."""
        return not self._is_empty(key) and bool(self._converted(key, _yes_no))

    def optional_text(self, key: str) -> str | None:
        """A string, or nothing."""
        return None if self._is_empty(key) else self.text(key) or None

    def optional_known(self, key: str, what: str, ids: Collection[str]) -> str | None:
        """One of ``ids``, or nothing; ``None`` also where it is none of them."""
        if self._is_empty(key):
            return None
        node = self._plain(key)
        found = self._known(node, self.place_of(key), node.text, what, ids)
        return found if found in ids else None

    def optional_texts(self, key: str) -> list[tuple[str, Place]]:
        """A list of strings with their places; none where it is empty."""
        if self._is_empty(key):
            return []
        node = self._node.items[key]
        if isinstance(node, Sequence) and len(node.items) > MOST_LISTED:
            self.refuse_at(node.place, too_many(len(node.items)))
            return []
        if isinstance(node, Sequence):
            return [(self._text_of(item), item.place) for item in node.items]
        self.refuse(key, "a list is wanted, as [one, two]")
        return []

    def _text_of(self, node: object) -> str:
        if isinstance(node, Scalar):
            return node.text
        assert isinstance(node, Sequence | Mapping)
        self.refuse_at(node.place, "text is wanted, not a list or keys")
        return ""

    def _is_empty(self, key: str) -> bool:
        """Whether nothing stands there; either way the key has been asked for."""
        self._asked.add(key)
        node = self._node.items.get(key)
        return node is None or (
            (isinstance(node, Scalar) and not node.text.strip())
            or (isinstance(node, Sequence) and not node.items)
        )

    def _plain(self, key: str) -> Scalar:
        """The scalar below ``key``; an empty one where there is none."""
        node = self._get(key)
        if isinstance(node, Scalar):
            return node
        if node is not None:
            self.refuse(key, "one value is wanted, not a list or keys")
        return Scalar(place=self.place_of(key), text="", quoted=False)

    def _converted(self, key: str, convert: Callable[[str], Value]) -> Value | None:
        is_missing = not self.has(key)
        text = self._plain(key).text
        try:
            return convert(text)
        except ValueError as error:
            if not is_missing:
                self.refuse(key, str(error))
            return None


def _yes_no(text: str) -> bool:
    if text not in _YES_NO:
        raise ValueError(f"yes or no is wanted, not {text[:20]!r}")
    return _YES_NO[text]
