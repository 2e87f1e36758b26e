"""The words of ``voicecoach new`` -> one call below. No logic."""

from pathlib import Path

import click

from voicecoach.cli.terminal import say


@click.command()
@click.argument("name", required=False)
@click.option(
    "--schema",
    type=click.Choice(["programme", "words"]),
    help="Print the JSON Schema of programme.yaml, or that of nl.yaml and en.yaml, for an editor.",
)
def new(name: str | None, schema: str | None) -> None:
    """Begin a programme of your own, that works at once.

    NAME is the name of its folder: small letters, digits and hyphens. Comments in it explain every
    key. Examples:

        voicecoach new my-programme

        voicecoach new --schema words
    """
    from voicecoach.authoring import starter  # reads every reader: not needed by other commands

    if schema is not None:
        click.echo(starter.schema_text(schema), nl=False)
        return
    if name is None:
        raise click.UsageError("Missing argument 'NAME', such as my-programme.")
    folder = starter.write(name, Path())
    say(f"{folder}: {', '.join(starter.FILES)}; begin with {folder / starter.FILES[0]}")
    say(f"After each change: voicecoach check --content {folder}")
