"""Programme and countries -> the limits of its phases, and what a clinician is to confirm: what
rests on no source, danger signs, and whom to call. No I/O but the files of the countries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach import countries
from voicecoach.authoring.prescriptions import PhaseAsks
from voicecoach.authoring.sign_off_tables import Cell, effect_text, span_text
from voicecoach.content.exercise import EDITORIAL, Exercise, Step
from voicecoach.content.kinds.kind import field_of
from voicecoach.content.programme import Phase, Programme
from voicecoach.content.session import Block, CircuitBlock, ExerciseBlock, Session
from voicecoach.content.translation import Guidance, Translation
from voicecoach.messages import Words
from voicecoach.planning.asked import Asked
from voicecoach.planning.wording import number_text, seconds_text, without_numbers

_LIMIT_NAMES = {
    "from_day": "from_day",
    "hold_s": "longest_hold",
    "intensity_percent": "highest_intensity",
    "rest_to_hold": "shortest_rest",
    "contractions_a_day": "most_contractions",
    "sets_a_day": "most_sets_a_day",
    "reps": "most_reps",
    "long_hold_s": "longest_long_hold",
    "long_hold_percent": "highest_long_hold",
    "breath_pause_s": "numbers.pause_full_s",
}
"""What the report calls the numbers of a phase, in the order of its table."""
_ALWAYS_SHOWN = ("from_day", "hold_s", "intensity_percent", "rest_to_hold", "contractions_a_day")
"""The limits that the report shows also where no phase has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Whom to call in a country."""

    name: str
    checked: str
    """When its numbers were compared with their sources."""
    whom: tuple[tuple[str, str], ...]
    """By group of signs: its heading, and what is said."""
    numbers: tuple[tuple[str, str], ...]
    """Each number, and on what it rests."""


class ToConfirm:
    """Writes the table and the lists in one language."""

    def __init__(self, programme: Programme, words: Translation, headings: Words) -> None:
        self._programme = programme
        self._words = words
        self._h = headings
        self._asked = Asked(programme, headings)
        self._has_training = bool(programme.training_steps)

    def limits(self, phases: Sequence[PhaseAsks]) -> tuple[list[str], list[list[Cell]]]:
        """The columns and rows of the phases: each limit that any of them has, with its source, and
        the most that is asked."""
        given = {key for each in phases for key, _ in each.phase.sources}
        given = {*given, *_ALWAYS_SHOWN} if self._has_training else given - {"contractions_a_day"}
        keys = [key for key in _LIMIT_NAMES if key in given]
        named = [self._h(f"sign_off.{_LIMIT_NAMES[key]}") for key in keys]
        rows = [
            [
                Cell(text=self._words.phases[each.phase.id]),
                *(self._limit_cell(each.phase, key) for key in keys),
                *([Cell(text=str(each.most_contractions_a_day))] if self._has_training else []),
            ]
            for each in phases
        ]
        most_asked = [self._h("sign_off.most_asked")] if self._has_training else []
        return [self._h("sign_off.phase"), *named, *most_asked], rows

    def _limit_cell(self, phase: Phase, key: str) -> Cell:
        source = dict(phase.sources).get(key)
        if source is None:
            return Cell(text=self._h("sign_off.no_limit"))
        return Cell(text=self._limit(phase, key), sources=(source,))

    def numbers(self) -> Iterator[list[Cell]]:
        """Every number that is ``editorial``: where it stands, and what it is."""
        found: dict[str, dict[str, None]] = {}
        for where, number in self._editorial():
            found.setdefault(where, {})[number] = None
        for where, numbers in found.items():
            yield [Cell(text=where), Cell(text="; ".join(numbers))]

    def _editorial(self) -> Iterator[tuple[str, str]]:
        yield from self._phases()
        yield from self._doses()
        yield from self._schedules()
        yield from self._rules()
        yield from self._sport()
        yield from self._openings()

    def talks(self) -> tuple[str, ...]:
        """The titles of the texts that rest on our own choice, wholly or in part."""
        ours = (id_ for id_, sources in self._programme.talks.items() if EDITORIAL in sources)
        return tuple(dict.fromkeys(self._words.talks[id_].title for id_ in ours))

    def signs(self) -> list[tuple[str, tuple[str, ...]]]:
        """The danger signs by group."""
        return [
            (self._h(f"signs_page.groups.{group}"), self._asked.signs(group))
            for group in self._programme.sign_groups
        ]

    def countries(self) -> list[Country]:
        """Each country with numbers; none where the programme asks about no danger signs."""
        if not self._programme.sign_groups:
            return []
        return [self._country(code) for code in countries.codes() if countries.numbers(code)]

    def _country(self, code: str) -> Country:
        sources, checked_on = countries.number_sources(code), countries.checked_on(code)
        assert checked_on is not None  # it has numbers
        return Country(
            name=self._h(f"whom.{code}.name"),
            checked=self._h("signs_page.checked", day=self._h.day(checked_on)),
            whom=tuple(
                (
                    self._h(f"signs_page.groups.{group}"),
                    self._asked.whom_to_call(group, code),
                )
                for group in self._asked.sign_groups
            ),
            numbers=tuple(
                (number, sources[name]) for name, number in countries.numbers(code).items()
            ),
        )

    def _phases(self) -> Iterator[tuple[str, str]]:
        for phase in self._programme.phases:
            for key, source in phase.sources:
                if source == EDITORIAL and (self._has_training or key != "contractions_a_day"):
                    title = f"{self._h('sign_off.phase')}: {self._words.phases[phase.id]}"
                    named = self._h(f"sign_off.{_LIMIT_NAMES[key]}")
                    yield title, f"{named}: {self._limit(phase, key)}"

    def _limit(self, phase: Phase, key: str) -> str:
        if key == "from_day":
            return str(phase.from_day)
        if key == "rest_to_hold":
            return self._h("sign_off.times_the_hold", ratio=phase.limits.rest_to_hold)
        number = getattr(phase.limits, field_of(key) if key.endswith("_s") else key)
        if key.endswith("_s"):
            return seconds_text(number, self._h)
        return f"{number} %" if key.endswith("_percent") else str(number)

    def _doses(self) -> Iterator[tuple[str, str]]:
        for id_, exercise in self._programme.exercises.items():
            for step in exercise.steps:
                since = self._h("sign_off.from_day")
                title = self._words.exercises[id_].title
                if len(exercise.steps) > 1:
                    title += f" ({since.lower()} {step.from_day})"
                    if step.day_source == EDITORIAL:
                        yield title, since
                for key, source in step.prescription.sources:
                    text = self._of_dose(exercise, step, key) if source == EDITORIAL else ""
                    if text:
                        yield title, text

    def _of_dose(self, exercise: Exercise, step: Step, key: str) -> str:
        if key == "side_change_s":
            change = seconds_text(exercise.side_change_ms, self._h)
            return f"{self._h('sign_off.side_change')}: {change}"
        name = f"sign_off.numbers.{key}"
        if name not in self._h:
            return key  # how it is done, such as its sides
        shown = number_text(step.prescription.dose, key, self._h)
        return f"{self._h(name)}: {shown}" if shown else ""

    def _schedules(self) -> Iterator[tuple[str, str]]:
        for session in self._programme.sessions:
            title = self._session_title(session)
            for span in session.schedule:
                if EDITORIAL in dict(span.sources).values():
                    yield title, f"{self._h('sign_off.days')}: {span_text(span, self._h)}"
            if session.late_starters_source == EDITORIAL:
                yield title, self._h("sign_off.late_starters", day=session.late_starters_until)
            for block in session.blocks:
                yield from ((title, text) for text in self._of_block(block))

    def _of_block(self, block: Block) -> Iterator[str]:
        if isinstance(block, ExerciseBlock) and block.override_source == EDITORIAL:
            for key in ("breaths", "sets"):
                number = getattr(block, key)
                if number is not None:
                    exercise = self._words.exercises[block.exercise].title
                    yield f"{exercise}: {self._h(f'sign_off.numbers.{key}')}: {number}"
        elif isinstance(block, CircuitBlock):
            if EDITORIAL in dict(block.sources).values():
                rest = seconds_text(block.rest_ms, self._h)
                yield self._h("sign_off.rounds", count=block.rounds, rest=rest)
            for each in block.blocks:
                yield from self._of_block(each)

    def _rules(self) -> Iterator[tuple[str, str]]:
        h, programme = self._h, self._programme
        for rule in programme.rules:
            within = (rule.within_source,) if rule.within_days else ()
            if EDITORIAL in (rule.days_source, *within, *rule.sources):
                days = f"{rule.days} ×" + (f" / {rule.within_days}" if rule.within_days else "")
                effect = effect_text(rule, programme, h)
                yield h(f"sign_off.signs.{rule.when}"), f"{days}: {effect}"
        for name, source in programme.training.sources:
            if source == EDITORIAL:
                number = getattr(programme.training, name)
                yield h("sign_off.training"), f"{h(f'sign_off.training_rules.{name}')}: {number}"
        if programme.full_guidance_source == EDITORIAL:
            yield h("sign_off.full_guidance"), str(programme.full_guidance_days)
        for id_, source in programme.starting_position_sources:
            if source == EDITORIAL:
                time_ms = programme.starting_positions[id_].time_ms
                yield self._words.starting_positions[id_].title, seconds_text(time_ms, h)

    def _sport(self) -> Iterator[tuple[str, str]]:
        sport = self._programme.sport
        if sport is None:
            return
        title = self._h("sign_off.sport")
        for key, source in sport.sources:
            if source == EDITORIAL:
                yield title, f"{self._h(f'sign_off.sport_days.{key}')}: {getattr(sport, key)}"
        for id_, sources in sport.tests.items():
            if EDITORIAL in sources:
                yield title, self._words.sport[id_]

    def _openings(self) -> Iterator[tuple[str, str]]:
        """How a session opens once she knows it, and how fast all is spoken."""
        h, short = self._h, self._programme.short_opening
        for key, source in short.sources if short is not None else ():
            if source == EDITORIAL:
                named = h(f"sign_off.short_opening_numbers.{key}")
                yield h("sign_off.short_opening"), f"{named}: {getattr(short, key)}"
        for key, source in self._words.rate_sources:
            if source == EDITORIAL:
                rate = self._words.rate_wpm[Guidance(key)]
                yield h("sign_off.rate"), f"{h(f'sign_off.rates.{key}')}: {rate}"

    def _session_title(self, session: Session) -> str:
        return without_numbers(self._words.sessions[session.id])
