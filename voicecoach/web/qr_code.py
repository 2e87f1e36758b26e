"""An address -> a QR code for the terminal."""

from itertools import zip_longest

import segno

_COLOURS = "\x1b[38;5;16;48;5;231m"
"""Black on white, whatever the colours of the terminal: a code in negative cannot be scanned."""
_RESET = "\x1b[0m"
_BORDER = 4
"""What the standard asks for, in modules."""
_HALVES = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def draw(address: str) -> str:
    """The code in lines of characters, two of its rows to a line, about 40 columns wide."""
    code = segno.make_qr(address)
    rows = [list(row) for row in code.matrix_iter(border=_BORDER)]
    blank = [0] * len(rows[0])
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=blank)
    lines = ("".join(_HALVES[pair] for pair in zip(*two, strict=True)) for two in pairs)
    return "\n".join(f"{_COLOURS}{line}{_RESET}" for line in lines)
