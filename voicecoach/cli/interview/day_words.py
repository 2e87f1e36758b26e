"""What ``checkin`` asks and answers, in Dutch and English. No I/O."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInWords:
    """The questions, and what follows."""

    opening: str
    how: str
    done: str
    pain: str
    heaviness: str
    leaks: str
    grows: str
    """After pain, heaviness or leaks."""
    any_of_these: str
    signs: tuple[str, ...]
    """Of the second and third level, as `clinical-facts` has them."""
    felt: str
    let_go: str
    noted: str
    nothing_told: str
    stop_today: str
    """Pain or heaviness, where there is no step to go back."""
    if_it_grows: str
    """Pain, heaviness or leaks, where nobody was asked whether they grow."""
    as_it_was: str
    no_contractions: str
    """After a red flag, where the plan had none as it was."""
    cleared_since: str
    """After a red flag of a day before the one on which she was cleared."""
    from_today: str
    from_tomorrow: str
    from_day: str
    cleared_later: str
    build: str


_DUTCH = CheckInWords(
    opening="Hoe ging het op dag {day}, {date}?",
    how="Enter is geen antwoord. Na twee antwoorden mag je stoppen.",
    done="Heb je geoefend?",
    pain="Had je pijn?",
    heaviness="Had je een zwaar gevoel van onderen?",
    leaks="Heb je urine verloren?",
    grows="Is dat nieuw, wordt het erger, of duurt het langer dan een dag?",
    any_of_these="Heb je een van deze dingen?",
    signs=(
        "een bolling van onderen",
        "je verliest ongewild windjes of ontlasting",
        "plassen lukt niet",
        "je bloedt weer, of je bloedt meer door het oefenen",
        "koorts",
        "een rode, dikke kuit die pijn doet",
        "pijn op je borst, of benauwdheid",
    ),
    felt="Kon je je bekkenbodem voelen?",
    let_go="Lukte het loslaten?",
    noted="Het staat erin. Dank je wel.",
    nothing_told="Je hebt niets gezegd. Er is niets opgeschreven.",
    stop_today="Stop voor vandaag.",
    if_it_grows="Is dit nieuw, wordt het erger, of duurt het langer dan een dag? Stop dan met"
    " aanspannen. Bel je verloskundige, je huisarts of je bekkenfysiotherapeut. En zeg het hier:"
    " voicecoach checkin --call",
    as_it_was="Je plan blijft zoals het was.",
    no_contractions="Je plan is nu zonder aanspannen. Dat blijft zo, tot je arts of"
    " bekkenfysiotherapeut het goedvindt.",
    cleared_since="Daarna mocht je weer aanspannen, heb je gezegd. Dat staat dus nog in je plan."
    " Klopt het niet? Zeg dan: voicecoach init --not-cleared",
    from_today="Je plan verandert vanaf vandaag: {sessions}.",
    from_tomorrow="Je plan verandert vanaf morgen: {sessions}.",
    from_day="Je plan verandert vanaf dag {day}, {date}: {sessions}.",
    cleared_later="Zegt je arts of bekkenfysiotherapeut dat je weer mag aanspannen? Zeg dan"
    " hier op welke dag: voicecoach init --cleared-on DAG",
    build="Maak je sessies opnieuw: voicecoach build",
)
_ENGLISH = CheckInWords(
    opening="How did it go on day {day}, {date}?",
    how="Enter is no answer. After two answers you may stop.",
    done="Did you practise?",
    pain="Did you have pain?",
    heaviness="Did you have a heavy feeling down below?",
    leaks="Did you leak urine?",
    grows="Is that new, does it get worse, or does it last longer than a day?",
    any_of_these="Do you have any of these?",
    signs=(
        "a bulge down below",
        "you pass wind or stool without meaning to",
        "you cannot pass urine",
        "you bleed again, or bleed more from the exercises",
        "a fever",
        "a painful, red, swollen calf",
        "chest pain, or breathlessness",
    ),
    felt="Could you feel your pelvic floor?",
    let_go="Did letting go work?",
    noted="It is written down. Thank you.",
    nothing_told="You said nothing. Nothing was written down.",
    stop_today="Stop for today.",
    if_it_grows="Is this new, does it get worse, or does it last longer than a day? Then stop"
    " tightening. Call your midwife, your GP or your pelvic physiotherapist. And say so here:"
    " voicecoach checkin --call",
    as_it_was="Your plan stays as it was.",
    no_contractions="Your plan has no contractions now. That stays so until your doctor or pelvic"
    " physiotherapist agrees.",
    cleared_since="After that you were allowed to tighten again, you said. So your plan still has"
    " it. Is that wrong? Then say: voicecoach init --not-cleared",
    from_today="Your plan changes from today: {sessions}.",
    from_tomorrow="Your plan changes from tomorrow: {sessions}.",
    from_day="Your plan changes from day {day}, {date}: {sessions}.",
    cleared_later="Does your doctor or pelvic physiotherapist say you may tighten again? Then say"
    " here on which day: voicecoach init --cleared-on DAY",
    build="Make your sessions again: voicecoach build",
)
_WORDS = {"nl": _DUTCH, "en": _ENGLISH}


def in_language(language: str) -> CheckInWords:
    """The words in ``language``, English where there are none."""
    return _WORDS.get(language, _ENGLISH)
