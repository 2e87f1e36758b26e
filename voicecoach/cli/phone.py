"""The ways to a phone, ``sync`` and ``serve`` -> one call below. No logic."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import (
    client_words,
    json_option,
    out_option,
    week_option,
    which_programme,
)
from voicecoach.cli.terminal import TerminalReporter, say, table_columns
from voicecoach.messages import Words

if TYPE_CHECKING:
    from voicecoach.phone.sync.survey import Survey
    from voicecoach.phone.web.serving import Opened


_COLOURS = "\x1b[38;5;16;48;5;231m"
"""Black on white, whatever the colours of the terminal: a code in negative cannot be scanned."""
_RESET = "\x1b[0m"
_BORDER = 4
"""What the standard asks for, in modules."""
_HALVES = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


@click.command()
@out_option("output", "Where the packs are.")
@which_programme
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="The port, which this folder then keeps. Normally 8765, or one close to it that is free.",
)
@click.option("--local", is_flag=True, help="Only for this computer, not for phones.")
@click.option(
    "--new-address",
    is_flag=True,
    help="Make a new secret address. Phones that know the old one have to be told.",
)
def serve(
    out: Path,
    folder: Path | None,
    programme_name: str,
    port: int | None,
    local: bool,
    new_address: bool,
) -> None:
    """Let your phone play today, and tell how it went.

    Shows an address and a QR code. Scan it with the phone's camera. The page asks the questions of
    init if you have not answered them yet, makes this week and the next, plays the day, and asks
    how it went. Example:

        voicecoach serve --port 8765

    Only who knows the address can listen, or tell. Each folder of packs has its own address and
    port, and keeps them as long as it stays where it is, so that a podcast app and a bookmark go on
    working; --new-address makes another one. Nothing leaves your home.
    """
    from functools import partial

    from voicecoach.cli import context
    from voicecoach.cli.interview import natural_voice
    from voicecoach.cli.serving import screen, weeks
    from voicecoach.cli.serving.answers import Answers
    from voicecoach.pack import safeguard

    said = client_words()
    shown = screen.Screen(said)
    watch = safeguard.Watch(out, shown.note)
    watch.look()
    context.say_after_the_year()
    from voicecoach.phone.web import serving  # uvicorn, Starlette, Jinja: slow to import
    from voicecoach.phone.web.door import Door
    from voicecoach.phone.web.front import Front
    from voicecoach.phone.web.home import Home
    from voicecoach.phone.web.upkeep import Upkeep

    content = context.programme_folder(folder, programme_name)
    home = Home(folder=safeguard.owner(out), out=out, content=content)
    upkeep = Upkeep(partial(weeks.make, home), home.marks, shown)
    door = Door(Answers(home, shown.note, shown.arrived).writes)
    wishes = serving.Wishes(out=out, port=port, local=local, new_address=new_address)
    front = Front(home, door, upkeep, natural_voice.question)
    serving.serve(wishes, watch, front, partial(_show, said=said), shown.note, said)


def _show(opened: "Opened", said: Words) -> None:
    """The address, and on a terminal its code as the last thing, so that both fit on a screen."""
    for line in _hints(opened, said):
        say(line, err=True)
    click.echo(opened.site.address)
    sys.stdout.flush()
    if sys.stderr.isatty() and "utf" in sys.stderr.encoding.lower():
        with suppress(OSError):  # the terminal was closed
            click.echo(qr_code(opened.site.address), err=True)


def qr_code(address: str) -> str:
    """``address`` as a QR code of about 40 columns: lines of characters, two rows of it a line."""
    import segno  # slow to import, and seldom needed

    code = segno.make_qr(address)
    rows = [list(row) for row in code.matrix_iter(border=_BORDER)]
    blank = [0] * len(rows[0])
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=blank)
    lines = ("".join(_HALVES[pair] for pair in zip(*two, strict=True)) for two in pairs)
    return "\n".join(f"{_COLOURS}{line}{_RESET}" for line in lines)


def _hints(opened: "Opened", said: Words) -> Iterator[str]:
    site = opened.site
    if site.local and not opened.has_network:
        yield said("serve.no_network")
        yield said("serve.join_a_network")
    elif site.local:
        yield said("serve.local")
    else:
        yield said("serve.scan")
        yield said("serve.firewall", port=site.port)
        yield said("serve.guest")
        if opened.others:
            yield said("serve.others", addresses=", ".join(opened.others))
    yield said("serve.stop")


@click.command()
@click.argument("destination", metavar="DEST")
@week_option("all")
@out_option("output", "Where the packs are.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option(
    "--verify", is_flag=True, help="Read back every file that is there already, and mend it."
)
@click.option(
    "--one-file-a-day",
    is_flag=True,
    help="Also copy each day as one file: a phone that is locked may stop at the end of a file.",
)
@json_option
def sync(
    destination: str,
    weeks: range | str,
    out: Path,
    dry_run: bool,
    verify: bool,
    one_file_a_day: bool,
    as_json: bool,
) -> None:
    """Copy the weeks you made to your phone, a card or a folder.

    DEST is the phone's folder as your file manager shows it, a card, a stick, or a folder that is
    synced; or adb: for an Android phone with USB debugging (adb:SERIAL, if there are several).
    Examples:

        voicecoach sync /media/me/PHONE --dry-run

        voicecoach sync adb: --week 3

    The files go to Music/voicecoach in DEST. If it is stopped or unplugged, run the same command
    again: it goes on where it stopped.

    Only what voicecoach put there is ever replaced or deleted. In the weeks that are synced, files
    that are no longer needed are deleted. A whole week is deleted there only if it came from the
    same output folder, has since been removed from it, and you sync without --week.
    """
    from voicecoach.cache import user_cache
    from voicecoach.cli import context
    from voicecoach.pack import safeguard
    from voicecoach.phone.sync import run
    from voicecoach.phone.sync import survey as sync_survey

    said = client_words()
    reporter = TerminalReporter(said)

    def tell(survey: "Survey") -> None:
        click.echo(
            sync_survey.plan_json(survey)
            if as_json
            else sync_survey.table(survey, said, table_columns())
        )
        for remark in sync_survey.remarks(survey):
            reporter.note(remark)

    owner = safeguard.owner(out)
    request = run.Request(
        named=destination,
        out=out,
        weeks=weeks,
        dry_run=dry_run,
        verify=verify,
        one_file_a_day=one_file_a_day,
        judge=safeguard.find(owner, [out], reporter.note, syncs=True),
    )
    survey = run.sync(request, user_cache(), reporter, tell)
    if not (dry_run or as_json):
        click.echo(sync_survey.done_line(survey, said, table_columns()), nl=bool(survey.plan.steps))
    context.say_after_the_year()
