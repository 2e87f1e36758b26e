"""The command line as its user meets it: what it prints, where, and how it refuses."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from voicecoach import __main__, __version__, environment
from voicecoach.cli import app
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Translation
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.planning.plan import all_weeks, plan_session, plan_weeks

COMMANDS = (
    "batch",
    "build",
    "check",
    "checkin",
    "forget",
    "init",
    "listen",
    "new",
    "plan",
    "prescribe",
    "script",
    "serve",
    "signs",
    "sync",
    "voices",
)
LANGUAGES = ("nl", "en")
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""The environment of a terminal that knows ASCII alone."""
TONES = {"inhale", "exhale", "tighten", "hold", "release", "rest", "set", "done"}


def only_json(run: Run, *arguments: str) -> Any:
    """What a command prints with ``--json``; fails if anything else stands on stdout."""
    result = run(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# --- help ---------------------------------------------------------------------------------------


def test_version(here: Run) -> None:
    result = here("--version")
    assert (result.returncode, result.stdout) == (0, f"voicecoach, version {__version__}\n")


def test_without_a_command_it_says_where_to_begin(here: Run) -> None:
    result = here()
    assert "voicecoach build --week 3" in result.stdout + result.stderr


def test_help_lists_the_commands(here: Run) -> None:
    listed = here("--help").stdout.partition("Commands:")[2]
    assert tuple(line.split()[0] for line in listed.splitlines() if line.strip()) == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_an_example_and_fits_80_columns(here: Run, command: str) -> None:
    result = here(*([command] if command else []), "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"voicecoach [a-z]+ .*--[a-z]+|voicecoach [a-z]+ --", result.stdout)
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_list_of_commands_cuts_no_sentence_short(here: Run) -> None:
    assert "..." not in here("--help").stdout.partition("Commands:")[2]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_gets_a_completion_script(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_VOICECOACH_COMPLETE", "bash_source")
    result = run()
    assert result.returncode == 0
    assert "_voicecoach_completion" in result.stdout
    assert "complete " in result.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("voicecoach bu", {"build"}),
        ("voicecoach build --we", {"--week"}),
        ("voicecoach build --guidance b", {"brief"}),
        (
            "voicecoach script end",
            {
                "endurance",
                "endurance-three-sets",
                "endurance-two-sets",
                "endurance-third-set",
                "endurance-one-set",
            },
        ),
        ("voicecoach script --content /nothing end", set()),
    ],
)
def test_completion_offers_what_fits_and_never_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, offered: set[str]
) -> None:
    monkeypatch.setenv("_VOICECOACH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    result = run()
    assert {line.partition(",")[2] for line in result.stdout.split()} == offered
    assert result.stderr == ""


# --- plan ---------------------------------------------------------------------------------------


def test_plan_shows_every_day_of_the_programme(here: Run, programme: Programme) -> None:
    result = here("plan")
    assert (result.returncode, result.stderr) == (0, "")
    assert days_in(result.stdout) == list(range(1, programme.last_day + 1))
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_plan_of_a_week_shows_its_days(here: Run) -> None:
    assert days_in(here("plan", "--week", "2").stdout) == list(range(8, 15))


def days_in(table: str) -> list[int]:
    """The days that the lines stand for; a line may stand for several that are alike."""
    runs = re.findall(r"^ +(\d+)(?:-(\d+))? +\d+ \S", table, flags=re.MULTILINE)
    return [day for first, last in runs for day in range(int(first), int(last or first) + 1)]


def test_plan_for_machines(here: Run, programme: Programme) -> None:
    plan = only_json(here, "plan")
    assert set(plan) == {"birth_date", "days"}
    assert [day["day"] for day in plan["days"]] == list(range(1, 365))
    planned = plan_weeks(programme, all_weeks(programme))
    for day, calendar in zip(plan["days"], planned, strict=True):
        about = {"may_contract", "step", "reason", "note", "prescribed"}
        assert set(day) == {"day", "date", "week", "phase", "sessions", *about}
        assert day["week"] == (day["day"] - 1) // 7 + 1
        assert day["day"] == calendar.day
        heard = [session.id for session in calendar.listening]
        assert [session["session"] for session in day["sessions"]] == heard
        assert heard, "every day has a session"
        for session in day["sessions"]:
            doses = {
                "exercises",
                "holds_ms",
                "contractions",
                "under_tension_ms",
                "intensity_percent",
            }
            assert set(session) == {"session", "title", "kind", "duration_ms", *doses}
            assert session["kind"] in {"contractions", "breathing", "explanation", "activity"}
            assert (session["kind"] == "contractions") == bool(session["holds_ms"])
            assert session["duration_ms"] > 30_000


def test_plan_says_from_which_day_on_less_is_spoken(here: Run) -> None:
    days = only_json(here, "plan")["days"]
    titles = {d["day"]: s["title"] for d in days for s in d["sessions"] if s["session"] == "light"}
    assert titles == {
        **dict.fromkeys((5, 6, 7), "Licht aanspannen, 2 tellen"),
        **dict.fromkeys((8, 9), "Licht aanspannen, 3 tellen, met weinig woorden"),
    }


@pytest.mark.parametrize(
    ("guidance", "ending"),
    [("full", ""), ("brief", ", with few words"), ("tones", ", with tones only")],
)
def test_plan_with_a_guidance_has_it_on_every_day(here: Run, guidance: str, ending: str) -> None:
    arguments = ("plan", "--week", "1-6", "--language", "en")
    normal, chosen = (
        [s for d in only_json(here, *arguments, *more)["days"] for s in d["sessions"]]
        for more in ((), ("--guidance", guidance))
    )
    assert [(s["session"], s["holds_ms"]) for s in chosen] == [
        (s["session"], s["holds_ms"]) for s in normal
    ]
    for session in chosen:
        is_guided = session["kind"] != "explanation"
        assert session["title"].endswith(ending if is_guided else session["title"])
        assert (", with few" in session["title"]) == (guidance == "brief" and is_guided)


def test_plan_has_the_same_doses_in_every_language(here: Run) -> None:
    dutch, english = (
        only_json(here, "plan", "--language", language)["days"] for language in LANGUAGES
    )
    for one, other in zip(dutch, english, strict=True):
        assert [(s["session"], s["holds_ms"]) for s in one["sessions"]] == [
            (s["session"], s["holds_ms"]) for s in other["sessions"]
        ]


# --- script -------------------------------------------------------------------------------------


def test_a_calendar_says_what_is_in_it_and_leaves_out_days_past_unless_weeks_are_named(
    here: Run, tmp_path: Path
) -> None:
    today = environment.today()
    born = today - timedelta(days=20)
    assert here("init", "--birth-date", str(born), "--yes").returncode == 0
    for weeks, first in (((), today), (("--week", "1-6"), born + timedelta(days=1))):
        said = here("plan", *weeks, "--ics", "mine.ics").stdout
        count = (tmp_path / "mine.ics").read_text("utf-8").count("BEGIN:VEVENT")
        assert said.startswith(f"mine.ics: {count} herinneringen, van {first} tot en met ")
    last = born + timedelta(days=42)
    first = born + timedelta(days=1)
    assert said == f"mine.ics: {count} herinneringen, van {first} tot en met {last}\n"


def test_a_script_is_a_table_a_person_can_read(here: Run) -> None:
    result = here("script", "endurance")
    assert result.returncode == 0
    first, *lines = result.stdout.splitlines()
    assert re.fullmatch(r"Duurkracht, 5 tellen \(\d+:\d\d\)", first)
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if re.fullmatch(r" +\d+:\d\d\.\d +3\.8  \* release", line)]
    times = [
        int(m) * 60 + float(s)
        for m, s in re.findall(r"^ +(\d+):(\d\d\.\d) ", result.stdout, flags=re.MULTILINE)
    ]
    assert times == sorted(times) and len(times) > 100


