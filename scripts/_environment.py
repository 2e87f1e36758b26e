"""Runs Python in the virtual environment `.venv`, which is made first where it is needed.

Used by the scripts beside this file. Runs under any Python 3 that is at hand, so that it can say
what is wrong with it. A file of the user's that is named like a module is never taken for it.
"""

import os
import sys


def _plain(folder):
    """`folder`, or a link to it in the user's cache where its name is one that libraries refuse."""
    if not any("\udc80" <= letter <= "\udcff" or letter in ":\n\r" for letter in folder[2:]):
        return folder
    import hashlib

    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    cache = os.environ.get("VOICECOACH_CACHE") or os.path.join(cache, "voicecoach")
    links = os.path.join(os.path.abspath(cache), "folders")
    link = os.path.join(links, hashlib.sha256(os.fsencode(folder)).hexdigest()[:16])
    try:
        os.makedirs(links, exist_ok=True)
        if not os.path.lexists(link):
            os.symlink(folder, link)
    except OSError as error:
        sys.exit(
            "%s: give this folder another name: this one has a colon, a line break or bytes that"
            " are not UTF-8, and %s cannot be written: %s" % (ascii(folder), links, error.strerror)
        )
    return link


ROOT = _plain(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
LOCKS = os.path.join(ROOT, "locks")
LEAST_PYTHON = (3, 11)

# The user's own Python variables are for her programs: none may change what runs here.
_THEIRS = os.environ.get("PYTHONPATH", "").split(os.pathsep)
sys.path[:] = [folder for folder in sys.path if folder not in _THEIRS]
for _name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[_name]


def run(arguments, extra=""):
    """Runs Python in the environment with `arguments` in place of this process, and never returns.

    `extra` names a group of optional dependencies of pyproject.toml.
    """
    command = [_ready(extra), "-I"] + arguments
    if os.name == "posix":
        os.execv(command[0], command)
    import subprocess  # here and below: it is slow to import, and seldom needed

    sys.exit(subprocess.call(command))


def call(arguments, extra="", folder=".venv"):
    """Runs Python in the environment with `arguments` and answers its exit code."""
    import subprocess

    return subprocess.call([_ready(extra, folder), "-I"] + arguments, cwd=ROOT)


def lock_of(extra):
    """The file that names the packages of `extra`, or of the program."""
    return os.path.join(LOCKS, (extra or "program") + ".txt")


def _ready(extra, folder=".venv"):
    """The environment's Python, once the program is installed there with `extra`."""
    if sys.version_info < LEAST_PYTHON:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit("voicecoach needs Python 3.11 or later; this is %s. See python.org." % version)
    environment = Environment(os.path.join(ROOT, folder))
    if not environment.is_locked or not environment.is_current(extra):
        import _setting_up

        _setting_up.make(environment, extra)
    return environment.python


class Environment:
    """A virtual environment, and what was installed there.

    In `.venv` that is what is locked; elsewhere the newest versions that pyproject.toml allows.
    """

    def __init__(self, folder):
        self.folder = folder
        self.is_locked = os.path.basename(folder) == ".venv"
        parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        self.python = os.path.join(folder, *parts)

    def is_current(self, extra):
        """Whether the program is installed with `extra`, as it would be today."""
        is_there = os.path.exists(self.python)
        return (
            is_there and self._stamped("") == _wanted("") and self._stamped(extra) == _wanted(extra)
        )

    def installed(self):
        """The extras that were installed, for whatever program and lock."""
        start, end = os.path.split(self._stamp("*"))[1].split("*")
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        found = [name[len(start) : -len(end)] for name in names if name.startswith(start)]
        return [each for each in found if each != "program" and os.path.exists(lock_of(each))]

    def stamp(self, extra):
        """Notes that the program is installed with `extra` now."""
        with open(self._stamp(extra), "wb") as file:
            file.write(_wanted(extra))

    def _stamp(self, extra):
        return os.path.join(self.folder, "voicecoach-%s.stamp" % (extra or "program"))

    def _stamped(self, extra):
        try:
            return _read(self._stamp(extra))
        except OSError:
            return b""


def _wanted(extra):
    """Changes with pyproject.toml, the lock, the Python at hand, and the place of this folder."""
    about = "%s %s\n" % (sys.version_info[:2], ROOT)
    project = _read(os.path.join(ROOT, "pyproject.toml"))
    return about.encode(errors="surrogateescape") + project + _read(lock_of(extra))


def _read(path):
    with open(path, "rb") as file:
        return file.read()
