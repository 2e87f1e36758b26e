"""Asks how a day went, adds it to the check-ins, and replies."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import click

from voicecoach import countries, environment, messages
from voicecoach.cli import context
from voicecoach.cli.interview import danger_signs, questions, replies, silence
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.content.questions import DAILY, FOLLOW_UPS
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError, StorageError
from voicecoach.messages import Message
from voicecoach.pack import safeguard
from voicecoach.planning.asked import Asked
from voicecoach.planning.plan import unasked
from voicecoach.profile import check_ins, client, prescription_file, unfinished
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile

ENOUGH = 2
"""So many answers are enough, besides those about danger signs."""


def answer_count(check_in: CheckIn) -> int:
    """How many questions are answered."""
    names = (*DAILY, *chain(*FOLLOW_UPS.values()), "red_flag", "book", "mood")
    given = [getattr(check_in, name) for name in names]
    return sum(answer is not None for answer in given)


class Questions:
    """The questions of a day that were not answered yet: the danger signs first."""

    def __init__(
        self,
        check_in: CheckIn,
        earlier: Sequence[CheckIn],
        due: Set[str],
        asker: Asker,
        asked: Asked,
        country: str,
    ) -> None:
        """The client may stop once the questions that are ``due`` were asked."""
        self.check_in = check_in
        """With every answer so far."""
        self._earlier = earlier
        self._due = due | danger_signs.overdue(earlier, check_in.day)
        self.asked = asked
        self._groups, self._names = asked.programme.sign_groups, asked.programme.daily_questions
        self._country = country
        self._asker = asker

    def ask(self, call: Callable[[str], None]) -> None:
        """Asks. After a danger sign, ``call`` is called at once with its group; after one that is a
        red flag nothing more is asked. Raises Abort if the client stops."""
        if self.check_in.red_flag is None:
            self._ask_about_red_flags(call)
        if self.check_in.red_flag:
            return
        for group in [each for each in danger_signs.LASTING if each in self._groups]:
            is_due = danger_signs.is_due(group, self._earlier, self.check_in.day)
            if getattr(self.check_in, group) is None and is_due:
                self._answer(group, self._ask_about(group))
                if getattr(self.check_in, group):
                    call(group)
        self._asker.show("")
        self._ask_about_the_day()

    def _ask_about(self, group: str) -> Reply:
        return danger_signs.ask_about(group, self._asker, self.asked, self._country)

    def _ask_about_red_flags(self, call: Callable[[str], None]) -> None:
        answers = []
        for group in [each for each in danger_signs.URGENT if each in self._groups]:
            answers.append(self._ask_about(group))
            if answers[-1] is Reply.YES:
                self._answer("red_flag", Reply.YES)
                call(group)
                return
        if answers and all(answer is Reply.NO for answer in answers):
            self._answer("red_flag", Reply.NO)

    def _ask_about_the_day(self) -> None:
        for n, name in enumerate(self._names):
            if getattr(self.check_in, name) is None:
                answered = sum(getattr(self.check_in, each) is not None for each in self._names)
                can_stop = answered >= ENOUGH and not self._due & set(self._names[n:])
                question = self.asked.question(name, f"check_in.questions.{name}")
                reply = self._asker.yes_no(question, can_stop=can_stop)
                if reply is Reply.STOP:
                    return
                self._answer(name, reply)
            if getattr(self.check_in, name):
                self._ask_more(FOLLOW_UPS.get(name, ()))

    def _ask_more(self, names: Sequence[str]) -> None:
        for name in names:
            if name == "easier" and self.check_in.leaks_more:
                continue  # she goes a step back
            if getattr(self.check_in, name) is None:
                question = self.asked.question(name, f"check_in.questions.{name}")
                self._answer(name, self._asker.yes_no(question))

    def _answer(self, name: str, reply: Reply) -> None:
        if reply is not Reply.NOTHING:
            self.check_in = replace(self.check_in, **{name: reply is Reply.YES})


def tell(
    on: date | None,
    answers: dict[str, Any],
    programme_folder: Path,
    calls: Sequence[str],
    *,
    since: date | None,
    asks_nothing: bool,
) -> None:
    """Notes the ``answers`` of the command and of the questions for the day ``on``, and says what
    follows in the programme of ``programme_folder``. For each group of danger signs in ``calls`` it
    first says whom to call, whatever is wrong with the profile.

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), environment.today()
    said = client_words()
    reporter = TerminalReporter(said)
    for group in calls:
        country = danger_signs.country_of_client(folder, said.language)
        danger_signs.say_whom_to_call(group, programme_folder, said.language, country)
    try:
        programme = programme_reader.read(programme_folder)
        profile = _profile(folder, today)
        prescriptions = prescription_file.read(folder, today)
    except (ContentError, StorageError):
        if answers.get("red_flag"):  # it cannot be kept, but nothing may offer contractions
            safeguard.withdraw_contractions(folder, reporter.note)
        raise
    client.refuse_other(programme, profile)
    on = _day(on, profile, today)
    words = programme.words_in(profile.language)
    ours = messages.words(profile.language)
    check_in = CheckIn(day=profile.day_of(on), **answers)
    earlier = check_ins.read(folder, profile.birth_date, today, reporter.note)
    before = Hers(profile=profile, check_ins=earlier, prescriptions=prescriptions, today=today)
    silent = silence.days_since(since, on, earlier, profile, done=check_in.done)
    is_asked, is_stopped = _is_asked(check_in, programme, asks_nothing=asks_nothing), False
    asker = Asker(ours)
    if is_asked:
        due = set(unasked(programme, before.situation, check_in.day))
        country = profile.country or countries.guessed(profile.language)
        asked = Questions(check_in, earlier, due, asker, Asked(programme, ours), country)
        _open(asked.asked, check_in.day, ours.day(on))
        is_stopped = _is_stopped_during(asked, programme_folder, country)
        check_in = asked.check_in
    if not answer_count(check_in):
        say(ours("check_in.nothing_told"))
        if is_stopped:
            raise click.Abort
        return
    if silent and check_in.done is not None:
        silence.keep(folder, silent, profile, done=check_in.done)
    elif is_asked and not is_stopped and on == today and not check_in.red_flag:
        silence.ask(folder, programme, before, asker, ours)
    check_ins.append(folder, on, check_in, profile.language, after_birth=profile.is_after_birth)
    say(f"\n{ours('check_in.noted')}")
    now = check_ins.read(folder, profile.birth_date, today, _say_nothing)
    after = replace(before, check_ins=now)
    judge = safeguard.apply(after, folder, [], reporter.note)
    if not is_asked and not check_in.red_flag:
        for line in silence.remarks(programme, after, check_in.day, ours):
            say(line)
    for line in replies.reply(programme, words, before, after, check_in):
        say(line)
    context.remake(judge, [], reporter, (after.week, after.week + 1))
    if is_stopped:
        raise click.Abort


