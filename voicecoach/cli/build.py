"""The words of ``voicecoach build`` -> one call below. No logic."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach import environment
from voicecoach.cli.options import (
    client_words,
    guidance_option,
    jobs_option,
    out_option,
    shared,
    sound_options,
    voices_option,
    week_option,
)
from voicecoach.dates import minutes
from voicecoach.messages import Message, Words

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

    Week 1 begins on day 1: after a birth, on the day after it. Example, weeks 1 to 6 in English:

        voicecoach build --week 1-6 --language en
    """

    from voicecoach.cache import user_cache
    from voicecoach.cli.terminal import TerminalReporter, say
    from voicecoach.pack import manifest, places, receipt, safeguard

    said = client_words()
    reporter = TerminalReporter(said)
    here, today, cache = Path(), environment.today(), user_cache()
    key_of_packs = receipt.key_of_packs(places.read(here), out, safeguard.FILES, today)
    are_right = receipt.are_right(key_of_packs, cache)
    if not are_right:
        safeguard.find(here, [out], reporter.note)
    options = [weeks, night, out.resolve(), *sorted(asked.items())]
    content = asked["folder"] or environment.built_in(asked["programme_name"])
    natural = sorted((environment.user_data_folder() / "piper").glob("*/installed.json"))
    files = [*safeguard.FILES, *natural, *([] if bed is None else [Path(bed)])]
    key = receipt.key_of_build([bed, *options], content, files, today)
    built, hint = receipt.find(key, out, cache), None
    for remark in cache.remarks():
        reporter.note(remark)
    notes_before, is_repeatable = reporter.notes, True
    is_new = built is None
    if built is None:
        _ask_of_silent_days(content, said, reporter)
        key = receipt.key_of_build([bed, *options], content, files, today)
        notes_before = reporter.notes
        is_first = not any(out.glob(f"*/*/{manifest.FILE}"))
        built, is_repeatable, hint = _build(
            weeks, out, jobs, asked, reporter, said, night=night, bed=bed, is_first=is_first
        )
    if is_new or not are_right:
        _mend(out, reporter)
    if is_new and is_repeatable and reporter.notes == notes_before:
        receipt.keep(key, built, out, cache)
    if reporter.notes == notes_before:
        key = receipt.key_of_packs(places.read(here), out, safeguard.FILES, today)
        receipt.keep_right(key, cache)
    for pack in built:
        say(_built_line(pack, said), indent="  ")
    if hint is not None:
        say(hint, err=True)


def _ask_of_silent_days(place: Path, said: Words, reporter: "TerminalReporter") -> None:
    """Asks whether the client practised on the days of which she told nothing, if there are many;
    where nobody can answer, says how to tell."""
    from voicecoach.cli.interview import silence
    from voicecoach.content.reading import programme as programme_reader
    from voicecoach.profile import client

    hers = client.find(Path(), lambda remark: None)
    if hers is None:
        return
    remark = silence.ask_or_note(Path(), programme_reader.read(place), hers, said)
    if remark is not None:
        reporter.note(remark)


def _mend(out: Path, reporter: "TerminalReporter") -> None:
    """Makes all other packs right, by the answers of now, which may have changed meanwhile."""
    from voicecoach.cli import context
    from voicecoach.pack import safeguard

    judge = safeguard.find(Path(), [out], reporter.note)
    if judge is not None:
        context.remake(judge, [out], reporter, None)


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
    is_first: bool,
) -> "tuple[list[BuiltPack], bool, str | None]":
    """Builds, and returns what was built; whether the same build would do the same: with a voice
    that cannot change, and nothing to say; and what to say of natural voices at the end."""
    from dataclasses import replace

    from voicecoach.cache import user_cache
    from voicecoach.cli import context
    from voicecoach.cli.interview import natural_voice, replies
    from voicecoach.cli.terminal import SilentReporter, say
    from voicecoach.content.questions import GATES
    from voicecoach.pack import build as pack_build
    from voicecoach.pack import greeting, layout, verdict
    from voicecoach.pack.tracks import Production, Wishes
    from voicecoach.planning import gates, plan
    from voicecoach.rendering.renderer import Renderer
    from voicecoach.speech import espeak_voices as espeak

    silent = SilentReporter()
    with Renderer(jobs, reporter) as renderer, Renderer(1, silent) as greeter:
        renderer.warm_up(user_cache())
        chosen = context.choose(**asked, tell=reporter.note)
        programme, words, hers = chosen.programme, chosen.words, chosen.hers
        if weeks is None and hers is not None and hers.day > programme.last_day:
            say("\n".join(replies.outlook(programme, hers)))
            return [], False, None
        wanted = plan.weeks_asked(programme, weeks or chosen.weeks)
        speaker = context.open_speaker(words, chosen.voices, reporter.note)
        setting = context.open_setting(night=night, bed=bed)
        wishes = Wishes(
            voices=asked["voices"],
            guidance=asked["guidance"],
            bed=setting.bed,
            content=asked["folder"],
        )
        _remember(out, replace(wishes, bed=None).paths(programme), reporter)
        production = Production(
            programme=programme,
            words=words,
            speaker=speaker,
            setting=setting,
            greeting=greeting.make(chosen.name, words, speaker, setting, out, greeter),
            options=wishes.options,
            plan_key=verdict.obtain_key(),
        )
        planned = layout.plan_packs(programme, words, wanted, chosen.guidance, chosen.situation)
        built = pack_build.build(production, planned, out, renderer)
        _remember(out, wishes.paths(programme), reporter)
    is_new = any(pack.changed for pack in built)
    if is_new and hers is None and programme.training_steps and set(GATES) & {*programme.questions}:
        say(said("build.for_whom"), err=True)
    elif is_new and hers is not None and gates.are_unasked(programme, hers.situation):
        say(said("init.unsaid"), err=True)
    is_built_in = all(each.voice.engine == espeak.NAME for each in speaker.voices)
    hint = None
    if is_built_in and not chosen.voices:
        profile = hers.profile if hers else None
        hint = natural_voice.hint(profile, words.language, said, is_first=is_first)
    return built, is_built_in and not silent.notes, hint


def _remember(out: Path, paths: dict[str, Path], reporter: "TerminalReporter") -> None:
    from voicecoach.errors import StorageError
    from voicecoach.pack import places

    try:
        places.remember(Path(), out, paths)
    except StorageError as error:
        reporter.note(Message("build.not_remembered", out=out, reason=error.message))


def _built_line(built: "BuiltPack", said: Words) -> str:
    """What a build did to one pack, as it is ``said``; begins with the pack's folder."""
    return said(
        "build.built",
        folder=built.folder,
        tracks=said("build.tracks", count=built.tracks),
        minutes=minutes(built.duration_ms),
        change=said("build.changed", count=len(built.changed)),
    )
