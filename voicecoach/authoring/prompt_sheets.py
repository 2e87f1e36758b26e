"""Prompts -> what a speaker works from: a CSV table and a page to print."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby

from voicecoach.authoring.prompts import COMMON, Prompt, to_say_ms
from voicecoach.content.translation import Translation
from voicecoach.templating import template

COLUMNS = ("group", "file", "text", "longest_s")
_COMMON_GROUP = "cues"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_FORMULA = "'"


def csv_file(prompts: Iterable[Prompt]) -> bytes:
    """A CSV file with a line for each of ``prompts`` and COLUMNS as its head.

    In UTF-8 with a byte order mark, without which Excel takes it for something else. A cell that a
    spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for prompt in prompts:
        group = _COMMON_GROUP if prompt.group == COMMON else prompt.group
        cells = (group, prompt.stem, prompt.text, _seconds(prompt.longest_ms))
        writer.writerow(map(_without_formula, cells))
    return out.getvalue().encode("utf-8-sig")


def _seconds(length_ms: int | None) -> str:
    return "" if length_ms is None else f"{to_say_ms(length_ms) / 1000:.1f}"


def _without_formula(cell: str) -> str:
    return _NO_FORMULA + cell if cell.startswith(_FORMULA_STARTS) else cell


_TEMPLATE = "prompts.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Headings:
    """What the page itself says, in one language."""

    language: str
    title: str
    count: str
    how: str
    steps: tuple[str, ...]
    folder: str
    example: tuple[str, str]
    """Name and licence in the example of voice.yaml."""
    build: str
    folder_name: str
    common: str
    done: str
    file: str
    text: str
    longest: str
    free: str
    decimal_mark: str


_DUTCH = _Headings(
    language="nl",
    title="Inspreeklijst",
    count="{count} opnamen",
    how="Zo neem je op",
    steps=(
        "Kies een stille kamer, liefst met gordijnen of een bed. Die dempen de galm.",
        "Houd steeds dezelfde afstand tot de microfoon. Ongeveer twee handen breed is goed.",
        "Maak van elke regel een eigen bestand. Geef dat de naam uit de lijst, met .wav, .flac,"
        " .mp3 of .m4a erachter.",
        "Laat het aan het begin en aan het eind van elk bestand 0,3 seconde stil. Die stilte telt"
        " niet mee.",
        "Blijf binnen de tijd die achter de regel staat. Dan passen de woorden precies in de"
        " oefening. Staat er “vrij”, dan mag je er zo lang over doen als je wilt.",
        "Praat steeds even rustig en even hard. Een zin komt vaak op meer plekken terug.",
        "Ben je klaar met een regel? Zet dan een kruisje.",
    ),
    folder="Zet alle bestanden in één map. Zet daar ook dit bestand bij, met de naam voice.yaml:",
    example=("Anna Jansen", "alleen voor eigen gebruik"),
    build="De stem achter fallback zegt wat je zelf niet opneemt. Daarna maak je zo je pakket:",
    folder_name="MAP",
    common="In meer oefeningen",
    done="Klaar",
    file="Bestand",
    text="Zeg",
    longest="Hooguit",
    free="vrij",
    decimal_mark=",",
)
_ENGLISH = _Headings(
    language="en",
    title="Recording list",
    count="{count} recordings",
    how="How to record",
    steps=(
        "Choose a quiet room, best with curtains or a bed in it. They take the echo away.",
        "Keep the same distance to the microphone. About two hand widths is good.",
        "Make a file of its own for each line. Give it the name in the list, followed by .wav,"
        " .flac, .mp3 or .m4a.",
        "Leave 0.3 seconds of silence at the start and at the end of each file. They do not count.",
        "Stay within the time behind the line. Then the words fit the exercise exactly. Where it"
        " says “free”, take as long as you like.",
        "Keep the same pace and loudness. Many lines are heard in more than one place.",
        "Done with a line? Tick it off.",
    ),
    folder="Put all files into one folder. Put this file with them, under the name voice.yaml:",
    example=("Anna Jansen", "for my own use only"),
    build="The voice behind fallback says what you did not record. Then build your pack:",
    folder_name="FOLDER",
    common="In several exercises",
    done="Done",
    file="File",
    text="Say",
    longest="At most",
    free="free",
    decimal_mark=".",
)
_HEADINGS = {headings.language: headings for headings in (_DUTCH, _ENGLISH)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    stem: str
    text: str
    longest: str


def html_page(prompts: Sequence[Prompt], words: Translation) -> str:
    """One HTML file without a script, whole in itself, with each of ``prompts`` under its group.

    Its headings are in the language of ``words``, or in English where there are none in it.
    """
    headings = _HEADINGS.get(words.language, _ENGLISH)
    groups = [
        (headings.common if group == COMMON else group, [_line(p, headings) for p in members])
        for group, members in groupby(prompts, key=lambda prompt: prompt.group)
    ]
    return template(_TEMPLATE).render(
        h=headings, words=words, count=headings.count.format(count=len(prompts)), groups=groups
    )


def _line(prompt: Prompt, headings: _Headings) -> _Line:
    longest = headings.free
    if prompt.longest_ms is not None:
        seconds = f"{to_say_ms(prompt.longest_ms) / 1000:.1f}".replace(".", headings.decimal_mark)
        longest = f"{seconds} s"
    return _Line(stem=prompt.stem, text=prompt.text, longest=longest)
