"""Asks on the terminal what goes into a profile, but for what she has told already."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from voicecoach import messages
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.profile.profile import Profile, Told, first_birth_date, first_start

QUESTIONS = (
    "language",
    "birth_date",
    "name",
    "delivery",
    "perineum",
    "has_catheter",
    "floor",
    "position",
    "sessions_a_day",
    "cleared_on",
    "started",
)
"""The fields that are asked for, in order."""


def ask(told: Told, profile: Profile | None, today: date) -> dict[str, Any]:
    """``told`` and what she answers to the questions about the rest. Enter leaves a field as it is
    in ``profile``, or to what is said."""
    return _Interview(told, profile, today).ask()


def is_asked(field: str, told: Told, profile: Profile | None) -> bool:
    """Whether the question about ``field`` is worth asking."""
    perineum = told.get("perineum", profile.perineum if profile else None)
    if field == "cleared_on" and perineum is not Perineum.OASI:
        return False  # only then contractions wait for it
    return field not in told


class _Interview:
    """Asks one question after the other."""

    def __init__(self, told: Told, profile: Profile | None, today: date) -> None:
        self._told = dict(told)
        self._profile = profile
        self._today = today
        if "language" not in told:
            self._ask_language()
        language = self._told.get("language", profile.language if profile else messages.USUAL)
        self._words = messages.words(language)
        self._ask = Asker(self._words)

    def ask(self) -> dict[str, Any]:
        """Asks what is left, and answers all that was told."""
        asks = {
            "birth_date": self._birth_date,
            "name": self._name,
            "delivery": lambda: self._one_of(
                "delivery", Delivery, self._words.texts("init.delivery_labels")
            ),
            "perineum": lambda: self._one_of(
                "perineum", Perineum, self._words.texts("init.perineum_labels")
            ),
            "has_catheter": self._catheter,
            "floor": lambda: self._one_of("floor", Floor, self._words.texts("init.floor_labels")),
            "position": lambda: self._one_of(
                "position", Position, self._words.texts("init.position_labels")
            ),
            "sessions_a_day": self._sessions_a_day,
            "cleared_on": self._cleared_on,
            "started": self._started,
        }
        for field, put in asks.items():
            if is_asked(field, self._told, self._profile):
                put()
        return self._told

    @property
    def _birth(self) -> date:
        if "birth_date" in self._told or self._profile is None:
            birth: date = self._told["birth_date"]
            return birth
        return self._profile.birth_date

    def _enter(self, otherwise: str) -> str:
        return otherwise if self._profile is None else self._words("init.keep")

    def _put(self, field: str, value: object | None) -> None:
        if value is not None:
            self._told[field] = value

    def _ask_language(self) -> None:
        known = messages.languages()
        now = self._profile.language if self._profile else messages.USUAL
        each = [messages.words(language) for language in known]
        question = " / ".join(words("init.language") for words in each)
        labels = [words("name") for words in each]
        usual = messages.words(now)
        chosen = Asker(usual).choice(question, labels, f"Enter: {usual('name')}")
        self._told["language"] = now if chosen is None else known[chosen]

    def _birth_date(self) -> None:
        is_new = self._profile is None
        first = first_birth_date(self._today)
        enter = "" if is_new else self._words("init.keep")
        day = self._ask.day(
            self._words("init.birth_date"), first, self._today, enter, is_wanted=is_new
        )
        self._put("birth_date", day)

    def _name(self) -> None:
        self._put(
            "name", self._ask.text(self._words("init.name"), self._enter(self._words("init.skip")))
        )

    def _one_of(self, field: str, answers: type[StrEnum], labels: Sequence[str]) -> None:
        values = list(answers)
        now = getattr(self._profile, field) if self._profile else None
        chosen = self._ask.choice(
            self._words(f"init.choices.{field}"),
            labels,
            self._enter(self._words("init.unknown")),
            None if now is None else values.index(now),
        )
        self._put(field, None if chosen is None else values[chosen])

    def _catheter(self) -> None:
        reply = self._ask.yes_no(
            "\n" + self._words("init.catheter"), self._enter(self._words("init.catheter_enter"))
        )
        if reply is not Reply.NOTHING or self._profile is None:
            self._told["has_catheter"] = reply is Reply.YES

    def _sessions_a_day(self) -> None:
        now = self._profile.sessions_a_day if self._profile else None
        chosen = self._ask.choice(
            self._words("init.sessions_a_day"),
            self._words.texts("init.sessions_labels"),
            self._enter(self._words("init.sessions_enter")),
            None if now is None else now - 1,
        )
        self._put("sessions_a_day", None if chosen is None else chosen + 1)

    def _cleared_on(self) -> None:
        enter = self._enter(self._words("init.cleared_enter"))
        day = self._ask.day(self._words("init.cleared_on"), self._birth, self._today, enter)
        self._put("cleared_on", day)

    def _started(self) -> None:
        last = first_start(self._birth, self._today)
        if last > self._today:
            return  # born today: she begins tomorrow
        enter = self._enter(self._words("init.started_enter"))
        self._put("started", self._ask.day(self._words("init.started"), self._birth, last, enter))
