"""What may be written through the server, by whom, and what happens with all else: nothing."""

import contextlib
import json
import os
import random
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import tiny_programme
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in import Served, free_port, served

from voicecoach import environment
from voicecoach.profile import check_ins
from voicecoach.profile import client as profile_client

httpx = pytest.importorskip("httpx")

TODAY = environment.today()
BORN = TODAY - timedelta(days=20)
CHECK_INS = "voicecoach-checkins.txt"


def good(**more: Any) -> dict[str, Any]:
    answers = {"done": True, "pain": False, "heaviness": False}
    today = str(environment.today())
    return {"key": secrets.token_hex(16), "day": today, "number": 1, "answers": answers, **more}


@pytest.fixture(scope="module")
def hers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hers")
    tiny_programme.write_ruled(folder / "content")
    profile = folder / "voicecoach.yaml"
    profile.write_text(f"format: 1\nlanguage: nl\nbirth_date: {BORN}\nstarted: {BORN}\n", "utf-8")
    profile.chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def server(hers: Path) -> Iterator[Served]:
    before = Path.cwd()
    os.chdir(hers)
    try:
        with served(hers / "output", "--local", "--content", str(hers / "content")) as running:
            yield running
    finally:
        os.chdir(before)


@contextlib.contextmanager
def page_of(server: Served) -> Iterator[Any]:
    headers = {"origin": server.address[: server.address.index("/", 8)]}
    with httpx.Client(
        base_url=server.address, trust_env=False, verify=False, timeout=60, headers=headers
    ) as page:
        yield page


@pytest.fixture
def client(server: Served) -> Iterator[Any]:
    with page_of(server) as page:
        yield page


def told_in(folder: Path) -> str:
    return "\n".join(written(folder))


def written(hers: Path) -> list[str]:
    path = hers / CHECK_INS
    text = path.read_text("utf-8") if path.exists() else ""
    return [line for line in text.splitlines() if not line.startswith("# ")]


def test_an_answer_becomes_one_line_however_often_it_is_sent(client: Any, hers: Path) -> None:
    answer = good()
    first = client.post("check-in", json=answer)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    assert first.json()["lines"]
    assert client.post("check-in", json=answer).json() == {"lines": []}
    assert [line for line in written(hers) if answer["key"] in line] == [
        line for line in written(hers) if line.endswith(answer["key"])
    ]
    assert sum(answer["key"] in line for line in written(hers)) == 1


def test_who_is_not_our_page_writes_nothing(client: Any, server: Served, hers: Path) -> None:
    before = written(hers)
    origin = client.headers["origin"]
    for other in ("http://evil.example", "null", "", origin.replace("http", "https"), origin + "0"):
        assert client.post("check-in", json=good(), headers={"origin": other}).status_code == 403
    with httpx.Client(base_url=server.address, trust_env=False, verify=False, timeout=60) as plain:
        assert plain.post("check-in", json=good()).status_code == 403
        foreign = {"host": "evil.example", "origin": "http://evil.example"}
        assert plain.post("check-in", json=good(), headers=foreign).status_code == 421
        elsewhere = server.address.rsplit("/", 2)[0] + "/" + "x" * 22 + "/check-in"
        assert plain.post(elsewhere, json=good(), headers={"origin": origin}).status_code == 405
    as_form = {"content-type": "text/plain"}
    content = json.dumps(good())
    assert client.post("check-in", content=content, headers=as_form).status_code == 415
    cross = {"sec-fetch-site": "cross-site"}
    assert client.post("check-in", json=good(), headers=cross).status_code == 403
    for path in ("", "weeks", "now.json", "feed.xml", "klein-programma/week-01/", "check-in/x"):
        assert client.post(path, json=good()).status_code == 405
    assert written(hers) == before


ODD: list[Any] = [
    {},
    good(answers={}),
    good(answers={"done": "yes"}),
    good(answers={"red_flag": True}),
    good(answers={"day": 1}),
    good(number=0),
    good(number=True),
    good(number=10**9),
    good(key="x"),
    good(day="2026-02-30"),
    good(day=str(environment.today() + timedelta(days=2))),
    good(day=str(BORN - timedelta(days=1))),
    good(call={"group": "now", "sign": 0, "confirmed": True}),
    {**good(takes_back="0" * 32), "answers": 1},
]


