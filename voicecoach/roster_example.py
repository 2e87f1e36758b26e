"""A roster to begin with: every column explained, and two clients that nobody is."""

from voicecoach.roster_columns import COLUMNS, ID

_HEAD = """\
# A roster for voicecoach batch: a client a line. A line that begins with # is
# left out.
# Save it as CSV UTF-8. Between the cells stands a comma, a semicolon or a tab.
#
# What must be filled:
"""


def text() -> str:
    """The example, as CSV."""
    lines = [f"#   {ID}: yours for her, and the name of her folder; not her own name"]
    lines += [_explained(column.name, column.meaning) for column in COLUMNS if column.is_needed]
    lines += ["#", "# What may stay empty, or be left out with its column:"]
    lines += [_explained(each.name, each.meaning) for each in COLUMNS if not each.is_needed]
    header = ",".join([ID, *(column.name for column in COLUMNS)])
    first = ",".join(["a-0412", *(column.example for column in COLUMNS)])
    needed = [column.example if column.is_needed else "" for column in COLUMNS]
    second = ",".join(["a-0413", *needed])
    return _HEAD + "\n".join([*lines, "#", header, first, second]) + "\n"


def _explained(name: str, meaning: str) -> str:
    return f"#   {name}: {meaning}"
