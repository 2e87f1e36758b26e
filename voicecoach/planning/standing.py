"""The step of a client, as her check-ins move it from day to day. No I/O.

Bad news must never make a later day ask for more. Two things ensure that: a bad answer only lowers
numbers here, and whatever raises a number would raise it at least as far without the bad answer.
So two clients who differ only in bad answers never overtake each other.
"""

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.clinical_state import CheckIn, Perineum, Sign, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.rules import Effect
from voicecoach.planning.gates import Detour, Gates, Reason, standing_still
from voicecoach.planning.ladder import BELOW, Ladder
from voicecoach.planning.prescribed import step_after
from voicecoach.planning.reported import says

_TURNS = {Effect.RELEASE: Reason.CANNOT_LET_GO, Effect.BREATHING: Reason.NOT_FELT}
"""Why she stands still, by the effect of a rule; letting go takes precedence over feeling it."""
_KEEPS_STEP = (Reason.WAITS_FOR_A_CHECK, Reason.WAITS_FOR_A_CHECK_IN)  # nothing sent her back


class Standing:
    """Where a client is on the ladder. For each day, in order, call :meth:`prescribe` and
    :meth:`wake`, then read where she is, then call :meth:`sleep` with her check-in of the day."""

    def __init__(
        self, programme: Programme, situation: Situation, ladder: Ladder, gates: Gates
    ) -> None:
        self._programme = programme
        self._training = programme.training
        self._situation = situation
        self._ladder = ladder
        self._rules = gates.rules
        good = (rule.days for rule in programme.rules if rule.effect is Effect.STEP_ON)
        self._good_days_a_step = min(good, default=1)
        self._lifted_on = {last + 1 for _, last in gates.stops if last is not None}
        self.step = BELOW
        self.rests = False
        """Whether today is for breathing, after a sign of yesterday."""
        self._top = 0
        """The highest step since she began, or began again."""
        self._days_on_top = 0
        self._days_on_step = 0
        self._has_trained = False
        """Whether contractions were planned on this step yet: no step is skipped, also by clients
        who train on two days a week."""
        self._good_days = 0
        """Good days since the last step or sign."""
        self._signs: set[Sign] = set()
        """Every sign that ever sent her back: a good day answers no to all of them."""
        self.was_moved = False
        """Whether bad news ever sent her back, or made her begin again."""
        self._is_held = False
        """Whether anything ever sent her back. If so, every step takes good days, also one that is
        new to her: otherwise a client with more signs could overtake one with fewer."""
        self._is_pending = False
        """Whether the first step waits for a reported day without the sign."""
        self._is_cleared = situation.perineum is Perineum.OASI
        """Whether she trains on a clinician's word: at most one step a week."""
        self._standing_still: dict[Reason, int] = {}
        """What has to improve before she goes on, and since which day."""
        self._moved: Detour | None = None
        """Why she is where she is."""
        self._prescribed: tuple[ClientPrescription, ...] = ()
        """Contractions that are prescribed for her today."""
        self._stands_still = False
        """Whether today is one of those days, but not the first: she still goes on to the step that
        her plan had for it."""
        self.prescribed_day: int | None = None
        """The training day on which she stands still, whatever sent her back since."""
        self._sent_back_on: int | None = None
        """The last day that told of anything that sends her back, or stops her."""

    @property
    def training_day(self) -> int:
        """The day of the training clock: that of her step."""
        if self.step < self._top:
            return self._ladder.days[self.step + 1] - 1
        return self._ladder.training_day(self.step, self._days_on_top)

    @property
    def keeps_calendar(self) -> bool:
        """Whether nothing moved her, and no clearance decides how far she goes."""
        is_on_a_word = self._is_cleared or self._situation.cleared_to is not None
        return not (self.was_moved or is_on_a_word)

    def detour(self, day: int) -> Detour | None:
        """Why she is not where the calendar has her."""
        still = standing_still(self._standing_still, day, self._training.not_felt_advice_days)
        if still is not None:
            return still
        if self.rests and self.step != BELOW:
            return Detour(reason=Reason.RESTS, since_day=day)
        return self._moved

    def prescribe(self, day: int, prescribed: tuple[ClientPrescription, ...]) -> None:
        """Begins ``day`` with what is ``prescribed``; after what is no longer, she goes on from
        the step that fits it."""
        still = {each.exercise for each in prescribed}
        over = [each for each in self._prescribed if each.exercise not in still]
        if not self._prescribed or over:
            self.prescribed_day = None
        for each in over:
            self._go_on_after(each, day)
        self._stands_still = bool(self._prescribed) and bool(prescribed)
        self._prescribed = prescribed

    def is_lowered(self, prescribed: ClientPrescription) -> bool:
        """Whether anything sent her back since it was ``prescribed``."""
        return self._sent_back_on is not None and self._sent_back_on >= prescribed.first_day

    def _go_on_after(self, prescribed: ClientPrescription, day: int) -> None:
        if self.step == BELOW:
            return
        most = self._ladder.highest(self._situation, day, least=self._top)
        step = step_after(self._programme, self._ladder, prescribed, self.step, most)
        if not self.is_lowered(prescribed):
            self.step, self._top = step, step
            self._moved = Detour(reason=Reason.AFTER_PRESCRIPTION, since_day=day)
        else:
            self._top = max(min(self.step, step), min(self._top, step))
            self.step = min(self.step, step)
        self._days_on_top = self._days_on_step = self._good_days = 0
        self._has_trained = False

    def wake(self, day: int, *, may_train: bool) -> None:
        """Begins ``day``: if contractions are permitted, she begins, or goes one step on."""
        if day == self._situation.cleared_day:
            self._be_cleared(day)
        if not may_train or self._standing_still or self.rests:
            return
        if self.step == BELOW and not self._is_pending:
            self.step = self._days_on_top = self._days_on_step = self._good_days = 0
            if self._moved is not None and self._moved.reason is Reason.WAITS_FOR_A_GOOD_DAY:
                self._moved = Detour(reason=Reason.STEPPED_BACK, since_day=day)
        elif self.step != BELOW and not self._stands_still and self._may_step_on():
            self._step_on(day)
        if self._prescribed and self.prescribed_day is None and self.step != BELOW:
            self.prescribed_day = self.training_day
        if self.step == self._ladder.last < len(self._ladder.days) - 1 and self._moved is None:
            self._moved = Detour(reason=Reason.AS_FAR_AS_CLEARED, since_day=day)

    def _step_on(self, day: int) -> None:
        """Goes one step on, unless the effort of the next step asks for something first."""
        waits_for = self._ladder.waits_for(self.step + 1, self._situation, day)
        was = self._moved.reason if self._moved else None
        if was is not waits_for and (was is None or was in _KEEPS_STEP):
            self._moved = None if waits_for is None else Detour(reason=waits_for, since_day=day)
        if waits_for is not None:
            return
        self.step += 1
        self._days_on_step = self._good_days = 0
        self._has_trained = False
        if self.step > self._top:
            self._top, self._days_on_top = self.step, 0

    def _may_step_on(self) -> bool:
        following = self.step + 1
        if following > self._ladder.last or not self._has_trained:
            return False
        if self._is_held and self._good_days < self._good_days_a_step:
            return False
        if self._is_cleared and self._days_on_step < self._ladder.days_a_step:
            return False
        return following <= self._top or self._days_on_top >= self._ladder.length(self.step)

    def sleep(self, check_in: CheckIn | None, *, step: int, has_contractions: bool) -> None:
        """Ends the day, on which she was on ``step``; her check-in counts from the next day on."""
        self.rests = False
        if step != BELOW and not self._prescribed:
            self._days_on_step += 1
            self._days_on_top += step == self._top
            self._has_trained = self._has_trained or has_contractions
        if check_in is not None:
            self.take(check_in, has_contractions=has_contractions)

    def take(self, check_in: CheckIn, *, has_contractions: bool = False) -> None:
        """Applies ``check_in`` to the next day and later."""
        rules = self._rules[check_in.day]
        effects = {rule.effect for rule in rules}
        if effects - {Effect.STEP_ON, Effect.ADVISE}:
            self._sent_back_on = check_in.day
        self._turn(check_in, effects)
        signs = {rule.when for rule in rules if rule.effect is Effect.STEP_BACK}
        if signs:
            self._step_back(check_in.day, signs)
        elif self._answers_no_to_all_signs(check_in):
            self._is_pending = False
            if has_contractions and Sign.GOOD in check_in.signs:
                self._good_days += 1
        if Effect.BEGIN_AGAIN in effects:
            self._be_sent_back(Detour(reason=Reason.PAUSED, since_day=check_in.day + 1))
            self._begin_again(min(self.step, 0))
        elif Effect.STEP_DOWN in effects:
            is_asked_for = any(rule.when is Sign.EASIER for rule in rules)
            reason = Reason.STEPPED_BACK if is_asked_for else Reason.PAUSED
            self._be_sent_back(Detour(reason=reason, since_day=check_in.day + 1))
            self.step = self.step if self.step == BELOW else max(self.step - 1, 0)

    def _turn(self, check_in: CheckIn, effects: set[Effect]) -> None:
        """A client who does not feel her pelvic floor, or cannot let it go, stands still until that
        improves, and then begins again at the first step."""
        before = set(self._standing_still)
        better = {Reason.NOT_FELT: check_in.felt, Reason.CANNOT_LET_GO: check_in.let_go}
        for reason, is_better in better.items():
            if is_better:
                self._standing_still.pop(reason, None)
        for effect, reason in _TURNS.items():
            if effect in effects:
                self._standing_still.setdefault(reason, max(check_in.day + 1, 1))
                self._begin_again(BELOW)
        if before and not self._standing_still:
            began = Detour(reason=Reason.BEGAN_AGAIN, since_day=check_in.day + 1)
            self._moved = self._moved if self._is_held else began

    def _step_back(self, day: int, signs: set[Sign]) -> None:
        self._signs |= signs
        self.rests = True
        # From the first step there is nowhere to step back to but breathing; whoever waits already
        # goes on waiting, also if this sign is another one.
        self._is_pending = self._is_pending or self.step <= 0
        self.step = max(self.step - 1, BELOW)
        self._days_on_step = 0
        is_waiting = self.step == BELOW
        reason = Reason.WAITS_FOR_A_GOOD_DAY if is_waiting else Reason.STEPPED_BACK
        self._be_sent_back(Detour(reason=reason, since_day=max(day + 1, 1)))

    def _be_sent_back(self, why: Detour) -> None:
        """Makes each further step take good days, counted from now on."""
        self._is_held = self.was_moved = True
        self._good_days = 0
        if not self._is_pending or why.reason is Reason.WAITS_FOR_A_GOOD_DAY:
            self._moved = why

    def _answers_no_to_all_signs(self, check_in: CheckIn) -> bool:
        return all(says(check_in, sign, self._training) is False for sign in self._signs)

    def _be_cleared(self, day: int) -> None:
        """A clinician has allowed contractions: a client who was stopped begins again."""
        self._is_pending = False
        if day in self._lifted_on:
            self._is_cleared = True
            self._begin_again(BELOW)
            self._moved = Detour(reason=Reason.BEGAN_AGAIN, since_day=day)

    def _begin_again(self, step: int) -> None:
        self.was_moved = True
        self.step = step
        self._top = self._days_on_top = self._days_on_step = self._good_days = 0
        self._has_trained = False
