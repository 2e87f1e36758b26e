"""The start of the program: ``voicecoach`` and ``python -m voicecoach``."""


def main() -> None:
    """Runs the command line. Imported here, because child processes import this module too."""
    from voicecoach import cli

    cli.main(prog_name="voicecoach")


if __name__ == "__main__":
    main()
