"""``voicecoach serve`` among strangers: who holds on to connections, who comes by another name, who
knows the address of somebody else, and packs that somebody has written into."""

import asyncio
import contextlib
import gzip
import hashlib
import json
import os
import pty
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stand_in import SLUG, Served, files_of, manifest_of, served, write

from voicecoach.environment import DATA_VARIABLE
from voicecoach.pack import manifest
from voicecoach.phone.web import address as web_address
from voicecoach.phone.web.answer import takes_gzip

resource = pytest.importorskip("resource", reason="needs limits on open files")

WEEK = f"{SLUG}/week-03/"
TRACK = "w03-00-welkom.mp3"
LISTENERS = 50
LOOK_S = 0.25
"""In this time a server has looked for packs that changed."""
WITH_FEW_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
os.execv(sys.argv[1], sys.argv[1:])
"""
IN_A_HURRY = """
import sys
from voicecoach.phone.web import connections
connections._STRANGER_S, connections._LISTENER_S = 1.0, 2.0
sys.argv[:] = sys.argv[3:]
from voicecoach.__main__ import main
main()
"""


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    write(tmp_path / "output", "a")
    return tmp_path / "output"


@contextlib.contextmanager
def served_by(out: Path, *by: str) -> Iterator[Served]:
    server = Served(out, "--local", by=by)
    try:
        yield server
    finally:
        server.process.terminate()
        code, said = server.wait()
    assert (code, said.count("Note:") <= 1, "Traceback" in said) == (0, True, False), said


class Strangers:
    """Connections that are held on to."""

    def __init__(self, server: Served) -> None:
        self._server = server
        self.held: list[socket.socket] = []

    def come(self, count: int, *said: bytes) -> None:
        for number in range(count):
            held = socket.create_connection(("127.0.0.1", self._server.port), timeout=30)
            self.held.append(held)
            if said:
                with contextlib.suppress(ConnectionError):  # others have taken its place
                    held.sendall(said[number % len(said)])

    def leave(self) -> None:
        for held in self.held:
            held.close()
        self.held.clear()


@contextlib.contextmanager
def strangers_at(server: Served) -> Iterator[Strangers]:
    strangers = Strangers(server)
    try:
        yield strangers
    finally:
        strangers.leave()


def key_of(server: Served) -> str:
    return server.address.split("/")[3]


def request(server: Served, path: str, *lines: str, host: str | None = None) -> bytes:
    host = host if host is not None else f"127.0.0.1:{server.port}"
    head = [f"GET /{key_of(server)}/{path} HTTP/1.1", f"Host: {host}", *lines, "", ""]
    return "\r\n".join(head).encode()


def ask(server: Served, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to ``raw``, after which the connection ends."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(raw)
        received = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").lower().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body


def get(server: Served, path: str, *lines: str) -> tuple[int, dict[str, str], bytes]:
    return ask(server, request(server, path, "Connection: close", *lines))


def gets_the_track(server: Served) -> bool:
    status, _, body = get(server, WEEK + TRACK)
    return status == 200 and body == files_of("a")[TRACK]


def all_listen(server: Served) -> bool:
    with ThreadPoolExecutor(LISTENERS) as pool:
        return all(pool.map(lambda _: gets_the_track(server), range(LISTENERS)))


def is_ended(connection: socket.socket) -> bool:
    """Whether the other side ends ``connection`` within a time that is long enough anywhere."""
    connection.settimeout(60)
    try:
        while connection.recv(1 << 20):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


# --- who holds on to connections ----------------------------------------------------------------

HALF = (b"", b"G", b"GET / HTTP/1.1\r\nHost: loc", b"\x16\x03\x01")


def test_fifty_listen_while_strangers_hold_all_connections_there_may_be(out: Path) -> None:
    with served_by(out) as server, strangers_at(server) as strangers:
        strangers.come(450, *HALF)
        assert all_listen(server)
        strangers.leave()
        assert gets_the_track(server)


def test_few_open_files_are_enough_to_listen_while_strangers_hold_on(out: Path) -> None:
    with (
        served_by(out, sys.executable, "-c", WITH_FEW_FILES) as server,
        strangers_at(server) as strangers,
    ):
        for _ in range(3):
            strangers.come(100, *HALF)
            assert gets_the_track(server)
        open_files = Path(f"/proc/{server.process.pid}/fd")
        assert not open_files.exists() or len(list(open_files.iterdir())) < 64


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs prlimit (Linux)")
def test_where_no_file_can_be_opened_it_waits_says_so_once_and_goes_on(out: Path) -> None:
    server = Served(out, "--local", by=(sys.executable, "-c", IN_A_HURRY))
    with strangers_at(server) as strangers:
        assert gets_the_track(server)
        pid = server.process.pid
        taken = max(int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir())
        hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (taken + 4, hard))
        for _ in range(2):
            strangers.come(30, *HALF)
            assert gets_the_track(server)
        strangers.leave()
        assert gets_the_track(server)
        code, said = server.end(signal.SIGTERM)
    assert (code, "Traceback" in said) == (0, False)
    assert (said.count("Note:"), said.count("Too many open files")) == (1, 1)


def test_connections_that_are_reset_at_once_are_no_news(out: Path) -> None:
    with served_by(out) as server:
        for number in range(300):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            if number % 2:
                connection.sendall(request(server, WEEK + TRACK) * 3)
            connection.close()
        assert all_listen(server)


def test_who_asks_for_nothing_or_stops_reading_is_sent_away(out: Path) -> None:
    with (
        served_by(out, sys.executable, "-c", IN_A_HURRY) as server,
        strangers_at(server) as strangers,
    ):
        wrong = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
        strangers.come(4, *HALF)
        strangers.come(1, wrong)
        strangers.come(1, wrong * 2000)
        strangers.come(1, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1")
        strangers.come(1, request(server, WEEK + TRACK)[:-1])
        strangers.come(1, request(server, WEEK + TRACK) * 40)
        drips = threading.Thread(target=drip, args=(strangers.held[1],))
        drips.start()
        assert all(map(is_ended, strangers.held))
        drips.join()


def drip(connection: socket.socket) -> None:
    """A header that never ends, a byte at a time."""
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"a")
            time.sleep(0.05)


def test_a_listener_may_take_longer_than_a_stranger(out: Path) -> None:
    with served_by(out, sys.executable, "-c", IN_A_HURRY) as server:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sendall(request(server, WEEK + TRACK, "Connection: close"))
        received = b""
        while part := connection.recv(8_192):
            received += part
            time.sleep(0.05)  # 300 kB in 2 s at least
        connection.close()
    assert received.endswith(files_of("a")[TRACK])


def test_small_answers_are_sent_at_once() -> None:
    async def is_undelayed() -> bool:
        answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            answered.set_result(bool(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        listener = web_address.listen(0, local=True)
        async with await asyncio.start_server(greet, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            result = await answered
            writer.close()
        return result

    assert asyncio.run(is_undelayed())


# --- the end among strangers --------------------------------------------------------------------


@pytest.mark.usefixtures("signals_as_at_a_terminal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_cleanly_whoever_holds_on(out: Path, name: str) -> None:
    server = Served(out, "--local")
    with strangers_at(server) as strangers:
        strangers.come(200, *HALF)
        strangers.come(5, request(server, WEEK + TRACK) * 40)
        code, said = server.end(getattr(signal, name), limit_s=60)
    assert (code, "Traceback" in said, "Error" in said) == (0, False, False), said


@pytest.mark.usefixtures("signals_as_at_a_terminal")
def test_it_ends_when_its_terminal_is_closed(out: Path) -> None:
    process, _, terminal = on_a_terminal(out, "")
    os.close(terminal)
    assert process.wait(60) == 0


def test_under_nohup_it_goes_on_though_nobody_can_be_told(out: Path) -> None:
    process, address, terminal = on_a_terminal(out, "signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    os.close(terminal)
    (out / SLUG / "week-09").mkdir()
    (out / SLUG / "week-09" / manifest.FILE).write_text("nonsense")
    time.sleep(1.1)  # until it looks for packs again
    host, port = address.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(f"GET /{address.split('/')[3]}/ HTTP/1.0\r\n\r\n".encode())
        assert connection.recv(100).split()[1] == b"307"
    process.terminate()
    assert process.wait(60) == 0


def on_a_terminal(out: Path, first: str) -> tuple["subprocess.Popen[str]", str, int]:
    """A server on a terminal of its own that runs ``first`` before; its address; the terminal."""
    ours, theirs = pty.openpty()
    start = f"""
