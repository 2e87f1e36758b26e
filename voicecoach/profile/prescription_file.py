"""prescription.yaml: what a clinician prescribed for the client of a folder, read strictly."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from voicecoach import limits, messages, private_files, strict_yaml
from voicecoach.content.kinds.dose import Intensity
from voicecoach.errors import ContentError, NotInProgrammeError, Problem
from voicecoach.messages import Message
from voicecoach.profile.prescription import (
    LONGEST_BY,
    LONGEST_WHY,
    MOST,
    Entry,
    Prescriptions,
    parse_percent,
    percent_text,
)
from voicecoach.profile.reader import ProfileFields
from voicecoach.yaml_nodes import Mapping
from voicecoach.yaml_nodes import Sequence as Items

FILE = private_files.PRESCRIPTION
_FORMAT = 1

Change = Callable[[Prescriptions], Prescriptions]


def read(folder: Path, today: date | None = None) -> Prescriptions:
    """What is prescribed for the client of ``folder``; nothing if there is no file. What has no
    first day begins ``today``, which is then written into the file; ``None`` refuses it.

    Raises ContentError with everything that is wrong in it; StorageError if it cannot be read, or
    written, or others can read it.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return Prescriptions()
    private_files.refuse_open(path)
    prescriptions, undated = _read(strict_yaml.read(path), today)
    if undated and today is not None:
        with private_files.lock(path):
            return _date(path, today)
    return prescriptions


def _date(path: Path, today: date) -> Prescriptions:
    """Writes ``today`` where a first day is missing; all else in the file stays as it is."""
    prescriptions, undated = _read(strict_yaml.read(path), today)
    text = _dated(path.read_bytes().decode(), undated, today)
    try:
        says, missing = _read(strict_yaml.parse(text.removeprefix("\ufeff"), file=str(path)), None)
    except ContentError:
        says, missing = Prescriptions(), ()
    if says != prescriptions or missing:
        by_hand = Message("errors.by_hand", key="from", value=today)
        raise ContentError([each.place.problem(by_hand) for each in undated])
    if undated:
        private_files.write(path, text.encode())
    return prescriptions


def _dated(text: str, undated: Iterable[Mapping], today: date) -> str:
    """``text`` with a first day in each of the entries that are ``undated``: above the last day, or
    after an empty ``from:``."""
    lines = text.splitlines(keepends=True)
    for each in reversed(list(undated)):
        empty, last = each.keys.get("from"), each.keys["until"]
        if empty is not None:
            line = lines[empty.line - 1]
            lines[empty.line - 1] = line.replace("from:", f"from: {today}", 1)
        else:
            is_first = bool(lines[last.line - 1][: last.column - 1].strip())  # after a hyphen
            added = f"{' ' * (last.column - 1)}from: {today}\n"
            lines.insert(last.line if is_first else last.line - 1, added)
    return "".join(lines)


def change(folder: Path, language: str, make: Change) -> Prescriptions:
    """Writes what ``make`` makes of the prescriptions in ``folder``, with an explanation in
    ``language``; if nothing is left, removes the file. Raises as :func:`read`."""
    path = folder / FILE
    with private_files.lock(path):
        before = read(folder)
        after = make(before)
        if after == Prescriptions():
            path.unlink(missing_ok=True)
        elif after != before:
            private_files.remove_parts(folder)
            private_files.write(path, text(after, language).encode())
    return after


def refuse(
    folder: Path,
    prescriptions: Prescriptions,
    faults: Iterable[tuple[int, str]],
    told_at: Problem | None = None,
) -> None:
    """Raises ContentError where there are ``faults``, each of an entry by its place among all of
    ``prescriptions``. An entry that is not in the file of ``folder`` was told at ``told_at``; where
    that is ``None`` its faults have no place, and raise NotInProgrammeError."""
    entries = (*prescriptions.current, *prescriptions.earlier)
    problems, elsewhere = [], []
    for n, message in faults:
        line = entries[n].line
        if line is not None:
            file = str(folder / FILE)
            problems.append(Problem(file=file, line=line, column=5, path="", message=message))
        elif told_at is not None:
            problems.append(replace(told_at, message=message))
        else:
            elsewhere.append(message)
    if elsewhere:
        raise NotInProgrammeError(messages.lines(elsewhere))
    if problems:
        raise ContentError(problems)


def text(prescriptions: Prescriptions, language: str) -> str:
    """The text of the file."""
    words = messages.words(language)
    parts = [words.comment("prescription_file.head"), f"\nformat: {_FORMAT}\n"]
    for key in ("current", "earlier"):
        entries: Sequence[Entry] = getattr(prescriptions, key)
        if entries:
            parts += [f"\n{words.comment(f'prescription_file.{key}')}{_KEYS[key]}:\n"]
            parts += [_entry_text(each) for each in entries]
    return "".join(parts)


