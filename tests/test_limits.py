"""Numbers and texts that are legal and absurd: one clear error with its place, at once."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import Run
from looping import for_each

from voicecoach import strict_json
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError, StorageError
from voicecoach.pack import manifest
from voicecoach.pack.manifest import Manifest, PlaylistEntry
from voicecoach.phone.sync import ledger
from voicecoach.phone.sync.ledger import Entry, Ledger, Standing
from voicecoach.practice import roster_file

SMALL = Path(__file__).parent / "bad_content" / "programme"
MANY = "9" * 5000
QUICK_S = 5
"""Far more than any of it takes, on a busy machine too."""


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """A test whose text or number is absurd does not take long, whatever it is."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < 6 * QUICK_S


def complaints(folder: Path) -> list[str]:
    """All that the reader says of ``folder``, without the name of the folder."""
    begun = time.process_time()
    with pytest.raises(ContentError) as caught:
        programme_reader.read(folder)
    assert time.process_time() - begun < QUICK_S
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def spoilt(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, str]:
    """The small programme with ``new`` for ``old``, and the line of it."""
    shutil.rmtree(tmp_path / "programme", ignore_errors=True)
    folder = Path(shutil.copytree(SMALL, tmp_path / "programme"))
    text = (folder / file).read_text("utf-8")
    before, found, after = text.partition(old)
    assert found, old
    (folder / file).write_text(before + new + after, encoding="utf-8")
    return folder, f"{file}:{before.count(chr(10)) + 1}:"


# In a programme

ABSURD = [
    ("reps: 8 from", "reps: 10000 from", "10000 is too much: at most 100 can be, because a set"),
    ("reps: 8 from", "reps: 101 from", "101 is too much: at most 100 can be"),
    ("sets: 3 from", "sets: 10000 from", "10000 is too much: at most 20 can be, because a sess"),
    ("sets: 3 from", "sets: 21 from", "21 is too much: at most 20 can be"),
    ("breaths: 12 f", "breaths: 10000 f", "10000 is too much: at most 200 can be"),
    ("times_a_day: 2 f", "times_a_day: 10000 f", "at most 12 can be, because a day has no room"),
    ("times_a_day: 2 f", "times_a_day: 13 f", "13 is too much: at most 12 can be"),
    ("edition: 2026", "edition: 10000", "at most 2100 can be, because it is the year"),
    ("edition: 2026", "edition: 2101", "2101 is too much: at most 2100 can be"),
    ("to_day: 9 f", "to_day: 10000 f", "at most 731 can be, because a profile ends two years"),
    ("from_day: 5 f", "from_day: 9999 f", "at most 731 can be"),
    ("full_guidance_days: 2", "full_guidance_days: 10000", "at most 731 can be"),
    ("hold_s: 2 f", "hold_s: 601 f", "a number of seconds above 0, at most 600"),
    ("hold_s: 2 f", "hold_s: 1e400 f", "a number of seconds above 0, at most 600"),
    ("set_rest_s: 45 f", "set_rest_s: .inf f", "a number of seconds above 0, at most 600"),
    ("intensity_percent: 40 f", "intensity_percent: 101 f", "percentages go from 1 to 100"),
    ("intensity_percent: 30-40", "intensity_percent: 40-30", "percentages go from 1 to 100"),
    ("format: 1", f"format: {MANY}", ""),
]
NUMBERS = [
    "edition: 2026",
    "reps: 8 from",
    "sets: 3 from",
    "breaths: 12 from",
    "times_a_day: 2 from",
    "to_day: 9 from",
    "hold_s: 2 from",
    "set_rest_s: 45 from",
    "intensity_percent: 40 from",
    "full_guidance_days: 2 from",
]
NO_NUMBERS = [
    MANY,
    f"-{MANY}",
    f"0.{MANY}",
    "1e400",
    "1e5",
    ".inf",
    "-.inf",
    ".nan",
    "-1",
    "0x10",
    "0o7",
    "1_000",
    "1:30",
    "\u0663",
    "10001",
    "9999999999",
    "99999999999999999999",
]


@for_each("old, new, told", lambda: ABSURD)
def test_a_number_that_is_absurd_is_refused_at_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder, place = spoilt(tmp_path, "programme.yaml", old, new)
    first = complaints(folder)[0]
    assert first.startswith(place)
    assert told in first
    assert len(first) < 500


