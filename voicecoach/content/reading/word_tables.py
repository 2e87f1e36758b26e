"""The tables of a file of words, such as nl.yaml: what it says, and what each key means. No I/O.

Which phases, exercises, sessions and talks it names is for its programme to decide.
"""

from collections.abc import Iterable, Mapping

from voicecoach import limits
from voicecoach.content.exercise import Side
from voicecoach.content.kinds.dose import Length
from voicecoach.content.kinds.kind import filled, paragraphs, said
from voicecoach.content.programme import Programme
from voicecoach.content.reading import question_tables
from voicecoach.content.reading.exercises import KINDS
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.key_tables import (
    Entries,
    Key,
    Kind,
    Row,
    Table,
    all_optional,
    list_of,
    needed,
    one_shape_of,
    optional,
    table,
)
from voicecoach.content.reading.value_kinds import IDENTIFIER, count, one_of, text
from voicecoach.content.session import TalkBlock

_TITLE = limits.CHARACTERS_OF_A_TITLE
_RATE = count(limits.WORDS_A_MINUTE, least=60)
_RATES = table(
    needed("full", _RATE, "Where each step is spoken."),
    needed("brief", _RATE, "Where little is spoken."),
    needed("tones", _RATE, "Where next to nothing is spoken."),
)
_INSTEAD = Entries(text(), "What is said in place of this sentence.")
_RESPELT = Entries(text(), "What is said for this word.")
_LABELS = table(
    said("album", "A week of the {programme}: {week}.", _TITLE),
    said("week", "A {week}."),
    said("day", "A {day}."),
    said("set", "The {set} of {sets}."),
    said("brief", "The {title} of a session with few words."),
    said("tones", "The {title} of a session with tones only."),
    said("source", "Before the sources of a session."),
)
_CUES = table(
    said("set", "Before {set} of {sets}."),
    said("minutes_left", "How long it still takes: {minutes}.", has_forms=True),
    said("minute_left", "One minute is left."),
    said("almost_done", "Less than a minute is left."),
    said("halfway", "Half of it is done."),
    said("halfway_of_set", "Half of a set is done."),
    said("last_rep", "Before the last contraction of a set."),
    said("last_breath", "With the last breath in."),
    said("set_rest", "Between two sets."),
    said("holding", "During a long hold."),
    optional("encouragement", list_of(text()), "Later, for the end of set_rest, in turn."),
)
_SESSION = "Its title, with {hold}, {reps}, {sets} and {intensity} as digits."
_TALK_TITLE = needed("title", text(most=_TITLE), "A title, as it is shown.")
_OF_THE_SESSION = "The paragraphs, with {hold}, {reps}, {sets} and {intensity} as words."
_ANY_OF_AN_EXERCISE = r"[a-z0-9-]+\.[a-z]+"  # such as coughing.reps
_OWN = ("hold.", "reps.", "sets.", "intensity.")  # those of the session: no exercise is named so
_TALK = table(_TALK_TITLE, paragraphs("text", _OF_THE_SESSION, (_ANY_OF_AN_EXERCISE,)))
_LENGTHS = table(
    said("minutes", "How long: {minutes} minutes.", has_forms=True),
    said("minute", "How long: one minute."),
    said("seconds", "How long: {seconds} seconds.", has_forms=True),
)
_SPOKEN_LABEL = table(
    said("title", "As it is shown.", _TITLE),
    said("cue", "What is said to get there."),
)


def _talk(numbers: Iterable[str], *, has_dose: bool) -> Table:
    """What is said in a talk, which may name ``numbers`` of the exercises that it is told with."""
    meaning = _OF_THE_SESSION if has_dose else "The paragraphs."
    named = (each for each in numbers if not each.startswith(_OWN))
    return table(_TALK_TITLE, paragraphs("text", meaning, tuple(named)))


_ADVICE = (
    paragraphs("red-flag", "After a sign to call about."),
    paragraphs("pain", "After pain."),
    paragraphs("heaviness", "After a heavy feeling."),
    paragraphs("trouble", "After pain or a heavy feeling that came again."),
    paragraphs("not-done", "After days without practice."),
    paragraphs("leaks", "After leaking."),
    paragraphs("leaks-more", "After leaking that practising makes worse."),
    paragraphs("leaks-late", "After leaking when it should have gone."),
    paragraphs("easier", "After she asked for an easier step."),
    paragraphs("book", "After something to make an appointment about."),
    paragraphs("mood", "After a low or anxious mood."),
    paragraphs("not-felt", "After she felt nothing."),
    paragraphs("cannot-let-go", "After letting go did not work."),
    paragraphs("good", "After good days."),
)
_FORBIDDEN = Entries(text(), "Why, and what to say instead.")
_CHECK = table(
    optional("let_go_sooner", list_of(text()), "Words for a long hold that may end sooner."),
    optional("facts", list_of(text()), "Words with a number that no dose decides."),
    optional("nouns", list_of(text()), "What doses count: no number next to these, but facts."),
    optional("forbidden", _FORBIDDEN, "Words not to be said, and why; * stands for any ending."),
)


def _each(kinds: Mapping[str, Kind]) -> Table:
    return table(*(needed(id_, kind, "") for id_, kind in kinds.items()))


