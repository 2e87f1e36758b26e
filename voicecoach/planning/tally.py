"""Check-ins, one after the other -> the rule of the programme that each fulfils. No I/O."""

from collections import Counter
from collections.abc import Sequence

from voicecoach.content.clinical_state import CheckIn, Sign
from voicecoach.content.programme import Rule


class Tally:
    """Counts on how many days in a row check-ins tell the same."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._told: Counter[Sign] = Counter()
        self._day: int | None = None

    def take(self, check_in: CheckIn) -> Rule | None:
        """The first rule that ``check_in`` fulfils, with those of the days before it; its row
        begins anew. A day without a check-in ends every row."""
        follows = self._day is not None and check_in.day == self._day + 1
        before = self._told if follows else Counter[Sign]()
        self._told = Counter({sign: before[sign] + 1 for sign in check_in.signs})
        self._day = check_in.day
        rule = next((r for r in self._rules if self._told[r.when] >= r.days), None)
        if rule is not None:
            del self._told[rule.when]
        return rule


def rule_on(rules: Sequence[Rule], check_ins: Sequence[CheckIn], day: int) -> Rule | None:
    """The rule that the check-in of ``day`` fulfils; ``check_ins`` are one a day, in order."""
    tally = Tally(rules)
    fulfilled = {each.day: tally.take(each) for each in check_ins}
    return fulfilled.get(day)
