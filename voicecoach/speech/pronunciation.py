"""What is written -> what an engine is given to say: words it says badly are spelt otherwise."""

import functools
import re
from collections.abc import Mapping


def respelt(text: str, respellings: Mapping[str, str]) -> str:
    """``text`` with each word or phrase of ``respellings`` replaced by how it is to be spelt: only
    whole words, however they are capitalised, and of two that begin alike the longer."""
    if not respellings:
        return text
    pattern, spellings = _compiled(tuple(respellings.items()))
    return pattern.sub(lambda match: spellings[(match.lastindex or 1) - 1], text)


@functools.lru_cache(maxsize=8)
def _compiled(respellings: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """A pattern with a group for each word, and the spelling for each group."""
    longest_first = sorted(respellings, key=lambda pair: (-len(pair[0]), pair))
    groups = ["(" + r"\s+".join(map(re.escape, word.split())) + ")" for word, _ in longest_first]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE)
    return pattern, tuple(spelling for _, spelling in longest_first)
