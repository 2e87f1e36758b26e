"""Every short cue of a voice is heard, drawn again where it is wrong, and kept."""

from pathlib import Path

import numpy as np
import pytest

from voicecoach.audio.signal import SAMPLE_RATE_HZ, Recording
from voicecoach.authoring import recogniser, short_cues, word_errors
from voicecoach.authoring.short_cues import Verified
from voicecoach.cache import Cache
from voicecoach.cli import tables
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.speech import engines, piper_voices, voices

pytest.importorskip("piper", reason="needs the extra voicecoach[piper]")


def tone(length_ms: int, level: float) -> Recording:
    samples = np.full(SAMPLE_RATE_HZ * length_ms // 1000, level * 32767)
    return Recording(samples=samples.astype("<i2").tobytes())


def test_a_take_has_a_plausible_length_and_energy() -> None:
    plausible = short_cues.plausible_of("piper:some-body-low")
    assert plausible.draws > 1 and plausible.fits(tone(600, 0.1))
    assert not any(map(plausible.fits, (tone(100, 0.1), tone(5000, 0.1), tone(600, 0.001))))
    assert short_cues.plausible_of("espeak:nl+m3").draws == 1


def test_the_words_of_a_language_that_nobody_recognises_are_as_they_are_written() -> None:
    assert word_errors.words_of("Lit los, 3 kear.", "fy") == ["lit", "los", "3", "kear"]


@pytest.fixture
def english(programme: Programme) -> Translation:
    return programme.translations["en"]


@pytest.fixture
def kept(piper_voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A Piper voice whose takes are kept for this test alone."""
    monkeypatch.setattr(piper_voices, "_draws_file", lambda name: tmp_path / f"{name}.json")
    return piper_voice


def test_what_is_misheard_is_drawn_again_and_the_best_take_speaks(
    kept: str, english: Translation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = iter(["Let it", "Let go", "Hole.", "Hmm.", "Hold on", "A", "B", "C"])
    monkeypatch.setattr(recogniser, "is_installed", lambda language: True)
    monkeypatch.setattr(recogniser, "heard_in", lambda samples, language: next(heard))
    let_go, hold = short_cues.verify(kept, english, ["Let go.", "Hold."])
    assert (let_go.tries, let_go.draw, let_go.is_right) == (2, 2, True)
    assert (hold.tries, hold.draw, hold.is_right) == (6, 1, False)
    assert "misheard" in tables.verified_line(hold)
    assert tables.verified_summary([let_go, hold]).startswith("1 of 2 cues right (50 %)")
    before = voices.open_speaker([kept], english, Cache(root=tmp_path), print)
    voices.keep_draws(kept, {each.text: each.draw for each in (let_go, hold)})
    after = voices.open_speaker([kept], english, Cache(root=tmp_path), print)
    [first, second] = (each.utterance("Let go.", 110) for each in (before, after))
    assert (first.draw, second.draw, after.utterance("Hold.", 110).draw) == (1, 2, 1)
    assert first.key != second.key
    takes = [next(engines.speak_all([each])).samples for each in (first, second, second)]
    assert takes[0] != takes[1] == takes[2]


def test_a_cue_without_a_plausible_take_is_left_to_the_next_voice(
    kept: str, english: Translation, tmp_path: Path
) -> None:
    lost = Verified(text="Hold.", heard=None, tries=6, draw=0, is_right=False)
    assert "left to the next voice" in tables.verified_line(lost)
    voices.keep_draws(kept, {"Hold.": 0})
    speaker = voices.open_speaker([kept], english, Cache(root=tmp_path), print)
    assert speaker.utterance("Hold.", 110).voice.spec == english.voice
    assert speaker.utterance("Let go.", 110).voice.spec == kept
