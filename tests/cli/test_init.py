"""``voicecoach init`` as she meets it: questions, options, and what it says in the end."""

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import stand_in
from conftest import Run, run_voicecoach
from terminal_talk import talk

from voicecoach import environment, messages, private_files
from voicecoach.cli.serving import first_questions
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.pack import manifest
from voicecoach.profile import client, unfinished
from voicecoach.profile.profile import Profile, new_profile
from voicecoach.profile.unfinished import Unfinished

on_a_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")

EVERYTHING = (
    *("--language", "en", "--name", "Zoë", "--delivery", "caesarean", "--perineum", "oasi"),
    *("--catheter", "--floor", "over-tense", "--position", "nursing", "--sessions-a-day", "2"),
    *("--not-cleared", "--guidance", "tones", "--voice", "espeak:en+f3"),
    *("--voice", "espeak:en+f2", "--times", "06:15,22:00"),
)


@pytest.fixture
def run(here: Run) -> Run:
    return here


NEW_BIRTH = {"language": "nl", "birth_date": environment.today() - timedelta(days=3), "name": None}


class KilledError(Exception):
    """Stands for the end of the process."""


def watched(function: Callable[..., Any], alive: Callable[[], None]) -> Callable[..., Any]:
    """``function``, which is only called while the process is ``alive``."""

    def call(*arguments: Any) -> Any:
        alive()
        return function(*arguments)

    return call


def days_ago(days: int) -> str:
    return (environment.today() - timedelta(days=days)).isoformat()


def spoken(day: str) -> str:
    year, month, day_of_month = map(int, day.split("-"))
    return f"{day_of_month}-{month}-{year}"


def profile(folder: Path) -> Profile:
    return client.read(folder, environment.today())


def begun(run: Run, *arguments: str, days: int = 12) -> str:
    """Begins a profile, and answers what was said."""
    result = run("init", "--birth-date", days_ago(days), *arguments, "--yes")
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


# Options


def test_everything_can_be_said_in_options(run: Run, tmp_path: Path) -> None:
    result = run("init", "--birth-date", days_ago(9), "--started", days_ago(8), *EVERYTHING)
    assert (result.returncode, result.stderr) == (0, "")
    written = profile(tmp_path)
    assert written.birth_date.isoformat() == days_ago(9)
    assert written.started.isoformat() == days_ago(8)
    assert (written.language, written.name) == ("en", "Zoë")
    assert (written.delivery, written.perineum) == (Delivery.CAESAREAN, Perineum.OASI)
    assert (written.has_catheter, written.floor) == (True, Floor.OVER_TENSE)
    assert (written.position, written.sessions_a_day) == (Position.NURSING, 2)
    assert (written.cleared_on, written.guidance) == (None, Guidance.TONES)
    assert written.voices == ("espeak:en+f3", "espeak:en+f2")
    assert [f"{each:%H:%M}" for each in written.times_of_day] == ["06:15", "22:00"]


def test_a_day_in_an_option_is_written_as_in_a_question(run: Run, tmp_path: Path) -> None:
    result = run(
        "init", "--birth-date", spoken(days_ago(9)), "--started", spoken(days_ago(8)), "--yes"
    )
    assert (result.returncode, result.stderr) == (0, "")
    written = profile(tmp_path)
    assert (str(written.birth_date), str(written.started)) == (days_ago(9), days_ago(8))


@pytest.mark.skipif(os.name != "posix", reason="files on Windows have no such mode")
def test_only_she_can_read_what_is_written(run: Run, tmp_path: Path) -> None:
    begun(run)
    assert [path.name for path in tmp_path.iterdir()] == ["voicecoach.yaml"]
    assert stat.S_IMODE((tmp_path / "voicecoach.yaml").stat().st_mode) == 0o600


def test_nobody_begins_with_a_long_hold_whenever_she_installs_the_program(
    run: Run, tmp_path: Path
) -> None:
    begun(run, days=120)
    assert profile(tmp_path).started == environment.today()


