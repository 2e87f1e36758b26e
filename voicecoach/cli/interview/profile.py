"""The options of ``voicecoach init`` and the answers of its interview -> a profile."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from voicecoach import environment, letters, messages
from voicecoach.cli import context
from voicecoach.cli.interview import (
    birth,
    fields,
    first_interview,
    natural_voice,
    questions,
    replies,
)
from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import (
    CheckIn,
    Delivery,
    Floor,
    Perineum,
    Position,
)
from voicecoach.content.programme import Programme
from voicecoach.content.questions import Question
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.letters import name_fault
from voicecoach.messages import Message
from voicecoach.pack import safeguard
from voicecoach.planning import gates
from voicecoach.profile import check_ins, client, editing
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile, Told
from voicecoach.profile.unfinished import Unfinished

_TYPES: dict[str, Callable[[str], Any]] = {
    "delivery": Delivery,
    "perineum": Perineum,
    "floor": Floor,
    "position": Position,
    "guidance": Guidance,
    "sessions_a_day": int,
}
_OR_NOT = {"cleared_on": "cleared_or_not", "checked_on": "checked_or_not"}
"""What is said where a day is told and taken back at once."""


def tell(
    options: dict[str, Any],
    of_today: dict[str, bool | None],
    programme_folder: Path,
    voice_source: Path | None,
    *,
    not_cleared: bool,
    not_checked: bool,
    new_birth: bool,
    asks_nothing: bool,
) -> None:
    """Writes what the ``options`` of the command say and what is answered, and says what follows in
    the programme of ``programme_folder``. The answers ``of_today`` become a check-in of today. A
    natural voice is taken from ``voice_source``, or from the internet.

    A first interview that is stopped is kept apart, and goes on the next time; one that changes a
    profile keeps each answer that was given. Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), environment.today()
    programme = programme_reader.read(programme_folder)
    taken_back = {"cleared_on": not_cleared, "checked_on": not_checked}
    told: Told = _told(options, [field for field, is_so in taken_back.items() if is_so])
    for field, message in fields.unfit(told, programme):
        option = first_interview.OPTIONS.get(field, f"--{field.replace('_', '-')}")
        raise click.UsageError(Message("errors.of_option", option=option, message=message))
    is_interviewed = not asks_nothing and questions.can_ask()
    begun = first_interview.begun(folder)
    is_new_birth = new_birth or (begun is not None and begun.is_new_birth)
    if client.exists(folder) and not is_new_birth:
        is_interviewed = is_interviewed and not told
        is_stopped, told = _change(
            folder, told, of_today, today, programme, asks_nothing=asks_nothing
        )
    else:
        answers = Unfinished(
            told={**(begun.told if begun else {}), **fields.known(programme), **told},
            is_new_birth=is_new_birth,
        )
        interview = first_interview.ask(
            folder, answers, of_today, today, programme, asks_nothing=asks_nothing
        )
        is_stopped, told, of_today = interview.is_stopped, interview.told, interview.of_today
        _create(folder, told, today, programme, is_new_birth=is_new_birth)
    if any(answer is not None for answer in of_today.values()):
        _check_in(folder, today, of_today)
    profile = client.read(folder, today)
    reporter = TerminalReporter(messages.words(profile.language))
    hers = client.find(folder, reporter.note, today)
    assert hers is not None  # it has just been written
    judge = safeguard.apply(hers, folder, [], reporter.note)
    _say_where_she_is(programme, hers, told)
    context.remake(judge, [], reporter, (hers.week, hers.week + 1))
    if is_stopped:
        raise click.Abort
    wants_voice: bool | None = told.get("natural_voice")
    if wants_voice is None and is_interviewed:
        wants_voice = natural_voice.ask(folder, profile, reporter.words, voice_source)
    voice = natural_voice.offered(profile) if wants_voice else None
    if voice is not None:
        natural_voice.install(voice, reporter.words, voice_source)
        say(natural_voice.is_here(voice, reporter.words))


