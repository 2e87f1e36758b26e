"""The questions of ``voicecoach prescribe``, and what is typed for them -> fields of an entry."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from voicecoach import dates, letters, limits
from voicecoach.cli.interview.questions import Asker
from voicecoach.content.programme import Programme
from voicecoach.messages import Message, Words
from voicecoach.planning.prescribed_limits import numbers_of
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import LONGEST_BY, LONGEST_WHY, MOST, parse_percent

_OPTIONS = {
    "from_date": "--from",
    "hold_s": "--hold",
    "intensity_percent": "--intensity",
}
"""The options whose names are not those of their fields."""
_LONGEST = {"by": LONGEST_BY, "why": LONGEST_WHY, "beyond_limits": LONGEST_WHY}

Given = dict[str, Any]
"""Fields of an entry and their values."""


def option(key: str) -> str:
    """The option that says the field ``key``."""
    return _OPTIONS.get(key, f"--{key.replace('_', '-')}")


def tidied(key: str, value: Any) -> Any:
    """``value`` as an entry has it. Raises UsageError if it is too long."""
    if key == "leave_out":
        value = value or ()
        return tuple(id_ for part in value for id_ in part.replace(",", " ").split())
    if not isinstance(value, str):
        return value
    text = letters.tidied(value)
    most = _LONGEST.get(key, limits.CHARACTERS_OF_A_NAME)
    if len(text) > most:
        message = Message("yaml.too_long_text", count=len(text), most=most)
        raise click.UsageError(Message("errors.of_option", option=option(key), message=message))
    return text


def asked(given: Given, programme: Programme, hers: Hers, asker: Asker, said: Words) -> Given:
    """The answers to what is not ``given``: all of it where nothing is, else what is needed."""
    skip = said("prescribe.as_in_programme")
    answers: Given = {}
    if not given:
        answers["exercise"] = _exercise_asked(programme, hers, asker, said)
        has = (*numbers_of(programme.exercises[answers["exercise"]]), "times_a_day")
        for key, most in MOST.items():
            if key in has:
                answers[key] = asker.value(said(f"prescribe.ask.{key}"), _whole_up_to(most), skip)
        if "intensity_percent" in has:
            intensity = said("prescribe.ask.intensity_percent")
            answers["intensity_percent"] = asker.value(intensity, parse_percent, skip)
        answers["starting_position"] = _position_asked(programme, hers, asker, said)
        leave_out = said("prescribe.ask.leave_out", known=", ".join(programme.exercises))
        enter = said("prescribe.ask.leave_out_none")
        answers["leave_out"] = asker.value(leave_out, lambda text: (text,), enter)
    if not given.get("until"):
        answers["until"] = asker.value(
            said("prescribe.ask.until"), lambda text: dates.parse_coming_day(text, hers.today)
        )
    if not given.get("by"):
        answers["by"] = asker.value(said("prescribe.ask.by"), partial(tidied, "by"))
    if not given:
        why = said("prescribe.ask.why")
        answers["why"] = asker.value(why, partial(tidied, "why"), said("init.skip"))
    answers = {key: tidied(key, value) for key, value in answers.items()}
    return {key: value for key, value in answers.items() if value is not None}


def _exercise_asked(programme: Programme, hers: Hers, asker: Asker, said: Words) -> str:
    words = programme.words_in(hers.profile.language)
    ids = list(programme.exercises)
    main = programme.main_exercise or ids[0]
    titles = [words.exercises[id_].title for id_ in ids]
    enter = said("prescribe.enter", title=words.exercises[main].title)
    chosen = asker.choice(said("prescribe.ask.exercise"), titles, enter)
    return main if chosen is None else ids[chosen]


def _position_asked(programme: Programme, hers: Hers, asker: Asker, said: Words) -> str | None:
    words = programme.words_in(hers.profile.language)
    ids = list(programme.starting_positions)
    if not ids:
        return None
    titles = [words.starting_positions[id_].title for id_ in ids]
    question = said("prescribe.ask.starting_position")
    chosen = asker.choice(question, titles, said("prescribe.as_in_programme"))
    return None if chosen is None else ids[chosen]


def _whole_up_to(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise ValueError(Message("asking.not_a_number", most=most))
        return int(text)

    return parse
