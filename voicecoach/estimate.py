"""A planned session -> about how long it takes, without a voice. No I/O."""

from voicecoach import scriptwriter, timeline, wording
from voicecoach.content.translation import Translation
from voicecoach.planned_day import PlannedSession


def estimate_ms(session: PlannedSession, words: Translation) -> int:
    """About how long ``session`` takes, without speaking it."""
    written = scriptwriter.write(session, words)
    return timeline.lay_out(
        written, lambda text: wording.estimate_ms(text, written.rate_wpm)
    ).duration_ms
