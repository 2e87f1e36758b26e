"""What she tells -> a profile, new or changed, with what follows from it. No I/O, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from voicecoach.content.clinical_state import Floor, Perineum
from voicecoach.profile import Profile, first_start

_LONGEST_AGO = timedelta(days=2 * 365)

Told = Mapping[str, Any]
"""Fields of a profile and their values."""


def new_profile(told: Told, today: date) -> Profile:
    """A profile of ``told``, which has the birth date. Who does not say when she began, begins
    today: nobody begins with the long holds of a later week."""
    return Profile(**{"started": first_start(told["birth_date"], today), **told})


def changed(profile: Profile, told: Told, today: date) -> Profile:
    """``profile`` with ``told`` in place of what it said.

    Where that ends what kept her from contractions, her steps count from today: a catheter comes
    out today, a floor that is no longer tense begins today. A clearance has its own day.
    """
    after = replace(profile, **told)
    if "catheter_out_on" not in told:
        if after.has_catheter:
            after = replace(after, catheter_out_on=None)
        elif profile.has_catheter:
            after = replace(after, catheter_out_on=today)
    if "started" not in told and _is_held_back(profile) and not _is_held_back(after):
        is_cleared_only = after.floor is profile.floor and after.perineum is profile.perineum
        if not is_cleared_only:
            after = replace(after, started=first_start(after.birth_date, today))
    return _mended(profile, after, told, today)


def _mended(before: Profile, after: Profile, told: Told, today: date) -> Profile:
    """``after``, where what could not be so ``before`` and still cannot becomes what allows least:
    a clock that was wrong is wrong in every day that was taken from it."""
    least: dict[str, Any] = {}
    if {"birth_date", "has_catheter"} & told.keys():
        least["catheter_out_on"] = max(today, after.birth_date)
    if "birth_date" in told:
        least |= {"started": first_start(after.birth_date, today), "cleared_on": None}
    was, is_ = ({name for name, _ in each.faults(today, is_kept=True)} for each in (before, after))
    suspect = least.keys() if "birth_date" in was else was
    wrong = suspect & is_ & least.keys() - told.keys()
    return replace(after, **{name: least[name] for name in wrong})


def faults(
    profile: Profile, told: Told, today: date, *, is_kept: bool = False
) -> Iterator[tuple[str, str]]:
    """What cannot be so, by field, once she has ``told``; see :meth:`Profile.faults`. Only what
    she tells just now, and ``is_kept`` in no file yet, cannot be of tomorrow."""
    kept = list(profile.faults(today, is_kept=True))
    yield from kept
    if not is_kept:
        for fault in profile.faults(today):
            if fault[0] in told and fault not in kept:
                yield fault
    if "birth_date" in told and profile.birth_date < today - _LONGEST_AGO:
        yield (
            "birth_date",
            f"{profile.birth_date} is more than two years ago; the day on which your child was born"
            " is wanted",
        )


def first_birth_date(today: date) -> date:
    """The earliest day of birth that is taken."""
    return today - _LONGEST_AGO


def _is_held_back(profile: Profile) -> bool:
    """Whether her floor or her tear keeps her from contractions."""
    is_torn = profile.perineum is Perineum.OASI and profile.cleared_on is None
    return is_torn or profile.floor is Floor.OVER_TENSE
