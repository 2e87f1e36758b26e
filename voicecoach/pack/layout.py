"""Programme + week -> the tracks and playlists of its pack, by name and order. No I/O."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from voicecoach import messages
from voicecoach.content.clinical_state import ANYONE, Situation
from voicecoach.content.exercise import EDITORIAL, Prescription
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.dates import days_of_week
from voicecoach.planning import gates
from voicecoach.planning.planned import CONTRACTIONS, PlannedDay, PlannedSession
from voicecoach.planning.planner import Planner
from voicecoach.planning.wording import session_title

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTrack:
    """A session of the week and its file."""

    file: str
    title: str
    session: PlannedSession
    days: tuple[int, ...]

    @property
    def stem(self) -> str:
        """The name of the file without its suffix."""
        return self.file.removesuffix(".mp3")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPlaylist:
    """A playlist; ``files`` are its tracks, in order."""

    file: str
    title: str
    day: int | None
    """Its day; ``None`` for the whole week."""
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPack:
    """The files of a week."""

    week: int
    album: str
    phase_number: int
    """Index of the week's last phase, from 0."""
    tracks: tuple[PlannedTrack, ...]
    playlists: tuple[PlannedPlaylist, ...]
    days: tuple[PlannedDay, ...]


def day_playlist(day: int) -> str:
    """The name of the playlist of ``day``."""
    return f"day-{day:02d}.m3u8"


def folder_name(week: int) -> str:
    """The name of the pack's folder."""
    return f"week-{week:02d}"


class PackDays:
    """The days of packs: as they are planned; but while contractions are forbidden, past days have
    none either."""

    def __init__(
        self, programme: Programme, guidance: Guidance | None, situation: Situation
    ) -> None:
        self._planner = Planner(programme, situation, guidance)
        self._is_shut = gates.is_shut(programme, situation)
        self._days: dict[int, PlannedDay] = {}

    def on(self, day: int) -> PlannedDay:
        """What a pack has for ``day``."""
        if day not in self._days:
            planned = self._planner.day(day)
            self._days[day] = _without_contractions(planned) if self._is_shut else planned
        return self._days[day]


def _without_contractions(day: PlannedDay) -> PlannedDay:
    return replace(
        day,
        sessions=tuple(each for each in day.sessions if each.kind != CONTRACTIONS),
        listening=tuple(each for each in day.listening if each.kind != CONTRACTIONS),
    )


def plan_packs(
    programme: Programme,
    words: Translation,
    weeks: Iterable[int],
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> list[PlannedPack]:
    """The packs of ``weeks``, which must be among those of the programme; ``guidance`` as in the
    plan. What is prescribed for the client must be allowed: see
    :func:`~voicecoach.planning.prescribed_limits.refuse`.
    """
    planned = PackDays(programme, guidance, situation)
    return [
        _pack(programme, words, week, [planned.on(day) for day in days_of_week(week)])
        for week in weeks
    ]


def for_the_night(pack: PlannedPack, words: Translation) -> PlannedPack:
    """``pack`` made for listening at night: its tracks have other titles and files, so that nobody
    takes one for the other."""
    said = messages.words(words.language)
    end = f"-{_slug(said('night_track.file'))}.mp3"
    tracks = tuple(
        replace(
            track,
            title=said("night_track.title", title=track.title),
            file=f"{track.stem[: _LONGEST_NAME - len(end)].rstrip('-')}{end}",
        )
        for track in pack.tracks
    )
    file_of = {track.file: night.file for track, night in zip(pack.tracks, tracks, strict=True)}
    playlists = tuple(
        replace(each, files=tuple(file_of[file] for file in each.files)) for each in pack.playlists
    )
    return replace(pack, tracks=tracks, playlists=playlists)


def plan_pack(
    programme: Programme,
    words: Translation,
    week: int,
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> PlannedPack:
    """The pack of ``week``; see :func:`plan_packs`."""
    [pack] = plan_packs(programme, words, [week], guidance, situation)
    return pack


def _pack(
    programme: Programme, words: Translation, week: int, days: Sequence[PlannedDay]
) -> PlannedPack:
    tracks = _tracks(days, words, week)
    file_of = {track.session: track.file for track in tracks}
    title = words.labels.week.format(week=week)
    whole_week = PlannedPlaylist(
        file=f"{folder_name(week)}.m3u8",
        title=title,
        day=None,
        files=tuple(track.file for track in tracks),
    )
    by_day = [
        PlannedPlaylist(
            file=day_playlist(day.day),
            title=words.labels.day.format(day=day.day),
            day=day.day,
            files=tuple(file_of[session] for session in day.listening),
        )
        for day in days
    ]
    phase_ids = [phase.id for phase in programme.phases]
    return PlannedPack(
        week=week,
        album=words.labels.album.format(programme=words.title, week=week),
        phase_number=phase_ids.index(days[-1].phase),
        tracks=tracks,
        playlists=(whole_week, *by_day),
        days=tuple(days),
    )


def sources_of(session: PlannedSession, programme: Programme) -> tuple[str, ...]:
    """The titles of all sources of ``session``: of its numbers and of its words."""
    ids: list[str] = []
    for part in session.parts:
        if isinstance(part, Prescription):
            ids += [source for _, source in part.sources]
        else:
            ids += programme.talks[part.talk]
    known = [id_ for id_ in programme.sources if id_ in ids]
    return tuple(programme.sources[id_] for id_ in sorted(known, key=lambda i: i == EDITORIAL))


def _tracks(days: Sequence[PlannedDay], words: Translation, week: int) -> tuple[PlannedTrack, ...]:
    days_of: dict[PlannedSession, list[int]] = {}
    for day in days:
        for session in day.sessions:
            days_of.setdefault(session, []).append(day.day)
    tracks = []
    for number, (session, done_on) in enumerate(days_of.items()):
        title = session_title(session, words)
        start = f"w{week:02d}-{number:02d}-"
        slug = _slug(title)[: _LONGEST_NAME - len(start) - len(".mp3")].rstrip("-")
        tracks.append(
            PlannedTrack(
                file=f"{start}{slug}.mp3", title=title, session=session, days=tuple(done_on)
            )
        )
    return tuple(tracks)


def _slug(title: str) -> str:
    """``title`` in lower-case ASCII letters, digits and hyphens, safe on every file system."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "track"
