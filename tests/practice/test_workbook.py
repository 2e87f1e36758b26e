"""A roster as XLSX: our example, what a spreadsheet makes of it, and what is no workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from looping import for_each
from openpyxl import Workbook, load_workbook

from voicecoach import messages
from voicecoach.content.clinical_state import Delivery, Perineum, Position
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError
from voicecoach.practice import example, roster_file, workbook
from voicecoach.practice.columns import BY_NAME, COLUMNS, ID, choices_in, meaning_of
from voicecoach.practice.roster import Roster
from voicecoach.practice.used_columns import columns_for

TODAY = date(2026, 11, 27)
FILLED = ["a-1", "2026-11-01", "tear", "normal", "no"]
HEADER = ["client-id", "birth-date", "perineum", "floor", "catheter"]


def saved(*rows: list[Any], before: int = 0) -> bytes:
    """A workbook with ``rows`` in a sheet that has ``before`` empty sheets before it."""
    book = Workbook()
    for _ in range(before):
        book.create_sheet()
    for row in rows:
        book.worksheets[-1].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(folder: Path, data: bytes) -> Roster:
    path = folder / "roster.xlsx"
    path.write_bytes(data)
    return roster_file.read(path, TODAY)


def faults(folder: Path, data: bytes) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read(folder, data)
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_example_is_a_roster_in_each_language(tmp_path: Path, language: str) -> None:
    roster = read(tmp_path, example.xlsx(language))
    assert roster.unusable == ()
    first, second = roster.clients
    assert (first.id, second.id) == ("a-0412", "a-0413")
    assert first.told["birth_date"] == date(2026, 11, 1)
    assert first.told["perineum"] is Perineum.TEAR
    assert first.told["delivery"] is Delivery.VAGINAL
    assert first.told["position"] is Position.LYING
    assert first.told["has_catheter"] is False
    assert second.told["delivery"] is None


def test_the_example_has_real_days_lists_and_notes() -> None:
    book = load_workbook(io.BytesIO(example.xlsx("nl")))
    sheet, notes = book.worksheets
    assert [cell.value for cell in sheet[1]][:3] == ["cliënt", "bevallen-op", "perineum"]
    assert sheet["B2"].value == datetime(2026, 11, 1)
    lists = {str(each.sqref)[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists["C"] == '"heel,knip,scheur,totaalruptuur,grote scheur"'
    assert lists["E"] == '"ja,nee"'
    assert notes.max_row == len(COLUMNS) + 1


def test_the_example_has_the_same_bytes_each_time() -> None:
    assert example.xlsx("nl") == example.xlsx("nl")


@pytest.mark.parametrize("language", messages.languages())
def test_every_choice_has_a_name_of_its_own(language: str) -> None:
    words = messages.words(language)
    for column in COLUMNS:
        shown = choices_in(column, words)
        assert len(set(shown)) == len(shown), column.name
        assert not any("," in each or '"' in each for each in shown), "it would end a list"


def cells() -> Iterator[tuple[str, list[Any]]]:
    """What it is, and a row of the same client with such cells."""
    yield "text", FILLED
    yield "a day", ["a-1", date(2026, 11, 1), *FILLED[2:]]
    yield "a day with a time", ["a-1", datetime(2026, 11, 1), *FILLED[2:]]
    yield "a truth value", [*FILLED[:4], False]
    yield "spaces around", [f" {cell} " for cell in FILLED]
    yield "an apostrophe before", [f"'{cell}" for cell in FILLED]
    yield "Dutch choices", [*FILLED[:2], "scheur", "gewoon", "nee"]
    yield "Dutch choices in capitals", [*FILLED[:2], "Scheur", "GEWOON", "Nee"]
    yield "a day of this country", ["a-1", "1-11-2026", *FILLED[2:]]


@for_each("what, row", cells)
def test_a_cell_is_read_as_it_was_meant(tmp_path: Path, what: str, row: list[Any]) -> None:
    roster = read(tmp_path, saved(HEADER, row))
    (as_text,) = read(tmp_path, saved(HEADER, FILLED)).clients
    assert roster.unusable == ()
    assert [client.told for client in roster.clients] == [as_text.told], what


def test_empty_rows_comments_and_other_sheets_are_left_out(tmp_path: Path) -> None:
    data = saved([], ["# ours"], HEADER, [None, None], FILLED, ["", "  "], before=2)
    assert [client.id for client in read(tmp_path, data).clients] == ["a-1"]


def test_times_and_whole_numbers_keep_their_form(tmp_path: Path) -> None:
    header = [*HEADER, "times", "sessions-a-day"]
    told = read(tmp_path, saved(header, [*FILLED, time(7, 30), 2.0])).clients[0].told
    assert told["times_of_day"] == (time(7, 30),)
    assert told["sessions_a_day"] == 2


def test_a_percentage_is_read_as_it_is_shown(tmp_path: Path) -> None:
    """A spreadsheet keeps 30 % as 0.3."""
    book = load_workbook(io.BytesIO(saved([*HEADER, "intensity-percent"], [*FILLED, 0.3])))
    book.worksheets[-1].cell(row=2, column=len(FILLED) + 1).number_format = "0%"
    data = io.BytesIO()
    book.save(data)
    (client,) = read(tmp_path, data.getvalue()).clients
    assert client.prescribed["intensity_percent"].high_percent == 30


def test_a_formula_is_refused_and_not_computed(tmp_path: Path) -> None:
    (line,) = read(tmp_path, saved(HEADER, [*FILLED[:2], "=1+1", *FILLED[3:]])).unusable
    assert "begins as a formula" in line.problems[0].message
    assert line.problems[0].line == 2


def test_no_formula_is_written() -> None:
    data = workbook.table("t", [workbook.Heading(text="a")], [["=1+1"], ["@x"], ["-1"]])
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [sheet.cell(row=n, column=1).data_type for n in (2, 3, 4)] == ["s", "s", "s"]


def test_what_is_no_workbook_is_refused_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    whole = example.xlsx("nl")
    swapped = io.BytesIO()
    with zipfile.ZipFile(swapped, "w") as packed:
        packed.writestr("letter.txt", "hello")
    for data in (whole[:4], whole[: len(whole) // 2], whole[:-30], swapped.getvalue()):
        assert "this is no XLSX file, or a damaged one" in faults(tmp_path, data)[0]
    assert "in an old format" in faults(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(600))[0]


def test_a_small_file_that_unpacks_to_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED_BYTES", 10_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(20_000))
    assert "unpacks to more than" in faults(tmp_path, bomb.getvalue())[0]


def test_there_are_limits_on_rows_and_their_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    assert "more than 3 rows" in faults(tmp_path, saved(HEADER, *[FILLED] * 3))[0]
    long = read(tmp_path, saved(HEADER, ["x" * 20_000, *FILLED[1:]]))
    assert "no client needs that much" in long.unusable[0].problems[0].message


def test_columns_are_explained_for_any_client() -> None:
    """A programme may be for anyone; it has no columns about a birth."""
    for language in messages.languages():
        for name in (ID, *BY_NAME):
            words = set(re.findall(r"\w+", meaning_of(name, language).lower()))
            assert not words & {"her", "hers", "she", "woman", "haar", "ze", "zij"}, (name, words)
    anyone = programme_reader.read(programme_reader.built_in("calm-breathing"))
    assert not {"face-up", "checked-on"} & {column.name for column in columns_for(anyone)}


def test_batch_writes_an_example_and_never_over_a_roster(
    run: Run, programme: Programme, tmp_path: Path
) -> None:
    path = tmp_path / "roster.xlsx"
    assert run("batch", path, "--example", "--language", "nl").returncode == 0
    assert path.read_bytes() == example.xlsx("nl", programme)
    again = run("batch", path, "--example")
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert run("batch", tmp_path / "roster.ods", "--example").returncode == 2


def test_exercises_are_chosen_from_a_hidden_sheet(programme: Programme, tmp_path: Path) -> None:
    """They are too many for a list in a cell."""
    book = load_workbook(io.BytesIO(example.xlsx("nl", programme)))
    sheet, lists = book.worksheets[0], book["Lists"]
    heading = messages.words("nl")("roster.header.exercise")
    (column,) = (cell.column_letter for cell in sheet[1] if cell.value == heading)
    chosen = {
        str(each.sqref).split("2:")[0]: str(each.formula1)
        for each in sheet.data_validations.dataValidation
    }
    titles = [each.title for each in programme.translations["nl"].exercises.values()]
    assert chosen[column] == f"Lists!$A$1:$A${len(titles)}"
    assert [cell.value for cell in lists["A"]] == titles
    assert lists.sheet_state == "hidden" and book.worksheets[-1] is lists
    assert any("liggend,op je zij" in each for each in chosen.values()), "a short one"
    header = [*HEADER, "exercise", "hold-s", "until", "by"]
    rows = [["a-1", *FILLED[1:], title, 3, "2099-12-20", "Fysio"] for title in titles[:1]]
    assert read(tmp_path, saved(header, *rows)).unusable == ()


def test_a_choice_with_a_comma_can_be_chosen() -> None:
    heading = workbook.Heading(text="a", choices=("one, two", "=1+1", "three"))
    book = load_workbook(io.BytesIO(workbook.table("t", [heading], [])))
    assert [cell.value for cell in book["Lists"]["A"]] == list(heading.choices)
    assert book["Lists"]["A2"].data_type == "s"


def test_30_clients_that_a_spreadsheet_saved_are_the_same_from_xlsx_and_from_dutch_csv() -> None:
    """Our example, filled, also where it prescribes, and saved by LibreOffice 7.4 with the settings
    of the Netherlands: the days as days in three forms and as text."""
    folder = Path(__file__).parent / "spreadsheets"
    from_xlsx, from_csv = (
        roster_file.read(folder / name, TODAY)
        for name in ("libreoffice.xlsx", "libreoffice-nl.csv")
    )
    assert from_xlsx.unusable == from_csv.unusable == ()
    assert len(from_xlsx.clients) == 30
    assert [(each.id, each.told, each.prescribed) for each in from_xlsx.clients] == [
        (each.id, each.told, each.prescribed) for each in from_csv.clients
    ]
    assert sum(bool(each.prescribed) for each in from_xlsx.clients) == 27
    own = [each.course.programme.name for each in from_xlsx.clients if each.course is not None]
    assert own == ["back-after-birth", "back-after-birth", "calm-breathing"] * 3
    knee = from_xlsx.clients[5].prescribed
    assert knee["hold_s"] == 120 and knee["leave_out"] == ("Knieën opzij",)


def test_a_row_needs_no_more_cells_than_are_filled(tmp_path: Path) -> None:
    calm = programme_reader.read(programme_reader.built_in("calm-breathing"))
    path = tmp_path / "roster.xlsx"
    path.write_bytes(example.xlsx("nl", calm))
    roster = roster_file.read(path, TODAY, calm)
    assert [client.id for client in roster.clients] == ["a-0412", "a-0413"]
    short = saved(HEADER, ["a-1"])
    assert "floor" in str(read(tmp_path, short).unusable)
