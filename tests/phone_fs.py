"""A file system that behaves like a phone: the kernel mounts it, this process answers (FUSE).

Capital and small letters are the same; and, as asked: files cannot be renamed, there is little
room, or less than it says, or the cable is pulled after so many bytes (SIGUSR1 plugs it in again).
Or it spoils what is written, the first so many times. It stands in memory. Needs root and
/dev/fuse.

    python phone_fs.py FOLDER [no-rename] [room=BYTES] [hides-room] [pull-after=BYTES]
        [slow-ms=MS] [spoils=TIMES]
"""

import ctypes
import errno
import os
import signal
import stat
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DEVICE = Path("/dev/fuse")
_LIBC = ctypes.CDLL(None, use_errno=True)
_LOOKUP, _FORGET, _GETATTR, _SETATTR, _MKDIR, _UNLINK, _RMDIR, _RENAME = 1, 2, 3, 4, 9, 10, 11, 12
_OPEN, _READ, _WRITE, _STATFS, _RELEASE, _FSYNC, _FLUSH, _INIT = 14, 15, 16, 17, 18, 20, 25, 26
_OPENDIR, _READDIR, _RELEASEDIR, _FSYNCDIR, _ACCESS, _CREATE = 27, 28, 29, 30, 34, 35
_BATCH_FORGET, _RENAME2 = 42, 45
_QUIET = {_RELEASE, _FSYNC, _FLUSH, _RELEASEDIR, _FSYNCDIR, _ACCESS}
_HEADER = struct.Struct("<IIQQIIII")
_OPENED = struct.pack("<QII", 0, 1, 0)
"""A file that the kernel keeps nothing of."""
_MOST_WRITE = 65_536
_BLOCK = 4096


@dataclass(eq=False)
class Node:
    """A file or a folder."""

    number: int
    name: str = ""
    folder: bool = False
    data: bytearray = field(default_factory=bytearray)
    children: dict[str, "Node"] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818
    def __init__(self, number: int) -> None:
        self.number = number


