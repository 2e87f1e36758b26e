"""A roster to begin with, as CSV or XLSX, and what its columns mean."""

from datetime import date
from functools import partial

from voicecoach import dates, messages
from voicecoach.content.programme import Programme
from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.practice import roster
from voicecoach.practice.columns import ID, PRESCRIBES, Column, choices_in, meaning_of
from voicecoach.practice.used_columns import columns_for

_CLIENTS = ("a-0412", "a-0413")
_HEAD = """\
A roster is an XLSX or CSV file with a client on each line; its first line names the
columns. Save a CSV as CSV UTF-8. Between its cells is a comma, a semicolon or a tab.
"""


def csv(programme: Programme | None = None) -> str:
    """The example as CSV, without comments: spreadsheets show those as cells. ``None`` stands for
    a programme that asks everything."""
    columns = columns_for(programme)
    header = ",".join([ID, *(column.name for column in columns)])
    lines = [",".join([client, *_cells(client, columns)]) for client in _CLIENTS]
    return "\n".join([header, *lines]) + "\n"


def xlsx(language: str, programme: Programme | None = None) -> bytes:
    """The example as a workbook, with real days, lists to choose from, and a sheet of notes."""
    from voicecoach.practice import workbook  # openpyxl: slow to import

    words, columns = messages.words(language), columns_for(programme)
    headings = [
        workbook.Heading(text=words("roster.header.client-id")),
        *(
            workbook.Heading(
                text=words(f"roster.header.{column.name}"),
                choices=_choices(column, words, programme),
                is_day=_is_day(column),
            )
            for column in columns
        ),
    ]
    filled = [
        [client, *map(partial(_value, words), columns, _cells(client, columns))]
        for client in _CLIENTS
    ]
    names = [ID, *(column.name for column in columns)]
    notes = [(words(f"roster.header.{name}"), meaning_of(name, language)) for name in names]
    return workbook.table(
        words("roster.sheet"), headings, filled, notes=(words("roster.notes"), notes)
    )


def _choices(column: Column, words: messages.Words, programme: Programme | None) -> tuple[str, ...]:
    """What may be chosen: for exercises and starting positions, their titles in ``programme``."""
    spoken = None if programme is None else programme.translations.get(words.language)
    if spoken is not None:
        match column.field.removeprefix(PRESCRIBES):
            case "exercise":
                return tuple(each.title for each in spoken.exercises.values())
            case "starting_position":
                return tuple(each.title for each in spoken.starting_positions.values())
    return choices_in(column, words)


def explanation(programme: Programme | None = None) -> str:
    """The meaning of each column, for a terminal."""
    needed = [column.name for column in columns_for(programme) if column.is_needed]
    others = [column.name for column in columns_for(programme) if not column.is_needed]
    return "\n".join(
        [
            _HEAD,
            "What must be filled:",
            *map(_explained, [ID, *needed]),
            "",
            "What may stay empty, or be left out with its column:",
            *map(_explained, others),
            "",
        ]
    )


def _cells(client: str, columns: tuple[Column, ...]) -> list[str]:
    """The example's cells: all filled for the first client, only what is needed for the others."""
    is_first = client == _CLIENTS[0]
    return [column.example if is_first or column.is_needed else "" for column in columns]


def _is_day(column: Column) -> bool:
    return column.parse is roster.day


def _value(words: messages.Words, column: Column, cell: str) -> date | str:
    if not cell:
        return ""
    if _is_day(column):
        return dates.parse_day(cell)
    if cell in column.choices:
        return choices_in(column, words)[column.choices.index(cell)]
    return cell


def _explained(name: str) -> str:
    text = f"{name}: {meaning_of(name)}"
    return "\n".join(wrapped(text, TABLE_COLUMNS, start="  ", indent="    "))
