"""What she told, in the files of a folder -> her profile and her situation."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach import check_in_file, profile_file
from voicecoach.check_in_file import Tell
from voicecoach.content.clinical_state import CheckIn, Situation
from voicecoach.dates import week_of
from voicecoach.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Hers:
    """Her profile and her check-ins, on a day."""

    profile: Profile
    check_ins: tuple[CheckIn, ...]
    """In the order of the file."""
    today: date

    @property
    def situation(self) -> Situation:
        """What the plan has to know."""
        return self.profile.situation(self.check_ins)

    @property
    def day(self) -> int:
        """Today, in days since the birth; 0 on the day of birth."""
        return self.profile.today_day(self.today)

    @property
    def week(self) -> int:
        """The week she is in: from 1, which begins on the day after the birth."""
        return week_of(max(self.day, 1))


def find(folder: Path, tell: Tell, today: date | None = None) -> Hers | None:
    """What she told in ``folder``; ``None`` where she has no profile there.

    ``tell`` gets what she should know and nothing stands in the way of. Raises ContentError with
    everything that is wrong in her check-ins or her profile, StorageError where others can read
    them.
    """
    if not profile_file.exists(folder):
        return None
    on = today or date.today()
    profile = profile_file.read(folder, on)
    check_ins = check_in_file.read(folder, profile.birth_date, on, tell)
    return Hers(profile=profile, check_ins=check_ins, today=on)