import fcntl, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
{first}
from voicecoach.__main__ import main
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", start, "serve", "--local", "--out", str(out)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        start_new_session=True,
    )
    os.close(theirs)
    assert process.stdout is not None
    with process.stdout:
        address = process.stdout.readline().strip()
    shown = b""
    while b"Ctrl-C stops" not in shown:
        shown += os.read(ours, 1 << 16)
    return process, address, ours


# --- who comes by another name ------------------------------------------------------------------


def test_by_a_foreign_name_nothing_is_told(out: Path) -> None:
    with served(out, "--local") as server:
        port = server.port
        for host in (
            "evil.example",
            f"evil.example:{port}",
            f"127.0.0.1.evil.example:{port}",
            f"localhost.evil.example:{port}",
            f"evil.example:{port}@127.0.0.1",
            f"127.0.0.1:{port}/x",
            f"127.0.0.1:{port}, evil.example",
            "203.0.113.9",
            "0.0.0.0",
            "[2001:db8::1]",
            "[::1",
            "::1",
            "2130706433",
            f"{socket.gethostname()}.evil.example",
            "",
            ".",
        ):
            for path in ("", WEEK, WEEK + TRACK, WEEK + "feed.xml"):
                status, headers, body = ask(
                    server, request(server, path, "Connection: close", host=host)
                )
                assert status == 421, host
                assert key_of(server).encode() not in body
                assert headers["cache-control"] == "no-store"
        twice = request(server, WEEK, f"Host: localhost:{port}", host="evil.example")
        assert ask(server, twice)[0] == 400
        absolute = request(server, WEEK).replace(b"GET /", b"GET http://evil.example/")
        assert ask(server, absolute)[0] in (400, 404, 421)


