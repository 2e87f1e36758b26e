"""A person's own recordings: which files count, what is heard in them, and what is told."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from voicecoach.audio import recordings
from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.cache import Cache
from voicecoach.errors import ContentError, SpeechError
from voicecoach.speech import recorded_quality, recorded_voices, recorded_worker
from voicecoach.speech.espeak_voices import data_folder
from voicecoach.speech.process import Answer, WorkerProcess
from voicecoach.speech.recorded_folder import MOST_BYTES, SUFFIXES, Fault, is_stem, stem_of
from voicecoach.speech.recorded_voices import RecordedVoice, open_folder

SPAN_AAN = "Span aan."
ENDING_IN_F_OR_S = ("Laat los.", "Vijf.", "Half af.", "Zes.")
TEXTS = (
    SPAN_AAN,
    *ENDING_IN_F_OR_S,
    "Eén.",
    "Acht.",
    "Adem uit.",
    "Nog één keer.",
    "Voelt het niet goed, kies dan vandaag de ademsessie.",
)
ABOUT = "name: Anna Jansen\nlanguage: nl\nlicence: for our own patients\n"
NEEDS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="names and pipes as on Linux")


@pytest.fixture(scope="module")
def spoken() -> dict[str, Samples]:
    """All texts as the male Dutch voice says them, which has no echo; no silence around them."""
    worker = WorkerProcess("voicecoach.speech.espeak_worker", str(data_folder()), limit_s=30)
    said = {}
    for text in TEXTS:
        _, data = worker.ask({"text": text, "voice": "nl+m1", "rate_wpm": 120, "file": ""})
        recording = recordings.trimmed(recordings.parse(data, name="eSpeak"))
        said[text] = np.frombuffer(recording.samples, "<i2").astype(np.float32) / 32768
    worker.stop()
    return said


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[Path], Answer]]:
    """Asks the child process about a file."""
    worker = WorkerProcess(recorded_voices.WORKER, limit_s=60)
    yield lambda path: worker.ask({"text": "", "voice": "", "rate_wpm": 0, "file": str(path)})
    worker.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a voice.yaml, and no recordings yet."""
    path = tmp_path / "anna"
    path.mkdir()
    (path / "voice.yaml").write_text(ABOUT, encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(root=tmp_path / "cache")


def silence(length_ms: int) -> Samples:
    return np.zeros(length_ms * SAMPLE_RATE_HZ // 1000, dtype=np.float32)


def in_a_room(
    words: Samples, noise_dbfs: float = -65, *, before_ms: int = 300, after_ms: int = 300
) -> Samples:
    """``words`` with time before and after them, and the hiss of a room all along."""
    sound = np.concatenate([silence(before_ms), words, silence(after_ms)])
    hiss = np.random.default_rng(1).standard_normal(len(sound)) * 10 ** (noise_dbfs / 20)
    return (sound + hiss).astype(np.float32)


def put(folder: Path, sound: Samples, text: str = SPAN_AAN, suffix: str = ".wav") -> Path:
    path = folder / f"{stem_of(text)}{suffix}"
    soundfile.write(path, sound, SAMPLE_RATE_HZ, format=suffix[1:].upper())
    return path


def m4a(sound: Samples, rate_hz: int = SAMPLE_RATE_HZ, codec: str = "aac") -> bytes:
    av = pytest.importorskip("av")
    file = BytesIO()
    with av.open(file, "w", format="ipod") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
        frame.sample_rate = rate_hz
        to_codec = av.AudioResampler(format=stream.codec_context.format, layout="mono")
        for part in to_codec.resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


def heard(answer: Answer) -> Samples:
    """The words that the child process answered with."""
    told, data = answer
    assert told["error"] == ""
    return (
        np.frombuffer(recordings.parse(data, name="answer").samples, "<i2").astype(np.float32)
        / 32768
    )


def alikeness(one: Samples, other: Samples) -> float:
    """Correlation of two sounds where they fit best; 1 for the same sound at another level."""
    size = 1 << (len(one) + len(other)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(cross.max() / np.linalg.norm(one) / np.linalg.norm(other))


def error_about(path: Path, ask: Callable[[Path], Answer]) -> str:
    told, data = ask(path)
    assert (data, told["faults"]) == (b"", [])
    return str(told["error"])


@contextmanager
def at_most_s(limit_s: int) -> Iterator[None]:
    """Fails what takes longer, such as opening a pipe that nobody writes to."""

    def fail(*_: object) -> None:
        raise AssertionError(f"took longer than {limit_s} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(limit_s)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def remark(voice: RecordedVoice) -> str:
    """The only remark."""
    (only,) = voice.remarks
    return only


# --- the names of files -------------------------------------------------------------------------


def test_a_name_says_the_words_and_ends_in_a_part_of_their_hash() -> None:
    assert stem_of(SPAN_AAN) == f"span-aan-{hashlib.sha256(b'Span aan.').hexdigest()[:8]}"
    assert stem_of("Nog één keer.").startswith("nog-een-keer-")
    assert stem_of("Don't hold your breath.").startswith("dont-hold-your-breath-")


def test_a_long_text_is_cut_between_words() -> None:
    assert stem_of("Voelt het niet goed, kies dan vandaag de ademsessie.").startswith(
        "voelt-het-niet-goed-kies-dan-vandaag-de-"
    )
    assert len(stem_of("x" * 100)) == 40 + 9


def test_texts_that_begin_alike_have_different_names() -> None:
    assert stem_of("Span aan.") != stem_of("Span aan!")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_has_a_name_that_every_file_system_keeps(text: str) -> None:
    stem = stem_of(text)
    assert is_stem(stem) and len(stem) <= 49
    assert stem == stem.lower() and stem.isascii()


# --- every kind of file -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [
        (".wav", "PCM_U8"),
        (".wav", "PCM_16"),
        (".wav", "PCM_24"),
        (".wav", "PCM_32"),
        (".wav", "FLOAT"),
        (".wav", "DOUBLE"),
        (".wav", "ULAW"),
        (".flac", "PCM_16"),
        (".flac", "PCM_24"),
        (".mp3", "MPEG_LAYER_III"),
    ],
)
@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 1), (48_000, 2), (16_000, 1)])
def test_the_words_of_a_sound_file_are_heard(
    tmp_path: Path,
    spoken: dict[str, Samples],
    ask: Callable[[Path], Answer],
    suffix: str,
    subtype: str,
    rate_hz: int,
    channels: int,
) -> None:
    sound = soxr.resample(in_a_room(spoken[SPAN_AAN]), SAMPLE_RATE_HZ, rate_hz)
    path = tmp_path / f"x{suffix}"
    soundfile.write(path, np.tile(sound[:, None], channels), rate_hz, subtype)
    answer = ask(path)
    assert alikeness(heard(answer), spoken[SPAN_AAN]) > 0.97
    if subtype != "PCM_U8":  # whose rounding is heard as noise
        assert answer[0]["faults"] == []


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_eight_channels_at_192_khz_are_heard(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer], suffix: str
) -> None:
    sound = soxr.resample(in_a_room(spoken[SPAN_AAN]), SAMPLE_RATE_HZ, 192_000)
    path = tmp_path / f"x{suffix}"
    soundfile.write(path, np.tile(sound[:, None], 8), 192_000, "PCM_24")
    answer = ask(path)
    assert alikeness(heard(answer), spoken[SPAN_AAN]) > 0.98
    assert answer[0]["faults"] == []


