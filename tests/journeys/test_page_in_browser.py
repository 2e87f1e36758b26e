"""The page in a real browser: what a mother sees, hears and taps."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import browser
import pytest
from browser import Phone, serving, write_pack
from week_pages import page_of

from voicecoach import messages
from voicecoach.script.script import Cue, Say, Tone
from voicecoach.script.timeline import Timeline

LANGUAGES = ("nl", "en")
SIZES = ((360, 640), (1280, 800))
TOLERANCE_MS = 100
WELCOME, BREATHING, ENDURANCE, ABOUT_QUICK, ONE_SET, QUICK = range(6)
"""Places of the tracks of week 3."""
in_each_language = pytest.mark.parametrize("language", LANGUAGES)
SAMPLE = """(seconds) => new Promise((done) => {
  const [audio] = [...document.querySelectorAll("audio")].filter((a) => !a.paused);
  const words = document.getElementById("words");
  const samples = [];
  const start = audio.currentTime;
  let before = performance.now();
  const take = () => {
    const now = performance.now();
    samples.push([audio.currentTime * 1000, words.textContent, now - before]);
    before = now;
    if (audio.currentTime < start + seconds) setTimeout(take, 20);
    else done(samples);
  };
  take();
})"""
STARVED_MS = 60
"""A browser that comes to a timer of 20 ms this late had no processor to draw with either."""
PICTURE = "document.getElementById('picture').outerHTML"
FRAMES = f"""(count) => new Promise((done) => {{
  const seen = new Set();
  const look = () => {{
    seen.add({PICTURE});
    if (count-- > 0) requestAnimationFrame(look);
    else done(seen.size);
  }};
  requestAnimationFrame(look);
}})"""


def timeline_of(place: int, language: str = "nl") -> Timeline:
    return page_of(language).tracks[place].timeline


def words_at(timeline: Timeline, ms: float) -> str:
    return next(
        (
            event.sound.text
            for event in timeline.events
            if isinstance(event.sound, Say) and event.start_ms <= ms < event.end_ms
        ),
        "",
    )


def may_stand_at(timeline: Timeline, ms: float) -> set[str]:
    """What may be shown then, within the tolerance."""
    near = range(round(ms) - TOLERANCE_MS, round(ms) + TOLERANCE_MS + 1, 10)
    return {words_at(timeline, each) for each in near}


def holds(timeline: Timeline) -> list[tuple[int, int, str]]:
    """Start and end of every hold, and its place in figures."""
    found = []
    for event in timeline.events:
        if isinstance(event.sound, Tone) and event.sound.cue is Cue.TIGHTEN:
            start_ms = event.start_ms
        elif isinstance(event.sound, Tone) and event.sound.cue is Cue.RELEASE:
            where = event.sound.where
            found.append((start_ms, event.start_ms, f"{where.set_number} {where.rep}"))
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pack in each language, under its code."""
    folder = tmp_path_factory.mktemp("packs")
    for language in LANGUAGES:
        write_pack(folder / language, page_of(language))
    return folder


@pytest.fixture(scope="module")
def site(packs: Path) -> Iterator[str]:
    """The address of ``packs``."""
    with serving(packs) as address:
        yield address


OpenPhone = Callable[..., Phone]


@pytest.fixture
def phone(chromium: Any, site: str) -> Iterator[OpenPhone]:
    """Opens pages. After the test, none of them may have complained, or asked others for anything;
    ``may_fail=True`` lets one complain."""
    with ExitStack() as stack:
        opened: list[Phone] = []

        def open_phone(
            language: str = "nl",
            *,
            address: str | None = None,
            may_fail: bool = False,
            **options: Any,
        ) -> Phone:
            new = Phone(chromium, address or f"{site}/{language}/", **options)
            stack.callback(new.context.close)
            if not may_fail:
                opened.append(new)
            return new

        yield open_phone
        for each in opened:
            assert each.faults == []
            own = each.address.partition("//")[2].partition("/")[0]
            assert [url for url in each.asked if own not in url] == []


@pytest.fixture(params=["http", pytest.param("file", marks=pytest.mark.slow)])
def opened(request: pytest.FixtureRequest, phone: OpenPhone, packs: Path) -> Callable[[], Phone]:
    """Opens the Dutch page: from the server, or straight from the disk."""

    def open_it() -> Phone:
        address = (packs / "nl" / "index.html").as_uri() if request.param == "file" else None
        return phone(address=address).open()

    return open_it


def start(screen: Phone, place: int, ms: int = 1000) -> None:
    """Plays the track at ``place`` from ``ms``."""
    screen.page.evaluate(f"document.querySelectorAll('audio')[{place}].play()")
    screen.wait_until(f"!document.querySelectorAll('audio')[{place}].paused")
    screen.seek(place, ms)


def stop(screen: Phone) -> None:
    screen.page.click("#play")
    screen.wait_until("[...document.querySelectorAll('audio')].every((a) => a.paused)")


# --- playing --------------------------------------------------------------------------------------


