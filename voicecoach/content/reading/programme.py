"""A folder of content -> Programme: programme.yaml for structure and doses, a file per language."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from voicecoach import limits, strict_yaml
from voicecoach.content.exercise import EDITORIAL, StartingPosition
from voicecoach.content.programme import Limits, Phase, Programme
from voicecoach.content.reading import question_tables, rules, sport_table
from voicecoach.content.reading import translations as reading_translations
from voicecoach.content.reading.exercises import EXERCISES
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.key_tables import Entries, Row, list_of, needed, optional, table
from voicecoach.content.reading.sessions import (
    SESSIONS,
    SHORT_OPENING,
    read_session,
    read_short_opening,
)
from voicecoach.content.reading.value_kinds import (
    IDENTIFIER,
    LANGUAGES,
    SECONDS,
    count,
    key_of,
    text,
    whole,
)
from voicecoach.content.rules import TrainingRules
from voicecoach.environment import BUILT_IN, built_in, built_in_names
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.files import FileState, state_or_none
from voicecoach.messages import Message, reason

__all__ = ["BUILT_IN", "built_in", "built_in_names", "read"]

_DAYS = count(limits.DAYS)
_SOURCES = list_of(key_of("sources", "source"))
_LIMITS = table(
    optional("hold_s", SECONDS, "The longest hold, in seconds."),
    optional("intensity_percent", count(), "The highest intensity, of her greatest strength."),
    optional("contractions_a_day", count(least=0), "The most contractions a day; 0 for none."),
    optional("sets_a_day", count(), "The most sets of an exercise on a day."),
    optional("reps", count(), "The most contractions in a set."),
    optional("rest_to_hold", count(least=0), "The shortest rest, as a multiple of the hold."),
    optional("long_hold_s", SECONDS, "The longest hold of whoever chose long holds, in seconds."),
    optional("long_hold_percent", count(), "The highest intensity of such a hold."),
    optional("breath_pause_s", SECONDS, "The longest pause in a breath; without it there is none."),
)
_PHASE = table(
    needed("from_day", _DAYS, "The day on which it may begin at the earliest, counted from day 0."),
    needed("limits", _LIMITS, "The most it may ask; `check` holds every dose to it."),
)
_TALK = table(needed("sources", _SOURCES, "On which sources it rests."))
_TITLES = Entries(text(), "The full title of this source.")
_PHASES = Entries(_PHASE, "A kind of training, and the most it may ask.", at_least_one="phase")
_TALKS = Entries(_TALK, "Something said; its words are in the files of words.")
_POSITION = table(needed("time_s", SECONDS, "The time to get there, in seconds."))
_POSITIONS = Entries(_POSITION, "Lying, on the side, sitting, all fours: a starting position.")
PROGRAMME = table(
    needed("format", whole(least=1, most=1), "The version of this notation: 1."),
    needed("name", IDENTIFIER, "Its identifier: small letters, digits and single hyphens."),
    needed("edition", whole(least=2000, limit=limits.EDITION), "The year of this edition."),
    needed("languages", LANGUAGES, "Such as nl and en; each has a file of words beside this one."),
    needed("sources", _TITLES, "Where numbers and advice come from: an id, and the full title."),
    needed("full_guidance_days", _DAYS, "So many days, a new session is spoken in full."),
    needed("phases", _PHASES, "Kinds of training, in the order of their days."),
    needed("exercises", EXERCISES, "What can be done, and how much of it."),
    needed("talks", _TALKS, "What is said outside the exercises."),
    needed("sessions", SESSIONS, "What is listened to in one go, in the order of a day."),
    optional(
        "check_in", list_of(rules.RULE), "What her answers change; the first that applies decides."
    ),
    optional("training", rules.TRAINING, "How the steps are begun and climbed."),
    optional("starting_positions", _POSITIONS, "How an exercise may begin."),
    optional("main_exercise", key_of("exercises", "exercise"), "What is prescribed, if unnamed."),
    optional("sport", sport_table.SPORT, "What is asked before she hears how to begin with sport."),
    optional("short_opening", SHORT_OPENING, "How sessions open once they are familiar."),
    optional("safety", key_of("talks", "talk"), "The talk that says when to stop and to call."),
    *question_tables.structure_keys(),
)
"""What programme.yaml holds."""


_known: dict[Path, tuple[list[FileState | None], Programme]] = {}
"""Each programme that was read, with the states its files had."""


def read(folder: Path) -> Programme:
    """Reads the programme in ``folder``, strictly; while its files stay as they are, only once.

    Raises ContentError with the problems of all its files at once, StorageError where the folder
    or its programme.yaml is not there.
    """
    try:
        if not folder.is_dir():
            raise StorageError(Message("errors.no_folder", folder=folder))
    except OSError as error:
        raise StorageError(
            Message("errors.folder_cannot_be_read", folder=folder, reason=reason(error))
        ) from error
    states = [state_or_none(path) for path in sorted(folder.glob("*.yaml"))]
    if _known.get(folder, (None,))[0] != states:
        _known[folder] = (states, _read(folder))
    return _known[folder][1]


def _read(folder: Path) -> Programme:
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
    structure = read_structure(strict_yaml.read(path), problems)
    if problems:
        raise ContentError(problems)
    return structure


def read_structure(
    root: strict_yaml.Mapping, problems: list[Problem]
) -> tuple[Programme, tuple[str, ...]]:
    """Reads all but the words, and the languages; faults are added to ``problems``."""
    ids = {
        key: tuple(node.items)
        for key, node in root.items.items()
        if isinstance(node, strict_yaml.Mapping)
    }
    sources = (*ids.get("sources", ()), EDITORIAL)
    row = PROGRAMME.read_row(Fields(root, problems, sources, ids))
    exercises = {id_: each for id_, each in row["exercises"].values.items() if each is not None}
    has_positions = "starting_positions" in row
    positions = row["starting_positions"].values if has_positions else {}
    programme = Programme(
        name=row["name"],
        edition=row["edition"],
        sources=row["sources"].values,
        full_guidance_days=row.number("full_guidance_days"),
        full_guidance_source=row["full_guidance_days"].source,
        phases=tuple(_phases(row["phases"].values)),
        exercises=exercises,
        talks={id_: talk["sources"] for id_, talk in row["talks"].values.items()},
        sessions=tuple(
            read_session(id_, session, exercises) for id_, session in row["sessions"].values.items()
        ),
        rules=tuple(rules.rules(row.get("check_in", ()))),
        training=rules.training(row["training"]) if "training" in row else TrainingRules(),
        safety=row.get("safety"),
        main_exercise=row.get("main_exercise"),
        sport=sport_table.questions(row["sport"]) if "sport" in row else None,
        starting_positions={
            id_: StartingPosition(id=id_, time_ms=each.number("time_s"))
            for id_, each in positions.items()
        },
        short_opening=read_short_opening(row["short_opening"]) if "short_opening" in row else None,
        starting_position_sources=tuple(
            (id_, each["time_s"].source) for id_, each in positions.items()
        ),
        translations={},
    )
    day_zero, asked = question_tables.what_is_asked(row, programme)
    return replace(programme, day_zero=day_zero, questions=asked), row["languages"]


def _phases(rows: Mapping[str, Row]) -> Iterable[Phase]:
    day_before = 0
    for id_, row in rows.items():
        limits_ = row["limits"]
        from_day = row.number("from_day")
        if from_day <= day_before:
            row.fields.refuse(
                "from_day", "phases stand in order of day, each later than the one before"
            )
        day_before = from_day
        yield Phase(
            id=id_,
            from_day=from_day,
            limits=Limits(
                hold_ms=limits_.number("hold_s"),
                intensity_percent=limits_.number("intensity_percent"),
                contractions_a_day=limits_.number("contractions_a_day"),
                sets_a_day=limits_.number("sets_a_day"),
                reps=limits_.number("reps"),
                rest_to_hold=limits_.number("rest_to_hold"),
                long_hold_ms=limits_.number("long_hold_s"),
                long_hold_percent=limits_.number("long_hold_percent"),
                breath_pause_ms=limits_.number("breath_pause_s"),
            ),
            sources=(*row.sources, *limits_.sources),
        )
