"""The reports of a batch as private files, and where they were written to."""

import json
from pathlib import Path

from voicecoach import private_files
from voicecoach.errors import StorageError
from voicecoach.pack import greeting
from voicecoach.practice import report
from voicecoach.practice.roster import REPORT_FILE

SUFFIXES = (report.XLSX, report.CSV, report.JSON)
_WRITTEN = Path(greeting.OWN_FOLDER) / "reports.json"
"""The file, in the output folder, that lists the reports elsewhere."""


def refuse_others(path: Path) -> None:
    """Raises StorageError if there is a file at ``path`` that is no report of ours."""
    data = _data(path)
    if data is not None and not report.is_ours(data, path.suffix.lower()):
        raise StorageError(f"{path}: is there already, and is no report; give another name")


def write(path: Path, data: bytes, out: Path) -> None:
    """Writes a report that only its owner can read, and remembers it in ``out``. Raises
    StorageError."""
    _make_folder(path.parent)
    private_files.write(path, data)
    known = _elsewhere(out)
    place = str(path.resolve())
    if path.resolve() != (out / REPORT_FILE).resolve() and place not in known:
        _make_folder((out / _WRITTEN).parent)
        private_files.write(out / _WRITTEN, (json.dumps([*known, place], indent=1) + "\n").encode())


def about(out: Path, client: str) -> list[Path]:
    """The reports of ``out`` that have a line about ``client``. Raises StorageError."""
    found = []
    for path in (out / REPORT_FILE, *map(Path, _elsewhere(out))):
        data, suffix = _data(path), path.suffix.lower()
        if data is not None and report.is_ours(data, suffix) and report.names(data, suffix, client):
            found.append(path)
    return found


def forget(path: Path, client: str) -> None:
    """Removes the lines of ``client`` from the report at ``path``. Raises StorageError."""
    data = _data(path)
    if data is not None:
        private_files.write(path, report.without(data, path.suffix.lower(), client))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be made: {error.strerror}") from error


def _data(path: Path) -> bytes | None:
    """What is at ``path``; ``None`` where there is nothing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error


def _elsewhere(out: Path) -> list[str]:
    """The places of reports that are not in ``out`` under our own name."""
    data = _data(out / _WRITTEN)
    try:
        listed = [] if data is None else json.loads(data)
    except ValueError as error:
        message = "is damaged; delete it, and mind that older reports keep their lines"
        raise StorageError(f"{out / _WRITTEN}: {message}") from error
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
