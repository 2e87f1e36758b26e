"""A client, her plan and her packs -> what today's page shows. No HTML."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from voicecoach import countries, messages
from voicecoach.content.clinical_state import CheckIn, Sign
from voicecoach.messages import Words
from voicecoach.pack import remaining
from voicecoach.pack.layout import folder_name
from voicecoach.pack.manifest import PAGE_FILE, Manifest, TrackEntry
from voicecoach.pack.views import versioned
from voicecoach.phone.web.day_file import files_of_day
from voicecoach.phone.web.home import Found
from voicecoach.phone.web.library import View
from voicecoach.planning import done, sport
from voicecoach.planning.asked import Asked
from voicecoach.planning.gates import Reason
from voicecoach.planning.plan import note
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.planner import Planner
from voicecoach.planning.wording import session_title

_WAITS_FOR_A_YES = (Reason.WAITS_FOR_CLEARANCE, Reason.STOPPED)
"""A clinician's word ends these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """The pack of this week, as its own page has it."""

    manifest: Manifest
    place: str
    """Where its files are, from today's page."""
    files: tuple[str, ...]
    """The tracks of its page, in order."""
    data: Mapping[str, Any]
    """What the page's script needs."""

    def track(self, file: str) -> TrackEntry:
        """The track ``file``."""
        return next(track for track in self.manifest.tracks if track.file == file)

    def address(self, file: str) -> str:
        """Where ``file`` is, from today's page."""
        entries = (entry for entry in self.manifest.all_files if entry.file == file)
        return self.place + versioned(file, next(entries).sha256)


