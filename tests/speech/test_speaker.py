"""The built-in voice, really speaking: eSpeak NG in its child process."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import child_modules
import numpy as np
import pytest

from voicecoach import environment
from voicecoach.audio import recordings
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Recording, length_ms
from voicecoach.cache import Cache
from voicecoach.cli import context
from voicecoach.content.translation import Guidance
from voicecoach.errors import SpeechError
from voicecoach.script.script import Say, Script, SpeechCue, Where
from voicecoach.speech import engines, voices
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.speaker import Speaker, SpeakingVoice, Utterance

PROC = Path("/proc")
NEEDS_PROC = pytest.mark.skipif(
    not (PROC / "self" / "stat").exists(), reason="looks for processes in /proc (Linux)"
)
VOICE = voices.find("espeak:nl+f2", "nl")


class EspeakEngine:
    """eSpeak in a process of its own, asked as a build asks it."""

    def __init__(self) -> None:
        self.worker = engines.start("espeak")

    def speak(self, said: Utterance) -> Recording:
        return engines.speak(self.worker, said)


def speaker_of(cache: Cache, respellings: dict[str, str] | None = None) -> Speaker:
    voice = SpeakingVoice(voice=VOICE, respellings=respellings or {})
    return Speaker(voices=(voice,), cache=cache)


TEXTS = (
    "Span aan.",
    "Laat los.",
    "Laat helemaal los.",
    "Span zachtjes aan.",
    "Nog één keer.",
    "Adem in.",
    "Adem uit.",
    "Rust even uit.",
    "Adem rustig door.",
    "Je schouders mogen zakken, en je kaak wordt zacht.",
    *(f"{number}." for number in ("Eén", "Twee", "Drie", "Vier", "Vijf", "Zes", "Zeven", "Acht")),
    *(f"Ronde {number} van drie." for number in ("één", "twee", "drie")),
    *(f"Houd {number} tellen vast." for number in ("drie", "vier", "vijf", "zes", "acht", "tien")),
    "Welkom in week drie.",
    "Doe dit alleen als niets pijn doet of zwaar voelt.",
    "Voelt het niet goed, kies dan vandaag de ademsessie.",
)


def utterance(text: str, *, voice: str = "espeak:nl+f2", rate_wpm: int = 120) -> Utterance:
    language = voice.partition(":")[2][:2]
    return Utterance(text=text, voice=voices.find(voice, language), rate_wpm=rate_wpm)


def script(*texts: str) -> Script:
    says = (Say(text=text, cue=SpeechCue.SAY, where=Where(block=0)) for text in texts)
    return Script(
        session="talk",
        title="Talk",
        guidance=Guidance.FULL,
        rate_wpm=120,
        blocks=(),
        items=tuple(says),
    )


def levels(recording: Recording) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.abs(np.frombuffer(recording.samples, dtype="<i2").astype(np.int32))


def long_ms(recording: Recording) -> int:
    return length_ms(len(recording.samples) // 2)


@pytest.fixture(scope="module")
def new_engine() -> Iterator[Callable[[], EspeakEngine]]:
    """Starts engines, each with a process of its own, and ends them with the module."""
    started: list[EspeakEngine] = []

    def start() -> EspeakEngine:
        started.append(EspeakEngine())
        return started[-1]

    yield start
    for each in started:
        each.worker.stop()


@pytest.fixture(scope="module")
def engine(new_engine: Callable[[], EspeakEngine]) -> EspeakEngine:
    return new_engine()


@pytest.fixture(scope="module")
def spoken(engine: EspeakEngine) -> dict[str, Recording]:
    """All texts, spoken in order by a fresh engine."""
    return {text: engine.speak(utterance(text)) for text in TEXTS}


# --- same input, same bytes ---------------------------------------------------------------------


def test_there_are_thirty_utterances() -> None:
    assert len(set(TEXTS)) == 30


def test_the_same_engine_says_the_same_again_in_another_order(
    engine: EspeakEngine, spoken: dict[str, Recording]
) -> None:
    assert {text: engine.speak(utterance(text)) for text in reversed(TEXTS)} == spoken


def test_another_engine_says_the_same_whatever_it_said_before(
    new_engine: Callable[[], EspeakEngine], spoken: dict[str, Recording]
) -> None:
    other = new_engine()
    other.speak(utterance("Something else, at another rate.", voice="espeak:en+f3", rate_wpm=260))
    shuffled = sorted(TEXTS, key=lambda text: text[::-1])
    assert {text: other.speak(utterance(text)) for text in shuffled} == spoken


def test_a_text_spoken_ten_times_over_is_the_same_ten_times(engine: EspeakEngine) -> None:
    assert len({engine.speak(utterance("Span aan.")).samples for _ in range(10)}) == 1


def test_texts_and_voices_differ(engine: EspeakEngine, spoken: dict[str, Recording]) -> None:
    assert len({recording.samples for recording in spoken.values()}) == len(TEXTS)
    assert engine.speak(utterance(TEXTS[0], voice="espeak:nl+f3")) != spoken[TEXTS[0]]


# --- the recording ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_silence_is_trimmed_at_both_ends(spoken: dict[str, Recording], text: str) -> None:
    level = levels(spoken[text])
    sounding = np.flatnonzero(level > level.max() // 100)
    assert sounding[0] * 1000 <= 10 * SAMPLE_RATE_HZ
    assert (len(level) - sounding[-1]) * 1000 <= 31 * SAMPLE_RATE_HZ


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_heard(spoken: dict[str, Recording], text: str) -> None:
    assert levels(spoken[text]).max() > 3000
    assert 200 < long_ms(spoken[text]) < 6000


def test_the_rate_is_honoured_every_time(engine: EspeakEngine) -> None:
    """In eSpeak's own mode the rate comes too late for one utterance in thirty."""
    lengths = []
    for number in range(40):
        engine.speak(utterance(TEXTS[number % len(TEXTS)], rate_wpm=300))
        lengths.append(long_ms(engine.speak(utterance("Span zachtjes aan."))))
    assert min(lengths) >= 0.8 * statistics.median(lengths)


