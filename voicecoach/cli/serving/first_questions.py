"""The questions of ``init`` in the browser: the same interview, with its answers from a page.

The page sends all answers so far; the interview is asked anew with them, up to the first question
that has none. So nothing is kept here until it is whole.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from voicecoach import dates, letters, messages
from voicecoach.cli.interview import birth, fields, natural_voice
from voicecoach.cli.interview.questions import Asker, Reply
from voicecoach.content.clinical_state import CheckIn
from voicecoach.content.programme import Programme
from voicecoach.errors import StorageError
from voicecoach.letters import name_fault
from voicecoach.messages import Message, Words
from voicecoach.phone.web.door import Written
from voicecoach.profile import check_ins, client, editing, unfinished
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.profile import Told

_MOST_ANSWERS = 60
_MOST_LETTERS = 200


class _PendingError(Exception):
    """A question without an answer that can be understood."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        super().__init__(question["question"])
        self.question = question


class _Form(Asker):
    """Takes its answers from a page."""

    def __init__(self, answers: Sequence[str]) -> None:
        super().__init__(messages.words(messages.USUAL), goes_back=True)
        self._answers = answers
        self._at = 0
        self._shown: list[str] = []
        self.said = self._words
        """The language of the next question."""

    def show(self, text: str) -> None:
        """See :class:`Asker`."""
        if text.strip() != self.said("init.how"):  # how to type is no matter here
            self._shown.append(text.strip())

    def choice(
        self, question: str, labels: Sequence[str], enter: str, current: int | None = None
    ) -> int | None:
        """See :class:`Asker`."""
        asked = self._asked("choice", question, enter, labels=list(labels))
        typed = self._next(asked)
        if not typed:
            return None
        if not typed.isdecimal() or not 1 <= int(typed[:3]) <= len(labels):
            raise self._not_understood(asked, self.said("asking.not_a_number", most=len(labels)))
        return int(typed) - 1

    def yes_no(self, question: str, enter: str = "", *, can_stop: bool = False) -> Reply:
        """See :class:`Asker`."""
        asked = self._asked("yes_no", question, enter)
        typed = self._next(asked)
        if typed not in ("", "yes", "no"):
            raise self._not_understood(asked, self.said("asking.not_yes_no"))
        return {"yes": Reply.YES, "no": Reply.NO}.get(typed, Reply.NOTHING)

    def day(
        self, question: str, first: date, today: date, enter: str = "", *, is_needed: bool = False
    ) -> date | None:
        """See :class:`Asker`."""
        asked = self._asked("day", question, enter, first=str(first), last=str(today))
        typed = self._next(asked)
        if not typed and not is_needed:
            return None
        try:
            day = dates.parse_day(typed)
        except ValueError:
            raise self._not_understood(asked, self.said("asking.no_such_day")) from None
        if not first <= day <= today:
            first_day, last_day = self.said.day(first), self.said.day(today)
            fault = self.said("asking.day_outside", first=first_day, last=last_day)
            raise self._not_understood(asked, fault)
        return day

    def text(self, question: str, enter: str) -> str | None:
        """See :class:`Asker`."""
        asked = self._asked("text", question, enter)
        typed = letters.tidied(self._next(asked))
        if typed and name_fault(typed, self.said("script")) is not None:
            raise self._not_understood(asked, self.said("asking.not_text"))
        return typed or None

    def _asked(self, kind: str, question: str, enter: str, **more: Any) -> dict[str, Any]:
        skip = enter.removeprefix("Enter: ")
        yes, no = self.said("today.yes"), self.said("today.no")
        if skip in more.get("labels", (yes.lower(), no.lower())):
            skip = ""
        shown, self._shown = "\n".join(filter(None, self._shown)), []
        return {
            "kind": kind,
            "at": self._at,
            "question": question.strip(),
            "before": shown,
            "skip": skip[:1].upper() + skip[1:],
            "language": self.said.language,
            "yes": yes,
            "no": no,
            "back": self.said("start.back"),
            "next": self.said("start.next"),
            "error": "",
            **more,
        }

    def _next(self, asked: Mapping[str, Any]) -> str:
        if self._at >= len(self._answers):
            raise _PendingError(asked)
        self._at += 1
        return self._answers[self._at - 1].strip()

    def _not_understood(self, asked: Mapping[str, Any], error: str) -> _PendingError:
        return _PendingError({**asked, "error": error})


class _Interview(birth.Interview):
    """The interview of ``init``, with a form in place of the terminal."""

    def __init__(self, form: _Form, told: Told, today: date, programme: Programme) -> None:
        super().__init__(told, {}, None, today, programme, lambda told: None)
        self._form = form

    @property
    def _ask(self) -> Asker:
        self._form.said = self._words
        return self._form


def answer(folder: Path, today: date, programme: Programme, sent: Mapping[str, Any]) -> Written:
    """The next question after the answers ``sent``, or the profile written: 201, or 409 where there
    is one already. Raises ContentError, StorageError."""
    answers = sent.get("answers")
    said = messages.words(messages.USUAL)
    if client.exists(folder):
        return 409, {"error": said("start.exists")}
    if not isinstance(answers, list) or len(answers) > _MOST_ANSWERS:
        return 422, {"error": said("door.no_json")}
    if not all(isinstance(each, str) and len(each) <= _MOST_LETTERS for each in answers):
        return 422, {"error": said("door.no_json")}
    begun = unfinished.read(folder)
    told = fields.known(programme) if begun is None else begun.told
    form = _Form(answers)
    interview = _Interview(form, told, today, programme)
    try:
        interview.ask()
        interview.told |= _offer_voice(form, interview.told, today)
    except _PendingError as pending:
        return 422 if pending.question["error"] else 200, pending.question
    return _create(folder, interview.told, interview.of_today, today, programme)


def _offer_voice(form: _Form, told: Told, today: date) -> Told:
    """What she says to the natural voice of her language, if there is one to offer. It is fetched
    before her weeks are made."""
    profile = profile_profile.new_profile(told, today)
    voice = None if profile.natural_voice is not None else natural_voice.offered(profile)
    if voice is None:
        return {}
    form.said = messages.words(profile.language)
    form.show(natural_voice.about(voice, form.said))
    wants = form.yes_no(form.said("natural_voice.question")) is Reply.YES
    return {"natural_voice": wants}


def _create(
    folder: Path,
    told: Told,
    of_today: Mapping[str, bool | None],
    today: date,
    programme: Programme,
) -> Written:
    profile = profile_profile.new_profile(told, today)
    said: Words = messages.words(profile.language)
    faults = [message for _, message in profile_profile.faults(profile, told, today)]
    if faults:
        return 422, {"error": said.reworded(messages.lines(faults))}
    try:
        client.create(folder, profile, editing.unasked_keys(programme))
    except StorageError as error:
        if isinstance(error.message, Message) and error.message.key == "errors.profile_is_there":
            return 409, {"error": said("start.exists")}
        raise
    if any(answer is not None for answer in of_today.values()):
        on = max(today, profile.birth_date)
        pain, felt = of_today.get("pain"), of_today.get("felt")
        check_in = CheckIn(day=profile.day_of(on), pain=pain, felt=felt)
        after_birth = profile.is_after_birth
        check_ins.append(folder, on, check_in, profile.language, after_birth=after_birth)
    return 201, {"done": True}
