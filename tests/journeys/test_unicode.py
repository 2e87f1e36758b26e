"""The same text in other letters: accents that are a character of their own, letters that no voice
can say, names in capitals, spaces that only look like spaces."""

import shutil
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from conftest import Run
from looping import for_each

from voicecoach import letters
from voicecoach.cli import context
from voicecoach.cli.terminal import SilentReporter
from voicecoach.content.reading import programme as programme_reader
from voicecoach.pack import greeting
from voicecoach.practice import roster_file
from voicecoach.profile import client
from voicecoach.rendering.renderer import Renderer
from voicecoach.script.script import Say
from voicecoach.script.timeline import Timeline

SMALL = Path(__file__).parents[1] / "bad_content" / "programme"
BORN = ("--birth-date", "2026-01-01", "--started", "2026-01-02")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# Accents that are a character of their own


@pytest.fixture
def pair(here: Run, tmp_path: Path) -> tuple[str, str]:
    """The starter with a forbidden word that has an accent; once composed, once not."""
    assert here("new", "composed").returncode == 0
    words = tmp_path / "composed" / "nl.yaml"
    text = words.read_text(encoding="utf-8")
    assert "één" in text
    (forbidden,) = (line for line in text.splitlines() if line.startswith('    "doorbijten"'))
    added = f"{forbidden}\n    één: zeg “eenmaal”"
    words.write_text(text.replace(forbidden, added), encoding="utf-8")
    shutil.copytree(tmp_path / "composed", tmp_path / "decomposed")
    for path in (tmp_path / "decomposed").glob("*.yaml"):
        path.write_text(decomposed(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert (tmp_path / "decomposed" / "nl.yaml").read_bytes() != words.read_bytes()
    return "composed", "decomposed"


def test_check_has_the_same_remarks_of_both(here: Run, pair: tuple[str, str]) -> None:
    said = []
    for folder in pair:
        result = here("check", "--content", folder)
        lines = (result.stdout + result.stderr).replace(pair[1], pair[0]).splitlines()
        progress = "speaking: "
        said.append([result.returncode, *(x for x in lines if not x.startswith(progress))])
    assert said[0] == said[1]
    assert any("zeg “eenmaal”" in str(line) for line in said[0])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_script_of_both_is_the_same(
    here: Run, pair: tuple[str, str], language: str, tmp_path: Path
) -> None:
    session = next(iter(programme_reader.read(tmp_path / pair[0]).sessions)).id
    told = ("script", session, "--language", language, "--json", "--content")
    one, other = (here(*told, folder) for folder in pair)
    assert one.returncode == 0, one.stderr
    assert one.stdout == other.stdout
    assert unicodedata.is_normalized("NFC", one.stdout)


def test_both_programmes_are_equal(tmp_path: Path, pair: tuple[str, str]) -> None:
    one, other = (programme_reader.read(tmp_path / folder) for folder in pair)
    assert one.translations == other.translations
    assert one == other


def test_an_accent_written_by_an_escape_is_part_of_its_letter(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "programme")
    rewrite(folder / "nl.yaml", "  1: één", '  1: "e\\u0301e\\u0301n"')
    assert programme_reader.read(folder).translations["nl"].numbers[1] == "één"


def test_a_place_counts_an_accent_and_its_letter_as_one(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "programme")
    rewrite(folder / "nl.yaml", "  1: één", f"  1: {decomposed('één')}, \u263a")
    (problem,) = programme_reader.read(folder).translations["nl"].unsayable
    assert (problem.line, problem.column) == (18, 11)


Made = tuple[Timeline, bytes]


def greeting_of(folder: Path, name: str, language: str) -> Made:
    """What is said to greet ``name``, and how it sounds."""
    words = context.open_programme(None).translations[language]
    speaker = context.open_speaker(words, (), print)
    setting = context.open_setting(night=False, bed=None)
    with Renderer(1, SilentReporter()) as renderer:
        made = greeting.make(name, words, speaker, setting, folder, renderer)
        assert made is not None
        return made.sound.timeline, renderer.encoded(made.sound, made.own)


def said_in(made: Made) -> list[str]:
    return [event.sound.text for event in made[0].events if isinstance(event.sound, Say)]


def test_she_is_greeted_the_same(here: Run, tmp_path: Path) -> None:
    made = []
    for form in ("composed", "decomposed"):
        name = "Zoë" if form == "composed" else decomposed("Zoë")
        folder = tmp_path / form
        folder.mkdir()
        assert here("init", *BORN, "--name", name, "--yes", folder=folder).returncode == 0
        profile = folder / client.FILE
        profile.write_text(profile.read_text("utf-8").replace("Zoë", name), encoding="utf-8")
        hers = client.read(folder, date(2026, 11, 27)).name
        assert hers is not None
        made.append(greeting_of(folder, hers, "nl"))
    assert said_in(made[0])[0] == "Dag Zoë."
    assert made[0] == made[1]


@for_each("name", lambda: ["Zoë", "Łucja", "Ștefan", "Anaïs Núñez", "Þóra"])
def test_a_name_in_a_roster_is_composed(tmp_path: Path, name: str) -> None:
    path = tmp_path / "roster.csv"
    header = "client-id,birth-date,perineum,floor,catheter,name\n"
    line = f"a-1,2026-11-01,tear,normal,no,{decomposed(name)}\n"
    path.write_text(header + line, encoding="utf-8")
    roster = roster_file.read(path, date(2026, 11, 23))
    assert roster.unusable == ()
    assert roster.clients[0].told["name"] == name


# Letters that no voice can say

SAYABLE = (
    "Zoë Şule Łucja O’Brien O'Brien Søren Đorđe Ștefan Groß Þóra Anne-Marie Iñés Çağla Ĳsbrand"
)
SAYABLE_NAMES = [*SAYABLE.replace("Ĳsbrand", "IJsbrand").split(), "Anne van 't Hof", "Élodie-Maÿ"]
UNSAYABLE = [
    "Nguyễn",
    "Анна",
    "李",
    "Μαρία",
    "مريم",
    "Ma😀",
    "\ufb01ona",
    "\uff2dia",
    "Mia\uff11",
    "Mi\u200ba",
    "Mi\u00ada",
    "Mi\u202ea",
    "M\u0456a",
    "Ĳsbrand",
]


@for_each("name", lambda: SAYABLE_NAMES)
def test_a_name_that_can_be_said_is_taken(here: Run, tmp_path: Path, name: str) -> None:
    profile = tmp_path / "voicecoach.yaml"
    profile.unlink(missing_ok=True)
    result = here("init", *BORN, "--name", decomposed(name), "--yes")
    assert result.returncode == 0, result.stderr
    assert name in profile.read_text(encoding="utf-8")


@for_each("name", lambda: UNSAYABLE)
def test_a_name_that_no_voice_can_say_is_refused_with_the_way_out(
    here: Run, tmp_path: Path, name: str
) -> None:
    result = here("init", *BORN, "--name", name, "--yes")
    assert result.returncode != 0
    assert "as it sounds" in result.stderr or "remove it" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "voicecoach.yaml").exists()


@pytest.mark.parametrize(
    ("name", "such"),
    [("\ufb01ona", "fiona"), ("Nguyễn", "Nguyen"), ("\uff2dia", "Mia"), ("Анна", "Latin letters")],
)
def test_the_way_out_is_shown(here: Run, name: str, such: str) -> None:
    result = here("init", *BORN, "--name", name, "--yes")
    assert such in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["Анна", "Mia😀", "\ufb01ona"])
