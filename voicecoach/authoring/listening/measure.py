"""Measures a finished track against its timeline, and reports the figures."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from voicecoach.audio.dynamics import true_peak_dbtp
from voicecoach.audio.loudness import Samples, integrated_lufs, range_lu
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset
from voicecoach.authoring.listening import search
from voicecoach.authoring.listening.search import level_dbfs
from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.dose import Cue
from voicecoach.errors import StorageError
from voicecoach.script.script import Say, Tone
from voicecoach.script.timeline import Event, Timeline

_SILENCE_FRAME_MS = 50
_SILENCE_BELOW_DBFS = -60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Measurements of a track."""

    integrated_lufs: float
    speech_lufs: float | None
    """Loudness of the spoken spans joined together, with the bed and the tones under them;
    ``None`` if nothing is spoken."""
    true_peak_dbtp: float
    range_lu: float
    longest_silence_ms: int
    """The longest silence, in steps of 50 ms: no such frame is above -60 dBFS RMS."""
    tone_error_ms: float | None
    """The greatest timing error of a tone, less the constant delay of the decoder; infinite if one
    is not found within 120 ms, ``None`` if there are no tones to find."""
    hold_error_ms: float | None
    """The greatest difference between a hold, tone to tone, and its dose; infinite if one of its
    tones is not found or is masked, ``None`` if there are no contractions."""
    tones_found: int
    holds: int
    """The number of holds of which both tones were found."""
    clicks: int
    speech_share: float
    """Spoken time as a share of the duration, from the timeline."""


def decode(path: Path) -> Samples:
    """The sound of the MP3 ``path``, which is longer than its timeline by the decoder's delay.

    Raises StorageError if it cannot be read, or is not one channel at SAMPLE_RATE_HZ.
    """
    try:
        sound, rate_hz = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.SoundFileError) as error:
        raise StorageError(f"{path}: cannot be read as sound ({error}); build it again") from error
    if sound.ndim != 1 or rate_hz != SAMPLE_RATE_HZ or not len(sound):
        raise StorageError(f"{path}: not one channel at {SAMPLE_RATE_HZ} Hz; build it again")
    samples: Samples = sound
    return samples


def measure(track: Samples, timeline: Timeline, preset: Preset) -> Figures:
    """The figures of ``track``, which was rendered from ``timeline`` with ``preset``.

    Decoders that ignore delay information shift everything by a constant, estimated as the median
    shift of all tones found. In a track with one tone its error is therefore always 0. Masked tones
    are left out; see :mod:`tone_search`.
    """
    found_ms = search.find(track, timeline, preset)
    shifts = [at_ms - event.start_ms for event, at_ms in found_ms.items() if math.isfinite(at_ms)]
    shift_ms = float(np.median(shifts)) if shifts else 0.0
    holds = _hold_errors_ms(found_ms, timeline)
    spoken_ms = [
        (event.start_ms + shift_ms, event.end_ms + shift_ms) for event in _speech(timeline)
    ]
    spoken = [track[_sample(start_ms) : _sample(end_ms)] for start_ms, end_ms in spoken_ms]
    return Figures(
        integrated_lufs=integrated_lufs(track),
        speech_lufs=integrated_lufs(np.concatenate(spoken)) if any(map(len, spoken)) else None,
        true_peak_dbtp=true_peak_dbtp(track),
        range_lu=range_lu(track),
        longest_silence_ms=_longest_silence_ms(track, timeline),
        tone_error_ms=_greatest(
            at_ms - event.start_ms - shift_ms
            for event, at_ms in found_ms.items()
            if _has_a_beginning(event) or math.isinf(at_ms)
        ),
        hold_error_ms=_greatest(holds),
        tones_found=len(shifts),
        holds=sum(map(math.isfinite, holds)),
        clicks=search.count_clicks(track, spoken_ms),
        speech_share=sum(end - start for start, end in spoken_ms) / timeline.duration_ms,
    )


def _sample(time_ms: float) -> int:
    return max(0, round(time_ms * SAMPLE_RATE_HZ / 1000))


def _speech(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.events if isinstance(event.sound, Say)]


def _greatest(errors_ms: Iterable[float]) -> float | None:
    return max(map(abs, errors_ms), default=None)


