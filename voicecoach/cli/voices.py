"""The words of ``voicecoach voices`` -> one call below. No logic."""

import sys
from pathlib import Path
from typing import Any

import click

from voicecoach import messages
from voicecoach.cli.options import jobs_option, json_option, out_option, shared, week_option
from voicecoach.cli.terminal import TerminalReporter, as_called, say, table_columns


@click.group(invoke_without_command=True)
@click.option("--language", metavar="CODE", help="Only voices for this language, such as nl.")
@click.option("--all", "all_", is_flag=True, help="Also the voices that are not recommended.")
@json_option
@click.pass_context
def voices(ctx: click.Context, language: str | None, all_: bool, as_json: bool) -> None:
    """List the voices there are, and get more.

    Use one with: voicecoach build --voice espeak:nl+f3

    Without a command it lists them.
    """
    if ctx.invoked_subcommand is not None:
        return
    from voicecoach.cli import tables
    from voicecoach.speech import voices as speech_voices

    offers = speech_voices.offers(
        [*messages.languages()] if language is None else [language], TerminalReporter().note
    )
    click.echo(
        tables.voices_json(offers)
        if as_json
        else as_called(tables.voices_table(offers, table_columns(), chosen=_chosen(), all_=all_))
    )


def _chosen() -> tuple[str, ...]:
    """The voices in the profile of the current folder; none where there is no profile."""
    if not Path("voicecoach.yaml").exists():
        return ()  # what reads YAML is slow to import
    from voicecoach.profile import client

    hers = client.find(Path(), lambda remark: None)
    return () if hers is None else hers.profile.voices


@voices.command()
@click.argument("voice", nargs=-1)
@shared
@out_option("output/audition")
@jobs_option
def audition(voice: tuple[str, ...], out: Path, jobs: int, **asked: Any) -> None:
    """Hear voices: a file for each, all saying the same ten cues.

    Without a VOICE, all that are usable here. Example:

        voicecoach voices audition espeak:nl+f2 recorded:my-voice
    """
    from voicecoach.authoring import audition as auditions
    from voicecoach.cli import context
    from voicecoach.rendering.renderer import Renderer

    reporter = TerminalReporter()
    chosen = context.choose(**asked, tell=reporter.note)
    programme, words = chosen.programme, chosen.words
    with Renderer(jobs, reporter) as renderer:
        specs = voice or auditions.voices_to_hear(words, reporter.note)
        heard = list(auditions.write_all(programme, words, specs, out, renderer, reporter.note))
    for path in heard:
        click.echo(path)
    sys.exit(0 if len(heard) == len(specs) else 1)


@voices.command()
@click.argument("voice")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Take the files from this folder instead of the internet.",
)
def install(voice: str, source: Path | None) -> None:
    """Get a natural voice. The one command that uses the internet.

    It is needed once; then the voice works offline. Example:

        voicecoach voices install piper:nl_BE-nathalie-medium
    """
    from voicecoach.cli import tables
    from voicecoach.speech import voices as speech_voices

    say(tables.installed_line(speech_voices.install(voice, source, TerminalReporter())))


@voices.command()
@week_option("1-6")
@shared
@out_option("output/prompts")
def prompts(weeks: range | str, out: Path, **asked: Any) -> None:
    """List every sentence to record for a voice of your own.

    Writes a table (CSV) and a page to print (HTML), with a file name for each. Example:

        voicecoach voices prompts --week 1-6
    """
    from voicecoach.authoring import prompts
    from voicecoach.authoring import prompts as prompt_lists
    from voicecoach.cli import context
    from voicecoach.files import write_whole
    from voicecoach.planning import plan

    chosen = context.choose(**asked, tell=TerminalReporter().note)
    programme, words = chosen.programme, chosen.words
    listed = prompt_lists.of_weeks(programme, words, plan.weeks_asked(programme, weeks))
    for suffix, data in (
        ("csv", prompts.csv_file(listed)),
        ("html", prompts.html_page(listed, words).encode()),
    ):
        path = out / f"prompts-{words.language}.{suffix}"
        write_whole(path, data)
        click.echo(path)


@voices.command()
@click.argument("voice")
@week_option("1-6")
@shared
def verify(voice: str, weeks: range | str, **asked: Any) -> None:
    """Have a voice speak every short cue, and keep its best takes.

    Neural voices sometimes garble one or two words. A take that is implausible, or that a
    recogniser mishears where one is installed, is drawn again; the best one is used from then on. A
    cue without a plausible take is left to the next voice. Example:

        voicecoach voices verify piper:en_US-joe-medium --language en
    """
    from voicecoach.authoring import recogniser, short_cues
    from voicecoach.cli import context, tables
    from voicecoach.planning import plan
    from voicecoach.speech import voices as speech_voices

    chosen = context.choose(**asked, tell=TerminalReporter().note)
    programme, words = chosen.programme, chosen.words
    if not recogniser.is_installed(words.language):
        TerminalReporter().note(
            f"no recogniser of {words.language!r} is installed (the extra voicecoach[recogniser]):"
            " only lengths and levels are checked"
        )
    texts = short_cues.cues(programme, words, plan.weeks_asked(programme, weeks))
    say(tables.cue_line("cue", "heard", "tries"))
    verified = []
    for each in short_cues.verify(voice, words, texts):
        verified.append(each)
        click.echo(tables.verified_line(each))
    speech_voices.keep_draws(voice, {each.text: each.draw for each in verified})
    say(tables.verified_summary(verified))
    sys.exit(0 if all(each.draw for each in verified) else 1)