def _words(
    language: Kind, phases: Kind, exercises: Kind, sessions: Kind, talks: Kind, *some: Key
) -> Table:
    """What a file of words says, where a programme decides the given kinds."""
    tag = text(most=limits.CHARACTERS_OF_A_LANGUAGE_TAG)
    respelt = Entries(_RESPELT, "A voice, or all of an engine: each word, and what it says for it.")
    numbers = Entries(text(), "This number in words.", are_numbered=True)
    return table(
        needed("language", language, "The language, which is also the name of this file."),
        needed("language_tag", tag, "Its code of three letters (ISO 639-2), for players."),
        needed("title", text(most=_TITLE), "A title, as it is shown."),
        needed("folder", IDENTIFIER, "The folder of its sound files: another in each language."),
        needed("artist", text(most=_TITLE), "Who made it, for players."),
        needed("voice", text(), "Who speaks where no other voice is asked for."),
        needed("rate_wpm", _RATES, "How fast it is spoken, in words a minute."),
        needed("pronunciation", respelt, "What a voice says for a word that it says badly."),
        needed("numbers", numbers, "The numbers that are spoken, in words."),
        said("number_range", "From {low} to {high}."),
        needed("labels", _LABELS, "What the screen of a player shows."),
        needed("phases", phases, "What each phase is called."),
        needed("cues", _CUES, "What is the same in all exercises."),
        needed("exercises", exercises, "What is said in each exercise."),
        needed("sessions", sessions, "The title of each session."),
        needed("talks", talks, "All that is said outside the exercises."),
        *some,
        optional("without_catheter", _INSTEAD, "Who has none hears this in place of a sentence."),
        optional("check", _CHECK, "What `check` also looks for in these words."),
    )


def _lengths() -> Key:
    return needed("lengths", _LENGTHS, "How a time is said in the words of exercises.")


def _sides() -> Key:
    return needed("sides", _each(dict.fromkeys(Side, _SPOKEN_LABEL)), "Left and right.")


def _starting_positions(positions: Kind) -> Key:
    return needed("starting_positions", positions, "Each of those of the programme.")


def _check_in(keys: tuple[Key, ...]) -> Key:
    return needed("check_in", table(*keys), "What she hears or reads after her answers.")


def _sport(tests: Kind) -> Key:
    return needed("sport", tests, "What she tries before sport, as init asks it.")


_EXERCISES = tuple(kind.words_table for kind in KINDS.values())


def _read_exercise(fields: Fields, _: str) -> Row:
    fits = (each for each in _EXERCISES if all(key.name in fields.keys for key in each.keys))
    return next(fits, _EXERCISES[0]).read_row(fields)


ANY_WORDS = _words(
    text(),
    Entries(text(may_hold=()), "What this phase is called."),
    Entries(one_shape_of(_EXERCISES, _read_exercise), "What is said in it."),
    Entries(filled(_SESSION, has_forms=True), _SESSION),
    Entries(_TALK, "A title and a list of paragraphs."),
    *all_optional(
        (
            _lengths(),
            _sides(),
            _starting_positions(Entries(_SPOKEN_LABEL, "A starting position.")),
            _check_in(all_optional(_ADVICE)),
            _sport(Entries(text(most=_TITLE), "Something to try.")),
        )
    ),
    *question_tables.ANY_WORDS,
)
"""What a file of words may say, whatever its programme."""


def words_of(programme: Programme, language: str) -> Table:
    """What the words of ``programme`` in ``language`` say: something for each thing it names, and
    nothing else."""
    has_dose = {s.id: s.asks_for_contractions(programme.exercises) for s in programme.sessions}
    without_dose = {
        part.talk
        for session in programme.sessions
        for part in session.all_parts
        if isinstance(part, TalkBlock) and not has_dose[session.id]
    }
    if programme.short_opening is not None:
        without_dose.update(programme.short_opening.talks)
    numbers = programme.numbers_by_talk()
    titles = {True: filled(_SESSION, has_forms=True), False: text(may_hold=())}
    positions = _each(dict.fromkeys(programme.starting_positions, _SPOKEN_LABEL))
    signs = {rule.when for rule in programme.rules}
    advice = tuple(key for key in _ADVICE if key.name in signs)
    return _words(
        one_of("language (the file is named after it)", (language,)),
        _each({phase.id: text(may_hold=()) for phase in programme.phases}),
        _each({id_: KINDS[each.kind].words_table for id_, each in programme.exercises.items()}),
        _each({id_: titles[has_dose[id_]] for id_ in has_dose}),
        _each(
            {t: _talk(numbers.get(t, ()), has_dose=t not in without_dose) for t in programme.talks}
        ),
        *([_lengths()] if _speaks_of_lengths(programme) else []),
        *([_sides()] if any(each.sides for each in programme.exercises.values()) else []),
        *([_starting_positions(positions)] if programme.starting_positions else []),
        *([_check_in(advice)] if advice else []),
        *(
            [_sport(_each(dict.fromkeys(programme.sport.tests, text(most=_TITLE))))]
            if programme.sport
            else []
        ),
        *question_tables.words_of(programme),
    )


def _speaks_of_lengths(programme: Programme) -> bool:
    return any(
        isinstance(number, Length)
        for exercise in programme.exercises.values()
        for step in exercise.steps
        for number in step.prescription.dose.numbers.values()
    )
