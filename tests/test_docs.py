"""What the README and the guides show is what the program does."""

import re
import shlex
from pathlib import Path

import click
from conftest import Run

from voicecoach.cli import app
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.pack.layout import plan_packs

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GUIDES = {path: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}


def commands_in(text: str) -> list[list[str]]:
    """The arguments of each command in ``text`` that begins with ``./scripts/voicecoach``."""
    shown = re.findall(
        r"^ *\./scripts/voicecoach (.+)$|`\./scripts/voicecoach ([^`]+)`", text, re.M
    )
    return [shlex.split((line or inline).partition(" > ")[0]) for line, inline in shown]


def parse(arguments: list[str]) -> None:
    """Reads ``arguments`` as the command does, without running it. Raises UsageError."""
    command, parent = app.main, None
    while isinstance(command, click.Group):
        name, *arguments = arguments
        parent = click.Context(command, parent=parent, info_name=name)
        found = command.get_command(parent, name)
        assert found is not None, name
        command = found.load() if isinstance(found, app.LazyCommand) else found
    command.make_context(command.name, arguments, parent)


def test_every_command_that_is_shown_is_understood() -> None:
    shown = [command for text in (README, *GUIDES.values()) for command in commands_in(text)]
    assert len(shown) > 30
    for arguments in shown:
        try:
            parse(arguments)
        except click.UsageError as error:
            raise AssertionError(f"{shlex.join(arguments)}: {error.format_message()}") from error


def _names(param: click.Parameter) -> list[str]:
    return [*param.opts, *param.secondary_opts]


def test_every_option_that_is_shown_exists() -> None:
    known = set()
    for name in app.main.commands:
        command = app.main.commands[name]
        assert isinstance(command, app.LazyCommand)
        itself = command.load()
        each = itself.commands.values() if isinstance(itself, click.Group) else [itself]
        known |= {option for one in each for param in one.params for option in _names(param)}
    others = {"--scheduler", "--nthreads"}
    for path, text in {ROOT / "README.md": README, **GUIDES}.items():
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text):
            assert option in known | others, (path.name, option)


def test_every_file_that_is_linked_exists() -> None:
    for path, text in {ROOT / "README.md": README, **GUIDES}.items():
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (path.parent / target).exists(), (path.name, target)


def test_every_guide_is_linked_from_the_readme() -> None:
    for path in GUIDES:
        assert f"(docs/{path.name})" in README


def test_the_dutch_guide_shows_the_same_commands_as_the_english_one() -> None:
    def shown(name: str) -> list[list[str]]:
        own_words = {"sessies.ics": "sessions.ics"}
        text = GUIDES[ROOT / "docs" / name]
        return [[own_words.get(word, word) for word in command] for command in commands_in(text)]

    assert shown("voor-moeders.md") == shown("for-mothers.md")


def test_the_readme_lists_the_tracks_of_week_3(programme: Programme, dutch: Translation) -> None:
    [pack] = plan_packs(programme, dutch, range(3, 4))
    assert re.findall(r"^  (w03-\S+\.mp3)$", README, re.MULTILINE) == [t.file for t in pack.tracks]


def test_the_readme_shows_the_script_of_the_session(here: Run) -> None:
    shown = re.findall(r"^  2:\d\d\.\d .*$", README, re.MULTILINE)
    assert len(shown) > 10
    lines = here("script", "endurance").stdout.splitlines()
    assert [line for line in lines if line in shown] == shown


def test_every_module_that_contributing_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`([\w/]+\.py)`", text)) | set(re.findall(r" (tests/[\w/]+\.py)", text))
    assert len(named) > 20
    modules = [path.as_posix() for path in (ROOT / "voicecoach").rglob("*.py")]
    for name in named:
        known = (ROOT / name).exists() or any(module.endswith(f"/{name}") for module in modules)
        assert known, name
