"""The cells of a roster that prescribe -> the client's prescription.yaml.

A filled cell wins over the file.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from voicecoach.content.programme import Programme
from voicecoach.errors import ContentError, Problem
from voicecoach.planning import prescribed_limits
from voicecoach.practice.roster import Client
from voicecoach.profile import prescription_file
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import Entry

_DAY = timedelta(days=1)


def keep(client: Client, folder: Path, programme: Programme, hers: Hers) -> Hers:
    """``hers`` with what the roster prescribes of ``programme`` for ``client``, which is saved in
    her ``folder``.

    Raises ContentError if cells are missing, or the programme does not allow what is prescribed in
    the roster or her file; StorageError.
    """
    after = hers
    if client.prescribed:
        entry = _entry(client, programme, hers)
        if entry not in hers.prescriptions.current:
            for name, message in entry.faults():
                raise _error(client, name.replace("_", "-"), message)
            if entry.until < hers.today:
                raise _error(client, "until", "this day is over; fill today or a later day")
            after = replace(hers, prescriptions=hers.prescriptions.replaced(entry))
    is_new = after is not hers
    faults = prescribed_limits.faults(programme, after.situation, is_new=is_new)
    prescription_file.refuse(folder, after.prescriptions, faults, client.row)
    if after is not hers:
        prescription_file.change(folder, hers.profile.language, lambda _: after.prescriptions)
    return after


def _entry(client: Client, programme: Programme, hers: Hers) -> Entry:
    """What the cells say, and for empty cells her file; from today, unless only its end or who
    prescribes it is another."""
    cells = _by_id(client.prescribed, programme)
    exercise = cells.pop("exercise", None) or programme.main_exercise
    if exercise is None:
        raise _error(client, "exercise", "this must be filled: the programme has no main exercise")
    known = {each.exercise: each for each in hers.prescriptions.current}
    before = known.get(exercise)
    if before is None:
        missing = [name for name in ("until", "by") if name not in cells]
        if missing:
            wanted = " and ".join(f"`{name}`" for name in missing)
            raise _error(client, "", f"the roster prescribes {exercise}; fill {wanted}, too")
        name = programme.name
        return Entry(exercise=exercise, programme=name, from_date=hers.today, **cells)
    after = replace(before, **cells)
    is_same = replace(after, until=before.until, by=before.by) == before
    goes_on = is_same and before.until >= hers.today - _DAY
    if after == before:
        return before
    return replace(after, line=None, from_date=before.from_date if goes_on else hers.today)


def _by_id(cells: Mapping[str, Any], programme: Programme) -> dict[str, Any]:
    """``cells`` with ids for the titles of exercises and starting positions, in any language."""
    exercises = {id_.lower(): id_ for id_ in programme.exercises}
    positions = {id_.lower(): id_ for id_ in programme.starting_positions}
    for words in programme.translations.values():
        exercises |= {each.title.lower(): id_ for id_, each in words.exercises.items()}
        positions |= {each.title.lower(): id_ for id_, each in words.starting_positions.items()}
    found = dict(cells)
    for key, ids in (("exercise", exercises), ("starting_position", positions)):
        if key in found:
            found[key] = ids.get(found[key].lower(), found[key])
    if "leave_out" in found:
        parts = (
            [part] if part.lower() in exercises else part.split() for part in found["leave_out"]
        )
        found["leave_out"] = tuple(exercises.get(id_.lower(), id_) for ids in parts for id_ in ids)
    return found


def _error(client: Client, column: str, message: str) -> ContentError:
    row = client.row or Problem(file=client.id, line=1, column=1, path="", message="")
    return ContentError([replace(row, path=column, message=message)])