@pytest.mark.parametrize("codec", ["aac", "alac"])
@pytest.mark.parametrize("suffix", [".m4a", ".wav"])
def test_m4a_is_heard_whatever_the_file_is_called(
    tmp_path: Path,
    spoken: dict[str, Samples],
    ask: Callable[[Path], Answer],
    codec: str,
    suffix: str,
) -> None:
    sound = soxr.resample(in_a_room(spoken[SPAN_AAN]), SAMPLE_RATE_HZ, 44_100)
    path = tmp_path / f"x{suffix}"
    path.write_bytes(m4a(sound, 44_100, codec))
    answer = ask(path)
    assert alikeness(heard(answer), spoken[SPAN_AAN]) > 0.95
    assert answer[0]["faults"] == []


def test_m4a_is_refused_with_a_way_out_where_its_library_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = m4a(silence(500))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(SpeechError, match=r'pip install "voicecoach\[m4a\]", or save it as WAV'):
        recorded_worker.decoded(data)


def test_floating_point_beyond_full_scale_is_turned_down_not_clipped(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, in_a_room(spoken[SPAN_AAN]) * 8, SAMPLE_RATE_HZ, "FLOAT")
    answer = ask(path)
    assert answer[0]["faults"] == []
    assert alikeness(heard(answer), spoken[SPAN_AAN]) > 0.99


def test_a_soft_recording_is_handed_over_without_rounding_it_away(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, in_a_room(spoken[SPAN_AAN] / 50, -100), SAMPLE_RATE_HZ, "PCM_24")
    words = heard(ask(path))
    assert np.abs(words).max() == pytest.approx(0.7, abs=0.001)
    assert alikeness(words, spoken[SPAN_AAN]) > 0.999