def test_a_script_for_machines_tells_tempo_side_and_position(here: Run) -> None:
    script = only_json(here, "script", "lying", "--programme", "back-after-birth")
    told = [
        (b["exercise"], b["kind"], b["tempo_ms"], b["hold_ms"], b["side"], b["starting_position"])
        for b in script["blocks"]
        if b["kind"] != "talk"
    ]
    assert told == [
        ("pelvic-tilt", "movement", [3000, 2000, 3000], None, None, "back"),
        ("knee-to-chest", "stretch", None, 20_000, "left", "back"),
        ("knee-to-chest", "stretch", None, 20_000, "right", "back"),
        ("knee-drop", "movement", [3000, 0, 3000], None, "alternating", "back"),
    ]


def test_a_script_for_machines_has_exactly_the_keys_of_the_design(here: Run) -> None:
    script = only_json(here, "script", "endurance")
    assert set(script) == {
        "session",
        "title",
        "language",
        "voice",
        "day",
        "guidance",
        "prescribed_by",
        "duration_ms",
        "events",
        "blocks",
        "chapters",
    }
    for event in script["events"]:
        assert set(event) == {"start_ms", "end_ms", "kind", "cue", "text", "set", "rep", "block"}
        assert 0 <= event["start_ms"] < event["end_ms"]
        assert event["kind"] in {"speech", "tone"}
        if event["kind"] == "tone":
            assert event["cue"] in TONES
            assert event["text"] is None
        else:
            assert event["text"].strip()
        assert event["block"] is None or 0 <= event["block"] < len(script["blocks"])
    for block in script["blocks"]:
        of_dose = {"hold_ms", "rest_ms", "sets", "reps", "tempo_ms"}
        assert set(block) == {"exercise", "kind", "side", "starting_position", *of_dose}
    for chapter in script["chapters"]:
        assert set(chapter) == {"title", "start_ms", "end_ms"}
    assert max(event["end_ms"] for event in script["events"]) <= script["duration_ms"]
    starts = [event["start_ms"] for event in script["events"]]
    assert starts == sorted(starts)


