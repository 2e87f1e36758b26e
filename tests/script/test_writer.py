"""Whole sessions, written out so that a person can read and judge them.

The tables in ``golden/`` time words at 90 ms a letter, so they do not depend on an engine. After a
change that is meant: ``scripts/test tests/test_script.py --update-golden``, and read the diff.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach.cli import context, tables
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Guidance
from voicecoach.planning import plan, wording
from voicecoach.script import script, timeline, writer
from voicecoach.script.timeline import Timeline

GOLDEN = Path(__file__).parents[1] / "golden"
WRITTEN_OUT = (
    ("breathing", 1, "full", "nl"),
    ("breathing", 4, "brief", "nl"),
    ("breathing", 4, "tones", "en"),
    ("light", 5, "full", "nl"),
    ("light", 8, "brief", "nl"),
    ("light", 8, "tones", "en"),
    ("endurance", 10, "full", "nl"),
    ("endurance", 13, "brief", "nl"),
    ("endurance", 13, "tones", "nl"),
    ("endurance-one-set", 29, "full", "nl"),
    ("endurance-one-set", 29, "brief", "nl"),
    ("endurance-one-set", 29, "brief", "en"),
    ("quick", 20, "full", "en"),
    ("quick", 23, "brief", "nl"),
    ("quick", 23, "tones", "nl"),
    ("coughing", 22, "full", "nl"),
    ("explanation-light", 5, "full", "en"),
)

OF_THE_BACK = (
    ("lying", 1, "full", "nl"),
    ("lying", 4, "brief", "en"),
    ("lying", 4, "tones", "nl"),
    ("chair", 8, "full", "nl"),
    ("chair", 8, "full", "en"),
    ("walk", 1, "full", "nl"),
    ("walk", 8, "full", "en"),
)
"""Sessions of the programme for the back: every kind of exercise that the other does not have."""


def laid_out(
    programme: Programme, session: str, day: int, language: str, guidance: Guidance | None = None
) -> Timeline:
    planned = plan.plan_session(programme, session, day, guidance)
    written = writer.write(planned, programme.translations[language])
    return timeline.lay_out(written, lambda text: wording.estimate_ms(text, written.rate_wpm))


def golden(session: str, day: int, guidance: str, language: str) -> Path:
    return GOLDEN / f"{session}-day-{day:02d}-{language}-{guidance}.txt"


@pytest.mark.parametrize(("session", "day", "guidance", "language"), WRITTEN_OUT + OF_THE_BACK)
def test_a_session_reads_as_it_did(
    session: str,
    day: int,
    guidance: str,
    language: str,
    request: pytest.FixtureRequest,
) -> None:
    name = "back-after-birth" if (session, day, guidance, language) in OF_THE_BACK else None
    programme = context.open_programme(None if name is None else programme_reader.built_in(name))
    timed = laid_out(programme, session, day, language, Guidance(guidance))
    table = tables.script_table(timed) + "\n"
    path = golden(session, day, guidance, language)
    if request.config.getoption("--update-golden"):
        path.write_text(table, encoding="utf-8")
    assert table == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("session", "day", "guidance"),
    [("light", 5, "full"), ("light", 8, "brief"), ("endurance-one-set", 29, "brief")],
)
def test_without_a_choice_it_is_the_guidance_of_the_day(
    programme: Programme, session: str, day: int, guidance: str
) -> None:
    normal = laid_out(programme, session, day, "nl")
    assert normal.guidance is Guidance(guidance)
    assert normal == laid_out(programme, session, day, "nl", Guidance(guidance))


def test_the_table_fits_a_terminal_of_80_columns() -> None:
    for path in GOLDEN.glob("*.txt"):
        assert all(len(line) <= 80 for line in path.read_text(encoding="utf-8").splitlines()), path


def test_no_golden_file_is_left_over() -> None:
    assert set(GOLDEN.glob("*.txt")) <= {golden(*session) for session in WRITTEN_OUT + OF_THE_BACK}


def test_a_minute_in_the_table_has_sixty_seconds(programme: Programme) -> None:
    quick = laid_out(programme, "quick", 20, "en", Guidance.FULL)
    [event, *_] = quick.events
    for start_ms, clock in ((239_940, "3:59.9"), (239_980, "4:00.0"), (240_020, "4:00.0")):
        late = replace(event, start_ms=start_ms, end_ms=241_000)
        table = tables.script_table(replace(quick, events=(late,), chapters=()))
        assert table.splitlines()[1].split()[0] == clock


def test_a_long_hold_reminds_of_breathing(programme: Programme) -> None:
    words = programme.translations["nl"]
    for day, is_long in ((10, False), (22, True)):
        session = "endurance" if day == 10 else "endurance-one-set"
        planned = plan.plan_session(programme, session, day, Guidance.FULL)
        written = writer.write(planned, words)
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
