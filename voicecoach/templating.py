"""The templates of pages and feeds. The only importer of Jinja2."""

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

Shown = Callable[[Any], Any]
"""A function that is applied to every value before it is inserted."""


@cache
def template(name: str, finalize: Shown | None = None) -> Template:
    """The template ``name``, which escapes inserted values and raises for missing ones."""
    environment = Environment(
        loader=PackageLoader("voicecoach"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template(name)
