"""What ``check`` says of sentences, of words, and of holds that are debated."""

from dataclasses import replace
from pathlib import Path

import pytest

import voicecoach
from voicecoach.authoring.check import run
from voicecoach.authoring.check.words import MOST_WORDS
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Translation, WordRules

STARTER = Path(voicecoach.__file__).parent / "templates" / "starter"


@pytest.fixture(scope="module")
def starter() -> Programme:
    return programme_reader.read(STARTER)


def with_translation(programme: Programme, words: Translation) -> Programme:
    return replace(programme, translations={**programme.translations, words.language: words})


def saying(programme: Programme, language: str, sentence: str) -> Programme:
    """``programme`` with ``sentence`` as its closing."""
    words = programme.translations[language]
    talk = replace(words.talks["closing"], text=(sentence,))
    return with_translation(programme, replace(words, talks={**words.talks, "closing": talk}))


def remarks(programme: Programme, language: str) -> list[str]:
    return [str(remark) for remark in run.remarks(programme, [language])]


# Reading level


def test_a_sentence_of_twelve_words_can_be_followed(starter: Programme) -> None:
    twelve = "Eén twee drie vier vijf zes zeven acht negen tien elf twaalf."
    assert len(twelve.split()) == MOST_WORDS
    assert remarks(saying(starter, "nl", twelve), "nl") == []


def test_a_sentence_of_thirteen_words_is_found_where_it_stands(starter: Programme) -> None:
    thirteen = "Eén twee drie vier vijf zes zeven acht negen tien elf twaalf dertien."
    assert remarks(saying(starter, "nl", f"Kort. {thirteen}"), "nl") == [
        f"nl, talks.closing.text[0]: “{thirteen}” has 13 words, but at most 12 can be followed by"
        " ear; make it two"
    ]


def test_a_range_counts_as_the_words_it_is_spoken_as(starter: Programme) -> None:
    words = starter.translations["en"]
    eleven = "One two three four five six seven eight nine ten {intensity}."
    light = replace(words.exercises["light"], introduction=(eleven,))
    altered = replace(words, exercises={**words.exercises, "light": light})
    assert "has 13 words" in remarks(with_translation(starter, altered), "en")[0]


@pytest.mark.parametrize("key", ["set_rest", "last_breath", "holding", "minutes_left"])
def test_cues_are_read_too(starter: Programme, key: str) -> None:
    words = starter.translations["en"]
    cues = replace(words.cues, **{key: "so " * 13})
    found = remarks(with_translation(starter, replace(words, cues=cues)), "en")
    assert found[0].startswith(f"en, cues.{key}: ")


def test_only_the_languages_asked_for_are_read(starter: Programme) -> None:
    assert remarks(saying(starter, "nl", "zo " * 13), "en") == []


# Words not to be said


@pytest.mark.parametrize(
    ("language", "sentence", "word"),
    [
        ("nl", "Knijp je billen samen.", "knijp*"),
        ("nl", "Je hebt goed geknepen.", "geknepen"),
        ("nl", "Nu mag je persen.", "persen"),
        ("nl", "Span aan, alsof je je plas ophoudt.", "alsof je je plas ophoudt"),
        ("nl", "Span zo hard  mogelijk aan.", "zo hard mogelijk"),
        ("en", "Clench your muscles.", "clench*"),
        ("en", "You are squeezing well.", "squeez*"),
        ("en", "No pain, no gain.", "no pain, no gain"),
        ("en", "Tighten as hard as you can.", "as hard as you can"),
    ],
)
def test_a_word_that_women_dislike_or_that_harms_is_found(
    starter: Programme, language: str, sentence: str, word: str
) -> None:
    found = remarks(saying(starter, language, sentence), language)
    assert found[0].startswith(f"{language}, talks.closing.text[0]: “{word}” in “")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Elke persoon is anders."),
        ("nl", "Druk niet naar beneden."),
        ("nl", "Houd je adem niet vast."),
        ("en", "Do not push down."),
    ],
)
def test_words_that_only_look_like_it_are_left_alone(
    starter: Programme, language: str, sentence: str
) -> None:
    assert remarks(saying(starter, language, sentence), language) == []


