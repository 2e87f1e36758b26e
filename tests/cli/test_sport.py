"""``init --sport``: what she can do before running and jumping."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Run
from terminal_talk import talk

from voicecoach import environment
from voicecoach.content.programme import Programme
from voicecoach.content.sport import Ability
from voicecoach.profile import client


@pytest.fixture
def after(here: Run, tmp_path: Path) -> Path:
    """The folder of a client who gave birth 150 days ago."""
    born = environment.today() - timedelta(days=150)
    assert here("init", "--birth-date", str(born), "--language", "en", "--yes").returncode == 0
    return tmp_path


def options(programme: Programme, **abilities: str) -> list[str]:
    assert programme.sport is not None
    told = {**dict.fromkeys(programme.sport.tests, "yes"), **abilities}
    return [part for id_, ability in told.items() for part in ("--sport", f"{id_}={ability}")]


def test_what_she_told_is_kept_with_its_day(here: Run, after: Path, programme: Programme) -> None:
    told = here("init", *options(programme))
    assert told.returncode == 0, told.stderr
    assert "This is no clearance" in told.stdout
    profile = client.read(after, None)
    assert programme.sport is not None
    assert dict(profile.sport) == dict.fromkeys(programme.sport.tests, Ability.YES)
    assert profile.sport_on is not None
    listed = here("plan", "--week", "all").stdout
    assert "a gentle start with sport" in " ".join(listed.split())


def test_not_yet_is_a_good_answer_and_says_why(
    here: Run, after: Path, programme: Programme
) -> None:
    told = here("init", *options(programme, hop="leaks", walk="cannot"))
    assert told.returncode == 0
    said = told.stdout
    assert "Not yet, and that is a good answer." in said
    assert "Ten hops on one leg, left and right: you leak urine" in said
    assert "A brisk walk of half an hour: it does not work yet" in said
    assert "appointment with a pelvic physiotherapist" in " ".join(said.split())
    assert "a gentle start" not in " ".join(here("plan", "--week", "all").stdout.split())


@pytest.mark.skipif(sys.platform == "win32", reason="has no terminals of this kind")
def test_in_a_terminal_each_is_asked(after: Path, programme: Programme) -> None:
    assert programme.sport is not None
    ids = list(programme.sport.tests)
    code, shown = talk(after, "init", "--sport", answers=["1", "4", "", *["1"] * (len(ids) - 3)])
    assert code == 0
    assert f"1 of {len(ids)}. An ordinary week without symptoms" in shown
    told = dict(client.read(after, None).sport)
    assert told[ids[1]] is Ability.LEAKS
    assert ids[2] not in told
    assert "A brisk walk of half an hour: you leak urine" in shown
    assert "Ten seconds on one leg, left and right: not tried yet" in shown


def test_answers_of_one_day_belong_together(here: Run, after: Path) -> None:
    for each in ("walk=yes", "hop=pain", "walk=heaviness"):
        assert here("init", "--sport", each).returncode == 0
    assert dict(client.read(after, None).sport) == {
        "walk": Ability.HEAVINESS,
        "hop": Ability.PAIN,
    }


def test_before_its_day_nothing_is_asked_or_kept(here: Run, tmp_path: Path) -> None:
    born = environment.today() - timedelta(days=150)
    asked = ("--birth-date", str(born), "--language", "en", "--perineum", "large-tear", "--yes")
    assert here("init", *asked).returncode == 0
    told = here("init", "--sport", "walk=yes")
    assert told.returncode == 0
    assert "Not yet" in told.stdout
    assert "day 183" in " ".join(told.stdout.split())
    assert client.read(tmp_path, None).sport == ()


def test_what_cannot_be_is_a_usage_error(here: Run, after: Path) -> None:
    for wrong in (("hip=yes",), ("hop",), ("hop=maybe",), (), ("walk=yes", "--name", "Anna")):
        told = here("init", "--sport", *wrong)
        assert told.returncode == 2, wrong
        assert "Traceback" not in told.stderr
    assert here("init", "--sport", "--programme", "calm-breathing").returncode == 2
    assert client.read(after, None).sport == ()


def test_without_a_profile_it_says_so(here: Run) -> None:
    assert here("init", "--sport", "walk=yes").returncode == 1
