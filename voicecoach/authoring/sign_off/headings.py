"""What the report for a physiotherapist says itself, as a type. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.content.clinical_state import Sign
from voicecoach.content.programme import Effect
from voicecoach.content.session import Clock, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The page's own words in one language."""

    language: str
    decimal_mark: str
    title: str
    purpose: str
    edition: str
    version: str
    sources_note: str
    phases: str
    phase: str
    from_day: str
    longest_hold: str
    highest_intensity: str
    most_contractions: str
    most_asked: str
    shortest_rest: str
    times_the_hold: str
    no_limit: str
    contractions: str
    breathing: str
    none: str
    everyone: str
    only_with: str
    instead: str
    days: str
    some_days: str
    session: str
    exercise: str
    intensity: str
    hold: str
    rest: str
    reps: str
    sets: str
    set_rest: str
    times_a_day: str
    contractions_a_day: str
    inhale: str
    exhale: str
    breaths: str
    said: str
    talks: str
    """The sessions in which something is only said."""
    for_whom: str
    everyone_hears: str
    not_told: str
    per_week: str
    per_day: str
    clocks: Mapping[Clock, str]
    paths: Mapping[Path, str]
    late_starters: str
    in_place_of: str
    fills: str
    as_above: str
    """Of a text that stands there already."""
    safety: str
    rules: str
    when: str
    effect: str
    after: str
    answer: str
    gates: tuple[str, ...]
    remarks: str
    no_remarks: str
    sources: str
    files: str
    sign_off: str
    agree: tuple[str, ...]
    name: str
    profession: str
    date: str
    signature: str
    notes: str
    signs: Mapping[Sign, str]
    effects: Mapping[Effect, str]
    answers: Mapping[tuple[str, str], str]
    """What an answer says, by question and answer."""
    either: str
    own_choice: str
