"""``voicecoach init --sport``: what she tried before running and jumping, and what follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click

from voicecoach import environment, messages
from voicecoach.cli import context
from voicecoach.cli.interview import questions
from voicecoach.cli.interview.questions import Asker
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.sport import Ability, SportQuestions, parse_ability
from voicecoach.content.translation import Translation
from voicecoach.errors import StorageError
from voicecoach.messages import Message, Words
from voicecoach.pack import safeguard
from voicecoach.planning import sport
from voicecoach.profile import client, unfinished
from voicecoach.profile.profile import Profile

ASK = "ask"
"""The value of an option ``--sport`` that has none: ask everything."""


def tell(given: Sequence[str], programme_folder: Path, *, asks_nothing: bool) -> None:
    """Keeps what she told in ``given``, such as ``hop=yes``, or is asked, in her profile, and says
    what is still missing. Before its day nothing is kept: the answer is "not yet".

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), environment.today()
    unfinished.refuse(folder)
    if not client.exists(folder):
        raise StorageError(Message("errors.no_profile", file=client.FILE))
    profile = client.read(folder, today)
    programme = programme_reader.read(programme_folder)
    asked, ours = programme.sport, messages.words(profile.language)
    if asked is None:
        raise click.UsageError(Message("errors.no_sport"))
    told = _told([each for each in given if each != ASK], asked)
    opens = sport.opens_on(asked, profile.perineum)
    if profile.today_day(today) < opens:
        say(too_early(asked, profile, ours))
        say(ours("sport.again"))
        return
    words = programme.words_in(profile.language)
    if not told:
        if asks_nothing or not questions.can_ask():
            raise click.UsageError(
                Message(
                    "errors.nobody_to_ask_sport",
                    tests=", ".join(asked.tests),
                    answers=", ".join(Ability),
                )
            )
        told = _ask(asked, words, ours)
    _, after = client.change(folder, today, keeping(told, today), ("sport", "sport_on"))
    for line in what_follows(asked, after, words, ours):
        say(line, indent="  " if line.startswith("- ") else "")
    if sport.still_missing(asked, after.situation()):
        say(ours("sport.again"))
    reporter = TerminalReporter(ours)
    hers = client.find(folder, reporter.note, today)
    assert hers is not None  # it has just been written
    judge = safeguard.apply(hers, folder, [], reporter.note)
    context.remake(judge, [], reporter, (hers.week, hers.week + 1))


def _told(given: Sequence[str], asked: SportQuestions) -> dict[str, Ability]:
    told = {}
    for each in given:
        try:
            id_, ability = parse_ability(each)
        except ValueError as error:
            raise click.UsageError(
                Message("errors.of_option", option="--sport", message=error.args[0])
            ) from error
        if id_ not in asked.tests:
            message = Message("errors.no_sport_test", id=id_, listed=", ".join(asked.tests))
            raise click.UsageError(Message("errors.of_option", option="--sport", message=message))
        told[id_] = ability
    return told


def _ask(asked: SportQuestions, words: Translation, ours: Words) -> dict[str, Ability]:
    say(ours("sport.how"))
    told = {}
    for number, id_ in enumerate(asked.tests, start=1):
        progress = ours("asking.progress", number=number, total=len(asked.tests))
        chosen = Asker(ours).choice(
            f"{progress}. {words.sport[id_]}", ours.texts("sport.labels"), ours("sport.enter")
        )
        if chosen is not None:
            told[id_] = tuple(Ability)[chosen]
    return told


def keeping(told: Mapping[str, Ability], on: date) -> client.Change:
    """Keeps what she ``told`` on a day. Answers of one day belong together; those of another day
    begin anew, and those of an earlier day come too late."""

    def change(profile: Profile) -> Profile:
        if profile.sport_on is not None and profile.sport_on > on:
            return profile
        kept = dict(profile.sport) if profile.sport_on == on else {}
        return replace(profile, sport=tuple({**kept, **told}.items()), sport_on=on)

    return change


def too_early(asked: SportQuestions, profile: Profile, ours: Words) -> str:
    """From when what is ``asked`` counts."""
    opens = sport.opens_on(asked, profile.perineum)
    on = ours.day(profile.birth_date + timedelta(days=opens))
    return ours("sport.too_early", day=opens, date=on)


def what_follows(
    asked: SportQuestions, profile: Profile, words: Translation, ours: Words
) -> Iterator[str]:
    """What follows from what she told: that all of it works, or what is still missing."""
    missing = sport.still_missing(asked, profile.situation())
    if not missing:
        yield ours("sport.all")
        return
    yield ours("sport.not_yet")
    for id_, ability in missing.items():
        reason = ours(f"sport.because.{'untold' if ability is None else ability}")
        yield f"- {words.sport[id_]}: {reason}"
    complaints = {Ability.PAIN, Ability.HEAVINESS, Ability.LEAKS}
    yield ours("sport.see_someone" if complaints & set(missing.values()) else "sport.later")