def test_the_big_button_plays_and_pauses(opened: Callable[[], Phone]) -> None:
    screen = opened()
    screen.play()
    screen.wait_until("document.querySelector('audio').currentTime > 0.3")
    assert screen.playing() == [WELCOME]
    assert screen.page.get_attribute("#play", "aria-label") == "Pauze"
    stop(screen)
    # The page hears of a pause a moment after the audio element says that it is paused.
    screen.wait_until(
        "document.querySelector('#play').ariaLabel === 'Speel: Welkom terug'",
    )


def test_seeking_by_slider_and_by_ten_seconds(opened: Callable[[], Phone]) -> None:
    screen = opened()
    screen.play()
    screen.page.locator("#seek").fill("60")
    screen.wait_until("document.querySelector('audio').currentTime >= 60")
    stop(screen)
    before = screen.audio(WELCOME, "currentTime")
    screen.page.click("#forward")
    assert screen.audio(WELCOME, "currentTime") == pytest.approx(before + 10, abs=0.1)
    screen.page.click("#back")
    assert screen.audio(WELCOME, "currentTime") == pytest.approx(before, abs=0.1)
    spoken = screen.page.get_attribute("#seek", "aria-valuetext")
    assert re.fullmatch(r"1:0\d van \d:\d\d", spoken or "")


def test_straight_from_the_disk_it_plays_shows_its_words_and_remembers(
    phone: OpenPhone, packs: Path
) -> None:
    screen = phone(address=(packs / "nl" / "index.html").as_uri()).open("#day-15")
    screen.play()
    screen.seek(WELCOME, 60_000)
    stop(screen)
    assert screen.text("#words") in may_stand_at(timeline_of(WELCOME), 60_000)
    screen.page.reload()
    assert screen.page.input_value("#day") == "15"
    assert screen.text("#at").startswith("1:0")


def test_only_one_plays_at_a_time(opened: Callable[[], Phone]) -> None:
    screen = opened()
    screen.play()
    screen.page.click("#entries li:nth-child(2) button")
    screen.wait_until("!document.querySelectorAll('audio')[1].paused")
    assert screen.playing() == [BREATHING]
    start(screen, ENDURANCE)
    screen.wait_until("document.querySelectorAll('audio')[1].paused")
    assert screen.playing() == [ENDURANCE]
    assert screen.text("#title").startswith("Duurkracht")


def test_the_speed_is_left_alone(phone: OpenPhone) -> None:
    screen = phone().open()
    screen.play()
    assert [screen.audio(place, "playbackRate") for place in range(6)] == [1] * 6


# --- the words ------------------------------------------------------------------------------------


