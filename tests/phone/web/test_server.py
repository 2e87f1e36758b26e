"""What the server answers, over the network, and what it never does."""

import contextlib
import hashlib
import json
import os
import re
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import stand_in
from hypothesis import given
from hypothesis import strategies as st
from stand_in import SLUG, Served, files_of, served, write

from voicecoach.pack import manifest
from voicecoach.phone.web import address as web_address
from voicecoach.phone.web.answer import UnsatisfiableError, policy, range_asked

httpx = pytest.importorskip("httpx")

FILES = files_of("a")
TRACK = "w03-00-welkom.mp3"
SECRET = b"nobody else may read this"
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks in Dutch and one in English, and things that are nobody's business."""
    root = tmp_path_factory.mktemp("served")
    out = root / "output"
    folder = write(out, "a")
    write(out, "a", week=4)
    write(out, "a", slug="pelvic-floor-after-birth", language="en")
    for place in (root, out, out / SLUG, folder):
        (place / "secret.txt").write_bytes(SECRET)
    (folder / "link.mp3").symlink_to(root / "secret.txt")
    (folder / ".voicecoach-x.part").write_bytes(SECRET)
    return out


@pytest.fixture(scope="module")
def server(out: Path) -> Iterator[Served]:
    with served(out, "--local") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator["httpx.Client"]:
    with httpx.Client(
        base_url=server.address,
        trust_env=False,
        verify=False,
        timeout=60,
        headers={"accept-encoding": "identity"},
    ) as client:
        yield client


@pytest.fixture
def week(server: Served) -> str:
    return f"{server.address}{SLUG}/week-03/"


def version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


# --- files --------------------------------------------------------------------------------------


def test_each_file_lies_at_the_address_and_its_path(
    client: "httpx.Client", server: Served, out: Path
) -> None:
    folder = out / SLUG / "week-03"
    for name in (*FILES, "pack.json"):
        path = (folder / name).relative_to(out).as_posix()
        answer = client.get(server.address + path, headers={"accept-encoding": "identity"})
        assert answer.status_code == 200
        assert answer.content == (folder / name).read_bytes()
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (TRACK, "audio/mpeg"),
        ("cover.jpg", "image/jpeg"),
        ("index.html", "text/html; charset=utf-8"),
        ("week-03.m3u8", "audio/x-mpegurl"),
        ("w03-00-welkom.vtt", "text/vtt; charset=utf-8"),
        ("w03-00-welkom.lrc", "text/plain; charset=utf-8"),
        ("pack.json", "application/json"),
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("w03-00-welkom.chapters.json", "application/json+chapters"),
    ],
)
def test_each_file_says_what_it_is(client: "httpx.Client", week: str, name: str, kind: str) -> None:
    assert client.get(week + name).headers["content-type"] == kind


def test_the_page_is_at_the_folder_of_the_pack(client: "httpx.Client", week: str) -> None:
    assert client.get(week).content == FILES["index.html"]
    away = client.get(week.rstrip("/"))
    assert (away.status_code, away.headers["location"]) == (307, "/" + week.split("/", 3)[3])


def test_head_says_the_same_and_sends_nothing(client: "httpx.Client", week: str) -> None:
    for path in ("", TRACK, "feed.xml", "pack.json", "none"):
        get, head = client.get(week + path), client.head(week + path)
        assert head.content == b""
        assert head.status_code == get.status_code
        for headers in (get.headers, head.headers):
            del headers["date"]
        assert head.headers == get.headers


def test_chapters_are_those_of_the_manifest(client: "httpx.Client", week: str) -> None:
    found = json.loads(client.get(f"{week}w03-01-ademen.chapters.json").content)
    assert [chapter["startTime"] for chapter in found["chapters"]] == [0, 20.5]


# --- by hash ------------------------------------------------------------------------------------


def test_a_file_asked_for_by_its_hash_may_be_kept_for_ever(
    client: "httpx.Client", week: str
) -> None:
    for name, data in FILES.items():
        answer = client.get(f"{week}{name}?v={version(data)}")
        assert answer.content == data
        assert answer.headers["cache-control"] == FOR_EVER


