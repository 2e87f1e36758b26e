"""Downloads files completely and verified, or not at all; resumes interrupted downloads.

Beside an incomplete file is ``FILE.version``, the server's identifier of the version its bytes
are from, so that bytes of two versions are never joined.
"""

import os
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import httpx

from voicecoach.errors import SpeechError
from voicecoach.speech.piper.model_files import ListedFile
from voicecoach.speech.piper.staging import hashes_of

_T = TypeVar("_T")
_TRIES = 4
_PROGRESS_BYTES = 1_000_000
"""An attempt that fetches at least this much is not counted."""
_BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_PASSING_ERRORS = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.TimeoutException)


class DownloadError(SpeechError):
    """A server did not deliver a file."""


class _BrokenOffError(DownloadError):
    """A transfer ended early; another may fetch the rest."""


class _WrongBytesError(DownloadError):
    """The received bytes are not the expected ones."""


class _RefusedError(DownloadError):
    """The server refused the request; retrying will not help."""


class VoiceServer:
    """A server of voices; use it in a ``with`` block."""

    def __init__(self, base_url: str, *, timeout_s: float, pause_s: float) -> None:
        """Paths are relative to ``base_url``. The server may be silent for ``timeout_s`` seconds;
        ``pause_s`` seconds pass before an interrupted transfer is retried."""
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._pause_s = pause_s
        self._received_bytes = 0
        self._furthest_bytes = 0
        try:
            self._client = httpx.Client(
                timeout=timeout_s,
                follow_redirects=True,
                headers={"Accept-Encoding": "identity"},  # sizes and ranges refer to the plain file
            )
        except (ValueError, OSError, ImportError, httpx.InvalidURL) as error:
            raise DownloadError(
                f"the settings of this computer for proxies or certificates cannot be used: {error}"
            ) from error

    def __enter__(self) -> "VoiceServer":
        return self

    def __exit__(self, *raised: object) -> None:
        self._client.close()

    def url(self, path: str) -> str:
        """The URL of ``path``."""
        return f"{self._base_url}/{quote(path)}"

    def document(self, path: str, most_bytes: int) -> bytes:
        """The content of ``path``, at most ``most_bytes``. Raises DownloadError."""
        return self._patiently(path, lambda: self._document(path, most_bytes))

    def file(self, wanted: ListedFile, to: Path, progress: Callable[[int], None]) -> None:
        """Downloads ``wanted`` to ``to``, or what is missing of it.

        ``progress`` is called with the number of bytes so far. Raises DownloadError; bytes received
        until then are kept, unless they are wrong.
        """
        for tries_left in (1, 0):
            try:
                self._patiently(wanted.path, lambda: self._continue(wanted, to, progress))
                _check(wanted, to)
            except _WrongBytesError as error:
                to.unlink(missing_ok=True)
                if not tries_left:
                    raise DownloadError(f"{self.url(wanted.path)}: {error}") from error
            else:
                return

    def _document(self, path: str, most_bytes: int) -> bytes:
        data = b""
        with self._client.stream("GET", self.url(path)) as response:
            _check_status(response, HTTPStatus.OK)
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > most_bytes:
                    raise _RefusedError(f"is longer than {most_bytes} bytes")
        return data

    def _continue(self, wanted: ListedFile, to: Path, progress: Callable[[int], None]) -> None:
        version = to.with_name(f"{to.name}.version")
        have_bytes = to.stat().st_size if to.exists() else 0
        if have_bytes >= wanted.size_bytes:
            return
        headers = {}
        if have_bytes and version.exists() and (known := version.read_text("utf-8")):
            headers = {"Range": f"bytes={have_bytes}-", "If-Range": known}
        with self._client.stream("GET", self.url(wanted.path), headers=headers) as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise _WrongBytesError(f"has no more than {have_bytes} bytes")
            if headers and response.status_code == HTTPStatus.PARTIAL_CONTENT:
                _check_range(response, have_bytes, wanted.size_bytes)
            else:
                _check_status(response, HTTPStatus.OK)
                _check_length(response, wanted.size_bytes)
                have_bytes = 0
                to.write_bytes(
                    b""
                )  # before the version file: the old bytes are not of the new version
                version.write_text(_version(response), encoding="utf-8")
            with to.open("ab") as file:
                progress(have_bytes)
                for chunk in response.iter_bytes():
                    have_bytes += len(chunk)
                    self._received_bytes += len(chunk)
                    if have_bytes > wanted.size_bytes:
                        raise _WrongBytesError(f"is longer than {wanted.size_bytes} bytes")
                    file.write(chunk)
                    self._furthest_bytes = max(self._furthest_bytes, have_bytes)
                    progress(have_bytes)
                file.flush()
                os.fsync(file.fileno())
        if have_bytes < wanted.size_bytes:
            raise _BrokenOffError(f"ended after {have_bytes} of {wanted.size_bytes} bytes")

    def _patiently(self, path: str, attempt: Callable[[], _T]) -> _T:
        """The result of ``attempt``, which is retried if a transfer is interrupted."""
        tries_left = _TRIES
        while True:
            received_bytes, furthest_bytes = self._received_bytes, self._furthest_bytes
            try:
                return attempt()
            except (_BrokenOffError, *_PASSING_ERRORS) as error:
                gained_bytes = self._furthest_bytes - furthest_bytes
                tries_left = _TRIES if gained_bytes >= _PROGRESS_BYTES else tries_left - 1
                is_mute = self._received_bytes == received_bytes
                is_silent = isinstance(error, httpx.TimeoutException) and is_mute
                if is_silent or not tries_left:
                    raise DownloadError(f"{self.url(path)}: {self._what(error)}") from error
            except (_RefusedError, httpx.HTTPError, httpx.InvalidURL) as error:
                raise DownloadError(f"{self.url(path)}: {error}") from error
            time.sleep(self._pause_s)

    def _what(self, error: Exception) -> str:
        if isinstance(error, httpx.TimeoutException):
            return f"the server was silent for {self._timeout_s:g} s"
        return str(error) or "the connection broke off"


def _check_status(response: httpx.Response, expected: HTTPStatus) -> None:
    code = response.status_code
    if code == expected:
        return
    answer = f"the server answered {code} {httpx.codes.get_reason_phrase(code)}".rstrip()
    if code in _BUSY or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _BrokenOffError(answer)
    raise _RefusedError(answer)


def _check_length(response: httpx.Response, expected_bytes: int) -> None:
    length = response.headers.get("Content-Length", str(expected_bytes))
    if length != str(expected_bytes) and "Content-Encoding" not in response.headers:
        raise _WrongBytesError(f"has {length} bytes instead of {expected_bytes}")


def _check_range(response: httpx.Response, start_bytes: int, size_bytes: int) -> None:
    said = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", said)
    if match is None or match[1] != str(start_bytes) or match[2] not in {str(size_bytes), "*"}:
        raise _WrongBytesError(
            f"is not continued at {start_bytes} of {size_bytes}, but at {said!r}"
        )


def _version(response: httpx.Response) -> str:
    """A strong validator of the response's bytes (RFC 9110); empty if there is none."""
    etag = response.headers.get("ETag", "")
    version = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
    return version if version.isascii() else ""


def _check(wanted: ListedFile, path: Path) -> None:
    found = hashes_of(path)
    if found.size_bytes != wanted.size_bytes:
        raise _WrongBytesError(f"has {found.size_bytes} bytes instead of {wanted.size_bytes}")
    if found.md5 != wanted.md5:
        raise _WrongBytesError(f"has the MD5 {found.md5} instead of {wanted.md5}")
