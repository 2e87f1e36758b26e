"""What became of a practice's clients."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.errors import VoicecoachError


class State(StrEnum):
    """What became of a client."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    ENDED = "ended"
    """She is past the last week of the programme."""
    FAILED = "failed"
    NOT_REACHED = "not reached"
    """The batch ended before her turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a client, and why."""

    client: str
    state: State
    tracks: int = 0
    duration_ms: int = 0
    """All her tracks together."""
    reason: str = ""


def failed(client: str, error: VoicecoachError) -> Outcome:
    """That ``client`` could not be served, and why."""
    return Outcome(client=client, state=State.FAILED, reason=str(error))
