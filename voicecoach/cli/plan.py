"""``voicecoach plan``: planned days as a table, as JSON, or as a calendar file."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from voicecoach import messages
from voicecoach.cli.options import client_words, guidance_option, json_option, shared, week_option
from voicecoach.content.translation import Translation
from voicecoach.dates import minutes, week_of
from voicecoach.letters import TABLE_COLUMNS, hanging, wrapped
from voicecoach.messages import Message, Words
from voicecoach.planning.course import CourseDay
from voicecoach.planning.plan import note
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.wording import beyond_limits, prescribed_by, session_title

_DAY_WIDTH, _DATE_WIDTH, _MINUTES_WIDTH = 8, 12, 8

EstimateMs = Callable[[PlannedSession], int]
"""About how long a session takes."""


def plan_json(
    days: Sequence[PlannedDay],
    words: Translation,
    estimate_ms: EstimateMs,
    birth_date: date | None,
    *,
    is_after_birth: bool,
) -> str:
    """The calendar for machines. Each session is listed as often as it is done on the day.
    ``birth_date`` is day 0, also of a programme that does not count from a birth."""
    day_zero = None if birth_date is None else str(birth_date)
    content = {
        "birth_date" if is_after_birth else "day_zero": day_zero,
        "days": [
            {
                "day": day.day,
                "date": None if birth_date is None else str(birth_date + timedelta(days=day.day)),
                "week": week_of(day.day),
                "phase": day.phase,
                "may_contract": day.course.may_contract,
                "step": day.course.step,
                "reason": day.course.reason,
                "note": note(day.course, messages.words(words.language)),
                "prescribed": [each.as_data() for each in day.prescribed],
                "sessions": [
                    {
                        "session": session.id,
                        "title": session_title(session, words),
                        "kind": session.kind,
                        "duration_ms": estimate_ms(session),
                        "exercises": session.exercises,
                        "holds_ms": sorted({dose.hold_ms for dose in session.all_contractions}),
                        "contractions": session.contraction_count,
                        "under_tension_ms": session.under_tension_ms,
                        "intensity_percent": session.intensity_percent,
                    }
                    for session in day.listening
                ],
            }
            for day in days
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def plan_table(
    days: Sequence[PlannedDay],
    words: Translation,
    estimate_ms: EstimateMs,
    birth_date: date | None,
    said: Words,
    columns: int = TABLE_COLUMNS,
) -> str:
    """The calendar for a person: day, date, minutes, sessions with the minutes of each. The
    headings are those that are ``said``.

    Days that follow each other and ask for the same share one line. The phase, and why a day is
    not as the calendar has it, stand above the days they begin with.
    """
    has_date = birth_date is not None
    indent = hanging(_DAY_WIDTH + _DATE_WIDTH * has_date + _MINUTES_WIDTH + 1, columns)
    date_heading = f"  {said('plan.date'):<{_DATE_WIDTH - 2}}" if has_date else ""
    heading = (
        f"{said('plan.day'):>{_DAY_WIDTH}}{date_heading}{said('plan.minutes'):>{_MINUTES_WIDTH}} "
    )
    lines = wrapped(said("plan.sessions"), columns, start=heading, indent=indent)
    ours, phase, last_why = messages.words(words.language), "", None
    last_by: tuple[str, ...] = ()
    for day, last in _runs(days, words):
        if day.phase != phase:
            phase = day.phase
            lines += ["", *wrapped(words.phases[phase], columns, start=indent, indent=indent)]
        why = note(day.course, ours)
        if why is not None and why != last_why:
            lines += wrapped(why, columns, start=indent, indent=indent)
        last_why = why
        by = prescribed_by(day.prescribed, ours) + beyond_limits(day.prescribed, ours)
        for line in by if by != last_by else ():
            lines += wrapped(line, columns, start=indent, indent=indent)
        last_by = by
        number = f"{day.day}" if last == day.day else f"{day.day}-{last}"
        on = f"  {birth_date + timedelta(days=day.day)}" if birth_date is not None else ""
        total = minutes(sum(estimate_ms(session) for session in day.listening))
        start = f"{number:>{_DAY_WIDTH}}{on}{total:>{_MINUTES_WIDTH}} "
        listed = ", ".join(_listed(day, words, estimate_ms))
        lines += wrapped(listed, columns, start=start, indent=indent)
    return "\n".join(lines)


def today_line(today: CourseDay, steps: int, said: Words) -> str:
    """On which step she is today, and why."""
    by = " ".join(prescribed_by(today.prescribed, said))
    why = note(today, said) or by or said("plan.by_the_calendar")
    key = "today_breathing" if today.step is None else "today_step"
    key = key if steps else "today_alone"
    return said(f"plan.{key}", day=today.day, step=today.step, steps=steps, why=why)


def reminders(days: Sequence[PlannedDay], birth_date: date, times: int, said: Words) -> str:
    """How many reminders a calendar of ``days`` has, with so many ``times`` of day, and from which
    day to which."""
    dates = [birth_date + timedelta(days=day.day) for day in days for _ in day.listening[:times]]
    first, last = (dates[0], dates[-1]) if dates else (None, None)
    return said("plan.reminders", count=len(dates), first=first, last=last)


def _runs(days: Sequence[PlannedDay], words: Translation) -> Iterator[tuple[PlannedDay, int]]:
    """The first day of each run of days that look the same, and the number of the last."""
    place = {day.day: n for n, day in enumerate(days)}
    for _, group in groupby(
        days,
        lambda day: (
            day.listening,
            day.phase,
            note(day.course, messages.words(words.language)),
            day.prescribed,
            day.day - place[day.day],
        ),
    ):
        run = list(group)
        yield run[0], run[-1].day


def _listed(day: PlannedDay, words: Translation, estimate_ms: EstimateMs) -> Iterator[str]:
    for session, times in Counter(day.listening).items():
        often = f"{times} × " if times > 1 else ""
        yield f"{often}{session_title(session, words)} ({minutes(estimate_ms(session))})"


@click.command()
@week_option("all")
@shared
@guidance_option
@json_option
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the sessions as a calendar, for your phone's reminders. Without --week: from today"
    " on.",
)
@click.option(
    "--done",
    "shows_done",
    is_flag=True,
    help="Show what you told of your weeks: days done, how it felt, your step. To print, or to"
    " show to your physiotherapist.",
)
def plan(
    weeks: range | str, as_json: bool, ics: Path | None, shows_done: bool, **asked: Any
) -> None:
    """Show the calendar: which sessions on which day.

    With a profile it is yours, and says what was moved and why. Examples:

        voicecoach plan --week 3

        voicecoach plan --week 3-6 --ics sessions.ics

        voicecoach plan --done
    """
    from functools import cache, partial

    from voicecoach import private_files
    from voicecoach.cli import context
    from voicecoach.cli.interview import replies
    from voicecoach.cli.terminal import TerminalReporter, say, table_columns
    from voicecoach.pack import places, safeguard
    from voicecoach.planning import plan as plans
    from voicecoach.script import writer

    said = client_words()
    reporter = TerminalReporter(said)
    safeguard.find(Path(), [], reporter.note)
    chosen = context.choose(**asked, tell=reporter.note)
    programme, words, hers = chosen.programme, chosen.words, chosen.hers
    if shows_done:
        from voicecoach.cli import checkin

        checkin.show_done(chosen, said, as_json=as_json)
        return
    wanted = plans.weeks_asked(programme, weeks)
    days = plans.plan_weeks(programme, wanted, chosen.guidance, chosen.situation)
    estimate_ms = cache(partial(writer.session_ms, words=words))
    birth_date = None if hers is None else hers.profile.birth_date
    if ics is not None:
        if hers is None:
            raise click.UsageError(Message("errors.ics_needs_profile"))
        source = click.get_current_context().get_parameter_source("weeks")
        if source is click.core.ParameterSource.DEFAULT:  # who names weeks wants them whole
            days = tuple(day for day in days if day.day >= hers.day)
        from voicecoach.phone.web import port
        from voicecoach.planning import ics as calendars

        born, times = hers.profile.birth_date, hers.profile.times_of_day
        version = calendars.revision(programme.edition, hers.check_ins, born)
        link = port.link(places.read(Path()).outs)
        file = calendars.ics(days, born, times, words, estimate_ms, version, link)
        private_files.write(ics, file)
        say(f"{ics}: {reminders(days, born, len(times), said)}")
        return
    if as_json:
        click.echo(
            plan_json(
                days,
                words,
                estimate_ms,
                birth_date,
                is_after_birth=programme.is_after_birth,
            )
        )
        return
    if hers is not None and hers.day > programme.last_day:
        say("\n".join(replies.outlook(programme, hers)) + "\n")
    elif hers is not None and hers.day >= 1:
        today = plans.plan_day(programme, hers.day, chosen.guidance, chosen.situation).course
        say(today_line(today, len(programme.training_steps), said))
    width = table_columns()
    click.echo(plan_table(days, words, estimate_ms, birth_date, said, width))
