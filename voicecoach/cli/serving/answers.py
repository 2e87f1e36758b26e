"""What a phone tells on today's page -> a line of the check-ins, and what is said in reply."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from voicecoach import countries, dates, environment, messages
from voicecoach.cli.interview import danger_signs, replies
from voicecoach.cli.interview import sport as about_sport
from voicecoach.cli.serving import first_questions
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.sport import Ability, SportQuestions
from voicecoach.errors import VoicecoachError
from voicecoach.messages import Words
from voicecoach.pack import safeguard
from voicecoach.phone.web import home as client_home
from voicecoach.phone.web.door import Write, Written
from voicecoach.phone.web.home import Found, Home
from voicecoach.phone.web.today_page import AFTER_BIRTH, questions_of
from voicecoach.planning import sport as planning_sport
from voicecoach.planning.asked import Asked
from voicecoach.profile import check_ins, client
from voicecoach.profile import profile as profile_profile
from voicecoach.profile import sent as profile_sent
from voicecoach.profile.client import Hers
from voicecoach.profile.profile import Profile
from voicecoach.profile.sent import Sent

_INSTEAD = ("build", "if_it_grows", "cleared_later", "cleared_since")
"""What a reply in a terminal says with a command, and the page says otherwise."""


class NotUnderstoodError(Exception):
    """What was sent is not what our page sends."""


class Answers:
    """Takes what phones tell about the client of ``home``."""

    def __init__(
        self, home: Home, note: Callable[[str], None], arrived: Callable[[], None]
    ) -> None:
        """``note`` receives warnings; ``arrived`` is called when something new was kept."""
        self._home = home
        self._note = note
        self._arrived = arrived

    @property
    def writes(self) -> Mapping[str, Write]:
        """What may be written, by its path."""
        return {
            "check-in": self._guarded(self._check_in),
            "clearance": self._guarded(self._clearance),
            "sport": self._guarded(self._sport),
            "voice": self._guarded(self._voice),
            "start": self._guarded(self._start, needs_profile=False),
        }

    def _guarded(
        self,
        write: Callable[[Mapping[str, Any]], tuple[int, dict[str, Any]]],
        *,
        needs_profile: bool = True,
    ) -> Write:
        def guarded(content: Mapping[str, Any]) -> Written:
            if needs_profile and not self._home.has_profile:
                return 409, {"error": self._said("today.no_profile")}
            try:
                status, answered = write(content)
            except NotUnderstoodError:
                return 422, {"error": self._said("door.no_json")}
            except VoicecoachError as error:
                return 503, {"error": self._said.error(error)}
            if status < 300 and answered.pop("is_new", False):
                self._arrived()
            return status, answered

        return guarded

    @property
    def _said(self) -> Words:
        return messages.words(client.language(self._home.folder) or messages.USUAL)

    def _start(self, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answered = first_questions.answer(
            self._home.folder,
            environment.today(),
            programme_reader.read(self._home.content),
            content,
        )
        return status, {**answered, "is_new": status == 201}

    def _check_in(self, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        found = client_home.find(self._home, self._note)
        by, on = _sent(content), _day(content, found.hers)
        told = [key for key in ("answers", "call", "takes_back") if key in content]
        if len(told) != 1:
            raise NotUnderstoodError
        if told == ["takes_back"]:
            return self._take_back(content["takes_back"], by, found)
        answers = (_answers if told == ["answers"] else _call)(content, found)
        profile, folder = found.hers.profile, self._home.folder
        check_in = CheckIn(day=profile.day_of(on), **answers)
        is_new = check_ins.append_sent(
            folder, on, check_in, profile.language, by, after_birth=profile.is_after_birth
        )
        return 200, {"lines": self._followed(found, check_in) if is_new else [], "is_new": is_new}

    def _take_back(self, key: object, by: Sent, found: Found) -> tuple[int, dict[str, Any]]:
        if not isinstance(key, str) or not profile_sent.KEY.fullmatch(key):
            raise NotUnderstoodError
        said, folder = self._said, self._home.folder
        if check_ins.is_sent(folder, by.key):
            return 200, {"lines": []}
        original = check_ins.find_sent(folder, key)
        can_be = original is not None and original[0].can_be_taken_back(by.at)
        if original is None or "call=yes" not in original[1] or not can_be:
            return 409, {"error": Asked(found.programme, said).worded("today.too_late")}
        check_ins.take_back(folder, key, found.hers.profile.language, by)
        safeguard.find(folder, [self._home.out], self._note)
        return 200, {"lines": [said("today.taken_back")], "is_new": True}

    def _clearance(self, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            on = dates.parse_day(str(content.get("on")))
        except ValueError:
            raise NotUnderstoodError from None
        today = environment.today()
        told = {"cleared_on": on}
        profile = client.read(self._home.folder, today)
        after = profile_profile.changed(profile, told, today)
        faults = [fault for _, fault in profile_profile.faults(after, told, today)]
        if faults:
            return 422, {"error": self._said.reworded(messages.lines(faults))}

        def change(before: Profile) -> Profile:
            return profile_profile.changed(before, told, today)

        client.change(self._home.folder, today, change, told)
        found = client_home.find(self._home, self._note)
        safeguard.apply(found.hers, self._home.folder, [self._home.out], self._note)
        lines = replies.outlook(found.programme, found.hers)[:-1]
        return 200, {"lines": _without_commands(lines), "is_new": True}

    def _sport(self, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        found = client_home.find(self._home, self._note)
        asked, profile, said = found.programme.sport, found.hers.profile, self._said
        if asked is None:
            raise NotUnderstoodError
        told, on = _abilities(content.get("answers"), asked), _day(content, found.hers)
        if profile.day_of(on) < planning_sport.opens_on(asked, profile.perineum):
            return 422, {"error": about_sport.too_early(asked, profile, said)}
        folder, keep = self._home.folder, about_sport.keeping(told, on)
        before, after = client.change(folder, found.hers.today, keep, ("sport", "sport_on"))
        now = replace(found.hers, profile=after)
        safeguard.apply(now, folder, [self._home.out], self._note)
        lines = list(about_sport.what_follows(asked, after, found.words, said))
        return 200, {"lines": lines, "is_new": after != before}

    def _voice(self, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Keeps the yes or no to the voice that is offered, once."""
        wants = content.get("wants")
        if type(wants) is not bool:
            raise NotUnderstoodError

        def change(before: Profile) -> Profile:
            return replace(before, natural_voice=wants) if before.natural_voice is None else before

        folder, today = self._home.folder, environment.today()
        before, after = client.change(folder, today, change, ("natural_voice",))
        said = self._said("natural_voice.yes" if after.natural_voice else "today.no_voice")
        return 200, {"lines": [said], "is_new": after != before}

    def _followed(self, found: Found, check_in: CheckIn) -> list[str]:
        """Withdraws what the answer forbids, and says what changes."""
        before, folder = found.hers, self._home.folder
        born, today = before.profile.birth_date, before.today
        now = check_ins.read(folder, born, today, lambda remark: None)
        after = replace(before, check_ins=now)
        safeguard.apply(after, folder, [self._home.out], self._note)
        return list(_reply(found, after, check_in))


