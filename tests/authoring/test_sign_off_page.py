"""The page on which a physiotherapist agrees with a programme."""

import functools
import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from voicecoach import countries, messages
from voicecoach.authoring import check, sign_off_page, starter
from voicecoach.authoring.prescriptions import SignOff, Stretch, sign_off
from voicecoach.authoring.to_confirm import ToConfirm
from voicecoach.content.clinical_state import Floor
from voicecoach.content.exercise import EDITORIAL, Prescription
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import Path as PathOf
from voicecoach.errors import StorageError
from voicecoach.planning.asked import Asked
from voicecoach.planning.plan import plan_day
from voicecoach.script import writer
from voicecoach.script.script import SpeechCue

CHROMIUM = Path("/usr/bin/chromium")
OURS = programme_reader.built_in().name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return starter.write("mine", tmp_path_factory.mktemp("programmes"))


@pytest.fixture(scope="module")
def mine(folder: Path) -> Programme:
    return programme_reader.read(folder)


@pytest.fixture(scope="module")
def agreed(mine: Programme) -> SignOff:
    return sign_off(mine)


def page(folder: Path, programme: Programme, language: str, tmp_path: Path) -> str:
    path = tmp_path / "report" / "page.html"
    remarks = [str(remark) for remark in check.remarks(programme, [language])]
    sign_off_page.write(folder, programme, programme.translations[language], remarks, path)
    return path.read_text(encoding="utf-8")


@functools.cache
def built_in_page(name: str, language: str) -> str:
    """The page of a built-in programme, which has no remarks and takes seconds: written once."""
    place = programme_reader.built_in(name)
    programme = programme_reader.read(place)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        sign_off_page.write(place, programme, programme.translations[language], [], path)
        return path.read_text(encoding="utf-8")


