"""The commands, each imported when it is called, and how they end after an error."""

import errno
from importlib import import_module
from typing import IO, Any

import click

from voicecoach import __version__, environment, messages
from voicecoach.cli.terminal import as_called, called_as, fitted
from voicecoach.errors import ContentError, VoicecoachError
from voicecoach.messages import Message, Words

_ENGLISH_COMMANDS = ("batch", "check", "listen", "new", "voices")
_MODULES = {
    **dict.fromkeys(("listen", "new"), "authoring"),
    **dict.fromkeys(("serve", "sync"), "phone"),
}
"""The module of each command that has none of its own name."""


class LazyCommand(click.Command):
    """A command that is imported when it is called: ``build`` is ``voicecoach.cli.build.build``."""

    def __init__(self, name: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self._name = name
        self.module = f"voicecoach.cli.{_MODULES.get(name, name)}"

    def load(self) -> click.Command:
        """The command itself."""
        command: click.Command = getattr(import_module(self.module), self._name)
        for each in (command, *getattr(command, "commands", {}).values()):
            each.help = each.help and as_called(each.help)
            for option in each.params:
                if isinstance(option, click.Option):
                    option.help = option.help and as_called(option.help)
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
    """Shows our own errors as one clear message, exit code 1: to a client in her language."""

    def invoke(self, ctx: click.Context) -> Any:
        """See :class:`click.Group`."""
        try:
            return super().invoke(ctx)
        except VoicecoachError as error:
            said = _words(ctx)
            raise _Refusal(said.error(error), said) from error
        except click.UsageError as error:
            if not isinstance(error.message, Message):
                raise click.UsageError(_fitted(error.format_message()), error.ctx) from error
            raise _Misuse(error, _words(ctx), ctx) from error
        except BrokenPipeError:
            raise  # whoever read our output has seen enough; click ends quietly
        except (MemoryError, RuntimeError) as error:
            if not environment.exhausted(error):
                raise
            raise _too_little(error, _words(ctx)) from error
        except OSError as error:
            if (
                error.filename is None
                and error.errno != errno.EAGAIN
                and environment.exhausted(error)
            ):
                raise _too_little(error, _words(ctx)) from error
            raise _unwritable(error, _words(ctx)) from error


class _Refusal(click.ClickException):
    """What is wrong, in the language of ``said``; what is to be said ``first`` stands above it."""

    def __init__(self, told: str, said: Words, first: str = "") -> None:
        before, _, after = said("terminal.error").partition("{message}")
        message = fitted(told, err=True, before=before, indent="  ")
        super().__init__(f"{first}{before}{message}{after}")

    def show(self, file: IO[Any] | None = None) -> None:
        """See :class:`click.ClickException`."""
        click.echo(self.message, file=file, err=True)


class _Misuse(_Refusal):
    """A command that was called in a way in which it cannot be."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.UsageError, said: Words, ctx: click.Context) -> None:
        used = error.ctx or ctx
        hint = said("terminal.help", command=used.command_path)
        super().__init__(_told(error, said), said, f"{used.get_usage()}\n{hint}\n\n")


def _told(error: click.UsageError, said: Words) -> str:
    if isinstance(error, click.BadParameter) and error.param is not None and error.ctx is not None:
        option = error.param.get_error_hint(error.ctx)
        return said("errors.bad_value", option=option, message=error.message)
    return said.reworded(error.message)


def _words(ctx: click.Context) -> Words:
    """Those of the client, unless the command is one for authors and practices."""
    if ctx.invoked_subcommand in _ENGLISH_COMMANDS:
        return messages.words(messages.ENGLISH)
    from voicecoach.cli.options import client_words  # reads her profile, and needs YAML for it

    try:
        return client_words(ctx)
    except (ContentError, OSError, MemoryError):  # one of which may be what is to be said
        return messages.words(messages.ENGLISH)


def _too_little(error: BaseException, said: Words) -> _Refusal:
    lack = said(f"errors.lacks.{environment.exhausted(error).replace(' ', '_')}")
    return _Refusal(said("errors.too_little", lack=lack), said)


def _unwritable(error: OSError, said: Words) -> _Refusal:
    where = error.filename or said("errors.output")
    return _Refusal(
        said("errors.cannot_be_written", path=where, reason=messages.reason(error)), said
    )


def _fitted(message: str) -> str:
    return fitted(message, err=True, before="Error: ", indent="  ")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voicecoach")
def main() -> None:
    """Pelvic-floor training after birth, as sound files for your phone.

    Start with this. The first asks about you and the birth, the second makes the files of week 3:

        voicecoach init

        voicecoach build --week 3

    Nothing leaves this computer.
    """


for name, short_help in {
    "batch": "Make a pack for every client of a practice.",
    "build": "Make the sound files of a week.",
    "check": "Check a programme: files, doses, and whether the words fit.",
    "checkin": "Tell how a day went; the plan follows.",
    "forget": "Delete what you told, and your sessions.",
    "init": "Tell about you and the birth, so that the plan fits you.",
    "listen": "Measure what is heard in every session of PACK, and draw one.",
    "new": "Begin a programme of your own, that works at once.",
    "plan": "Show the calendar: which sessions on which day.",
    "prescribe": "Prescribe a dose for one client, for some days.",
    "script": "Show what is heard in a session, second by second.",
    "serve": "Let your phone play today, and tell how it went.",
    "signs": "Write when to call and whom, to print and hang up.",
    "sync": "Copy the weeks you made to your phone, a card or a folder.",
    "voices": "List the voices there are, and get more.",
}.items():
    main.add_command(LazyCommand(name, short_help))


def run() -> None:
    """Runs the command line that the process was started with, and exits."""
    main.help = as_called(main.help or "")
    main(prog_name=called_as(), complete_var="_VOICECOACH_COMPLETE")
