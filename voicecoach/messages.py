"""The program's own texts, in each language that has a file in ``locale/``, and the templates of
pages. The only importer of Jinja2.

An author adds a language with a file of the same form in the folder ``locale`` beside a programme's
words. Texts that it lacks are in English, and `check` lists them.
"""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

    from voicecoach.errors import VoicecoachError
    from voicecoach.locale_file import Entry


ENGLISH = "en"
"""The language for languages without a file."""
USUAL = "nl"
"""The default language of a programme."""
FOLDER = "locale"
_CODE = re.compile("[a-z]{2,3}")
_OWN_FOLDER = Path(__file__).parent / FOLDER
_folders: list[Path] = [_OWN_FOLDER]


class Words:
    """The program's texts in one language, by keys such as ``init.birth_date``."""

    def __init__(self, entries: "Mapping[str, Entry]") -> None:
        self._entries = entries
        self.language = self("language")
        self.direction = self("direction")
        """``ltr`` or ``rtl``, as in HTML."""

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key`` with ``values`` filled in; without values, the template itself."""
        entry = self._entries[key]
        if not isinstance(entry, str | tuple):
            entry = entry.of(values["count"])
        assert isinstance(entry, str), key
        if not values:
            return entry
        return entry.format(**{name: self._value(value) for name, value in values.items()})

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of ``key``, which has several."""
        entry = self._entries[key]
        assert isinstance(entry, tuple), key
        return entry

    def section(self, name: str) -> "dict[str, Entry]":
        """The entries of the section ``name``, by the rest of their keys."""
        start = f"{name}."
        return {
            key.removeprefix(start): entry
            for key, entry in self._entries.items()
            if key.startswith(start)
        }

    def comment(self, key: str) -> str:
        """The text of ``key`` as comment lines, for YAML."""
        return "".join(f"# {line}\n" for line in self(key).split("\n"))

    def day(self, day: date) -> str:
        """``day`` as a person writes it, such as 23 november 2026."""
        month = self(f"dates.month.{day.month}")
        return self("dates.shown", day=day.day, month=month, year=day.year)

    def day_in_full(self, day: date, today: date) -> str:
        """``day`` with its weekday and how long ago it was: vrijdag 13 november 2026, 14 dagen
        geleden."""
        return self(
            "dates.in_full",
            weekday=self(f"dates.weekday.{day.isoweekday()}"),
            day=self.day(day),
            ago=self("dates.ago", count=(today - day).days),
        )

    def reworded(self, text: str) -> str:
        """``text`` in this language if it is a :class:`Message`; else unchanged."""
        return self(text.key, **text.values) if isinstance(text, Message) else text

    def error(self, error: "VoicecoachError") -> str:
        """The message of ``error`` in this language."""
        return error.worded(self.reworded)

    def _value(self, value: object) -> object:
        return self.reworded(value) if isinstance(value, str) else value


class Message(str):
    """An English text that keeps its key and values, to be translated later.

    >>> remark = Message("errors.sync_later_version", shown="the card")
    >>> words("nl").reworded(remark)
    """

    key: str
    values: Mapping[str, object]

    def __new__(cls, key: str, /, **values: object) -> "Message":
        """The English text of ``key``, with ``values`` filled in."""
        message = super().__new__(cls, words(ENGLISH)(key, **values))
        message.key = key
        message.values = values
        return message

    def __reduce__(self) -> tuple[object, ...]:
        return _message, (self.key, dict(self.values))


def lines(texts: Sequence[str]) -> str:
    """``texts``, at least one, on lines of their own; translatable."""
    return reduce(lambda first, second: Message("errors.two", first=first, second=second), texts)


def reason(error: OSError) -> str:
    """The reason the system gives; translatable if it is a common one."""
    key = f"reasons.{errno.errorcode.get(error.errno or 0)}"
    return Message(key) if key in words(ENGLISH) else error.strerror or str(error)


def _message(key: str, values: Mapping[str, object]) -> Message:
    return Message(key, **values)


def languages() -> tuple[str, ...]:
    """The codes of all supported languages, the default one first."""
    found = {path.stem for folder in _folders for path in folder.glob("*.yaml")}
    return (USUAL, *sorted(found - {USUAL}))


def look_also_in(folder: Path) -> None:
    """Adds the languages that an author's ``folder`` has files for."""
    if folder not in _folders:
        _folders.append(folder)


def words(language: str) -> Words:
    """The program's texts in ``language``; English if it has no file.

    Raises ContentError if an author's file has faults.
    """
    path = _path(language)
    return _words(_OWN_FOLDER / f"{ENGLISH}.yaml" if path is None else path)


def own_files(folder: Path) -> list[Path]:
    """The files in the ``locale`` folder of an author's content ``folder``, in order."""
    return sorted((folder / FOLDER).glob("*.yaml"))


def _path(language: str) -> Path | None:
    paths = (folder / f"{language}.yaml" for folder in _folders)
    return next((path for path in paths if _CODE.fullmatch(language) and path.is_file()), None)


@cache
def _words(path: Path) -> Words:
    from voicecoach import locale_file  # imports YAML, which is slow and not needed for help texts

    if path.parent != _OWN_FOLDER:
        locale_file.refuse_faults(path)
    return Words({**locale_file.entries(locale_file.ENGLISH), **locale_file.entries(path)})


Shown = Callable[[Any], Any]
"""A function that is applied to every value before it is inserted."""


@cache
def template(name: str, finalize: Shown | None = None) -> "Template":
    """The template ``name``, which escapes inserted values and raises for missing ones."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # slow to import

    environment = Environment(
        loader=PackageLoader("voicecoach"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template(name)
