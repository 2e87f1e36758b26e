"""The rules of a programme: what her answers change, and how the steps are climbed."""

from collections.abc import Iterable

from voicecoach import limits
from voicecoach.content.clinical_state import Sign
from voicecoach.content.exercise import EDITORIAL
from voicecoach.content.reading.key_tables import Row, list_of, needed, optional, table
from voicecoach.content.reading.value_kinds import count, key_of, one_of
from voicecoach.content.rules import Effect, Rule, TrainingRules

_DAYS = count(limits.DAYS)
_SOURCES = list_of(key_of("sources", "source"))
RULE = table(
    needed("when", one_of("sign", tuple(Sign)), "What she tells."),
    needed("then", one_of("effect", tuple(Effect)), "What it does from the next day on."),
    optional("days", _DAYS, "So many answers in a row; one where it is left out."),
    optional("within_days", _DAYS, "The answers need not be in a row, but among so many days."),
    needed("sources", _SOURCES, "On which sources the rule rests."),
)
_STEP = count()
TRAINING = table(
    optional("awareness_days", _DAYS, "Days of breathing before her first contraction."),
    optional("mild_heaviness_until_day", _DAYS, "Until then mild heaviness is no trouble."),
    optional("leaks_expected_until_day", _DAYS, "From the day after, leaking is leaks-late."),
    optional("not_felt_advice_days", _DAYS, "So many days not felt: see a physiotherapist."),
    optional("silent_days", _DAYS, "So many days not told of: checkin and build ask."),
    optional("cleared_days_a_step", _DAYS, "Days on each step for whom a clinician cleared."),
    optional("oasi_last_step", _STEP, "The last step after OASI where no other was named."),
    optional("check_in_above_percent", count(), "Above it, steps need a good check-in."),
    optional("check_in_within_days", _DAYS, "So recent is that check-in, or one of leaking."),
    optional("checked_above_percent", count(), "Above it: after forceps, a check comes first."),
    optional("least_days_a_week", count(limits.DAYS_A_WEEK), "Days with contractions, at least."),
)


def rules(rows: Iterable[Row]) -> Iterable[Rule]:
    """What check-ins change, in order: the first that applies decides."""
    for row in rows:
        if row["when"] in tuple(Sign) and row["then"] in tuple(Effect):
            yield Rule(
                when=Sign(row["when"]),
                days=row.number("days", 1),
                effect=Effect(row["then"]),
                sources=row["sources"],
                days_source=row["days"].source if "days" in row else EDITORIAL,
                within_days=row.number("within_days"),
                within_source=row["within_days"].source if "within_days" in row else EDITORIAL,
            )


def training(row: Row) -> TrainingRules:
    """How the steps are begun and climbed."""
    return TrainingRules(
        awareness_days=row.number("awareness_days", 0),
        mild_heaviness_until_day=row.number("mild_heaviness_until_day", 0),
        leaks_expected_until_day=row.number("leaks_expected_until_day"),
        not_felt_advice_days=row.number("not_felt_advice_days"),
        silent_days=row.number("silent_days"),
        cleared_days_a_step=row.number("cleared_days_a_step", 1),
        oasi_last_step=row.number("oasi_last_step"),
        check_in_above_percent=row.number("check_in_above_percent"),
        check_in_within_days=row.number("check_in_within_days", 14),
        checked_above_percent=row.number("checked_above_percent"),
        least_days_a_week=row.number("least_days_a_week"),
        sources=row.sources,
    )
