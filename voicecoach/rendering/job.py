"""What is rendered: a timed session, the bed under it, and their cache keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecoach import environment
from voicecoach.audio.signal import DAY, Preset
from voicecoach.errors import BedError
from voicecoach.messages import Message, reason
from voicecoach.script import timeline
from voicecoach.script.script import Say, Script, Tone
from voicecoach.script.timeline import Event, Timeline
from voicecoach.speech.speaker import Recorded

_SOUND_MODULES = ("audio.mix",)
_SOUND_LIBRARIES = ("numpy", "pydub", "lameenc")
_BED_MODULES = ("audio.bed", "audio.bed_loops")
_BED_LIBRARIES = ("numpy", "soundfile", "soxr")


def audio_key(
    timeline: Timeline, recording_keys: Mapping[str, str], preset: Preset, bed: str | None
) -> str:
    """The cache key of the encoded sound of ``timeline``; ``recording_keys`` are by utterance text,
    ``bed`` is the key of the loop under it."""
    events = [_event(event, recording_keys) for event in timeline.events]
    makers = environment.makers_hash(_SOUND_MODULES, _SOUND_LIBRARIES)
    return environment.key_of([makers, preset, bed, timeline.duration_ms, events])


def bed_key(origin: str) -> str:
    """The cache key of a bed's loop; ``origin`` is its name, or a hash of its file."""
    return environment.key_of([environment.makers_hash(_BED_MODULES, _BED_LIBRARIES), origin])


def _event(event: Event, recording_keys: Mapping[str, str]) -> list[object]:
    match event.sound:
        case Say(text=text):
            return [event.start_ms, event.end_ms, "speech", recording_keys[text]]
        case Tone(cue=cue, length_ms=length_ms):
            return [event.start_ms, event.end_ms, cue, length_ms]


BUILT_IN_BEDS = ("brown", "waves", "rain")


@dataclass(frozen=True, slots=True, kw_only=True)
class BedSource:
    """A sound that can be made into a loop."""

    name: str
    """One of BUILT_IN, or the path of a file."""
    key: str
    """A hash of all that shapes the loop."""

    @property
    def is_built_in(self) -> bool:
        """Whether the program synthesises the sound itself."""
        return self.name in BUILT_IN_BEDS


def find_bed(name: str) -> BedSource:
    """The bed ``name``: ``brown``, ``waves``, ``rain``, or a path. Raises BedError if missing."""
    known = ", ".join(BUILT_IN_BEDS)
    if not name:
        raise BedError(Message("errors.no_bed_named", known=known))
    if name in BUILT_IN_BEDS:
        return BedSource(name=name, key=bed_key(name))
    try:
        with Path(name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BedError(
            Message("errors.bed_cannot_be_read", name=name, reason=reason(error), known=known)
        ) from error
    return BedSource(name=name, key=bed_key(digest))


def name_of(bed: BedSource | None) -> str:
    """A name of ``bed`` that does not tell where its file is: its own if it is built in, else its
    key; empty without one."""
    if bed is None:
        return ""
    return bed.name if bed.is_built_in else bed.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The sound settings of all sessions of a build."""

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
    """Times ``script`` with the lengths of its recordings, by utterance text."""
    laid_out = timeline.lay_out(script, lambda text: recorded[text].length_ms)
    spoken = [event.sound.text for event in laid_out.events if isinstance(event.sound, Say)]
    keys = {text: recorded[text].key for text in script.texts}
    bed_key = setting.bed.key if setting.bed is not None else None
    return Sound(
        timeline=laid_out,
        recording_keys=keys,
        voices=tuple(dict.fromkeys(recorded[text].voice for text in spoken)),
        setting=setting,
        key=audio_key(laid_out, keys, setting.preset, bed_key),
    )
