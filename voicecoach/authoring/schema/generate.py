"""The JSON Schemas for editors, of programme.yaml and of its words. No I/O.

They are made of the tables by which the readers read, and say what these say about keys and single
values; only spaces too many, which are read away, count here. What takes the whole programme to
see, such as a talk that is not there, only `check` can tell.
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
