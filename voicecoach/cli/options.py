"""Options that several commands share, and the language in which the command line speaks to a
client: that of her profile, else the one she asked for, else that of her system."""

import os
import re
import shlex
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from voicecoach import dates, environment, messages
from voicecoach.cli.terminal import PROGRAMME_OPTION
from voicecoach.content.translation import Guidance
from voicecoach.environment import cores
from voicecoach.messages import Message, Words
from voicecoach.profile.profile import parse_voice

_ASKED = "voicecoach.language"
"""Where a context keeps the value of ``--language``."""


def remember(ctx: click.Context, param: click.Parameter, language: str | None) -> str | None:
    """The callback of ``--language``."""
    ctx.meta[_ASKED] = language
    return language


def client_words(ctx: click.Context | None = None) -> Words:
    """What the program says to the client whose profile is in the current folder, finished or not,
    in the command of ``ctx`` or the current one. Raises ContentError where an author's words have
    faults."""
    from voicecoach.profile import client  # needs YAML, which a help text does not

    found = ctx or click.get_current_context()
    wanted = (client.language(Path()), found.meta.get(_ASKED), system_language())
    known = messages.languages()
    return messages.words(next((each for each in wanted if each in known), messages.ENGLISH))


def system_language() -> str:
    """The language of this system, or English where nothing says so."""
    named = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if sys.platform == "win32" and not any(named):
        import ctypes
        import locale

        named.append(locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage()))
    first = next(filter(None, named), "")
    return first.partition("_")[0].partition(".")[0].lower()


T = TypeVar("T")
Answer = TypeVar("Answer", bound=StrEnum)


class Parsed(click.ParamType[T], Generic[T]):
    """A value that ``parse`` makes of a text; the message of its ValueError is shown."""

    def __init__(self, name: str, parse: Callable[[str], T]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """See :class:`click.ParamType`."""
        try:
            return self._parse(str(value))
        except ValueError as error:
            self.fail(Message("errors.with_dot", message=error.args[0]), param, ctx)


def _times(text: str) -> tuple[Any, ...]:
    return tuple(dates.parse_time(part.strip()) for part in text.split(","))


def _day(text: str) -> date:
    return dates.parse_day_in_words(text, environment.today())


DAY: Parsed[date] = Parsed("day", _day)
TIMES = Parsed("times", _times)
VOICE = Parsed("voice", parse_voice)


def _language(text: str) -> str:
    if text not in messages.languages():
        raise ValueError(
            Message(
                "errors.not_one_of", text=text, listed=", ".join(map(repr, messages.languages()))
            )
        )
    return text


LANGUAGE = Parsed("language", _language)


def one_of(answers: type[Answer]) -> click.Choice[str]:
    """One of ``answers``, by its value."""
    return click.Choice([answer.value for answer in answers])


Command = TypeVar("Command", bound=Callable[..., Any])

_WEEKS = re.compile(r"([1-9][0-9]{0,3})(?:-([1-9][0-9]{0,3}))?")


class Weeks(click.ParamType[range | str]):
    """A week, a range of weeks, or ``all``."""

    name = "weeks"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> range | str:
        """See :class:`click.ParamType`."""
        if isinstance(value, range) or value == "all":
            return value if isinstance(value, range) else "all"
        match = _WEEKS.fullmatch(str(value))
        if match is None or int(match[1]) > int(match[2] or match[1]):
            self.fail(Message("errors.no_week_form", value=str(value)))
        return range(int(match[1]), int(match[2] or match[1]) + 1)


def _with_its_languages(
    ctx: click.Context, param: click.Parameter, folder: Path | None
) -> Path | None:
    """``folder``, whose languages the program can speak from now on."""
    if folder is not None:
        messages.look_also_in(folder / messages.FOLDER)
        ctx.meta[PROGRAMME_OPTION] = f"--content {shlex.quote(str(folder))}"
    return folder


def _named(ctx: click.Context, param: click.Parameter, name: str) -> str:
    """``name``, which further commands name as well if it is not the usual programme."""
    if name != environment.BUILT_IN:
        ctx.meta.setdefault(PROGRAMME_OPTION, f"--programme {name}")
    return name


def which_programme(command: Command) -> Command:
    """Which programme: one of the built-in ones, or one of her own."""
    named = click.option(
        "--programme",
        "programme_name",
        type=click.Choice(environment.built_in_names()),
        default=environment.BUILT_IN,
        show_default=True,
        callback=_named,
        help="Which of the built-in programmes.",
    )
    own = click.option(
        "--content",
        "folder",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        is_eager=True,
        callback=_with_its_languages,
        help="A programme of your own, instead of a built-in one.",
    )
    return own(named(command))


language_option = click.option(
    "--language",
    metavar="CODE",
    is_eager=True,
    callback=remember,
    help="nl or en. Normally that of your profile, or nl.",
)


def shared(command: Command) -> Command:
    """Which programme, and in which language."""
    return language_option(which_programme(command))


_HER_WEEK = "Normally the week you are in and the next, by your profile; else 1."


def week_option(default: str | None, otherwise: str = _HER_WEEK) -> Callable[[Command], Command]:
    """Which weeks; ``default`` where none is said, or with ``None`` what ``otherwise`` explains."""
    return click.option(
        "--week",
        "weeks",
        type=Weeks(),
        default=default,
        show_default=default is not None,
        help=f"Week of the programme: 3, or 1-6, or all.{'' if default else ' ' + otherwise}",
    )


def out_option(default: str, says: str = "Where the files go.") -> Callable[[Command], Command]:
    """Where files go, or what ``says`` explains; ``default`` where nothing is said."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=default,
        show_default=True,
        metavar="FOLDER",
        help=says,
    )


voices_option = click.option(
    "--voice",
    "voices",
    multiple=True,
    metavar="VOICE",
    help="Who speaks, such as espeak:nl+f3. May be given more than once: the first that can be"
    " used speaks. See: voicecoach voices",
)


def sound_options(command: Command) -> Command:
    """What all sessions have in common in their sound."""
    night = click.option(
        "--night", is_flag=True, help="Softer, with lower tones: for listening at night."
    )
    bed = click.option(
        "--bed",
        metavar="SOUND",
        help="A soft sound underneath: brown, waves or rain, or a sound file of your own (WAV, MP3,"
        " FLAC, OGG).",
    )
    return night(bed(command))


guidance_option = click.option(
    "--guidance",
    type=click.Choice([guidance.value for guidance in Guidance]),
    callback=lambda ctx, param, value: None if value is None else Guidance(value),
    help="How much is spoken: each step, little, or next to nothing. Normally each step in the"
    " first days, then little.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=cores,
    metavar="N",
    help="How many processes work side by side. Normally one for each core.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="For machines: JSON.")
