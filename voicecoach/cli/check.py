"""``voicecoach check``: remarks on a programme, and the report to sign."""

import sys
from datetime import datetime
from pathlib import Path

import click

from voicecoach import environment
from voicecoach.cli.options import jobs_option, voices_option, which_programme
from voicecoach.cli.terminal import TerminalReporter, say


@click.command()
@which_programme
@click.option("--language", metavar="CODE", help="Only the words in this language, such as nl.")
@voices_option
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every prescription, day by day, as a page (HTML) for a physiotherapist to sign.",
)
@click.option(
    "--sign",
    "signer",
    metavar="NAME",
    help="Sign the programme as it is now, if there are no remarks: your name and register number."
    " Kept in signed.yaml beside it; check and the report name it from then on.",
)
@jobs_option
def check(
    programme_name: str,
    folder: Path | None,
    language: str | None,
    voices: tuple[str, ...],
    report: Path | None,
    signer: str | None,
    jobs: int,
) -> None:
    """Check a programme: files, doses, and whether the words fit.

    Exit code 1 where something is to be mended. Examples:

        voicecoach check --content my-programme

        voicecoach check --language nl --voice recorded:my-voice

        voicecoach check --report sign-off.html --language nl

        voicecoach check --content my-programme --sign "A. Jansen, 19012345678"
    """
    from voicecoach.authoring import check, signature
    from voicecoach.cli import context, tables
    from voicecoach.rendering.renderer import Renderer

    if signer is not None and (fault := signature.name_fault(signer)):
        raise click.UsageError(fault)
    place = context.programme_folder(folder, programme_name)
    programme = context.open_programme(place)
    languages = [language] if language else list(programme.translations)
    if report is not None:
        languages = languages[:1]  # a page to sign is in one language
    remarks: list[str] = []
    speakers = {
        each: context.open_speaker(programme.words_in(each), voices, remarks.append)
        for each in languages
    }
    remarks += check.language_remarks(place)
    with Renderer(jobs, TerminalReporter()) as renderer:
        remarks += map(str, check.check(programme, speakers, renderer))
    if signer is not None and not remarks:
        signature.sign(place, programme, signer, environment.today(datetime.date))
    if report is not None:
        from voicecoach.authoring import sign_off_page  # Jinja: slow to import

        words = programme.words_in(languages[0])
        sign_off_page.write(place, programme, words, remarks, report)
        click.echo(report)
    else:
        for remark in remarks:
            say(remark, indent="  ")
        say(tables.check_line(programme, list(speakers), len(remarks)), err=bool(remarks))
        for each, is_current in signature.standing(place, programme):
            say(tables.signature_line(each, is_current=is_current))
    if signer is not None and remarks:
        say("Not signed: mend what is remarked first.", err=True)
    sys.exit(1 if remarks and (report is None or signer is not None) else 0)
