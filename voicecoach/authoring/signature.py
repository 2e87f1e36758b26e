"""Who agreed with a programme, in ``signed.yaml`` beside its content, and whether it has changed
since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach import dates, limits, strict_yaml
from voicecoach.content.programme import Programme
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.key_tables import Row, list_of, needed, table
from voicecoach.content.reading.value_kinds import text
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.files import write_whole
from voicecoach.messages import Message, reason

FILE = "signed.yaml"
LONGEST_NAME = limits.CHARACTERS_OF_A_TITLE
_HEAD = """\
# Who agreed with this programme, as typed: `voicecoach check --sign "NAME, register number"`.
# `content` is the hash (SHA-256) of the lines that `sha256sum programme.yaml nl.yaml …` prints, in
# the order in which programme.yaml names the languages. `check` compares it with the files of now.

signatures:
"""
_SIGNATURE = table(
    needed("name", text(most=LONGEST_NAME), "Name and register number, as typed."),
    needed("signed_on", text(), "The day, such as 2026-11-28."),
    needed("content", text(), "The hash of what was signed."),
)
_SIGNED = table(needed("signatures", list_of(_SIGNATURE), "In the order of signing."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """That somebody agreed with a programme."""

    name: str
    """With the register number, as typed."""
    signed_on: date
    content: str
    """The hash of the content that was signed; see :func:`content_hash`."""


def name_fault(name: str) -> str | None:
    """What is wrong with a ``name`` to sign with, and how to write it; ``None`` for nothing."""
    if name.strip() and name.isprintable() and len(name) <= LONGEST_NAME:
        return None
    return (
        f"sign with a name and a register number in one line of at most {LONGEST_NAME} characters,"
        ' such as --sign "A. Jansen, 19012345678"'
    )


def file_hashes(folder: Path, programme: Programme) -> Mapping[str, str]:
    """The SHA-256 of each file of ``programme``, which was read from ``folder``, as ``sha256sum``
    prints it. Raises StorageError."""
    names = ["programme.yaml", *(f"{language}.yaml" for language in programme.translations)]
    try:
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=error.filename, reason=reason(error))
        ) from error


def content_hash(folder: Path, programme: Programme) -> str:
    """One hash of all files of ``programme``. Raises StorageError."""
    hashes = file_hashes(folder, programme)
    lines = "".join(f"{hash_}  {name}\n" for name, hash_ in hashes.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def read(folder: Path) -> tuple[Signature, ...]:
    """The signatures beside the content in ``folder``, in the order of signing; none where nobody
    signed. Raises ContentError, StorageError."""
    path = folder / FILE
    if not path.exists():
        return ()
    problems: list[Problem] = []
    rows = _SIGNED.read_row(Fields(strict_yaml.read(path), problems, ()))["signatures"]
    days = [_day(row) for row in rows]
    if problems:
        raise ContentError(problems)
    return tuple(
        Signature(name=row["name"], signed_on=day, content=row["content"])
        for row, day in zip(rows, days, strict=True)
    )


def _day(row: Row) -> date:
    try:
        return dates.parse_day(row["signed_on"])
    except ValueError as error:
        row.fields.refuse("signed_on", error.args[0])
        return date.min


def sign(folder: Path, programme: Programme, name: str, on: date) -> None:
    """Adds that ``name`` agreed, on the day ``on``, with ``programme`` as it is in ``folder``. What
    the same name signed before is replaced.

    Raises ContentError if the signatures that exist cannot be read, StorageError.
    """
    new = Signature(name=name, signed_on=on, content=content_hash(folder, programme))
    kept = [each for each in read(folder) if each.name != name]
    entries = (
        f"  - name: {json.dumps(each.name, ensure_ascii=False)}\n"
        f'    signed_on: "{each.signed_on.isoformat()}"\n'
        f'    content: "{each.content}"\n'
        for each in (*kept, new)
    )
    write_whole(folder / FILE, (_HEAD + "".join(entries)).encode())


def standing(folder: Path, programme: Programme) -> tuple[tuple[Signature, bool], ...]:
    """Each signature, and whether the content is still what was signed."""
    signatures = read(folder)
    now = content_hash(folder, programme) if signatures else ""
    return tuple((each, each.content == now) for each in signatures)
