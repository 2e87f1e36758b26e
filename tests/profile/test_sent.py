"""Answers of phones in the file of check-ins: each once, in their order, whenever they arrive."""

from datetime import date, datetime, timedelta
from pathlib import Path

from voicecoach.content.clinical_state import CheckIn
from voicecoach.profile import check_ins
from voicecoach.profile.profile import Profile
from voicecoach.profile.sent import Sent

BORN, TODAY = date(2026, 11, 1), date(2026, 11, 27)
DAY = (TODAY - BORN).days
NOW = datetime(2026, 11, 27, 21, 30)
WELL = CheckIn(day=DAY, done=True, pain=False, heaviness=False)
PAIN = CheckIn(day=DAY, done=True, pain=True, heaviness=False)
CALL = CheckIn(day=DAY, red_flag=True)


def by(key: str, number: int, at: datetime = NOW) -> Sent:
    return Sent(key=key * 32, number=number, at=at)


def put(folder: Path, told: CheckIn, sent: Sent) -> bool:
    return check_ins.append_sent(folder, TODAY, told, "nl", sent)


def counted(folder: Path) -> CheckIn:
    """What counts of the day in the end."""
    notes: list[str] = []
    found = check_ins.read(folder, BORN, TODAY, notes.append)
    assert notes == []
    [day] = Profile(birth_date=BORN, started=BORN).situation(found).check_ins
    return day


def lines(folder: Path) -> list[str]:
    text = (folder / check_ins.FILE).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("# ")]


def test_an_answer_that_is_sent_again_is_written_once(tmp_path: Path) -> None:
    assert put(tmp_path, WELL, by("a", 1))
    assert not put(tmp_path, WELL, by("a", 1))
    assert lines(tmp_path) == [
        f"2026-11-27 done=yes pain=no heaviness=no # phone 1 2026-11-27T21:30:00 {'a' * 32}"
    ]
    assert counted(tmp_path) == WELL


def test_a_correction_counts_and_a_late_older_answer_does_not(tmp_path: Path) -> None:
    put(tmp_path, PAIN, by("b", 2))
    put(tmp_path, WELL, by("a", 1))
    assert counted(tmp_path).pain is True
    put(tmp_path, WELL, by("c", 3))
    assert counted(tmp_path).pain is False
    put(tmp_path, PAIN, by("d", 2))
    assert counted(tmp_path).pain is False


def test_a_delayed_red_flag_always_counts(tmp_path: Path) -> None:
    put(tmp_path, WELL, by("b", 5))
    put(tmp_path, CALL, by("a", 1))
    assert counted(tmp_path).red_flag is True
    assert counted(tmp_path).pain is False


def test_of_two_phones_that_did_not_know_of_each_other_what_is_not_well_counts(
    tmp_path: Path,
) -> None:
    for n, (first, second) in enumerate([(WELL, PAIN), (PAIN, WELL)]):
        folder = tmp_path / str(n)
        folder.mkdir()
        put(folder, first, by("a", 1))
        put(folder, second, by("b", 1))
        assert counted(folder).pain is True
        assert len(lines(folder)) == 2


def test_what_one_phone_corrected_hides_no_pain_that_another_told_of(tmp_path: Path) -> None:
    put(tmp_path, WELL, by("a", 1))
    put(tmp_path, CheckIn(day=DAY, done=False), by("b", 2))
    put(tmp_path, PAIN, by("c", 1))
    assert counted(tmp_path) == CheckIn(day=DAY, done=False, pain=True, heaviness=False)


def test_an_answer_of_the_terminal_is_newer_than_what_was_there(tmp_path: Path) -> None:
    put(tmp_path, WELL, by("a", 1))
    check_ins.append(tmp_path, TODAY, PAIN, "nl")
    put(tmp_path, WELL, by("b", 1))
    assert counted(tmp_path).pain is True
    assert check_ins.last_number(tmp_path, BORN, TODAY, TODAY) == 2
    put(tmp_path, WELL, by("c", 3))
    assert counted(tmp_path).pain is False


def test_what_is_taken_back_no_longer_counts_and_both_lines_stay(tmp_path: Path) -> None:
    put(tmp_path, WELL, by("a", 1))
    put(tmp_path, CALL, by("b", 2))
    assert counted(tmp_path).red_flag is True
    assert check_ins.take_back(tmp_path, "b" * 32, "nl", by("c", 3))
    assert not check_ins.take_back(tmp_path, "b" * 32, "nl", by("c", 3))
    assert counted(tmp_path) == WELL
    assert [line.split()[0] for line in lines(tmp_path)] == ["2026-11-27", "2026-11-27", "#-"]


def test_it_can_be_taken_back_for_ten_minutes() -> None:
    sent = by("a", 1)
    assert sent.can_be_taken_back(NOW + timedelta(minutes=9, seconds=59))
    assert not sent.can_be_taken_back(NOW + timedelta(minutes=10))
    assert not sent.can_be_taken_back(NOW - timedelta(seconds=1))


def test_a_line_that_was_cut_short_is_sent_again(tmp_path: Path) -> None:
    put(tmp_path, WELL, by("a", 1))
    path = tmp_path / check_ins.FILE
    path.write_text(path.read_text("utf-8")[:-10], "utf-8")
    assert put(tmp_path, WELL, by("a", 1))
    assert not put(tmp_path, WELL, by("a", 1))
