"""Today's page, and the page that asks the first questions, as HTML."""

import hashlib
from typing import Any

from voicecoach import messages
from voicecoach.content.programme import Programme
from voicecoach.content.questions import FOLLOW_UPS
from voicecoach.content.sport import Ability
from voicecoach.messages import Words, template
from voicecoach.pack.manifest import COVER_FILE
from voicecoach.pack.page import days_of, minutes_of
from voicecoach.phone.web.today import Player, Today

_NO_ICON = "data:,"
AFTER_BIRTH = ("done", "pain", "heaviness", "eases", "bulge", "grows", "leaks")
"""The questions after *pain or heavy*, in a programme after a birth."""
_TOLD_BY_GOOD = ("done", "pain", "heaviness")
_STATE = "state-of-this-page"


def questions_of(programme: Programme) -> tuple[str, ...]:
    """What the page asks once something was wrong: as a check-in does, what the rules of the
    programme ask for."""
    if programme.is_after_birth:
        return AFTER_BIRTH
    return tuple(
        each for name in programme.daily_questions for each in (name, *FOLLOW_UPS.get(name, ()))
    )


def today_page(today: Today, *, home: str, number: int, feeds: str) -> tuple[bytes, str]:
    """The page and its state: a hash that is another once there is something new to show.

    ``home`` names the client's folder without revealing it; ``number`` is the number of the last
    answer of today; ``feeds`` the path of the site with the key that can only read.
    """
    said, player = today.said, today.player
    questions = questions_of(today.found.programme)
    is_heavy = "heaviness" in questions
    says = said.section("today_script")
    without_heaviness = says.pop("kinds.trouble_without_heaviness")
    data: dict[str, Any] = {
        **({} if player is None else player.data),
        "today": {"day": today.hers.day, "date": today.date},
        "date": today.date,
        "home": home,
        "number": number,
        "isReady": today.is_ready,
        "isStopped": today.is_stopped,
        "says": says if is_heavy else {**says, "kinds.trouble": without_heaviness},
        "good": {name: name == "done" for name in _TOLD_BY_GOOD if name in questions},
        "state": _STATE,
    }
    words = said.section("page")
    html = template("today.html").render(
        today=today,
        said=said,
        words=words,
        page=None if player is None else _Page(player, said),
        tracks=[] if player is None else _tracks(player, said),
        cover=_NO_ICON if player is None else player.address(COVER_FILE),
        is_today=True,
        decimal_mark=said("decimal_mark"),
        questions=questions,
        after={each: name for name, more in FOLLOW_UPS.items() for each in more},
        trouble=said(f"today.trouble{'' if is_heavy else '_without_heaviness'}"),
        abilities=list(zip(Ability, said.texts("sport.labels"), strict=True)),
        feeds=feeds,
        data=data,
    )
    state = _state_of(today)
    return html.replace(f'"{_STATE}"', f'"{state}"').encode(), state


def _state_of(today: Today) -> str:
    """Changes when what is done, or may be played, changes; not when she tells something."""
    player = today.player
    files = [] if player is None else [(t.file, t.sha256) for t in player.manifest.tracks]
    planned = today.sessions, today.tomorrow
    shown = [today.date, today.is_ready, today.is_stopped, today.why, *planned, files]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


class _Page:
    """What the parts of the page that a week's page has too need to know."""

    def __init__(self, player: Player, said: Words) -> None:
        self.language = player.manifest.language
        self.days = player.data["days"]


class _Track:
    """A track to keep on the phone."""

    def __init__(self, player: Player, file: str) -> None:
        self.address = player.address(file)
        self.title = player.track(file).title


def _tracks(player: Player, said: Words) -> list[tuple[_Track, str, str]]:
    found = []
    for file in player.files:
        entry = player.track(file)
        found.append(
            (_Track(player, file), days_of(entry.days, said), minutes_of(entry.duration_ms, said))
        )
    return found


def done_page(today: Today) -> bytes:
    """What she told of her weeks, to print or to show."""
    return template("done.html").render(today=today, said=today.said).encode()


def doorway_page(said: Words) -> bytes:
    """The page without a key, which goes to today's where the browser remembers it."""
    return template("doorway.html").render(said=said).encode()


def first_questions_page(language: str) -> bytes:
    """The page that asks the first questions, which begins in ``language``."""
    said = messages.words(language)
    return template("start.html").render(said=said, data=said.section("start_script")).encode()
