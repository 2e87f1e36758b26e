"""``voicecoach serve`` as its user meets it: the address, the end, and many phones at once."""

import asyncio
import contextlib
import hashlib
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from conftest import Run, run_voicecoach
from stand_in import SLUG, Served, files_of, served, write

from voicecoach.cli.phone import qr_code
from voicecoach.environment import DATA_VARIABLE
from voicecoach.errors import ServeError
from voicecoach.phone.web import address as web_address

TRACK = "w03-00-welkom.mp3"
CONNECTIONS = 50
REQUESTS = 2_000
BUILDS = 5
FILES_IN_A_ROW = 5


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write(tmp_path / "output", "a")
    return tmp_path / "output"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the address."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


# --- the address --------------------------------------------------------------------------------


def test_the_address_is_the_first_line_and_all_of_stdout(out: Path) -> None:
    with served(out) as server:
        assert re.fullmatch(r"http://[0-9.]+:[0-9]+/[A-Za-z0-9_-]{22,}/", server.address)
        assert get(server, f"{SLUG}/week-03/{TRACK}") == files_of("a")[TRACK]
    assert server.rest == ""


def test_hints_stand_on_stderr(out: Path) -> None:
    server = Served(out)
    _, said = server.end(signal.SIGINT)
    assert "feed.xml" not in said  # feeds are on the page
    for word in ("same wifi", "firewall", str(server.port), "Ctrl-C"):
        assert word in said
    assert "\x1b" not in said and "█" not in said


def test_phones_on_the_network_reach_it_unless_it_is_local(out: Path) -> None:
    best = web_address.addresses().best
    if best is None:
        pytest.skip("this computer is on no network")
    with served(out) as server:
        assert server.host == best
    with served(out, "--local") as server:
        assert server.host == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((best, server.port), timeout=5)


def test_without_a_network_it_says_so_and_serves_this_computer(out: Path) -> None:
    unshare = shutil.which("unshare")
    alone = (str(unshare), "--map-root-user", "--net")
    if unshare is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("needs network namespaces (Linux)")
    server = Served(out, by=alone)
    _, said = server.end(signal.SIGINT)
    assert server.host == "127.0.0.1"
    assert "on no network" in said


def test_a_port_can_be_chosen(out: Path) -> None:
    port = free_port()
    with served(out, "--local", "--port", str(port)) as server:
        assert server.port == port


def test_a_port_that_is_taken_is_an_error_that_says_what_to_do(out: Path) -> None:
    with served(out, "--local") as server:
        result = run_voicecoach(out.parent, "serve", "--local", "--port", str(server.port))
    assert (result.returncode, result.stdout) == (1, "")
    assert f"port {server.port} is in use" in result.stderr
    assert "--port" in result.stderr


def test_a_folder_keeps_its_port_and_no_other_folder_gets_it(out: Path, tmp_path: Path) -> None:
    write(tmp_path / "other", "a")
    with served(out, "--local") as first, served(tmp_path / "other", "--local") as second:
        assert first.port != second.port
        for server in (first, second):
            assert get(server, f"{SLUG}/week-03/{TRACK}") == files_of("a")[TRACK]
        again = run_voicecoach(out.parent, "serve", "--local", "--out", str(out))
        assert again.returncode == 1
        assert f"port {first.port} is in use" in again.stderr
    with served(out, "--local") as later:
        assert later.port == first.port


def test_the_secret_stays_the_same_until_a_new_one_is_wanted(out: Path, data: Path) -> None:
    def secret(*options: str) -> str:
        with served(out, "--local", *options, data=data) as server:
            return server.address.split("/")[3]

    first = secret()
    assert secret() == first
    new = secret("--new-address")
    assert new != first
    assert secret() == new


# --- the secret ---------------------------------------------------------------------------------


def test_a_key_is_random_and_only_its_owner_can_read_it(data: Path) -> None:
    keys = {web_address.obtain_key(data.parent, new=True) for _ in range(5)}
    assert len(keys) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22,}", key) for key in keys)
    (path,) = (path for path in data.rglob("*") if path.is_file())
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", [b"", b"short", b"\xff\xfe", b"../../" * 10, b"a" * 1000])
def test_a_key_that_was_spoilt_is_an_error_that_says_what_to_do(data: Path, text: bytes) -> None:
    web_address.obtain_key(data.parent, new=False)
    (path,) = (path for path in data.rglob("*") if path.is_file())
    path.write_bytes(text)
    with pytest.raises(ServeError, match="--new-address"):
        web_address.obtain_key(data.parent, new=False)
    assert web_address.obtain_key(data.parent, new=True) == web_address.obtain_key(
        data.parent, new=False
    )


