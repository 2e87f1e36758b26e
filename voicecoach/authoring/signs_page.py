"""Danger signs and a country -> one sheet to print and hang up: whom to call about what."""

import re
from dataclasses import dataclass
from pathlib import Path

from voicecoach import countries, messages
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.files import write_whole
from voicecoach.messages import Words, template
from voicecoach.planning.asked import Asked

_TEMPLATE = "signs.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part of a sentence; with a number to call, a link."""

    text: str
    number: str | None
    """Without spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Signs about which to call the same people."""

    id: str
    heading: str
    signs: tuple[str, ...]
    whom: tuple[_Piece, ...]


def html_page(programme: Programme, words: Translation, country: str) -> str:
    """The page, self-contained and without scripts: the signs of ``programme`` in the language of
    ``words``, each group with whom to call in ``country``."""
    ours = messages.words(words.language)
    asked, checked_on = Asked(programme, ours), countries.checked_on(country)
    groups = [
        _Group(
            id=group,
            heading=ours(f"signs_page.groups.{group}"),
            signs=asked.signs(group),
            whom=pieces(asked.whom_to_call(group, country), country),
        )
        for group in asked.sign_groups
    ]
    for_whom = "" if programme.is_after_birth else "_for_anyone"
    stops = programme.training_steps if programme.is_after_birth else programme.may_be_stopped
    return template(_TEMPLATE).render(
        groups=groups,
        words=words,
        language=ours.language,
        direction=ours.direction,
        h=ours.section("signs_page"),
        country=_heading(country, ours),
        checked=ours("signs_page.checked", day=ours.day(checked_on)) if checked_on else None,
        stop=asked.worded("signs_page.stop") if stops else None,
        own_numbers=[
            *([] if countries.numbers(country) else [ours("signs_page.emergency")]),
            *ours.texts(f"signs_page.own_numbers{for_whom}"),
        ],
    )


def write(programme: Programme, words: Translation, country: str, path: Path) -> None:
    """Writes the page to ``path``. Raises StorageError if it cannot be written."""
    write_whole(path, html_page(programme, words, country).encode())


def pieces(text: str, country: str) -> tuple[_Piece, ...]:
    """``text``, cut where a number of ``country`` stands in it."""
    numbers = sorted(map(re.escape, countries.numbers(country).values()), key=len, reverse=True)
    if not numbers:
        return (_Piece(text=text, number=None),)
    parts = re.split(rf"(?<![0-9])({'|'.join(numbers)})(?![0-9])", text)
    return tuple(
        _Piece(text=part, number=part.replace(" ", "") if n % 2 else None)
        for n, part in enumerate(parts)
    )


def _heading(country: str, ours: Words) -> str | None:
    """The name of ``country``; ``None`` for one without numbers."""
    return None if country == countries.ELSEWHERE else ours(f"whom.{country}.name")
