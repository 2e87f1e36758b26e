"""Views of packs: whole, never of two builds, and open no longer than somebody reads."""

import gc
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import stand_in
from stand_in import SLUG, files_of, steps, write

from voicecoach.errors import StorageError
from voicecoach.files import write_whole
from voicecoach.pack import manifest
from voicecoach.pack.manifest import find_packs
from voicecoach.phone.web import library
from voicecoach.phone.web.held import CAN_HOLD, ChangedError, Content, Held
from voicecoach.phone.web.library import Library, Pack, View

needs_holding = pytest.mark.skipif(not CAN_HOLD, reason="open files cannot be replaced here")
Take = Callable[[Path], Pack]

OPEN_FILES = Path("/proc/self/fd")
needs_proc = pytest.mark.skipif(not OPEN_FILES.exists(), reason="counts open files in /proc")


def pack_in(out: Path, *, hold: bool = CAN_HOLD) -> Pack:
    """The only pack in ``out``, looked at once."""
    pack = Pack(find_packs(out)[0], hold=hold)
    pack.refresh()
    return pack


@pytest.fixture(params=[pytest.param(True, marks=needs_holding), False], ids=["held", "by name"])
def take(request: pytest.FixtureRequest) -> Take:
    """``pack_in``, with both ways to know a file."""
    return partial(pack_in, hold=request.param)


def whole(content: Content) -> bytes:
    return content.read(0, content.size)


def build_of(view: View) -> str:
    """Which build the view is of; fails where it is not wholly of one."""
    for build in ("a", "b", "c"):
        files = files_of(build)
        held = {name: whole(c) for name, c in view.contents.items() if name != manifest.FILE}
        if held == files:
            listed = manifest.parse(whole(view.contents[manifest.FILE]), Path())
            assert listed == view.manifest == stand_in.manifest_of(build)
            return build
    raise AssertionError("a mix of builds")


def test_a_view_holds_what_the_manifest_lists_and_the_manifest(tmp_path: Path, take: Take) -> None:
    folder = write(tmp_path, "a")
    (folder / "diary.txt").write_text("mine")
    pack = take(tmp_path)
    assert len(pack.views) == 1
    assert build_of(pack.views[0]) == "a"


@needs_holding
def test_while_a_build_goes_on_the_old_view_stays_whole_and_then_the_new_one_is_there(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a")
    pack = pack_in(tmp_path)
    seen = []
    for _ in steps(tmp_path, "b"):
        pack.refresh()
        seen.append(build_of(pack.views[0]))
    assert seen == ["a"] * (len(seen) - 1) + ["b"]
    assert len(seen) > 8
    assert [build_of(view) for view in pack.views] == ["b", "a"]


@needs_holding
def test_of_old_views_only_the_last_one_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "a")
    pack = pack_in(tmp_path)
    for build in ("b", "c"):
        write(tmp_path, build)
        pack.refresh()
    assert [build_of(view) for view in pack.views] == ["c", "b"]


@needs_holding
def test_what_is_the_same_in_both_builds_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "a")
    pack = pack_in(tmp_path)
    write(tmp_path, "b")
    pack.refresh()
    new, old = pack.views
    assert new.contents["cover.jpg"] is old.contents["cover.jpg"]
    assert new.contents["w03-00-welkom.mp3"] is not old.contents["w03-00-welkom.mp3"]


def test_a_pack_met_in_the_middle_of_a_build_has_no_view_until_it_is_whole(
    tmp_path: Path, take: Take
) -> None:
    write(tmp_path, "a")
    at_work = steps(tmp_path, "b")
    next(at_work)
    pack = take(tmp_path)
    assert pack.views == ()
    assert not pack.is_gone
    for _ in at_work:
        pack.refresh()
    assert [build_of(view) for view in pack.views] == ["b"]


