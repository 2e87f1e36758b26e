"""A planned session -> about how long it takes, without a voice. No I/O."""

from voicecoach import scriptwriter, timeline, wording
from voicecoach.planned_day import PlannedSession
from voicecoach.words import Translation


def estimate_ms(session: PlannedSession, words: Translation) -> int:
    """About how long ``session`` takes, without speaking it."""
    written = scriptwriter.write(session, words)
    return timeline.lay_out(
        written, lambda text: wording.estimate_ms(text, written.rate_wpm)
    ).duration_ms
