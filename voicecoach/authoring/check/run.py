"""Programme -> remarks on problems that its reader cannot reject."""

from collections.abc import Iterable, Mapping

from voicecoach.authoring.check.doses import doses
from voicecoach.authoring.check.fit import distinct_sessions, fit, recording_remarks
from voicecoach.authoring.check.remark import Remark
from voicecoach.authoring.check.words import (
    folder_remarks,
    long_hold_remarks,
    sentence_remarks,
    unsayable_remarks,
    unused,
)
from voicecoach.content.programme import Programme
from voicecoach.rendering.job import PLAIN_DAY
from voicecoach.rendering.renderer import Renderer
from voicecoach.script import writer
from voicecoach.speech.speaker import Speaker

__all__ = ["Remark", "distinct_sessions", "doses", "fit", "remarks", "unused"]


def remarks(programme: Programme, languages: Iterable[str]) -> list[Remark]:
    """Remarks on doses, sources, and the words in ``languages``; not on whether words fit, which
    takes a voice."""
    planned = distinct_sessions(programme)
    found = [*doses(programme), *unused(programme), *folder_remarks(programme.translations)]
    for language in languages:
        words = programme.translations[language]
        found += unsayable_remarks(words)
        found += sentence_remarks(programme, words)
        found += long_hold_remarks(words, planned)
    return found


def check(
    programme: Programme, speakers: Mapping[str, Speaker], renderer: Renderer
) -> list[Remark]:
    """All remarks on ``programme``; ``speakers``, by language, time its words.

    Raises SpeechError, StorageError, RenderError.
    """
    found = remarks(programme, speakers)
    planned = distinct_sessions(programme)
    for language, speaker in speakers.items():
        words = programme.translations[language]
        scripts = [writer.write(session, words) for session in planned]
        sounds = renderer.timed(scripts, speaker, PLAIN_DAY)
        if not speaker.voices[0].speaks_any_text:
            takes = list(recording_remarks(speaker.voices[0], scripts))
            found += takes
            if takes:
                continue  # displaced by a recording that was already reported
        timelines = [sound.timeline for sound in sounds]
        found += fit(planned, words, dict(zip(planned, timelines, strict=True)))
    return found
