"""The words of ``voicecoach build`` -> one call below. No logic."""

from pathlib import Path
from typing import Any

import click

from voicecoach.cli.options import (
    guidance_option,
    jobs_option,
    out_option,
    shared,
    sound_options,
    voices_option,
    week_option,
)


@click.command()
@week_option(None)
@shared
@voices_option
@guidance_option
@sound_options
@out_option("output")
@jobs_option
def build(
    weeks: range | str | None, night: bool, bed: str | None, out: Path, jobs: int, **asked: Any
) -> None:
    """Make the sound files of a week.

    Week 1 begins on the day after the birth. Example, weeks 1 to 6 in English:

        voicecoach build --week 1-6 --language en
    """
    from functools import partial

    from voicecoach import store
    from voicecoach.cli import context, tables
    from voicecoach.cli.terminal import SilentReporter, TerminalReporter, say
    from voicecoach.pack import build as pack_build
    from voicecoach.pack import greeting, layout, safeguard
    from voicecoach.pack.tracks import Production
    from voicecoach.planning import plan
    from voicecoach.rendering.renderer import Workshop

    reporter = TerminalReporter()
    keep = partial(safeguard.find, Path(), [safeguard.OUTPUT, out], reporter.note)
    keep()
    with Workshop(jobs, reporter) as workshop, Workshop(1, SilentReporter()) as greeter:
        workshop.warm_up(store.user_cache())
        chosen = context.choose(**asked, tell=reporter.note)
        programme, words = chosen.programme, chosen.words
        wanted = plan.weeks_asked(programme, weeks or chosen.weeks)
        speaker = context.open_speaker(words, chosen.voices, reporter.note)
        setting = context.open_setting(night=night, bed=bed)
        production = Production(
            programme=programme,
            words=words,
            speaker=speaker,
            setting=setting,
            greeting=greeting.make(chosen.name, words, speaker, setting, out, greeter),
        )
        planned = layout.plan_packs(programme, words, wanted, chosen.guidance, chosen.situation)
        built = pack_build.build(production, planned, out, workshop)
    keep()  # she may have told something while it was made
    for line in map(tables.built_line, built):
        say(line, indent="  ")
