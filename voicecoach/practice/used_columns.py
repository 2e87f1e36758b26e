"""Which columns a roster has for the clients of a programme. No I/O."""

from dataclasses import replace

from voicecoach.content.programme import Programme
from voicecoach.content.questions import OF_A_CHECK, START
from voicecoach.practice.columns import COLUMNS, DAY_ZERO, PROGRAMME, Column


def columns_for(programme: Programme | None) -> tuple[Column, ...]:
    """The columns for clients of ``programme``; ``None`` stands for one that asks everything."""
    if programme is None:
        return COLUMNS
    others = [column for column in COLUMNS[1:] if _is_used(column, programme)]
    if not programme.is_after_birth:  # those of ours are after a birth: she may name them, no more
        others = [replace(c, choices=()) if c.name == PROGRAMME else c for c in others]
    return (_first_column(programme), *others)


def _first_column(programme: Programme) -> Column:
    if programme.is_after_birth:
        return COLUMNS[0]
    is_needed = programme.day_zero != START  # else day 1 is the day on which she began
    return replace(DAY_ZERO, is_needed=is_needed, example=DAY_ZERO.example if is_needed else "")


def _is_used(column: Column, programme: Programme) -> bool:
    if column.field == "country":
        return bool(programme.sign_groups)
    if column.field == "language":
        return len(programme.translations) > 1
    if column.field in OF_A_CHECK:
        return programme.asks_for_a_check
    if column.is_of_contractions:
        return bool(programme.training_steps)
    return column.question is None or column.question in programme.questions
