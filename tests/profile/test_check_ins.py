"""voicecoach-checkins.txt: a line a check-in, hers alone, only added to; no line is ever lost."""

import os
import signal
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from full_disk import told_within
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.content.clinical_state import CheckIn
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.errors import StorageError
from voicecoach.profile import check_in_line
from voicecoach.profile import check_ins as profile_check_ins
from voicecoach.profile.merging import one_a_day

BIRTH = date(2026, 11, 1)
TODAY = date(2026, 12, 1)
GOOD = CheckIn(day=19, done=True, pain=False, felt=True)

posix_only = pytest.mark.skipif(os.name != "posix", reason="files on Windows have no such mode")

check_ins = st.builds(
    CheckIn,
    day=st.integers(0, 30),
    done=st.booleans(),
    pain=st.none() | st.booleans(),
    heaviness=st.none() | st.booleans(),
    leaks=st.none() | st.booleans(),
    felt=st.none() | st.booleans(),
    let_go=st.none() | st.booleans(),
    red_flag=st.booleans(),
)


def put(folder: Path, text: str) -> Path:
    path = folder / profile_check_ins.FILE
    path.write_bytes(text.encode())
    path.chmod(0o600)
    return path


def read(folder: Path, notes: list[str] | None = None) -> tuple[CheckIn, ...]:
    def tell(note: str) -> None:
        assert notes is not None, f"nothing should be told, but: {note}"
        notes.append(note)

    return profile_check_ins.read(folder, BIRTH, TODAY, tell)


def append(folder: Path, check_in: CheckIn = GOOD, language: str = "nl") -> None:
    profile_check_ins.append(folder, BIRTH + timedelta(days=check_in.day), check_in, language)


def faults(folder: Path) -> list[str]:
    """What is told of the lines, but for the last sentence, which says how to mend them."""
    notes: list[str] = []
    read(folder, notes)
    (note,) = notes
    *told, way_out = note.splitlines()
    assert "the plan has breathing alone until you correct what cannot be read" in way_out
    return told


# A line


def test_a_line_is_one_that_a_person_can_write() -> None:
    line = check_in_line.write(date(2026, 11, 20), GOOD)
    assert line == "2026-11-20 done=yes pain=no felt=yes\n"


@given(check_ins)
def test_a_line_is_read_as_it_was_written(check_in: CheckIn) -> None:
    line = check_in_line.write(BIRTH + timedelta(days=check_in.day), check_in)
    assert check_in_line.read(line, BIRTH, TODAY) == check_in


@pytest.mark.parametrize(
    "line",
    ["2026-11-20 done=yes", "  2026-11-20\tdone=ja   # zware nacht", "2026-11-20 done=yes\r"],
)
def test_what_she_writes_by_hand_is_read(line: str) -> None:
    assert check_in_line.read(line, BIRTH, TODAY) == CheckIn(day=19, done=True)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_line_it_is_read_or_refused(line: str) -> None:
    told = check_in_line.read(line, BIRTH, TODAY)
    assert told is None or isinstance(told, CheckIn) or told


# The file


