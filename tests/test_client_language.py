"""In which language the command line speaks to a client."""

from pathlib import Path

import pytest
from conftest import Run

from voicecoach.cli import options
from voicecoach.profile import client, unfinished
from voicecoach.profile.unfinished import Unfinished

DUTCH, ENGLISH = "Het lukt niet: week 99", "Error: week 99"


@pytest.fixture
def told(here: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a Dutch system has to say of a week that is not there."""
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    return here("plan", "--week", "99").stderr


def test_without_a_profile_it_speaks_the_language_of_the_system(told: str) -> None:
    assert told.startswith(DUTCH)


@pytest.mark.parametrize(
    ("profile", "options", "begins"),
    [
        (None, (), ENGLISH),
        (None, ("--language", "nl"), DUTCH),
        ("nl", ("--language", "en"), DUTCH),
        ("en", ("--language", "nl"), ENGLISH),
    ],
)
def test_a_profile_comes_first_then_what_was_asked_for(
    here: Run, profile: str | None, options: tuple[str, ...], begins: str
) -> None:
    if profile is not None:
        here("init", "--birth-date", "2026-11-01", "--language", profile, "--yes")
    assert here("plan", "--week", "99", *options).stderr.startswith(begins)


def test_a_language_it_does_not_speak_is_passed_over(
    here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert here("plan", "--language", "xx").stderr.startswith("Het lukt niet: geen taal 'xx'")
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert here("plan", "--week", "99").stderr.startswith(ENGLISH)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--content", "nowhere"),
        ("voices", "audition", "--content", "nowhere"),
        ("voices", "install", "espeak:nl"),
        ("batch", "nowhere.csv", "--out", "packs"),
        ("new", "No Name"),
    ],
)
def test_who_writes_programmes_or_has_a_practice_is_told_in_english(
    here: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert here(*command).stderr.startswith("Error: ")


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ({"LC_ALL": "nl_NL.UTF-8", "LANG": "en_GB.UTF-8"}, "nl"),
        ({"LANG": "nl"}, "nl"),
        ({"LC_MESSAGES": "de_AT@euro"}, "de"),
        ({"LANG": "C.UTF-8"}, "c"),
        ({}, ""),
    ],
)
def test_the_system_says_its_language_in_the_usual_variables(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert options.system_language() == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("format: 1\nlanguage: nl # niet en\n", "nl"),
        ('language: "en"\n  bad:\nindent', "en"),
        ("{format: 1, language: nl}", "nl"),
        ("# language: en\nlanguage:\n", None),
        ("", None),
    ],
)
def test_the_language_of_a_profile_is_seen_whatever_else_is_wrong_in_it(
    tmp_path: Path, text: str, language: str | None
) -> None:
    (tmp_path / client.FILE).write_text(text, "utf-8")
    assert client.language(tmp_path) == language


def test_an_interview_that_was_stopped_tells_her_language(here: Run, tmp_path: Path) -> None:
    """Before that of the profile whose place it is to take."""
    here("init", "--birth-date", "2026-11-01", "--language", "en", "--yes")
    unfinished.keep(tmp_path, Unfinished(told={"language": "nl"}, is_new_birth=True))
    for command in (("plan",), ("build",), ("plan", "--language", "en")):
        assert here(*command).stderr.startswith("Het lukt niet: voicecoach-unfinished"), command
    unfinished.keep(tmp_path, Unfinished(told={}, is_new_birth=True))
    assert here("plan").stderr.startswith("Error: "), "no answer yet: as in the profile"


def test_a_usage_error_of_ours_is_told_in_her_language_with_how_to_get_help(
    here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    done = here("plan", "--week", "0")
    assert done.returncode == 2
    usage, how, _, told = done.stderr.splitlines()
    assert usage.startswith("Usage: ") and how.endswith(" plan --help")
    assert told.startswith("Het lukt niet: bij '--week': '0' is geen week; schrijf 3, of 1-6")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "het bestand is leeg"),
        ("birth_date: 2026-11-01\nbirth_date: 2026-11-02\n", "dit staat er twee keer"),
        ("\tlanguage: nl\n", "hier staat een tab: gebruik spaties"),
        ("language: nl\nname: Anna: de eerste\n", "zet tekst met een dubbele punt erin tussen"),
        ('language: nl\nname: "Anna\n', "en sluit ze (de lezer zegt: "),
        ("language: nl\nname: &a Anna\n", "& en * hebben hier geen betekenis"),
        ("language: nl\nname:\u00a0Anna\n", "alleen op een spatie lijkt: typ een gewone"),
        ("language: nl\nformat: een\n", "hier hoort een heel getal"),
        ("language: nl\nformat: 9\n", "9 kan hier niet; wel 1 tot en met 1"),
        ("language: nl\nname: yes\n", "bedoel je yes als tekst"),
    ],
)
def test_what_is_wrong_in_a_profile_is_told_in_dutch(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    (tmp_path / client.FILE).write_text(text, "utf-8")
    (tmp_path / client.FILE).chmod(0o600)
    said = here("plan").stderr
    assert told in said
    for english in (" is wanted", " stands in", "the file", "the key", "a tab", " or there"):
        assert english not in said
