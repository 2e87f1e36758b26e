"""The clients of a practice, as its roster lists them, and what is wrong with the rest. No I/O."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from voicecoach.errors import Problem
from voicecoach.profile.profile import Told

_LONGEST_ID = 64
_ID = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,{_LONGEST_ID - 2}}}[A-Za-z0-9_-])?")
REPORT_FILE = "report.json"
"""What became of the clients; it stands beside their folders."""
_TAKEN = re.compile(
    rf"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?|{re.escape(REPORT_FILE)}", re.IGNORECASE
)
"""Names that Windows keeps to itself, and our own."""
ID_WANTED = (
    f"a client id has 1 to {_LONGEST_ID} letters, digits, hyphens, underscores or dots, and begins"
    " with a letter or digit, such as a-0412"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client who can be served; of what is personal only what her pack needs."""

    id: str
    """The name of her folder; never her own."""
    told: Told = field(default_factory=dict, repr=False)
    """What the roster says of her, by field of a profile; empty where she has a file."""
    folder: Path | None = None
    """Where her own files are, if the roster is a folder of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A line or file of the roster that nothing can be built for.

    The problems tell where and what, but nothing that stands there: it may be a name or a date.
    """

    client: str
    """Her id, or where in the roster she stands."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All that a roster lists, in its order."""

    clients: tuple[Client, ...]
    unusable: tuple[Unusable, ...]


def hidden(problem: Problem) -> Problem:
    """``problem`` of a profile without its message, which may repeat what stands there."""
    message = "this cannot be used; voicecoach plan, in that folder, says why"
    return replace(problem, message=message)


def is_id(text: str) -> bool:
    """Whether ``text`` can name a client's folder on every file system."""
    return _ID.fullmatch(text) is not None and _TAKEN.fullmatch(text) is None


def gathered(entries: Iterable[tuple[Problem, Client | Unusable]]) -> Roster:
    """The roster of ``entries``; each comes with the problem it would be if its id were taken.

    Ids that differ in capitals only are the same, because they name folders. An id belongs to its
    first entry, also where nothing can be built for that.
    """
    clients: list[Client] = []
    unusable: list[Unusable] = []
    first: dict[str, Problem] = {}
    for taken, entry in entries:
        id_, problems = _id_and_problems(entry)
        if first.setdefault(id_.lower(), taken) is not taken:
            unusable.append(Unusable(client=id_, problems=(taken, *problems)))
        elif isinstance(entry, Unusable):
            unusable.append(entry)
        else:
            clients.append(entry)
    return Roster(clients=tuple(clients), unusable=tuple(unusable))


def _id_and_problems(entry: Client | Unusable) -> tuple[str, tuple[Problem, ...]]:
    return (entry.id, ()) if isinstance(entry, Client) else (entry.client, entry.problems)
