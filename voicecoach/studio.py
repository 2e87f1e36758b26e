"""Opens what commands work with: a programme, its words in a language, a voice that speaks them."""

from pathlib import Path

from voicecoach import check, content, script, scriptwriter, sound, store, timeline, wording
from voicecoach.check import Remark
from voicecoach.errors import NotInProgrammeError
from voicecoach.plan import PlannedSession
from voicecoach.programme import Programme, Translation
from voicecoach.speech import voices
from voicecoach.speech.speaker import Speaker
from voicecoach.timeline import Timeline
from voicecoach.workshop import Workshop


def open_programme(folder: Path | None) -> Programme:
    """The programme in ``folder``, or the built-in one. Raises ContentError, StorageError."""
    return content.read(content.built_in() if folder is None else folder)


def open_words(programme: Programme, language: str) -> Translation:
    """The words in ``language``. Raises NotInProgrammeError where there are none."""
    if language not in programme.translations:
        known = ", ".join(programme.translations)
        raise NotInProgrammeError(f"no language {language!r} in this programme; there are: {known}")
    return programme.translations[language]


def open_speaker(words: Translation, voice: str | None) -> Speaker:
    """Whoever speaks ``words``: ``voice``, or the one the words name. Raises SpeechError."""
    return Speaker(
        voice=voices.find(voice or words.voice, words.language),
        rate_wpm=words.rate_wpm,
        cache=store.user_cache(),
    )


def timed_script(
    session: PlannedSession, words: Translation, speaker: Speaker, workshop: Workshop
) -> Timeline:
    """The timeline of ``session`` as a build renders it; speaks what is not recorded yet."""
    written = scriptwriter.write(session, words)
    workshop.record(written.texts, speaker)
    return sound.prepare(written, speaker.recorded(written.texts)).timeline


def estimate_ms(session: PlannedSession, words: Translation) -> int:
    """About how long ``session`` takes, without speaking it."""
    return timeline.lay_out(
        scriptwriter.write(session, words), lambda text: wording.estimate_ms(text, words.rate_wpm)
    ).duration_ms


def remarks(programme: Programme, speakers: dict[str, Speaker], workshop: Workshop) -> list[Remark]:
    """All that `check` has to say; ``speakers`` by language, whose words are timed."""
    found = [*check.doses(programme), *check.unused(programme)]
    for language, speaker in speakers.items():
        words = programme.translations[language]
        scripts = [
            scriptwriter.write(session, words) for session in check.distinct_sessions(programme)
        ]
        texts = script.all_texts(scripts)
        workshop.record(texts, speaker)
        recorded = speaker.recorded(texts)
        found += check.fit(
            programme, words, {t: r.length_ms for t, r in recorded.items()}.__getitem__
        )
    return found
