"""Programme -> remarks: what its reader cannot refuse, but should not be so."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from voicecoach import locale_file, messages
from voicecoach.authoring import prompts
from voicecoach.authoring.cases import Remark, who_hear_different_words
from voicecoach.authoring.check_doses import doses, same_titles
from voicecoach.authoring.check_numbers import number_remarks, quote_remarks
from voicecoach.authoring.check_words import (
    long_hold_remarks,
    sentence_remarks,
    spoken_texts,
    unsayable_remarks,
    unused,
)
from voicecoach.content.exercise import Prescription
from voicecoach.content.programme import Programme
from voicecoach.content.questions import GATES
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning.plan import all_weeks, plan_weeks
from voicecoach.planning.planned import PlannedSession
from voicecoach.rendering.job import PLAIN_DAY
from voicecoach.rendering.renderer import Renderer
from voicecoach.script import writer
from voicecoach.script.script import Script, SpeechCue
from voicecoach.script.timeline import Timeline
from voicecoach.speech.recorded_folder import stem_of
from voicecoach.speech.speaker import Speaker, SpeakingVoice

_MOST_LACKING = 10


def distinct_sessions(programme: Programme) -> dict[PlannedSession, int]:
    """Every distinct session, dose and guidance of any client, with the first day on which it
    occurs."""
    weeks = all_weeks(programme)
    sessions: dict[PlannedSession, int] = {}
    for case in who_hear_different_words(programme):
        for plan in plan_weeks(programme, weeks, Guidance.FULL, case.situation):
            for session in plan.sessions:
                if session in sessions:
                    continue
                for guidance in Guidance if _is_guided(session) else (Guidance.FULL,):
                    sessions[replace(session, guidance=guidance)] = plan.day
    return sessions


def _is_guided(session: PlannedSession) -> bool:
    return any(isinstance(part, Prescription) for part in session.parts)


def fit(
    planned: Mapping[PlannedSession, int],
    words: Translation,
    laid_out: Mapping[PlannedSession, Timeline],
) -> Iterator[Remark]:
    """Words that take longer than the dose allows; ``planned`` has the first day of each
    session."""
    remarks: dict[Remark, None] = {}
    told: set[tuple[str, str]] = set()
    sides = {each.cue for each in words.sides.values()}
    places = {text: f"{words.language}.yaml: {place}" for place, text in spoken_texts(words)}
    for session, day in planned.items():
        where = f"{words.language}, session {session.id} from day {day}"
        timeline = laid_out[session]
        for text, message in _misfits(timeline, sides, places):
            if (session.id, text) not in told:  # once, however often it is said
                remarks[Remark(where=where, message=message)] = None
            told.add((session.id, text))
        for message in _unspoken(timeline):
            remarks[Remark(where=where, message=message)] = None
    yield from remarks


_CURES = {
    SpeechCue.LEAD_IN: "raise rest_s",
    SpeechCue.LET_GO: "raise rest_s",
    SpeechCue.SAY: "raise set_rest_s or round_rest_s",
}
"""What makes room for what is said."""


def _misfits(
    laid_out: Timeline, sides: Collection[str], places: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each text that is too long, and the message about it; ``sides`` are the cues of sides,
    ``places`` where each text stands in the file of words."""
    longest = sorted(laid_out.misfits, key=lambda each: (each.say.text, -each.too_long_ms))
    for misfit in longest:
        say, seconds = misfit.say, f"{misfit.too_long_ms / 1000:.2f} s"
        effect = f"its rest grows by {seconds}" if misfit.too_long_ms else "it is left out"
        is_side = say.cue is SpeechCue.ANNOUNCE and say.text in sides
        cure = "raise side_change_s" if is_side else _CURES.get(say.cue, "give it more time")
        exercise = laid_out.blocks[say.where.block].exercise
        of = "; ".join(filter(None, (f"in {exercise}", places.get(say.text))))
        yield (
            say.text,
            f"“{say.text}” is too long for its place ({of}): {effect}; use fewer words, or {cure}",
        )


def _unspoken(laid_out: Timeline) -> Iterator[str]:
    texts = dict.fromkeys(say.text for say in laid_out.unspoken)
    if texts:
        listed = ", ".join(f"“{text}”" for text in texts)
        yield (
            f"not counted aloud in its holds, because the words there take too long: {listed}; use"
            " shorter words under `numbers` or for `holding`, or lower hold_s"
        )


