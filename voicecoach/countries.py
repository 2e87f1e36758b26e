"""The numbers a client can call in her country, from ``locale/countries/``: one file per country,
each number with its source and the day it was checked."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.messages import FOLDER, Words

if TYPE_CHECKING:
    from voicecoach.locale_file import Entry

ELSEWHERE = "elsewhere"
"""Any other country: no number is known there, and none is said."""
GROUPS = ("now", "today", "book", "mood")
"""The groups of danger signs, by whom to call; the most urgent first."""
_FILES = Path(__file__).parent / FOLDER / "countries"


@cache
def codes() -> tuple[str, ...]:
    """The code of each country, such as ``nl``; ELSEWHERE last."""
    return (*sorted(path.stem for path in _FILES.glob("*.yaml")), ELSEWHERE)


def guessed(language: str) -> str:
    """The country of a client who named none and reads ``language``."""
    return next((code for code in codes()[:-1] if language in _languages(code)), ELSEWHERE)


@cache
def numbers(code: str) -> Mapping[str, str]:
    """The telephone numbers of the country ``code``, by name."""
    if code == ELSEWHERE:
        return {}
    return {
        key.split(".")[1]: str(entry)
        for key, entry in _entries(code).items()
        if key.endswith(".number")
    }


def whom_to_call(group: str, code: str, words: Words, *, after_birth: bool = True) -> str:
    """Whom to call in the country ``code`` about a sign of ``group``, in the language of
    ``words``."""
    kind = group if after_birth else f"anyone.{group}"
    return words(f"whom.{code}.{kind}", **numbers(code))


def number_sources(code: str) -> Mapping[str, str]:
    """On what each number of the country ``code`` rests, by name."""
    if code == ELSEWHERE:
        return {}
    return {name: str(_entries(code)[f"numbers.{name}.source"]) for name in numbers(code)}


def checked_on(code: str) -> date | None:
    """The day on which the numbers of the country ``code`` were last compared with their sources;
    ``None`` where it has none."""
    return None if code == ELSEWHERE else date.fromisoformat(str(_entries(code)["checked_on"]))


def _languages(code: str) -> tuple[str, ...]:
    languages = _entries(code)["languages"]
    assert isinstance(languages, tuple)
    return languages


def _entries(code: str) -> "Mapping[str, Entry]":
    from voicecoach import locale_file  # imports YAML, which is slow and not needed for help texts

    return locale_file.entries(_FILES / f"{code}.yaml")
