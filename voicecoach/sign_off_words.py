"""What the report for a physiotherapist says itself, in Dutch and in English. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.programme import Effect
from voicecoach.situation import Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The page's own words in one language."""

    language: str
    decimal_mark: str
    title: str
    purpose: str
    edition: str
    version: str
    sources_note: str
    phases: str
    phase: str
    from_day: str
    longest_hold: str
    highest_intensity: str
    most_contractions: str
    most_asked: str
    shortest_rest: str
    times_the_hold: str
    no_limit: str
    contractions: str
    breathing: str
    none: str
    everyone: str
    only_with: str
    instead: str
    days: str
    some_days: str
    session: str
    exercise: str
    intensity: str
    hold: str
    rest: str
    reps: str
    sets: str
    set_rest: str
    times_a_day: str
    contractions_a_day: str
    inhale: str
    exhale: str
    breaths: str
    said: str
    safety: str
    rules: str
    when: str
    effect: str
    after: str
    answer: str
    gates: tuple[str, ...]
    remarks: str
    no_remarks: str
    sources: str
    files: str
    sign_off: str
    agree: tuple[str, ...]
    name: str
    profession: str
    date: str
    signature: str
    notes: str
    signs: Mapping[Sign, str]
    effects: Mapping[Effect, str]
    answers: Mapping[tuple[str, str], str]
    """What an answer says, by question and answer."""
    either: str
    own_choice: str


