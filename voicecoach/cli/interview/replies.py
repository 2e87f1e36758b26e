"""What a client is told after ``init`` and ``checkin``: where she is today, and what moves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from voicecoach import messages
from voicecoach.content.clinical_state import CheckIn, Sign
from voicecoach.content.programme import Programme
from voicecoach.content.rules import Effect, Rule
from voicecoach.content.translation import Translation
from voicecoach.dates import week_of
from voicecoach.messages import Words
from voicecoach.planning import gates, plan
from voicecoach.planning.asked import Asked
from voicecoach.planning.course import Course
from voicecoach.planning.plan import note
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.prescribed import asks_for_contractions
from voicecoach.planning.reported import rules_on
from voicecoach.planning.wording import session_title
from voicecoach.profile.client import Hers


def outlook(programme: Programme, hers: Hers) -> list[str]:
    """The sentences, in her language; the last says which command comes next."""
    words = messages.words(hers.profile.language)
    if hers.day > programme.last_day:
        is_shut = gates.is_shut(programme, hers.situation)
        return after_the_end(programme.last_day, hers, goes_on=not is_shut)
    day = max(hers.day, 1)
    days = plan.plan_weeks(programme, plan.all_weeks(programme), situation=hers.situation)
    lines = [
        words("outlook.today", day=day, week=hers.week)
        if hers.day > 0
        else words("outlook.born_today")
        if hers.profile.is_after_birth
        else words("outlook.day_zero_today"),
        *_about_contractions(days, day, hers, words),
        words("outlook.next"),
    ]
    return [line for line in lines if line]


def after_the_end(last_day: int, hers: Hers, *, goes_on: bool) -> list[str]:
    """What there is to do after the ``last_day`` of a programme: also to go on with its last week,
    if she ``goes_on``."""
    words = messages.words(hers.profile.language)
    values = {"day": hers.day, "last": last_day, "week": week_of(last_day)}
    key = "outlook.past" if hers.profile.is_after_birth else "outlook.past_of_day_zero"
    finished, *others = words.texts(key)
    texts = [finished, *([words.texts("outlook.go_on")[0]] if goes_on else []), *others]
    return [text.format(**values) for text in texts]


def _about_contractions(
    days: Sequence[PlannedDay], day: int, hers: Hers, words: Words
) -> list[str]:
    today = days[day - 1]
    reason = note(today.course, words) or ""
    with_contractions = [each.day for each in days if each.contraction_count]
    coming = next((each for each in with_contractions if each >= day), None)
    if coming is None:
        return [reason]
    if coming == day:
        return [reason, words("outlook.now")]
    on = words.day(hers.profile.birth_date + timedelta(days=coming))
    if with_contractions[0] < day:
        return [reason, words("outlook.again", day=coming, date=on)]
    return [reason, words("outlook.begin", day=coming, date=on), words("outlook.until_then")]


def call_advice(programme: Programme, words: Translation) -> tuple[str, ...]:
    """What is said after a red flag: by the programme, else by us."""
    if any(rule.when is Sign.RED_FLAG for rule in programme.rules):
        return words.advice[Sign.RED_FLAG]
    key = "call" if programme.is_after_birth or programme.may_be_stopped else "stop_today"
    return (messages.words(words.language)(f"check_in.{key}"),)


def reply(
    programme: Programme,
    words: Translation,
    before: Hers,
    after: Hers,
    check_in: CheckIn,
) -> list[str]:
    """The advice of the first rule that the day fulfils, and what the plan moves from the day
    after. The advice to call is not said here: see :func:`call_advice`.
    """
    ours = messages.words(words.language)
    told = after.check_ins[len(before.check_ins) :]
    first_told_day = min((each.day for each in told), default=check_in.day)
    change = _first_change(programme, before, after, first_told_day)
    lines = _advice(
        programme, words, ours, before, after, check_in.day, is_moved=change is not None
    )
    if plan.is_referral_due(programme, after.situation, check_in.day):
        lines.append(ours("check_in.not_felt_long"))
    if check_in.has_trouble and not check_in.red_flag:
        lines.append(Asked(programme, ours).worded("check_in.if_it_grows"))
    if after.day > programme.last_day:
        if check_in.red_flag and programme.may_be_stopped:
            lines += _about_clearance(programme, ours, after, is_moved=False)
        is_shut = gates.is_shut(programme, after.situation)
        goes_on = not (is_shut or check_in.has_trouble)
        return [*lines, *after_the_end(programme.last_day, after, goes_on=goes_on)]
    if change is not None:
        lines += [_moved(change, words, ours, after), note(change.course, ours) or ""]
    elif not check_in.red_flag:
        lines += [ours(f"check_in.{key}") for key in _unchanged(check_in, programme)]
    if check_in.red_flag and programme.may_be_stopped:
        lines += _about_clearance(programme, ours, after, is_moved=change is not None)
    if change is not None:
        lines.append(ours("check_in.build"))
    return list(dict.fromkeys(line for line in lines if line))


def _unchanged(check_in: CheckIn, programme: Programme) -> Iterator[str]:
    """What is said where nothing changes: never that all is as it was after a sign, nor that it
    was careful already where no answer makes it so."""
    if check_in.signs - {Sign.GOOD, Sign.LEAKS, Sign.NOT_DONE, Sign.BOOK, Sign.MOOD}:
        if programme.training_steps:
            yield "already"
        return
    is_told = check_in.signs & {Sign.LEAKS, Sign.BOOK, Sign.MOOD}
    yield "goes_on" if is_told else "as_it_was"


def _advice(
    programme: Programme,
    words: Translation,
    ours: Words,
    before: Hers,
    after: Hers,
    day: int,
    *,
    is_moved: bool,
) -> list[str]:
    """The paragraphs of the first rule, without what is not so for her: the first says what her
    plan does, or for mere advice the last that she goes on with contractions."""
    rule = next(iter(rules_on(programme, after.situation, day)), None)
    if rule is None or rule.when is Sign.RED_FLAG:
        return []
    said = words.advice[rule.when]
    match rule.effect:
        case Effect.STEP_BACK | Effect.STEP_DOWN | Effect.BEGIN_AGAIN:
            key = _no_lower_step(programme, before, after, day, rule, is_moved=is_moved)
            return [said[0] if key is None else ours(f"check_in.{key}"), *said[1:]]
        case Effect.STEP_ON | Effect.BREATHING if not is_moved:
            return []
        case Effect.RELEASE if not is_moved:
            return list(said[1:] or said)
        case Effect.ADVISE if gates.is_shut(programme, after.situation):
            return list(said[:-1] or said)
    return list(said)


def _no_lower_step(
    programme: Programme, before: Hers, after: Hers, day: int, rule: Rule, *, is_moved: bool
) -> str | None:
    """What is said to whoever does not go on from a lower step; ``None`` if she does."""
    was, now = (Course(programme, each.situation) for each in (before, after))
    steps = (was.on(each).step for each in range(min(max(day, 1), programme.last_day), 0, -1))
    here = next((step for step in steps if step is not None), None)
    days = map(now.on, range(max(day + 1, after.day, 1), programme.last_day + 1))
    coming = next((each for each in days if each.step is not None), None)
    is_prescribed = coming is not None and any(
        asks_for_contractions(programme, each) for each in coming.prescribed
    )
    if here and coming and coming.step and coming.step < here and not is_prescribed:
        return None
    if rule.effect is Effect.STEP_BACK:
        if is_prescribed and here:
            return "prescribed_or_less"
        return "until_well" if is_moved else "stop_today"
    if rule.when is Sign.EASIER:
        return "ask_who_prescribed" if is_prescribed else "do_less"
    return "not_done"


def _about_clearance(
    programme: Programme, ours: Words, after: Hers, *, is_moved: bool
) -> list[str]:
    """Whether she may train again, after a red flag; never that the plan stays as it was, which
    reads as if the call were not heard."""
    if programme.training_steps:
        weeks = range(week_of(max(after.day, 1)), plan.last_week(programme) + 1)
        days = plan.plan_weeks(programme, weeks, situation=after.situation)
        goes_on = any(day.contraction_count for day in days if day.day > after.day)
    else:
        goes_on = all(last is not None for _, last in gates.stops(programme, after.situation))
    if goes_on:
        return [ours("check_in.cleared_since")]
    stays = "no_contractions" if programme.training_steps else "no_exercises"
    lines = [ours(f"check_in.{stays}"), ours("check_in.cleared_later")]
    return lines[is_moved:]


def _first_change(programme: Programme, before: Hers, after: Hers, day: int) -> PlannedDay | None:
    """The first day, after ``day`` and not past, for which the check-in has other sessions."""
    first_day = max(day + 1, after.day, 1)
    return plan.first_change(programme, before.situation, after.situation, first_day)


def _moved(day: PlannedDay, words: Translation, ours: Words, hers: Hers) -> str:
    keys = {hers.day: "from_today", hers.day + 1: "from_tomorrow"}
    times = Counter(session_title(session, words) for session in day.listening)
    titles = ", ".join(f"{n} × {title}" if n > 1 else title for title, n in times.items())
    sessions = titles or ours("check_in.changes.no_sessions")
    on = ours.day(hers.profile.birth_date + timedelta(days=day.day))
    key = keys.get(day.day, "from_day")
    return ours(f"check_in.changes.{key}", sessions=sessions, day=day.day, date=on)
