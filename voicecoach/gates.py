"""A situation -> whether contractions are forbidden until another answer allows them. No I/O.

Works without a programme: packs of any programme are judged by it. For the built-in programme it
agrees with :class:`voicecoach.course.Course`.
"""

from voicecoach.situation import Floor, Perineum, Situation


def is_shut(situation: Situation) -> bool:
    """Whether no contractions are allowed, today or later, whatever the calendar says."""
    return (
        situation.floor is Floor.OVER_TENSE
        or situation.has_catheter
        or (situation.perineum is Perineum.OASI and situation.cleared_day is None)
        or _is_stopped(situation)
        or any(each.is_unread for each in situation.check_ins)
        or _waits_for_a_better_answer(situation)
    )


def _is_stopped(situation: Situation) -> bool:
    """Whether a red flag was reported on or after the day of the latest clearance."""
    cleared_day = situation.cleared_day
    red_flags = (each.day for each in situation.check_ins if each.red_flag)
    return any(cleared_day is None or cleared_day <= day for day in red_flags)


def _waits_for_a_better_answer(situation: Situation) -> bool:
    """Whether, as last reported, she cannot feel her pelvic floor or cannot let it go."""
    latest: dict[str, bool | None] = {}
    for each in sorted(situation.check_ins, key=lambda check_in: check_in.day):
        answers = {"felt": each.felt, "let_go": each.let_go}
        latest |= {question: answer for question, answer in answers.items() if answer is not None}
    return False in latest.values()