def test_what_is_not_said_stays_unknown_and_she_hears_what_that_means(
    run: Run, tmp_path: Path
) -> None:
    said = begun(run)
    written = profile(tmp_path)
    assert (written.delivery, written.perineum, written.floor) == (None, None, None)
    assert "--perineum oasi" in said and "--catheter" in said
    assert "--perineum oasi" not in begun_anew(run, "--perineum", "tear", "--no-catheter")


def begun_anew(run: Run, *arguments: str) -> str:
    result = run("init", *arguments, "--yes")
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--birth-date"),
        (("--birth-date", "2026-02-30"), "there is no day 30 in February 2026"),
        (("--birth-date", "tomorrow"), "a day is expected as 2026-11-01"),
        (("--birth-date", days_ago(-1)), "--birth-date: .* lies in the future"),
        (("--birth-date", "1994-05-02"), "--birth-date: .* more than two years ago"),
        (("--birth-date", days_ago(3), "--started", days_ago(4)), "--started: .* before the birth"),
        (("--birth-date", days_ago(3), "--cleared-on", days_ago(-2)), "--cleared-on.*: .* future"),
        (
            ("--birth-date", days_ago(3), "--cleared-on", days_ago(1), "--not-cleared"),
            "--cleared-on and --not-cleared",
        ),
        (("--birth-date", days_ago(3), "--language", "fr"), "'fr' is not one of 'nl', 'en'"),
        (("--birth-date", days_ago(3), "--perineum", "torn"), "'torn' is not one of"),
        (("--birth-date", days_ago(3), "--sessions-a-day", "4"), "'4' is not one of"),
        (("--birth-date", days_ago(3), "--times", "21:00,07:30"), "--times: .* in order"),
        (("--birth-date", days_ago(3), "--times", "25:00"), "a time of day is expected as 07:30"),
        (("--birth-date", days_ago(3), "--voice", "nathalie"), "a voice is expected as"),
        (("--birth-date", days_ago(3), "--name", "Zo\x07"), "--name: no voice can say"),
    ],
)
def test_what_cannot_be_so_is_a_usage_error_and_writes_nothing(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run("init", *arguments, "--yes")
    assert (result.returncode, result.stdout) == (2, "")
    assert re.search(told, result.stderr), result.stderr
    assert list(tmp_path.iterdir()) == []


def test_several_faults_are_told_at_once(run: Run) -> None:
    result = run(
        *("init", "--birth-date", days_ago(3), "--started", days_ago(4)),
        *("--cleared-on", days_ago(5), "--yes"),
    )
    assert "--started:" in result.stderr and "--cleared-on" in result.stderr


def test_where_nobody_can_answer_it_says_what_is_missing_and_does_not_wait(run: Run) -> None:
    result = run("init", "--birth-date", days_ago(3), "--language", "nl")
    assert result.returncode == 2
    for option in ("--name", "--delivery", "--perineum", "--no-catheter", "--floor", "--yes"):
        assert option in result.stderr
    for option in ("--birth-date", "--cleared-on"):
        assert option not in result.stderr.partition("Error:")[2]


# Changes


def test_only_what_she_says_changes(run: Run, tmp_path: Path) -> None:
    begun(run)
    path = tmp_path / "voicecoach.yaml"
    mine = "# van mij\n" + path.read_text("utf-8").replace("nl\n", "nl   # ja\n", 1)
    path.write_text(mine, "utf-8")
    result = run("init", "--position", "nursing", "--yes")
    assert result.returncode == 0
    assert "position" in result.stdout.splitlines()[1]
    assert path.read_text("utf-8") == mine.replace("\nposition:\n", "\nposition: nursing\n")


def test_saying_the_same_again_writes_nothing(run: Run, tmp_path: Path) -> None:
    begun(run)
    before = (tmp_path / "voicecoach.yaml").stat()
    result = run("init", "--birth-date", days_ago(12), "--no-catheter")
    after = (tmp_path / "voicecoach.yaml").stat()
    assert "Er is niets veranderd" in result.stdout
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_catheter_that_comes_out_has_a_day(run: Run, tmp_path: Path) -> None:
    begun(run, "--catheter", "--started", days_ago(11))
    assert run("init", "--no-catheter").returncode == 0
    assert profile(tmp_path).catheter_out_on == environment.today()


def test_with_a_profile_and_nothing_to_change_it_does_not_wait(run: Run) -> None:
    begun(run)
    result = run("init")
    assert result.returncode == 2
    assert "zeg wat er verandert" in result.stderr


def test_a_fault_in_a_change_leaves_the_file_alone(run: Run, tmp_path: Path) -> None:
    begun(run)
    before = (tmp_path / "voicecoach.yaml").read_bytes()
    result = run("init", "--started", days_ago(13))
    assert result.returncode == 2
    assert "ligt voor de bevalling" in result.stderr
    assert (tmp_path / "voicecoach.yaml").read_bytes() == before


def test_a_profile_that_cannot_be_read_is_told_and_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "voicecoach.yaml"
    path.write_text("birth_date: 2026-02-30\nlangauge: nl\n")
    path.chmod(0o600)
    result = run("init", "--position", "lying")
    assert result.returncode == 1
    assert "voicecoach.yaml:1:1: birth_date: there is no day 30" in result.stderr
    assert "voicecoach.yaml:2:1: langauge: unknown key" in result.stderr
    assert "Traceback" not in result.stderr


# What it says in the end


def test_who_may_tighten_hears_so_and_what_comes_next(run: Run) -> None:
    said = begun(run, "--started", days_ago(11))
    assert "Vandaag is dag 12, in week 2." in said
    assert "Aanspannen hoort erbij, als het goed voelt." in said
    assert said.splitlines()[-1] == "Maak nu je sessies: voicecoach build"


def test_in_the_first_days_she_hears_from_when(run: Run) -> None:
    said = begun(run, "--language", "en", days=2)
    assert "Today is day 2, in week 1." in said
    assert "You can tighten from day 5, " in said
    assert "Until then you rest, and breathe." in said


def test_on_the_day_of_birth_she_rests(run: Run) -> None:
    said = begun(run, days=0)
    assert "Vandaag is de dag van de bevalling. Rust uit. Morgen is dag 1." in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--perineum", "oasi"), "eerst moet je arts of bekkenfysiotherapeut dat goedvinden"),
        (("--catheter",), "eerst moet je blaaskatheter eruit zijn"),
        (("--floor", "over-tense"), "Ademen en loslaten, omdat je bekkenbodem gespannen is"),
    ],
)
def test_who_may_not_tighten_hears_why(run: Run, arguments: tuple[str, ...], why: str) -> None:
    said = begun(run, *arguments)
    assert why in said
    assert "Aanspannen hoort erbij" not in said


