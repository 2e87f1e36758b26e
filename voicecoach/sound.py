"""A planned session whose words are recorded -> its timeline and the key of its sound."""

from dataclasses import dataclass

from voicecoach import recipe, script, timeline
from voicecoach.plan import PlannedSession
from voicecoach.programme import Translation
from voicecoach.speech.speaker import Speaker
from voicecoach.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A session that is ready to be rendered."""

    timeline: Timeline
    recording_keys: dict[str, str]
    """The key of the recording of each utterance, by text."""
    key: str
    """The key of the encoded sound."""


def prepare(session: PlannedSession, words: Translation, speaker: Speaker) -> Sound:
    """Lays ``session`` out with the lengths of its recordings; all of them must be there.

    Raises SpeechError where one is missing.
    """
    written = script.write(session, words)
    laid_out = timeline.lay_out(written, speaker.length_ms)
    keys = {text: speaker.utterance(text).key for text in written.texts}
    return Sound(timeline=laid_out, recording_keys=keys, key=recipe.audio_key(laid_out, keys))
