"""Why a client is on hold: what keeps her from training, or that she tells nothing. No I/O."""

from voicecoach.content.programme import Programme
from voicecoach.planning.gates import Gates, Reason, barred
from voicecoach.profile.client import Hers

SILENT = "silent for two weeks"
_SILENT_DAYS = 14
_NAMES = {
    Reason.STOPPED: "stopped",
    Reason.OVER_TENSE: "over-tense",
    Reason.WAITS_FOR_CLEARANCE: "not cleared",
    Reason.WAITS_FOR_CATHETER: "catheter",
    Reason.UNREAD: "check-in cannot be read",
}


def of(programme: Programme, hers: Hers, *, has_check_ins: bool) -> tuple[str, ...]:
    """Why she is on hold on her day; none where she is not. ``has_check_ins`` tells whether there
    is a file of check-ins: where there is none, silence means nothing."""
    reasons: list[str] = []
    gates = Gates(programme, hers.situation)
    found: list[Reason] = []
    if programme.training_steps:
        bar = barred(hers.situation)
        found += [] if bar is None else [bar[1]]
    if any(first <= hers.day <= (last or hers.day) for first, last in gates.stops):
        found.append(Reason.STOPPED)
    shut = gates.shut_on(hers.day) if programme.training_steps else gates.stopped_on(hers.day)
    found += [] if shut is None else [shut.reason]
    reasons += [_NAMES[reason] for reason in dict.fromkeys(found)]
    told = [check_in.day for check_in in hers.check_ins]
    since = max((hers.situation.started_day, *told))
    if has_check_ins and hers.day - since >= _SILENT_DAYS:
        reasons.append(SILENT)
    return tuple(reasons)
