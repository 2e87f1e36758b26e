"""The words of the command line -> one call below. No logic."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from voicecoach import __version__, listing, pack, plan, store, studio, week
from voicecoach.errors import VoicecoachError
from voicecoach.speech import voices as speech_voices
from voicecoach.terminal import TerminalReporter
from voicecoach.words import Guidance
from voicecoach.workshop import Workshop, default_jobs

Command = TypeVar("Command", bound=Callable[..., Any])

_WEEKS = re.compile(r"([1-9][0-9]{0,3})(?:-([1-9][0-9]{0,3}))?")


class _Group(click.Group):
    """Shows our own errors as one clear message, exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VoicecoachError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            raise  # whoever read our output has seen enough; click ends quietly
        except OSError as error:
            what = error.filename or "the output"
            raise click.ClickException(f"{what}: cannot be written: {error.strerror}") from error


class _Weeks(click.ParamType[range | str]):
    """A week, a range of weeks, or ``all``."""

    name = "weeks"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> range | str:
        if isinstance(value, range) or value == "all":
            return value if isinstance(value, range) else "all"
        match = _WEEKS.fullmatch(str(value))
        if match is None or int(match[1]) > int(match[2] or match[1]):
            self.fail(f"{value!r} is no week; write 3, or 1-6, or all. Weeks count from 1.")
        return range(int(match[1]), int(match[2] or match[1]) + 1)


def _shared(command: Command) -> Command:
    """Options that most commands have."""
    for option in (
        click.option(
            "--content",
            type=click.Path(path_type=Path),
            metavar="FOLDER",
            help="A programme of your own, instead of the built-in one.",
        ),
        click.option(
            "--language", default="nl", show_default=True, metavar="CODE", help="nl or en."
        ),
    ):
        command = option(command)
    return command


_voice_option = click.option(
    "--voice", metavar="VOICE", help="Who speaks, such as espeak:nl+f3. See: voicecoach voices"
)
_guidance_option = click.option(
    "--guidance",
    type=click.Choice([guidance.value for guidance in Guidance]),
    callback=lambda ctx, param, value: None if value is None else Guidance(value),
    help="How much is spoken: each step, little, or next to nothing. Normally each step in the"
    " first days, then little.",
)
_jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=default_jobs,
    metavar="N",
    help="How many processes work side by side. Normally one for each core.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="For machines: JSON.")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voicecoach")
def main() -> None:
    """Pelvic-floor training after birth, as sound files for your phone.

    Start with this. It makes the files of week 3 and says where they are:

        voicecoach build --week 3

    Nothing leaves this computer.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command()
@click.option(
    "--week",
    "weeks",
    type=_Weeks(),
    default="1",
    show_default=True,
    help="Week since the birth: 3, or 1-6, or all.",
)
@_shared
@_voice_option
@_guidance_option
@click.option("--night", is_flag=True, help="Softer, with lower tones: for listening at night.")
@click.option(
    "--bed",
    metavar="SOUND",
    help="A soft sound underneath: brown, waves or rain, or a sound file of your own (WAV, MP3,"
    " FLAC, OGG).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="FOLDER",
    help="Where the files go.",
)
@_jobs_option
def build(
    weeks: range | str,
    content: Path | None,
    language: str,
    voice: str | None,
    guidance: Guidance | None,
    night: bool,
    bed: str | None,
    out: Path,
    jobs: int,
) -> None:
    """Make the sound files of a week.

    Week 1 begins on the day after the birth. Example, weeks 1 to 6 in English:

        voicecoach build --week 1-6 --language en
    """
    with Workshop(jobs, TerminalReporter()) as workshop:
        workshop.warm_up(store.user_cache())
        programme = studio.open_programme(content)
        words = studio.open_words(programme, language)
        packs = week.plan_packs(programme, words, plan.weeks_asked(programme, weeks), guidance)
        built = pack.build(
            programme,
            words,
            packs,
            studio.open_speaker(words, voice),
            out,
            workshop,
            studio.open_setting(night=night, bed=bed),
        )
    for line in map(listing.built_line, built):
        click.echo(line)


@main.command("plan")
@click.option(
    "--week",
    "weeks",
    type=_Weeks(),
    default="all",
    show_default=True,
    help="Week since the birth: 3, or 1-6, or all.",
)
@_shared
@_guidance_option
@_json_option
def plan_command(
    weeks: range | str,
    content: Path | None,
    language: str,
    guidance: Guidance | None,
    as_json: bool,
) -> None:
    """Show the calendar: which sessions on which day.

    Example: voicecoach plan --week 3
    """
    programme = studio.open_programme(content)
    words = studio.open_words(programme, language)
    show = listing.plan_json if as_json else listing.plan_table
    days = plan.plan_weeks(programme, plan.weeks_asked(programme, weeks), guidance)
    click.echo(show(days, words, lambda session: studio.estimate_ms(session, words)))


def _complete_session(ctx: click.Context, param: click.Parameter, incomplete: str) -> Iterable[str]:
    try:
        programme = studio.open_programme(ctx.params.get("content"))
    except VoicecoachError:
        return []  # while a line is being typed there is nowhere to say so
    return [session.id for session in programme.sessions if session.id.startswith(incomplete)]


@main.command()
@click.argument("session", shell_complete=_complete_session)
@click.option(
    "--day",
    type=click.IntRange(1),
    metavar="N",
    help="Day since the birth. Normally the first day on which the session is done.",
)
@_shared
@_voice_option
@_guidance_option
@_jobs_option
@_json_option
def script(
    session: str,
    day: int | None,
    content: Path | None,
    language: str,
    voice: str | None,
    guidance: Guidance | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Show what is heard in a session, second by second.

    Example: voicecoach script endurance --day 15
    """
    programme = studio.open_programme(content)
    words = studio.open_words(programme, language)
    on_day = plan.first_day(programme, session) if day is None else day
    planned = plan.plan_session(programme, session, on_day, guidance)
    speaker = studio.open_speaker(words, voice)
    with Workshop(jobs, TerminalReporter()) as workshop:
        timeline = studio.timed_script(planned, words, speaker, workshop)
    if as_json:
        click.echo(
            listing.script_json(timeline, language=language, voice=speaker.voice.spec, day=on_day)
        )
    else:
        click.echo(listing.script_table(timeline))


@main.command()
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A programme of your own, instead of the built-in one.",
)
@_jobs_option
def check(content: Path | None, jobs: int) -> None:
    """Check a programme: files, doses, and whether the words fit.

    Exit code 1 where something is to be mended. Example:

        voicecoach check --content my-programme
    """
    programme = studio.open_programme(content)
    speakers = {
        language: studio.open_speaker(words, None)
        for language, words in programme.translations.items()
    }
    with Workshop(jobs, TerminalReporter()) as workshop:
        remarks = studio.remarks(programme, speakers, workshop)
    for remark in remarks:
        click.echo(str(remark))
    click.echo(listing.check_line(programme, len(remarks)), err=bool(remarks))
    sys.exit(1 if remarks else 0)


@main.command()
@click.option("--language", metavar="CODE", help="Only voices for this language, such as nl.")
@_json_option
def voices(language: str | None, as_json: bool) -> None:
    """List the voices you can use here.

    Use one with: voicecoach build --voice espeak:nl+f3
    """
    offers = speech_voices.offers(["nl", "en"] if language is None else [language])
    click.echo(listing.voices_json(offers) if as_json else listing.voices_table(offers))
