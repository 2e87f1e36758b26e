"""What is noted at a destination as ours, and how it is read back."""

import json

import pytest

from voicecoach.errors import SyncError
from voicecoach.phone.sync import ledger
from voicecoach.phone.sync.ledger import Entry, Ledger, Origin, Standing

OURS = Ledger(
    files=(Entry(path="slug/week-01/a.mp3", bytes=7, sha256="a" * 64),),
    pending=(Entry(path="slug/week-02/b.mp3", bytes=8, sha256="b" * 64),),
    direct=True,
    origins=(Origin(pack="slug/week-01", output="0123"),),
)


def test_a_ledger_is_read_as_it_was_written() -> None:
    standing = ledger.newest([ledger.write(OURS, 4), None], "there")
    assert standing == Standing(ledger=OURS, slot=0, serial=4)


def test_where_there_is_none_nothing_is_ours() -> None:
    assert ledger.newest([None, None], "there") == Standing()


def test_the_newest_counts() -> None:
    slots = [ledger.write(Ledger(), 4), ledger.write(OURS, 5)]
    assert ledger.newest(slots, "there") == Standing(ledger=OURS, slot=1, serial=5)


def test_while_one_is_torn_anywhere_the_other_counts() -> None:
    whole, new = ledger.write(OURS, 4), ledger.write(Ledger(), 5)
    for length in range(len(new) - 2):  # the last two bytes end the object and the line
        assert ledger.newest([whole, new[:length]], "there").ledger == OURS


@pytest.mark.parametrize(
    "path",
    ["../../photo.jpg", "slug/../photo.jpg", "/slug/week-01/a.mp3", "slug/week-01", "a/b/c/d", ""],
)
def test_a_ledger_that_leads_elsewhere_is_not_ours(path: str) -> None:
    content = json.loads(ledger.write(OURS, 4))
    content["files"][0]["path"] = path
    assert ledger.newest([json.dumps(content).encode()], "there") == Standing()


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_ledger_is_passed_over(data: bytes) -> None:
    assert ledger.newest([data, ledger.write(OURS, 4)], "there").ledger == OURS


def test_a_ledger_of_a_later_version_is_left_alone() -> None:
    content = {**json.loads(ledger.write(OURS, 4)), "format": 2}
    with pytest.raises(SyncError, match="later version"):
        ledger.newest([json.dumps(content).encode()], "there")