_ENGLISH = Headings(
    language="en",
    decimal_mark=".",
    title="Every prescription, to sign off",
    purpose="All that this programme asks of a woman, day by day. Please agree with it, or say what"
    " should be different.",
    edition="Edition",
    version="Version",
    sources_note="Under each number stands its source; the full titles are at the end. Days count"
    " from the birth, and are the earliest days. Whoever begins later, or may only begin later,"
    " starts at the first step and goes on from there.",
    phases="Phases and their limits",
    phase="Phase",
    from_day="From day",
    longest_hold="Longest hold",
    highest_intensity="Highest intensity",
    most_contractions="Most contractions a day",
    most_asked="Most asked on a day",
    shortest_rest="Shortest rest",
    times_the_hold="{ratio} × hold",
    no_limit="no limit",
    contractions="Contractions",
    breathing="Breathing",
    none="None.",
    everyone="As a rule",
    only_with="Only with: {answers}",
    instead="In place of {sessions}. The rest is as above.",
    days="Days",
    some_days="{count} of {length} days",
    session="Session",
    exercise="Exercise",
    intensity="Intensity",
    hold="Hold",
    rest="Rest",
    reps="Repetitions",
    sets="Sets",
    set_rest="Rest between sets",
    times_a_day="Times a day",
    contractions_a_day="Contractions a day",
    inhale="Breathe in",
    exhale="Breathe out",
    breaths="Breaths",
    said="What is said before each exercise",
    safety="When to stop and when to call",
    rules="What her answers change",
    when="She tells",
    effect="From the next day on",
    after="After",
    answer="What she reads",
    gates=(
        "Over-tense pelvic floor: no contractions; breathing and letting go only.",
        "Tear of the third or fourth degree: no contractions until a clinician has cleared her.",
        "Catheter: no contractions until it is out.",
    ),
    remarks="What the automatic check says",
    no_remarks="No remarks.",
    sources="Sources",
    files="Content hash",
    sign_off="Sign-off",
    agree=("I agree", "I agree, with the remarks below", "I do not agree"),
    name="Name",
    profession="Profession and registration",
    date="Date",
    signature="Signature",
    notes="Remarks",
    signs={
        Sign.RED_FLAG: "A sign to call about",
        Sign.PAIN: "Pain",
        Sign.HEAVINESS: "Heaviness",
        Sign.LEAKS: "Leaking",
        Sign.NOT_FELT: "She did not feel it",
        Sign.CANNOT_LET_GO: "She could not let go",
        Sign.GOOD: "It went well",
    },
    effects={
        Effect.STOP: "no contractions until she is cleared",
        Effect.RELEASE: "letting go only, until that works; then the first step",
        Effect.BREATHING: "breathing only, until she feels it; then the first step",
        Effect.STEP_BACK: "one step back",
        Effect.STEP_ON: "one step on, never past the calendar",
        Effect.ADVISE: "advice alone",
    },
    answers={
        ("delivery", "vaginal"): "vaginal birth",
        ("delivery", "assisted"): "vacuum or forceps",
        ("delivery", "caesarean"): "caesarean",
        ("perineum", "intact"): "intact perineum",
        ("perineum", "episiotomy"): "episiotomy",
        ("perineum", "tear"): "tear of the first or second degree",
        ("perineum", "oasi"): "tear of the third or fourth degree, not cleared yet",
        ("floor", "normal"): "pelvic floor not over-tense",
        ("floor", "over-tense"): "over-tense pelvic floor",
        ("position", "lying"): "listening while lying down",
        ("position", "nursing"): "listening while nursing",
        ("sessions_a_day", "1"): "sets of a day in one session",
        ("sessions_a_day", "2"): "sets of a day over two sessions",
        ("sessions_a_day", "3"): "sets of a day over three sessions",
    },
    either=" or ",
    own_choice="The makers' own choice",
)
_DUTCH = Headings(
    language="nl",
    decimal_mark=",",
    title="Alle voorschriften, ter goedkeuring",
    purpose="Alles wat dit programma van een vrouw vraagt, dag voor dag. Wil je het goedkeuren, of"
    " zeggen wat er anders moet?",
    edition="Uitgave",
    version="Versie",
    sources_note="Onder elk getal staat de bron; de volledige titels staan achteraan. Dagen tellen"
    " vanaf de bevalling, en zijn de vroegste dagen. Wie later begint, of pas later mag beginnen,"
    " begint bij de eerste stap en gaat vanaf daar verder.",
    phases="Fasen en hun grenzen",
    phase="Fase",
    from_day="Vanaf dag",
    longest_hold="Langst vasthouden",
    highest_intensity="Hoogste intensiteit",
    most_contractions="Meeste aanspanningen per dag",
    most_asked="Meest gevraagd op een dag",
    shortest_rest="Kortste rust",
    times_the_hold="{ratio} × vasthouden",
    no_limit="geen grens",
    contractions="Aanspannen",
    breathing="Ademen",
    none="Niets.",
    everyone="Gewoonlijk",
    only_with="Alleen bij: {answers}",
    instead="In plaats van {sessions}. De rest is als hierboven.",
    days="Dagen",
    some_days="{count} van {length} dagen",
    session="Sessie",
    exercise="Oefening",
    intensity="Intensiteit",
    hold="Vasthouden",
    rest="Rust",
    reps="Herhalingen",
    sets="Rondes",
    set_rest="Rust tussen rondes",
    times_a_day="Keer per dag",
    contractions_a_day="Aanspanningen per dag",
    inhale="Inademen",
    exhale="Uitademen",
    breaths="Ademhalingen",
    said="Wat er vóór elke oefening wordt gezegd",
    safety="Wanneer stoppen en wanneer bellen",
    rules="Wat haar antwoorden veranderen",
    when="Ze vertelt",
    effect="Vanaf de volgende dag",
    after="Na",
    answer="Wat ze leest",
    gates=(
        "Gespannen bekkenbodem: niet aanspannen; alleen ademen en loslaten.",
        "Totaalruptuur (derde- of vierdegraads scheur): niet aanspannen tot een behandelaar het"
        " goedvindt.",
        "Blaaskatheter: niet aanspannen tot hij eruit is.",
    ),
    remarks="Wat de automatische controle zegt",
    no_remarks="Geen opmerkingen.",
    sources="Bronnen",
    files="Controlegetal van de inhoud",
    sign_off="Goedkeuring",
    agree=("Akkoord", "Akkoord, met de opmerkingen hieronder", "Niet akkoord"),
    name="Naam",
    profession="Beroep en registratie",
    date="Datum",
    signature="Handtekening",
    notes="Opmerkingen",
    signs={
        Sign.RED_FLAG: "Iets om over te bellen",
        Sign.PAIN: "Pijn",
        Sign.HEAVINESS: "Een zwaar gevoel",
        Sign.LEAKS: "Verlies van urine",
        Sign.NOT_FELT: "Ze voelde het niet",
        Sign.CANNOT_LET_GO: "Loslaten lukte niet",
        Sign.GOOD: "Het ging goed",
    },
    effects={
        Effect.STOP: "niet aanspannen tot het weer mag",
        Effect.RELEASE: "alleen loslaten, tot dat lukt; dan de eerste stap",
        Effect.BREATHING: "alleen ademen, tot ze het voelt; dan de eerste stap",
        Effect.STEP_BACK: "een stap terug",
        Effect.STEP_ON: "een stap verder, nooit vooruit op de kalender",
        Effect.ADVISE: "alleen advies",
    },
    answers={
        ("delivery", "vaginal"): "vaginale bevalling",
        ("delivery", "assisted"): "vacuümpomp of tang",
        ("delivery", "caesarean"): "keizersnede",
        ("perineum", "intact"): "gave bilnaad",
        ("perineum", "episiotomy"): "knip",
        ("perineum", "tear"): "eerste- of tweedegraads scheur",
        ("perineum", "oasi"): "totaalruptuur, nog zonder toestemming",
        ("floor", "normal"): "bekkenbodem niet gespannen",
        ("floor", "over-tense"): "gespannen bekkenbodem",
        ("position", "lying"): "liggend luisteren",
        ("position", "nursing"): "luisteren tijdens het voeden",
        ("sessions_a_day", "1"): "rondes van een dag in één sessie",
        ("sessions_a_day", "2"): "rondes van een dag over twee sessies",
        ("sessions_a_day", "3"): "rondes van een dag over drie sessies",
    },
    either=" of ",
    own_choice="Eigen keuze van de makers",
)
_HEADINGS = {headings.language: headings for headings in (_ENGLISH, _DUTCH)}


def headings_in(language: str) -> Headings:
    """The headings in ``language``, or in English where there are none in it."""
    return _HEADINGS.get(language, _ENGLISH)
