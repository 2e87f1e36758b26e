"""nl.yaml, en.yaml … -> Translation: all the words of a programme in one language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from voicecoach import letters, strict_yaml
from voicecoach.content.exercise import Breathing, Contractions, Exercise
from voicecoach.content.programme import Programme
from voicecoach.content.reading.fields import Fields
from voicecoach.content.session import ExerciseBlock, Session, TalkBlock
from voicecoach.content.translation import (
    BreathingWords,
    ContractionWords,
    Cues,
    ExerciseWords,
    Guidance,
    Labels,
    Talk,
    Translation,
    WordRules,
)
from voicecoach.errors import ContentError, Problem
from voicecoach.strict_yaml import Place

_SPOKEN = (
    "pronunciation",
    "numbers",
    "number_range",
    "cues",
    "exercises",
    "talks",
    "check_in",
)
"""The keys whose texts are spoken."""
_LONGEST_CLOSING_MS = 60_000
_MOST_LISTED = 20
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|[{}]")

DOSE_PLACEHOLDERS = ("hold", "reps", "sets", "intensity")
"""What words about an exercise may leave open; filled from the dose of the day."""


def read(path: Path, language: str, programme: Programme) -> Translation:
    """Reads the words of ``programme`` in ``language`` from the file ``path``.

    Raises ContentError with every problem of the file: unknown keys, wrong types, words that are
    missing or that the programme does not have.
    """
    problems: list[Problem] = []
    root = strict_yaml.read(path)
    words = read_words(Fields(root, problems, programme.sources), language, programme)
    if problems:
        raise ContentError(problems)
    spoken = (node for key, node in root.items.items() if key in _SPOKEN)
    return replace(words, unsayable=tuple(chain.from_iterable(map(_unsayable, spoken))))


def _unsayable(node: strict_yaml.Node) -> Iterator[Problem]:
    if isinstance(node, strict_yaml.Scalar):
        for odd in node.oddities:
            if not letters.is_sayable(odd.char):
                message = f"no voice can say {letters.about(odd.char)}; use other letters"
                yield odd.place.problem(message)
    elif isinstance(node, strict_yaml.Sequence):
        yield from chain.from_iterable(map(_unsayable, node.items))
    else:
        for key, below in node.items.items():
            if key != "title":  # which is shown
                yield from _unsayable(below)


def read_words(fields: Fields, language: str, programme: Programme) -> Translation:
    """Reads the words of ``programme`` in ``language`` from ``fields``, which gather the faults."""
    fields.known("language", "language (the file is named after it)", [language])
    translation = Translation(
        language=language,
        language_tag=fields.text("language_tag"),
        title=fields.text("title"),
        folder=fields.identifier("folder"),
        artist=fields.text("artist"),
        voice=fields.text("voice"),
        rate_wpm=_rates(fields.fields("rate_wpm")),
        pronunciation=_pronunciation(fields.fields("pronunciation")),
        numbers=_numbers(fields.fields("numbers"), programme),
        number_range=_template(fields, "number_range", "low", "high"),
        labels=_labels(fields.fields("labels")),
        phases=_texts_by_id(fields.fields("phases"), [phase.id for phase in programme.phases]),
        cues=_cues(fields.fields("cues")),
        exercises=_exercises(fields.fields("exercises"), programme),
        sessions=_session_titles(fields.fields("sessions"), programme),
        talks=_talks(fields.fields("talks"), programme),
        advice=_advice(fields.fields("check_in"), programme) if programme.rules else {},
        check=_word_rules(fields.fields("check")) if fields.has("check") else WordRules(),
    )
    fields.close()
    return translation


def _template(fields: Fields, key: str, *allowed: str) -> str:
    text = fields.text(key)
    _check_placeholders(fields, fields.place_of(key), text, allowed)
    return text


def _check_placeholders(fields: Fields, place: Place, text: str, allowed: tuple[str, ...]) -> None:
    for match in _PLACEHOLDER.finditer(text):
        if match[1] not in allowed:
            known = ", ".join(f"{{{name}}}" for name in allowed) or "none"
            message = f"nothing fills {match[0]!r}; what may stand here: {known}"
            fields.refuse_at(place, message)


def _rates(fields: Fields) -> dict[Guidance, int]:
    rates = {guidance: fields.count(guidance.value, least=60).value for guidance in Guidance}
    fields.close()
    return rates


def _pronunciation(fields: Fields) -> dict[str, dict[str, str]]:
    """What to say in place of a word, by voice; any voice and any word may stand here."""
    respelt = {}
    for voice in fields.keys:
        below = fields.fields(voice)
        words: dict[str, str] = {}
        for key in below.keys:
            word = " ".join(key.lower().split())
            if word in words:
                below.refuse(key, "this word stands here twice")
            words[word] = below.text(key)
        respelt[voice] = words
    return respelt


def _numbers(fields: Fields, programme: Programme) -> dict[int, str]:
    numbers = {int(key): fields.text(key) for key in fields.whole_keys()}
    missing = sorted(_spoken_numbers(programme) - set(numbers))
    if missing:
        listed = ", ".join(map(str, missing[:_MOST_LISTED]))
        more = len(missing) - _MOST_LISTED
        listed += f" and {more} more" if more > 0 else ""
        message = f"words are missing for these numbers of the doses: {listed}"
        fields.refuse_at(fields.place, message)
    fields.close()
    return numbers


def _spoken_numbers(programme: Programme) -> set[int]:
    spoken: set[int] = set()
    for exercise in programme.exercises.values():
        for dose in (step.prescription.dose for step in exercise.steps):
            if isinstance(dose, Contractions):
                spoken |= {dose.intensity.low_percent, dose.intensity.high_percent}
                spoken.update(range(1, max(dose.hold_ms // 1000, dose.reps, dose.sets) + 1))
    for session in programme.sessions:
        sets = [b.sets for b in session.blocks if isinstance(b, ExerciseBlock) and b.sets]
        spoken.update(range(1, max(sets, default=0) + 1))
        if session.asks_for_contractions(programme.exercises):
            spoken.update(range(1, _most_minutes_left(session, programme.exercises) + 1))
    return spoken


def _most_minutes_left(session: Session, exercises: Mapping[str, Exercise]) -> int:
    """The most minutes that are announced in ``session``, what it says at its end included."""
    doses_ms = session.longest_doses_ms(exercises)
    return -(-(doses_ms + _LONGEST_CLOSING_MS) // 60_000)


def _labels(fields: Fields) -> Labels:
    labels = Labels(
        album=_template(fields, "album", "programme", "week"),
        week=_template(fields, "week", "week"),
        day=_template(fields, "day", "day"),
        set=_template(fields, "set", "set", "sets"),
        brief=_template(fields, "brief", "title"),
        tones=_template(fields, "tones", "title"),
        source=_template(fields, "source"),
    )
    fields.close()
    return labels


def _cues(fields: Fields) -> Cues:
    cues = Cues(
        set=_template(fields, "set", "set", "sets"),
        minutes_left=_template(fields, "minutes_left", "minutes"),
        minute_left=_template(fields, "minute_left"),
        almost_done=_template(fields, "almost_done"),
        halfway=_template(fields, "halfway"),
        halfway_of_set=_template(fields, "halfway_of_set"),
        last_rep=_template(fields, "last_rep"),
        last_breath=_template(fields, "last_breath"),
        set_rest=_template(fields, "set_rest"),
        holding=_template(fields, "holding"),
    )
    fields.close()
    return cues


def _texts_by_id(fields: Fields, ids: list[str], *allowed: str) -> dict[str, str]:
    texts = {id_: _template(fields, id_, *allowed) for id_ in ids}
    fields.close()
    return texts


def _session_titles(fields: Fields, programme: Programme) -> dict[str, str]:
    titles = {}
    for session in programme.sessions:
        has_dose = session.asks_for_contractions(programme.exercises)
        allowed = DOSE_PLACEHOLDERS if has_dose else ()
        titles[session.id] = _template(fields, session.id, *allowed)
    fields.close()
    return titles


def _exercises(fields: Fields, programme: Programme) -> dict[str, ExerciseWords]:
    words = {
        id_: _exercise(fields.fields(id_), exercise)
        for id_, exercise in programme.exercises.items()
    }
    fields.close()
    return words


def _exercise(fields: Fields, exercise: Exercise) -> ExerciseWords:
    words: ExerciseWords
    if isinstance(exercise.steps[0].prescription.dose, Breathing):
        words = BreathingWords(
            title=_template(fields, "title"),
            introduction=_paragraphs(fields, "introduction"),
            inhale=_template(fields, "inhale"),
            exhale=_template(fields, "exhale"),
            reminders=_paragraphs(fields, "reminders"),
        )
    else:
        words = ContractionWords(
            title=_template(fields, "title"),
            introduction=_paragraphs(fields, "introduction", *DOSE_PLACEHOLDERS),
            first_tighten=_template(fields, "first_tighten"),
            tighten=_template(fields, "tighten"),
            release=_template(fields, "release"),
            last_release=_template(fields, "last_release"),
        )
    fields.close()
    return words


def _advice(fields: Fields, programme: Programme) -> dict[str, tuple[str, ...]]:
    signs = dict.fromkeys(rule.when.value for rule in programme.rules)
    advice = {sign: _paragraphs(fields, sign) for sign in signs}
    fields.close()
    return advice


def _word_rules(fields: Fields) -> WordRules:
    forbidden = fields.fields("forbidden") if fields.has("forbidden") else None
    rules = WordRules(
        let_go_sooner=fields.texts("let_go_sooner") if fields.has("let_go_sooner") else (),
        forbidden={} if forbidden is None else {key: forbidden.text(key) for key in forbidden.keys},
    )
    fields.close()
    return rules


def _paragraphs(fields: Fields, key: str, *allowed: str) -> tuple[str, ...]:
    texts = fields.texts_and_places(key)
    for text, place in texts:
        _check_placeholders(fields, place, text, allowed)
    return tuple(text for text, _ in texts)


def _talks(fields: Fields, programme: Programme) -> dict[str, Talk]:
    without_dose = {
        part.talk
        for session in programme.sessions
        for part in session.all_parts
        if isinstance(part, TalkBlock) and not session.asks_for_contractions(programme.exercises)
    }
    talks = {}
    for id_ in programme.talks:
        below = fields.fields(id_)
        allowed = () if id_ in without_dose else DOSE_PLACEHOLDERS
        talks[id_] = Talk(title=below.text("title"), text=_paragraphs(below, "text", *allowed))
        below.close()
    fields.close()
    return talks