def test_a_key_that_cannot_be_kept_is_an_error_that_names_the_place(data: Path) -> None:
    data.write_text("a file")
    with pytest.raises(ServeError, match=f"{re.escape(str(data))}.*{DATA_VARIABLE}"):
        web_address.obtain_key(data.parent, new=False)


# --- the network --------------------------------------------------------------------------------


def test_addresses_are_those_of_this_computer_but_not_loopback() -> None:
    found = web_address.addresses()
    for address in (*found.others, *([found.best] if found.best else [])):
        assert not address.startswith(("127.", "169.254."))
        with socket.socket() as probe:
            probe.bind((address, 0))  # only an own address can be bound
    assert found.best not in found.others


def test_a_port_below_1024_is_refused_with_a_reason() -> None:
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("the superuser may use any port")
    with pytest.raises(ServeError, match="port 80 may not be used here"):
        web_address.listen(80, local=True)


# --- the code -----------------------------------------------------------------------------------


def test_the_code_is_that_of_the_address_in_black_on_white_with_its_margin() -> None:
    address = "http://192.168.100.100:8765/" + "x" * 22 + "/"
    lines = [
        re.fullmatch(r"\x1b\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\[0m", line)
        for line in qr_code(address).split("\n")
    ]
    assert all(lines)
    drawn = [
        [character in upper for character in line[1]]
        for line in lines
        if line
        for upper in ("▀█", "▄█")
    ]
    expected = [
        [bool(dark) for dark in row] for row in segno.make_qr(address).matrix_iter(border=4)
    ]
    assert drawn[: len(expected)] == expected
    assert not any(any(row) for row in drawn[len(expected) :])
    assert len(drawn[0]) <= 80 and len(lines) <= 24


