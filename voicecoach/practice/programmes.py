"""The programmes of a practice's clients: the one of a batch, and those that a roster names."""

from dataclasses import dataclass
from pathlib import Path

from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import VoicecoachError
from voicecoach.planning import plan
from voicecoach.profile.client import Hers


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A programme, and the folder it was read from; ``None`` for a built-in one."""

    programme: Programme
    content: Path | None = None

    def weeks(self, hers: Hers, asked: range | None) -> range:
        """Those of the weeks ``asked`` that it has, or the week she is in and the next; none where
        it has ended for her."""
        last = plan.last_week(self.programme)
        weeks = asked or range(hers.week, hers.week + 2)
        return range(weeks.start, min(weeks.stop, last + 1))


class Programmes:
    """Finds the programme that a cell names; each is read once."""

    def __init__(self, usual: Programme | None = None, beside: Path = Path()) -> None:
        """``usual`` is the programme of the batch, for clients with an empty cell. Folders of
        other programmes are below ``beside``, where the roster is."""
        self.usual = usual
        self._beside = beside
        self._named: dict[str, Course] = {}

    def named(self, cell: str) -> Course | None:
        """The programme that ``cell`` names: a built-in one, or the folder of one. ``None`` for
        that of the batch. Raises ValueError with what is wrong."""
        if not cell or (self.usual is not None and cell == self.usual.name):
            return None
        if cell not in self._named:
            is_built_in = cell in programme_reader.built_in_names()
            content = None if is_built_in else self._beside / cell
            try:
                read = programme_reader.read(content or programme_reader.built_in(cell))
            except VoicecoachError as error:
                known = ", ".join(programme_reader.built_in_names())
                raise ValueError(
                    f"the name of a built-in programme ({known}) or the folder of one of your own"
                    f" is expected, from where the roster is: {str(error).splitlines()[0]}"
                ) from error
            self._named[cell] = Course(programme=read, content=content)
        return self._named[cell]