class Phone:
    """The tree, and what is answered about it."""

    def __init__(self, options: dict[str, str]) -> None:
        self.nodes = {1: Node(1, folder=True)}
        self.renames = "no-rename" not in options
        self.room = int(options.get("room", 1 << 30))
        self.hides_room = "hides-room" in options
        self.pull_after = int(options.get("pull-after", 1 << 40))
        self.slow_s = int(options.get("slow-ms", 0)) / 1000
        self.spoils = int(options.get("spoils", 0))
        self.written = 0

    def replug(self, *_: object) -> None:
        """As a signal handler."""
        self.pull_after = 1 << 40

    def answer(self, opcode: int, number: int, body: bytes) -> bytes:
        if self.written > self.pull_after:
            raise Refused(errno.EIO)
        if opcode in _QUIET:
            return b""
        answers: dict[int, Callable[[Node, bytes], bytes]] = {
            _INIT: self._init,
            _LOOKUP: lambda node, body: self._entry(self._child(node, _text(body))),
            _GETATTR: lambda node, body: bytes(16) + self._attributes(node),
            _SETATTR: self._resize,
            _MKDIR: lambda node, body: self._entry(self._make(node, _text(body[8:]), folder=True)),
            _CREATE: self._create,
            _UNLINK: self._remove,
            _RMDIR: self._remove,
            _RENAME: lambda node, body: self._rename(node, body, 8),
            _RENAME2: lambda node, body: self._rename(node, body, 16),
            _OPEN: lambda node, body: _OPENED,
            _OPENDIR: lambda node, body: _OPENED,
            _READ: self._read,
            _WRITE: self._write,
            _STATFS: self._room,
            _READDIR: self._listing,
        }
        if opcode not in answers:
            raise Refused(errno.ENOSYS)
        return answers[opcode](self.nodes.get(number, self.nodes[1]), body)

    def _init(self, node: Node, body: bytes) -> bytes:
        return struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 12, 9, _MOST_WRITE, 1, 16, 0, 0)

    def _resize(self, node: Node, body: bytes) -> bytes:
        valid, size = struct.unpack_from("<I12xQ", body)
        if valid & 8:
            del node.data[size:]
            node.data.extend(bytes(size - len(node.data)))
        return bytes(16) + self._attributes(node)

    def _create(self, node: Node, body: bytes) -> bytes:
        return self._entry(self._make(node, _text(body[16:]), folder=False)) + _OPENED

    def _remove(self, node: Node, body: bytes) -> bytes:
        gone = self._child(node, _text(body))
        if gone.children:
            raise Refused(errno.ENOTEMPTY)
        del node.children[gone.name.casefold()]
        return b""

    def _read(self, node: Node, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<8xQI", body)
        return bytes(node.data[offset : offset + size])

    def _room(self, node: Node, body: bytes) -> bytes:
        free = 1 << 20 if self.hides_room else max(0, self.room - self._used()) // _BLOCK
        counts = (self.room // _BLOCK, free, free, 1 << 20, 1 << 20)
        return struct.pack("<5Q4I24x", *counts, _BLOCK, 255, _BLOCK, 0)

    def _new(self, name: str, *, folder: bool) -> Node:
        node = Node(max(self.nodes) + 1, name, folder)
        self.nodes[node.number] = node
        return node

    def _child(self, node: Node, name: str) -> Node:
        found = node.children.get(name.casefold())
        if found is None:
            raise Refused(errno.ENOENT)
        return found

    def _make(self, node: Node, name: str, *, folder: bool) -> Node:
        if name.casefold() in node.children:
            raise Refused(errno.EEXIST)
        made = self._new(name, folder=folder)
        node.children[name.casefold()] = made
        return made

    def _rename(self, node: Node, body: bytes, names_at: int) -> bytes:
        if not self.renames:
            raise Refused(errno.EPERM)
        target = self.nodes[struct.unpack_from("<Q", body)[0]]
        old, new = (name.decode() for name in body[names_at:].split(b"\0")[:2])
        moved = self._child(node, old)
        before = target.children.get(new.casefold())
        del node.children[moved.name.casefold()]
        moved.name = before.name if before else new  # as vfat does
        target.children[moved.name.casefold()] = moved
        return b""

    def _write(self, node: Node, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<8xQI", body)
        grown = max(0, offset + size - len(node.data))
        if self._used() + grown > self.room:
            raise Refused(errno.ENOSPC)
        time.sleep(self.slow_s)
        node.data[offset : offset + size] = body[40 : 40 + size]
        if self.spoils and size > 10_000:
            node.data[offset] ^= 1
            self.spoils -= 1
        self.written += size
        return struct.pack("<II", size, 0)

    def _used(self) -> int:
        def below(node: Node) -> int:
            return len(node.data) + sum(below(child) for child in node.children.values())

        return below(self.nodes[1])

    def _listing(self, node: Node, body: bytes) -> bytes:
        offset, size = struct.unpack_from("<8xQI", body)
        listed = b""
        for place, child in enumerate(list(node.children.values())[offset:], offset + 1):
            name = child.name.encode()
            kind = stat.S_IFDIR if child.folder else stat.S_IFREG
            entry = struct.pack("<QQII", child.number, place, len(name), kind >> 12) + name
            entry += bytes(-len(entry) % 8)
            if len(listed) + len(entry) > size:
                break
            listed += entry
        return listed

    def _entry(self, node: Node) -> bytes:
        return struct.pack("<QQQQII", node.number, 0, 0, 0, 0, 0) + self._attributes(node)

    def _attributes(self, node: Node) -> bytes:
        mode = (stat.S_IFDIR | 0o777) if node.folder else (stat.S_IFREG | 0o666)
        size = len(node.data)
        times = (0, 0, 0, 0, 0, 0)
        numbers = (node.number, size, -(-size // 512))
        return struct.pack("<6Q3I7I", *numbers, *times, mode, 1, 0, 0, 0, _BLOCK, 0)


def unmount(folder: Path) -> None:
    """Takes the file system away, whoever uses it."""
    _LIBC.umount2(os.fsencode(folder), 2)


def mount(folder: Path) -> int:
    """Mounts it; the file descriptor through which the kernel asks."""
    handle = os.open(DEVICE, os.O_RDWR)
    options = f"fd={handle},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if _LIBC.mount(b"phone", os.fsencode(folder), b"fuse", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "cannot be mounted", str(folder))
    return handle


def serve(handle: int, phone: Phone) -> None:
    """Answers until it is unmounted."""
    while True:
        try:
            asked = os.read(handle, _MOST_WRITE + 4096)
        except OSError as error:
            if error.errno == errno.ENODEV:
                return
            if error.errno in {errno.EINTR, errno.ENOENT}:
                continue
            raise
        _, opcode, unique, number, *_ = _HEADER.unpack_from(asked)
        if opcode in {_FORGET, _BATCH_FORGET}:
            continue
        try:
            body, failed = phone.answer(opcode, number, asked[_HEADER.size :]), 0
        except Refused as refused:
            body, failed = b"", -refused.number
        try:
            os.write(handle, struct.pack("<IiQ", 16 + len(body), failed, unique) + body)
        except OSError as error:
            if error.errno != errno.ENOENT:  # whoever asked has been killed
                raise


def _text(body: bytes) -> str:
    return body.split(b"\0", 1)[0].decode()


if __name__ == "__main__":
    asked_for = dict(argument.partition("=")[::2] for argument in sys.argv[2:])
    made = Phone(asked_for)
    signal.signal(signal.SIGUSR1, made.replug)
    serve(mount(Path(sys.argv[1])), made)