def test_build_refuses_a_name_that_no_voice_can_say_without_telling_it(
    here: Run, tmp_path: Path, name: str
) -> None:
    assert here("init", *BORN, "--name", "Zoek", "--yes").returncode == 0
    rewrite(tmp_path / "voicecoach.yaml", "Zoek", name)
    result = here("build", "--week", "1")
    assert result.returncode != 0
    assert "geen stem kan" in result.stderr
    assert "schrijf de naam zoals hij klinkt" in result.stderr
    assert name not in result.stderr
    assert not list(tmp_path.glob("output/*/week-01/*.mp3"))


@for_each("char", lambda: ["\ufb01", "😀", "\u0416", "\u674e", "\u1ec5", "\uff21", "\u2602", "ŉ"])
def test_check_names_what_no_voice_can_say_at_its_place(
    here: Run, tmp_path: Path, char: str
) -> None:
    shutil.rmtree(tmp_path / "mine", ignore_errors=True)
    folder = shutil.copytree(SMALL, tmp_path / "mine")
    rewrite(folder / "en.yaml", "Breathe in through", f"Breathe {char} through")
    result = here("check", "--content", "mine", "--language", "en")
    said = (result.stdout + result.stderr).splitlines()
    (line,) = [line for line in said if line.startswith("mine/")]
    assert line.startswith("mine/en.yaml:36:28: "), line
    assert f"U+{ord(char):04X}" in line


