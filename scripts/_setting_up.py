"""Makes a virtual environment and installs the locked packages, or says why it cannot."""

import contextlib
import errno
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig

import _environment

MORE_OF_THEIRS = ("TARGET", "PREFIX", "ROOT", "CONSTRAINT", "REQUIREMENT", "EDITABLE", "NO_BINARY")
# What pip says -> what to do. In this order: a connection that fails ends in "no matching version".
REASONS = (
    (r"Errno 28\b|No space left|Errno 122\b|quota", "the disk is full: free 500 MB, and try again"),
    (r"Errno (?:13|1|30)\b", "this folder cannot be written; put it where you may write"),
    (
        r"DO NOT MATCH THE HASHES|Expected sha(?:256|512)",
        "a package is not the one that was tested: something on the way from its publisher, such as"
        " a mirror, changed it; try another network",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "no secure connection to where the packages are: check this computer's date, or ask"
        " whoever runs this network",
    ),
    (
        r"NewConnectionError|NameResolution|ConnectTimeout|ReadTimeout|ConnectionReset|ProxyError"
        r"|Connection (?:broken|refused|aborted|to)|RemoteDisconnected|IncompleteRead|timed out",
        "is there a connection to the internet?",
    ),
    (
        r"No matching distribution|from versions: none|not a supported wheel",
        "there is no ready-made package for this kind of computer and Python; a 64-bit Python of"
        " version 3.11 to 3.14 from python.org has all of them",
    ),
)


def make(environment, extra):
    """Makes `environment` so that `extra` is installed there; ends the program where it cannot."""
    try:
        with _alone(environment):
            if not environment.is_locked or not environment.is_current(
                extra
            ):  # another process may have been faster
                _make(environment, extra)
    except KeyboardInterrupt:
        sys.exit("Aborted: the next start sets voicecoach up again.")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            way_out = "free 500 MB, and try again"
        else:
            way_out = "voicecoach sets itself up in its own folder: put that where you may write"
        sys.exit("%s: cannot be written: %s; %s" % (_environment.ROOT, error.strerror, way_out))


@contextlib.contextmanager
def _alone(environment):
    """Lets one process at a time set up; what others wait for is then done."""
    with open(environment.folder + ".lock", "ab") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _tell("Another start is setting up voicecoach; waiting for it ...")
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                pass  # some network drives have no locks
        yield


def _tell(line):
    with contextlib.suppress(OSError, AttributeError):  # nobody may be reading
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _make(environment, extra):
    folder = os.path.basename(environment.folder)
    _tell("Setting up voicecoach in %s (once; takes a minute) ..." % folder)
    root, python, wanted = _environment.ROOT, environment.python, [extra] if extra else []
    if not environment.is_current(""):
        # What was installed for an older lock is wanted for this one too.
        wanted = sorted(set(wanted + environment.installed()))
        os.makedirs(environment.folder, exist_ok=True)
        _check_venv()
        bare_venv = [sys.executable, "-I", "-m", "venv", "--clear", "--without-pip"]
        _run(bare_venv + [environment.folder])
        _run([python, "-I", "-m", "ensurepip"])
    pip = [python, "-I", "-m", "pip", "install", "--no-user"]
    if environment.is_locked:
        locks = [word for name in [""] + wanted for word in ("-r", _environment.lock_of(name))]
        _run(pip + ["--no-deps", "--require-hashes", "--only-binary=:all:"] + locks)
        if not os.path.islink(root):  # hatchling writes the name behind a link
            _run(pip + ["--no-deps", "--no-build-isolation", "-e", root])
    else:
        target = root + ("[%s]" % ",".join(wanted) if wanted else "")
        _run(pip + ["--upgrade", "--upgrade-strategy=eager", "-e", target])
    _point_here(environment)
    for name in [""] + wanted:
        environment.stamp(name)


def _check_venv():
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        sys.exit(
            "This Python has no venv module. On Debian or Ubuntu: sudo apt install python3-venv"
        )


def newer(environment):
    """Each package of `environment` that is not in the locks as it is there."""
    command = [environment.python, "-I", "-m", "pip", "list", "--format=freeze"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, universal_newlines=True, check=True)
    locked = {"pip", "setuptools", "voicecoach"}
    for name in os.listdir(_environment.LOCKS):
        with open(os.path.join(_environment.LOCKS, name), encoding="utf-8") as file:
            locked |= set(re.findall(r"^(\S+==\S+)", file.read(), re.MULTILINE))
    packages = (line.lower().replace("_", "-") for line in listed.stdout.split())
    return [each for each in packages if not {each, each.partition("==")[0]} & locked]


def _point_here(environment):
    """Has the environment find the program by a path from there, whatever this folder is called."""
    bases = dict.fromkeys(("base", "platbase"), environment.folder)
    packages = sysconfig.get_path("purelib", "venv", bases)
    names = [name for name in os.listdir(packages) if name.endswith("voicecoach.pth")]
    for name in names or ["voicecoach.pth"]:
        with open(os.path.join(packages, name), "w", encoding="utf-8") as file:
            file.write(os.path.relpath(_environment.ROOT, packages) + "\n")


def _run(command):
    """Runs a step; ends the program with what went wrong and what to do."""
    variables = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    for name in MORE_OF_THEIRS:
        variables.pop("PIP_" + name, None)
    ran = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=_environment.ROOT,
        env=variables,
    )
    if ran.returncode:
        said = ran.stdout.decode(errors="replace")
        sys.exit("voicecoach could not be set up: %s. %s" % (_reason(ran.returncode, said)))


def _reason(code, said):
    """Why a step failed, and the line that says so."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for pattern, reason in REASONS:
        telling = [line for line in lines if re.search(pattern, line)]
        if telling:
            return reason, "It said: " + telling[-1]
    if code < 0:
        return "it was killed, perhaps for lack of memory", "Try again."
    errors = [line for line in lines if re.search(r"^error|error: ", line, re.IGNORECASE)]
    return "a step failed", "It said: " + (errors or lines or ["nothing"])[-1]