@for_each("old, number", lambda: [(old, number) for old in NUMBERS for number in NO_NUMBERS])
def test_what_is_no_plain_number_is_refused_at_its_place(
    tmp_path: Path, old: str, number: str
) -> None:
    key, _, rest = old.partition(": ")
    source = rest.partition(" ")[2]
    folder, place = spoilt(tmp_path, "programme.yaml", old, f"{key}: {number} {source}".rstrip())
    said = complaints(folder)
    assert said[0].startswith(place), said
    assert key in said[0]
    assert max(map(len, said)) < 500


def test_what_is_legal_alone_and_absurd_together_is_refused(tmp_path: Path) -> None:
    """Twenty sets of a hundred holds of ten minutes: two weeks without a break."""
    folder, _ = spoilt(tmp_path, "programme.yaml", "reps: 8 from article", "reps: 100 from article")
    path = folder / "programme.yaml"
    text = path.read_text("utf-8").replace("sets: 3 from", "sets: 20 from")
    text = text.replace("hold_s: 3 from", "hold_s: 600 from").replace("limits: {hold_s: 600", "#")
    path.write_text(text, encoding="utf-8")
    said = complaints(folder)
    assert len(said) < 30
    assert max(map(len, said)) < 500


TEXTS = [
    ("nl.yaml", "Adem in door je neus.", "talk"),
    ("nl.yaml", "title: Een klein programma", "title: "),
    ("nl.yaml", "artist: voicecoach", "artist: "),
    ("nl.yaml", "folder: klein-programma", "folder: "),
    ("en.yaml", "halfway: Halfway.", "halfway: "),
    ("en.yaml", "source: Source", "source: "),
    ("en.yaml", "text: [Do this only if nothing hurts.]", "text: "),
]


@for_each("file, old, key", lambda: TEXTS)
def test_a_text_of_a_megabyte_is_refused_for_its_size(
    tmp_path: Path, file: str, old: str, key: str
) -> None:
    new = "woord " * 170_000
    folder, _ = spoilt(tmp_path, file, old, new if key == "talk" else key + new)
    (said,) = complaints(folder)
    assert said == f"{file}:1:1: larger than 1000 kB: no content file is"


@for_each("file, old, key", lambda: TEXTS)
@for_each("long", lambda: ["woord " * 150_000, "w" * 900_000, "Woord. " * 300])
def test_a_text_that_nobody_follows_is_refused_at_its_place(
    tmp_path: Path, file: str, old: str, key: str, long: str
) -> None:
    new = long.strip() if key == "talk" else f"{key}{'[' * ('[' in old)}{long}{']' * ('[' in old)}"
    folder, place = spoilt(tmp_path, file, old, new)
    said = complaints(folder)
    assert said[0].startswith(place), said[0][:300]
    assert " characters" in said[0], said[0][:300]
    assert max(map(len, said)) < 500


def test_a_list_that_nobody_goes_through_is_refused(tmp_path: Path) -> None:
    many = "[" + ", ".join(["Rust goed uit."] * 5000) + "]"
    folder, place = spoilt(tmp_path, "en.yaml", "[Do this only if nothing hurts.]", many)
    (said,) = complaints(folder)
    assert said.startswith(place)
    assert "a list of 5000 items; at most 200 are read" in said


def test_keys_that_nobody_wrote_are_refused(tmp_path: Path) -> None:
    many = "".join(f"  {number}: a\n" for number in range(100, 20_000))
    folder, place = spoilt(tmp_path, "nl.yaml", "  1: één\n", f"  1: één\n{many}")
    said = complaints(folder)
    assert said[0].startswith(place)
    assert "but at most 1000 are read" in said[0]
    assert max(map(len, said)) < 500


def test_the_most_that_can_be_asked_for_is_read(tmp_path: Path) -> None:
    folder, _ = spoilt(tmp_path, "programme.yaml", "edition: 2026", "edition: 2100")
    assert programme_reader.read(folder).edition == 2100


# In her profile


