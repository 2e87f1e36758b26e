"""Packs compared with the plan of now: which of them are right, and which tracks are permitted.

A pack keeps digests of its planned sessions, made with a secret key of the user, so that they tell
nothing to anyone else. What a client's answers now plan for the same days has the same digests, or
the pack is not right.
"""

import hmac
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from voicecoach import private_files
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.dates import days_of_week
from voicecoach.environment import DATA_VARIABLE, built_in, built_in_names, key_of, user_data_folder
from voicecoach.errors import ContentError, StorageError
from voicecoach.messages import Message
from voicecoach.pack.layout import PackDays, day_playlist
from voicecoach.pack.manifest import Manifest, TrackEntry
from voicecoach.pack.places import Places
from voicecoach.pack.remaining import WITHOUT_CONTRACTIONS
from voicecoach.planning import gates, plan
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.profile.client import Hers


def obtain_key() -> str:
    """The user's secret key of all digests. Raises StorageError if it cannot be kept."""
    path = user_data_folder() / "packs" / "key"
    try:
        return private_files.obtain_secret(path)
    except ValueError as error:
        raise StorageError(Message("errors.plan_key_damaged", path=path)) from error
    except (OSError, StorageError) as error:
        raise StorageError(
            Message(
                "errors.plan_key_cannot_be_kept",
                path=path,
                reason=private_files.why(error),
                variable=DATA_VARIABLE,
            )
        ) from error


def digest_of_day(day: PlannedDay, key: str) -> str:
    """The digest of all that is listened to on ``day``, and of who prescribed it."""
    sessions: list[object] = [[s.id, s.kind, s.guidance, s.parts] for s in day.listening]
    return _digest([*sessions, *((each.by, each.last_day) for each in day.prescribed)], key)


def digest_of_session(session: PlannedSession, key: str) -> str:
    """The digest of what ``session`` asks for, however much of it is spoken: its doses, or what it
    explains. Empty for a session that belongs to no plan."""
    doses = [[p.exercise, p.dose] for p in session.parts if isinstance(p, Prescription)]
    talks = [part.talk for part in session.parts if isinstance(part, TalkBlock)]
    return _digest([session.id, session.kind, doses or talks], key) if session.parts else ""


def _digest(content: object, key: str) -> str:
    return hmac.digest(key.encode(), key_of(content).encode(), "sha256").hex()


class Judge:
    """Compares packs with what the answers of a client plan now."""

    def __init__(self, hers: Hers, places: Places) -> None:
        """``places`` has the programmes that are not built in."""
        self.hers = hers
        self._places = places
        self._programmes: dict[Path, Programme | None] = {}
        self._planned_days: dict[tuple[Path, Guidance | None], PackDays] = {}

    @cached_property
    def _key(self) -> str:
        return obtain_key()

    @cached_property
    def _is_shut(self) -> bool:
        """Whether contractions are forbidden by the rules of the built-in programme, which hold for
        a pack of any other one, too."""
        if not gates.may_be_shut(self.hers.situation):
            return False
        rules = self._programmes[built_in()] = programme_reader.read(built_in())
        return gates.is_shut(rules, self.hers.situation)

    def is_right(self, listed: Manifest) -> bool:
        """Whether the pack is what is planned for its days now. ``False`` if this cannot be known,
        as for a pack of an older version."""
        planned = self._planned(listed)
        return planned is not None and self._right_days(listed, planned) == planned.keys()

    def right_days(self, listed: Manifest) -> set[int]:
        """The days on which the pack has what is planned now; none if this cannot be known."""
        planned = self._planned(listed)
        return set() if planned is None else self._right_days(listed, planned)

    def _right_days(self, listed: Manifest, planned: Mapping[int, PlannedDay]) -> set[int]:
        return {
            entry.day
            for entry in listed.days
            if hmac.compare_digest(entry.plan, digest_of_day(planned[entry.day], self._key))
        }

    def permits(self, listed: Manifest, track: TrackEntry) -> bool:
        """Whether the pack may offer ``track`` on all its days.

        Breathing is always permitted. What asks for contractions, or explains something, must be
        planned for each of these days, as often and with the same doses. In a pack that cannot be
        compared with the plan, anything is permitted as long as contractions are.
        """
        if self._is_shut and track.kind not in WITHOUT_CONTRACTIONS:
            return False
        planned = self._planned(listed) if track.asks and track.kind != Breathing.kind else None
        return planned is None or all(
            self._is_planned(listed, track, planned[day]) for day in track.days
        )

    def _is_planned(self, listed: Manifest, track: TrackEntry, day: PlannedDay) -> bool:
        times = Counter(digest_of_session(session, self._key) for session in day.listening)
        name = day_playlist(day.day)
        offered = [each.tracks.count(track.file) for each in listed.playlists if each.file == name]
        return times[track.asks] >= max(1, *offered)

    def _planned(self, listed: Manifest) -> dict[int, PlannedDay] | None:
        """The plan of the pack's days; ``None`` if it cannot be known."""
        folder = self.folder_of(listed)
        programme = None if folder is None else self._programme(folder)
        days = {entry.day for entry in listed.days}
        if folder is None or programme is None or days != {*days_of_week(listed.week)}:
            return None
        if listed.week > plan.last_week(programme) or not days.issuperset(_days_of_tracks(listed)):
            return None
        guidance = guidance_of(listed, self.hers)
        planned = self._planned_days.setdefault(
            (folder, guidance), PackDays(programme, guidance, self.hers.situation)
        )
        return {day: planned.on(day) for day in days}

    def folder_of(self, listed: Manifest) -> Path | None:
        """The folder of the pack's programme, if it is known."""
        if not listed.options.is_built_in:
            return self._places.paths.get(listed.programme)
        return built_in(listed.programme) if listed.programme in built_in_names() else None

    def _programme(self, folder: Path) -> Programme | None:
        if folder not in self._programmes:
            try:
                self._programmes[folder] = programme_reader.read(folder)
            except (ContentError, StorageError):  # moved, or being changed by its author
                self._programmes[folder] = None
        return self._programmes[folder]


def guidance_of(listed: Manifest, hers: Hers) -> Guidance | None:
    """The guidance of the pack: the one it was built with, else that of the profile."""
    given = listed.options.guidance
    return Guidance(given) if given in set(Guidance) else hers.profile.guidance


def _days_of_tracks(listed: Manifest) -> set[int]:
    return {day for track in listed.tracks for day in track.days}
