"""What the README shows is what the program does."""

import re
from pathlib import Path

from conftest import Run

from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.pack.layout import plan_packs

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_tracks_it_lists_are_those_of_week_3(programme: Programme, dutch: Translation) -> None:
    [pack] = plan_packs(programme, dutch, range(3, 4))
    assert re.findall(r"^  (w03-\S+\.mp3)$", README, re.MULTILINE) == [t.file for t in pack.tracks]


def test_the_script_it_shows_is_that_of_the_session(here: Run) -> None:
    shown = re.findall(r"^  2:\d\d\.\d .*$", README, re.MULTILINE)
    assert len(shown) > 10
    lines = here("script", "endurance").stdout.splitlines()
    assert [line for line in lines if line in shown] == shown
