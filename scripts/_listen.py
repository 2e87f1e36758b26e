"""What `scripts/listen` does: decodes every track of a pack and says what is heard in it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from voicecoach import store
from voicecoach.audio.signal import DAY, NIGHT
from voicecoach.authoring.listening import measure, picture
from voicecoach.cli import context
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.content.exercise import Contractions
from voicecoach.content.translation import Guidance
from voicecoach.environment import cores
from voicecoach.errors import StorageError, VoicecoachError
from voicecoach.pack import manifest
from voicecoach.pack.manifest import Manifest
from voicecoach.planning import plan
from voicecoach.planning.planner import PlannedSession
from voicecoach.rendering.renderer import Workshop
from voicecoach.script.timeline import Timeline


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("pack", type=click.Path(path_type=Path))
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The programme the pack was built from, if it is not the built-in one.",
)
@click.option(
    "--track", "name", metavar="FILE", help="Draw this track. Normally the last with contractions."
)
@click.option(
    "--picture",
    "picture_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the picture goes. Normally beside the pack.",
)
@click.option(
    "--voice",
    "voices",
    multiple=True,
    metavar="VOICE",
    help="Who spoke, as it was said to build; needed where that was a folder of recordings.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines: JSON, and no picture.")
def main(
    pack: Path,
    content: Path | None,
    name: str | None,
    picture_path: Path | None,
    voices: tuple[str, ...],
    as_json: bool,
) -> None:
    """Measure every track of PACK, a folder such as output/…/week-03, and draw one.

    Exit code 1 where something is not as it should be. Example:

        ./scripts/listen output/pelvic-floor-after-birth/week-03
    """
    try:
        listed = manifest.read(pack)
        timelines = dict(_timelines(pack, listed, content, voices or (listed.voice,)))
        preset = NIGHT if listed.night else DAY
        figures = {
            file: measure.measure(measure.decode(pack / file), timeline, preset)
            for file, timeline in timelines.items()
        }
        if as_json:
            click.echo(json.dumps({f: asdict(of) for f, of in figures.items()}, indent=1))
        else:
            for line in measure.table(list(figures.items())):
                click.echo(line)
            drawn = _track_to_draw(pack, timelines, name)
            title = f"{listed.programme} · {timelines[drawn].title}"
            png = picture.draw(timelines[drawn], measure.decode(pack / drawn), title=title)
            store.write_whole(picture_path or pack.with_suffix(".png"), png)
            click.echo(f"\n{drawn} as a picture: {picture_path or pack.with_suffix('.png')}")
    except VoicecoachError as error:
        raise click.ClickException(str(error)) from error
    faults = [f"{f}: {fault}" for f, of in figures.items() for fault in measure.faults(of, preset)]
    for fault in faults:
        click.echo(f"! {fault}", err=True)
    sys.exit(1 if faults else 0)


def _timelines(
    pack: Path, listed: Manifest, content: Path | None, voices: tuple[str, ...]
) -> Iterator[tuple[str, Timeline]]:
    """File name and timeline of each track, worked out again from the content."""
    programme = context.open_programme(content)
    words = programme.words_in(listed.language)
    reporter = TerminalReporter()
    speaker = context.open_speaker(words, voices, reporter.note)
    with Workshop(cores(), reporter) as workshop:
        for track in listed.tracks:
            session: PlannedSession = plan.plan_session(
                programme, track.session, track.days[0], Guidance(track.guidance)
            )
            timeline = context.timed_script(session, words, speaker, workshop)
            if timeline.duration_ms != track.duration_ms:
                raise StorageError(
                    f"{pack / track.file}: made from other content or by another version;"
                    " build it again, or name its content with --content"
                )
            yield track.file, timeline


def _track_to_draw(pack: Path, timelines: dict[str, Timeline], name: str | None) -> str:
    """``name``, or the last track with contractions, or the last of all."""
    if name is not None and name not in timelines:
        raise StorageError(f"{pack}: holds no track {name!r}; it has: {', '.join(timelines)}")
    with_contractions = [
        file
        for file, timeline in timelines.items()
        if any(isinstance(block.dose, Contractions) for block in timeline.blocks)
    ]
    return name or (with_contractions or list(timelines))[-1]


if __name__ == "__main__":
    main()
