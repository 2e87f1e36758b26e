"""What `scripts/recognise` does: the same English, or Dutch, words from clean synthesis and from
finished MP3s."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ
from voicecoach.authoring import listening, recogniser, word_errors
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
MOST_WRONG = {"nl": 0.75, "en": 0.15}
"""The recogniser is weak in Dutch; its figure is for comparing voices."""
MOST_WORSE = 0.02
_DECODER_DELAY_MS = 50
_MARGIN_MS = 40


def clean(speaker: Speaker, text: str, rate_wpm: int) -> Samples:
    """An utterance as the engine speaks it."""
    utterance = speaker.utterance(text, rate_wpm)
    recording = next(engines.speak_all([utterance]))
    return np.frombuffer(recording.samples, "<i2").astype(np.float32) / 32768


def finished(
    folder: Path, speaker: Speaker, guidance: Guidance | None, language: str
) -> Iterator[tuple[str, int, Samples]]:
    """Each distinct utterance of weeks 1 to 6: text, rate, and how it sounds in an MP3."""
    programme = context.open_programme(None)
    words = programme.translations[language]
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


def compared(language: str, voice: str | None, guidance: Guidance | None, half: str | None) -> bool:
    """Prints what is heard of a voice in ``language``, perhaps in one ``half`` of its utterances;
    whether it is as clear as it has to be."""
    words = context.open_programme(None).translations[language]
    with tempfile.TemporaryDirectory() as name:
        voices, cache = (voice or words.voice,), Cache(root=Path(name) / "cache")
        speaker = context.open_speaker(words, voices, TerminalReporter().note, cache)
        parts = [
            part
            for part in finished(Path(name), speaker, guidance, language)
            if half is None or word_errors.is_held_out(part[0]) == (half == "judge")
        ]
        before = [clean(speaker, text, rate_wpm) for text, rate_wpm, _ in parts]
    texts = [text for text, _, _ in parts]
    in_mp3s = [part for _, _, part in parts]
    of_clean = list(zip(texts, recogniser.heard_in_all(before, language), strict=True))
    of_mp3 = list(zip(texts, recogniser.heard_in_all(in_mp3s, language), strict=True))
    in_clean, in_mp3 = (word_errors.rate(each, language) for each in (of_clean, of_mp3))
    most_wrong = MOST_WRONG[language]
    print(f"{speaker.voice.spec}: {len(texts)} utterances; wrong words of three and more said")
    print(f"{'clean synthesis':<44}{in_clean:9.1%}")
    print(f"{f'finished MP3s (at most {most_wrong:.0%})':<44}{in_mp3:9.1%}")
    print(f"{'worse by (at most 2 points)':<44}{100 * (in_mp3 - in_clean):9.1f}")
    wrong = Counter(change for pair in of_mp3 for change in word_errors.changes(*pair, language))
    print(
        "most often: " + ", ".join(f"{a or '-'}/{b or '-'}" for (a, b), _ in wrong.most_common(12))
    )
    for said, heard in of_mp3:
        changes = word_errors.changes(said, heard, language)
        if len(changes) > len(word_errors.words_of(said, language)) / 3:
            print(f"  {said}  >  {heard}")
    return in_mp3 <= most_wrong and in_mp3 - in_clean <= MOST_WORSE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=[*MOST_WRONG, "all"], default="en")
    parser.add_argument(
        "--voice",
        action="append",
        help="such as espeak:en+f3, and more to compare; normally the programme's own",
    )
    parser.add_argument(
        "--half",
        choices=["tune", "judge"],
        help="only the utterances to tune a voice on, or those to judge it on, fixed by hash",
    )
    parser.add_argument("--guidance", type=Guidance, choices=list(Guidance))
    asked = parser.parse_args()
    languages = [*MOST_WRONG] if asked.language == "all" else [asked.language]
    if asked.voice and len(languages) > 1:
        parser.error("--voice needs one --language")
    clear = [
        compared(language, voice, asked.guidance, asked.half)
        for language in languages
        for voice in asked.voice or [None]
    ]
    sys.exit(not all(clear))


if __name__ == "__main__":
    main()
