"""voicecoach-checkins.txt, her own file: a line for each check-in, only ever added to."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from voicecoach import check_in_line, private_file
from voicecoach.check_in_line import Fault
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.situation import CheckIn

FILE = "voicecoach-checkins.txt"
Tell = Callable[[str], None]


def read(folder: Path, birth_date: date, today: date, tell: Tell) -> tuple[CheckIn, ...]:
    """The check-ins in ``folder``, in the order of the file; none where there is no file.

    A last line without an end counts, and is told: its writer may have been stopped half-way.
    Raises ContentError with everything that is wrong in the file, StorageError where it cannot be
    read, or others can read it.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return ()
    private_file.refuse_open(path)
    problems: list[Problem] = []
    found: list[CheckIn] = []
    lines = _text(path).split("\n")
    for number, line in enumerate(lines, start=1):
        told = check_in_line.read(line, birth_date, today)
        if isinstance(told, CheckIn):
            found.append(told)
        elif told is not None:
            is_cut = number == len(lines)
            problems += [_problem(path, number, fault, is_cut=is_cut) for fault in told]
    if problems:
        raise ContentError(problems)
    if check_in_line.read(lines[-1], birth_date, today) is not None:
        tell(
            f"{path}:{len(lines)}: the last line has no end, so it may be cut short; look whether"
            " it says all you said that day, and end it with Enter"
        )
    return tuple(found)


def append(folder: Path, on: date, check_in: CheckIn, language: str) -> None:
    """Adds a line for ``check_in``; a new file begins with an explanation in ``language``.

    The line is on the disk, whole, when this returns; other processes that add lines lose none.
    Raises StorageError.
    """
    path = folder / FILE
    line = check_in_line.write(on, check_in)
    try:
        with private_file.lock(path):
            private_file.append(path, line.encode(), check_in_line.head(language).encode())
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written: {error.strerror}; write this line into it yourself:"
            f" {line.strip()}"
        ) from error


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "this is not UTF-8 text: mend the line, or save the file as UTF-8"
        raise ContentError([_problem(path, line, Fault(column=1, message=message))]) from error


def _problem(path: Path, line: int, fault: Fault, *, is_cut: bool = False) -> Problem:
    message = fault.message
    if is_cut:
        message += "; the line has no end, so it may be cut short: mend it, and end it with Enter"
    return Problem(file=str(path), line=line, column=fault.column, path="", message=message)
