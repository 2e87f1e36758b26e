"""What `scripts/bench --piper VOICE` measures: a cold build of week 3 with an installed Piper
voice, beside bare Piper speaking the same utterances on all cores and bare encoding."""

import json
import shutil
import time
from pathlib import Path

import _bench
import numpy as np

from voicecoach.cache import Cache
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.translation import Translation
from voicecoach.pack.layout import plan_packs
from voicecoach.rendering import job
from voicecoach.script import writer
from voicecoach.speech import voices
from voicecoach.speech.piper import installed
from voicecoach.speech.speaker import Utterance

WEEK = 3
LANGUAGE = "en"


def bare_piper(utterances: list[Utterance]) -> None:
    """Speaks each text as Piper's documentation says, with all the threads it takes by itself."""
    from piper import PiperVoice, SynthesisConfig

    found = installed.find(utterances[0].voice.name)
    assert found
    voice = PiperVoice.load(found.model, found.config)
    for utterance in utterances:
        config = SynthesisConfig(length_scale=_length_scale(utterance))
        np.concatenate([c.audio_float_array for c in voice.synthesize(utterance.text, config)])


def _length_scale(utterance: Utterance) -> float:
    from voicecoach.speech.piper_worker import NATURAL_WPM

    found = installed.find(utterance.voice.name)
    assert found
    own = json.loads(found.config.read_text(encoding="utf-8"))["inference"]["length_scale"]
    return float(own * NATURAL_WPM / utterance.rate_wpm)


def measure(folder: Path, voice: str, jobs: int):
    programme = context.open_programme(None)
    words: Translation = programme.translations[LANGUAGE]
    cache = Cache(root=folder / "cache")
    speaker = voices.open_speaker((voice,), words, cache, TerminalReporter().note)
    packs = plan_packs(programme, words, [WEEK])
    sessions = dict.fromkeys(track.session for pack in packs for track in pack.tracks)
    scripts = [writer.write(session, words) for session in sessions]
    utterances = speaker.missing(scripts)
    options = ("--week", str(WEEK), "--voice", voice)

    _bench.build(folder / "out", cache.root, jobs, LANGUAGE, *options)
    sounds = [job.prepare(s, speaker.recorded(s), job.PLAIN_DAY) for s in scripts]
    paths = _bench.write_samples(sounds, cache, folder)
    speech_s, encoding_s, cold_s = [], [], []
    for _ in range(_bench.ROUNDS):  # in turns, because a machine's speed drifts
        shutil.rmtree(folder / "out")
        shutil.rmtree(cache.root)
        cold_s.append(_bench.build(folder / "out", cache.root, jobs, LANGUAGE, *options)[0])
        start = time.perf_counter()
        bare_piper(utterances)
        speech_s.append(time.perf_counter() - start)
        shares = [([path],) for path in paths]
        encoding_s.append(_bench.in_processes(_bench.bare_encoding, shares, jobs))
    bare_s = min(speech_s) + min(encoding_s)
    yield f"week {WEEK}, {LANGUAGE}, {voice}: {len(utterances)} utterances, {jobs} jobs"
    yield f"bare Piper, model loaded once  {min(speech_s):7.2f} s"
    yield f"bare encoding                  {min(encoding_s):7.2f} s"
    yield f"cold build                     {min(cold_s):7.2f} s = {min(cold_s) / bare_s:.2f} × bare"
