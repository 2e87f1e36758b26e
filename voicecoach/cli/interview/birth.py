"""The interview of ``voicecoach init``: asks for what goes into a profile and was not told yet."""

from collections.abc import Callable, Mapping
from datetime import date

from voicecoach import countries, messages
from voicecoach.cli.interview.fields import GUESSED, QUESTIONS, is_asked, languages
from voicecoach.cli.interview.questions import Asker, BackError, Reply
from voicecoach.content.programme import Programme
from voicecoach.content.questions import CHOICES, START, TODAY, Question
from voicecoach.messages import Words
from voicecoach.planning.asked import Asked
from voicecoach.profile.profile import Profile, Told, first_birth_date, first_start, new_profile


class Interview:
    """Asks one question after the other. Enter leaves a field as it is in ``profile``, or to the
    meaning of Enter that is shown."""

    def __init__(
        self,
        told: Told,
        of_today: Mapping[str, bool | None],
        profile: Profile | None,
        today: date,
        programme: Programme,
        keep: Callable[[Told], None],
    ) -> None:
        """``told`` and ``of_today`` are not asked again. ``keep`` receives all that was told after
        each answer."""
        self.told = dict(told)
        self.of_today = dict(of_today)
        self._profile = profile
        self._today = today
        self._programme = programme
        self._keep = keep
        self._asked: list[str] = []
        """The questions asked so far, in order."""
        self._progress = ""
        self._questions: dict[str, Callable[[], None]] = {
            "language": self._language,
            "birth_date": self._birth_date,
            "name": self._name,
            "delivery": lambda: self._one_of(Question.DELIVERY),
            "face_up": self._face_up,
            "perineum": lambda: self._one_of(Question.PERINEUM),
            "has_catheter": self._catheter,
            "floor": lambda: self._one_of(Question.FLOOR),
            "position": lambda: self._one_of(Question.POSITION),
            "sessions_a_day": self._sessions_a_day,
            "cleared_on": lambda: self._day_of("cleared_on"),
            "checked_on": lambda: self._day_of("checked_on"),
            "started": self._started,
            "country": self._country,
            "pain": lambda: self._about_today(Question.PAIN_TODAY),
            "felt": lambda: self._about_today(Question.FELT_TODAY),
        }

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to ask that the profile needs."""
        return not set(self._left()) & set(QUESTIONS) - GUESSED

    def ask(self) -> None:
        """Asks what is left."""
        says_how = True
        while left := self._left():
            field, number = left[0], len(self._asked) + 1
            total = number - 1 + len(left)
            self._progress = self._words("asking.progress", number=number, total=total)
            try:
                self._questions[field]()
            except BackError:
                if self._asked:
                    self._forget(self._asked.pop())
                continue
            self._asked.append(field)
            self._keep(self.told)
            if says_how:
                self._ask.show(f"\n{self._words('init.how')}")
                says_how = False

    def _left(self) -> list[str]:
        of_today = [each.field for each in TODAY if each in self._programme.questions]
        fields = QUESTIONS if self._profile else (*QUESTIONS, *of_today)
        return [field for field in fields if field not in self._asked and self._may_come(field)]

    def _may_come(self, field: str) -> bool:
        """Whether ``field`` is to be asked, as far as can be said before other questions."""
        if field not in QUESTIONS:  # one of today
            return self.of_today.get(field) is None
        if field == "cleared_on" and not {"perineum"} & {*self.told, *self._asked}:
            return field not in self.told and Question.CLEARED_ON in self._programme.questions
        if field == "started" and self._is_born_today:
            return False  # she begins tomorrow
        return is_asked(field, self.told, self._profile, self._programme)

    @property
    def _is_born_today(self) -> bool:
        born = self.told.get("birth_date", self._profile.birth_date if self._profile else None)
        return born is not None and first_start(born, self._today) > self._today

    def _forget(self, field: str) -> None:
        if field == "birth_date" and self._programme.day_zero == START:
            field = "started"  # which her first day was kept as
        self.told.pop(field, None)
        self.of_today.pop(field, None)

    @property
    def _words(self) -> Words:
        usual = self._profile.language if self._profile else messages.USUAL
        return messages.words(self.told.get("language") or usual)

    @property
    def _ask(self) -> Asker:
        return Asker(self._words, goes_back=True)

    @property
    def _birth(self) -> date:
        if "birth_date" in self.told or self._profile is None:
            return new_profile(self.told, self._today).birth_date
        return self._profile.birth_date

    @property
    def _wording(self) -> Asked:
        return Asked(self._programme, self._words)

    def _question(self, key: str, question: str = "") -> str:
        """The text of ``key``, or the programme's own words for ``question``."""
        return f"{self._progress}. {self._wording.question(question, key)}"

    def _enter(self, key: str) -> str:
        return self._words("init.keep" if self._profile else key)

    def _put(self, field: str, value: object | None) -> None:
        """Notes an answer. Where there is no profile yet, Enter is one too."""
        if value is not None or self._profile is None:
            self.told[field] = value

    def _language(self) -> None:
        known = languages(self._programme)
        now = self._profile.language if self._profile else messages.USUAL
        each = [messages.words(language) for language in known]
        question = " / ".join(words("init.language") for words in each)
        labels = [words("name") for words in each]
        usual = messages.words(now)
        chosen = self._ask.choice(
            f"{self._progress}. {question}", labels, f"Enter: {usual('name')}"
        )
        self.told["language"] = now if chosen is None else known[chosen]

    def _country(self) -> None:
        codes = countries.codes()
        labels = [self._words(f"whom.{code}.name") for code in codes]
        now = self._profile.country if self._profile else None
        guess = codes.index(now or countries.guessed(self._words.language))
        enter = self._words("init.keep") if self._profile else f"Enter: {labels[guess]}"
        chosen = self._ask.choice(
            self._question("init.country"), labels, enter, guess if self._profile else None
        )
        if self._profile is None and chosen is None:
            chosen = guess
        self._put("country", None if chosen is None else codes[chosen])

    def _birth_date(self) -> None:
        is_new, is_start = self._profile is None, self._programme.day_zero == START
        first = first_birth_date(self._today)
        enter = self._words("init.started_enter" if is_start else "init.keep")
        question = f"{self._progress}. {self._wording.day_zero.question}"
        is_needed = is_new and not is_start
        day = self._ask.day(
            question, first, self._today, "" if is_needed else enter, is_needed=is_needed
        )
        if is_start:
            self.told["started"] = day or self._today
        else:
            self._put("birth_date", day)

    def _name(self) -> None:
        self._put("name", self._ask.text(self._question("init.name"), self._enter("init.skip")))

    def _one_of(self, question: Question) -> None:
        values, field = list(CHOICES[question]), question.field
        now = getattr(self._profile, field) if self._profile else None
        chosen = self._ask.choice(
            self._question(f"init.choices.{field}", question),
            self._wording.labels(question),
            self._enter("init.unknown"),
            None if now is None else values.index(now),
        )
        self._put(field, None if chosen is None else values[chosen])

    def _catheter(self) -> None:
        question = "\n" + self._question("init.catheter", Question.CATHETER)
        reply = self._ask.yes_no(question, self._enter("init.catheter_enter"))
        if reply is not Reply.NOTHING or self._profile is None:
            self.told["has_catheter"] = reply is Reply.YES

    def _sessions_a_day(self) -> None:
        now = self._profile.sessions_a_day if self._profile else None
        chosen = self._ask.choice(
            self._question("init.sessions_a_day", Question.SESSIONS_A_DAY),
            self._words.texts("init.sessions_labels"),
            self._enter("init.sessions_enter"),
            None if now is None else now - 1,
        )
        self._put("sessions_a_day", None if chosen is None else chosen + 1)

    def _face_up(self) -> None:
        reply = self._ask.yes_no("\n" + self._question("init.face_up"), self._enter("init.unknown"))
        self._put("face_up", None if reply is Reply.NOTHING else reply is Reply.YES)

    def _day_of(self, field: str) -> None:
        """The day of a clinician's word, which may not have come yet."""
        question, enter = (
            self._question(f"init.days.{field}", field),
            self._enter("init.cleared_enter"),
        )
        self._put(field, self._ask.day(question, self._birth, self._today, enter))

    def _started(self) -> None:
        question, enter = self._question("init.started"), self._enter("init.started_enter")
        day = self._ask.day(question, self._birth, self._today, enter)
        self._put("started", day or (None if self._profile else self._today))

    def _about_today(self, question: Question) -> None:
        field = question.field
        asked = self._question(f"init.of_today.{field}", question)
        reply = self._ask.yes_no(f"\n{asked}", self._words("init.skip"))
        self.of_today[field] = None if reply is Reply.NOTHING else reply is Reply.YES