def test_who_was_cleared_a_while_ago_hears_where_her_steps_count_from(run: Run) -> None:
    begun(run, "--perineum", "oasi", "--started", days_ago(59), days=60)
    said = begun_anew(run, "--cleared-on", days_ago(20))
    assert f"voicecoach init --started {environment.today()}" in said


@pytest.mark.parametrize(
    ("language", "why", "other"),
    [
        ("nl", "telt alleen van een dag daarna", "Je stappen tellen"),
        ("en", "counts only if it was given on a day after that", "Your steps count"),
    ],
)
def test_a_clearance_of_before_the_last_call_says_why_it_does_not_count(
    run: Run, language: str, why: str, other: str
) -> None:
    begun(run, "--language", language, "--started", days_ago(19), days=20)
    assert run("checkin", "--date", days_ago(6), "--call").returncode == 0
    assert run("checkin", "--date", days_ago(2), "--call").returncode == 0
    for day in (4, 2):
        said = begun_anew(run, "--cleared-on", days_ago(day))
        assert why in said
        assert messages.words(language).day(date.fromisoformat(days_ago(2))) in said
        assert other not in said
    assert why not in begun_anew(run, "--cleared-on", days_ago(1))


# Questions


@on_a_terminal
def test_it_asks_plain_questions_in_dutch_and_asks_again(tmp_path: Path) -> None:
    answers = [
        *("", "morgen", "30-2-2026", spoken(days_ago(-1)), "", spoken(days_ago(30))),
        *("Zoë", "3", "6", "2", "misschien", "nee", "1", "2", "", spoken(days_ago(25)), "", "", ""),
    ]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 0, shown
    written = profile(tmp_path)
    assert (written.language, written.name) == ("nl", "Zoë")
    assert written.birth_date.isoformat() == days_ago(30)
    assert (written.delivery, written.perineum) == (Delivery.CAESAREAN, Perineum.EPISIOTOMY)
    assert (written.has_catheter, written.floor) == (False, Floor.NORMAL)
    assert (written.position, written.sessions_a_day) == (Position.NURSING, None)
    assert written.started.isoformat() == days_ago(25)
    assert (
        shown.count("Die dag ken ik niet. Schrijf het zo: 1-11-2026, 1 november 2026 of gisteren.")
        == 2
    )
    assert "Dat kan niet. Kies een dag van" in shown
    assert "Dit heb ik echt nodig." in shown
    assert "Typ een cijfer van 1 tot en met 5." in shown
    assert "Typ j voor ja of n voor nee." in shown
    assert "Klaar, Zoë." in shown
    assert "totaalruptuur dat je" not in shown, "who has none is not asked for a clearance"


