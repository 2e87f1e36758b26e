"""Packs as a build leaves them, written in its order but in an instant; and a server for them."""

import contextlib
import hashlib
import os
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from voicecoach.files import write_whole
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FileEntry, Manifest, PlaylistEntry, TrackEntry
from voicecoach.script.script import TimedChapter

SLUG = "bekkenbodem-na-de-bevalling"
PAGE = "<!DOCTYPE html><title>{}</title><script>let a = '<b>&amp;';</script><p>é</p>"
LARGE = 300_000
"""Bytes of a track: more than the server keeps in memory."""


def sound(build: str, name: str, size: int = LARGE) -> bytes:
    """Bytes that tell which build they are of, at every place."""
    seed = hashlib.sha256(f"{build} {name}".encode()).digest()
    return (seed * (size // len(seed) + 1))[: size + len(build)]


def files_of(build: str, week: int = 3) -> dict[str, bytes]:
    """Name and bytes of all files but pack.json, in the order in which a build puts them.

    A track has another name in another build, one stays as it was, and the rest is in its place
    with other bytes: all that happens with another guidance.
    """
    tracks = [f"w{week:02}-00-welkom", f"w{week:02}-01-ademen", f"w{week:02}-02-rust-{build}"]
    files = {f"{stem}.mp3": sound(build, stem) for stem in tracks}
    files["cover.jpg"] = sound("any", "cover")
    files |= {f"{stem}.vtt": b"WEBVTT\n\n" + build.encode() for stem in tracks}
    files |= {f"{stem}.lrc": b"[00:00.00]" + build.encode() for stem in tracks}
    files["index.html"] = PAGE.format(f"Week {week}, {build}").encode()
    names = "\n".join(f"{stem}.mp3" for stem in tracks)
    files[f"week-{week:02}.m3u8"] = f"#EXTM3U\n{names}\n".encode()
    return files


def manifest_of(build: str, week: int = 3, language: str = "nl") -> Manifest:
    """What pack.json of that build says."""
    files = files_of(build, week)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    first = 7 * (week - 1) + 1
    tracks = tuple(
        TrackEntry(
            file=name,
            title=f"Sessie {number} <&> “{build}”",
            session=f"session-{number}",
            guidance="full",
            days=(first, first + number),
            duration_ms=60_000 + number,
            bytes=len(files[name]),
            sha256=digests[name],
            voices=("espeak:nl+f2",),
            chapters=(
                TimedChapter(title="Begin", start_ms=0, end_ms=20_500),
                TimedChapter(title="Duurkracht · Ronde 1", start_ms=20_500, end_ms=60_000),
            ),
        )
        for number, name in enumerate(name for name in files if name.endswith(".mp3"))
    )
    names = tuple(track.file for track in tracks)
    return Manifest(
        programme="pelvic-floor",
        edition=2026,
        language=language,
        title=f"Je bekkenbodem & jij, week {week}",
        artist="voicecoach",
        voice="espeak:nl+f2",
        week=week,
        night=False,
        version="0.1.0",
        tracks=tracks,
        playlists=(PlaylistEntry(file=f"week-{week:02}.m3u8", title="Week", tracks=names),),
        files=tuple(
            FileEntry(file=name, bytes=len(data), sha256=digests[name])
            for name, data in files.items()
            if name not in names
        ),
    )


def steps(
    out: Path, build: str, *, week: int = 3, slug: str = SLUG, language: str = "nl"
) -> Iterator[None]:
    """Writes the pack like a build: file by file, each whole; yields after each, pack.json last."""
    folder = out / slug / f"week-{week:02}"
    files = files_of(build, week)
    for name, data in files.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != data:
            write_whole(folder / name, data)
            yield
    for name in set(manifest.files_written(folder)) - set(files):
        (folder / name).unlink()
        yield
    write_whole(folder / manifest.FILE, manifest.write(manifest_of(build, week, language)))
    yield


def write(out: Path, build: str, *, week: int = 3, slug: str = SLUG, language: str = "nl") -> Path:
    """Writes the whole pack, and answers where."""
    for _ in steps(out, build, week=week, slug=slug, language=language):
        pass
    return out / slug / f"week-{week:02}"


class Served:
    """``voicecoach serve`` as a process of its own."""

    def __init__(
        self, out: Path, *options: str, data: Path | None = None, by: tuple[str, ...] = ()
    ) -> None:
        environment = dict(os.environ)
        if data is not None:
            environment["VOICECOACH_DATA"] = str(data)
        self.process = subprocess.Popen(
            [*by, sys.executable, "-m", "voicecoach", "serve", "--out", str(out), *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().rstrip("\n")
        self.rest = ""
        """What else stood on stdout, once it has ended."""
        self._said: list[str] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self._said.extend(self.process.stderr)

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])

    @property
    def key(self) -> str:
        return self.address.split("/")[3]

    @property
    def host(self) -> str:
        return self.address.split("/")[2].split(":")[0]

    def end(self, signal_number: int, limit_s: float = 10) -> tuple[int, str]:
        """Sends a signal and waits; the exit code, and what stood on stderr."""
        self.process.send_signal(signal_number)
        return self.wait(limit_s)

    def wait(self, limit_s: float = 10) -> tuple[int, str]:
        """Waits for the end; the exit code, and what stood on stderr."""
        code = self.process.wait(limit_s)
        self._listener.join()
        assert self.process.stdout is not None and self.process.stderr is not None
        self.rest = self.process.stdout.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, "".join(self._said)


def free_port() -> int:
    """A port at which a server can be started again: none that other tests get by themselves."""
    while True:
        port = random.randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("", port)):
            return port


@contextlib.contextmanager
def served(out: Path, *options: str, data: Path | None = None) -> Iterator[Served]:
    """Serves ``out`` meanwhile; it must have nothing to complain about."""
    server = Served(out, *options, data=data)
    try:
        assert server.address.startswith("http://"), server.wait()
        yield server
        assert server.process.poll() is None, "the server has ended by itself"
    finally:
        server.process.terminate()
        code, said = server.wait()
    assert "Traceback" not in said and "Exception" not in said, said
    assert code == 0, said
