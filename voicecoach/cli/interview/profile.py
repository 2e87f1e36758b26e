"""Asks what a profile lacks, writes it, and says where the client is."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from voicecoach import letters
from voicecoach.cli.interview import birth, questions, replies
from voicecoach.cli.interview import words as interview_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.dates import shown_day
from voicecoach.pack import safeguard
from voicecoach.profile import client, editing
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile, Told

_OPTIONS = {
    "language": "--language",
    "birth_date": "--birth-date",
    "name": "--name",
    "delivery": "--delivery",
    "perineum": "--perineum",
    "has_catheter": "--catheter or --no-catheter",
    "floor": "--floor",
    "position": "--position",
    "sessions_a_day": "--sessions-a-day",
    "cleared_on": "--cleared-on or --not-cleared",
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


def tell(options: dict[str, Any], *, not_cleared: bool, asks_nothing: bool) -> None:
    """Writes what the ``options`` of the command say, and what she answers, and says what follows.

    Raises ContentError, StorageError, UsageError.
    """
    folder, today = Path(), date.today()
    told: Told = _told(options, not_cleared=not_cleared)
    if client.exists(folder):
        told = _ask_again(told, folder, today, asks_nothing=asks_nothing)
        before, after = client.change(folder, today, _changer(told, today), told)
        keys = ", ".join(editing.changed_keys(before, after))
        words = interview_words.in_language(after.language)
        said = words.changed if keys else words.unchanged
        say(f"\n{said.format(file=client.FILE, keys=keys)}")
    else:
        told = _ask_all(told, today, asks_nothing=asks_nothing)
        profile = profile_profile.new_profile(told, today)
        _refuse_faults(profile, told, today)
        client.create(folder, profile)
        words = interview_words.in_language(profile.language)
        name = f", {profile.name}" if profile.name else ""
        say(f"\n{words.written.format(file=client.FILE, name=name)}")
        if "has_catheter" not in told or profile.perineum is None:
            say(words.unsaid)
    hers = client.find(folder, TerminalReporter().note, today)
    assert hers is not None  # it has just been written
    safeguard.apply(hers.situation, [safeguard.OUTPUT], TerminalReporter().note)
    _say_where_she_is(hers, told)


def _told(options: dict[str, Any], *, not_cleared: bool) -> dict[str, Any]:
    """The fields of a profile that the options say something of."""
    given = {field: value for field, value in options.items() if value not in (None, ())}
    told = {
        field: _TYPES[field](value) if field in _TYPES else value for field, value in given.items()
    }
    if "name" in told:
        told["name"] = " ".join(letters.composed(told["name"]).split()) or None
        fault = letters.name_fault(told["name"] or "")
        if fault is not None:
            raise click.UsageError(f"--name: {fault}")
    if not_cleared and "cleared_on" in told:
        raise click.UsageError("--cleared-on and --not-cleared cannot both be so")
    return {**told, "cleared_on": None} if not_cleared else told


def _ask_all(told: Told, today: date, *, asks_nothing: bool) -> Told:
    missing = [f for f in birth.QUESTIONS if birth.is_asked(f, told, None)]
    if asks_nothing:
        missing = [field for field in missing if field == "birth_date"]
    elif questions.can_ask():
        return birth.ask(told, None, today)
    if missing:
        listed = ", ".join(_OPTIONS[field] for field in missing)
        rest = "" if asks_nothing else "; or say the rest with --yes"
        raise click.UsageError(f"there is nobody to ask; say {listed}{rest}")
    return told


def _ask_again(told: Told, folder: Path, today: date, *, asks_nothing: bool) -> Told:
    """Who says what is to change is asked nothing."""
    if told or asks_nothing:
        return told
    if not questions.can_ask():
        raise click.UsageError("say what is to change, such as --no-catheter; see --help")
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
        f"{_OPTIONS.get(field, field)}: {message}"
        for field, message in profile_profile.faults(profile, told, today)
        if field in told or field not in known
    ]
    if faults:
        raise click.UsageError("\n".join(faults))


def _say_where_she_is(hers: Hers, told: Told) -> None:
    language = hers.profile.language
    for line in replies.outlook(programme_reader.read(programme_reader.built_in()), hers):
        say(line)
    cleared_on = told.get("cleared_on")
    if cleared_on is None:
        return
    words = interview_words.in_language(language)
    calls = [each.day for each in hers.check_ins if each.red_flag]
    if calls and hers.profile.day_of(cleared_on) <= max(calls):
        called_on = hers.profile.birth_date + timedelta(days=max(calls))
        say(words.cleared_before_call.format(day=shown_day(called_on, language)))
    elif hers.profile.started <= cleared_on < hers.today:
        say(words.counted_from.format(day=shown_day(cleared_on, language), today=hers.today))
