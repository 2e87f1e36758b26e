"""Something in readable content that should not be so: where, what, and what to do. No I/O."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in readable content that should not be so."""

    where: str
    message: str
    """What is wrong; after the last semicolon, what to do."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