def test_a_slower_rate_takes_longer(engine: EspeakEngine) -> None:
    text = "Doe dit alleen als niets pijn doet of zwaar voelt."
    slow, normal, fast = (
        long_ms(engine.speak(utterance(text, rate_wpm=rate))) for rate in (90, 120, 240)
    )
    assert slow > 1.15 * normal > 1.15 * 1.5 * fast


def test_the_words_of_the_field_notes_take_the_time_measured_there(
    spoken: dict[str, Recording],
) -> None:
    for text, measured_ms in {
        "Laat helemaal los.": 1640,
        "Laat los.": 870,
        "Span aan.": 930,
    }.items():
        assert 0.7 * measured_ms < long_ms(spoken[text]) < 1.15 * measured_ms


@pytest.mark.parametrize("text", ["Wat: “aanhalingstekens” — en… 5 × <tekens> & \\ 🙂.", "x" * 500])
def test_odd_texts_are_spoken(engine: EspeakEngine, text: str) -> None:
    assert engine.speak(utterance(text)) == engine.speak(utterance(text))


@pytest.mark.parametrize("text", ["", "   ", "…"])
def test_a_text_without_a_word_is_an_error_that_names_it(engine: EspeakEngine, text: str) -> None:
    with pytest.raises(SpeechError) as caught:
        engine.speak(utterance(text))
    assert repr(text) in str(caught.value) and "espeak:nl+f2" in str(caught.value)


@pytest.mark.parametrize(
    ("samples", "expected_ms"),
    [(0, 0), (1, 1), (22, 1), (23, 2), (2205, 100), (2206, 101), (22_050, 1000), (22_051, 1001)],
)
def test_a_length_is_rounded_up_to_whole_milliseconds(samples: int, expected_ms: int) -> None:
    assert length_ms(samples) == expected_ms


