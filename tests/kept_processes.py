"""Processes that outlast a command: starting them costs more than what most tests render."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from voicecoach.environment import CACHE_VARIABLE
from voicecoach.rendering import pool

_UNHEEDED = (CACHE_VARIABLE, "PYTEST_CURRENT_TEST")
"""Variables that units of work do not look at."""


class KeptProcesses:
    """In the place of :class:`pool.Processes`: one process does the work of all commands that a
    test process runs, as long as none fails and the environment stays the same."""

    _kept: pool.Processes | None = None
    _environment: dict[str, str] | None = None

    def __init__(self, jobs: int, note: Callable[[str], None]) -> None:
        del jobs, note

    def __enter__(self) -> "KeptProcesses":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.end(kind)

    def submit(self, unit: Callable[..., Any], /, *arguments: object) -> "Future[Any]":
        own = {name: value for name, value in os.environ.items() if name not in _UNHEEDED}
        if KeptProcesses._environment != own:
            self.end()
        if KeptProcesses._kept is None:
            KeptProcesses._kept = pool_processes(1, lambda _: None)
            KeptProcesses._environment = own
        return KeptProcesses._kept.submit(_in, Path.cwd(), unit, *arguments)

    @staticmethod
    def end(kind: type[BaseException] | None = None) -> None:
        kept, KeptProcesses._kept = KeptProcesses._kept, None
        if kept is not None:
            kept.__exit__(kind)


pool_processes = pool.Processes


def _in(folder: Path, unit: Callable[..., Any], *arguments: object) -> object:
    os.chdir(folder)
    return unit(*arguments)
