"""Options and the profile -> what a command works with: programme, words, voice, client."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import environment
from voicecoach.cli.terminal import say
from voicecoach.content.clinical_state import ANYONE, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance, Translation
from voicecoach.dates import LAST_DAY
from voicecoach.messages import USUAL, Message
from voicecoach.planning import gates, plan, prescribed_limits
from voicecoach.profile import client, prescription_file
from voicecoach.profile.check_ins import Tell
from voicecoach.profile.client import Hers

if TYPE_CHECKING:
    from voicecoach.cache import Cache
    from voicecoach.cli.terminal import TerminalReporter
    from voicecoach.pack.verdict import Judge
    from voicecoach.planning.planned import PlannedSession
    from voicecoach.rendering.job import Setting
    from voicecoach.rendering.renderer import Renderer
    from voicecoach.script.timeline import Timeline
    from voicecoach.speech.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a command works with: its options first, then the client's profile."""

    programme: Programme
    words: Translation
    voices: tuple[str, ...]
    guidance: Guidance | None
    hers: Hers | None
    """``None`` where there is no profile."""

    @property
    def situation(self) -> Situation:
        """Hers, or that of anyone."""
        return ANYONE if self.hers is None else self.hers.situation

    @property
    def name(self) -> str | None:
        """Hers, if she told it."""
        return None if self.hers is None else self.hers.profile.name

    @property
    def weeks(self) -> range:
        """The week she is in and the next, as far as the programme goes; without a profile, the
        first."""
        if self.hers is None:
            return range(1, 2)
        return plan.weeks_from(self.programme, self.hers.week)


def programme_folder(folder: Path | None, programme_name: str) -> Path:
    """``folder``, or where there is none that of the built-in programme called so."""
    return programme_reader.built_in(programme_name) if folder is None else folder


def choose(
    *,
    folder: Path | None,
    programme_name: str,
    language: str | None,
    voices: tuple[str, ...] = (),
    guidance: Guidance | None = None,
    tell: Tell,
) -> Choice:
    """Reads the programme in ``folder``, or the built-in one called ``programme_name``, and her
    profile in the current folder. ``tell`` receives non-fatal warnings.

    Raises ContentError, StorageError, NotInProgrammeError.
    """
    opened = programme_reader.read(programme_folder(folder, programme_name))
    hers = client.find(Path(), tell)
    profile = None if hers is None else hers.profile
    if hers is not None:
        client.refuse_other(opened, hers.profile)
        faults = prescribed_limits.faults(opened, hers.situation)
        prescription_file.refuse(Path(), hers.prescriptions, faults)
    spoken = language or (profile.language if profile is not None else USUAL)
    return Choice(
        programme=opened,
        words=opened.words_in(spoken),
        voices=voices or (() if profile is None else profile.voices),
        guidance=guidance or (None if profile is None else profile.guidance),
        hers=hers,
    )


def say_after_the_year() -> None:
    """Says on standard error what there is to do if the client's year is over; for commands that
    read no programme."""
    hers = client.find(Path(), lambda remark: None, passed_over=("language",))
    if hers is not None and hers.day > LAST_DAY:
        from voicecoach.cli.interview import replies
        from voicecoach.cli.terminal import say

        goes_on = not gates.may_be_shut(hers.situation)
        say("\n".join(replies.after_the_end(LAST_DAY, hers, goes_on=goes_on)), err=True)


def open_programme(folder: Path | None) -> Programme:
    """The programme in ``folder``, or the built-in one. Raises ContentError, StorageError."""
    return programme_reader.read(programme_reader.built_in() if folder is None else folder)


def remake(
    judge: "Judge",
    outs: Iterable[Path],
    reporter: "TerminalReporter",
    weeks: Collection[int] | None,
) -> None:
    """Makes the packs of ``weeks``, or all, again that are not as planned, and says so. Raises
    StorageError, RenderError."""
    from voicecoach.cli.terminal import SilentReporter
    from voicecoach.pack import build, places, safeguard
    from voicecoach.rendering.renderer import Renderer

    known = places.read(Path())
    wrong = build.wrong_packs(judge, [*outs, *known.outs], weeks)
    if not wrong:
        return
    jobs = environment.cores()
    with Renderer(jobs, reporter) as renderer, Renderer(1, SilentReporter()) as greeter:
        built = build.remake(wrong, judge, known, (renderer, greeter), reporter.note)
    if built:
        packs = ", ".join(dict.fromkeys(pack.folder.name for pack in built))
        sentence = Message("build.made_again", packs=packs)
        say(reporter.words("withdrawn.and_then", sentence=sentence), err=True)
        safeguard.find(Path(), outs, reporter.note)  # she may have told more meanwhile


# What speaks and renders is slow to import, and not every command does.


def open_speaker(
    words: Translation, asked: Sequence[str], tell: Tell, cache: "Cache | None" = None
) -> "Speaker":
    """Who speaks ``words``: the first usable voice of ``asked``, or the usual one if none is asked
    for. What is wrong with any is reported to ``tell``. Recordings are kept in
    ``cache``, or in that of the user.

    Raises SpeechError, ContentError.
    """
    from voicecoach.cache import user_cache
    from voicecoach.speech import voices

    return voices.open_speaker(asked or voices.usual(words), words, cache or user_cache(), tell)


def open_setting(*, night: bool, bed: str | None) -> "Setting":
    """The levels and the bed of a build. Raises BedError."""
    from voicecoach.audio.signal import DAY, NIGHT
    from voicecoach.rendering import job

    found = None if bed is None else job.find_bed(bed)
    return job.Setting(preset=NIGHT if night else DAY, bed=found)


def timed_script(
    session: "PlannedSession", words: Translation, speaker: "Speaker", renderer: "Renderer"
) -> "Timeline":
    """The timeline of ``session`` as a build renders it; speaks what is not recorded yet."""
    from voicecoach.rendering.job import PLAIN_DAY
    from voicecoach.script import writer

    [sound] = renderer.timed([writer.write(session, words)], speaker, PLAIN_DAY)
    return sound.timeline
