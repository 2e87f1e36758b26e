"""The words of ``voicecoach build`` -> one call below. No logic."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach import environment
from voicecoach.cli.options import (
    guidance_option,
    jobs_option,
    out_option,
    shared,
    sound_options,
    voices_option,
    week_option,
)
from voicecoach.dates import minutes
from voicecoach.messages import Words

if TYPE_CHECKING:
    from voicecoach.cli.terminal import TerminalReporter
    from voicecoach.pack.receipt import BuiltPack


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
    from datetime import date
    from functools import partial

    from voicecoach.cache import user_cache
    from voicecoach.cli import client_language
    from voicecoach.cli.terminal import TerminalReporter, say
    from voicecoach.pack import receipt, safeguard

    said = client_language.words()
    reporter = TerminalReporter(said)
    keep_safe = partial(safeguard.find, Path(), [safeguard.OUTPUT, out], reporter.note)
    keep_safe()
    options = [weeks, night, out.resolve(), *sorted(asked.items())]
    place = asked["folder"] or environment.built_in(asked["programme_name"])
    files = [*safeguard.FILES, *([] if bed is None else [Path(bed)])]
    key = receipt.key_of_build([bed, *options], place, files, date.today())
    cache = user_cache()
    built = receipt.find(key, out, cache)
    for remark in cache.remarks():
        reporter.note(remark)
    if built is None:
        notes_before = reporter.notes
        built, is_repeatable = _build(weeks, out, jobs, asked, reporter, said, night=night, bed=bed)
        keep_safe()  # the profile may have changed meanwhile
        if is_repeatable and reporter.notes == notes_before:
            receipt.keep(key, built, out, cache)
    for pack in built:
        say(_built_line(pack, said), indent="  ")


def _build(
    weeks: range | str | None,
    out: Path,
    jobs: int,
    asked: dict[str, Any],
    reporter: "TerminalReporter",
    said: Words,
    *,
    night: bool,
    bed: str | None,
) -> "tuple[list[BuiltPack], bool]":
    """Builds, and returns what was built, and whether the same build would do the same: with a
    voice that cannot change, and nothing to say."""
    from voicecoach.cache import user_cache
    from voicecoach.cli import context
    from voicecoach.cli.interview import replies
    from voicecoach.cli.terminal import SilentReporter, say
    from voicecoach.pack import build as pack_build
    from voicecoach.pack import greeting, layout
    from voicecoach.pack.tracks import Production
    from voicecoach.planning import plan
    from voicecoach.rendering.renderer import Renderer
    from voicecoach.speech.espeak import voices as espeak

    silent = SilentReporter()
    with Renderer(jobs, reporter) as renderer, Renderer(1, silent) as greeter:
        renderer.warm_up(user_cache())
        chosen = context.choose(**asked, tell=reporter.note)
        programme, words, hers = chosen.programme, chosen.words, chosen.hers
        if weeks is None and hers is not None and hers.day > programme.last_day:
            say("\n".join(replies.after_the_end(programme.last_day, hers)))
            return [], False
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
        built = pack_build.build(production, planned, out, renderer)
    is_new = any(pack.changed for pack in built)
    if is_new and hers is None and programme.first_training_day is not None:
        say(said("build.for_whom"), err=True)
    is_built_in = all(each.voice.engine == espeak.NAME for each in speaker.voices)
    return built, is_built_in and not silent.notes


def _built_line(built: "BuiltPack", said: Words) -> str:
    """What a build did to one pack, as it is ``said``; begins with the pack's folder."""
    return said(
        "build.built",
        folder=built.folder,
        tracks=built.tracks,
        minutes=minutes(built.duration_ms),
        change=said("build.changed", count=len(built.changed)),
    )
