"""What became of each client of a batch: as JSON, as a table for a terminal, as a spreadsheet.
Without personal data. No I/O.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.errors import VoicecoachError
from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.practice.roster import REPORT_FILE

HEADINGS = ("client-id", "state", "on-hold", "tracks", "minutes", "reason")
"""The columns of a spreadsheet."""
_LONGEST_REASON = 8000
"""In characters; a cell of a spreadsheet holds few more."""
XLSX, CSV, JSON = ".xlsx", ".csv", ".json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is a formula to a spreadsheet."""


class State(StrEnum):
    """The kind of an outcome."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    ENDED = "ended"
    """She is past the last week of the programme."""
    FAILED = "failed"
    NOT_REACHED = "not reached"
    """The batch ended before her turn."""
    LEFT = "not in roster"
    """She was served before, and is no longer in the roster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome for a client, and its reason."""

    client: str
    state: State
    tracks: int = 0
    duration_ms: int = 0
    """All her tracks together."""
    reason: str = ""
    on_hold: tuple[str, ...] = ()
    """Why she has no contractions now, or tells nothing; see :mod:`holds`."""


def failed(client: str, error: VoicecoachError) -> Outcome:
    """The outcome for a client who could not be served, with the reason."""
    return Outcome(client=client, state=State.FAILED, reason=str(error))


_MOST_SHOWN = 50


def report_json(outcomes: Sequence[Outcome]) -> bytes:
    """All outcomes as JSON."""
    clients: list[dict[str, object]] = [
        {
            "client": each.client,
            "state": each.state,
            "tracks": each.tracks,
            "minutes": _minutes(each.duration_ms),
            "on_hold": list(each.on_hold),
            "reason": each.reason,
        }
        for each in outcomes
    ]
    return _json(clients)


def table(outcomes: Sequence[Outcome], columns: int = TABLE_COLUMNS) -> str:
    """Numbers of clients, tracks and minutes by state; then who is on hold, and who failed; why."""
    lines = [_row("", "clients", "tracks", "minutes")]
    for state in State:
        of_state = [each for each in outcomes if each.state is state]
        if of_state:
            lines.append(_totals(state, of_state))
    lines.append(_totals("all", outcomes))
    on_hold = [each for each in outcomes if each.on_hold]
    lines += ["", "on hold:"] if on_hold else []
    for each in on_hold[:_MOST_SHOWN]:
        lines += wrapped(f"{each.client}: {', '.join(each.on_hold)}", columns, indent="  ")
    failed = [each for each in outcomes if each.state is State.FAILED]
    lines += [""] if failed else []
    for each in failed[:_MOST_SHOWN]:
        for reason in each.reason.splitlines():
            lines += wrapped(f"{each.client}: {reason}", columns, indent="  ")
    more = sum(max(0, len(listed) - _MOST_SHOWN) for listed in (on_hold, failed))
    if more:
        lines.append(f"… and {more} more; {REPORT_FILE} has them all")
    return "\n".join(lines)


def _totals(name: str, outcomes: Sequence[Outcome]) -> str:
    tracks = sum(each.tracks for each in outcomes)
    minutes = _minutes(sum(each.duration_ms for each in outcomes))
    return _row(name, str(len(outcomes)), str(tracks), str(minutes))


def _row(name: str, clients: str, tracks: str, minutes: str) -> str:
    return f"{name:<14}{clients:>7}{tracks:>9}{minutes:>10}"


def _minutes(duration_ms: int) -> int:
    return round(duration_ms / 60_000)


def spreadsheet(outcomes: Sequence[Outcome], suffix: str) -> bytes:
    """All outcomes as a file that ends in ``suffix``: XLSX, CSV or JSON; the same outcomes, the
    same bytes. No cell is a formula."""
    if suffix == JSON:
        return report_json(outcomes)
    return _written([HEADINGS, *map(_cells, outcomes)], suffix)


def _cells(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.client,
        outcome.state,
        ", ".join(outcome.on_hold),
        str(outcome.tracks),
        str(_minutes(outcome.duration_ms)),
        outcome.reason[:_LONGEST_REASON],
    )


def _written(rows: Sequence[Sequence[str]], suffix: str) -> bytes:
    if suffix == XLSX:
        from voicecoach.practice import workbook  # openpyxl: slow to import

        headings = [workbook.Heading(text=each) for each in rows[0]]
        return workbook.table("report", headings, rows[1:])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue().encode()


def is_ours(data: bytes, suffix: str) -> bool:
    """Whether ``data`` is a report as this module writes it."""
    if suffix == JSON:
        return _clients(data) is not None
    return next(_rows(data, suffix), None) == HEADINGS


def without(data: bytes, suffix: str, client: str) -> bytes:
    """The report ``data`` without the lines of ``client``."""
    if suffix == JSON:
        kept = [each for each in _clients(data) or () if each.get("client") != client]
        return _json(kept)
    return _written([row for row in _rows(data, suffix) if row[:1] != (client,)], suffix)


def names(data: bytes, suffix: str, client: str) -> bool:
    """Whether a line of the report ``data`` is about ``client``."""
    if suffix == JSON:
        return any(each.get("client") == client for each in _clients(data) or ())
    return any(row[:1] == (client,) for row in _rows(data, suffix))


def _rows(data: bytes, suffix: str) -> Iterator[tuple[str, ...]]:
    """The rows of a spreadsheet; none of what is no such file."""
    if suffix == CSV:
        text = io.StringIO(data.decode(errors="replace"), newline="")
        with suppress(csv.Error):
            yield from map(tuple, csv.reader(text))
        return
    from voicecoach.practice import workbook  # openpyxl: slow to import

    with suppress(workbook.UnreadableError):
        yield from (row.cells for row in workbook.rows(data))


def _clients(data: bytes) -> list[dict[str, object]] | None:
    """The entries of a report in JSON; ``None`` where it is no such report."""
    try:
        content = json.loads(data)
    except ValueError:
        return None
    clients = content.get("clients") if isinstance(content, dict) else None
    is_list = isinstance(clients, list) and all(isinstance(each, dict) for each in clients)
    return clients if is_list else None


def _json(clients: Sequence[dict[str, object]]) -> bytes:
    return (json.dumps({"clients": clients}, ensure_ascii=False, indent=1) + "\n").encode()
