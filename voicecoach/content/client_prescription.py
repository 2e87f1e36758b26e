"""What a clinician prescribed for one client, in days since the birth. No I/O, no dates."""

from dataclasses import dataclass

from voicecoach.content.kinds.dose import Intensity

PRESCRIBED = "prescribed"
"""Source id of a number that was prescribed for one client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPrescription:
    """An exercise of a programme as it is prescribed for one client, from a day to a day, both
    included. Where a number is ``None``, that of the programme holds."""

    exercise: str
    programme: str | None = None
    """The name of the programme that it belongs to; ``None``: any that has the exercise."""
    first_day: int
    last_day: int
    hold_ms: int | None = None
    reps: int | None = None
    sets: int | None = None
    """In a session."""
    intensity: Intensity | None = None
    times_a_day: int | None = None
    """Sessions a day, on every day."""
    starting_position: str | None = None
    leave_out: tuple[str, ...] = ()
    """Ids of other exercises that are not done on these days."""
    by: str
    """Who prescribed it, as typed."""
    beyond_limits: str | None = None
    """Why it may go beyond the limits of the programme; ``None``: it may not."""

    @property
    def only_leaves_out(self) -> bool:
        """Whether it says nothing of the exercise itself."""
        numbers = (self.hold_ms, self.reps, self.sets, self.intensity, self.times_a_day)
        return not any((*numbers, self.starting_position))

    def is_on(self, day: int) -> bool:
        """Whether it holds on ``day``."""
        return self.first_day <= day <= self.last_day

    def as_data(self) -> dict[str, object]:
        """What machines are told of it. Never why."""
        return {
            "exercise": self.exercise,
            "by": self.by,
            "from_day": self.first_day,
            "until_day": self.last_day,
            "beyond_limits": self.beyond_limits,
        }
