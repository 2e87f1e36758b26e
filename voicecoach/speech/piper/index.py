"""``voices.json``: the voices of a server, with the size and hash of each file.

It is untrusted input: a name in it is used only if it is exactly the expected one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach import strict_json
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed

FILE = "voices.json"
_MD5 = re.compile(r"[0-9a-f]{32}")
_MOST_SUGGESTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file of a voice on the server."""

    path: str
    """Relative to the URL of the list."""
    size_bytes: int
    md5: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoice:
    """A voice on the server."""

    model: ListedFile
    config: ListedFile
    card_path: str
    """Relative to the URL of the list; empty if the voice has no MODEL_CARD."""


def parse(data: bytes, source: str) -> Mapping[str, object]:
    """The entries of a list by name of the voice. Raises SpeechError naming ``source``."""
    try:
        document = strict_json.loads(data)
    except ValueError as error:
        raise SpeechError(
            f"{source}: is not a list of voices: {error}; if this network asks for a sign-in, do"
            " that first"
        ) from error
    if not isinstance(document, dict):
        raise SpeechError(f"{source}: is not a list of voices")
    return document


def find(voices: Mapping[str, object], name: str, source: str) -> ListedVoice:
    """The voice ``name``. Raises SpeechError if it is not listed, or its entry is invalid."""
    if name not in voices:
        raise SpeechError(f"{source} has no voice {name}; {_suggestion(voices, name)}")
    try:
        return _voice(voices[name], name)
    except KeyError as error:
        raise SpeechError(f"{source}: does not list {error} of {name}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SpeechError(f"{source}: what it says of {name} is wrong: {error}") from error


def usual_path(name: str) -> str:
    """The usual folder of the voice ``name``, relative to the URL of the list.

    ``nl_BE-nathalie-medium`` is in ``nl/nl_BE/nathalie/medium``.
    """
    language_code, _, rest = name.partition("-")
    speaker, _, quality = rest.rpartition("-")
    language = language_code.partition("_")[0]
    return f"{language}/{language_code}/{speaker}/{quality}/{installed.model_file(name)}"


def _voice(entry: object, name: str) -> ListedVoice:
    if not isinstance(entry, dict):
        raise TypeError(f"{entry!r} is not an entry")
    by_name = {path.rpartition("/")[2]: (path, facts) for path, facts in entry["files"].items()}
    card_path, _ = by_name.get(installed.CARD, ("", {}))
    return ListedVoice(
        model=_file(*by_name[installed.model_file(name)]),
        config=_file(*by_name[installed.config_file(name)]),
        card_path=card_path,
    )


def _file(path: str, facts: Mapping[str, object]) -> ListedFile:
    size_bytes, md5 = facts["size_bytes"], facts["md5_digest"]
    if type(size_bytes) is not int or size_bytes <= 0:
        raise ValueError(f"the size of {path} is {size_bytes!r}")
    if not isinstance(md5, str) or not _MD5.fullmatch(md5):
        raise ValueError(f"the MD5 of {path} is {md5!r}")
    return ListedFile(path=path, size_bytes=size_bytes, md5=md5)


def _suggestion(voices: Mapping[str, object], name: str) -> str:
    import difflib  # rarely needed

    near = [other for other in voices if name.casefold() in other.casefold()]
    near = near or difflib.get_close_matches(name, voices, n=_MOST_SUGGESTED, cutoff=0.8)
    language = re.split("[_-]", name)[0]
    same = [other for other in sorted(voices) if re.split("[_-]", other)[0] == language]
    shown = (near or same)[:_MOST_SUGGESTED]
    return f"there are {', '.join(shown)}" if shown else "`voicecoach voices` lists some"
