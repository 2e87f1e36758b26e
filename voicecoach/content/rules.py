"""What answers change in a plan, and how the ladder is climbed. No I/O."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.clinical_state import Sign
from voicecoach.content.exercise import EDITORIAL, Sources


class Effect(StrEnum):
    """What a rule changes in the plan, from the next day on."""

    STOP = "stop"
    """Nothing but breathing, at once, until she is cleared on a later day."""
    RELEASE = "release"
    """The release path, until letting go works; then the first step."""
    BREATHING = "breathing"
    """The breathing path, until she feels it; then the first step."""
    STEP_BACK = "step-back"
    """One step down the ladder after a day of breathing; from the first step: breathing, until a
    reported day without the sign."""
    STEP_DOWN = "step-down"
    """One step down the ladder, never below the first."""
    BEGIN_AGAIN = "begin-again"
    """At the first step."""
    STEP_ON = "step-on"
    """One step up for a client who was sent back; never earlier than the calendar."""
    ADVISE = "advise"
    """No change: she only gets advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a check-in changes in the plan."""

    when: Sign
    days: int
    """How many consecutive check-ins, of those that answer the question, must report it."""
    effect: Effect
    sources: tuple[str, ...]
    days_source: str = EDITORIAL
    within_days: int | None = None
    """If given, ``days`` need not be consecutive, but within this number of days."""
    within_source: str = EDITORIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRules:
    """How the ladder is begun and climbed, besides its own days. The default has no rule."""

    awareness_days: int = 0
    """Days of breathing before the first contraction, whenever she begins."""
    mild_heaviness_until_day: int = 0
    """Until this day after the birth, mild heaviness is no TROUBLE."""
    leaks_expected_until_day: int | None = None
    """After this day after the birth, leaking is LEAKS_LATE; ``None``: it never is."""
    not_felt_advice_days: int | None = None
    """After so many days of feeling nothing, a client is advised to see a physiotherapist."""
    silent_days: int | None = None
    """After so many days without a check-in, a client is asked whether she practised."""
    cleared_days_a_step: int = 1
    """How long a client who was cleared by a clinician stays on each step, at least."""
    oasi_last_step: int | None = None
    """The last step, from 1, after OASI where the clinician named none."""
    check_in_above_percent: int | None = None
    """Steps above this intensity need a good check-in, for a client who has a profile."""
    check_in_within_days: int = 14
    """So recent is that good check-in, and a report of leaking that keeps her training daily."""
    checked_above_percent: int | None = None
    """Steps above this intensity need a check by a pelvic physiotherapist, after forceps, a vacuum
    cup or a baby that was born face up."""
    least_days_a_week: int | None = None
    """On so many days of a week contractions are planned, at least."""
    sources: Sources = ()
