"""The JSON Schemas for editors, of programme.yaml and of its words. No I/O.

They are generated from the readers' tables, so they accept the same keys and values, except for
surplus spaces, which only the readers ignore. Faults across a whole programme, such as a missing
talk, are found only by `check`.
"""

from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.reading import word_tables
from voicecoach.content.reading.value_kinds import Schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def programme_schema() -> Schema:
    """The schema of programme.yaml."""
    title = "The structure and the doses"
    return {"$schema": _DRAFT, "title": title, **programme_reader.PROGRAMME.schema}


def words_schema() -> Schema:
    """The schema of nl.yaml, en.yaml and other files of words."""
    title = "All words in one language"
    return {"$schema": _DRAFT, "title": title, **word_tables.ANY_WORDS.schema}
