"""Asks how a day went, adds it to the check-ins, and replies."""

from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from voicecoach import messages
from voicecoach.cli import context
from voicecoach.cli.interview import questions, replies, silence
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError, NotInProgrammeError, StorageError
from voicecoach.messages import Message, Words
from voicecoach.pack import safeguard
from voicecoach.planning.reported import unasked
from voicecoach.profile import check_ins, client
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile

ENOUGH = 2
"""So many answers are enough, besides the one about danger signs."""
_QUESTIONS = ("done", "pain", "heaviness", "leaks", "felt", "let_go")
_FOLLOW_UPS = {"heaviness": ("eases", "bulge", "grows"), "leaks": ("leaks_more", "easier")}
"""What is asked about a sign that is there."""
_ASKED_EVERY_DAYS = 7
"""What decides over a step on is asked once in so many days, even if she stops earlier."""


def is_answered(check_in: CheckIn) -> int:
    """How many questions are answered."""
    given = [getattr(check_in, name) for name in _QUESTIONS]
    return sum(answer is not None for answer in (*given, check_in.red_flag))


def ask(
    check_in: CheckIn,
    due: Set[str],
    asker: Asker,
    words: Words,
    call: Callable[[], None],
) -> CheckIn:
    """``check_in`` and what she answers to the questions about the rest: the danger signs first.
    Where she has one, ``call`` is called at once, and nothing more is asked. She may stop once
    those that are ``due`` were asked."""
    if check_in.red_flag is None:
        check_in = replace(check_in, red_flag=_has_danger_sign(asker, words))
    if check_in.red_flag:
        call()
        return check_in
    for n, name in enumerate(_QUESTIONS):
        if getattr(check_in, name) is None:
            answered = sum(getattr(check_in, each) is not None for each in _QUESTIONS)
            can_stop = answered >= ENOUGH and not due & set(_QUESTIONS[n:])
            reply = asker.yes_no(words(f"check_in.questions.{name}"), can_stop=can_stop)
            if reply is Reply.STOP:
                break
            check_in = _with(check_in, name, reply)
        if getattr(check_in, name):
            check_in = _ask_about(_FOLLOW_UPS.get(name, ()), check_in, asker, words)
    return check_in


def _ask_about(names: Sequence[str], check_in: CheckIn, asker: Asker, words: Words) -> CheckIn:
    for name in names:
        if name == "easier" and check_in.leaks_more:
            continue  # she goes a step back
        if getattr(check_in, name) is None:
            reply = asker.yes_no(words(f"check_in.questions.{name}"))
            check_in = _with(check_in, name, reply)
    return check_in


def _has_danger_sign(asker: Asker, words: Words) -> bool | None:
    """Whether there is something to call about; ``None`` where the question had no answer. What
    only needs an appointment is shown, and stops nothing."""
    for group in ("now", "today"):
        _show(asker, words, group)
    reply = asker.yes_no("\n" + words("check_in.any_of_these"))
    if reply is Reply.YES:
        return True
    for group in ("book", "mood"):
        _show(asker, words, group)
    asker.show("")
    return False if reply is Reply.NO else None


def _show(asker: Asker, words: Words, group: str) -> None:
    signs = "\n".join(f"  - {sign}" for sign in words.texts(f"check_in.signs.{group}"))
    asker.show(f"\n{words(f'check_in.whom.{group}')}\n{signs}")


def _overdue(earlier: Sequence[CheckIn], day: int) -> set[str]:
    """The questions about signs that have stayed without an answer for some days of check-ins."""
    since = day - _ASKED_EVERY_DAYS
    if not any(each.day <= since for each in earlier):
        return set()
    recent = [each for each in earlier if each.day > since]
    return {
        name
        for name in ("pain", "heaviness")
        if all(getattr(each, name) is None for each in recent)
    }


def _with(check_in: CheckIn, name: str, reply: Reply) -> CheckIn:
    if reply is Reply.NOTHING:
        return check_in
    return replace(check_in, **{name: reply is Reply.YES})