@pytest.mark.parametrize("v", ["", "0" * 16, "x", version(FILES[TRACK])[:15], "%00", "1&v=2"])
def test_another_hash_is_not_found(client: "httpx.Client", week: str, v: str) -> None:
    for name in (TRACK, "pack.json", "feed.xml", "index.html"):
        assert client.get(f"{week}{name}?v={v}").status_code == 404


def test_who_has_it_is_not_sent_it_again(client: "httpx.Client", week: str) -> None:
    for name in (TRACK, "feed.xml", ""):
        etag = client.get(week + name).headers["etag"]
        for tags in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            answer = client.get(week + name, headers={"if-none-match": tags})
            assert (answer.status_code, answer.content) == (304, b"")
            assert (answer.headers["etag"], answer.headers["cache-control"]) == (etag, "no-cache")
        assert client.get(week + name, headers={"if-none-match": '"x"'}).status_code == 200


# --- ranges -------------------------------------------------------------------------------------

SIZE = len(FILES[TRACK])


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=100-299999", 100, 299_999),
        ("bytes=5-", 5, SIZE - 1),
        ("bytes=-7", SIZE - 7, SIZE - 1),
        (f"bytes=-{SIZE + 5}", 0, SIZE - 1),
        (f"bytes=10-{SIZE + 5}", 10, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("Bytes= 0-99", 0, 99),
    ],
)
def test_a_range_is_answered_with_those_bytes(
    client: "httpx.Client", week: str, asked: str, first: int, last: int
) -> None:
    answer = client.get(week + TRACK, headers={"range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.content == FILES[TRACK][first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", f"bytes={10**17}-{10**17}"])
def test_a_range_outside_is_refused(client: "httpx.Client", week: str, asked: str) -> None:
    answer = client.get(week + TRACK, headers={"range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=5-2",
        "bytes=-",
        "bytes=",
        "bytes",
        "lines=0-1",
        "bytes=a-b",
        "bytes=²-",
    ],
)
def test_what_is_no_range_is_answered_with_the_whole(
    client: "httpx.Client", week: str, asked: str
) -> None:
    answer = client.get(week + TRACK, headers={"range": asked.encode("latin-1")})
    assert (answer.status_code, answer.content) == (200, FILES[TRACK])


def test_a_range_is_sent_only_if_the_file_is_still_the_same(
    client: "httpx.Client", week: str
) -> None:
    etag = client.head(week + TRACK).headers["etag"]
    for condition, status in ((etag, 206), ('"x"', 200), (f"W/{etag}", 200)):
        headers = {"range": "bytes=0-9", "if-range": condition}
        assert client.get(week + TRACK, headers=headers).status_code == status


@given(st.text(alphabet="bytes=0123456789-, \t", max_size=30), st.integers(0, 50))
def test_any_range_header_has_an_answer_inside_the_content(header: str, size: int) -> None:
    try:
        found = range_asked(header, size)
    except UnsatisfiableError:
        return
    assert found is None or (0 <= found.start < found.stop <= size)


# --- what is not there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "secret.txt",
        f"{SLUG}",
        f"{SLUG}/",
        f"{SLUG}/secret.txt",
        f"{SLUG}/week-03/secret.txt",
        f"{SLUG}/week-03/link.mp3",
        f"{SLUG}/week-03/.voicecoach-x.part",
        f"{SLUG}/week-03/W03-00-WELKOM.MP3",
        f"{SLUG}/week-03/{TRACK}/",
        f"{SLUG}/week-03//{TRACK}",
        f"{SLUG}//week-03/{TRACK}",
        f"/{SLUG}/week-03/{TRACK}",
        f"{SLUG}/week-99/",
        f"{SLUG}/week-03/../secret.txt",
        f"{SLUG}/week-03/..%2f..%2fsecret.txt",
        f"{SLUG}/week-03/%2e%2e/%2e%2e/secret.txt",
        f"{SLUG}/week-03/..%5c..%5csecret.txt",
        f"{SLUG}/week-03/%252e%252e%252fsecret.txt",
        f"{SLUG}/week-03/%c0%ae%c0%ae/secret.txt",
        f"{SLUG}/week-03/{TRACK}%00",
        f"{SLUG}/week-03/{TRACK}%00.txt",
        f"{SLUG}/week-03/%2e/{TRACK}",
        f"{SLUG}/week-03/{TRACK};x=1",
        "%2e%2e/",
        "../",
        "..",
        "favicon.ico",
    ],
)
def test_nothing_but_what_a_manifest_lists_is_found(server: Served, path: str) -> None:
    status, headers, body = ask(
        server, f"GET {path_of(server)}{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    assert status == 404
    assert SECRET not in body
    assert b"cache-control: no-store" in headers


def test_a_wrong_secret_is_not_found_whatever_follows(server: Served) -> None:
    secret = path_of(server).strip("/")
    answers = set()
    for wrong in ("", "x", secret[:-1], secret + "x", secret.swapcase(), "%00", "é" * 22):
        for path in ("", "/", f"/{SLUG}/week-03/{TRACK}", f"/{SLUG}/week-03/none"):
            target = f"/{wrong}{path}".replace("é", "%C3%A9")
            status, _, body = ask(server, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answers.add((status, body))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "LIST"])
