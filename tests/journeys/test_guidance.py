"""How much is spoken: each step, the first and the last, or next to nothing. And what is the same
however much it is: the dose, the tones, what must be heard before, and where one is.

The words take as long as we estimate; the laws hold for the built-in programme, in all languages.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

import pytest
import signs
from looping import for_each

from voicecoach.authoring import check
from voicecoach.cli import context
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Sets
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Cues, Guidance
from voicecoach.pack import layout
from voicecoach.planning import plan, wording
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import script, timeline, writer
from voicecoach.script.script import Cue, Say, Script, SpeechCue, Tone
from voicecoach.script.timeline import Event, Timeline

PROGRAMME = context.open_programme(None)
LANGUAGES = tuple(PROGRAMME.translations)


@cache
def planned() -> dict[tuple[str, int, Guidance], PlannedSession]:
    """Every session that anyone may do, by its first day; of those that differ in position alone,
    the first."""
    distinct = check.distinct_sessions(PROGRAMME)
    return {
        (session.id, day, session.guidance): session for session, day in reversed(distinct.items())
    }


def is_talk(session: str) -> bool:
    return session.startswith(("welcome", "explanation"))


def done() -> list[tuple[str, int]]:
    return sorted({(id_, day) for id_, day, _ in planned()})


def exercises() -> list[tuple[str, int, str]]:
    return [
        (id_, day, language) for id_, day in done() if not is_talk(id_) for language in LANGUAGES
    ]


def talks() -> list[tuple[str, int]]:
    return [(id_, day) for id_, day in done() if is_talk(id_)]


MINUTES_MAY_BE_OFF_BY_MS = 35_000
ROOMY_REST_MS = 5000
HALF = "Je bent halverwege."
LONGEST_WALK_ALONE_MS = 300_000
AT_ONCE_MS = 300
"""Words that end so shortly before a tone say what the tone asks for."""

each_exercise = for_each("session, day, language", exercises)
each_guidance = for_each("guidance", lambda: Guidance)


@lru_cache(maxsize=1)
def written(session: str, day: int, language: str, guidance: Guidance) -> Script:
    return writer.write(planned()[session, day, guidance], PROGRAMME.translations[language])


def at_rate(session: str, day: int, language: str, guidance: Guidance, slower: float) -> Timeline:
    found = written(session, day, language, guidance)
    return timeline.lay_out(
        found, lambda text: round(slower * wording.estimate_ms(text, found.rate_wpm))
    )


@cache
def heard(session: str, day: int, language: str, guidance: Guidance) -> Timeline:
    return at_rate(session, day, language, guidance, 1)


@pytest.fixture(scope="module", autouse=True)
def forgetting() -> Iterator[None]:
    """What was laid out is for these tests alone, and much."""
    yield
    planned.cache_clear()
    heard.cache_clear()


def at_every_guidance(session: str, day: int, language: str) -> list[Timeline]:
    return [heard(session, day, language, guidance) for guidance in Guidance]


def tones(laid_out: Timeline, *cues: Cue) -> list[Event]:
    """The tones of ``cues``; all, where none is named."""
    wanted = cues or tuple(Cue)
    return [e for e in laid_out.events if isinstance(e.sound, Tone) and e.sound.cue in wanted]


def speech(laid_out: Timeline, from_ms: int = 0, to_ms: int | None = None) -> list[Event]:
    """The words that begin in a span of time."""
    end_ms = laid_out.duration_ms if to_ms is None else to_ms
    return [
        e for e in laid_out.events if isinstance(e.sound, Say) and from_ms <= e.start_ms < end_ms
    ]


def texts(events: list[Event]) -> list[str]:
    return [event.sound.text for event in events if isinstance(event.sound, Say)]


def contractions(laid_out: Timeline) -> Iterator[tuple[int, Contractions]]:
    for index, block in enumerate(laid_out.blocks):
        if isinstance(block.dose, Contractions):
            yield index, block.dose


def plain(laid_out: Timeline) -> Iterator[tuple[int, Contractions]]:
    """The contractions whose sets end without quick ones."""
    return (each for each in contractions(laid_out) if each[1].quick is None)


def breathing(laid_out: Timeline) -> Iterator[tuple[int, Breathing]]:
    for index, block in enumerate(laid_out.blocks):
        if isinstance(block.dose, Breathing):
            yield index, block.dose


def of_block(events: list[Event], block: int) -> list[Event]:
    return [event for event in events if event.sound.where.block == block]


def is_activity(laid_out: Timeline, event: Event) -> bool:
    return isinstance(laid_out.blocks[event.sound.where.block].dose, Activity)


def half_way(dose: Contractions, cues: Cues) -> list[str]:
    """What is said where half of a set is done, if there is time: of which half it is."""
    if dose.rest_ms < ROOMY_REST_MS:
        return []
    return [cues.halfway_of_set if dose.sets > 1 else cues.halfway]


def test_there_is_something_to_look_at() -> None:
    trained = {session.id for session in PROGRAMME.sessions if session.is_exercise}
    assert {(id_, language) for id_, _, language in exercises()} == {
        (id_, language) for id_ in trained for language in LANGUAGES
    }
    assert {id_ for id_, _ in talks()} == {session.id for session in PROGRAMME.sessions} - trained
    for session, day, language in exercises():
        laid_out = heard(session, day, language, Guidance.FULL)
        assert any(block.dose is not None for block in laid_out.blocks)


# --- the same at every guidance: the dose and the tones ------------------------------------------


@each_exercise
def test_the_tones_are_the_same_in_the_same_order(session: str, day: int, language: str) -> None:
    full, brief, none = (
        [(tone.sound, tone.end_ms - tone.start_ms) for tone in tones(laid_out)]
        for laid_out in at_every_guidance(session, day, language)
    )
    assert full == brief == none


@each_exercise
def test_within_an_exercise_the_tones_come_at_the_same_times(
    session: str, day: int, language: str
) -> None:
    """From the first tone of the first repetition to the end of the last rest."""
    in_each = []
    for laid_out in at_every_guidance(session, day, language):
        times = []
        for index in range(len(laid_out.blocks)):
            all_tones = of_block(tones(laid_out), index)
            first = of_block(tones(laid_out, Cue.TIGHTEN, Cue.INHALE, Cue.START), index)[:1]
            times += [(t.start_ms - f.start_ms, t.sound) for f in first for t in all_tones]
        in_each.append([each for each in times if each[0] >= 0])
    full, brief, none = in_each
    assert full == brief == none
    assert full


@each_exercise
@each_guidance
def test_holds_and_rests_are_exactly_the_dose(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    laid_out = heard(session, day, language, guidance)
    assert laid_out.misfits == ()
    for index, dose in plain(laid_out):
        effort = of_block(tones(laid_out, Cue.TIGHTEN, Cue.RELEASE), index)
        assert len(effort) == 2 * dose.sets * dose.reps
        for tighten, release in zip(effort[::2], effort[1::2], strict=True):
            assert release.start_ms - tighten.start_ms == dose.hold_ms
        for release, tighten in zip(effort[1::2], effort[2::2], strict=False):
            is_same_set = release.sound.where.set_number == tighten.sound.where.set_number
            rest_ms = dose.rest_ms if is_same_set else dose.set_rest_ms
            assert tighten.start_ms - release.start_ms == rest_ms
    for index, dose in breathing(laid_out):
        glides = of_block(tones(laid_out, Cue.INHALE, Cue.EXHALE), index)
        assert [g.end_ms - g.start_ms for g in glides] == [
            dose.inhale_ms,
            dose.exhale_ms,
        ] * dose.breaths
        assert all(one.end_ms == other.start_ms for one, other in pairwise(glides))


@each_exercise
def test_no_rest_takes_longer_for_a_slower_voice(session: str, day: int, language: str) -> None:
    for guidance in Guidance:
        assert at_rate(session, day, language, guidance, 1.1).misfits == ()


# --- the same at every guidance: what must be heard ----------------------------------------------


@each_exercise
def test_what_is_said_outside_the_repetitions_is_the_same_word_for_word(
    session: str, day: int, language: str
) -> None:
    """Opening, condition, introductions and closing."""
    full, brief, none = (
        [
            (e.sound.where.block, e.sound.text)
            for e in speech(laid_out)
            if isinstance(e.sound, Say) and e.sound.where.rep is None
        ]
        for laid_out in at_every_guidance(session, day, language)
    )
    assert full == brief == none


@each_exercise
@each_guidance
def test_opening_condition_and_closing_are_said_in_full(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, guidance)
    asked = planned()[session, day, guidance]
    for index, part in enumerate(asked.parts):
        if isinstance(part, TalkBlock):
            written = " ".join(words.talks[part.talk].text)
            said = " ".join(texts(of_block(speech(laid_out), index)))
            doses = wording.doses_of(asked)
            assert said == wording.spoken(written, words, asked.contractions, doses)


@each_exercise
@each_guidance
def test_the_condition_is_heard_before_the_first_tighten_tone(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    laid_out = heard(session, day, language, guidance)
    assert PROGRAMME.short_opening is not None
    in_short = PROGRAMME.short_opening.condition
    condition = [
        i
        for i, block in enumerate(laid_out.blocks)
        if block.exercise == in_short or block.exercise.endswith("-condition")
    ]
    tightens = tones(laid_out, Cue.TIGHTEN)
    assert len(condition) == bool(tightens)
    for index in condition:
        assert of_block(speech(laid_out), index)[-1].end_ms < tightens[0].start_ms


@for_each("session, day", talks)
def test_a_session_that_only_speaks_is_one_and_the_same(session: str, day: int) -> None:
    assert [guidance for guidance in Guidance if (session, day, guidance) in planned()] == ["full"]


# --- what differs: contractions ------------------------------------------------------------------


class Repetition:
    """One contraction, with what is said of it: before its tighten tone and after its release."""

    def __init__(self, laid_out: Timeline, effort: list[Event], number: int) -> None:
        tighten, release = effort[2 * number : 2 * number + 2]
        self.set_number = tighten.sound.where.set_number
        self.rep = tighten.sound.where.rep
        before_ms = effort[2 * number - 1].start_ms if number else 0
        is_last = 2 * number + 2 == len(effort)
        after_ms = laid_out.duration_ms if is_last else effort[2 * number + 2].start_ms
        self.lead_in = [
            e
            for e in speech(laid_out, before_ms, tighten.start_ms)
            if tighten.start_ms - e.end_ms <= AT_ONCE_MS
        ]
        self.during = texts(speech(laid_out, tighten.start_ms, release.start_ms))
        self.let_go = [
            e
            for e in speech(laid_out, release.start_ms, after_ms)
            if e.start_ms - release.start_ms <= AT_ONCE_MS
        ]
        after = speech(laid_out, release.start_ms, after_ms)
        self.after = texts(of_block(after, release.sound.where.block))


def repetitions(laid_out: Timeline, block: int) -> list[Repetition]:
    effort = of_block(tones(laid_out, Cue.TIGHTEN, Cue.RELEASE), block)
    return [Repetition(laid_out, effort, number) for number in range(len(effort) // 2)]


@each_exercise
def test_full_leads_into_every_repetition_and_lets_go_of_it(
    session: str, day: int, language: str
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.FULL)
    for block, dose in plain(laid_out):
        own = words.exercises[laid_out.blocks[block].exercise]
        for repetition in repetitions(laid_out, block):
            is_first, is_last = repetition.rep == 1, repetition.rep == dose.reps
            before = own.cues["first_tighten"] if is_first else own.cues["tighten"]
            expected = words.cues.last_rep if is_last else before
            assert texts(repetition.lead_in) == [expected]
            assert texts(repetition.let_go) == [
                own.cues["last_release"] if is_last else own.cues["release"]
            ]


@each_exercise
def test_brief_speaks_the_first_repetition_of_a_set_and_the_last(
    session: str, day: int, language: str
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.BRIEF)
    for block, dose in plain(laid_out):
        own = words.exercises[laid_out.blocks[block].exercise]
        for repetition in repetitions(laid_out, block):
            if repetition.rep == 1:
                assert texts(repetition.lead_in) == [own.cues["first_tighten"]]
                assert texts(repetition.let_go) == [own.cues["release"]]
            elif repetition.rep == dose.reps:
                assert texts(repetition.lead_in) == [words.cues.last_rep]
                assert texts(repetition.let_go) == [own.cues["last_release"]]
            else:
                assert texts(repetition.let_go) == []


@each_exercise
def test_between_those_brief_says_only_where_half_of_a_set_is_done(
    session: str, day: int, language: str
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.BRIEF)
    for block, dose in plain(laid_out):
        for repetition in repetitions(laid_out, block):
            if repetition.rep not in (1, dose.reps):
                assert repetition.during == []
            if repetition.rep == dose.reps // 2:
                assert repetition.after == half_way(dose, words.cues)
            elif repetition.rep not in (1, dose.reps - 1, dose.reps):
                assert repetition.after == []


@each_exercise
@each_guidance
def test_quick_ones_end_a_set_exactly_and_are_led_into_once(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    laid_out = heard(session, day, language, guidance)
    for block, dose in contractions(laid_out):
        quick = dose.quick
        if quick is None:
            continue
        own = PROGRAMME.translations[language].exercises[laid_out.blocks[block].exercise]
        in_a_set = dose.reps + quick.reps
        effort = of_block(tones(laid_out, Cue.TIGHTEN, Cue.RELEASE), block)
        assert len(effort) == 2 * dose.sets * in_a_set
        of = repetitions(laid_out, block)
        for number, repetition in enumerate(of):
            tighten, release = effort[2 * number : 2 * number + 2]
            is_quick = number % in_a_set >= dose.reps
            assert repetition.rep == number % in_a_set + 1
            held_ms = dose.quick_hold_ms if is_quick else dose.hold_ms
            assert release.start_ms - tighten.start_ms == held_ms
            if repetition.rep < in_a_set:
                is_quick_rest = repetition.rep > dose.reps
                rest_ms = dose.quick_rest_ms if is_quick_rest else dose.rest_ms
                assert effort[2 * number + 2].start_ms - release.start_ms == rest_ms
            if is_quick:
                is_led_into = repetition.rep == dose.reps + 1 and guidance is not Guidance.TONES
                assert texts(repetition.lead_in) == [own.cues["first_quick"]] * is_led_into
                assert repetition.during == []
            if guidance is not Guidance.TONES and repetition.rep in (dose.reps, in_a_set):
                key = "last_release" if is_quick else "release"
                assert texts(repetition.let_go) == [own.cues[key]]


@each_exercise
def test_brief_counts_where_it_speaks(session: str, day: int, language: str) -> None:
    full = heard(session, day, language, Guidance.FULL)
    brief = heard(session, day, language, Guidance.BRIEF)
    for block, dose in contractions(brief):
        pairs = zip(repetitions(full, block), repetitions(brief, block), strict=True)
        for spoken_in_full, spoken_briefly in pairs:
            if spoken_briefly.rep in (1, dose.reps):
                assert spoken_briefly.during == spoken_in_full.during


@each_exercise
def test_tones_says_nothing_within_a_set(session: str, day: int, language: str) -> None:
    laid_out = heard(session, day, language, Guidance.TONES)
    for block, dose in plain(laid_out):
        effort = of_block(tones(laid_out, Cue.TIGHTEN, Cue.RELEASE), block)
        for number in range(dose.sets):
            of_set = effort[2 * dose.reps * number : 2 * dose.reps * (number + 1)]
            assert speech(laid_out, of_set[0].start_ms, of_set[-1].start_ms) == []


@each_exercise
def test_tones_says_where_a_set_changes_and_nothing_else_between_sets(
    session: str, day: int, language: str
) -> None:
    laid_out = heard(session, day, language, Guidance.TONES)
    for block, dose in contractions(laid_out):
        effort = of_block(tones(laid_out, Cue.TIGHTEN, Cue.RELEASE), block)
        chords = of_block(tones(laid_out, Cue.SET), block)
        said = [e.sound for e in speech(laid_out, effort[0].start_ms, effort[-1].start_ms)]
        announced = [sound for sound in said if sound.cue is SpeechCue.ANNOUNCE]
        assert said == announced
        assert len(said) == 2 * (dose.sets - 1)
        assert len(chords) == (dose.sets if dose.sets > 1 else 0)
        after = [e for e in speech(laid_out, effort[-1].start_ms) if e.sound.where.block == block]
        assert after == []


def with_dose(guidance: Guidance, **numbers: int) -> Timeline:
    """The endurance session, one set of it, with these numbers in its dose."""
    planned = plan.plan_session(PROGRAMME, "endurance-one-set", 20, guidance)
    parts = tuple(
        replace(part, dose=replace(part.dose, **numbers))
        if isinstance(part, Prescription) and isinstance(part.dose, Contractions)
        else part
        for part in planned.parts
    )
    written = writer.write(replace(planned, parts=parts), PROGRAMME.translations["nl"])
    return timeline.lay_out(written, lambda text: 60)


@pytest.mark.parametrize(
    ("reps", "spoken", "half"),
    [
        (1, [1], []),
        (2, [1, 2], []),
        (3, [1, 3], []),
        (4, [1, 4], [2]),
        (5, [1, 5], [2]),
        (7, [1, 7], [3]),
        (10, [1, 10], [5]),
    ],
)
def test_brief_knows_sets_of_few_repetitions_and_of_many(
    reps: int, spoken: list[int], half: list[int]
) -> None:
    laid_out = with_dose(Guidance.BRIEF, reps=reps)
    [(block, _)] = contractions(laid_out)
    of = repetitions(laid_out, block)
    assert [r.rep for r in of if r.let_go] == spoken
    assert [r.rep for r in of if r.during] == spoken
    assert [r.rep for r in of if HALF in r.after] == half


@pytest.mark.parametrize("guidance", [Guidance.FULL, Guidance.BRIEF])
@pytest.mark.parametrize(
    ("rest_ms", "sets", "said"),
    [
        (4000, 1, []),
        (4999, 3, []),
        (4999, 2, [HALF]),
        (4000, 4, [HALF]),
        (5000, 3, ["Halverwege deze ronde."] * 3),
        (5000, 2, ["Halverwege deze ronde."] * 2),
        (5000, 1, [HALF]),
        (20_000, 1, [HALF]),
    ],
)
def test_half_way_is_said_of_each_set_where_there_is_time_and_else_between_two_halves(
    guidance: Guidance, rest_ms: int, sets: int, said: list[str]
) -> None:
    laid_out = with_dose(guidance, rest_ms=rest_ms, sets=sets)
    halves = [text for text in texts(speech(laid_out)) if "halverwege" in text.lower()]
    assert halves == said


@pytest.mark.parametrize("sets", [2, 4])
def test_in_a_rest_between_sets_half_way_never_comes_in_the_place_of_a_cue(sets: int) -> None:
    laid_out = with_dose(Guidance.FULL, rest_ms=4000, sets=sets)
    [(block, dose)] = contractions(laid_out)
    told = [(r.set_number, r.rep) for r in repetitions(laid_out, block) if HALF in r.after]
    assert told == [(sets // 2, dose.reps)]


def test_the_cough_is_told_before_its_hold_in_which_its_tone_sounds_alone() -> None:
    for language, told in (("nl", "kuch zacht."), ("en", "cough")):
        laid_out = heard("coughing", 22, language, Guidance.FULL)
        [(cough, dose), _] = contractions(laid_out)
        coughs = repetitions(laid_out, cough)
        assert [each.during for each in coughs] == [[]] * dose.reps
        assert all(told in texts(each.lead_in)[0] for each in coughs[:-1])
        assert len(of_block(tones(laid_out, Cue.COUGH), cough)) == dose.reps


# --- what differs: breathing ---------------------------------------------------------------------


def said_in_breaths(laid_out: Timeline, block: int) -> list[list[str]]:
    """What is said in each breath, in and out."""
    glides = of_block(tones(laid_out, Cue.INHALE, Cue.EXHALE), block)
    return [
        texts(speech(laid_out, inhale.start_ms, exhale.end_ms))
        for inhale, exhale in zip(glides[::2], glides[1::2], strict=True)
    ]


@each_exercise
def test_full_speaks_in_every_breath(session: str, day: int, language: str) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.FULL)
    for block, dose in breathing(laid_out):
        own = words.exercises[laid_out.blocks[block].exercise]
        said = said_in_breaths(laid_out, block)
        assert len(said) == dose.breaths
        assert all(breath[:2] == [own.cues["inhale"], own.cues["exhale"]] for breath in said[:-1])
        last = words.cues.last_breath if dose.breaths > 1 else own.cues["inhale"]
        assert said[-1][:2] == [last, own.cues["exhale"]]


@each_exercise
def test_reminders_come_in_the_order_in_which_they_are_written(
    session: str, day: int, language: str
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.FULL)
    for block, dose in breathing(laid_out):
        own = words.exercises[laid_out.blocks[block].exercise]
        said = [text for breath in said_in_breaths(laid_out, block) for text in breath]
        half = dose.breaths // 2 if dose.breaths >= 8 else None
        places = [n for n in range(4, dose.breaths + 1, 4) if n != half]
        expected = [own.reminders[n % len(own.reminders)] for n in range(len(places))]
        assert [text for text in said if text in own.reminders] == expected


@each_exercise
def test_brief_speaks_in_the_first_breath_half_way_and_in_the_last(
    session: str, day: int, language: str
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, Guidance.BRIEF)
    for block, dose in breathing(laid_out):
        own = words.exercises[laid_out.blocks[block].exercise]
        expected: list[list[str]] = [[] for _ in range(dose.breaths)]
        if dose.breaths >= 8:
            expected[dose.breaths // 2 - 1] = [words.cues.halfway]
        expected[-1] = [words.cues.last_breath, own.cues["exhale"]]
        expected[0] = [own.cues["inhale"], own.cues["exhale"]]  # the only one, where there is one
        assert said_in_breaths(laid_out, block) == expected


@each_exercise
def test_tones_says_nothing_while_one_breathes(session: str, day: int, language: str) -> None:
    laid_out = heard(session, day, language, Guidance.TONES)
    for block, dose in breathing(laid_out):
        assert said_in_breaths(laid_out, block) == [[]] * dose.breaths


# --- where one is --------------------------------------------------------------------------------


def minutes_said(text: str, language: str) -> float | None:
    """How many minutes ``text`` says are left."""
    words = PROGRAMME.translations[language]
    said = {words.cues.minutes_left.format(minutes=w): n for n, w in words.numbers.items()}
    said |= {words.cues.minute_left: 1}
    return said.get(text)


@each_exercise
@each_guidance
def test_every_set_says_which_it_is_of_how_many_and_how_long_it_still_takes(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, guidance)
    for block, dose in contractions(laid_out):
        for number in range(1, dose.sets + 1):
            announced = [
                e.sound.text
                for e in of_block(speech(laid_out), block)
                if e.sound.cue is SpeechCue.ANNOUNCE
                and (e.sound.where.set_number, e.sound.where.rep) == (number, 1)
            ]
            if dose.sets == 1:
                assert announced == []
                continue
            which, left = announced
            assert which == words.cues.set.format(
                set=words.numbers[number], sets=words.numbers[dose.sets]
            )
            assert left == words.cues.almost_done or minutes_said(left, language)


@each_exercise
@each_guidance
def test_the_minutes_that_are_said_are_the_minutes_that_are_left(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    words = PROGRAMME.translations[language]
    laid_out = heard(session, day, language, guidance)
    said = []
    for event in speech(laid_out):
        left_ms = laid_out.duration_ms - event.end_ms
        minutes = minutes_said(event.sound.text, language)
        if minutes is not None:
            said.append(minutes)
            assert abs(minutes * 60_000 - left_ms) <= MINUTES_MAY_BE_OFF_BY_MS
        elif event.sound.text == words.cues.almost_done:
            said.append(0)
            assert left_ms < 60_000
    assert said == sorted(set(said), reverse=True)
    # A set of movement may be so short that the same number of minutes is left as before it.
    of_all = [block.dose for block in laid_out.blocks if isinstance(block.dose, Sets)]
    all_sets, short = (
        sum(dose.sets for dose in doses if dose.sets > 1)
        for doses in (of_all, [dose for dose in of_all if not isinstance(dose, Contractions)])
    )
    assert all_sets - short // 2 <= len(said) <= all_sets


@each_exercise
@for_each("guidance", lambda: (Guidance.FULL, Guidance.BRIEF))
def test_half_way_is_said_where_there_is_time_and_the_last_repetition_in_every_set(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    cues = PROGRAMME.translations[language].cues
    laid_out = heard(session, day, language, guidance)
    for block, dose in contractions(laid_out):
        of = repetitions(laid_out, block)
        said = {cues.halfway, cues.halfway_of_set}
        halves = [(r.set_number, r.rep, said & {*r.after}) for r in of if said & {*r.after}]
        expected = {*half_way(dose, cues)}
        if expected or dose.sets % 2:
            sets = range(1, dose.sets + 1) if expected else ()
            assert halves == [(number, dose.reps // 2, expected) for number in sets]
        else:
            assert halves == [(dose.sets // 2, dose.reps, {cues.halfway})]
        assert [(r.set_number, r.rep) for r in of if cues.last_rep in texts(r.lead_in)] == [
            (number, dose.reps) for number in range(1, dose.sets + 1)
        ]


@each_exercise
@each_guidance
@for_each("slower", lambda: (0.6, 1, 1.1))
def test_nobody_is_left_alone_for_longer_than_twelve_seconds(
    session: str, day: int, language: str, guidance: Guidance, slower: float
) -> None:
    """From the end of a tone's ring, or of words, to whatever comes next. While she walks the bed
    plays alone, with the minutes told that are left."""
    laid_out = at_rate(session, day, language, guidance, slower)
    sounding_until_ms = 0
    for event in laid_out.events:
        is_on_her_way = event.sound.where.rep == 1 and is_activity(laid_out, event)
        longest_ms = LONGEST_WALK_ALONE_MS if is_on_her_way else signs.LONGEST_SILENCE_MS
        assert event.start_ms - sounding_until_ms <= longest_ms
        sounding_until_ms = max(sounding_until_ms, event.end_ms)
    assert sounding_until_ms == laid_out.duration_ms


@each_exercise
@each_guidance
def test_signs_of_life_are_evenly_spread_in_long_rests_alone(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    laid_out = heard(session, day, language, guidance)
    found = signs.assert_evenly_spread(laid_out)
    in_sets = [
        sign
        for sign in tones(laid_out, Cue.REST)
        if sign.sound.where.set_number is not None
        and isinstance(laid_out.blocks[sign.sound.where.block].dose, Contractions)
    ]
    assert found == len(in_sets)
    of_last_rests = sum(dose.rest_ms >= 12_000 for _, dose in contractions(laid_out))
    between_sets = sum(2 * (dose.sets - 1) for _, dose in contractions(laid_out))
    within_sets = sum(
        dose.sets * (dose.reps - (dose.quick is None))
        for _, dose in contractions(laid_out)
        if dose.rest_ms >= 15_000
    )
    assert found == between_sets + within_sets + of_last_rests


@each_exercise
@each_guidance
def test_signs_of_life_are_clear_of_what_is_around_them(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    laid_out = heard(session, day, language, guidance)
    for sign in tones(laid_out, Cue.REST):
        for event in laid_out.events:
            first_ms = sign.end_ms + (not is_activity(laid_out, sign))  # there its words follow
            assert event is sign or event.end_ms < sign.start_ms or event.start_ms >= first_ms


# --- what it says, and how fast ------------------------------------------------------------------


@each_exercise
def test_less_guidance_means_fewer_words(session: str, day: int, language: str) -> None:
    full, brief, none = (
        len(speech(laid_out)) for laid_out in at_every_guidance(session, day, language)
    )
    is_but_a_walk = not [*contractions(laid_out := heard(session, day, language, Guidance.FULL))]
    is_but_a_walk &= any(isinstance(block.dose, Activity) for block in laid_out.blocks)
    assert full >= brief > none
    assert full > brief or is_but_a_walk


@each_exercise
def test_less_guidance_says_nothing_new(session: str, day: int, language: str) -> None:
    """But for how long it still takes, which depends on how much is said."""
    full, brief, none = (
        {text for text in texts(speech(laid_out)) if minutes_said(text, language) is None}
        for laid_out in at_every_guidance(session, day, language)
    )
    assert none < brief <= full


@each_exercise
@each_guidance
def test_a_session_is_spoken_at_the_rate_of_its_guidance(
    session: str, day: int, language: str, guidance: Guidance
) -> None:
    words = PROGRAMME.translations[language]
    written = writer.write(planned()[session, day, guidance], words)
    assert (written.guidance, written.rate_wpm) == (guidance, words.rate_wpm[guidance])
    assert heard(session, day, language, guidance).guidance is guidance


@pytest.mark.parametrize("cue", [cue for cue in Cue if cue not in (Cue.INHALE, Cue.EXHALE)])
def test_a_tone_has_a_length_of_its_own(cue: Cue) -> None:
    where = script.Where(block=3, set_number=1, rep=2)
    made = script.tone(cue, where)
    assert (made.cue, made.where, made.length_ms) == (cue, where, script.TONE_LENGTH_MS[cue])


# --- the files they go into ----------------------------------------------------------------------


LONG_TITLE = (
    "Een héél lange titel, die op geen scherm past – en dan nog verder gaat, tot 100 tekens"
)


@for_each("language", lambda: LANGUAGES)
@for_each("guidance", lambda: (None, *Guidance))
@for_each("number", lambda: range(1, 7))
@for_each("titles", lambda: ("built in", "long"))
def test_the_names_of_a_week_are_short_plain_and_differ(
    language: str, guidance: Guidance | None, number: int, titles: str
) -> None:
    words = PROGRAMME.translations[language]
    if titles == "long":
        words = replace(words, sessions=dict.fromkeys(words.sessions, LONG_TITLE))
    pack = layout.plan_pack(PROGRAMME, words, number, guidance)
    names = [track.file for track in pack.tracks]
    assert len({name.casefold() for name in names}) == len(names)
    assert names == sorted(names)
    for name in names:
        assert len(name) <= 80
        assert re.fullmatch(r"w0[1-6]-[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*\.mp3", name)


@pytest.mark.parametrize("language", LANGUAGES)
@each_guidance
def test_a_name_says_how_much_is_spoken(language: str, guidance: Guidance) -> None:
    suffixes = {
        "nl": {"full": "", "brief": "-met-weinig-woorden", "tones": "-alleen-met-tonen"},
        "en": {"full": "", "brief": "-with-few-words", "tones": "-with-tones-only"},
    }
    pack = layout.plan_pack(PROGRAMME, PROGRAMME.translations[language], 2, guidance)
    for track in pack.tracks:
        suffix = suffixes[language][track.session.guidance]
        assert track.file.endswith(f"{suffix}.mp3")
        others = [s for s in suffixes[language].values() if s not in ("", suffix)]
        assert not any(other in track.file for other in others)


def test_a_week_holds_a_session_in_full_and_briefly_where_it_changes() -> None:
    pack = layout.plan_pack(PROGRAMME, PROGRAMME.translations["nl"], 1)
    found = [(t.session.guidance, t.days) for t in pack.tracks if t.session.id == "breathing"]
    # In full the first times, then with a short opening, then with few words.
    in_full = [(Guidance.FULL, (1, 2)), (Guidance.FULL, (2, 3))]
    assert found == [*in_full, (Guidance.BRIEF, (4, 5, 6, 7))]