def test_by_each_of_its_own_names_it_answers_with_or_without_a_port(out: Path) -> None:
    name = socket.gethostname().lower().partition(".")[0]
    here = web_address.addresses()
    with served(out, "--local") as server:
        for host in (
            "localhost",
            "LOCALHOST.",
            "127.0.0.1",
            "[::1]",
            name,
            f"{name.upper()}.local",
            f"{name}.local.",
            *([here.best] if here.best else []),
            *here.others,
        ):
            for port in ("", f":{server.port}"):
                status, _, body = ask(
                    server, request(server, WEEK, "Connection: close", host=host + port)
                )
                assert (status, body) == (200, files_of("a")["index.html"]), host
        without = f"GET /{key_of(server)}/{WEEK} HTTP/1.0\r\n\r\n".encode()
        assert ask(server, without)[0] == 200


def test_an_address_that_the_computer_got_later_is_its_own(out: Path) -> None:
    later = "127.0.0.77"
    with (
        served(out) as server,
        socket.create_connection((later, server.port), timeout=30) as connection,
    ):
        connection.sendall(request(server, WEEK, "Connection: close", host=later))
        assert connection.recv(100).split()[1] == b"200"


# --- who knows the address of somebody else -----------------------------------------------------


def test_the_address_of_one_client_opens_no_folder_of_another(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "clients" / "b"
    write(other, "b")
    with served(out, "--local") as server:
        key = key_of(server)
    with served(other, "--local") as server:
        assert key_of(server) != key
        wrong = request(server, WEEK).replace(key_of(server).encode(), key.encode())
        assert ask(server, wrong)[0] == 404
    with served(out, "--local") as first:  # at the port that this folder keeps
        assert key_of(first) == key


def test_a_folder_has_one_address_however_it_is_named(out: Path, monkeypatch: Any) -> None:
    key = web_address.obtain_key(out, new=False)
    monkeypatch.chdir(out)
    link = out.parent / "link"
    link.symlink_to(out)
    for name in (".", "../output", "../link", str(link), f"{out}/", str(out / ".." / "output")):
        assert web_address.obtain_key(Path(name), new=False) == key


def test_a_copy_and_a_folder_inside_have_addresses_of_their_own(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "copy")
    folders = (out, tmp_path / "copy", tmp_path, out / SLUG)
    assert len({web_address.obtain_key(folder, new=False) for folder in folders}) == len(folders)


def test_a_new_address_is_that_of_one_folder_alone(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "b"
    keys = [web_address.obtain_key(folder, new=False) for folder in (out, other)]
    new = web_address.obtain_key(out, new=True)
    assert new != keys[0]
    assert [web_address.obtain_key(folder, new=False) for folder in (out, other)] == [new, keys[1]]


def test_servers_that_start_at_once_agree_and_leave_nothing_else(out: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: web_address.obtain_key(out, new=False), range(50)))
    assert len(keys) == 1
    (file,) = (path for path in (out.parent / "data").rglob("*") if path.is_file())
    assert str(out) not in file.name and "output" not in file.name
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_into_the_folder_of_packs(out: Path) -> None:
    before = sorted(out.rglob("*"))
    with served(out, "--local", "--new-address"):
        assert sorted(out.rglob("*")) == before


# --- packs that somebody has written into -------------------------------------------------------

HUGE = 10**400
SPOILS: dict[str, Callable[[dict[str, Any]], object]] = {
    "edition": lambda pack: pack.update(edition=10_000),
    "no-edition": lambda pack: pack.update(edition=0),
    "week": lambda pack: pack.update(week=10**9),
    "huge-week": lambda pack: pack.update(week=HUGE),
    "duration": lambda pack: pack["tracks"][0].update(duration_ms=HUGE),
    "chapter": lambda pack: pack["tracks"][1]["chapters"][0].update(end_ms=HUGE),
    "surrogate": lambda pack: pack["tracks"][0]["chapters"][0].update(title="\ud800"),
    "title": lambda pack: pack.update(title="\udfff"),
    "infinite": lambda pack: pack.update(edition=float("inf")),
    "deep": lambda pack: pack.update(title=[[[[]]]]),
}


def spoil(folder: Path, spoils: Callable[[dict[str, Any]], object]) -> None:
    pack = json.loads((folder / manifest.FILE).read_text())
    spoils(pack)
    (folder / manifest.FILE).write_text(json.dumps(pack))


def test_whatever_a_pack_says_is_left_out_with_one_note_and_never_a_fault(out: Path) -> None:
    for number, spoils in enumerate(SPOILS.values(), 10):
        spoil(write(out, "a", week=number), spoils)
    server = Served(out, "--local")
    for _ in range(3):
        for number in range(10, 10 + len(SPOILS)):
            for name in ("", "feed.xml", "pack.json", f"w{number}-00-welkom.chapters.json"):
                assert get(server, f"{SLUG}/week-{number}/{name}")[0] == 404
        assert get(server, "")[1]["location"].endswith(WEEK)
        time.sleep(LOOK_S)
    code, said = server.end(signal.SIGTERM)
    assert code == 0
    for number in range(10, 10 + len(SPOILS)):
        assert said.count(f"week-{number}") == 1, said
    assert said.count("left out") == len(SPOILS)


def test_a_pack_that_is_spoilt_while_it_is_served_stays_as_it_was(out: Path) -> None:
    with served(out, "--local") as server:
        feed = get(server, WEEK + "feed.xml")[2]
        for spoils in SPOILS.values():
            spoil(out / SLUG / "week-03", spoils)
            time.sleep(LOOK_S)
            assert get(server, WEEK + "feed.xml")[2] == feed
            write(out, "b")
            write(out, "a")


# --- compressed answers -------------------------------------------------------------------------


@pytest.fixture
def long_page(out: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The page of the pack in ``out``, as long as those that are built."""
    page = b"<!DOCTYPE html><title>Week 3</title><script>let a;</script>" + b"<p>Adem in</p>" * 7000
    pack = manifest_of("a")
    kept = tuple(entry for entry in pack.files if entry.file != manifest.PAGE_FILE)
    entry = manifest.FileEntry(
        file=manifest.PAGE_FILE, bytes=len(page), sha256=hashlib.sha256(page).hexdigest()
    )
    folder = out / SLUG / "week-03"
    (folder / manifest.PAGE_FILE).write_bytes(page)
    (folder / manifest.FILE).write_bytes(manifest.write(replace(pack, files=(*kept, entry))))
    return page


GZIP = "Accept-Encoding: br, gzip"


def test_text_is_compressed_for_who_takes_it(out: Path, long_page: bytes) -> None:
    with served(out, "--local") as server:
        for name in ("", "feed.xml", "pack.json", "w03-00-welkom.chapters.json"):
            _, plainly, plain = get(server, WEEK + name)
            status, headers, packed = get(server, WEEK + name, GZIP)
            assert (status, headers["content-encoding"]) == (200, "gzip")
            assert gzip.decompress(packed) == plain
            assert int(headers["content-length"]) == len(packed) < len(plain)
            assert headers["etag"] != plainly["etag"]
            assert "content-encoding" not in plainly
            assert headers["vary"] == plainly["vary"] == "accept-encoding"
            for key in ("content-type", "cache-control", "x-content-type-options"):
                assert headers[key] == plainly[key]
            assert headers.get("content-security-policy") == plainly.get("content-security-policy")
        assert gzip.decompress(get(server, WEEK, GZIP)[2]) == long_page
        head = request(server, WEEK, GZIP, "Connection: close").replace(b"GET", b"HEAD", 1)
        status, headers, body = ask(server, head)
        assert (status, headers["content-encoding"], body) == (200, "gzip", b"")
        assert int(headers["content-length"]) == len(get(server, WEEK, GZIP)[2])


def test_who_has_it_compressed_or_not_is_not_sent_it_again(out: Path, long_page: bytes) -> None:
    with served(out, "--local") as server:
        for lines in ([], [GZIP]):
            etag = get(server, WEEK, *lines)[1]["etag"]
            status, headers, body = get(server, WEEK, *lines, f"If-None-Match: {etag}")
            assert (status, headers["etag"], body) == (304, etag, b"")
            assert headers["vary"] == "accept-encoding"
            assert "content-encoding" not in headers or lines
        key = key_of(server)
    with served(out, "--local") as server:  # the tag is the same in another run
        assert key_of(server) == key
        assert get(server, WEEK, GZIP, f"If-None-Match: {etag}")[0] == 304


def test_sound_parts_and_what_gets_no_shorter_are_never_compressed(
    out: Path, long_page: bytes
) -> None:
    with served(out, "--local") as server:
        assert gets_the_track(server)
        for name in (TRACK, "cover.jpg", "w03-00-welkom.vtt", "week-03.m3u8"):
            status, headers, body = get(server, WEEK + name, GZIP)
            assert (status, body) == (200, files_of("a")[name])
            assert "content-encoding" not in headers
        status, headers, body = get(server, WEEK, GZIP, "Range: bytes=100-199")
        assert (status, body) == (206, long_page[100:200])
        assert "content-encoding" not in headers
        packed = get(server, WEEK, GZIP)[1]["etag"]
        status, _, body = get(server, WEEK, GZIP, "Range: bytes=0-9", f"If-Range: {packed}")
        assert (status, body) == (200, long_page)


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("x-gzip", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("gzipped, deflate", False),
        (";;,,", False),
    ],
)
def test_gzip_is_for_who_accepts_it(accepted: str, takes: object) -> None:
    assert takes_gzip(accepted) is takes
