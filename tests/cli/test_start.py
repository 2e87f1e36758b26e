"""The program starts fast: a command is imported when it is called, a library when it is used."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from voicecoach.cli import app
from voicecoach.cli.app import LazyCommand

COMMANDS = sorted(app.main.commands)
SLOW_LIBRARIES = {
    *("numpy", "yaml", "jinja2", "PIL", "mutagen", "pydub", "lameenc", "soundfile", "soxr"),
    *("starlette", "uvicorn", "filelock", "platformdirs", "pyttsx3", "piper", "segno", "ifaddr"),
    *("httpx", "av", "onnxruntime", "distributed"),
    *("asyncio", "concurrent.futures", "logging", "multiprocessing", "subprocess", "tempfile"),
}
REPORT_MODULES = """
import atexit, sys
atexit.register(lambda: print("\\n".join(sys.modules), file=open("modules", "w")))
from voicecoach.__main__ import main
main()
"""


def modules_of(folder: Path, *arguments: str, **environment: str) -> set[str]:
    """What is imported once the program has run in ``folder``."""
    ended = subprocess.run(
        [sys.executable, "-c", REPORT_MODULES, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    modules = set((folder / "modules").read_text().split())
    return {name.removeprefix("voicecoach.") for name in modules}


def module_of(name: str) -> str:
    return app.main.commands[name].module.removeprefix("voicecoach.")


def commands_in(modules: set[str]) -> set[str]:
    """The modules of commands that are among ``modules``."""
    return modules & set(map(module_of, COMMANDS))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_command_says(name: str) -> None:
    listed = app.main.commands[name]
    assert isinstance(listed, LazyCommand)
    itself = listed.load()
    assert itself.name == name
    assert listed.get_short_help_str(1000) == itself.get_short_help_str(1000)
    assert listed.hidden == itself.hidden
    assert listed.deprecated == itself.deprecated


def test_every_command_is_listed() -> None:
    folder = Path(app.__file__).parents[1]
    assert all((folder / f"{module_of(name).replace('.', '/')}.py").is_file() for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["bogus"]])
def test_without_a_command_none_is_imported(tmp_path: Path, arguments: list[str]) -> None:
    modules = modules_of(tmp_path, *arguments)
    assert commands_in(modules) == set()
    assert modules & SLOW_LIBRARIES == set()


def test_the_help_of_a_command_imports_that_command_and_no_library(tmp_path: Path) -> None:
    for name in COMMANDS:
        modules = modules_of(tmp_path, name, "--help")
        assert commands_in(modules) == {module_of(name)}
        assert modules & SLOW_LIBRARIES == set(), name


def test_completion_lists_commands_without_importing_them(tmp_path: Path) -> None:
    def complete(words: str, at: int) -> set[str]:
        return modules_of(
            tmp_path,
            _VOICECOACH_COMPLETE="bash_complete",
            COMP_WORDS=words,
            COMP_CWORD=str(at),
        )

    assert commands_in(complete("voicecoach ", 1)) == set()
    assert commands_in(complete("voicecoach ch", 1)) == set()
    modules = complete("voicecoach build --", 2)
    assert commands_in(modules) == {"cli.build"}
    assert modules & SLOW_LIBRARIES == set()


def test_completion_still_offers_what_there_is(tmp_path: Path) -> None:
    def complete(words: str, at: int) -> list[str]:
        ended = subprocess.run(
            [sys.executable, "-c", "from voicecoach.__main__ import main; main()"],
            cwd=tmp_path,
            env={
                **os.environ,
                "_VOICECOACH_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(at),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return [line.partition(",")[2] for line in ended.stdout.split()]

    assert complete("voicecoach ", 1) == COMMANDS
    assert complete("voicecoach ch", 1) == ["check", "checkin"]
    assert "--bed" in complete("voicecoach build --", 2)
    assert complete("voicecoach voices ", 2) == ["audition", "install", "prompts", "verify"]
    assert "endurance" in complete("voicecoach script end", 2)


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        ("plan --week 3", SLOW_LIBRARIES - {"yaml", "platformdirs", "tempfile"}),
        ("new mine", SLOW_LIBRARIES - {"yaml", "tempfile"}),
        ("batch --example", SLOW_LIBRARIES - {"yaml", "tempfile"}),
        (
            "voices --language en",
            {"numpy", "yaml", "jinja2", "PIL", "starlette", "multiprocessing"},
        ),
        ("sync there --dry-run", {"numpy", "jinja2", "PIL", "starlette"}),
        (
            "check --programme calm-breathing --language nl --report page.html",
            {"numpy", "PIL", "starlette", "mutagen"},
        ),
    ],
)
def test_a_command_imports_no_other_and_no_library_it_does_not_use(
    tmp_path: Path, arguments: str, unused: set[str]
) -> None:
    modules = modules_of(tmp_path, *arguments.split())
    assert commands_in(modules) == {module_of(arguments.split(maxsplit=1)[0])}
    assert modules & unused == set()


def test_a_lazy_command_fails_as_it_does_by_itself(here) -> None:
    ended = here("plan", "--week", "0")
    assert ended.returncode == 2
    assert "Usage: voicecoach plan" in ended.stderr
    assert "voicecoach plan --help" in ended.stderr


def test_a_lazy_command_is_a_click_command() -> None:
    assert isinstance(app.main, click.Group)
    assert app.main.get_command(click.Context(app.main), "build") is app.main.commands["build"]
