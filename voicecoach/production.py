"""What packs are made from, and how they are to sound."""

from dataclasses import dataclass

from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.greeting import Greeting
from voicecoach.rendering.job import PLAIN_DAY, Setting
from voicecoach.speech.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """A programme in a language, who speaks it and how, and who is greeted."""

    programme: Programme
    words: Translation
    speaker: Speaker
    setting: Setting = PLAIN_DAY
    greeting: Greeting | None = None
