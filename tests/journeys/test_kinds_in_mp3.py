"""Every kind of exercise from the command line to the decoded MP3: each tone at its time."""

import json
from pathlib import Path

import pytest
from conftest import run_voicecoach

from voicecoach.audio.signal import DAY
from voicecoach.authoring import listening, tone_search
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.planning import plan
from voicecoach.rendering.renderer import Renderer
from voicecoach.script.script import Tone
from voicecoach.script.timeline import Timeline

TOLERANCE_MS = 10
NAME = "back-after-birth"
LONGEST_SILENCE_MS = 12_000


@pytest.mark.parametrize(
    ("language", "options"),
    [("nl", ()), pytest.param("en", ("--bed", "rain"), marks=pytest.mark.slow)],
)
def test_moves_holds_sides_and_rounds_are_heard_within_10_ms(
    language: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    asked = ("--programme", NAME, "--week", "2", "--language", language, *options)
    built = run_voicecoach(tmp_path, "build", *asked, "--out", ".")
    assert built.returncode == 0, built.stderr
    pack = next(tmp_path.glob("*/week-02"))
    manifest = json.loads((pack / "pack.json").read_text(encoding="utf-8"))
    assert {track["kind"] for track in manifest["tracks"]} == {"movement", "activity"}
    programme = context.open_programme(programme_reader.built_in(NAME))
    words = programme.words_in(language)
    speaker = context.open_speaker(words, (manifest["voice"],), TerminalReporter().note)
    heard: set[Cue] = set()
    with Renderer(1, TerminalReporter()) as renderer:
        for track in manifest["tracks"]:
            session = plan.plan_session(
                programme, track["session"], track["days"][0], Guidance(track["guidance"])
            )
            timeline = context.timed_script(session, words, speaker, renderer)
            assert timeline.duration_ms == track["duration_ms"]
            heard |= tones_heard_in_time(pack / track["file"], timeline)
    assert heard >= {Cue.MOVE, Cue.RETURN, Cue.START, Cue.END, Cue.SIDE, Cue.SET, Cue.HOLD}


def tones_heard_in_time(path: Path, timeline: Timeline) -> set[Cue]:
    """The cues of all tones that were sought in the file; each is within 10 ms of its time, beside
    one shift for the whole track."""
    track = listening.decode(path)
    figures = listening.measure(track, timeline, DAY)
    assert figures.tone_error_ms is not None
    assert figures.tone_error_ms <= TOLERANCE_MS, path.name
    assert figures.longest_silence_ms <= LONGEST_SILENCE_MS, path.name
    assert figures.clicks == 0, path.name
    sought = tone_search.find(track, timeline, DAY)
    return {event.sound.cue for event in sought if isinstance(event.sound, Tone)}
