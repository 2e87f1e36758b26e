"""Numbers of a dose that are written out in the words of a programme are found, facts are not."""

from dataclasses import replace

import pytest

from voicecoach.authoring.check_numbers import number_remarks
from voicecoach.content.programme import Programme
from voicecoach.content.translation import WordRules


def found(programme: Programme, language: str, text: str, **rules: tuple[str, ...]) -> list[str]:
    """What is found in ``text``, if nothing else is in the words."""
    words = replace(programme.translations[language], check=WordRules(**rules), sessions={})
    words = replace(words, exercises={}, talks={})
    return [remark.message.split("”")[0][1:] for remark in number_remarks(words, [("x", text)])]


@pytest.mark.parametrize(
    ("language", "text", "written_out"),
    [
        ("nl", "Houd vijf tellen vast. Rust 10 seconden.", ["vijf tellen", "10 seconden"]),
        ("nl", "Doe drie keer per dag twee rondes.", ["drie keer per dag", "twee rondes"]),
        ("nl", "Eén minuut. Vijfentwintig procent.", ["Eén minuut", "Vijfentwintig procent"]),
        (
            "nl",
            "Doe drie rustige rondes, in ronde twee anders.",
            ["drie rustige rondes", "ronde twee"],
        ),
        ("en", "Hold for five seconds, twice a day.", ["five seconds", "twice a day"]),
        ("en", "Twenty-five per cent. 1.5 minutes.", ["Twenty-five per cent", "1.5 minutes"]),
        ("nl", "Zet één voet vooruit. Een minuut is genoeg, nog een keer.", []),
        ("nl", "Houd {hold:tel|tellen} vast, {reps} keer, {squat.reps} keer.", []),
        ("en", "Stand on one leg. Do it a few times.", []),
    ],
)
def test_a_number_next_to_what_a_dose_counts(
    programme: Programme, language: str, text: str, written_out: list[str]
) -> None:
    assert found(programme, language, text) == written_out


def test_a_fact_is_no_dose_and_one_that_no_text_has_is_remarked(programme: Programme) -> None:
    fact, text = "tien tot twintig procent", "Nog maar tien tot twintig procent, vijf keer."
    assert found(programme, "nl", text, facts=(fact,)) == ["vijf keer"]
    words = replace(programme.translations["nl"], check=WordRules(facts=("negen honden",)))
    last = list(number_remarks(words, []))[-1]
    assert (last.where, "negen honden" in last.message) == ("nl, check.facts", True)


def test_a_programme_adds_what_its_doses_count(programme: Programme) -> None:
    assert found(programme, "nl", "Loop vier trappen.") == []
    assert found(programme, "nl", "Loop vier trappen.", nouns=("trappen",)) == ["vier trappen"]


def test_titles_are_looked_at_too(programme: Programme) -> None:
    words = replace(programme.translations["en"], sessions={"light": "Light, 5 seconds"})
    assert [r.where for r in number_remarks(words, []) if "5 seconds" in r.message] == [
        "en, sessions.light"
    ]
