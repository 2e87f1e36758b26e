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
from stand_in import Served, free_port, served

from voicecoach import environment
from voicecoach.phone.web import address as web_address
from voicecoach.phone.web import port

PLAY_TO_THE_END = """() => {
  const audio = [...document.querySelectorAll("audio")].find((each) => !each.paused);
  const isBeforeTheEnd = audio && audio.duration && audio.currentTime < audio.duration - 0.5;
  if (isBeforeTheEnd) audio.currentTime = audio.duration - 0.2;
}"""

IS_PLAYING = "[...document.querySelectorAll('audio')].some((each) => !each.paused)"
DONE_ONCE = "document.querySelector('#entries .row').classList.contains('done')"
DONE_BY_ITSELF = """() => {
  if ([...document.querySelectorAll("audio")].some((each) => !each.paused)) return false;
  const rows = [...document.querySelectorAll("#entries .row")];
  const titles = (all) => all.map((row) => row.querySelector("[lang]").textContent);
  const done = titles(rows.filter((row) => row.classList.contains("done")));
  return titles(rows).every((title) => done.includes(title));
}"""
IS_FOCUSED = "(selector) => document.querySelector(selector) === document.activeElement"
IS_IN_VIEW = """(selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""

CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255);
  const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const canvas = light(parts(getComputedStyle(document.documentElement).backgroundColor));
  const seen = [...document.body.querySelectorAll("*")].filter((each) => each.checkVisibility());
  return seen.map((each) => {
    const own = light(parts(getComputedStyle(each).color));
    return (Math.max(own, canvas) + 0.05) / (Math.min(own, canvas) + 0.05);
  });
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

SIZES = ((360, 640), (1280, 800))

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
        if phone.page.locator("#typed[type=date]").count():
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


def tell_first_questions(folder: Path) -> Path:
    """What the first questions leave, for who gave birth eight days ago; where it is."""
    profile = folder / "voicecoach.yaml"
    born = environment.today() - dt.timedelta(days=8)
    profile.write_text(f"format: 1\nlanguage: nl\nbirth_date: {born}\nstarted: {born}\n", "utf-8")
    profile.chmod(0o600)
    return profile


def press(phone: Phone, selector: str, *, by_key: bool, key: str = "Enter") -> None:
    """Presses it; ``by_key``: with the keyboard alone."""
    if by_key:
        go_to(phone, selector)
        phone.page.keyboard.press(key)
    else:
        phone.page.locator(selector).first.click()


def go_to(phone: Phone, selector: str) -> None:
    """Goes there with the keyboard alone."""
    phone.page.locator(selector).first.wait_for()
    for _ in range(200):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate(IS_FOCUSED, selector):
            return
    pytest.fail(f"no key leads to {selector}")


def play_to_the_end(phone: Phone, is_over: str, *, by_key: bool) -> None:
    """Presses the big button, and lets the time run fast until it ``is_over``."""
    press(phone, "#play", by_key=by_key)
    phone.wait_until(IS_PLAYING)
    for _ in range(400):
        phone.page.evaluate(PLAY_TO_THE_END)
        phone.wait(0.05)
        if phone.page.evaluate(is_over):
            return
    pytest.fail("the day has no end")


def go_in_by_the_calendar(phone: Phone, server: Served) -> None:
    """The link of its events has no key, and leads nobody else anywhere."""
    link = server.address.replace(f"{server.key}/", "today")
    assert port.link([Path("output")]) in (link, None)
    stranger = Phone(phone.context.browser, link)
    assert stranger.page.goto(link).status == 404
    assert_plain(stranger)
    assert stranger.page.url == link
    stranger.context.close()
    assert server.key not in link
    phone.page.goto(link)
    phone.page.wait_for_url(server.address)
    phone.page.wait_for_selector("#entries button")
    phone.faults.clear()  # a browser reports each page that is not found


def tell_of_pain(phone: Phone) -> None:
    phone.page.click("[data-answer=trouble]")
    for name, answer in (("done", "yes"), ("pain", "yes"), ("heaviness", "no"), ("leaks", "no")):
        phone.page.check(f"#trouble input[name={name}][value={answer}]")
    phone.page.click("#trouble button")


def in_pixels(size: tuple[int, int]) -> dict[str, int]:
    return {"width": size[0], "height": size[1]}


def look_closely(phone: Phone) -> None:
    """At the page in forced colours, as axe does, and at twice the size of its letters."""
    assert phone.page.evaluate("scrollY") == 0
    assert_plain(phone)
    phone.page.emulate_media(forced_colors="active", color_scheme="light")
    assert min(phone.page.evaluate(CONTRASTS)) >= 4.5, "axe reads the colours that are not shown"
    phone.page.emulate_media(forced_colors="none", color_scheme="no-preference")
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.page.evaluate(IS_IN_VIEW, "#play"), "no big button in view"
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.page.evaluate("document.documentElement.style.fontSize = ''")


def assert_plain(phone: Phone) -> None:
    """To who sees little, or uses no mouse."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(phone.page).response["violations"]
    assert [each["id"] for each in found] == []


