"""``voicecoach checkin`` as she meets it: few questions, and what follows from the answers."""

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Run
from terminal_talk import talk

from voicecoach.cli.interview import replies
from voicecoach.content.clinical_state import CheckIn, Floor, Sign
from voicecoach.content.programme import Programme
from voicecoach.planning import plan
from voicecoach.profile import client
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile

on_a_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def run(here: Run) -> Run:
    return here


DAY = 30
BIRTH = date.today() - timedelta(days=DAY)


def on(day: int) -> str:
    return (BIRTH + timedelta(days=day)).isoformat()


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """Hers: she gave birth 30 days ago, and began at once."""
    arguments = ("--birth-date", on(0), "--started", on(1), "--perineum", "intact")
    assert run("init", *arguments, "--no-catheter", "--yes").returncode == 0
    return tmp_path


def lines(folder: Path) -> list[str]:
    path = folder / "voicecoach-checkins.txt"
    text = path.read_text("utf-8") if path.exists() else ""
    return [line for line in text.splitlines() if not line.startswith("#")]


def said(run: Run, *arguments: str) -> str:
    result = run("checkin", *arguments)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return result.stdout


def advice(programme: Programme, sign: Sign, language: str = "nl") -> str:
    return programme.translations[language].advice[sign.value][0]


# Options


def test_two_answers_are_enough(run: Run, folder: Path) -> None:
    assert "Het staat erin." in said(run, "--done", "--no-pain")
    assert lines(folder) == [f"{on(DAY)} done=yes pain=no"]


