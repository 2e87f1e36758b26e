"""A survey -> what a person or a machine reads. No I/O."""

import json
import math
from collections.abc import Iterator, Sequence

from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.phone.sync.ledger import pack_of
from voicecoach.phone.sync.steps import Act, Step
from voicecoach.phone.sync.survey import Survey

_MOST_NAMED = 5


def table(survey: Survey, columns: int = TABLE_COLUMNS) -> str:
    """What will be done, by week; at most so many columns, but for the name of the place."""
    if not survey.plan.steps:
        return f"{survey.shown}\n  Everything is there: {_totals(survey)}. Nothing to do."
    lines = [survey.shown]
    programme = None
    for pack in sorted({*survey.order.packs, *survey.order.gone}):
        if pack_of(pack) != programme:
            programme = pack_of(pack)
            lines += ["", f"  {programme}"]
        what = ", ".join(_counts(survey, pack)) or "nothing to do"
        gone = "  (no longer in the output)" if pack in survey.order.gone else ""
        start = f"    {pack.rpartition('/')[2]:<9} "
        lines += wrapped(f"{what}{gone}", columns, start=start, indent=" " * len(start))
    return "\n".join(lines)


def remarks(survey: Survey) -> Iterator[str]:
    """What to mind, in whole sentences."""
    for path in survey.silenced_by:
        yield (
            f"{path}: because of this file music players see nothing below it; delete it if you can"
            " do without it."
        )
    if survey.plan.kept:
        named = ", ".join(survey.plan.kept[:_MOST_NAMED])
        yield f"No longer needed, but changed by somebody else, so they stay: {named}."
    if survey.elsewhere:
        weeks = len(survey.elsewhere)
        yield f"{weeks} other week{'s' * (weeks != 1)} of yours there: left as they are."


def done_line(survey: Survey, columns: int = TABLE_COLUMNS) -> str:
    """What was done; empty where that was nothing."""
    steps = survey.plan.steps
    if not steps:
        return ""
    done = f"Done: {_totals(survey)}, checked on the other side."
    unplug = "Before you unplug: eject, or remove safely."
    return "\n".join(wrapped(f"{done} {unplug}", columns))


def plan_json(survey: Survey) -> str:
    """The plan for machines."""
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


def _counts(survey: Survey, pack: str) -> Iterator[str]:
    for act in Act:
        steps = survey.plan.of(act, pack)
        if steps:
            yield f"{act.value} {len(steps)} ({_megabytes(steps)} MB)"


def _totals(survey: Survey) -> str:
    files = survey.order.files
    weeks = len(survey.order.packs)
    size = sum(file.entry.bytes for file in files) / 1e6
    return f"{weeks} week{'s' * (weeks != 1)}, {len(files)} files, {size:.1f} MB"


def _megabytes(steps: Sequence[Step]) -> str:
    return f"{math.ceil(sum(step.bytes for step in steps) / 1e5) / 10:.1f}"
