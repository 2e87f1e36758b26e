"""`docs/article.md`: every statement of the article is spoken, or enforced by a number."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content" / "pelvic-floor"


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below ``heading``, without its own."""
    text = (ROOT / "docs" / "article.md").read_text("utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@cache
def content(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # far faster, where there is one
    return yaml.load((CONTENT / name).read_text("utf-8"), Loader=loader)


def found(name: str, path: str) -> Any:
    """What ``path``, such as ``talks.welcome``, holds in a file of the content."""
    value = content(name)
    for key in path.split("."):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def said(name: str, path: str) -> str:
    """All that is said there, in order."""
    value = found(name, path)
    return " ".join(value.get("introduction", value.get("text")))


def is_said(quote: str, text: str) -> bool:
    """Whether the parts of ``quote`` between ellipses follow one another in ``text``."""
    for part in quote.split(" … "):
        _, is_there, text = text.partition(part)
        if not is_there:
            return False
    return True


def test_every_statement_is_spoken_in_both_languages() -> None:
    spoken = rows("Spoken")
    assert len(spoken) > 70
    missing = [
        (path, quote)
        for _, path, *quotes in spoken
        for name, quote in zip(("nl.yaml", "en.yaml"), quotes, strict=True)
        if not is_said(quote, said(name, path))
    ]
    assert missing == []


def test_every_number_is_enforced_from_the_article() -> None:
    enforced = rows("Enforced")
    assert len(enforced) > 15
    for _, path, number in enforced:
        assert found("programme.yaml", path) == f"{number} from article", path


def test_a_statement_that_is_not_spoken_is_noticed() -> None:
    assert is_said("eerst … daarna", "eerst dit, daarna dat")
    assert not is_said("daarna … eerst", "eerst dit, daarna dat")
