"""A real browser, and packs with silent tracks for it: over HTTP and straight from the disk."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from voicecoach.audio import mix
from voicecoach.audio.signal import BIT_RATE_KBPS, SAMPLE_RATE_HZ
from voicecoach.pack.page import html_page
from voicecoach.pack.views import Page
from voicecoach.phone.web.answer import policy

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SEEK = """async ([place, s]) => {
  const audio = document.querySelectorAll("audio")[place];
  const once = (name) => new Promise((done) => audio.addEventListener(name, done, { once: true }));
  if (audio.readyState === 0) await once("loadedmetadata");
  const sought = once("seeked");
  audio.currentTime = s;
  await sought;
  return audio.currentTime;
}"""

SEE = f"""async ([place, moments, selectors]) => {{
  const seek = {SEEK};
  const seen = [];
  for (const s of moments) {{
    const at = await seek([place, s]);
    seen.push([at, ...selectors.map((each) => document.querySelector(each).textContent.trim())]);
  }}
  return seen;
}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Samples as the encoder takes them."""

    raw_data: bytes
    frame_rate: int = SAMPLE_RATE_HZ
    channels: int = 1


@cache
def silence() -> bytes:
    """Twelve minutes of it, as a track without tags."""
    second = Silence(raw_data=bytes(2 * SAMPLE_RATE_HZ))
    return mix.encode([second] * 720)


def write_pack(folder: Path, page: Page) -> None:
    """The page, its cover and its tracks, which are silent."""
    folder.mkdir(parents=True)
    (folder / "index.html").write_bytes(html_page(page))
    cover = BytesIO()
    Image.new("RGB", (64, 64), "#402810").save(cover, "JPEG")
    (folder / page.cover).write_bytes(cover.getvalue())
    for track in page.tracks:
        size = track.timeline.duration_ms * BIT_RATE_KBPS // 8
        (folder / track.file).write_bytes(silence()[:size])


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """A server for ``folder`` on this computer, at a free port or at ``port``, that lets pages do
    as little as ours does; answers its address."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    class Strict:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def send_with_policy(message: Any) -> None:
                page = folder / scope["path"].lstrip("/") / "index.html"
                if message["type"] == "http.response.start" and page.is_file():
                    allowed = policy(page.read_bytes()).encode()
                    message["headers"].append((b"content-security-policy", allowed))
                await send(message)

            await self.app(scope, receive, send_with_policy)

    files = Mount("/", StaticFiles(directory=folder, html=True))
    app = Starlette(routes=[files], middleware=[Middleware(Strict)])
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def chromium(*options: str) -> Iterator[Any]:
    """A browser without a window; skips the test where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"needs a browser: one of {', '.join(BROWSERS)}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--mute-audio", *options]
        )
        yield browser
        browser.close()


class Phone:
    """A page in a browser that remembers nothing from before, and what went wrong there."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(
            **{"viewport": {"width": 360, "height": 640}, "locale": "nl-NL", **options}
        )
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, end: str = "") -> "Phone":
        self.page.goto(self.address + end)
        return self

    def choose_day(self, day: int) -> None:
        self.page.select_option("#day", str(day))

    def play(self) -> None:
        """Presses the big button, and waits until there is sound."""
        self.page.click("#play")
        self.wait_until("[...document.querySelectorAll('audio')].some((a) => !a.paused)")

    def seek(self, place: int, ms: int) -> None:
        self.page.evaluate(SEEK, [place, ms / 1000])

    def seen_at(self, place: int, moments: list[int], *selectors: str) -> list[tuple[Any, ...]]:
        """Seeks each of ``moments``; where that led, in ms, and the texts that are shown there."""
        found = self.page.evaluate(SEE, [place, [ms / 1000 for ms in moments], selectors])
        return [(at_s * 1000, *texts) for at_s, *texts in found]

    def text(self, selector: str) -> str:
        return str(self.page.text_content(selector)).strip()

    def audio(self, place: int, what: str) -> Any:
        return self.page.evaluate(f"document.querySelectorAll('audio')[{place}].{what}")

    def playing(self) -> list[int]:
        """The places of the tracks that play."""
        return list(
            self.page.evaluate(
                "[...document.querySelectorAll('audio')].flatMap((a, i) => a.paused ? [] : [i])"
            )
        )

    def wait_until(self, condition: str) -> None:
        """Fails where ``condition`` does not come true in a long time."""
        for _ in range(1000):
            if self.page.evaluate(f"() => Boolean({condition})"):
                return
            self.page.wait_for_timeout(20)
        pytest.fail(f"it never came: {condition}")

    def wait(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)
