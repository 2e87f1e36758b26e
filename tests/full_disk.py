"""A disk on which files may have only so many bytes: a check-in that is added there."""

import subprocess
import sys
from pathlib import Path

_APPEND = """
import resource, sys
from datetime import date
from pathlib import Path
from voicecoach.profile import check_ins
from voicecoach.errors import StorageError
from voicecoach.content.clinical_state import CheckIn

folder, *rooms = sys.argv[1:]
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for room in rooms:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), most))
    try:
        check_ins.append(Path(folder), date(2026, 11, 27), CheckIn(day=26, pain=True), "nl")
    except StorageError as error:
        print(error)
    finally:
        print(chr(0), end="")
"""
"""In a process of its own: a limit on the size of files is one on all files of a process."""


def told_within(folder: Path, *rooms: int) -> list[str]:
    """What is told of a check-in of 27 November 2026 with pain, where files may have so many bytes
    and no more; once for each of ``rooms``."""
    done = subprocess.run(
        [sys.executable, "-c", _APPEND, str(folder), *map(str, rooms)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\0")[:-1]
