"""A practice's CSV file: clients that can be served, and a clear line for each that cannot."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.content.clinical_state import Floor, Perineum, Position
from voicecoach.errors import ContentError, StorageError
from voicecoach.practice import example, roster_file
from voicecoach.practice.columns import COLUMNS, PRESCRIBES
from voicecoach.practice.roster import Roster, is_id
from voicecoach.profile.prescription import Entry
from voicecoach.profile.profile import Profile

TODAY = date(2026, 11, 23)
HEADER = "client-id,birth-date,perineum,floor,catheter,name,position,cleared-on\n"
GOOD = "a-1,2026-11-01,tear,normal,no,Anna,nursing,\n"


def read(folder: Path, text: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return roster_file.read(path, TODAY)


def messages(roster: Roster) -> list[str]:
    return [str(problem) for each in roster.unusable for problem in each.problems]


def ids(roster: Roster) -> list[str]:
    return [client.id for client in roster.clients]


# What is right


def test_a_line_is_a_client(tmp_path: Path) -> None:
    (client,) = read(tmp_path, HEADER + GOOD).clients
    assert client.id == "a-1"
    assert client.told == {
        "birth_date": date(2026, 11, 1),
        "perineum": Perineum.TEAR,
        "floor": Floor.NORMAL,
        "has_catheter": False,
        "name": "Anna",
        "position": Position.NURSING,
        "cleared_on": None,
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_whatever_a_spreadsheet_writes_is_read(
    tmp_path: Path, separator: str, ending: str, mark: str
) -> None:
    text = mark + (HEADER + GOOD).replace(",", separator).replace("\n", ending)
    assert read(tmp_path, text).clients == read(tmp_path, HEADER + GOOD).clients


def test_comments_and_empty_lines_are_left_out(tmp_path: Path) -> None:
    roster = read(tmp_path, f"# ours\n\n{HEADER}{GOOD},,,,,,,\n# {GOOD}")
    assert ids(roster) == ["a-1"]
    assert roster.unusable == ()


def test_the_example_is_a_roster_without_a_fault(tmp_path: Path) -> None:
    roster = read(tmp_path, example.csv())
    assert ids(roster) == ["a-0412", "a-0413"]
    assert roster.unusable == ()


@pytest.mark.parametrize("column", ["started", "catheter-out-on"])
def test_an_empty_day_is_left_to_her_file(tmp_path: Path, column: str) -> None:
    text = f"client-id,birth-date,perineum,floor,catheter,{column}\na,2026-11-01,tear,normal,no,\n"
    assert column.replace("-", "_") not in read(tmp_path, text).clients[0].told


def test_every_answer_of_a_profile_has_a_column() -> None:
    told_in_her_folder = {"leave_out", "sport", "sport_on", "first_cleared_on"}
    asked_of_her = {"natural_voice"}  # a practice names the voices themselves
    of_its_programme = {"is_after_birth"}
    answers = {field.name for field in fields(Profile)}
    answers -= told_in_her_folder | asked_of_her | of_its_programme
    columns = {column.field for column in COLUMNS} - {"programme"}
    assert {field for field in columns if not field.startswith(PRESCRIBES)} == answers


def test_every_number_of_a_prescription_has_a_column() -> None:
    written_by_hand = {"programme", "from_date", "why", "beyond_limits", "line"}
    wanted = {field.name for field in fields(Entry)} - written_by_hand
    found = {column.field.partition(PRESCRIBES)[2] for column in COLUMNS} - {""}
    assert found == wanted


@pytest.mark.parametrize("cell", ["0", "x", "100", "2,5"])
def test_a_step_is_a_whole_number(tmp_path: Path, cell: str) -> None:
    header = "client-id,birth-date,perineum,floor,catheter,cleared-to\n"
    roster = read(tmp_path, f'{header}a,2026-11-01,oasi,normal,no,"{cell}"\n')
    assert "cleared-to: the number of a step is expected, such as 4" in messages(roster)[0]


# What is wrong in a line


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("../a,2026-11-01,tear,normal,no,,,", "client-id: a client id has 1 to 64 letters"),
        ("a/b,2026-11-01,tear,normal,no,,,", "client-id: a client id has"),
        ("..,2026-11-01,tear,normal,no,,,", "client-id: a client id has"),
        ("report.json,2026-11-01,tear,normal,no,,,", "client-id: a client id has"),
        ("NUL,2026-11-01,tear,normal,no,,,", "client-id: a client id has"),
        (",2026-11-01,tear,normal,no,,,", "client-id: a client id has"),
        ("b,2027-01-01,tear,normal,no,,,", "birth-date: this day lies in the future"),
        ("b,2026-02-30,tear,normal,no,,,", "birth-date: a day of the calendar is expected"),
        ("b,2020-01-01,tear,normal,no,,,", "birth-date: this day is more than two years ago"),
        ("b,,tear,normal,no,,,", "birth-date: this must be filled"),
        ("b,2026-11-01,,normal,no,,,", "perineum: this must be filled: intact, episiotomy"),
        ("b,2026-11-01,tear,,no,,,", "floor: this must be filled"),
        ("b,2026-11-01,tear,normal,,,,", "catheter: this must be filled"),
        ("b,2026-11-01,torn,normal,no,,,", "perineum: one of these is expected: intact, "),
        ("b,2026-11-01,tear,normal,no,=1+1,,", "name: this begins as a formula does"),
        ("b,2026-11-01,tear,normal,no,@SUM(A1),,", "name: this begins as a formula does"),
        ("b,2026-11-01,tear,normal,no,,,2026-10-01", "cleared-on: this day lies before the birth"),
        ("b,2026-11-01,tear", "this line has 3 cells, where the header has 8"),
        ('b,2026-11-01,tear,normal,no,"Anna,,', "a quotation mark is opened and not closed"),
    ],
)
def test_what_is_wrong_is_told_and_stands_in_nobodys_way(
    tmp_path: Path, cells: str, told: str
) -> None:
    roster = read(tmp_path, f"{HEADER}{cells}\n{GOOD}")
    assert ids(roster) == ["a-1"]
    (message,) = messages(roster)
    assert message.startswith(f"{tmp_path / 'roster.csv'}:2:1: {told}")


def test_everything_that_is_wrong_in_a_line_is_told_at_once(tmp_path: Path) -> None:
    roster = read(tmp_path, f"{HEADER}a b,,x,normal,maybe,,,\n")
    assert len(messages(roster)) == 4


@pytest.mark.parametrize("again", ["a-1", "A-1"])
def test_an_id_can_be_given_once_also_where_capitals_do_not_count(
    tmp_path: Path, again: str
) -> None:
    roster = read(tmp_path, HEADER + GOOD + GOOD.replace("a-1", again))
    assert ids(roster) == ["a-1"]
    assert messages(roster) == [
        f"{tmp_path / 'roster.csv'}:3:1: client-id: this client id is taken by a line above"
    ]


def test_an_id_belongs_to_its_first_line_also_where_that_cannot_be_used(tmp_path: Path) -> None:
    """Whoever mends the first line would find another woman's files in the folder of that id."""
    bad = GOOD.replace("tear", "")
    roster = read(tmp_path, HEADER + bad + GOOD + bad)
    assert ids(roster) == []
    told = [[p.path for p in each.problems] for each in roster.unusable]
    assert told == [["perineum"], ["client-id"], ["client-id", "perineum"]]


