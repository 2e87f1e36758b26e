"""What a list of voices says about one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that can be used here, or could be after it was installed."""

    voice: str
    """As the command line writes it."""
    language: str
    title: str
    """Who or what speaks, for a person."""
    quality: str
    """In the words of whoever made it; empty where nobody says."""
    is_installed: bool
    size_bytes: int | None
    """Of its files; ``None`` where it has none of its own, or nobody says."""
    licence: str
    """Empty where nobody says."""
