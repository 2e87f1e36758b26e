"""Programme + what a client told of sport -> from when she may hear how to begin. No I/O."""

from voicecoach.content.clinical_state import CheckIn, Perineum, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.sport import Ability, SportQuestions

_LARGE = (Perineum.LARGE_TEAR, Perineum.OASI)


def opens_on(asked: SportQuestions, perineum: Perineum | None) -> int:
    """The first day after the birth on which answers to what is ``asked`` count."""
    return asked.large_tear_from_day if perineum in _LARGE else asked.from_day


def still_missing(asked: SportQuestions, situation: Situation) -> dict[str, Ability | None]:
    """What does not work yet, or was not told, by id; nothing where all of it works."""
    told = dict(situation.sport)
    return {id_: told.get(id_) for id_ in asked.tests if told.get(id_) is not Ability.YES}


def ready_on(programme: Programme, situation: Situation) -> int | None:
    """The day on which she told that all of it works; ``None`` where she did not, told it too
    early, or told of a complaint since. It is no clearance."""
    asked, day = programme.sport, situation.sport_day
    if asked is None or day is None or still_missing(asked, situation):
        return None
    if day < opens_on(asked, situation.perineum):
        return None
    since = (each for each in situation.check_ins if each.day >= day)
    return None if any(map(_complains, since)) else day


def _complains(check_in: CheckIn) -> bool:
    told = (check_in.red_flag, check_in.bulge, check_in.leaks_more, check_in.is_unread)
    return check_in.has_trouble or any(told)
