"""A roster to begin with: two clients that nobody is, and what the columns mean."""

from voicecoach.roster_columns import COLUMNS, ID

_HEAD = """\
A roster is a CSV file with a client on each line; its first line names the columns.
Save it as CSV UTF-8. Between the cells is a comma, a semicolon or a tab.
"""


def text() -> str:
    """The example, as CSV. Without comments: spreadsheets do not keep them apart from cells."""
    header = ",".join([ID, *(column.name for column in COLUMNS)])
    first = ",".join(["a-0412", *(column.example for column in COLUMNS)])
    needed = [column.example if column.is_needed else "" for column in COLUMNS]
    second = ",".join(["a-0413", *needed])
    return "\n".join([header, first, second]) + "\n"


def columns() -> str:
    """What each column means."""
    lines = [
        f"  {ID}: yours for her, and the name of her folder; not her own name. Begin it with a",
        "    letter: of 0412 a spreadsheet makes 412, which cannot be told from another client's",
    ]
    lines += [_explained(each.name, each.meaning) for each in COLUMNS if each.is_needed]
    lines += ["", "What may stay empty, or be left out with its column:"]
    lines += [_explained(each.name, each.meaning) for each in COLUMNS if not each.is_needed]
    return f"{_HEAD}\nWhat must be filled:\n" + "\n".join(lines) + "\n"


def _explained(name: str, meaning: str) -> str:
    return f"  {name}: {meaning}"