def test_the_same_file_is_the_same_bytes_and_its_hash_is_told(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    path = put(tmp_path, in_a_room(spoken[SPAN_AAN]))
    first, second = ask(path), ask(path)
    assert first[1] == second[1]
    assert first[0]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_constant_that_a_microphone_adds_is_taken_off(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    answer = ask(put(tmp_path, in_a_room(spoken[SPAN_AAN]) * 0.5 + 0.1))
    assert answer[0]["faults"] == []
    assert abs(heard(answer)[:100].mean()) < 0.005


# --- files that are no recordings ---------------------------------------------------------------


def wav_head(*, rate_hz: int, channels: int = 1, data_bytes: int = 1000) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(bytes(data_bytes))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty; copy or record it again"),
        (b"RIFF", "is not a sound file that can be read here; save it as WAV, MP3 or FLAC"),
        (b"Span aan.\n" * 200, "is not a sound file"),
        (b"#EXTM3U\nhttp://127.0.0.1/x.mp3\n", "is not a sound file"),
        (bytes(range(256)) * 40, "is not a sound file"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "the file is damaged"),
        (b"\0\0\0\x20ftypM4A " + b"#EXTM3U\n/etc/passwd\n", "the file is damaged"),
        (wav_head(rate_hz=44_100, data_bytes=0), "holds no sound"),
        (wav_head(rate_hz=44_100, data_bytes=88_200), "no words are heard in it"),
        (wav_head(rate_hz=1), "has 1 samples a second"),
        (wav_head(rate_hz=2_000_000_000), "has 2000000000 samples a second"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(
    tmp_path: Path, ask: Callable[[Path], Answer], content: bytes, told: str
) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    assert told in error_about(path, ask)


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e30])
def test_values_that_are_no_sound_are_refused(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer], value: float
) -> None:
    sound = in_a_room(spoken[SPAN_AAN])
    sound[5000] = value
    path = tmp_path / "x.wav"
    soundfile.write(path, sound, SAMPLE_RATE_HZ, "FLOAT")
    assert "values that are not sound" in error_about(path, ask)


@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_half_a_file_is_damaged(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer], suffix: str
) -> None:
    path = put(tmp_path, in_a_room(spoken[SPAN_AAN]), suffix=suffix)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in error_about(path, ask)


