"""Plain questions on the terminal, in her language; whatever is not understood is asked again."""

import sys
from collections.abc import Sequence
from datetime import date
from enum import Enum, auto

import click

from voicecoach import dates, letters
from voicecoach.cli.terminal import fitted, say
from voicecoach.messages import Words
from voicecoach.profile.profile import name_fault


class Reply(Enum):
    """What a question that asks for yes or no is answered with."""

    YES = auto()
    NO = auto()
    NOTHING = auto()
    """Enter."""
    STOP = auto()
    """She has told enough."""


def can_ask() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


class Asker:
    """Asks in the language of ``words``."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._yes = words("asking.yes").split()
        self._no = words("asking.no").split()

    def show(self, text: str) -> None:
        """Shows ``text`` before a question."""
        say(text)

    def choice(
        self, question: str, labels: Sequence[str], enter: str, current: int | None = None
    ) -> int | None:
        """Which of ``labels`` she takes, counted from 0; ``None`` for Enter, which means ``enter``.
        ``current`` is marked as what holds now."""
        lines = [question]
        for n, label in enumerate(labels):
            lines.append(
                f"  {n + 1}  {label}" + (f" ({self._words('asking.now')})" if n == current else "")
            )
        say("\n" + "\n".join(lines), indent="     ")
        numbers = {str(n + 1): n for n in range(len(labels))}
        while True:
            typed = _typed(f"{self._words('asking.type_number')} ({enter})")
            if not typed:
                return None
            if typed in numbers:
                return numbers[typed]
            say(self._words("asking.not_a_number", most=len(labels)))

    def yes_no(self, question: str, enter: str = "", *, can_stop: bool = False) -> Reply:
        """Yes, no, or Enter, which means ``enter``; where she ``can_stop``, that too."""
        choices = [self._words("asking.yes_no")]
        choices += [enter] if enter else []
        choices += [self._words("asking.or_stop")] if can_stop else []
        while True:
            typed = _typed(f"{question} ({', '.join(choices)})").lower()
            if not typed:
                return Reply.NOTHING
            if typed in self._yes:
                return Reply.YES
            if typed in self._no:
                return Reply.NO
            if can_stop and typed == self._words("asking.stop"):
                return Reply.STOP
            say(self._words("asking.not_yes_no"))

    def day(
        self, question: str, first: date, last: date, enter: str = "", *, is_wanted: bool = False
    ) -> date | None:
        """A day from ``first`` to ``last``; ``None`` for Enter, unless it ``is_wanted``."""
        choices = [self._words("asking.day"), *([enter] if enter else [])]
        while True:
            typed = _typed(f"\n{question} ({', '.join(choices)})")
            if not typed and not is_wanted:
                return None
            if not typed:
                say(self._words("asking.wanted"))
                continue
            day = _day(typed)
            if day is None:
                say(self._words("asking.no_such_day"))
            elif first <= day <= last:
                return day
            else:
                first_day, last_day = self._words.day(first), self._words.day(last)
                say(self._words("asking.day_outside", first=first_day, last=last_day))

    def text(self, question: str, enter: str) -> str | None:
        """A text that can be said; ``None`` for Enter."""
        while True:
            typed = " ".join(letters.composed(_typed(f"\n{question} ({enter})")).split())
            if name_fault(typed, self._words("script")) is None:
                return typed or None
            like = letters.sounds_like(typed)
            such = f" {self._words('asking.such_as')} {like}." if like else ""
            say(self._words("asking.not_text") + such)


def _typed(prompt: str) -> str:
    question = fitted(f"{prompt}: ", indent="  ")
    answer: str = click.prompt(question, default="", show_default=False, prompt_suffix="")
    return answer.strip()


def _day(text: str) -> date | None:
    try:
        return dates.parse_spoken_day(text)
    except ValueError:
        return None
