"""What every engine promises, each really speaking: eSpeak, Piper, the system's, a person's files.

The same texts, the same promises. Where an engine is not at hand its tests are skipped and say so.
"""

import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import child_modules
import numpy as np
import pytest

from voicecoach.audio import recordings as wav
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Recording, length_ms
from voicecoach.cache import Cache
from voicecoach.errors import SpeechError
from voicecoach.speech import engines, voices
from voicecoach.speech import recorded_voices as recorded
from voicecoach.speech.engines import WorkerEngine
from voicecoach.speech.recorded_folder import stem_of
from voicecoach.speech.speaker import Utterance

TEXTS = (
    "Tighten.",
    "Let go.",
    "three.",
    "Do this only if nothing hurts or feels heavy.",
    "If it does not feel right, choose the breathing session today.",
)
ENGINES = ("espeak", "piper", "system", "recorded")
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks in /proc")

Say = Callable[..., Utterance]


def level(recording: Recording) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.abs(np.frombuffer(recording.samples, dtype="<i2").astype(np.int32))


def long_ms(recording: Recording) -> int:
    return length_ms(len(recording.samples) // 2)


def pauses(recording: Recording) -> int:
    """How often nothing is heard for 30 ms or longer."""
    sounding = np.flatnonzero(level(recording) > 100)
    return int(np.count_nonzero(np.diff(sounding) > SAMPLE_RATE_HZ * 3 // 100))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has spoken the texts."""
    folder = tmp_path_factory.mktemp("voices") / "joan"
    folder.mkdir()
    lines = ("name: Joan", "language: en", "licence: for our clients", "fallback: espeak:en-us+f2")
    (folder / "voice.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    joan = voices.find("espeak:en+f4", "en")
    speaking = engines.start("espeak")
    pause = bytes(2 * SAMPLE_RATE_HZ // 4)
    for text in TEXTS:
        said = engines.speak(speaking, Utterance(text=text, voice=joan, rate_wpm=120))
        file = BytesIO()
        wav.write(Recording(samples=pause + said.samples + pause), file)
        (folder / f"{stem_of(text)}.wav").write_bytes(file.getvalue())
    speaking.stop()
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def say(
    request: pytest.FixtureRequest, recordings: Path, tmp_path_factory: pytest.TempPathFactory
) -> Say:
    """Makes utterances of an engine's voice."""
    if request.param == "recorded":
        cache = Cache(root=tmp_path_factory.mktemp("cache"))
        opened = recorded.open_folder(recordings, "en", cache)

        def of_person(text: str, rate_wpm: int = 120) -> Utterance:
            file = opened.files.get(stem_of(text))
            return Utterance(
                text=text,
                voice=opened.voice,
                rate_wpm=rate_wpm,
                file=file.path if file else str(recordings / "nothing.wav"),
                file_sha256=file.sha256 if file else "0",
            )

        return of_person
    if request.param == "piper":
        request.getfixturevalue("piper_voice")
    spec = {"espeak": "espeak:en+f2", "piper": "piper:en_US-joe-medium"}.get(request.param)
    try:
        voice = voices.find(spec or "system:default", "en")
    except SpeechError as error:
        pytest.skip(str(error))

    def of_engine(text: str, rate_wpm: int = 120) -> Utterance:
        return Utterance(text=text, voice=voice, rate_wpm=rate_wpm)

    return of_engine


@pytest.fixture(scope="module")
def started() -> Iterator[list[WorkerEngine]]:
    """The engines of a test, which end with it."""
    running: list[WorkerEngine] = []
    yield running
    for engine in running:
        engine.stop()


@pytest.fixture(scope="module")
def engine(say: Say, started: list[WorkerEngine]) -> WorkerEngine:
    started.append(engines.start(say("").voice.engine))
    return started[-1]


@pytest.fixture(scope="module")
def spoken(say: Say, engine: WorkerEngine) -> dict[str, Recording]:
    """All texts, spoken in order."""
    return {text: engines.speak(engine, say(text)) for text in TEXTS}


def test_every_text_is_speech_of_a_plausible_length(spoken: dict[str, Recording]) -> None:
    for text, recording in spoken.items():
        assert 25 * len(text) < long_ms(recording) < 200 * len(text) + 700, text
        assert level(recording).max() > 1000, text


def test_silence_is_cut_off_at_both_ends(spoken: dict[str, Recording]) -> None:
    for text, recording in spoken.items():
        sounding = np.flatnonzero(level(recording) > level(recording).max() // 100)
        assert sounding[0] * 1000 <= 25 * SAMPLE_RATE_HZ, text
        assert (len(level(recording)) - sounding[-1]) * 1000 <= 60 * SAMPLE_RATE_HZ, text


def test_the_same_text_is_the_same_bytes_in_another_order(
    say: Say, engine: WorkerEngine, spoken: dict[str, Recording]
) -> None:
    assert {text: engines.speak(engine, say(text)) for text in reversed(TEXTS)} == spoken


def test_another_process_says_the_same(
    say: Say, started: list[WorkerEngine], spoken: dict[str, Recording]
) -> None:
    started.append(engines.start(say("").voice.engine))
    assert engines.speak(started[-1], say(TEXTS[-1])) == spoken[TEXTS[-1]]


def test_several_at_once_are_what_they_are_alone(
    say: Say, engine: WorkerEngine, spoken: dict[str, Recording]
) -> None:
    with ThreadPoolExecutor(4) as threads:
        asked = {text: threads.submit(engines.speak, engine, say(text)) for text in TEXTS}
        assert {text: future.result() for text, future in asked.items()} == spoken


def test_texts_differ(spoken: dict[str, Recording]) -> None:
    assert len({recording.samples for recording in spoken.values()}) == len(TEXTS)


def test_the_rate_is_honoured_but_by_a_person(say: Say, engine: WorkerEngine) -> None:
    slow, fast = (long_ms(engines.speak(engine, say(TEXTS[-2], rate))) for rate in (100, 160))
    if say("").voice.engine == "recorded":
        assert slow == fast
    else:
        assert 1.25 < slow / fast < 1.95


def test_what_cannot_be_said_is_an_error_that_names_it_and_the_way_out(
    say: Say, engine: WorkerEngine
) -> None:
    with pytest.raises(SpeechError) as caught:
        engines.speak(engine, say("…"))
    assert "'…'" in str(caught.value)
    assert say("").voice.spec in str(caught.value)
    assert "--voice" in str(caught.value)


def test_after_an_error_it_speaks_on(
    say: Say, engine: WorkerEngine, spoken: dict[str, Recording]
) -> None:
    with pytest.raises(SpeechError):
        engines.speak(engine, say("…"))
    assert engines.speak(engine, say(TEXTS[0])) == spoken[TEXTS[0]]


@needs_proc
@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGSEGV, marks=pytest.mark.slow)]
)
def test_a_process_that_was_killed_is_replaced(
    say: Say, started: list[WorkerEngine], spoken: dict[str, Recording], number: signal.Signals
) -> None:
    before = set(children())
    started.append(engines.start(say("").voice.engine))
    engines.speak(started[-1], say(TEXTS[0]))
    for process_id in set(children()) - before:
        os.kill(process_id, number)
    assert engines.speak(started[-1], say(TEXTS[1])) == spoken[TEXTS[1]]


def children() -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(entry.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


# --- engines that fail ----------------------------------------------------------------------------


def engine_that(folder: Path, monkeypatch: pytest.MonkeyPatch, *does: str) -> WorkerEngine:
    """An engine whose n-th answer is what the n-th of ``does`` says, over all its processes."""
    (folder / "answers.txt").write_text("\n".join(does), encoding="utf-8")
    (folder / "faulty_worker.py").write_text(FAULTY, encoding="utf-8")
    child_modules.allow(folder, monkeypatch)
    monkeypatch.chdir(folder)
    return WorkerEngine("faulty_worker", limit_s=3)


FAULTY = """
import os, pathlib, sys, time
sys.path.insert(0, os.getcwd())
from io import BytesIO
import numpy as np
from voicecoach.audio import recordings as wav
from voicecoach.speech import worker
path = pathlib.Path("answers.txt")
answers = worker.Answers()
for question in worker.questions():
    do, *rest = path.read_text().split("\\n")
    path.write_text("\\n".join(rest))
    time_s = np.arange(22050) / 22050
    hum = 0.3 * np.sin(2 * np.pi * 200 * time_s).astype("float32")
    match do:
        case "sleep":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), 9)
        case "error":
            answers.give(question, error="out of words")
        case "silence":
            answers.give(question, wav=wav.wav_file(hum * 0))
        case "long":
            answers.give(question, wav=wav.wav_file(np.tile(hum, 60)))
        case "short":
            answers.give(question, wav=wav.wav_file(hum[:2000]))
        case "rubbish":
            answers.give(question, wav=b"RIFF rubbish")
        case _:
            answers.give(question, wav=wav.wav_file(hum))
"""
FAULTS = {
    "sleep": "took longer than 3 s",
    "die": "died",
    "error": "out of words",
    "silence": "holds no sound",
    "long": "too long for this many words",
    "short": "too short for this many words",
    "rubbish": "not a readable WAV file",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_made_good_by_a_second_try(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = engine_that(tmp_path, monkeypatch, fault, "speak")
    said = Utterance(text="Let go.", voice=voices.find("espeak:en", "en"), rate_wpm=120)
    assert 900 < long_ms(engines.speak(faulty, said)) <= 1000
    faulty.stop()


@pytest.mark.parametrize("fault", FAULTS)
def test_two_faults_are_an_error_that_names_the_utterance_and_the_way_out(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = engine_that(tmp_path, monkeypatch, fault, fault, "speak")
    text = "Do this only if nothing hurts or feels heavy."
    said = Utterance(text=text, voice=voices.find("espeak:en", "en"), rate_wpm=120)
    with pytest.raises(SpeechError) as caught:
        engines.speak(faulty, said)
    assert FAULTS[fault] in str(caught.value)
    assert repr(text) in str(caught.value) and "espeak:en" in str(caught.value)
    assert "--voice" in str(caught.value)
    faulty.stop()


# --- two engines together -------------------------------------------------------------------------


def test_the_plain_dutch_voice_leaves_a_gap_between_words_and_takes_no_longer_for_it() -> None:
    engine = engines.start("espeak")
    said = {}
    for name in ("nl", "nl+m3", "nl+f2"):
        voice = voices.find(f"espeak:{name}", "nl")
        text = "Adem in en laat los."
        said[name] = engines.speak(engine, Utterance(text=text, voice=voice, rate_wpm=120))
    engine.stop()
    assert pauses(said["nl"]) > pauses(said["nl+m3"])
    assert long_ms(said["nl"]) <= long_ms(said["nl+f2"])


@pytest.mark.slow
@pytest.mark.parametrize("order", [("espeak", "piper"), ("piper", "espeak")])
def test_piper_and_espeak_speak_in_one_process_tree(
    piper_voice: str, order: tuple[str, str]
) -> None:
    specs = {"espeak": "espeak:en+f2", "piper": piper_voice}
    digests = set()
    running = {name: engines.start(name) for name in order}
    for text in TEXTS[:3]:
        for name in order:
            voice = voices.find(specs[name], "en")
            said = engines.speak(running[name], Utterance(text=text, voice=voice, rate_wpm=120))
            digests.add(hashlib.sha256(said.samples).hexdigest())
    assert len(digests) == 6
    for each in running.values():
        each.stop()
