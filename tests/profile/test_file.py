"""voicecoach.yaml: hers alone, read strictly, changed only where she changes something."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import letters
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.errors import ContentError, StorageError
from voicecoach.profile import client, editing
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.profile import Profile

BIRTH = date(2026, 11, 1)
TODAY = date(2026, 12, 1)
SINCE_BIRTH = st.dates(BIRTH, TODAY)
NAMES = (
    st.text(
        st.characters(categories=["L", "N", "P", "S"], include_characters=" '"),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(letters.composed(text).split()))
    .filter(bool)
)
VOICES = st.from_regex(r"[a-z]{1,8}:[A-Za-z0-9_+./ -]{0,11}[a-z]", fullmatch=True)

posix_only = pytest.mark.skipif(os.name != "posix", reason="files on Windows have no such mode")


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    has_catheter = draw(st.booleans())
    return Profile(
        birth_date=BIRTH,
        started=draw(SINCE_BIRTH),
        language=draw(st.sampled_from(["nl", "en"])),
        country=draw(st.sampled_from([None, "nl", "gb", "elsewhere"])),
        name=draw(st.none() | NAMES),
        delivery=draw(st.none() | st.sampled_from(Delivery)),
        perineum=draw(st.none() | st.sampled_from(Perineum)),
        has_catheter=has_catheter,
        catheter_out_on=None if has_catheter else draw(st.none() | SINCE_BIRTH),
        floor=draw(st.none() | st.sampled_from(Floor)),
        position=draw(st.none() | st.sampled_from(Position)),
        sessions_a_day=draw(st.none() | st.integers(1, 3)),
        guidance=draw(st.none() | st.sampled_from(Guidance)),
        voices=tuple(draw(st.lists(VOICES, max_size=3))),
        cleared_on=draw(st.none() | SINCE_BIRTH),
        first_cleared_on=draw(st.none() | SINCE_BIRTH),
        times_of_day=tuple(
            sorted(
                draw(
                    st.sets(
                        st.times().map(lambda t: t.replace(second=0, microsecond=0)),
                        min_size=1,
                        max_size=5,
                    )
                )
            )
        ),
    )


def hers(**answers: object) -> Profile:
    told = {"birth_date": BIRTH, "started": BIRTH + timedelta(days=1), **answers}
    return Profile(**told)  # type: ignore[arg-type]


def put(folder: Path, text: str | bytes) -> Path:
    path = folder / client.FILE
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


def change(folder: Path, **told: object) -> None:
    client.change(folder, TODAY, lambda profile: profile_profile.changed(profile, told, TODAY))


HANDWRITTEN = """\
# mijn bestand :-)
started:    2026-11-02   # toen het weer ging
name: 'Zoë'    # ik
"format": 1


birth_date: 2026-11-01
language: nl # niet en
perineum: tear
voices:
  # de mooie
  - piper:nl_BE-nathalie-medium  # die van Vlaanderen
  - espeak:nl+f3
catheter: ja
# einde"""


# Written and read


@settings(max_examples=40)
@given(profile=profiles())
def test_what_is_written_is_read_back_the_same(
    profile: Profile, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("her")
    client.create(folder, profile)
    assert client.read(folder, TODAY) == profile


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_key_has_a_comment_above_it_in_her_language(tmp_path: Path, language: str) -> None:
    client.create(tmp_path, hers(language=language))
    lines = (tmp_path / client.FILE).read_text("utf-8").splitlines()
    for n, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[n - 1].startswith("# "), line
    assert max(map(len, lines)) <= 100
    assert ("Dit bestand is van jou" in lines[0]) == (language == "nl")


@pytest.mark.parametrize("key", ["delivery", "perineum", "floor", "position", "guidance"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_comment_names_every_value(tmp_path: Path, language: str, key: str) -> None:
    answers = {
        "delivery": Delivery,
        "perineum": Perineum,
        "floor": Floor,
        "position": Position,
        "guidance": Guidance,
    }[key]
    text = editing.new_text(hers(language=language))
    comment = text.partition(f"\n{key}:")[0].rpartition("\n\n")[2]
    for answer in answers:
        assert f"{answer.value}: " in comment or f"{answer.value}." in comment


def test_a_profile_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    put(tmp_path, HANDWRITTEN)
    with pytest.raises(StorageError, match="is there already"):
        client.create(tmp_path, hers())
    assert (tmp_path / client.FILE).read_text("utf-8") == HANDWRITTEN


def test_what_she_writes_by_hand_is_read(tmp_path: Path) -> None:
    put(tmp_path, HANDWRITTEN)
    assert client.read(tmp_path, TODAY) == hers(
        name="Zoë",
        perineum=Perineum.TEAR,
        voices=("piper:nl_BE-nathalie-medium", "espeak:nl+f3"),
        has_catheter=True,
    )


# For her eyes alone


@posix_only
def test_only_she_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        client.create(tmp_path, hers())
        change(tmp_path, name="Noor")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / client.FILE).stat().st_mode) == 0o600


WRITER = """
import os, sys
from datetime import date
from pathlib import Path
from voicecoach.profile import client
from voicecoach.profile.profile import Profile
os.umask(0)
folder = Path(sys.argv[1])
for turn in range(60):
    profile = Profile(birth_date=date(2026, 11, 1), started=date(2026, 11, 2), name="x" * 20_000)
    client.create(folder, profile)
    (folder / client.FILE).unlink()
"""


@posix_only
def test_others_can_read_it_at_no_moment(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
    modes = set()
    while writer.poll() is None:
        for entry in os.scandir(tmp_path):
            try:
                modes.add(stat.S_IMODE(entry.stat(follow_symlinks=False).st_mode))
            except FileNotFoundError:
                continue
    assert writer.returncode == 0
    assert modes == {0o600}


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o777])
def test_a_file_that_others_can_use_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    folder = tmp_path / "my files"
    folder.mkdir()
    path = put(folder, HANDWRITTEN)
    path.chmod(mode)
    with pytest.raises(StorageError) as refused:
        client.read(folder, TODAY)
    command = str(refused.value).partition("with: ")[2].partition(" (")[0]
    assert command.startswith("chmod 600 ")
    subprocess.run(command, shell=True, check=True)
    assert client.read(folder, TODAY).name == "Zoë"


