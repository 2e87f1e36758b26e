"""Sessions in which something is only said -> when, for whom, and the words. No I/O."""

from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.content.clinical_state import UNKNOWN
from voicecoach.content.programme import Programme
from voicecoach.content.session import EVERY_PATH, Session, Span, TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.sign_off_headings import Headings
from voicecoach.sign_off_tables import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text as it is heard, once; where it was shown before, without its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSession:
    """A session in which something is only said."""

    title: str
    facts: tuple[Cell, ...]
    """On which days, and for whom."""
    told: tuple[Told, ...]


class Talks:
    """Writes such sessions in one language."""

    def __init__(self, programme: Programme, words: Translation, headings: Headings) -> None:
        self._programme = programme
        self._words = words
        self._headings = headings

    def sessions(self) -> list[TalkSession]:
        """All of them, whoever they are for, in the order of a day."""
        shown: set[str] = set()
        return [
            TalkSession(
                title=self._words.sessions[session.id],
                facts=tuple(self._facts(session)),
                told=tuple(self._told(session, shown)),
            )
            for session in self._programme.sessions
            if not session.is_exercise
        ]

    def _facts(self, session: Session) -> Iterator[Cell]:
        h = self._headings
        for span in session.schedule:
            text = f"{h.days}: {self._span(span)} ({h.clocks[session.clock]})"
            yield Cell(text=text, sources=tuple(dict.fromkeys(dict(span.sources).values())))
        if session.fills_empty_days:
            yield Cell(text=h.fills)
        if session.late_starters_until is not None:
            source = session.late_starters_source
            yield Cell(
                text=h.late_starters.format(day=session.late_starters_until),
                sources=(source,) if source else (),
            )
        if session.instead_of is not None:
            title = self._words.sessions[session.instead_of]
            yield Cell(text=h.in_place_of.format(session=title))
        yield Cell(text=h.for_whom.format(who="; ".join(self._whom(session))))

    def _span(self, span: Span) -> str:
        h = self._headings
        is_one = span.first_day == span.last_day
        parts = [f"{span.first_day}" if is_one else f"{span.first_day}–{span.last_day}"]
        if span.days_a_week < 7:
            parts.append(h.per_week.format(count=span.days_a_week))
        if span.times_a_day > 1:
            parts.append(h.per_day.format(count=span.times_a_day))
        return ", ".join(parts)

    def _whom(self, session: Session) -> Iterator[str]:
        h = self._headings
        if not session.meant_for and session.paths == EVERY_PATH:
            yield h.everyone_hears
        for question, answers in session.meant_for.items():
            yield h.either.join(
                h.not_told if answer == UNKNOWN else h.answers[question, answer]
                for answer in answers
            )
        if session.paths != EVERY_PATH:
            yield h.either.join(h.paths[path] for path in session.paths)

    def _told(self, session: Session, shown: set[str]) -> Iterator[Told]:
        for part in session.all_parts:
            assert isinstance(part, TalkBlock)  # nothing else is in a session without exercise
            talk = self._words.talks[part.talk]
            is_new = part.talk not in shown
            shown.add(part.talk)
            yield Told(
                title=talk.title,
                paragraphs=talk.text if is_new else (),
                sources=self._programme.talks[part.talk],
            )
