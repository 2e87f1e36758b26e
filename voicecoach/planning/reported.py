"""Check-ins, one after the other -> the rules of the programme that each fulfils. No I/O."""

from collections.abc import Iterable, Sequence

from voicecoach.content.clinical_state import CheckIn, Sign
from voicecoach.content.programme import Programme, Rule


def says(check_in: CheckIn, sign: Sign, mild_until_day: int) -> bool | None:
    """Whether ``check_in`` tells ``sign``; ``None`` where it does not answer the question.

    Heaviness that is mild is no trouble up to ``mild_until_day``.
    """
    is_mild = check_in.heaviness_is_mild and check_in.day <= mild_until_day
    heaviness = check_in.heaviness and not is_mild
    answers = {
        Sign.RED_FLAG: check_in.red_flag,
        Sign.PAIN: check_in.pain,
        Sign.HEAVINESS: check_in.heaviness,
        Sign.TROUBLE: _either(check_in.pain, heaviness),
        Sign.NOT_DONE: None if check_in.done is None else not check_in.done,
        Sign.LEAKS: check_in.leaks,
        Sign.BOOK: check_in.book,
        Sign.MOOD: check_in.mood,
        Sign.NOT_FELT: None if check_in.felt is None else not check_in.felt,
        Sign.CANNOT_LET_GO: None if check_in.let_go is None else not check_in.let_go,
        Sign.GOOD: Sign.GOOD in check_in.signs,
    }
    return answers[sign]


def _either(*answers: bool | None) -> bool | None:
    """Yes where one is yes, no where all are; else the question stays open."""
    if True in answers:
        return True
    return None if None in answers else False


class Reported:
    """Counts on how many days check-ins told the same: in a row of those that answer the question,
    or among so many days."""

    def __init__(self, programme: Programme) -> None:
        self._rules = programme.rules
        self._longest_row = {
            rule.when: max(each.days for each in self._rules if each.when is rule.when)
            for rule in self._rules
        }
        self._mild_until_day = programme.training.mild_heaviness_until_day
        self._days: dict[Sign, list[int]] = {sign: [] for sign in Sign}
        self._row: dict[Sign, int] = dict.fromkeys(Sign, 0)

    def take(self, check_in: CheckIn) -> tuple[Rule, ...]:
        """The rules that ``check_in`` fulfils, with those before it; the first decides what she
        is told. A rule about a row is fulfilled once as the row grows."""
        for sign in Sign:
            answer = says(check_in, sign, self._mild_until_day)
            if answer:
                self._row[sign] += 1
                self._days[sign].append(check_in.day)
            elif answer is False:
                self._row[sign] = 0
        fulfilled = tuple(rule for rule in self._rules if self._fulfils(rule, check_in))
        for rule in fulfilled:
            if rule.days > 1 and rule.days == self._longest_row[rule.when]:
                self._row[rule.when] = 0
        return fulfilled

    def _fulfils(self, rule: Rule, check_in: CheckIn) -> bool:
        if not says(check_in, rule.when, self._mild_until_day):
            return False
        if rule.within_days is not None:
            since = check_in.day - rule.within_days
            return sum(day > since for day in self._days[rule.when]) >= rule.days
        return rule.days == 1 or self._row[rule.when] == rule.days


def rules_on(programme: Programme, check_ins: Iterable[CheckIn], day: int) -> Sequence[Rule]:
    """The rules that the check-in of ``day`` fulfils; ``check_ins`` are one a day, in order."""
    reported = Reported(programme)
    fulfilled = {each.day: reported.take(each) for each in check_ins}
    return fulfilled.get(day, ())
