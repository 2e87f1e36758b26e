"""A voice -> a track in which it says a few cues, so that voices can be chosen by ear."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from voicecoach.cache import user_cache
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.errors import ContentError, SpeechError
from voicecoach.files import write_whole
from voicecoach.pack import tags
from voicecoach.pack.views import Cover, TrackTags
from voicecoach.planning import plan
from voicecoach.rendering.job import PLAIN_DAY
from voicecoach.rendering.renderer import Renderer
from voicecoach.script import curves, writer
from voicecoach.script.script import Chapter, Pause, Say, Script, SpeechCue
from voicecoach.speech import voices
from voicecoach.speech.speaker import Speaker

CUES = 10
_SENTENCES = 2
"""The number of cues that are whole sentences; the others are spoken during the exercise."""
_PAUSE_MS = 900


def cues(programme: Programme, words: Translation) -> tuple[Say, ...]:
    """The cues that every voice says, ten at most, from the first session with contractions, else
    from the first session. One count represents all counts."""
    exercises = programme.exercises
    session = max(programme.sessions, key=lambda each: each.asks_for_contractions(exercises))
    planned = plan.plan_session(programme, session.id, session.first_day, Guidance.FULL)
    by_text = {say.text: say for say in writer.write(planned, words).says}
    sentences = [say for say in by_text.values() if say.cue is SpeechCue.SAY]
    counts = [say for say in by_text.values() if say.cue is SpeechCue.COUNT]
    others = [say for say in by_text.values() if say not in sentences and say not in counts[1:]]
    chosen = [*sentences[:_SENTENCES], *others, *sentences[_SENTENCES:]]
    return tuple(chosen[:CUES])


def voices_to_hear(words: Translation, tell: voices.Tell) -> list[str]:
    """The voices to choose from: all usable ones, but of eSpeak's accents only that of ``words``.
    ``tell`` receives what is wrong with any."""
    accent, plus, _ = words.voice.partition("+")
    return [
        offer.voice
        for offer in voices.offers([words.language], tell)
        if offer.is_installed
        and (not offer.voice.startswith("espeak:") or offer.voice.startswith(accent + plus))
    ]


def write_all(
    programme: Programme,
    words: Translation,
    specs: Sequence[str],
    out: Path,
    renderer: Renderer,
    tell: voices.Tell,
) -> Iterator[Path]:
    """Writes a track for each usable voice of ``specs``, and yields its path; ``tell`` receives
    what is wrong with the others."""
    taken: set[Path] = set()
    for spec in specs:
        try:
            speaker = voices.open_speaker([spec], words, user_cache(), tell)
            path = out / f"{words.language}-{_slug(speaker.voice.spec)}.mp3"
            while path in taken:  # two recorded folders may have the same name
                path = path.with_stem(f"{path.stem}-again")
            write(programme, words, speaker, path, renderer)
            taken.add(path)
            yield path
        except (SpeechError, ContentError) as error:
            tell(str(error))


def write(
    programme: Programme, words: Translation, speaker: Speaker, path: Path, renderer: Renderer
) -> None:
    """Writes the cues, spoken by ``speaker``, to the MP3 ``path``.

    Raises SpeechError, RenderError, StorageError.
    """
    spec = speaker.voice.spec
    says = cues(programme, words)
    script = _script(says, spec, words)
    [sound] = renderer.produce([script], speaker, PLAIN_DAY)
    shown = TrackTags(
        title=spec,
        album=words.title,
        artist=words.artist,
        number=1,
        total=1,
        week=0,
        language_tag=words.language_tag,
        year=programme.edition,
        lyrics="\n".join(say.text for say in says),
        source_label=words.labels.source,
        source=spec,
        chapters=sound.timeline.chapters,
    )
    cover = Cover(
        week=None,
        week_label=words.language,
        title=words.title,
        phase_number=0,
        figure=curves.figure(None),
    )
    picture = tags.draw_cover(cover, tags.EMBEDDED_PX)
    write_whole(path, tags.render(shown, picture) + renderer.encoded(sound, speaker.cache))


def _script(says: tuple[Say, ...], title: str, words: Translation) -> Script:
    pause = Pause(length_ms=_PAUSE_MS)
    return Script(
        session="audition",
        title=title,
        guidance=Guidance.FULL,
        rate_wpm=words.rate_wpm[Guidance.FULL],
        blocks=(),
        items=(Chapter(title=title), pause, *(item for say in says for item in (say, pause))),
    )


def _slug(spec: str) -> str:
    """``spec`` as a file name that is valid on every system."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", spec).strip("-")
