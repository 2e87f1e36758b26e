"""A planned session -> about how long it takes, without a voice. No I/O."""

from voicecoach import scriptwriter, timeline
from voicecoach.content.translation import Translation
from voicecoach.planning import wording
from voicecoach.planning.planner import PlannedSession


def estimate_ms(session: PlannedSession, words: Translation) -> int:
    """About how long ``session`` takes, without speaking it."""
    written = scriptwriter.write(session, words)
    return timeline.lay_out(
        written, lambda text: wording.estimate_ms(text, written.rate_wpm)
    ).duration_ms
