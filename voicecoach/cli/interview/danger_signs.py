"""The danger signs of a check-in: asks about them in groups, and says whom to call about each."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from voicecoach import countries, messages
from voicecoach.cli.interview import replies
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.terminal import say
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError, NotInProgrammeError, StorageError
from voicecoach.messages import Message
from voicecoach.planning.asked import Asked
from voicecoach.profile import client

URGENT = ("now", "today")
"""The groups that are a red flag, and are asked about every time."""
LASTING = ("book", "mood")
"""The groups of what lasts for weeks, and is asked about once a week."""
ASKED_EVERY_DAYS = 7


def told(groups: Sequence[str], *, no_call: bool) -> dict[str, bool]:
    """The answers of a check-in that signs of ``groups`` are. Raises UsageError."""
    lasting = {group: True for group in groups if group in LASTING}
    is_urgent = bool(set(URGENT) & set(groups))
    if is_urgent and no_call:
        raise click.UsageError(Message("errors.call_or_not"))
    return {**lasting, "red_flag": is_urgent} if is_urgent or no_call else lasting


def ask_about(group: str, asker: Asker, asked: Asked, country: str) -> Reply:
    """Whether there is a sign of ``group``; says whom to call in ``country`` if so."""
    signs = "\n".join(f"  - {sign}" for sign in asked.signs(group))
    asker.show(f"\n{signs}\n{asked.whom_to_call(group, country)}")
    return asker.yes_no(messages.words(asked.language)("check_in.any_of_these"))


def is_due(group: str, earlier: Sequence[CheckIn], day: int) -> bool:
    """Whether it is time on ``day`` to ask about ``group`` again."""
    last = max((each.day for each in earlier if getattr(each, group) is not None), default=None)
    return last is None or last <= day - ASKED_EVERY_DAYS


def overdue(earlier: Sequence[CheckIn], day: int) -> set[str]:
    """The questions about signs that have stayed without an answer for some days of check-ins."""
    since = day - ASKED_EVERY_DAYS
    if not any(each.day <= since for each in earlier):
        return set()
    recent = [each for each in earlier if each.day > since]
    return {
        name
        for name in ("pain", "heaviness")
        if all(getattr(each, name) is None for each in recent)
    }


def say_whom_to_call(group: str, programme_folder: Path, language: str, country: str) -> None:
    """Says whom to call about a sign of ``group`` and, after a red flag, the advice of the
    programme, or our own if it has none."""
    words = messages.words(language)
    whom = countries.whom_to_call(group, country, words)
    advice: tuple[str, ...] = (words("check_in.call"),)
    with suppress(ContentError, StorageError, NotInProgrammeError):  # reported when read next
        programme = programme_reader.read(programme_folder)
        whom = Asked(programme, words).whom_to_call(group, country)
        advice = replies.call_advice(programme, programme.words_in(language))
    say("\n" + "\n".join([whom, *(advice if group in URGENT else ())]))


def country_of_client(folder: Path, language: str) -> str:
    """The country of the client, as far as her profile in ``folder`` can be read."""
    with suppress(ContentError, StorageError):  # reported when it is read next
        country = client.read(folder, None).country
        if country is not None:
            return country
    return countries.guessed(language)
