"""The list of what a person records: complete, and true about how long it may take."""

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.authoring.prompts import (
    COLUMNS,
    COMMON,
    STEP_MS,
    Prompt,
    csv_file,
    fits,
    html_page,
    longest_ms,
    prompts,
    scripts_of,
    word_slots,
)
from voicecoach.cache import Cache
from voicecoach.cli import context
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Dose, Intensity
from voicecoach.content.translation import Guidance
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import estimate_ms
from voicecoach.script import timeline, writer
from voicecoach.script.script import Script
from voicecoach.speech import recorded_voices as recorded
from voicecoach.speech.recorded_folder import SUFFIXES

PROGRAMME = context.open_programme(None)
LANGUAGES = ("nl", "en")
WEEKS = range(1, 7)
MOST_CUES = 200
MOST_PAGE_BYTES = 200_000
SCRIPTS = {
    language: scripts_of(PROGRAMME, PROGRAMME.translations[language], WEEKS)
    for language in LANGUAGES
}
PROMPTS = {
    language: prompts(SCRIPTS[language], PROGRAMME.translations[language]) for language in LANGUAGES
}
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def prompt(text: str, *, group: str = "A group", longest: int | None = None) -> Prompt:
    return Prompt(text=text, stem="a-stem-01234567", group=group, longest_ms=longest)


def find(language: str, text: str) -> Prompt:
    return next(prompt for prompt in PROMPTS[language] if prompt.text == text)


def script(dose: Dose, guidance: Guidance) -> Script:
    exercise = "endurance" if isinstance(dose, Contractions) else "floor-breathing"
    session = PlannedSession(
        id="endurance" if isinstance(dose, Contractions) else "breathing",
        guidance=guidance,
        parts=(Prescription(exercise=exercise, dose=dose, sources=()),),
    )
    return writer.write(session, PROGRAMME.translations["nl"])


def contractions(hold_ms: int, rest_ms: int, *, reps: int = 8, sets: int = 1) -> Contractions:
    intensity = Intensity(low_percent=40, high_percent=40)
    return Contractions(
        intensity=intensity,
        hold_ms=hold_ms,
        rest_ms=rest_ms,
        reps=reps,
        sets=sets,
        set_rest_ms=45_000,
    )


@in_each_language
def test_every_utterance_stands_in_the_list_once(language: str) -> None:
    said = {text for script in SCRIPTS[language] for text in script.texts}
    listed = [prompt.text for prompt in PROMPTS[language]]
    assert len(listed) == len(set(listed))
    assert set(listed) == said


@in_each_language
def test_the_cues_are_few(language: str) -> None:
    talks = {talk.title for talk in PROGRAMME.translations[language].talks.values()}
    cues = [prompt for prompt in PROMPTS[language] if prompt.group not in talks]
    assert 40 < len(cues) < MOST_CUES
    assert len(cues) < len(PROMPTS[language])


@in_each_language
def test_names_are_unique_and_safe_on_any_file_system(language: str) -> None:
    stems = [prompt.stem for prompt in PROMPTS[language]]
    assert len({stem.casefold() for stem in stems}) == len(stems)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,70}", stem) for stem in stems)


@in_each_language
def test_names_depend_on_nothing_but_the_text(language: str) -> None:
    words = PROGRAMME.translations[language]
    names = {prompt.text: prompt.stem for prompt in PROMPTS[language]}
    for guidance in Guidance:
        fewer = prompts(scripts_of(PROGRAMME, words, [4, 3], guidance), words)
        shared = [prompt for prompt in fewer if prompt.text in names]
        assert len(shared) > 50
        assert all(names[prompt.text] == prompt.stem for prompt in shared)


@in_each_language
def test_what_several_exercises_say_goes_first(language: str) -> None:
    words = PROGRAMME.translations[language]
    groups = [prompt.group for prompt in PROMPTS[language]]
    assert groups[0] == COMMON
    runs = [group for n, group in enumerate(groups) if not n or groups[n - 1] != group]
    assert len(runs) == len(set(runs))
    heard = {block.exercise for script in SCRIPTS[language] for block in script.blocks}
    titles = {talk.title for id_, talk in words.talks.items() if id_ in heard}
    titles |= {exercise.title for id_, exercise in words.exercises.items() if id_ in heard}
    assert set(runs) == titles | {COMMON}
    light, belly = words.exercises["light"], words.exercises["belly-breathing"]
    assert find(language, light.cues["release"]).group == COMMON
    assert find(language, belly.reminders[0]).group == belly.title


