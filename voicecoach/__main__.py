"""The start of the program: ``voicecoach`` and ``python -m voicecoach``."""

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Runs the command line. Imported here, because child processes import this module too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        from voicecoach.cli import app

        app.run()
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    except OSError as error:  # nothing but a help text is printed outside of a command
        _end_without_output(error)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C has nothing more to stop
        _let_go_of_output()


def _end_without_output(error: OSError) -> None:
    if not isinstance(error, BrokenPipeError):
        with suppress(OSError):  # there may be nowhere to say so
            print(f"Error: the output: cannot be written: {error.strerror}", file=sys.stderr)
    sys.exit(1)


def _let_go_of_output() -> None:
    """Drops what could not be written, which Python would try again, and complain about, at its
    end."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
