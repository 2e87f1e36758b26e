"""What other versions of PyYAML say, which must not become what we say."""

import pytest
import yaml

from voicecoach import strict_yaml
from voicecoach.errors import ContentError

DEEP = "[" * 3000
MARK = yaml.Mark("words.yaml", 0, 0, 0, None, None)
REFUSALS = (
    yaml.scanner.ScannerError("while going on", MARK, "that goes too far for me", MARK),
    yaml.composer.ComposerError(None, None, "depth", None),
    yaml.YAMLError("a limit of tomorrow"),
)


def message(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        strict_yaml.parse(text, file="words.yaml")
    return str(caught.value)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_deep_nesting_is_refused_in_our_words_whatever_the_parser_says(
    monkeypatch: pytest.MonkeyPatch, refusal: yaml.YAMLError
) -> None:
    def parse(text: str, Loader: object) -> object:  # noqa: N803 - the name is PyYAML's
        raise refusal
        yield

    monkeypatch.setattr(yaml, "parse", parse)
    assert message(DEEP) == "words.yaml:1:22: nested too deeply"
    assert message(f"a: 1\nb: {DEEP}") == "words.yaml:2:25: nested too deeply"
    assert message("{a: [" * 2000) == "words.yaml:1:55: nested too deeply"
    assert "nested" not in message("a: [b, [c]]")


def test_a_parser_without_a_limit_meets_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(text: str, Loader: object) -> object:  # noqa: N803 - the name is PyYAML's
        yield yaml.StreamStartEvent(MARK, MARK)
        for _ in text:
            yield yaml.SequenceStartEvent(None, None, True, MARK, MARK, flow_style=True)

    monkeypatch.setattr(yaml, "parse", parse)
    assert message(DEEP).endswith("nested too deeply")


@pytest.mark.parametrize(
    "text",
    ["- " * 3000, "".join(f"{' ' * n}a:\n" for n in range(300)), "? " * 3000, f"a:\n- {DEEP}"],
    ids=["lists", "keys", "question marks", "a list"],
)
def test_what_is_nested_without_brackets_is_refused_too(text: str) -> None:
    assert message(text).endswith("nested too deeply")