def test_everything_can_be_said(run: Run, folder: Path) -> None:
    said(
        run,
        *("--date", on(29), "--not-done", "--pain", "--heaviness", "--leaks"),
        *("--not-felt", "--cannot-let-go", "--yes"),
    )
    assert lines(folder) == [f"{on(29)} done=no pain=yes heaviness=yes leaks=yes felt=no let-go=no"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "er is niemand om het aan te vragen"),
        (("--done",), "of één antwoord en --yes"),
        (("--yes",), "er is niemand om het aan te vragen"),
        (("--done", "--no-pain", "--date", on(DAY + 1)), "ligt in de toekomst"),
        (("--done", "--no-pain", "--date", on(-1)), "ligt voor de bevalling"),
        (("--done", "--no-pain", "--date", "2026-02-30"), "februari 2026 heeft geen dag 30"),
    ],
)
def test_what_cannot_be_told_is_a_usage_error_and_keeps_nothing(
    run: Run, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run("checkin", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert told in result.stderr
    assert lines(folder) == []


def test_without_a_profile_it_says_where_to_begin(run: Run) -> None:
    result = run("checkin", "--done", "--no-pain")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: voicecoach.yaml: there is none in this folder; begin with: voicecoach init\n"
    )


# What follows


def test_a_good_day_moves_nothing(run: Run, folder: Path) -> None:
    assert said(run, "--done", "--no-pain").splitlines()[-1] == "Je plan blijft zoals het was."


@pytest.mark.parametrize("trouble", ["--pain", "--heaviness"])
def test_pain_or_heaviness_goes_one_step_back_and_says_so(
    run: Run, folder: Path, programme: Programme, trouble: str
) -> None:
    text = said(run, "--done", trouble)
    assert advice(programme, Sign(trouble.removeprefix("--"))) in text
    assert "Je plan verandert vanaf morgen: " in text
    assert "Een dag om te ademen, na wat je gisteren vertelde." in text
    assert "Wordt het erger door het oefenen, of duurt pijn langer dan een dag?" in text
    assert text.splitlines()[-1] == "Maak je sessies opnieuw: voicecoach build"


@pytest.mark.parametrize(
    ("answer", "sign"),
    [("--not-felt", Sign.NOT_FELT), ("--cannot-let-go", Sign.CANNOT_LET_GO)],
)
def test_not_felt_and_cannot_let_go_leave_the_contractions(
    run: Run, folder: Path, programme: Programme, answer: str, sign: Sign
) -> None:
    text = said(run, "--done", answer)
    assert advice(programme, sign) in text
    assert not tightens_tomorrow(folder, programme)


def test_leaking_alone_is_heard_and_says_when_to_call(run: Run, folder: Path) -> None:
    text = said(run, "--leaks", "--yes")
    assert "voicecoach checkin --call" in text
    assert "Je plan blijft zoals het was." in text


def test_a_red_flag_prints_the_advice_to_call_first_and_stops_contractions(
    run: Run, folder: Path, programme: Programme
) -> None:
    assert tightens_tomorrow(folder, programme)
    text = said(run, "--call")
    assert text.strip().startswith(advice(programme, Sign.RED_FLAG))
    assert "voicecoach init --cleared-on DAG" in text
    assert not tightens_tomorrow(folder, programme)
    assert lines(folder) == [f"{on(DAY)} call=yes"]


def test_what_was_told_of_days_past_moves_today(run: Run, folder: Path) -> None:
    text = said(run, "--date", on(27), "--done", "--not-felt")
    assert "Je plan verandert vanaf vandaag: " in text


def test_three_good_days_go_on_one_step_and_say_so(
    run: Run, folder: Path, programme: Programme
) -> None:
    said(run, "--date", on(26), "--pain", "--yes")
    for day in (28, 29):
        assert advice(programme, Sign.GOOD) not in said(
            run, "--date", on(day), "--done", "--no-pain"
        )
    text = said(run, "--date", on(30), "--done", "--no-pain")
    assert advice(programme, Sign.GOOD) in text
    assert "Je plan verandert vanaf morgen: " in text


def test_in_english_everything_is_english(run: Run, folder: Path, programme: Programme) -> None:
    assert run("init", "--language", "en").returncode == 0
    text = said(run, "--done", "--pain")
    assert advice(programme, Sign.PAIN, "en") in text
    assert "Your plan changes from tomorrow: " in text
    assert "Je " not in text


def tightens_tomorrow(folder: Path, programme: Programme) -> bool:
    found = client.find(folder, print)
    assert found is not None
    tomorrow = plan.plan_day(programme, found.day + 1, situation=found.situation)
    return any(session.contractions is not None for session in tomorrow.listening)


def hers(*check_ins: CheckIn, day: int = DAY, **answers: object) -> Hers:
    told = {"birth_date": BIRTH, "started": BIRTH + timedelta(days=1), **answers}
    today = BIRTH + timedelta(days=day)
    return Hers(profile=Profile(**told), check_ins=check_ins, today=today)  # type: ignore[arg-type]


def reply(programme: Programme, before: Hers, check_in: CheckIn) -> str:
    words = programme.translations[before.profile.language]
    after = replace(before, check_ins=(*before.check_ins, check_in))
    return "\n".join(replies.reply(programme, words, before, after, check_in))


def test_three_good_days_of_whoever_was_never_held_back_promise_no_step(
    programme: Programme,
) -> None:
    good = [CheckIn(day=day, done=True) for day in (28, 29, 30)]
    text = reply(programme, hers(*good[:2]), good[2])
    assert text == "Je plan blijft zoals het was."


def test_where_there_is_no_step_to_go_back_pain_still_stops_today(programme: Programme) -> None:
    before = hers(floor=Floor.OVER_TENSE)
    text = reply(programme, before, CheckIn(day=DAY, done=True, pain=True))
    assert text.startswith("Stop voor vandaag.\n")
    assert text.endswith("Je plan was al voorzichtig, en dat blijft zo.")


@pytest.mark.parametrize(
    ("language", "told", "never"),
    [
        ("nl", "Je spant voorlopig niet aan.", "Je plan blijft zoals het was."),
        ("en", "Your plan has no contractions now.", "Your plan stays as it was."),
    ],
)
def test_a_red_flag_of_whoever_did_not_tighten_anyway_is_heard(
    programme: Programme, language: str, told: str, never: str
) -> None:
    flag = CheckIn(day=DAY, red_flag=True)
    for before in (
        hers(floor=Floor.OVER_TENSE, language=language),
        hers(CheckIn(day=DAY - 1, red_flag=True), language=language),
    ):
        text = reply(programme, before, flag)
        assert told in text
        assert never not in text
        assert "voicecoach init --cleared-on" in text


def test_a_red_flag_of_before_the_clearance_is_heard_and_the_plan_says_why_it_goes_on(
    programme: Programme,
) -> None:
    before = hers(cleared_on=BIRTH + timedelta(days=DAY - 3))
    text = reply(programme, before, CheckIn(day=DAY - 5, red_flag=True))
    assert "Daarna mocht je weer aanspannen, heb je gezegd." in text
    assert "voicecoach init --not-cleared" in text
    assert "voicecoach init --cleared-on" not in text
    assert "Je plan blijft zoals het was." not in text


def test_after_the_last_day_nothing_moves(programme: Programme) -> None:
    day = programme.last_day + 7
    text = reply(programme, hers(day=day), CheckIn(day=day, done=True, felt=False))
    assert text.endswith("Je plan was al voorzichtig, en dat blijft zo.")


# Bad files


@pytest.mark.parametrize(
    ("profile", "language"),
    [
        (None, "en"),
        ("birth_date: soon\n", "en"),
        ("language: nl\nbirth_date: soon\n", "nl"),
    ],
)
def test_the_advice_to_call_waits_for_no_profile(
    run: Run, tmp_path: Path, programme: Programme, profile: str | None, language: str
) -> None:
    """It is in the language of the profile as far as that can be read, else of the system."""
    if profile is not None:
        (tmp_path / "voicecoach.yaml").write_text(profile)
        (tmp_path / "voicecoach.yaml").chmod(0o600)
    result = run("checkin", "--call")
    assert result.returncode == 1
    assert advice(programme, Sign.RED_FLAG, language) in result.stdout
    assert "voicecoach.yaml" in result.stderr


def test_a_bad_line_keeps_no_new_one_out_and_no_advice_back(
    run: Run, folder: Path, programme: Programme
) -> None:
    said(run, "--done", "--no-pain")
    path = folder / "voicecoach-checkins.txt"
    with path.open("a") as file:
        file.write("2026-02-30 done=yes\n2026-11-2")
    result = run("checkin", "--call")
    assert result.returncode == 0
    assert advice(programme, Sign.RED_FLAG) in result.stdout
    assert "februari 2026 heeft geen dag 30" in result.stderr
    assert "2026-11-2'; de regel heeft geen einde" in result.stderr
    assert lines(folder)[1:] == ["2026-02-30 done=yes", "2026-11-2", f"{on(DAY)} call=yes"]


def test_a_last_line_without_an_end_is_told_and_counts(run: Run, folder: Path) -> None:
    path = folder / "voicecoach-checkins.txt"
    path.write_text(f"{on(29)} done=yes felt=no")
    path.chmod(0o600)
    result = run("checkin", "--done", "--no-pain")
    assert result.returncode == 0
    assert "voicecoach-checkins.txt:1: de laatste regel heeft geen einde" in result.stderr
    assert lines(folder) == [f"{on(29)} done=yes felt=no", f"{on(DAY)} done=yes pain=no"]


@pytest.mark.skipif(os.name != "posix", reason="files on Windows have no such mode")
@pytest.mark.parametrize("name", ["voicecoach.yaml", "voicecoach-checkins.txt"])
def test_a_file_that_others_can_read_is_told_with_what_mends_it(
    run: Run, folder: Path, name: str
) -> None:
    said(run, "--done", "--no-pain")
    (folder / name).chmod(0o644)
    result = run("checkin", "--done", "--no-pain")
    assert result.returncode == 1
    assert f"chmod 600 {name}" in result.stderr
    assert len(lines(folder)) == 1


# Questions


@on_a_terminal
def test_after_two_answers_she_may_stop(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=["n", "j", "n", "s"])
    assert code == 0, shown
    assert lines(folder) == [f"{on(DAY)} done=yes pain=no call=no"]
    assert "s: ik stop" not in shown.partition("zwaar gevoel")[0]
    assert "Kon je" not in shown


@on_a_terminal
def test_enter_is_no_answer(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=["", "", "", "n", "", "j", ""])
    assert code == 0, shown
    assert lines(folder) == [f"{on(DAY)} heaviness=no felt=yes"]


@on_a_terminal
def test_who_says_nothing_has_told_nothing(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=[""] * 7)
    assert code == 0, shown
    assert "Er is niets opgeschreven." in shown
    assert lines(folder) == []


@on_a_terminal
def test_heaviness_is_followed_by_what_tells_whether_it_is_mild(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=["n", "j", "n", "j", "j", "n", "n", "s"])
    assert code == 0, shown
    asked = ("minder als je gaat liggen?", "een bolling van onderen?", "zware gevoel erger?")
    assert all(question in shown for question in asked)
    told = "done=yes pain=no heaviness=yes call=no eases=yes bulge=no grows=no"
    assert lines(folder) == [f"{on(DAY)} {told}"]


@on_a_terminal
def test_the_danger_signs_are_asked_first_and_once_in_four_groups(
    folder: Path, programme: Programme
) -> None:
    code, shown = talk(folder, "checkin", answers=["n", "j", "n", "s"])
    assert code == 0, shown
    before = shown.partition("Heb je geoefend?")[0]
    groups = ("112", "Bel vandaag", "Maak een afspraak", "Praat met iemand")
    assert [group for group in groups if group in before] == list(groups)
    assert shown.count("Heb je een van deze dingen?") == 1


@on_a_terminal
def test_a_danger_sign_is_followed_by_whom_to_call_and_by_nothing_else(
    folder: Path, programme: Programme
) -> None:
    code, shown = talk(folder, "checkin", answers=["j"])
    assert code == 0, shown
    assert advice(programme, Sign.RED_FLAG) in shown
    assert "Heb je geoefend?" not in shown
    assert lines(folder) == [f"{on(DAY)} call=yes"]


@on_a_terminal
def test_once_a_week_it_asks_what_has_stayed_unasked_before_she_may_stop(
    run: Run, folder: Path
) -> None:
    for day in (DAY - 8, DAY - 3):
        said(run, "--date", on(day), "--done", "--no-pain")
    code, shown = talk(folder, "checkin", answers=["n", "j", "n", "n", "s"])
    assert code == 0, shown
    assert "s: ik stop" not in shown.partition("Had je een zwaar gevoel")[2].partition(")")[0]
    assert "heaviness=no" in lines(folder)[-1]


@on_a_terminal
def test_only_what_she_has_not_said_is_asked(folder: Path) -> None:
    code, shown = talk(folder, "checkin", "--done", "--no-pain", answers=["n", "s"])
    assert code == 0, shown
    assert "Heb je geoefend?" not in shown
    assert "Had je pijn?" not in shown
    assert "zwaar gevoel" in shown


@on_a_terminal
def test_who_walks_away_half_way_has_told_nothing(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=["n", "j"])
    assert code == 1
    assert "Aborted!" in shown
    assert lines(folder) == []
