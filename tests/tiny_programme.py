"""A programme of short sessions, so that a build takes a moment."""

import re
import shutil
from pathlib import Path

SMALL = Path(__file__).parent / "bad_content" / "programme"
PACK = Path("klein-programma") / "week-01"
"""Where a build of its first week puts the pack, in Dutch."""


def replace_once(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert count == 1, f"{path.name} has no {pattern!r}"
    path.write_text(changed, encoding="utf-8")


def write(folder: Path) -> Path:
    """Writes it into ``folder``, which must not be there yet."""
    shutil.copytree(SMALL, folder)
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (("reps: 8", "reps: 2"), ("sets: 3", "sets: 2"), ("breaths: 12", "breaths: 2")):
        text = text.replace(old, new)
    path.write_text(text.replace("set_rest_s: 45", "set_rest_s: 20"), encoding="utf-8")
    replace_once(folder / "nl.yaml", "^    kracht: kragt$", "    tellen: tehlen")
    return folder


_RULES = """
training:
  awareness_days: 1 from editorial
check_in:
  - {when: red-flag, then: stop, sources: [editorial]}
  - {when: trouble, days: 2 from editorial, then: stop, sources: [editorial]}
  - {when: cannot-let-go, then: release, sources: [editorial]}
  - {when: not-felt, then: breathing, sources: [editorial]}
  - {when: pain, then: step-back, sources: [editorial]}
  - {when: good, days: 3 from editorial, then: step-on, sources: [editorial]}
"""
RULED = Path("klein-programma")


def write_ruled(folder: Path, last_day: int = 28) -> Path:
    """Writes one that goes on to ``last_day``, and in which what she tells changes the plan."""
    write(folder)
    path = folder / "programme.yaml"
    text = path.read_text(encoding="utf-8").replace("to_day: 9", f"to_day: {last_day}")
    text = text.replace("to_day: 4 from article, times", f"to_day: {last_day} from article, times")
    path.write_text(text.replace("\nsessions:", f"{_RULES}\nsessions:"), encoding="utf-8")
    for language in ("nl", "en"):
        words = folder / f"{language}.yaml"
        signs = ("red-flag", "trouble", "cannot-let-go", "not-felt", "pain", "good")
        advice = "\n".join(f"  {sign}: [Rust.]" for sign in signs)
        words.write_text(f"{words.read_text('utf-8')}\ncheck_in:\n{advice}\n", encoding="utf-8")
    return folder
