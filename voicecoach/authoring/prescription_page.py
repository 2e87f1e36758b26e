"""What is prescribed for one client -> a page of HTML for her file, and a line for a terminal."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from voicecoach import __version__, messages, private_files
from voicecoach.content.programme import Programme
from voicecoach.content.questions import START
from voicecoach.content.translation import Translation
from voicecoach.dates import day_after
from voicecoach.messages import Words, template
from voicecoach.planning import gates
from voicecoach.planning.asked import Asked
from voicecoach.planning.planner import Planner
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import Entry, percent_text

_TEMPLATE = "prescription.html"
Row = tuple[str, str]
"""What a number is, and the number."""


def write(path: Path, programme: Programme, hers: Hers) -> None:
    """Writes the page of ``hers`` to ``path``, which only its owner can read; with the day it was
    made for. Raises StorageError."""
    private_files.write(path, html_page(programme, hers).encode())


def html_page(programme: Programme, hers: Hers) -> str:
    """A self-contained page in the language of the client, without scripts."""
    said = messages.words(hers.profile.language)
    words = programme.words_in(hers.profile.language)
    situation, day = hers.situation, max(hers.day, 1)
    today = Planner(programme, situation, None).day(day).course
    is_shut = gates.is_shut(programme, situation) or not today.may_contract
    step = said("prescription_page.no_step")
    if today.step is not None:
        most = len(programme.training_steps)
        step = said("prescription_page.step", step=today.step, steps=most)
    has_training = bool(programme.training_steps)
    day_zero_name, day_zero = _day_zero(programme, hers, said)
    return template(_TEMPLATE).render(
        h=said.section("prescription_page"),
        language=said.language,
        direction=said.direction,
        name=hers.profile.name,
        day_zero_name=day_zero_name,
        day_zero=said.day(day_zero),
        today=said.day(hers.today),
        programme=words.title,
        version=__version__,
        step=step if has_training else "",
        is_shut=is_shut and has_training,
        entries=[
            (exercise_title(each, words), list(_rows(each, words, said)))
            for each in (*hers.prescriptions.current, *hers.prescriptions.earlier)
        ],
        rules=[
            *said.texts("prescription_page.rules"),
            *(said.texts("prescription_page.rules_of_contractions") if has_training else ()),
        ],
    )


def _day_zero(programme: Programme, hers: Hers, said: Words) -> tuple[str, date]:
    """What days count from, and when that was: her first day, where that is day 1."""
    born = hers.profile.birth_date
    if programme.day_zero == START:
        return said("prescription_page.first_day"), day_after(born)
    name = Asked(programme, said).day_zero.name
    return said("prescription_page.day_zero", name=name), born


def exercise_title(entry: Entry, words: Translation) -> str:
    """The title of the exercise; its id if ``words`` are those of another programme."""
    own = words.exercises.get(entry.exercise)
    return entry.exercise if own is None else own.title


def in_a_line(entry: Entry, words: Translation, said: Words) -> str:
    """What is prescribed, without why."""
    numbers = ", ".join(f"{label}: {value}" for label, value in _numbers(entry, words, said))
    return said(
        "prescribe.line",
        exercise=exercise_title(entry, words),
        first=entry.from_date,
        last=entry.until,
        by=entry.by,
        numbers=numbers,
    )


def _rows(entry: Entry, words: Translation, said: Words) -> Iterator[Row]:
    days = said(
        "prescription_page.days", first=said.day(entry.from_date), last=said.day(entry.until)
    )
    yield said("prescription_page.label.days"), days
    yield from _numbers(entry, words, said)
    yield said("prescription_page.label.by"), entry.by
    if entry.why is not None:
        yield said("prescription_page.label.why"), entry.why
    if entry.beyond_limits is not None:
        yield said("prescription_page.label.beyond_limits"), entry.beyond_limits


def _numbers(entry: Entry, words: Translation, said: Words) -> Iterator[Row]:
    position = words.starting_positions.get(entry.starting_position or "")
    left_out = (words.exercises.get(id_) for id_ in entry.leave_out)
    shown = {
        "hold_s": None if entry.hold_s is None else f"{entry.hold_s} s",
        "reps": entry.reps,
        "sets": entry.sets,
        "intensity_percent": entry.intensity_percent
        and f"{percent_text(entry.intensity_percent)} %",
        "times_a_day": entry.times_a_day,
        "starting_position": entry.starting_position if position is None else position.title,
        "leave_out": ", ".join(each.title for each in left_out if each is not None),
    }
    for name, value in shown.items():
        if value:
            yield said(f"prescription_page.label.{name}"), str(value)