def test_half_an_m4a_is_damaged(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    whole = m4a(in_a_room(spoken[SPAN_AAN]))
    path = tmp_path / "x.m4a"
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in error_about(path, ask)


@pytest.mark.parametrize("noise_dbfs", [-80, -65, -40, -20])
def test_a_room_without_words_is_refused(
    tmp_path: Path, ask: Callable[[Path], Answer], noise_dbfs: float
) -> None:
    path = put(tmp_path, in_a_room(silence(2000), noise_dbfs))
    assert "no words are heard" in error_about(path, ask)


@pytest.mark.parametrize("kind", ["FLAC", "MP3"])
def test_hours_are_refused_without_being_decoded(
    tmp_path: Path, ask: Callable[[Path], Answer], kind: str
) -> None:
    path = tmp_path / f"x.{kind.lower()}"
    minute = np.zeros(60 * 8000, dtype=np.int16)
    with soundfile.SoundFile(path, "w", 8000, 1, format=kind) as file:
        for _ in range(180 if kind == "FLAC" else 20):
            file.write(minute)
    assert path.stat().st_size < MOST_BYTES
    began_s = time.monotonic()
    assert "is longer than a minute" in error_about(path, ask)
    assert time.monotonic() - began_s < 5


def without_length(flac: bytes) -> bytes:
    """``flac`` as a program writes it that does not know yet how long it will be."""
    data = bytearray(flac)
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    return bytes(data)


def test_a_file_that_does_not_say_how_long_it_is_is_decoded_for_a_minute(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    path = put(tmp_path, in_a_room(spoken[SPAN_AAN]), suffix=".flac")
    path.write_bytes(without_length(path.read_bytes()))
    assert alikeness(heard(ask(path)), spoken[SPAN_AAN]) > 0.98
    soundfile.write(path, np.zeros(150 * 8000, dtype=np.int16), 8000)
    path.write_bytes(without_length(path.read_bytes()))
    assert "is longer than a minute" in error_about(path, ask)


def test_just_under_a_minute_is_heard(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    sound = in_a_room(spoken[SPAN_AAN], before_ms=29_000, after_ms=29_000)
    assert alikeness(heard(ask(put(tmp_path, sound))), spoken[SPAN_AAN]) > 0.97


# --- what is wrong with a recording -------------------------------------------------------------


def found(sound: Samples) -> set[Fault]:
    return set(recorded_quality.found(sound, original=sound))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("noise_dbfs", [-np.inf, -65, -58])
def test_a_good_recording_has_no_fault(
    spoken: dict[str, Samples], text: str, noise_dbfs: float
) -> None:
    assert found(in_a_room(spoken[text], noise_dbfs)) == set()


@pytest.mark.parametrize("text", TEXTS)
def test_words_without_any_silence_around_them_are_not_called_noisy(
    spoken: dict[str, Samples], text: str
) -> None:
    assert Fault.NOISY not in found(spoken[text])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("noise_dbfs", [-43, -35])
def test_noise_behind_the_words_is_found(
    spoken: dict[str, Samples], text: str, noise_dbfs: float
) -> None:
    assert found(in_a_room(spoken[text], noise_dbfs)) == {Fault.NOISY}


def test_noise_is_found_where_a_codec_left_silence_before_it(spoken: dict[str, Samples]) -> None:
    sound = in_a_room(spoken[SPAN_AAN], -40)
    sound[: len(silence(50))] = 0
    assert found(sound) == {Fault.NOISY}


def test_the_hum_of_mains_is_found_and_rumble_that_nobody_hears_is_not(
    spoken: dict[str, Samples],
) -> None:
    sound = in_a_room(spoken[SPAN_AAN])
    time_s = np.arange(len(sound)) / SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * 50 * n * time_s) / n for n in range(1, 12))
    assert found((sound + 0.02 * hum).astype(np.float32)) == {Fault.NOISY}
    rumble = 0.002 * np.sin(2 * np.pi * 20 * time_s)
    assert found((sound + rumble).astype(np.float32)) == set()


@pytest.mark.parametrize("text", TEXTS)
def test_soft_words_are_found(spoken: dict[str, Samples], text: str) -> None:
    assert found(in_a_room(spoken[text] * 10 ** (-12 / 20), -85)) == set()
    assert found(in_a_room(spoken[text] * 10 ** (-26 / 20), -85)) == {Fault.QUIET}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("rate_hz", [22_050, 48_000, 192_000])
def test_words_that_were_too_loud_are_found_at_any_rate_and_level(
    spoken: dict[str, Samples], text: str, rate_hz: int
) -> None:
    sound = soxr.resample(in_a_room(spoken[text]), SAMPLE_RATE_HZ, rate_hz)
    sound /= np.abs(sound).max()
    assert not recorded_quality.is_clipped(sound)
    for too_loud_db in (3, 6, 12):
        clipped = np.clip(sound * 10 ** (too_loud_db / 20), -1, 1)
        assert recorded_quality.is_clipped(clipped)
        assert recorded_quality.is_clipped(0.3 * clipped)


def test_words_that_were_too_loud_for_a_recorder_are_told_by_the_child_process(
    tmp_path: Path, spoken: dict[str, Samples], ask: Callable[[Path], Answer]
) -> None:
    loud = np.clip(in_a_room(spoken[SPAN_AAN]) * 4, -1, 1)
    for suffix in (".wav", ".flac", ".mp3"):
        assert ask(put(tmp_path, loud, suffix=suffix))[0]["faults"] == ["clipped"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("noise_dbfs", [-np.inf, -65, -58])
def test_words_that_are_cut_off_are_found(
    spoken: dict[str, Samples], text: str, noise_dbfs: float
) -> None:
    words = spoken[text]
    loud = np.flatnonzero(np.abs(words) > 0.3 * np.abs(words).max())
    late, early = loud[0] + 400, loud[-1] - 400
    start_cut = in_a_room(words[late:], noise_dbfs, before_ms=0)
    end_cut = in_a_room(words[:early], noise_dbfs, after_ms=0)
    assert found(start_cut) == {Fault.CUT_START}
    assert found(end_cut) == {Fault.CUT_END}


def test_a_button_at_either_end_is_no_word(spoken: dict[str, Samples]) -> None:
    sound = in_a_room(spoken[SPAN_AAN], before_ms=600, after_ms=600)
    click = np.random.default_rng(2).standard_normal(220).astype(np.float32) * 0.3
    clicking = sound.copy()
    clicking[:220] += click
    clicking[-220:] += click
    assert found(clicking) == set()
    assert len(recorded_quality.trimmed(clicking)) == len(recorded_quality.trimmed(sound))


# --- silence at both ends -----------------------------------------------------------------------


def kept_ms(sound: Samples) -> tuple[float, float]:
    """From where to where trimming keeps ``sound``."""
    words = recorded_quality.trimmed(sound)
    (starts,) = np.nonzero(sliding_window_view(sound, len(words))[:, 0] == words[0])
    start = next(i for i in starts if np.array_equal(sound[i : i + len(words)], words))
    return start * 1000 / SAMPLE_RATE_HZ, (start + len(words)) * 1000 / SAMPLE_RATE_HZ


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("noise_dbfs", [-np.inf, -65, -60])
def test_the_room_is_cut_off_and_no_letter_with_it(
    spoken: dict[str, Samples], text: str, noise_dbfs: float
) -> None:
    """Whatever is no more than 40 dB softer than the loudest stays, be it an "f"."""
    level = np.abs(spoken[text])
    (audible,) = np.nonzero(level > level.max() / 100)
    first_ms, last_ms = 700 + audible[[0, -1]] * 1000 / SAMPLE_RATE_HZ
    sound = in_a_room(spoken[text], noise_dbfs, before_ms=700, after_ms=900)
    start_ms, end_ms = kept_ms(sound)
    assert first_ms - 30 < start_ms <= first_ms - 5
    assert last_ms + 20 <= end_ms < last_ms + 60


def with_a_soft_letter(words: Samples, letter_ms: int) -> Samples:
    """``words`` and a hiss 40 dB below their vowels."""
    vowels_rms = np.sqrt(np.mean(np.square(words[np.abs(words) > 0.1 * np.abs(words).max()])))
    letter = np.random.default_rng(3).standard_normal(len(silence(letter_ms))) * vowels_rms / 100
    return np.concatenate([words, letter]).astype(np.float32)


def test_a_soft_last_letter_is_kept_whole(spoken: dict[str, Samples]) -> None:
    words = with_a_soft_letter(spoken["Eén."], letter_ms=120)
    _, end_ms = kept_ms(in_a_room(words, -80))
    letter_end_ms = 300 + len(words) * 1000 / SAMPLE_RATE_HZ
    assert letter_end_ms + 20 < end_ms < letter_end_ms + 60


def test_a_soft_echo_until_the_end_is_no_word_that_is_cut_off(spoken: dict[str, Samples]) -> None:
    assert found(in_a_room(with_a_soft_letter(spoken["Eén."], 120), -80, after_ms=0)) == set()


@pytest.mark.parametrize("text", ENDING_IN_F_OR_S)
def test_where_noise_hides_soft_letters_more_is_kept(spoken: dict[str, Samples], text: str) -> None:
    start_ms, end_ms = kept_ms(in_a_room(spoken[text], -45, before_ms=700, after_ms=900))
    words_end_ms = 700 + len(spoken[text]) * 1000 / SAMPLE_RATE_HZ
    assert 590 < start_ms < 640
    assert words_end_ms - 70 < end_ms < words_end_ms + 110


def test_what_is_steady_and_soft_within_words_is_not_taken_for_the_room(
    spoken: dict[str, Samples],
) -> None:
    for text in TEXTS:
        assert len(recorded_quality.trimmed(spoken[text])) >= len(spoken[text]) - 250


def test_no_words_leave_nothing() -> None:
    assert len(recorded_quality.trimmed(silence(1000))) == 0
    assert len(recorded_quality.trimmed(silence(0))) == 0
    assert found(silence(1000)) == set()


# --- which files of a folder count --------------------------------------------------------------


def test_a_folder_is_a_voice(folder: Path, cache: Cache, spoken: dict[str, Samples]) -> None:
    paths = {text: put(folder, in_a_room(spoken[text]), text) for text in TEXTS[:3]}
    voice = open_folder(folder, "nl", cache)
    assert voice.fallback is None
    assert {stem: file.path for stem, file in voice.files.items()} == {
        stem_of(text): str(path) for text, path in paths.items()
    }
    for file in voice.files.values():
        assert file.sha256 == hashlib.sha256(Path(file.path).read_bytes()).hexdigest()
    assert voice.remarks == ()


def test_the_name_of_a_voice_tells_nobody_where_its_folder_lies(
    folder: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_folder(folder, "nl", cache).voice.spec == "recorded:anna"
    monkeypatch.chdir(folder)
    assert open_folder(Path(), "nl", cache).voice.spec == "recorded:anna"
    assert open_folder(Path("..") / "anna", "nl", cache).voice.spec == "recorded:anna"


def test_names_in_capitals_count(folder: Path, cache: Cache, spoken: dict[str, Samples]) -> None:
    path = put(folder, in_a_room(spoken[SPAN_AAN]))
    path.rename(folder / path.name.upper())
    voice = open_folder(folder, "nl", cache)
    assert list(voice.files) == [stem_of(SPAN_AAN)] and not voice.remarks


def test_other_files_and_hidden_ones_are_passed_over(folder: Path, cache: Cache) -> None:
    for name in ("README.txt", "cover.jpg", ".DS_Store", f"._{stem_of(SPAN_AAN)}.wav", ".wav"):
        (folder / name).write_bytes(b"?")
    (folder / "older").mkdir()
    voice = open_folder(folder, "nl", cache)
    assert not voice.files and not voice.remarks


@pytest.mark.parametrize(
    "name", ["take 1.wav", "span-aan.mp3", "span-aan-1234567.wav", "x-1234567g.flac", "y.M4A"]
)
def test_a_sound_file_with_another_name_is_told(folder: Path, cache: Cache, name: str) -> None:
    (folder / name).write_bytes(b"?")
    told = remark(open_folder(folder, "nl", cache))
    assert told.startswith(f"{folder / name}: ") and "not one of the list of prompts" in told


def test_of_two_recordings_of_a_text_the_better_kind_is_used(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    for suffix in (".mp3", ".flac", ".wav"):
        put(folder, in_a_room(spoken[SPAN_AAN]), suffix=suffix)
    stem = stem_of(SPAN_AAN)
    voice = open_folder(folder, "nl", cache)
    assert voice.files[stem].path == str(folder / f"{stem}.wav")
    assert voice.remarks == (
        f"{folder / stem}.flac: {stem}.wav is used instead; remove one of the two",
        f"{folder / stem}.mp3: {stem}.wav is used instead; remove one of the two",
    )
    assert SUFFIXES[0] == ".wav"


def test_what_cannot_be_used_is_told_and_the_rest_is_used(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN]))
    empty = folder / f"{stem_of('Zes.')}.wav"
    empty.touch()
    text = folder / f"{stem_of('Acht.')}.mp3"
    text.write_text("Acht.")
    voice = open_folder(folder, "nl", cache)
    assert list(voice.files) == [stem_of(SPAN_AAN)]
    assert voice.remarks == (
        f"{text}: is not a sound file that can be read here; save it as WAV, MP3 or FLAC",
        f"{empty}: the file is empty; copy or record it again",
    )


def test_what_is_weak_is_used_and_told(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    path = put(folder, in_a_room(spoken[SPAN_AAN], -40, before_ms=0))
    voice = open_folder(folder, "nl", cache)
    assert stem_of(SPAN_AAN) in voice.files
    told = remark(voice)
    assert told.startswith(f"{path}: noise is heard behind the words; record them again")


def test_every_fault_has_its_remark(
    folder: Path, cache: Cache, spoken: dict[str, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN]))

    class Critical(WorkerProcess):
        def ask(self, question: dict[str, Any]) -> Answer:
            told, data = super().ask(question)
            return {**told, "faults": list(Fault)}, data

    monkeypatch.setattr(recorded_voices, "WorkerProcess", Critical)
    assert len(set(open_folder(folder, "nl", cache).remarks)) == len(Fault)


def test_a_file_of_three_hours_is_refused_without_being_read(folder: Path, cache: Cache) -> None:
    path = folder / f"{stem_of(SPAN_AAN)}.wav"
    with path.open("wb") as file:
        file.write(wav_head(rate_hz=44_100, data_bytes=0))
        file.truncate(3 * 3600 * 88_200)
    began_s = time.monotonic()
    told = remark(open_folder(folder, "nl", cache))
    assert f"{path}: is not used: it is larger than 50 MB" in told
    assert time.monotonic() - began_s < 0.5


@NEEDS_LINUX
def test_what_is_no_file_is_told_and_not_opened(folder: Path, cache: Cache) -> None:
    (folder / f"{stem_of('Zes.')}.wav").mkdir()
    os.mkfifo(folder / "x-12345678.wav")
    with at_most_s(10):
        voice = open_folder(folder, "nl", cache)
    assert not voice.files and len(voice.remarks) == 2
    assert all("is not used: it is not a file" in told for told in voice.remarks)


@NEEDS_LINUX
def test_links_that_lead_out_of_the_folder_are_refused_unopened(
    tmp_path: Path, folder: Path, cache: Cache
) -> None:
    os.mkfifo(tmp_path / "pipe")  # which hangs whoever opens it
    (folder / "a-12345678.wav").symlink_to(tmp_path / "pipe")
    (folder / "b-12345678.wav").symlink_to("../pipe")
    (folder / "c-12345678.wav").symlink_to("nowhere")
    (folder / "d-12345678.wav").symlink_to("d-12345678.wav")
    (folder / "e-12345678.wav").symlink_to("b-12345678.wav")
    with at_most_s(10):
        voice = open_folder(folder, "nl", cache)
    assert not voice.files
    assert [("leads out of the folder" in told) for told in voice.remarks] == [1, 1, 0, 0, 1]
    assert all("cannot be read: " in told for told in voice.remarks[2:4])


@NEEDS_LINUX
def test_a_link_within_the_folder_is_followed(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    (folder / "takes").mkdir()
    take = put(folder / "takes", in_a_room(spoken[SPAN_AAN]))
    (folder / take.name).symlink_to(Path("takes") / take.name)
    voice = open_folder(folder, "nl", cache)
    assert voice.files[take.stem].path == str(take) and not voice.remarks


@NEEDS_LINUX
@pytest.mark.parametrize("name", [b"\x1b[31mred-12345678.wav", b"a\nb.wav", b"\xff\xfe.mp3"])
def test_a_strange_name_is_printed_safely(folder: Path, cache: Cache, name: bytes) -> None:
    Path(os.fsdecode(bytes(folder) + b"/" + name)).touch()
    told = remark(open_folder(folder, "nl", cache))
    assert told.isprintable() and "\\" in told
    told.encode("utf-8")


@NEEDS_LINUX
@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_file_that_may_not_be_read_is_told(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    path = put(folder, in_a_room(spoken[SPAN_AAN]))
    path.chmod(0)
    assert "cannot be read: Permission denied" in remark(open_folder(folder, "nl", cache))


def test_nothing_in_the_folder_is_changed(
    tmp_path: Path, folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN]))
    (folder / "x-12345678.wav").touch()

    def state() -> list[tuple[str, int, int]]:
        found = sorted(path for path in tmp_path.rglob("*") if cache.root not in path.parents)
        about = [(path, path.stat()) for path in found if path != cache.root]
        return [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in about]

    before = state()
    open_folder(folder, "nl", cache)
    assert state() == before


# --- folders that are none ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["missing", "x\0y", "x" * 300])
def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, cache: Cache, name: str) -> None:
    with pytest.raises(SpeechError, match=r"there is no such folder|cannot be read"):
        open_folder(tmp_path / name, "nl", cache)


def test_a_file_instead_of_a_folder_is_refused(folder: Path, cache: Cache) -> None:
    with pytest.raises(SpeechError, match=r"voice.yaml: is a file; name the folder"):
        open_folder(folder / "voice.yaml", "nl", cache)


@NEEDS_LINUX
@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
@pytest.mark.parametrize("mode", [0, 0o100, 0o400])
def test_a_folder_that_may_not_be_read_is_refused(folder: Path, cache: Cache, mode: int) -> None:
    folder.chmod(mode)
    try:
        with pytest.raises(SpeechError, match="cannot be read: Permission denied"):
            open_folder(folder, "nl", cache)
    finally:
        folder.chmod(0o700)


def test_without_voice_yaml_the_error_says_what_to_write(folder: Path, cache: Cache) -> None:
    (folder / "voice.yaml").unlink()
    with pytest.raises(SpeechError) as caught:
        open_folder(folder, "nl", cache)
    first, *example = str(caught.value).splitlines()
    assert first.startswith(f"{folder / 'voice.yaml'}: there is no such file; write one")
    (folder / "voice.yaml").write_text("\n".join(line[2:] for line in example))
    assert open_folder(folder, "nl", cache).fallback == "espeak:nl+f2"


# --- voice.yaml ---------------------------------------------------------------------------------


def test_a_fallback_may_be_named(folder: Path, cache: Cache) -> None:
    (folder / "voice.yaml").write_text(f"{ABOUT}fallback: system:Microsoft Frank\n")
    assert open_folder(folder, "nl", cache).fallback == "system:Microsoft Frank"


def test_a_voice_of_another_language_is_refused(folder: Path, cache: Cache) -> None:
    with pytest.raises(SpeechError, match=r"voice.yaml: Anna Jansen speaks 'nl' here, not 'en'"):
        open_folder(folder, "en", cache)


@pytest.mark.parametrize(
    ("content", "places", "told"),
    [
        ("", [(1, 1)], "the file is empty"),
        ("# nothing\n", [(1, 1)], "the file is empty"),
        ("- Anna\n- nl\n", [(1, 1)], "must hold keys and values"),
        ("Anna", [(1, 1)], "must hold keys and values"),
        (f"{ABOUT}age: 40\n", [(4, 1)], "unknown key; known here: fallback, language"),
        (f"{ABOUT}name: Eva\n", [(4, 1)], "the key is given twice (first in line 1)"),
        (f"{ABOUT}fallback: nonsense\n", [(4, 1)], "write a voice as ENGINE:NAME"),
        (f"{ABOUT}fallback: 'espeak:'\n", [(4, 1)], "write a voice as ENGINE:NAME"),
        (f"{ABOUT}fallback: recorded:../eva\n", [(4, 1)], "a voice that speaks any text is"),
        (f"{ABOUT}fallback: [espeak:nl]\n", [(4, 11)], "text is expected, not a list or keys"),
        (f"{ABOUT}fallback:\n", [(4, 10)], "the text is empty"),
        ("name: 7\nlanguage: no\nlicence: ''\n", [(1, 7), (2, 11), (3, 10)], "text is expected"),
        ("name: Anna\n", [(1, 1), (1, 1)], "the key 'language' is missing"),
        ("name: !!python/object:os.system x\n", [(1, 7)], "tags (!) are not read here"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", [(1, 4)], "anchors and aliases"),
        ("[" * 5000, [(1, 22)], "nested too deeply"),
        ("name: Anna\0\n", [(1, 11)], "a character that does not belong in text"),
        ("name: " + "x" * 1_000_001, [(1, 1)], "larger than 1000 kB"),
    ],
)
def test_a_faulty_voice_yaml_is_refused_with_all_its_faults_and_their_places(
    folder: Path, cache: Cache, content: str, places: list[tuple[int, int]], told: str
) -> None:
    (folder / "voice.yaml").write_text(content)
    with pytest.raises(ContentError) as caught:
        open_folder(folder, "nl", cache)
    assert [(p.line, p.column) for p in caught.value.problems] == places
    assert {p.file for p in caught.value.problems} == {str(folder / "voice.yaml")}
    assert told in str(caught.value)


def test_a_voice_yaml_that_is_no_text_is_refused(folder: Path, cache: Cache) -> None:
    (folder / "voice.yaml").write_bytes(b"name: \xff\n")
    with pytest.raises(ContentError, match="not UTF-8"):
        open_folder(folder, "nl", cache)


@NEEDS_LINUX
def test_a_voice_yaml_outside_the_folder_is_not_read(
    tmp_path: Path, folder: Path, cache: Cache
) -> None:
    (folder / "voice.yaml").rename(tmp_path / "other.yaml")
    (folder / "voice.yaml").symlink_to(tmp_path / "other.yaml")
    with pytest.raises(SpeechError, match="leads out of the folder"):
        open_folder(folder, "nl", cache)


# --- each file is inspected once ----------------------------------------------------------------


class Unasked(WorkerProcess):
    """A child process that nobody needs."""

    def ask(self, question: dict[str, Any]) -> Answer:
        raise AssertionError(f"decoded again: {question['file']}")


def test_an_unchanged_folder_is_not_decoded_again(
    tmp_path: Path,
    folder: Path,
    cache: Cache,
    spoken: dict[str, Samples],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN]))
    put(folder, in_a_room(spoken["Zes."], -35), "Zes.")
    (folder / "x-12345678.wav").touch()
    first = open_folder(folder, "nl", cache)
    assert len(first.files) == 2 and len(first.remarks) == 2
    monkeypatch.setattr(recorded_voices, "WorkerProcess", Unasked)
    assert open_folder(folder, "nl", cache) == first
    moved = folder.rename(tmp_path / "elsewhere")
    assert len(open_folder(moved, "nl", cache).files) == 2


