"""Files of hers that were torn: a write takes back what it could not finish, and a line that cannot
be read never lets the plan do more than whatever it may have said."""

import errno
import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Run
from full_disk import told_within
from hypothesis import given, settings
from hypothesis import strategies as st
from terminal_talk import talk

from voicecoach import environment
from voicecoach.cli import context
from voicecoach.content.clinical_state import CheckIn, Situation
from voicecoach.content.programme import Programme
from voicecoach.errors import ContentError, StorageError
from voicecoach.planning.course import Course
from voicecoach.planning.gates import Reason
from voicecoach.planning.planner import Planner
from voicecoach.profile import check_in_line, client
from voicecoach.profile import check_ins as profile_check_ins
from voicecoach.profile.check_ins import FILE
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile

BORN = date(2026, 11, 1)
TODAY = date(2026, 11, 27)
PROFILE = f"format: 1\nbirth_date: {BORN}\nlanguage: nl\nstarted: {BORN + timedelta(days=1)}\n"
GOOD = CheckIn(day=26, done=True, pain=False)

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs limits and signals of POSIX")


def put(folder: Path, data: bytes | str, name: str = FILE) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    path.chmod(0o600)
    return path


def found(folder: Path, profile: str = PROFILE) -> tuple[Hers, str]:
    put(folder, profile, client.FILE)
    notes: list[str] = []
    hers = client.find(folder, notes.append, TODAY)
    assert hers is not None
    return hers, "\n".join(notes)


def effort(programme: Programme, hers: Hers) -> list[tuple[int, int]]:
    """Contractions, and milliseconds of holding, of days from today on."""
    assert programme is context.open_programme(None)
    return effort_of(hers.situation, hers.day)


@functools.lru_cache(maxsize=200)
def effort_of(situation: Situation, today: int) -> list[tuple[int, int]]:
    """As :func:`effort`; torn in several ways, her files often tell the same."""
    planner = Planner(context.open_programme(None), situation, None)
    days = (today + n for n in (0, 1, 2, 3, 7, 14, 30, 100))
    listened = [planner.day(day).listening for day in days]
    doses = [[dose for session in day for dose in session.all_contractions] for day in listened]
    return [
        (sum(d.reps * d.sets for d in day), sum(d.reps * d.sets * d.hold_ms for d in day))
        for day in doses
    ]


# What cannot be read never lets the plan do more


well = st.sampled_from([None, True, True, False])
badly = st.sampled_from([None, False, False, True])
check_ins = st.builds(
    CheckIn,
    day=st.integers(0, 26),
    done=st.just(True) | st.booleans(),
    pain=badly,
    heaviness=badly,
    leaks=badly,
    felt=well,
    let_go=well,
    red_flag=st.sampled_from([None] * 8 + [False, True]),
)
ENDS = ("call=yes", "pain=yes", "heaviness=yes", "let-go=no", "felt=no", "done=no", "pain=no")


def text_of(check_in: CheckIn) -> str:
    return check_in_line.write(BORN + timedelta(days=check_in.day), check_in).rstrip("\n")


def wholes(start: str) -> list[str]:
    """Lines that can be read and begin as ``start``."""
    days = (str(BORN + timedelta(days=n)) for n in range(27))
    first, *words = start.split(" ")
    given = [" ".join(words[:n]) for n in (len(words), len(words) - 1) if n >= 0]
    lines = {
        " ".join(filter(None, [day, told, *ends]))
        for day in days
        if day.startswith(first)
        for told in given
        for ends in [(end,) for end in ENDS] + [("done=yes", end, "let-go=no") for end in ENDS]
    }
    read = {each: check_in_line.read(each, BORN, TODAY) for each in lines}
    return sorted(
        each for each in lines if each.startswith(start) and isinstance(read[each], CheckIn)
    )


