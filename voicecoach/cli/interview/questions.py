"""Plain questions on the terminal, in her language; whatever is not understood is asked again."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

import click

from voicecoach import dates, letters
from voicecoach.cli.terminal import fitted, say


class Reply(Enum):
    """What a question that asks for yes or no is answered with."""

    YES = auto()
    NO = auto()
    NOTHING = auto()
    """Enter."""
    STOP = auto()
    """She has told enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What every question needs."""

    type_number: str
    yes_no: str
    or_stop: str
    day: str
    now: str
    not_a_number: str
    not_yes_no: str
    no_such_day: str
    day_outside: str
    wanted: str
    not_text: str
    such_as: str
    yes: frozenset[str] = frozenset({"j", "ja", "y", "yes"})
    no: frozenset[str] = frozenset({"n", "nee", "no"})
    stop: str = "s"


_WORDS: Mapping[str, _Words] = {
    "nl": _Words(
        type_number="Typ een cijfer",
        yes_no="j of n",
        or_stop="s: ik stop",
        day="dag-maand-jaar",
        now="nu",
        not_a_number="Dat begrijp ik niet. Typ een cijfer van 1 tot en met {most}.",
        not_yes_no="Dat begrijp ik niet. Typ j voor ja of n voor nee.",
        no_such_day="Die dag ken ik niet. Schrijf het zo: 1-11-2026.",
        day_outside="Dat kan niet. Kies een dag van {first} tot en met {last}.",
        wanted="Dit heb ik echt nodig.",
        not_text="Dat kan geen stem zeggen. Schrijf het kort, zoals je het uitspreekt.",
        such_as="Bijvoorbeeld:",
    ),
    "en": _Words(
        type_number="Type a number",
        yes_no="y or n",
        or_stop="s: I stop",
        day="day-month-year",
        now="now",
        not_a_number="I do not understand that. Type a number from 1 to {most}.",
        not_yes_no="I do not understand that. Type y for yes or n for no.",
        no_such_day="I do not know that day. Write it like this: 1-11-2026.",
        day_outside="That cannot be. Choose a day from {first} to {last}.",
        wanted="This one I really need.",
        not_text="No voice can say that. Write it briefly, as it sounds.",
        such_as="For example:",
    ),
}


def can_ask() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


class Asker:
    """Asks in one language; English where it is unknown."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = _WORDS.get(language, _WORDS["en"])

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
            lines.append(f"  {n + 1}  {label}" + (f" ({self._words.now})" if n == current else ""))
        say("\n" + "\n".join(lines), indent="     ")
        numbers = {str(n + 1): n for n in range(len(labels))}
        while True:
            typed = _typed(f"{self._words.type_number} ({enter})")
            if not typed:
                return None
            if typed in numbers:
                return numbers[typed]
            say(self._words.not_a_number.format(most=len(labels)))

    def yes_no(self, question: str, enter: str = "", *, can_stop: bool = False) -> Reply:
        """Yes, no, or Enter, which means ``enter``; where she ``can_stop``, that too."""
        choices = [self._words.yes_no]
        choices += [enter] if enter else []
        choices += [self._words.or_stop] if can_stop else []
        while True:
            typed = _typed(f"{question} ({', '.join(choices)})").lower()
            if not typed:
                return Reply.NOTHING
            if typed in self._words.yes:
                return Reply.YES
            if typed in self._words.no:
                return Reply.NO
            if can_stop and typed == self._words.stop:
                return Reply.STOP
            say(self._words.not_yes_no)

    def day(
        self, question: str, first: date, last: date, enter: str = "", *, is_wanted: bool = False
    ) -> date | None:
        """A day from ``first`` to ``last``; ``None`` for Enter, unless it ``is_wanted``."""
        choices = [self._words.day, *([enter] if enter else [])]
        while True:
            typed = _typed(f"\n{question} ({', '.join(choices)})")
            if not typed and not is_wanted:
                return None
            if not typed:
                say(self._words.wanted)
                continue
            day = _day(typed)
            if day is None:
                say(self._words.no_such_day)
            elif first <= day <= last:
                return day
            else:
                shown = {"first": first, "last": last}
                shown_days = {k: dates.shown_day(d, self._language) for k, d in shown.items()}
                say(self._words.day_outside.format(**shown_days))

    def text(self, question: str, enter: str) -> str | None:
        """A text that can be said; ``None`` for Enter."""
        while True:
            typed = " ".join(letters.composed(_typed(f"\n{question} ({enter})")).split())
            if letters.name_fault(typed) is None:
                return typed or None
            like = letters.sounds_like(typed)
            say(self._words.not_text + (f" {self._words.such_as} {like}." if like else ""))


def _typed(prompt: str) -> str:
    question = fitted(f"{prompt}: ", indent="  ")
    answer: str = click.prompt(question, default="", show_default=False, prompt_suffix="")
    return answer.strip()


def _day(text: str) -> date | None:
    try:
        return dates.parse_spoken_day(text)
    except ValueError:
        return None