# A name in capitals


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("MIA", "Mia"),
        ("JO", "Jo"),
        ("MIA-LOU", "Mia-Lou"),
        ("O'BRIEN", "O'Brien"),
        ("O’BRIEN", "O’Brien"),
        ("ZOË ÇELIK", "Zoë Çelik"),
        ("ANNE VAN DIJK", "Anne Van Dijk"),
        ("McCoy", "McCoy"),
        ("Mia", "Mia"),
        ("mia", "mia"),
        ("DeShawn", "DeShawn"),
        ("J", "J"),
        ("Groß", "Groß"),
        ("GROß", "Groß"),
        ("ALİ", "Ali"),
        ("İREM", "İrem"),
    ],
)
def test_a_name_in_capitals_is_said_as_a_name(written: str, said: str) -> None:
    assert letters.spoken_name(written) == said
    assert letters.spoken_name(said) == said


def test_a_greeting_in_capitals_sounds_like_any_other(tmp_path: Path) -> None:
    one, other = (greeting_of(tmp_path / name, name, "en") for name in ("Mia", "MIA"))
    assert said_in(one)[0] == "Hello Mia."
    assert said_in(other)[0] == "Hello MIA."
    assert one[1][-2000:] == other[1][-2000:]
    assert len(one[1]) == len(other[1])


# Spaces, colons and digits that only look like it

LOOKALIKES = [
    ("rate", "nl.yaml", "full: 120 from", "full: 120\u00a0from"),
    ("narrow", "nl.yaml", "full: 120 from", "full: 120\u202ffrom"),
    ("thin", "nl.yaml", "full: 120 from", "full: 120\u2009from"),
    ("after colon", "nl.yaml", "language: nl", "language:\u00a0nl"),
    ("before colon", "nl.yaml", "language: nl", "language\u00a0: nl"),
    ("wide colon", "nl.yaml", "language: nl", "language\uff1a nl"),
    ("wide digit", "nl.yaml", "full: 120", "full: 12\uff10"),
    ("indent", "nl.yaml", "  full: 120", "\u00a0 full: 120"),
    ("item", "nl.yaml", "      - Adem in", "      -\u00a0Adem in"),
    ("dash", "nl.yaml", "      - Adem in", "      \u2013 Adem in"),
    ("reps", "programme.yaml", "reps: 8 from", "reps: 8\u00a0from"),
    ("in braces", "programme.yaml", "{from_day: 1 f", "{from_day: 1\u00a0f"),
]


@for_each("what, file, old, new", lambda: LOOKALIKES)
def test_what_only_looks_like_it_is_named_at_its_place(
    here: Run, tmp_path: Path, what: str, file: str, old: str, new: str
) -> None:
    shutil.rmtree(tmp_path / "mine", ignore_errors=True)
    folder = shutil.copytree(SMALL, tmp_path / "mine")
    rewrite(folder / file, old, new)
    (odd,) = (char for char in new if not char.isascii())
    before = (folder / file).read_text("utf-8").partition(new)[0] + new.partition(odd)[0]
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    result = here("check", "--content", "mine")
    assert result.returncode != 0
    said = result.stderr.splitlines()[0].removeprefix("Error: ")
    assert said.startswith(f"mine/{file}:{place}: "), f"{what}: {result.stderr}"
    assert f"(U+{ord(odd):04X})" in said
    assert "type a plain" in said


def test_the_two_no_break_spaces_of_a_practice(here: Run, tmp_path: Path) -> None:
    """One where a number names its source, and one behind a colon; by eye, both are right."""
    for line, column, old, new in (
        (8, 12, "full: 120 from", "full: 120\u00a0from"),
        (1, 10, "language: nl", "language:\u00a0nl"),
    ):
        folder = shutil.copytree(SMALL, tmp_path / f"mine-{line}")
        rewrite(folder / "nl.yaml", old, new)
        said = here("check", "--content", folder.name).stderr
        assert said.startswith(f"Error: {folder.name}/nl.yaml:{line}:{column}: "), said
        assert "a no-break space (U+00A0)" in said
        assert "write it as" not in said


def test_a_no_break_space_in_prose_is_no_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "programme")
    rewrite(folder / "nl.yaml", "Adem in door je neus.", "Adem in door\u00a0je neus.")
    assert programme_reader.read(folder).translations["nl"].unsayable == ()
