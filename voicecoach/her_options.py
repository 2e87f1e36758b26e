"""What options of ``init`` and ``checkin`` may say: days, times, voices, answers."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

import click

from voicecoach import dates
from voicecoach.profile.profile import parse_voice

T = TypeVar("T")
Answer = TypeVar("Answer", bound=StrEnum)


class Parsed(click.ParamType[T], Generic[T]):
    """A value that ``parse`` makes of a text; the message of its ValueError is shown."""

    def __init__(self, name: str, parse: Callable[[str], T]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """See :class:`click.ParamType`."""
        try:
            return self._parse(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


def _times(text: str) -> tuple[Any, ...]:
    return tuple(dates.parse_time(part.strip()) for part in text.split(","))


DAY: Parsed[date] = Parsed("day", dates.parse_spoken_day)
TIMES = Parsed("times", _times)
VOICE = Parsed("voice", parse_voice)


def one_of(answers: type[Answer]) -> click.Choice[str]:
    """One of ``answers``, by its value."""
    return click.Choice([answer.value for answer in answers])
