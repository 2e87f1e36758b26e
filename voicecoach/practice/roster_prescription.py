"""The cells of a roster that prescribe -> the client's prescription.yaml.

A filled cell wins over the file.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

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

    Raises ContentError if cells are missing, NotInProgrammeError if the programme does not allow
    it, StorageError.
    """
    if not client.prescribed:
        return hers
    entry = _entry(client, folder, programme, hers)
    if entry in hers.prescriptions.current:
        return hers
    for _, message in entry.faults():
        raise _error(folder, message)
    after = replace(hers, prescriptions=hers.prescriptions.replaced(entry))
    prescribed_limits.refuse(programme, after.situation)
    prescription_file.change(folder, hers.profile.language, lambda _: after.prescriptions)
    return after


def _entry(client: Client, folder: Path, programme: Programme, hers: Hers) -> Entry:
    """What the cells say, and for empty cells her file; from today, unless only its end or who
    prescribes it is another."""
    cells = dict(client.prescribed)
    exercise = cells.pop("exercise", None) or programme.main_exercise
    if exercise is None:
        raise _error(folder, "the roster names no exercise; fill the cell `exercise`")
    known = {each.exercise: each for each in hers.prescriptions.current}
    before = known.get(exercise)
    if before is None:
        missing = [name for name in ("until", "by") if name not in cells]
        if missing:
            wanted = " and ".join(f"`{name}`" for name in missing)
            raise _error(folder, f"the roster prescribes {exercise}; fill {wanted}, too")
        name = programme.name
        return Entry(exercise=exercise, programme=name, from_date=hers.today, **cells)
    after = replace(before, **cells)
    is_same = replace(after, until=before.until, by=before.by) == before
    goes_on = is_same and before.until >= hers.today - _DAY
    is_new = after != before and not goes_on
    return replace(after, from_date=hers.today) if is_new else after


def _error(folder: Path, message: str) -> ContentError:
    file = str(folder / prescription_file.FILE)
    return ContentError([Problem(file=file, line=1, column=1, path="", message=message)])
