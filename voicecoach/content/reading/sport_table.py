"""What a programme asks of sport: the keys below ``sport`` in programme.yaml. No I/O."""

from voicecoach import limits
from voicecoach.content.reading.key_tables import Entries, Row, list_of, needed, table
from voicecoach.content.reading.value_kinds import count, key_of
from voicecoach.content.sport import SportQuestions

_DAY = count(limits.DAYS)
_TEST = table(
    needed("sources", list_of(key_of("sources", "source")), "On which sources it rests."),
)
_TESTS = Entries(_TEST, "Something to try; its words are in the files of words.")
SPORT = table(
    needed("from_day", _DAY, "The day since the birth from which her answers count."),
    needed("large_tear_from_day", _DAY, "The same after a large tear, or one of the sphincter."),
    needed("tests", _TESTS, "What has to work, without pain, heaviness or leaking."),
)


def questions(row: Row) -> SportQuestions:
    """What is asked, of the mapping that ``row`` is."""
    return SportQuestions(
        from_day=row.number("from_day"),
        large_tear_from_day=row.number("large_tear_from_day"),
        tests={id_: each["sources"] for id_, each in row["tests"].values.items()},
        sources=row.sources,
    )
