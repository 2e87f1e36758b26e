"""From an empty folder to an answer, on a phone, with no terminal in between."""

import datetime as dt
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


BIRTH_DATE = 1
"""The number of the question, from 0."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser.chromium() as found:
        yield found


def lines(folder: Path) -> list[str]:
    text = (folder / "voicecoach-checkins.txt").read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("# ")]


def answer_questions(phone: Phone, born: str) -> None:
    """Answers with what is offered, until today's page opens."""
    for number in range(20):
        phone.page.wait_for_selector(f"#replies[data-at='{number}'], #how")
        if phone.page.locator("#how").count():
            return
        if number == BIRTH_DATE:
            phone.page.fill("#typed", born)
            phone.page.click("button.main")
        else:
            skip = phone.page.locator("#replies > button.wide")
            (skip if skip.count() else phone.page.locator("#replies button")).first.click()
    pytest.fail("the questions have no end")


def test_the_first_day_on_a_phone(
    chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tiny_programme.write_ruled(tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(environment.TODAY_VARIABLE)  # the browser has the clock's day
    local = [] if web_address.addresses().best else ["--local"]
    options = [*local, "--content", str(content)]
    with served(Path("output"), *options) as server:
        phone = Phone(chromium, server.address).open()
        answer_questions(phone, str(environment.today() - dt.timedelta(days=8)))
        phone.page.wait_for_selector("#entries button", timeout=120_000)
        phone.page.click("#play")
        for _ in range(100):
            phone.page.evaluate(PLAY_TO_THE_END)
            phone.wait(0.2)
            if phone.page.query_selector("#entries .row.done"):
                break
        assert "done" in str(phone.page.get_attribute("#entries li:first-child button", "class"))
        phone.page.click("[data-answer=good]")
        phone.page.locator("#told", has_text="Bewaard.").wait_for()
        assert "done=yes pain=no heaviness=no # phone 1 " in lines(tmp_path)[-1]
        assert phone.faults == []
        port = server.port
    # The server is away while she answers; the answer arrives once when it is back.
    phone.page.click("[data-answer=not-today]")
    phone.page.locator("#told", has_text="Nog niet bewaard").wait_for()
    assert len(lines(tmp_path)) == 1
    again = Served(Path("output"), *options)
    try:
        assert again.port == port
        phone.page.reload()
        phone.page.locator("#told", has_text="Bewaard.").wait_for()
        assert [line for line in lines(tmp_path) if "done=no # phone 2 " in line] == [
            lines(tmp_path)[-1]
        ]
    finally:
        again.process.terminate()
        again.wait()
    phone.context.close()