def _create(
    folder: Path, told: Told, today: date, programme: Programme, *, is_new_birth: bool
) -> None:
    profile = profile_profile.new_profile(told, today)
    _refuse_faults(profile, told, today, programme)
    unasked = editing.unasked_keys(programme)
    if is_new_birth:
        client.create_for_new_birth(folder, profile, told, today, unasked)
    else:
        client.create(folder, profile, unasked)
    words = messages.words(profile.language)
    name = f", {profile.name}" if profile.name else ""
    say(f"\n{words('init.written', file=client.FILE, name=name)}")
    if is_new_birth:
        key = "init.put_aside" if profile.is_after_birth else "init.last_time_put_aside"
        say(words(key, day=today))
    if gates.are_unasked(programme, profile.situation()) or (
        Question.CATHETER in programme.questions and "has_catheter" not in told
    ):
        say(words("init.unsaid"))


def _change(
    folder: Path,
    told: Told,
    of_today: dict[str, bool | None],
    today: date,
    programme: Programme,
    *,
    asks_nothing: bool,
) -> tuple[bool, Told]:
    """Changes the profile; returns whether the interview was stopped, and what was told. Whoever
    says what is to change is asked nothing."""
    is_stopped = False
    if not (told or asks_nothing or any(answer is not None for answer in of_today.values())):
        if not questions.can_ask():
            raise click.UsageError(Message("errors.say_what_changes"))
        profile = client.read(folder, None)
        client.refuse_other(programme, profile)
        interview = birth.Interview({}, {}, profile, today, programme, lambda told: None)
        try:
            interview.ask()
        except click.Abort:
            is_stopped = True
        told = interview.told
    before, after = client.change(folder, today, _changer(told, today, programme), told)
    keys = ", ".join(editing.changed_keys(before, after))
    key = "init.changed" if keys else "init.unchanged"
    say(f"\n{messages.words(after.language)(key, file=client.FILE, keys=keys)}")
    return is_stopped, told


def _check_in(folder: Path, today: date, answers: dict[str, bool | None]) -> None:
    profile = client.read(folder, today)
    on = max(today, profile.birth_date)
    check_in = CheckIn(day=profile.day_of(on), pain=answers.get("pain"), felt=answers.get("felt"))
    after_birth = profile.is_after_birth
    check_ins.append(folder, on, check_in, profile.language, after_birth=after_birth)


def _told(options: dict[str, Any], taken_back: list[str]) -> dict[str, Any]:
    """The fields of a profile that the options say something of; the days ``taken_back`` never
    were."""
    given = {field: value for field, value in options.items() if value not in (None, ())}
    told = {
        field: _TYPES[field](value) if field in _TYPES else value for field, value in given.items()
    }
    if "name" in told:
        told["name"] = letters.tidied(told["name"]) or None
        fault = name_fault(told["name"] or "", client_words()("script"))
        if fault is not None:
            raise click.UsageError(Message("errors.of_option", option="--name", message=fault))
    for field in taken_back:
        if field in told:
            raise click.UsageError(Message(f"errors.{_OR_NOT[field]}"))
    return {**told, **dict.fromkeys(taken_back)}


def _changer(told: Told, today: date, programme: Programme) -> client.Change:
    def change(profile: Profile) -> Profile:
        client.refuse_other(programme, profile)
        after = profile_profile.changed(profile, told, today)
        _refuse_faults(after, told, today, programme, before=profile)
        return after

    return change


def _refuse_faults(
    profile: Profile,
    told: Told,
    today: date,
    programme: Programme,
    *,
    before: Profile | None = None,
) -> None:
    """Refuses what cannot be so by what she ``told``; what the file said ``before`` is refused,
    with its place, where it is read."""
    known = set() if before is None else {name for name, _ in before.faults(today, is_kept=True)}
    faults = [
        Message(
            "errors.of_option",
            option=first_interview.option_of(field, programme),
            message=message,
        )
        for field, message in profile_profile.faults(profile, told, today)
        if field in told or field not in known
    ]
    if faults:
        raise click.UsageError(messages.lines(faults))


def _say_where_she_is(programme: Programme, hers: Hers, told: Told) -> None:
    for line in replies.outlook(programme, hers):
        say(line)
    cleared_on = told.get("cleared_on")
    if cleared_on is None:
        return
    words = messages.words(hers.profile.language)
    stopped = [first for first, last in gates.stops(programme, hers.situation) if last is None]
    if stopped:
        called_on = hers.profile.birth_date + timedelta(days=max(stopped))
        say(words("init.cleared_before_call", day=words.day(called_on)))
    elif hers.profile.started <= cleared_on < hers.today:
        say(words("init.counted_from", day=words.day(cleared_on), today=hers.today))
