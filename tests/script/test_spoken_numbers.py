"""Words follow doses: whatever its numbers are, no number that is spoken differs from them."""

import random
import re
from dataclasses import replace
from pathlib import Path

from looping import for_each

from voicecoach.authoring.check import distinct_sessions
from voicecoach.content.exercise import Exercise, Prescription, Sides
from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Dose, Intensity, Length, Sets
from voicecoach.content.kinds.movement import Movement
from voicecoach.content.kinds.stretch import Stretch
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import Block, CircuitBlock, ExerciseBlock
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning import wording
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import writer

OWN = Path(__file__).parents[1] / "own_programme"
NOUNS = {
    "nl": {
        "seconds": ("tel", "tellen"),
        "sets": ("ronde", "rondes"),
        "reps": ("keer", "keer"),
        "minutes": ("minuut", "minuten"),
        "percent": ("procent", "procent"),
    },
    "en": {
        "seconds": ("second", "seconds"),
        "sets": ("(?:more )?set", "(?:more )?sets"),
        "reps": ("time|contraction", "times|contractions"),
        "minutes": ("minute", "minutes"),
        "percent": ("per cent", "per cent"),
    },
}


def changed(programme: Programme, chance: random.Random) -> Programme:
    """``programme`` with other numbers in each step of each exercise, that all have a word."""
    words = programme.translations.values()
    known = set.intersection(*(set(each.numbers) for each in words))
    low = [number for number in range(1, 11) if known.issuperset(range(1, number + 1))]

    def other(exercise: Exercise) -> Exercise:
        steps = []
        for step in exercise.steps:
            dose = other_dose(step.prescription.dose, exercise.sides, low, chance)
            assert not list(dose.faults())
            steps.append(replace(step, prescription=replace(step.prescription, dose=dose)))
        return replace(exercise, steps=tuple(steps))

    return replace(
        programme,
        exercises={id_: other(each) for id_, each in programme.exercises.items()},
        sessions=tuple(
            replace(each, blocks=tuple(other_block(block, chance) for block in each.blocks))
            for each in programme.sessions
        ),
    )


def other_block(block: Block, chance: random.Random) -> Block:
    """``block`` with other rounds, or sets where it has its own."""
    if isinstance(block, CircuitBlock):
        return replace(block, rounds=chance.randint(1, 4))
    if isinstance(block, ExerciseBlock) and block.sets is not None:
        return replace(block, sets=chance.randint(1, 3))
    return block


def other_dose(dose: Dose, sides: Sides | None, low: list[int], chance: random.Random) -> Dose:
    if isinstance(dose, Activity):
        return replace(dose, length_ms=60_000 * chance.choice(low))
    if isinstance(dose, Breathing):
        return replace(dose, breaths=chance.randint(1, 12))
    assert isinstance(dose, Sets)
    step = 2 if sides is Sides.ALTERNATING else 1
    reps = chance.choice([number for number in low if number % step == 0])
    dose = replace(dose, reps=reps, sets=chance.randint(1, dose.sets))
    if isinstance(dose, Stretch):
        return replace(dose, hold_ms=1000 * chance.choice((5, 10, 20)))
    if isinstance(dose, Movement):
        up_s, down_s = (max(2, chance.choice(low)) for _ in range(2))
        return replace(dose, up_ms=1000 * up_s, down_ms=1000 * down_s)
    assert isinstance(dose, Contractions)
    if dose.pulses or dose.cough_ms is not None:
        return dose
    hold_ms, percent = 1000 * chance.choice(low), chance.choice((30, 40))
    intensity = Intensity(low_percent=30, high_percent=percent)
    return replace(dose, hold_ms=hold_ms, rest_ms=2 * hold_ms, intensity=intensity)


def without_dose(words: Translation) -> set[str]:
    """What is said of no dose: how much is left, and where only one is."""
    cues = [each.cues for each in words.exercises.values() if "minutes_left" in each.cues]
    left = [words.cues.minutes_left, *(each["minutes_left"] for each in cues)]
    common = words.cues
    return {
        *(common.last_rep, common.last_breath, common.minute_left, common.almost_done),
        *(each["minute_left"] for each in cues),
        *(wording.fill(text, words, minutes=number) for text in left for number in words.numbers),
    }


def said(session: PlannedSession, words: Translation) -> set[str]:
    """All that is said, and its title."""
    return {wording.session_title(session, words), *writer.write(session, words).texts}