def test_every_reason_says_what_to_do(starter: Programme) -> None:
    for language in ("nl", "en"):
        for sentence in ("Knijp nu.", "Clench now."):
            for remark in remarks(saying(starter, language, sentence), language):
                assert "; " in remark.rsplit("”", 1)[0]


def test_a_programme_may_forbid_words_of_its_own(starter: Programme) -> None:
    assert remarks(saying(starter, "en", "Now just relax."), "en") == [
        "en, talks.closing.text[0]: “just relax” in “Now just relax.”: easier said than done; say"
        " what to do"
    ]


# Holds over ten seconds


def holding(programme: Programme, hold_s: int) -> Programme:
    """``programme`` with holds of ``hold_s``, in a phase that allows them."""
    light = programme.exercises["light"]

    def longer(dose: object) -> Contractions:
        assert isinstance(dose, Contractions)
        return replace(dose, hold_ms=hold_s * 1000, rest_ms=hold_s * 2000)

    steps = tuple(
        replace(s, prescription=replace(s.prescription, dose=longer(s.prescription.dose)))
        for s in light.steps
    )
    phases = tuple(replace(p, limits=replace(p.limits, hold_ms=20_000)) for p in programme.phases)
    exercises = {**programme.exercises, "light": replace(light, steps=steps)}
    words = {
        language: replace(each, numbers=dict.fromkeys(range(60), "x"))
        for language, each in programme.translations.items()
    }
    return replace(
        programme,
        exercises=exercises,
        phases=(programme.phases[0], *phases[1:]),
        translations=words,
    )


def test_a_hold_of_ten_seconds_needs_no_further_words(starter: Programme) -> None:
    assert remarks(holding(starter, 10), "nl") == []


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "eerder loslaten mag"), ("en", "let go sooner")]
)
def test_a_longer_one_must_say_that_letting_go_sooner_is_fine(
    starter: Programme, language: str, words: str
) -> None:
    assert remarks(holding(starter, 12), language) == [
        f"{language}, session light: holds of 12 s, and nothing before them says that letting go"
        f" sooner is fine; add a sentence to its condition with the words “{words}”"
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl", "Eerder loslaten mag altijd."), ("en", "You can always let go sooner.")],
)
@pytest.mark.parametrize("talk", ["light-condition", "light-opening"])
def test_the_sentence_may_stand_in_the_condition_or_the_opening(
    starter: Programme, language: str, sentence: str, talk: str
) -> None:
    words = starter.translations[language]
    altered = replace(words.talks[talk], text=(*words.talks[talk].text, sentence))
    said = with_translation(starter, replace(words, talks={**words.talks, talk: altered}))
    assert remarks(holding(said, 15), language) == []


def test_it_may_stand_in_the_introduction_too(starter: Programme) -> None:
    words = starter.translations["en"]
    light = replace(words.exercises["light"], introduction=("You may let go sooner.",))
    said = replace(words, exercises={**words.exercises, "light": light})
    assert remarks(holding(with_translation(starter, said), 15), "en") == []


def test_after_the_hold_it_is_too_late(starter: Programme) -> None:
    late = saying(starter, "en", "You can always let go sooner.")
    assert len(remarks(holding(late, 15), "en")) == 1


def test_a_language_we_do_not_know_names_its_own_words(starter: Programme) -> None:
    german = replace(starter.translations["en"], language="de")
    only = replace(holding(starter, 15), translations={"de": german})
    german = replace(only.translations["de"], numbers=dict.fromkeys(range(60), "x"))
    only = replace(only, translations={"de": german})
    assert remarks(only, "de")[0].endswith("under check: let_go_sooner: […]")
    named = replace(german, check=WordRules(let_go_sooner=("stay with the breathing",)))
    assert remarks(replace(only, translations={"de": named}), "de") == []


# Folders


def test_two_languages_in_one_folder_are_found(starter: Programme) -> None:
    dutch = replace(starter.translations["nl"], folder=starter.translations["en"].folder)
    assert remarks(with_translation(starter, dutch), "nl") == [
        "en, folder: nl has the same folder 'my-programme-en', and one would overwrite the other;"
        " name another"
    ]
