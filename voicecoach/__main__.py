"""The entry point: ``voicecoach`` and ``python -m voicecoach``."""

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Runs the command line, which is imported here, because child processes import this module."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        from voicecoach.cli import app

        app.run()
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    except OSError as error:  # outside of a command, only help texts are printed
        _end_without_output(error)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # already stopping
        _let_go_of_output()


def _end_without_output(error: OSError) -> None:
    if not isinstance(error, BrokenPipeError):
        with suppress(OSError):  # standard error may be closed too
            print(f"Error: the output: cannot be written: {error.strerror}", file=sys.stderr)
    sys.exit(1)


def _let_go_of_output() -> None:
    """Discards unwritten output, which Python would otherwise try to write again at exit."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