def numbers_of(session: PlannedSession) -> dict[str, set[int]]:
    """The numbers of its doses, by what they count."""
    found: dict[str, set[int]] = {kind: set() for kind in NOUNS["nl"]}
    for part in session.parts:
        if not isinstance(part, Prescription):
            continue
        if part.round is not None:
            found["sets"].add(part.round.count)
        numbers = [each.numbers for each in (part.dose, *part.dose.contractions)]
        for name, number in (pair for each in numbers for pair in each.items()):
            if isinstance(number, Intensity):
                found["percent"] |= {number.low_percent, number.high_percent}
            elif isinstance(number, Length):
                found["minutes" if number.minutes else "seconds"].add(
                    number.minutes or number.seconds
                )
            elif name in ("reps", "sets"):
                found[name].add(number)
            else:
                found["seconds"].add(number)
    return found


def faults(programme: Programme) -> list[str]:
    """Every sentence of any session with a number that is not that of its dose, or with the wrong
    form of a noun; facts are left out."""
    sessions = [each for each in distinct_sessions(programme) if each.guidance is Guidance.FULL]
    found: list[str] = []
    for language, words in programme.translations.items():
        numerals = {word: number for number, word in words.numbers.items()}
        numeral = "|".join(sorted(numerals, key=len, reverse=True))
        patterns = {
            kind: re.compile(rf"(?<!\w)({numeral}|[0-9]+) ({one}|{more})(?!\w)", re.IGNORECASE)
            for kind, (one, more) in NOUNS[language].items()
        }
        of_no_dose = without_dose(words)
        facts = re.compile("|".join(map(re.escape, words.check.facts)) or "(?!)", re.IGNORECASE)
        for session in sessions:
            doses = numbers_of(session)
            for text in said(session, words) - of_no_dose:
                for kind, pattern in patterns.items():
                    for match in pattern.finditer(facts.sub("", text)):
                        spoken, form = match[1].lower(), match[2].lower()
                        number = int(spoken) if spoken.isdigit() else numerals[spoken]
                        one, more = NOUNS[language][kind]
                        is_right = re.fullmatch(one if number == 1 else more, form)
                        if number not in doses[kind] or not is_right:
                            found.append(f"{session.id}: {text}")
    return found


@for_each(
    "name, seed",
    lambda: [("pelvic-floor", 0), *((n, s) for n in ("back-after-birth", "own") for s in range(3))],
)
def test_no_spoken_number_differs_from_the_dose(name: str, seed: int) -> None:
    folder = OWN if name == "own" else programme_reader.built_in(name)
    other = changed(programme_reader.read(folder), random.Random(seed))
    assert faults(other) == []


WRITTEN_OUT = {
    "own": {
        "squat.introduction": "Dat doe je acht keer.",
        "thigh-stretch.introduction": "Houd dat dertig tellen vol.",
        "thigh-stretch.reminders": "Nog twaalf tellen.",
        "walk.introduction": "Je loopt tien minuten.",
        "opening": "Neem twintig minuten de tijd.",
        "overview": "Je doet drie rondes.",
        "welcome": "Je oefent vijf keer per dag.",
    },
    "tiny": {
        "breathing.introduction": "Adem acht keer zo.",
        "light.introduction": "Houd het twee tellen vast.",
        "quick.introduction": "Je doet drie rondes.",
        "condition": "Gebruik veertig procent.",
    },
}
"""Sentences with a number of our programmes, by where they are put."""


@for_each("name", lambda: WRITTEN_OUT)
def test_a_number_that_is_written_out_is_found(name: str, tiny: Path) -> None:
    """Whatever kind of exercise, or talk, it is in."""
    programme = programme_reader.read(OWN if name == "own" else tiny)
    words = programme.translations["nl"]
    exercises, talks = dict(words.exercises), dict(words.talks)
    for place, text in WRITTEN_OUT[name].items():
        id_, _, field = place.partition(".")
        if field:
            exercises[id_] = replace(exercises[id_], **{field: (text,)})
        else:
            talks[id_] = replace(talks[id_], text=(text,))
    written_out = replace(words, exercises=exercises, talks=talks)
    programme = replace(programme, translations={"nl": written_out})
    found = {
        fault.partition(": ")[2]
        for seed in range(4)
        for fault in faults(changed(programme, random.Random(seed)))
    }
    assert set(WRITTEN_OUT[name].values()) <= found
