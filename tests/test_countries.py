"""Whom to call in each country: numbers with sources, and none anywhere else."""

import re
from datetime import date

import pytest

from voicecoach import countries, environment, locale_file, messages

CODES = [code for code in countries.codes() if code != countries.ELSEWHERE]
FILES = {code: locale_file.entries(countries._FILES / f"{code}.yaml") for code in CODES}


def test_the_netherlands_and_great_britain_are_known() -> None:
    assert countries.codes() == ("gb", "nl", "elsewhere")


@pytest.mark.parametrize("code", CODES)
def test_every_number_has_a_source_and_a_day_on_which_it_was_checked(code: str) -> None:
    entries = FILES[code]
    assert date.fromisoformat(str(entries["checked_on"])) <= environment.today()
    for name in countries.numbers(code):
        assert re.fullmatch(r"[0-9 ]{3,20}", str(entries[f"numbers.{name}.number"]))
        assert len(str(entries[f"numbers.{name}.source"])) > 20


@pytest.mark.parametrize("language", messages.languages())
@pytest.mark.parametrize("code", countries.codes())
def test_every_country_says_whom_to_call_about_every_group(code: str, language: str) -> None:
    words = messages.words(language)
    said = [countries.whom_to_call(group, code, words) for group in countries.GROUPS]
    assert len(set(said)) == len(said)
    numbers = list(countries.numbers(code).values())
    assert all(any(number in each for each in said) for number in numbers)


@pytest.mark.parametrize("language", messages.languages())
def test_no_number_to_call_is_written_in_the_words_themselves(language: str) -> None:
    known = {number for code in CODES for number in countries.numbers(code).values()}
    known |= {"112", "911", "0800-0113", "1813"}
    texts = locale_file.entries(locale_file.ENGLISH.with_name(f"{language}.yaml")).items()
    found = [
        (key, number)
        for key, entry in texts
        for number in known
        if re.search(rf"(?<![0-9]){re.escape(number)}(?![0-9])", str(entry))
    ]
    assert found == []


def test_the_country_is_guessed_from_the_language_only_where_it_is_spoken() -> None:
    assert countries.guessed("nl") == "nl"
    assert countries.guessed("en") == "gb"
    assert countries.guessed("fy") == "elsewhere"


def test_elsewhere_no_number_is_said() -> None:
    for group in countries.GROUPS:
        assert not re.search(
            r"[0-9]", countries.whom_to_call(group, "elsewhere", messages.words("en"))
        )