WORDS = {
    "nl": ("Bewaard.", "Nog niet bewaard", "Licht aanspannen"),
    "en": ("Saved.", "Not yet saved", "Light contraction"),
}
"""Saved, not yet saved, and the session that is not for who has something to call about."""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A programme, in a folder in which nothing was told yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(environment.TODAY_VARIABLE)  # the browser has the clock's day
    return tiny_programme.write_ruled(tmp_path / "content")


def options_of(content: Path) -> list[str]:
    """Of a server that phones reach, where there is a network, and that can be started again."""
    local = [] if web_address.addresses().best else ["--local"]
    return [*local, "--port", str(free_port()), "--content", str(content)]


def open_today(chromium: Any, server: Served, language: str, size: tuple[int, int]) -> Phone:
    """Today's page in that language and of that size, after the first questions."""
    phone = Phone(chromium, server.address, viewport=in_pixels(size)).open()
    born = str(environment.today() - dt.timedelta(days=8))
    answer_questions(phone, born, list(WORDS).index(language))
    phone.page.wait_for_selector("#entries button", timeout=120_000)
    return phone


def test_the_first_day_on_a_phone(chromium: Any, content: Path) -> None:
    saved, not_saved, _ = WORDS["nl"]
    options = options_of(content)
    with served(Path("output"), *options) as server:
        phone = open_today(chromium, server, "nl", SIZES[0])
        look_closely(phone)
        go_in_by_the_calendar(phone, server)
        play_to_the_end(phone, DONE_ONCE, by_key=False)
        phone.page.click("[data-answer=good]")
        phone.page.locator("#told", has_text=saved).wait_for()
        assert "done=yes pain=no heaviness=no # phone 1 " in lines(content.parent)[-1]
        tell_of_pain(phone)
        phone.page.locator("#now.free").wait_for()  # nothing more is offered today
        phone.page.locator("#reply", has_text="Rust.").wait_for()
        phone.page.reload()
        phone.page.locator("#now.free").wait_for()
        assert phone.page.locator("#entries .row:not(.done)").count()
        assert phone.faults == []
    # The server is away while she answers; the answer arrives once when it is back.
    before = lines(content.parent)
    phone.page.click("[data-answer=not-today]")
    phone.page.locator("#told", has_text=not_saved).wait_for()
    assert lines(content.parent) == before
    again = Served(Path("output"), *options)
    try:
        phone.page.reload()
        phone.page.locator("#told", has_text=saved).wait_for()
        [line] = [line for line in lines(content.parent) if "done=no # phone 3 " in line]
        assert lines(content.parent) == [*before, line]
    finally:
        again.process.terminate()
        again.wait()
    phone.context.close()


