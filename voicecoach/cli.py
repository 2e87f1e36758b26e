"""The words of the command line -> one call below. No logic."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from voicecoach import __version__, listing, pack, plan, store, studio, week
from voicecoach.cli_serve import serve
from voicecoach.cli_sync import sync
from voicecoach.cli_voices import voices as voices_commands
from voicecoach.errors import VoicecoachError
from voicecoach.options import (
    content_option,
    guidance_option,
    jobs_option,
    json_option,
    out_option,
    shared,
    voices_option,
    week_option,
)
from voicecoach.terminal import TerminalReporter
from voicecoach.words import Guidance
from voicecoach.workshop import Workshop


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
@week_option("1")
@shared
@voices_option
@guidance_option
@click.option("--night", is_flag=True, help="Softer, with lower tones: for listening at night.")
@click.option(
    "--bed",
    metavar="SOUND",
    help="A soft sound underneath: brown, waves or rain, or a sound file of your own (WAV, MP3,"
    " FLAC, OGG).",
)
@out_option("output")
@jobs_option
def build(
    weeks: range | str,
    content: Path | None,
    language: str,
    voices: tuple[str, ...],
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
    reporter = TerminalReporter()
    with Workshop(jobs, reporter) as workshop:
        workshop.warm_up(store.user_cache())
        programme = studio.open_programme(content)
        words = studio.open_words(programme, language)
        packs = week.plan_packs(programme, words, plan.weeks_asked(programme, weeks), guidance)
        built = pack.build(
            programme,
            words,
            packs,
            studio.open_speaker(words, voices, reporter.note),
            out,
            workshop,
            studio.open_setting(night=night, bed=bed),
        )
    for line in map(listing.built_line, built):
        click.echo(line)


@main.command("plan")
@week_option("all")
@shared
@guidance_option
@json_option
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
@shared
@voices_option
@guidance_option
@jobs_option
@json_option
def script(
    session: str,
    day: int | None,
    content: Path | None,
    language: str,
    voices: tuple[str, ...],
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
    reporter = TerminalReporter()
    speaker = studio.open_speaker(words, voices, reporter.note)
    with Workshop(jobs, reporter) as workshop:
        timeline = studio.timed_script(planned, words, speaker, workshop)
    if as_json:
        click.echo(
            listing.script_json(timeline, language=language, voice=speaker.voice.spec, day=on_day)
        )
    else:
        click.echo(listing.script_table(timeline))


@main.command()
@content_option
@click.option("--language", metavar="CODE", help="Only the words in this language, such as nl.")
@voices_option
@jobs_option
def check(content: Path | None, language: str | None, voices: tuple[str, ...], jobs: int) -> None:
    """Check a programme: files, doses, and whether the words fit.

    Exit code 1 where something is to be mended. Examples:

        voicecoach check --content my-programme

        voicecoach check --language nl --voice recorded:my-voice
    """
    programme = studio.open_programme(content)
    remarks: list[str] = []
    speakers = {
        each: studio.open_speaker(studio.open_words(programme, each), voices, remarks.append)
        for each in ([language] if language else programme.translations)
    }
    with Workshop(jobs, TerminalReporter()) as workshop:
        remarks += map(str, studio.remarks(programme, speakers, workshop))
    for remark in remarks:
        click.echo(remark)
    click.echo(listing.check_line(programme, list(speakers), len(remarks)), err=bool(remarks))
    sys.exit(1 if remarks else 0)


main.add_command(voices_commands)
main.add_command(sync)
main.add_command(serve)
