"""Every source that shapes a sound or a file is in the key under which that is kept."""

import ast
from pathlib import Path

import pytest

import voicecoach
from voicecoach import environment
from voicecoach.speech import espeak_voices as espeak
from voicecoach.speech.speaker import Utterance, Voice

OURS = Path(voicecoach.__file__).parent
ENTRIES = [
    ("audio.mix",),
    ("audio.bed", "audio.bed_loops"),
    ("audio.recordings", "speech.engines"),
    ("speech.espeak_worker",),
    ("speech.piper_worker",),
    ("speech.system_worker",),
    ("speech.recorded_worker",),
    ("pack.tags",),
    ("pack.page",),
]


def imported_by(module: str) -> set[str]:
    """What ``module`` imports of ours, as Python's own parser reads it."""
    tree = ast.parse((OURS / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("voicecoach."):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {name.removeprefix("voicecoach.") for name in names if name}
    return {name for name in found if (OURS / f"{name.replace('.', '/')}.py").is_file()}


@pytest.mark.parametrize("modules", ENTRIES)
def test_all_that_is_imported_is_found(modules: tuple[str, ...]) -> None:
    expected, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in expected:
            expected.add(name)
            shaping = ("audio.", "speech.", "pack.")
            waiting += [each for each in imported_by(name) if each.startswith(shaping)]
    assert set(environment.sources_of(*modules)) == expected


def test_what_trims_and_what_speaks_is_found() -> None:
    assert "audio.recordings" in environment.sources_of("audio.mix")
    assert "speech.engines" in environment.sources_of("speech.engines")
    assert "speech.worker" in environment.sources_of("speech.espeak_worker")


@pytest.mark.parametrize("module", ["speech.espeak_worker", "speech.engines", "audio.recordings"])
def test_another_source_is_another_recording(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def key() -> str:
        environment.makers_hash.cache_clear()
        espeak.version.cache_clear()
        voice = Voice(engine="espeak", name="nl", engine_version=espeak.version())
        return Utterance(text="Laat los.", voice=voice, rate_wpm=115).key

    before, read = key(), environment.sources_of

    def changed(*modules: str) -> dict[str, str]:
        found = read(*modules)
        return {name: text + "#" * (name == module) for name, text in found.items()}

    monkeypatch.setattr(environment, "sources_of", changed)
    assert key() != before
    monkeypatch.undo()
    assert key() == before
