"""What can go wrong, said so that the reader knows what to change and where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


class VoicecoachError(Exception):
    """Base of every error this program raises on purpose.

    The message is complete: which file or place, what is wrong, what to do. The command line prints
    it and ends with exit code 1.
    """

    @property
    def message(self) -> str:
        """What it says: a :class:`voicecoach.messages.Message` where a client may meet it."""
        message: str = self.args[0]
        return message

    def worded(self, reword: Callable[[str], str]) -> str:
        """What it says, where ``reword`` says each message in another language."""
        return reword(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a content file."""

    file: str
    """The file, as the user named it."""
    line: int
    """Line of the fault, counted from 1."""
    column: int
    """Column of the fault, counted from 1."""
    path: str
    """Keys that lead to the fault, joined by dots; empty for the whole file."""
    message: str
    """What is wrong and what to do."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: "
        return where + (f"{self.path}: {self.message}" if self.path else self.message)


class ContentError(VoicecoachError):
    """The content files cannot be used; carries every problem that was found in them."""

    MOST_SHOWN = 50

    def __init__(self, problems: Sequence[Problem]) -> None:
        once = dict.fromkeys(problems)  # what several steps share is read, and refused, for each
        self.problems = tuple(sorted(once, key=lambda p: (p.file, p.line, p.column)))
        super().__init__(self.worded(lambda message: message))

    def worded(self, reword: Callable[[str], str]) -> str:
        """See :meth:`VoicecoachError.worded`."""
        shown = [
            str(replace(problem, message=reword(problem.message)))
            for problem in self.problems[: self.MOST_SHOWN]
        ]
        if len(self.problems) > self.MOST_SHOWN:
            shown.append(f"… and {len(self.problems) - self.MOST_SHOWN} more problems")
        return "\n".join(shown)

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class NotInProgrammeError(VoicecoachError):
    """A week, day, session or language was asked for that the programme does not have."""


class SpeechError(VoicecoachError):
    """An engine or voice cannot be used, or an utterance could not be spoken."""


class StorageError(VoicecoachError):
    """A file or folder could not be read or written."""


class RenderError(VoicecoachError):
    """A session could not be turned into sound."""


class ProcessLostError(RenderError):
    """A process was killed, or there was too little memory for it: its work was not done, but other
    work may be, by other processes."""


class BedError(VoicecoachError):
    """A sound cannot be laid under the sessions."""


class SyncError(VoicecoachError):
    """Packs cannot be copied to a phone, card or folder."""


class ServeError(VoicecoachError):
    """Packs cannot be served to the phones at home."""


class StarterError(VoicecoachError):
    """A new programme cannot be begun."""
