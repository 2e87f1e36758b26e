"""Asks on the terminal how a day went, but for what she has told already."""

from collections.abc import Callable
from dataclasses import replace

from voicecoach.asking import Asker, Reply
from voicecoach.check_in_words import CheckInWords
from voicecoach.content.clinical_state import CheckIn

ENOUGH = 2
"""So many answers are enough."""
_FIRST = ("done", "pain", "heaviness", "leaks")
_LAST = ("felt", "let_go")


def answers(check_in: CheckIn) -> int:
    """How many questions are answered."""
    given = [getattr(check_in, name) for name in (*_FIRST, *_LAST)]
    return sum(answer is not None for answer in (*given, check_in.red_flag))


def ask(check_in: CheckIn, asker: Asker, words: CheckInWords, call: Callable[[], None]) -> CheckIn:
    """``check_in`` and what she answers to the questions about the rest. Where she has a red flag,
    ``call`` is called at once, and nothing more is asked."""
    check_in, is_over = _ask_each(_FIRST, check_in, asker, words)
    if check_in.has_trouble:
        is_over = False  # whether to call comes before whether she is tired of questions
    if check_in.red_flag is None and not is_over:
        check_in = replace(check_in, red_flag=_is_to_call(check_in, asker, words))
    if check_in.red_flag:
        call()
        return check_in
    return check_in if is_over else _ask_each(_LAST, check_in, asker, words)[0]


def _is_to_call(check_in: CheckIn, asker: Asker, words: CheckInWords) -> bool | None:
    """Whether there is something to call about; ``None`` where a question had no answer."""
    grows = asker.yes_no(words.grows) if check_in.has_trouble else Reply.NO
    if grows is Reply.YES:
        return True
    listed = "\n".join(f"  - {sign}" for sign in words.signs)
    asker.show(f"\n{listed}")
    has_sign = asker.yes_no(words.any_of_these)
    if has_sign is Reply.YES:
        return True
    return False if grows is has_sign is Reply.NO else None


def _ask_each(
    names: tuple[str, ...], check_in: CheckIn, asker: Asker, words: CheckInWords
) -> tuple[CheckIn, bool]:
    """Asks what is not answered; tells whether she wants to stop."""
    for name in names:
        if getattr(check_in, name) is not None:
            continue
        can_stop = answers(check_in) >= ENOUGH
        reply = asker.yes_no(getattr(words, name), can_stop=can_stop)
        if reply is Reply.STOP:
            return check_in, True
        if reply is not Reply.NOTHING:
            check_in = replace(check_in, **{name: reply is Reply.YES})
    return check_in, False
