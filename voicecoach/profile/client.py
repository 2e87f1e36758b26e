"""A client's own files: voicecoach.yaml, read strictly and edited in place, and her check-ins."""

import os
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from voicecoach import environment, private_files, strict_yaml
from voicecoach.content.clinical_state import CheckIn, Situation
from voicecoach.content.programme import Programme
from voicecoach.dates import week_of
from voicecoach.errors import ContentError, StorageError
from voicecoach.messages import Message
from voicecoach.profile import check_ins as profile_check_ins
from voicecoach.profile import editing, prescription_file, reader, unfinished
from voicecoach.profile.check_ins import Tell
from voicecoach.profile.prescription import Prescriptions
from voicecoach.profile.profile import Profile, Told
from voicecoach.profile.unfinished import Unfinished
from voicecoach.yaml_nodes import Mapping

FILE = private_files.PROFILE
_MARK = "\ufeff"
"""What some editors put before a text; it is kept."""

_LANGUAGE = re.compile(
    r"""(?:^|[{,])\s*["']?language["']?\s*:\s*["']?([a-z]{2,3})\b""", re.MULTILINE
)


Change = Callable[[Profile], Profile]


def exists(folder: Path) -> bool:
    """Whether there is a profile in ``folder``, readable or not."""
    return os.path.lexists(folder / FILE)


def read(folder: Path, today: date | None, passed_over: Collection[str] = ()) -> Profile:
    """The profile in ``folder``, as it can be on ``today``; ``None`` also reads what cannot be so.
    What is wrong below the keys that are ``passed_over`` is no matter.

    Raises ContentError with everything that is wrong in it, StorageError where there is none, it
    cannot be read, or others can read it.
    """
    return _read(folder / FILE, today, passed_over)[1]


def refuse_other(programme: Programme, profile: Profile) -> None:
    """Raises StorageError if ``programme`` is about a birth, and ``profile`` about another day 0:
    then the command has named no programme, and its client would get that of somebody else."""
    if programme.is_after_birth and not profile.is_after_birth:
        raise StorageError(Message("errors.of_other_programme", file=FILE))


def language(folder: Path) -> str | None:
    """The language that the client of ``folder`` told last, in an interview that is not finished or
    in her profile, whatever else is wrong there; ``None`` where it cannot be told."""
    for name in (unfinished.FILE, FILE):
        with suppress(OSError):
            match = _LANGUAGE.search((folder / name).read_text("utf-8", errors="replace"))
            if match is not None:
                return match[1]
    return None


def create(folder: Path, profile: Profile, unasked: Collection[str] = ()) -> None:
    """Writes a new file with ``profile``, without keys that are ``unasked``.

    Raises StorageError where there is one already, or it cannot be written.
    """
    path = folder / FILE
    with private_files.lock(path):
        if exists(folder):
            raise StorageError(Message("errors.profile_is_there", path=path))
        private_files.remove_parts(folder)
        private_files.write(path, editing.new_text(profile, unasked).encode())
        unfinished.remove(folder)


def create_for_new_birth(
    folder: Path, profile: Profile, told: Told, today: date, unasked: Collection[str] = ()
) -> None:
    """Writes a new file with ``profile``, of what was ``told``, after putting the profile, the
    check-ins and the prescriptions of the birth before aside: under their names and the day
    ``today``.

    Whenever this is killed, no old check-in counts for the new profile, and no old profile counts
    without its check-ins: from the first change to the last the interview is unfinished, which
    other commands refuse, and the next ``init`` does the rest. Raises StorageError.
    """
    path = folder / FILE
    with private_files.lock(path):
        unfinished.keep(folder, Unfinished(told=told, is_new_birth=True))
        for name in (FILE, profile_check_ins.FILE, prescription_file.FILE):
            private_files.put_aside(folder / name, today)
        private_files.remove_parts(folder)
        private_files.write(path, editing.new_text(profile, unasked).encode())
        unfinished.remove(folder)


