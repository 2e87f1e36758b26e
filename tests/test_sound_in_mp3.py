"""From the command line to the decoded MP3: every tone is where the script says it is.

The real engine, encoder and decoder, in both languages.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import Run, run_voicecoach

from voicecoach import tones
from voicecoach.script import Cue
from voicecoach.speech.recording import SAMPLE_RATE_HZ

WEEK_DAY = {"nl": (3, 20), "en": (2, 8)}
TOLERANCE_MS = 10
SEARCH_MS = 120
LEAD_MS = 40


def found_at_ms(track: np.ndarray, script: dict[str, Any], event: dict[str, Any]) -> float:
    """Where the tone of ``event`` stands in ``track``: where least is left when it is taken out.

    Looks at the part before words begin, where the tone has its full strength, and at a little of
    the silence before it.
    """
    tone = tones.render(Cue(event["cue"]), event["end_ms"] - event["start_ms"])
    words = [
        other["start_ms"]
        for other in script["events"]
        if other["kind"] == "speech" and other["end_ms"] > event["start_ms"]
    ]
    clear_ms = min([event["end_ms"], *words]) - event["start_ms"]
    template = np.concatenate([np.zeros(samples(LEAD_MS)), tone[: samples(min(clear_ms, 1500))]])
    first = max(0, samples(event["start_ms"] - LEAD_MS - SEARCH_MS))
    place = track[first : first + len(template) + samples(2 * SEARCH_MS)].astype(float)
    energy = np.concatenate([[0.0], np.cumsum(place**2)])
    energy = energy[len(template) :] - energy[: -len(template)]
    left = energy - 2 * np.correlate(place, template, mode="valid")
    return float((first + np.argmin(left)) * 1000 / SAMPLE_RATE_HZ) + LEAD_MS


def is_covered(tone: dict[str, Any], script: dict[str, Any]) -> bool:
    """Whether words are being spoken where ``tone`` begins."""
    return any(
        event["kind"] == "speech" and event["start_ms"] < tone["start_ms"] + 20 < event["end_ms"]
        for event in script["events"]
    )


def samples(duration_ms: int) -> int:
    return duration_ms * SAMPLE_RATE_HZ // 1000


def decoded(path: Path) -> np.ndarray:
    samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == SAMPLE_RATE_HZ
    assert samples.ndim == 1
    return np.asarray(samples)


@pytest.fixture(scope="module", params=list(WEEK_DAY))
def tracks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[np.ndarray, dict[str, Any]]]:
    """Every exercise session of a day: its decoded MP3 and its script."""
    language = request.param
    week, day = WEEK_DAY[language]
    folder = tmp_path_factory.mktemp(f"week-{language}")
    built = run_voicecoach(
        folder, "build", "--week", str(week), "--language", language, "--out", "."
    )
    assert built.returncode == 0, built.stderr
    assert "warn" not in built.stderr.lower()
    pack = next(folder.glob("*/week-*"))
    manifest = json.loads((pack / "pack.json").read_text(encoding="utf-8"))
    found = []
    for track in manifest["tracks"]:
        if day in track["days"]:
            script = run_voicecoach(
                folder,
                *("script", track["session"], "--day", str(day), "--language", language, "--json"),
            )
            content = json.loads(script.stdout)
            assert content["duration_ms"] == track["duration_ms"]
            found.append((decoded(pack / track["file"]), content))
    assert len(found) >= 3
    return found


def test_every_tone_is_found_at_its_time(tracks: list[tuple[np.ndarray, dict[str, Any]]]) -> None:
    """Each but the ticks that a breathing reminder in a long hold covers."""
    found = 0
    for track, script in tracks:
        events = [e for e in script["events"] if e["kind"] == "tone" and not is_covered(e, script)]
        found += len(events)
        shifts = np.array([found_at_ms(track, script, e) - e["start_ms"] for e in events])
        errors = np.abs(shifts - np.median(shifts))
        worst = int(np.argmax(errors))
        assert errors[worst] <= TOLERANCE_MS, (script["session"], events[worst], errors[worst])
    assert found >= 100


def test_every_hold_lasts_its_dose(tracks: list[tuple[np.ndarray, dict[str, Any]]]) -> None:
    holds = 0
    for track, script in tracks:
        events = [e for e in script["events"] if e["cue"] in ("tighten", "release")]
        events = [e for e in events if e["kind"] == "tone"]
        for tighten, release in zip(events[::2], events[1::2], strict=True):
            hold_ms = script["blocks"][tighten["block"]]["hold_ms"]
            heard_ms = found_at_ms(track, script, release) - found_at_ms(track, script, tighten)
            assert abs(heard_ms - hold_ms) <= TOLERANCE_MS
            holds += 1
    assert holds >= 24


def test_no_rest_is_shorter_than_its_dose(
    tracks: list[tuple[np.ndarray, dict[str, Any]]],
) -> None:
    for track, script in tracks:
        events = [e for e in script["events"] if e["cue"] in ("tighten", "release")]
        events = [e for e in events if e["kind"] == "tone"]
        for release, tighten in zip(events[1::2], events[2::2], strict=False):
            if release["block"] == tighten["block"]:
                rest_ms = script["blocks"][tighten["block"]]["rest_ms"]
                heard_ms = found_at_ms(track, script, tighten) - found_at_ms(track, script, release)
                assert heard_ms >= rest_ms - TOLERANCE_MS


def test_the_voice_is_heard_where_the_script_has_words(
    tracks: list[tuple[np.ndarray, dict[str, Any]]],
) -> None:
    for track, script in tracks:
        for event in script["events"]:
            if event["kind"] == "speech":
                start = (event["start_ms"] + 50) * SAMPLE_RATE_HZ // 1000
                end = (event["end_ms"] + 50) * SAMPLE_RATE_HZ // 1000
                assert np.sqrt(np.mean(track[start:end] ** 2)) > 10 ** (-30 / 20), event["text"]


def test_silence_is_silent_and_nothing_clips(
    tracks: list[tuple[np.ndarray, dict[str, Any]]],
) -> None:
    for track, _ in tracks:
        assert np.abs(track).max() < 0.95
        assert np.abs(track[: SAMPLE_RATE_HZ // 4]).max() < 0.001


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_ffmpeg_decodes_the_same_sound(run: Run, tmp_path: Path) -> None:
    built = run("build", "--week", "1", "--language", "en", "--out", "out")
    assert built.returncode == 0, built.stderr
    path = next(tmp_path.glob("out/*/week-01/w01-00-*.mp3"))
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-"]
    output = subprocess.run(command, capture_output=True, check=True)
    assert output.stderr == b""
    ours = decoded(path)
    theirs = np.frombuffer(output.stdout, "<i2").astype(float) / 32768
    length = min(len(ours), len(theirs))
    lag = np.argmax(np.correlate(theirs[:40_000], ours[3000:37_000], mode="valid")) - 3000
    assert abs(lag) <= 1200
    shared = length - 2000
    assert np.abs(theirs[max(0, lag) :][:shared] - ours[max(0, -lag) :][:shared]).max() < 0.01
