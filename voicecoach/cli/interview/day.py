"""Asks how a day went, adds it to the check-ins, and replies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from voicecoach.cli import context
from voicecoach.cli.interview import day_words, questions, replies
from voicecoach.cli.interview.day_words import CheckInWords
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.dates import shown_day
from voicecoach.errors import ContentError, StorageError
from voicecoach.pack import safeguard
from voicecoach.profile import check_ins, client
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile

ENOUGH = 2
"""So many answers are enough."""
_FIRST = ("done", "pain", "heaviness", "leaks")
_LAST = ("felt", "let_go")


def is_answered(check_in: CheckIn) -> int:
    """How many questions are answered."""
    given = [getattr(check_in, name) for name in (*_FIRST, *_LAST)]
    return sum(answer is not None for answer in (*given, check_in.red_flag))


def ask(check_in: CheckIn, asker: Asker, words: CheckInWords, call: Callable[[], None]) -> CheckIn:
    """``check_in`` and what she answers to the questions about the rest. Where she has a red flag,
    ``call`` is called at once, and nothing more is asked."""
    check_in, is_over = _ask_each(_FIRST, check_in, asker, words)
    if check_in.has_trouble:
        is_over = False  # whether to call comes before whether she is tired of questions
    if check_in.red_flag is None and not is_over:
        check_in = replace(check_in, red_flag=_is_to_call(check_in, asker, words))
    if check_in.red_flag:
        call()
        return check_in
    return check_in if is_over else _ask_each(_LAST, check_in, asker, words)[0]


def _is_to_call(check_in: CheckIn, asker: Asker, words: CheckInWords) -> bool | None:
    """Whether there is something to call about; ``None`` where a question had no answer."""
    grows = asker.yes_no(words.grows) if check_in.has_trouble else Reply.NO
    if grows is Reply.YES:
        return True
    listed = "\n".join(f"  - {sign}" for sign in words.signs)
    asker.show(f"\n{listed}")
    has_sign = asker.yes_no(words.any_of_these)
    if has_sign is Reply.YES:
        return True
    return False if grows is has_sign is Reply.NO else None


def _ask_each(
    names: tuple[str, ...], check_in: CheckIn, asker: Asker, words: CheckInWords
) -> tuple[CheckIn, bool]:
    """Asks what is not answered; tells whether she wants to stop."""
    for name in names:
        if getattr(check_in, name) is not None:
            continue
        can_stop = is_answered(check_in) >= ENOUGH
        reply = asker.yes_no(getattr(words, name), can_stop=can_stop)
        if reply is Reply.STOP:
            return check_in, True
        if reply is not Reply.NOTHING:
            check_in = replace(check_in, **{name: reply is Reply.YES})
    return check_in, False


def tell(
    on: date | None, answers: dict[str, Any], *, call: bool | None, asks_nothing: bool
) -> None:
    """Notes the ``answers`` of the command for the day ``on``, and what she answers, and says what
    follows.

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), date.today()
    programme = programme_reader.read(programme_reader.built_in())
    if call:
        _say_call(programme, _language(folder, today))
    try:
        profile = _profile(folder, today)
    except (ContentError, StorageError):
        if call:  # it cannot be kept, but what is there to play may not offer contractions
            safeguard.withdraw([safeguard.OUTPUT], TerminalReporter().note)
        raise
    on = _day(on, profile, today)
    words = programme.words_in(profile.language)
    ours = day_words.in_language(profile.language)
    check_in = CheckIn(day=profile.day_of(on), red_flag=call, **answers)
    earlier = check_ins.read(folder, profile.birth_date, today, TerminalReporter().note)
    is_asked = _is_asked(check_in, asks_nothing=asks_nothing)
    if is_asked:
        asker = Asker(profile.language)
        _open(ours, profile, on)
        check_in = ask(check_in, asker, ours, partial(_say_call, programme, profile.language))
    if not is_answered(check_in):
        say(ours.nothing_told)
        return
    check_ins.append(folder, on, check_in, profile.language)
    say(f"\n{ours.noted}")
    now = check_ins.read(folder, profile.birth_date, today, _say_nothing)
    before = Hers(profile=profile, check_ins=earlier, today=today)
    after = Hers(profile=profile, check_ins=now, today=today)
    safeguard.apply(after.situation, [safeguard.OUTPUT], TerminalReporter().note)
    for line in replies.reply(programme, words, before, after, check_in, is_growth_asked=is_asked):
        say(line)


def _say_call(programme: Programme, language: str) -> None:
    words = programme.words_in(language)
    say("\n" + "\n".join(replies.call_advice(programme, words)))


def _language(folder: Path, today: date) -> str:
    """Hers, or the usual one: the advice to call waits for nothing that is wrong with her files."""
    try:
        return client.read(folder, today).language
    except (ContentError, StorageError):
        return context.LANGUAGE


def _profile(folder: Path, today: date) -> Profile:
    if not client.exists(folder):
        raise StorageError(
            f"{client.FILE}: there is none in this folder; begin with: voicecoach init"
        )
    return client.read(folder, today)


def _day(on: date | None, profile: Profile, today: date) -> date:
    """The day that is told of: today, or that of a birth which further east was today."""
    latest = max(today, profile.birth_date)
    if on is None:
        return latest
    if on > latest:
        raise click.UsageError(f"--date: {on} lies in the future (today is {today})")
    if on < profile.birth_date:
        raise click.UsageError(f"--date: {on} lies before the birth ({profile.birth_date})")
    return on


def _say_nothing(note: str) -> None:
    """What is wrong with earlier lines has been told."""


def _is_asked(check_in: CheckIn, *, asks_nothing: bool) -> bool:
    """Whether questions are asked; refuses what tells too little where they cannot be."""
    given = is_answered(check_in)
    if check_in.red_flag:
        return False
    if not asks_nothing and questions.can_ask():
        return True
    if given < (1 if asks_nothing else ENOUGH):
        raise click.UsageError(
            "there is nobody to ask; say how it went, such as --done --no-pain"
            + ("" if asks_nothing else ", or one answer and --yes")
        )
    return False


def _open(ours: CheckInWords, profile: Profile, on: date) -> None:
    day = shown_day(on, profile.language)
    say(ours.opening.format(day=profile.day_of(on), date=day))
    say(ours.how + "\n")
