"""Profile -> the text of its file: new, or edited where a value changed. No I/O.

What its owner wrote besides (comments, order, quotes) stays byte for byte.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from voicecoach import messages
from voicecoach.content.programme import Programme
from voicecoach.content.questions import Question
from voicecoach.dates import shown_time
from voicecoach.errors import ContentError
from voicecoach.messages import Message, Words
from voicecoach.profile.profile import Profile
from voicecoach.yaml_nodes import Mapping, Node, Sequence

FORMAT = 1
_LINE = re.compile(
    r"""(?P<key>\s*(?:"[^"]*"|'[^']*'|[^\s:#"'{\[]+)[ \t]*:)
        (?P<gap>[ \t]*)
        (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[[^\]#]*\]|[^\s#"'\[](?:(?!\s+\#).)*?|)
        (?P<tail>[ \t]*|[ \t]+\#.*)""",
    re.VERBOSE,
)
"""A key and its value on one line."""
_DAY_ZERO = "day_zero"
"""The key of day 0 where it is not that of a birth: ``birth_date``."""
_ONLY_IF_ASKED = {
    "delivery": Question.DELIVERY,
    "face_up": Question.DELIVERY,
    "checked_on": Question.DELIVERY,
    "perineum": Question.PERINEUM,
    "catheter": Question.CATHETER,
    "catheter_out_on": Question.CATHETER,
    "floor": Question.FLOOR,
    "position": Question.POSITION,
    "sessions_a_day": Question.SESSIONS_A_DAY,
}
"""The keys that hold the answers to a question."""
_ONLY_WITH_CONTRACTIONS = {"cleared_on", "cleared_to", "long_holds"}
_LANGUAGE = "language"
_ITEM = re.compile(r"(?P<dash>\s*-[ \t]+)\S.*")


def values(profile: Profile) -> dict[str, str]:
    """The value of each key of the file, in the order of a new file."""
    return {
        "format": str(FORMAT),
        "birth_date" if profile.is_after_birth else _DAY_ZERO: _plain(profile.birth_date),
        "language": profile.language,
        "country": _plain(profile.country),
        "name": "" if profile.name is None else json.dumps(profile.name, ensure_ascii=False),
        "delivery": _plain(profile.delivery),
        "face_up": "" if profile.face_up is None else "yes" if profile.face_up else "no",
        "perineum": _plain(profile.perineum),
        "catheter": "yes" if profile.has_catheter else "no",
        "catheter_out_on": _plain(profile.catheter_out_on),
        "floor": _plain(profile.floor),
        "position": _plain(profile.position),
        "sessions_a_day": _plain(profile.sessions_a_day),
        "cleared_on": _plain(profile.cleared_on),
        "first_cleared_on": _plain(profile.first_cleared_on),
        "cleared_to": _plain(profile.cleared_to),
        "long_holds": "yes" if profile.long_holds else "no",
        "checked_on": _plain(profile.checked_on),
        "started": _plain(profile.started),
        "guidance": _plain(profile.guidance),
        "sport": json.dumps([f"{id_}={told}" for id_, told in profile.sport]),
        "sport_on": _plain(profile.sport_on),
        "leave_out": json.dumps(profile.leave_out, ensure_ascii=False),
        "voices": json.dumps(profile.voices, ensure_ascii=False),
        "natural_voice": {None: "", True: "yes", False: "no"}[profile.natural_voice],
        "times_of_day": json.dumps([shown_time(each) for each in profile.times_of_day]),
    }


def changed_keys(before: Profile, after: Profile) -> tuple[str, ...]:
    """The keys of the file whose values differ."""
    old = values(before)
    return tuple(key for key, value in values(after).items() if value != old[key])


def unasked_keys(programme: Programme) -> frozenset[str]:
    """The keys about what ``programme`` neither asks nor has any use for, or only some clients."""
    keys = {"first_cleared_on"}
    keys |= {"sport", "sport_on"} if programme.sport is None else set()
    keys |= {_LANGUAGE} if len(programme.translations) == 1 else set()
    keys |= {key for key, question in _ONLY_IF_ASKED.items() if question not in programme.questions}
    if not programme.training_steps and Question.CLEARED_ON not in programme.questions:
        keys |= _ONLY_WITH_CONTRACTIONS
    return frozenset(keys if programme.sign_groups else keys | {"country"})


def new_text(profile: Profile, unasked: Collection[str] = ()) -> str:
    """The text of a new file, with a comment above each key. Keys that are ``unasked`` are left
    out where nothing was told of them, except the language."""
    words = messages.words(profile.language)
    said, blank = values(profile), values(_blank(profile))
    return words.comment("profile.head") + "".join(
        _entry(key, value, words, _about(key, profile, unasked))
        for key, value in said.items()
        if key not in unasked or value != blank[key] or key == _LANGUAGE
    )


def _blank(profile: Profile) -> Profile:
    """A profile that says nothing, of the same days as ``profile``."""
    blank = Profile(birth_date=profile.birth_date, started=profile.started)
    return replace(blank, is_after_birth=profile.is_after_birth)


def edited(text: str, root: Mapping, before: Profile, after: Profile) -> str:
    """``text``, of which ``root`` was read as ``before``, changed so that it says ``after``.

    Raises ContentError where a value that has to change is written in a way that only its author
    can change.
    """
    wanted = values(after)
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    missing = ""
    for key in changed_keys(before, after):
        if key in root.items:
            _Value(key=key, node=root.items[key], line=root.keys[key].line - 1).put(
                lines, wanted[key], root
            )
        else:
            missing += _entry(key, wanted[key], messages.words(after.language), _about(key, after))
    if missing and lines and not lines[-1].endswith("\n"):
        missing = "\n" + missing
    return "".join(line or "" for line in lines) + missing.replace("\n", ending)


def _about(key: str, profile: Profile, unasked: Collection[str] = ()) -> str:
    """The name of the comment above ``key``, if there is one for such a client."""
    if key == _LANGUAGE and key in unasked:
        return "only_language"
    return key if profile.is_after_birth else f"{key}_for_anyone"


def _entry(key: str, value: str, words: Words, about: str) -> str:
    comment = f"profile.{about}" if f"profile.{about}" in words else f"profile.{key}"
    return f"\n{words.comment(comment)}{key}: {value}".rstrip(" ") + "\n"


def _plain(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """The place of the value of ``key``: from ``line`` on, counted from 0."""

    key: str
    node: Node
    line: int

    def put(self, lines: list[str], value: str, root: Mapping) -> None:
        """Puts ``value`` there. Lines that go become empty; the others keep their numbers."""
        content, ending = _split(lines[self.line])
        match = _LINE.fullmatch(content)
        if match is None:
            raise ContentError([root.keys[self.key].problem(by_hand(self.key, value))])
        if isinstance(self.node, Sequence) and not match["value"] and self.node.items:
            self._put_items(lines, value, root)
            if json.loads(value):
                return
        gap, tail = match["gap"] or " ", match["tail"]
        if not value:
            gap = gap if tail.strip() else ""
        elif not match["value"]:
            gap, tail = " ", gap[1:] + tail
        lines[self.line] = f"{match['key']}{gap}{value}{tail}{ending}"

    def _put_items(self, lines: list[str], value: str, root: Mapping) -> None:
        """Puts a list where its items stand below each other; those that stay keep their lines."""
        assert isinstance(self.node, Sequence)
        places = [item.place.line - 1 for item in self.node.items]
        dash = _ITEM.fullmatch(_split(lines[places[0]])[0])
        if dash is None or len(set(places)) < len(places):
            raise ContentError([root.keys[self.key].problem(by_hand(self.key, value))])
        old = {getattr(i.place, "line", 0): lines[i.place.line - 1] for i in self.node.items}
        texts = {getattr(i, "text", ""): old[i.place.line] for i in self.node.items}
        ending = _split(lines[places[0]])[1] or "\n"
        fresh = [
            texts.get(text, f"{dash['dash']}{json.dumps(text, ensure_ascii=False)}{ending}")
            for text in json.loads(value)
        ]
        for place in places:
            lines[place] = ""
        lines[places[0]] = "".join(fresh)


def _split(line: str) -> tuple[str, str]:
    content = line.rstrip("\r\n")
    return content, line[len(content) :]


def by_hand(key: str, value: str) -> str:
    """What to do where a value is written in a way that only its author can change."""
    return Message("errors.by_hand", key=key, value=value)