def _reply(found: Found, after: Hers, check_in: CheckIn) -> Iterator[str]:
    ours = messages.words(after.profile.language)
    if check_in.red_flag:
        yield from replies.call_advice(found.programme, found.words)
    lines = replies.reply(found.programme, found.words, found.hers, after, check_in)
    instead = {ours(f"check_in.{key}"): ours(f"today.instead.{key}") for key in _INSTEAD}
    yield from _without_commands([instead.get(line, line) for line in lines])


def _without_commands(lines: list[str]) -> list[str]:
    return [line for line in lines if "voicecoach " not in line]


def _sent(content: Mapping[str, Any]) -> Sent:
    key, number = content.get("key"), content.get("number")
    if not isinstance(key, str) or profile_sent.KEY.fullmatch(key) is None:
        raise NotUnderstoodError
    if type(number) is not int or not 1 <= number <= profile_sent.MOST:
        raise NotUnderstoodError
    return Sent(key=key, number=number, at=datetime.now().replace(microsecond=0))


def _day(content: Mapping[str, Any], hers: Hers) -> date:
    """The day of the page that sent it."""
    try:
        on = dates.parse_day(str(content.get("day")))
    except ValueError:
        raise NotUnderstoodError from None
    if not hers.profile.birth_date <= on <= max(hers.today, hers.profile.birth_date):
        raise NotUnderstoodError
    return on


def _answers(content: Mapping[str, Any], found: Found) -> dict[str, bool]:
    """What is asked today, or was by the page before her programme changed."""
    given = content["answers"]
    known = {*AFTER_BIRTH, *questions_of(found.programme)}
    is_known = isinstance(given, dict) and given and given.keys() <= known
    if not is_known or any(type(value) is not bool for value in given.values()):
        raise NotUnderstoodError
    return dict(given)


def _abilities(given: object, asked: SportQuestions) -> dict[str, Ability]:
    if not isinstance(given, dict) or not given or not given.keys() <= set(asked.tests):
        raise NotUnderstoodError
    try:
        return {id_: Ability(each) for id_, each in given.items()}
    except ValueError:
        raise NotUnderstoodError from None


def _call(content: Mapping[str, Any], found: Found) -> dict[str, bool]:
    """The answer for a sign that was chosen and confirmed."""
    call = content["call"]
    if not isinstance(call, dict) or call.get("confirmed") is not True:
        raise NotUnderstoodError
    group, sign = call.get("group"), call.get("sign")
    if group not in countries.GROUPS or type(sign) is not int:
        raise NotUnderstoodError
    asked = Asked(found.programme, messages.words(found.hers.profile.language))
    if not 0 <= sign < len(asked.signs(group)):
        raise NotUnderstoodError
    return {"red_flag": True} if group in danger_signs.URGENT else {group: True}
