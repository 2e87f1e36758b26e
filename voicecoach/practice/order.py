"""The options of a batch."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach.content.programme import Programme
from voicecoach.pack.tracks import Wishes
from voicecoach.rendering.job import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The options that all packs of a batch share."""

    programme: Programme
    setting: Setting
    out: Path
    today: date
    weeks: range | None = None
    """``None``: for each the week she is in and the next."""
    keep_weeks: int = 4
    """Packs that ended longer ago are deleted."""
    wishes: Wishes
    """Voices and guidance that are asked for are instead of those she chose."""
    licence_confirmed: bool = False
    """Whether the practice may use voices whose licence forbids or doubts it."""
