"""A roster that a spreadsheet opened and saved: the same clients, or a line that says why not."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest
from looping import for_each

from voicecoach.content.clinical_state import Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.errors import ContentError
from voicecoach.practice import roster_file
from voicecoach.practice.roster import Roster

TODAY = date(2026, 11, 27)
COLUMNS = [
    "client-id",
    "birth-date",
    "perineum",
    "floor",
    "catheter",
    "language",
    "name",
    "delivery",
    "position",
    "sessions-a-day",
    "catheter-out-on",
    "cleared-on",
    "cleared-to",
    "long-holds",
    "started",
    "guidance",
    "voice",
    "times",
]
ANNA = "a-0412 2026-11-01 tear normal no nl - vaginal lying - - - - - 2026-11-05 - - -"
BEA = "a-0413 2026-11-01 tear normal no - - - - - - - - - - - - -"
ROWS = [COLUMNS, *([c.strip("-") for c in row.split()] for row in (ANNA, BEA))]
CLIENTS = ["a-0412", "a-0413"]

QUOTED_COMMENTS = """\
"# A roster for voicecoach batch: a client a line. A line that begins with # is","","",""
"# left out.","","",""
"# Save it as CSV UTF-8. Between the cells stands a comma"," a semicolon or a tab.","",""
"#","","",""
"#   client-id: yours for her"," and the name of her folder; not her own name","",""
"""
PADDED_COMMENTS = """\
# A roster for voicecoach batch: a client a line. A line that begins with # is;;;;;;;;;;;;;;
# left out.;;;;;;;;;;;;;;
# Save it as CSV UTF-8. Between the cells stands a comma; a semicolon or a tab.;;;;;;;;;;;;;
#;;;;;;;;;;;;;;
#   client-id: yours for her;" and the name of her folder; not her own name";;;;;;;;;;;;;
#   sessions-a-day: 1;2; 3: over how many the exercises of a day are spread;;;;;;;;;;;;
"#   cleared-on: the day a clinician allowed contractions; empty: not yet";;;;;;;;;;;;;;
#;;;;;;;;;;;;;;
"""


def saved(separator: str = ",", *, end: str = "\n", quote_all: bool = False) -> str:
    """The roster as a spreadsheet writes it."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(ROWS)
    return text.getvalue()


def each_line(text: str, change: Callable[[str], str]) -> str:
    return "".join(f"{change(line)}\n" for line in text.splitlines())


def forms() -> Iterator[tuple[str, str | bytes]]:
    """What it is, and the roster so."""
    for name, separator in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
        text = saved(separator)
        yield name, text
        yield f"{name}, every cell quoted", saved(separator, quote_all=True)
        yield f"{name}, told in a line", f"sep={separator}\n{text}"
        yield f"{name}, trailing empty cells", text.replace("\n", f"{separator * 5}\n")
        yield (
            f"{name}, an empty row and a row of empty cells",
            text.replace("\n", f"\n\n{separator * 14}\n", 1),
        )
    yield "told in capitals, quoted, padded", '"SEP=;";;;;\r\n' + saved(";", end="\r\n")
    yield "line ends of Windows", saved(end="\r\n")
    yield "line ends of an old Macintosh", saved(";", end="\r")
    yield "no end of the last line", saved().removesuffix("\n")
    yield "a byte order mark", "\ufeff" + saved()
    yield "a byte order mark before sep=", "\ufeff" + "sep=;\r\n" + saved(";", end="\r\n")
    yield "a byte order mark before quotes", "\ufeff" + saved(quote_all=True)
    yield "a byte order mark before a comment", "\ufeff# ours\n" + saved()
    yield "an empty column before all others", each_line(saved(), lambda line: "," + line)
    yield "an empty column between", each_line(saved(), lambda x: x.replace(",", ",,", 1))
    yield "quoted comments", QUOTED_COMMENTS + saved(quote_all=True)
    yield "padded comments", PADDED_COMMENTS + saved(";")
    yield "padded comments of CR lines", (PADDED_COMMENTS + saved(";")).replace("\n", "\r")
    yield "comments after the header", saved().replace("\n", '\n"# a note, with a comma"\n', 1)
    yield "trailing cells left out", each_line(saved(), lambda x: x.rstrip(","))
    yield "each line taken for one cell", each_line(saved(), lambda x: f'"{x}"')
    yield "each line one cell of a sheet with semicolons", each_line(saved(), lambda x: f'"{x}";;;')
    yield (
        "names of columns in capitals",
        saved().replace("birth-date", "Birth Date").replace("client-id", "CLIENT_ID"),
    )
    yield (
        "a space before each quoted cell",
        each_line(saved(quote_all=True), lambda x: x.replace(",", ", ")),
    )


