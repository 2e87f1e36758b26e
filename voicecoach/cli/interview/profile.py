"""What ``voicecoach init`` was told -> her profile, asked for where that does not say."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from voicecoach import letters, messages
from voicecoach.cli import context
from voicecoach.cli.interview import birth, questions, replies
from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import CheckIn, Delivery, Floor, Perineum, Position
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.messages import Message
from voicecoach.pack import safeguard
from voicecoach.planning import gates
from voicecoach.profile import check_ins, client, editing
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile, Told, name_fault

_OPTIONS = {
    "language": "--language",
    "birth_date": "--birth-date",
    "name": "--name",
    "delivery": "--delivery",
    "perineum": "--perineum",
    "has_catheter": "--catheter/--no-catheter",
    "floor": "--floor",
    "position": "--position",
    "sessions_a_day": "--sessions-a-day",
    "cleared_on": "--cleared-on/--not-cleared",
    "started": "--started",
    "times_of_day": "--times",
}
"""How the fields of a profile are called here."""
_TYPES: dict[str, Callable[[str], Any]] = {
    "delivery": Delivery,
    "perineum": Perineum,
    "floor": Floor,
    "position": Position,
    "guidance": Guidance,
    "sessions_a_day": int,
}


def tell(
    options: dict[str, Any],
    today_answers: dict[str, bool | None],
    programme_folder: Path,
    *,
    not_cleared: bool,
    asks_nothing: bool,
) -> None:
    """Writes what the ``options`` of the command say, and what she answers, and says what follows
    in the programme of ``programme_folder``. Her ``today_answers`` are a check-in of today.

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), date.today()
    told: Told = _told(options, not_cleared=not_cleared)
    tells_of_today = any(answer is not None for answer in today_answers.values())
    if client.exists(folder):
        asks_nothing = asks_nothing or tells_of_today
        told = _ask_again(told, folder, today, asks_nothing=asks_nothing)
        before, after = client.change(folder, today, _changer(told, today), told)
        keys = ", ".join(editing.changed_keys(before, after))
        words = messages.words(after.language)
        key = "init.changed" if keys else "init.unchanged"
        say(f"\n{words(key, file=client.FILE, keys=keys)}")
    else:
        told = _ask_all(told, today, asks_nothing=asks_nothing)
        profile = profile_profile.new_profile(told, today)
        _refuse_faults(profile, told, today)
        client.create(folder, profile)
        words = messages.words(profile.language)
        name = f", {profile.name}" if profile.name else ""
        say(f"\n{words('init.written', file=client.FILE, name=name)}")
        if "has_catheter" not in told or profile.perineum is None:
            say(words("init.unsaid"))
    if tells_of_today:
        _check_in(folder, today, today_answers)
    reporter = TerminalReporter(words)
    hers = client.find(folder, reporter.note, today)
    assert hers is not None  # it has just been written
    judge = safeguard.apply(hers, folder, [], reporter.note)
    _say_where_she_is(programme_reader.read(programme_folder), hers, told)
    context.remake(judge, [], reporter, (hers.week, hers.week + 1))


def _check_in(folder: Path, today: date, answers: dict[str, bool | None]) -> None:
    profile = client.read(folder, today)
    on = max(today, profile.birth_date)
    check_in = CheckIn(day=profile.day_of(on), pain=answers["pain"], felt=answers["felt"])
    check_ins.append(folder, on, check_in, profile.language)


def _told(options: dict[str, Any], *, not_cleared: bool) -> dict[str, Any]:
    """The fields of a profile that the options say something of."""
    given = {field: value for field, value in options.items() if value not in (None, ())}
    told = {
        field: _TYPES[field](value) if field in _TYPES else value for field, value in given.items()
    }
    if "name" in told:
        told["name"] = " ".join(letters.composed(told["name"]).split()) or None
        fault = name_fault(told["name"] or "", client_words()("script"))
        if fault is not None:
            raise click.UsageError(Message("errors.of_option", option="--name", message=fault))
    if not_cleared and "cleared_on" in told:
        raise click.UsageError(Message("errors.cleared_or_not"))
    return {**told, "cleared_on": None} if not_cleared else told


def _ask_all(told: Told, today: date, *, asks_nothing: bool) -> Told:
    missing = [f for f in birth.QUESTIONS if birth.is_asked(f, told, None)]
    if asks_nothing:
        missing = [field for field in missing if field == "birth_date"]
    elif questions.can_ask():
        return birth.ask(told, None, today)
    if missing:
        listed = ", ".join(_OPTIONS[field] for field in missing)
        which = "all" if asks_nothing else "rest"
        raise click.UsageError(Message(f"errors.nobody_to_ask_{which}", options=listed))
    return told


def _ask_again(told: Told, folder: Path, today: date, *, asks_nothing: bool) -> Told:
    """Who says what is to change is asked nothing."""
    if told or asks_nothing:
        return told
    if not questions.can_ask():
        raise click.UsageError(Message("errors.say_what_changes"))
    return birth.ask(told, client.read(folder, None), today)


def _changer(told: Told, today: date) -> client.Change:
    def change(profile: Profile) -> Profile:
        after = profile_profile.changed(profile, told, today)
        _refuse_faults(after, told, today, before=profile)
        return after

    return change


def _refuse_faults(
    profile: Profile, told: Told, today: date, *, before: Profile | None = None
) -> None:
    """Refuses what cannot be so by what she ``told``; what the file said ``before`` is refused,
    with its place, where it is read."""
    known = set() if before is None else {name for name, _ in before.faults(today, is_kept=True)}
    faults = [
        Message("errors.of_option", option=_OPTIONS.get(field, field), message=message)
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
