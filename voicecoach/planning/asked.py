"""What a programme asks a client, in the words of one language: its own, else ours. No I/O."""

from collections.abc import Sequence

from voicecoach import countries
from voicecoach.content.programme import Programme
from voicecoach.content.questions import BIRTH, CHOICES, START, DayZero, Question, QuestionWords
from voicecoach.messages import Words

_NOTHING = QuestionWords()
_QUESTIONS = {BIRTH: "init.birth_date", START: "init.started", "own": "init.day_zero"}
"""How we ask for the day zero of each kind."""


class Asked:
    """Words for what ``programme`` asks. ``ours`` are the program's texts in the language."""

    def __init__(self, programme: Programme, ours: Words) -> None:
        self.programme = programme
        self.language = ours.language
        self._ours = ours
        self._own = programme.translations.get(ours.language)

    @property
    def day_zero(self) -> DayZero:
        """How she is asked for the day that days count from, and what it is called."""
        if self._own is not None and self._own.day_zero is not None:
            return self._own.day_zero
        kind = self._kind
        return DayZero(question=self._ours(_QUESTIONS[kind]), name=self._ours(f"day_zero.{kind}"))

    @property
    def counted(self) -> str:
        """From when days count, as a sentence."""
        key = f"sign_off.counted.{self._kind}"
        return self._ours(key, day_zero=self.day_zero.name)

    @property
    def _kind(self) -> str:
        """The name of our own words for this kind of day zero."""
        named = self.programme.day_zero
        return named if named in (BIRTH, START) else "own"

    def question(self, name: str, our_key: str) -> str:
        """The question ``name``; in our words the text of ``our_key``."""
        return self._words_for(name).question or self.worded(our_key)

    def worded(self, our_key: str) -> str:
        """Our text of ``our_key``; unless it is after a birth, that for anyone if there is one."""
        for_anyone = f"{our_key}_for_anyone"
        is_for_anyone = not self.programme.is_after_birth and for_anyone in self._ours
        return self._ours(for_anyone if is_for_anyone else our_key)

    def labels(self, question: Question) -> Sequence[str]:
        """Its answers, in their order, as they are offered."""
        own = self._words_for(question).answers
        values = [each.value for each in CHOICES[question]]
        if own:
            return [own[value] for value in values]
        return self._ours.texts(f"init.{question}_labels")

    def answer(self, question: str, answer: str) -> str:
        """What is known of a client who gave ``answer``."""
        own = self._words_for(question).answers
        return own.get(answer) or self._ours(f"sign_off.answers.{question}.{answer}")

    @property
    def sign_groups(self) -> tuple[str, ...]:
        """The groups of danger signs there are, the most urgent first: its own, else ours."""
        return tuple(group for group in countries.GROUPS if self.signs(group))

    def signs(self, group: str) -> tuple[str, ...]:
        """The danger signs of ``group``; of ours those that hold for anyone, unless it is after a
        birth. There may be none."""
        own = {} if self._own is None else self._own.signs
        if own:
            return own.get(group, ())
        kind = group if self.programme.is_after_birth else f"anyone.{group}"
        key = f"check_in.signs.{kind}"
        return self._ours.texts(key) if key in self._ours else ()

    def whom_to_call(self, group: str, country: str) -> str:
        """Whom to call in ``country`` about a sign of ``group``: after a birth that may be a
        midwife."""
        return countries.whom_to_call(
            group, country, self._ours, after_birth=self.programme.is_after_birth
        )

    def _words_for(self, name: str) -> QuestionWords:
        return _NOTHING if self._own is None else self._own.questions.get(name, _NOTHING)