def read(folder: Path, text: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return roster_file.read(path, TODAY)


def ids(roster: Roster) -> list[str]:
    return [client.id for client in roster.clients]


def messages(roster: Roster) -> list[str]:
    return [str(problem) for each in roster.unusable for problem in each.problems]


# Files


def test_there_are_many_forms() -> None:
    assert len(list(forms())) > 25


@for_each("name, text", forms)
def test_every_form_of_the_file_has_the_same_clients(
    tmp_path: Path, name: str, text: str | bytes
) -> None:
    roster = read(tmp_path, text)
    assert (name, messages(roster)) == (name, [])
    assert roster.clients == read(tmp_path, saved()).clients
    assert ids(roster) == CLIENTS


def test_what_stands_in_the_roster_is_told(tmp_path: Path) -> None:
    anna, bea = read(tmp_path, saved()).clients
    assert anna.told["started"] == date(2026, 11, 5)
    assert anna.told["birth_date"] == bea.told["birth_date"] == date(2026, 11, 1)
    assert bea.told["language"] == "nl"
    assert anna.told["has_catheter"] is False


def test_days_that_a_dutch_spreadsheet_wrote(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "client-id;birth-date;perineum;floor;catheter\n"
        "a-1;01-11-2026;tear;normal;no\n"
        "a-2;2026-11-01;tear;normal;nee\n",
    )
    assert messages(roster) == []
    one, two = roster.clients
    assert one.told == two.told
    assert one.told["birth_date"] == date(2026, 11, 1)


def test_a_separator_within_quotes_after_a_space_separates_nothing(tmp_path: Path) -> None:
    text = "client-id, birth-date, perineum, floor, catheter, name\n"
    roster = read(tmp_path, text + 'a, "2026-11-01", "tear", normal, no, "Bo, Jo"\n')
    assert messages(roster) == []
    assert roster.clients[0].told["name"] == "Bo, Jo"


# Cells

HEADER = "client-id\tbirth-date\tperineum\tfloor\tcatheter\tname\tposition\tsessions-a-day"
HEADER += "\tguidance\ttimes\tcleared-on\tcleared-to\tlong-holds\tcatheter-out-on\n"
PLAIN = {
    "client-id": "0412",
    "birth-date": "2026-11-01",
    "perineum": "tear",
    "floor": "normal",
    "catheter": "no",
}
CELLS: list[tuple[str, str, str, object]] = [
    *(
        ("birth-date", cell, "birth_date", date(2026, 11, 1))
        for cell in (
            "1-11-2026",
            "01-11-2026",
            "1.11.2026",
            "01.11.2026",
            "1 11 2026",
            "2026/11/1",
            "2026-11-1",
            "2026.11.01",
            "2026-11-01 00:00:00",
            "2026-11-01T00:00:00",
            "2026-11-01 0:00",
            "1-11-2026 00:00",
            "2026\u201311\u201301",
            "2026\u201111\u201101",
            "\u00a02026-11-01\u00a0",
            "'2026-11-01",
            '="2026-11-01"',
            "\u200e2026-11-01",
        )
    ),
    ("times", "07:30:00", "times_of_day", (time(7, 30),)),
    ("times", "7:30", "times_of_day", (time(7, 30),)),
    ("times", "07.30 13.00", "times_of_day", (time(7, 30), time(13))),
    ("times", "07:30:00, 13:00:00", "times_of_day", (time(7, 30), time(13))),
    ("times", "07:30\u00a013:00", "times_of_day", (time(7, 30), time(13))),
    ("sessions-a-day", "2,0", "sessions_a_day", 2),
    ("sessions-a-day", "2.00", "sessions_a_day", 2),
    ("sessions-a-day", " 3 ", "sessions_a_day", 3),
    *(("catheter", cell, "has_catheter", True) for cell in ("WAAR", "TRUE", "Ja", "1", "1,0")),
    *(("catheter", cell, "has_catheter", False) for cell in ("ONWAAR", "FALSE", "Nee", "0", "N")),
    *(
        ("perineum", cell, "perineum", Perineum.TEAR)
        for cell in ("TEAR", "'tear", "\u2019tear", "\u201ctear\u201d", '="tear"', "tear\u00a0")
    ),
    ("floor", "Over\u2011tense", "floor", Floor.OVER_TENSE),
    ("floor", "OVER\u2013TENSE", "floor", Floor.OVER_TENSE),
    ("position", "Nursing", "position", Position.NURSING),
    ("guidance", "\ufeffTones", "guidance", Guidance.TONES),
    ("name", "\u00a0Anna\u00a0\u00a0de  Boer ", "name", "Anna de Boer"),
    ("name", '="Anna"', "name", "Anna"),
    ("name", "Anne-Marie", "name", "Anne-Marie"),
    ("name", "O\u2019Brien", "name", "O\u2019Brien"),
    ("cleared-on", "27-11-2026", "cleared_on", date(2026, 11, 27)),
    ("cleared-on", "", "cleared_on", None),
    ("cleared-to", "4,0", "cleared_to", 4),
    ("cleared-to", "12", "cleared_to", 12),
    ("cleared-to", "", "cleared_to", None),
    ("long-holds", "Ja", "long_holds", True),
    ("long-holds", "", "long_holds", False),
    ("catheter-out-on", "12-11-2026", "catheter_out_on", date(2026, 11, 12)),
]


def line(cells: dict[str, str]) -> str:
    return "\t".join(cells.get(name, "") for name in HEADER.strip().split("\t")) + "\n"


@for_each("column, cell, field, value", lambda: CELLS)
def test_what_a_spreadsheet_makes_of_a_cell_is_read(
    tmp_path: Path, column: str, cell: str, field: str, value: object
) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    for written in (cell, quoted):
        roster = read(tmp_path, HEADER + line({**PLAIN, column: written}))
        assert messages(roster) == []
        assert roster.clients[0].told[field] == value


@for_each("cell", lambda: ["0412", "'0412", '="0412"', "\u00a00412 ", "\u200b0412"])
def test_an_id_keeps_its_zero(tmp_path: Path, cell: str) -> None:
    assert ids(read(tmp_path, HEADER + line({**PLAIN, "client-id": cell}))) == ["0412"]


# What is refused

REFUSED: list[tuple[str, str, str]] = [
    ("birth-date", "11/01/2026", "unclear which is the day and which the month"),
    ("birth-date", "1/11/26", "unclear which is the day and which the month"),
    ("birth-date", "46327", "this is a number, as spreadsheets keep a day"),
    ("birth-date", "46327,5", "this is a number, as spreadsheets keep a day"),
    ("birth-date", "1-nov-2026", "a day of the calendar is expected"),
    ("birth-date", "31-11-2026", "a day of the calendar is expected"),
    ("birth-date", "1-11-26", "a day of the calendar is expected"),
    ("birth-date", "2026-11-01 13:45:00", "a day of the calendar is expected"),
    ("birth-date", "########", "a day of the calendar is expected"),
    ("birth-date", "=TODAY()", "this begins as a formula does"),
    ("client-id", "1E+05", "a spreadsheet turned this id into a number"),
    ("client-id", "1,23E+11", "a spreadsheet turned this id into a number"),
    ("sessions-a-day", "2,5", "one of these is expected: 1, 2, 3"),
    ("sessions-a-day", "0,0", "one of these is expected: 1, 2, 3"),
    ("times", "0,3125", "times are expected as 07:30"),
    ("catheter", "#NAAM?", "one of these is expected: yes, no, ja, nee"),
    ("perineum", "#REF!", "one of these is expected: intact"),
    ("name", "Zqanna\u202e", "no voice can say character 7 of this name"),
]


@for_each("column, cell, reason", lambda: REFUSED)
def test_what_cannot_be_told_is_refused_with_its_reason_alone(
    tmp_path: Path, column: str, cell: str, reason: str
) -> None:
    others = (line({**PLAIN, "client-id": id_}) for id_ in ("first", "last"))
    spoilt = line({**PLAIN, column: cell})
    roster = read(tmp_path, HEADER + spoilt.join(others))
    assert ids(roster) == ["first", "last"]
    (message,) = messages(roster)
    assert message.startswith(f"{tmp_path / 'roster.csv'}:3:1: {column}: ")
    assert reason in message
    assert cell not in message
    assert "\n" not in message


@for_each("encoding", lambda: ["cp1252", "mac_roman", "latin-1"])
def test_a_cell_in_another_encoding_is_refused_with_the_way_out(
    tmp_path: Path, encoding: str
) -> None:
    lines = [line({**PLAIN, "client-id": id_, "name": "Bo"}) for id_ in ("first", "last")]
    spoilt = line({**PLAIN, "name": "Ren\u00e9e"}).encode(encoding)
    roster = read(tmp_path, HEADER.encode() + spoilt.join(each.encode() for each in lines))
    assert ids(roster) == ["first", "last"]
    (message,) = messages(roster)
    assert message.endswith("name: this is not UTF-8 text; save the roster as CSV UTF-8")
    assert "Ren" not in message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (saved().encode("utf-16"), "UTF-16 text"),
        (b"\xfe\xff" + saved().encode("utf-16-be"), "UTF-16 text"),
        (saved().encode("utf-16-le"), "UTF-16 text, or no text at all"),
        (saved().encode("utf-16-be"), "UTF-16 text, or no text at all"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "no XLSX file, or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "a spreadsheet in an old format"),
    ],
)
def test_what_is_no_roster_is_told_for_what_it_is(tmp_path: Path, data: bytes, kind: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, data)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'roster.csv'}:1:1: this is {kind}")
    assert "save the roster" in message
    assert "as CSV UTF-8" in message