@posix_only
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    path = put(tmp_path / "kept", HANDWRITTEN)
    (tmp_path / client.FILE).symlink_to(path)
    change(tmp_path, name="Noor")
    assert (tmp_path / client.FILE).is_symlink()
    assert client.read(tmp_path / "kept", TODAY).name == "Noor"


def test_nothing_is_left_lying_about(tmp_path: Path) -> None:
    put(tmp_path, HANDWRITTEN)
    (tmp_path / ".voicecoach-own-killed.part").write_text("half a profile")
    change(tmp_path, name="Noor")
    assert [path.name for path in tmp_path.iterdir()] == [client.FILE]


# Changed in place


def test_only_what_changes_changes(tmp_path: Path) -> None:
    path = put(tmp_path, HANDWRITTEN)
    change(
        tmp_path,
        name='Noor "N."',
        has_catheter=False,
        perineum=Perineum.INTACT,
        started=date(2026, 11, 9),
    )
    expected = (
        HANDWRITTEN.replace("'Zoë'    # ik", '"Noor \\"N.\\""    # ik')
        .replace("catheter: ja", "catheter: no")
        .replace("perineum: tear", "perineum: intact")
        .replace("2026-11-02   # toen", "2026-11-09   # toen")
    )
    text = path.read_text("utf-8")
    assert text.startswith(expected)
    assert text.removeprefix(expected).endswith("\ncatheter_out_on: 2026-12-01\n")


def test_an_item_that_stays_keeps_its_comment(tmp_path: Path) -> None:
    path = put(tmp_path, HANDWRITTEN)
    change(tmp_path, voices=("espeak:nl+f2", "piper:nl_BE-nathalie-medium"))
    assert path.read_text("utf-8") == HANDWRITTEN.replace(
        "  - piper:nl_BE-nathalie-medium  # die van Vlaanderen\n  - espeak:nl+f3\n",
        '  - "espeak:nl+f2"\n  - piper:nl_BE-nathalie-medium  # die van Vlaanderen\n',
    )


def test_a_value_can_be_taken_away_and_put_back(tmp_path: Path) -> None:
    path = put(tmp_path, HANDWRITTEN)
    change(tmp_path, name=None, voices=())
    assert "name:     # ik\n" in path.read_text("utf-8")
    assert client.read(tmp_path, TODAY).name is None
    assert client.read(tmp_path, TODAY).voices == ()
    change(tmp_path, name="Zoë")
    assert 'name: "Zoë"    # ik\n' in path.read_text("utf-8")


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    path = put(tmp_path, HANDWRITTEN)
    before = path.stat()
    change(tmp_path, name="Zoë", has_catheter=True)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    "form", [lambda b: b.replace(b"\n", b"\r\n"), lambda b: b"\xef\xbb\xbf" + b]
)
def test_the_way_an_editor_saves_stays(tmp_path: Path, form: Callable[[bytes], bytes]) -> None:
    path = put(tmp_path, form(HANDWRITTEN.encode()))
    change(tmp_path, perineum=Perineum.OASI, position=Position.LYING)
    raw = path.read_bytes()
    assert raw.startswith(form(HANDWRITTEN.replace(": tear", ": oasi").encode()))
    assert raw.count(b"\r\n") in (0, raw.count(b"\n"))
    assert client.read(tmp_path, TODAY).position is Position.LYING


