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
