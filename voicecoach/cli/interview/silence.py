"""Days of which a client told nothing, and questions that she leaves out: what is asked or said.

What she answers about such days is kept as a check-in of each of them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from voicecoach.cli.interview import questions
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.messages import Message, Words
from voicecoach.planning import plan
from voicecoach.planning.plan import unasked
from voicecoach.profile import check_ins
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile


def ask(folder: Path, programme: Programme, hers: Hers, asker: Asker, words: Words) -> bool:
    """Asks whether she practised on the days of which she told nothing, if there are enough, and
    keeps the answer. Returns whether there was one.

    Raises StorageError.
    """
    days = plan.days_to_ask_about(programme, hers.situation, hers.day)
    if not days:
        return False
    reply = asker.yes_no(words("check_in.silent.question", count=len(days)))
    if reply is Reply.NOTHING:
        return False
    keep(folder, days, hers.profile, done=reply is Reply.YES)
    return True


def note(programme: Programme, hers: Hers) -> str | None:
    """How to tell of the days of which she told nothing; ``None`` where there are too few."""
    days = plan.days_to_ask_about(programme, hers.situation, hers.day)
    if not days:
        return None
    since = hers.profile.birth_date + timedelta(days=days[0])
    until = hers.profile.birth_date + timedelta(days=days[-1])
    return Message("check_in.silent.note", count=len(days), since=since, until=until)


def ask_or_note(folder: Path, programme: Programme, hers: Hers, words: Words) -> str | None:
    """Asks as :func:`ask` does; where nobody can answer, returns how to tell.

    Raises StorageError.
    """
    if not questions.can_ask():
        return note(programme, hers)
    ask(folder, programme, hers, Asker(words), words)
    return None


def keep(folder: Path, days: Iterable[int], profile: Profile, *, done: bool) -> None:
    """Keeps for each of ``days`` whether she practised. Raises StorageError."""
    told = {profile.birth_date + timedelta(days=day): CheckIn(day=day, done=done) for day in days}
    check_ins.append_each(folder, told, profile.language, after_birth=profile.is_after_birth)


def days_since(
    since: date | None, on: date, earlier: Iterable[CheckIn], profile: Profile, *, done: bool | None
) -> list[int]:
    """The days from ``since`` until the day before ``on`` of which she has not told whether she
    practised. Raises UsageError."""
    if since is None:
        return []
    if done is None:
        raise click.UsageError(Message("errors.since_needs_done"))
    if not profile.birth_date <= since <= on:
        raise click.UsageError(
            Message("errors.since_outside", since=since, birth_date=profile.birth_date, on=on)
        )
    told = {each.day for each in earlier if each.done is not None}
    days = range(profile.day_of(since), profile.day_of(on))
    return [day for day in days if day not in told]


def remarks(programme: Programme, hers: Hers, day: int, words: Words) -> Iterator[str]:
    """What is said to whoever told of ``day`` without being asked: how to tell of days of which
    she has told nothing, and which answers her plan has waited for all week."""
    about_days = note(programme, hers)
    if about_days is not None:
        yield words.reworded(about_days)
    names = unasked(programme, hers.situation, day)
    if names:
        asked = " ".join(words(f"check_in.questions.{name}") for name in names)
        yield words("check_in.silent.left_out", questions=asked)
