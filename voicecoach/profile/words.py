"""What stands in a profile above each key, in her language. No I/O."""

from collections.abc import Mapping

_DUTCH: Mapping[str, str] = {
    "": "Dit bestand is van jou. Alleen jij kunt het lezen, en het gaat nergens heen.\n"
    "Je mag het zelf aanpassen. Of laat het doen, bijvoorbeeld met:\n"
    "voicecoach init --position nursing\n"
    "Wat je niet weet of niet wilt zeggen, laat je leeg achter de dubbele punt.",
    "format": "De versie van dit bestand. Laat dit staan.",
    "birth_date": "De dag waarop je kind is geboren: jaar-maand-dag, zoals 2026-11-01.",
    "language": "De taal waarin je luistert. nl: Nederlands. en: Engels.",
    "name": "Je naam. Mag leeg blijven.",
    "delivery": "Hoe je bent bevallen. vaginal: vaginaal. assisted: met vacuümpomp of tang.\n"
    "caesarean: met een keizersnede.",
    "perineum": "Of je bent ingeknipt of ingescheurd. intact: nee. episiotomy: ingeknipt.\n"
    "tear: ingescheurd, eerste- of tweedegraads. oasi: totaalruptuur, derde- of vierdegraads.\n"
    "Na een totaalruptuur span je pas aan als je arts of bekkenfysiotherapeut dat goedvindt.",
    "catheter": "Heb je nog een blaaskatheter? yes: ja. no: nee. Zolang hij erin zit, span je niet"
    " aan.\n"
    "Is hij eruit? Gebruik dan: voicecoach init --no-catheter\n"
    "Dan tellen je stappen vanaf die dag.",
    "catheter_out_on": "De dag waarop je blaaskatheter eruit ging. Leeg: je had er geen, of hij zit"
    " er nog.",
    "floor": "Hoe je bekkenbodem voelt. normal: gewoon. over-tense: gespannen, loslaten lukt niet"
    " goed.\n"
    "Bij over-tense adem je en oefen je het loslaten.\n"
    "Is dat over? Gebruik dan: voicecoach init --floor normal\n"
    "Dan begin je bij de eerste stap.",
    "position": "Hoe je luistert. lying: liggend. nursing: tijdens het voeden.",
    "sessions_a_day": "Over hoeveel keer je de oefeningen van een dag verdeelt: 1, 2 of 3.\n"
    "Leeg: het programma kiest.",
    "guidance": "Hoeveel er wordt gezegd. full: elke stap. brief: weinig. tones: bijna alleen"
    " tonen.\n"
    "Leeg: eerst elke stap, na een paar dagen weinig.",
    "voices": 'Wie er spreekt, zoals ["piper:nl_BE-nathalie-medium", "espeak:nl+f3"]. De eerste die'
    " het\n"
    "doet, spreekt. Leeg ([]): de gewone stem. Welke er zijn: voicecoach voices",
    "cleared_on": "De dag waarop een arts of bekkenfysiotherapeut zei dat je mag aanspannen."
    " Leeg: nog niet.",
    "started": "De dag waarop je begon. Je stappen tellen vanaf die dag. Lag je lang stil, zet hier"
    " dan\n"
    "de dag waarop je weer begint: voicecoach init --started 2026-11-20",
    "times_of_day": "Hoe laat je wilt luisteren. Dit is voor de agenda van je telefoon.",
}
_ENGLISH: Mapping[str, str] = {
    "": "This file is yours. Only you can read it, and it goes nowhere.\n"
    "You may change it yourself. Or have it changed, for example with:\n"
    "voicecoach init --position nursing\n"
    "What you do not know or do not want to say, you leave empty after the colon.",
    "format": "The version of this file. Leave it as it is.",
    "birth_date": "The day your child was born: year-month-day, as 2026-11-01.",
    "language": "The language you listen in. nl: Dutch. en: English.",
    "name": "Your name. May stay empty.",
    "delivery": "How you gave birth. vaginal. assisted: with a vacuum cup or forceps. caesarean.",
    "perineum": "Whether you were cut or tore. intact: no. episiotomy: cut. tear: a tear\n"
    "of the first or second degree. oasi: a tear of the third or fourth degree.\n"
    "After a third or fourth degree tear you tighten only once your doctor or pelvic\n"
    "physiotherapist agrees.",
    "catheter": "Do you still have a catheter? yes or no. While it is in, you do not tighten.\n"
    "Is it out? Then use: voicecoach init --no-catheter\n"
    "Your steps then count from that day.",
    "catheter_out_on": "The day your catheter came out. Empty: you had none, or it is still in.",
    "floor": "How your pelvic floor feels. normal. over-tense: letting go does not work well.\n"
    "With over-tense you breathe, and practise letting go.\n"
    "Is that over? Then use: voicecoach init --floor normal\n"
    "You then begin at the first step.",
    "position": "How you listen. lying: lying down. nursing: while feeding.",
    "sessions_a_day": "Over how many sessions you spread the exercises of a day: 1, 2 or 3.\n"
    "Empty: the programme chooses.",
    "guidance": "How much is said. full: each step. brief: little. tones: next to nothing.\n"
    "Empty: each step at first, little after a few days.",
    "voices": 'Who speaks, as ["piper:en_US-joe-medium", "espeak:en+f3"]. The first that can be'
    " used\n"
    "speaks. Empty ([]): the usual voice. To see which there are: voicecoach voices",
    "cleared_on": "The day a doctor or pelvic physiotherapist said you may tighten."
    " Empty: not yet.",
    "started": "The day you began. Your steps count from that day. Did you stop for long? Then put"
    " here\n"
    "the day you begin again: voicecoach init --started 2026-11-20",
    "times_of_day": "When you want to listen. This is for the calendar on your phone.",
}
_WORDS = {"nl": _DUTCH, "en": _ENGLISH}


def comment(key: str, language: str) -> str:
    """What ``key`` means and which values there are, as lines of YAML comment; ``""`` is the head
    of the file. In English where there are no words in ``language``."""
    text = _WORDS.get(language, _ENGLISH)[key]
    return "".join(f"# {line}\n" for line in text.split("\n"))
