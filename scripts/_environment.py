"""Makes the virtual environment `.venv` when it is needed. Used by the scripts beside this file.

Runs under any Python 3 that is at hand, so that it can say what is wrong with it.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".venv")
LEAST_PYTHON = (3, 11)


def run(arguments, extra=""):
    """Runs Python in the environment with `arguments` in place of this process, and never returns.

    `extra` names a group of optional dependencies of pyproject.toml.
    """
    python = _ready(extra)
    if os.name == "posix":
        os.execv(python, [python] + arguments)
    import subprocess  # here and below: it is slow to import, and seldom needed

    sys.exit(subprocess.call([python] + arguments))


def call(arguments, extra=""):
    """Runs Python in the environment with `arguments` and answers its exit code."""
    import subprocess

    return subprocess.call([_ready(extra)] + arguments, cwd=ROOT)


def _ready(extra):
    """The environment's Python, once the program is installed there with `extra`."""
    if sys.version_info < LEAST_PYTHON:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit("voicecoach needs Python 3.11 or later; this is %s. See python.org." % version)
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    python = os.path.join(FOLDER, bin_folder, "python.exe" if os.name == "nt" else "python")
    wanted = _fingerprint()
    stamped = _stamped() if os.path.exists(python) else {}
    current = [name for name in stamped if stamped[name] == wanted]
    if not current or (extra and extra not in current):
        # What was installed for an older pyproject.toml is wanted for this one too.
        extras = sorted(set(stamped) - {"program"} | ({extra} if extra else set()))
        _make(python, extras, is_usable=bool(current))
        for name in extras or ["program"]:
            with open(_stamp(name), "w", encoding="utf-8") as file:
                file.write(wanted)
    return python


def _stamp(name):
    return os.path.join(FOLDER, "voicecoach-%s.stamp" % name)


def _stamped():
    """By extra, or "program" for none, the fingerprint for which it was installed."""
    start, end = _stamp("*").split("*")
    paths = [os.path.join(FOLDER, name) for name in os.listdir(FOLDER)]
    stamps = [path for path in paths if path.startswith(start) and path.endswith(end)]
    return {path[len(start) : -len(end)]: _read(path) for path in stamps}


def _fingerprint():
    """Changes with pyproject.toml, the Python at hand, and the place of this folder."""
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        return "%s %s\n%s" % (sys.version_info[:2], ROOT, file.read())


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _make(python, extras, is_usable):
    sys.stderr.write("Setting up voicecoach in .venv (once; takes a minute) ...\n")
    if not is_usable:
        made = _quietly([sys.executable, "-m", "venv", "--clear", FOLDER])
        if made.returncode:
            sys.exit(
                "Python's venv module does not work here. On Debian or Ubuntu:"
                " sudo apt install python3-venv. It said: " + _last_line(made.stdout)
            )
    target = ROOT + ("[%s]" % ",".join(extras) if extras else "")
    installed = _quietly(
        [python, "-m", "pip", "install", "--disable-pip-version-check", "-e", target]
    )
    if installed.returncode:
        sys.exit(
            "The packages could not be installed. Is there a connection to the internet?"
            " pip said: " + _last_line(installed.stdout)
        )


def _quietly(command):
    import subprocess

    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["nothing"])[-1]
