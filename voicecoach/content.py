"""A folder of content -> Programme: programme.yaml for structure and doses, a file per language."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from voicecoach import strict_yaml, translation
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.fields import Fields, Sourced
from voicecoach.programme import (
    EDITORIAL,
    Block,
    Breathing,
    Contractions,
    Dose,
    Exercise,
    ExerciseBlock,
    Intensity,
    Limits,
    Phase,
    Prescription,
    Programme,
    Session,
    Span,
    Step,
    TalkBlock,
)

_BREATHING_KEYS = ("inhale_s", "exhale_s", "breaths")
_CONTRACTION_KEYS = ("intensity_percent", "hold_s", "rest_s", "reps", "sets", "set_rest_s")


BUILT_IN = "pelvic-floor"


def built_in(name: str = BUILT_IN) -> Path:
    """The folder of the built-in programme ``name``: in the wheel, or beside the source."""
    package = Path(__file__).parent
    for folder in (package / "built_in" / name, package.parent / "content" / name):
        if folder.is_dir():
            return folder
    raise StorageError(f"the built-in programme {name!r} is missing: install voicecoach again")


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
    programme, languages = _read_structure(folder / "programme.yaml")
    problems: list[Problem] = []
    translations = {}
    for language in languages:
        path = folder / f"{language}.yaml"
        try:
            translations[language] = translation.read(path, language, programme)
        except ContentError as error:
            problems += error.problems
        except StorageError as error:
            message = f"{error}; programme.yaml names the language {language!r}"
            problems.append(Problem(file=str(path), line=1, column=1, path="", message=message))
    if problems:
        raise ContentError(problems)
    return replace(programme, translations=translations)


def _read_structure(path: Path) -> tuple[Programme, tuple[str, ...]]:
    problems: list[Problem] = []
    root = strict_yaml.read(path)
    sources_node = root.items.get("sources")
    source_ids = tuple(sources_node.items) if isinstance(sources_node, strict_yaml.Mapping) else ()
    fields = Fields(root, problems, (*source_ids, EDITORIAL))
    fields.whole("format", least=1, most=1)
    languages = fields.texts("languages")
    if not all(re.fullmatch("[a-z]{2,3}", language) for language in languages):
        fields.refuse("languages", "language codes are wanted, such as nl or en")
    if len(set(languages)) < len(languages):
        fields.refuse("languages", "a language is named twice")
    sources = fields.fields("sources")
    talks = _talks(fields.fields("talks"), source_ids)
    all_exercises = _exercises(fields.fields("exercises"))
    exercises = {id_: exercise for id_, exercise in all_exercises.items() if exercise is not None}
    programme = Programme(
        name=fields.identifier("name"),
        edition=fields.whole("edition", least=2000),
        sources={id_: sources.text(id_) for id_ in sources.keys},
        full_guidance_days=fields.count("full_guidance_days").value,
        phases=_phases(fields.fields("phases")),
        exercises=exercises,
        talks=talks,
        sessions=_sessions(fields.fields("sessions"), exercises, all_exercises, talks),
        translations={},
    )
    fields.close()
    if problems:
        raise ContentError(problems)
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
        from_day = below.count("from_day").value
        phases.append(Phase(id=id_, from_day=from_day, limits=_limits(below.fields("limits"))))
        if len(phases) > 1 and phases[-2].from_day >= from_day:
            below.refuse("from_day", "phases stand in order of day, each later than the one before")
        below.close()
    if not phases:
        fields.refuse_at(fields.place, "at least one phase is wanted")
    fields.close()
    return tuple(phases)


def _limits(fields: Fields) -> Limits:
    def given(key: str, least: int = 1) -> int | None:
        return fields.count(key, least=least).value if fields.has(key) else None

    limits = Limits(
        hold_ms=fields.seconds_as_ms("hold_s").value if fields.has("hold_s") else None,
        intensity_percent=given("intensity_percent"),
        contractions_a_day=given("contractions_a_day", least=0),
        rest_to_hold=given("rest_to_hold"),
    )
    fields.close()
    return limits


def _exercises(fields: Fields) -> dict[str, Exercise | None]:
    """The exercises by id; those that cannot be read are ``None``, so that they are known."""
    exercises = {id_: _exercise(id_, fields.fields(id_)) for id_ in fields.keys}
    fields.close()
    return exercises


def _exercise(id_: str, fields: Fields) -> Exercise | None:
    """The exercise, or ``None`` where it cannot be read any further."""
    kind = fields.known("kind", "kind", ("breathing", "contractions"))
    keys = {"breathing": _BREATHING_KEYS, "contractions": _CONTRACTION_KEYS}.get(kind)
    if keys is None:
        return None
    shared = fields.fields("dose")
    rows = fields.fields_list("steps") if fields.has("steps") else (shared,)
    steps: list[Step] = []
    for row in rows:
        from_day = 1 if row is shared else row.count("from_day").value
        if steps and steps[-1].from_day >= from_day:
            row.refuse("from_day", "steps stand in order of day, each later than the one before")
        steps.append(Step(from_day=from_day, prescription=_prescription(id_, keys, row, shared)))
        row.close()
    if not steps:
        return None
    if shared not in rows:
        shared.close()
    fields.close()
    return Exercise(id=id_, steps=tuple(steps))


def _prescription(id_: str, keys: Iterable[str], row: Fields, shared: Fields) -> Prescription:
    """The numbers of ``row``, and those it does not have from ``shared``."""
    places = {key: row if row.has(key) else shared for key in keys}
    numbers = {key: _number(place, key) for key, place in places.items()}
    if "hold_s" in numbers and numbers["hold_s"].value % 1000:
        places["hold_s"].refuse("hold_s", "a hold is counted aloud: whole seconds are wanted")
    return Prescription(
        exercise=id_,
        dose=_dose(numbers),
        sources=tuple((key, number.source) for key, number in numbers.items()),
    )


def _number(fields: Fields, key: str) -> Sourced:
    if key.endswith("_s"):
        return fields.seconds_as_ms(key)
    return fields.percent(key) if key.endswith("_percent") else fields.count(key)


def _dose(numbers: dict[str, Sourced]) -> Dose:
    value = {key: number.value for key, number in numbers.items()}
    if "inhale_s" in numbers:
        return Breathing(
            inhale_ms=value["inhale_s"], exhale_ms=value["exhale_s"], breaths=value["breaths"]
        )
    intensity = numbers["intensity_percent"]
    return Contractions(
        intensity=Intensity(low_percent=intensity.value, high_percent=intensity.high),
        hold_ms=value["hold_s"],
        rest_ms=value["rest_s"],
        reps=value["reps"],
        sets=value["sets"],
        set_rest_ms=value["set_rest_s"],
    )


def _sessions(
    fields: Fields,
    exercises: dict[str, Exercise],
    exercise_ids: Collection[str],
    talks: Collection[str],
) -> tuple[Session, ...]:
    sessions = []
    for id_ in fields.keys:
        below = fields.fields(id_)
        session = Session(
            id=id_,
            schedule=tuple(_span(item) for item in below.fields_list("schedule")),
            opening=below.known("opening", "talk", talks) if below.has("opening") else None,
            condition=below.known("condition", "talk", talks) if below.has("condition") else None,
            blocks=tuple(
                _block(item, exercises, exercise_ids, talks) for item in below.fields_list("blocks")
            ),
            closing=below.known("closing", "talk", talks) if below.has("closing") else None,
        )
        if session.condition is None and session.asks_for_contractions(exercises):
            below.refuse("condition", "a session with contractions must say a condition first")
        below.close()
        sessions.append(session)
    if not sessions:
        fields.refuse_at(fields.place, "at least one session is wanted")
    fields.close()
    return tuple(sessions)


def _span(fields: Fields) -> Span:
    first_day = fields.count("from_day").value
    last_day = fields.count("to_day").value
    times = fields.count("times_a_day").value if fields.has("times_a_day") else 1
    if last_day < first_day:
        fields.refuse("to_day", "the last day lies before the first")
    fields.close()
    return Span(first_day=first_day, last_day=last_day, times_a_day=times)


def _block(
    fields: Fields,
    exercises: dict[str, Exercise],
    exercise_ids: Collection[str],
    talks: Collection[str],
) -> Block:
    if fields.has("talk"):
        talk = fields.known("talk", "talk", talks)
        fields.close()
        return TalkBlock(talk=talk)
    exercise = fields.known("exercise", "exercise", exercise_ids)
    key = "breaths" if fields.has("breaths") else "sets" if fields.has("sets") else None
    override = fields.count(key) if key else None
    dose = exercises[exercise].steps[0].prescription.dose if exercise in exercises else None
    if override and key and dose is not None and not hasattr(dose, key):
        fields.refuse(key, f"the exercise {exercise!r} has no {key}")
    fields.close()
    return ExerciseBlock(
        exercise=exercise,
        breaths=override.value if override and key == "breaths" else None,
        sets=override.value if override and key == "sets" else None,
        override_source=override.source if override else EDITORIAL,
    )
