"""A problem in valid content: where, what, and what to do. No I/O."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A problem in valid content."""

    where: str
    message: str
    """The problem; after the last semicolon, what to do."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
