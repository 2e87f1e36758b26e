"""``voicecoach prescribe``: reads the options, and calls what writes a prescription."""

from pathlib import Path
from typing import Any

import click

from voicecoach import dates, environment
from voicecoach.cli.options import DAY, Parsed, which_programme
from voicecoach.profile.prescription import MOST, parse_percent
from voicecoach.profile.profile import MOST_STEPS

_FROM_WHY = ""
"""The value of ``--beyond-limits`` where its reason is that of ``--why``."""

_COMING_DAY = Parsed("day", lambda text: dates.parse_coming_day(text, environment.today()))
_PERCENT = Parsed("percent", lambda text: parse_percent(text.removesuffix("%")))


@click.command()
@click.option(
    "--exercise", metavar="ID", help="Which exercise. Normally the main one of the programme."
)
@click.option("--reps", type=click.IntRange(1, MOST["reps"]), help="Repetitions in a set.")
@click.option("--sets", type=click.IntRange(1, MOST["sets"]), help="Sets in a session.")
@click.option(
    "--hold",
    "hold_s",
    type=click.IntRange(1, MOST["hold_s"]),
    metavar="SECONDS",
    help="How long to hold. The rest keeps its ratio to it.",
)
@click.option(
    "--intensity",
    "intensity_percent",
    type=_PERCENT,
    metavar="PERCENT",
    help="Of her greatest strength: 30, or 30-40.",
)
@click.option("--starting-position", metavar="ID", help="How she lies, sits or stands.")
@click.option("--times-a-day", type=click.IntRange(1, MOST["times_a_day"]), help="Sessions a day.")
@click.option(
    "--leave-out",
    multiple=True,
    metavar="ID",
    help="Another exercise that she does not do meanwhile. May be given more than once.",
)
@click.option("--from", "from_date", type=DAY, metavar="DAY", help="The first day. Normally today.")
@click.option("--until", type=_COMING_DAY, metavar="DAY", help="The last day, which is included.")
@click.option("--by", metavar="TEXT", help="Who prescribes it: a name and a register number.")
@click.option("--why", metavar="TEXT", help="For her file. She neither hears nor sees it.")
@click.option(
    "--beyond-limits",
    is_flag=False,
    flag_value=_FROM_WHY,
    metavar="[REASON]",
    help="Why it may go beyond the limits of the programme. Without REASON: that of --why, which"
    " the plan then shows.",
)
@click.option(
    "--clear-to",
    type=click.IntRange(1, MOST_STEPS),
    metavar="STEP",
    help="Says that she may tighten, up to this step of the plan.",
)
@click.option("--end", is_flag=True, help="Ends what is prescribed: yesterday was its last day.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page for her file (HTML) with all that is prescribed.",
)
@which_programme
@click.option("--yes", "asks_nothing", is_flag=True, help="Ask nothing.")
def prescribe(
    *,
    beyond_limits: str | None,
    clear_to: int | None,
    end: bool,
    report: Path | None,
    folder: Path | None,
    programme_name: str,
    asks_nothing: bool,
    **numbers: Any,
) -> None:
    """Prescribe a dose for one client, for some days.

    Run it in her folder, where voicecoach init was run. Without options it asks. It writes
    prescription.yaml, which only its owner can read; a prescription of the same exercise is
    replaced. It opens no gate: who may not tighten yet, still may not. Examples:

        voicecoach prescribe

        voicecoach prescribe --hold 8 --until 2026-12-04 --by "A. de Vries, 12345"

        voicecoach prescribe --end

        voicecoach prescribe --report prescription.html
    """
    from voicecoach.cli import context
    from voicecoach.cli.interview import prescription

    given = {name: value for name, value in numbers.items() if value not in (None, ())}
    if beyond_limits is not None:
        given["beyond_limits"] = beyond_limits or given.get("why")
        if not given["beyond_limits"]:
            from voicecoach.messages import Message

            raise click.UsageError(Message("errors.beyond_limits_needs_reason"))
    prescription.tell(
        given,
        context.programme_folder(folder, programme_name),
        clear_to=clear_to,
        ends=end,
        report=report,
        asks_nothing=asks_nothing,
    )