@needs_holding
def test_a_file_that_does_not_belong_is_hashed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a")
    stand_in_file = tmp_path / SLUG / "week-03" / "w03-00-welkom.mp3"
    write_whole(stand_in_file, stand_in.sound("x", "other"))
    opened: list[str] = []

    def counting(path: Path, *, hold: bool) -> Held:
        opened.append(path.name)
        return real(path, hold=hold)

    real = library.open_held
    monkeypatch.setattr(library, "open_held", counting)
    pack = pack_in(tmp_path)
    for _ in range(3):
        pack.refresh()
    assert pack.views == ()
    assert opened.count("w03-00-welkom.mp3") == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"x" * path.stat().st_size),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), path.symlink_to("w03-01-ademen.mp3")),
        lambda path: (path.rename(path.with_suffix(".x")), path.symlink_to(path.with_suffix(".x"))),
        lambda path: (path.unlink(), os.mkfifo(path)),
    ],
    ids=["gone", "empty", "other bytes", "folder", "link", "link to the same bytes", "pipe"],
)
def test_a_file_that_is_not_what_is_listed_makes_no_view(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    folder = write(tmp_path, "a")
    harm(folder / "w03-00-welkom.mp3")
    assert pack_in(tmp_path).views == ()


def test_a_manifest_that_is_a_link_makes_no_view(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    pack = Pack(find_packs(tmp_path)[0])
    (folder / "pack.json").rename(tmp_path / "elsewhere.json")
    (folder / "pack.json").symlink_to(tmp_path / "elsewhere.json")
    pack.refresh()
    assert pack.views == ()


def test_a_manifest_of_nonsense_leaves_the_view_as_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    pack = pack_in(tmp_path)
    write_whole(folder / manifest.FILE, b"{")
    pack.refresh()
    assert build_of(pack.views[0]) == "a"
    assert not pack.is_gone


def test_a_pack_that_is_taken_away_is_gone_and_may_come_back(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    pack = pack_in(tmp_path)
    (folder / manifest.FILE).unlink()
    pack.refresh()
    assert (pack.is_gone, pack.views) == (True, ())
    write(tmp_path, "b")
    pack.refresh()
    assert not pack.is_gone
    assert build_of(pack.views[0]) == "b"


def test_a_file_that_somebody_writes_into_is_not_read_on(tmp_path: Path, take: Take) -> None:
    folder = write(tmp_path, "a")
    pack = take(tmp_path)
    content = pack.views[0].contents["w03-00-welkom.mp3"]
    assert len(content.read(0, 100)) == 100
    with (folder / "w03-00-welkom.mp3").open("r+b") as file:
        file.write(b"!")
    os.utime(folder / "w03-00-welkom.mp3", (1, 1))
    with pytest.raises(ChangedError, match=r"w03-00-welkom\.mp3: was changed"):
        content.read(100, 100)
    pack.forget()
    pack.refresh()
    assert pack.views == ()


def test_without_holding_a_replaced_file_is_not_read_on(tmp_path: Path) -> None:
    write(tmp_path, "a")
    pack = pack_in(tmp_path, hold=False)
    content = pack.views[0].contents["w03-00-welkom.mp3"]
    write(tmp_path, "b")
    with pytest.raises(ChangedError):
        content.read(0, 100)
    pack.refresh()
    assert build_of(pack.views[0]) == "b"


@needs_proc
@needs_holding
def test_files_are_closed_when_no_view_and_no_reader_has_them(tmp_path: Path) -> None:
    def count() -> int:
        gc.collect()
        return len(list(OPEN_FILES.iterdir()))

    write(tmp_path, "a")
    before = count()
    pack = pack_in(tmp_path)
    held = count() - before
    assert held == 5  # three tracks, the cover and pack.json; what is small is in memory
    reader = pack.views[0].contents["w03-00-welkom.mp3"]
    for build in ("b", "c", "a", "b", "c", "b"):
        write(tmp_path, build)
        pack.refresh()
    assert count() - before <= 2 * held + 1
    assert whole(reader) == files_of("a")["w03-00-welkom.mp3"]
    del reader
    pack.forget()
    assert count() == before


@needs_holding
def test_many_threads_read_one_file_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a")
    content = pack_in(tmp_path).views[0].contents["w03-00-welkom.mp3"]
    expected = files_of("a")["w03-00-welkom.mp3"]
    wrong: list[int] = []

    def read(offset: int) -> None:
        places = range(offset, len(expected), 1000)
        wrong.extend(at for at in places if content.read(at, 500) != expected[at : at + 500])

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- the folder of packs ------------------------------------------------------------------------


def test_packs_that_come_and_go_are_found(tmp_path: Path) -> None:
    write(tmp_path, "a", week=3)
    shelves = Library(tmp_path, print)
    shelves.scan()
    assert list(shelves.packs) == [(SLUG, "week-03")]
    same = shelves.packs[SLUG, "week-03"]
    write(tmp_path, "a", week=2)
    write(tmp_path, "a", week=3, slug="another", language="en")
    shelves.scan()
    assert list(shelves.packs) == [("another", "week-03"), (SLUG, "week-02"), (SLUG, "week-03")]
    assert shelves.packs[SLUG, "week-03"] is same
    (tmp_path / SLUG / "week-02" / manifest.FILE).unlink()
    shelves.scan()
    assert (SLUG, "week-02") not in shelves.packs


def test_a_pack_that_cannot_be_read_is_told_of_once(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    write(tmp_path, "a", week=4)
    (folder / manifest.FILE).write_bytes(b"{")
    told: list[str] = []
    shelves = Library(tmp_path, told.append)
    for _ in range(3):
        shelves.scan()
    assert list(shelves.packs) == [(SLUG, "week-04")]
    assert len(told) == 1 and "pack.json" in told[0]


def test_a_pack_that_was_served_is_kept_while_its_manifest_cannot_be_read(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    shelves = Library(tmp_path, lambda remark: None)
    shelves.scan()
    (folder / manifest.FILE).write_bytes(b"{")
    shelves.scan()
    assert list(shelves.packs) == [(SLUG, "week-03")]


def test_a_folder_that_is_a_link_is_no_pack(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write(elsewhere, "a")
    out = tmp_path / "out"
    out.mkdir()
    (out / SLUG).symlink_to(elsewhere / SLUG)
    shelves = Library(out, print)
    shelves.scan()
    assert shelves.packs == {}


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StorageError, match="out: cannot be read"):
        Library(tmp_path / "out", print).scan()
