"""From an empty folder to an answer, on a phone, with no terminal in between."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
import tiny_programme
from browser import Phone
from stand_in import Served, served

from voicecoach import environment
from voicecoach.phone.web import address as web_address

PLAY_TO_THE_END = """() => {
  const audio = [...document.querySelectorAll("audio")].find((each) => !each.paused);
  const isBeforeTheEnd = audio && audio.duration && audio.currentTime < audio.duration - 0.5;
  if (isBeforeTheEnd) audio.currentTime = audio.duration - 0.2;
}"""


IS_FOCUSED = "(selector) => document.querySelector(selector) === document.activeElement"
IS_IN_VIEW = """(selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""

AS_JSON = {"content-type": "application/json"}
FETCH = """([place, answer, how]) =>
  fetch(place, { method: "POST", body: JSON.stringify(answer), ...how })
    .then((response) => response.status, () => 0)"""
SEND_FORM = """([place, text]) => {
  const form = Object.assign(document.createElement("form"), {
    method: "POST", action: place, enctype: "text/plain",
  });
  const [name, value] = [text.slice(0, -1) + ',"', '":0}'];
  form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form);
  form.submit();
}"""

BIRTH_DATE = 1
"""The number of the question, from 0."""


REBOUND = "rebound.example"
"""A name of somebody else's, which points at this computer."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    here = web_address.addresses().best or web_address.LOOPBACK
    with browser.chromium(f"--host-resolver-rules=MAP {REBOUND} {here}") as found:
        yield found


def lines(folder: Path) -> list[str]:
    text = (folder / "voicecoach-checkins.txt").read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("# ")]


def answer_questions(phone: Phone, born: str, language: int) -> None:
    """Answers with what is offered, until today's page opens; first with the ``language``."""
    for number in range(20):
        phone.page.wait_for_selector(f"#replies[data-at='{number}'], #how")
        if phone.page.locator("#how").count():
            return
        if number == BIRTH_DATE:
            phone.page.fill("#typed", born)
            phone.page.click("button.main")
        else:
            skip = phone.page.locator("#replies > button.wide")
            offered = phone.page.locator("#replies button")
            if number == 0:
                offered.nth(language).click()
            else:
                (skip if skip.count() else offered).last.click()
    pytest.fail("the questions have no end")


def press(phone: Phone, selector: str, *, by_key: bool) -> None:
    """Presses it; ``by_key``: with the keyboard alone."""
    if not by_key:
        phone.page.click(selector)
        return
    for _ in range(200):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate(IS_FOCUSED, selector):
            phone.page.keyboard.press("Enter")
            return
    pytest.fail(f"no key leads to {selector}")


def look_closely(phone: Phone, selector: str) -> None:
    """At the page as axe does, and at twice the size of its letters."""
    assert phone.page.evaluate("scrollY") == 0
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(phone.page).response["violations"]
    assert [each["id"] for each in found] == []
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.page.evaluate(IS_IN_VIEW, selector), f"{selector} is out of view"
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.page.evaluate("document.documentElement.style.fontSize = ''")


@pytest.mark.parametrize(
    ("language", "size", "saved", "not_saved"),
    [
        (0, (360, 640), "Bewaard.", "Nog niet bewaard"),
        pytest.param(1, (1280, 800), "Saved.", "Not yet saved", marks=pytest.mark.slow),
    ],
)
def test_the_first_day_on_a_phone(
    chromium: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: int,
    size: tuple[int, int],
    saved: str,
    not_saved: str,
) -> None:
    content = tiny_programme.write_ruled(tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(environment.TODAY_VARIABLE)  # the browser has the clock's day
    local = [] if web_address.addresses().best else ["--local"]
    options = [*local, "--content", str(content)]
    with served(Path("output"), *options) as server:
        width, height = size
        phone = Phone(chromium, server.address, viewport={"width": width, "height": height}).open()
        answer_questions(phone, str(environment.today() - dt.timedelta(days=8)), language)
        phone.page.wait_for_selector("#entries button", timeout=120_000)
        look_closely(phone, "#play")
        by_key = language == 1
        press(phone, "#play", by_key=by_key)
        for _ in range(100):
            phone.page.evaluate(PLAY_TO_THE_END)
            phone.wait(0.2)
            if phone.page.query_selector("#entries .row.done"):
                break
        assert "done" in str(phone.page.get_attribute("#entries li:first-child button", "class"))
        press(phone, "[data-answer=good]", by_key=by_key)
        phone.page.locator("#told", has_text=saved).wait_for()
        assert "done=yes pain=no heaviness=no # phone 1 " in lines(tmp_path)[-1]
        assert phone.faults == []
        port = server.port
    # The server is away while she answers; the answer arrives once when it is back.
    phone.page.click("[data-answer=not-today]")
    phone.page.locator("#told", has_text=not_saved).wait_for()
    assert len(lines(tmp_path)) == 1
    again = Served(Path("output"), *options)
    try:
        assert again.port == port
        phone.page.reload()
        phone.page.locator("#told", has_text=saved).wait_for()
        assert [line for line in lines(tmp_path) if "done=no # phone 2 " in line] == [
            lines(tmp_path)[-1]
        ]
    finally:
        again.process.terminate()
        again.wait()
    phone.context.close()


def test_a_page_of_somebody_else_in_her_browser_writes_nothing(
    chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tiny_programme.write_ruled(tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    born = environment.today() - dt.timedelta(days=8)
    profile = tmp_path / "voicecoach.yaml"
    profile.write_text(f"format: 1\nlanguage: nl\nbirth_date: {born}\nstarted: {born}\n", "utf-8")
    profile.chmod(0o600)
    local = [] if web_address.addresses().best else ["--local"]
    with served(Path("output"), *local, "--content", str(content)) as server:
        told = {"done": True, "pain": False, "heaviness": False}
        answer = {"key": "0" * 32, "day": str(environment.today()), "number": 1, "answers": told}
        phone = Phone(chromium, "http://evil.example/")
        phone.page.route("http://evil.example/**", lambda route: route.fulfill(body="<p>"))
        for how in ({"mode": "no-cors"}, {"mode": "cors"}, {"mode": "cors", "headers": AS_JSON}):
            phone.open()
            phone.page.evaluate(FETCH, [f"{server.address}check-in", answer, how])
        phone.open()
        with phone.page.expect_navigation() as sent:
            phone.page.evaluate(SEND_FORM, [f"{server.address}check-in", json.dumps(answer)])
        assert sent.value.status == 403
        rebound = server.address.replace(f"//{server.host}:", f"//{REBOUND}:")
        assert phone.page.goto(rebound).status == 421
        assert phone.page.evaluate(FETCH, ["check-in", answer, {"headers": AS_JSON}]) == 421
        assert not (tmp_path / "voicecoach-checkins.txt").exists()
        phone.context.close()