@on_a_terminal
def test_after_english_it_speaks_english(tmp_path: Path) -> None:
    answers = ["2", spoken(days_ago(5)), "", "", "4", "y", "", "", "", "", "", "", "", ""]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 0, shown
    assert "On which day was your child born?" in shown
    assert "On which day did your doctor or pelvic physiotherapist say you may tighten?" in shown
    assert "Done. Your answers are in voicecoach.yaml." in shown
    assert "Op welke dag" not in shown
    written = profile(tmp_path)
    assert (written.perineum, written.has_catheter) == (Perineum.OASI, True)
    assert (written.cleared_on, written.started) == (None, environment.today())


@on_a_terminal
def test_what_is_said_in_options_is_not_asked(tmp_path: Path) -> None:
    options = ("--language", "nl", "--birth-date", days_ago(9), "--started", days_ago(8))
    code, shown = talk(tmp_path, "init", *options, answers=[""] * 10)
    assert code == 0, shown
    for question in ("welke taal", "kind geboren", "begin je"):
        assert question not in shown


@on_a_terminal
def test_asked_again_enter_leaves_everything_as_it_is(run: Run, tmp_path: Path) -> None:
    begun(run, "--perineum", "oasi", "--delivery", "assisted", "--name", "Zoë")
    before = (tmp_path / "voicecoach.yaml").read_bytes()
    code, shown = talk(tmp_path, "init", answers=[""] * 13)
    assert code == 0, shown
    assert "  2  vaginaal, met een vacuümpomp of een tang (nu)" in shown
    assert "Er is niets veranderd" in shown
    assert (tmp_path / "voicecoach.yaml").read_bytes() == before


@on_a_terminal
def test_the_progress_counts_the_questions_that_are_left(tmp_path: Path) -> None:
    answers = ["", days_ago(9), "", "", "1", "", "", "", "", "", "", "", ""]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 0, shown
    counted = re.findall(r"^(\d+ van \d+)\. ", shown, re.MULTILINE)
    before, after = [f"{n} van 14" for n in range(1, 6)], [f"{n} van 13" for n in range(6, 14)]
    assert counted == before + after, "without a tear there is no clearance to ask about"


@on_a_terminal
@pytest.mark.parametrize("typed", ["gisteren", "yesterday"])
def test_a_day_in_words_is_read_back_and_can_be_corrected(tmp_path: Path, typed: str) -> None:
    weekday = ("maan", "dins", "woens", "donder", "vrij", "zater", "zon")
    answers = ["", "eergisteren", "<", typed, "Zoë", "", "", "", "", "", "", "", "", "", ""]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 0, shown
    yesterday = date.fromisoformat(days_ago(1))
    in_words = messages.words("nl").day(yesterday)
    assert f"Dat is {weekday[yesterday.weekday()]}dag {in_words}, gisteren." in shown
    assert ", eergisteren" not in shown and "2 dagen geleden" in shown
    assert profile(tmp_path).birth_date == yesterday


