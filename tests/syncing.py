"""What tests of sync share: file systems to mount, a phone behind adb, and what should arrive."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fake_adb
import phone_fs
import pytest
from pack_files import SLUG, contents

from voicecoach.phone.sync import ledger

WEEK = f"Music/voicecoach/{SLUG}/week-03"
ON_CARD = {"Music/it's $HOME; a song.mp3": b"hers", f"{WEEK}/note\n.txt": b"hers"}
"""Files of hers on a phone behind adb."""
RENAMING = [pytest.param((), id="renames"), pytest.param(("no-rename",), id="refuses to rename")]
needs_mounts = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not phone_fs.DEVICE.exists(),
    reason="mounts file systems: needs Linux, root and /dev/fuse",
)


class Mounter:
    """Mounts file systems on ``folder``, and takes them away in the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def phone(self, *options: str) -> Path:
        """One that behaves like a phone; see phone_fs.py."""
        process = subprocess.Popen([sys.executable, phone_fs.__file__, str(self._folder), *options])
        self._process = process
        until = time.monotonic() + 30
        while not self._folder.is_mount():
            assert process.poll() is None, "the file system did not start"
            assert time.monotonic() < until, "the file system did not start in half a minute"
            time.sleep(0.01)
        return self._folder

    def replug(self) -> None:
        """Plugs the phone in again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGUSR1)

    def card(self, options: str) -> Path:
        """A tmpfs."""
        if shutil.which("mount") is None:
            pytest.skip("needs mount")
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self._folder], check=True)
        return self._folder

    def clean_up(self) -> None:
        phone_fs.unmount(self._folder)
        if self._process is not None:
            self._process.wait(timeout=30)


@pytest.fixture
def mounter(tmp_path: Path) -> Iterator[Mounter]:
    (tmp_path / "mounted").mkdir()
    made = Mounter(tmp_path / "mounted")
    yield made
    made.clean_up()


def ours(out: Path, below: str = "Music/voicecoach") -> dict[str, bytes]:
    """What should arrive."""
    return {f"{below}/{path}": data for path, data in contents(out).items()}


def on(phone: Path) -> dict[str, bytes]:
    """What is on the phone, without our ledger."""
    names = {f"Music/voicecoach/{name}" for name in ledger.FILES}
    return {path: data for path, data in contents(phone).items() if path not in names}


def refused(result: "subprocess.CompletedProcess[str]") -> str:
    """The one clear error of a sync that could not be done."""
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("Error:") == 1
    return result.stderr.partition("Error:")[2]


def done(result: "subprocess.CompletedProcess[str]") -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The storage of a phone that is connected, with files of hers."""
    if shutil.which("find") is None:
        pytest.skip("needs find, which the shell of a phone has")
    programs = tmp_path / "programs"
    programs.mkdir()
    adb = programs / "adb"
    adb.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{fake_adb.__file__}" "$@"\n')
    adb.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("FAKE_ADB_PHONE", str(tmp_path / "phone"))
    monkeypatch.setenv("FAKE_ADB_STATES", "R58M12=device")
    storage = tmp_path / "phone" / "sdcard"
    for path, data in ON_CARD.items():
        (storage / path).parent.mkdir(parents=True, exist_ok=True)
        (storage / path).write_bytes(data)
    return storage