def test_a_script_says_what_it_was_made_for(here: Run, programme: Programme) -> None:
    script = only_json(here, "script", "endurance", "--language", "en")
    assert (script["session"], script["language"], script["day"]) == ("endurance", "en", 10)
    assert script["voice"] == programme.translations["en"].voice
    assert script["guidance"] == "full"


def test_a_script_shows_words_as_they_are_written_not_as_they_are_said(
    here: Run, dutch: Translation
) -> None:
    texts = [event["text"] for event in only_json(here, "script", "light")["events"]]
    assert "Span dan pas aan als je arts of bekkenfysiotherapeut dat goedvindt." in texts
    respelt = dutch.pronunciation["espeak"]["bekkenfysiotherapeut"]
    assert not any(respelt in text for text in texts if text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("session", "day", "guidance"),
    [
        ("light", 5, "full"),
        ("light", 8, "tones"),
        ("endurance", 10, "full"),
        ("endurance-one-set", 29, "brief"),
        ("quick", 20, "full"),
        ("quick", 23, "brief"),
    ],
)
def test_holds_and_rests_are_exactly_the_dose(
    here: Run, programme: Programme, session: str, day: int, guidance: str, language: str
) -> None:
    """With the voice that really speaks."""
    arguments = ("--day", str(day), "--guidance", guidance, "--language", language)
    script = only_json(here, "script", session, *arguments)
    assert script["guidance"] == guidance
    parts = plan_session(programme, session, day).parts
    [dose] = [
        part.dose
        for part in parts
        if isinstance(part, Prescription) and isinstance(part.dose, Contractions)
    ]
    [index] = [n for n, b in enumerate(script["blocks"]) if b["kind"] == "contractions"]
    block = script["blocks"][index]
    assert (block["hold_ms"], block["rest_ms"], block["sets"], block["reps"]) == (
        dose.hold_ms,
        dose.rest_ms,
        dose.sets,
        dose.reps,
    )
    tones = [e for e in script["events"] if e["kind"] == "tone" and e["block"] == index]
    tightens = [e for e in tones if e["cue"] == "tighten"]
    releases = [e for e in tones if e["cue"] == "release"]
    counted = [(s, r) for s in range(1, dose.sets + 1) for r in range(1, dose.reps + 1)]
    for cues in (tightens, releases):
        assert [(e["set"], e["rep"]) for e in cues] == counted
    for tighten, release in zip(tightens, releases, strict=True):
        assert release["start_ms"] - tighten["start_ms"] == dose.hold_ms
    for release, tighten in zip(releases, tightens[1:], strict=False):
        rest_ms = tighten["start_ms"] - release["start_ms"]
        assert rest_ms == (dose.rest_ms if tighten["set"] == release["set"] else dose.set_rest_ms)


