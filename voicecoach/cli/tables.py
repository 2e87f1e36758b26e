"""Timelines and plans -> what a person or a machine reads. No I/O."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from voicecoach.content.programme import Programme
from voicecoach.letters import TABLE_COLUMNS, hanging, wrapped
from voicecoach.script.script import Say, ScriptBlock, Where
from voicecoach.script.timeline import Event, Timeline
from voicecoach.speech.speaker import Offer

if TYPE_CHECKING:
    from voicecoach.authoring.short_cues import Verified
    from voicecoach.authoring.signature import Signature
    from voicecoach.speech.piper.installed import InstalledVoice

_TIME_WIDTH = 16
_NUMBERS = ("hold_ms", "rest_ms", "sets", "reps")
_SHOWN_VARIANT = "f2"
"""Of eSpeak's variants, the one in the table."""


def script_json(
    timeline: Timeline, *, language: str, voice: str, day: int, prescribed_by: Sequence[str] = ()
) -> str:
    """The timed script for machines; its keys stand in the design."""
    content = {
        "session": timeline.session,
        "title": timeline.title,
        "language": language,
        "voice": voice,
        "day": day,
        "prescribed_by": prescribed_by,
        "guidance": timeline.guidance,
        "duration_ms": timeline.duration_ms,
        "events": [_event(event) for event in timeline.events],
        "blocks": [_block(block) for block in timeline.blocks],
        "chapters": [asdict(chapter) for chapter in timeline.chapters],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def script_table(
    timeline: Timeline, columns: int = TABLE_COLUMNS, remarks: Sequence[str] = ()
) -> str:
    """The timed script for a person: time, set and repetition, tone or words; ``remarks`` are
    below its title."""
    lines = [f"{timeline.title} ({_clock(timeline.duration_ms)})"]
    lines += [line for remark in remarks for line in wrapped(remark, columns)]
    chapters = list(timeline.chapters)
    for event in timeline.events:
        while chapters and chapters[0].start_ms <= event.start_ms:
            indent = hanging(_TIME_WIDTH, columns)
            lines += ["", *wrapped(chapters.pop(0).title, columns, start=indent, indent=indent)]
        lines += _event_lines(event, columns)
    return "\n".join(lines)


def voices_table(
    offers: Sequence[Offer], columns: int = TABLE_COLUMNS, *, chosen: Sequence[str] = (), all_: bool
) -> str:
    """The voices for a person, by language: those that are here, then the recommended one; with
    ``all_`` also the others that can be installed. Those ``chosen`` in the profile come last."""
    lines: list[str] = []
    for language in dict.fromkeys(offer.language for offer in offers):
        of_language = [offer for offer in offers if offer.language == language]
        here = [offer for offer in of_language if offer.is_installed and _is_shown(offer, all_)]
        others = [offer for offer in of_language if not offer.is_installed]
        lines += _voices_section(f"{language}, here:", here, columns)
        best = [offer for offer in others if offer.is_recommended]
        lines += _voices_section(f"{language}, to be installed, recommended:", best, columns)
        rest = [offer for offer in others if not offer.is_recommended] if all_ else []
        lines += _voices_section(f"{language}, to be installed:", rest, columns)
    yours = ", ".join(chosen) or "none chosen; record one: voicecoach voices prompts"
    tips = [
        f"Your own:  {yours}",
        "Use one:   voicecoach build --voice espeak:nl+f3",
        "Hear them: voicecoach voices audition",
        "More:      voicecoach voices --all; voicecoach voices install piper:nl_BE-nathalie-medium",
    ]
    if all_:
        tips.append(
            "After the + of an espeak voice may stand f1 to f5 for women, m1 to m8 for men."
        )
    lines += [line for tip in tips for line in wrapped(tip, columns, indent=" " * 11)]
    return "\n".join(lines)


def _is_shown(offer: Offer, all_: bool) -> bool:
    """Of eSpeak's voices the measured and the plainest ones are shown; with ``all_``, also one of
    each accent, and those that the system itself has of eSpeak."""
    if offer.voice.startswith("system:gmw/"):
        return all_
    if not offer.voice.startswith("espeak:") or offer.words_wrong_percent is not None:
        return True
    is_plain = offer.voice == f"espeak:{offer.language}+{_SHOWN_VARIANT}"
    return is_plain or (all_ and offer.voice.endswith(f"+{_SHOWN_VARIANT}"))


def _voices_section(heading: str, offers: Sequence[Offer], columns: int) -> list[str]:
    if not offers:
        return []
    width = 2 + max(len(offer.voice) for offer in offers) + 2
    indent = hanging(width, columns)
    lines = wrapped(heading, columns)
    for offer in offers:
        start = f"  {offer.voice}"
        is_narrow = len(indent) < width
        lines += [start] if is_narrow else []
        lines += wrapped(
            "; ".join(_facts(offer)),
            columns,
            start=indent if is_narrow else start.ljust(width),
            indent=indent,
        )
    return [*lines, ""]


def _facts(offer: Offer) -> Iterator[str]:
    """What is known about a voice, in a few words each."""
    yield offer.title
    if offer.quality:
        yield offer.quality
    if offer.size_bytes:
        yield f"{round(offer.size_bytes / 1e6)} MB"
    yield offer.licence or "licence not stated"
    if offer.words_wrong_percent is not None:
        yield f"{offer.words_wrong_percent} % of its words misheard by a recogniser"
    if offer.garbles_cues:
        yield "unfit for short cues: garbles them"
    if not offer.is_heard:
        yield "not yet heard by us"


def voices_json(offers: Sequence[Offer]) -> str:
    """The voices for machines."""
    content = [
        {
            "voice": offer.voice,
            "engine": offer.voice.partition(":")[0],
            "language": offer.language,
            "title": offer.title,
            "quality": offer.quality,
            "installed": offer.is_installed,
            "size_bytes": offer.size_bytes,
            "licence": offer.licence,
            "recommended": offer.is_recommended,
            "heard": offer.is_heard,
            "garbles_cues": offer.garbles_cues,
            "words_wrong_percent": offer.words_wrong_percent,
        }
        for offer in offers
    ]
    return json.dumps(content, ensure_ascii=False, indent=1)


def installed_line(voice: "InstalledVoice") -> str:
    """What was installed, and how to use it."""
    return (
        f"{voice.model.parent}: {round(voice.size_bytes / 1e6)} MB, licence:"
        f" {voice.licence or 'not stated'}; use it with --voice piper:{voice.name}"
    )


def check_line(programme: Programme, languages: Sequence[str], remarks: int) -> str:
    """The outcome of a check."""
    what = f"{len(programme.sessions)} sessions, days 1 to {programme.last_day}"
    what += f", in {', '.join(languages)}"
    return f"{programme.name}: {what}: {remarks or 'no'} {'remark' if remarks == 1 else 'remarks'}"


def signature_line(signature: "Signature", *, is_current: bool) -> str:
    """Who signed a programme, and whether that is still it."""
    changed = "" if is_current else ", but the content has changed since: it is to be signed again"
    return f"signed by {signature.name} on {signature.signed_on}{changed}"


def _event(event: Event) -> dict[str, object]:
    sound = event.sound
    is_speech = isinstance(sound, Say)
    return {
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "kind": "speech" if is_speech else "tone",
        "cue": str(sound.cue),
        "text": sound.text if isinstance(sound, Say) else None,
        "set": sound.where.set_number,
        "rep": sound.where.rep,
        "block": sound.where.block,
    }


def _block(block: ScriptBlock) -> dict[str, object]:
    dose = block.dose
    counted = dose.contractions[0] if dose is not None and dose.contractions else dose
    return {
        "exercise": block.exercise,
        "kind": "talk" if counted is None else counted.kind,
        **{name: getattr(counted, name, None) for name in _NUMBERS},
        "tempo_ms": getattr(dose, "tempo_ms", None),
        "side": block.side,
        "starting_position": block.starting_position,
    }


def _event_lines(event: Event, columns: int) -> list[str]:
    sound = event.sound
    start = f"{_clock(event.start_ms, tenths=True):>8} {_place(sound.where):>5}  "
    if not isinstance(sound, Say):
        return [f"{start}* {sound.cue}"]
    return wrapped(sound.text, columns, start=start, indent=hanging(_TIME_WIDTH, columns))


def _place(where: Where) -> str:
    """Set and repetition, such as ``2.8``; a breath has no set."""
    if where.rep is None:
        return ""
    return f"{where.set_number}.{where.rep}" if where.set_number else str(where.rep)


def _clock(time_ms: int, *, tenths: bool = False) -> str:
    if tenths:
        minutes, rest = divmod(round(time_ms / 100), 600)
        return f"{minutes}:{rest / 10:04.1f}"
    minutes, rest = divmod(time_ms // 1000, 60)
    return f"{minutes}:{rest:02d}"


def cue_line(cue: str, heard: str, tries: str) -> str:
    """A line of the table of ``voices verify``."""
    return f"{cue:<28} {heard:<28} {tries}"


def verified_line(cue: "Verified") -> str:
    """What became of a cue of ``voices verify``."""
    left = "" if cue.draw else "; left to the next voice"
    wrong = "" if cue.is_right or not cue.draw else "; misheard"
    return cue_line(cue.text, "-" if cue.heard is None else cue.heard, f"{cue.tries}{left}{wrong}")


def verified_summary(cues: Sequence["Verified"]) -> str:
    """How many cues are right."""
    right = sum(cue.is_right for cue in cues)
    again = sum(cue.draw > 1 for cue in cues)
    share = f"{100 * right / len(cues):.0f} %" if cues else "none"
    return f"{right} of {len(cues)} cues right ({share}); {again} drawn again and kept"