def test_words_share_the_room_of_their_slot() -> None:
    # 3000 ms of rest, of which 300 after the tone, 100 before the next and 100 between.
    slots = word_slots([script(contractions(1000, 3000, reps=3), Guidance.FULL)])
    lengths = longest_ms(slots)
    assert lengths["Laat los."] == 1000
    assert lengths["Span aan."] == lengths["Nog één keer."] == 1500  # the longer of the two rules
    assert lengths["Laat helemaal los."] == 2600
    assert "Span zachtjes aan." not in lengths


def test_a_count_ends_before_the_release_and_the_next_count() -> None:
    # The first starts 300 ms after the tone, the others 70 ms after their tick; the last ends
    # 100 ms before the next tone.
    short = longest_ms(word_slots([script(contractions(2000, 6000), Guidance.FULL)]))
    assert short["één."] == 700
    longer = longest_ms(word_slots([script(contractions(5000, 6000), Guidance.FULL)]))
    counts = ("één.", "twee.", "drie.", "vier.", "vijf.")
    assert [longer[text] for text in counts] == [700, 900, 900, 900, 800]


def test_a_reminder_may_take_the_place_of_the_counts_it_is_expected_to() -> None:
    lengths = longest_ms(word_slots([script(contractions(8000, 8000), Guidance.FULL)]))
    assert lengths["Adem rustig door."] == 3000 - 1000 - 100


def test_words_without_a_slot_take_as_long_as_they_do() -> None:
    for text in ("Welkom.", "Neem deze rust mee.", "Houd drie tellen vast."):
        assert find("nl", text).longest_ms is None


def test_a_slot_that_is_too_short_for_any_words_sets_no_target() -> None:
    assert not word_slots([script(contractions(1000, 450, reps=3), Guidance.FULL)])
    breathing = Breathing(inhale_ms=450, exhale_ms=3000, breaths=2)
    assert set(longest_ms(word_slots([script(breathing, Guidance.FULL)]))) == {"Adem uit."}


def spoken_ms(language: str) -> dict[str, int]:
    """Each utterance as long as it may be."""
    return {
        prompt.text: prompt.longest_ms or estimate_ms(prompt.text, 120)
        for prompt in PROMPTS[language]
    }


@in_each_language
def test_all_fits_where_each_utterance_is_as_long_as_it_may_be(language: str) -> None:
    lengths = spoken_ms(language)
    for written in SCRIPTS[language]:
        laid_out = timeline.lay_out(written, lengths.__getitem__)
        expected_ms = {text: estimate_ms(text, written.rate_wpm) for text in written.texts}
        expected = timeline.lay_out(written, expected_ms.__getitem__)
        assert not laid_out.misfits
        assert len(laid_out.events) >= len(expected.events)


@in_each_language
def test_an_utterance_that_takes_longer_does_not_fit_somewhere(language: str) -> None:
    lengths = spoken_ms(language)
    heard = {w: timeline.lay_out(w, lengths.__getitem__) for w in SCRIPTS[language]}
    limited = [prompt.text for prompt in PROMPTS[language] if prompt.longest_ms is not None]
    assert len(limited) > 30
    for text in limited:
        longer = {**lengths, text: lengths[text] + STEP_MS}
        assert any(
            (laid_out := timeline.lay_out(written, longer.__getitem__)).misfits
            or len(laid_out.events) < len(before.events)
            for written, before in heard.items()
            if text in written.texts
        )


doses = st.one_of(
    st.builds(
        contractions,
        st.integers(1, 15).map(lambda seconds: seconds * 1000),
        st.integers(500, 20_000),
        reps=st.integers(1, 10),
        sets=st.integers(1, 3),
    ),
    st.builds(
        Breathing,
        inhale_ms=st.integers(500, 6000),
        exhale_ms=st.integers(500, 9000),
        breaths=st.integers(1, 14),
    ),
)


@given(st.lists(st.builds(script, doses, st.sampled_from(list(Guidance))), min_size=1, max_size=3))
def test_targets_are_exact_for_any_dose(scripts: list[Script]) -> None:
    slots = word_slots(scripts)
    lengths = longest_ms(slots)
    assert all(fits(slot, lengths) for slot in slots)
    for text, length_ms in lengths.items():
        assert length_ms % STEP_MS == 0
        longer = {**lengths, text: length_ms + STEP_MS}
        assert not all(fits(slot, longer) for slot in slots)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


