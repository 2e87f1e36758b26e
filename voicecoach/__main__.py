"""The start of the program: ``voicecoach`` and ``python -m voicecoach``."""

import signal
import sys


def main() -> None:
    """Runs the command line. Imported here, because child processes import this module too."""
    try:
        from voicecoach import cli

        cli.main(prog_name="voicecoach")
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C has nothing more to stop


if __name__ == "__main__":
    main()
