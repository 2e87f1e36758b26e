"""The page of a week comes compressed to whoever can read it so."""

import gzip
from pathlib import Path

import pytest
from stand_in import SLUG, files_of, served, write

httpx = pytest.importorskip("httpx")

PAGE = files_of("a")["index.html"]


def test_a_browser_gets_the_page_compressed(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with served(tmp_path, "--local") as server, httpx.Client(trust_env=False) as client:
        address = f"{server.address}{SLUG}/week-03/"

        def get(coding: str, **headers: str) -> "httpx.Response":
            return client.get(address, headers={"accept-encoding": coding, **headers})

        plain, packed = get("identity"), get("gzip, deflate, br")
        assert plain.content == packed.content == PAGE
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
        assert int(packed.headers["content-length"]) == len(gzip.compress(PAGE))
        policies = {answer.headers["content-security-policy"] for answer in (plain, packed)}
        assert len(policies) == 1
        assert plain.headers["etag"] != packed.headers["etag"]
        again = get("gzip", **{"if-none-match": packed.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
