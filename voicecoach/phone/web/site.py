"""Where the server is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The address of the server."""

    key: str
    """The secret part of the path."""
    host: str
    """The address of this computer for phones."""
    port: int
    local: bool
    """Whether it serves this computer only."""

    @property
    def address(self) -> str:
        """The URL of the packs, which ends in ``/``."""
        return self.address_at(f"{self.host}:{self.port}")

    def address_at(self, authority: str) -> str:
        """The URL with another name of this computer."""
        return f"http://{authority}/{self.key}/"
