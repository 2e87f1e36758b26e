"""What the page shows of movements, stretches and activities is what is heard."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import browser
import pytest
import week_pages
from browser import Phone, serving, write_pack

from voicecoach import messages
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.reading import programme as programme_reader
from voicecoach.pack import layout
from voicecoach.pack.views import Page, PageDay, PageTrack
from voicecoach.script.script import Tone
from voicecoach.script.timeline import Event

BACK = programme_reader.read(programme_reader.built_in("back-after-birth"))
WORDS = messages.words("nl")
LYING, CHAIR, WALK = range(3)


def the_page() -> Page:
    words = BACK.translations["nl"]
    pack = layout.plan_pack(BACK, words, 2)
    tracks = tuple(
        PageTrack(
            file=planned.file,
            sha256=week_pages.SHA256,
            title=planned.title,
            days=planned.days,
            timeline=week_pages.timeline_of(planned.session, words),
        )
        for planned in pack.tracks
    )
    day = PageDay(day=8, title="Dag 8", files=tuple(track.file for track in tracks[:3]))
    return replace(week_pages.page_of("nl"), tracks=tracks[:3], days=(day,), week=2)


PAGE = the_page()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Phone]:
    write_pack(tmp_path / "nl", PAGE)
    with browser.chromium() as found, serving(tmp_path) as address:
        opened = Phone(found, f"{address}/nl/").open()
        yield opened
        assert not opened.faults


def tones(place: int, *cues: Cue) -> list[Event]:
    events = PAGE.tracks[place].timeline.events
    return [event for event in events if isinstance(event.sound, Tone) and event.sound.cue in cues]


def height_at(screen: Phone, place: int, ms: int) -> float:
    """How far the mark is above the floor."""
    screen.seek(place, ms)
    return 180 - float(screen.page.get_attribute("#mark", "cy") or 0)


def play(screen: Phone, place: int) -> None:
    audio: Any = f"document.querySelectorAll('audio')[{place}]"
    screen.page.evaluate(f"{audio}.play()")
    screen.wait_until(f"!{audio}.paused")
    screen.page.click("#play")
    screen.wait_until(f"{audio}.paused")


def test_the_mark_goes_up_and_down_at_the_tempo_of_a_movement(screen: Phone) -> None:
    play(screen, CHAIR)
    for go, back in pairwise(tones(CHAIR, Cue.MOVE, Cue.RETURN)[:4]):
        if go.sound.cue is Cue.RETURN:
            continue
        up = [height_at(screen, CHAIR, go.start_ms + ms) for ms in (100, 700, 1300, 1990)]
        down = [height_at(screen, CHAIR, back.start_ms + ms) for ms in (100, 1000, 2000, 2990)]
        assert up == sorted(up)
        assert down == sorted(down, reverse=True)
        assert up[-1] > 90
        assert down[-1] < 2
        assert screen.text("#phase") == WORDS("page_script.moves.return")
        screen.seek(CHAIR, go.start_ms + 2500)
        assert screen.text("#phase") == WORDS("page_script.moves.stay")
        assert re.findall(r"\d+", screen.text("#where")) == [str(go.sound.where.rep), "5"]
    assert screen.text("#percent") == ""


def test_a_stretch_and_a_walk_count_down(screen: Phone) -> None:
    play(screen, LYING)
    start, *_ = tones(LYING, Cue.START)
    screen.seek(LYING, start.start_ms + 5100)
    assert screen.text("#phase") == f"{WORDS('page_script.moves.stretch')} 15"
    play(screen, WALK)
    [start] = tones(WALK, Cue.START)
    screen.seek(WALK, start.start_ms + 60_100)
    assert screen.text("#phase") == f"{WORDS('page_script.moves.activity')} 9:00"
    screen.seek(WALK, start.start_ms + 580_100)
    assert screen.text("#phase") == f"{WORDS('page_script.moves.activity')} 20"
