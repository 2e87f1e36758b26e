"""Prescriptions, phases and talks -> the tables of the report. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach.authoring.prescriptions import PhaseAsks, Row
from voicecoach.content.clinical_state import UNKNOWN
from voicecoach.content.exercise import Breathing, Contractions, Sources
from voicecoach.content.programme import Programme
from voicecoach.content.session import EVERY_PATH, Session, Span, TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.messages import Words
from voicecoach.planning.wording import shown


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

    def phase(self, asks: PhaseAsks) -> list[Cell]:
        """The row of a phase."""
        limits, sources = asks.phase.limits, asks.phase.sources
        h = self._headings
        texts = {
            "hold_s": self._seconds(limits.hold_ms),
            "intensity_percent": f"{limits.intensity_percent} %",
            "rest_to_hold": h("sign_off.times_the_hold", ratio=limits.rest_to_hold),
            "contractions_a_day": f"{limits.contractions_a_day}",
        }
        given = dict(sources)
        limited = [
            _cell(texts[key], sources, key) if key in given else Cell(text=h("sign_off.no_limit"))
            for key in texts
        ]
        return [
            Cell(text=self._words.phases[asks.phase.id]),
            _cell(str(asks.phase.from_day), sources, "from_day"),
            *limited,
            Cell(text=str(asks.most_contractions_a_day)),
        ]

    def parts(self, rows: Sequence[Row]) -> list[Part]:
        """The rows as a table of contractions and one of breathing, each unless it is empty."""
        h = self._headings
        contractions = [r for r in rows if isinstance(r.prescription.dose, Contractions)]
        breathing = [r for r in rows if isinstance(r.prescription.dose, Breathing)]
        when = (h("sign_off.days"), h("sign_off.session"), h("sign_off.exercise"))
        dose = (
            h("sign_off.intensity"),
            h("sign_off.hold"),
            h("sign_off.rest"),
            h("sign_off.reps"),
            h("sign_off.sets"),
            h("sign_off.set_rest"),
        )
        found = [
            Part(
                heading=h("sign_off.contractions"),
                columns=(*when, *dose, h("sign_off.times_a_day"), h("sign_off.contractions_a_day")),
                rows=[self._contraction_row(row) for row in contractions],
            ),
            Part(
                heading=h("sign_off.breathing"),
                columns=(
                    *when,
                    h("sign_off.inhale"),
                    h("sign_off.exhale"),
                    h("sign_off.breaths"),
                    h("sign_off.times_a_day"),
                ),
                rows=[self._breathing_row(row) for row in breathing],
            ),
        ]
        return [part for part in found if part.rows]

    def _contraction_row(self, row: Row) -> list[Cell]:
        dose, sources = row.prescription.dose, row.prescription.sources
        assert isinstance(dose, Contractions)
        low, high = dose.intensity.low_percent, dose.intensity.high_percent
        percent = f"{high} %" if low == high else f"{low}–{high} %"
        return [
            *self._when(row),
            _cell(percent, sources, "intensity_percent"),
            _cell(self._seconds(dose.hold_ms), sources, "hold_s"),
            _cell(self._seconds(dose.rest_ms), sources, "rest_s"),
            _cell(str(dose.reps), sources, "reps"),
            _cell(str(dose.sets), sources, "sets"),
            _cell(self._seconds(dose.set_rest_ms) if dose.sets > 1 else "–", sources, "set_rest_s"),
            _cell(str(row.times_a_day), row.schedule_sources, "times_a_day"),
            Cell(text=str(row.contractions_a_day)),
        ]

    def _breathing_row(self, row: Row) -> list[Cell]:
        dose, sources = row.prescription.dose, row.prescription.sources
        assert isinstance(dose, Breathing)
        return [
            *self._when(row),
            _cell(self._seconds(dose.inhale_ms), sources, "inhale_s"),
            _cell(self._seconds(dose.exhale_ms), sources, "exhale_s"),
            _cell(str(dose.breaths), sources, "breaths"),
            _cell(str(row.times_a_day), row.schedule_sources, "times_a_day"),
        ]

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
            Cell(text=shown(self._words.sessions[row.session.id], row.session.contractions)),
            Cell(text=self._words.exercises[row.prescription.exercise].title),
        ]

    def _seconds(self, length_ms: int | None) -> str:
        seconds = f"{(length_ms or 0) / 1000:g}"
        return f"{seconds.replace('.', self._headings('decimal_mark'))} s"


def _cell(text: str, sources: Sources, key: str) -> Cell:
    source = dict(sources).get(key)
    return Cell(text=text, sources=() if source is None or text == "–" else (source,))


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
            clock = h(f"sign_off.clocks.{session.clock}")
            text = f"{h('sign_off.days')}: {self._span(span)} ({clock})"
            yield Cell(text=text, sources=tuple(dict.fromkeys(dict(span.sources).values())))
        if session.fills_empty_days:
            yield Cell(text=h("sign_off.fills"))
        if session.late_starters_until is not None:
            source = session.late_starters_source
            yield Cell(
                text=h("sign_off.late_starters", day=session.late_starters_until),
                sources=(source,) if source else (),
            )
        if session.instead_of is not None:
            title = self._words.sessions[session.instead_of]
            yield Cell(text=h("sign_off.in_place_of", session=title))
        yield Cell(text=h("sign_off.for_whom", who="; ".join(self._whom(session))))

    def _span(self, span: Span) -> str:
        h = self._headings
        is_one = span.first_day == span.last_day
        parts = [f"{span.first_day}" if is_one else f"{span.first_day}–{span.last_day}"]
        if span.days_a_week < 7:
            parts.append(h("sign_off.per_week", count=span.days_a_week))
        if span.times_a_day > 1:
            parts.append(h("sign_off.per_day", count=span.times_a_day))
        return ", ".join(parts)

    def _whom(self, session: Session) -> Iterator[str]:
        h = self._headings
        if not session.meant_for and session.paths == EVERY_PATH:
            yield h("sign_off.everyone_hears")
        for question, answers in session.meant_for.items():
            yield h("sign_off.either").join(
                h("sign_off.not_told")
                if answer == UNKNOWN
                else h(f"sign_off.answers.{question}.{answer}")
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