# --- voices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("espeak:nonsense", "unknown voice espeak:nonsense; for this language: espeak:nl"),
        ("espeak:nonsense+f2", "unknown voice"),
        ("espeak:nl+zz", "no variant 'zz'"),
        ("espeak:nl+", "no variant ''"),
        ("espeak:nl+f2+f3", "no variant"),
        ("espeak:nl+../nl", "no variant"),
        ("espeak:en+f2", "does not speak 'nl'"),
        ("espeak:", "a voice is one of"),
        ("espeak", "a voice is one of"),
        ("festival:x", "a voice is one of"),
        ("", "a voice is one of"),
        ("piper:nl_BE-nobody-medium", "voices install piper:nl_BE-nobody-medium"),
        ("piper:../x", "is not the name of a Piper voice"),
        ("recorded:somewhere", "a folder of recordings"),
    ],
)
def test_an_unknown_voice_is_refused(spec: str, told: str) -> None:
    with pytest.raises(SpeechError) as caught:
        voices.find(spec, "nl")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "language"),
    [
        ("espeak:nl", "nl"),
        ("espeak:nl+m1", "nl"),
        ("espeak:en+f2", "en"),
        ("espeak:en-us+f5", "en"),
    ],
)
def test_a_voice_that_is_known_speaks(engine: EspeakEngine, spec: str, language: str) -> None:
    voice = voices.find(spec, language)
    assert voice.spec == spec
    assert long_ms(engine.speak(Utterance(text="Adem in.", voice=voice, rate_wpm=120))) > 300


def test_every_voice_that_is_offered_can_be_found() -> None:
    offers = [offer for offer in voices.offers(["nl", "en"], pytest.fail) if offer.is_installed]
    assert offers
    for offer in offers:
        assert voices.find(offer.voice, offer.language).spec == offer.voice


def test_one_voice_has_one_spelling_in_the_cache() -> None:
    assert voices.find("espeak:NL+f2", "nl") == VOICE


# --- the cache ----------------------------------------------------------------------------------


BASE = Utterance(text="Span aan.", voice=VOICE, rate_wpm=120)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, text="Span aan!"),
        replace(BASE, rate_wpm=121),
        replace(BASE, voice=replace(VOICE, name="nl+f3")),
        replace(BASE, voice=replace(VOICE, engine="other")),
        replace(BASE, voice=replace(VOICE, engine_version="2")),
    ],
    ids=["text", "rate", "voice", "engine", "version"],
)
def test_the_key_differs_by_all_that_shapes_the_sound(other: Utterance) -> None:
    assert other.key != BASE.key
    assert replace(BASE).key == BASE.key


def test_the_version_of_the_engine_is_known() -> None:
    versions = environment.installed_versions("espeakng-loader", "pyttsx3")
    assert not [version for version in versions if "unknown" in version]
    assert VOICE.engine_version == environment.makers_hash(
        ("speech.espeak_worker",), ("espeakng-loader", "pyttsx3")
    )


def test_a_recording_that_is_gone_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    speaker = speaker_of(Cache(root=tmp_path))
    assert [u.text for u in speaker.missing([script("Span aan.")])] == ["Span aan."]
    with pytest.raises(SpeechError, match=r"'Span aan\.' is gone: build again"):
        speaker.recorded(script("Span aan."))


def test_what_several_scripts_say_is_spoken_once(tmp_path: Path) -> None:
    speaker = speaker_of(Cache(root=tmp_path))
    missing = speaker.missing([script("Span aan.", "Laat los."), script("Laat los.", "Rust.")])
    assert [u.text for u in missing] == ["Span aan.", "Laat los.", "Rust."]
    assert {(u.voice, u.rate_wpm) for u in missing} == {(VOICE, 120)}


def test_what_is_recorded_is_not_missing_and_has_its_length(
    tmp_path: Path, engine: EspeakEngine
) -> None:
    """By what is written, also where something else is said."""
    cache = Cache(root=tmp_path)
    speaker = speaker_of(cache, {"aan": "aahn"})
    [missing] = speaker.missing([script("Span aan.")])
    spoken = engine.speak(missing)
    file = BytesIO()
    recordings.write(spoken, file)
    cache.write(cache.recording(missing.key), file.getvalue())
    assert speaker.missing([script("Span aan.")]) == []
    [(text, recorded)] = speaker.recorded(script("Span aan.")).items()
    assert (text, recorded.key) == ("Span aan.", missing.key)
    assert recorded.length_ms == long_ms(spoken)


