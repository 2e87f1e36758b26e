"""How many words of a text were heard wrongly: word error rate, as recognisers are measured."""

import re
from collections.abc import Iterable, Sequence

_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_ONES += _TEENS.split(" ")
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_CONTRACTIONS = (
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
)
_SPELLINGS = {
    "programme": "program",
    "practise": "practice",
    "practising": "practicing",
    "caesarean": "cesarean",
    "fibres": "fibers",
    "labour": "labor",
    "towards": "toward",
    "ok": "okay",
}
"""British words as the recogniser, which learnt mostly from Americans, writes them."""


def rate(pairs: Iterable[tuple[str, str]], *, least_words: int = 3) -> float:
    """Wrong words as a share of all, over the pairs (said, heard) where at least ``least_words``
    were said."""
    counts = [(len(changes(said, heard)), len(words_of(said))) for said, heard in pairs]
    counted = [(wrong, words) for wrong, words in counts if words >= least_words]
    return sum(wrong for wrong, _ in counted) / sum(words for _, words in counted)


def changes(said: str, heard: str) -> list[tuple[str, str]]:
    """The fewest words to replace, leave out or put in: each as it was said and as it was heard."""
    return _edits(words_of(said), words_of(heard))


def words_of(text: str) -> list[str]:
    """The words of ``text``: small letters, numbers as words, one spelling, no punctuation."""
    text = text.lower().replace("’", "'").replace("%", " percent ")
    text = re.sub(r"(?<=\d)[-–](?=\d)", " to ", text)
    text = re.sub(r"\d+", lambda found: f" {_number(int(found[0]))} ", text)
    for pattern, replacement in _CONTRACTIONS:
        text = re.sub(pattern, replacement, text)
    words = [word.strip("'") for word in re.sub(r"[^a-z' ]", " ", text).split()]
    return [_SPELLINGS.get(word, word) for word in words if word]


def _number(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        return f"{_TENS[number // 10]} {_ONES[number % 10] if number % 10 else ''}"
    return " ".join(_ONES[int(digit)] for digit in str(number))


def _edits(said: Sequence[str], heard: Sequence[str]) -> list[tuple[str, str]]:
    row: list[list[tuple[str, str]]] = [[("", w) for w in heard[:n]] for n in range(len(heard) + 1)]
    for word in said:
        above, row = row, [[*row[0], (word, "")]]
        for n, other in enumerate(heard):
            changed = above[n] if word == other else [*above[n], (word, other)]
            row.append(min(changed, [*above[n + 1], (word, "")], [*row[n], ("", other)], key=len))
    return row[-1]