def recording_remarks(voice: SpeakingVoice, scripts: Sequence[Script]) -> Iterator[Remark]:
    """Recordings of ``voice`` that cannot be of the text in their name, that no script uses, or
    that are too long for their slot in ``scripts``."""
    texts = dict.fromkeys(text for script in scripts for text in script.texts)
    yield from (Remark(where=voice.voice.spec, message=told) for told in voice.misfiled(texts))
    wanted = {stem_of(text) for text in texts}
    for stem, file in (voice.files or {}).items():
        if stem not in wanted:
            message = "no utterance has this name: see `voicecoach voices prompts`, and rename it"
            yield Remark(where=Path(file.path).name, message=message)
    for text, longest_ms in prompts.longest_ms(prompts.word_slots(scripts)).items():
        take = voice.file_of(text)
        if take is not None and take.length_ms > longest_ms:
            yield Remark(
                where=Path(take.path).name,
                message=f"“{text}” is too long for its place: {take.length_ms / 1000:.1f} s, but"
                f" {prompts.to_say_ms(longest_ms) / 1000:.1f} s are left; say it faster",
            )


def remarks(
    programme: Programme,
    languages: Iterable[str],
    planned: Mapping[PlannedSession, int] | None = None,
) -> list[Remark]:
    """Remarks on doses, sources, and the words in ``languages``; not on whether words fit, which
    takes a voice. ``planned`` are its distinct sessions, where they are known."""
    if planned is None:
        planned = distinct_sessions(programme)
    found = [*doses(programme), *_unasked(programme), *unused(programme)]
    found += _folder_remarks(programme.translations)
    for language in languages:
        words = programme.translations[language]
        found += [*unsayable_remarks(words), *quote_remarks(words)]
        found += same_titles(programme, words)
        found += sentence_remarks(programme, words)
        found += number_remarks(words, spoken_texts(words))
        found += long_hold_remarks(programme, words, planned)
    return found


def check(
    programme: Programme, speakers: Mapping[str, Speaker], renderer: Renderer
) -> list[Remark]:
    """All remarks on ``programme``; ``speakers``, by language, time its words.

    Raises SpeechError, StorageError, RenderError.
    """
    planned = distinct_sessions(programme)
    found = remarks(programme, speakers, planned)
    for language, speaker in speakers.items():
        found += _timed_remarks(planned, programme.translations[language], speaker, renderer)
    return found


def _timed_remarks(
    planned: Mapping[PlannedSession, int], words: Translation, speaker: Speaker, renderer: Renderer
) -> Iterator[Remark]:
    """Remarks on how long ``speaker`` takes for ``words``. What is timed for them is as large as
    all else together, so it ends with them."""
    scripts = [writer.write(session, words) for session in planned]
    sounds = renderer.timed(scripts, speaker, PLAIN_DAY)
    if speaker.voices[0].files is not None:
        takes = list(recording_remarks(speaker.voices[0], scripts))
        yield from takes
        if takes:
            return  # what else there is was displaced by a recording that is reported already
    timelines = [sound.timeline for sound in sounds]
    yield from fit(planned, words, dict(zip(planned, timelines, strict=True)))


def language_remarks(folder: Path) -> list[str]:
    """What is missing from the files in which the author of the programme in ``folder`` words what
    the program itself says. Raises ContentError if one has faults."""
    found = []
    for path in messages.own_files(folder):
        locale_file.refuse_faults(path)
        lacking = locale_file.missing(path)
        if lacking:
            listed = ", ".join(lacking[:_MOST_LACKING])
            more = len(lacking) - _MOST_LACKING
            listed += f" and {more} more" if more > 0 else ""
            found.append(f"{path}: these are said in English: {listed}")
    return found


def _folder_remarks(translations: Mapping[str, Translation]) -> Iterator[Remark]:
    """Languages whose packs would be written to the same folder."""
    taken: dict[str, str] = {}
    for language, words in translations.items():
        if words.folder in taken:
            message = f"{taken[words.folder]} has the same folder {words.folder!r}, and one would"
            yield Remark(
                where=f"{language}, folder", message=f"{message} overwrite the other; name another"
            )
        taken.setdefault(words.folder, language)


def _unasked(programme: Programme) -> Iterator[Remark]:
    """Answers that sessions are meant for and nobody is asked for; and, where contractions come
    after a birth, what must forbid them."""
    asked = {question.value for question in programme.questions}
    for session in programme.sessions:
        used = [*session.meant_for, *(["position"] if session.opening_for else [])]
        for question in dict.fromkeys(each for each in used if each not in asked):
            yield Remark(
                where=f"session {session.id}",
                message=f"it depends on {question}, which is not asked; name it under `questions`",
            )
    if programme.is_after_birth and programme.training_steps:
        lacking = [gate.value for gate in GATES if gate not in programme.questions]
        if lacking:
            yield Remark(
                where="programme.yaml",
                message=f"it has contractions after a birth, and does not ask about"
                f" {', '.join(lacking)}, which can forbid them; name them under `questions`",
            )