def asked_on_the_page(folder: Path, delivery: str, perineum: str) -> tuple[list[str], list[str]]:
    """The questions in the browser, and what was answered to each; her profile is in ``folder``."""
    programme = programme_reader.read(programme_reader.built_in())
    given = {"language": "2", "give birth": delivery, "tear?": perineum, "face up": "yes"}
    given |= {"child born": days_ago(9), "you may tighten": days_ago(3), "voice?": "no"}
    given |= {"check how you": days_ago(2)}
    asked: list[str] = []
    answers: list[str] = []
    while True:
        sent = {"answers": answers}
        _, shown = first_questions.answer(folder, environment.today(), programme, sent)
        if "question" not in shown:
            return asked, answers
        assert not shown["error"]
        asked.append(shown["question"])
        answers.append(next((given[part] for part in given if part in asked[-1]), ""))


@on_a_terminal
def test_the_browser_asks_what_the_terminal_asks(tmp_path: Path) -> None:
    """The same words in the same order, and the same answers make the same profile."""
    for delivery, perineum, only in (
        ("1", "4", {"face up", "check how you", "you may tighten"}),
        ("2", "1", {"check how you"}),
    ):
        page, terminal = tmp_path / f"page-{delivery}", tmp_path / f"terminal-{delivery}"
        page.mkdir()
        terminal.mkdir()
        asked, answers = asked_on_the_page(page, delivery, perineum)
        told = {
            each for each in ("face up", "check how you", "you may tighten") if each in str(asked)
        }
        assert told == only
        code, shown = talk(terminal, "init", answers=answers)
        assert code == 0, shown
        at = [shown.find(question) for question in asked]
        assert -1 not in at and at == sorted(at), asked
        assert len(re.findall(r"\d+ (?:of|van) \d+\. ", shown)) == len(asked) - 1, "and the voice"
        written = [(folder / "voicecoach.yaml").read_text("utf-8") for folder in (page, terminal)]
        assert written[0] == written[1]


@on_a_terminal
def test_who_stops_half_way_goes_on_from_there(run: Run, tmp_path: Path) -> None:
    code, shown = talk(tmp_path, "init", answers=["2", days_ago(9), "Zoë", "", "4"])
    assert code == 1
    assert "What you said is kept in voicecoach-unfinished.yaml." in shown
    assert [path.name for path in tmp_path.iterdir()] == ["voicecoach-unfinished.yaml"]
    code, shown = talk(tmp_path, "init", answers=["n", "", "", "", "", "", "", "", ""])
    assert code == 0, shown
    assert "You go on where you stopped." in shown and "1 of 9" in shown
    assert "born" not in shown and "What is your name" not in shown
    written = profile(tmp_path)
    assert (written.language, written.name) == ("en", "Zoë")
    assert (written.birth_date.isoformat(), written.perineum) == (days_ago(9), Perineum.OASI)
    assert [path.name for path in tmp_path.iterdir()] == ["voicecoach.yaml"]


@pytest.mark.skipif(os.name != "posix", reason="files on Windows have no such mode")
def test_half_a_profile_is_hers_alone_and_no_other_command_works_with_it(
    run: Run, tmp_path: Path
) -> None:
    told = {"language": "nl", "birth_date": date.fromisoformat(days_ago(9)), "name": None}
    unfinished.keep(tmp_path, Unfinished(told=told, is_new_birth=False))
    assert stat.S_IMODE((tmp_path / unfinished.FILE).stat().st_mode) == 0o600
    for command in (
        ("build", "--week", "3"),
        ("plan",),
        ("checkin", "--done", "--no-pain"),
        ("sync", "phone"),
        ("serve", "--local"),
        ("script", "endurance"),
    ):
        result = run(*command)
        assert result.returncode == 1, command
        assert "voicecoach-unfinished.yaml" in result.stderr and "init" in result.stderr
    assert run("init", "--yes").returncode == 0
    assert profile(tmp_path).birth_date.isoformat() == days_ago(9)
    assert run("plan", "--week", "1").returncode == 0


