"""Asks before all that a practice keeps of a client is deleted, and deletes it."""

from pathlib import Path

import click

from voicecoach import messages
from voicecoach.cache import user_cache
from voicecoach.cli.interview import questions
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.errors import StorageError
from voicecoach.messages import Message
from voicecoach.practice import leaving, report_files
from voicecoach.practice.roster import ID_WANTED, Roster, is_id


def forget(id_: str, listed: Roster, out: Path, *, asks_nothing: bool) -> None:
    """Deletes all that is kept of the client ``id_`` in ``out``, and her lines in reports.

    Raises StorageError while she is in the roster ``listed``, or where nothing is kept of her.
    """
    if not is_id(id_):
        raise click.UsageError(ID_WANTED)
    if id_.lower() in leaving.ids_of(listed):
        raise StorageError(f"{id_} is in the roster; take her out of it first")
    doubtful = [each.client for each in listed.unusable if not is_id(each.client)]
    if doubtful:
        raise StorageError(
            f"{doubtful[0]} of the roster has no usable id, and may be hers; mend it"
        )
    folder, reports = out / id_, report_files.about(out, id_)
    kept = leaving.kept_of(folder)
    if not kept and not reports:
        raise StorageError(f"{out}: nothing is kept of {id_}")
    say("\n".join(("This will be deleted:", *(f"  {path}" for path in kept))))
    say("\n".join(f"  her line in {path}" for path in reports))
    if not asks_nothing:
        if not questions.can_ask():
            raise click.UsageError(Message("errors.nobody_to_ask_forget"))
        if Asker(messages.words(messages.ENGLISH)).yes_no("\nDelete it?") is not Reply.YES:
            say("Nothing was deleted.")
            return
    if kept:
        leaving.forget(folder, user_cache(), TerminalReporter().note)
    for path in reports:
        report_files.forget(path, id_)
    say(f"Nothing is kept of {id_} any more.")
