"""The words of both built-in programmes are safe for a tired mother, and tell no dose."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product

import pytest
from looping import for_each

from voicecoach.content.clinical_state import Position
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning.plan import plan_session
from voicecoach.planning.wording import estimate_ms
from voicecoach.script import writer
from voicecoach.script.script import Slot, Tone

LANGUAGES = ("nl", "en")
PROGRAMMES = ("pelvic-floor", "calm-breathing")

DROWSY = {
    "nl": r"ogen (mogen )?dicht|sluit je ogen|in slaap|slaap zacht|rust lekker|wegdommel",
    "en": r"close your eyes|eyes closed|fall asleep|sleep well|rest well|drift",
}
OWN_BED = {"nl": "in een eigen bedje", "en": "in its own bed"}
SLEEPY = {
    "nl": "Word je slaperig? Leg je baby dan eerst in een eigen bedje.",
    "en": "Are you getting sleepy? First put your baby in its own bed.",
}
NUMBERS = {
    "nl": r"een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|vijftien|dertig|veertig",
    "en": r"one|two|three|four|five|six|seven|eight|nine|ten|fifteen|thirty|forty",
}
OF_A_DOSE = {
    "nl": r"tellen vast|seconden|rondes|procent van je kracht|keer per dag|dagen per week",
    "en": r"seconds hold|sets|per cent of your strength|times a day|days a week",
}
SHORTEST_MS, LONGEST_MS = 60_000, 120_000


@cache
def read(name: str) -> Programme:
    return programme_reader.read(programme_reader.built_in(name))


def said_while_nursing(programme: Programme, words: Translation) -> Iterator[str]:
    """All that may be said while she holds her baby: in sessions that are not for lying alone."""
    for session in programme.sessions:
        if session.id == "before-sleep":
            continue
        for part in session.parts_in(Position.NURSING):
            if isinstance(part, TalkBlock):
                yield from words.talks[part.talk].text
                continue
            own = words.exercises[part.exercise]
            yield from own.introduction
            yield from own.reminders


@for_each("name, language", lambda: product(PROGRAMMES, LANGUAGES))
def test_nobody_who_holds_her_baby_is_told_to_close_her_eyes_or_to_sleep(
    name: str, language: str
) -> None:
    programme = read(name)
    drowsy = re.compile(DROWSY[language], re.IGNORECASE)
    said = list(said_while_nursing(programme, programme.translations[language]))
    assert len(said) > 5
    warnings = re.compile("val je makkelijk in slaap|you fall asleep easily|als je wegdommelt")
    for text in said:
        assert not drowsy.search(warnings.sub("", text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_session_while_nursing_begins_with_what_to_do_when_sleepy(language: str) -> None:
    for name, talks in (
        ("pelvic-floor", ("settling", "settling-nursing")),
        ("calm-breathing", ("feeding-opening",)),
    ):
        for talk in talks:
            assert SLEEPY[language] in " ".join(read(name).translations[language].talks[talk].text)
    programme = read("pelvic-floor")
    nursing, moving, walking = (
        TalkBlock(talk=talk) for talk in ("settling-nursing", "moving-opening", "walking-opening")
    )
    for session in programme.sessions:
        if session.is_exercise:
            is_moving = session.id.startswith("moving-")
            begins = moving if is_moving else walking if session.id == "walking" else nursing
            assert session.parts_in(Position.NURSING)[0] == begins
    put_down = programme.translations[language].talks["moving-opening"].text[0]
    assert OWN_BED[language] in put_down, "nobody moves with her baby at her breast"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_baby_is_put_down_before_she_kneels_or_stands(language: str) -> None:
    programme = read("pelvic-floor")
    words = programme.translations[language]
    first = {"nl": "Leg je baby neer.", "en": "Put your baby down."}[language]
    with_her_baby = {"lying", "side", "sitting", "beside-baby"}
    for id_ in programme.starting_positions:
        cue = words.starting_positions[id_].cue
        assert cue.startswith(first) == (id_ not in with_her_baby), id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_eyes_may_close_only_after_the_question_where_her_baby_is(language: str) -> None:
    for name, talk, closed in (
        ("pelvic-floor", "settling-lying", {"nl": "ogen mogen dicht", "en": "close your eyes"}),
        ("calm-breathing", "sleep-opening", {"nl": "in slaap", "en": "fall asleep"}),
    ):
        said = " ".join(read(name).translations[language].talks[talk].text)
        question = {"nl": "Waar is je baby?", "en": "Where is your baby?"}[language]
        assert said.startswith(question)
        assert said.index(OWN_BED[language]) < said.index(closed[language])


@for_each("name, language", lambda: product(PROGRAMMES, LANGUAGES))
def test_no_number_that_a_dose_decides_is_written_out(name: str, language: str) -> None:
    written = re.compile(rf"\b(?:{NUMBERS[language]}) (?:{OF_A_DOSE[language]})", re.IGNORECASE)
    words = read(name).translations[language]
    texts = [text for talk in words.talks.values() for text in talk.text]
    texts += [text for own in words.exercises.values() for text in own.introduction]
    for text in texts:
        assert not written.search(text), text
    assert written.search({"nl": "Houd vijf tellen vast.", "en": "Do three sets."}[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_to_call_is_spoken(language: str) -> None:
    """Numbers belong to a country, not to a language."""
    for name in PROGRAMMES:
        for talk in read(name).translations[language].talks.values():
            assert not any(re.search(r"\d", text) for text in talk.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_takes_one_to_two_minutes(language: str) -> None:
    programme = read("pelvic-floor")
    words = programme.translations[language]
    rate_wpm = min(words.rate_wpm.values())
    explanations = [id_ for id_ in programme.talks if id_.startswith("explanation-")]
    assert len(explanations) >= 16 + 13
    for id_ in explanations:
        length_ms = sum(estimate_ms(text, rate_wpm) for text in words.talks[id_].text)
        assert SHORTEST_MS * 0.9 <= length_ms <= LONGEST_MS * 1.1, (id_, length_ms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_explanation_is_heard_twice(language: str) -> None:
    programme = read("pelvic-floor")
    words = programme.translations[language]
    explanations = [id_ for id_ in programme.talks if id_.startswith("explanation-")]
    texts = [" ".join(words.talks[id_].text) for id_ in explanations]
    assert len(set(texts)) == len(texts)
    for id_ in explanations:
        sessions = [s for s in programme.sessions if TalkBlock(talk=id_) in s.blocks]
        for one, other in combinations(sessions, 2):  # which nobody has both of
            both = one.meant_for.keys() & other.meant_for.keys()
            assert any(set(one.meant_for[q]).isdisjoint(other.meant_for[q]) for q in both)
        spans = [span for session in sessions for span in session.schedule]
        lasting = [span for span in spans if span.first_day != span.last_day]
        assert not lasting or id_ == "explanation-letting-go"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_says_when_not_to_and_what_to_do_instead(language: str) -> None:
    needed = {
        "nl": ("alleen als er niets pijn doet", "blaaskatheter", "totaalruptuur", "ademsessie"),
        "en": ("only if nothing hurts", "catheter", "fourth degree tear", "breathing session"),
    }[language]
    programme = read("pelvic-floor")
    conditions = {s.condition for s in programme.sessions if s.condition is not None}
    assert len(conditions) == 7
    for id_ in conditions:
        said = " ".join(programme.translations[language].talks[id_].text)
        assert all(each in said for each in needed), id_


def test_the_cough_is_told_before_its_hold_and_the_lift_in_it() -> None:
    """No word covers the tone of the cough."""
    programme = read("pelvic-floor")
    for language, first, cough, lift in (
        ("nl", "Span kort aan, en kuch zacht.", "Span aan, en kuch zacht.", "Til maar op."),
        ("en", "Tighten briefly, and cough softly.", "Tighten, and cough.", "Now lift."),
    ):
        exercises = programme.translations[language].exercises
        cues = exercises["coughing"].cues
        assert (cues["first_tighten"], cues["tighten"]) == (first, cough)
        told = [own.cues["during"] for own in exercises.values() if "during" in own.cues]
        assert told == [lift]


def test_each_cough_is_called_for_by_its_own_tone_under_any_guidance() -> None:
    programme = read("pelvic-floor")
    for guidance in Guidance:
        session = plan_session(programme, "coughing", 22, guidance)
        items = writer.write(session, programme.translations["nl"]).items
        slots = [each for each in items if isinstance(each, Slot)]
        tones = [
            (place.offset_ms, place.sound.where.block)
            for slot in slots
            for place in slot.placements
            if isinstance(place.sound, Tone) and place.sound.cue is Cue.COUGH
        ]
        assert len(tones) == 8
        assert len(set(tones)) == 1  # all in one exercise, a second after it is tightened
        assert tones[0][0] == 1000
