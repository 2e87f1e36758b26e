"""A day of the course -> the note in the calendar that says why it is not as planned. No I/O.

These are the program's own words; what a programme says to her stands in its content.
"""

from collections.abc import Mapping

from voicecoach.course import CourseDay, Reason

_DUTCH: Mapping[Reason, str] = {
    Reason.LATE_START: "Je begon op dag {day}. Vanaf daar tellen je stappen.",
    Reason.WAITS_FOR_CLEARANCE: "Nog niet aanspannen: eerst moet je arts of bekkenfysiotherapeut"
    " dat goedvinden.",
    Reason.WAITS_FOR_CATHETER: "Nog niet aanspannen: eerst moet je blaaskatheter eruit zijn.",
    Reason.OVER_TENSE: "Ademen en loslaten, omdat je bekkenbodem gespannen is.",
    Reason.STOPPED: "Niet aanspannen sinds dag {day}. Bel eerst, en wacht tot het weer mag.",
    Reason.UNREAD: "Niet aanspannen: een regel van je check-ins is niet te lezen."
    " Herstel die eerst.",
    Reason.STEPPED_BACK: "Een stap terug sinds dag {day}. Na drie goede dagen op rij ga je verder.",
    Reason.NOT_FELT: "Ademen sinds dag {day}, tot je je bekkenbodem weer voelt.",
    Reason.CANNOT_LET_GO: "Ademen en loslaten sinds dag {day}, tot loslaten weer lukt.",
    Reason.BEGAN_AGAIN: "Opnieuw begonnen op dag {day}, bij de eerste stap.",
}
_ENGLISH: Mapping[Reason, str] = {
    Reason.LATE_START: "You began on day {day}. Your steps count from there.",
    Reason.WAITS_FOR_CLEARANCE: "No contractions yet: first your doctor or pelvic physiotherapist"
    " has to agree.",
    Reason.WAITS_FOR_CATHETER: "No contractions yet: first your catheter has to be out.",
    Reason.OVER_TENSE: "Breathing and letting go, because your pelvic floor is tense.",
    Reason.STOPPED: "No contractions since day {day}. Call first, and wait until you may.",
    Reason.UNREAD: "No contractions: a line of your check-ins cannot be read. Mend it first.",
    Reason.STEPPED_BACK: "One step back since day {day}. After three good days in a row you go on.",
    Reason.NOT_FELT: "Breathing since day {day}, until you feel your pelvic floor again.",
    Reason.CANNOT_LET_GO: "Breathing and letting go since day {day}, until letting go works again.",
    Reason.BEGAN_AGAIN: "Began again on day {day}, at the first step.",
}
_NOTES = {"nl": _DUTCH, "en": _ENGLISH}


_LATER = {
    "nl": "Aanspannen begint op dag {day}. Tot dan adem je.",
    "en": "Contractions begin on day {day}. Until then you breathe.",
}
"""For the days before a late start."""


def note(today: CourseDay, language: str) -> str | None:
    """Why ``today`` is not as the calendar alone would have it; ``None`` where it is.

    In English where there are no words in ``language``.
    """
    if today.reason is None:
        return None
    if today.reason is Reason.LATE_START and today.day < today.since_day:
        return _LATER.get(language, _LATER["en"]).format(day=today.since_day)
    return _NOTES.get(language, _ENGLISH)[today.reason].format(day=today.since_day)
