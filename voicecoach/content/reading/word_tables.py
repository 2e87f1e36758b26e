"""The tables of a file of words, such as nl.yaml: what it says, and what each key means. No I/O.

Which phases, exercises, sessions and talks it names is for its programme to decide.
"""

import re
from collections.abc import Mapping

from voicecoach import limits
from voicecoach.content.exercise import Exercise
from voicecoach.content.programme import Programme
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
from voicecoach.content.reading.value_kinds import IDENTIFIER, Value, count, one_of, text
from voicecoach.content.session import TalkBlock

_PARAGRAPH, _TITLE = limits.CHARACTERS_OF_A_PARAGRAPH, limits.CHARACTERS_OF_A_TITLE


def _filled(meaning: str, most: int = _PARAGRAPH) -> Value:
    """A text that may hold the placeholders that its ``meaning`` names."""
    return text(may_hold=tuple(re.findall(r"\{(\w+)\}", meaning)), most=most)


def _said(name: str, meaning: str, most: int = _PARAGRAPH) -> Key:
    return needed(name, _filled(meaning, most), meaning)


def _paragraphs(name: str, meaning: str) -> Key:
    return needed(name, list_of(_filled(meaning)), meaning)


_RATE = count(limits.WORDS_A_MINUTE, least=60)
_RATES = table(
    needed("full", _RATE, "Where each step is spoken."),
    needed("brief", _RATE, "Where little is spoken."),
    needed("tones", _RATE, "Where next to nothing is spoken."),
)
_RESPELT = Entries(text(), "What is said for this word.")
_LABELS = table(
    _said("album", "A week of the {programme}: {week}.", _TITLE),
    _said("week", "A {week}."),
    _said("day", "A {day}."),
    _said("set", "The {set} of {sets}."),
    _said("brief", "The {title} of a session with few words."),
    _said("tones", "The {title} of a session with tones only."),
    _said("source", "Before the sources of a session."),
)
_CUES = table(
    _said("set", "Before {set} of {sets}."),
    _said("minutes_left", "How long it still takes: {minutes}."),
    _said("minute_left", "One minute is left."),
    _said("almost_done", "Less than a minute is left."),
    _said("halfway", "Half of it is done."),
    _said("halfway_of_set", "Half of a set is done."),
    _said("last_rep", "Before the last contraction of a set."),
    _said("last_breath", "With the last breath in."),
    _said("set_rest", "Between two sets."),
    _said("holding", "During a long hold."),
)
_BREATHING = table(
    _said("title", "A title, as it is shown.", _TITLE),
    _paragraphs("introduction", "The paragraphs before it."),
    _said("inhale", "To breathe in."),
    _said("exhale", "To breathe out."),
    _paragraphs("reminders", "Said now and then, in turn."),
)
_CONTRACTIONS = table(
    _said("title", "A title, as it is shown.", _TITLE),
    _paragraphs("introduction", "The paragraphs before it: {hold}, {reps}, {sets}, {intensity}."),
    _said("first_tighten", "To tighten for the first time in a set."),
    _said("tighten", "To tighten."),
    _said("release", "To let go."),
    _said("last_release", "To let go for the last time in a set."),
    optional("during", _filled("What to do."), "What to do while holding, instead of counting."),
)
_SESSION = "Its title, with {hold}, {reps}, {sets} and {intensity} as digits."
_TALK = table(
    needed("title", text(most=_TITLE), "A title, as it is shown."),
    _paragraphs("text", "The paragraphs, with {hold}, {reps}, {sets} and {intensity} as words."),
)
_TALK_WITHOUT_DOSE = table(_TALK.keys[0], _paragraphs("text", "The paragraphs."))
_ADVICE = (
    _paragraphs("red-flag", "After a sign to call about."),
    _paragraphs("pain", "After pain."),
    _paragraphs("heaviness", "After a heavy feeling."),
    _paragraphs("trouble", "After pain or a heavy feeling that came again."),
    _paragraphs("not-done", "After days without practice."),
    _paragraphs("leaks", "After leaking."),
    _paragraphs("not-felt", "After she felt nothing."),
    _paragraphs("cannot-let-go", "After letting go did not work."),
    _paragraphs("good", "After good days."),
)
_FORBIDDEN = Entries(text(), "Why, and what to say instead.")
_CHECK = table(
    optional("let_go_sooner", list_of(text()), "Words for a long hold that may end sooner."),
    optional("forbidden", _FORBIDDEN, "Words not to be said, and why; * stands for any ending."),
)


def _words(
    language: Kind, phases: Kind, exercises: Kind, sessions: Kind, talks: Kind, *check_in: Key
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
        _said("number_range", "From {low} to {high}."),
        needed("labels", _LABELS, "What the screen of a player shows."),
        needed("phases", phases, "What each phase is called."),
        needed("cues", _CUES, "What is the same in all exercises."),
        needed("exercises", exercises, "What is said in each exercise."),
        needed("sessions", sessions, "The title of each session."),
        needed("talks", talks, "All that is said outside the exercises."),
        *check_in,
        optional("check", _CHECK, "What `check` also looks for in these words."),
    )


def _check_in(keys: tuple[Key, ...]) -> Key:
    return needed("check_in", table(*keys), "What she hears or reads after her answers.")


def _read_exercise(fields: Fields, _: str) -> Row:
    return (_BREATHING if fields.has("inhale") else _CONTRACTIONS).read_row(fields)


ANY_WORDS = _words(
    text(),
    Entries(text(may_hold=()), "What this phase is called."),
    Entries(one_shape_of((_BREATHING, _CONTRACTIONS), _read_exercise), "What is said in it."),
    Entries(_filled(_SESSION), _SESSION),
    Entries(_TALK, "A title and a list of paragraphs."),
    *all_optional((_check_in(all_optional(_ADVICE)),)),
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
    titles = {True: _filled(_SESSION), False: text(may_hold=())}
    signs = {rule.when for rule in programme.rules}
    advice = tuple(key for key in _ADVICE if key.name in signs)
    return _words(
        one_of("language (the file is named after it)", (language,)),
        _each({phase.id: text(may_hold=()) for phase in programme.phases}),
        _each({id_: _exercise(exercise) for id_, exercise in programme.exercises.items()}),
        _each({id_: titles[has_dose[id_]] for id_ in has_dose}),
        _each({t: _TALK_WITHOUT_DOSE if t in without_dose else _TALK for t in programme.talks}),
        *([_check_in(advice)] if advice else []),
    )


def _each(kinds: Mapping[str, Kind]) -> Table:
    return table(*(needed(id_, kind, "") for id_, kind in kinds.items()))


def _exercise(exercise: Exercise) -> Table:
    return _CONTRACTIONS if exercise.asks_for_contractions else _BREATHING
