"""Several check-ins of a day -> one. No I/O."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.questions import FOLLOW_UPS


def one_a_day(check_ins: Sequence[CheckIn]) -> tuple[CheckIn, ...]:
    """In order of day: of each question the latest answer; a red flag stays. A no to heaviness or
    leaking takes back what followed an earlier yes."""
    merged: dict[int, CheckIn] = {}
    for each in check_ins:
        merged[each.day] = _merged(merged[each.day], each) if each.day in merged else each
    return tuple(merged[day] for day in sorted(merged))


def _merged(earlier: CheckIn, later: CheckIn) -> CheckIn:
    taken_back: dict[str, Any] = {
        name: None
        for question, follow_ups in FOLLOW_UPS.items()
        if getattr(later, question) is False
        for name in follow_ups
    }
    answers = {
        field.name: getattr(later, field.name)
        for field in fields(CheckIn)
        if getattr(later, field.name) is not None
    }
    for stays in ("red_flag", "is_unread"):
        answers[stays] = getattr(earlier, stays) or getattr(later, stays)
    return replace(earlier, **{**taken_back, **answers})
