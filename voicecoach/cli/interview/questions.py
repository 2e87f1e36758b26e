"""Plain questions on the terminal, in a client's language, asked again until understood."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum, auto
from typing import TypeVar

import click

from voicecoach import dates, letters
from voicecoach.cli.terminal import fitted, say
from voicecoach.letters import name_fault
from voicecoach.messages import Words

Answer = TypeVar("Answer")

BACK = "<"
"""Typed in place of an answer: back to the question before."""


class BackError(Exception):
    """The client wants to answer the question before again."""


class Reply(Enum):
    """The answer to a question that asks for yes or no."""

    YES = auto()
    NO = auto()
    NOTHING = auto()
    """Enter."""
    STOP = auto()
    """No more questions, please."""


def can_ask() -> bool:
    """Whether there is somebody to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


class Asker:
    """Asks in the language of ``words``. If one can go back, each question may raise BackError."""

    def __init__(self, words: Words, *, goes_back: bool = False) -> None:
        self._words = words
        self._goes_back = goes_back
        self._yes = words("asking.yes").split()
        self._no = words("asking.no").split()

    def show(self, text: str) -> None:
        """Shows ``text`` before a question."""
        say(text)

    def choice(
        self, question: str, labels: Sequence[str], enter: str, current: int | None = None
    ) -> int | None:
        """The chosen one of ``labels``, counted from 0; ``None`` for Enter, which means ``enter``.
        ``current`` is marked as the answer so far."""
        lines = [question]
        for n, label in enumerate(labels):
            lines.append(
                f"  {n + 1}  {label}" + (f" ({self._words('asking.now')})" if n == current else "")
            )
        say("\n" + "\n".join(lines), indent="     ")
        numbers = {str(n + 1): n for n in range(len(labels))}
        while True:
            typed = self._typed(f"{self._words('asking.type_number')} ({enter})")
            if not typed:
                return None
            if typed in numbers:
                return numbers[typed]
            say(self._words("asking.not_a_number", most=len(labels)))

    def yes_no(self, question: str, enter: str = "", *, can_stop: bool = False) -> Reply:
        """Yes, no, or Enter, which means ``enter``; with ``can_stop``, also that."""
        choices = [self._words("asking.yes_no")]
        choices += [enter] if enter else []
        choices += [self._words("asking.or_stop")] if can_stop else []
        while True:
            typed = self._typed(f"{question} ({', '.join(choices)})").lower()
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
        self,
        question: str,
        first: date,
        today: date,
        enter: str = "",
        *,
        is_needed: bool = False,
    ) -> date | None:
        """A day from ``first`` to ``today``, which is read back in words; ``None`` for Enter,
        unless it ``is_needed``."""
        choices = [self._words("asking.day"), *([enter] if enter else [])]
        while True:
            typed = self._typed(f"\n{question} ({', '.join(choices)})")
            if not typed and not is_needed:
                return None
            if not typed:
                say(self._words("asking.needed"))
                continue
            day = _day(typed, today)
            if day is None:
                say(self._words("asking.no_such_day"))
            elif first <= day <= today:
                say(self._words("asking.read_back", day=self._words.day_in_full(day, today)))
                return day
            else:
                first_day, last_day = self._words.day(first), self._words.day(today)
                say(self._words("asking.day_outside", first=first_day, last=last_day))

    def text(self, question: str, enter: str) -> str | None:
        """A text that can be said; ``None`` for Enter."""
        while True:
            typed = letters.tidied(self._typed(f"\n{question} ({enter})"))
            if name_fault(typed, self._words("script")) is None:
                return typed or None
            like = letters.sounds_like(typed)
            such = f" {self._words('asking.such_as')} {like}." if like else ""
            say(self._words("asking.not_text") + such)

    def value(
        self, question: str, parse: Callable[[str], Answer], enter: str = ""
    ) -> Answer | None:
        """What ``parse`` makes of an answer; the message of its ValueError is shown, and asked
        again. ``None`` for Enter, which means ``enter``; without it, an answer is needed."""
        while True:
            typed = self._typed(f"{question} ({enter})" if enter else question)
            if not typed and enter:
                return None
            try:
                if typed:
                    return parse(typed)
                say(self._words("asking.needed"))
            except ValueError as error:
                say(self._words.reworded(error.args[0]))

    def _typed(self, prompt: str) -> str:
        question = fitted(f"{prompt}: ", indent="  ")
        answer: str = click.prompt(question, default="", show_default=False, prompt_suffix="")
        if self._goes_back and answer.strip() == BACK:
            raise BackError
        return answer.strip()


def _day(text: str, today: date) -> date | None:
    try:
        return dates.parse_day_in_words(text, today)
    except ValueError:
        return None
