"""A day as one MP3 over the network, and the one feed: what is right for her now, and no more."""

import json
import random
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import tiny_programme
from conftest import Once, run_here
from stand_in import Served, served

from voicecoach import environment
from voicecoach.content.clinical_state import CheckIn
from voicecoach.pack import manifest
from voicecoach.profile import check_ins

httpx = pytest.importorskip("httpx")

TODAY = environment.today()
DAY = 6
BIRTH = TODAY - timedelta(days=DAY)


@pytest.fixture(scope="module")
def built(once: Once) -> Path:
    """A client on the sixth day of the tiny programme, and her first week."""

    def fill(folder: Path) -> None:
        content = tiny_programme.write_ruled(folder / "content")
        hers = ("--birth-date", str(BIRTH), "--started", str(BIRTH + timedelta(days=1)))
        own = ("--content", str(content))
        assert run_here(folder, "init", *hers, "--language", "nl", "--yes", *own).returncode == 0
        made = run_here(folder, "build", "--week", "1", *own)
        assert made.returncode == 0, made.stderr

    return once("own-days", fill)


@pytest.fixture
def home(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    # it was made with the programme of the first folder
    shutil.rmtree(folder / "content")
    (folder / "content").symlink_to(built / "content")
    return folder


@pytest.fixture
def server(home: Path) -> Iterator[Served]:
    with served(Path("output"), "--local") as running:
        yield running


def get(address: str, **headers: str) -> Any:
    return httpx.get(address, headers=headers, trust_env=False, verify=False, timeout=30)


def episodes(server: Served) -> list[ElementTree.Element]:
    feed = get(f"{server.address}feed.xml")
    assert feed.status_code == 200 and feed.headers["cache-control"] == "no-store"
    return list(ElementTree.fromstring(feed.content).iter("item"))


def listed(home: Path) -> manifest.Manifest:
    return manifest.read(home / "output" / tiny_programme.PACK)


def test_a_day_has_its_length_before_and_any_range_of_it(server: Served, home: Path) -> None:
    address = f"{server.address}day/{TODAY}.mp3"
    head = httpx.head(address, trust_env=False, verify=False)
    whole = get(address)
    assert int(head.headers["content-length"]) == len(whole.content)
    assert whole.headers["content-type"] == "audio/mpeg"
    pack = listed(home)
    lists = {each.file: each.tracks for each in pack.playlists}
    length_ms = {track.file: track.duration_ms for track in pack.tracks}
    total_ms = sum(length_ms[file] for file in lists[f"day-{DAY:02d}.m3u8"])
    assert 0 <= len(whole.content) * 8 / 64 - total_ms < 60_000  # the tag has a picture
    dice = random.Random(1)
    with httpx.Client(trust_env=False, verify=False, timeout=60) as client:
        for _ in range(100):
            start = dice.randrange(len(whole.content))
            stop = min(start + dice.randrange(1, 99_999), len(whole.content))
            part = client.get(address, headers={"range": f"bytes={start}-{stop - 1}"})
            assert part.status_code == 206 and part.content == whole.content[start:stop]
    for other in ("day/2001-01-01.mp3", "day/2026-99-99.mp3", f"day/{TODAY}.xml", "day/"):
        assert get(server.address + other).status_code == 404
    last = BIRTH + timedelta(days=8)  # no week was made for it
    assert get(f"{server.address}day/{last}.mp3").status_code == 404


def test_the_feed_has_todays_sessions_on_top_and_a_key_that_is_not_that_of_the_page(
    server: Served, home: Path
) -> None:
    items = episodes(server)
    pack = listed(home)
    todays = dict.fromkeys(
        file
        for each in pack.playlists
        if each.file == f"day-{DAY:02d}.m3u8"
        for file in each.tracks
    )
    titles = {track.file: track.title for track in pack.tracks}
    shown = [item.findtext("title") for item in items]
    assert shown[: len(todays)] == [titles[file] for file in todays]
    key = server.address.split("/")[3]
    for item in items:
        enclosure = item.find("enclosure")
        assert enclosure is not None and key not in enclosure.get("url", "")
        sound = get(enclosure.get("url", ""))
        assert sound.status_code == 200
        assert len(sound.content) == int(enclosure.get("length", ""))


def test_the_page_leads_to_the_day_and_the_feed_whose_key_reads_nothing_else(
    server: Served,
) -> None:
    page = get(server.address)
    leads_to = re.findall(r'href="([^"#]*)"', page.text)
    reading = next(each for each in leads_to if each.endswith("/feed.xml"))[: -len("feed.xml")]
    assert server.address.split("/")[3] not in reading
    assert {f"{reading}day/{TODAY}.mp3", "done", "weeks"} <= set(leads_to)
    origin = server.address[: server.address.index("/", 8)]
    for path in (f"{reading}day/{TODAY}.mp3", f"{reading}feed.xml"):
        assert get(origin + path).status_code == 200, path
    week = f"{tiny_programme.PACK}/"
    for path in ("", "weeks", "done", "now.json", week, f"{week}index.html", f"{week}pack.json"):
        assert get(server.address + path).status_code == 200, path
        assert get(origin + reading + path).status_code == 404, path
    answer = {"key": "0" * 32, "day": str(TODAY), "number": 1, "answers": {"done": True}}
    for place in ("check-in", "clearance", "sport", "start"):
        written = httpx.post(
            origin + reading + place,
            json=answer,
            headers={"origin": origin},
            trust_env=False,
            verify=False,
            timeout=60,
        )
        assert written.status_code == 405
    told = {**answer, "answers": {"done": True, "pain": False, "heaviness": False}}
    assert "goed: 1 keer" not in get(f"{server.address}done").text
    httpx.post(
        f"{server.address}check-in",
        json=told,
        headers={"origin": origin},
        trust_env=False,
        verify=False,
        timeout=60,
    ).raise_for_status()
    assert "goed: 1 keer" in get(f"{server.address}done").text


def test_what_is_no_longer_right_disappears_and_the_rest_keeps_its_name(
    server: Served, home: Path
) -> None:
    def names() -> list[str | None]:
        return [item.findtext("guid") for item in episodes(server)]

    before = names()
    tomorrow = f"{server.address}day/{TODAY + timedelta(days=1)}.mp3"
    assert get(tomorrow).status_code == 200
    pain = CheckIn(day=DAY, done=True, pain=True, heaviness=False)
    check_ins.append(home, TODAY, pain, "nl")  # nothing is built again
    assert get(tomorrow).status_code == 404, "tomorrow is for breathing now"
    assert get(f"{server.address}day/{TODAY}.mp3").status_code == 200, "today stays as it was"
    after = names()
    assert after and set(after) < set(before)


def test_sync_copies_the_same_file_and_takes_it_back(home: Path, tmp_path: Path) -> None:
    phone = tmp_path / "phone"
    (phone / "Music").mkdir(parents=True)
    own = phone / "Music" / "voicecoach" / tiny_programme.PACK

    def sync(*options: str) -> set[str]:
        done = run_here(home, "sync", str(phone), *options)
        assert done.returncode == 0, done.stderr
        return {path.name for path in own.glob("day-*.mp3")}

    names = {f"day-{day:02d}.mp3" for day in range(1, 8)}
    assert sync() == set()
    assert sync("--one-file-a-day") == names
    with served(Path("output"), "--local") as server:
        whole = get(f"{server.address}day/{TODAY}.mp3").content
    assert (own / f"day-{DAY:02d}.mp3").read_bytes() == whole
    again = run_here(home, "sync", str(phone), "--one-file-a-day", "--json")
    plan = json.loads(again.stdout)
    assert not any(plan[act] for act in ("copy", "replace", "delete"))
    pain = CheckIn(day=DAY, done=True, pain=True, heaviness=False)
    check_ins.append(home, TODAY, pain, "nl")
    assert sync("--one-file-a-day") == names - {"day-07.mp3"}, "tomorrow is no longer right"
    assert sync() == set()
