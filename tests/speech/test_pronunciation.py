"""What is written stays as it is written; what a voice is given to say may be spelt otherwise."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.authoring import check
from voicecoach.cache import Cache
from voicecoach.cli import context, tables
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import timeline, writer
from voicecoach.script.script import Say, Script, SpeechCue, Where
from voicecoach.speech import voices
from voicecoach.speech.speaker import Speaker, SpeakingVoice, respelt

LANGUAGES = ("nl", "en")
VOICE = voices.find("espeak:nl+f2", "nl")


# --- which words are spelt otherwise ------------------------------------------------------------


RESPELLINGS = {
    "fase": "faze",
    "daarna": "daar-naa",
    "drie": "drij",
    "tot drie": "tot-drie",
    "twee tot drie": "twee-tot-drie",
    "tweeënhalf": "tweeën-half",
    "o.k.": "okee",
    "één": "eejn",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In deze fase rust je.", "In deze faze rust je."),
        ("De fase, deze fase.", "De faze, deze faze."),
        ("fase", "faze"),
        ("“fase”", "“faze”"),
        ("(fase)", "(faze)"),
        ("fase-één", "faze-eejn"),
        ("Eerst, daarna: rust.", "Eerst, daar-naa: rust."),
        ("Het is o.k. zo.", "Het is okee zo."),
        ("Bijna tweeënhalf keer.", "Bijna tweeën-half keer."),
    ],
)
def test_a_word_is_spelt_otherwise_wherever_it_stands(text: str, said: str) -> None:
    assert respelt(text, RESPELLINGS) == said


@pytest.mark.parametrize(
    "text",
    [
        "Deze fases.",
        "Een oerfase.",
        "Fasering.",
        "Daarnaast rust je.",
        "drie_maal",
        "drie3",
        "driehoek",
        "zesëndriemaal",
        "Eénmaal",
        "Rust uit.",
        "",
        "   ",
        "…",
    ],
)
def test_a_part_of_a_word_stays_as_it_is(text: str) -> None:
    assert respelt(text, RESPELLINGS) == text


@pytest.mark.parametrize("text", ["daarna", "Daarna", "DAARNA", "dAARna"])
def test_capitals_make_no_difference(text: str) -> None:
    assert respelt(f"{text} rust je.", RESPELLINGS) == "daar-naa rust je."


@pytest.mark.parametrize("text", ["Eén", "één", "ÉÉN"])
def test_capitals_with_an_accent_make_no_difference(text: str) -> None:
    assert respelt(f"{text} keer.", {"één": "eejn", "eén": "eejn"}) == "eejn keer."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drie", "drij"),
        ("tot drie", "tot-drie"),
        ("twee tot drie", "twee-tot-drie"),
        ("vier tot drie", "vier tot-drie"),
        ("twee drie", "twee drij"),
        ("Twee tot drie tot drie drie.", "twee-tot-drie tot-drie drij."),
    ],
)
def test_the_longest_phrase_is_taken(text: str, said: str) -> None:
    assert respelt(text, RESPELLINGS) == said
    backwards = dict(reversed(RESPELLINGS.items()))
    assert respelt(text, backwards) == said


@pytest.mark.parametrize("space", [" ", "  ", "\n", "\t", " \n ", "\u00a0"])
def test_any_white_space_may_stand_between_the_words_of_a_phrase(space: str) -> None:
    assert respelt(f"Twee{space}tot{space}drie keer.", RESPELLINGS) == "twee-tot-drie keer."


@pytest.mark.parametrize("text", ["tot, drie", "tot-drie", "totdrie", "tot. Drie"])
def test_anything_else_between_them_makes_it_no_phrase(text: str) -> None:
    assert "tot-drie" not in respelt(text, {"tot drie": "tot-drie!"}).replace(text, "")


def test_what_was_respelt_is_not_respelt_again() -> None:
    assert respelt("a b", {"a": "b", "b": "c"}) == "b c"


def test_a_respelling_is_taken_as_it_is_written() -> None:
    assert respelt("fase", {"fase": r"\1 \g<0> $1 {hold}"}) == r"\1 \g<0> $1 {hold}"


def test_signs_in_a_word_mean_themselves() -> None:
    assert respelt("a.b axb", {"a.b": "punt"}) == "punt axb"
    assert respelt("wat? was", {"wat?": "hee"}) == "hee was"


@given(st.text())
def test_without_respellings_all_stays_as_it_is(text: str) -> None:
    assert respelt(text, {}) == text


@given(st.lists(st.sampled_from(["rust", "adem", "fases", "uit.", "Driehoek,", "fase"])))
def test_only_the_word_itself_is_touched(words: list[str]) -> None:
    expected = ["faze" if word == "fase" else word for word in words]
    assert respelt(" ".join(words), RESPELLINGS) == " ".join(expected)


LETTERS_THAT_MAY_BE_TAKEN_FOR_OTHERS = "iıİI sſS σςΣ kK µμ ßẞ . "


@given(
    st.text(LETTERS_THAT_MAY_BE_TAKEN_FOR_OTHERS),
    st.dictionaries(
        st.text(LETTERS_THAT_MAY_BE_TAKEN_FOR_OTHERS),
        st.just("x"),
    ),
)
def test_no_word_in_any_script_makes_it_fail(text: str, respellings: dict[str, str]) -> None:
    """Whoever adds a language writes these words."""
    assert isinstance(respelt(text, respellings), str)


# --- whose respellings they are -----------------------------------------------------------------


def test_a_voice_has_the_respellings_of_its_engine() -> None:
    assert voices.respellings(VOICE, {"espeak": {"fase": "faze"}}) == {"fase": "faze"}


def test_its_own_respelling_wins() -> None:
    found = voices.respellings(
        VOICE,
        {
            "espeak:nl+f2": {"fase": "fáze"},
            "espeak": {"fase": "faze", "daarna": "daar-naa"},
        },
    )
    assert found == {"fase": "fáze", "daarna": "daar-naa"}


def test_it_does_not_have_those_of_others() -> None:
    others = {"espeak:nl+f3": {"fase": "x"}, "espeak:nl": {"fase": "x"}, "piper": {"fase": "x"}}
    assert voices.respellings(VOICE, others) == {}
    assert voices.respellings(VOICE, {}) == {}


def test_the_words_of_the_programme_come_with_the_voice(dutch: Translation) -> None:
    for asked in ((), ("espeak:nl+m3",)):
        [voice] = context.open_speaker(dutch, asked, TerminalReporter().note).voices
        assert voice.respellings == dutch.pronunciation["espeak"]


# --- what the voice is given, and what is shown -------------------------------------------------


def saying(*texts: str, rate_wpm: int = 120) -> Script:
    says = (Say(text=text, cue=SpeechCue.SAY, where=Where(block=0)) for text in texts)
    return Script(
        session="talk",
        title="Talk",
        guidance=Guidance.FULL,
        rate_wpm=rate_wpm,
        blocks=(),
        items=tuple(says),
    )


def speaker(folder: Path, **respellings: str) -> Speaker:
    voice = SpeakingVoice(voice=VOICE, respellings=respellings)
    return Speaker(voices=(voice,), cache=Cache(root=folder))


def keys(who: Speaker, script: Script) -> dict[str, str]:
    """By what is written, the key of the recording of what is said."""
    missing = who.missing([script])
    return dict(zip(script.texts, (utterance.key for utterance in missing), strict=True))


def test_the_voice_is_given_the_respelling(tmp_path: Path) -> None:
    missing = speaker(tmp_path, fase="faze").missing([saying("Deze fase.", "Rust uit.")])
    assert [utterance.text for utterance in missing] == ["Deze faze.", "Rust uit."]


def test_only_what_is_respelt_is_spoken_anew(tmp_path: Path) -> None:
    script = saying("Deze fase.", "Rust uit.", "De fases.")
    before = keys(speaker(tmp_path), script)
    after = keys(speaker(tmp_path, fase="faze"), script)
    again = keys(speaker(tmp_path, fase="faaze"), script)
    assert {text for text in before if before[text] != after[text]} == {"Deze fase."}
    assert len({before["Deze fase."], after["Deze fase."], again["Deze fase."]}) == 3


def test_a_respelling_is_one_recording_with_a_text_written_like_it(tmp_path: Path) -> None:
    script = saying("Deze fase.", "Deze faze.")
    assert len(speaker(tmp_path, fase="faze").missing([script])) == 1


def test_a_text_at_two_rates_is_two_recordings(tmp_path: Path) -> None:
    missing = speaker(tmp_path).missing([saying("Rust uit."), saying("Rust uit.", rate_wpm=125)])
    assert [(u.text, u.rate_wpm) for u in missing] == [("Rust uit.", 120), ("Rust uit.", 125)]


@pytest.fixture(scope="module")
def sessions(programme: Programme) -> list[PlannedSession]:
    """Every session that is spoken in full: with other guidance nothing else is said."""
    distinct = check.distinct_sessions(programme)
    return [each for each in distinct if each.guidance is Guidance.FULL]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_stays_as_it_is_written(
    programme: Programme, sessions: list[PlannedSession], language: str
) -> None:
    """The texts of scripts, of which tables, JSON and the lyrics of a track are made."""
    words = programme.translations[language]
    without = replace(words, pronunciation={})
    each_once = {session.id: session for session in sessions}.values()
    for session in (replace(each, guidance=g) for each in each_once for g in Guidance):
        script = writer.write(session, words)
        assert script == writer.write(session, without)
    laid_out = timeline.lay_out(script, lambda text: 1000)
    shown = tables.script_json(laid_out, language=language, voice="x", day=20)
    shown += tables.script_table(laid_out)
    respellings = words.pronunciation["espeak"].values()
    assert not any(respelling in shown for respelling in respellings if " " not in respelling)


# --- the built-in lexicon -----------------------------------------------------------------------


def entries(words: Translation) -> list[tuple[str, str, str]]:
    return [
        (voice, word, respelling)
        for voice, respellings in words.pronunciation.items()
        for word, respelling in respellings.items()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_respellings_for_voices_there_are(programme: Programme, language: str) -> None:
    words = programme.translations[language]
    offered = {offer.voice for offer in voices.offers([language], pytest.fail)}
    engines = {voice.partition(":")[0] for voice in offered}
    assert words.pronunciation
    assert set(words.pronunciation) <= offered | engines


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_lexicon_is_said_somewhere(
    programme: Programme, sessions: list[PlannedSession], language: str
) -> None:
    words = programme.translations[language]
    texts = {text for session in sessions for text in writer.write(session, words).texts}
    dead = [
        (voice, word)
        for voice, word, _ in entries(words)
        if all(respelt(text, {word: "\0"}) == text for text in texts)
    ]
    assert dead == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_respelling_is_a_spelling(programme: Programme, language: str) -> None:
    for _, word, respelling in entries(programme.translations[language]):
        assert re.fullmatch(r"[^\W\d_]+([- ][^\W\d_]+)*", respelling), word
        assert respelling.lower() != word
