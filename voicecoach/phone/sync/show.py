"""A survey -> a table, remarks and JSON. No I/O."""

import json
import math
from collections.abc import Iterator, Sequence

from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.messages import Message, Words
from voicecoach.phone.sync.ledger import pack_of
from voicecoach.phone.sync.steps import Act, Step
from voicecoach.phone.sync.survey import Survey

_MOST_NAMED = 5


def table(survey: Survey, said: Words, columns: int = TABLE_COLUMNS) -> str:
    """What will be done, by week, in the words ``said``; at most ``columns`` wide, except for the
    name of the place."""
    if not survey.plan.steps:
        return f"{survey.shown}\n  {said('sync.nothing_to_do', totals=_totals(survey, said))}"
    lines = [survey.shown]
    programme = None
    for pack in sorted({*survey.desired.packs, *survey.desired.gone}):
        if pack_of(pack) != programme:
            programme = pack_of(pack)
            lines += ["", f"  {programme}"]
        what = ", ".join(_counts(survey, pack, said)) or said("sync.nothing")
        gone = f"  {said('sync.gone')}" if pack in survey.desired.gone else ""
        start = f"    {pack.rpartition('/')[2]:<9} "
        lines += wrapped(f"{what}{gone}", columns, start=start, indent=" " * len(start))
    return "\n".join(lines)


def remarks(survey: Survey) -> Iterator[Message]:
    """Warnings, in whole sentences."""
    for path in survey.silenced_by:
        yield Message("sync.silenced", path=path)
    if survey.plan.kept:
        yield Message("sync.kept", paths=", ".join(survey.plan.kept[:_MOST_NAMED]))
    if survey.elsewhere:
        yield Message("sync.elsewhere", count=len(survey.elsewhere))


def done_line(survey: Survey, said: Words, columns: int = TABLE_COLUMNS) -> str:
    """What was done, in the words ``said``; empty if nothing was."""
    if not survey.plan.steps:
        return ""
    return "\n".join(wrapped(said("sync.done", totals=_totals(survey, said)), columns))


def plan_json(survey: Survey) -> str:
    """The plan as JSON."""
    content = {
        "destination": survey.shown,
        **{
            act.value: [{"file": step.path, "bytes": step.bytes} for step in survey.plan.of(act)]
            for act in Act
        },
        "conflicts": survey.plan.conflicts,
        "kept": survey.plan.kept,
        "elsewhere": survey.elsewhere,
        "silenced_by": survey.silenced_by,
        "free_bytes": survey.space and survey.space.free_bytes,
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _counts(survey: Survey, pack: str, said: Words) -> Iterator[str]:
    for act in Act:
        steps = survey.plan.of(act, pack)
        if steps:
            yield said(f"sync.steps.{act.value}", count=len(steps), megabytes=_megabytes(steps))


def _totals(survey: Survey, said: Words) -> str:
    files = survey.desired.files
    size = sum(file.entry.bytes for file in files) / 1e6
    weeks = len(survey.desired.packs)
    return said("sync.totals", count=weeks, files=len(files), megabytes=f"{size:.1f}")


def _megabytes(steps: Sequence[Step]) -> str:
    return f"{math.ceil(sum(step.bytes for step in steps) / 1e5) / 10:.1f}"
