"""The words of the command line -> one call below. No logic."""

import sys
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

import click

from voicecoach import (
    __version__,
    calendar_file,
    choice,
    greeting,
    listing,
    pack,
    plan,
    plan_listing,
    private_file,
    store,
    studio,
    week,
)
from voicecoach.cli_batch import batch
from voicecoach.cli_checkin import checkin
from voicecoach.cli_group import Group
from voicecoach.cli_init import init
from voicecoach.cli_new import new
from voicecoach.cli_serve import serve
from voicecoach.cli_sync import sync
from voicecoach.cli_voices import voices as voices_commands
from voicecoach.errors import VoicecoachError
from voicecoach.options import (
    guidance_option,
    jobs_option,
    json_option,
    out_option,
    shared,
    sound_options,
    voices_option,
    week_option,
    which_programme,
)
from voicecoach.production import Production
from voicecoach.terminal import SilentReporter, TerminalReporter, say
from voicecoach.workshop import Workshop


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voicecoach")
def main() -> None:
    """Pelvic-floor training after birth, as sound files for your phone.

    Start with this. It makes the files of week 3 and says where they are:

        voicecoach build --week 3

    Nothing leaves this computer.
    """


@main.command()
@week_option(None)
@shared
@voices_option
@guidance_option
@sound_options
@out_option("output")
@jobs_option
def build(
    weeks: range | str | None, night: bool, bed: str | None, out: Path, jobs: int, **asked: Any
) -> None:
    """Make the sound files of a week.

    Week 1 begins on the day after the birth. Example, weeks 1 to 6 in English:

        voicecoach build --week 1-6 --language en
    """
    reporter = TerminalReporter()
    with Workshop(jobs, reporter) as workshop, Workshop(1, SilentReporter()) as greeter:
        workshop.warm_up(store.user_cache())
        chosen = choice.choose(**asked, tell=reporter.note)
        programme, words = chosen.programme, chosen.words
        wanted = plan.weeks_asked(programme, weeks or chosen.weeks)
        speaker = studio.open_speaker(words, chosen.voices, reporter.note)
        setting = studio.open_setting(night=night, bed=bed)
        production = Production(
            programme=programme,
            words=words,
            speaker=speaker,
            setting=setting,
            greeting=greeting.make(chosen.name, words, speaker, setting, out, greeter),
        )
        planned = week.plan_packs(programme, words, wanted, chosen.guidance, chosen.situation)
        built = pack.build(production, planned, out, workshop)
    for line in map(listing.built_line, built):
        click.echo(line)


@main.command("plan")
@week_option("all")
@shared
@guidance_option
@json_option
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the sessions as a calendar, for your phone's reminders. Without --week: from today"
    " on.",
)
def plan_command(weeks: range | str, as_json: bool, ics: Path | None, **asked: Any) -> None:
    """Show the calendar: which sessions on which day.

    With a profile it is yours, and says what was moved and why. Examples:

        voicecoach plan --week 3

        voicecoach plan --week 3-6 --ics sessions.ics
    """
    chosen = choice.choose(**asked, tell=TerminalReporter().note)
    programme, words, hers = chosen.programme, chosen.words, chosen.hers
    wanted = plan.weeks_asked(programme, weeks)
    days = plan.plan_weeks(programme, wanted, chosen.guidance, chosen.situation)
    estimate_ms = cache(partial(studio.estimate_ms, words=words))
    birth_date = None if hers is None else hers.profile.birth_date
    if ics is not None:
        if hers is None:
            raise click.UsageError("--ics needs the date of birth: begin with voicecoach init")
        source = click.get_current_context().get_parameter_source("weeks")
        if source is click.core.ParameterSource.DEFAULT:  # who names weeks wants them whole
            days = tuple(day for day in days if day.day >= hers.day)
        private_file.write(ics, calendar_file.ics(hers.profile, days, words, estimate_ms))
        say(f"{ics}: {plan_listing.reminders(days, hers.profile.birth_date)}")
        return
    show = plan_listing.plan_json if as_json else plan_listing.plan_table
    click.echo(show(days, words, estimate_ms, birth_date))


def _complete_session(ctx: click.Context, param: click.Parameter, incomplete: str) -> Iterable[str]:
    try:
        programme = studio.open_programme(ctx.params.get("folder"))
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
def script(session: str, day: int | None, jobs: int, as_json: bool, **asked: Any) -> None:
    """Show what is heard in a session, second by second.

    Example: voicecoach script endurance --day 15
    """
    reporter = TerminalReporter()
    chosen = choice.choose(**asked, tell=reporter.note)
    programme, words, situation = chosen.programme, chosen.words, chosen.situation
    on_day = plan.first_day(programme, session, situation) if day is None else day
    planned = plan.plan_session(programme, session, on_day, chosen.guidance, situation)
    speaker = studio.open_speaker(words, chosen.voices, reporter.note)
    with Workshop(jobs, reporter) as workshop:
        timeline = studio.timed_script(planned, words, speaker, workshop)
    if as_json:
        click.echo(
            listing.script_json(
                timeline, language=words.language, voice=speaker.voice.spec, day=on_day
            )
        )
    else:
        click.echo(listing.script_table(timeline))


@main.command()
@which_programme
@click.option("--language", metavar="CODE", help="Only the words in this language, such as nl.")
@voices_option
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every prescription, day by day, as a page (HTML) for a physiotherapist to sign.",
)
@jobs_option
def check(
    programme_name: str,
    folder: Path | None,
    language: str | None,
    voices: tuple[str, ...],
    report: Path | None,
    jobs: int,
) -> None:
    """Check a programme: files, doses, and whether the words fit.

    Exit code 1 where something is to be mended. Examples:

        voicecoach check --content my-programme

        voicecoach check --language nl --voice recorded:my-voice

        voicecoach check --report sign-off.html --language nl
    """
    place = choice.programme_folder(folder, programme_name)
    programme = studio.open_programme(place)
    if report is not None:
        from voicecoach import check_report  # Jinja: slow to import

        words = studio.open_words(programme, language or next(iter(programme.translations)))
        check_report.write(place, programme, words, report)
        click.echo(report)
        return
    remarks: list[str] = []
    speakers = {
        each: studio.open_speaker(studio.open_words(programme, each), voices, remarks.append)
        for each in ([language] if language else programme.translations)
    }
    with Workshop(jobs, TerminalReporter()) as workshop:
        remarks += map(str, studio.remarks(programme, speakers, workshop))
    for remark in remarks:
        say(remark, indent="  ")
    say(listing.check_line(programme, list(speakers), len(remarks)), err=bool(remarks))
    sys.exit(1 if remarks else 0)


for command in (init, checkin, sync, serve, voices_commands, new, batch):
    main.add_command(command)
