"""Check-ins, in order -> the rules of the programme that each fulfils. No I/O."""

from collections.abc import Callable, Iterator, Mapping

from voicecoach.content.clinical_state import CheckIn, Sign, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.rules import Effect, Rule, TrainingRules

QUESTIONS = {
    Sign.PAIN: "pain",
    Sign.HEAVINESS: "heaviness",
    Sign.TROUBLE: "heaviness",
    Sign.LEAKS_MORE: "leaks",
    Sign.NOT_FELT: "felt",
    Sign.CANNOT_LET_GO: "let_go",
}
"""The answer of a check-in that says whether a sign is gone."""


def says(check_in: CheckIn, sign: Sign, rules: TrainingRules) -> bool | None:
    """Whether ``check_in`` reports ``sign``; ``None`` if it does not answer the question."""
    return _ANSWERS[sign](check_in, rules)


def _leaks_late(check_in: CheckIn, rules: TrainingRules) -> bool | None:
    until = rules.leaks_expected_until_day
    return check_in.leaks if until is not None and check_in.day > until else False


def _leaks_more(check_in: CheckIn, _: TrainingRules) -> bool | None:
    return check_in.leaks_more or (False if check_in.leaks is False else check_in.leaks_more)


def _trouble(check_in: CheckIn, rules: TrainingRules) -> bool | None:
    """Mild heaviness is not trouble in the first weeks. Yes if one answer is, no if pain and
    heaviness are both answered; otherwise the question stays open."""
    is_mild = check_in.heaviness_is_mild and check_in.day <= rules.mild_heaviness_until_day
    heaviness = check_in.is_heavy and not is_mild
    if check_in.pain or heaviness or _leaks_more(check_in, rules):
        return True
    return None if check_in.pain is None or heaviness is None else False


_ANSWERS: Mapping[Sign, Callable[[CheckIn, TrainingRules], bool | None]] = {
    Sign.RED_FLAG: lambda each, _: each.red_flag,
    Sign.PAIN: lambda each, _: each.pain,
    Sign.HEAVINESS: lambda each, _: each.is_heavy,
    Sign.TROUBLE: _trouble,
    Sign.NOT_DONE: lambda each, _: None if each.done is None else not each.done,
    Sign.LEAKS: lambda each, _: each.leaks,
    Sign.LEAKS_LATE: _leaks_late,
    Sign.LEAKS_MORE: _leaks_more,
    Sign.EASIER: lambda each, _: each.easier,
    Sign.BOOK: lambda each, _: each.book,
    Sign.MOOD: lambda each, _: each.mood,
    Sign.NOT_FELT: lambda each, _: None if each.felt is None else not each.felt,
    Sign.CANNOT_LET_GO: lambda each, _: None if each.let_go is None else not each.let_go,
    Sign.GOOD: lambda each, _: Sign.GOOD in each.signs,
}


class Reported:
    """Counts the check-ins that report the same sign: in a row of those that answer the question,
    or within a number of days."""

    def __init__(self, programme: Programme) -> None:
        self._rules = programme.rules
        self._training = programme.training
        self._signs = tuple(dict.fromkeys((*(r.when for r in self._rules), Sign.LEAKS_MORE)))
        self._longest_row = {
            rule.when: max(each.days for each in self._rules if each.when is rule.when)
            for rule in self._rules
        }
        self._days: dict[Sign, list[int]] = {sign: [] for sign in self._signs}
        self._row: dict[Sign, int] = dict.fromkeys(self._signs, 0)

    def take(self, check_in: CheckIn) -> tuple[Rule, ...]:
        """The rules that ``check_in`` fulfils, with those before it; the first decides which advice
        is shown. A rule about a row is fulfilled once as the row grows."""
        answers = {sign: says(check_in, sign, self._training) for sign in self._signs}
        if answers[Sign.LEAKS_MORE] is None and self._row[Sign.LEAKS_MORE]:
            # Leaking began this row of trouble: a day that does not mention it cannot end the row.
            answers[Sign.TROUBLE] = answers.get(Sign.TROUBLE) or None
        for sign in self._signs:
            if answers[sign]:
                self._row[sign] += 1
                self._days[sign].append(check_in.day)
            elif answers[sign] is False:
                self._row[sign] = 0
        fulfilled = tuple(
            rule for rule in self._rules if answers[rule.when] and self._is_fulfilled(rule)
        )
        for rule in fulfilled:
            if rule.days > 1 and rule.days == self._longest_row[rule.when]:
                self._row[rule.when] = 0
        return fulfilled

    def _is_fulfilled(self, rule: Rule) -> bool:
        """Whether the latest check-in, which reports ``rule.when``, completes ``rule``."""
        if rule.within_days is not None:
            days = self._days[rule.when]
            return sum(day > days[-1] - rule.within_days for day in days) >= rule.days
        return rule.days == 1 or self._row[rule.when] == rule.days


def rules_by_day(programme: Programme, situation: Situation) -> dict[int, tuple[Rule, ...]]:
    """The rules that each check-in fulfils, by its day. A clearance starts the counting anew."""
    reported = Reported(programme)
    cleared_day = situation.cleared_day
    found: dict[int, tuple[Rule, ...]] = {}
    for check_in in sorted(situation.check_ins, key=lambda each: each.day):
        if cleared_day is not None and check_in.day >= cleared_day:
            reported, cleared_day = Reported(programme), None
        found[check_in.day] = reported.take(check_in)
    return found


def rules_on(programme: Programme, situation: Situation, day: int) -> tuple[Rule, ...]:
    """The rules that the check-in of ``day`` fulfils."""
    return rules_by_day(programme, situation).get(day, ())


def leaks_alone_before(situation: Situation, day: int, rules: TrainingRules) -> bool:
    """Whether the latest answer about leaking before ``day``, if it is recent, is yes, without
    pain, heaviness, or leaking that practising makes worse."""
    recent = range(day - rules.check_in_within_days, day)
    told = [each for each in situation.check_ins if each.day in recent and each.leaks is not None]
    bad = {Sign.PAIN, Sign.HEAVINESS, Sign.LEAKS_MORE}
    return bool(told) and Sign.LEAKS in told[-1].signs and not told[-1].signs & bad


def silent_days(programme: Programme, situation: Situation, today: int) -> range:
    """The days before ``today`` of which nothing was told since the last check-in, or since the
    client began; empty while there are too few to ask about."""
    told = (each.day for each in situation.check_ins if each.day < today)
    first = max(max(told, default=0) + 1, situation.started_day, 1)
    days = range(first, today)
    least = programme.training.silent_days
    is_over = today > programme.last_day
    return range(0) if least is None or len(days) < least or is_over else days


def decisive_signs(programme: Programme, situation: Situation, day: int) -> Iterator[Sign]:
    """The signs, told before ``day``, that a good day has to answer no to, or that she waits to be
    without."""
    waits_for: dict[Sign, None] = {}
    rules = rules_by_day(programme, situation)
    for check_in in situation.check_ins:
        if check_in.day >= day:
            break
        for rule in rules[check_in.day]:
            if rule.when in QUESTIONS and rule.effect is Effect.STEP_BACK:
                yield rule.when
            elif rule.when in QUESTIONS and rule.effect in (Effect.BREATHING, Effect.RELEASE):
                waits_for[rule.when] = None
        for sign in tuple(waits_for):
            if says(check_in, sign, programme.training) is False:
                del waits_for[sign]
    yield from waits_for
