"""``ENGINE:NAME`` -> a usable voice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from voicecoach import messages
from voicecoach.cache import Cache
from voicecoach.content.translation import Translation
from voicecoach.errors import ContentError, SpeechError
from voicecoach.messages import Message
from voicecoach.speech.speaker import Offer, Speaker, SpeakingVoice, Utterance, Voice

if TYPE_CHECKING:
    from voicecoach.speech.piper.install import Reporter
    from voicecoach.speech.piper.installed import InstalledVoice

_RECORDED, _INSTALLED = "recorded", "piper"
_ENGINES = ("espeak", _INSTALLED, "system", _RECORDED)
"""Each has a module NAME_voices beside this one, imported only if needed."""

Pronunciation = Mapping[str, Mapping[str, str]]
"""Spellings of words by engine or voice."""
Tell = Callable[[str], None]
"""Receives warnings about voices that are unusable or incomplete."""


def find(spec: str, language: str) -> Voice:
    """The voice ``spec`` for words in ``language``; not a recorded one.

    >>> find("espeak:nl+f2", "nl").name
    'nl+f2'

    Raises SpeechError if the engine or the voice is unknown, or speaks another language.
    """
    engine, name = _parts(spec)
    if engine == _RECORDED:
        raise SpeechError(Message("errors.voice_is_recordings", spec=spec))
    voice: Voice = _voices_of(engine).find(name, language)
    return voice


def usual(words: Translation) -> tuple[str, ...]:
    """The voices of ``words`` that are tried where nobody chose any: the recommended natural one if
    it is installed, then the one named in ``words``. A voice of an author's own comes first."""
    from voicecoach.speech import piper_voices

    natural = piper_voices.recommended(words.language)
    is_built_in = words.voice.startswith("espeak:")
    if natural is None or not is_built_in or not piper_voices.is_there(natural.name):
        return (words.voice,)
    return (f"{_INSTALLED}:{natural.name}", words.voice)


def open_speaker(specs: Sequence[str], words: Translation, cache: Cache, tell: Tell) -> Speaker:
    """The speaker of ``words``: the first usable voice of ``specs``. If that is a folder of
    recordings, texts that it lacks are spoken by the next usable one, else by the fallback named in
    the folder, else by the voice named in ``words``.

    ``tell`` receives what is unusable or incomplete. Raises SpeechError if no voice is usable,
    ContentError if the only one has a faulty voice.yaml.
    """
    opened: list[SpeakingVoice] = []
    faults: list[tuple[int, SpeechError | ContentError]] = []
    waiting, tried = list(specs), list[str]()
    while waiting and not (opened and opened[-1].speaks_any_text):
        tried.append(waiting.pop(0))
        try:
            voice, fallback = _open(tried[-1], words, cache, tell)
        except (SpeechError, ContentError) as error:
            faults.append((len(opened), error))
        else:
            opened.append(voice)
            waiting += [fallback] if fallback else []
        if opened and not waiting and not opened[-1].speaks_any_text and words.voice not in tried:
            waiting.append(words.voice)
    if not opened:
        if len(faults) == 1:
            raise faults[0][1]
        raise SpeechError(messages.lines([error.message for _, error in faults]))
    for place, fault in faults:
        instead = opened[min(place, len(opened) - 1)].voice.spec
        tell(Message("errors.voice_instead", fault=fault.message, instead=instead))
    return Speaker(voices=tuple(opened), cache=cache)


def offers(languages: Sequence[str], tell: Tell) -> list[Offer]:
    """The voices for ``languages``, installed or not; ``tell`` receives what is wrong with any.

    Raises SpeechError if a language has none.
    """
    from voicecoach.speech.piper import installed

    for problem in installed.installed()[1]:
        tell(problem)
    found = []
    for language in languages:
        here: list[Offer] = []
        for engine in _ENGINES:
            try:
                here += [] if engine == _RECORDED else _voices_of(engine).offers(language)
            except SpeechError as error:
                tell(error.message)
        if not here:
            raise SpeechError(Message("errors.no_voice_speaks", language=language))
        found += here
    return found


def install(spec: str, source: Path | None, reporter: "Reporter") -> "InstalledVoice":
    """Installs the Piper voice ``spec`` from the folder ``source``, or from the internet.

    Raises SpeechError if that fails, or if ``spec`` is not a voice that can be installed.
    """
    engine, name = _parts(spec)
    if engine != _INSTALLED:
        raise SpeechError(f"{spec}: is used as it is; only {_INSTALLED}: voices are installed")
    _voices_of(engine).check_ready()
    from voicecoach.speech import engines  # slow to import, and rarely needed
    from voicecoach.speech.piper import install as here

    found = here.install(name, reporter) if source is None else here.install_from(name, source)
    speaking = engines.start(engine)
    try:
        engines.speak(speaking, _first_words(name, found))
    except SpeechError as error:
        here.remove(found)
        raise SpeechError(f"{spec}: cannot speak, so it was not installed: {error}") from error
    finally:
        speaking.stop()
    return replace(found, licence=_voices_of(engine).licence(name))


def _first_words(name: str, found: "InstalledVoice") -> Utterance:
    language = found.language_code.partition("_")[0]
    return Utterance(text="1, 2, 3.", voice=find(f"{_INSTALLED}:{name}", language), rate_wpm=150)


def keep_draws(spec: str, chosen: Mapping[str, int]) -> None:
    """Keeps the takes ``chosen``, by text, for the voice ``spec`` if its takes differ. Raises
    StorageError."""
    engine, name = _parts(spec)
    if engine == _INSTALLED:
        _voices_of(engine).keep_draws(name, chosen)


def respellings(voice: Voice, pronunciation: Pronunciation) -> dict[str, str]:
    """Spellings for ``voice``: those of its engine, overridden by its own."""
    return {**pronunciation.get(voice.engine, {}), **pronunciation.get(voice.spec, {})}


def _open(
    spec: str, words: Translation, cache: Cache, tell: Tell
) -> tuple[SpeakingVoice, str | None]:
    """The voice ``spec`` and its fallback, if it names one."""
    engine, name = _parts(spec)
    if engine != _RECORDED:
        voice = find(spec, words.language)
        spelt = respellings(voice, words.pronunciation)
        draws = _voices_of(engine).draws(name) if engine == _INSTALLED else {}
        return SpeakingVoice(voice=voice, respellings=spelt, draws=draws), None
    from voicecoach.speech import recorded_voices

    folder = recorded_voices.open_folder(Path(name).expanduser(), words.language, cache)
    for remark in folder.remarks:
        tell(remark)
    return SpeakingVoice(voice=folder.voice, respellings={}, files=folder.files), folder.fallback


def name_of(spec: str) -> str:
    """``spec`` without where its recordings are: what a pack may say of it, and equal to it for any
    other voice."""
    engine, _, place = spec.partition(":")
    return f"{engine}:{Path(place).expanduser().resolve().name}" if engine == _RECORDED else spec


def _voices_of(engine: str) -> ModuleType:
    return import_module(f"{__package__}.{engine}_voices")


def _parts(spec: str) -> tuple[str, str]:
    engine, colon, name = spec.partition(":")
    if not colon or engine not in _ENGINES or not name:
        raise SpeechError(Message("errors.unknown_voice", spec=spec))
    return engine, name