def test_a_changed_file_is_decoded_again(
    folder: Path, cache: Cache, spoken: dict[str, Samples]
) -> None:
    path = put(folder, in_a_room(spoken[SPAN_AAN]))
    before = open_folder(folder, "nl", cache)
    put(folder, in_a_room(spoken[SPAN_AAN], -35))
    after = open_folder(folder, "nl", cache)
    assert not before.remarks and "noise" in remark(after)
    assert before.files[path.stem].sha256 != after.files[path.stem].sha256


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"error": ""}',
        b'{"error": 1, "faults": []}',
        b'{"error": "", "faults": ["unknown"]}',
        b'{"error": "", "faults": 1}',
        b'{"error": "", "faults": [], "length_ms": "long"}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_damaged_note_is_made_anew(
    folder: Path, cache: Cache, spoken: dict[str, Samples], damage: bytes
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN], -35))
    first = open_folder(folder, "nl", cache)
    (note,) = cache.root.rglob("*.json")
    whole = note.read_bytes()
    told = json.loads(cache.read(note) or b"")
    assert told.pop("length_ms") > 400 and len(told.pop("sha256")) == 64
    assert told == {"error": "", "faults": ["noisy"]}
    note.write_bytes(damage)
    assert open_folder(folder, "nl", cache) == first
    assert note.read_bytes() == whole


