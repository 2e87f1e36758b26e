"""What ``check`` looks for in Dutch and in English words, whatever the programme. No I/O.

A programme adds rules of its own under ``check`` in its words.
"""

from voicecoach.content.translation import Translation, WordRules

_DISLIKED_NL = "vrouwen vinden het een naar woord (bron: cfa); zeg “span aan”"
_DISLIKED_EN = "women dislike the word (source: cfa); say “tighten”"
_HARD_NL = "oefenen mag nooit geforceerd zijn (bron: article); noem hoeveel kracht er nodig is"
_HARD_EN = "practice is never forced (source: article); say how much strength it takes"

_RULES = {
    "nl": WordRules(
        let_go_sooner=("eerder loslaten mag", "mag eerder loslaten", "mag je eerder loslaten"),
        forbidden={
            "knijp*": _DISLIKED_NL,
            "geknepen": _DISLIKED_NL,
            "pers": "persen duwt de bekkenbodem omlaag; zeg “span aan”",
            "persen": "persen duwt de bekkenbodem omlaag; zeg “aanspannen”",
            "zo hard mogelijk": _HARD_NL,
            "zo hard als je kunt": _HARD_NL,
            "zo hard als je kan": _HARD_NL,
            "pijn hoort erbij": "pijn betekent stoppen (bron: article); zeg dat",
            "alsof je je plas ophoudt": "“alsof je een windje ophoudt” lukt meer vrouwen (bron:"
            " benami2018); zeg dat",
        },
    ),
    "en": WordRules(
        let_go_sooner=("let go sooner", "let go earlier"),
        forbidden={
            "clench*": _DISLIKED_EN,
            "squeez*": _DISLIKED_EN,
            "bear down": "bearing down moves the pelvic floor down; say “tighten”",
            "as hard as you can": _HARD_EN,
            "as hard as possible": _HARD_EN,
            "no pain no gain": "pain means stop (source: article); say so",
            "no pain, no gain": "pain means stop (source: article); say so",
            "as if you are stopping urine": "“as if you are holding in wind” works for more women"
            " (source: benami2018); say that",
        },
    ),
}


def rules_for(words: Translation) -> WordRules:
    """The rules of the language and those of the programme."""
    general = _RULES.get(words.language, WordRules())
    return WordRules(
        let_go_sooner=(*general.let_go_sooner, *words.check.let_go_sooner),
        forbidden={**general.forbidden, **words.check.forbidden},
    )
