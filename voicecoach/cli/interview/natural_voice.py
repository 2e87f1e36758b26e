"""Offers a natural voice once, keeps the answer, and installs the voice if she wants it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach import environment, messages
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.messages import Words
from voicecoach.profile import client
from voicecoach.profile.profile import Profile

if TYPE_CHECKING:
    from voicecoach.speech.piper.install import Reporter
    from voicecoach.speech.piper_voices import CataloguedVoice

SCRIPT = "VOICECOACH_SCRIPT"
"""The variable with the path of the script that started the program, if one did: it also installs
what natural voices speak with."""
_SOUNDS = (".mp3", ".wav", ".ogg", ".flac")


def ask(folder: Path, profile: Profile, words: Words, source: Path | None) -> bool | None:
    """Whether she wants the recommended voice of her language. Asks where she was not asked before,
    and keeps the answer in the profile of ``folder``; ``None`` where there is nothing to offer.

    Enter is no: what has to be fetched, she has to want. Raises StorageError.
    """
    if profile.natural_voice is not None:
        return profile.natural_voice
    voice = offered(profile)
    if voice is None:
        return None
    say(f"\n{about(voice, words, source)}")
    try:
        reply = Asker(words).yes_no(words("natural_voice.question"), words("natural_voice.enter"))
    except click.Abort:
        return None  # what the plan needs is written; the next interview asks again
    wants = reply is Reply.YES

    def changed(before: Profile) -> Profile:
        return replace(before, natural_voice=wants)

    client.change(folder, environment.today(), changed, ["natural_voice"])
    say(words("natural_voice.yes") if wants else words("natural_voice.no", spec=_spec(voice)))
    return wants


def offered(profile: Profile) -> "CataloguedVoice | None":
    """The voice to offer: the recommended one of her language, unless she has it or chose
    another."""
    if profile.voices:
        return None
    from voicecoach.speech import piper_voices

    voice = piper_voices.recommended(profile.language)
    return None if voice is None or piper_voices.is_there(voice.name) else voice


def question(profile: Profile) -> str:
    """What she should know of the voice that is offered, in her language; empty where there is
    none, or where she has answered."""
    voice = None if profile.natural_voice is not None else offered(profile)
    return "" if voice is None else about(voice, messages.words(profile.language))


def install(
    voice: "CataloguedVoice", words: Words, source: Path | None, reporter: "Reporter | None" = None
) -> None:
    """Installs ``voice`` from ``source``, or from the internet.

    Raises SpeechError, Exit if the script that does it fails.
    """
    from voicecoach.errors import SpeechError
    from voicecoach.speech import piper_voices, voices

    spec, script = _spec(voice), os.environ.get(SCRIPT)
    try:
        piper_voices.check_ready()
    except SpeechError:
        if script is None:
            raise
        command = [sys.executable, "-I", script, "voices", "install", spec]
        code = subprocess.call([*command, *(["--from", str(source)] if source else [])])
        if code:
            raise click.exceptions.Exit(code) from None
    else:
        voices.install(spec, source, reporter or TerminalReporter(words))


def is_here(voice: "CataloguedVoice", words: Words) -> str:
    """What to say once ``voice`` is installed."""
    return words("natural_voice.here", who=_who(voice, words))


def about(voice: "CataloguedVoice", words: Words, source: Path | None = None) -> str:
    """What she should know of ``voice`` before she says whether she wants it."""
    parts = [
        words(
            "natural_voice.offer",
            who=_who(voice, words),
            megabytes=round(voice.size_bytes / 1e6),
            licence=voice.licence,
        ),
        *([] if voice.is_heard else [words("natural_voice.unheard")]),
        words("natural_voice.at_hand", folder=source) if source else words("natural_voice.online"),
    ]
    sample = words("natural_voice.sample", sample=_sample(voice, source))
    return f"{' '.join(parts)}\n{sample}"


def _who(voice: "CataloguedVoice", words: Words) -> str:
    key = f"natural_voice.who.{voice.language_code.partition('_')[0]}"
    return words(key) if key in words else voice.title


def _sample(voice: "CataloguedVoice", source: Path | None) -> str:
    """Where she can hear the voice first: a sound beside its files, else at the source."""
    from voicecoach.speech.piper.install import sample_url

    sounds = sorted(p for p in source.rglob("*") if p.suffix in _SOUNDS) if source else []
    return str(sounds[0]) if sounds else sample_url(voice.name)


def hint(profile: Profile | None, language: str, words: Words, *, is_first: bool) -> str | None:
    """What to say after a build that a robot spoke: how to get a natural voice, after the first one
    or where she wants it; ``None`` where nothing is to be said."""
    from voicecoach.speech import piper_voices

    voice = piper_voices.recommended(language)
    wants = None if profile is None else profile.natural_voice
    if voice is None or wants is False or not (is_first or wants):
        return None
    key = "natural_voice.still_missing" if wants else "natural_voice.hint"
    return words(key, spec=_spec(voice), megabytes=round(voice.size_bytes / 1e6))


def _spec(voice: "CataloguedVoice") -> str:
    return f"piper:{voice.name}"
