"""Lets the child processes of engines be modules of a test, which they refuse otherwise."""

import sys
from pathlib import Path

import pytest


def allow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children find modules in ``folder`` until the end of the test."""
    python = folder / "python"
    start = folder / "start.py"
    start.write_text(
        f"import runpy, sys\nsys.path.insert(0, {str(folder)!r})\n"
        "sys.argv[:3] = []  # this file, -I and -m\n"
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
    )
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{start}' \"$@\"\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
