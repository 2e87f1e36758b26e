"""How many words of a text were heard wrongly: word error rate, as recognisers are measured."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_WORDS = 3
"""What has fewer words is a cue, and is counted apart: a recogniser guesses much from context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """How a language writes what sounds alike."""

    below_twenty: str
    """The words for 0 to 19."""
    tens: str
    """The words for 20 to 90."""
    joins_ones: bool
    """Whether 23 is one word, ones first, as in *drieëntwintig*."""
    to: str
    """Said for the dash between two numbers."""
    percent: str
    rewritten: Sequence[tuple[str, str]] = ()
    """Patterns, and what each is replaced by."""
    spellings: Mapping[str, str] | None = None
    """Words that a recogniser spells otherwise."""


_LANGUAGES = {
    "en": _Language(
        below_twenty=(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            " fifteen sixteen seventeen eighteen nineteen"
        ),
        tens="twenty thirty forty fifty sixty seventy eighty ninety",
        joins_ones=False,
        to="to",
        percent="percent",
        rewritten=(
            (r"\bcan't\b|\bcannot\b", "can not"),
            (r"\bwon't\b", "will not"),
            (r"n't\b", " not"),
            (r"'re\b", " are"),
            (r"'ve\b", " have"),
            (r"'ll\b", " will"),
            (r"'m\b", " am"),
            (r"\b(it|that|there|what|here)'s\b", r"\1 is"),
            (r"\bg\.? ?p\b", "gp"),
            (r"\bper cent\b", "percent"),
        ),
        spellings={
            "programme": "program",
            "practise": "practice",
            "practising": "practicing",
            "caesarean": "cesarean",
            "fibres": "fibers",
            "labour": "labor",
            "towards": "toward",
            "ok": "okay",
        },
    ),
    "nl": _Language(
        below_twenty=(
            "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien"
            " vijftien zestien zeventien achttien negentien"
        ),
        tens="twintig dertig veertig vijftig zestig zeventig tachtig negentig",
        joins_ones=True,
        to="tot",
        percent="procent",
        rewritten=((r"\b't\b", "het"), (r"\b'n\b", "een"), (r"\bzo'n\b", "zon")),
    ),
}


def is_held_out(text: str) -> bool:
    """Whether ``text`` is of the half on which voices are judged, and never tuned. Fixed by its
    hash."""
    return hashlib.sha256(text.encode()).digest()[-1] % 2 == 0


def rate(pairs: Iterable[tuple[str, str]], language: str) -> float:
    """Wrong words as a share of all, over the pairs (said, heard) where at least LEAST_WORDS were
    said; 0 if there are none."""
    counts = [
        (len(changes(said, heard, language)), len(words_of(said, language)))
        for said, heard in pairs
    ]
    counted = [(wrong, words) for wrong, words in counts if words >= LEAST_WORDS]
    return sum(wrong for wrong, _ in counted) / max(1, sum(words for _, words in counted))


def changes(said: str, heard: str, language: str) -> list[tuple[str, str]]:
    """The fewest words to replace, leave out or put in: each as it was said and as it was heard.
    A compound that is written apart, or two words that are written together, are no change."""
    return _edits(words_of(said, language), words_of(heard, language))


def words_of(text: str, language: str) -> list[str]:
    """The words of ``text``: small letters without accents, numbers as words, one spelling, no
    punctuation. Those of a language that no recogniser here knows are as they are written."""
    spoken = _LANGUAGES.get(language)
    if spoken is None:
        return re.findall(r"\w+", text.lower())
    text = text.lower().replace("’", "'").replace("‘", "'").replace("%", f" {spoken.percent} ")
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"(?<=\d)[-–](?=\d)", f" {spoken.to} ", text)
    text = re.sub(r"\d+", lambda found: f" {_number(int(found[0]), spoken)} ", text)
    for pattern, replacement in spoken.rewritten:
        text = re.sub(pattern, replacement, text)
    words = [word.strip("'") for word in re.sub(r"[^a-z' ]", " ", text).split()]
    return [(spoken.spellings or {}).get(word, word) for word in words if word]


def _number(number: int, spoken: _Language) -> str:
    small = spoken.below_twenty.split()
    if number < len(small):
        return small[number]
    if number >= 100:
        return " ".join(small[int(digit)] for digit in str(number))
    tens, ones = spoken.tens.split()[number // 10 - 2], small[number % 10]
    if not number % 10:
        return tens
    return f"{ones}en{tens}" if spoken.joins_ones else f"{tens} {ones}"


_Changes = list[tuple[str, str]]


def _edits(said: Sequence[str], heard: Sequence[str]) -> _Changes:
    """Row by row, the fewest changes from the first words of ``said`` to those of ``heard``."""
    rows: list[list[_Changes]] = [
        [[("", word) for word in heard[:n]] for n in range(len(heard) + 1)]
    ]
    for place, word in enumerate(said):
        above = rows[-1]
        row: list[_Changes] = [[*above[0], (word, "")]]
        for n, other in enumerate(heard):
            ways = [above[n] if word == other else [*above[n], (word, other)]]
            ways += [[*above[n + 1], (word, "")], [*row[n], ("", other)]]
            if n and heard[n - 1] + other == word:
                ways.append(above[n - 1])
            if place and said[place - 1] + word == other:
                ways.append(rows[-2][n])
            row.append(min(ways, key=len))
        rows.append(row)
    return rows[-1][-1]
