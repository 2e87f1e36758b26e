"""Renders what clients of one language and voice share into the cache; reports what became of each
client as report.json and a table, without personal data."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from voicecoach.errors import ProcessLostError, VoicecoachError
from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.pack.layout import PlannedPack
from voicecoach.pack.tracks import Production
from voicecoach.planning.planner import PlannedSession
from voicecoach.practice.roster import REPORT_FILE
from voicecoach.rendering.job import Sound
from voicecoach.rendering.renderer import Renderer
from voicecoach.script import writer

_MOST_LOST = 3


@dataclass(slots=True)
class Losses:
    """Counts consecutive units of work that were lost with their processes."""

    _in_a_row: int = 0

    def add(self, error: ProcessLostError) -> None:
        """Counts ``error``, and raises it if there were too many to continue."""
        self._in_a_row += 1
        if self._in_a_row == _MOST_LOST:
            raise error

    def end(self) -> None:
        """Resets the count after a unit succeeded."""
        self._in_a_row = 0


@dataclass(slots=True, kw_only=True)
class Desk:
    """Prepares packs in one language, by one speaker."""

    production: Production
    renderer: Renderer
    losses: Losses
    sounds: dict[PlannedSession, Sound] = field(default_factory=dict)
    """Those that were rendered."""
    lost: dict[PlannedSession, ProcessLostError] = field(default_factory=dict)
    """Sessions with which a process was lost twice. They are not tried again."""

    def prepare(self, packs: Iterable[PlannedPack]) -> None:
        """Renders the sessions of ``packs``. If a process is lost, each is rendered by itself, to
        find the ones that cannot be.

        Raises SpeechError, StorageError, RenderError.
        """
        known = self.sounds.keys() | self.lost.keys()
        new = [session for session in _sessions(packs) if session not in known]
        try:
            self._render(new)
        except ProcessLostError as error:
            self.renderer.note(f"{error}; what was lost is tried again")
            for session in new:
                self._render_alone(session)

    def check(self, packs: Iterable[PlannedPack]) -> None:
        """Raises ProcessLostError if a session of ``packs`` could not be rendered."""
        for session in _sessions(packs):
            if session in self.lost:
                raise self.lost[session]

    def _render_alone(self, session: PlannedSession) -> None:
        try:
            self._render([session])
            self.losses.end()
        except ProcessLostError as error:
            self.losses.add(error)
            self.lost[session] = error

    def _render(self, sessions: Sequence[PlannedSession]) -> None:
        if not sessions:
            return
        words, setting = self.production.words, self.production.setting
        scripts = [writer.write(session, words) for session in sessions]
        produced = self.renderer.produce(scripts, self.production.speaker, setting)
        self.sounds |= dict(zip(sessions, produced, strict=True))


def _sessions(packs: Iterable[PlannedPack]) -> list[PlannedSession]:
    return list(dict.fromkeys(track.session for pack in packs for track in pack.tracks))


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