@pytest.mark.parametrize("key", ["times_of_day", "voices"])
def test_a_profile_with_ten_thousand_items_is_refused(here: Run, tmp_path: Path, key: str) -> None:
    told = ("--birth-date", "2026-01-01", "--started", "2026-01-02", "--yes")
    assert here("init", *told).returncode == 0
    path = tmp_path / "voicecoach.yaml"
    lines = path.read_text("utf-8").splitlines()
    (at,) = (n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
    for many, is_read in ((24, True), (25, False), (10_000, False)):
        item = '"07:30"' if key == "times_of_day" else '"espeak:nl+f2"'
        lines[at] = f"{key}: [{', '.join([item] * many)}]"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = here("plan", "--week", "1")
        assert (
            f"er staan {many} dingen in deze lijst, en dat mogen er hooguit 24 zijn"
            in result.stderr
        ) != is_read
        if not is_read:
            assert result.returncode != 0
            assert f"voicecoach.yaml:{at + 1}:" in result.stderr
            assert len(result.stderr) < 500


def test_init_refuses_more_than_it_can_read_back(here: Run, tmp_path: Path) -> None:
    born = ("init", "--birth-date", "2026-01-01", "--yes")
    many = [f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30")]
    for told in (["--times", ",".join(many)], ["--voice", "espeak:nl+f2"] * 25):
        result = here(*born, *told)
        assert result.returncode != 0
        assert "items, where at most 24 can be" in result.stderr
        assert not (tmp_path / "voicecoach.yaml").exists()
    assert here(*born, "--times", ",".join(many[::2])).returncode == 0
    assert here("plan", "--week", "1").returncode == 0


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("times", " ".join(f"{n // 2:02}:{n % 2 * 3}0" for n in range(48))),
        ("voice", "espeak:nl+f2 " * 25),
    ],
)
def test_a_roster_cannot_list_more_than_a_profile(tmp_path: Path, column: str, cell: str) -> None:
    header = f"client-id,birth-date,perineum,floor,catheter,{column}\n"
    path = tmp_path / "roster.csv"
    path.write_text(f"{header}a,2026-11-01,tear,normal,no,{cell}\nb,2026-11-01,tear,normal,no,\n")
    roster = roster_file.read(path, date(2026, 11, 27))
    assert [client.id for client in roster.clients] == ["b"]
    ((problem,),) = (each.problems for each in roster.unusable)
    assert (problem.line, problem.path) == (2, column)
    assert "items, where at most 24 can be" in problem.message


# In JSON that was ours

OURS = Ledger(files=(Entry(path="slug/week-01/a.mp3", bytes=7, sha256="a" * 64),))
DEEP = "[" * 100_000 + "]" * 100_000
NO_VALUES = [
    "1e400",
    "-1e400",
    "1e15",
    str(10**15),
    str(10**400),
    MANY,
    "NaN",
    "Infinity",
    "-Infinity",
    DEEP,
    DEEP.replace("[", '{"a":').replace("]", "}").replace(":}", ":1}", 1),
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    '{"a": 1, "a": 2}',
]


@for_each("value", lambda: NO_VALUES)
def test_json_that_could_surprise_is_refused(value: str) -> None:
    begun = time.process_time()
    for text in (value, f'{{"key": [{value}]}}', f'[1, {{"a": {value}}}]'):
        for data in (text, text.encode(), b"\xef\xbb\xbf" + text.encode()):
            with pytest.raises(ValueError) as caught:
                strict_json.loads(data)
            assert len(str(caught.value)) < 500
    assert time.process_time() - begun < QUICK_S


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (str(10**15 - 1), 10**15 - 1),
        (str(-(10**15) + 1), -(10**15) + 1),
        ("1.5e3", 1500),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\u00e9"', "é"),
        ("[" * 50 + "]" * 50, None),
        ('[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]),
    ],
)
def test_json_that_is_plain_is_read(text: str, value: object) -> None:
    assert value is None or strict_json.loads(text) == value
    assert strict_json.loads(text) == json.loads(text)


@for_each("value", lambda: [*NO_VALUES, str(10**12), "-1", "null", "[]", "{}", '"x"'])
def test_a_ledger_with_an_absurd_serial_is_passed_over(value: str) -> None:
    whole = ledger.write(OURS, 4)
    spoilt_one = ledger.write(Ledger(), 4).replace(b'"serial": 4', f'"serial": {value}'.encode())
    assert spoilt_one != ledger.write(Ledger(), 4)
    assert ledger.newest([spoilt_one, None], "there") == Standing()
    for slots in ([spoilt_one, whole], [whole, spoilt_one]):
        standing = ledger.newest(slots, "there")
        assert (standing.ledger, standing.serial) == (OURS, 4)


