"""The words of ``voicecoach forget`` -> all that is kept of a client on this computer, deleted."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.messages import Message, Words


@click.command()
@click.option("--yes", "asks_nothing", is_flag=True, help="Ask nothing.")
def forget(asks_nothing: bool) -> None:
    """Delete what you told, and your sessions.

    It lists what goes, and asks. Then it deletes your answers in this folder, the greeting with
    your name, and the sessions that were made from here. Examples:

        voicecoach forget

        voicecoach forget --yes
    """
    from voicecoach import private_files
    from voicecoach.cli.interview import questions
    from voicecoach.cli.interview.questions import Asker, Reply
    from voicecoach.pack import places

    said, here = client_words(), Path()
    outs = places.read(here).outs
    told = private_files.kept_in(here)
    lines = [*_about_packs(outs, said), *(said("forget.file", path=path) for path in told)]
    if not lines:
        say(said("forget.nothing"))
        return
    say("\n".join((said("forget.list"), *(f"  {line}" for line in lines))))
    if not asks_nothing:
        if not questions.can_ask():
            raise click.UsageError(Message("errors.nobody_to_ask_forget"))
        if Asker(said).yes_no("\n" + said("forget.ask")) is not Reply.YES:
            say(said("forget.kept"))
            return
    _delete_packs(outs, TerminalReporter(said).note)
    for path in [*told, here / places.FILE]:  # last where packs are, which a kill would leave
        _delete(path)
    say(f"\n{said('forget.done')}\n{said('forget.elsewhere')}")


def _about_packs(outs: tuple[Path, ...], said: Words) -> Iterator[str]:
    from voicecoach.pack import greeting, manifest

    for out in outs:
        packs = manifest.find_packs(out, lambda remark: None)
        if packs:
            yield said("forget.packs", out=out, count=len(packs))
        if (out / greeting.OWN_FOLDER).is_dir():
            yield said("forget.greeting", out=out / greeting.OWN_FOLDER)


def _delete_packs(outs: tuple[Path, ...], note: Callable[[str], None]) -> None:
    """Deletes the packs below ``outs`` and the sound of her name. ``note`` receives what stays.
    Raises StorageError."""
    from voicecoach.cache import Cache, user_cache
    from voicecoach.pack import greeting, manifest, places, withdrawal

    slugs = {p.folder.parent for out in outs for p in manifest.find_packs(out, lambda remark: None)}
    withdrawn = withdrawal.withdraw(outs, user_cache(), lambda listed, track: False)
    for doubt in withdrawn.doubts:
        note(doubt)
    for out in outs:
        Cache(root=out / greeting.OWN_FOLDER).clear()
    for folder in (*slugs, places.OUTPUT):
        with suppress(OSError):  # something else is in it
            folder.rmdir()


def _delete(path: Path) -> None:
    from voicecoach.errors import StorageError
    from voicecoach.messages import reason

    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_removed", name=path, reason=reason(error))
        ) from error