_KEYS = {"current": "prescriptions", "earlier": "earlier"}


def _entry_text(entry: Entry) -> str:
    shown = {
        "exercise": entry.exercise,
        "programme": entry.programme,
        "hold_s": entry.hold_s,
        "reps": entry.reps,
        "sets": entry.sets,
        "intensity_percent": percent_text(entry.intensity_percent),
        "times_a_day": entry.times_a_day,
        "starting_position": entry.starting_position,
        "leave_out": f"[{', '.join(entry.leave_out)}]" if entry.leave_out else None,
        "from": entry.from_date,
        "until": entry.until,
        "by": _quoted(entry.by),
        "why": _quoted(entry.why),
        "beyond_limits": _quoted(entry.beyond_limits),
    }
    lines = [f"{key}: {value}" for key, value in shown.items() if value is not None]
    return "".join(f"  {'- ' if n == 0 else '  '}{line}\n" for n, line in enumerate(lines))


def _quoted(text: str | None) -> str | None:
    return None if text is None else json.dumps(text, ensure_ascii=False)


def _read(root: Mapping, today: date | None) -> tuple[Prescriptions, tuple[Mapping, ...]]:
    """What ``root`` says, and the entries without a first day, which begin ``today``."""
    problems: list[Problem] = []
    undated: list[Mapping] = []
    fields = _Fields(root, problems)
    if "format" in root.items:
        fields.whole("format", least=_FORMAT, most=_FORMAT)
    found = {
        "current": tuple(_entries(fields, "prescriptions", problems, today, undated)),
        "earlier": tuple(_entries(fields, "earlier", problems, None, undated)),
    }
    fields.close()
    exercises = [entry.exercise for entry in found["current"]]
    for exercise in dict.fromkeys(each for each in exercises if exercises.count(each) > 1):
        fields.refuse(_KEYS["current"], Message("errors.prescribed_twice", exercise=exercise))
    if problems:
        raise ContentError(problems)
    return Prescriptions(**found), tuple(undated)


class _Fields(ProfileFields):
    """The keys of the file, or of an entry in it."""

    def mappings(self, key: str) -> Iterator[Mapping]:
        """The entries of a list; none where it is empty."""
        if self._is_empty(key):
            return
        node = self._node.items[key]
        if not isinstance(node, Items):
            self.refuse(key, Message("errors.entries_wanted"))
            return
        for item in node.items:
            if isinstance(item, Mapping):
                yield item
            else:
                self.refuse_at(item.place, Message("errors.entries_wanted"))

    def optional_whole(self, key: str) -> int | None:
        """A whole number from 1, or nothing."""
        return None if self._is_empty(key) else self.whole(key, least=1, most=MOST[key])

    def optional_percent(self, key: str) -> Intensity | None:
        """A percentage or a range of them, or nothing."""
        return None if self._is_empty(key) else self._converted(key, parse_percent)

    def needed_day(self, key: str, usual: date | None = None) -> date:
        """A day, or where there is none the ``usual`` one; a stand-in where it cannot be read."""
        if usual is not None and self._is_empty(key):
            return usual
        return self.day(key) or date.min

    def is_empty(self, key: str) -> bool:
        """Whether nothing is there."""
        return self._is_empty(key)


def _entries(
    fields: _Fields, key: str, problems: list[Problem], today: date | None, undated: list[Mapping]
) -> Iterator[Entry]:
    """The entries of a list; those without a first day begin ``today``, and join ``undated``."""
    for node in fields.mappings(key):
        each = _Fields(node, problems)
        count_before = len(problems)
        entry = Entry(
            exercise=each.text("exercise", limits.CHARACTERS_OF_A_NAME),
            programme=each.optional_text("programme", limits.CHARACTERS_OF_A_NAME),
            hold_s=each.optional_whole("hold_s"),
            reps=each.optional_whole("reps"),
            sets=each.optional_whole("sets"),
            intensity_percent=each.optional_percent("intensity_percent"),
            times_a_day=each.optional_whole("times_a_day"),
            starting_position=each.optional_text("starting_position", limits.CHARACTERS_OF_A_NAME),
            leave_out=tuple(text for text, _ in each.optional_texts("leave_out")),
            from_date=each.needed_day("from", today),
            until=each.needed_day("until"),
            by=each.text("by", LONGEST_BY),
            why=each.optional_text("why", LONGEST_WHY),
            beyond_limits=each.optional_text("beyond_limits", LONGEST_WHY),
            line=node.place.line,
        )
        each.close()
        if today is not None and each.is_empty("from"):
            undated.append(node)
        if len(problems) == count_before:
            for name, message in entry.faults():
                each.refuse(name, message)
        yield entry
