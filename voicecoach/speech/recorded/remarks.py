"""What is told about the files of a folder of recordings: a sentence that names the file."""

from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What makes a recording worse to listen to, though it can be used."""

    QUIET = "quiet"
    CLIPPED = "clipped"
    NOISY = "noisy"
    CUT_START = "cut-start"
    CUT_END = "cut-end"


_ADVICE = {
    Fault.QUIET: "the words are very soft; record them again, nearer to the microphone or with its"
    " level turned up",
    Fault.CLIPPED: "the words are distorted, because they were too loud for the recorder; record"
    " them again, with its level turned down",
    Fault.NOISY: "noise is heard behind the words; record them again in a quieter room, nearer to"
    " the microphone",
    Fault.CUT_START: "there is sound at the very start, so the first word may not be whole; record"
    " it again, and wait a second before you speak",
    Fault.CUT_END: "there is sound until the very end, so the last word may not be whole; record"
    " it again, and wait a second before you stop",
}


def about(path: Path, what: str) -> str:
    """A remark about the file ``path``; ``what`` says what is wrong and what to do."""
    return f"{printable(str(path))}: {what}"


def about_fault(path: Path, fault: Fault) -> str:
    """A remark about a ``fault`` of the file ``path``."""
    return about(path, _ADVICE[fault])


def printable(text: str) -> str:
    """``text``, with whatever a terminal could obey or not show written as an escape."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
