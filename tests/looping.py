"""Many values in one case. Where a test is quick, a case of its own for each value costs more time
than the test."""

import functools
import inspect
from collections.abc import Callable, Iterable

Test = Callable[..., None]


def for_each(names: str, values: Callable[[], Iterable[object]]) -> Callable[[Test], Test]:
    """Like ``pytest.mark.parametrize``, but within one case; a failure says which value it was.

    ``values`` is called when the test runs, so that collecting the tests computes nothing.
    """
    keys = names.split(", ")

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def over_all(**others: object) -> None:
            found = list(values())
            assert found, f"there is no {names} to look at"
            for value in found:
                chosen = dict(zip(keys, value if len(keys) > 1 else (value,), strict=True))
                try:
                    test(**others, **chosen)
                except Exception as failure:
                    failure.add_note(f"with {chosen}")
                    raise

        signature = inspect.signature(test)
        left = [p for name, p in signature.parameters.items() if name not in keys]
        over_all.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return over_all

    return decorate
