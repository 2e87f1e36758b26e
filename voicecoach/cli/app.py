"""The commands, each imported when it is called, and how they end after an error."""

import errno
from importlib import import_module
from typing import Any

import click

from voicecoach import __version__, environment
from voicecoach.cli.terminal import fitted
from voicecoach.errors import VoicecoachError


class LazyCommand(click.Command):
    """A command that is imported when it is called: ``build`` is ``voicecoach.cli.build.build``."""

    def __init__(self, name: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self._name = name

    def load(self) -> click.Command:
        """The command itself."""
        command: click.Command = getattr(import_module(f"voicecoach.cli.{self._name}"), self._name)
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """That of the command itself. See :class:`click.Command`."""
        return self.load().make_context(info_name, args, parent, **extra)


class Group(click.Group):
    """Shows our own errors as one clear message, exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """See :class:`click.Group`."""
        try:
            return super().invoke(ctx)
        except VoicecoachError as error:
            raise click.ClickException(_fitted(str(error))) from error
        except click.UsageError as error:
            raise click.UsageError(_fitted(error.format_message()), error.ctx) from error
        except BrokenPipeError:
            raise  # whoever read our output has seen enough; click ends quietly
        except (MemoryError, RuntimeError) as error:
            if not environment.exhausted(error):
                raise
            raise click.ClickException(_fitted(_too_little(error))) from error
        except OSError as error:
            if (
                error.filename is None
                and error.errno != errno.EAGAIN
                and environment.exhausted(error)
            ):
                raise click.ClickException(_fitted(_too_little(error))) from error
            what = error.filename or "the output"
            message = f"{what}: cannot be written: {error.strerror}"
            raise click.ClickException(_fitted(message)) from error


def _too_little(error: BaseException) -> str:
    lacking = environment.exhausted(error)
    return (
        f"this computer has too little {lacking} left: close other programs, or allow more"
        " (ulimit -a), and run the command again"
    )


def _fitted(message: str) -> str:
    return fitted(message, err=True, before="Error: ", indent="  ")


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
    "listen": "Measure what is heard in every track of PACK, and draw one.",
    "new": "Begin a programme of your own, that works at once.",
    "plan": "Show the calendar: which sessions on which day.",
    "script": "Show what is heard in a session, second by second.",
    "serve": "Let your phone play the weeks over your own wifi.",
    "sync": "Copy the weeks you made to your phone, a card or a folder.",
    "voices": "List the voices there are, and get more.",
}.items():
    main.add_command(LazyCommand(name, short_help))
