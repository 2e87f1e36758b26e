"""The listening report: a table of figures, and what in them is not as the laws ask."""

from dataclasses import replace

import pytest

from voicecoach.audio.signal import DAY, NIGHT
from voicecoach.authoring import listening
from voicecoach.authoring.listening import Figures

GOOD = Figures(
    integrated_lufs=-20.3,
    speech_lufs=-19.1,
    true_peak_dbtp=-2.9,
    range_lu=9.4,
    longest_silence_ms=9650,
    tone_error_ms=0.03,
    hold_error_ms=0.0,
    tones_found=120,
    holds=24,
    clicks=0,
    speech_share=0.386,
)


def test_a_good_track_has_no_fault() -> None:
    assert list(listening.faults(GOOD, DAY)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"speech_lufs": -19.8}, "speech is at -19.8 LUFS instead of -19"),
        ({"speech_lufs": -18.2}, "speech is at -18.2 LUFS instead of -19"),
        ({"true_peak_dbtp": -0.9}, "a true peak of -0.9 dBTP"),
        ({"longest_silence_ms": 12_050}, "a silence of 12.1 s"),
        ({"tone_error_ms": 11.0}, "a tone that is 11.0 ms off"),
        ({"hold_error_ms": float("inf")}, "a hold that is inf ms off"),
        ({"clicks": 2}, "2 clicks"),
    ],
)
def test_what_is_beyond_its_bound_is_named(change: dict[str, float], fault: str) -> None:
    assert list(listening.faults(replace(GOOD, **change), DAY)) == [fault]


def test_at_its_bound_nothing_is_named() -> None:
    at_bound = replace(
        GOOD, speech_lufs=-19.7, longest_silence_ms=12_000, tone_error_ms=10.0, hold_error_ms=10.0
    )
    assert list(listening.faults(at_bound, DAY)) == []


def test_by_night_speech_stands_lower() -> None:
    assert list(listening.faults(GOOD, NIGHT)) == ["speech is at -19.1 LUFS instead of -23"]
    assert list(listening.faults(replace(GOOD, speech_lufs=-23.2), NIGHT)) == []


def test_a_track_without_words_or_contractions_has_no_fault_for_that() -> None:
    bare = replace(GOOD, speech_lufs=None, tone_error_ms=None, hold_error_ms=None)
    assert list(listening.faults(bare, DAY)) == []


def test_the_table_fits_a_terminal_and_reads_so() -> None:
    bare = replace(GOOD, speech_lufs=None, tone_error_ms=None, hold_error_ms=None)
    lines = listening.table(
        [
            ("w03-02-endurance-5-seconds-few-words.mp3", GOOD),
            ("w03-00-welcome.mp3", bare),
        ]
    )
    assert lines == [
        "track                  LUFS speech  peak range silence  tone  hold clicks  talk",
        "                              LUFS  dBTP    LU       s    ms    ms            %",
        "02-endura…few-words   -20.3  -19.1  -2.9   9.4     9.7  0.03  0.00      0   39%",
        "00-welcome            -20.3      -  -2.9   9.4     9.7     -     -      0   39%",
    ]
    assert max(map(len, lines)) <= 80
