"""``ENGINE:NAME`` -> a voice that is known to be usable. Loads no engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.errors import SpeechError
from voicecoach.speech import espeak_voices
from voicecoach.speech.recording import Voice

_FINDERS = {espeak_voices.NAME: espeak_voices.find}


def find(spec: str, language: str) -> Voice:
    """The voice ``spec``, such as ``espeak:nl+f2``, for words in ``language``.

    Raises SpeechError where the engine or the voice is unknown, or speaks another language.
    """
    engine, colon, name = spec.partition(":")
    if not colon or engine not in _FINDERS or not name:
        known = ", ".join(f"{engine}:NAME" for engine in _FINDERS)
        raise SpeechError(f"unknown voice {spec!r}: write {known}; `voicecoach voices` lists them")
    return _FINDERS[engine](name, language)


def respellings(voice: Voice, pronunciation: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """How ``voice`` needs words spelt: as all voices of its engine do, or as it alone does."""
    return {**pronunciation.get(voice.engine, {}), **pronunciation.get(voice.spec, {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that can be used here."""

    voice: str
    """As the command line writes it."""
    language: str
    title: str
    note: str


def offers(languages: Sequence[str]) -> list[Offer]:
    """The voices usable here for ``languages``. Raises SpeechError where a language has none."""
    found = []
    for language in languages:
        bases = [base for base in espeak_voices.base_voices() if language in base.languages]
        if not bases:
            raise SpeechError(f"no voice speaks {language!r}; language codes look like nl or en")
        found += [
            Offer(
                voice=f"{espeak_voices.NAME}:{base.name}+{variant}",
                language=language,
                title=base.title,
                note="female, built in",
            )
            for base in bases
            for variant in espeak_voices.FEMALE_VARIANTS
        ]
    return found
