"""Renders what clients of one language and voice share into the cache."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from voicecoach.errors import ProcessLostError
from voicecoach.pack.layout import PlannedPack
from voicecoach.pack.tracks import Production
from voicecoach.planning.planned import PlannedSession
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
