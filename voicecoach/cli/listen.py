"""``voicecoach listen``: decodes every track of a pack and reports what is heard in it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import jobs_option, json_option, voices_option, which_programme

if TYPE_CHECKING:
    from voicecoach.authoring.listening.measure import Figures
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
    """Measure what is heard in every track of PACK, and draw one.

    PACK is the folder of a week. Exit code 1 if something is not as it should be. A pack that was
    spoken from a folder of recordings needs the same --voice as its build. Example:

        voicecoach listen output/pelvic-floor-after-birth/week-03 --json
    """
    import json
    from dataclasses import asdict

    from voicecoach.audio.signal import DAY, NIGHT
    from voicecoach.authoring.listening import measure
    from voicecoach.cli import context
    from voicecoach.pack import manifest

    listed = manifest.read(pack)
    place = context.programme_folder(folder, programme_name)
    timelines = dict(_timelines(pack, listed, place, voices or (listed.voice,), jobs))
    preset = NIGHT if listed.night else DAY
    figures = {
        file: measure.measure(measure.decode(pack / file), timeline, preset)
        for file, timeline in timelines.items()
    }
    if as_json:
        click.echo(json.dumps({file: asdict(of) for file, of in figures.items()}, indent=1))
    else:
        drawn = _track_to_draw(pack, timelines, name)
        picture_path = picture_path or pack.with_suffix(".png")
        _show(figures, pack / drawn, timelines[drawn], listed.programme, picture_path)
    faults = [f"{f}: {fault}" for f, of in figures.items() for fault in measure.faults(of, preset)]
    for fault in faults:
        click.echo(f"! {fault}", err=True)
    sys.exit(1 if faults else 0)


def _show(
    figures: "dict[str, Figures]", track: Path, timeline: "Timeline", programme: str, path: Path
) -> None:
    """Prints all figures, and draws ``track`` into the file ``path``."""
    from voicecoach.authoring.listening import measure, picture
    from voicecoach.files import write_whole

    for line in measure.table(list(figures.items())):
        click.echo(line)
    title = f"{programme} · {timeline.title}"
    write_whole(path, picture.draw(timeline, measure.decode(track), title=title))
    click.echo(f"\n{track.name} as a picture: {path}")


def _timelines(
    pack: Path, listed: "Manifest", content: Path, voices: tuple[str, ...], jobs: int
) -> "Iterator[tuple[str, Timeline]]":
    """The file name and timeline of each track, worked out again from the content."""
    from voicecoach.cli import context
    from voicecoach.cli.terminal import TerminalReporter
    from voicecoach.content.translation import Guidance
    from voicecoach.errors import StorageError
    from voicecoach.planning import plan
    from voicecoach.rendering.renderer import Renderer

    programme = context.open_programme(content)
    words = programme.words_in(listed.language)
    reporter = TerminalReporter()
    speaker = context.open_speaker(words, voices, reporter.note)
    with Renderer(jobs, reporter) as renderer:
        for track in listed.tracks:
            session = plan.plan_session(
                programme, track.session, track.days[0], Guidance(track.guidance)
            )
            timeline = context.timed_script(session, words, speaker, renderer)
            if timeline.duration_ms != track.duration_ms:
                raise StorageError(
                    f"{pack / track.file}: made from other content or by another version;"
                    " build it again, or name its content with --content"
                )
            yield track.file, timeline


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
