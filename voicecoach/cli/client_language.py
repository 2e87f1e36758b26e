"""In which language the command line speaks to a client: that of her profile, else the one she
asked for, else that of her system."""

import os
import sys
from pathlib import Path

import click

from voicecoach import messages
from voicecoach.messages import Words

_ASKED = "voicecoach.language"
"""Where a context keeps the value of ``--language``."""


def remember(ctx: click.Context, param: click.Parameter, language: str | None) -> str | None:
    """The callback of ``--language``."""
    ctx.meta[_ASKED] = language
    return language


def words(ctx: click.Context | None = None) -> Words:
    """What the program says to the client whose profile is in the current folder, in the command
    of ``ctx`` or the current one. Raises ContentError where an author's words have faults."""
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