tears: dict[str, Callable[[bytes, bytes], bytes]] = {
    "the file ends there": lambda start, rest: start,
    "an older version went on behind it": lambda start, rest: start + b"2026-11-27 done=yes\n",
    "an older version went on below it": lambda start, rest: start + b"?\n2026-11-27 done=yes\n",
    "the power failed": lambda start, rest: start + b"\0" + b"\0" * len(rest) + b"\n",
    "half a letter": lambda start, rest: start + b"\xc3\n2026-11-27 done=yes pain=no\n",
    "bytes that are no text": lambda start, rest: start + b"\xff\xfe" + rest[2:] + b"\n",
}


@settings(max_examples=80)
@given(
    told=st.lists(check_ins, min_size=1, max_size=4),
    index=st.integers(0, 3),
    cleared=st.none() | st.integers(0, 26),
    data=st.data(),
)
def test_what_cannot_be_read_never_lets_the_plan_do_more(
    told: list[CheckIn],
    index: int,
    cleared: int | None,
    data: st.DataObject,
    programme: Programme,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("her")
    lines = [text_of(each) for each in told]
    torn = lines[index % len(lines)]
    before = "".join(f"{line}\n" for line in lines if line != torn)
    profile = PROFILE
    if cleared is not None:
        profile += f"cleared_on: {BORN + timedelta(days=cleared)}\n"
    words = [n for n in range(10, len(torn) + 1) if f"{torn} "[n] == " "]
    cut = data.draw(st.sampled_from(words) | st.integers(1, len(torn)))
    start, rest = torn[:cut], torn[cut:]
    sampled = data.draw(st.lists(st.sampled_from([torn, *wholes(start)]), max_size=4))
    for name, tear in tears.items():
        torn_data = tear(start.encode(), rest.encode())
        put(folder, before.encode() + torn_data)
        planned = effort(programme, found(folder, profile)[0])
        rest_of_file = torn_data.partition(b"\n")[2].decode(errors="replace")
        for whole in {torn, *sampled} if any(map(any, planned)) else ():
            put(folder, f"{before}{whole}\n{rest_of_file}")
            allowed = effort(programme, found(folder, profile)[0])
            for now, most in zip(planned, allowed, strict=True):
                assert now[0] <= most[0], (name, whole)
                assert now[1] <= most[1], (name, whole)


def test_each_cut_of_a_line_stops_contractions_from_its_day_on(
    tmp_path: Path, programme: Programme
) -> None:
    line = "2026-11-20 done=yes pain=no heaviness=no felt=yes let-go=yes call=no"
    for cut in range(1, len(line) + 1):
        put(tmp_path, f"2026-11-19 done=yes\n{line[:cut]}")
        hers, notes = found(tmp_path)
        assert effort(programme, hers) == [(0, 0)] * 8, line[:cut]
        assert Course(programme, hers.situation).on(hers.day).reason is Reason.UNREAD
        assert f"{FILE}:2:" in notes
        assert (
            "the plan has breathing alone until you correct what cannot be read (line 2)" in notes
        )


@pytest.mark.parametrize(
    "data",
    [
        b"2026-12026-11-26 done=yes\n",
        b"2026-11-20 done=yes pain=no call=\n2026-11-26 done=yes\n",
        b"2026-11-26 done=yes\n" + b"\0" * 4096,
        b"\0" * 512 + b"\n2026-11-26 done=yes\n",
        b"2026-11-26 done=yes\r\n2026-11-27 pain=no\r\n2026-1",
        b"# caf\xc3\n2026-11-26 done=yes\n2026-11-27 do\xc3",
        b"2026-11-26 done=yes\n\xef\xbb\xbf2026-11-27 done=yes\n",
        b"# Je check-ins, een op elke re",
        "2026-11-26 done=yes\n".encode("utf-16"),
        b"2026-11-26 done=yes \xe2\x80\n",
    ],
)
def test_no_torn_file_refuses_a_command(
    here: Run, tmp_path: Path, programme: Programme, data: bytes
) -> None:
    put(tmp_path, data)
    assert effort(programme, found(tmp_path)[0]) == [(0, 0)] * 8
    begin(here)
    for arguments in (("plan",), ("init", "--name", "Mia"), ("checkin", "--done", "--no-pain")):
        result = here(*arguments)
        assert result.returncode == 0, result.stderr
        assert FILE in result.stderr
    assert (tmp_path / FILE).read_bytes().startswith(data)


def test_line_ends_of_any_system_are_no_tear(tmp_path: Path, programme: Programme) -> None:
    for end in ("\n", "\r\n", "\r"):
        put(tmp_path, f"# van mij{end}2026-11-25 done=yes{end}{end}2026-11-26 done=yes{end}")
        hers, notes = found(tmp_path)
        assert ([each.day for each in hers.check_ins], notes) == ([24, 25], "")
    put(tmp_path, b"# caf\xe9\n2026-11-26 done=yes\n")
    assert found(tmp_path)[1] == "", "a comment may be in any letters"


def test_a_red_flag_stays_the_reason_where_a_line_cannot_be_read_too(
    tmp_path: Path, programme: Programme
) -> None:
    put(tmp_path, "2026-11-20 call=yes\n2026-1\n2026-11-21 done=yes\n")
    hers, _ = found(tmp_path)
    course = Course(programme, hers.situation)
    assert [course.on(day).reason for day in (18, 26)] == [Reason.UNREAD, Reason.STOPPED]


def begin(here: Run) -> None:
    """A profile that begins on the first day, whatever today is."""
    Path(client.FILE).unlink(missing_ok=True)
    born = environment.today() - timedelta(days=26)
    told = ("--birth-date", str(born), "--started", str(born + timedelta(days=1)))
    result = here("init", *told, "--perineum", "intact", "--no-catheter", "--yes")
    assert result.returncode == 0, result.stderr


def test_the_end_of_a_write_on_a_full_disk(tmp_path: Path, programme: Programme) -> None:
    head = "# Je check-ins, een op elke regel.\n# yes: ja. no: nee.\n"
    put(tmp_path, f"{head}2026-1\n2026-11-27 done=yes pain=no\n")
    hers, notes = found(tmp_path)
    assert (
        "checkins.txt:3:1: a day is expected as 2026-11-01 (year-month-day), not '2026-1'" in notes
    )
    assert effort(programme, hers) == [(0, 0)] * 8
    put(tmp_path, f"{head}2026-11-27 done=yes pain=no\n")
    hers, notes = found(tmp_path)
    assert (hers.check_ins, notes) == ((GOOD,), "")


# How it is mended


@pytest.fixture
def torn_day(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A day whose line is cut short, in a folder where she has begun."""
    monkeypatch.chdir(tmp_path)
    begin(here)
    day = str(environment.today() - timedelta(days=3))
    put(tmp_path, f"{day} done=yes pai")
    return day


def tightens(here: Run) -> bool:
    result = here("plan", "--json")
    assert result.returncode == 0
    return '"kind": "contractions"' in result.stdout.partition(f'"{environment.today()}"')[2]


def test_taking_the_line_away_mends_it(here: Run, tmp_path: Path, torn_day: str) -> None:
    assert not tightens(here)
    put(tmp_path, "")
    assert tightens(here)


def test_a_clearance_does_not_say_what_the_line_said(here: Run, torn_day: str) -> None:
    assert here("init", "--cleared-on", str(environment.today())).returncode == 0
    assert not tightens(here)


@pytest.mark.parametrize(
    ("told", "is_mended"),
    [
        (("--done", "--no-pain"), False),
        (("--done", "--no-pain", "--no-call"), True),
        (("--no-call", "--yes"), True),
    ],
)
def test_telling_the_day_again_mends_it_if_it_says_whether_to_call(
    here: Run, torn_day: str, told: tuple[str, ...], *, is_mended: bool
) -> None:
    result = here("checkin", "--date", torn_day, *told)
    assert result.returncode == 0
    assert f"voicecoach checkin --date {torn_day}, met --call of --no-call" in result.stderr
    assert tightens(here) is is_mended
    assert ("Je plan verandert vanaf vandaag" in result.stdout) is is_mended
    assert (FILE in here("plan").stderr) is not is_mended


def test_telling_another_day_mends_nothing(here: Run, torn_day: str) -> None:
    assert here("checkin", "--done", "--no-pain", "--no-call").returncode == 0
    assert not tightens(here)


def test_telling_again_that_there_is_something_to_call_about_stops(
    here: Run, torn_day: str
) -> None:
    assert here("checkin", "--date", torn_day, "--call").returncode == 0
    result = here("plan")
    assert (FILE in result.stderr, "Bel eerst" in result.stdout) == (False, True)


@posix_only
def test_answers_to_questions_mend_it(here: Run, tmp_path: Path, torn_day: str) -> None:
    code, shown = talk(
        tmp_path, "checkin", "--date", torn_day, answers=[*["n"] * 4, "j", "n", "n", "n", "", ""]
    )
    assert code == 0, shown
    assert (tmp_path / FILE).read_text().endswith("leaks=no call=no book=no mood=no\n")
    assert tightens(here)


@posix_only
def test_a_question_that_is_passed_over_is_no_answer(
    here: Run, tmp_path: Path, torn_day: str
) -> None:
    code, shown = talk(
        tmp_path, "checkin", "--date", torn_day, answers=["j", "n", "n", "n", "", "", ""]
    )
    assert code == 0, shown
    assert not tightens(here)


@pytest.mark.parametrize("torn", ["2026-11-26 done=yes", "2026-02-30 done=yes", "# Je check-ins, "])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_added_below_a_cut_line_does_not_make_it_whole(
    tmp_path: Path, programme: Programme, torn: str, language: str
) -> None:
    path = put(tmp_path, torn)
    profile_check_ins.append(tmp_path, TODAY, GOOD, language)
    first, mark, last = path.read_text().splitlines()
    assert (first, mark[:2], last) == (torn, "#?", "2026-11-27 done=yes pain=no")
    hers, notes = found(tmp_path)
    assert effort(programme, hers) == [(0, 0)] * 8
    assert f"{FILE}:1:" in notes
    put(tmp_path, f"{first}\n{last}\n")
    assert effort(programme, found(tmp_path)[0])[0] > (0, 0), "she took the mark away: it is whole"


def test_a_line_with_an_end_gets_no_mark(tmp_path: Path) -> None:
    for text in ("2026-11-26 done=yes\n", "# van mij", "2026-11-26 done=yes\r"):
        path = put(tmp_path, text)
        profile_check_ins.append(tmp_path, TODAY, GOOD, "nl")
        assert "#?" not in path.read_text()


# A write that fails leaves the file as it was


@posix_only
@pytest.mark.parametrize("before", ["2026-11-26 done=yes\n", "2026-11-26 done=yes", "# \0\n"])
def test_where_there_is_no_room_nothing_of_the_line_is_left(tmp_path: Path, before: str) -> None:
    path = put(tmp_path, before)
    inode = path.stat().st_ino
    for told in told_within(tmp_path, *range(len(before), len(before) + 20, 4)):
        assert "write this line into it yourself: 2026-11-27 pain=yes" in told
        assert os.strerror(errno.EFBIG) in told
    assert path.read_text() == before
    assert (path.stat().st_ino, path.stat().st_mode & 0o777) == (inode, 0o600)


@posix_only
@pytest.mark.parametrize("room", [0, 10, 400])
def test_where_there_was_no_file_there_is_none(tmp_path: Path, room: int) -> None:
    [told] = told_within(tmp_path, room)
    assert "write this line into it yourself" in told
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "her").mkdir()
    real = put(tmp_path, "2026-11-26 done=yes\n")
    link = tmp_path / "her" / FILE
    link.symlink_to(real)
    told_within(tmp_path / "her", real.stat().st_size + 4)
    assert (link.is_symlink(), real.read_text()) == (True, "2026-11-26 done=yes\n")
    real.unlink()
    told_within(tmp_path / "her", 4)
    assert (link.is_symlink(), real.exists()) == (True, False)


@pytest.mark.parametrize("fault", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt()])
def test_what_the_disk_did_not_take_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    path = put(tmp_path, "2026-11-26 done=yes\n")
    fsync, faults = os.fsync, [fault]

    def fails_once(handle: int) -> None:
        if faults:
            raise faults.pop()
        fsync(handle)

    monkeypatch.setattr(os, "fsync", fails_once)
    with pytest.raises((StorageError, KeyboardInterrupt)):
        profile_check_ins.append(tmp_path, TODAY, GOOD, "nl")
    assert path.read_text() == "2026-11-26 done=yes\n"


def test_the_line_of_another_process_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "2026-11-26 done=yes\n")

    def fails_late(handle: int) -> None:
        with path.open("a") as other:
            other.write("2026-11-25 call=yes\n")
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "fsync", fails_late)
    with pytest.raises(StorageError):
        profile_check_ins.append(tmp_path, TODAY, GOOD, "nl")
    assert path.read_text().endswith("2026-11-25 call=yes\n")


# The profile


@posix_only
def test_a_profile_that_cannot_be_written_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    assert run("init", "--birth-date", str(environment.today()), "--yes").returncode == 0
    path = tmp_path / client.FILE
    before = path.read_bytes()
    resource = pytest.importorskip("resource")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
    try:
        with pytest.raises(StorageError, match="cannot be written"):
            client.create(tmp_path / "missing", Profile(birth_date=BORN, started=BORN))
        result = run("init", "--name", "Mia")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert (result.returncode, path.read_bytes()) == (1, before)
    assert [each.name for each in tmp_path.iterdir()] == [client.FILE]


def test_no_cut_of_a_profile_is_read_as_less_than_she_told(tmp_path: Path) -> None:
    client.create(
        tmp_path, Profile(birth_date=BORN, started=BORN + timedelta(days=1), has_catheter=True)
    )
    path = tmp_path / client.FILE
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        for data in (whole[:cut], whole[:cut] + b"\0" * (len(whole) - cut)):
            put(tmp_path, data, client.FILE)
            try:
                assert client.read(tmp_path, TODAY).has_catheter
            except ContentError as error:
                assert client.FILE in str(error)


@pytest.mark.parametrize("data", [b"", b"\0" * 300, b"format: 1\nbirth_d", b"name: \xc3"])
def test_a_torn_profile_says_how_to_mend_it(here: Run, tmp_path: Path, data: bytes) -> None:
    put(tmp_path, data, client.FILE)
    for arguments in (("plan",), ("init", "--birth-date", str(environment.today()))):
        result = here(*arguments)
        assert result.returncode == 1
        assert "move it away and begin again with: voicecoach init" in result.stderr
    shutil.move(tmp_path / client.FILE, tmp_path / "old.yaml")
    assert here("init", "--birth-date", str(environment.today()), "--yes").returncode == 0


# Killed

LOOP = """
import sys
from datetime import date
from pathlib import Path
from voicecoach.profile import check_ins
from voicecoach.content.clinical_state import CheckIn
print("ready", flush=True)
while True:
    check_ins.append(Path(sys.argv[1]), date(2026, 11, 27), CheckIn(day=26, pain=True), "nl")
"""


@posix_only
@pytest.mark.usefixtures("signals_as_at_a_terminal")
def test_whoever_is_stopped_while_it_writes_leaves_whole_lines(tmp_path: Path) -> None:
    line = "2026-11-27 pain=yes\n"
    path = put(tmp_path, line)
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        before = path.stat().st_size
        process = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        while path.stat().st_size == before:
            assert process.poll() is None
        process.send_signal(sent)
        process.communicate()
        text = path.read_text()
        assert text == line * text.count("\n")