@on_a_terminal
def test_what_half_an_interview_forbids_is_withdrawn_at_once(run: Run, tmp_path: Path) -> None:
    folder = stand_in.write(tmp_path / "output", "first")
    kept = manifest.read(folder)
    tracks = tuple(replace(track, session="endurance") for track in kept.tracks)
    (folder / manifest.FILE).write_bytes(manifest.write(replace(kept, tracks=tracks)))
    code, shown = talk(tmp_path, "init", answers=["", days_ago(9), "", "", "4"])
    assert code == 1
    assert not list(folder.glob("*.mp3")), shown


@on_a_terminal
def test_stopped_at_the_questions_about_today_the_profile_is_whole(tmp_path: Path) -> None:
    answers = ["", days_ago(9), "", "", "1", "", "", "", "", "", "", "j"]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 1, shown
    assert "Klaar." in shown and "Aborted!" in shown
    assert profile(tmp_path).perineum is Perineum.INTACT
    [told] = client.find(tmp_path, print).check_ins  # type: ignore[union-attr]
    assert (told.day, told.pain, told.felt) == (9, True, None)


@on_a_terminal
def test_it_asks_about_pain_and_feeling_today_on_their_own(tmp_path: Path) -> None:
    answers = ["", days_ago(9), "", "", "1", "", "", "", "", "", "", "n", "n"]
    code, shown = talk(tmp_path, "init", answers=answers)
    assert code == 0, shown
    assert "Heb je vandaag pijn van onderen?" in shown and "Voel je je bekkenbodem?" in shown
    [told] = client.find(tmp_path, print).check_ins  # type: ignore[union-attr]
    assert (told.pain, told.felt) == (False, False)


@on_a_terminal
def test_a_change_that_is_stopped_keeps_what_was_answered(run: Run, tmp_path: Path) -> None:
    begun(run)
    code, shown = talk(tmp_path, "init", answers=["", "", "", "3"])
    assert code == 1, shown
    assert "Aangepast in voicecoach.yaml: delivery." in shown
    assert profile(tmp_path).delivery is Delivery.CAESAREAN


def test_a_country_is_kept_and_guessed_where_none_is_told(run: Run, tmp_path: Path) -> None:
    begun(run, "--language", "en")
    assert profile(tmp_path).country is None
    assert "999" in run("checkin", "--call", "now").stdout
    assert run("init", "--country", "nl").returncode == 0
    assert profile(tmp_path).country == "nl"
    assert "112" in run("checkin", "--call", "now").stdout


# A second birth


def test_a_new_birth_puts_the_old_answers_aside_and_begins_anew(run: Run, tmp_path: Path) -> None:
    begun(run, "--name", "Zoë", days=400)
    assert run("checkin", "--call").returncode == 0
    old = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    said = begun(run, "--new-birth", days=3)
    assert "De antwoorden en check-ins van je vorige bevalling zijn bewaard" in said
    written = profile(tmp_path)
    assert (written.birth_date.isoformat(), written.name) == (days_ago(3), None)
    assert client.find(tmp_path, print).check_ins == ()  # type: ignore[union-attr]
    today = environment.today()
    for name, content in old.items():
        aside = tmp_path / f"{name}.{today}"
        assert aside.read_bytes() == content
        assert os.name != "posix" or stat.S_IMODE(aside.stat().st_mode) == 0o600
    first = (tmp_path / "voicecoach.yaml").read_bytes()
    begun(run, "--new-birth", days=2)
    assert (tmp_path / f"voicecoach.yaml.{today}").read_bytes() == old["voicecoach.yaml"]
    assert (tmp_path / f"voicecoach.yaml.{today}-2").read_bytes() == first


def test_what_cannot_be_so_puts_nothing_aside(run: Run, tmp_path: Path) -> None:
    begun(run)
    before = (tmp_path / "voicecoach.yaml").read_bytes()
    assert run("init", "--new-birth", "--birth-date", days_ago(-2), "--yes").returncode == 2
    assert run("init", "--new-birth", "--yes").returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["voicecoach.yaml"]
    assert (tmp_path / "voicecoach.yaml").read_bytes() == before


