"""The page as a file: whole in itself, safe, small, and the same each time."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from week_pages import page_of

import voicecoach
from voicecoach import messages
from voicecoach.pack.page import html_page

MOST_BYTES = 100_000
LANGUAGES = ("nl", "en")
in_each_language = pytest.mark.parametrize("language", LANGUAGES)
TEMPLATES = Path(voicecoach.__file__).parent / "templates"
SCRIPTS = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("page*.js")))
HTML = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("page*.html")))


class Reader(HTMLParser):
    """Gathers the tags of a page and the text of its scripts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._inside, data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def data(self) -> Any:
        return json.loads(next(text for tag, text in self.texts if tag == "script"))


@in_each_language
def test_the_same_pack_gives_the_same_bytes(language: str) -> None:
    assert html_page(page_of(language)) == html_page(page_of(language))


@in_each_language
@pytest.mark.parametrize("number", range(1, 7))
def test_every_week_is_small(language: str, number: int) -> None:
    size = len(html_page(page_of(language, number)))
    assert size < MOST_BYTES


@in_each_language
def test_a_session_has_a_player_and_a_link_to_keep_it(language: str) -> None:
    page = page_of(language)
    reader = Reader(html_page(page))
    addresses = [f"{track.file}?v=0123456789abcdef" for track in page.tracks]
    players = reader.all("audio")
    assert [player["src"] for player in players] == addresses
    assert {player["preload"] for player in players} == {"none"}
    links = [link for link in reader.all("a") if "download" in link]
    assert [link["href"] for link in links] == addresses


@in_each_language
def test_the_days_are_those_of_the_pack_in_the_order_of_listening(language: str) -> None:
    page = page_of(language)
    reader = Reader(html_page(page))
    assert [
        (day["day"], day["title"], [page.tracks[place].file for place in day["tracks"]])
        for day in reader.data["days"]
    ] == [(day.day, day.title, list(day.files)) for day in page.days]
    assert [option["value"] for option in reader.all("option")][1:8] == [
        str(day.day) for day in page.days
    ]


@in_each_language
def test_it_needs_nothing_but_the_files_beside_it(language: str) -> None:
    page = page_of(language)
    reader = Reader(html_page(page))
    beside = {"cover.jpg", "#safety-title", *(track.address for track in page.tracks)}
    beside |= {"../../", "../week-04/index.html"}  # today, where it is served, and the next week
    for tag, attributes in reader.tags:
        for name in ("src", "href", "action", "poster", "srcset"):
            assert attributes.get(name, "cover.jpg") in beside, tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert "://" not in html_page(page).decode()
    assert reader.all("html")[0]["lang"] == language


@pytest.mark.parametrize(
    "evil",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "\"'><img src=x onerror=alert(1)>",
        "]]>",
        "\u2028\u2029",
        "{{ 7 * 7 }}{% raw %}",
        "$& $1 \\n",
        "é ë ï 日本 🤱",
    ],
)
def test_titles_are_text_whatever_stands_in_them(evil: str) -> None:
    page = page_of("nl")
    tracks = tuple(replace(track, title=evil) for track in page.tracks)
    days = tuple(replace(day, title=evil) for day in page.days)
    hostile = replace(page, title=evil, artist=evil, safety=(evil, evil), tracks=tracks, days=days)
    reader = Reader(html_page(hostile))
    plain = Reader(html_page(page))
    assert [tag for tag, _ in reader.tags] == [tag for tag, _ in plain.tags]
    assert reader.data["artist"] == reader.data["days"][0]["title"] == evil
    shown = "".join(text for tag, text in reader.texts if tag == "h1").strip()
    assert shown == evil.strip()


def test_a_file_name_is_escaped_in_its_address() -> None:
    page = page_of("nl")
    strange = replace(page.tracks[0], file='a b%#?".mp3')
    days = (replace(page.days[0], files=(strange.file,)),)
    reader = Reader(html_page(replace(page, tracks=(strange,), days=days)))
    assert reader.all("audio")[0]["src"] == "a%20b%25%23%3F%22.mp3?v=0123456789abcdef"


@pytest.mark.parametrize(
    ("days", "told"),
    [((15,), "dag 15"), ((15, 16, 17), "dag 15 tot en met 17"), ((15, 18), "dag 15 en 18")],
)
def test_a_session_says_on_which_days_it_is_done(days: tuple[int, ...], told: str) -> None:
    page = page_of("nl")
    first = replace(page.tracks[0], days=days)
    written = html_page(replace(page, tracks=(first, *page.tracks[1:]))).decode()
    assert re.search(r'class="meta">\d+ min, ([^<]*)<', written).group(1) == told  # type: ignore[union-attr]


def test_without_advice_on_safety_there_is_no_heading_for_it() -> None:
    page = page_of("nl")
    assert "safety-title" in html_page(page).decode()
    assert "safety-title" not in html_page(replace(page, safety=())).decode()


def test_another_language_has_english_around_it() -> None:
    page = replace(page_of("nl"), language="de")
    reader = Reader(html_page(page))
    assert reader.all("html")[0]["lang"] == "de"
    assert reader.all("body")[0]["lang"] == "en"
    assert reader.all("h1")[0]["lang"] == "de"
    assert reader.data["words"] == messages.words("en").section("page_script")


def test_no_word_stands_there_for_nothing() -> None:
    used_by_script = set(re.findall(r"\bwords(?:\.|\[`)(\w+)", SCRIPTS))
    known = messages.words("en").section("page_script")
    assert used_by_script == {key.partition(".")[0] for key in known}
    own = Path(voicecoach.__file__).parent.joinpath("pack/page.py").read_text("utf-8")
    used = {*re.findall(r"\bwords\.(\w+)", HTML), *re.findall(r'words\("page\.(\w+)"', own)}
    assert used == messages.words("en").section("page").keys()
