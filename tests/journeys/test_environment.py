"""Wherever the program lies, whoever runs it, and whoever reads what it prints."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.environment import CACHE_VARIABLE, DATA_VARIABLE
from voicecoach.speech.espeak_voices import data_folder
from voicecoach.speech.process import WorkerProcess

pytestmark = pytest.mark.skipif(os.name != "posix", reason="starts the program as POSIX does")

PROGRAM = [sys.executable, "-I", "-m", "voicecoach"]
SPEAKS = ("script", "quick", "--day", "20")
THEIRS = "import pathlib; pathlib.Path(__file__).with_suffix('.ran').touch()"
NAMES = ("types", "random", "json", "selectors", "tempfile", "wave", "sitecustomize", "numpy")
QUESTION = {"text": "Laat los.", "voice": "nl+f2", "rate_wpm": 120, "file": ""}
NEEDS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")


def run(
    folder: Path, *command: str, **environment: str | None
) -> "subprocess.CompletedProcess[str]":
    """Runs a command in ``folder``; a variable that is ``None`` is taken away."""
    mine = {**os.environ, **environment}
    return subprocess.run(
        command,
        cwd=folder,
        env={name: value for name, value in mine.items() if value is not None},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )


def shell(folder: Path, line: str, **environment: str | None) -> "subprocess.CompletedProcess[str]":
    """Runs ``line``, in which ``$V`` is the program."""
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    program = " ".join(f"'{word}'" for word in PROGRAM)
    return run(folder, "bash", "-c", line.replace("$V", program), **environment)


# --- files of the user's ------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_process_of_ours_imports_a_file_of_the_users(
    tmp_path: Path, tiny: Path, jobs: str
) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(THEIRS)
    ran = run(
        tmp_path,
        *PROGRAM,
        *("build", "--content", str(tiny), "--week", "1", "--jobs", jobs),
        PYTHONPATH=f"{tmp_path}{os.pathsep}.",
        **{CACHE_VARIABLE: str(tmp_path / "cache")},
    )
    assert ran.returncode == 0, ran.stderr
    assert not list(tmp_path.glob("*.ran"))


@pytest.mark.parametrize("engine", ["espeak", "recorded", "system"])
def test_no_engine_imports_a_file_of_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(THEIRS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    worker = WorkerProcess(f"voicecoach.speech.{engine}_worker", str(data_folder()), limit_s=30)
    try:
        worker.ask(QUESTION)
    finally:
        worker.stop()
    assert not list(tmp_path.glob("*.ran"))


# --- places -------------------------------------------------------------------------------------


def spoken(folder: Path) -> bytes:
    worker = WorkerProcess("voicecoach.speech.espeak_worker", str(folder), limit_s=30)
    try:
        answer, wav = worker.ask(QUESTION)
    finally:
        worker.stop()
    assert not answer["error"]
    return wav


@pytest.mark.parametrize("name", ["x" * 200, "a b%d'é\n", "-x", os.fsdecode(b"\xff\xfe")])
def test_espeak_speaks_the_same_wherever_its_data_lies(tmp_path: Path, name: str) -> None:
    if sys.platform != "linux" and "\udcff" in name:
        pytest.skip("the names of files are text here")
    (tmp_path / name).mkdir()
    place = tmp_path / name / "here"
    place.symlink_to(data_folder())
    assert spoken(place) == spoken(data_folder())


def test_piper_speaks_wherever_its_data_lies(tmp_path: Path) -> None:
    """Its eSpeak has the same limit, and a folder of voices may be named from here."""
    piper = pytest.importorskip("piper", reason="needs the extra voicecoach[piper]")
    packages = tmp_path / ("x" * 200)
    packages.symlink_to(Path(piper.__file__).parents[1])
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.stdin.close();"
        "from piper.phonemize_espeak import ESPEAK_DATA_DIR, EspeakPhonemizer;"
        "from voicecoach.speech import piper_worker as worker;"
        "from voicecoach.speech.piper import installed;"
        "from voicecoach.speech.worker import Answers;"
        "import os; worker.serve_by_copies = worker.serve_by_threads = lambda *_, **__: None;"
        "worker.main(); sys.stderr.write(str(installed.voices_folder()));"
        "phonemes = EspeakPhonemizer(ESPEAK_DATA_DIR.name).phonemize('en-us', 'hello');"
        "assert phonemes and len(str(ESPEAK_DATA_DIR)) > 200"
    )
    command = (sys.executable, "-I", "-c", program, str(packages), "1")
    ran = run(tmp_path, *command, **{DATA_VARIABLE: "mine"})
    assert (ran.returncode, ran.stderr) == (0, str(tmp_path / "mine" / "piper"))


def test_a_recording_named_from_here_is_found(tmp_path: Path) -> None:
    (tmp_path / "voice").mkdir()
    ran = run(tmp_path, *PROGRAM, *SPEAKS, "--voice", "recorded:voice")
    assert "voice/voice.yaml" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be another")
def test_a_user_without_a_home_is_told_which_variable_names_a_folder(tmp_path: Path) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv")
    tmp_path.chmod(0o777)
    keeps = "+dac_override,+dac_read_search"  # so that the interpreter can be read
    nobody = ("setpriv", "--reuid", "54321", f"--inh-caps={keeps}", f"--ambient-caps={keeps}")
    gone = dict.fromkeys(("HOME", CACHE_VARIABLE, DATA_VARIABLE, "XDG_CACHE_HOME", "XDG_DATA_HOME"))
    ran = run(tmp_path, *nobody, *PROGRAM, *SPEAKS, **gone)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)
    assert CACHE_VARIABLE in ran.stderr
    ran = run(tmp_path, *nobody, *PROGRAM, "voices", **gone)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)
    assert DATA_VARIABLE in ran.stderr
    named = {**gone, CACHE_VARIABLE: str(tmp_path / "c"), DATA_VARIABLE: str(tmp_path / "d")}
    assert run(tmp_path, *nobody, *PROGRAM, "plan", "--week", "3", **gone).returncode == 0
    assert run(tmp_path, *nobody, *PROGRAM, *SPEAKS, **named).returncode == 0


def test_a_missing_folder_for_temporary_files_stops_nothing(tmp_path: Path) -> None:
    odd = {"TMPDIR": str(tmp_path / "gone"), CACHE_VARIABLE: str(tmp_path / "cache")}
    assert run(tmp_path, *PROGRAM, *SPEAKS, **odd).returncode == 0


WEEK_AS_JSON = ("plan", "--week", "3", "--json")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The plan of a week in the locale that the tests have."""
    return json.loads(run(tmp_path_factory.mktemp("usual"), *PROGRAM, *WEEK_AS_JSON).stdout)