def test_where_there_is_no_file_nothing_was_told(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


@given(told=st.lists(check_ins, min_size=1, max_size=6))
def test_what_is_added_is_read_in_order(
    told: list[CheckIn], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("her")
    for check_in in told:
        append(folder, check_in)
    assert read(folder) == tuple(told)


@pytest.mark.parametrize(("language", "word"), [("nl", "Dit bestand"), ("en", "This file")])
def test_a_new_file_says_what_it_is_in_her_language(
    tmp_path: Path, language: str, word: str
) -> None:
    append(tmp_path, language=language)
    append(tmp_path, language=language)
    text = (tmp_path / profile_check_ins.FILE).read_text("utf-8")
    assert text.count(word) == 1
    for name in check_in_line.FIELDS:
        assert f"{name}: " in text.replace("heaviness=no", "heaviness: ").replace(
            "pain=no", "pain: "
        )


def test_what_is_there_is_never_rewritten(tmp_path: Path) -> None:
    path = put(tmp_path, "# van mij\r\n\n2026-11-20 done=ja  # fijn\n")
    before = path.read_bytes()
    inode = path.stat().st_ino
    append(tmp_path)
    assert path.read_bytes() == before + b"2026-11-20 done=yes pain=no felt=yes\n"
    assert path.stat().st_ino == inode


# For her eyes alone


@posix_only
def test_only_she_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        append(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / profile_check_ins.FILE).stat().st_mode) == 0o600


@posix_only
def test_a_file_that_others_can_read_is_refused_and_not_added_to(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-11-20 done=yes\n")
    path.chmod(0o644)
    for use in (read, append):
        with pytest.raises(StorageError, match=f"chmod 600 {path}"):
            use(tmp_path)
    assert path.read_text() == "2026-11-20 done=yes\n"


# Bad lines


def test_every_bad_line_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        """\
# mijn check-ins
2026-11-20 done=yes
2026-02-30 done=yes
2026-12-03 done=yes
2026-10-31 done=yes
2026-11-21 done=perhaps  pian=yes
2026-11-22
gisteren ging het goed
2026-11-23 done=yes done=no
""",
    )
    expected = [
        (3, 1, "there is no day 30 in February 2026"),
        (4, 1, "2026-12-03 lies in the future (today is 2026-12-01)"),
        (5, 1, "2026-10-31 lies before the birth (2026-11-01)"),
        (6, 12, "no answer is known as 'done=perhaps'"),
        (6, 26, "no answer is known as 'pian=yes'"),
        (7, 1, "the day has no answer"),
        (8, 1, "a day is expected as 2026-11-01"),
        (8, 10, "no answer is known as 'ging'"),
        (8, 15, "no answer is known as 'het'"),
        (8, 19, "no answer is known as 'goed'"),
        (9, 21, "done is answered twice"),
    ]
    told = faults(tmp_path)
    assert len(told) == len(expected)
    for fault, (line, column, message) in zip(told, expected, strict=True):
        assert fault.startswith(f"{path}:{line}:{column}: {message}")


def test_a_last_line_without_an_end_counts_and_is_told(tmp_path: Path) -> None:
    put(tmp_path, "2026-11-20 done=yes\n2026-11-21 pain=yes")
    notes: list[str] = []
    assert [each.day for each in read(tmp_path, notes)] == [19, 20]
    (note,) = notes
    assert f"{profile_check_ins.FILE}:2: the last line has no end" in note


@pytest.mark.parametrize("torn", ["2026-11-21 pai", "2026-1", "2026-11-21 pain=", "2026-11-21"])
def test_a_last_line_that_is_cut_short_is_told_and_says_so(tmp_path: Path, torn: str) -> None:
    put(tmp_path, f"2026-11-20 done=yes\n{torn}")
    (fault,) = faults(tmp_path)
    assert f"{profile_check_ins.FILE}:2:" in fault
    assert "it may be cut short: correct it" in fault


def test_after_a_torn_line_the_next_stands_on_its_own(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-11-20 done=yes\n2026-11-21 pai")
    append(tmp_path)
    assert path.read_text() == (
        "2026-11-20 done=yes\n2026-11-21 pai\n2026-11-20 done=yes pain=no felt=yes\n"
    )
    (fault,) = faults(tmp_path)
    assert ":2:12: no answer is known as 'pai'" in fault
    assert [each.is_unread for each in read(tmp_path, [])] == [False, True, False]


def test_what_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-11-20 done=yes\n")
    path.write_bytes(path.read_bytes() + b"2026-11-21 \xff\xfe\n")
    assert "checkins.txt:2:1: this is not UTF-8" in faults(tmp_path)[0]


def test_a_line_that_cannot_be_kept_is_told_to_her(tmp_path: Path) -> None:
    (tmp_path / profile_check_ins.FILE).mkdir(mode=0o700)
    with pytest.raises(StorageError, match="write this line into it yourself: 2026-11-20 done=yes"):
        append(tmp_path)


@posix_only
def test_where_the_disk_is_full_she_is_told_and_no_line_is_lost(tmp_path: Path) -> None:
    path = put(tmp_path, "2026-11-20 done=yes\n")
    room = path.stat().st_size + len("2026-11-27 pa")
    [told] = told_within(tmp_path, room)
    assert "write this line into it yourself: 2026-11-27 pain=yes" in told
    append(tmp_path)
    assert path.read_text().splitlines() == [
        "2026-11-20 done=yes",
        "2026-11-20 done=yes pain=no felt=yes",
    ]


# Several at once, and killed

WRITER = """
import sys
from datetime import date, timedelta
from pathlib import Path
from voicecoach.profile import check_ins
from voicecoach.content.clinical_state import CheckIn
first, count = int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for n in range(first, first + count):
    on = date(2000, 1, 1) + timedelta(days=n)
    check_ins.append(Path(sys.argv[1]), on, CheckIn(day=n, done=True, felt=False), "en")
    print(on, flush=True)
"""


def writer(folder: Path, first: int, count: int, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def lines_of(folder: Path) -> list[str]:
    text = (folder / profile_check_ins.FILE).read_text("utf-8")
    assert text.endswith("\n")
    return [line for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("caches", [("one", "one"), ("one", "another")])
def test_two_processes_that_add_lines_at_once_lose_none(
    tmp_path: Path, caches: tuple[str, str]
) -> None:
    folder = tmp_path / "her"
    folder.mkdir()
    both = [
        writer(folder, n * 5000, 100, **{CACHE_VARIABLE: str(tmp_path / cache)})
        for n, cache in enumerate(caches)
    ]
    said = [line for each in both for line in each.communicate()[0].split() if line != "ready"]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(lines_of(folder)) == sorted(f"{day} done=yes felt=no" for day in said)
    assert len(said) == 200


@posix_only
@pytest.mark.slow
def test_a_process_that_is_killed_while_it_adds_lines_loses_none(tmp_path: Path) -> None:
    said: list[str] = []
    for turn in range(12):
        killed = writer(tmp_path, turn * 1000, 1000)
        assert killed.stdout is not None
        before = [killed.stdout.readline() for _ in range(9 + turn)]
        killed.send_signal(signal.SIGKILL)
        said += [line.rstrip("\n") for line in before if len(line) == 11]
        said += [line for line in killed.communicate()[0].splitlines() if len(line) == 10]
    append(tmp_path)
    kept = lines_of(tmp_path)
    assert len(said) > 100
    assert set(kept) >= {f"{day} done=yes felt=no" for day in said}
    assert all(check_in_line.read(line, date(2000, 1, 1), TODAY) for line in kept)
    assert len(kept) <= len(said) + 12 + 1


def test_bad_answers_that_can_be_read_in_a_broken_line_count_until_they_are_answered(
    tmp_path: Path,
) -> None:
    again = "\n2026-11-20 done=yes call=no\n"
    for line, bad in {
        "2026-11-20 pain=yes heaviness=maybe": {"pain": True, "heaviness": True},
        "2026-11-20 pain=no pain=yes": {"pain": True},
        "2026-11-20 heaviness=no pain=n ?": {},
        "2026-11-20 felt=n ?": {"felt": False},
        "2026-11-20 done=yes call=y": {},
    }.items():
        put(tmp_path, line + again)
        heard = one_a_day(read(tmp_path, []))
        assert heard == (CheckIn(day=19, red_flag=False, **{"done": True, **bad}),), line
        put(tmp_path, line + again + "2026-11-20 pain=no heaviness=no felt=yes\n")
        [heard_later] = one_a_day(read(tmp_path, []))
        assert (heard_later.pain, heard_later.heaviness, heard_later.felt) == (False, False, True)
