"""The voices of the operating system; most tests need some, and say so where there are none."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from voicecoach.audio import recordings
from voicecoach.audio.signal import SAMPLE_RATE_HZ, length_ms
from voicecoach.errors import SpeechError
from voicecoach.speech import system_voices, system_worker
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.system_voices import Listing, SystemVoice

WORKER = "voicecoach.speech.system_worker"
TEXT = "Hold for three seconds, and let go."
ENGLISH = system_voices.offers("en")
NEEDS_A_VOICE = pytest.mark.skipif(
    not ENGLISH, reason="this system has no English voice that pyttsx3 can drive"
)

Ask = Callable[..., tuple[str, bytes]]


def an_id() -> str:
    return system_voices.find(system_voices.DEFAULT, "en").name


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where child processes make their temporary folders."""
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.fixture
def ask() -> Ask:
    """Asks a new child process; answers what went wrong and the WAV file."""

    def ask_one(text: str = TEXT, *, voice: str = "", rate_wpm: int = 120) -> tuple[str, bytes]:
        process = WorkerProcess(WORKER, limit_s=30)
        try:
            question = {"text": text, "voice": voice or an_id(), "rate_wpm": rate_wpm, "file": ""}
            answer, following = process.ask(question)
        finally:
            process.stop()
        assert answer["is_last"]
        return answer["error"], following

    return ask_one


def long_ms(wav_bytes: bytes) -> int:
    return length_ms(len(recordings.trimmed(recordings.parse(wav_bytes, name="it")).samples) // 2)


@NEEDS_A_VOICE
def test_speaks_and_leaves_no_file(ask: Ask, temporary: Path) -> None:
    error, spoken = ask()
    assert not error
    assert 1000 < long_ms(spoken) < 6000
    assert not list(temporary.iterdir())


@NEEDS_A_VOICE
def test_says_the_same_each_time_and_slower_where_asked(ask: Ask) -> None:
    spoken = {ask() for _ in range(5)}
    assert len(spoken) == 1
    [(_, one)] = spoken
    _, slow = ask(rate_wpm=90)
    assert long_ms(slow) > 1.15 * long_ms(one)


@NEEDS_A_VOICE
def test_each_offer_can_be_used() -> None:
    for offer in ENGLISH:
        engine, _, name = offer.voice.partition(":")
        assert engine == system_voices.NAME
        assert system_voices.find(name, "en").spec == offer.voice
        assert offer.title
        assert offer.is_installed


@NEEDS_A_VOICE
def test_the_child_refuses_an_unknown_voice(ask: Ask, temporary: Path) -> None:
    error, spoken = ask(voice="no such voice")
    assert "no such voice" in error
    assert "voicecoach voices" in error
    assert not spoken
    assert not list(temporary.iterdir())


@NEEDS_A_VOICE
def test_an_unknown_voice_names_those_of_the_language() -> None:
    with pytest.raises(SpeechError, match="not a voice of this system") as caught:
        system_voices.find("no such voice", "en")
    assert ENGLISH[0].voice in str(caught.value)


def run_broken(broken: str, limit_s: float = 20) -> "subprocess.CompletedProcess[bytes]":
    """Runs the child, in which the line ``broken`` has changed something, with one question."""
    program = f"""
import time
from voicecoach.speech import system_worker as worker
worker.LIMIT_S = {limit_s}
class Other:
    "An engine that speaks with another voice or at another rate than it was told to."
    def __init__(self, engine, **instead):
        self.engine, self.instead = engine, instead
    def __getattr__(self, name):
        return getattr(self.engine, name)
    def setProperty(self, name, value):
        self.engine.setProperty(name, self.instead.get(name, value))
    def getProperty(self, name):
        is_other = name == "voice" and not self.instead
        return "another" if is_other else self.engine.getProperty(name)
{broken}
worker.main()
"""
    question = f'{{"id": 0, "text": "{TEXT}", "voice": "{an_id()}", "rate_wpm": 120}}\n'
    return subprocess.run(
        [sys.executable, "-c", program],
        input=question.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )


@NEEDS_A_VOICE
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("worker._spoken = lambda *_: time.sleep(60)", "took longer than 0.5 s"),
        ("worker.is_whole = lambda file: time.sleep(0.1)", "took longer than 0.5 s"),
        ("worker._FILE = 'no folder/speech.wav'", "took longer than 0.5 s"),
        (
            "worker._initialise = lambda old=worker._initialise: Other(old())",
            "the system spoke with 'another'",
        ),
        (
            "worker._initialise = lambda old=worker._initialise: Other(old(), rate='fast')",
            "pyttsx3: ",
        ),
        ("worker.decoded = lambda file: worker.soundfile.read('none')", "Error opening 'none'"),
        ("worker.import_module = lambda name: __import__('no_such_module')", "no_such_module"),
    ],
)
def test_the_child_answers_in_time_whatever_happens(
    broken: str, said: str, temporary: Path
) -> None:
    ran = run_broken(broken, limit_s=0.5 if "took longer" in said else 20)
    assert said.encode() in ran.stdout
    assert ran.stdout.count(b'"id": 0') == 1
    assert not list(temporary.iterdir())


