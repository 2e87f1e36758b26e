"""A person's recordings beside the scripts they are for -> remarks, by file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from voicecoach import prompts
from voicecoach.remark import Remark
from voicecoach.script.script import Script
from voicecoach.speech.recorded.folder import stem_of
from voicecoach.speech.speaker import SpeakingVoice


def remarks(voice: SpeakingVoice, scripts: Sequence[Script]) -> Iterator[Remark]:
    """Recordings of ``voice`` that are not what their name says, that nothing asks for, or that are
    longer than their place in ``scripts``."""
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
                message=f"“{text}” is too long for its place: {take.length_ms / 1000:.1f} s, where"
                f" {prompts.to_say_ms(longest_ms) / 1000:.1f} s are left; say it faster",
            )
