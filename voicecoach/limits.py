"""The most that content may ask for, by key, and why. No I/O.

What is beyond them is no one's prescription, and could fill the memory or a disk.
"""

from collections.abc import Mapping

_DAYS = (731, "a profile ends two years after the birth")
MOST: Mapping[str, tuple[int, str]] = {
    "reps": (100, "a set is done in one go"),
    "sets": (20, "a session is done in one go"),
    "breaths": (200, "a session is done in one go"),
    "times_a_day": (12, "a day has no room for more"),
    "from_day": _DAYS,
    "to_day": _DAYS,
    "late_starters_until": _DAYS,
    "full_guidance_days": _DAYS,
    "days": _DAYS,
    "full": (400, "nobody follows faster speech"),
    "brief": (400, "nobody follows faster speech"),
    "tones": (400, "nobody follows faster speech"),
    "edition": (2100, "it is the year of the content's edition"),
}
"""The greatest number behind a key."""
MOST_CHARACTERS: Mapping[str, int] = {
    "title": 150,
    "artist": 150,
    "album": 150,
    "folder": 60,
    "name": 60,
    "language_tag": 35,
}
"""How long the text behind a key may be."""
MOST_CHARACTERS_OF_A_PARAGRAPH = 1000
MOST_ITEMS = 200
MOST_KEYS = 1000
MOST_SESSIONS = 100
MOST_LANGUAGES = 20
LONGEST_SESSION_MS = 2 * 60 * 60 * 1000