@in_each_language
def test_the_table_reads_back(language: str) -> None:
    content = csv_file(PROMPTS[language])
    assert content.startswith(b"\xef\xbb\xbf")
    for row, listed in zip(rows(content), PROMPTS[language], strict=True):
        assert tuple(row) == COLUMNS
        assert row["group"] == (listed.group or "cues")
        assert (row["file"], row["text"]) == (listed.stem, listed.text)
        longest_ms = listed.longest_ms
        assert row["longest_s"] == ("" if longest_ms is None else f"{longest_ms / 1000 - 0.1:.1f}")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.integers(2, 99))
def test_any_text_reads_back_and_is_no_formula(text: str, tenths: int) -> None:
    [row] = rows(csv_file([prompt(text, group=text, longest=100 * tenths)]))
    assert row["text"] in (text, f"'{text}")
    assert row["longest_s"] == f"{(tenths - 1) / 10:.1f}"
    assert not row["text"].startswith(tuple("=+-@\t\r\n"))
    assert not row["group"].startswith(tuple("=+-@\t\r\n"))


@pytest.mark.parametrize("text", ["=1+1", "+31", "-5", "@SUM(A1)", "\t=1", "＝1+1"])
def test_a_formula_becomes_text(text: str) -> None:
    [row] = rows(csv_file([prompt(text)]))
    assert row["text"] == f"'{text}"


class Page(HTMLParser):
    """What stands in a page: its tags, attributes, and the text of labels, headings and code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input"):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data


def page(language: str, listed: tuple[Prompt, ...] | None = None) -> str:
    words = PROGRAMME.translations[language]
    return html_page(PROMPTS[language] if listed is None else listed, words)


@in_each_language
def test_the_page_has_every_prompt_once(language: str) -> None:
    html = page(language)
    read = Page(html)
    assert read.texts["label"] == [prompt.text for prompt in PROMPTS[language]]
    ids = [value for key, value in read.attributes if key == "id"]
    assert ids == [prompt.stem for prompt in PROMPTS[language]]
    assert read.tags.count("input") == len(ids)
    assert len(html.encode()) < MOST_PAGE_BYTES


@in_each_language
def test_the_page_needs_nothing_else(language: str) -> None:
    html = page(language)
    read = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(read.tags)
    assert not {"src", "href", "style", "onclick"} & {key for key, _ in read.attributes}
    assert "url(" not in html
    assert "@import" not in html
    assert "://" not in html


@in_each_language
def test_the_page_speaks_the_language_and_says_how(language: str, tmp_path: Path) -> None:
    words = PROGRAMME.translations[language]
    read = Page(page(language))
    assert ("lang", language) in read.attributes
    assert words.title in read.texts["title"][0]
    how = " ".join(read.texts["li"])
    assert all(suffix in how for suffix in SUFFIXES)
    assert ("0,3" if language == "nl" else "0.3") in how
    example = read.texts["pre"][0]
    (tmp_path / "voice.yaml").write_text(example, encoding="utf-8")
    voice = recorded.open_folder(tmp_path, language, Cache(root=tmp_path / "cache"))
    assert voice.fallback == words.voice
    assert not voice.remarks


def test_lengths_are_written_as_the_language_does() -> None:
    dutch, english = ([*Page(page(language)).texts["td"]] for language in LANGUAGES)
    assert "0,8 s" in dutch
    assert "vrij" in dutch
    assert "0.8 s" in english
    assert "free" in english


def test_another_language_has_english_headings() -> None:
    words = replace(PROGRAMME.translations["nl"], language="de", title="Beckenboden")
    read = Page(html_page([prompt("Atme ein.")], words))
    assert read.texts["h1"] == ["Recording list"]
    assert ("lang", "en") in read.attributes
    assert ("lang", "de") in read.attributes
    assert "language: de" in read.texts["pre"][0]


def test_what_is_in_the_words_stays_text() -> None:
    sharp = "<script>alert(\"1\")</script> & 'x' {{ 7 * 7 }}"
    read = Page(page("en", (prompt(sharp, group=sharp),)))
    assert read.texts["label"] == [sharp]
    assert sharp in read.texts["h2"]
    assert "script" not in read.tags