def change(
    folder: Path, today: date, make: Change, told: Collection[str] = ()
) -> tuple[Profile, Profile]:
    """Changes what ``make`` changes; all else in the file stays as it is. Nothing is written where
    nothing changes. Returns the profile before and after.

    What cannot be so in the file is no matter where it is changed, nor what cannot be read of the
    fields that are ``told`` anew. Raises ContentError and StorageError as :func:`read` does, and
    ContentError where a value is written in a way that only its author can change.
    """
    path = folder / FILE
    with private_files.lock(path):
        keys = {"catheter" if field == "has_catheter" else field for field in told}
        keys |= {"day_zero"} if "birth_date" in told else set()
        root, before = _read(path, None, keys)
        after = make(before)
        _refuse_impossible(root, after, today)
        if editing.changed_keys(before, after):
            text = path.read_bytes().decode()
            mark = _MARK if text.startswith(_MARK) else ""
            text = editing.edited(text.removeprefix(_MARK), root, before, after)
            _refuse_unlike(text, root, before, after, today)
            private_files.remove_parts(folder)
            private_files.write(path, (mark + text).encode())
    return before, after


def _read(path: Path, today: date | None, told: Collection[str] = ()) -> tuple[Mapping, Profile]:
    private_files.refuse_open(path)
    try:
        root = strict_yaml.read(path)
    except ContentError as error:
        problems = [
            replace(p, message=Message("errors.tell_anew", message=p.message))
            for p in error.problems
        ]
        raise ContentError(problems) from error
    return root, reader.read(root, today, told)


def _refuse_impossible(root: Mapping, profile: Profile, today: date) -> None:
    problems = [
        root.keys.get(name, root.place).problem(reader.mendable(name, message))
        for name, message in profile.faults(today, is_kept=True)
    ]
    if problems:
        raise ContentError(problems)


def _refuse_unlike(text: str, root: Mapping, before: Profile, after: Profile, today: date) -> None:
    """Makes sure that ``text`` says ``after``, before anything is written."""
    try:
        says = reader.read(strict_yaml.parse(text, file=root.place.file), today)
    except ContentError:
        says = before
    if says != after:
        wanted = editing.values(after)
        raise ContentError(
            [
                root.keys.get(key, root.place).problem(editing.by_hand(key, wanted[key]))
                for key in editing.changed_keys(before, after)
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hers:
    """A client's profile, check-ins and prescriptions, on a day."""

    profile: Profile
    check_ins: tuple[CheckIn, ...]
    """In the order of the file."""
    prescriptions: Prescriptions
    today: date

    @property
    def situation(self) -> Situation:
        """What the plan has to know."""
        prescribed = self.prescriptions.on_days(self.profile.day_of)
        return replace(self.profile.situation(self.check_ins), prescriptions=prescribed)

    @property
    def day(self) -> int:
        """Today, counted from day 0."""
        return self.profile.today_day(self.today)

    @property
    def week(self) -> int:
        """The week she is in: from 1, which begins on day 1."""
        return week_of(max(self.day, 1))


def find(
    folder: Path, tell: Tell, today: date | None = None, passed_over: Collection[str] = ()
) -> Hers | None:
    """What the client of ``folder`` reported; ``None`` if there is no profile.

    ``tell`` receives non-fatal warnings. Faults in the keys of the
    profile that are ``passed_over`` are no matter. Raises ContentError with
    everything that is wrong in her check-ins, her profile or her prescriptions, StorageError where
    others can read them, or she has not finished telling about herself. A prescription without a
    first day begins on ``today``, and from then on says so in its file.
    """
    unfinished.refuse(folder)
    if not exists(folder):
        return None
    on = today or environment.today()
    profile = read(folder, on, passed_over)
    check_ins = profile_check_ins.read(folder, profile.birth_date, on, tell)
    prescriptions = prescription_file.read(folder, on)
    return Hers(profile=profile, check_ins=check_ins, prescriptions=prescriptions, today=on)
