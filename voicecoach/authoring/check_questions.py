"""Programme -> remarks on what it needs to know and does not ask. No I/O."""

from collections.abc import Iterator

from voicecoach.authoring.cases import Remark
from voicecoach.content.programme import Programme
from voicecoach.content.questions import GATES


def unasked(programme: Programme) -> Iterator[Remark]:
    """Answers that sessions are meant for and nobody is asked for; and, where contractions come
    after a birth, what must forbid them."""
    asked = {question.value for question in programme.questions}
    for session in programme.sessions:
        used = [*session.meant_for, *(["position"] if session.opening_for else [])]
        for question in dict.fromkeys(each for each in used if each not in asked):
            yield Remark(
                where=f"session {session.id}",
                message=f"it depends on {question}, which is not asked; name it under `questions`",
            )
    if programme.is_after_birth and programme.training_steps:
        lacking = [gate.value for gate in GATES if gate not in programme.questions]
        if lacking:
            yield Remark(
                where="programme.yaml",
                message=f"it has contractions after a birth, and does not ask about"
                f" {', '.join(lacking)}, which can forbid them; name them under `questions`",
            )