@settings(max_examples=40)
@given(before=profiles(), after=profiles(), data=st.data())
def test_comments_survive_every_change(
    before: Profile, after: Profile, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("her")
    lines = [
        line + data.draw(st.sampled_from(["", "   # van mij"])) if line and line[0] != "#" else line
        for line in editing.new_text(before).splitlines()
    ]
    path = put(folder, "\n".join(lines))
    client.change(folder, TODAY, lambda profile: after)
    assert client.read(folder, TODAY) == after
    kept = path.read_text("utf-8").splitlines()
    assert len(kept) == len(lines)
    changed = editing.changed_keys(before, after)
    for old, new in zip(lines, kept, strict=True):
        if old.partition(":")[0] in changed:
            assert old.endswith("# van mij") == new.endswith("# van mij")
        else:
            assert new == old


@pytest.mark.parametrize(
    "text",
    [
        "{format: 1, birth_date: 2026-11-01, language: nl, started: 2026-11-02, name: Zoë}",
        "format: 1\nbirth_date: 2026-11-01\nlanguage: nl\nstarted: 2026-11-02\nname: Zoë\n  Noor\n",
        'format: 1\nbirth_date: 2026-11-01\nlanguage: nl\nstarted: 2026-11-02\nname: "Zoë\n  N."\n',
    ],
)
def test_what_cannot_be_changed_in_place_is_left_and_told(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(ContentError, match=r'write it so: name: "Eva"'):
        change(tmp_path, name="Eva")
    assert path.read_text("utf-8") == text


CHANGER = """
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from voicecoach.profile import client
for turn in range(12):
    voice = f"espeak:{sys.argv[2]}{turn}"
    client.change(
        Path(sys.argv[1]),
        date(2026, 12, 1),
        lambda profile: replace(profile, voices=(*profile.voices, voice)),
    )
"""


def test_two_processes_that_change_it_at_once_lose_nothing(tmp_path: Path) -> None:
    client.create(tmp_path, hers())
    changers = [
        subprocess.Popen([sys.executable, "-c", CHANGER, str(tmp_path), name]) for name in "ab"
    ]
    assert [changer.wait() for changer in changers] == [0, 0]
    voices = client.read(tmp_path, TODAY).voices
    assert sorted(voices) == sorted(f"espeak:{name}{n}" for name in "ab" for n in range(12))


# Bad profiles


def test_every_fault_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        """\
format: 1
birth_date: 2026-12-03
language: fr
name: [Zoë]
delivery: sectio
perineum: 3
catheter: maybe
floor: tense
started: 2026-02-30
cleared_on: 2026-12-24
sessions_a_day: 4
guidance: loud
voices: [nathalie]
times_of_day: ["25:00"]
weight: 60
""",
    )
    with pytest.raises(ContentError) as refused:
        client.read(tmp_path, TODAY)
    told = {problem.line: str(problem) for problem in refused.value.problems}
    wanted = {
        2: "2026-12-03 lies in the future (today is 2026-12-01)",
        3: "unknown language 'fr'",
        4: "text is expected",
        5: "unknown answer 'sectio'; there are: assisted, caesarean, vaginal",
        6: "unknown answer '3'",
        7: "yes or no is expected, not 'maybe'",
        8: "unknown answer 'tense'; there are: normal, over-tense",
        9: "there is no day 30 in February 2026",
        10: "2026-12-24 lies in the future",
        11: "unknown number '4'; there are: 1, 2, 3",
        12: "unknown answer 'loud'",
        13: "a voice is expected as espeak:nl+f3",
        14: "a time of day is expected as 07:30",
        15: "weight: unknown key; known here: birth_date",
    }
    assert set(told) == set(wanted)
    for line, message in wanted.items():
        assert told[line].startswith(f"{path}:{line}:")
        assert message in told[line]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cleared_on: 2026-10-31", ":5:1: cleared_on: 2026-10-31 lies before the birth"),
        ("started: 2026-10-31", "the key is given twice"),
        ("catheter_out_on: 2026-10-31", "lies before the birth"),
        ("times_of_day: [13:00, 07:30]", "write the times of day in order"),
        ("times_of_day: {}", "a list is expected"),
        ("voices: [[espeak:nl]]", "text is expected, not a list"),
        ("name: yes", "put it in quotes"),
        ("catheter: {a: b}", "one value is expected"),
        ("position: &a lying", "anchors and aliases"),
        ("position:\tlying\x00", "does not belong in text"),
    ],
)
def test_a_fault_is_told_in_plain_words(tmp_path: Path, line: str, told: str) -> None:
    put(tmp_path, f"format: 1\nbirth_date: 2026-11-01\nlanguage: nl\nstarted: 2026-11-02\n{line}\n")
    with pytest.raises(ContentError) as refused:
        client.read(tmp_path, TODAY)
    assert told in str(refused.value)


def test_what_must_be_there_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "name: Zoë\n")
    with pytest.raises(ContentError) as refused:
        client.read(tmp_path, TODAY)
    missing = [problem.message for problem in refused.value.problems]
    wanted = ("format", "birth_date", "language", "started")
    assert sorted(missing) == sorted(f"the key {key!r} is missing" for key in wanted)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_in_it_the_error_is_ours(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("her")
    put(folder, data)
    with pytest.raises((ContentError, StorageError)):
        client.read(folder, TODAY)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / client.FILE).mkdir(mode=0o700)
    assert client.exists(tmp_path)
    with pytest.raises(StorageError, match=r"voicecoach\.yaml: there is no such file"):
        client.read(tmp_path, TODAY)


def test_times_of_day_may_be_left_out(tmp_path: Path) -> None:
    put(tmp_path, HANDWRITTEN)
    assert client.read(tmp_path, TODAY).times_of_day == (time(7, 30), time(13), time(21))