def test_doses_that_do_not_apply_are_null(here: Run, programme: Programme) -> None:
    script = only_json(here, "script", "breathing")
    kinds = [block["kind"] for block in script["blocks"]]
    assert kinds.count("breathing") == 2 and set(kinds) <= {"breathing", "talk"}
    for block in script["blocks"]:
        assert [block[key] for key in ("hold_ms", "rest_ms", "sets", "reps")] == [None] * 4
    [belly, floor] = [
        part.dose
        for part in plan_session(programme, "breathing", 1).parts
        if isinstance(part, Prescription) and isinstance(part.dose, Breathing)
    ]
    inhales = [event for event in script["events"] if event["cue"] == "inhale"]
    assert len(inhales) == belly.breaths + floor.breaths


def test_the_day_decides_the_dose(here: Run) -> None:
    first = only_json(here, "script", "light")
    assert first["day"] == 5
    assert only_json(here, "script", "light", "--day", "5") == first
    later = only_json(here, "script", "light", "--day", "8")
    holds = [[b["hold_ms"] for b in s["blocks"] if b["hold_ms"]] for s in (first, later)]
    assert holds == [[2000], [3000]]
    assert (first["guidance"], later["guidance"]) == ("full", "brief")


def test_the_minutes_that_are_said_are_those_the_voice_leaves(here: Run) -> None:
    script = only_json(here, "script", "endurance")
    left_s = {
        event["text"]: (script["duration_ms"] - event["end_ms"]) / 1000
        for event in script["events"]
        if event["cue"] == "announce" and event["text"].startswith("Nog ongeveer")
    }
    minutes = dict(zip(left_s, (8, 5, 2), strict=True))
    assert [text.split()[2] for text in minutes] == ["acht", "vijf", "twee"]
    assert all(abs(60 * minutes[text] - left_s[text]) <= 32 for text in minutes)


def test_without_words_nothing_is_said_between_the_first_and_the_last_contraction(
    here: Run,
) -> None:
    script = only_json(here, "script", "endurance-one-set", "--guidance", "tones")
    effort = [e["start_ms"] for e in script["events"] if e["cue"] in {"tighten", "release"}]
    said = [e for e in script["events"] if effort[0] <= e["start_ms"] <= effort[-1] and e["text"]]
    assert len(effort) == 16
    assert said == []


def test_another_voice_speaks_the_same_dose(here: Run) -> None:
    script = only_json(here, "script", "quick", "--voice", "espeak:nl+m3")
    assert script["voice"] == "espeak:nl+m3"
    assert {block["hold_ms"] for block in script["blocks"]} >= {1000}


# --- check and voices ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.slow)])
def test_the_built_in_content_has_no_remarks(here: Run, language: str) -> None:
    """With its usual voice, whose every word is timed. In ``authoring/test_check.py`` words that
    take as long as we estimate, and longer, fit in both languages."""
    result = here("check", "--language", language)
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 1)
    assert "no remarks" in result.stdout


