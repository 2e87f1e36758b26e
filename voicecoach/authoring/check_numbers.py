"""Words of a programme -> remarks on numbers of a dose that are written out. No I/O.

A number belongs to a dose where a noun of doses is next to it: seconds, sets, times, minutes. There
it has to be a placeholder, so that what is said is what is done. What no dose decides is a fact,
which the words list under ``check: facts``.
"""

import re
from collections.abc import Iterable, Iterator

from voicecoach import messages
from voicecoach.authoring.cases import Remark
from voicecoach.authoring.check_words import phrase_pattern, spoken_texts
from voicecoach.content.translation import Translation
from voicecoach.planning.wording import sentences

_OF_ONE = ("minute", "minute_left", "last_rep", "last_breath")
"""The keys of texts that are only said where one is left."""
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_FILLED = "\N{WHITE SQUARE}"
"""In place of a placeholder: no number, and no word."""


_QUOTED = re.compile("[“„‘][^“„‘”’]*[”’]")


def number_remarks(words: Translation, spoken: Iterable[tuple[str, str]]) -> Iterator[Remark]:
    """Numbers of a dose outside placeholders in texts that are ``spoken``, each with its place,
    and in titles; and facts that no text has."""
    pattern = _pattern(words)
    facts = {fact: phrase_pattern(fact) for fact in words.check.facts}
    unused = dict.fromkeys(facts)
    for where, text in (*spoken, *_titles(words)):
        if where.rpartition(".")[2] in _OF_ONE:
            continue
        for sentence in sentences(" ".join(text.split())):
            left = _PLACEHOLDER.sub(_FILLED, sentence)
            for fact, found in facts.items():
                if found.search(left):
                    unused.pop(fact, None)
                    left = found.sub(_FILLED, left)
            for match in pattern.finditer(left):
                yield Remark(
                    where=f"{words.language}, {where}",
                    message=f"“{match[0]}” in “{sentence}” is a number of a dose; let a placeholder"
                    " say it, as {hold} or {sets:set|sets}, or if no dose decides it, as days of a"
                    f" week, list it in {words.language}.yaml under check: facts",
                )
    for fact in unused:
        yield Remark(
            where=f"{words.language}, check.facts",
            message=f"no text has “{fact}”; take it out",
        )


def quote_remarks(words: Translation) -> Iterator[Remark]:
    """Texts in quotes that YAML takes for a part of them."""
    labels = words.labels
    shown = ((f"labels.{key}", getattr(labels, key)) for key in labels.__dataclass_fields__)
    for where, text in (*spoken_texts(words), *shown):
        if _QUOTED.fullmatch(text):
            yield Remark(
                where=f"{words.language}, {where}",
                message=f"the quotes around {text} are a part of it: they would be shown and said;"
                ' type straight ones (") around it',
            )


def _titles(words: Translation) -> Iterator[tuple[str, str]]:
    yield from ((f"sessions.{id_}", title) for id_, title in words.sessions.items())
    yield from ((f"exercises.{id_}.title", each.title) for id_, each in words.exercises.items())
    yield from ((f"talks.{id_}.title", talk.title) for id_, talk in words.talks.items())


def _pattern(words: Translation) -> re.Pattern[str]:
    """A number next to a noun: before it, with at most one word between, or after it."""
    said = messages.words(words.language)
    is_known = said.language == words.language
    nouns = [*(said("check_numbers.nouns").split(", ") if is_known else ()), *words.check.nouns]
    numerals = said("check_numbers.numerals").split(", ") if is_known else []
    number = _any_of([*numerals, *words.numbers.values()])
    noun = _any_of(nouns) if nouns else "(?!)"
    compound = rf"(?:{number})(?:(?:en|ën|-| )?(?:{number}))*|[0-9]+(?:[.,][0-9]+)?"
    before = rf"(?<![\w-])(?:{compound})(?:\s+\w+)?\s+(?:{noun})(?!\w)"
    after = rf"(?<!\w)(?:{noun})\s+(?:tot\s+|to\s+)?(?:{compound})(?![\w-])"
    return re.compile(f"{before}|{after}", re.IGNORECASE)


def _any_of(texts: Iterable[str]) -> str:
    longest_first = sorted(set(texts), key=lambda text: (-len(text), text))
    return "|".join(map(re.escape, longest_first))
