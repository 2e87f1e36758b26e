"""What is said and when, for players that show it. What is read back here is read by others: ffmpeg
and a browser. The files in ``golden/`` are timed as those of ``test_script.py``."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.authoring.cases import who_hear_different_words
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance
from voicecoach.pack import sidecars
from voicecoach.planning import plan, wording
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import timeline, writer
from voicecoach.script.script import Say, SpeechCue, Where
from voicecoach.script.timeline import Event, Timeline

GOLDEN = Path(__file__).parents[1] / "golden"
WRITTEN_OUT = (("endurance-one-set", 29, "brief", "nl"), ("light", 8, "tones", "en"))
AWKWARD = (
    "Tighten & hold -->",
    "<b>not bold</b> &amp; so on",
    "[00:00.00]no stamp",
    "two\n\nlines",
    "Één, twee – drie…",
    "NOTE",
)

Shown = tuple[int, int, str]
"""From when until when (ms), and the text."""


def laid_out(
    programme: Programme, session: str, day: int, language: str, guidance: str = "full"
) -> Timeline:
    return timed_in(
        programme, plan.plan_session(programme, session, day, Guidance(guidance)), language
    )


def timed_in(programme: Programme, planned: PlannedSession, language: str) -> Timeline:
    written = writer.write(planned, programme.translations[language])
    return timeline.lay_out(written, lambda text: wording.estimate_ms(text, written.rate_wpm))


def every_session(programme: Programme) -> list[PlannedSession]:
    """Each session once, as somebody hears it for the first time."""
    first: dict[str, PlannedSession] = {}
    for case in who_hear_different_words(programme):
        for day in plan.plan_weeks(programme, range(1, 53), Guidance.FULL, case.situation):
            for planned in day.sessions:
                first.setdefault(planned.id, planned)
    assert set(first) == {session.id for session in programme.sessions}
    return list(first.values())


def timeline_of(*spoken: Shown, duration_ms: int = 60_000, title: str = "Kracht") -> Timeline:
    where = Where(block=0)
    return Timeline(
        session="test",
        title=title,
        guidance=Guidance.FULL,
        duration_ms=duration_ms,
        blocks=(),
        events=tuple(
            Event(start_ms=start, end_ms=end, sound=Say(text=text, cue=SpeechCue.SAY, where=where))
            for start, end, text in spoken
        ),
        chapters=(),
        misfits=(),
    )


def spoken_in(of: Timeline) -> list[tuple[int, str]]:
    """When each utterance begins, and what it says on one line."""
    said = [(event.start_ms, event.sound) for event in of.events if isinstance(event.sound, Say)]
    return [(start_ms, " ".join(say.text.split())) for start_ms, say in said]


def cues_in(vtt: bytes) -> list[Shown]:
    """The cues as the standard reads them."""
    _, *blocks = vtt.decode("utf-8").split("\n\n")
    cues = []
    for block in blocks:
        times, _, text = block.strip("\n").partition("\n")
        if not times.startswith("NOTE"):
            start, end = times.split(" --> ")
            assert "<" not in text and ">" not in text and "\n" not in text
            cues.append((ms_of(start), ms_of(end), html.unescape(text)))
    return cues


def ms_of(stamp: str) -> int:
    """``HH:MM:SS.mmm`` or ``HH:MM:SS,mmm`` in ms."""
    hours, minutes, seconds, ms = re.fullmatch(
        r"(\d\d+):([0-5]\d):([0-5]\d)[.,](\d{3})", stamp
    ).groups()  # type: ignore[union-attr]
    return int(ms) + 1000 * (int(seconds) + 60 * (int(minutes) + 60 * int(hours)))


def lines_in(lrc: bytes) -> list[tuple[int, str]]:
    """Hundredths of a second and text of each stamped line."""
    stamped = re.findall(r"^\[(\d\d+):([0-5]\d)\.(\d\d)\](.*)$", lrc.decode("utf-8"), re.MULTILINE)
    return [(int(m) * 6000 + int(s) * 100 + int(c), text) for m, s, c, text in stamped]


def lrc_of(of: Timeline, **changed: str) -> bytes:
    tags = {"title": "Kracht", "artist": "voicecoach", "album": "Week 3", "language": "nl"}
    return sidecars.lyrics(of, **(tags | changed))


# --- what a person reads ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["vtt", "lrc"])
@pytest.mark.parametrize(("session", "day", "guidance", "language"), WRITTEN_OUT)
def test_a_session_reads_as_it_did(
    session: str,
    day: int,
    guidance: str,
    language: str,
    kind: str,
    programme: Programme,
    request: pytest.FixtureRequest,
) -> None:
    timed = laid_out(programme, session, day, language, guidance)
    words = programme.translations[language]
    if kind == "vtt":
        data = sidecars.web_vtt(timed, language)
    else:
        data = sidecars.lyrics(
            timed, title=timed.title, artist=words.artist, album=words.title, language=language
        )
    path = GOLDEN / f"{session}-day-{day:02d}-{language}-{guidance}.{kind}"
    if request.config.getoption("--update-golden"):
        path.write_bytes(data)
    assert data.decode("utf-8") == path.read_bytes().decode("utf-8")


def test_every_golden_file_is_still_written() -> None:
    names = {f"{s}-day-{day:02d}-{lang}-{g}" for s, day, g, lang in WRITTEN_OUT}
    for kind in ("vtt", "lrc"):
        assert {path.stem for path in GOLDEN.glob(f"*.{kind}")} == names


# --- every word, in order, on time --------------------------------------------------------------


def test_every_word_of_the_built_in_programme_is_shown_once_at_its_start(
    programme: Programme,
) -> None:
    count = 0
    for planned in every_session(programme):
        for language in programme.translations:
            for guidance in Guidance:
                timed = timed_in(programme, replace(planned, guidance=guidance), language)
                cues = cues_in(sidecars.web_vtt(timed, language))
                assert [(start, text) for start, _, text in cues] == spoken_in(timed)
                lines = [line for line in lines_in(lrc_of(timed)) if line[1]]
                assert lines == [((ms + 5) // 10, text) for ms, text in spoken_in(timed)]
                count += len(cues)
    assert count > 1000


spoken_words = st.lists(
    st.tuples(
        st.integers(1, 20_000),
        st.integers(20, 9000),
        st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
        | st.sampled_from(AWKWARD),
    ),
    max_size=30,
).map(
    lambda parts: [
        (start := sum(gap + length for gap, length, _ in parts[:n]) + gap, start + length, text)
        for n, (gap, length, text) in enumerate(parts)
    ]
)


@given(spoken_words, st.integers(0, 20_000), st.sampled_from(AWKWARD))
def test_whatever_is_said_is_shown_once_in_order_from_its_start(
    spoken: list[Shown], rest_ms: int, title: str
) -> None:
    duration_ms = (spoken[-1][1] if spoken else 0) + rest_ms
    timed = timeline_of(*spoken, duration_ms=duration_ms, title=title)
    cues = cues_in(sidecars.web_vtt(timed, "nl"))
    assert [(start, text) for start, _, text in cues] == spoken_in(timed)
    assert all(end <= following for (_, end, _), (following, _, _) in pairwise(cues)), "overlap"
    for (start, end, _), (_, spoken_until, _) in zip(cues, spoken, strict=True):
        assert start < spoken_until <= end <= duration_ms
    lines = lines_in(lrc_of(timed, title=title))
    assert [at for at, text in lines if text] == [(ms + 5) // 10 for ms, _ in spoken_in(timed)]
    assert [at for at, _ in lines] == sorted(at for at, _ in lines)


# --- readable -----------------------------------------------------------------------------------


def test_a_count_stays_until_the_next_and_the_last_until_it_can_be_read() -> None:
    counted = timeline_of((5000, 5300, "één."), (6000, 6300, "twee."), (7000, 7400, "drie."))
    assert cues_in(sidecars.web_vtt(counted, "nl")) == [
        (5000, 6000, "één."),
        (6000, 7000, "twee."),
        (7000, 8500, "drie."),
    ]


def test_a_sentence_goes_when_it_has_been_said() -> None:
    said = timeline_of((0, 3000, "Laat je bekkenbodem los."), (9000, 12_000, "Adem in."))
    assert [end for _, end, _ in cues_in(sidecars.web_vtt(said, "nl"))] == [3000, 12_000]


def test_the_screen_does_not_blink_between_two_sentences() -> None:
    said = timeline_of((0, 3000, "Laat los."), (3400, 6000, "Adem in."))
    assert cues_in(sidecars.web_vtt(said, "nl"))[0][1] == 3400


def test_nothing_is_shown_after_the_end() -> None:
    assert cues_in(
        sidecars.web_vtt(timeline_of((900, 1000, "Klaar."), duration_ms=1100), "nl")
    ) == [(900, 1100, "Klaar.")]


def test_lyrics_are_cleared_in_a_long_silence_only() -> None:
    said = timeline_of((0, 3000, "Laat los."), (8000, 9000, "Span aan."), (13_000, 14_900, "Één."))
    assert lines_in(lrc_of(said, title="")) == [
        (0, "Laat los."),
        (300, ""),
        (800, "Span aan."),
        (1300, "Één."),
        (1490, ""),
    ]


# --- the formats --------------------------------------------------------------------------------


def test_both_are_utf_8_without_a_mark_and_with_unix_lines() -> None:
    said = timeline_of((0, 3000, "Één."))
    for data in (sidecars.web_vtt(said, "nl"), lrc_of(said)):
        assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data
        assert data.endswith(b"\n") and not data.endswith(b"\n\n")
        assert "Één." in data.decode("utf-8")


def test_captions_say_their_title_and_language() -> None:
    vtt = sidecars.web_vtt(timeline_of(title="Één & --> ander"), "nl").decode("utf-8")
    assert vtt == "WEBVTT\n\nNOTE\nÉén &amp; --&gt; ander\nLanguage: nl\n"


def test_lyrics_begin_with_what_they_belong_to() -> None:
    lrc = lrc_of(timeline_of(duration_ms=584_600), title="Kracht [nieuw]").decode("utf-8")
    assert lrc.splitlines() == [
        "[ti:Kracht (nieuw)]",
        "[ar:voicecoach]",
        "[al:Week 3]",
        "[la:nl]",
        "[length:09:44]",
    ]


def test_lyrics_have_no_empty_line_and_no_words_that_look_like_a_stamp() -> None:
    said = timeline_of(*((n * 9000, n * 9000 + 900, text) for n, text in enumerate(AWKWARD)))
    lines = lrc_of(said).decode("utf-8").splitlines()
    assert all(re.fullmatch(r"\[[^\[\]]+\][^\[\]<>]*", line) for line in lines)


@pytest.mark.parametrize(
    ("start_ms", "vtt", "lrc"),
    [
        (59_994, "00:00:59.994", "00:59.99"),
        (59_995, "00:00:59.995", "01:00.00"),
        (3_599_999, "00:59:59.999", "60:00.00"),
        (6_000_000, "01:40:00.000", "100:00.00"),
        (360_000_000, "100:00:00.000", "6000:00.00"),
    ],
)
def test_no_time_is_too_long(start_ms: int, vtt: str, lrc: str) -> None:
    said = timeline_of((start_ms, start_ms + 2000, "Laat los."), duration_ms=start_ms + 2000)
    assert f"\n{vtt} --> " in sidecars.web_vtt(said, "nl").decode("utf-8")
    assert f"\n[{lrc}]Laat los.\n" in lrc_of(said).decode("utf-8")


# --- as others read it --------------------------------------------------------------------------


@pytest.fixture
def written(programme: Programme, tmp_path: Path) -> Path:
    """The captions of a whole session, and of words that are awkward to write down."""
    whole = laid_out(programme, "endurance", 10, "nl")
    hour_ms = 3_600_000
    awkward = [(hour_ms + n * 9000, hour_ms + n * 9000 + 3000, t) for n, t in enumerate(AWKWARD)]
    events = whole.events + timeline_of(*awkward).events
    all_of_it = replace(whole, events=events, duration_ms=hour_ms + 100_000, title="-->")
    path = tmp_path / "captions.vtt"
    path.write_bytes(sidecars.web_vtt(all_of_it, "nl"))
    return path


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs ffprobe")
def test_ffmpeg_reads_the_same_cues(written: Path) -> None:
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_packets", str(written)],
        capture_output=True,
        check=True,
    )
    assert probe.stderr == b""
    found = json.loads(probe.stdout)
    assert [stream["codec_name"] for stream in found["streams"]] == ["webvtt"]
    times = [
        (round(float(p["pts_time"]) * 1000), round(float(p["duration_time"]) * 1000))
        for p in found["packets"]
    ]
    expected = cues_in(written.read_bytes())
    assert times == [(start, end - start) for start, end, _ in expected]


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
def test_ffmpeg_makes_the_same_words_of_them(written: Path) -> None:
    srt = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(written), "-f", "srt", "-"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert srt.stderr == ""
    cues = []
    for block in srt.stdout.strip().split("\n\n"):
        _, times, text = block.split("\n")
        start, end = times.split(" --> ")
        cues.append((ms_of(start), ms_of(end), text))
    assert cues == cues_in(written.read_bytes())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_a_browser_reads_the_same_cues(browser: Any, written: Path) -> None:
    page = browser.new_page()
    page.set_content("<audio><track default></audio>")
    cues = page.evaluate(
        """vtt => new Promise((resolve, reject) => {
            const track = document.querySelector("track");
            track.onerror = () => reject("not captions");
            track.onload = () => resolve(Array.from(track.track.cues, cue => [
                Math.round(cue.startTime * 1000),
                Math.round(cue.endTime * 1000),
                cue.getCueAsHTML().textContent,
            ]));
            track.track.mode = "hidden";
            track.src = URL.createObjectURL(new Blob([vtt], {type: "text/vtt"}));
        })""",
        written.read_text(encoding="utf-8"),
    )
    assert [tuple(cue) for cue in cues] == cues_in(written.read_bytes())
