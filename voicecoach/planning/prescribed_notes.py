"""What is prescribed of a day -> the lines that say so, and who did. No I/O."""

from collections.abc import Iterable

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.messages import Words


def prescribed_by(prescribed: Iterable[ClientPrescription], words: Words) -> tuple[str, ...]:
    """Who prescribed it, as typed: a line for each. Never why."""
    by = {each.by: each.last_day for each in prescribed}
    return tuple(words("notes.prescribed", by=name, day=day) for name, day in by.items())


def beyond_limits(prescribed: Iterable[ClientPrescription], words: Words) -> tuple[str, ...]:
    """The reasons for which it goes beyond the limits of the programme."""
    return tuple(
        words("notes.beyond_limits", exercise=each.exercise, reason=each.beyond_limits)
        for each in prescribed
        if each.beyond_limits is not None
    )


def as_data(each: ClientPrescription) -> dict[str, object]:
    """What machines are told of it. Never why."""
    return {
        "exercise": each.exercise,
        "by": each.by,
        "from_day": each.first_day,
        "until_day": each.last_day,
        "beyond_limits": each.beyond_limits,
    }
