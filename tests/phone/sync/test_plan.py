"""What a sync decides to do, whatever it finds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.phone.sync import plan
from voicecoach.phone.sync.destination import Found, Kind
from voicecoach.phone.sync.ledger import Entry, Ledger, pack_of
from voicecoach.phone.sync.plan import Sight
from voicecoach.phone.sync.steps import Act, DesiredFile, DesiredState, Plan, Step, needed_bytes

PACKS = ("slug/week-01", "slug/week-02")
A, B = (f"{PACKS[0]}/{name}.mp3" for name in "ab")


def entry(path: str, data: bytes) -> Entry:
    return Entry(path=path, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def desired(
    files: dict[str, bytes], packs: Iterable[str] = PACKS, gone: Iterable[str] = ()
) -> DesiredState:
    wanted = tuple(DesiredFile(entry=entry(p, d), source=Path(p)) for p, d in files.items())
    return DesiredState(files=wanted, packs=tuple(packs), gone=frozenset(gone), output="here")


def ours(files: dict[str, bytes], pending: dict[str, bytes] | None = None) -> Ledger:
    return Ledger(
        files=tuple(entry(path, data) for path, data in sorted(files.items())),
        pending=tuple(entry(path, data) for path, data in sorted((pending or {}).items())),
    )


@dataclass
class Phone:
    """A destination in memory, which does what a plan says."""

    files: dict[str, bytes] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    def plan(self, wanted: DesiredState, *, verify: bool = False) -> Plan:
        there = [Found(path=p, kind=Kind.FILE, bytes=len(d)) for p, d in self.files.items()]
        folders = {f for path in self.files for f in (pack_of(path), pack_of(pack_of(path)))}
        there += [Found(path=path, kind=Kind.FOLDER) for path in folders]
        read = plan.to_read(wanted, self.ledger, Sight(there), verify=verify)
        seen = [
            replace(found, sha256=entry("", self.files[found.path]).sha256)
            if found.path in read
            else found
            for found in there
        ]
        return plan.make(wanted, self.ledger, Sight(seen))

    def apply(self, made: Plan, wanted: dict[str, bytes], steps: int | None = None) -> None:
        """Does the first ``steps``, and is then torn out; ``None``: all of them."""
        self.ledger = made.before
        for step in made.steps[:steps]:
            if step.act is Act.DELETE:
                del self.files[step.path]
            else:
                self.files[step.path] = wanted[step.path]
        if steps is None:
            self.ledger = made.after


def acts(made: Plan) -> list[tuple[Act, str]]:
    return [(step.act, step.path) for step in made.steps]


# --- rules --------------------------------------------------------------------------------------


def test_what_is_not_there_is_copied_and_what_is_there_is_trusted() -> None:
    phone = Phone({A: b"one"}, ours({A: b"one"}))
    assert acts(phone.plan(desired({A: b"one", B: b"two"}))) == [(Act.COPY, B)]


def test_what_has_changed_in_the_output_is_replaced() -> None:
    phone = Phone({A: b"one"}, ours({A: b"one"}))
    assert acts(phone.plan(desired({A: b"new"}))) == [(Act.REPLACE, A)]


def test_what_is_no_longer_wanted_is_deleted_after_what_is_new() -> None:
    phone = Phone({A: b"one"}, ours({A: b"one"}))
    assert acts(phone.plan(desired({B: b"two"}))) == [(Act.COPY, B), (Act.DELETE, A)]


def test_a_week_that_goes_makes_room_first_its_files_last_to_first() -> None:
    phone = Phone({A: b"one", B: b"two"}, ours({A: b"one", B: b"two"}))
    new = f"{PACKS[1]}/c.mp3"
    made = phone.plan(desired({new: b"three"}, packs=PACKS[1:], gone=PACKS[:1]))
    assert acts(made) == [(Act.DELETE, B), (Act.DELETE, A), (Act.COPY, new)]


def test_weeks_that_are_not_synced_stay_and_stay_ours() -> None:
    phone = Phone({A: b"one"}, ours({A: b"one"}, pending={B: b"two"}))
    made = phone.plan(desired({}, packs=PACKS[1:]))
    assert made.steps == ()
    assert (made.after.files, made.after.pending) == (phone.ledger.files, phone.ledger.pending)


def test_a_foreign_file_of_our_name_stops_the_sync() -> None:
    made = Phone({A: b"hers"}).plan(desired({A: b"one"}))
    assert (made.steps, made.conflicts) == ((), (A,))


def test_a_foreign_file_of_our_name_in_capitals_stops_the_sync() -> None:
    made = Phone({A.upper(): b"one"}).plan(desired({A: b"one"}))
    assert made.conflicts == (A.upper(),)


def test_a_file_that_holds_our_very_bytes_is_taken_as_ours() -> None:
    made = Phone({A: b"one"}).plan(desired({A: b"one"}))
    assert (made.steps, made.conflicts) == ((), ())
    assert made.after.files == (entry(A, b"one"),)


def test_our_file_shown_in_capitals_is_ours() -> None:
    phone = Phone({A.upper(): b"one"}, ours({A: b"one"}))
    made = phone.plan(desired({A: b"one"}))
    assert (made.steps, made.conflicts) == ((), ())
    assert acts(phone.plan(desired({A: b"other"}))) == [(Act.REPLACE, A)]


def test_a_file_of_ours_that_somebody_changed_is_put_right_but_never_deleted() -> None:
    phone = Phone({A: b"changed"}, ours({A: b"one"}))
    assert acts(phone.plan(desired({A: b"one"}))) == [(Act.REPLACE, A)]
    made = phone.plan(desired({}))
    assert (made.steps, made.kept, made.after.files) == ((), (A,), ())


def test_a_file_of_the_same_size_is_trusted_unless_it_is_to_be_verified() -> None:
    phone = Phone({A: b"rot"}, ours({A: b"one"}))
    assert phone.plan(desired({A: b"one"})).steps == ()
    assert acts(phone.plan(desired({A: b"one"}), verify=True)) == [(Act.REPLACE, A)]


def test_after_a_stop_what_arrived_is_kept_and_the_rest_is_copied() -> None:
    phone = Phone({A: b"one"}, ours({}, pending={A: b"one", B: b"two"}))
    assert acts(phone.plan(desired({A: b"one", B: b"two"}))) == [(Act.COPY, B)]


def test_after_a_stop_a_foreign_file_in_our_place_stops_the_sync() -> None:
    phone = Phone({A: b"hers"}, ours({}, pending={A: b"one"}))
    assert phone.plan(desired({A: b"one"})).conflicts == (A,)


def test_where_files_cannot_be_renamed_a_torn_one_is_ours() -> None:
    torn = replace(ours({}, pending={A: b"one"}), direct=True)
    phone = Phone({A: b"on"}, torn)
    assert acts(phone.plan(desired({A: b"one"}))) == [(Act.REPLACE, A)]
    assert acts(phone.plan(desired({}))) == [(Act.DELETE, A)]


def test_a_link_or_a_folder_in_the_place_of_a_file_stops_the_sync() -> None:
    for kind in (Kind.OTHER, Kind.FOLDER):
        sight = Sight([Found(path=A, kind=kind)])
        assert plan.make(desired({A: b"one"}), ours({A: b"one"}), sight).conflicts == (A,)


def test_a_file_or_a_link_in_the_place_of_a_folder_stops_the_sync() -> None:
    for kind in (Kind.OTHER, Kind.FILE):
        sight = Sight([Found(path=PACKS[0], kind=kind)])
        assert plan.make(desired({A: b"one"}), Ledger(), sight).conflicts == (PACKS[0],)


# --- room ---------------------------------------------------------------------------------------


def step(act: Act, size: int, before: int = 0) -> Step:
    return Step(act=act, path=A, bytes=size, before_bytes=before)


def test_room_is_counted_in_whole_blocks_with_some_to_spare() -> None:
    spare = needed_bytes([step(Act.COPY, 0)], 1000)
    assert 100_000 < spare < 1_000_000
    assert needed_bytes([step(Act.COPY, 1), step(Act.COPY, 1001)], 1000) == spare + 3000


def test_what_is_replaced_stays_until_the_new_one_is_whole() -> None:
    spare = needed_bytes([step(Act.COPY, 0)], 1000)
    swap = step(Act.REPLACE, 5000, before=5000)
    assert needed_bytes([swap, swap], 1000) == spare + 5000


def test_what_is_deleted_first_makes_room_and_what_is_deleted_last_does_not() -> None:
    spare = needed_bytes([step(Act.COPY, 0)], 1000)
    delete, copy = step(Act.DELETE, 5000), step(Act.COPY, 6000)
    assert needed_bytes([delete, copy], 1000) == spare + 1000
    assert needed_bytes([copy, delete], 1000) == spare + 6000
    assert needed_bytes([delete], 1000) == 0


# --- whatever is there --------------------------------------------------------------------------

PATHS = st.builds("{}/{}".format, st.sampled_from(PACKS), st.sampled_from(["a", "b", "c", "A"]))
FILES = st.dictionaries(PATHS, st.binary(max_size=2))
WANTED = FILES.map(lambda files: {p: d for p, d in files.items() if not p.endswith("A")})


@st.composite
def phones(draw: st.DrawFn) -> Phone:
    """Whatever may stand there: files of ours, whole or begun, damaged or deleted, and others."""
    mine = draw(WANTED)
    begun = draw(WANTED)
    return Phone(draw(FILES) | draw(st.sampled_from([mine, {}])), ours(mine, begun))


@given(phone=phones(), wanted=WANTED, verify=st.booleans())
def test_a_plan_leaves_what_is_wanted_and_what_is_foreign_and_a_second_one_is_empty(
    phone: Phone, wanted: dict[str, bytes], *, verify: bool
) -> None:
    before = dict(phone.files)
    known = {e.path.casefold() for e in (*phone.ledger.files, *phone.ledger.pending)}
    made = phone.plan(desired(wanted), verify=verify)
    if made.conflicts:
        assert all(path in before for path in made.conflicts)
        return
    phone.apply(made, wanted)
    foreign = {p: d for p, d in before.items() if p.casefold() not in known and p not in wanted}
    assert foreign.items() <= phone.files.items()
    kept = {path: before[path] for path in made.kept}
    left = phone.files.keys() - {*wanted, *foreign, *kept}
    assert all(path.endswith("A") for path in left)  # beside ours, in another spelling
    for path, data in wanted.items():
        held = phone.files[path if path in phone.files else path[:-1] + path[-1].upper()]
        assert held == data if verify else len(held) == len(data)
    again = phone.plan(desired(wanted))
    assert (again.steps, again.conflicts, again.after) == ((), (), phone.ledger)


@given(FILES, WANTED, WANTED, st.integers(0, 12))
def test_torn_out_after_any_step_the_next_plan_completes_it(
    foreign: dict[str, bytes], old: dict[str, bytes], wanted: dict[str, bytes], steps: int
) -> None:
    taken = {path.casefold() for path in (*old, *wanted)}
    foreign = {path: data for path, data in foreign.items() if path.casefold() not in taken}
    phone = Phone(foreign | old, ours(old))
    phone.apply(phone.plan(desired(wanted)), wanted, steps)
    made = phone.plan(desired(wanted))
    assert made.conflicts == ()
    phone.apply(made, wanted)
    assert phone.files == foreign | wanted
    assert phone.plan(desired(wanted)).steps == ()