def tell(
    on: date | None,
    answers: dict[str, Any],
    programme_folder: Path,
    *,
    since: date | None,
    call: bool | None,
    asks_nothing: bool,
) -> None:
    """Notes the ``answers`` of the command for the day ``on``, and what she answers, and says what
    follows in the programme of ``programme_folder``.

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), date.today()
    said = client_words()
    reporter = TerminalReporter(said)
    if call:
        _say_call(programme_folder, said.language)
    try:
        programme = programme_reader.read(programme_folder)
        profile = _profile(folder, today)
    except (ContentError, StorageError):
        if call:  # it cannot be kept, but what is there to play may not offer contractions
            safeguard.withdraw_contractions(folder, reporter.note)
        raise
    on = _day(on, profile, today)
    words = programme.words_in(profile.language)
    ours = messages.words(profile.language)
    check_in = CheckIn(day=profile.day_of(on), red_flag=call, **answers)
    earlier = check_ins.read(folder, profile.birth_date, today, reporter.note)
    before = Hers(profile=profile, check_ins=earlier, today=today)
    silent = silence.days_since(since, on, earlier, profile, done=check_in.done)
    is_asked = _is_asked(check_in, asks_nothing=asks_nothing)
    if is_asked:
        asker = Asker(ours)
        _open(ours, profile, on)
        say_call = partial(_say_call, programme_folder, profile.language)
        due = _overdue(earlier, check_in.day)
        due |= set(unasked(programme, before.situation, check_in.day))
        check_in = ask(check_in, due, asker, ours, say_call)
    if not is_answered(check_in):
        say(ours("check_in.nothing_told"))
        return
    if silent and check_in.done is not None:
        silence.keep(folder, silent, profile, done=check_in.done)
    elif is_asked and on == today and not check_in.red_flag:
        silence.ask(folder, programme, before, asker, ours)
    check_ins.append(folder, on, check_in, profile.language)
    say(f"\n{ours('check_in.noted')}")
    now = check_ins.read(folder, profile.birth_date, today, _say_nothing)
    after = Hers(profile=profile, check_ins=now, today=today)
    judge = safeguard.apply(after, folder, [], reporter.note)
    if not is_asked and not check_in.red_flag:
        for line in silence.remarks(programme, after, check_in.day, ours):
            say(line)
    for line in replies.reply(programme, words, before, after, check_in):
        say(line)
    context.remake(judge, [], reporter, (after.week, after.week + 1))


def _say_call(programme_folder: Path, language: str) -> None:
    """Says to call, and whom; in the program's own words where the programme has none."""
    advice: tuple[str, ...] = ()
    with suppress(ContentError, StorageError, NotInProgrammeError):  # told where it is read next
        programme = programme_reader.read(programme_folder)
        advice = replies.call_advice(programme, programme.words_in(language))
    say("\n" + "\n".join(advice or (messages.words(language)("check_in.call"),)))


def _profile(folder: Path, today: date) -> Profile:
    if not client.exists(folder):
        raise StorageError(Message("errors.no_profile", file=client.FILE))
    return client.read(folder, today)


def _day(on: date | None, profile: Profile, today: date) -> date:
    """The day that is told of: today, or that of a birth which further east was today."""
    latest = max(today, profile.birth_date)
    if on is None:
        return latest
    if on > latest:
        raise click.UsageError(Message("errors.option_in_future", on=on, today=today))
    if on < profile.birth_date:
        raise click.UsageError(
            Message("errors.option_before_birth", on=on, birth_date=profile.birth_date)
        )
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
        may_say_yes = "" if asks_nothing else "_or_yes"
        raise click.UsageError(Message(f"errors.nobody_to_ask_how{may_say_yes}"))
    return False


def _open(ours: Words, profile: Profile, on: date) -> None:
    say(ours("check_in.opening", day=profile.day_of(on), date=ours.day(on)))
    say(ours("check_in.how") + "\n")