@pytest.mark.parametrize(
    "odd",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "LANG": ""},
        {"LC_ALL": "xx_YY.UTF-8"},
        {"LC_ALL": None, "LANG": None},
        {"TERM": None, "COLUMNS": "0"},
    ],
    ids=str,
)
def test_an_odd_locale_changes_no_result(
    tmp_path: Path, usual: object, odd: dict[str, str | None]
) -> None:
    ran = run(tmp_path, *PROGRAM, *WEEK_AS_JSON, **odd)
    assert (ran.returncode, json.loads(ran.stdout)) == (0, usual)
    ran = run(tmp_path, *PROGRAM, "plan", "--content", "né\udcff\n", **odd)
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False)


# --- output that is closed or full --------------------------------------------------------------

LINES = ("--help", "--version", "build -h", "plan --json", "voices", "script quick", "nonsense")


@NEEDS_FULL
@pytest.mark.parametrize("line", LINES)
def test_output_that_is_full_is_one_sentence(tmp_path: Path, line: str) -> None:
    ran = shell(tmp_path, f"$V {line} >/dev/full")
    if line != "nonsense":
        *progress, told = ran.stderr.splitlines()
        assert ran.returncode == 1
        assert told.startswith("Error: the output: cannot be written: No space left")
        assert all(each.startswith("speaking: ") for each in progress)
    ran = shell(tmp_path, f"$V {line} >/dev/full 2>&1")
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")


@pytest.mark.parametrize("line", LINES)
def test_nobody_reading_is_no_fault_to_talk_about(tmp_path: Path, line: str) -> None:
    ran = shell(tmp_path, f"$V {line} 2>errors | true; exit ${{PIPESTATUS[0]}}")
    assert ran.returncode in (0, 1, 2)
    told = (tmp_path / "errors").read_text()
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert "Broken pipe" not in told


@NEEDS_FULL
def test_completion_and_progress_may_have_nowhere_to_go(tmp_path: Path) -> None:
    for shell_name in ("bash", "zsh", "fish"):
        asked = {"_VOICECOACH_COMPLETE": f"{shell_name}_source"}
        ran = shell(tmp_path, "$V >/dev/full", **asked)
        assert ran.returncode == 1
        assert len(ran.stderr.splitlines()) == 1
    cold = {CACHE_VARIABLE: str(tmp_path / "cache")}
    ran = shell(tmp_path, f"$V {' '.join(SPEAKS)} 2>/dev/full", **cold)
    assert ran.returncode in (0, 1)
    ran = shell(tmp_path, f"$V {' '.join(SPEAKS)} 2>&1 >/dev/full | cat", **cold)
    assert "Traceback" not in ran.stdout
    assert "Exception ignored" not in ran.stdout


def test_the_sources_lean_on_no_assertion_that_python_may_leave_out(tmp_path: Path) -> None:
    ran = run(tmp_path, sys.executable, "-OO", "-m", "voicecoach", "plan", "--week", "3")
    usual = run(tmp_path, *PROGRAM, "plan", "--week", "3")
    assert (ran.returncode, ran.stdout) == (0, usual.stdout)
