"""A programme -> the HTML page on which a physiotherapist signs it off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach import __version__, messages
from voicecoach.authoring import prescriptions, signature
from voicecoach.authoring.cases import Case
from voicecoach.authoring.heard import Heard
from voicecoach.authoring.prescriptions import SignOff, Table
from voicecoach.authoring.sign_off_tables import Cell, Part, Tables, Talks, effect_text
from voicecoach.authoring.signature import Signature
from voicecoach.authoring.to_confirm import ToConfirm
from voicecoach.content.exercise import EDITORIAL
from voicecoach.content.programme import Programme
from voicecoach.content.questions import GATES
from voicecoach.content.rules import Rule
from voicecoach.content.translation import Translation
from voicecoach.files import write_whole
from voicecoach.messages import Words, template
from voicecoach.planning.asked import Asked
from voicecoach.planning.step_back import StepBack, steps_back
from voicecoach.planning.wording import seconds_text, without_numbers

_TEMPLATE = "sign_off.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The tables that apply to the same clients."""

    heading: str
    note: str | None
    parts: list[Part]


def html_page(
    programme: Programme,
    words: Translation,
    agreed: SignOff,
    remarks: Sequence[str],
    hashes: Mapping[str, str],
    signatures: Sequence[tuple[Signature, bool]] = (),
) -> str:
    """A self-contained HTML page without scripts.

    ``hashes`` are the SHA-256 hashes of the content's files, by name; ``signatures`` each have
    whether the content is still what was signed. Headings are in the language
    of ``words``, or else in English.
    """
    page = _Page(programme, words, messages.words(words.language))
    return template(_TEMPLATE).render(
        h=page.headings.section("sign_off"),
        purpose=page.asked.worded("sign_off.purpose"),
        sources_note=page.headings("sign_off.sources_note", counted=page.asked.counted),
        gates=[
            page.headings(f"sign_off.gates.{gate}")
            for gate in GATES
            if programme.training_steps and gate in programme.questions
        ],
        language=page.headings.language,
        direction=page.headings.direction,
        words=words,
        programme=programme,
        version=__version__,
        hashes=hashes,
        limits=page.to_confirm.limits(agreed.phases),
        groups=list(page.groups(agreed.tables)),
        said=page.heard.around(agreed.sessions),
        during=list(page.heard.during(agreed.sessions)),
        talks=Talks(programme, words, page.headings).sessions(),
        signs_sources=programme.talks[programme.safety] if programme.safety else (),
        safety=words.talks[programme.safety] if programme.safety else None,
        rules=[page.rule(rule) for rule in programme.rules],
        training=list(page.training()),
        sport=programme.sport,
        steps_back=[page.step_back(each) for each in steps_back(programme)],
        to_confirm=page.to_confirm,
        sources=_references({EDITORIAL: page.headings("sign_off.own_choice"), **programme.sources}),
        signed=[page.signed(each, is_current=is_so) for each, is_so in signatures],
        has_training=bool(programme.training_steps),
        remarks=remarks,
    )


class _Page:
    """Writes the parts of the page."""

    def __init__(self, programme: Programme, words: Translation, headings: Words) -> None:
        self._programme = programme
        self._words = words
        self.headings = headings
        self.asked = Asked(programme, headings)
        self.tables = Tables(words, headings)
        self.heard = Heard(programme, words, headings)
        self.to_confirm = ToConfirm(programme, words, headings)

    def groups(self, tables: Sequence[Table]) -> Iterator[_Group]:
        """The first table completely; of the others, only the differences."""
        first = tables[0]
        yield _Group(
            heading=self.headings("sign_off.everyone"),
            note=None,
            parts=self.tables.parts(first.rows),
        )
        for table in tables[1:]:
            rows = tuple(row for row in table.rows if row not in first.rows)
            kept = {row.session.id for row in table.rows}
            gone = dict.fromkeys(r.session.id for r in first.rows if r.session.id not in kept)
            titles = ", ".join(f"“{self._session_title(id_)}”" for id_ in gone)
            answers = self.headings("sign_off.either").join(map(self._answers, table.cases))
            yield _Group(
                heading=self.headings("sign_off.only_with", answers=answers),
                note=self.headings("sign_off.instead", sessions=titles) if gone else None,
                parts=self.tables.parts(rows),
            )

    def rule(self, rule: Rule) -> list[Cell]:
        """The row of a rule."""
        h = self.headings
        return [
            Cell(text=h(f"sign_off.signs.{rule.when}")),
            _days_of(rule),
            Cell(text=effect_text(rule, self._programme, h), sources=rule.sources),
            Cell(text=" ".join(self._words.advice[rule.when.value])),
        ]

    def training(self) -> Iterator[list[Cell]]:
        """The rows of the numbers by which the steps are begun and climbed."""
        for name, source in self._programme.training.sources:
            number = getattr(self._programme.training, name)
            meaning = Cell(text=self.headings(f"sign_off.training_rules.{name}"))
            yield [meaning, Cell(text=str(number), sources=(source,))]

    def signed(self, each: Signature, *, is_current: bool) -> str:
        """The line of a signature."""
        key = "signed" if is_current else "signed_before"
        day = self.headings.day(each.signed_on)
        return self.headings(f"sign_off.{key}", name=each.name, day=day)

    def step_back(self, each: StepBack) -> list[Cell]:
        """The row of a step."""
        before, after = each.before, each.after
        seconds = [seconds_text(load.under_tension_ms, self.headings) for load in (before, after)]
        numbers = (
            f"{each.step}",
            f"{each.day}",
            f"{before.contractions} → {after.contractions}",
            " → ".join(seconds),
            f"{before.intensity_percent} % → {after.intensity_percent} %",
            f"{round(100 * after.under_tension_ms / max(before.under_tension_ms, 1))} %",
        )
        return [Cell(text=text) for text in numbers]

    def _answers(self, case: Case) -> str:
        given = case.situation.answers().items()
        told = [self.asked.answer(key, each) for key, each in given if each]
        told += [self.headings("sign_off.long_holds")] if case.situation.long_holds else []
        return ", ".join(told)

    def _session_title(self, id_: str) -> str:
        """The title without the numbers of the dose, which change from day to day."""
        return without_numbers(self._words.sessions[id_])


def _references(sources: Mapping[str, str]) -> list[tuple[str, str, str | None]]:
    """The id of each source, its reference, and the address at its end if it has one."""
    found = []
    for id_, reference in sources.items():
        text, _, address = reference.rpartition(" ")
        is_linked = address.startswith(("https://", "http://"))
        found.append((id_, text if is_linked else reference, address if is_linked else None))
    return found


def write(
    folder: Path, programme: Programme, words: Translation, remarks: Sequence[str], path: Path
) -> None:
    """Writes to ``path`` all prescriptions of ``programme``, which was read from ``folder``, and
    the ``remarks`` of ``check`` on it.

    Raises StorageError if the content cannot be read, or the page cannot be written.
    """
    page = html_page(
        programme,
        words,
        prescriptions.sign_off(programme),
        remarks,
        signature.file_hashes(folder, programme),
        signature.standing(folder, programme),
    )
    write_whole(path, page.encode())


def _days_of(rule: Rule) -> Cell:
    """On how many check-ins it is reported, and of how many days."""
    if rule.within_days is None:
        return Cell(text=f"{rule.days} ×", sources=(rule.days_source,))
    sources = tuple(dict.fromkeys((rule.days_source, rule.within_source)))
    return Cell(text=f"{rule.days} × / {rule.within_days}", sources=sources)