def test_on_a_terminal_the_code_is_shown(out: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "serve", "--local", "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    os.close(theirs)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    shown = b""
    code = None
    while code is None or code not in shown:
        assert select.select([ours], [], [], 30)[0]
        shown += os.read(ours, 1 << 16)
        code = qr_code(address).encode().replace(b"\n", b"\r\n")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stdout.close()
    os.close(ours)
    assert shown.endswith(code + b"\r\n"), "the code is not the last thing"


# --- the end ------------------------------------------------------------------------------------


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_also_while_phones_listen(out: Path, signal_number: int) -> None:
    server = Served(out, "--local")
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            connection = stack.enter_context(socket.create_connection((server.host, server.port)))
            connection.sendall(request(server, f"{SLUG}/week-03/{TRACK}") * 40)  # read by nobody
        idle = stack.enter_context(socket.create_connection((server.host, server.port)))
        idle.sendall(request(server, "")[:10])
        time.sleep(0.3)
        started = time.monotonic()
        code, said = server.end(signal_number, limit_s=30)
        assert time.monotonic() - started < 10
    assert code == 0
    assert "Traceback" not in said and "Error" not in said and "Aborted" not in said


def test_stopped_the_moment_the_address_appears_it_ends_quietly(out: Path) -> None:
    for _ in range(3):
        code, said = Served(out, "--local").end(signal.SIGINT)
        assert (code, "Traceback" in said) == (0, False)


# --- errors -------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_read_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("serve", "--out", "file")
    assert (result.returncode, result.stdout) == (1, "")
    assert "file: cannot be read" in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
def test_what_is_no_port_is_a_usage_error(run: Run, port: str) -> None:
    assert run("serve", "--port", port).returncode == 2


# --- many phones --------------------------------------------------------------------------------


def test_phones_that_read_slowly_do_not_hold_up_others(out: Path) -> None:
    expected = files_of("a")[TRACK]
    many = 10
    with served(out, "--local") as server, contextlib.ExitStack() as stack:
        slow = []
        for _ in range(CONNECTIONS):
            connection = stack.enter_context(socket.create_connection((server.host, server.port)))
            connection.settimeout(60)
            connection.sendall(request(server, f"{SLUG}/week-03/{TRACK}") * many)
            slow.append(connection)
        for _ in range(20):
            assert get(server, f"{SLUG}/week-03/{TRACK}") == expected
        for connection in slow:
            received = b""
            while received.count(b"HTTP/1.1 200") < many or not received.endswith(expected):
                part = connection.recv(1 << 20)
                assert part
                received += part
            assert received.count(expected) == many


class Rebuilt:
    """A pack that is built anew again and again, and clients that see only whole builds of it.

    The server keeps the build before the current one. So the next build begins only when no client
    is still at work on the build before the current one.
    """

    def __init__(self, listing: Path, build: Callable[[int], object]) -> None:
        self._listing = listing
        self._build = build
        self.builds = 0
        self.requests = 0
        self._numbers = {listing.read_bytes(): 0}
        """Number of the last build with this pack.json."""
        self._newest = 0
        self._at_work = dict.fromkeys(range(CONNECTIONS), 0)
        """What build each client is at work on, or an earlier one."""
        self._done = False

    async def keep_building(self) -> None:
        while not self._done:
            if any(number < self.builds for number in self._at_work.values()):
                await asyncio.sleep(0.005)
                continue
            await asyncio.to_thread(self._build, self.builds + 1)
            self.builds += 1
            self._numbers[self._listing.read_bytes()] = self.builds

    async def listen(self, client: int, server: Served) -> None:
        connection = await Connection.open(server)
        try:
            while self.requests < REQUESTS or self.builds < BUILDS:
                await self._sweep(client, connection)
        finally:
            self._at_work.pop(client, None)
            self._done = True
            await connection.close()

    async def _sweep(self, client: int, connection: "Connection") -> None:
        self._at_work[client] = self._newest
        listing = await self.get(connection, "pack.json")
        number = self._numbers.get(listing, self._newest)
        self._at_work[client] = number
        self._newest = max(self._newest, number)
        pack = json.loads(listing)
        entries = [*pack["tracks"], *pack["files"]]
        for entry in random.sample(entries, FILES_IN_A_ROW):
            by_hash = await self.get(connection, f"{entry['file']}?v={entry['sha256'][:16]}")
            assert hashlib.sha256(by_hash).hexdigest() == entry["sha256"]
        await self._check_unversioned(connection, listing, random.choice(entries))

    async def _check_unversioned(
        self, connection: "Connection", listing: bytes, entry: dict[str, str]
    ) -> None:
        status, body = await connection.get(entry["file"])
        self.requests += 1
        if await self.get(connection, "pack.json") == listing:
            assert status == 200
            assert hashlib.sha256(body).hexdigest() == entry["sha256"]
        else:
            assert status in (200, 404)

    async def get(self, connection: "Connection", name: str) -> bytes:
        status, body = await connection.get(name)
        self.requests += 1
        assert status == 200, name
        return body


class Connection:
    """One phone: a connection that is kept open."""

    def __init__(
        self, server: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, server: Served) -> "Connection":
        return cls(server, *await asyncio.open_connection(server.host, server.port))

    async def get(self, name: str) -> tuple[int, bytes]:
        self._writer.write(request(self._server, f"{SLUG}/week-03/{name}"))
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: ([0-9]+)", head)
        assert length is not None
        return int(head.split()[1]), await self._reader.readexactly(int(length[1]))

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


async def all_at_once(rebuilt: Rebuilt, server: Served) -> None:
    listeners = [rebuilt.listen(client, server) for client in range(CONNECTIONS)]
    for failure in await asyncio.gather(
        rebuilt.keep_building(), *listeners, return_exceptions=True
    ):
        if failure is not None:
            raise failure


def test_fifty_phones_see_only_whole_builds_while_a_pack_is_rebuilt(out: Path) -> None:
    rebuilt = Rebuilt(out / SLUG / "week-03" / "pack.json", lambda number: write(out, f"b{number}"))
    with served(out, "--local") as server:
        asyncio.run(all_at_once(rebuilt, server))
    assert rebuilt.requests >= REQUESTS
    assert rebuilt.builds >= BUILDS


@pytest.mark.slow
def test_fifty_phones_see_only_whole_packs_while_voicecoach_builds(out: Path) -> None:
    shutil.rmtree(out)

    def build(number: int) -> None:
        guidance = ("full", "tones")[number % 2]
        result = run_voicecoach(out.parent, "build", "--week", "3", "--guidance", guidance)
        assert result.returncode == 0, result.stderr

    for number in (1, 2):
        build(number)  # fills the cache, so that the next ones are fast
    rebuilt = Rebuilt(out / SLUG / "week-03" / "pack.json", build)
    with served(out, "--local") as server:
        asyncio.run(all_at_once(rebuilt, server))
    assert rebuilt.requests >= REQUESTS


# --- a plain client -----------------------------------------------------------------------------


def request(server: Served, path: str) -> bytes:
    target = "/" + server.address.split("/", 3)[3] + path
    return f"GET {target} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode()


def get(server: Served, path: str) -> bytes:
    async def once() -> bytes:
        connection = await Connection.open(server)
        status, body = await connection.get(path.removeprefix(f"{SLUG}/week-03/"))
        await connection.close()
        assert status == 200
        return body

    return asyncio.run(once())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
