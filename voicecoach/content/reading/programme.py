"""A folder of content -> Programme: programme.yaml for structure and doses, a file per language."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from voicecoach import limits, strict_yaml
from voicecoach.content.clinical_state import Sign
from voicecoach.content.exercise import EDITORIAL, Sources
from voicecoach.content.programme import Effect, Limits, Phase, Programme, Rule
from voicecoach.content.reading import translations as reading_translations
from voicecoach.content.reading.exercises import read_exercises
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.sessions import SessionReader
from voicecoach.environment import BUILT_IN, built_in, built_in_names
from voicecoach.errors import ContentError, Problem, StorageError

__all__ = ["BUILT_IN", "built_in", "built_in_names", "read"]

_LEAST_LIMITS = {"hold_s": 1, "intensity_percent": 1, "contractions_a_day": 0, "rest_to_hold": 1}
"""The limits of a phase, and the least each may be."""


def read(folder: Path) -> Programme:
    """Reads the programme in ``folder``, strictly.

    Raises ContentError with the problems of all its files at once, StorageError where the folder
    or its programme.yaml is not there.
    """
    try:
        if not folder.is_dir():
            raise StorageError(f"{folder}: there is no such folder")
    except OSError as error:
        raise StorageError(f"{folder}: cannot be read: {error.strerror}") from error
    programme, languages = _read_file(folder / "programme.yaml")
    problems: list[Problem] = []
    translations = {}
    for language in languages:
        path = folder / f"{language}.yaml"
        try:
            translations[language] = reading_translations.read(path, language, programme)
        except ContentError as error:
            problems += error.problems
        except StorageError as error:
            message = f"{error}; programme.yaml names the language {language!r}"
            problems.append(Problem(file=str(path), line=1, column=1, path="", message=message))
    if problems:
        raise ContentError(problems)
    return replace(programme, translations=translations)


def _read_file(path: Path) -> tuple[Programme, tuple[str, ...]]:
    problems: list[Problem] = []
    root = strict_yaml.read(path)
    sources_node = root.items.get("sources")
    source_ids = tuple(sources_node.items) if isinstance(sources_node, strict_yaml.Mapping) else ()
    structure = read_structure(Fields(root, problems, (*source_ids, EDITORIAL)), source_ids)
    if problems:
        raise ContentError(problems)
    return structure


def read_structure(
    fields: Fields, source_ids: Collection[str]
) -> tuple[Programme, tuple[str, ...]]:
    """Reads all but the words from ``fields``, which gather the faults; and the languages."""
    fields.whole("format", least=1, most=1)
    languages = fields.texts("languages")
    if not all(re.fullmatch("[a-z]{2,3}", language) for language in languages):
        fields.refuse("languages", "language codes are wanted, such as nl or en")
    if len(languages) > limits.MOST_LANGUAGES:
        fields.refuse("languages", f"at most {limits.MOST_LANGUAGES} languages can be kept right")
    if len(set(languages)) < len(languages):
        fields.refuse("languages", "a language is named twice")
    sources = fields.fields("sources")
    talks = _talks(fields.fields("talks"), source_ids)
    all_exercises = read_exercises(fields.fields("exercises"))
    full_guidance_days = fields.count("full_guidance_days")
    exercises = {id_: exercise for id_, exercise in all_exercises.items() if exercise is not None}
    programme = Programme(
        name=fields.identifier("name"),
        edition=fields.whole("edition", least=2000),
        sources={id_: sources.text(id_) for id_ in sources.keys},
        full_guidance_days=full_guidance_days.value,
        full_guidance_source=full_guidance_days.source,
        phases=_phases(fields.fields("phases")),
        exercises=exercises,
        talks=talks,
        sessions=SessionReader(exercises, all_exercises, talks).read(fields.fields("sessions")),
        rules=_rules(fields.fields_list("check_in"), source_ids) if fields.has("check_in") else (),
        safety=fields.known("safety", "talk", talks) if fields.has("safety") else None,
        translations={},
    )
    fields.close()
    return programme, languages


def _talks(fields: Fields, source_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    talks = {}
    for id_ in fields.keys:
        below = fields.fields(id_)
        talks[id_] = below.known_list("sources", "source", tuple(source_ids))
        below.close()
    fields.close()
    return talks


def _phases(fields: Fields) -> tuple[Phase, ...]:
    phases = []
    for id_ in fields.keys:
        below = fields.fields(id_)
        from_day = below.count("from_day")
        limits, sources = _limits(below.fields("limits"))
        phases.append(
            Phase(
                id=id_,
                from_day=from_day.value,
                limits=limits,
                sources=(("from_day", from_day.source), *sources),
            )
        )
        if len(phases) > 1 and phases[-2].from_day >= from_day.value:
            below.refuse("from_day", "phases stand in order of day, each later than the one before")
        below.close()
    if not phases:
        fields.refuse_at(fields.place, "at least one phase is wanted")
    fields.close()
    return tuple(phases)


def _limits(fields: Fields) -> tuple[Limits, Sources]:
    given = {
        key: fields.seconds_as_ms(key) if key == "hold_s" else fields.count(key, least=least)
        for key, least in _LEAST_LIMITS.items()
        if fields.has(key)
    }
    fields.close()
    value = {key: number.value for key, number in given.items()}
    limits = Limits(
        hold_ms=value.get("hold_s"),
        intensity_percent=value.get("intensity_percent"),
        contractions_a_day=value.get("contractions_a_day"),
        rest_to_hold=value.get("rest_to_hold"),
    )
    return limits, tuple((key, number.source) for key, number in given.items())


def _rules(rules: Iterable[Fields], source_ids: Iterable[str]) -> tuple[Rule, ...]:
    """What check-ins change, in order: the first that applies decides."""
    signs, effects = [sign.value for sign in Sign], [effect.value for effect in Effect]
    found = []
    for below in rules:
        when = below.known("when", "sign", signs)
        effect = below.known("then", "effect", effects)
        days = below.count("days") if below.has("days") else None
        sources = below.known_list("sources", "source", tuple(source_ids))
        below.close()
        if when in signs and effect in effects:
            found.append(
                Rule(
                    when=Sign(when),
                    days=1 if days is None else days.value,
                    effect=Effect(effect),
                    sources=sources,
                    days_source=EDITORIAL if days is None else days.source,
                )
            )
    return tuple(found)
