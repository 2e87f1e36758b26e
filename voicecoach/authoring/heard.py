"""Planned sessions -> every text that is heard in them, for the report. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach.authoring.sign_off_tables import Cell
from voicecoach.content.exercise import Prescription
from voicecoach.content.programme import Programme
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.messages import Words
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import introduced, told, without_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text around an exercise, and the sessions that have it."""

    title: str
    paragraphs: tuple[str, ...]
    """With each of the doses with which it is said."""
    sources: tuple[str, ...]
    sessions: tuple[str, ...]


class Heard:
    """Writes what is heard in sessions of exercises, in one language."""

    def __init__(self, programme: Programme, words: Translation, headings: Words) -> None:
        self._programme = programme
        self._words = words
        self._h = headings

    def around(self, sessions: Sequence[PlannedSession]) -> list[Said]:
        """What is said before and after the exercises of ``sessions``, in any position."""
        paragraphs: dict[tuple[str, bool], dict[str, None]] = {}
        titles: dict[tuple[str, bool], dict[str, None]] = {}
        for session in sessions:
            title = without_numbers(self._words.sessions[session.id])
            for id_, is_talk, texts in self._texts(session):
                paragraphs.setdefault((id_, is_talk), {}).update(dict.fromkeys(texts))
                titles.setdefault((id_, is_talk), {})[title] = None
        return [
            Said(
                title=(self._words.talks if is_talk else self._words.exercises)[id_].title,
                paragraphs=tuple(texts),
                sources=self._programme.talks[id_] if is_talk else (),
                sessions=tuple(titles[id_, is_talk]),
            )
            for (id_, is_talk), texts in paragraphs.items()
        ]

    def _texts(self, session: PlannedSession) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
        """The texts of ``session``: id, whether that is of a talk, and paragraphs."""
        for part in session.parts:
            if isinstance(part, TalkBlock):
                for id_ in self._in_any_position(part.talk, session.id):
                    yield id_, True, told(id_, session, self._words)
            elif not part.is_familiar:
                yield part.exercise, False, introduced(part, self._words)

    def _in_any_position(self, talk: str, session: str) -> tuple[str, ...]:
        """``talk``; where it opens ``session``, what opens it in each position."""
        short = self._programme.short_opening
        planned = next(each for each in self._programme.sessions if each.id == session)
        openings = [(planned.opening, planned.opening_for)]
        openings += [] if short is None else [(short.opening, short.opening_for)]
        alike = [(opening, *others.values()) for opening, others in openings if opening is not None]
        return next((each for each in alike if talk in each), (talk,))

    def during(self, sessions: Sequence[PlannedSession]) -> Iterator[list[Cell]]:
        """What is said during exercises: where, and each text."""
        parts = [part for each in sessions for part in each.parts if isinstance(part, Prescription)]
        for id_ in dict.fromkeys(part.exercise for part in parts):
            own = self._words.exercises[id_]
            texts = [text for key, text in own.cues.items() if not key.startswith("about_")]
            yield _row(own.title, [*texts, *own.reminders])
        cues = self._words.cues
        general = (cues.set, cues.minutes_left, cues.minute_left, cues.almost_done, cues.halfway)
        more = (cues.halfway_of_set, cues.last_rep, cues.last_breath, cues.set_rest, cues.holding)
        yield _row(self._h("sign_off.every_exercise"), [*general, *more, *cues.encouragement])
        for label in (*self._words.starting_positions.values(), *self._words.sides.values()):
            yield _row(label.title, [label.cue])
        for sentence, instead in self._words.without_catheter.items():
            yield _row(self._h("sign_off.no_catheter", sentence=sentence), [instead])


def _row(where: str, texts: Sequence[str]) -> list[Cell]:
    return [Cell(text=where), Cell(text=" / ".join(dict.fromkeys(map(without_numbers, texts))))]
