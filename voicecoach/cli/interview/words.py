"""What ``init`` asks and answers, in Dutch and English. No I/O."""

from dataclasses import dataclass

LANGUAGE_QUESTION = "In welke taal luister je? / Which language do you listen in?"
LANGUAGE_LABELS = ("Nederlands", "English")


@dataclass(frozen=True, slots=True, kw_only=True)
class InitWords:
    """Questions, what Enter means, and what is said in the end."""

    skip: str
    keep: str
    unknown: str
    birth_date: str
    name: str
    delivery: str
    delivery_labels: tuple[str, ...]
    perineum: str
    perineum_labels: tuple[str, ...]
    catheter: str
    catheter_enter: str
    floor: str
    floor_labels: tuple[str, ...]
    position: str
    position_labels: tuple[str, ...]
    sessions_a_day: str
    sessions_labels: tuple[str, ...]
    sessions_enter: str
    cleared_on: str
    cleared_enter: str
    started: str
    started_enter: str
    written: str
    changed: str
    unchanged: str
    unsaid: str
    """Where the tear or the catheter was not told."""
    counted_from: str
    cleared_before_call: str
    """Where the clearance is not of a day after the last red flag: it does not count."""


_DUTCH = InitWords(
    skip="Enter: sla ik over",
    keep="Enter: laat het zo",
    unknown="Enter: weet ik niet",
    birth_date="Op welke dag is je kind geboren?",
    name="Hoe heet je?",
    delivery="Hoe ben je bevallen?",
    delivery_labels=(
        "vaginaal",
        "vaginaal, met een vacuümpomp of een tang",
        "met een keizersnede",
    ),
    perineum="Ben je ingeknipt of ingescheurd?",
    perineum_labels=(
        "nee",
        "ja, ingeknipt",
        "ja, ingescheurd: eerste- of tweedegraads",
        "ja, een totaalruptuur: derde- of vierdegraads",
    ),
    catheter="Heb je nu nog een blaaskatheter?",
    catheter_enter="Enter: nee",
    floor="Hoe voelt je bekkenbodem?",
    floor_labels=(
        "gewoon, of ik voel nog weinig",
        "gespannen: loslaten lukt niet goed, of doet pijn",
    ),
    position="Hoe luister je het liefst?",
    position_labels=("liggend", "tijdens het voeden"),
    sessions_a_day="Hoe verdeel je het oefenen over de dag?",
    sessions_labels=("alles in één keer", "in twee keer", "in drie keer, steeds bij een voeding"),
    sessions_enter="Enter: kies jij maar",
    cleared_on="Op welke dag zei je arts of bekkenfysiotherapeut dat je mag aanspannen?",
    cleared_enter="Enter: nog niet",
    started="Op welke dag begin je, of begon je al?",
    started_enter="Enter: vandaag",
    written="Klaar{name}. Je antwoorden staan in {file}. Alleen jij kunt ze lezen.",
    changed="Aangepast in {file}: {keys}.",
    unchanged="Er is niets veranderd in {file}.",
    unsaid="Had je een totaalruptuur, of heb je nog een blaaskatheter? Span dan nog niet aan,"
    " en zeg het: voicecoach init --perineum oasi, of voicecoach init --catheter",
    counted_from="Je stappen tellen vanaf {day}. Heb je sindsdien niet aangespannen? Begin dan bij"
    " de eerste stap: voicecoach init --started {today}",
    cleared_before_call="Aanspannen mag nog niet: op {day} was er iets om over te bellen, en een"
    " ja van je arts of bekkenfysiotherapeut telt alleen van een dag daarna. Kreeg je die? Zeg dan"
    " op welke dag: voicecoach init --cleared-on DAG",
)
_ENGLISH = InitWords(
    skip="Enter: skip",
    keep="Enter: leave it",
    unknown="Enter: I do not know",
    birth_date="On which day was your child born?",
    name="What is your name?",
    delivery="How did you give birth?",
    delivery_labels=(
        "vaginally",
        "vaginally, with a vacuum cup or forceps",
        "by caesarean",
    ),
    perineum="Were you cut, or did you tear?",
    perineum_labels=(
        "no",
        "yes, I was cut (episiotomy)",
        "yes, a tear of the first or second degree",
        "yes, a tear of the third or fourth degree",
    ),
    catheter="Do you still have a catheter now?",
    catheter_enter="Enter: no",
    floor="How does your pelvic floor feel?",
    floor_labels=(
        "normal, or I do not feel much yet",
        "tense: letting go does not work well, or hurts",
    ),
    position="How do you like to listen?",
    position_labels=("lying down", "while feeding"),
    sessions_a_day="How do you spread the exercises over the day?",
    sessions_labels=("all in one go", "in two parts", "in three parts, one at each feed"),
    sessions_enter="Enter: you choose",
    cleared_on="On which day did your doctor or pelvic physiotherapist say you may tighten?",
    cleared_enter="Enter: not yet",
    started="On which day do you begin, or did you begin?",
    started_enter="Enter: today",
    written="Done{name}. Your answers are in {file}. Only you can read them.",
    changed="Changed in {file}: {keys}.",
    unchanged="Nothing was changed in {file}.",
    unsaid="Did you have a third or fourth degree tear, or do you still have a catheter? Then do"
    " not tighten yet, and say so: voicecoach init --perineum oasi, or voicecoach init --catheter",
    counted_from="Your steps count from {day}. Have you not tightened since then? Then begin at the"
    " first step: voicecoach init --started {today}",
    cleared_before_call="You may not tighten yet: on {day} there was something to call about, and a"
    " yes from your doctor or pelvic physiotherapist counts only if it was given on a day after"
    " that. Did you get one? Then say on which day: voicecoach init --cleared-on DAY",
)
_WORDS = {"nl": _DUTCH, "en": _ENGLISH}


def in_language(language: str) -> InitWords:
    """The words in ``language``, English where there are none."""
    return _WORDS.get(language, _ENGLISH)
