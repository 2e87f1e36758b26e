"""Piper voices that are known to exist: all Dutch ones and a choice of the English ones.

Sizes are those of ``voices.json`` of https://huggingface.co/rhasspy/piper-voices (September 2026);
licences are those of the recordings, by published readings of the MODEL_CARDs of the voices.
"""

from dataclasses import dataclass

_LESSAC = "en_US-lessac-medium"
_RYAN = "en_US-ryan-low"


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguedVoice:
    """What is known about a voice before it is installed."""

    name: str
    """LANGUAGE-SPEAKER-QUALITY."""
    title: str
    """Who speaks, for a person."""
    model_bytes: int
    config_bytes: int
    licence: str
    """Of the recordings the voice learned from; empty where nobody says."""
    trained_from: str = ""
    """The voice it was trained on from, whose licence it may inherit; empty for none."""

    @property
    def language_code(self) -> str:
        """Language and region, such as ``nl_BE``."""
        return self.name.partition("-")[0]

    @property
    def quality(self) -> str:
        """One of x_low, low, medium and high."""
        return self.name.rpartition("-")[2]

    @property
    def size_bytes(self) -> int:
        """What the voice takes on a disk."""
        return self.model_bytes + self.config_bytes


VOICES = (
    CataloguedVoice(
        name="nl_BE-nathalie-medium",
        title="Nathalie, a woman, Flemish",
        model_bytes=63_201_294,
        config_bytes=4_879,
        licence="CC0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="nl_BE-nathalie-x_low",
        title="Nathalie, a woman, Flemish",
        model_bytes=20_628_813,
        config_bytes=4_163,
        licence="CC0",
    ),
    CataloguedVoice(
        name="nl_BE-rdh-medium",
        title="RDH, a man, Flemish",
        model_bytes=63_104_526,
        config_bytes=4_159,
        licence="CC0",
    ),
    CataloguedVoice(
        name="nl_BE-rdh-x_low",
        title="RDH, a man, Flemish",
        model_bytes=20_628_813,
        config_bytes=4_158,
        licence="CC0",
    ),
    CataloguedVoice(
        name="nl_NL-alex-medium",
        title="Alex, a man",
        model_bytes=63_531_476,
        config_bytes=4_965,
        licence="CC0",
        trained_from="nl_BE-rdh-medium",
    ),
    CataloguedVoice(
        name="nl_NL-mls-medium",
        title="readers of audio books",
        model_bytes=76_584_246,
        config_bytes=5_856,
        licence="CC BY 4.0",
    ),
    CataloguedVoice(
        name="nl_NL-mls_5809-low",
        title="a reader of audio books",
        model_bytes=63_104_526,
        config_bytes=4_165,
        licence="CC BY 4.0",
        trained_from=_RYAN,
    ),
    CataloguedVoice(
        name="nl_NL-mls_7432-low",
        title="a reader of audio books",
        model_bytes=63_104_526,
        config_bytes=4_165,
        licence="CC BY 4.0",
        trained_from=_RYAN,
    ),
    CataloguedVoice(
        name="nl_NL-pim-medium",
        title="Pim, a man",
        model_bytes=63_516_050,
        config_bytes=5_037,
        licence="CC0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="nl_NL-ronnie-medium",
        title="Ronnie, a man",
        model_bytes=62_950_044,
        config_bytes=5_040,
        licence="CC0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_GB-alba-medium",
        title="Alba, a woman, Scottish",
        model_bytes=63_201_294,
        config_bytes=4_888,
        licence="CC BY 4.0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_GB-cori-high",
        title="Cori, a woman",
        model_bytes=114_219_352,
        config_bytes=4_963,
        licence="public domain",
    ),
    CataloguedVoice(
        name="en_GB-cori-medium",
        title="Cori, a woman",
        model_bytes=63_531_379,
        config_bytes=4_966,
        licence="public domain",
    ),
    CataloguedVoice(
        name="en_GB-jenny_dioco-medium",
        title="Jenny (Dioco), a woman",
        model_bytes=63_201_294,
        config_bytes=4_895,
        licence="free if named as Jenny (Dioco)",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_GB-northern_english_male-medium",
        title="a man from the north of England",
        model_bytes=63_201_294,
        config_bytes=4_847,
        licence="CC BY-SA 4.0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_US-bryce-medium",
        title="Bryce, a man",
        model_bytes=63_531_379,
        config_bytes=4_966,
        licence="public domain",
        trained_from="an unpublished voice",
    ),
    CataloguedVoice(
        name="en_US-hfc_female-medium",
        title="a woman",
        model_bytes=63_201_294,
        config_bytes=5_033,
        licence="CC BY-NC-SA 4.0: not for commercial use",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_US-joe-medium",
        title="Joe, a man",
        model_bytes=63_201_294,
        config_bytes=4_794,
        licence="CC0",
        trained_from=_LESSAC,
    ),
    CataloguedVoice(
        name="en_US-john-medium",
        title="John, a man",
        model_bytes=63_531_379,
        config_bytes=4_965,
        licence="public domain",
        trained_from="en_US-kristin-medium",
    ),
    CataloguedVoice(
        name="en_US-kristin-medium",
        title="Kristin, a woman",
        model_bytes=63_531_379,
        config_bytes=4_968,
        licence="public domain",
    ),
    CataloguedVoice(
        name="en_US-lessac-high",
        title="Lessac, a woman",
        model_bytes=113_895_201,
        config_bytes=4_883,
        licence="Blizzard 2013: for research only, not for commercial use",
    ),
    CataloguedVoice(
        name="en_US-lessac-medium",
        title="Lessac, a woman",
        model_bytes=63_201_294,
        config_bytes=4_885,
        licence="Blizzard 2013: for research only, not for commercial use",
    ),
    CataloguedVoice(
        name="en_US-ljspeech-high",
        title="Linda Johnson, a woman",
        model_bytes=114_199_011,
        config_bytes=4_970,
        licence="public domain",
    ),
    CataloguedVoice(
        name="en_US-ljspeech-medium",
        title="Linda Johnson, a woman",
        model_bytes=63_531_379,
        config_bytes=4_972,
        licence="public domain",
    ),
    CataloguedVoice(
        name="en_US-norman-medium",
        title="Norman, a man",
        model_bytes=63_531_379,
        config_bytes=4_968,
        licence="public domain",
    ),
)


def find(name: str) -> CataloguedVoice | None:
    """The voice ``name``; ``None`` where the catalogue does not know it."""
    return next((voice for voice in VOICES if voice.name == name), None)


def speaking(language: str) -> tuple[CataloguedVoice, ...]:
    """The voices for a language such as ``nl``, or for one region of it, such as ``nl_BE``."""
    return tuple(
        voice
        for voice in VOICES
        if language in {voice.language_code, voice.language_code.partition("_")[0]}
    )
