"""The commands there are. Each is imported when it is called: ``--help`` reads none of them."""

import click

from voicecoach import __version__
from voicecoach.cli_group import Group, LazyCommand


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voicecoach")
def main() -> None:
    """Pelvic-floor training after birth, as sound files for your phone.

    Start with this. It makes the files of week 3 and says where they are:

        voicecoach build --week 3

    Nothing leaves this computer.
    """


for name, short_help in {
    "batch": "Make a pack for every client of a practice.",
    "build": "Make the sound files of a week.",
    "check": "Check a programme: files, doses, and whether the words fit.",
    "checkin": "Tell how a day went; the plan follows.",
    "init": "Tell about you and the birth, so that the plan fits you.",
    "new": "Begin a programme of your own, that works at once.",
    "plan": "Show the calendar: which sessions on which day.",
    "script": "Show what is heard in a session, second by second.",
    "serve": "Let your phone play the weeks over your own wifi.",
    "sync": "Copy the weeks you made to your phone, a card or a folder.",
    "voices": "List the voices there are, and get more.",
}.items():
    main.add_command(LazyCommand(name, short_help))
