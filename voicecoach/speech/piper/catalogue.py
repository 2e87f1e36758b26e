"""Known Piper voices: all Dutch ones and a selection of the English ones.

Sizes are from ``voices.json`` of https://huggingface.co/rhasspy/piper-voices (September 2026);
licences are those of the recordings, as published in the MODEL_CARDs of the voices.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguedVoice:
    """What is known about a voice before it is installed."""

    name: str
    """LANGUAGE-SPEAKER-QUALITY."""
    title: str
    """Who speaks, for a person."""
    model_bytes: int
    config_bytes: int
    licence: str
    """Of the recordings the voice was trained on; empty if unknown."""
    trained_from: str = ""
    """The voice it was fine-tuned from, whose licence it may inherit; empty for none."""

    @property
    def language_code(self) -> str:
        """Language and region, such as ``nl_BE``."""
        return self.name.partition("-")[0]

    @property
    def quality(self) -> str:
        """One of x_low, low, medium and high."""
        return self.name.rpartition("-")[2]

    @property
    def size_bytes(self) -> int:
        """The size of the voice on disk."""
        return self.model_bytes + self.config_bytes


@cache
def voices() -> tuple[CataloguedVoice, ...]:
    """All voices of the catalogue, ``catalogue.csv``."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            CataloguedVoice(
                name=row["name"],
                title=row["title"],
                model_bytes=int(row["model_bytes"]),
                config_bytes=int(row["config_bytes"]),
                licence=row["licence"],
                trained_from=row["trained_from"],
            )
            for row in csv.DictReader(file)
        )


def find(name: str) -> CataloguedVoice | None:
    """The voice ``name``; ``None`` if it is not in the catalogue."""
    return next((voice for voice in voices() if voice.name == name), None)


def speaking(language: str) -> tuple[CataloguedVoice, ...]:
    """The voices for a language such as ``nl``, or for one region of it, such as ``nl_BE``."""
    return tuple(
        voice
        for voice in voices()
        if language in {voice.language_code, voice.language_code.partition("_")[0]}
    )
