"""A language from files alone: no code knows it, and it is written from right to left."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run, run_here

from voicecoach import environment, locale_file, messages
from voicecoach.authoring import check as check_run
from voicecoach.content.reading import programme as programme_reader
from voicecoach.letters import name_fault

WORD = "كلمة"
LEFT_ALONE = ("language", "language_tag", "folder", "voice", "rate_wpm", "pronunciation")
"""Keys of a programme's words that are no words."""
BORN = environment.today() - timedelta(days=3)


def in_arabic(value: Any) -> Any:
    """Every word as the same Arabic one; what is filled in, and what is typed, stays."""
    if isinstance(value, dict):
        return {key: in_arabic(below) for key, below in value.items()}
    if isinstance(value, list):
        return [in_arabic(item) for item in value]
    return re.sub(r"(\{[^}]*\})|[A-Za-zÀ-ÿ]+", lambda m: m[1] or WORD, str(value))


def read(path: Path) -> Any:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times as fast, where there is one
    return yaml.load(path.read_text("utf-8"), Loader=loader)


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    path.write_text(yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.fixture(scope="module", params=["tiny", pytest.param("built in", marks=pytest.mark.slow)])
def with_arabic(
    request: pytest.FixtureRequest, tiny: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A programme to which an author adds Arabic: two files, and its name in a list."""
    folder = tmp_path_factory.mktemp("arabic") / "mine"
    shutil.copytree(tiny if request.param == "tiny" else programme_reader.built_in(), folder)
    structure = (folder / "programme.yaml").read_text("utf-8")
    with_it = structure.replace("languages: [nl, en]", "languages: [nl, en, ar]")
    assert with_it != structure
    (folder / "programme.yaml").write_text(with_it, "utf-8")
    english = read(folder / "en.yaml")
    own = {key: value for key, value in english.items() if key in LEFT_ALONE}
    named = {"language": "ar", "language_tag": "ara", "folder": "arabic", "voice": "espeak:ar+f2"}
    words = {**in_arabic(english), **own, **named, "pronunciation": {}}
    write(folder / "ar.yaml", words)
    ours = Path(messages.__file__).parent / messages.FOLDER / "en.yaml"
    typed = {"language": "ar", "direction": "rtl", "script": "Arabic", "name": "العربية"}
    asked = read(ours)
    asking = {**in_arabic(asked["asking"]), "yes": "ن", "no": "ل", "stop": "s"}
    write(folder / messages.FOLDER / "ar.yaml", {**in_arabic(asked), **typed, "asking": asking})
    return folder


@pytest.fixture
def programme(with_arabic: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(with_arabic, tmp_path / "mine"))


@pytest.fixture
def forgetting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process came to know of Arabic it forgets again."""
    monkeypatch.setattr(messages, "_folders", [*messages._folders])
    yield
    messages._words.cache_clear()
    locale_file._read.cache_clear()


@pytest.fixture
def known(programme: Path, forgetting: None) -> Path:
    """The file that says in Arabic what the program itself says, which this process reads."""
    messages.look_also_in(programme / messages.FOLDER)
    return programme / messages.FOLDER / "ar.yaml"


@pytest.fixture
def here(programme: Path, forgetting: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a command with the programme, in her folder; what it said, all of it Arabic."""
    monkeypatch.chdir(programme.parent)

    def go(*words: str) -> str:
        done = run_here(programme.parent, *words, "--content", str(programme))
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        return str(done.stdout + done.stderr)

    return go


def test_she_is_spoken_to_in_it_from_the_first_answer_to_the_page(
    here: Callable[..., str], programme: Path
) -> None:
    said = here("init", "--language", "ar", "--birth-date", str(BORN), "--name", "أمل", "--yes")
    assert WORD in said and "Your answers" not in said
    profile = Path("voicecoach.yaml").read_text("utf-8")
    assert "language: ar\n" in profile and f"# {WORD}" in profile
    table = here("plan", "--week", "1")
    assert WORD in table and "session" not in table
    days = json.loads(here("plan", "--week", "1", "--json"))["days"]
    assert WORD in days[0]["sessions"][0]["title"]
    built = here("build", "--week", "1", "--guidance", "tones")
    assert WORD in built and "tracks" not in built
    (page,) = Path("output/arabic").glob("week-01/index.html")
    html = page.read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in html and '<body lang="ar">' in html
    assert f'aria-label="{WORD}"' in html
    assert WORD in here("checkin", "--done", "--pain")
    assert f"# {WORD}" in Path("voicecoach-checkins.txt").read_text("utf-8")


def test_what_forbids_contractions_holds_also_where_nothing_knows_her_language(
    here: Callable[..., str], run: Run
) -> None:
    here("init", "--language", "ar", "--birth-date", str(BORN), "--catheter", "--yes")
    done = run("sync", "phone")
    assert "unknown language" not in done.stderr and done.returncode == 1


def test_check_names_what_its_file_lacks(programme: Path, known: Path) -> None:
    assert check_run.language_remarks(programme) == []
    words = read(known)
    del words["init"]["name"]
    write(known, words)
    locale_file._read.cache_clear()
    assert check_run.language_remarks(programme) == [
        f"{known}: these are said in English: init.name"
    ]


def test_its_letters_can_be_said(programme: Path, known: Path) -> None:
    assert programme_reader.read(programme).translations["ar"].unsayable == ()
    assert name_fault("أمل", messages.words("ar")("script")) is None
    assert name_fault("أمل", messages.words("en")("script")) is not None


def test_a_fault_in_its_file_is_told_with_its_place(programme: Path, run: Run) -> None:
    path = programme / messages.FOLDER / "ar.yaml"
    path.write_text("language: ar\ninit:\n  nome: أ\n", "utf-8")
    done = run("plan", "--content", str(programme), "--language", "ar")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{path}:3:9: init.nome: no such text is said" in done.stderr


def test_a_programme_without_it_says_which_languages_it_has(tmp_path: Path) -> None:
    done = run_here(tmp_path, "plan", "--language", "ar")
    assert "no language 'ar' in this programme; there are: nl, en" in done.stderr
