"""How the scripts set themselves up: a small project in the place of ours, and no network."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="starts the scripts as POSIX does")

SCRIPTS = Path(__file__).parents[1] / "scripts"
MAIN = """
import json, os, random, sys, types
print(json.dumps({
    "isolated": sys.flags.isolated, "optimize": sys.flags.optimize, "here": os.getcwd(),
    "theirs": sorted(name for name in os.environ if name.startswith("PYTHON")),
    "arguments": sys.argv[1:], "part": __import__("part").VERSION,
}))
"""
BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "voicecoach-1-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        about = "voicecoach-1.dist-info/"
        wheel.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: voicecoach\\nVersion: 1\\n")
        wheel.writestr(about + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(about + "RECORD", "")
        wheel.writestr("_voicecoach.pth", "/nowhere")
    return name
"""  # noqa: E501
THEIRS = 'raise SystemExit("a file of the user was run: " + __file__)'
ODD = b"-a b%d 'q' \"x\" #:\n\xff \xc3\xa9"
"""What a folder may be called, and what Python's own tools stumble over."""


def wheel(folder: Path, name: str, version: str, module: str) -> str:
    """A package of one module; answers its line in a lock."""
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {f"{name}.py": module, f"{about}/METADATA": metadata, f"{about}/WHEEL": kind}
    record = "".join(f"{path},{digest(text.encode())},\n" for path, text in files.items())
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(each, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def digest(data: bytes) -> str:
    value = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"sha256={value}"


class Clone:
    """A folder like a clone of ours, and the packages that its lock may name."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.wheels = wheels
        (folder / "scripts").mkdir(parents=True)
        (folder / "locks").mkdir()
        wheels.mkdir(exist_ok=True)
        for name in ("_environment.py", "_setting_up.py", "voicecoach"):
            shutil.copy(SCRIPTS / name, folder / "scripts")
        (folder / "voicecoach").mkdir()
        (folder / "voicecoach" / "__main__.py").write_text(MAIN)
        (folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = ["backend"]\nbuild-backend = "backend"\n'
            '[project]\nname = "voicecoach"\nversion = "1"\n'
        )
        self.backend = wheel(wheels, "backend", "1", BACKEND)
        wheel(wheels, "part", "99", "VERSION = 99")
        self.lock(wheel(wheels, "part", "1", "VERSION = 1"))

    def lock(self, line: str, extra: str = "program") -> None:
        (self.folder / "locks" / f"{extra}.txt").write_text(self.backend + line)

    def command(self, *arguments: str) -> list[str]:
        return [str(self.folder / "scripts" / "voicecoach"), *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        pip = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": "/dev/null",
            "VOICECOACH_CACHE": str(self.wheels.with_name("cache")),
        }
        return {**mine, "PATH": path, **pip, **more}

    def run(
        self, *arguments: str, folder: Path | None = None, before: tuple[str, ...] = (), **more: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*before, *self.command(*arguments)],
            cwd=folder or self.folder.parent,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self, *arguments: str, **more: str) -> dict[str, object]:
        """What the program says of itself."""
        ran = self.run(*arguments, **more)
        assert ran.returncode == 0, ran.stderr
        told: dict[str, object] = json.loads(ran.stdout)
        return told

    def refusal(self, *arguments: str, before: tuple[str, ...] = (), **more: str) -> str:
        """What is said where it cannot be set up: one line, and exit code 1."""
        ran = self.run(*arguments, before=before, **more)
        assert (ran.returncode, ran.stdout) == (1, "")
        *progress, told = ran.stderr.splitlines()
        assert all(line.startswith("Setting up voicecoach") for line in progress)
        return told


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Set up already, in a folder with a long name."""
    root = tmp_path_factory.mktemp("clone")
    clone = Clone(root / f"-a b%d'{'x' * 160}", root / "wheels")
    assert clone.told()["part"] == 1
    return clone


@pytest.fixture
def fresh(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "fresh", tmp_path / "wheels")


@pytest.fixture
def lock(clone: Clone) -> Iterator[Path]:
    """The lock of what `voices install` needs besides; nothing of it lasts."""
    path = clone.folder / "locks" / "piper.txt"
    yield path
    path.unlink()


@pytest.mark.slow
def test_the_second_start_sets_nothing_up(clone: Clone) -> None:
    ran = clone.run("a", "-h")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["arguments"] == ["a", "-h"]


def test_the_current_folder_stays_the_users(clone: Clone, tmp_path: Path) -> None:
    assert clone.told(folder=tmp_path)["here"] == str(tmp_path)


def test_nothing_of_the_users_is_imported_nor_heeded(clone: Clone, tmp_path: Path) -> None:
    for name in ("types", "random", "os", "sitecustomize", "usercustomize", "_environment", "part"):
        (tmp_path / f"{name}.py").write_text(THEIRS)
    hers = {"PYTHONPATH": f"{tmp_path}{os.pathsep}.", "PYTHONHOME": "/nowhere"}
    told = clone.told(
        folder=tmp_path, **hers, PYTHONOPTIMIZE="2", PYTHONSTARTUP="x", PYTHONIOENCODING="ascii"
    )
    assert told["isolated"] == 1
    assert (told["optimize"], told["theirs"], told["part"]) == (0, [], 1)


def test_a_script_started_by_any_python_heeds_nothing_either(clone: Clone, tmp_path: Path) -> None:
    for name in ("subprocess", "_environment", "tempfile"):
        (tmp_path / f"{name}.py").write_text(THEIRS)
    ran = clone.run(folder=tmp_path, before=(sys.executable,), PYTHONPATH=str(tmp_path))
    assert json.loads(ran.stdout)["isolated"] == 1


def test_a_link_to_the_script_works(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "vc").symlink_to(clone.folder / "scripts" / "voicecoach")
    ran = subprocess.run(
        [tmp_path / "vc"], env=clone.environment(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_environment_without_anything_is_enough(clone: Clone) -> None:
    bare = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "TMPDIR": "/nowhere"}
    bare["VOICECOACH_CACHE"] = str(clone.wheels.with_name("cache"))
    for odd in ({}, {"LC_ALL": "C"}, {"LC_ALL": "nowhere.UTF-8"}, {"LANG": "POSIX"}):
        ran = subprocess.run(
            clone.command("é\udcff"), env={**bare, **odd}, capture_output=True, check=False, cwd="/"
        )
        assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_wrong_hash_is_named(clone: Clone, lock: Path) -> None:
    line = wheel(clone.wheels, "more", "1", "")
    clone.lock(line[: line.index(":") + 1] + "0" * 64 + "\n", "piper")
    told = clone.refusal("voices", "install")
    assert "a package is not the one that was tested" in told


def test_a_package_that_needs_a_compiler_is_never_built(clone: Clone, lock: Path) -> None:
    source = clone.wheels / "builds-1.tar.gz"
    source.write_bytes(b"not looked at")
    clone.lock(f"builds==1 --hash=sha256:{'0' * 64}\n", "piper")
    assert "no ready-made package for this kind of computer" in clone.refusal("voices", "install")


def test_a_lack_of_a_connection_is_named(clone: Clone, lock: Path) -> None:
    clone.lock(f"far==1 --hash=sha256:{'0' * 64}\n", "piper")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "0", "PIP_RETRIES": "1"}
    told = clone.refusal("voices", "install", **nowhere, no_proxy="*")
    assert "is there a connection to the internet?" in told


@pytest.mark.slow
def test_a_changed_lock_is_noticed_and_nothing_of_the_users_is_heeded_meanwhile(
    fresh: Clone, tmp_path: Path
) -> None:
    for name in ("types", "json", "sitecustomize", "subprocess", "venv", "pip", "backend"):
        (tmp_path / f"{name}.py").write_text(THEIRS)
    fresh.lock(wheel(fresh.wheels, "more", "1", ""), "piper")
    assert fresh.told("voices", "install")["part"] == 1
    fresh.lock(wheel(fresh.wheels, "part", "2", "VERSION = 2"))
    hers = {"PYTHONPATH": str(tmp_path), "PIP_USER": "1", "PIP_TARGET": str(tmp_path / "target")}
    ran = fresh.run(folder=tmp_path, **hers)
    assert "Setting up voicecoach" in ran.stderr
    assert json.loads(ran.stdout)["part"] == 2
    assert not (tmp_path / "target").exists()
    assert fresh.run("voices", "install").stderr == ""  # what was installed before came along


@pytest.mark.slow
def test_a_clone_that_was_moved_is_set_up_anew_in_a_folder_of_any_name(
    fresh: Clone, tmp_path: Path
) -> None:
    """And while nobody reads what it says."""
    (tmp_path / "types.py").write_text(THEIRS)
    odd = ODD if sys.platform == "linux" else ODD.replace(b"\xff", b"")
    moved = fresh.folder.with_name(os.fsdecode(odd))
    fresh.folder.rename(moved)
    fresh.folder = moved
    ran = fresh.run(folder=tmp_path, before=("sh", "-c", 'exec "$0" 2>&-'))
    assert (ran.returncode, json.loads(ran.stdout)["here"]) == (0, str(tmp_path))
    assert fresh.run(folder=tmp_path).stderr == ""
    refused = fresh.refusal(VOICECOACH_CACHE="/dev/null/x")
    assert "give this folder another name" in refused


def unprivileged() -> tuple[str, ...]:
    """What runs a command so that it may not write everywhere."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv")
    lost = "-dac_override,-dac_read_search"
    return ("setpriv", f"--inh-caps={lost}", f"--bounding-set={lost}")


def test_a_clone_that_cannot_be_written_says_so(fresh: Clone) -> None:
    fresh.folder.chmod(0o555)
    told = fresh.refusal(before=unprivileged())
    fresh.folder.chmod(0o755)
    assert told.startswith(f"{fresh.folder}: cannot be written: Permission denied; ")
    assert "python3-venv" not in told


def test_a_clone_that_cannot_be_written_any_more_still_runs(clone: Clone) -> None:
    clone.run()
    clone.folder.chmod(0o555)
    ran = clone.run(before=unprivileged())
    clone.folder.chmod(0o755)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_file_in_the_place_of_the_environment_is_named(fresh: Clone) -> None:
    (fresh.folder / ".venv").write_text("mine")
    assert "cannot be written: File exists" in fresh.refusal()
    assert (fresh.folder / ".venv").read_text() == "mine"


@pytest.mark.slow
def test_two_first_starts_at_once_set_up_once_and_one_that_was_killed_is_made_good(
    fresh: Clone,
) -> None:
    start = {"env": fresh.environment(), "stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    killed = subprocess.Popen(fresh.command(), start_new_session=True, **start)
    while not (fresh.folder / ".venv" / "bin").exists():
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    both = [subprocess.Popen(fresh.command(), **start) for _ in range(2)]
    told = [each.communicate()[1].decode() for each in both]
    assert [each.returncode for each in both] == [0, 0], told
    assert "".join(told).count("Setting up voicecoach") == 1
    assert fresh.run().stderr == ""


REASONS = {
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    ": '/x'": "the disk is full: free 500 MB",
    "Error: [Errno 122] Disk quota exceeded: '/x'": "the disk is full",
    "Error: [Errno 30] Read-only file system: '/x/.venv/bin'": "this folder cannot be written",
    "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied"
    ": '/x'": "this folder cannot be written",
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("
    "'<x>: Failed to establish a new connection: [Errno 111] Connection refused')': /x\n"
    "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\n"
    "ERROR: No matching distribution found for x==1": "is there a connection to the internet?",
    "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, "
    "'[SSL: CERTIFICATE_VERIFY_FAILED]'))'\nERROR: No matching distribution found for x": "date",
    "ERROR: Could not find a version that satisfies the requirement numpy==2 (from versions: 1)\n"
    "ERROR: No matching distribution found for numpy==2": "3.11 to 3.14",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.": "was tested",
    "Error: something new": "a step failed",
}


def test_each_cause_is_told_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import _setting_up, json;"
        "print(json.dumps([_setting_up._reason(1, said)[0] for said in json.loads(sys.argv[2])]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(SCRIPTS), json.dumps(list(REASONS))],
        capture_output=True,
        check=True,
    )
    for told, expected in zip(json.loads(ran.stdout), REASONS.values(), strict=True):
        assert expected in told


def test_a_python_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.version_info = (3, 9, 18);"
        "import _environment; _environment.run([])"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program, str(SCRIPTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (
        1,
        "voicecoach needs Python 3.11 or later; this is 3.9.18. See python.org.\n",
    )


def test_the_locks_agree_and_say_nothing_of_a_place() -> None:
    locks = {path.stem: path.read_text("utf-8") for path in (SCRIPTS.parent / "locks").iterdir()}
    lines = {line for text in locks.values() for line in text.splitlines() if "==" in line}
    names = [line.split(" \\")[0] for line in lines]
    assert len({name.partition("==")[0] + name.partition(";")[2] for name in names}) == len(names)
    for text in locks.values():
        assert "://" not in text
        assert "--index" not in text
        assert text.count("--hash=sha256:") >= text.count("==")
    assert {"hatchling", "editables"} <= {line.partition("==")[0] for line in lines}
