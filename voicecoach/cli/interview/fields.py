"""Which fields of a profile a programme asks for, in what order. No I/O."""

from collections.abc import Iterator

from voicecoach import messages
from voicecoach.content.clinical_state import Delivery, Perineum
from voicecoach.content.programme import Programme
from voicecoach.content.questions import OF_A_CHECK, START, TODAY, Question
from voicecoach.messages import Message
from voicecoach.profile import editing
from voicecoach.profile.profile import Profile, Told

QUESTIONS = (
    "language",
    "birth_date",
    "name",
    "delivery",
    "face_up",
    "perineum",
    "has_catheter",
    "floor",
    "position",
    "sessions_a_day",
    "cleared_on",
    "checked_on",
    "started",
    "country",
)
"""The fields of a profile that are asked for, in order."""
GUESSED = frozenset({"country", "face_up", "checked_on"})
"""The fields that a profile is whole without."""
_BY_FIELD = {question.field: question for question in Question if question not in TODAY}


def fields_asked(programme: Programme, profile: Profile | None) -> tuple[str, ...]:
    """The fields that ``programme`` asks for, in order. Where her first day is day 1, she is asked
    for it once."""
    unasked = {field for field, each in _BY_FIELD.items() if each not in programme.questions}
    if programme.day_zero == START:
        unasked.add("started" if profile is None else "birth_date")
    if len(languages(programme)) == 1:
        unasked.add("language")
    if not programme.asks_for_a_check:
        unasked |= OF_A_CHECK
    if not programme.sign_groups:
        unasked.add("country")  # there is nothing to call about
    return tuple(field for field in QUESTIONS if field not in unasked)


def languages(programme: Programme) -> tuple[str, ...]:
    """Those of the program that ``programme`` speaks too, or all if it speaks none of them."""
    known = messages.languages()
    return tuple(each for each in known if each in programme.translations) or known


def known(programme: Programme) -> Told:
    """What ``programme`` says of a new profile."""
    told: Told = {} if programme.is_after_birth else {"is_after_birth": False}
    spoken = languages(programme)
    return told if len(spoken) > 1 else {**told, "language": spoken[0]}


def unfit(told: Told, programme: Programme) -> Iterator[tuple[str, Message]]:
    """A field that says a language ``programme`` does not speak or, where it is not about a birth,
    what it has no use for, so that no plan would heed it; and what is wrong with it."""
    spoken = languages(programme)
    if told.get("language", spoken[0]) not in spoken:
        known = ", ".join(spoken)
        yield "language", Message("errors.no_language", language=told["language"], known=known)
    unasked = set() if programme.is_after_birth else editing.unasked_keys(programme)
    unasked -= {"cleared_on"} if programme.may_be_stopped else set()
    for field in told:
        key = "catheter" if field == "has_catheter" else field
        if key in unasked - {"country", "language"}:
            yield field, Message("errors.not_of_this_programme")


def is_asked(field: str, told: Told, profile: Profile | None, programme: Programme) -> bool:
    """Whether the question about ``field`` is worth asking."""
    perineum = told.get("perineum", profile.perineum if profile else None)
    if field == "cleared_on" and perineum is not Perineum.OASI:
        return False  # only then contractions wait for it
    if field in OF_A_CHECK and not _is_worth_asking(field, told, profile):
        return False
    if field == "birth_date" and programme.day_zero == START and "started" in told:
        return False
    return field not in told and field in fields_asked(programme, profile)


def _is_worth_asking(field: str, told: Told, profile: Profile | None) -> bool:
    """Whether how her baby was born leaves open what keeps her at a low effort, or ends it."""
    delivery = told.get("delivery", profile.delivery if profile else None)
    face_up = told.get("face_up", profile.face_up if profile else None)
    if field == "face_up":
        return delivery is Delivery.VAGINAL
    return delivery is Delivery.ASSISTED or face_up is True