def _is_stopped_during(asked: Questions, programme_folder: Path, country: str) -> bool:
    """Asks; returns whether the client stopped before the end. What was answered is kept."""
    say_whom = danger_signs.say_whom_to_call
    try:
        asked.ask(lambda group: say_whom(group, programme_folder, asked.asked.language, country))
    except click.Abort:
        return True
    return False


def _profile(folder: Path, today: date) -> Profile:
    unfinished.refuse(folder)
    if not client.exists(folder):
        raise StorageError(Message("errors.no_profile", file=client.FILE))
    return client.read(folder, today)


def _day(on: date | None, profile: Profile, today: date) -> date:
    """The day of the check-in: today, or that of a birth which further east was today."""
    latest = max(today, profile.birth_date)
    if on is None:
        return latest
    if on > latest:
        raise click.UsageError(Message("errors.option_in_future", on=on, today=today))
    if on < profile.birth_date:
        raise click.UsageError(
            profile.message("errors.option_before_birth", on=on, birth_date=profile.birth_date)
        )
    return on


def _say_nothing(note: str) -> None:
    """Earlier faults were said before."""


def _is_asked(check_in: CheckIn, programme: Programme, *, asks_nothing: bool) -> bool:
    """Whether questions are asked; refuses what tells too little where they cannot be."""
    enough = min(ENOUGH, len(programme.daily_questions))
    given = answer_count(check_in)
    if check_in.red_flag:
        return False
    if not asks_nothing and questions.can_ask():
        return True
    has_sign = bool(check_in.book or check_in.mood)
    if given < (1 if asks_nothing or has_sign else enough):
        may_say_yes = "" if asks_nothing else "_or_yes"
        raise click.UsageError(Message(f"errors.nobody_to_ask_how{may_say_yes}"))
    return False


def _open(asked: Asked, day: int, on: str) -> None:
    ours = messages.words(asked.language)
    say(ours("check_in.opening", day=day, date=on))
    say(ours(f"check_in.how{'' if asked.programme.sign_groups else '_without_signs'}") + "\n")
