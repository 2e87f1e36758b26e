"""The errors of the program; their messages say what is wrong, where, and what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


class VoicecoachError(Exception):
    """Base of every error this program raises on purpose.

    The message is complete: the place, the problem, and what to do. The command line prints it and
    ends with exit code 1.
    """

    @property
    def message(self) -> str:
        """The message: a :class:`voicecoach.messages.Message` if a client may see it."""
        message: str = self.args[0]
        return message

    def worded(self, reword: Callable[[str], str]) -> str:
        """The message, translated by ``reword``."""
        return reword(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a content file."""

    file: str
    """The file, as the user named it."""
    line: int
    """Line of the fault, from 1."""
    column: int
    """Column of the fault, from 1."""
    path: str
    """Keys that lead to the fault, joined by dots; empty for the whole file."""
    message: str
    """The problem and what to do."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: "
        return where + (f"{self.path}: {self.message}" if self.path else self.message)


class ContentError(VoicecoachError):
    """The content files cannot be used; has every problem that was found in them."""

    MOST_SHOWN = 50

    def __init__(self, problems: Sequence[Problem]) -> None:
        once = dict.fromkeys(problems)  # sessions may share a file, which is read for each
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
    """The programme does not have the requested week, day, session or language."""


class SpeechError(VoicecoachError):
    """An engine or voice cannot be used, or an utterance could not be spoken."""


class StorageError(VoicecoachError):
    """A file or folder could not be read or written."""


class RenderError(VoicecoachError):
    """A session could not be rendered."""


class ProcessLostError(RenderError):
    """A process was killed, or ran out of memory: its work was lost, but other processes may
    succeed with other work."""


class BedError(VoicecoachError):
    """A sound cannot be used as a bed."""


class SyncError(VoicecoachError):
    """Packs cannot be copied to a phone, card or folder."""


class ServeError(VoicecoachError):
    """Packs cannot be served to the phones at home."""


class StarterError(VoicecoachError):
    """A new programme cannot be created."""