def test_a_file_that_changes_while_it_is_read_is_told_and_not_noted(
    folder: Path, cache: Cache, spoken: dict[str, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(WorkerProcess):
        def ask(self, question: dict[str, Any]) -> Answer:
            put(folder, in_a_room(spoken["Zes."]))
            return super().ask(question)

    put(folder, in_a_room(spoken[SPAN_AAN]))
    monkeypatch.setattr(recorded_voices, "WorkerProcess", Late)
    voice = open_folder(folder, "nl", cache)
    assert "changed while it was read" in remark(voice) and not voice.files
    assert not list(cache.root.rglob("*.json"))


# --- a child process that dies ------------------------------------------------------------------


def dying(times: int) -> type[WorkerProcess]:
    """A child process that breaks, as often as ``times``, over the recording of "Zes."."""
    left = [times]

    class Dying(WorkerProcess):
        def ask(self, question: dict[str, Any]) -> Answer:
            if stem_of("Zes.") in question["file"] and left[0]:
                left[0] -= 1
                return super().ask({"text": "a question without a file, which ends the process"})
            return super().ask(question)

    return Dying


def test_a_process_that_dies_once_is_started_again(
    folder: Path, cache: Cache, spoken: dict[str, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (SPAN_AAN, "Zes.", "Vijf."):
        put(folder, in_a_room(spoken[text]), text)
    monkeypatch.setattr(recorded_voices, "WorkerProcess", dying(1))
    voice = open_folder(folder, "nl", cache)
    assert len(voice.files) == 3 and not voice.remarks


def test_a_file_that_breaks_every_process_is_told_and_the_rest_is_used(
    folder: Path, cache: Cache, spoken: dict[str, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (SPAN_AAN, "Zes.", "Vijf."):
        put(folder, in_a_room(spoken[text]), text)
    with monkeypatch.context() as patched:
        patched.setattr(recorded_voices, "WorkerProcess", dying(2))
        voice = open_folder(folder, "nl", cache)
    assert set(voice.files) == {stem_of(SPAN_AAN), stem_of("Vijf.")}
    told = remark(voice)
    assert f"{folder / stem_of('Zes.')}.wav: cannot be decoded: the speech engine died" in told
    assert len(open_folder(folder, "nl", cache).files) == 3  # it may not have been its fault


def test_a_process_that_hangs_is_not_waited_for(
    folder: Path, cache: Cache, spoken: dict[str, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, in_a_room(spoken[SPAN_AAN]))
    monkeypatch.setattr(recorded_voices, "_LIMIT_S", 0.01)
    assert "took longer than 0.01 s" in remark(open_folder(folder, "nl", cache))


@NEEDS_LINUX
def test_no_process_is_left_behind(folder: Path, cache: Cache, spoken: dict[str, Samples]) -> None:
    def children() -> set[str]:
        return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())

    put(folder, in_a_room(spoken[SPAN_AAN]))
    before = children()
    open_folder(folder, "nl", cache)
    assert children() == before


# --- the start of the program -------------------------------------------------------------------


def test_looking_for_voices_loads_no_library_of_sound() -> None:
    code = (
        "import sys, voicecoach.speech.recorded_voices\n"
        "print([name for name in ('numpy', 'soundfile', 'soxr', 'av') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
