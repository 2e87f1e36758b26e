"""A voice speaks every short cue of a programme; what is implausible or misheard is drawn again.

Neural voices garble utterances of one or two words now and then, and each take is another one.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from voicecoach.audio.signal import Recording, length_ms
from voicecoach.authoring import prompts, recogniser, word_errors
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.errors import SpeechError
from voicecoach.speech import engines, voices
from voicecoach.speech.speaker import SpeakingVoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausible:
    """What a take of a short cue by some voice may be like."""

    draws: int
    """How many takes to try; 1 for a voice whose takes are all alike."""
    least_ms: int
    most_ms: int
    least_dbfs: float
    """Its energy, as the root mean square of its samples."""

    def fits(self, recording: Recording) -> bool:
        """Whether ``recording`` may be a cue."""
        samples = np.frombuffer(recording.samples, "<i2") / 32768
        level_dbfs = 10 * np.log10(np.mean(samples**2) + 1e-12)
        lasts_ms = length_ms(len(samples))
        return self.least_ms <= lasts_ms <= self.most_ms and level_dbfs >= self.least_dbfs


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What became of a cue."""

    text: str
    heard: str | None
    """In the take that was chosen; ``None`` if no recogniser listened or no take is plausible."""
    tries: int
    draw: int
    """The take that was chosen; 0 if the next voice has to say the cue."""
    is_right: bool
    """Whether every word was heard, or, without a recogniser, whether the take is plausible."""


def cues(programme: Programme, words: Translation, weeks: Iterable[int]) -> list[str]:
    """The utterances of one or two words of ``weeks``, for any client."""
    texts = [prompt.text for prompt in prompts.of_weeks(programme, words, weeks)]
    few = word_errors.LEAST_WORDS
    return [text for text in texts if len(word_errors.words_of(text, words.language)) < few]


def verify(spec: str, words: Translation, texts: Iterable[str]) -> Iterator[Verified]:
    """Has the voice ``spec`` speak each of ``texts``. Raises SpeechError."""
    found = voices.find(spec, words.language)
    voice = SpeakingVoice(voice=found, respellings=voices.respellings(found, words.pronunciation))
    plausible = plausible_of(spec)
    for text in texts:
        yield _verified(voice, text, words, plausible)


def _verified(
    voice: SpeakingVoice, text: str, words: Translation, plausible: Plausible
) -> Verified:
    utterance = voice.utterance(text, words.rate_wpm[Guidance.FULL])
    assert utterance is not None  # it has no recordings and no takes yet
    best: tuple[int, int, str | None] | None = None
    for draw in range(1, plausible.draws + 1):
        try:
            [take] = engines.speak_all([replace(utterance, draw=draw)])
        except SpeechError:
            continue  # its length cannot be that of its text
        if not plausible.fits(take):
            continue
        wrong, heard = _heard(take, text, words.language)
        if best is None or wrong < best[0]:
            best = wrong, draw, heard
        if not wrong:
            break
    if best is None:
        return Verified(text=text, heard=None, tries=plausible.draws, draw=0, is_right=False)
    wrong, chosen, heard = best
    return Verified(text=text, heard=heard, tries=draw, draw=chosen, is_right=not wrong)


def _heard(take: Recording, text: str, language: str) -> tuple[int, str | None]:
    """How many words are heard wrongly, and what is heard, if anybody listens."""
    if not recogniser.is_installed(language):
        return 0, None
    samples = np.frombuffer(take.samples, "<i2").astype(np.float32) / np.float32(32768)
    heard = recogniser.heard_in(samples, language)
    return len(word_errors.changes(text, heard, language)), heard


def plausible_of(spec: str) -> Plausible:
    """What ``speech/short_cues.csv`` says of the voice ``spec``, else of its engine."""
    path = Path(engines.__file__).parent / "short_cues.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["voice"]: row for row in csv.DictReader(file)}
    row = rows.get(spec) or rows[f"{spec.partition(':')[0]}:*"]
    numbers = {key: int(row[key]) for key in ("draws", "least_ms", "most_ms")}
    return Plausible(**numbers, least_dbfs=float(row["least_dbfs"]))
