"""voicecoach writes a recovery week as sound."""

__version__ = "0.1.0"
