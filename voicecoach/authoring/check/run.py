"""Programme -> remarks: what a reader of content cannot refuse, but should not be so. No I/O."""

from collections.abc import Iterable

from voicecoach.authoring.check.doses import doses
from voicecoach.authoring.check.fit import distinct_sessions, fit
from voicecoach.authoring.check.remark import Remark
from voicecoach.authoring.check.words import (
    folder_remarks,
    long_hold_remarks,
    sentence_remarks,
    unsayable_remarks,
    unused,
)
from voicecoach.content.programme import Programme

__all__ = ["Remark", "distinct_sessions", "doses", "fit", "remarks", "unused"]


def remarks(programme: Programme, languages: Iterable[str]) -> list[Remark]:
    """Everything but whether words fit, which takes a voice: doses, sources, and the words in
    ``languages``."""
    planned = distinct_sessions(programme)
    found = [*doses(programme), *unused(programme), *folder_remarks(programme.translations)]
    for language in languages:
        words = programme.translations[language]
        found += unsayable_remarks(words)
        found += sentence_remarks(programme, words)
        found += long_hold_remarks(words, planned)
    return found
