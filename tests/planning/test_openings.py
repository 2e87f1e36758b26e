"""How a session opens: in full until it is familiar, then in few words, and always with pain."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from conftest import Run

from voicecoach import environment
from voicecoach.content.clinical_state import ANYONE, CheckIn, Position, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Translation
from voicecoach.dates import week_of
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession
from voicecoach.script import writer

HER = Situation(sessions_a_day=3, has_catheter=False)
PAIN = {"nl": "pijn doet of zwaar voelt", "en": "hurts or feels heavy"}


def is_short(session: PlannedSession, programme: Programme) -> bool:
    short = programme.short_opening
    assert short is not None
    talks = [part.talk for part in session.parts if isinstance(part, TalkBlock)]
    return talks[0] in short.talks


def said(session: PlannedSession, words: Translation) -> list[str]:
    return [each.text for each in writer.write(session, words).says]


def test_the_first_three_times_open_in_full_then_once_a_week(programme: Programme) -> None:
    heard: dict[str, list[tuple[int, bool]]] = {}
    for day in plan.plan_weeks(programme, range(1, 6), situation=HER):
        for session in day.listening:
            if session.parts and isinstance(session.parts[0], TalkBlock) and session.exercises:
                times = heard.setdefault(session.id, [])
                times.append((day.day, is_short(session, programme)))
    for times in heard.values():
        assert not any(short for _, short in times[:3])
        for (before, _), (on, short) in pairwise(times[2:]):
            assert short or week_of(before) != week_of(on) or on in (8, 20, 22, 29)
    on_day_27 = [short for day, short in heard["endurance-one-set"] if day == 27]
    assert on_day_27 == [True] * 3


@pytest.mark.parametrize("position", [None, Position.NURSING])
def test_on_day_27_a_contraction_comes_within_25_seconds(
    here: Run, programme: Programme, position: Position | None
) -> None:
    birth = environment.today() - timedelta(days=27)
    hers = ("--birth-date", str(birth), "--started", str(birth + timedelta(days=1)))
    how = () if position is None else ("--position", position.value)
    told = here("init", *hers, *how, "--sessions-a-day", "3", "--no-catheter", "--yes")
    assert told.returncode == 0, told.stderr
    most_ms = 12_000 if position is Position.NURSING else 8_000
    for language in ("nl", "en"):
        for session in ("endurance-one-set", "quick-one-set"):
            wanted = ("--day", "27", "--language", language, "--json")
            events = json.loads(here("script", session, *wanted).stdout)["events"]
            assert next(e["start_ms"] for e in events if e["cue"] == "tighten") <= 25_000
            spoken = [e for e in events if e["kind"] == "speech" and e["block"] in (0, 1)]
            assert sum(e["end_ms"] - e["start_ms"] for e in spoken) <= most_ms
            assert any(PAIN[language] in e["text"] for e in spoken)


def test_what_changed_is_opened_in_full_once(programme: Programme) -> None:
    told = (CheckIn(day=24, done=True, pain=True, heaviness=False),)
    calm = tuple(CheckIn(day=day, done=True, pain=False, heaviness=False) for day in (25, 26))
    hers = replace(HER, check_ins=told + calm)
    back = plan.plan_day(programme, 26, situation=hers)
    [first, *others] = [s for s in back.listening if s.id == "endurance-one-set"]
    assert not is_short(first, programme)
    assert all(is_short(each, programme) for each in others)


def test_a_catheter_she_does_not_have_is_not_mentioned(programme: Programme) -> None:
    for language, word in (("nl", "katheter"), ("en", "catheter")):
        words = programme.translations[language]
        for situation, is_said in ((ANYONE, True), (HER, False)):
            for day in (5, 10, 20, 22):
                for session in plan.plan_day(programme, day, situation=situation).sessions:
                    if session.contractions is not None and not is_short(session, programme):
                        texts = said(session, words)
                        assert any(word in text for text in texts) is is_said
