"""The outcome for each client as report.json and a table, without personal data. No I/O."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.errors import VoicecoachError
from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.practice.roster import REPORT_FILE


class State(StrEnum):
    """The kind of an outcome."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    ENDED = "ended"
    """She is past the last week of the programme."""
    FAILED = "failed"
    NOT_REACHED = "not reached"
    """The batch ended before her turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome for a client, and its reason."""

    client: str
    state: State
    tracks: int = 0
    duration_ms: int = 0
    """All her tracks together."""
    reason: str = ""


def failed(client: str, error: VoicecoachError) -> Outcome:
    """The outcome for a client who could not be served, with the reason."""
    return Outcome(client=client, state=State.FAILED, reason=str(error))


_MOST_SHOWN = 50


def report_json(outcomes: Sequence[Outcome]) -> bytes:
    """All outcomes as JSON: id, state, tracks, minutes and reason."""
    clients = [
        {
            "client": each.client,
            "state": each.state,
            "tracks": each.tracks,
            "minutes": _minutes(each.duration_ms),
            "reason": each.reason,
        }
        for each in outcomes
    ]
    return (json.dumps({"clients": clients}, ensure_ascii=False, indent=1) + "\n").encode()


def table(outcomes: Sequence[Outcome], columns: int = TABLE_COLUMNS) -> str:
    """Numbers of clients, tracks and minutes by state; then who failed, and why."""
    lines = [_row("", "clients", "tracks", "minutes")]
    for state in State:
        of_state = [each for each in outcomes if each.state is state]
        if of_state:
            lines.append(_totals(state, of_state))
    lines.append(_totals("all", outcomes))
    failed = [each for each in outcomes if each.state is State.FAILED]
    lines += [""] if failed else []
    for each in failed[:_MOST_SHOWN]:
        for reason in each.reason.splitlines():
            lines += wrapped(f"{each.client}: {reason}", columns, indent="  ")
    if len(failed) > _MOST_SHOWN:
        lines.append(f"… and {len(failed) - _MOST_SHOWN} more; {REPORT_FILE} has them all")
    return "\n".join(lines)


def _totals(name: str, outcomes: Sequence[Outcome]) -> str:
    tracks = sum(each.tracks for each in outcomes)
    minutes = _minutes(sum(each.duration_ms for each in outcomes))
    return _row(name, str(len(outcomes)), str(tracks), str(minutes))


def _row(name: str, clients: str, tracks: str, minutes: str) -> str:
    return f"{name:<12}{clients:>9}{tracks:>9}{minutes:>10}"


def _minutes(duration_ms: int) -> int:
    return round(duration_ms / 60_000)