@pytest.mark.parametrize("killed_before", range(5))
def test_killed_at_any_moment_a_new_birth_is_finished_by_the_next_init(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_before: int
) -> None:
    """Killed: whatever changes a name in the folder does so no more."""
    begun(run, days=400)
    assert run("checkin", "--call").returncode == 0
    old = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    left = killed_before

    def alive() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KilledError

    with monkeypatch.context() as patch:
        for module, name in (
            (private_files, "write"),
            (private_files, "put_aside"),
            (unfinished, "remove"),
        ):
            patch.setattr(module, name, watched(getattr(module, name), alive))
        with suppress(KilledError):
            client.create_for_new_birth(
                tmp_path,
                new_profile(NEW_BIRTH, environment.today()),
                NEW_BIRTH,
                environment.today(),
            )
    is_begun = killed_before > 0
    found = run("plan", "--week", "1")
    assert (found.returncode == 1 and "init" in found.stderr) if is_begun else not found.returncode
    again = ("--new-birth", "--birth-date", str(NEW_BIRTH["birth_date"])) if not is_begun else ()
    result = run("init", *again, "--yes")
    assert result.returncode == 0, result.stderr
    assert profile(tmp_path).birth_date == NEW_BIRTH["birth_date"]
    assert client.find(tmp_path, print).check_ins == ()  # type: ignore[union-attr]
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name, content in old.items():
        assert kept[f"{name}.{environment.today()}"] == content
    assert set(kept) == {"voicecoach.yaml", *(f"{name}.{environment.today()}" for name in old)}


# What other commands find


def test_without_a_profile_nothing_is_found(tmp_path: Path) -> None:
    assert client.find(tmp_path, print) is None


def test_other_commands_find_who_she_is_and_where(run: Run, tmp_path: Path) -> None:
    begun(run, "--started", days_ago(11))
    found = client.find(tmp_path, print)
    assert found is not None
    assert (found.day, found.week) == (12, 2)
    assert (found.situation.started_day, found.check_ins) == (1, ())


@pytest.mark.parametrize(("day", "week"), [(0, 1), (1, 1), (7, 1), (8, 2), (364, 52), (365, 53)])
def test_the_week_is_that_of_today(run: Run, tmp_path: Path, day: int, week: int) -> None:
    begun(run, days=day)
    found = client.find(tmp_path, print)
    assert found is not None
    assert (found.day, found.week) == (day, week)


def test_nothing_of_hers_goes_into_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = tmp_path / "her"
    folder.mkdir()
    for arguments in (
        ("init", "--birth-date", days_ago(12), "--name", "Zoë", "--yes"),
        ("checkin", "--done", "--pain"),
    ):
        assert run_voicecoach(folder, *arguments, cache=cache).returncode == 0
    for path in cache.rglob("*"):
        assert re.fullmatch(r"locks|[0-9a-f]{32}\.lock", path.name)
        assert path.is_dir() or path.read_bytes() == b""


# After the last day


AFTER_THE_END = "Het programma liep tot en met dag 364: je hebt het afgerond."


def test_after_the_last_day_every_command_says_what_there_is(run: Run, tmp_path: Path) -> None:
    assert AFTER_THE_END in begun(run, days=400)
    stand_in.write(tmp_path / "output", "first")
    for command in (
        ("plan", "--week", "52"),
        ("build",),
        ("checkin", "--done", "--no-pain"),
        ("sync", str(tmp_path / "card"), "--dry-run"),
    ):
        (tmp_path / "card").mkdir(exist_ok=True)
        result = run(*command)
        assert result.returncode == 0, (command, result.stderr)
        shown = result.stdout + result.stderr
        assert AFTER_THE_END in shown, command
        for next_step in ("build --week 52", "init --new-birth", "voicecoach forget"):
            assert next_step in shown, command
        assert "Je plan" not in shown


def test_after_the_last_day_a_red_flag_is_still_followed_by_whom_to_call(run: Run) -> None:
    begun(run, days=400)
    said = run("checkin", "--call").stdout
    assert "Bel dan vandaag nog" in said and AFTER_THE_END in said


def test_on_the_last_day_nothing_is_over_yet(run: Run) -> None:
    assert AFTER_THE_END not in begun(run, days=364)
    assert AFTER_THE_END not in run("plan", "--week", "52").stdout
