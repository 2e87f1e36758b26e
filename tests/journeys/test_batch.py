"""``voicecoach batch``: a pack for every client of a practice, with the real engine."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import run_here, run_voicecoach

from voicecoach import environment
from voicecoach.cache import user_cache
from voicecoach.pack import manifest

NAME = "Wilhelmina"
HEADER = "client-id,birth-date,perineum,floor,catheter,language,name,started\n"


def born(days_ago: int) -> str:
    return str(environment.today() - timedelta(days=days_ago))


def line(id_: str, days_ago: int = 2, language: str = "nl", name: str = "") -> str:
    return f"{id_},{born(days_ago)},tear,normal,no,{language},{name},{born(days_ago)}\n"


ROSTER = HEADER + line("a") + line("b") + line("c", name=NAME) + line("d", language="en")


Batch = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def batch(tiny: Path) -> Batch:
    """Makes packs of a tiny programme, in ``folder / "clients"``."""

    def run_batch(folder: Path, roster: str, *more: str) -> "subprocess.CompletedProcess[str]":
        (folder / "roster.csv").write_text(roster)
        options = ("--content", str(tiny), "--out", "clients", "--week", "1", *more)
        return run_here(folder, "batch", "roster.csv", *options)

    return run_batch


def each_file(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def files(folder: Path) -> dict[str, bytes]:
    return dict(each_file(folder))


def report(folder: Path) -> dict[str, dict[str, object]]:
    content = json.loads((folder / "clients" / "report.json").read_bytes())
    return {each["client"]: each for each in content["clients"]}


def packs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / "clients").glob("*/*/week-01/pack.json"))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, batch: Batch) -> Path:
    folder = tmp_path_factory.mktemp("practice")
    done = batch(folder, ROSTER)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_client_gets_her_pack(practice: Path) -> None:
    names = [str(path.relative_to(practice / "clients")) for path in packs(practice)]
    assert names == [
        "a/klein-programma/week-01",
        "b/klein-programma/week-01",
        "c/klein-programma/week-01",
        "d/small-programme/week-01",
    ]
    assert {each["state"] for each in report(practice).values()} == {"built"}


def test_the_report_lists_tracks_and_minutes_and_nothing_personal(practice: Path) -> None:
    text = (practice / "clients" / "report.json").read_text()
    assert NAME not in text
    assert born(2) not in text
    of_a = report(practice)["a"]
    listed = manifest.read(packs(practice)[0])
    assert of_a["tracks"] == len(listed.tracks)
    assert of_a["minutes"] == round(sum(t.duration_ms for t in listed.tracks) / 60_000)


def test_a_track_that_clients_share_is_on_the_disk_once(practice: Path) -> None:
    one, other, greeted, _ = packs(practice)
    tracks = sorted(path.name for path in one.glob("*.mp3"))
    assert tracks
    for name in tracks:
        assert (one / name).samefile(other / name)
        assert (one / name).samefile(greeted / name)


def test_her_pack_is_the_one_that_build_makes(practice: Path, tiny: Path, tmp_path: Path) -> None:
    her = practice / "clients" / "a"
    shutil.copy(her / "voicecoach.yaml", tmp_path / "voicecoach.yaml")
    built = run_here(tmp_path, "build", "--content", str(tiny), "--week", "1", "--out", ".")
    assert built.returncode == 0, built.stderr
    (pack,) = tmp_path.glob("*/week-01")
    assert files(pack) == files(packs(practice)[0])


def test_her_name_is_in_a_track_of_its_own_that_comes_first(practice: Path) -> None:
    pack = packs(practice)[2]
    tracks = sorted(path.name for path in pack.glob("*.mp3"))
    assert tracks[0] == "w01-00-0-greeting.mp3"
    listed = manifest.read(pack)
    assert listed.tracks[0].file == tracks[0]
    assert 2000 < listed.tracks[0].duration_ms < 10_000
    assert listed.playlists[0].tracks[0] == tracks[0]
    assert f"Dag {NAME}." in (pack / "w01-00-0-greeting.vtt").read_text()
    assert NAME not in (pack / "pack.json").read_text()


def test_names_and_dates_of_birth_are_in_her_own_folder_alone(practice: Path) -> None:
    secrets = [text.encode(code) for text in (NAME, born(2)) for code in ("utf-8", "utf-16-le")]
    places = [practice / "clients" / each for each in ("a", "b", "d", ".voicecoach")]
    for place in places:
        for name, data in each_file(place):
            if name == "voicecoach.yaml":
                continue  # of her own
            assert not any(secret in data for secret in secrets), f"{place}: {name}"
    for name, data in each_file(user_cache().root):
        assert not any(secret in data for secret in secrets), name


def test_her_own_file_is_for_her_eyes_alone(practice: Path) -> None:
    profile = practice / "clients" / "c" / "voicecoach.yaml"
    assert profile.stat().st_mode & 0o777 == 0o600
    assert profile.parent.stat().st_mode & 0o777 == 0o700


def test_a_second_run_changes_nothing(practice: Path, batch: Batch) -> None:
    before = {path: path.stat() for path in (practice / "clients").rglob("*") if path.is_file()}
    done = batch(practice, ROSTER)
    assert done.returncode == 0
    assert "unchanged           4" in done.stdout
    for path, found in before.items():
        if path.name != "report.json":
            assert path.stat().st_mtime_ns == found.st_mtime_ns, path
            assert path.stat().st_ino == found.st_ino, path


def test_only_what_is_missing_is_made_again(practice: Path, batch: Batch) -> None:
    track = next(packs(practice)[1].glob("*-ademen*.mp3"))
    track.unlink()
    done = batch(practice, ROSTER)
    assert done.returncode == 0
    states = {client: each["state"] for client, each in report(practice).items()}
    assert states == {"a": "unchanged", "b": "built", "c": "unchanged", "d": "unchanged"}
    assert track.samefile(packs(practice)[0] / track.name)


def test_bad_lines_are_told_and_good_clients_are_served(tmp_path: Path, batch: Batch) -> None:
    roster = HEADER + line("../out") + line("a") + line("a") + line("c").replace("tear", "=1+1")
    done = batch(tmp_path, roster)
    assert done.returncode == 1
    for told in ("roster.csv:2:1: client-id:", "roster.csv:4:1: client-id:", "roster.csv:5:1: per"):
        assert done.stderr.count(told) == 1
    assert [path.parent.parent.name for path in packs(tmp_path)] == ["a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clients", "roster.csv"]
    states = [
        (each["client"], each["state"])
        for each in json.loads((tmp_path / "clients" / "report.json").read_bytes())["clients"]
    ]
    assert states == [("line 2", "failed"), ("a", "failed"), ("c", "failed"), ("a", "built")]


@pytest.mark.parametrize("link", ["a", "a/klein-programma"])
def test_a_client_whose_folder_leads_elsewhere_is_refused(
    tmp_path: Path, batch: Batch, link: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "clients" / link).parent.mkdir(parents=True)
    (tmp_path / "clients" / link).symlink_to(elsewhere)
    done = batch(tmp_path, HEADER + line("a") + line("b"))
    assert done.returncode == 1
    assert list(elsewhere.iterdir()) == []
    assert "leads out of clients" in str(report(tmp_path)["a"]["reason"])
    assert report(tmp_path)["b"]["state"] == "built"


def test_each_client_gets_the_week_she_is_in_and_the_next(tmp_path: Path, tiny: Path) -> None:
    """As far as the programme goes, which is for two weeks."""
    (tmp_path / "roster.csv").write_text(HEADER + line("a", 3) + line("b", 9) + line("c", 20))
    options = ("--content", str(tiny), "--out", "clients", "--guidance", "tones")
    done = run_here(tmp_path, "batch", "roster.csv", *options)
    assert done.returncode == 0, done.stderr
    weeks = [f"{p.parts[-4]} {p.parts[-2]}" for p in (tmp_path / "clients").rglob("pack.json")]
    assert sorted(weeks) == ["a week-01", "a week-02", "b week-02"]
    assert report(tmp_path)["c"]["state"] == "ended"


def test_steps_count_on_from_batch_to_batch(tmp_path: Path, batch: Batch) -> None:
    without = HEADER + f"a,{born(40)},tear,normal,yes,nl,,\n"
    assert batch(tmp_path, without).returncode == 0
    profile = tmp_path / "clients" / "a" / "voicecoach.yaml"
    assert f"started: {environment.today()}" in profile.read_text()
    assert batch(tmp_path, without.replace(",yes,", ",no,")).returncode == 0
    assert f"catheter_out_on: {environment.today()}" in profile.read_text()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--week", "60"), "week 60: the programme runs from week 1 to week 2"),
        (("--out", "roster.csv"), "roster.csv: this is a file, not a folder"),
        (("--voice", "espeak:xx"), "espeak:xx"),
    ],
)
def test_what_is_wrong_for_all_is_told_once(
    tmp_path: Path, batch: Batch, options: tuple[str, ...], told: str
) -> None:
    done = batch(tmp_path, HEADER + line("a") + line("b"), *options)
    assert done.returncode == 1
    assert (done.stdout + done.stderr).count(told) <= 2
    assert told in done.stdout + done.stderr
    assert not packs(tmp_path)


def test_a_folder_of_profiles_is_a_roster_and_may_be_the_output_too(
    tmp_path: Path, tiny: Path
) -> None:
    for id_ in ("a", "b"):
        own = tmp_path / "clients" / id_
        own.mkdir(parents=True)
        made = run_here(
            own, "init", "--birth-date", born(3), "--language", "nl", "--perineum", "tear", "--yes"
        )
        assert made.returncode == 0, made.stderr
    options = ("--content", str(tiny), "--out", "clients", "--guidance", "tones")
    done = run_here(tmp_path, "batch", "clients", *options)
    assert done.returncode == 0, done.stderr
    assert len(packs(tmp_path)) == 2


def test_the_example_can_be_used_as_it_is(tmp_path: Path, tiny: Path) -> None:
    printed = run_here(tmp_path, "batch", "--example")
    assert printed.returncode == 0
    assert "#" not in printed.stdout
    explained = run_here(tmp_path, "batch", "--columns")
    assert explained.returncode == 0
    for name in printed.stdout.splitlines()[0].split(","):
        assert f"\n  {name}: " in explained.stdout
    assert max(map(len, explained.stdout.splitlines())) <= 90
    (tmp_path / "roster.csv").write_text(printed.stdout)
    options = ("--content", str(tiny), "--out", "clients", "--week", "1")
    done = run_here(tmp_path, "batch", "roster.csv", *options)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_two_batches_at_once_both_end_well(tmp_path: Path, tiny: Path) -> None:
    roster = HEADER + "".join(line(f"c-{n}", n + 1, name=NAME if n % 2 else "") for n in range(6))
    (tmp_path / "roster.csv").write_text(roster)
    command = ("batch", "roster.csv", "--content", str(tiny), "--out", "clients")
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: run_voicecoach(tmp_path, *command), range(2)))
    assert [each.returncode for each in both] == [0, 0], [each.stdout for each in both]
    at_once = files(tmp_path / "clients")
    (tmp_path / "clients").rename(tmp_path / "before")
    assert run_here(tmp_path, *command).returncode == 0
    alone = files(tmp_path / "clients")
    for found in (at_once, alone):
        found.pop("report.json")
    assert at_once == alone
