"""The packs that are served -> the page to choose a week on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from voicecoach.pack.manifest import FoundPack
from voicecoach.templating import template

_TEMPLATE = "weeks.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    language: str
    name: str
    """Of the language, in itself."""
    choose: str
    night: str
    feed: str


_DUTCH = _Words(
    language="nl",
    name="Nederlands",
    choose="Kies je week",
    night="zacht, voor de nacht",
    feed="Feed voor een podcast-app",
)
_ENGLISH = _Words(
    language="en",
    name="English",
    choose="Choose your week",
    night="soft, for the night",
    feed="Feed for a podcast app",
)


def html_page(found: Sequence[FoundPack]) -> bytes:
    """One HTML file without a script, with a link to the page and the feed of each pack.

    Its own words are in the language of the first pack, or in English where there are none in it.
    """
    sections = [
        (_words(members[0]), members)
        for members in (list(packs) for _, packs in groupby(found, key=lambda pack: pack.slug))
    ]
    page = template(_TEMPLATE).render(
        words=sections[0][0] if sections else _ENGLISH, sections=sections
    )
    return page.encode()


def _words(pack: FoundPack) -> _Words:
    return _DUTCH if pack.manifest.language == "nl" else _ENGLISH
