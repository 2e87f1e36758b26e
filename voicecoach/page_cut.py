"""The page of a pack -> what kind its tracks are, and the same page without some of them. No I/O.

Works on pages as ``templates/page.html`` writes them, so that nothing has to be spoken or planned
again. The result has the same bytes as a page that was rendered without those tracks.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

_ITEM = re.compile(
    r'<li><a class="row" href="[^"]*" download>(?:(?!</li>).)*'
    r'<audio controls preload="none" src="([^"?]*)\?v=[0-9a-f]+"></audio></li>\n',
    re.DOTALL,
)
_DATA = re.compile(r'(<script id="data" type="application/json">)(.*?)(</script>)', re.DOTALL)
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
"""What may not be in a script as it is; as Jinja's ``tojson`` writes it."""


def contractions_in(page: bytes) -> dict[str, bool]:
    """By file, whether the page shows contractions in it; empty where it cannot be read."""
    try:
        _, files, data = _parsed(page)
        sessions = data["sessions"]
        return {
            file: any(block["kind"] == "contractions" for block in session["blocks"])
            for file, session in zip(files, sessions, strict=True)
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def only(page: bytes, wanted: Collection[str]) -> bytes | None:
    """``page`` with no other tracks than the files ``wanted``; ``None`` where it is not a page as
    they are written now, or lacks one of them."""
    try:
        text, files, data = _parsed(page)
        if not set(wanted) <= set(files):
            return None
        places = [place for place, file in enumerate(files) if file in wanted]
        shown = _shown(data, places)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    text = _ITEM.sub(lambda item: item[0] if unquote(item[1]) in wanted else "", text)
    return _DATA.sub(lambda found: found[1] + _written(shown) + found[3], text).encode()


def _parsed(page: bytes) -> tuple[str, list[str], dict[str, Any]]:
    """The page as text, the files of its tracks, and the data of its script. Raises ValueError."""
    text = page.decode()
    found = _DATA.search(text)
    if found is None or text.count("<audio") != len(_ITEM.findall(text)):
        raise ValueError("not a page as they are written now")
    return text, [unquote(file) for file in _ITEM.findall(text)], json.loads(found[2])


def _shown(data: Mapping[str, Any], places: Sequence[int]) -> dict[str, Any]:
    """``data`` with the sessions at ``places`` alone; see :mod:`voicecoach.moments`."""
    sessions = [data["sessions"][place] for place in places]
    passages = _each_once(chapter[2] for session in sessions for chapter in session["chapters"])
    utterances = _each_once(
        utterance for passage in passages for utterance in data["passages"][passage][1::2]
    )
    texts = _each_once(data["utterances"][utterance][0] for utterance in utterances)
    place_of = {place: number for number, place in enumerate(places)}
    return {
        **data,
        "texts": [data["texts"][text] for text in texts],
        "utterances": [
            [texts[text], length_ms]
            for text, length_ms in (data["utterances"][utterance] for utterance in utterances)
        ],
        "passages": [
            [
                utterances[number] if place % 2 else number
                for place, number in enumerate(data["passages"][passage])
            ]
            for passage in passages
        ],
        "sessions": [
            {
                **session,
                "chapters": [
                    [title, start_ms, passages[passage]]
                    for title, start_ms, passage in session["chapters"]
                ],
            }
            for session in sessions
        ],
        "days": [
            {**day, "tracks": [place_of[place] for place in day["tracks"] if place in place_of]}
            for day in data["days"]
        ],
    }


def _each_once(numbers: Iterable[int]) -> dict[int, int]:
    """The new place of each of ``numbers``, in the order in which they first come."""
    return {number: place for place, number in enumerate(dict.fromkeys(numbers))}


def _written(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text
