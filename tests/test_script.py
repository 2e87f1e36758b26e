"""Whole sessions, written out so that a person can read and judge them.

The tables in ``golden/`` time words at 90 ms a letter, so they do not depend on an engine. After a
change that is meant: ``scripts/test tests/test_script.py --update-golden``, and read the diff.
"""

from pathlib import Path

import pytest

from voicecoach import listing, plan, script, scriptwriter, timeline, wording
from voicecoach.programme import Programme

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("session", "day", "language"),
    [
        ("breathing", 1, "nl"),
        ("light", 5, "nl"),
        ("endurance", 10, "nl"),
        ("endurance-one-set", 36, "nl"),
        ("quick", 20, "en"),
        ("explanation-light", 5, "en"),
    ],
)
def test_a_session_reads_as_it_did(
    session: str, day: int, language: str, programme: Programme, request: pytest.FixtureRequest
) -> None:
    words = programme.translations[language]
    written = scriptwriter.write(plan.plan_session(programme, session, day), words)
    laid_out = timeline.lay_out(written, lambda text: wording.estimate_ms(text, words.rate_wpm))
    table = listing.script_table(laid_out) + "\n"
    path = GOLDEN / f"{session}-day-{day:02d}-{language}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(table, encoding="utf-8")
    assert table == path.read_text(encoding="utf-8")


def test_the_table_fits_a_terminal_of_80_columns() -> None:
    for path in GOLDEN.glob("*.txt"):
        assert all(len(line) <= 80 for line in path.read_text(encoding="utf-8").splitlines()), path


def test_words_of_a_breath_come_at_first_and_then_now_and_then(programme: Programme) -> None:
    planned = plan.plan_session(programme, "breathing", 1)
    written = scriptwriter.write(planned, programme.translations["nl"])
    laid_out = timeline.lay_out(written, lambda text: 800)
    breathing_block = next(
        index for index, block in enumerate(laid_out.blocks) if block.exercise == "belly-breathing"
    )
    spoken = [
        event.sound.where.rep
        for event in laid_out.events
        if isinstance(event.sound, script.Say)
        and event.sound.cue == script.SpeechCue.BREATHE
        and event.sound.where.block == breathing_block
    ]
    assert spoken == [1, 1, 2, 2, 4, 8, 12]


def test_a_long_hold_reminds_of_breathing(programme: Programme) -> None:
    words = programme.translations["nl"]
    for day, is_long in ((10, False), (22, True)):
        session = "endurance" if day == 10 else "endurance-one-set"
        written = scriptwriter.write(plan.plan_session(programme, session, day), words)
        holds = [item for item in written.items if _starts_with_tighten(item)]
        reminders = [p for hold in holds for p in hold.placements if _says(p, words.cues.holding)]
        assert bool(reminders) == is_long


def _starts_with_tighten(item: script.Item) -> bool:
    if not isinstance(item, script.Slot):
        return False
    first = item.placements[0].sound
    return isinstance(first, script.Tone) and first.cue == script.Cue.TIGHTEN


def _says(placement: script.Placement, text: str) -> bool:
    return isinstance(placement.sound, script.Say) and placement.sound.text == text
