"""Figures of tracks -> the listening report: a table, and what is not as it should be. No I/O."""

from collections.abc import Iterator, Sequence

from voicecoach.audio.signal import Preset
from voicecoach.hearing import Figures

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
    """A line for each track (name, figures), under two of headings; a ``-`` where there is nothing
    to measure."""
    return [*_HEADINGS, *(_line(name, of_track) for name, of_track in figures)]


def faults(figures: Figures, preset: Preset) -> Iterator[str]:
    """What of ``figures`` is not as the laws and ``preset`` ask."""
    speech = figures.speech_lufs
    if speech is not None and abs(speech - preset.speech_lufs) > SPEECH_TOLERANCE_LU:
        yield f"speech stands at {speech:.1f} LUFS instead of {preset.speech_lufs:.0f}"
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
    """A file name without what all share, cut in the middle where it is long."""
    name = file.removesuffix(".mp3").partition("-")[2] or file
    if len(name) < _NAME_WIDTH:
        return name
    half = (_NAME_WIDTH - 2) // 2
    return f"{name[:half]}…{name[-half:]}"
