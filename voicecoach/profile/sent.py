"""What a line of the check-ins says, in a comment, of the phone that sent it. No I/O.

2026-11-27 call=yes # phone 1 2026-11-28T01:12:07 0f8c9d…
#- phone 2 2026-11-28T01:20:10 77ab01… takes back 0f8c9d…

The key tells an answer that is sent again from another; the number, an old answer from a newer one
of the same day. What is written without a phone is newer than all before it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from voicecoach.content.clinical_state import CheckIn
from voicecoach.profile.check_in_line import GOOD

TAKE_BACK_WITHIN = timedelta(minutes=10)
KEY = re.compile("[0-9a-f]{32}")
MOST = 99_999
"""The greatest number of an answer."""
_SENT = re.compile(
    r"phone (?P<number>[1-9][0-9]{0,4}) (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})"
    rf" (?P<key>{KEY.pattern})"
)
_MARK = re.compile(rf"\S.* # {_SENT.pattern}\s*")
_TAKEN_BACK = re.compile(rf"#- {_SENT.pattern} takes back (?P<back>{KEY.pattern})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An answer of a phone."""

    key: str
    number: int
    """Higher than that of every answer of the day that the phone knew, from 1."""
    at: datetime
    """When it was written."""

    @property
    def comment(self) -> str:
        """What its line says of it."""
        return f"phone {self.number} {self.at:%Y-%m-%dT%H:%M:%S} {self.key}"

    def can_be_taken_back(self, now: datetime) -> bool:
        """Whether it was written less than TAKE_BACK_WITHIN ago."""
        return timedelta() <= now - self.at < TAKE_BACK_WITHIN


def read(line: str) -> Sent | None:
    """What ``line`` says of the phone that sent it; ``None`` if nothing."""
    match = _MARK.fullmatch(line)
    try:
        return None if match is None else _sent(match)
    except ValueError:  # somebody has changed it
        return None


def _sent(match: re.Match[str]) -> Sent:
    at = datetime.strptime(match["at"], "%Y-%m-%dT%H:%M:%S")
    return Sent(key=match["key"], number=int(match["number"]), at=at)


def take_back(sent: Sent, key: str) -> str:
    """The line, with its end, by which the answer ``key`` no longer counts."""
    return f"#- {sent.comment} takes back {key}\n"


def taken_back(lines: Iterable[str]) -> frozenset[str]:
    """The keys of the answers that no longer count."""
    matches = (_TAKEN_BACK.fullmatch(line) for line in lines)
    return frozenset(match["back"] for match in matches if match is not None)


def keys(lines: Iterable[str]) -> frozenset[str]:
    """The keys of all that phones sent, also to take something back."""
    matches = (_MARK.fullmatch(line) or _TAKEN_BACK.fullmatch(line) for line in lines)
    return frozenset(match["key"] for match in matches if match is not None)


class Order:
    """The newest number of each question of each day, as lines are read from first to last."""

    def __init__(self) -> None:
        self._newest: dict[int, dict[str, int]] = {}

    def newest(self, day: int) -> int:
        """The newest number of ``day`` so far; 0 if there is none."""
        return max(self._newest.get(day, {}).values(), default=0)

    def counted(self, told: CheckIn, sent: Sent | None) -> CheckIn | None:
        """What counts of the next line; ``None`` if nothing.

        A late answer overrides no newer one to the same question, except as a red flag. What did
        not know of all answers before it adds what is not well, and takes nothing back.
        """
        before = self.newest(told.day)
        number = before + 1 if sent is None else sent.number
        known = self._newest.setdefault(told.day, {})
        newer = {name for name in known if known[name] > number} - {"red_flag"}
        told_names = {name for name in GOOD if getattr(told, name) is not None}
        known |= {name: max(known.get(name, 0), number) for name in told_names}
        if number > before:
            return told
        bad = {name for name in told_names - newer if getattr(told, name) is not GOOD[name]}
        unsaid: dict[str, Any] = dict.fromkeys(told_names - bad)
        return replace(told, **unsaid) if bad else None