def test_voices_are_listed_with_how_to_use_one_and_get_more(here: Run) -> None:
    result = here("voices")
    assert (result.returncode, result.stderr) == (0, "")
    assert "espeak:nl+f2" in result.stdout and "espeak:en+f2" in result.stdout
    assert "--voice" in result.stdout and "More" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_voices_of_one_language(here: Run) -> None:
    assert {v["language"] for v in only_json(here, "voices", "--language", "en")} == {"en"}


def test_voices_for_machines(here: Run) -> None:
    voices = only_json(here, "voices")
    keys = ("voice", "engine", "language", "title", "quality", "installed", "size_bytes", "licence")
    keys += ("recommended", "heard", "garbles_cues", "words_wrong_percent")
    assert {tuple(voice) for voice in voices} == {keys}
    assert {voice["language"] for voice in voices} == {"nl", "en"}
    names = [voice["voice"] for voice in voices]
    assert len(set(names)) == len(names)
    assert {voice["engine"] for voice in voices} >= {"espeak", "piper"}


# --- refusals -----------------------------------------------------------------------------------


def below(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def assert_refused(run: Run, folder: Path, *arguments: str) -> str:
    """One clear error on stderr, nothing on stdout, nothing written. Answers the error."""
    before = below(folder)
    result = run(*arguments)
    assert result.returncode in (1, 2), result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(re.findall("^Error: ", result.stderr, flags=re.MULTILINE)) == 1
    assert below(folder) == before
    usage, _, error = result.stderr.partition("Error: ")
    assert bool(usage) == (result.returncode == 2), "usage is explained where it was at fault"
    return str(error)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--week 60", "week 60: the programme runs from week 1 to week 52"),
        ("--week 50-53", "week 53: the programme runs from week 1 to week 52"),
        ("--week 0", "'0' is no week; write 3, or 1-6, or all"),
        ("--week 0-3", "'0-3' is no week"),
        ("--week x", "'x' is no week"),
        ("--week 6-1", "'6-1' is no week"),
        ("--week -1", "'-1' is no week"),
        ("--week 3-", "'3-' is no week"),
        ("--week 1.5", "'1.5' is no week"),
        ("--week 99999999999999999999", "is no week"),
        ("--language xx", "no language 'xx' in this programme; there are: nl, en"),
        ("--voice espeak:nonsense", "unknown voice espeak:nonsense; for this language: "),
        ("--voice espeak:nl+zz", "unknown voice espeak:nl+zz: no variant 'zz'"),
        ("--voice espeak:nl+../f2", "no variant '../f2'"),
        ("--voice foo", "unknown voice 'foo'; a voice is one of"),
        ("--voice piper:x", "the voice piper:x is not installed"),
        ("--voice espeak:", "unknown voice 'espeak:'"),
        ("--voice espeak:en+f2", "espeak:en+f2 does not speak 'nl'; these do: espeak:nl+f2"),
        ("--content nothing", "nothing: there is no such folder"),
        ("--content file", "file: there is no such folder"),
        ("--content empty", "programme.yaml: there is no such file"),
        ("--guidance loud", "'loud' is not one of 'full', 'brief', 'tones'"),
        ("--guidance FULL", "'FULL' is not one of"),
        (
            "--bed nonsense",
            "nonsense: cannot be read: No such file or directory; name a sound file",
        ),
        (
            "--bed empty",
            "empty: cannot be read: Is a directory; name a sound file, or one of: brown",
        ),
        ("--night yes", "unexpected extra argument"),
        ("--jobs 0", "0 is not in the range"),
        ("--jobs many", "'many' is not a valid integer"),
        ("--nonsense", "No such option"),
        ("3", "unexpected extra argument"),
    ],
)
def test_build_refuses(here: Run, tmp_path: Path, arguments: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert told in assert_refused(here, tmp_path, "build", *arguments.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("script", "Missing argument 'SESSION'"),
        ("script nonsense", "no session 'nonsense'; there are: welcome, welcome-back, "),
        (
            "script endurance --day 3",
            "session 'endurance' is not done on day 3; it is on: days 10-19",
        ),
        ("script endurance --day 0", "0 is not in the range"),
        ("script endurance --day x", "'x' is not a valid integer"),
        ("script endurance --day 100000000000000000000", "is not done on day 1"),
        ("script endurance --voice espeak:nonsense", "unknown voice"),
        ("script endurance --guidance loud", "'loud' is not one of 'full', 'brief', 'tones'"),
        ("script endurance --bed brown", "No such option"),
        ("script endurance --night", "No such option"),
        ("plan --guidance loud", "'loud' is not one of 'full', 'brief', 'tones'"),
        ("plan --week 60", "week 60"),
        ("plan --language xx", "no language 'xx'"),
        ("check --content nothing", "nothing: there is no such folder"),
        ("voices --language xx", "no voice speaks 'xx'"),
        ("nonsense", "No such command 'nonsense'"),
    ],
)
def test_other_commands_refuse(here: Run, tmp_path: Path, arguments: str, told: str) -> None:
    assert told in assert_refused(here, tmp_path, *arguments.split())


