"""``voicecoach signs``: reads the options, and writes the page to hang up."""

from pathlib import Path

import click

from voicecoach import countries
from voicecoach.cli.options import shared


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html")
@shared
@click.option(
    "--country",
    type=click.Choice(countries.codes()),
    help="Whom to call. Normally that of your profile, or where the language is spoken.",
)
def signs(
    file: Path, folder: Path | None, programme_name: str, language: str | None, country: str | None
) -> None:
    """Write when to call and whom, to print and hang up.

    Example: voicecoach signs when-to-call.html --country nl
    """
    from voicecoach import messages
    from voicecoach.authoring import signs_page
    from voicecoach.cli import context
    from voicecoach.cli.interview import danger_signs
    from voicecoach.cli.terminal import say
    from voicecoach.profile import client

    # Whatever is wrong with her profile, this page can be had.
    spoken = language or client.language(Path()) or messages.USUAL
    programme = context.open_programme(context.programme_folder(folder, programme_name))
    words = programme.words_in(spoken)
    found = country or danger_signs.country_of_client(Path(), spoken)
    signs_page.write(programme, words, found, file)
    say(messages.words(spoken)("signs_page.written", file=file))