def test_a_respelling_is_heard(engine: EspeakEngine) -> None:
    speaker = speaker_of(Cache(root=Path("nowhere")), {"aan": "oen"})
    [utterance_said] = speaker.missing([script("Span aan.")])
    assert engine.speak(utterance_said) == engine.speak(utterance("Span oen."))
    assert engine.speak(utterance_said) != engine.speak(utterance("Span aan."))


def test_the_built_in_words_name_a_voice_that_is_here() -> None:
    programme = context.open_programme(None)
    for words in programme.translations.values():
        assert voices.find(words.voice, words.language).spec == words.voice


# --- the child process --------------------------------------------------------------------------


def children() -> dict[int, bytes]:
    """The child processes of this one, and their command lines."""
    found = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                found[int(entry.name)] = (entry / "cmdline").read_bytes()
        except OSError:
            continue
    return found


@NEEDS_PROC
def test_a_worker_that_is_killed_is_replaced(
    new_engine: Callable[[], EspeakEngine], spoken: dict[str, Recording]
) -> None:
    before = set(children())
    engine = new_engine()
    engine.speak(utterance(TEXTS[0]))
    [worker] = set(children()) - before
    assert b"espeak_worker" in children()[worker]
    os.kill(worker, signal.SIGKILL)
    assert engine.speak(utterance(TEXTS[1])) == spoken[TEXTS[1]]
    [successor] = set(children()) - before
    assert successor != worker


@NEEDS_PROC
def test_one_worker_serves_many_utterances(new_engine: Callable[[], EspeakEngine]) -> None:
    before = set(children())
    engine = new_engine()
    for text in TEXTS[:5]:
        engine.speak(utterance(text))
        assert len(set(children()) - before) == 1


WORKER = """
import json, os, sys, time
for line in sys.stdin:
    question = json.loads(line)
    match question["do"]:
        case "hang":
            time.sleep(60)
        case "die":
            sys.exit("out of breath")
        case "crash":
            os.abort()
        case "babble":
            print("no JSON")
        case _:
            print(json.dumps({"id": question["id"], "process": os.getpid(), "bytes": 0}))
    sys.stdout.flush()
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerProcess]:
    """A child that does as it is told, with a short limit."""
    (tmp_path / "obedient_worker.py").write_text(WORKER, encoding="utf-8")
    child_modules.allow(tmp_path, monkeypatch)
    process = WorkerProcess("obedient_worker", limit_s=1.5)
    yield process
    process.stop()


def process_of(worker: WorkerProcess, do: str = "answer") -> int:
    return int(worker.ask({"do": do})[0]["process"])


def runs(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_hangs_is_stopped_at_the_limit_and_replaced(worker: WorkerProcess) -> None:
    first = process_of(worker)
    start = time.monotonic()
    with pytest.raises(SpeechError, match=r"took longer than 1\.5 s"):
        worker.ask({"do": "hang"})
    assert 1.4 < time.monotonic() - start < 4
    assert not runs(first)
    assert process_of(worker) != first


def test_a_worker_that_dies_is_named_with_its_last_words_and_replaced(
    worker: WorkerProcess,
) -> None:
    first = process_of(worker)
    with pytest.raises(SpeechError, match=r"died \(out of breath\)"):
        worker.ask({"do": "die"})
    assert process_of(worker) != first


@pytest.mark.parametrize("do", ["crash", "babble"])
def test_a_worker_that_crashes_or_babbles_is_replaced(worker: WorkerProcess, do: str) -> None:
    first = process_of(worker)
    with pytest.raises(SpeechError, match="the speech engine died"):
        worker.ask({"do": do})
    assert process_of(worker) != first
    assert not runs(first)


def test_a_worker_that_is_stopped_is_gone(worker: WorkerProcess) -> None:
    process = process_of(worker)
    worker.stop()
    assert not runs(process)
    worker.stop()


def test_a_worker_that_cannot_start_is_an_error_with_its_reason() -> None:
    nobody = WorkerProcess("no_such_module", limit_s=10)
    with pytest.raises(SpeechError, match="No module named no_such_module"):
        nobody.ask({"do": "answer"})
