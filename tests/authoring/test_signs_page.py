"""The sheet to hang up: when to call, and whom."""

import re
from pathlib import Path

import pytest
from conftest import Run

from voicecoach import countries, messages
from voicecoach.authoring import signs_page, starter
from voicecoach.content.reading import programme as programme_reader

CHROMIUM = Path("/usr/bin/chromium")
PELVIC_FLOOR = programme_reader.read(programme_reader.built_in())


def page(country: str, language: str) -> str:
    return signs_page.html_page(PELVIC_FLOOR, PELVIC_FLOOR.words_in(language), country)


def text_of(html: str) -> str:
    body = html.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", "", body).replace("&#39;", "'").split())


def test_every_sign_of_the_programme_is_above_whom_to_call_about_it() -> None:
    for country in countries.codes():
        for language in ("nl", "en"):
            text, ours = text_of(page(country, language)), messages.words(language)
            words = PELVIC_FLOOR.words_in(language)
            assert tuple(words.signs) == countries.GROUPS
            in_order = [
                each
                for group in countries.GROUPS
                for each in (
                    *words.signs[group],
                    countries.whom_to_call(group, country, ours),
                )
            ]
            places = [text.index(each) for each in in_order]
            assert places == sorted(places)


def test_each_number_of_the_country_is_a_link_and_its_day_is_told() -> None:
    for country, day in (("nl", "27 november 2026"), ("gb", "27 november 2026")):
        html = page(country, "nl")
        linked = set(re.findall(r'<a href="tel:(\d+)">', html))
        assert linked == {each.replace(" ", "") for each in countries.numbers(country).values()}
        assert f"Nummers nagekeken op {day}." in html
    elsewhere = page("elsewhere", "en")
    assert "tel:" not in elsewhere
    assert "checked on" not in elsewhere
    assert "Emergency number" in elsewhere


def test_a_programme_without_signs_of_its_own_has_ours() -> None:
    calm = programme_reader.read(programme_reader.built_in("calm-breathing"))
    html = signs_page.html_page(calm, calm.words_in("en"), "gb")
    for sign in messages.words("en").texts("check_in.signs.now"):
        assert sign in html
    assert messages.words("en")("signs_page.stop") not in html  # nobody tightens in it


def test_one_that_is_not_about_a_birth_has_those_that_hold_for_anyone(tmp_path: Path) -> None:
    mine = programme_reader.read(starter.write("mine", tmp_path, "movements"))
    for language in ("nl", "en"):
        html, ours = (
            signs_page.html_page(mine, mine.words_in(language), "nl"),
            messages.words(language),
        )
        for group in ("now", "mood"):
            for sign in ours.texts(f"check_in.signs.anyone.{group}"):
                assert sign in html
        assert re.findall("(?i)birth|baby|midwife|pelvic|bevalling|kind|bekken|verlosk", html) == []


def test_it_is_in_the_language_and_for_the_country_of_her_profile(
    here: Run, tmp_path: Path
) -> None:
    profile = ("--birth-date", "1-11-2026", "--language", "en", "--country", "nl", "--yes")
    assert here("init", *profile).returncode == 0
    assert here("signs", "mine.html").stdout == "mine.html: print it, and hang it up.\n"
    assert (tmp_path / "mine.html").read_text("utf-8") == page("nl", "en")
    told = here("signs", "theirs.html", "--language", "nl", "--country", "gb")
    assert told.returncode == 0
    assert (tmp_path / "theirs.html").read_text("utf-8") == page("gb", "nl")


def test_a_faulty_profile_does_not_keep_it_from_her(here: Run, tmp_path: Path) -> None:
    (tmp_path / "voicecoach.yaml").write_text("language: en\nbirth_date: soon\n", "utf-8")
    assert here("signs", "when.html").returncode == 0
    assert (tmp_path / "when.html").read_text("utf-8") == page("gb", "en")


@pytest.mark.slow
def test_it_is_accessible_and_fits_one_a4() -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium")
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        shown = browser.new_page()
        for country in countries.codes():
            for language in ("nl", "en"):
                html = page(country, language)
                assert "<script" not in html
                shown.set_content(html)
                assert axe.Axe().run(shown).violations_count == 0
                printed = shown.pdf(prefer_css_page_size=True)
                sheets = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed)
                assert sheets == [(b"594", b"841")], (country, language)
        browser.close()