def test_only_reading_is_allowed(client: "httpx.Client", week: str, method: str) -> None:
    for address in (week, week + TRACK, week.replace(SLUG, "none"), f"{client.base_url.join('/')}"):
        answer = client.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


# --- what every answer says ---------------------------------------------------------------------


def test_every_answer_is_private_and_says_nothing_of_the_server(
    client: "httpx.Client", week: str
) -> None:
    for path in ("", TRACK, "feed.xml", "none", "../../", "../.."):
        headers = client.get(week + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_a_page_may_run_its_own_script_and_load_nothing_from_elsewhere(
    client: "httpx.Client", week: str
) -> None:
    rules = client.get(week).headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert re.findall(r"script-src ([^;]*)", rules)[0].startswith("'sha256-")
    assert "http" not in rules and "*" not in rules


def test_the_policy_names_each_script_of_a_page() -> None:
    page = b"<script>a</script><SCRIPT type=module>b &amp; c</SCRIPT><p>d</p>"
    assert policy(page).count("'sha256-") == 2
    assert "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in policy(page)
    assert "script-src 'none'" in policy(b"<p>nothing</p>")


# --- choosing a week ----------------------------------------------------------------------------


def test_the_address_shows_the_weeks_to_choose_from(client: "httpx.Client", server: Served) -> None:
    page = client.get(server.address)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    links = re.findall(r'href="([^"]*)"', page.text)
    for link in (f"{SLUG}/week-03/", f"{SLUG}/week-04/", "pelvic-floor-after-birth/week-03/"):
        assert link in links
        [feed] = [found for found in links if found.endswith(f"/{link}feed.xml")]
        assert server.address.split("/")[3] not in feed
        assert client.get(f"http://{server.host}:{server.port}{feed}").status_code == 200
        assert client.get(server.address + link).status_code == 200
    assert "Je bekkenbodem &amp; jij, week 4" in page.text
    assert 'lang="nl"' in page.text and 'lang="en"' in page.text
    assert "http" not in page.text
    without_slash = client.get(server.address.rstrip("/"))
    assert without_slash.headers["location"] == path_of(server)


def test_a_single_week_is_gone_to_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with served(tmp_path, "--local") as alone:
        answer = httpx.get(
            alone.address, follow_redirects=True, trust_env=False, verify=False, timeout=60
        )
    assert answer.content == FILES["index.html"]


# --- the feed -----------------------------------------------------------------------------------


def test_every_address_in_a_feed_answers_with_what_the_feed_says(
    client: "httpx.Client", week: str
) -> None:
    tree = ElementTree.fromstring(client.get(f"{week}feed.xml").content)
    checked = 0
    for element in tree.iter():
        for key, url in (*element.attrib.items(), ("", element.text or "")):
            if "://" in url:
                answer = client.get(url)
                assert answer.status_code == 200
                if kind := element.attrib.get("type"):
                    assert answer.headers["content-type"].partition(";")[0] == kind
                if element.tag == "enclosure":
                    assert int(element.attrib["length"]) == len(answer.content)
                    assert answer.headers["cache-control"] == FOR_EVER
                checked += 1
                assert key in ("", "href", "url")
    assert checked > 12


def hosts_in_feed(server: Served, host: str) -> set[str]:
    target = f"{path_of(server)}{SLUG}/week-03/feed.xml"
    status, _, body = ask(server, f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")
    assert status == 200
    key = web_address.reading_key(path_of(server)[1:-1])
    return set(re.findall(r"http://([^/<\"]*)/" + re.escape(key), body.decode()))


def test_a_feed_names_the_host_it_was_asked_at_only_with_our_port(server: Served) -> None:
    ours = f"127.0.0.1:{server.port}"
    assert hosts_in_feed(server, f"localhost:{server.port}") == {f"localhost:{server.port}"}
    for host in ("127.0.0.1", "127.0.0.1:1", f"LocalHost.:{server.port + 1}", "[::1]:80"):
        assert hosts_in_feed(server, host) == {ours}


# --- fuzz ---------------------------------------------------------------------------------------


def path_of(server: Served) -> str:
    return "/" + server.address.split("/", 3)[3]


def ask(server: Served, request: str | bytes, patience_s: float = 1) -> tuple[int, bytes, bytes]:
    """Sends ``request`` as it is; status (0 for a closed connection), headers and body."""
    raw = request if isinstance(request, bytes) else request.encode("latin-1")
    received = b""
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection,
        contextlib.suppress(ConnectionError),  # it need not read all of what is wrong
    ):
        connection.sendall(raw)
        while not is_complete(received):
            if not select.select([connection], [], [], patience_s)[0]:
                connection.shutdown(socket.SHUT_WR)  # it waits for more: there is no more
            part = connection.recv(1 << 16)
            if not part:
                break
            received += part
    head, _, body = received.removeprefix(CONTINUE).partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, head.lower(), body


CONTINUE = b"HTTP/1.1 100 \r\n\r\n"


def is_complete(received: bytes) -> bool:
    head, end, body = received.removeprefix(CONTINUE).partition(b"\r\n\r\n")
    length = re.search(rb"content-length: ([0-9]+)", head.lower())
    return bool(end) and length is not None and len(body) >= int(length[1])


AWKWARD = [
    b"GET %s HTTP/1.1\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nX-A: %%0\r\n\r\n" % b"%s",
    b"GET %s\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET %s HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET %s HTTP/1.1\nHost: localhost\n\n",
    b"GET %s\r\n\r\n",
    b"GET http://x%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n%s",
    b"CONNECT x:80 HTTP/1.1\r\nHost: localhost\r\n\r\n%s",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n%s",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03%s",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n%s",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%s",
]


@pytest.mark.parametrize("form", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_requests_are_refused(server: Served, form: bytes) -> None:
    target = f"{path_of(server)}{SLUG}/none".encode()
    status, _, body = ask(server, form.replace(b"%s", target))
    assert 400 <= status < 500
    assert SECRET not in body


@pytest.mark.parametrize(
    "more",
    [
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "Content-Length: 3\r\n\r\nabc",
        "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
        "Connection: close\r\n\r\n",
    ],
)
def test_a_body_or_an_upgrade_changes_nothing(server: Served, more: str) -> None:
    target = f"{path_of(server)}{SLUG}/week-03/pack.json"
    status, _, body = ask(server, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{more}")
    assert (status, body) == (200, manifest.write(stand_in.manifest_of("a")))


def test_http_1_0_without_a_host_is_answered(server: Served) -> None:
    target = f"{path_of(server)}{SLUG}/week-03/pack.json"
    status, _, body = ask(server, f"GET {target} HTTP/1.0\r\n\r\n")
    assert (status, body) == (200, manifest.write(stand_in.manifest_of("a")))


DOTS = ["/", "//", "\\", "..", ".", "%", "?", "?v=", "#", "&", ";", "~", "C:", "etc/passwd"]
ENCODED = ["%2e%2e", "%2f", "%5c", "%00", "%c0%af", "%e0%80%af", "%zz", "%0d%0a", "\x7f", "\r\n"]
NAMES = [SLUG, "week-03", TRACK, "pack.json", "feed.xml", "secret.txt", ".voicecoach-x.part"]
NASTY = st.sampled_from([*DOTS, *ENCODED, *NAMES])
HEADER = st.sampled_from(
    [
        "Range",
        "If-Range",
        "If-None-Match",
        "Host",
        "Accept",
        "Connection",
        "Content-Length",
        "Transfer-Encoding",
        "Expect",
        "X-Forwarded-For",
    ]
)


@given(
    st.lists(st.one_of(NASTY, st.text(max_size=5)), max_size=8),
    st.lists(st.tuples(HEADER, st.text(max_size=20)), max_size=3),
    st.sampled_from(["", f"{SLUG}/week-03/"]),
)
def test_fuzzed_paths_and_headers_never_fail_and_never_leave_the_packs(
    server: Served, parts: list[str], headers: list[tuple[str, str]], inside: str
) -> None:
    start = path_of(server) + inside
    lines = [
        f"GET {start}{''.join(parts)} HTTP/1.1",
        "Host: localhost",
        *map(": ".join, headers),
        "",
        "",
    ]
    raw = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    status, _, body = ask(server, raw)
    assert status < 500
    assert SECRET not in body and b"root:" not in body
    if status == 200 and body not in FILES.values():
        listed = body == manifest.write(stand_in.manifest_of("a"))
        made = body.startswith((b"<?xml", b"<!DOCTYPE html>", b"{"))
        assert listed or made


@given(st.binary(max_size=300))
def test_noise_never_fails(server: Served, noise: bytes) -> None:
    assert ask(server, noise + b"\r\n\r\n", patience_s=0.02)[0] < 500


def test_after_all_that_it_still_serves(client: "httpx.Client", week: str) -> None:
    assert client.get(week + TRACK).content == FILES[TRACK]


# --- while a pack is built ----------------------------------------------------------------------


def test_a_new_build_is_served_as_soon_as_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path, "a")
    old, new = files_of("a"), files_of("b")
    with (
        served(tmp_path, "--local") as running,
        httpx.Client(trust_env=False, verify=False, timeout=60) as client,
    ):
        week = f"{running.address}{SLUG}/week-03/"
        assert client.get(week).content == old["index.html"]
        for _ in stand_in.steps(tmp_path, "b"):
            assert client.get(week).content in (old["index.html"], new["index.html"])
        wait_for(client, week, new["index.html"])
        for files in (old, new):
            for name, data in files.items():
                answer = client.get(f"{week}{name}?v={version(data)}")
                assert (answer.status_code, answer.content) == (200, data)
        write(tmp_path, "c")
        wait_for(client, week, files_of("c")["index.html"])
        gone = client.get(f"{week}{TRACK}?v={version(old[TRACK])}")
        assert gone.status_code == 404


def wait_for(client: "httpx.Client", address: str, data: bytes) -> None:
    for _ in range(200):
        if client.get(address).content == data:
            return
    raise AssertionError("the new build does not appear")


@pytest.mark.slow
def test_a_pack_that_never_becomes_whole_is_unavailable_for_now(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    (folder / TRACK).unlink()
    with served(tmp_path, "--local") as running:
        answer = httpx.get(
            f"{running.address}{SLUG}/week-03/pack.json", timeout=30, trust_env=False, verify=False
        )
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.slow
def test_a_file_that_is_written_into_is_never_sent_as_what_it_was(tmp_path: Path) -> None:
    folder = write(tmp_path, "a")
    with served(tmp_path, "--local") as running:
        address = f"{running.address}{SLUG}/week-03/{TRACK}"
        assert httpx.get(address, trust_env=False, verify=False, timeout=60).status_code == 200
        (folder / TRACK).write_bytes(b"x" * SIZE)
        os.utime(folder / TRACK, (1, 1))
        assert httpx.get(address, timeout=30, trust_env=False, verify=False).status_code == 503


def test_packs_come_and_go_while_it_serves(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with (
        served(tmp_path, "--local") as running,
        httpx.Client(trust_env=False, verify=False, timeout=60) as client,
    ):
        week = f"{running.address}{SLUG}/week-04/"
        assert client.get(week).status_code == 404
        folder = write(tmp_path, "a", week=4)
        until_it_is(200, client, week)
        assert client.get(week).content == files_of("a", 4)["index.html"]
        (folder / "pack.json").unlink()
        until_it_is(404, client, week)


def until_it_is(status: int, client: httpx.Client, address: str) -> None:
    until_s = time.monotonic() + 30
    while client.get(address).status_code != status:
        assert time.monotonic() < until_s, f"it is not {status} after half a minute"
        time.sleep(0.05)
