"""From the command line to the decoded MP3: every tone at its time, every word at its level.

The real engine, encoder and decoder, in both languages, by day and by night. What is heard is
measured in the finished file, beside the timeline of the session.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from conftest import run_here
from ebur128 import needs_ffmpeg, read
from mutagen.id3 import ID3

from voicecoach.audio.loudness import Samples, repeated_lufs
from voicecoach.audio.signal import DAY, NIGHT, SAMPLE_RATE_HZ, Preset
from voicecoach.authoring import listening as listening_measure
from voicecoach.authoring import tone_search
from voicecoach.authoring.listening import Figures
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.translation import Guidance
from voicecoach.planning import plan
from voicecoach.rendering.renderer import Renderer
from voicecoach.script.script import Cue, Say, Tone
from voicecoach.script.timeline import Event, Timeline

TOLERANCE_MS = 10
SPEECH_TOLERANCE_LU = 0.7
UTTERANCE_TOLERANCE_LU = 1.0
HIGHEST_PEAK_DBTP = -1.0
LONGEST_SILENCE_MS = 12_000
LEAST_UTTERANCE_MS = 400
COVERED_MS = 50
"""A tick is not sought where words begin sooner after it."""

ENGLISH, TONES = ("--language", "en"), ("--guidance", "tones")
BUILDS = {
    "nl": (5, ()),
    "en": (25, ENGLISH),
    "en, night, rain": (25, (*ENGLISH, "--night", "--bed", "rain")),
    "en, night, tones, rain": (25, (*ENGLISH, "--night", *TONES, "--bed", "rain")),
    "nl, night": (22, ("--night",)),
    "nl, tones": (22, TONES),
    "nl, rain": (22, ("--bed", "rain")),
    "nl, night, waves": (22, ("--night", "--bed", "waves")),
    "nl, tones, brown": (22, (*TONES, "--bed", "brown")),
    "en, night": (22, (*ENGLISH, "--night")),
    "en, tones": (22, (*ENGLISH, *TONES)),
    "en, rain": (22, (*ENGLISH, "--bed", "rain")),
    **{f"nl, day {day}": (day, ()) for day in (1, 8, 10, 20, 22, 36)},
    **{f"en, day {day}": (day, ENGLISH) for day in (1, 5, 8, 10, 20, 22, 36)},
}
"""The day that is listened to, and the options with which its week is built."""
FAST = ("nl", "en, night, rain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured in a track; its samples, which are many, are not kept."""

    length_ms: float
    figures: Figures
    efforts_ms: dict[Event, float]
    """When each tighten and release tone, and the last tone, begins in the MP3."""
    utterances_lufs: dict[Event, float]
    opening_peak: float
    """Of the first quarter of a second."""

    @property
    def shift_ms(self) -> float:
        """By how much the decoder is late."""
        return shift_ms(self.efforts_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A session as it is heard, and what it should be."""

    session: str
    path: Path
    timeline: Timeline
    preset: Preset
    measured: Measured

    @property
    def figures(self) -> Figures:
        return self.measured.figures

    @property
    def efforts_ms(self) -> dict[Event, float]:
        return self.measured.efforts_ms

    @property
    def tones(self) -> list[Event]:
        return tones(self.timeline)

    @property
    def efforts(self) -> list[tuple[Event, Event]]:
        """The tighten and the release tone of every contraction."""
        both = [e for e in self.tones if e.sound.cue in (Cue.TIGHTEN, Cue.RELEASE)]
        return list(zip(both[::2], both[1::2], strict=True))

    def dose_of(self, event: Event) -> Contractions:
        dose = self.timeline.blocks[event.sound.where.block].dose
        assert isinstance(dose, Contractions)
        return dose

    def is_covered(self, tone: Event) -> bool:
        """Whether words are spoken where a tick begins."""
        return tone.sound.cue is Cue.HOLD and any(
            spoken.start_ms < tone.start_ms + COVERED_MS + TOLERANCE_MS
            and spoken.end_ms > tone.start_ms - TOLERANCE_MS
            for spoken in words(self.timeline)
        )


def tones(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.events if isinstance(event.sound, Tone)]


def words(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.events if isinstance(event.sound, Say)]


def shift_ms(efforts_ms: dict[Event, float]) -> float:
    return median(at_ms - event.start_ms for event, at_ms in efforts_ms.items())


def measure(track: Samples, timeline: Timeline, preset: Preset) -> Measured:
    asked = [e for e in tones(timeline) if e.sound.cue in (Cue.TIGHTEN, Cue.RELEASE, Cue.DONE)]
    events = tuple(sorted([*asked, *words(timeline)], key=lambda event: event.start_ms))
    efforts_ms = tone_search.find(track, replace(timeline, events=events), preset)
    late_ms = shift_ms(efforts_ms)

    def span(event: Event) -> Samples:
        """What is heard from start to end of ``event``."""
        first, last = (
            round((at_ms + late_ms) * SAMPLE_RATE_HZ / 1000)
            for at_ms in (event.start_ms, event.end_ms)
        )
        return track[max(0, first) : last]

    return Measured(
        length_ms=len(track) * 1000 / SAMPLE_RATE_HZ,
        figures=listening_measure.measure(track, timeline, preset),
        efforts_ms=efforts_ms,
        utterances_lufs={
            event: repeated_lufs(span(event))
            for event in words(timeline)
            if event.end_ms - event.start_ms >= LEAST_UTTERANCE_MS
        },
        opening_peak=float(np.abs(track[: SAMPLE_RATE_HZ // 4]).max()),
    )


_MEASURED: dict[tuple[bytes, tuple[Event, ...], Preset], Measured] = {}
"""A session that is done in several weeks is the same sound, and is measured once."""


def measured(path: Path, timeline: Timeline, preset: Preset) -> Measured:
    sound = path.read_bytes()[ID3(path).size :]
    key = (hashlib.sha256(sound).digest(), timeline.events, preset)
    if key not in _MEASURED:
        _MEASURED[key] = measure(listening_measure.decode(path), timeline, preset)
    return _MEASURED[key]


def listen(pack: Path, manifest: dict, day: int) -> list[Heard]:
    programme = context.open_programme(None)
    translation = programme.words_in(manifest["language"])
    speaker = context.open_speaker(translation, (manifest["voice"],), TerminalReporter().note)
    heard = []
    with Renderer(1, TerminalReporter()) as renderer:
        for track in manifest["tracks"]:
            if day not in track["days"]:
                continue
            planned = plan.plan_day(programme, day, Guidance(track["guidance"])).sessions
            # A session may be planned twice a day: opened in full, and in short.
            timelines = [
                context.timed_script(session, translation, speaker, renderer)
                for session in planned
                if session.id == track["session"]
            ]
            [timeline] = [t for t in timelines if t.duration_ms == track["duration_ms"]]
            path, preset = pack / track["file"], NIGHT if manifest["night"] else DAY
            heard.append(
                Heard(
                    session=f"{track['session']}, {track['guidance']}",
                    path=path,
                    timeline=timeline,
                    preset=preset,
                    measured=measured(path, timeline, preset),
                )
            )
    return heard


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[] if name in FAST else pytest.mark.slow) for name in BUILDS],
)
def sessions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Heard]:
    """Every session of a day, built from the command line."""
    day, options = BUILDS[request.param]
    folder = tmp_path_factory.mktemp("week")
    week = str((day + 6) // 7)
    built = run_here(folder, "build", "--week", week, *options, "--out", ".")
    assert built.returncode == 0, built.stderr
    assert "warn" not in built.stderr.lower()
    pack = next(folder.glob("*/week-*"))
    manifest = json.loads((pack / "pack.json").read_text(encoding="utf-8"))
    assert manifest["night"] == ("--night" in options)
    return listen(pack, manifest, day)


# --- time ---


def test_every_tone_is_heard_within_10_ms_of_its_time(sessions: list[Heard]) -> None:
    """Beside one shift for the whole track, which is the decoder's."""
    for heard in sessions:
        assert heard.figures.tone_error_ms is not None
        assert heard.figures.tone_error_ms <= TOLERANCE_MS, heard.session


def test_no_tone_goes_unheard_but_ticks_under_words(sessions: list[Heard]) -> None:
    for heard in sessions:
        sought = [tone for tone in heard.tones if not heard.is_covered(tone)]
        assert heard.figures.tones_found >= len(sought), heard.session
    assert sum(heard.figures.tones_found for heard in sessions) >= 40


def test_the_decoder_is_no_later_than_decoders_are(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert 0 <= heard.measured.shift_ms <= 60, heard.session


def test_every_hold_lasts_its_dose(sessions: list[Heard]) -> None:
    holds = 0
    for heard in sessions:
        for tighten, release in heard.efforts:
            hold_ms = heard.efforts_ms[release] - heard.efforts_ms[tighten]
            assert abs(hold_ms - heard.dose_of(tighten).hold_ms) <= TOLERANCE_MS, heard.session
        holds += len(heard.efforts)
        assert heard.figures.holds == len(heard.efforts)
        if heard.efforts:
            assert heard.figures.hold_error_ms is not None
            assert heard.figures.hold_error_ms <= TOLERANCE_MS, heard.session
    assert holds or not any(heard.efforts for heard in sessions)


def test_no_rest_is_shorter_than_its_dose(sessions: list[Heard]) -> None:
    """Within a set and between sets."""
    for heard in sessions:
        starts = [tighten for tighten, _ in heard.efforts][1:]
        ends = [release for _, release in heard.efforts][:-1]
        for release, tighten in zip(ends, starts, strict=True):
            if release.sound.where.block != tighten.sound.where.block:
                continue
            dose = heard.dose_of(tighten)
            same_set = release.sound.where.set_number == tighten.sound.where.set_number
            rest_ms = heard.efforts_ms[tighten] - heard.efforts_ms[release]
            asked_ms = dose.rest_ms if same_set else dose.set_rest_ms
            assert rest_ms >= asked_ms - TOLERANCE_MS, heard.session


# --- level ---


def test_the_voice_is_as_loud_as_the_preset_says(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert heard.figures.speech_lufs == pytest.approx(
            heard.preset.speech_lufs, abs=SPEECH_TOLERANCE_LU
        ), heard.session


def test_every_utterance_is_as_loud_as_the_others(sessions: list[Heard]) -> None:
    """From a single word to a sentence, with what sounds under it."""
    for heard in sessions:
        for event, heard_lufs in heard.measured.utterances_lufs.items():
            assert heard_lufs == pytest.approx(
                heard.preset.speech_lufs, abs=UTTERANCE_TOLERANCE_LU
            ), f"{heard.session}, {event.start_ms} ms: {event.sound.text}"


def test_no_peak_comes_near_full_scale(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert heard.figures.true_peak_dbtp < HIGHEST_PEAK_DBTP, heard.session


# --- nothing is missing and nothing is too much ---


def test_it_is_never_silent_for_so_long_that_one_wonders(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert heard.figures.longest_silence_ms <= LONGEST_SILENCE_MS, heard.session


def test_nothing_clicks(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert heard.figures.clicks == 0, heard.session


def test_a_track_begins_in_silence(sessions: list[Heard]) -> None:
    for heard in sessions:
        assert heard.measured.opening_peak < 0.001, heard.session


def test_the_sound_is_as_long_as_the_timeline(sessions: list[Heard]) -> None:
    """But for the frames that a decoder adds."""
    for heard in sessions:
        late_ms = heard.measured.length_ms - heard.timeline.duration_ms
        assert 0 <= late_ms < 120, heard.session


# --- another decoder ---


@needs_ffmpeg
def test_ffmpeg_reads_the_same_loudness(sessions: list[Heard]) -> None:
    heard = sessions[-1]
    theirs = read(listening_measure.decode(heard.path))
    assert theirs.integrated_lufs == pytest.approx(heard.figures.integrated_lufs, abs=0.1)
    assert theirs.range_lu == pytest.approx(heard.figures.range_lu, abs=0.3)


@needs_ffmpeg
def test_ffmpeg_decodes_the_same_sound(sessions: list[Heard]) -> None:
    heard = sessions[-1]
    command = ["ffmpeg", "-v", "error", "-i", str(heard.path), "-f", "s16le", "-ac", "1", "-"]
    output = subprocess.run(command, capture_output=True, check=True)
    assert output.stderr == b""
    ours = listening_measure.decode(heard.path)
    theirs = np.frombuffer(output.stdout, "<i2")
    beginning = theirs[:40_000].astype(np.float32)
    lag = np.argmax(np.correlate(beginning, ours[3000:37_000], mode="valid")) - 3000
    assert abs(lag) <= 1200
    shared = min(len(ours), len(theirs)) - 2000
    theirs, ours = theirs[max(0, lag) :][:shared], ours[max(0, -lag) :][:shared]
    for start in range(0, shared, 100_000):  # all at once is 200 MB
        block = slice(start, start + 100_000)
        assert np.abs(theirs[block].astype(np.float32) / 32768 - ours[block]).max() < 0.01