@NEEDS_A_VOICE
def test_a_child_that_dies_says_why_and_leaves_no_file(temporary: Path) -> None:
    ran = run_broken("worker._spoken = lambda *_: 1 / 0")
    assert not ran.stdout
    assert b"ZeroDivisionError" in ran.stderr
    assert not list(temporary.iterdir())


def test_nothing_heavy_is_imported_to_find_a_voice() -> None:
    program = """
import sys
from voicecoach.speech import system_voices as voices
print({"numpy", "soundfile", "pyttsx3", "soxr", "subprocess"} & set(sys.modules))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.strip() == "set()"


def voice(id_: str, name: str, *languages: str) -> SystemVoice:
    return SystemVoice(id=id_, name=name, languages=frozenset(languages))


LISTING = Listing(
    voices=(
        voice("com.apple.Ellen", "Ellen", "nl-be", "nl"),
        voice("com.apple.compact.Xander", "Xander", "nl-nl", "nl"),
        voice("com.apple.enhanced.Xander", "Xander", "nl-nl", "nl"),
        voice("com.apple.Samantha", "Samantha", "en-us", "en"),
    ),
    version="macOS",
)


@pytest.fixture
def a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_voices, "installed", lambda: LISTING)


@pytest.mark.usefixtures("a_mac")
@pytest.mark.parametrize("name", ["com.apple.Ellen", "COM.APPLE.ELLEN", "ellen", "default"])
def test_a_voice_is_found_by_its_id_its_name_or_as_the_first(name: str) -> None:
    assert system_voices.find(name, "nl").spec == "system:com.apple.Ellen"


@pytest.mark.usefixtures("a_mac")
@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("Xander", "nl", "several voices: system:com.apple.compact.Xander"),
        ("Samantha", "nl", "does not speak 'nl'; these speak 'nl': system:com.apple.Ellen"),
        ("Nobody", "nl", "is not a voice of this system"),
        ("default", "fr", "these speak 'fr': none"),
    ],
)
def test_a_voice_that_cannot_be_used_is_an_error(name: str, language: str, said: str) -> None:
    with pytest.raises(SpeechError, match=said):
        system_voices.find(name, language)


@pytest.mark.usefixtures("a_mac")
def test_another_system_is_another_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    before = system_voices.find("ellen", "nl")
    monkeypatch.setattr(
        system_voices, "installed", lambda: replace(LISTING, version="macOS, newer")
    )
    assert system_voices.find("ellen", "nl").engine_version != before.engine_version


def test_without_system_voices_there_are_no_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_voices, "installed", lambda: None)
    assert system_voices.offers("nl") == []
    with pytest.raises(SpeechError, match="no system voices here"):
        system_voices.find(system_voices.DEFAULT, "nl")


def test_without_a_library_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_voices, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    monkeypatch.setattr(system_voices, "_WORKER", "no.such.module")
    assert system_voices.installed.__wrapped__() is None


def test_an_engine_that_cannot_list_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_voices, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(system_voices, "_WORKER", "no.such.module")
    with pytest.raises(SpeechError, match="died"):
        system_voices.installed.__wrapped__()


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["nl_BE"], {"nl-be", "nl"}),
        (["en-US"], {"en-us", "en"}),
        (["nl"], {"nl"}),
        ([None], set()),
        ([], set()),
    ],
)
def test_languages_are_read_as_each_system_writes_them(
    languages: list[str | None], expected: set[str]
) -> None:
    told = {"id": "an id", "name": None, "languages": languages}
    assert system_voices._voice(told) == voice("an id", "an id", *expected)


@pytest.mark.parametrize("kind", ["WAV", "AIFF"])
def test_a_file_is_whole_once_it_has_been_closed(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "speech"
    assert not system_worker.is_whole(file)
    sound = BytesIO()
    soundfile.write(sound, np.zeros(2000), 44_100, format=kind, subtype="PCM_16")
    for cut in (0, 3, 8, 50, len(sound.getvalue()) - 1):
        file.write_bytes(sound.getvalue()[:cut])
        assert not system_worker.is_whole(file)
    file.write_bytes(sound.getvalue())
    assert system_worker.is_whole(file)


@pytest.mark.parametrize(("kind", "rate_hz", "channels"), [("AIFF", 44_100, 2), ("WAV", 16_000, 1)])
def test_any_rate_and_channels_become_ours(
    kind: str, rate_hz: int, channels: int, tmp_path: Path
) -> None:
    file = tmp_path / "speech"
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz)
    soundfile.write(file, np.stack([wave] * channels, axis=1), rate_hz, format=kind)
    samples = np.frombuffer(
        recordings.parse(system_worker.decoded(file), name="it").samples, dtype="<i2"
    )
    assert abs(len(samples) - SAMPLE_RATE_HZ) <= 1
    assert abs(np.abs(samples).max() / 32767 - 0.5) < 0.02
    spectrum = np.abs(np.fft.rfft(samples))
    assert abs(spectrum.argmax() * SAMPLE_RATE_HZ / len(samples) - 440) < 2
