"""Upper limits of numbers in content, and their reasons. No I/O.

Greater numbers are nobody's prescription, and could fill the memory or a disk.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """The greatest number that is accepted, and why."""

    number: int
    because: str


REPS = Most(number=100, because="a set is done in one go")
SETS = Most(number=20, because="a session is done in one go")
BREATHS = Most(number=200, because="a session is done in one go")
TIMES_A_DAY = Most(number=12, because="a day has no room for more")
DAYS_A_WEEK = Most(number=7, because="a week has seven days")
DAYS = Most(number=731, because="a profile ends two years after the birth")
WORDS_A_MINUTE = Most(number=400, because="nobody follows faster speech")
EDITION = Most(number=2100, because="it is the year of the content's edition")

CHARACTERS_OF_A_PARAGRAPH = 1000
CHARACTERS_OF_A_TITLE = 150
CHARACTERS_OF_A_NAME = 60
CHARACTERS_OF_A_LANGUAGE_TAG = 35
MOST_ITEMS = 200
MOST_KEYS = 1000
MOST_SESSIONS = 100
MOST_LANGUAGES = 20
LONGEST_ACTIVITY_S = 60 * 60
LONGEST_SESSION_MS = 2 * 60 * 60 * 1000