@in_each_language
@pytest.mark.parametrize("place", range(6))
def test_wherever_one_seeks_the_words_of_that_moment_stand_there(
    phone: OpenPhone, language: str, place: int, request: pytest.FixtureRequest
) -> None:
    screen = phone(language).open()
    timeline = timeline_of(place, language)
    says = [event for event in timeline.events if isinstance(event.sound, Say)]
    count = 40 if request.config.getoption("--slow") else 10
    moments = [
        moment
        for event in says[:: max(1, len(says) // count)]
        for moment in (event.start_ms + TOLERANCE_MS, event.end_ms - TOLERANCE_MS)
    ]
    moments += [event.end_ms + TOLERANCE_MS for event in says[:: 360 // count]]
    start(screen, place)
    stop(screen)
    seen = screen.seen_at(place, moments, "#words")
    for moment, (at_ms, shown) in zip(moments, seen, strict=True):
        assert at_ms == pytest.approx(moment, abs=10)
        assert shown in may_stand_at(timeline, moment), moment


@pytest.mark.slow
@pytest.mark.parametrize("place", [WELCOME, ENDURANCE])
def test_while_it_plays_the_words_come_and_go_in_time(
    opened: Callable[[], Phone], place: int
) -> None:
    screen = opened()
    timeline = timeline_of(place)
    start(screen, place, 20_000 if place == WELCOME else holds(timeline)[0][0] - 2000)
    taken = screen.page.evaluate(SAMPLE, 6)
    samples = [(ms, shown) for ms, shown, late_ms in taken if late_ms < STARVED_MS]
    assert len(samples) > 30
    for ms, shown in samples:
        assert shown in may_stand_at(timeline, ms), ms
    assert len({shown for _, shown in samples}) >= 3


def test_what_was_said_stays_readable_for_a_while_but_not_as_said_now(phone: OpenPhone) -> None:
    screen = phone().open()
    timeline = timeline_of(BREATHING)
    [*_, last] = [event for event in timeline.events if isinstance(event.sound, Say)]
    start(screen, BREATHING)
    stop(screen)
    screen.seek(BREATHING, last.end_ms + 1000)
    assert (screen.text("#words"), screen.text("#said")) == ("", "")
    assert screen.page.get_attribute("#said", "data-text") == last.sound.text


# --- the moment -----------------------------------------------------------------------------------


@in_each_language
@pytest.mark.parametrize("place", [ENDURANCE, ONE_SET, QUICK])
def test_set_and_repetition_are_those_of_the_contraction(
    phone: OpenPhone, language: str, place: int
) -> None:
    screen = phone(language).open()
    start(screen, place)
    stop(screen)
    held = holds(timeline_of(place, language))
    moments = [(start_ms + end_ms) // 2 for start_ms, end_ms, _ in held]
    seen = screen.seen_at(place, moments, "#where", "#phase")
    for (_, _, figures), (_, where, phase) in zip(held, seen, strict=True):
        shown = re.findall(r"\d+", where)
        one_set = place == ONE_SET
        assert shown == ([figures[-1], "8"] if one_set else [figures[0], "3", figures[-1], "8"])
        assert phase == messages.words(language)("page_script.moves.hold")


def test_breaths_are_counted_and_named(phone: OpenPhone) -> None:
    screen = phone().open()
    start(screen, BREATHING)
    stop(screen)
    tones = [e for e in timeline_of(BREATHING).events if isinstance(e.sound, Tone)]
    breaths = [e for e in tones if e.sound.cue in (Cue.INHALE, Cue.EXHALE)]
    for event in breaths[:6]:
        screen.seek(BREATHING, event.start_ms + 500)
        is_in = event.sound.cue is Cue.INHALE
        assert screen.text("#phase") == ("Adem in" if is_in else "Adem uit")
        assert screen.text("#where") == f"Ademhaling {event.sound.where.rep} van 12"


def test_the_shape_grows_with_the_in_breath_and_shrinks_with_the_out_breath(
    phone: OpenPhone,
) -> None:
    screen = phone().open()
    start(screen, BREATHING)
    stop(screen)
    inhale, exhale = [
        event
        for event in timeline_of(BREATHING).events
        if isinstance(event.sound, Tone) and event.sound.cue in (Cue.INHALE, Cue.EXHALE)
    ][:2]
    sizes = []
    for event in (inhale, exhale):
        for share in (0.05, 0.35, 0.65, 0.95):
            length_ms = event.end_ms - event.start_ms
            screen.seek(BREATHING, event.start_ms + round(length_ms * share))
            sizes.append(float(screen.page.get_attribute("#lungs", "r") or 0))
    assert sizes[:4] == sorted(sizes[:4])
    assert sizes[4:] == sorted(sizes[4:], reverse=True)
    assert max(sizes) > 1.6 * min(sizes)


def test_the_mark_lies_on_the_floor_at_rest_and_at_forty_percent_in_a_hold(
    phone: OpenPhone,
) -> None:
    screen = phone().open()
    start(screen, ENDURANCE)
    stop(screen)

    def height(ms: int) -> float:
        screen.seek(ENDURANCE, ms)
        return float(screen.page.get_attribute("#mark", "cy") or 0)

    for start_ms, end_ms, _ in holds(timeline_of(ENDURANCE))[::7]:
        assert height(start_ms - 500) == height(end_ms + 2500) == 180
        top = float(re.findall(r"[\d.]+", screen.page.get_attribute("#guide", "d") or "")[1])
        assert height(start_ms + 1000) == height(end_ms - 200) == pytest.approx(top, abs=0.1)
        assert top < height(start_ms + 300) < 180
        assert top < height(end_ms + 500) < 180
    assert screen.text("#percent") == "40 %"


def test_the_mark_stands_on_the_curve(phone: OpenPhone) -> None:
    screen = phone().open()
    start(screen, ENDURANCE)
    stop(screen)
    [(start_ms, end_ms, _)] = holds(timeline_of(ENDURANCE))[3:4]
    for ms in range(start_ms - 200, end_ms + 1400, 170):
        screen.seek(ENDURANCE, ms)
        is_on_it = screen.page.evaluate(
            """() => {
              const path = document.querySelector(".curve.ahead");
              path.style.strokeWidth = 4;
              const mark = document.getElementById("mark");
              const [x, y] = ["cx", "cy"].map((name) => Number(mark.getAttribute(name)));
              const shift = path.parentNode.transform.baseVal[0].matrix.e;
              return path.isPointInStroke(new DOMPoint(x - shift, y));
            }"""
        )
        assert is_on_it, ms


def test_minutes_left_are_told(phone: OpenPhone) -> None:
    screen = phone().open()
    start(screen, ENDURANCE)
    stop(screen)
    end_ms = timeline_of(ENDURANCE).duration_ms
    for left_s, told in [
        (300, "nog 5 minuten"),
        (65, "nog 1 minuut"),
        (20, "nog minder dan een minuut"),
    ]:
        screen.seek(ENDURANCE, end_ms - left_s * 1000)
        assert screen.text("#left") == told


# --- today ----------------------------------------------------------------------------------------


def test_until_she_tells_the_day_the_page_asks_and_shows_the_first(phone: OpenPhone) -> None:
    screen = phone().open()
    assert screen.text("#note").startswith("Kies welke dag")
    assert screen.text("#today-title") == "Dag 15"
    screen.choose_day(17)
    assert not screen.page.is_visible("#note")
    assert screen.text("#today-title") == "Vandaag"
    assert screen.page.locator("#entries li").count() == 1


def at(screen: Phone, moment: str) -> Phone:
    screen.page.clock.set_fixed_time(datetime.fromisoformat(moment))
    return screen


def test_the_days_count_on_from_four_in_the_morning(opened: Callable[[], Phone]) -> None:
    screen = opened()
    at(screen, "2026-03-27T23:50:00").open()
    screen.choose_day(17)
    for moment, day in [
        ("2026-03-28T03:59:00", "17"),
        ("2026-03-28T04:01:00", "18"),
        ("2026-03-29T12:00:00", "19"),
        ("2026-03-30T04:01:00", "20"),
    ]:
        at(screen, moment).open()
        assert screen.page.input_value("#day") == day, moment


def test_where_clocks_go_forward_a_day_is_a_day(phone: OpenPhone) -> None:
    screen = phone(timezone_id="Europe/Amsterdam")
    at(screen, "2026-03-28T12:00:00+01:00").open()
    screen.choose_day(16)
    for moment, day in [("2026-03-29T04:30:00+02:00", "17"), ("2026-03-30T03:30:00+02:00", "17")]:
        at(screen, moment).open()
        assert screen.page.input_value("#day") == day, moment


@pytest.mark.parametrize(
    ("moment", "said", "offered"), [("2026-03-20", "dag 13", "15"), ("2026-03-30", "dag 23", "21")]
)
def test_outside_of_its_days_the_page_says_so_and_offers_the_nearest(
    phone: OpenPhone, moment: str, said: str, offered: str
) -> None:
    screen = phone()
    at(screen, "2026-03-22T12:00:00").open()
    screen.choose_day(15)
    at(screen, f"{moment}T12:00:00").open()
    assert said in screen.text("#note")
    assert not screen.page.is_visible("#play")
    assert not screen.page.is_visible("#entries")
    screen.page.click("#offer")
    assert screen.text("#today-title") == f"Dag {offered}"
    assert screen.page.is_visible("#play")


def test_the_address_can_tell_the_day_once(opened: Callable[[], Phone]) -> None:
    screen = opened()
    screen.open("#day-18")
    screen.page.reload()
    assert screen.page.input_value("#day") == "18"
    assert screen.page.evaluate("location.hash") == ""


@pytest.mark.parametrize("end", ["#day-99", "#day-", "#day-015x", "#today"])
def test_an_address_that_tells_no_day_of_this_week_changes_nothing(
    phone: OpenPhone, end: str
) -> None:
    screen = phone().open(end)
    assert screen.page.input_value("#day") == ""


# --- memory ---------------------------------------------------------------------------------------


LEAVING = """addEventListener("pagehide", () => {
  sessionStorage.left = document.querySelectorAll("audio")[2].currentTime;
})"""


def test_it_goes_on_where_she_was_after_a_reload(opened: Callable[[], Phone]) -> None:
    screen = opened()
    screen.choose_day(15)
    screen.page.click("#entries li:nth-child(3) button")
    screen.wait_until("!document.querySelectorAll('audio')[2].paused")
    screen.seek(ENDURANCE, 200_000)
    screen.page.evaluate(LEAVING)
    screen.page.reload()
    left_s = float(screen.page.evaluate("sessionStorage.left"))
    assert left_s >= 200
    assert screen.text("#title").startswith("Duurkracht")
    assert int(screen.page.input_value("#seek")) == pytest.approx(left_s, abs=1.5)
    assert screen.text("#at").startswith("3:2")
    screen.play()
    assert screen.audio(ENDURANCE, "currentTime") >= left_s - 1.5
    assert screen.text("#entries li:nth-child(3)").endswith("speelt nu")


LATE = """addEventListener("loadedmetadata", (event) => {
  if (!event.isTrusted) return;
  event.stopImmediatePropagation();
  setTimeout(() => event.target.dispatchEvent(new Event("loadedmetadata")), 500);
}, true)"""
"""A phone with much to do tells the page late that it knows a sound, which plays by then."""


def test_it_goes_on_where_she_was_on_a_slow_phone(phone: OpenPhone) -> None:
    screen = phone()
    screen.page.add_init_script(LATE)
    at(screen, "2026-03-22T12:00:00").open()
    screen.choose_day(16)
    screen.play()
    screen.seek(ENDURANCE, 200_000)
    stop(screen)
    screen.page.reload()
    screen.play()
    screen.wait_until("document.querySelectorAll('audio')[2].currentTime >= 200")


def test_she_can_begin_again(phone: OpenPhone) -> None:
    screen = phone().open()
    screen.play()
    screen.seek(WELCOME, 60_000)
    screen.page.click("summary:visible")
    screen.page.click("#restart")
    screen.wait_until("document.querySelector('audio').currentTime < 5")
    assert screen.playing() == [WELCOME]


def test_a_place_of_another_day_is_forgotten(phone: OpenPhone) -> None:
    screen = phone()
    at(screen, "2026-03-22T12:00:00").open()
    screen.choose_day(16)
    screen.play()
    screen.seek(ENDURANCE, 60_000)
    stop(screen)
    place = screen.text("#at")
    assert place.startswith("1:0")
    at(screen, "2026-03-22T23:00:00").open()
    assert screen.text("#at") == place
    at(screen, "2026-03-23T12:00:00").open()
    assert screen.page.input_value("#day") == "17"
    assert screen.text("#at") == "0:00"


def play_to_its_end(screen: Phone, place: int) -> None:
    screen.seek(place, timeline_of(place).duration_ms - 400)
    screen.wait_until(f"document.querySelectorAll('audio')[{place}].paused")


def test_after_a_session_the_big_button_is_for_the_next_of_today(
    opened: Callable[[], Phone],
) -> None:
    screen = opened()
    screen.choose_day(15)
    for place in (WELCOME, BREATHING, ENDURANCE):
        label = screen.page.get_attribute("#play", "aria-label")
        assert label == f"Speel: {page_of('nl').tracks[place].title}"
        screen.play()
        assert screen.playing() == [place]
        play_to_its_end(screen, place)
        assert screen.playing() == []
        screen.wait_until("document.getElementById('status').textContent")
    assert screen.text("#lead") == "Klaar voor vandaag. Rust maar lekker uit."
    assert not screen.page.is_visible("#play")
    rows = screen.page.locator("#entries li").all_inner_texts()
    assert all(row.endswith("gedaan") for row in rows)
    screen.page.reload()
    assert not screen.page.is_visible("#play")
    screen.choose_day(16)
    assert screen.page.is_visible("#play")


def test_a_session_that_is_done_three_times_a_day_counts_three_times(phone: OpenPhone) -> None:
    screen = phone().open()
    screen.choose_day(21)
    assert page_of("nl").days[6].files.count(page_of("nl").tracks[ONE_SET].file) == 3
    for place, done in ((ONE_SET, 1), (QUICK, 2), (ONE_SET, 3), (ONE_SET, 4)):
        screen.play()
        assert screen.playing() == [place]
        play_to_its_end(screen, place)
        screen.wait_until(f"document.querySelectorAll('#entries .done').length === {done}")


def test_what_was_done_counts_for_its_own_day(phone: OpenPhone) -> None:
    screen = phone()
    at(screen, "2026-03-22T12:00:00").open()
    screen.choose_day(16)
    screen.play()
    play_to_its_end(screen, ENDURANCE)
    screen.wait_until("document.querySelectorAll('#entries .done').length === 1")
    at(screen, "2026-03-23T12:00:00").open()
    assert screen.page.locator("#entries .done").count() == 0
    at(screen, "2026-03-25T12:00:00").open()
    screen.choose_day(16)
    assert screen.page.locator("#entries .done").count() == 0, "today is another day 16"


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })",
        "Storage.prototype.setItem = () => { throw new Error('full'); }",
        "delete window.localStorage;"
        " Object.defineProperty(window, 'localStorage', { value: undefined })",
    ],
)
def test_without_a_memory_everything_else_works(phone: OpenPhone, script: str) -> None:
    screen = phone()
    screen.page.add_init_script(script)
    screen.open()
    screen.choose_day(16)
    assert screen.text("#today-title") == "Vandaag"
    screen.play()
    assert screen.playing() == [ENDURANCE]
    play_to_its_end(screen, ENDURANCE)
    screen.wait_until("document.querySelectorAll('#entries .done').length === 1")


@pytest.mark.parametrize("kept", ["{", "null", "7", '{"day": "x", "date": 3}', '{"day": 16}', "[]"])
def test_a_memory_of_someone_else_does_no_harm(phone: OpenPhone, kept: str) -> None:
    screen = phone().open()
    key = f"place.{page_of('nl').tracks[0].address}"
    for name in ("today", "done.15", key):
        screen.page.evaluate("([k, v]) => localStorage.setItem(`voicecoach.${k}`, v)", [name, kept])
    screen.page.reload()
    assert screen.page.input_value("#day") == ""
    screen.play()
    assert screen.playing() == [WELCOME]


# --- the sleep timer ------------------------------------------------------------------------------


def test_the_sleep_timer_waits_for_the_release_and_goes_softly(phone: OpenPhone) -> None:
    screen = phone()
    at(screen, "2026-03-22T03:00:00").open()
    screen.choose_day(16)
    screen.play()
    screen.page.select_option("#sleep", "10")
    [(_, release_ms, _)] = holds(timeline_of(ENDURANCE))[2:3]
    screen.seek(ENDURANCE, release_ms - 2500)
    screen.page.evaluate(
        """() => {
          window.volumes = [];
          const audio = document.querySelectorAll("audio")[2];
          audio.addEventListener("volumechange", () => window.volumes.push(audio.volume));
        }"""
    )
    at(screen, "2026-03-22T03:10:01")
    screen.wait_until("[...document.querySelectorAll('audio')].every((a) => a.paused)")
    paused_ms = screen.audio(ENDURANCE, "currentTime") * 1000
    assert release_ms + 1000 < paused_ms < release_ms + 4000, "nobody is left in a hold"
    volumes = screen.page.evaluate("window.volumes")
    assert len(volumes) > 5
    assert 0 < sorted(volumes)[len(volumes) // 2] < 1
    assert screen.audio(ENDURANCE, "volume") == 1
    assert screen.text("#status").startswith("De slaaptimer")
    assert screen.page.input_value("#sleep") == ""


def test_before_its_time_the_sleep_timer_does_nothing(phone: OpenPhone) -> None:
    screen = phone()
    at(screen, "2026-03-22T03:00:00").open()
    screen.play()
    screen.page.select_option("#sleep", "20")
    at(screen, "2026-03-22T03:19:00")
    screen.wait(2)
    assert screen.playing() == [WELCOME]


@pytest.mark.parametrize("sleep", ["", "end"])
def test_it_plays_on_only_where_she_wants_it_and_not_into_sleep(
    phone: OpenPhone, sleep: str
) -> None:
    screen = phone().open()
    screen.choose_day(15)
    screen.play()
    screen.page.click("summary:visible")
    assert screen.page.is_checked("#on")
    screen.page.select_option("#sleep", sleep)
    play_to_its_end(screen, WELCOME)
    if not sleep:
        screen.wait_until("!document.querySelectorAll('audio')[1].paused")
        return
    screen.wait(1)
    assert screen.playing() == []


def test_it_never_plays_on_into_a_session_that_was_done_today(phone: OpenPhone) -> None:
    """What is prescribed three times a day is not done three times in a row."""
    screen = phone().open()
    screen.choose_day(21)
    screen.play()
    screen.page.click("summary:visible")
    screen.page.check("#on")
    play_to_its_end(screen, ONE_SET)
    screen.wait_until("!document.querySelectorAll('audio')[5].paused")
    play_to_its_end(screen, QUICK)
    screen.wait(1)
    assert screen.playing() == []


# --- keeping, failing -----------------------------------------------------------------------------


def test_every_session_can_be_kept(phone: OpenPhone, packs: Path) -> None:
    screen = phone().open()
    links = screen.page.locator("a[download]")
    assert links.count() == len(page_of("nl").tracks)
    with screen.page.expect_download() as download:
        links.nth(1).click()
    file = page_of("nl").tracks[1].file
    assert download.value.suggested_filename == file
    assert download.value.path().read_bytes() == (packs / "nl" / file).read_bytes()


def test_where_the_sound_is_gone_it_says_what_to_do(phone: OpenPhone, tmp_path: Path) -> None:
    page = page_of("nl")
    write_pack(tmp_path / "nl", page)
    (tmp_path / "nl" / page.tracks[0].file).unlink()
    with serving(tmp_path) as address:
        screen = phone(address=f"{address}/nl/", may_fail=True).open()
        screen.page.click("#play")
        screen.wait_until("document.getElementById('fault').textContent")
        assert "Laad de pagina dan opnieuw" in screen.text("#fault")
        assert screen.page.get_attribute("#fault", "role") == "alert"
        assert screen.page.get_attribute("#play", "aria-label") == "Speel: Welkom terug"
        write_pack(tmp_path / "again", page)
        (tmp_path / "again" / page.tracks[0].file).rename(tmp_path / "nl" / page.tracks[0].file)
        screen.play()
        screen.wait_until("document.querySelector('audio').currentTime > 0.1")
        assert screen.text("#fault") == ""
        screen.context.close()


def test_where_the_laptop_goes_off_it_waits_and_then_says_what_to_do(
    phone: OpenPhone, tmp_path: Path
) -> None:
    write_pack(tmp_path / "nl", page_of("nl"))
    with serving(tmp_path) as address:
        screen = phone(address=f"{address}/nl/", may_fail=True)
        screen.page.clock.install()
        screen.open()
        screen.choose_day(16)
    screen.page.evaluate(
        "document.querySelectorAll('audio')[2].onwaiting = () => { window.waits = true; }"
    )
    screen.page.click("#entries button")
    screen.page.locator("#seek").fill("400")
    screen.wait_until("window.waits")
    screen.page.clock.fast_forward(7000)
    assert "wachten op de laptop" in screen.text("#status")
    assert screen.playing() == [ENDURANCE]
    screen.page.clock.fast_forward(13_000)
    assert "Staat de laptop aan" in screen.text("#fault")
    assert screen.page.is_visible("#reload")
    assert screen.playing() == []
    with serving(tmp_path, int(address.rpartition(":")[2])):
        press_until(screen, "document.querySelectorAll('audio')[2].currentTime > 400")
        assert screen.text("#fault") == ""
        screen.context.close()


def press_until(screen: Phone, condition: str) -> None:
    """Presses the big button until ``condition`` holds: Chromium itself may wait for many seconds
    before it asks a server again that was gone."""
    for _ in range(12):
        if not screen.playing():
            screen.page.click("#play")
        screen.wait(3)
        if screen.page.evaluate(f"() => Boolean({condition})"):
            return
    pytest.fail(f"it never came: {condition}")


# --- the lock screen ------------------------------------------------------------------------------

LISTEN = """
window.handlers = {};
window.positions = [];
const set = MediaSession.prototype.setActionHandler;
MediaSession.prototype.setActionHandler = function (action, handler) {
  window.handlers[action] = handler;
  return set.call(this, action, handler);
};
const tell = MediaSession.prototype.setPositionState;
MediaSession.prototype.setPositionState = function (state) {
  window.positions.push(state);
  return tell.call(this, state);
};
"""


def test_the_lock_screen_knows_what_plays(phone: OpenPhone) -> None:
    screen = phone()
    screen.page.add_init_script(LISTEN)
    screen.open()
    screen.play()
    told = screen.page.evaluate(
        "(({title, artist, album, artwork}) => ({title, artist, album, src: artwork[0].src}))"
        "(navigator.mediaSession.metadata)"
    )
    assert told == {
        "title": "Welkom terug",
        "artist": "voicecoach",
        "album": "Je bekkenbodem na de bevalling, week 3",
        "src": screen.address + "cover.jpg",
    }
    assert screen.page.evaluate("navigator.mediaSession.playbackState") == "playing"
    stop(screen)
    screen.wait_until("navigator.mediaSession.playbackState === 'paused'")
    last = screen.page.evaluate("window.positions.at(-1)")
    assert last["duration"] == timeline_of(WELCOME).duration_ms / 1000
    assert last["playbackRate"] == 1


def test_the_lock_screen_can_do_all_that_the_page_can(phone: OpenPhone) -> None:
    screen = phone()
    screen.page.add_init_script(LISTEN)
    screen.open()
    screen.choose_day(15)

    def press(action: str, details: str = "{}") -> None:
        screen.page.evaluate(f"window.handlers.{action}({details})")

    press("play")
    screen.wait_until("!document.querySelector('audio').paused")
    press("seekto", "{ seekTime: 50 }")
    press("seekforward", "{ seekOffset: 20 }")
    press("seekbackward")
    assert screen.audio(WELCOME, "currentTime") == pytest.approx(60, abs=4)
    press("pause")
    screen.wait_until("document.querySelector('audio').paused")
    parts = [chapter.start_ms / 1000 for chapter in timeline_of(WELCOME).chapters]
    press("previoustrack")
    assert screen.audio(WELCOME, "currentTime") == pytest.approx(
        max(start for start in parts if start < 55), abs=0.1
    )
    press("seekto", "{ seekTime: 0 }")
    press("nexttrack")
    assert screen.audio(WELCOME, "currentTime") == pytest.approx(parts[1], abs=0.1)
    press("seekto", f"{{ seekTime: {parts[-1] + 1} }}")
    press("nexttrack")
    screen.wait_until("!document.querySelectorAll('audio')[1].paused")
    press("previoustrack")
    screen.wait_until("!document.querySelector('audio').paused")
    assert screen.playing() == [WELCOME]
    press("stop")
    screen.wait_until("document.querySelector('audio').paused")


def test_without_a_lock_screen_everything_else_works(phone: OpenPhone) -> None:
    screen = phone()
    screen.page.add_init_script("delete Navigator.prototype.mediaSession;")
    screen.open()
    screen.play()
    assert screen.playing() == [WELCOME]


# --- for everybody --------------------------------------------------------------------------------


def states(screen: Phone) -> list[tuple[str, Callable[[], Any]]]:
    timeline = timeline_of(ENDURANCE, "nl")

    def rest(place: int, ms: int) -> None:
        start(screen, place, ms)
        screen.wait(0.2)

    def all_open() -> None:
        for summary in screen.page.locator("summary:visible").all():
            summary.click()

    return [
        ("new", lambda: None),
        ("idle", lambda: screen.choose_day(15)),
        ("talk", lambda: rest(WELCOME, 30_000)),
        ("breathing", lambda: rest(BREATHING, 60_000)),
        ("contracting", lambda: rest(ENDURANCE, holds(timeline)[2][0] + 1500)),
        ("all open", all_open),
    ]


@pytest.mark.slow
@in_each_language
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_axe_finds_no_violation(phone: OpenPhone, language: str, size: tuple[int, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    screen = phone(language, viewport={"width": size[0], "height": size[1]}).open()
    for name, reach in states(screen):
        reach()
        found = axe.run(screen.page).response["violations"]
        assert [(each["id"], [n["html"] for n in each["nodes"]]) for each in found] == [], name


@pytest.mark.slow
@in_each_language
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_scrolls_sideways_and_all_that_is_tapped_is_large(
    phone: OpenPhone, language: str, width: int
) -> None:
    screen = phone(language, viewport={"width": width, "height": 640}).open()
    for name, reach in states(screen):
        reach()
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width, name
        for target in screen.page.locator("button, a, input, select, summary").all():
            if target.is_visible():
                box = target.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 64, (name, target)


@in_each_language
def test_at_twice_the_size_of_text_nothing_scrolls_sideways(
    phone: OpenPhone, language: str
) -> None:
    screen = phone(language).open()
    screen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    for name, reach in states(screen):
        reach()
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_the_big_button_stays_where_it_is_when_it_is_pressed(phone: OpenPhone) -> None:
    """A thumb that taps twice in the dark hits the same button."""
    screen = phone().open()
    screen.choose_day(15)
    places = []
    for name, reach in states(screen)[1:5]:
        reach()
        box = screen.page.locator("#play").bounding_box()
        assert box is not None
        places.append((name, round(box["y"])))
    assert len({y for _, y in places}) == 1, places


def test_where_motion_is_not_wanted_the_picture_changes_only_with_the_cues(
    phone: OpenPhone,
) -> None:
    screen = phone(reduced_motion="reduce").open()

    def shown(place: int, from_ms: int, to_ms: int) -> str:
        seen = set()
        for ms in range(from_ms, to_ms, (to_ms - from_ms) // 8):
            screen.seek(place, ms)
            seen.add(screen.page.evaluate(PICTURE))
        assert len(seen) == 1, from_ms
        return str(seen.pop())

    start(screen, ENDURANCE)
    stop(screen)
    [(start_ms, end_ms, _), (next_ms, _, _)] = holds(timeline_of(ENDURANCE))[2:4]
    hold = shown(ENDURANCE, start_ms + 20, end_ms - 20)
    rest = shown(ENDURANCE, end_ms + 20, next_ms - 4000)
    again = shown(ENDURANCE, next_ms + 20, next_ms + 4000)
    assert len({hold, rest, again}) == 3
    inhale, exhale = [
        event
        for event in timeline_of(BREATHING).events
        if isinstance(event.sound, Tone) and event.sound.cue in (Cue.INHALE, Cue.EXHALE)
    ][:2]
    start(screen, BREATHING)
    stop(screen)
    breaths = [shown(BREATHING, e.start_ms + 20, e.end_ms - 20) for e in (inhale, exhale)]
    assert len(set(breaths)) == 2
    start(screen, BREATHING, inhale.start_ms)
    assert screen.page.evaluate("document.getAnimations().length") == 0


def test_elsewhere_the_picture_moves(phone: OpenPhone) -> None:
    screen = phone().open()
    start(screen, ENDURANCE, holds(timeline_of(ENDURANCE))[2][0] + 500)
    screen.wait(0.1)
    assert screen.page.evaluate(FRAMES, 20) > 10


def focused(screen: Phone) -> str:
    return str(
        screen.page.evaluate(
            "document.activeElement.id || document.activeElement.textContent.trim()"
        )
    )


def test_all_of_it_works_with_the_keyboard_alone(phone: OpenPhone) -> None:
    screen = phone().open()
    press = screen.page.keyboard.press
    press("Tab")
    assert focused(screen) == "call"
    press("Tab")
    assert focused(screen) == "day"
    press("ArrowDown")
    assert screen.page.input_value("#day") == "15"
    press("Tab")
    assert focused(screen) == "play"
    outline = screen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    press("Space")
    screen.wait_until("!document.querySelector('audio').paused")
    assert focused(screen) == "play"
    order = []
    for _ in range(6):
        press("Tab")
        order.append(focused(screen))
    assert order == ["forward", "seek", "sleep", "speed", "Meer", order[5]]
    assert order[5].startswith("▸Welkom terug")
    press("Tab")
    press("Enter")
    screen.wait_until("!document.querySelectorAll('audio')[1].paused")
    for _ in range(5):
        press("Shift+Tab")
    assert focused(screen) == "seek"
    before = screen.audio(BREATHING, "currentTime")
    press("PageUp")
    screen.wait_until(f"document.querySelectorAll('audio')[1].currentTime > {before + 10}")


def test_a_screen_reader_is_not_talked_over(phone: OpenPhone) -> None:
    """What changes with every word and second is in no live region, and the picture is hidden."""
    screen = phone().open()
    screen.play()
    for name in ("words", "phase", "where", "left", "at", "picture"):
        live = screen.page.evaluate(
            f"Boolean(document.getElementById('{name}').closest('[aria-live], [role=status],"
            " [role=alert]'))"
        )
        assert not live, name
    assert screen.page.get_attribute("#picture", "aria-hidden") == "true"
    assert screen.page.get_attribute("html", "lang") == "nl"


def test_without_a_script_every_session_can_still_be_heard(phone: OpenPhone) -> None:
    screen = phone(java_script_enabled=False).open()
    assert screen.page.locator("audio:visible").count() == 6
    assert not screen.page.is_visible("#now")


def test_titles_are_text_whatever_stands_in_them(phone: OpenPhone, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&]]>\u2028{{ 7 * 7 }}"
    page = page_of("en")
    first = replace(page.tracks[0], title=evil)
    days = tuple(replace(day, title=evil) for day in page.days)
    hostile = replace(
        page,
        title=evil,
        tracks=(first,),
        safety=(evil,),
        days=tuple(replace(day, files=(first.file,)) for day in days),
    )
    write_pack(tmp_path / "evil", hostile)
    dialogs: list[str] = []
    with serving(tmp_path) as address:
        screen = phone(address=f"{address}/evil/")
        screen.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        screen.open()
        assert screen.page.evaluate("document.querySelector('h1').textContent") == evil
        assert screen.page.evaluate("document.getElementById('title').textContent") == evil
        screen.play()
        screen.wait(0.2)
        screen.context.close()
    assert dialogs == []
