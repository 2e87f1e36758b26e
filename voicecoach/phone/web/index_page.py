"""The served packs -> the page on which to choose a week."""

from collections.abc import Sequence
from itertools import groupby

from voicecoach import messages
from voicecoach.pack.manifest import FoundPack
from voicecoach.templating import template

_TEMPLATE = "weeks.html"


def html_page(found: Sequence[FoundPack]) -> bytes:
    """An HTML page without scripts, with links to the page and the feed of each pack.

    The program's words are in the language of the first pack, or else in English.
    """
    sections = [
        (messages.words(members[0].manifest.language), members)
        for members in (list(packs) for _, packs in groupby(found, key=lambda pack: pack.slug))
    ]
    page = template(_TEMPLATE).render(
        words=sections[0][0] if sections else messages.words(messages.ENGLISH), sections=sections
    )
    return page.encode()
