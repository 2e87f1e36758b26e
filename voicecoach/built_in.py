"""Where the built-in programmes are. Reads none of them."""

from pathlib import Path

from voicecoach.errors import StorageError

BUILT_IN = "pelvic-floor"


def built_in(name: str = BUILT_IN) -> Path:
    """The folder of the built-in programme ``name``: in the wheel, or beside the source."""
    package = Path(__file__).parent
    for folder in (package / "built_in" / name, package.parent / "content" / name):
        if folder.is_dir():
            return folder
    raise StorageError(f"the built-in programme {name!r} is missing: install voicecoach again")


def built_in_names() -> tuple[str, ...]:
    """The names of all built-in programmes; the first is the one that needs no name."""
    package = Path(__file__).parent
    found = {
        path.parent.name
        for root in (package / "built_in", package.parent / "content")
        for path in root.glob("*/programme.yaml")
    }
    return (BUILT_IN, *sorted(found - {BUILT_IN}))
