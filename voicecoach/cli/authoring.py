"""The commands for authors: ``check``, ``listen`` and ``new``; each ends in one call below."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import jobs_option, json_option, voices_option, which_programme
from voicecoach.cli.terminal import TerminalReporter, say

if TYPE_CHECKING:
    from voicecoach.authoring.listening import Figures
    from voicecoach.pack.manifest import Manifest
    from voicecoach.script.timeline import Timeline


@click.command()
@click.argument("pack", type=click.Path(path_type=Path))
@which_programme
@click.option(
    "--track", "name", metavar="FILE", help="Draw this track. Normally the last with contractions."
)
@click.option(
    "--picture",
    "picture_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the picture is written. Normally beside the pack.",
)
@voices_option
@jobs_option
@json_option
def listen(
    pack: Path,
    programme_name: str,
    folder: Path | None,
    name: str | None,
    picture_path: Path | None,
    voices: tuple[str, ...],
    jobs: int,
    as_json: bool,
) -> None:
    """Measure what is heard in every session of PACK, and draw one.

    PACK is the folder of a week. Exit code 1 if something is not as it should be. A pack that was
    spoken from a folder of recordings needs the same --voice as its build. Example:

        voicecoach listen output/pelvic-floor-after-birth/week-03 --json
    """
    import json
    from dataclasses import asdict

    from voicecoach.audio.signal import DAY, NIGHT
    from voicecoach.authoring import listening
    from voicecoach.cli import context
    from voicecoach.pack import manifest

    listed = manifest.read(pack)
    place = context.programme_folder(folder, programme_name)
    timelines = dict(_timelines(pack, listed, place, voices or (listed.voice,), jobs))
    preset = NIGHT if listed.night else DAY
    figures = {
        file: listening.measure(listening.decode(pack / file), timeline, preset)
        for file, timeline in timelines.items()
    }
    if as_json:
        click.echo(json.dumps({file: asdict(of) for file, of in figures.items()}, indent=1))
    else:
        drawn = _track_to_draw(pack, timelines, name)
        picture_path = picture_path or pack.with_suffix(".png")
        _show(figures, pack / drawn, timelines[drawn], listed.programme, picture_path)
    faults = [
        f"{f}: {fault}" for f, of in figures.items() for fault in listening.faults(of, preset)
    ]
    for fault in faults:
        click.echo(f"! {fault}", err=True)
    sys.exit(1 if faults else 0)


def _show(
    figures: "dict[str, Figures]", track: Path, timeline: "Timeline", programme: str, path: Path
) -> None:
    """Prints all figures, and draws ``track`` into the file ``path``."""
    from voicecoach.authoring import listening, session_picture
    from voicecoach.files import write_whole

    for line in listening.table(list(figures.items())):
        click.echo(line)
    title = f"{programme} · {timeline.title}"
    write_whole(path, session_picture.draw(timeline, listening.decode(track), title=title))
    click.echo(f"\n{track.name} as a picture: {path}")


def _timelines(
    pack: Path, listed: "Manifest", content: Path, voices: tuple[str, ...], jobs: int
) -> "Iterator[tuple[str, Timeline]]":
    """The file name and timeline of each track, worked out again from the content, for the client
    of this folder or for anyone: of the sessions it may be, the one that is as long."""
    from voicecoach.cli import context
    from voicecoach.content.clinical_state import ANYONE
    from voicecoach.content.translation import Guidance
    from voicecoach.errors import StorageError
    from voicecoach.pack import greeting
    from voicecoach.planning import plan
    from voicecoach.profile import client
    from voicecoach.rendering.renderer import Renderer

    programme = context.open_programme(content)
    words = programme.words_in(listed.language)
    reporter = TerminalReporter()
    speaker = context.open_speaker(words, voices, reporter.note)
    hers = client.find(Path(), reporter.note)
    situations = [*([] if hers is None else [hers.situation]), ANYONE]
    with Renderer(jobs, reporter) as renderer:
        for track in listed.tracks:
            if track.session == greeting.SESSION.id:
                continue  # it is in no plan
            planned = (
                session
                for situation in situations
                for session in plan.plan_day(
                    programme, track.days[0], Guidance(track.guidance), situation
                ).sessions
                if session.id == track.session
            )
            timelines = (context.timed_script(each, words, speaker, renderer) for each in planned)
            found = next((t for t in timelines if t.duration_ms == track.duration_ms), None)
            if found is None:
                raise StorageError(
                    f"{pack / track.file}: made from other content, for other answers or by another"
                    " version; build it again, or name its content with --content"
                )
            yield track.file, found


def _track_to_draw(pack: Path, timelines: "dict[str, Timeline]", name: str | None) -> str:
    """``name``, or the last track with contractions, or the last of all."""
    from voicecoach.content.kinds.contractions import Contractions
    from voicecoach.errors import StorageError

    if name is not None and name not in timelines:
        raise StorageError(f"{pack}: holds no track {name!r}; it has: {', '.join(timelines)}")
    with_contractions = [
        file
        for file, timeline in timelines.items()
        if any(isinstance(block.dose, Contractions) for block in timeline.blocks)
    ]
    return name or (with_contractions or list(timelines))[-1]


@click.command()
@click.argument("name", required=False)
@click.option(
    "--schema",
    type=click.Choice(["programme", "words"]),
    help="Print the JSON Schema of programme.yaml, or that of nl.yaml and en.yaml, for an editor.",
)
@click.option(
    "--example",
    type=click.Choice(["contractions", "movements"]),
    default="contractions",
    show_default=True,
    help="What it begins as: contractions after a birth, or movements for anyone.",
)
def new(name: str | None, schema: str | None, example: str) -> None:
    """Begin a programme of your own, that works at once.

    NAME is the name of its folder: small letters, digits and hyphens. Comments in it explain every
    key. Examples:

        voicecoach new my-programme

        voicecoach new my-programme --example movements

        voicecoach new --schema words
    """
    from voicecoach.authoring import starter  # reads every reader: not needed by other commands

    if schema is not None:
        click.echo(starter.schema_text(schema), nl=False)
        return
    if name is None:
        raise click.UsageError("Missing argument 'NAME', such as my-programme.")
    folder = starter.write(name, Path(), example)
    say(f"{folder}: {', '.join(starter.FILES)}; begin with {folder / starter.FILES[0]}")
    say(f"After each change: voicecoach check --content {folder}")
