"""A script whose words are recorded -> its timeline and the key of its sound."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach import recipe
from voicecoach.audio.signal import DAY, Preset
from voicecoach.bed_source import BedSource
from voicecoach.script import timeline
from voicecoach.script.script import Say, Script
from voicecoach.script.timeline import Timeline
from voicecoach.speech.speaker import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all sessions of a build have in common in their sound."""

    preset: Preset = DAY
    bed: BedSource | None = None


PLAIN_DAY = Setting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A session that is ready to be rendered."""

    timeline: Timeline
    recording_keys: dict[str, str]
    """The key of the recording of each utterance, by text."""
    voices: tuple[str, ...]
    """Who speaks in it, the first to speak first."""
    setting: Setting
    key: str
    """The key of the encoded sound."""


def prepare(script: Script, recorded: Mapping[str, Recorded], setting: Setting) -> Sound:
    """Lays ``script`` out with the lengths of its recordings."""
    laid_out = timeline.lay_out(script, lambda text: recorded[text].length_ms)
    spoken = [event.sound.text for event in laid_out.events if isinstance(event.sound, Say)]
    keys = {text: recorded[text].key for text in script.texts}
    bed_key = setting.bed.key if setting.bed is not None else None
    return Sound(
        timeline=laid_out,
        recording_keys=keys,
        voices=tuple(dict.fromkeys(recorded[text].voice for text in spoken)),
        setting=setting,
        key=recipe.audio_key(laid_out, keys, setting.preset, bed_key),
    )
