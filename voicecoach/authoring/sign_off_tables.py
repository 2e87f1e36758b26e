"""Prescriptions, phases and talks -> the tables of the report. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach.authoring.prescriptions import Row
from voicecoach.content.clinical_state import UNKNOWN
from voicecoach.content.exercise import Prescription, Sources
from voicecoach.content.kinds.kind import Kind
from voicecoach.content.programme import Programme
from voicecoach.content.reading.exercises import KINDS
from voicecoach.content.reading.key_tables import Key
from voicecoach.content.rules import Effect, Rule
from voicecoach.content.session import EVERY_PATH, Session, Span, TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.messages import Words
from voicecoach.planning.asked import Asked
from voicecoach.planning.wording import number_text, seconds_text, shown, without_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a table and the ids of its sources."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table of one kind of exercise."""

    heading: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]


class Tables:
    """Writes rows in one language."""

    def __init__(self, words: Translation, headings: Words) -> None:
        self._words = words
        self._headings = headings

    def parts(self, rows: Sequence[Row]) -> list[Part]:
        """The rows as a table for each kind of exercise among them."""
        by_name = {name: [row for row in rows if _kind(row) == name] for name in KINDS}
        return [self._part(KINDS[name], found) for name, found in by_name.items() if found]

    def _part(self, kind: Kind, rows: Sequence[Row]) -> Part:
        """A column for each number that any of ``rows`` has."""
        h = self._headings
        named = {key for row in rows for key, _ in row.prescription.sources}
        keys = [key for key in kind.numbers if key.is_needed or key.name in named]
        totals = any(row.contractions_a_day for row in rows)
        return Part(
            heading=h(f"sign_off.kinds.{kind.name}"),
            columns=(
                *(h(f"sign_off.{name}") for name in ("days", "session", "exercise")),
                *(h(f"sign_off.numbers.{key.name}") for key in keys),
                h("sign_off.times_a_day"),
                *([h("sign_off.contractions_a_day")] if totals else []),
            ),
            rows=[
                [
                    *self._when(row),
                    *(self._number(row, key) for key in keys),
                    _cell(str(row.times_a_day), row.schedule_sources, "times_a_day"),
                    *([Cell(text=str(row.contractions_a_day))] if totals else []),
                ]
                for row in rows
            ],
        )

    def _number(self, row: Row, key: Key) -> Cell:
        """The number of ``key`` in the dose of ``row``."""
        text = number_text(row.prescription.dose, key.name, self._headings)
        if text is None:
            return Cell(text="–")
        return _cell(text, row.prescription.sources, key.name)

    def _when(self, row: Row) -> list[Cell]:
        days = row.days
        text = str(days.first_day)
        if days.length > 1:
            text += f"–{days.last_day}"
        if days.count < days.length:
            some = self._headings("sign_off.some_days", count=days.count, length=days.length)
            text += f" ({some})"
        keys = ("from_day", "to_day", "days_a_week", "step_from_day")
        found = dict.fromkeys(source for key, source in row.schedule_sources if key in keys)
        return [
            Cell(text=text, sources=tuple(found)),
            Cell(
                text=shown(
                    self._words.sessions[row.session.id], self._words, row.session.contractions
                )
            ),
            self._exercise(row.prescription),
        ]

    def _exercise(self, prescription: Prescription) -> Cell:
        """Its title, and how it is done: sides, position, rounds."""
        h, position, round_ = self._headings, prescription.starting_position, prescription.round
        manner = [h("sign_off.each_side")] if prescription.side else []
        manner += [h("sign_off.alternating")] if prescription.alternates else []
        if position is not None:
            manner.append(self._words.starting_positions[position.id].title)
        if round_ is not None:
            rest = self._seconds(round_.rest_ms)
            manner.append(h("sign_off.rounds", count=round_.count, rest=rest))
        title = self._words.exercises[prescription.exercise].title
        keys = ("rounds", "round_rest_s", "side_change_s", "starting_position")
        sources = dict.fromkeys(source for key, source in prescription.sources if key in keys)
        text = f"{title} ({'; '.join(manner)})" if manner else title
        return Cell(text=text, sources=tuple(sources))

    def _seconds(self, length_ms: int | None) -> str:
        return seconds_text(length_ms or 0, self._headings)


