"""A client's name -> a track that greets her, so that no other track holds anything personal.

Its recordings stay in the client's folder, outside the cache that all packs share.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from voicecoach import letters, messages
from voicecoach.cache import Cache
from voicecoach.content.translation import Guidance, Translation
from voicecoach.errors import SpeechError
from voicecoach.letters import name_fault
from voicecoach.messages import Message, Words
from voicecoach.pack.layout import PlannedPack, PlannedTrack
from voicecoach.planning.planned import PlannedSession
from voicecoach.profile import client
from voicecoach.rendering.job import Setting, Sound
from voicecoach.rendering.renderer import Renderer
from voicecoach.script.script import (
    Chapter,
    Item,
    Pause,
    Say,
    Script,
    ScriptBlock,
    SpeechCue,
    Where,
)
from voicecoach.speech.speaker import Speaker, respelt

OWN_FOLDER = ".voicecoach"
"""The folder, beside a client's packs, of what is personal."""
SESSION = PlannedSession(id="greeting", guidance=Guidance.FULL, parts=())
_BEFORE_MS, _BETWEEN_MS, _AFTER_MS = 500, 500, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """The rendered greeting, with its speaker and its cache."""

    sound: Sound
    own: Cache
    """The cache in OWN_FOLDER, which only this client's packs use."""


def make(
    name: str | None,
    words: Translation,
    speaker: Speaker,
    setting: Setting,
    folder: Path,
    renderer: Renderer,
) -> Greeting | None:
    """The greeting of ``name``, rendered into the client's ``folder``; ``None`` if there is no
    name, no greeting in this language, or no voice that says any text.

    Raises SpeechError, StorageError, RenderError, without the name.
    """
    own_words = messages.words(words.language)
    has_words = own_words.language == words.language
    if name is None or not has_words or not speaker.voices[-1].speaks_any_text:
        return None
    fault = name_fault(name, own_words("script"))
    if fault is not None:
        raise SpeechError(Message("errors.name_in_file", file=client.FILE, fault=fault))
    own = Cache(root=folder / OWN_FOLDER)
    voice = speaker.voices[-1]
    said = respelt(letters.spoken_name(name), voice.respellings)
    respellings = voice.respellings if said == name else {**voice.respellings, name: said}
    hers = Speaker(voices=(replace(voice, respellings=respellings),), cache=own)
    written = _script(name, own_words, words.rate_wpm[Guidance.FULL])
    try:
        [sound] = renderer.produce([written], hers, replace(setting, bed=None))
    except SpeechError:
        raise SpeechError(Message("errors.name_unspoken")) from None
    return Greeting(sound=sound, own=own)


def with_greeting(pack: PlannedPack, greeting: Greeting | None) -> PlannedPack:
    """``pack`` with the greeting first in the week's playlist and in that of its first day."""
    if greeting is None:
        return pack
    first_day = min(each.day for each in pack.playlists if each.day is not None)
    track = PlannedTrack(
        file=f"w{pack.week:02d}-00-0-greeting.mp3",
        title=greeting.sound.timeline.title,
        session=SESSION,
        days=(first_day,),
    )
    return replace(
        pack,
        tracks=(track, *pack.tracks),
        playlists=tuple(
            replace(each, files=(track.file, *each.files))
            if each.day in (None, first_day)
            else each
            for each in pack.playlists
        ),
    )


def _script(name: str, words: Words, rate_wpm: int) -> Script:
    where = Where(block=0)
    items: tuple[Item, ...] = (
        Pause(length_ms=_BEFORE_MS),
        Chapter(title=words("greeting.title")),
        Say(text=words("greeting.greeting", name=name), cue=SpeechCue.SAY, where=where),
        Pause(length_ms=_BETWEEN_MS),
        Say(text=words("greeting.welcome"), cue=SpeechCue.SAY, where=where),
        Pause(length_ms=_AFTER_MS),
    )
    return Script(
        session=SESSION.id,
        title=words("greeting.title"),
        guidance=SESSION.guidance,
        rate_wpm=rate_wpm,
        blocks=(ScriptBlock(exercise=SESSION.id, dose=None),),
        items=items,
    )