@for_each("value", lambda: NO_VALUES)
def test_a_ledger_with_an_absurd_value_anywhere_is_passed_over(value: str) -> None:
    whole = ledger.write(OURS, 4)
    newer = ledger.write(OURS, 5)
    for old in (b'"bytes": 7', b'"format": 1', b'"direct": false', b'"pending": []'):
        key = old.partition(b":")[0]
        data = newer.replace(old, key + b": " + value.encode())
        assert data != newer
        assert ledger.newest([whole, data], "there").serial == 4


def test_the_greatest_serial_that_counts() -> None:
    slots = [ledger.write(OURS, 10**12 - 1), ledger.write(Ledger(), 10**12)]
    assert ledger.newest(slots, "there").ledger == OURS


PLAYLIST = manifest.FileEntry(file="week-01.m3u8", bytes=3, sha256="b" * 64)
PACK = Manifest(
    programme="small",
    edition=2026,
    language="nl",
    title="Een klein programma, week 1",
    artist="voicecoach",
    voice="espeak:nl+f2",
    week=1,
    night=False,
    version="1",
    tracks=(),
    playlists=(PlaylistEntry(file="week-01.m3u8", title="Week 1", tracks=()),),
    files=(PLAYLIST,),
)


def test_the_pack_that_is_spoilt_below_is_right(tmp_path: Path) -> None:
    (tmp_path / manifest.FILE).write_bytes(manifest.write(PACK))
    assert manifest.read(tmp_path) == PACK


@for_each(
    "key, value",
    lambda: [
        *((key, value) for key in ("edition", "week", "bytes", "title") for value in NO_VALUES),
        *(("edition", value) for value in ("0", "-1", "9001", "2026.0", '"2026"', "true")),
        *(("week", value) for value in ("0", "-1", "10000", "1.5", "null")),
        *(("bytes", value) for value in ("-1", "1.5", "null", "true", '"3"')),
    ],
)
def test_a_pack_with_an_absurd_value_is_told_in_a_line_and_left_out(
    tmp_path: Path, key: str, value: str
) -> None:
    folder = tmp_path / "slug" / "week-01"
    folder.mkdir(parents=True, exist_ok=True)
    lines = manifest.write(PACK).decode().splitlines()
    at = next(n for n, x in enumerate(lines) if x.lstrip().startswith(f'"{key}"'))
    lines[at] = f'"{key}": {value},'
    (folder / manifest.FILE).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        manifest.read(folder)
    assert str(caught.value).startswith(f"{folder / manifest.FILE}: not a manifest of ")
    notes: list[str] = []
    assert manifest.find_packs(tmp_path, notes.append) == ()
    (note,) = notes
    assert "\n" not in note
    assert len(note) < 700
    assert manifest.files_written(folder) == {}


# On the command line


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("build --jobs 999999999", "'--jobs': 999999999 is not in the range"),
        ("build --jobs 0", "'--jobs': 0 is not in the range"),
        ("batch roster.csv --jobs 257", "'--jobs': 257 is not in the range"),
        ("build --week 1-999999", "'1-999999' is no week"),
        ("build --week 1-9999", "the programme runs from week 1 to week 52"),
        ("build --week 0", "'0' is no week"),
        ("plan --week 9999", "the programme runs from week 1 to week 52"),
        ("build --week 6-1", "'6-1' is no week"),
        ("script quick --day 99999999", "session 'quick' is not done on day 99999999"),
        ("script quick --day 0", "'--day': 0 is not in the range"),
        ("serve --port 99999", "'--port': 99999 is not in the range"),
        ("serve --port 0", "'--port': 0 is not in the range"),
        (f"build --jobs {MANY}", "'--jobs'"),
        (f"build --week 1-{MANY}", "'--week'"),
        (f"script quick --day {MANY}", "'--day'"),
        (f"serve --port {MANY}", "'--port'"),
        ("build --jobs 1e3", "'--jobs'"),
        ("serve --port NaN", "'--port'"),
    ],
    ids=lambda text: text[:40],
)
def test_an_absurd_number_on_the_command_line_is_an_error_of_its_own(
    here: Run, tmp_path: Path, command: str, told: str
) -> None:
    result = here(*command.split())
    assert result.returncode != 0
    assert told in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
