"""``new``: a programme to begin with; and what ``check`` says of the mistakes that are made in it.

Each mistake stands here as somebody makes it, with what leads her to its cure.
"""

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Run

from voicecoach.authoring import check as check_run
from voicecoach.authoring import starter
from voicecoach.cli.authoring import new
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import TalkBlock
from voicecoach.errors import ContentError, StarterError, StorageError

MOST_LINES = 180


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return starter.write("sterke-vloer", tmp_path)


def everything_said(folder: Path) -> list[str]:
    """What ``check`` says without a voice: the reader's problems, or else the remarks."""
    try:
        programme = programme_reader.read(folder)
    except ContentError as error:
        return [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return [str(remark) for remark in check_run.remarks(programme, programme.translations)]


# What is written


def test_it_is_valid_and_has_no_remark(folder: Path) -> None:
    assert everything_said(folder) == []


def test_its_name_is_its_identifier_and_its_folders(folder: Path) -> None:
    programme = programme_reader.read(folder)
    assert programme.name == "sterke-vloer"
    folders = [words.folder for words in programme.translations.values()]
    assert folders == ["sterke-vloer-nl", "sterke-vloer-en"]
    for file in starter.FILES:
        assert "my-programme" not in (folder / file).read_text(encoding="utf-8")


def test_it_shows_all_there_is_to_show(folder: Path) -> None:
    programme = programme_reader.read(folder)
    doses = [exercise.steps[0].prescription.dose for exercise in programme.exercises.values()]
    assert {type(dose) for dose in doses} == {Breathing, Contractions}
    assert any(len(exercise.steps) > 1 for exercise in programme.exercises.values())
    assert any(session.condition for session in programme.sessions)
    assert any(isinstance(b, TalkBlock) for session in programme.sessions for b in session.blocks)
    assert programme.rules
    assert programme.safety
    assert list(programme.translations) == ["nl", "en"]


def test_it_is_short_enough_to_read(folder: Path) -> None:
    for file in starter.FILES:
        assert len((folder / file).read_text(encoding="utf-8").splitlines()) < MOST_LINES


def test_every_key_at_the_top_has_a_comment_above_it(folder: Path) -> None:
    for file in starter.FILES:
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        for above, line in pairwise(lines):
            is_after_another = bool(re.match(r"[a-z]", above)) or above.startswith("  ")
            if re.match(r"[a-z_]+:", line) and not is_after_another:
                assert above.startswith("#"), f"{file}: {line}"


def test_editors_find_its_schema(folder: Path) -> None:
    for file in starter.FILES:
        first = (folder / file).read_text(encoding="utf-8").splitlines()[0]
        told = first.removeprefix("# yaml-language-server: $schema=")
        assert json.loads((folder / told).read_text(encoding="utf-8"))["title"]


def test_its_schema_is_made_by_the_reader_of_now(folder: Path) -> None:
    for which in ("programme", "words"):
        written = (folder / "schema" / f"{which}.json").read_text(encoding="utf-8")
        assert written == starter.schema_text(which)


def test_nothing_else_is_left_beside_it(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == ["sterke-vloer"]
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names == {*starter.FILES, "schema/programme.json", "schema/words.json"}


# Names, and what is there already


@pytest.mark.parametrize(
    "name",
    ["", "Sterk", "sterke vloer", "sterke_vloer", "-a", "a--b", "a/b", "..", "vloer.yaml", "é"],
)
def test_a_name_that_cannot_be_an_identifier_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StarterError, match="small letters, digits and single hyphens"):
        starter.write(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_touched(folder: Path) -> None:
    (folder / "nl.yaml").write_text("hers", encoding="utf-8")
    with pytest.raises(StarterError, match="this already exists; choose another name"):
        starter.write("sterke-vloer", folder.parent)
    assert (folder / "nl.yaml").read_text(encoding="utf-8") == "hers"


@pytest.mark.parametrize("kind", ["file", "empty folder", "broken link"])
def test_nor_is_a_file_an_empty_folder_or_a_link(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mine"
    if kind == "file":
        path.write_text("hers", encoding="utf-8")
    elif kind == "empty folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StarterError):
        starter.write("mine", tmp_path)
    assert list(tmp_path.iterdir()) == [path]
    assert not path.is_dir() or list(path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        starter.write("mine", tmp_path / "file")
    with pytest.raises(StorageError, match="cannot be written"):
        starter.write("a" * 300, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# The command


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(new, ["mijn-programma"])
    assert done.exit_code == 0
    assert done.output == (
        "mijn-programma: programme.yaml, nl.yaml, en.yaml; begin with"
        f" {Path('mijn-programma', 'programme.yaml')}\n"
        "After each change: voicecoach check --content mijn-programma\n"
    )


def test_the_command_prints_a_schema() -> None:
    for which in ("programme", "words"):
        done = CliRunner().invoke(new, ["--schema", which])
        assert json.loads(done.output)["title"]


def test_the_command_wants_a_name() -> None:
    done = CliRunner().invoke(new, [])
    assert done.exit_code == 2
    assert "Missing argument 'NAME'" in done.output


@pytest.mark.slow
def test_it_builds_at_once_in_both_languages_and_passes_check(folder: Path, here: Run) -> None:
    def done(*arguments: str) -> subprocess.CompletedProcess[str]:
        finished = here(*arguments, "--content", str(folder))
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished

    for language in ("nl", "en"):
        counted = {"nl": "4 sessies", "en": "4 tracks"}[language]
        assert counted in done("build", "--week", "1", "--language", language).stdout
    assert "no remarks" in done("check").stdout


def test_every_key_of_a_session_is_shown_and_its_example_can_be_used(folder: Path) -> None:
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    of_sessions = text[text.index("# What is listened to") :]
    examples = re.findall(r"^#   ([a-z_]+: .+)$", of_sessions, re.M)
    session = json.loads(starter.schema_text("programme"))["properties"]["sessions"]
    below = session["additionalProperties"]
    known = {key for each in below.get("oneOf", [below]) for key in each["properties"]}
    shown = {each.split(":")[0] for each in examples}
    assert known == shown | set(re.findall(r"^    ([a-z_]+):", of_sessions, re.M))
    bare = text.replace("    counted_from: start\n", "")
    for example in examples:
        changed = bare.replace("  welcome:\n    sch", f"  welcome:\n    {example}\n    sch")
        assert changed != bare
        path.write_text(changed, encoding="utf-8")
        programme_reader.read(folder)


# Mistakes, and what leads to their cure

MISTAKES = {
    "a number without a source": (
        "programme.yaml",
        "hold_s: 2 from article",
        "hold_s: 2",
        "exercises.light.steps[0].hold_s: a number without a source: write it as 2 from SOURCE",
    ),
    "a source that is not listed": (
        "programme.yaml",
        "hold_s: 2 from article",
        "hold_s: 2 from nhs",
        "unknown source 'nhs'; there are: article, benami2018, editorial, motherfit",
    ),
    "a decimal comma": (
        "programme.yaml",
        "inhale_s: 4 from editorial",
        "inhale_s: 4,5 from editorial",
        "is wanted, not 4,5; decimals have a point",
    ),
    "a session that no file has words for": (
        "programme.yaml",
        "  light:\n    schedule",
        "  evening:\n    schedule: [{from_day: 1 from editorial, to_day: 14 from editorial}]\n"
        "    blocks: [{exercise: breathing}]\n\n  light:\n    schedule",
        "sessions: the key 'evening' is missing",
    ),
    "contractions without a condition": (
        "programme.yaml",
        "    condition: light-condition\n",
        "",
        "sessions.light: a session with contractions must say a condition first",
    ),
    "contractions before their phase": (
        "programme.yaml",
        "schedule: [{from_day: 5 from article, to_day: 14 from editorial}]\n    opening",
        "schedule: [{from_day: 3 from article, to_day: 14 from editorial}]\n    opening",
        "days 3-4, phase awareness: 24 contractions a day, but at most 0 are allowed; begin them in"
        " a later phase",
    ),
    "a hold that is longer than its phase allows": (
        "programme.yaml",
        "hold_s: 3 from article, rest_s: 6",
        "hold_s: 4 from article, rest_s: 8",
        "days 8-14, phase light, session light: holds of 4 s, but at most 3 s are allowed; lower"
        " hold_s",
    ),
    "a rest that stayed behind": (
        "programme.yaml",
        "rest_s: 6 from motherfit",
        "rest_s: 4 from motherfit",
        "rests of 4 s, but at least 2 times the hold are required; raise rest_s to 6",
    ),
    "text with a colon": (
        "nl.yaml",
        "      - Dit was het. Laat",
        "      - Let op: dit was het. Laat",
        "talks.closing.text[0]: text is expected, not a list or keys; text with a colon in it"
        " belongs in quotes",
    ),
    "a title with a colon": (
        "nl.yaml",
        "title: Mijn programma",
        "title: Mijn programma: week 1 en 2",
        "text with a colon in it belongs in quotes",
    ),
    "a tab": (
        "programme.yaml",
        "      - exercise: light\n",
        "\t- exercise: light\n",
        "a tab where YAML wants spaces: indent with spaces",
    ),
    "a key in the wrong column": (
        "programme.yaml",
        "    opening: light-opening\n",
        "   opening: light-opening\n",
        "keys that belong together begin in the same column",
    ),
    "a placeholder of her own": (
        "nl.yaml",
        "{reps} keer",
        "{herhalingen} keer",
        "nothing fills '{herhalingen}'; what may stand here: {hold}, {reps}, {sets}, {intensity}",
    ),
    "a number without a word": (
        "nl.yaml",
        "  8: acht\n",
        "",
        "numbers: words are missing for these numbers of the doses: 8",
    ),
    "a sentence that nobody can follow": (
        "en.yaml",
        "Rest well.",
        "Rest well now for as long as you like before you get up and go.",
        "has 15 words, but at most 12 can be followed by ear; make it two",
    ),
    "a word that women dislike": (
        "en.yaml",
        "    tighten: Tighten.",
        "    tighten: Squeeze.",
        "women dislike the word (source: cfa); say “tighten”",
    ),
    "a talk in one language only": (
        "nl.yaml",
        "  closing:\n    title: Afronding",
        "  afsluiting:\n    title: Afronding",
        "talks: the key 'closing' is missing",
    ),
    "answers that are not a list": (
        "programme.yaml",
        "    counted_from: start\n",
        "    counted_from: start\n    for: {delivery: caesarean}\n",
        "sessions.welcome.for.delivery: a list of at least one item is wanted: write it as"
        " [caesarean]",
    ),
    "answers without a question": (
        "programme.yaml",
        "    counted_from: start\n",
        "    counted_from: start\n    for: caesarean\n",
        "sessions.welcome.for: keys and values are wanted here, as {delivery: [caesarean]}",
    ),
    "paragraphs that are not a list": (
        "nl.yaml",
        "    text:\n      - Dit was het.",
        "    text: Dit was het.",
        "talks.closing.text: a list of at least one item is wanted: begin each paragraph with '- '",
    ),
    "a misspelt key that may be left out": (
        "programme.yaml",
        "    condition: light-condition\n    blocks:\n      - {exercise: breathing, breaths: 3 from"
        " editorial}\n      - exercise: light\n    closing: closing",
        "    condition: light-condition\n    blocks:\n      - {exercise: breathing, breaths: 3 from"
        " editorial}\n      - exercise: light\n    clossing: closing",
        "closing, condition, counted_from, fills, for, instead_of, late_starters_until, one_a_day,"
        " opening, opening_for, paths, schedule; did you mean 'closing'?",
    ),
    "a misspelt key": (
        "programme.yaml",
        "full_guidance_days: 3",
        "full_guidance_day: 3",
        "full_guidance_day: unknown key; known here: check_in, day_zero, edition,",
    ),
    "a language without a file": (
        "programme.yaml",
        "languages: [nl, en]",
        "languages: [nl, en, de]",
        "there is no such file; programme.yaml names the language 'de'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_check_leads_to_the_cure(mistake: str, folder: Path) -> None:
    file, right, wrong, cure = MISTAKES[mistake]
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(right) == 1, f"{file} holds {right!r} {text.count(right)} times"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    said = everything_said(folder)
    assert any(cure in line for line in said), said
    path.write_text(text, encoding="utf-8")
    assert everything_said(folder) == []
