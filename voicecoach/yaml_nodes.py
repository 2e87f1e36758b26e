"""What YAML is read as: nodes that know their place. No I/O."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from voicecoach.errors import Problem
from voicecoach.yaml_faults import lookalike_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of a node: file, line and column (from 1), and the keys that lead to it."""

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
class Oddity:
    """A character that looks like another, or that no voice can say."""

    char: str
    place: Place
    breaks: bool
    """Whether YAML would read the line differently if it were what it looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value as text. ``quoted`` distinguishes ``"5"`` from ``5``."""

    place: Place
    text: str
    quoted: bool
    oddities: tuple[Oddity, ...] = ()


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


def oddities(text: str, found: Iterable[int], place: Place) -> Iterator[Oddity]:
    """The characters of ``text`` with the indices ``found``, each with its own line and column, and
    the file and keys of ``place``."""
    for index in found:
        begun, end = text.rfind("\n", 0, index) + 1, text.find("\n", index)
        line = text[begun : end if end >= 0 else None]
        column = index - begun
        at = replace(place, line=text.count("\n", 0, index) + 1, column=column + 1)
        yield Oddity(char=text[index], place=at, breaks=lookalike_in(line) == column)