def test_ten_megabytes_in_a_cell_are_one_clear_line(tmp_path: Path) -> None:
    huge = GOOD.replace("Anna", "A" * 10_000_000).replace("a-1", "b")
    roster = read(tmp_path, HEADER + huge + GOOD)
    assert ids(roster) == ["a-1"]
    assert messages(roster) == [
        f"{tmp_path / 'roster.csv'}:2:1: this line has more than 16384 bytes; no client needs"
        " that much"
    ]


def test_a_line_that_is_no_utf_8_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    spoiled = GOOD.replace("a-1", "b").encode().replace(b"Anna", b"Ren\xe9e")
    roster = read(tmp_path, HEADER.encode() + spoiled + GOOD.encode())
    assert ids(roster) == ["a-1"]
    assert messages(roster)[0].endswith(
        "name: this is not UTF-8 text; save the roster as CSV UTF-8"
    )


# What is wrong with the whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ((HEADER + GOOD).encode("utf-16"), "this is UTF-16 text; save the roster as CSV UTF-8"),
        (b"", "there is no header; the first line names the columns"),
        (GOOD.encode(), "there is no header; the first line names the columns"),
        (b"client-id,birth-date\na,2026-11-01\n", "column 'perineum' is missing"),
        (HEADER.replace("name", "surname").encode(), "column 6 has a name that is not known"),
        (HEADER.replace("name", "floor").encode(), "column 'floor' is there more than once"),
    ],
)
def test_a_roster_without_a_usable_header_is_refused(
    tmp_path: Path, text: bytes, told: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)


def test_a_roster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        roster_file.read(tmp_path / "none.csv", TODAY)


# What is nobody's business


secret = st.text(st.characters(codec="utf-8", exclude_characters="\n\r,"), min_size=5, max_size=20)


@given(st.lists(secret.map(lambda text: f"Zq{text}"), min_size=8, max_size=8))
def test_no_message_repeats_what_stands_in_a_cell(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    roster = read(tmp_path_factory.mktemp("roster"), HEADER + ",".join(cells) + "\n")
    assert not any("Zq" in message for message in messages(roster))
    assert not any("Zq" in each.client for each in roster.unusable if not is_id(cells[0].strip()))


def test_no_message_tells_a_day_of_hers(tmp_path: Path) -> None:
    roster = read(tmp_path, f"{HEADER}b,2027-03-04,tear,normal,no,,,2026-05-06\n")
    told = " ".join(messages(roster))
    assert "lies in the future (today is 2026-11-23)" in told
    assert "2027-03-04" not in told
    assert "2026-05-06" not in told
