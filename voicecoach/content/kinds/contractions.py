"""Contractions. No I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Guide, Intensity, Move, Number, Sets
from voicecoach.content.kinds.kind import Kind, field_of, said
from voicecoach.content.reading.key_tables import all_optional, needed, optional
from voicecoach.content.reading.value_kinds import (
    PERCENT,
    SECONDS,
    SECONDS_COUNTED_ALOUD,
    SECONDS_OR_NONE,
    count,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractions(Sets):
    """A dose of contractions."""

    kind: ClassVar[str] = "contractions"
    guide: ClassVar[Guide] = Guide(
        first_lead_in="first_tighten",
        lead_in="tighten",
        ending=Cue.RELEASE,
        let_go="release",
        last_let_go="last_release",
    )

    intensity: Intensity
    hold_ms: int
    """From the start of the tighten tone to the start of the release tone."""
    quick_reps: int | None = None
    """Short contractions after the others of each set; ``None`` where there are none."""
    quick_hold_ms: int | None = None
    quick_rest_ms: int | None = None
    quick_intensity: Intensity | None = None
    pulses: int | None = None
    """Short contractions on top of each hold, at its end; ``None`` where there are none."""
    pulse_hold_ms: int | None = None
    pulse_rest_ms: int | None = None
    """From the end of a pulse to the next, or to the release."""
    pulse_intensity: Intensity | None = None
    cough_ms: int | None = None
    """From the start of each hold to the tone at which to cough; ``None`` where there is none."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """A hold, and what is done on top of it."""
        height = self.intensity.high_percent / 100
        pulses: list[Move] = []
        hold_ms = self.hold_ms
        if self.pulses and self.pulse_hold_ms and self.pulse_rest_ms and self.pulse_intensity:
            pulse = Move(
                cue=Cue.MOVE,
                length_ms=self.pulse_hold_ms,
                height=self.pulse_intensity.high_percent / 100,
                says="pulse",
            )
            back = Move(cue=Cue.RETURN, length_ms=self.pulse_rest_ms, height=height)
            pulses = [pulse, back] * self.pulses
            hold_ms -= sum(move.length_ms for move in pulses)
        hold = Move(
            cue=Cue.TIGHTEN,
            length_ms=hold_ms,
            height=height,
            is_counted=True,
            cough_ms=self.cough_ms,
        )
        return (hold, *pulses)

    @property
    def quick(self) -> "Contractions | None":
        """The quick ones, as a dose of one set."""
        if not (
            self.quick_reps and self.quick_hold_ms and self.quick_rest_ms and self.quick_intensity
        ):
            return None
        return Contractions(
            intensity=self.quick_intensity,
            hold_ms=self.quick_hold_ms,
            rest_ms=self.quick_rest_ms,
            reps=self.quick_reps,
        )

    @property
    def count(self) -> int:
        """All contractions in all sets: the slow and the quick ones, and the pulses."""
        return self.sets * (self.reps_in_a_set + self.reps * (self.pulses or 0))

    @property
    def under_tension_ms(self) -> int:
        """All holds together."""
        quick_ms = self.quick.under_tension_ms if self.quick else 0
        return self.sets * (self.reps * self.hold_ms + quick_ms)

    @property
    def highest_percent(self) -> int:
        """The highest intensity in it, of her greatest strength."""
        all_of_it = (self.intensity, self.quick_intensity, self.pulse_intensity)
        return max(each.high_percent for each in all_of_it if each is not None)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Numbers without those that belong to them, and pulses that do not fit."""
        for stem, keys in _TOGETHER.items():
            given = [key for key in keys if getattr(self, field_of(key)) is not None]
            if 0 < len(given) < len(keys):
                yield given[0], f"all numbers of {stem} belong together: {', '.join(keys)}"
        if self.pulses and self.moves[0].length_ms < _LEAST_BEFORE_PULSES_MS:
            yield "pulses", "they do not fit: a hold begins with a second without, so lower them"
        if self.cough_ms is not None and self.cough_ms >= self.moves[0].length_ms:
            yield "cough_s", "it does not fit: cough before the end of the hold"

    @property
    def contractions(self) -> "tuple[Contractions, ...]":
        """All of it."""
        return (self,)

    @property
    def about(self) -> tuple[str, ...]:
        """The quick ones after each set, and the pulses."""
        return (
            *(("about_quick",) if self.quick else ()),
            *(("about_pulses",) if self.pulses else ()),
        )

    @property
    def numbers(self) -> Mapping[str, Number]:
        """All but its rests."""
        return {
            "hold": self.hold_ms // 1000,
            "reps": self.reps,
            "sets": self.sets,
            "intensity": self.intensity,
        }

    @property
    def counts_to(self) -> int:
        """A hold is counted as well."""
        quick_s = (self.quick_hold_ms or 0) // 1000
        return max(self.hold_ms // 1000, self.reps, self.sets, quick_s)


_LEAST_BEFORE_PULSES_MS = 1000
_TOGETHER = {
    "quick contractions": (
        "quick_reps",
        "quick_hold_s",
        "quick_rest_s",
        "quick_intensity_percent",
    ),
    "pulses": ("pulses", "pulse_hold_s", "pulse_rest_s", "pulse_intensity_percent"),
}


KIND = Kind(
    dose=Contractions,
    meaning="contractions",
    numbers=(
        needed("intensity_percent", PERCENT, "Of her greatest strength: 40, or a range, 30-40."),
        needed("hold_s", SECONDS_COUNTED_ALOUD, "How long to hold, in whole seconds."),
        needed("rest_s", SECONDS_OR_NONE, "From letting go to the next one, in seconds; or 0."),
        needed("reps", count(limits.REPS), "How many contractions in a set."),
        needed("sets", count(limits.SETS), "How many sets."),
        optional("set_rest_s", SECONDS, "From the end of a set to the next; not for a single set."),
        optional("quick_reps", count(limits.REPS), "Quick ones after the others of each set."),
        optional("quick_hold_s", SECONDS_COUNTED_ALOUD, "How long to hold a quick one."),
        optional("quick_rest_s", SECONDS, "From one quick one to the next."),
        optional("quick_intensity_percent", PERCENT, "Of a quick one."),
        optional("pulses", count(limits.REPS), "Short ones on top of each hold, at its end."),
        optional("pulse_hold_s", SECONDS_COUNTED_ALOUD, "How long to hold a pulse."),
        optional("pulse_rest_s", SECONDS_COUNTED_ALOUD, "From one pulse to the next."),
        optional("pulse_intensity_percent", PERCENT, "Of a pulse: above that of the hold."),
        optional("cough_s", SECONDS_COUNTED_ALOUD, "From the start of each hold to a cough."),
    ),
    words=(
        said("first_tighten", "To tighten for the first time in a set."),
        said("tighten", "To tighten."),
        said("release", "To let go."),
        said("last_release", "To let go for the last time in a set."),
        *all_optional(
            (
                said("during", "What to do while holding, instead of counting."),
                said("about_quick", "Said before, where quick ones follow each set."),
                said("about_pulses", "Said before, where there are short ones on top of a hold."),
                said("first_quick", "To begin with the quick ones of a set."),
                said("pulse", "To tighten more, on top of a hold."),
            )
        ),
    ),
    placeholders=": {hold}, {reps}, {sets}, {intensity}",
)
