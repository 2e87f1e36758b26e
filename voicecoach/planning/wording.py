"""Templates and paragraphs of a translation -> the sentences that are spoken or shown. No I/O."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.dose import Dose, Intensity, Length, Number
from voicecoach.content.kinds.kind import field_of
from voicecoach.content.translation import Cues, Guidance, Translation
from voicecoach.messages import Words
from voicecoach.planning.planned import PlannedSession

_ALMOST_DONE_MS = 50_000
"""Under this there is less than a minute left; the lengths of words are estimates."""
_NONE: Mapping[str, Dose] = MappingProxyType({})
_NAMED = re.compile(r"\{([a-z0-9-]+)\.")
"""An exercise that a placeholder names."""
_PLACEHOLDER = re.compile(r"\{[^{}:]+(?::[^{}|]*\|([^{}]*))?\}")
"""With the noun for more, if it has one."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def sentences(text: str) -> tuple[str, ...]:
    """Splits a paragraph after each ``.``, ``!`` or ``?`` that is followed by white space."""
    return tuple(_SENTENCE_END.split(text.strip()))


def number_word(number: int, words: Translation) -> str:
    """``number`` as a word. Every number of a dose has one: the reader of content sees to it."""
    return words.numbers[number]


def minutes_left(left_ms: int, words: Translation) -> str | None:
    """How long a session still takes, to the nearest minute; ``None`` where the language has no
    word for so many."""
    minutes = round(left_ms / 60_000)
    if left_ms < _ALMOST_DONE_MS:
        return words.cues.almost_done
    if minutes == 1:
        return words.cues.minute_left
    if minutes not in words.numbers:
        return None
    return fill(words.cues.minutes_left, words, minutes=minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """What fills a placeholder, also with the forms of its noun: ``{sets:set|sets}``."""

    text: str
    one: str | None = None
    """A word for the number if it is 1, for where its noun follows."""

    def __format__(self, forms: str) -> str:
        singular, _, plural = forms.partition("|")
        if not forms:
            return self.text
        return f"{self.text} {plural}" if self.one is None else f"{self.one} {singular}"


def fill(template: str, words: Translation, **numbers: int) -> str:
    """``template`` with ``numbers`` as words, each with the right form of its noun."""
    return template.format(**{name: _said(number, words) for name, number in numbers.items()})


def between_sets(
    cues: Cues, set_number: int, guidance: Guidance, *, is_half: bool
) -> tuple[str, ...]:
    """The sentences in the rest after the set ``set_number``, from 1; ``is_half`` where half of the
    sets are done and nothing else says so."""
    if guidance is Guidance.TONES:
        return ()
    said = list(sentences(cues.set_rest))
    turn = cues.encouragement if guidance is Guidance.FULL and set_number > 1 else ()
    if turn:  # not on top of it: a rest has room for two sentences before its first tone
        said[-1] = turn[(set_number - 2) % len(turn)]
    return (*said, *([cues.halfway] if is_half else []))


def session_title(session: PlannedSession, words: Translation) -> str:
    """The title of ``session``, with the numbers of its dose, and how it is guided."""
    title = shown(words.sessions[session.id], words, session.contractions)
    match session.guidance:
        case Guidance.BRIEF:
            return words.labels.brief.format(title=title)
        case Guidance.TONES:
            return words.labels.tones.format(title=title)
        case Guidance.FULL:
            return title


def spoken(
    template: str, words: Translation, dose: Dose | None, doses: Mapping[str, Dose] = _NONE
) -> str:
    """``template`` with the numbers of ``dose`` as words, first letter as it stands, and with those
    of ``doses`` where it names an exercise: ``{coughing.reps}``. A sentence that names one that is
    not in ``doses`` is left out, as that exercise is."""
    own = {} if dose is None else dose.numbers
    if _NAMED.search(template):
        template = " ".join(
            each for each in sentences(template) if doses.keys() >= set(_NAMED.findall(each))
        )
    if not own and not doses:
        return template
    return template.format(
        **{id_: _Numbers(each, words) for id_, each in doses.items()},
        **{name: _said(each, words) for name, each in own.items()},
    )


def doses_of(session: PlannedSession) -> dict[str, Dose]:
    """The first dose of each exercise of ``session``, by id: what its talks may name."""
    parts = [part for part in session.parts if isinstance(part, Prescription)]
    return {part.exercise: part.dose for part in reversed(parts)}


def told(talk: str, session: PlannedSession, words: Translation) -> tuple[str, ...]:
    """The paragraphs of ``talk`` in ``session``; without those of which nothing is left."""
    doses = doses_of(session)
    texts = (spoken(each, words, session.contractions, doses) for each in words.talks[talk].text)
    return tuple(filter(None, texts))


def introduced(part: Prescription, words: Translation) -> tuple[str, ...]:
    """The paragraphs before an exercise."""
    own = words.exercises[part.exercise]
    more = (own.cues[key] for key in part.dose.about if key in own.cues)
    return tuple(spoken(each, words, part.dose) for each in (*own.introduction, *more))


class _Numbers:
    """The numbers of a dose, each an attribute, as words."""

    def __init__(self, dose: Dose, words: Translation) -> None:
        self._numbers, self._words = dose.numbers, words

    def __getattr__(self, name: str) -> _Filled:
        return _said(self._numbers[name], self._words)


def _said(number: Number, words: Translation) -> _Filled:
    if isinstance(number, Length):
        return _Filled(text=length_words(number, words))
    if not isinstance(number, Intensity):
        word = number_word(number, words)
        return _Filled(text=word, one=word if number == 1 else None)
    high = number_word(number.high_percent, words)
    if number.low_percent == number.high_percent:
        return _Filled(text=high)
    low = number_word(number.low_percent, words)
    return _Filled(text=words.number_range.format(low=low, high=high))


def length_words(length: Length, words: Translation) -> str:
    """A time with its unit, as it is spoken."""
    if length.minutes == 1:
        return words.lengths["minute"]
    if length.minutes is not None:
        return fill(words.lengths["minutes"], words, minutes=length.minutes)
    return fill(words.lengths["seconds"], words, seconds=length.seconds)


def shown(template: str, words: Translation, dose: Dose | None) -> str:
    """``template`` with the numbers of ``dose`` in digits, for titles; before its noun, a 1 is a
    word."""
    if dose is None:
        return template
    return template.format(**{name: _digits(each, words) for name, each in dose.numbers.items()})


def without_numbers(template: str, mark: str = "…") -> str:
    """``template`` with ``mark`` for each number, and the noun for more."""
    return _PLACEHOLDER.sub(lambda found: f"{mark} {found[1]}" if found[1] else mark, template)


def _digits(number: Number, words: Translation) -> _Filled:
    if isinstance(number, Length):
        return _Filled(text=str(number.seconds))
    if not isinstance(number, Intensity):
        return _Filled(text=str(number), one=number_word(1, words) if number == 1 else None)
    low, high = number.low_percent, number.high_percent
    return _Filled(text=str(high) if low == high else f"{low}–{high}")


def estimate_ms(text: str, rate_wpm: int) -> int:
    """About how long ``text`` takes to say at ``rate_wpm`` words a minute.

    Measured with eSpeak NG, Dutch and English: 90 ms a character at 120 words a minute.
    """
    return 90 * len(text) * 120 // rate_wpm


def number_text(dose: Dose, key: str, headings: Words) -> str | None:
    """The number of ``key``, such as ``hold_s``, with its unit; ``None`` where ``dose`` has none or
    does not use it."""
    name = field_of(key)
    number = getattr(dose, name)
    if (
        number is None
        or (key == "pause_s" and not number)
        or (key == "set_rest_s" and getattr(dose, "sets", 1) == 1)
    ):
        return None
    if isinstance(number, Intensity):
        low, high = number.low_percent, number.high_percent
        return f"{high} %" if low == high else f"{low}–{high} %"
    if key == "length_s" and number % 60_000 == 0:
        return headings("page.minutes", minutes=number // 60_000)
    return seconds_text(number, headings) if name.endswith("_ms") else str(number)


def seconds_text(length_ms: int, headings: Words) -> str:
    """A length in seconds, such as 2,5 s."""
    seconds = f"{length_ms / 1000:g}"
    return f"{seconds.replace('.', headings('decimal_mark'))} s"


def prescribed_by(prescribed: Iterable[ClientPrescription], words: Words) -> tuple[str, ...]:
    """Who prescribed it, as typed: a line for each. Never why."""
    by = {each.by: each.last_day for each in prescribed}
    return tuple(words("notes.prescribed", by=name, day=day) for name, day in by.items())


def beyond_limits(prescribed: Iterable[ClientPrescription], words: Words) -> tuple[str, ...]:
    """The reasons for which it goes beyond the limits of the programme."""
    return tuple(
        words("notes.beyond_limits", exercise=each.exercise, reason=each.beyond_limits)
        for each in prescribed
        if each.beyond_limits is not None
    )