def test_what_our_page_does_not_send_is_refused(client: Any, hers: Path) -> None:
    before = written(hers)

    def refused(content: Any) -> None:
        assert 400 <= client.post("check-in", json=content).status_code < 500

    for content in ODD:
        refused(content)
    for call in (
        {"group": "now", "sign": 0},
        {"group": "now", "sign": 99, "confirmed": True},
        {"group": ["now"], "sign": 0, "confirmed": True},
        {"group": "soon", "sign": 0, "confirmed": True},
    ):
        content = {key: value for key, value in good(call=call).items() if key != "answers"}
        refused(content)
    assert written(hers) == before


def test_where_there_is_a_profile_none_is_made(client: Any, hers: Path) -> None:
    before = (hers / "voicecoach.yaml").read_bytes()
    assert client.post("start", json={"answers": []}).status_code == 409
    assert (hers / "voicecoach.yaml").read_bytes() == before


def test_what_is_hers_is_kept_by_no_browser(client: Any) -> None:
    for path in ("", "now.json"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "form-action 'none'" in client.get("").headers["content-security-policy"]


def test_a_sign_to_call_about_can_be_taken_back(client: Any, hers: Path) -> None:
    call = {"group": "today", "sign": 1, "confirmed": True}
    content = {key: value for key, value in good(call=call).items() if key != "answers"}
    assert client.post("check-in", json=content).status_code == 200
    assert "call=yes" in written(hers)[-1]
    back = {**content, "key": secrets.token_hex(16), "takes_back": content["key"]}
    del back["call"]
    assert client.post("check-in", json=back).status_code == 200
    assert written(hers)[-1].endswith(f"takes back {content['key']}")
    unknown = {**back, "key": secrets.token_hex(16), "takes_back": "0" * 32}
    assert client.post("check-in", json=unknown).status_code == 409


def test_a_body_that_is_long_or_never_ends_is_refused(client: Any, server: Served) -> None:
    assert client.post("check-in", json=good(x="x" * 10_000_000)).status_code == 413
    address = (server.host, server.port)
    path = server.address[server.address.index("/", 8) :]
    head = (
        f"POST {path}check-in HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        f"Origin: {client.headers['origin']}\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\n\r\n{"
    )
    with socket.create_connection(address, timeout=20) as slow:
        slow.sendall(head.encode())
        begun = time.monotonic()
        answered = slow.recv(1000)
        assert time.monotonic() - begun < 15
        assert answered == b"" or b" 408 " in answered.split(b"\r\n")[0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("key", "day", "number", "answers", "call", "takes_back", "on")


def test_odd_json_is_refused_and_never_a_fault(client: Any, hers: Path) -> None:
    """Without the server's limit of a minute in between: what is sent is looked at directly."""
    from voicecoach.cli.serving.answers import Answers
    from voicecoach.phone.web.home import Home

    home = Home(folder=hers, out=hers / "output", content=hers / "content")
    writes = Answers(home, lambda remark: None, lambda: None).writes
    before = written(hers)

    @settings(max_examples=20)
    @given(st.sampled_from(sorted(writes)), st.dictionaries(st.sampled_from(KEYS), json_values))
    def refuses(path: str, content: dict[str, Any]) -> None:
        status, _ = writes[path]({**content, "key": content.get("key", "0" * 32)})
        assert 400 <= status < 500

    refuses()
    assert written(hers) == before


def test_what_she_tells_of_sport_is_what_init_keeps(tmp_path: Path) -> None:
    from voicecoach.cli.serving.answers import Answers
    from voicecoach.phone.web.home import Home

    def told(answers: Any, on: date = TODAY) -> tuple[int, Any]:
        home = Home(folder=tmp_path, out=tmp_path / "output", content=environment.built_in())
        tell = Answers(home, lambda remark: None, lambda: None).writes["sport"]
        return tell({"day": str(on), "answers": answers})

    assert told({"hop": "yes"})[0] == 409
    for days, status in ((121, 422), (130, 200)):
        born = environment.today() - timedelta(days=days)
        path = tmp_path / profile_client.FILE
        path.write_text(f"format: 1\nlanguage: nl\nbirth_date: {born}\nstarted: {born}\n", "utf-8")
        path.chmod(0o600)
        assert told({"hop": "leaks"})[0] == status
    before = path.read_bytes()
    for odd in (
        {},
        [],
        {"hop": True},
        {"hop": "maybe"},
        {"fly": "yes"},
        {"hop": "yes", "x": "yes"},
    ):
        assert told(odd)[0] == 422, odd
    assert told({"hop": "yes"}, environment.today() + timedelta(days=1))[0] == 422
    earlier = told({"hop": "yes"}, environment.today() - timedelta(days=1))
    assert (earlier[0], path.read_bytes()) == (200, before), "it overrides nothing newer"
    status, answered = told({"walk": "yes"})
    said = " ".join(answered["lines"])
    assert status == 200 and "je verliest urine" in said and "voicecoach" not in said
    assert dict(profile_client.read(tmp_path, None).sport) == {"hop": "leaks", "walk": "yes"}


KILLS, ANSWERS = 8, 40
"""Fifty kills during two hundred answers have been seen to hold as well."""


class Teller:
    """A phone that tells one thing after another, each until it is saved, as today's page does."""

    def __init__(self, count: int, dice: random.Random) -> None:
        self._waiting = [_told(number, dice) for number in range(1, count + 1)]
        self.keys = [content["key"] for content in self._waiting]
        self.saved: list[str] = []
        self.unheard = 0
        """How often something was written and the phone did not hear so."""

    def send(self, running: Served, folder: Path) -> None:
        """Sends what waits, until all is saved or the server is away."""
        with page_of(running) as page, contextlib.suppress(httpx.HTTPError):
            while self._waiting:
                key = self._waiting[0]["key"]
                self.unheard += f" {key}" in told_in(folder)
                assert page.post("check-in", json=self._waiting[0]).status_code == 200
                assert is_told_once(key, folder), "what is called saved is there"
                del self._waiting[0]
                self.saved.append(key)


def _told(number: int, dice: random.Random) -> dict[str, Any]:
    content = good(number=number)
    if dice.random() < 0.2:
        del content["answers"]
        content["call"] = {"group": "now", "sign": 0, "confirmed": True}
    return content


def is_told_once(key: str, folder: Path) -> bool:
    return [line.split()[-1] for line in written(folder)].count(key) == 1


def test_the_yes_or_no_to_a_voice_is_kept_once(client: Any, hers: Path) -> None:
    """The page asks, and never again."""
    assert 'id="voice"' in client.get("").text
    for odd in ({}, {"wants": "no"}, {"wants": None}, {"wants": 0}):
        assert client.post("voice", json=odd).status_code == 422
    for wants in (False, True):
        assert "vraag het niet meer" in client.post("voice", json={"wants": wants}).text
    assert "natural_voice: no\n" in (hers / profile_client.FILE).read_text("utf-8")
    assert 'id="voice"' not in client.get("").text


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
def test_killed_while_it_writes_it_keeps_what_it_said_it_has_once(
    hers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two phones tell; the server is killed at random moments, and started again."""
    shutil.copy2(hers / profile_client.FILE, tmp_path)
    monkeypatch.chdir(tmp_path)
    dice = random.Random(1)
    phones = [Teller(ANSWERS // 2, dice) for _ in range(2)]
    where = ("--local", "--port", str(free_port()), "--content", str(hers / "content"))
    for life in range(KILLS + 1):
        running = Served(tmp_path / "output", *where)
        with ThreadPoolExecutor(2) as pool:
            telling = [pool.submit(phone.send, running, tmp_path) for phone in phones]
            if life < KILLS:
                enough = (life + 0.5) * ANSWERS / (KILLS + 1)
                while len(written(tmp_path)) < enough and not any(map(Future.done, telling)):
                    time.sleep(0.001)
                time.sleep(dice.uniform(0, 0.2))
                running.process.kill()
            for each in telling:
                each.result()
        running.process.terminate()
        running.wait()
    told = [line.split()[-1] for line in written(tmp_path)]
    assert sorted(told) == sorted(key for phone in phones for key in phone.keys)
    for phone in phones:
        assert phone.saved == phone.keys == [key for key in told if key in phone.keys]
    notes: list[str] = []
    check_ins.read(tmp_path, BORN, TODAY, notes.append)
    assert notes == [], "no line is torn"


def test_three_hundred_at_once_are_too_many(
    hers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server of its own, which takes nothing more for a minute."""
    shutil.copy2(hers / profile_client.FILE, tmp_path)
    monkeypatch.chdir(tmp_path)
    each_anew = {"connection": "close"}
    where = (tmp_path / "output", "--local", "--content", str(hers / "content"))
    with served(*where) as alone, page_of(alone) as client, ThreadPoolExecutor(20) as pool:

        def post(_: int) -> int:
            return int(client.post("check-in", json={"x": 1}, headers=each_anew).status_code)

        statuses = list(pool.map(post, range(300)))
        assert set(statuses) == {422, 429}
        assert client.get("").status_code == 200