@pytest.mark.slow
@pytest.mark.parametrize(("language", "size"), [("en", SIZES[1])])
def test_a_whole_day_and_what_she_tells_changes_the_next(
    chromium: Any, content: Path, language: str, size: tuple[int, int]
) -> None:
    """With the keyboard alone. It has been seen to hold in both languages and sizes."""
    saved, _, contractions = WORDS[language]
    with served(Path("output"), *options_of(content)) as server:
        phone = open_today(chromium, server, language, size)
        look_closely(phone)
        while phone.page.locator("#entries .row:not(.done)").count():
            play_to_the_end(phone, DONE_BY_ITSELF, by_key=True)
        phone.wait_until(f"({IS_IN_VIEW})('#how-title')")
        press(phone, "[data-answer=good]", by_key=True)
        phone.page.locator("#told", has_text=saved).wait_for()
        assert "done=yes pain=no heaviness=no # phone 1 " in lines(content.parent)[-1]
        planned = phone.page.locator("#entries", has_text=contractions)
        assert planned.count() == 1
        press(phone, "[data-answer=call]", by_key=True)
        press(phone, "#signs input", by_key=True, key="Space")
        press(phone, "#signs .confirm:not([hidden]) button", by_key=True)
        phone.page.locator("#told", has_text=saved).wait_for()
        assert "call=yes # phone 2 " in lines(content.parent)[-1]
        phone.page.locator(".why").wait_for(timeout=120_000)
        phone.page.locator("#entries button").first.wait_for(timeout=120_000)
        assert planned.count() == 0, "the page shows the plan of now"
        press(phone, "#take-back", by_key=True)
        planned.wait_for(timeout=120_000)
        assert phone.page.locator(".why").count() == 0
        assert phone.faults == []
        phone.context.close()


ASKED = """
sport:
  from_day: 5 from editorial
  large_tear_from_day: 9 from editorial
  tests:
    walk: {sources: [editorial]}
    hop: {sources: [editorial]}
"""


def test_sport_and_the_offer_of_a_voice_are_answered_by_keyboard(
    chromium: Any, content: Path
) -> None:
    with (content / "programme.yaml").open("a", encoding="utf-8") as file:
        file.write(ASKED)
    for language in ("nl", "en"):
        with (content / f"{language}.yaml").open("a", encoding="utf-8") as file:
            file.write("sport: {walk: Een half uur wandelen, hop: Tien keer hinkelen}\n")
    profile = tell_first_questions(content.parent)
    with served(Path("output"), *options_of(content)) as server:
        phone = Phone(chromium, server.address).open()
        phone.page.wait_for_selector("#entries button", timeout=120_000)
        told = phone.page.locator("#sport [role=status]")

        def tell(**places: int) -> str:
            for name, place in places.items():
                go_to(phone, f"#sport-{name}")
                for key in ("Home", *["ArrowDown"] * place):
                    phone.page.keyboard.press(key)
            press(phone, "#sport button", by_key=True)
            told.locator("p").first.wait_for()
            return str(told.inner_text())

        said = tell(walk=1, hop=4)
        assert "Nog niet, en dat is een goed antwoord" in said
        assert "Tien keer hinkelen: je verliest urine" in said
        assert "wandelen" not in said
        assert 'sport: ["walk=yes", "hop=leaks"]' in profile.read_text("utf-8")
        assert_plain(phone)
        phone.page.reload()
        kept = phone.page.locator("#sport select").evaluate_all("(all) => all.map((a) => a.value)")
        assert kept == ["yes", "leaks"]
        assert "geen toestemming van een arts" in tell(hop=1)
        assert "cleared_on: 2" not in profile.read_text("utf-8")
        press(phone, "#voice [data-wants=no]", by_key=True)
        phone.page.locator("#voice", has_text="Ik vraag het niet meer").wait_for()
        assert "natural_voice: no" in profile.read_text("utf-8")
        assert phone.faults == []
        phone.context.close()


def test_a_page_of_somebody_else_in_her_browser_writes_nothing(
    chromium: Any, content: Path
) -> None:
    tell_first_questions(content.parent)
    with served(Path("output"), *options_of(content)) as server:
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
        assert not (content.parent / "voicecoach-checkins.txt").exists()
        phone.context.close()