class Today:
    """What there is to say of today."""

    def __init__(self, found: Found, view: View | None, voice: str = "") -> None:
        """``view`` is the pack of this week, if there is one; ``voice`` what to tell of a voice
        that is offered."""
        self.found = found
        self.voice = voice
        self.hers = found.hers
        self.said: Words = messages.words(found.hers.profile.language)
        self.player = None if view is None else _player(found.slug, view)

    @property
    def day(self) -> int:
        """Since the birth, from 1 on: she may open the page on the day of birth."""
        return max(self.hers.day, 1)

    @property
    def date(self) -> str:
        """Today, as 2026-11-27; never before the birth."""
        return str(max(self.hers.today, self.hers.profile.birth_date))

    @property
    def is_over(self) -> bool:
        """Whether the programme has ended."""
        return self.hers.day > self.found.programme.last_day

    @cached_property
    def is_ready(self) -> bool:
        """Whether the pack of today's week is there, and is what is planned."""
        return self.player is not None and self.found.judge.is_right(self.player.manifest)

    @property
    def heading(self) -> str:
        """The day in words."""
        weekday = self.said(f"dates.weekday.{self.hers.today.isoweekday()}")
        on = self.said.day(self.hers.today)
        return self.said("today.heading", day=self.hers.day, weekday=weekday, date=on)

    @cached_property
    def planned(self) -> PlannedDay:
        """Her plan of today."""
        return self._planner.day(self.day)

    @cached_property
    def _planner(self) -> Planner:
        return Planner(self.found.programme, self.hers.situation, self.hers.profile.guidance)

    @property
    def why(self) -> str:
        """Why today is not as the calendar has it; empty where it is."""
        return note(self.planned.course, self.said) or ""

    @property
    def asks_for_clearance(self) -> bool:
        """Whether a clinician's yes is what her plan waits for."""
        return self.planned.course.reason in _WAITS_FOR_A_YES

    @property
    def sessions(self) -> list[str]:
        """What is done today, in order."""
        return _titles(self.planned, self.found)

    @property
    def tomorrow(self) -> list[str]:
        """What is done tomorrow."""
        if self.hers.day >= self.found.programme.last_day:
            return []
        return _titles(self._planner.day(self.day + 1 if self.hers.day > 0 else 1), self.found)

    @property
    def yesterday(self) -> str:
        """What she told of yesterday; empty if nothing."""
        told = self._told(self.hers.day - 1)
        return "" if told is None else ", ".join(told_in_words(told, self.said))

    @property
    def told(self) -> str:
        """What she told of today; empty if nothing."""
        told = self._told_today
        return "" if told is None else ", ".join(told_in_words(told, self.said))

    @property
    def is_stopped(self) -> bool:
        """Whether she told of pain or heaviness today: then nothing more is offered, though what is
        planned changes from tomorrow on."""
        told = self._told_today
        return told is not None and not told.signs.isdisjoint((Sign.PAIN, Sign.HEAVINESS))

    @property
    def _told_today(self) -> CheckIn | None:
        profile = self.hers.profile
        return self._told(profile.day_of(max(self.hers.today, profile.birth_date)))

    def _told(self, day: int) -> CheckIn | None:
        return next((each for each in self.hers.situation.check_ins if each.day == day), None)

    @property
    def safety(self) -> tuple[str, ...]:
        """When to stop and when to call, as the programme says it."""
        talk = self.found.programme.safety
        return () if talk is None else self.found.words.talks[talk].text

    @property
    def signs(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The danger signs: group, whom to call, and each sign."""
        language = self.hers.profile.language
        country = self.hers.profile.country or countries.guessed(language)
        for group in self.asked.sign_groups:
            yield group, self.asked.whom_to_call(group, country), self.asked.signs(group)

    def question(self, name: str) -> str:
        """How the check-in asks ``name``."""
        return self.asked.question(name, f"check_in.questions.{name}")

    @cached_property
    def asked(self) -> Asked:
        """The words of what her programme asks."""
        return Asked(self.found.programme, self.said)

    @cached_property
    def done(self) -> tuple[str, ...]:
        """What she told of her weeks: a heading, and a line for each."""
        born, situation = self.hers.profile.birth_date, self.hers.situation
        programme = self.found.programme
        weeks = done.weeks_done(programme, situation, born, self.day)
        has_training = bool(programme.training_steps)
        return tuple(done.as_text(weeks, self.said, has_training=has_training))

    @property
    def sport(self) -> Iterator[tuple[str, str, str]]:
        """What she can try before running and jumping, where it is time for that: id, question, and
        what she told of it today."""
        asked, profile = self.found.programme.sport, self.hers.profile
        if asked is None or self.hers.day < sport.opens_on(asked, profile.perineum):
            return
        told = dict(profile.sport) if profile.sport_on == self.hers.today else {}
        for id_ in asked.tests:
            yield id_, self.found.words.sport[id_], told.get(id_, "")

    @property
    def has_day_file(self) -> bool:
        """Whether today is there as one MP3."""
        listed = None if self.player is None else self.player.manifest
        return listed is not None and self.is_ready and bool(files_of_day(listed, self.hers.day))


def told_in_words(told: CheckIn, said: Words) -> Iterator[str]:
    """What a check-in tells, in short."""
    for name in ("red_flag", "done", "pain", "heaviness", "leaks"):
        answer = getattr(told, name)
        if answer is not None and (answer or name in ("done", "pain", "heaviness")):
            yield said(f"today.told.{name}_{'yes' if answer else 'no'}")


def _titles(day: PlannedDay, found: Found) -> list[str]:
    times = Counter(session_title(session, found.words) for session in day.listening)
    return [f"{n} × {title}" if n > 1 else title for title, n in times.items()]


def _player(slug: str, view: View) -> Player | None:
    """The player of the pack; ``None`` if its page was made by another version."""
    page = view.contents.get(PAGE_FILE)
    parsed = None if page is None else remaining.data_of(page.read(0, page.size))
    if parsed is None or not parsed[0]:
        return None
    files, data = parsed
    listed = view.manifest
    place = f"{slug}/{folder_name(listed.week)}/"
    words = messages.words(listed.language).section("page_script")
    return Player(manifest=listed, place=place, files=tuple(files), data={**data, "words": words})