@pytest.mark.parametrize(
    "arguments",
    [
        "--week 60",
        "--week 0",
        "--voice foo",
        "--content nothing",
        "--bed nonsense",
        "--guidance loud",
    ],
)
def test_a_process_of_its_own_refuses_in_the_same_way(
    run: Run, tmp_path: Path, arguments: str
) -> None:
    assert_refused(run, tmp_path, "build", *arguments.split())


def test_a_bed_without_a_name_is_refused(here: Run, tmp_path: Path) -> None:
    error = assert_refused(here, tmp_path, "build", "--bed", "")
    assert error == "no bed was named: name a sound file, or one of: brown, waves, rain\n"


def test_a_damaged_bed_is_refused_before_anything_is_spoken(here: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    (tmp_path / "cache").mkdir()
    arguments = ("build", "--week", "1", "--bed", "cut.wav")
    result = here(*arguments, cache=tmp_path / "cache")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: cut.wav: ") and result.stderr.count("\n") == 1
    assert "speaking" not in result.stderr
    assert [path for path in (tmp_path / "cache").rglob("*") if path.suffix == ".wav"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"cut.wav", "cache"}


# --- content that cannot be used ----------------------------------------------------------------


@pytest.fixture
def own_content(tmp_path: Path) -> Path:
    """A copy of the built-in programme that a test may spoil."""
    return Path(shutil.copytree(programme_reader.built_in(), tmp_path / "mine"))


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def holding(name: str, data: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(data, encoding="utf-8") and None


def sparse(folder: Path) -> None:
    os.truncate(folder / "nl.yaml", 100_000_000)


BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (edited("nl.yaml", "\n  album:", "\n\talbum:"), r"nl\.yaml:\d+:\d+: .*a tab .*spaces"),
        (edited("nl.yaml", "title:", "ti\0tle:"), r"nl\.yaml:\d+:\d+: .*U\+0000"),
        (
            edited("programme.yaml", "format: 1\n", "format: 1\nformat: 1\n"),
            r"programme\.yaml:\d+:1: format: the key is given twice \(first in line \d+\)",
        ),
        (
            edited("programme.yaml", "hold_s: 2 from", "hold_s: -2 from"),
            r"programme\.yaml:\d+:\d+: exercises\.light\.steps\[0\]\.hold_s: ",
        ),
        (holding("nl.yaml", ""), r"nl\.yaml:1:1: the file is empty"),
        (holding("programme.yaml", ""), r"programme\.yaml:1:1: the file is empty"),
        (holding("programme.yaml", BOMB), r"programme\.yaml:1:4: .*anchors and aliases"),
        (holding("programme.yaml", "[" * 100_000), r"programme\.yaml:1:\d+: .*"),
        (sparse, r"nl\.yaml:1:1: larger than 1000 kB"),
    ],
    ids=[
        "tab",
        "NUL",
        "duplicate key",
        "negative hold",
        "no words",
        "no structure",
        "bomb",
        "deep",
        "100 MB",
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_content_that_cannot_be_used(
    here: Run,
    tmp_path: Path,
    own_content: Path,
    command: str,
    spoil: Callable[[Path], None],
    told: str,
) -> None:
    spoil(own_content)
    error = assert_refused(here, tmp_path, command, "--content", str(own_content))
    assert re.search(told, error)


def test_all_problems_of_all_files_are_told_at_once(
    here: Run, tmp_path: Path, own_content: Path
) -> None:
    for name in ("nl.yaml", "en.yaml"):
        edited(name, "\nartist:", "\nsinger:")(own_content)
    error = assert_refused(here, tmp_path, "build", "--content", str(own_content))
    for name in ("nl.yaml", "en.yaml"):
        assert len(re.findall(rf"{name}:\d+:\d+: .*(singer|artist)", error)) == 2


# --- where it ends ------------------------------------------------------------------------------


def interrupted(**_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("main", "code"), [(interrupted, "Aborted!"), (lambda **_: sys.exit(0), 0)], ids=["cut", "done"]
)
def test_at_the_end_a_second_ctrl_c_is_ignored(
    monkeypatch: pytest.MonkeyPatch, main: Callable[..., None], code: str | int
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(app, "run", main)
    try:
        with pytest.raises(SystemExit) as ended:
            __main__.main()
        signal.raise_signal(signal.SIGINT)
        assert ended.value.code == code
    finally:
        signal.signal(signal.SIGINT, before)


# --- where it runs ------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", ["plan", "script light", "build --voice ☃"])
def test_a_terminal_without_letters_is_no_reason_to_fail(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: str
) -> None:
    for name, value in BARE.items():
        monkeypatch.setenv(name, value)
    result = run(*arguments.split())
    assert "Traceback" not in result.stderr
    assert bool(result.stdout) == (result.returncode == 0) == ("☃" not in arguments)


def test_json_is_whole_in_a_terminal_without_letters(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = only_json(run, "script", "light")
    for name, value in BARE.items():
        monkeypatch.setenv(name, value)
    assert only_json(run, "script", "light") == expected


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_result_that_cannot_be_printed_is_one_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "voicecoach", "plan"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("Error: ")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close a stream")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_does_not_stop_a_build(tmp_path: Path, closed: str) -> None:
    """As a scheduler may start it. The cache is empty, so that there is progress to report."""
    command = f'"$0" -m voicecoach script welcome-back {closed}'
    result = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable],
        cwd=tmp_path,
        env={**os.environ, CACHE_VARIABLE: str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, "Traceback" in result.stderr) == (0, False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_folder_that_was_deleted_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    result = subprocess.run(
        ["/bin/sh", "-c", 'cd gone && rmdir ../gone && "$0" -m voicecoach build', sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert len(re.findall("^Error: ", result.stderr, flags=re.MULTILINE)) == 1


def test_a_build_without_a_profile_says_in_one_line_for_whom_it_is(
    here: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    arguments = ("build", "--week", "1", "--content", str(tiny), "--out", "packs")
    [line] = [each for each in here(*arguments).stderr.splitlines() if "init" in each]
    assert line.startswith("Deze sessies zijn voor na een bevalling zonder problemen: ")
    for condition in ("totaalruptuur", "blaaskatheter", "kan loslaten", "pijn of zwaar gevoel"):
        assert condition in line
    here("init", "--birth-date", "2026-11-20", "--yes")
    assert "zonder problemen" not in here(*arguments).stderr


def test_a_programme_without_contractions_is_for_everybody(here: Run) -> None:
    arguments = ("build", "--week", "1", "--programme", "calm-breathing")
    assert "init" not in here(*arguments).stderr
