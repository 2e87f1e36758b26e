"""voicecoach-unfinished.yaml: the answers of an interview that somebody stopped, until it is whole.

They are in the notation of a profile. No command but ``init`` works with them: half a profile may
lack the answer that forbids something, so the others refuse until the interview is finished.
"""

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from voicecoach import private_files, strict_yaml
from voicecoach.errors import ContentError, StorageError
from voicecoach.messages import Message
from voicecoach.profile import editing, reader
from voicecoach.profile.profile import Profile, Told
from voicecoach.yaml_nodes import Scalar

FILE = private_files.UNFINISHED
_NEW_BIRTH = "new_birth"
_KEYS = {"has_catheter": "catheter"}
"""The keys of fields that have another name in the file."""
_NEVER = "0001-01-01"
_STAND_INS = {
    "format": str(editing.FORMAT),
    "birth_date": _NEVER,
    "started": _NEVER,
    "language": "en",
}
"""What a profile must have, and an unfinished one may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What was answered so far."""

    told: Told
    is_new_birth: bool
    """Whether it is to take the place of the profile that is there."""


def exists(folder: Path) -> bool:
    """Whether an interview was not finished in ``folder``."""
    return os.path.lexists(folder / FILE)


def refuse(folder: Path) -> None:
    """Raises StorageError if an interview was not finished in ``folder``."""
    if exists(folder):
        raise StorageError(Message("errors.unfinished", file=FILE))


def keep(folder: Path, answers: Unfinished) -> None:
    """Keeps ``answers`` in place of what was kept before. Raises StorageError."""
    whole = Profile(**{"birth_date": date.min, "started": date.min, **answers.told})
    keys = {"format", *(_KEYS.get(field, field) for field in answers.told)}
    keys |= {"day_zero"} if "birth_date" in keys else set()
    lines = [f"{key}: {value}" for key, value in editing.values(whole).items() if key in keys]
    lines += [f"{_NEW_BIRTH}: yes"] if answers.is_new_birth else []
    private_files.write(folder / FILE, ("\n".join(lines) + "\n").encode())


def read(folder: Path) -> Unfinished | None:
    """What was answered so far; ``None`` if no interview was stopped.

    Raises ContentError and StorageError.
    """
    if not exists(folder):
        return None
    path = folder / FILE
    private_files.refuse_open(path)
    try:
        root = strict_yaml.read(path)
        stand_ins = {
            key: Scalar(place=root.place, text=text, quoted=False)
            for key, text in _STAND_INS.items()
        }
        given = {key: node for key, node in root.items.items() if key != _NEW_BIRTH}
        if "day_zero" in given:
            del stand_ins["birth_date"]
        profile = reader.read(replace(root, items={**stand_ins, **given}), None)
    except ContentError as error:
        raise ContentError(
            [
                replace(each, message=Message("errors.unfinished_damaged", message=each.message))
                for each in error.problems
            ]
        ) from error
    fields = {_KEYS.get(field, field): field for field in Profile.__dataclass_fields__}
    fields["day_zero"] = "birth_date"
    told = {fields[key]: getattr(profile, fields[key]) for key in given if key in fields}
    return Unfinished(told=told, is_new_birth=_NEW_BIRTH in root.items)


def remove(folder: Path) -> None:
    """Removes what was kept, if anything."""
    (folder / FILE).unlink(missing_ok=True)
