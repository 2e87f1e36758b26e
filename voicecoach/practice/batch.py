"""A practice's clients -> a pack for each. Renders what several clients share once.

Clients are served in groups: what a group needs is rendered together, on all processes, and each
pack is written from what the clients share.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from voicecoach import private_files
from voicecoach.cache import Cache
from voicecoach.errors import ProcessLostError, RenderError, StorageError, VoicecoachError
from voicecoach.pack import greeting, layout, places, safeguard, verdict
from voicecoach.pack.build import wrong_packs
from voicecoach.pack.files import PackFiles
from voicecoach.pack.folder import PackFolder
from voicecoach.pack.greeting import Greeting
from voicecoach.pack.layout import PlannedPack
from voicecoach.pack.shared_files import SharedFiles
from voicecoach.pack.tracks import Production
from voicecoach.pack.verdict import Judge
from voicecoach.planning import plan
from voicecoach.practice import holds, leaving, roster_folder, roster_prescription
from voicecoach.practice.desk import Desk, Losses
from voicecoach.practice.licences import Licences
from voicecoach.practice.order import Order
from voicecoach.practice.programmes import Course
from voicecoach.practice.report import Outcome, State, failed
from voicecoach.practice.roster import Client
from voicecoach.profile.client import Hers
from voicecoach.rendering.renderer import Renderer, Reporter
from voicecoach.speech.voices import open_speaker

_AT_A_TIME = 50
"""So many clients are served together: enough to keep many processes at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A client and the packs to build."""

    client: Client
    course: Course
    hers: Hers
    desk: Desk
    packs: tuple[PlannedPack, ...]


class Practice:
    """Serves clients by one order, and remembers what it prepared for earlier ones."""

    def __init__(
        self, order: Order, renderer: Renderer, greeter: Renderer, cache: Cache, reporter: Reporter
    ) -> None:
        """``renderer`` renders what packs share; ``greeter`` renders what is personal, on this
        machine."""
        self._order = order
        self._renderer = renderer
        self._greeter = greeter
        self._cache = cache
        self._reporter = reporter
        self._shared = SharedFiles(order.out / greeting.OWN_FOLDER / "files")
        self._usual = Course(programme=order.programme, content=order.wishes.content)
        self._desks: dict[tuple[int, str, tuple[str, ...]], Desk] = {}
        self._losses = Losses()
        self._licences = Licences(confirmed=order.licence_confirmed, tell=reporter.note)
        self._on_hold: dict[str, tuple[str, ...]] = {}

    def serve(self, wanted: Iterable[Client]) -> Iterator[Outcome]:
        """Builds what each client lacks; one who cannot be served does not affect the others.

        Raises RenderError if nothing more can be rendered.
        """
        waiting, first = iter(wanted), 1
        while group := list(islice(waiting, _AT_A_TIME)):
            name = f"clients {first}-{first + len(group) - 1}"
            for outcome in self._serve_together(group, name):
                yield replace(outcome, on_hold=self._on_hold.get(outcome.client, ()))
            first += len(group)
        self._shared.remove_unused()

    def _serve_together(self, group: Sequence[Client], name: str) -> Iterator[Outcome]:
        visits: list[_Visit] = []
        for client in group:
            try:
                visit = self._visit(client)
            except VoicecoachError as error:
                yield failed(client.id, error)
                continue
            if visit.packs:
                visits.append(visit)
            else:
                last = plan.last_week(visit.course.programme)
                reason = f"the programme ends with week {last}"
                yield Outcome(client=client.id, state=State.ENDED, reason=reason)
        for desk in self._desks.values():
            at_desk = [visit for visit in visits if visit.desk is desk]
            try:
                desk.prepare(pack for visit in at_desk for pack in visit.packs)
            except RenderError:
                raise
            except VoicecoachError as error:
                yield from (failed(visit.client.id, error) for visit in at_desk)
                visits = [visit for visit in visits if visit.desk is not desk]
        with (
            self._reporter.stage(name, len(visits)) as done,
            self._greetings(visits) as greetings,
        ):
            for visit, greets in zip(visits, greetings, strict=True):
                yield self._delivered(visit, greets)
                done(1, visit.client.id)
        self._renderer.note_caches(self._cache)

    def _visit(self, client: Client) -> _Visit:
        order = self._order
        folder = self._within(order.out / client.id)
        course = client.course or self._usual
        programme = course.programme
        hers = roster_folder.open_client(
            client, folder, order.today, programme, self._reporter.note
        )
        place = folder if client.folder is None else client.folder
        has_check_ins = (place / private_files.CHECK_INS).exists()
        self._on_hold[client.id] = holds.of(programme, hers, has_check_ins=has_check_ins)
        judge = self._withdraw(place, client.id, folder, hers, course)
        told = hers
        hers = roster_prescription.keep(client, place, programme, told)  # it may be refused
        if hers is not told:
            judge = self._withdraw(place, client.id, folder, hers, course)
        voices = order.wishes.voices or hers.profile.voices
        desk = self._desk(course, hers.profile.language, voices)
        guidance = order.wishes.guidance or hers.profile.guidance
        words = desk.production.words
        asked = course.weeks(hers, order.weeks)
        leaving.remove_old_packs(folder, hers.week - order.keep_weeks, asked, self._cache)
        wrong = wrong_packs(judge, [folder]) if asked else ()
        also = (pack.manifest.week for pack in wrong if pack.slug == words.folder)
        weeks = sorted({*asked, *also})
        packs = layout.plan_packs(programme, words, weeks, guidance, hers.situation)
        return _Visit(client=client, course=course, hers=hers, desk=desk, packs=tuple(packs))

    def _withdraw(self, place: Path, id_: str, folder: Path, hers: Hers, course: Course) -> Judge:
        """Removes what the client's answers forbid from the packs of all weeks, also of those that
        were built elsewhere. Her own folder remembers that there are packs in ``folder``."""
        wishes = replace(self._order.wishes, content=course.content)
        places.remember(place, folder, wishes.paths(course.programme))
        return safeguard.apply(
            hers,
            place,
            [folder],
            lambda remark: self._reporter.note(f"{id_}: {remark}"),
            syncs=True,
        )

    def _within(self, folder: Path) -> Path:
        """``folder``. Raises StorageError if it links to a place outside the output folder."""
        if not folder.resolve().is_relative_to(self._order.out.resolve()):
            raise StorageError(f"{folder}: leads out of {self._order.out}; remove this link")
        return folder

    def _desk(self, course: Course, language: str, voices: tuple[str, ...]) -> Desk:
        key = id(course.programme), language, voices
        if key not in self._desks:
            words = course.programme.words_in(language)
            self._licences.check(voices)
            specs = voices or self._licences.usual(words)
            speaker = open_speaker(specs, words, self._cache, self._reporter.note)
            production = Production(
                programme=course.programme,
                words=words,
                speaker=speaker,
                setting=self._order.setting,
                options=replace(self._order.wishes, content=course.content).options,
                plan_key=verdict.obtain_key(),
            )
            self._desks[key] = Desk(
                production=production, renderer=self._renderer, losses=self._losses
            )
        return self._desks[key]

    @contextmanager
    def _greetings(self, visits: Sequence[_Visit]) -> Iterator[list[Future[Greeting | None]]]:
        """The greeting of each visit, made in order while packs are written."""
        with ThreadPoolExecutor(1) as thread:
            greetings = [thread.submit(self._greeting, visit) for visit in visits]
            try:
                yield greetings
            finally:
                thread.shutdown(cancel_futures=True)

    def _greeting(self, visit: _Visit) -> Greeting | None:
        shared = visit.desk.production
        make = partial(
            greeting.make,
            visit.hers.profile.name,
            shared.words,
            shared.speaker,
            shared.setting,
            self._order.out / visit.client.id,
            self._greeter,
        )
        try:
            return make()
        except ProcessLostError:
            return make()  # an earlier attempt lost its process; this one starts another

    def _delivered(self, visit: _Visit, greets: Future[Greeting | None]) -> Outcome:
        try:
            visit.desk.check(visit.packs)
        except ProcessLostError as error:
            return failed(visit.client.id, error)
        try:
            outcome = self._deliver(visit, greets.result())
        except ProcessLostError as error:
            self._losses.add(error)
            return failed(visit.client.id, error)
        except RenderError:
            raise
        except VoicecoachError as error:
            outcome = failed(visit.client.id, error)
        self._losses.end()
        return outcome

    def _deliver(self, visit: _Visit, greets: Greeting | None) -> Outcome:
        shared, place = visit.desk.production, self._order.out / visit.client.id
        production = replace(shared, greeting=greets)
        tracks = duration_ms = changed = 0
        for pack in visit.packs:
            path = place / shared.words.folder / layout.folder_name(pack.week)
            folder = PackFolder(self._within(path), self._cache, self._shared)
            files = PackFiles(pack, visit.desk.sounds, production, self._renderer.encoded)
            files.put_in(folder)
            tracks += len(files.tracks)
            duration_ms += sum(each.sound.timeline.duration_ms for each in files.tracks)
            changed += len(folder.changed)
        return Outcome(
            client=visit.client.id,
            state=State.BUILT if changed else State.UNCHANGED,
            tracks=tracks,
            duration_ms=duration_ms,
        )
