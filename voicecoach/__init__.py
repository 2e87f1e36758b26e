"""voicecoach turns pelvic-floor exercise prescriptions into spoken, timed MP3 packs."""

__version__ = "0.1.0"