def _hold_errors_ms(found_ms: dict[Event, float], timeline: Timeline) -> list[float]:
    """Measured minus prescribed length of each hold."""
    errors_ms = []
    tightened_ms = math.inf
    for event in timeline.events:
        if not isinstance(event.sound, Tone):
            continue
        if event.sound.cue is Cue.TIGHTEN:
            tightened_ms = found_ms.get(event, math.inf)
        elif event.sound.cue is Cue.RELEASE:
            dose = timeline.blocks[event.sound.where.block].dose
            assert dose is not None, "only exercises have a release"
            contractions = dose.contractions[0]
            rep = event.sound.where.rep
            hold_ms = sum(move.length_ms for move in contractions.moves_of(rep))
            heard_ms = found_ms.get(event, math.inf) - tightened_ms
            errors_ms.append(heard_ms - hold_ms if math.isfinite(heard_ms) else math.inf)
    return errors_ms


def _has_a_beginning(event: Event) -> bool:
    """Whether the start of a tone can be measured: not that of the tone of a rest, a swell on one
    pitch, which under a bed looks the same some periods (up to 15 ms) later."""
    return isinstance(event.sound, Tone) and event.sound.cue is not Cue.REST


def _longest_silence_ms(track: Samples, timeline: Timeline) -> int:
    """The longest silence outside of activities, which are silent but for the bed."""
    silent = level_dbfs(track, _SILENCE_FRAME_MS) <= _SILENCE_BELOW_DBFS
    for event in timeline.events:
        dose = timeline.blocks[event.sound.where.block].dose
        if isinstance(dose, Activity) and event.sound.cue is Cue.START:
            end_ms = event.start_ms + dose.length_ms
            silent[event.start_ms // _SILENCE_FRAME_MS : end_ms // _SILENCE_FRAME_MS] = False
    sounding = np.flatnonzero(np.concatenate([[True], ~silent, [True]]))
    frames = int(np.diff(sounding).max()) - 1
    return frames * _SILENCE_FRAME_MS


SPEECH_TOLERANCE_LU = 0.7
HIGHEST_PEAK_DBTP = -1.0
LONGEST_SILENCE_MS = 12_000
MOST_ERROR_MS = 10.0
_NAME_WIDTH = 20
_HEADINGS = (
    f"{'track':<{_NAME_WIDTH}}{'LUFS':>7}{'speech':>7}{'peak':>6}{'range':>6}{'silence':>8}"
    f"{'tone':>6}{'hold':>6}{'clicks':>7}{'talk':>6}",
    f"{'':<{_NAME_WIDTH}}{'':>7}{'LUFS':>7}{'dBTP':>6}{'LU':>6}{'s':>8}{'ms':>6}{'ms':>6}{'':>7}"
    f"{'%':>6}",
)


def table(figures: Sequence[tuple[str, Figures]]) -> list[str]:
    """Two lines of headings, then a line for each track (name, figures); ``-`` means that there is
    nothing to measure."""
    return [*_HEADINGS, *(_line(name, of_track) for name, of_track in figures)]


def faults(figures: Figures, preset: Preset) -> Iterator[str]:
    """The ``figures`` that violate the laws or ``preset``."""
    speech = figures.speech_lufs
    if speech is not None and abs(speech - preset.speech_lufs) > SPEECH_TOLERANCE_LU:
        yield f"speech is at {speech:.1f} LUFS instead of {preset.speech_lufs:.0f}"
    if figures.true_peak_dbtp >= HIGHEST_PEAK_DBTP:
        yield f"a true peak of {figures.true_peak_dbtp:.1f} dBTP"
    if figures.longest_silence_ms > LONGEST_SILENCE_MS:
        yield f"a silence of {figures.longest_silence_ms / 1000:.1f} s"
    for what, error_ms in (("tone", figures.tone_error_ms), ("hold", figures.hold_error_ms)):
        if error_ms is not None and error_ms > MOST_ERROR_MS:
            yield f"a {what} that is {error_ms:.1f} ms off"
    if figures.clicks:
        yield f"{figures.clicks} clicks"


def _line(name: str, figures: Figures) -> str:
    return (
        f"{_shortened(name):<{_NAME_WIDTH}}{figures.integrated_lufs:7.1f}"
        f"{_number(figures.speech_lufs, 1):>7}{figures.true_peak_dbtp:6.1f}{figures.range_lu:6.1f}"
        f"{figures.longest_silence_ms / 1000:8.1f}{_number(figures.tone_error_ms, 2):>6}"
        f"{_number(figures.hold_error_ms, 2):>6}{figures.clicks:7}{figures.speech_share:6.0%}"
    )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _shortened(file: str) -> str:
    """A file name without its common suffix, shortened in the middle if it is long."""
    name = file.removesuffix(".mp3").partition("-")[2] or file
    if len(name) < _NAME_WIDTH:
        return name
    half = (_NAME_WIDTH - 2) // 2
    return f"{name[:half]}…{name[-half:]}"