class Cells(HTMLParser):
    """The rows of all tables, as texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._is_in_cell = True
        elif tag == "br" and self._is_in_cell:
            self.rows[-1][-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_in_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self.rows[-1][-1] += data.strip("\n")


# What is in it


def test_every_prescription_of_every_day_is_in_it(mine: Programme, agreed: SignOff) -> None:
    rows = agreed.tables[0].rows
    for day in range(1, mine.last_day + 1):
        planned = plan_day(mine, day)
        wanted = {
            (session.id, part.exercise, part.dose)
            for session in planned.sessions
            for part in session.parts
            if isinstance(part, Prescription)
        }
        covered = {
            (row.session.id, row.prescription.exercise, row.prescription.dose)
            for row in rows
            if row.days.first_day <= day <= row.days.last_day
        }
        assert wanted <= covered


def test_days_are_put_together_while_nothing_changes(agreed: SignOff) -> None:
    days = [
        row.days for row in agreed.tables[0].rows if isinstance(row.prescription.dose, Contractions)
    ]
    assert days == [
        Stretch(first_day=5, last_day=7, count=3),
        Stretch(first_day=8, last_day=14, count=7),
    ]


def test_days_that_are_thinned_are_counted(agreed: SignOff) -> None:
    breathing = [row.days for row in agreed.tables[0].rows if row.session.id == "breathing"]
    assert breathing == [
        Stretch(first_day=1, last_day=4, count=4),
        Stretch(first_day=5, last_day=14, count=5),
    ]


def test_who_must_not_contract_has_a_table_without_contractions(agreed: SignOff) -> None:
    table = next(
        table
        for table in agreed.tables
        if any(case.situation.floor is Floor.OVER_TENSE for case in table.cases)
    )
    assert not any(isinstance(row.prescription.dose, Contractions) for row in table.rows)


def test_the_most_that_a_phase_asks_is_counted(agreed: SignOff) -> None:
    most = {each.phase.id: each.most_contractions_a_day for each in agreed.phases}
    assert most == {"awareness": 0, "light": 24}


# What is heard


def heard(programme: Programme, language: str) -> set[str]:
    """Every text of every session that anyone may hear, but for numbers that are counted or
    announced."""
    return {
        say.text
        for session in check.distinct_sessions(programme)
        for say in writer.write(session, programme.translations[language]).says
        if say.cue not in (SpeechCue.COUNT, SpeechCue.ANNOUNCE)
    }


def test_whatever_is_heard_is_on_the_page(folder: Path, mine: Programme, tmp_path: Path) -> None:
    for language in ("nl", "en"):
        html = unescape(page(folder, mine, language, tmp_path))
        assert [text for text in sorted(heard(mine, language)) if text not in html] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_is_heard_in_a_year_is_on_the_page(language: str, programme: Programme) -> None:
    html = unescape(built_in_page(OURS, language))
    assert [text for text in sorted(heard(programme, language)) if text not in html] == []


def test_long_holds_and_openings_in_every_position_are_in_it(programme: Programme) -> None:
    words, html = programme.translations["en"], unescape(built_in_page(OURS, "en"))
    rows = Cells(html).rows
    assert any(row[2:3] and row[2].startswith("Long holds (") and "15 s" in row[4] for row in rows)
    short = programme.short_opening
    assert short is not None
    for talk in ("settling-lying", "settling-nursing", "contractions-closing", *short.talks):
        for paragraph in words.talks[talk].text:
            assert f"<dd>{paragraph}</dd>" in html
    assert words.exercises["strength"].cues["about_quick"] in html


# What a clinician is to confirm


KNOWN = {
    *("Phase.sources", "Prescription.sources", "Step.day_source", "Span.sources"),
    *("Session.late_starters_source", "ExerciseBlock.override_source", "CircuitBlock.sources"),
    *("Rule.days_source", "Rule.within_source", "Rule.sources", "TrainingRules.sources"),
    *("Programme.full_guidance_source", "Programme.starting_position_sources"),
    *("Programme.sources", "Labels.source", "ShortOpening.sources", "SportQuestions.sources"),
    *("SportQuestions.tests", "Translation.rate_sources"),
}
"""Where sources are kept: what is editorial there is listed by ToConfirm (`Labels` has a word)."""


def test_no_place_with_a_source_is_left_out_of_what_is_to_be_confirmed(
    programme: Programme,
) -> None:
    found: set[str] = set()

    def walk(value: object) -> None:
        if is_dataclass(value):
            for each in fields(value):
                if each.name.endswith(("source", "sources")):
                    found.add(f"{type(value).__name__}.{each.name}")
                walk(getattr(value, each.name))
        elif isinstance(value, Mapping):
            walk(tuple(value.values()))
        elif isinstance(value, tuple):
            for one in value:
                walk(one)

    walk(programme)
    assert found <= KNOWN, "list it in ToConfirm, and here"


def test_talks_openings_and_rates_of_our_own_choice_are_to_be_confirmed(
    programme: Programme,
) -> None:
    html = built_in_page(OURS, "en")
    confirmed = html[html.index("<h2>To be confirmed</h2>") :]
    rows = {row[0]: row[1] for row in Cells(confirmed.partition("<h3>Danger signs")[0]).rows[1:]}
    opening = rows["How a session opens once she knows it"]
    assert opening == "In short from this time on: 4; Breaths before the contractions: 1"
    assert rows["Rate of the voice, in words a minute"].startswith("With every step spoken: ")
    for id_, sources in programme.talks.items():
        title = programme.translations["en"].talks[id_].title
        assert EDITORIAL not in sources or str(escape(title)) in confirmed, id_


def test_every_number_of_our_own_choice_is_to_be_confirmed(programme: Programme) -> None:
    html = built_in_page(OURS, "en")
    listed = html[html.index("<h2>To be confirmed</h2>") :].partition("<h3>Danger signs")[0]
    rows = {row[0]: row[1] for row in Cells(listed).rows[1:]}
    words = programme.translations["en"]
    for phase in programme.phases:
        is_ours = EDITORIAL in dict(phase.sources).values()
        assert (f"Phase: {words.phases[phase.id]}" in rows) == is_ours
    for exercise_id, exercise in programme.exercises.items():
        for step in exercise.steps:
            ours = [key for key, source in step.prescription.sources if source == EDITORIAL]
            titles = [each for each in rows if each.startswith(words.exercises[exercise_id].title)]
            assert not ours or titles
    assert "Hold: 6 s" in rows["Endurance (from day 20)"]
    assert "Rest between sets: 45 s" in rows["Endurance (from day 20)"]
    for name, source in programme.training.sources:
        number = getattr(programme.training, name)
        assert source != EDITORIAL or f": {number}" in rows["How the steps are begun and climbed"]


def test_every_limit_of_a_phase_can_be_of_our_own_choice(programme: Programme) -> None:
    given = {key for phase in programme.phases for key, _ in phase.sources}
    assert {"sets_a_day", "reps", "long_hold_s", "long_hold_percent"} <= given
    ours = tuple(
        replace(phase, sources=tuple((key, EDITORIAL) for key, _ in phase.sources))
        for phase in programme.phases
    )
    for language in ("nl", "en"):
        words, headings = programme.translations[language], messages.words(language)
        found = ToConfirm(replace(programme, phases=ours), words, headings).numbers()
        rows = {row[0].text: row[1].text for row in found}
        for phase in ours:
            numbers = rows[f"{headings('sign_off.phase')}: {words.phases[phase.id]}"]
            assert numbers.count(": ") == len(phase.sources), numbers


def test_the_signs_and_the_numbers_of_every_country_are_to_be_confirmed(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    html = unescape(page(folder, mine, "en", tmp_path))
    confirmed = html[html.index("<h2>To be confirmed</h2>") :]
    ours = messages.words("en")
    for group in countries.GROUPS:
        for sign in Asked(mine, ours).signs(group):
            assert f"<li>{sign}</li>" in confirmed
    for code in ("nl", "gb"):
        assert f"Whom to call: {ours(f'whom.{code}.name')}" in confirmed
        for name, number in countries.numbers(code).items():
            assert f"<dt>{number}</dt>" in confirmed
            assert countries.number_sources(code)[name] in confirmed
    assert "Numbers checked on 27 November 2026." in confirmed


def test_what_a_step_back_leaves_is_in_it(folder: Path, mine: Programme, tmp_path: Path) -> None:
    rows = Cells(page(folder, mine, "en", tmp_path)).rows
    assert ["1", "7", "24 → 0", "48 s → 0 s", "40 % → 0 %", "0 %"] in rows


# The page


def test_every_number_of_a_dose_has_its_source(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    rows = Cells(page(folder, mine, "en", tmp_path)).rows
    assert [
        "5–7 | article editorial",
        "Light contraction, 2 seconds",
        "Light contraction",
        "30–40 % | article",
        "2 s | article",
        "4 s | motherfit",
        "8 | article",
        "3 | article",
        "45 s | editorial",
        "1 | editorial",
        "24",
    ] in rows


def test_the_limits_of_a_phase_have_their_sources(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    rows = Cells(page(folder, mine, "en", tmp_path)).rows
    assert [
        "Light contraction",
        "5 | article",
        "3 s | article",
        "40 % | article",
        "2 × hold | motherfit",
        "72 | article",
        "24",
    ] in rows


def test_the_rules_and_what_they_do_are_in_it(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    rows = Cells(page(folder, mine, "en", tmp_path)).rows
    assert [
        "Pain",
        "1 × | editorial",
        "a day of breathing, then one step back | editorial",
        "Stop for today. Tomorrow you go back one step.",
    ] in rows


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_numbers_of_the_training_are_in_it_with_their_sources(
    language: str, programme: Programme
) -> None:
    rows = Cells(built_in_page(OURS, language)).rows
    training = programme.training
    numbers = [f"{getattr(training, name)} | {source}" for name, source in training.sources]
    assert len(numbers) == len(fields(training)) - 1
    found = [row[1] for row in rows if len(row) == 2 and row[1] in numbers]
    assert found == numbers


def test_every_source_named_has_its_full_title(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    html = page(folder, mine, "en", tmp_path)
    named = set(re.findall(r'href="#source-([^"]+)"', html))
    assert named == {"article", "motherfit", "benami2018", "editorial"}
    for id_ in named:
        assert f'<dt id="source-{id_}">' in html
        assert mine.sources[id_] in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_conditions_and_safety_are_in_it_in_the_words_that_are_heard(
    folder: Path, mine: Programme, language: str, tmp_path: Path
) -> None:
    html = page(folder, mine, language, tmp_path)
    words = mine.translations[language]
    assert f'<html lang="{language}" dir="ltr">' in html
    for talk in ("light-condition", "welcome"):
        for paragraph in words.talks[talk].text:
            assert paragraph in html
    assert ("drie rondes van acht keer" if language == "nl" else "three sets of eight") in html


def test_sessions_that_only_tell_something_are_in_it_with_days_and_for_whom(
    programme: Programme,
) -> None:
    for language, days, whom, anyone in (
        ("en", "Days: 1 (days since the first day of practice)", "For: caesarean", "For: everyone"),
        ("nl", "Dagen: 1 (dagen vanaf de eerste oefendag)", "Voor: keizersnede", "Voor: iedereen"),
    ):
        html = built_in_page(OURS, language)
        words = programme.translations[language]
        after = html[html.index(f">{words.sessions['explanation-caesarean']}</h3>") :]
        own = after[: after.index("</dl>")]
        assert f"<li>{days} " in own
        assert f"<li>{whom} " in own
        for paragraph in words.talks["explanation-caesarean"].text:
            assert f"<dd>{paragraph}</dd>" in own
        for source in programme.talks["explanation-caesarean"]:
            assert f'href="#source-{source}"' in own
        for session in programme.sessions:
            if not session.is_exercise:
                assert f">{escape(words.sessions[session.id])}</h3>" in html
        assert f"<li>{anyone} " in html


def test_who_hears_a_session_is_told_in_full(folder: Path, mine: Programme, tmp_path: Path) -> None:
    welcome = replace(
        mine.sessions[0],
        meant_for={"delivery": ("caesarean", "unknown"), "position": ("nursing",)},
        paths=(PathOf.RELEASE,),
        late_starters_until=9,
        late_starters_source="article",
    )
    spoilt = replace(mine, sessions=(welcome, *mine.sessions[1:]))
    html = page(folder, spoilt, "en", tmp_path)
    assert (
        "<li>For: caesarean or not told; listening while nursing; while she only breathes and lets"
        " go "
    ) in html
    assert "<li>who begins later, up to day 9: on the first day of their own " in html


def test_a_text_that_several_sessions_tell_is_printed_once(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    again = replace(mine, sessions=(mine.sessions[0], *mine.sessions))
    html = page(folder, replace(again, safety=None), "en", tmp_path)
    assert html.count("Rest comes first.") == 1
    assert html.count('<dd lang="en">as above</dd>') == 1


def test_it_says_which_content_it_is_about(folder: Path, mine: Programme, tmp_path: Path) -> None:
    html = page(folder, mine, "en", tmp_path)
    for file in starter.FILES:
        assert f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}" in html
    assert "voicecoach " in html
    assert "2026" in html


def test_there_is_a_place_for_name_date_remarks_and_signature(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    html = page(folder, mine, "nl", tmp_path)
    for label in ("Naam", "Datum", "Handtekening", "Opmerkingen", "Niet akkoord"):
        assert label in html


def test_it_says_what_check_says(folder: Path, mine: Programme, tmp_path: Path) -> None:
    assert "No remarks." in page(folder, mine, "en", tmp_path)
    spoilt = replace(mine, sources={**mine.sources, "nhs": "A leaflet"})
    assert "source nhs: no number and no talk names it" in page(folder, spoilt, "en", tmp_path)


def test_words_of_the_author_are_no_markup(folder: Path, mine: Programme, tmp_path: Path) -> None:
    english = replace(mine.translations["en"], title="<script>alert(1)</script>")
    altered = replace(mine, translations={**mine.translations, "en": english})
    html = page(folder, altered, "en", tmp_path)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_same_content_makes_the_same_page(
    folder: Path, mine: Programme, tmp_path: Path
) -> None:
    assert page(folder, mine, "en", tmp_path) == page(folder, mine, "en", tmp_path)


@pytest.mark.parametrize("name", programme_reader.built_in_names())
def test_the_built_in_programmes_have_a_page(name: str) -> None:
    for language in programme_reader.read(programme_reader.built_in(name)).translations:
        assert not re.search(r"\bNone\b", built_in_page(name, language))


def test_content_that_is_gone_is_named(mine: Programme, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"programme\.yaml: cannot be read"):
        sign_off_page.write(tmp_path, mine, mine.translations["en"], [], tmp_path / "page.html")


@pytest.mark.slow
def test_it_is_accessible_and_prints_on_a4(folder: Path, mine: Programme, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium")
    (tmp_path / "page.html").write_text(page(folder, mine, "en", tmp_path), encoding="utf-8")
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        shown = browser.new_page()
        shown.goto((tmp_path / "page.html").as_uri())
        assert axe.Axe().run(shown).violations_count == 0
        printed = shown.pdf(prefer_css_page_size=True)
        browser.close()
    assert set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed)) == {(b"841", b"594")}
