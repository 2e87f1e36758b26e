"""Prepares a voice in a hidden folder, then publishes it in one step.

In the folder of voices, ``.part-NAME`` is an incomplete voice, and ``.old-NAME`` one that is being
replaced.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voicecoach.environment import DATA_VARIABLE
from voicecoach.errors import SpeechError
from voicecoach.speech.piper import installed, model_files
from voicecoach.speech.piper.installed import FileRecord, InstalledVoice, Record

_CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 10_000_000
"""Space that must stay free on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """The size and hashes of a file."""

    size_bytes: int
    md5: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """The hidden folder of one voice, locked against other processes."""

    name: str
    folder: Path
    """The folder of its files; those of a killed process are still in it."""

    @property
    def model(self) -> Path:
        """The path of the model."""
        return self.folder / installed.model_file(self.name)

    @property
    def config(self) -> Path:
        """The path of the config."""
        return self.folder / installed.config_file(self.name)

    @property
    def card(self) -> Path:
        """The path of the MODEL_CARD, if there is one."""
        return self.folder / installed.CARD

    def publish(self, origin: str) -> InstalledVoice:
        """Makes the prepared files the installed voice, replacing an existing one.

        Raises SpeechError if the files are invalid; then they are discarded.
        """
        try:
            model_files.parse_config(self.config.read_bytes(), self.name, self.config)
            model_files.check_model(self.model)
        except SpeechError:
            self.discard()
            raise
        card = self.card.read_text("utf-8", "replace") if self.card.exists() else ""
        files = {path.name: path for path in (self.model, self.config, self.card) if path.exists()}
        hashes = {file: hashes_of(path) for file, path in files.items()}
        made = Record(
            name=self.name,
            files={
                file: FileRecord(bytes=each.size_bytes, sha256=each.sha256)
                for file, each in hashes.items()
            },
            licence=model_files.licence(card),
            origin=origin,
        )
        for path in self.folder.iterdir():
            if path.name not in files:
                path.unlink()
        write(self.folder / installed.FILE, made.to_bytes())
        self._swap()
        voice = installed.find(self.name)
        if voice is None:
            raise SpeechError(f"piper:{self.name} was removed while it was being installed")
        return voice

    def clear(self) -> None:
        """Removes all prepared files, to start again."""
        self.discard()
        self.folder.mkdir()

    def discard(self) -> None:
        """Removes the hidden folder."""
        shutil.rmtree(self.folder)

    def _swap(self) -> None:
        final, old = installed.voices_folder() / self.name, _old(self.name)
        if final.exists():
            final.rename(old)
        self.folder.rename(final)
        if old.exists():
            shutil.rmtree(old)


@contextmanager
def staging(name: str) -> Iterator[Staging]:
    """Waits for other installations of ``name``, and locks its hidden folder.

    Raises SpeechError if the folder cannot be written to, now or inside the ``with`` block, or if
    this program did not install what has the name of the voice.
    """
    import filelock  # slow to import

    root = installed.voices_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(root / f".{name}.lock"):
            final, old = root / name, _old(name)
            if old.exists() and final.exists():
                shutil.rmtree(old)
            elif old.exists():
                old.rename(final)
            _check_ours(final, name)
            folder = root / f".part-{name}"
            folder.mkdir(exist_ok=True)
            yield Staging(name=name, folder=folder)
    except OSError as error:
        where = error.filename or root
        raise SpeechError(
            f"{where}: cannot be written: {error.strerror or error}; make room, or name another"
            f" folder with {DATA_VARIABLE}, and run the command again"
        ) from error


def _old(name: str) -> Path:
    return installed.voices_folder() / f".old-{name}"


def _check_ours(final: Path, name: str) -> None:
    """Raises SpeechError if ``final`` was not installed by this program, so is not replaced."""
    if not os.path.lexists(final):
        return
    ours = {installed.FILE, installed.CARD, installed.model_file(name), installed.config_file(name)}
    found = {path.name for path in final.iterdir()} if final.is_dir() else set()
    if installed.FILE not in found or found - ours or final.is_symlink():
        raise SpeechError(
            f"{final}: was not made by `voicecoach voices install`, or holds more than it made;"
            " move it away, then install the voice"
        )


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raises SpeechError if the disk of ``folder`` has less than ``needed_bytes`` free."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + _SPARE_BYTES:
        raise SpeechError(
            f"{folder}: {needed_bytes / 1e6:.0f} MB are needed and {free_bytes / 1e6:.0f} MB are"
            f" free; make room, or name another folder with {DATA_VARIABLE}"
        )


def write(path: Path, data: bytes) -> None:
    """Writes ``data`` to a file of an unpublished voice."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def hashes_of(path: Path) -> Hashes:
    """The size and hashes of the file at ``path``."""
    md5, sha256, size_bytes = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            md5.update(chunk)
            sha256.update(chunk)
            size_bytes += len(chunk)
    return Hashes(size_bytes=size_bytes, md5=md5.hexdigest(), sha256=sha256.hexdigest())
