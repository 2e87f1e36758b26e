"""Templates and paragraphs of a translation, made into what is spoken and what is shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.cli import context
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning import plan, wording

DUTCH = context.open_programme(None).translations["nl"]

DOSE = Contractions(
    intensity=Intensity(low_percent=30, high_percent=40),
    hold_ms=5000,
    rest_ms=10_000,
    reps=8,
    sets=3,
    set_rest_ms=45_000,
)
ONE_INTENSITY = replace(DOSE, intensity=Intensity(low_percent=40, high_percent=40))


@pytest.mark.parametrize(
    ("paragraph", "split"),
    [
        ("Eén zin.", ("Eén zin.",)),
        ("Adem in. Adem uit.", ("Adem in.", "Adem uit.")),
        ("Doet het pijn? Stop! Rust.", ("Doet het pijn?", "Stop!", "Rust.")),
        ("  Adem in.\n  Adem uit.  ", ("Adem in.", "Adem uit.")),
        ("Adem in.   \t Adem uit.", ("Adem in.", "Adem uit.")),
        ("Zonder punt", ("Zonder punt",)),
        ("Een punt. en zonder", ("Een punt.", "en zonder")),
        ("Wacht even... Nu.", ("Wacht even...", "Nu.")),
        ("Echt?! Ja.", ("Echt?!", "Ja.")),
        ("Na 2.5 tellen.", ("Na 2.5 tellen.",)),
        ("Eén, twee; drie: vier.", ("Eén, twee; drie: vier.",)),
    ],
)
def test_a_paragraph_is_split_after_each_sentence(paragraph: str, split: tuple[str, ...]) -> None:
    assert wording.sentences(paragraph) == split


def test_splitting_loses_no_word(programme: Programme) -> None:
    for words in programme.translations.values():
        for talk in words.talks.values():
            for paragraph in talk.text:
                assert " ".join(wording.sentences(paragraph)) == paragraph


def test_a_number_is_spoken_as_a_word(programme: Programme) -> None:
    words = {code: wording.number_word(8, t) for code, t in programme.translations.items()}
    assert words == {"nl": "acht", "en": "eight"}


def test_every_number_of_every_dose_has_a_word_in_every_language(programme: Programme) -> None:
    for words in programme.translations.values():
        for exercise in programme.exercises.values():
            for step in exercise.steps:
                dose = step.prescription.dose
                if isinstance(dose, Contractions):
                    said = wording.spoken("{hold} {reps} {sets} {intensity}", words, dose)
                    assert not any(char.isdigit() for char in said)


def test_a_dose_is_spoken_in_words(dutch: Translation) -> None:
    said = wording.spoken("Houd {hold} tellen, {sets} rondes van {reps}.", dutch, DOSE)
    assert said == "Houd vijf tellen, drie rondes van acht."


def test_the_first_letter_stays_as_it_stands(dutch: Translation) -> None:
    assert wording.spoken("{hold} tellen.", dutch, DOSE) == "vijf tellen."


def test_an_intensity_is_spoken_as_one_number_or_as_a_range(programme: Programme) -> None:
    spoken = [
        wording.spoken("{intensity}", programme.translations[language], dose)
        for language in ("nl", "en")
        for dose in (DOSE, ONE_INTENSITY)
    ]
    assert spoken == ["dertig tot veertig", "veertig", "thirty to forty", "forty"]


def test_without_a_dose_a_text_is_spoken_as_it_is(dutch: Translation) -> None:
    assert wording.spoken("Rust uit. {hold}", dutch, None) == "Rust uit. {hold}"


def test_a_text_without_placeholders_is_spoken_as_it_is(dutch: Translation) -> None:
    assert wording.spoken("Rust uit.", dutch, DOSE) == "Rust uit."


def test_a_dose_is_shown_in_digits(dutch: Translation) -> None:
    assert wording.shown("{hold} s, {sets} × {reps}", dutch, DOSE) == "5 s, 3 × 8"


def test_an_intensity_is_shown_as_one_number_or_as_a_range(dutch: Translation) -> None:
    assert wording.shown("{intensity} %", dutch, DOSE) == "30–40 %"
    assert wording.shown("{intensity} %", dutch, ONE_INTENSITY) == "40 %"


def test_without_a_dose_a_title_is_shown_as_it_is(dutch: Translation) -> None:
    assert wording.shown("Welkom in week 1", dutch, None) == "Welkom in week 1"


def test_a_noun_follows_its_number(dutch: Translation) -> None:
    text, one = "{sets:ronde|rondes} van {hold:tel|tellen}", replace(DOSE, sets=1, hold_ms=1000)
    assert wording.spoken(text, dutch, DOSE) == "drie rondes van vijf tellen"
    assert wording.spoken(text, dutch, one) == "één ronde van één tel"
    assert wording.shown(text, dutch, DOSE) == "3 rondes van 5 tellen"
    assert wording.shown(text, dutch, one) == "één ronde van één tel"
    assert wording.without_numbers(text) == "… rondes van … tellen"


def test_a_talk_names_the_exercise_of_a_number_and_goes_without_one_left_out(
    dutch: Translation,
) -> None:
    text = "Eerst {long.reps} keer. Dan {calf-raise.reps} keer."
    both = {"long": DOSE, "calf-raise": replace(DOSE, reps=4)}
    assert wording.spoken(text, dutch, None, both) == "Eerst acht keer. Dan vier keer."
    assert wording.spoken(text, dutch, DOSE, {"long": DOSE}) == "Eerst acht keer."
    assert wording.spoken(text, dutch, None) == ""


# How long it still takes


@pytest.mark.parametrize(
    ("left_s", "said"),
    [
        (0, "Nog minder dan een minuut."),
        (49, "Nog minder dan een minuut."),
        (50, "Nog ongeveer één minuut."),
        (60, "Nog ongeveer één minuut."),
        (89, "Nog ongeveer één minuut."),
        (91, "Nog ongeveer twee minuten."),
        (149, "Nog ongeveer twee minuten."),
        (151, "Nog ongeveer drie minuten."),
        (20 * 60, "Nog ongeveer twintig minuten."),
    ],
)
def test_what_is_left_is_said_to_the_nearest_minute(
    dutch: Translation, left_s: int, said: str
) -> None:
    assert wording.minutes_left(left_s * 1000, dutch) == said


def test_one_minute_is_no_plural(programme: Programme) -> None:
    said = {code: wording.minutes_left(60_000, t) for code, t in programme.translations.items()}
    assert said == {"nl": "Nog ongeveer één minuut.", "en": "About one minute to go."}


def test_minutes_without_a_word_are_left_unsaid(dutch: Translation) -> None:
    assert 26 not in dutch.numbers
    assert wording.minutes_left(26 * 60_000, dutch) is None
    assert wording.minutes_left(10**12, dutch) is None


@given(st.integers(0, 20 * 60_000))
def test_what_is_said_is_never_more_than_half_a_minute_off(left_ms: int) -> None:
    said = wording.minutes_left(left_ms, DUTCH)
    if said == DUTCH.cues.almost_done:
        assert left_ms < 60_000
    else:
        minutes = [n for n in DUTCH.numbers if f" {DUTCH.numbers[n]} minu" in str(said)]
        assert [abs(n * 60_000 - left_ms) <= 30_000 for n in minutes] == [True]


# Titles


@pytest.mark.parametrize(
    ("guidance", "dutch_title", "english_title"),
    [
        (Guidance.FULL, "Duurkracht, 5 tellen", "Endurance, 5 seconds"),
        (
            Guidance.BRIEF,
            "Duurkracht, 5 tellen, met weinig woorden",
            "Endurance, 5 seconds, with few words",
        ),
        (
            Guidance.TONES,
            "Duurkracht, 5 tellen, alleen met tonen",
            "Endurance, 5 seconds, with tones only",
        ),
    ],
)
def test_a_title_says_how_much_is_spoken(
    programme: Programme, guidance: Guidance, dutch_title: str, english_title: str
) -> None:
    session = plan.plan_session(programme, "endurance", 10, guidance)
    titles = [wording.session_title(session, t) for t in programme.translations.values()]
    assert titles == [dutch_title, english_title]


@pytest.mark.parametrize("guidance", [None, *Guidance])
def test_the_title_of_what_is_only_said_says_no_more(
    programme: Programme, guidance: Guidance | None
) -> None:
    session = plan.plan_session(programme, "welcome", 1, guidance)
    assert wording.session_title(session, programme.translations["nl"]) == "Welkom"


# How long words take


def test_a_text_takes_90_ms_a_character_at_120_words_a_minute() -> None:
    assert wording.estimate_ms("Laat los.", 120) == 810


def test_twice_the_rate_takes_half_the_time() -> None:
    assert wording.estimate_ms("Laat los.", 240) == 405


def test_an_estimate_is_whole_milliseconds() -> None:
    assert isinstance(wording.estimate_ms("Laat los.", 133), int)
    assert wording.estimate_ms("", 120) == 0