def _kind(row: Row) -> str:
    return row.prescription.dose.kind


def _cell(text: str, sources: Sources, key: str) -> Cell:
    source = dict(sources).get(key)
    return Cell(text=text, sources=() if source is None else (source,))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenText:
    """A spoken text; without its paragraphs if it was shown before."""

    title: str
    paragraphs: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkSession:
    """A session of talks only."""

    title: str
    facts: tuple[Cell, ...]
    """The days, and for whom."""
    told: tuple[SpokenText, ...]


class Talks:
    """Writes talk sessions in one language."""

    def __init__(self, programme: Programme, words: Translation, headings: Words) -> None:
        self._programme = programme
        self._words = words
        self._headings = headings
        self._asked = Asked(programme, headings)

    def sessions(self) -> list[TalkSession]:
        """All talk sessions, for any client, in the order of a day."""
        shown: set[str] = set()
        return [
            TalkSession(
                title=self._words.sessions[session.id],
                facts=tuple(self._facts(session)),
                told=tuple(self._spoken_texts(session, shown)),
            )
            for session in self._programme.sessions
            if not session.is_exercise
        ]

    def _facts(self, session: Session) -> Iterator[Cell]:
        h = self._headings
        for span in session.schedule:
            clock = h(f"sign_off.clocks.{session.clock}", day_zero=self._asked.day_zero.name)
            text = f"{h('sign_off.days')}: {span_text(span, h)} ({clock})"
            yield Cell(text=text, sources=tuple(dict.fromkeys(dict(span.sources).values())))
        if session.fills_empty_days:
            yield Cell(text=h("sign_off.fills"))
        if session.late_starters_until is not None:
            source = session.late_starters_source
            yield Cell(
                text=h("sign_off.late_starters", day=session.late_starters_until),
                sources=(source,) if source else (),
            )
        for replaced in session.instead_of:
            title = without_numbers(self._words.sessions[replaced])
            yield Cell(text=h("sign_off.in_place_of", session=title))
        yield Cell(text=h("sign_off.for_whom", who="; ".join(self._whom(session))))

    def _whom(self, session: Session) -> Iterator[str]:
        h = self._headings
        if not session.meant_for and session.paths == EVERY_PATH:
            yield h("sign_off.everyone_hears")
        for question, answers in session.meant_for.items():
            yield h("sign_off.either").join(
                h("sign_off.not_told")
                if answer == UNKNOWN
                else self._asked.answer(question, answer)
                for answer in answers
            )
        if session.paths != EVERY_PATH:
            yield h("sign_off.either").join(h(f"sign_off.paths.{path}") for path in session.paths)

    def _spoken_texts(self, session: Session, shown: set[str]) -> Iterator[SpokenText]:
        for part in session.all_parts:
            assert isinstance(part, TalkBlock)  # a session without exercises has only talks
            talk = self._words.talks[part.talk]
            is_new = part.talk not in shown
            shown.add(part.talk)
            yield SpokenText(
                title=talk.title,
                paragraphs=talk.text if is_new else (),
                sources=self._programme.talks[part.talk],
            )


def effect_text(rule: Rule, programme: Programme, headings: Words) -> str:
    """What ``rule`` changes."""
    is_stop = rule.effect is Effect.STOP and not programme.training_steps
    return headings(f"sign_off.effects.{'stop_for_anyone' if is_stop else rule.effect}")


def span_text(span: Span, headings: Words) -> str:
    """The days of ``span``, and how often on them where it is not once on each."""
    is_one = span.first_day == span.last_day
    parts = [f"{span.first_day}" if is_one else f"{span.first_day}–{span.last_day}"]
    if span.days_a_week < 7:
        parts.append(headings("sign_off.per_week", count=span.days_a_week))
    if span.times_a_day > 1:
        parts.append(headings("sign_off.per_day", count=span.times_a_day))
    return ", ".join(parts)
