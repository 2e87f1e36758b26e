"""``voicecoach checkin`` as she meets it: few questions, and what follows from the answers."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Run
from terminal_talk import talk

from voicecoach import environment
from voicecoach.cli.interview import replies
from voicecoach.content.clinical_state import CheckIn, Floor, Sign
from voicecoach.content.programme import Programme
from voicecoach.planning import plan
from voicecoach.profile import client
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import Prescriptions
from voicecoach.profile.profile import Profile

on_a_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def run(here: Run) -> Run:
    return here


DAY = 30
BIRTH = environment.today() - timedelta(days=DAY)


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
    assert text.endswith("Goed dat je het zegt. Je sessies gaan gewoon door.\n")


def test_a_red_flag_prints_the_advice_to_call_first_and_stops_contractions(
    run: Run, folder: Path, programme: Programme
) -> None:
    assert tightens_tomorrow(folder, programme)
    text = said(run, "--call")
    assert text.strip().startswith("Bel dan vandaag nog, ook 's nachts:")
    assert advice(programme, Sign.RED_FLAG) in text.split("Het staat erin.")[0]
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
    profile = Profile(**told)  # type: ignore[arg-type]
    return Hers(profile=profile, check_ins=check_ins, prescriptions=Prescriptions(), today=today)


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


def test_no_step_back_is_promised_where_there_is_none(programme: Programme) -> None:
    in_pain, later = {"done": True, "pain": True}, "ga je een stap terug"
    for day, answers, told in (
        (2, {}, "tot je vertelt dat het over is"),  # before the first contraction
        (6, {}, "tot je vertelt dat het over is"),  # on the first step
        (DAY, {}, later),
        (programme.last_day + 7, {}, "Stop voor vandaag.\n"),
    ):
        text = reply(programme, hers(day=day, **answers), CheckIn(day=day, **in_pain))
        assert told in text, day
        assert (later in text) == (told == later), day


def test_nothing_else_is_promised_that_the_plan_does_not_do(programme: Programme) -> None:
    tense = {"floor": Floor.OVER_TENSE}
    past = programme.last_day + 7
    for day, answers, told, never in (
        (2, {"done": True, "easier": True}, "Doe zo veel minder als je wilt", "een stap terug"),
        (DAY, {"done": True, "easier": True}, "Je gaat een stap terug.", "zo veel minder"),
        (past, {"done": True, "easier": True}, "Doe zo veel minder als je wilt", "een stap"),
        (
            past,
            {"done": True, "let_go": False},
            "Ga naar een bekkenfysiotherapeut.",
            "Vanaf morgen",
        ),
    ):
        text = reply(programme, hers(day=day), CheckIn(day=day, **answers))
        assert told in text, (day, answers)
        assert never not in text, (day, answers)
    silent = [CheckIn(day=day, done=False) for day in range(DAY - 6, DAY + 1)]
    for own, told in (({}, "Je gaat verder op een lagere stap."), (tense, "niets in te halen")):
        assert told in reply(programme, hers(*silent[:-1], **own), silent[-1])
    for answer, told, goes_on in (
        ({"leaks": True}, "Wordt het erger?", "ga gerust door"),
        ({"book": True}, "Maak die afspraak gerust", "gewoon door. Doet het pijn"),
    ):
        for own in ({}, tense):
            text = reply(programme, hers(**own), CheckIn(day=DAY, **answer))
            assert told in text
            assert (goes_on in text) == (not own)


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
    assert "Daarna mocht je weer oefenen, heb je gezegd." in text
    assert "voicecoach init --not-cleared" in text
    assert "voicecoach init --cleared-on" not in text
    assert "Je plan blijft zoals het was." not in text


def test_after_the_last_day_nothing_moves(programme: Programme) -> None:
    day = programme.last_day + 7
    text = reply(programme, hers(day=day), CheckIn(day=day, done=True, felt=False))
    assert "Het programma liep tot en met dag 364" in text
    assert "Je plan" not in text


def test_after_the_last_day_nobody_in_trouble_is_told_to_go_on(programme: Programme) -> None:
    day, go_on = programme.last_day + 7, "build --week 52"
    well = CheckIn(day=day, done=True, pain=False)
    assert go_on in reply(programme, hers(day=day), well)
    for trouble in (CheckIn(day=day, done=True, pain=True), CheckIn(day=day, bulge=True)):
        assert go_on not in reply(programme, hers(day=day), trouble)
    text = reply(programme, hers(day=day), CheckIn(day=day, red_flag=True))
    assert go_on not in text
    assert "voicecoach init --cleared-on" in text


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


def test_days_of_which_nothing_was_told_can_be_told_at_once(run: Run, folder: Path) -> None:
    said(run, "--date", on(DAY - 9), "--done", "--no-pain")
    text = said(run, "--since", on(DAY - 10), "--not-done", "--yes")
    untold = [day for day in range(DAY - 10, DAY) if day != DAY - 9]
    assert lines(folder)[1:] == [f"{on(day)} done=no" for day in (*untold, DAY)]
    assert "omdat je een tijd niet geoefend hebt" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--since", on(20), "--no-pain", "--no-heaviness"), "zeg er ook --done of --not-done bij"),
        (("--since", on(-1), "--not-done", "--pain"), "kies een dag van"),
        (("--since", on(DAY), "--date", on(20), "--done", "--pain"), "kies een dag van"),
    ],
)
def test_days_that_cannot_be_told_at_once_are_a_usage_error(
    run: Run, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run("checkin", *arguments)
    assert (result.returncode, lines(folder)) == (2, [])
    assert told in result.stderr


def test_it_says_what_has_stayed_out_for_a_week_and_holds_her_back(run: Run, folder: Path) -> None:
    said(run, "--date", on(DAY - 9), "--done", "--heaviness")
    for day in (DAY - 6, DAY - 3):
        said(run, "--date", on(day), "--done", "--no-pain")
    assert "Had je een zwaar gevoel van onderen?" in said(run, "--done", "--no-pain")
    assert "zwaar gevoel" not in said(run, "--done", "--no-heaviness")


def test_who_has_felt_nothing_for_six_weeks_is_sent_to_a_physiotherapist_once_a_week(
    run: Run, tmp_path: Path
) -> None:
    birth = ("--birth-date", on(DAY - 90), "--started", on(DAY - 89))
    assert run("init", *birth, "--no-catheter", "--yes").returncode == 0
    first, asked = DAY - 60, range(40, 61)
    kept = "".join(f"{on(first + n)} felt=no\n" for n in range(asked[0]))
    path = tmp_path / "voicecoach-checkins.txt"
    path.touch(mode=0o600)
    path.write_text(kept, "utf-8")
    texts = {n: said(run, "--date", on(first + n), "--not-felt", "--yes") for n in asked}
    referred = [n for n, text in texts.items() if "Ga naar een bekkenfysiotherapeut" in text]
    assert referred == [42, 49, 56]
    assert "Je voelt al weken niets" in run("plan").stdout


# Questions


NO_SIGN = ("n", "n", "n", "n")
"""The answers to the four groups of danger signs."""


@on_a_terminal
def test_after_two_answers_she_may_stop(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "s", ""])
    assert code == 0, shown
    assert lines(folder) == [f"{on(DAY)} done=yes pain=no call=no book=no mood=no"]
    assert "s: ik stop" not in shown.partition("zwaar gevoel van onderen")[0]
    assert "Kon je" not in shown


@on_a_terminal
def test_enter_is_no_answer(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=["n", "", "", "", "", "", "n", "", "j", "", ""])
    assert code == 0, shown
    assert lines(folder) == [f"{on(DAY)} heaviness=no felt=yes"]


@on_a_terminal
def test_who_says_nothing_has_told_nothing(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=[""] * 11)
    assert code == 0, shown
    assert "Er is niets opgeschreven." in shown
    assert lines(folder) == []


@on_a_terminal
def test_heaviness_is_followed_by_what_tells_whether_it_is_mild(folder: Path) -> None:
    answers = [*NO_SIGN, "j", "n", "j", "j", "n", "n", "s", ""]
    code, shown = talk(folder, "checkin", answers=answers)
    assert code == 0, shown
    asked = ("minder als je gaat liggen?", "een bolling van onderen?", "zware gevoel erger?")
    assert all(question in shown for question in asked)
    assert "done=yes pain=no heaviness=yes call=no eases=yes bulge=no grows=no" in lines(folder)[0]


@on_a_terminal
def test_the_danger_signs_are_asked_first_in_four_groups_each_with_whom_to_call(
    folder: Path,
) -> None:
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "s", ""])
    assert code == 0, shown
    before = shown.partition("Heb je geoefend?")[0]
    whom = ("Bel dan meteen 112", "Bel dan vandaag nog", "Maak dan een afspraak", "Bel 113")
    places = [before.find(each) for each in whom]
    assert -1 not in places and places == sorted(places)
    assert shown.count("Heb je een van deze dingen?") == 4


@on_a_terminal
@pytest.mark.parametrize("answers", [["j"], ["n", "j"]])
def test_a_red_flag_is_followed_by_whom_to_call_and_by_nothing_else(
    folder: Path, programme: Programme, answers: list[str]
) -> None:
    code, shown = talk(folder, "checkin", answers=answers)
    assert code == 0, shown
    assert advice(programme, Sign.RED_FLAG) in shown
    assert "Heb je geoefend?" not in shown
    assert lines(folder) == [f"{on(DAY)} call=yes"]


@on_a_terminal
@pytest.mark.parametrize(
    ("answers", "told", "whom"),
    [
        (["n", "n", "j", "n"], "book=yes mood=no", "Maak dan een afspraak"),
        (["n", "n", "n", "j"], "book=no mood=yes", "Praat er dan over"),
    ],
)
def test_an_appointment_and_mood_stop_nothing_and_the_questions_go_on(
    folder: Path, programme: Programme, answers: list[str], told: str, whom: str
) -> None:
    code, shown = talk(folder, "checkin", answers=[*answers, "j", "n", "s", ""])
    assert code == 0, shown
    assert lines(folder) == [f"{on(DAY)} done=yes pain=no call=no {told}"]
    assert shown.count(whom) == 2, "with the question, and once more after the yes"
    assert "Je sessies gaan gewoon door." in shown and "zoals het was" not in shown
    assert tightens_tomorrow(folder, programme)


@on_a_terminal
def test_what_lasts_for_weeks_is_asked_about_once_a_week(run: Run, folder: Path) -> None:
    path = folder / "voicecoach-checkins.txt"
    path.write_text(f"{on(DAY - 6)} call=no book=no mood=no\n")
    path.chmod(0o600)
    code, shown = talk(folder, "checkin", answers=["n", "n", "j", "n", "s"])
    assert code == 0, shown
    assert shown.count("Heb je een van deze dingen?") == 2
    path.write_text(f"{on(DAY - 7)} call=no book=no mood=no\n")
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "n", "s"])
    assert code == 0, shown
    assert shown.count("Heb je een van deze dingen?") == 4


@on_a_terminal
def test_once_a_week_it_asks_what_has_stayed_unasked_before_she_may_stop(
    run: Run, folder: Path
) -> None:
    for day in (DAY - 8, DAY - 3):
        said(run, "--date", on(day), "--done", "--no-pain")
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "n", "s"])
    assert code == 0, shown
    assert "s: ik stop" not in shown.partition("Had je een zwaar gevoel")[2].partition(")")[0]
    assert "heaviness=no" in lines(folder)[-1]


@on_a_terminal
def test_leaking_is_followed_by_whether_practising_makes_it_worse(folder: Path) -> None:
    code, _ = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "n", "j", "n", "j", "s", ""])
    assert code == 0
    told = (
        "done=yes pain=no heaviness=no leaks=yes leaks-more=no easier=yes call=no book=no mood=no"
    )
    assert lines(folder) == [f"{on(DAY)} {told}"]
    code, shown = talk(folder, "checkin", answers=["n", "n", "j", "n", "n", "j", "j", "s", ""])
    assert code == 0
    assert "Wil je een stap lichter oefenen?" not in shown.partition("door het oefenen?")[2]


@on_a_terminal
@pytest.mark.parametrize(("reply", "told"), [("n", "no"), ("j", "yes")])
def test_after_a_week_without_a_word_it_asks_whether_she_practised(
    folder: Path, run: Run, reply: str, told: str
) -> None:
    text = said(run, "--date", on(DAY - 8), "--done", "--no-pain")
    assert f"--date {on(DAY - 1)} --since {on(DAY - 7)} --not-done" in text
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "n", "n", "s", reply])
    assert code == 0, shown
    assert "Je vertelde 7 dagen niets. Heb je in die dagen geoefend?" in shown
    silent = [f"{on(day)} done={told}" for day in range(DAY - 7, DAY)]
    assert lines(folder)[1:-1] == silent
    assert ("omdat je een tijd niet geoefend hebt" in shown) is (told == "no")


NO_VOICE = ("build", "--voice", "espeak:no-such-voice")
"""A build that ends before it speaks."""


@on_a_terminal
def test_a_build_asks_it_too(folder: Path) -> None:
    _, shown = talk(folder, *NO_VOICE, answers=["n"])
    assert "Je vertelde 29 dagen niets. Heb je in die dagen geoefend?" in shown
    assert lines(folder) == [f"{on(day)} done=no" for day in range(1, DAY)]


def test_a_build_without_a_terminal_says_how_to_tell(run: Run, folder: Path) -> None:
    shown = run(*NO_VOICE).stderr
    assert f"voicecoach checkin --date {on(DAY - 1)} --since {on(1)} --not-done --yes" in shown
    assert lines(folder) == []


def test_nothing_is_asked_about_practising_while_it_is_forbidden(run: Run, folder: Path) -> None:
    run("checkin", "--date", on(DAY - 12), "--call")
    assert "dagen niets" not in run(*NO_VOICE).stderr


@on_a_terminal
def test_only_what_she_has_not_said_is_asked(folder: Path) -> None:
    code, shown = talk(folder, "checkin", "--done", "--no-pain", answers=[*NO_SIGN, "s", ""])
    assert code == 0, shown
    assert "Heb je geoefend?" not in shown
    assert "Had je pijn?" not in shown
    assert "zwaar gevoel van onderen" in shown


@on_a_terminal
def test_who_walks_away_half_way_has_told_what_she_answered(folder: Path) -> None:
    code, shown = talk(folder, "checkin", answers=[*NO_SIGN, "j", "j"])
    assert code == 1
    assert "Aborted!" in shown and "Het staat erin." in shown
    assert lines(folder) == [f"{on(DAY)} done=yes pain=yes call=no book=no mood=no"]


@on_a_terminal
def test_who_walks_away_at_once_has_told_nothing(folder: Path) -> None:
    code, _ = talk(folder, "checkin", answers=[])
    assert code == 1
    assert lines(folder) == []


# Signs in options


@pytest.mark.parametrize(
    ("options", "told", "goes_on"),
    [
        (("--call",), "call=yes", 0),
        (("--call", "now"), "call=yes", 0),
        (("--call", "today"), "call=yes", 0),
        (("--call", "book"), "book=yes", 1),
        (("--call", "mood"), "mood=yes", 1),
        (("--call", "book", "--call", "mood"), "book=yes mood=yes", 1),
        (("--call", "mood", "--call", "now"), "call=yes mood=yes", 0),
        (("--call", "--done"), "done=yes call=yes", 0),
        (("--no-call", "--done"), "done=yes call=no", 1),
    ],
)
def test_the_groups_can_be_said_in_options(
    run: Run, folder: Path, programme: Programme, options: tuple[str, ...], told: str, goes_on: int
) -> None:
    text = said(run, *options)
    assert lines(folder) == [f"{on(DAY)} {told}"]
    assert tightens_tomorrow(folder, programme) == bool(goes_on)
    assert ("zoals het was" in text) is ("--no-call" in options)


def test_to_call_and_not_to_call_cannot_both_be(run: Run, folder: Path) -> None:
    result = run("checkin", "--call", "--no-call")
    assert result.returncode == 2
    assert lines(folder) == []


def test_whom_to_call_is_that_of_the_country(run: Run, folder: Path) -> None:
    numbers = {"nl": "112", "gb": "999", "elsewhere": "het alarmnummer van je land"}
    for country, number in numbers.items():
        assert run("init", "--country", country).returncode == 0
        assert f"Bel dan meteen {number}." in said(run, "--call", "now")
