"""Which voices a practice may use by their licences, as far as these say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from voicecoach.content.translation import Translation
from voicecoach.errors import SpeechError
from voicecoach.speech import piper_voices, voices

CONFIRM = "--licence-confirmed"
"""The option by which a practice says that it may use the voices it names."""
_PIPER = f"{piper_voices.NAME}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licences:
    """Refuses what a licence forbids, unless that is ``confirmed``."""

    confirmed: bool
    tell: Callable[[str], None]
    """Receives what a practice should look into."""
    _told: set[str] = field(default_factory=set, repr=False, compare=False)

    def check(self, specs: Iterable[str]) -> None:
        """Raises SpeechError if a voice of ``specs`` is not for a practice by its own licence."""
        for name in _names(specs):
            if self.confirmed:
                continue
            if piper_voices.forbids_practice(piper_voices.own_licence(name)):
                raise SpeechError(
                    f"{_PIPER}{name}: its licence forbids use by a practice"
                    f" ({piper_voices.licence(name)}); choose another voice, or, with its maker's"
                    f" permission, repeat the command with {CONFIRM}"
                )
            if _is_doubtful(name):
                self._tell_once(
                    f"{_PIPER}{name}: whether a practice may use it is not certain"
                    f" ({piper_voices.licence(name)}); {CONFIRM} says that you may"
                )

    def usual(self, words: Translation) -> tuple[str, ...]:
        """The voices for ``words`` where nobody chose any, without those of which it is not certain
        that a practice may use them."""
        specs: Sequence[str] = voices.usual(words)
        doubtful = (
            [] if self.confirmed else [f"{_PIPER}{n}" for n in _names(specs) if _is_doubtful(n)]
        )
        for spec in doubtful:
            self._tell_once(
                f"{spec}: is not used unless you choose it: whether a practice may is not certain"
                f" ({piper_voices.licence(spec.removeprefix(_PIPER))})"
            )
        return tuple(spec for spec in specs if spec not in doubtful)

    def _tell_once(self, remark: str) -> None:
        if remark not in self._told:
            self._told.add(remark)
            self.tell(remark)


def _names(specs: Iterable[str]) -> list[str]:
    """The names of the Piper voices among ``specs``, without speakers."""
    named = [spec.removeprefix(_PIPER) for spec in specs if spec.startswith(_PIPER)]
    return [name.partition(piper_voices.SPEAKER_MARK)[0] for name in named]


def _is_doubtful(name: str) -> bool:
    return piper_voices.forbids_practice(piper_voices.licence(name))
