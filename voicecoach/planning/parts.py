"""The blocks of a session -> its parts as they are done: sides, rounds, what is left. No I/O."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Exercise, Prescription, Round, Side, Sides
from voicecoach.content.programme import Programme
from voicecoach.content.session import Block, CircuitBlock, ExerciseBlock, Session, TalkBlock
from voicecoach.errors import NotInProgrammeError
from voicecoach.messages import Message
from voicecoach.planning.ladder import lowest
from voicecoach.planning.prescribed import applied

Prescribed = Collection[ClientPrescription]


def without(
    sessions: Iterable[Session], leave_out: Collection[str], *, is_prescribed: bool = False
) -> Iterator[Session]:
    """``sessions`` without the exercises that are left out: the optional ones or, as is prescribed,
    any; a session of which no exercise remains is not among them."""

    def is_done(block: ExerciseBlock) -> bool:
        return not ((block.is_optional or is_prescribed) and block.exercise in leave_out)

    for session in sessions:
        blocks: list[Block] = []
        for block in session.blocks:
            match block:
                case ExerciseBlock():
                    blocks += [block] if is_done(block) else []
                case CircuitBlock():
                    kept = tuple(filter(is_done, block.blocks))
                    blocks += [replace(block, blocks=kept)] if kept else []
                case TalkBlock():
                    blocks.append(block)
        left = replace(session, blocks=tuple(blocks))
        if left.is_exercise or not session.is_exercise:
            yield left


def refuse_to_leave_out(ids: Collection[str], programme: Programme) -> None:
    """Raises NotInProgrammeError for an exercise of ``programme`` that is not optional. What the
    programme does not have may be of another one."""
    blocks = [block for session in programme.sessions for block in session.exercise_blocks]
    known = ", ".join(dict.fromkeys(block.exercise for block in blocks if block.is_optional))
    for block in blocks:
        if block.exercise in ids and not block.is_optional:
            raise NotInProgrammeError(
                Message("errors.not_optional", exercise=block.exercise, known=known or "-")
            )


def parts_of(
    programme: Programme,
    block: Block,
    situation: Situation,
    days: tuple[int, int],
    prescribed: Prescribed = (),
) -> Iterator[TalkBlock | Prescription]:
    """``block`` as it is done: each round of a circuit, each side of an exercise; with what is
    ``prescribed`` for one client.

    Its doses are those of the first of ``days``, and in no number above any up to the last.
    """
    match block:
        case TalkBlock():
            yield block
        case ExerciseBlock():
            yield from _on_each_side(programme, block, situation, days, prescribed)
        case CircuitBlock():
            for number in range(1, block.rounds + 1):
                done = (
                    part
                    for each in block.blocks
                    for part in _on_each_side(programme, each, situation, days, prescribed)
                )
                for index, prescription in enumerate(done):
                    round_ = Round(
                        number=number,
                        count=block.rounds,
                        rest_ms=block.rest_ms,
                        is_start=index == 0,
                    )
                    sources = (*prescription.sources, *block.sources)
                    yield replace(prescription, round=round_, sources=sources)


def _on_each_side(
    programme: Programme,
    block: ExerciseBlock,
    situation: Situation,
    days: tuple[int, int],
    prescribed: Prescribed,
) -> Iterator[Prescription]:
    exercise = programme.exercises[block.exercise]
    prescription = _prescription(programme, block, situation, days)
    position = exercise.starting_position or _position_of_step(exercise, situation, days[0])
    for own in prescribed:
        if own.exercise == block.exercise:
            of_step = exercise.prescription_on(days[0]).dose
            prescription = applied(prescription, own, of_step)
            position = own.starting_position or position
    if position is not None:
        source = dict(programme.starting_position_sources)[position]
        prescription = replace(
            prescription,
            starting_position=programme.starting_positions[position],
            sources=(*prescription.sources, ("starting_position", source)),
        )
    match exercise.sides:
        case None:
            yield prescription
        case Sides.ALTERNATING:
            yield replace(prescription, alternates=True)
        case Sides.IN_TURN:
            for side in Side:
                yield replace(prescription, side=side, side_change_ms=exercise.side_change_ms)


def _position_of_step(exercise: Exercise, situation: Situation, day: int) -> str | None:
    """The starting position of the step of ``day``, for who did not say how she listens: whoever
    nurses or lies stays as she is."""
    return exercise.step_on(day).starting_position if situation.position is None else None


def _prescription(
    programme: Programme, block: ExerciseBlock, situation: Situation, days: tuple[int, int]
) -> Prescription:
    exercise = programme.exercises[block.exercise]
    step = exercise.step_on(days[0])
    missed = exercise.steps_between(*days)
    for other in programme.exercises.values():
        if other.continues == exercise.id:
            missed += other.steps_between(*days)
        if other.long_holds_of == exercise.id and situation.long_holds:
            missed += other.steps_between(*days)
            is_begun = other.steps[0].from_day <= days[0]
            step = other.step_on(days[0]) if is_begun else step
    prescription = step.prescription
    if exercise.asks_for_contractions:
        prescription = lowest(prescription, tuple(each.prescription for each in missed))
    return block.prescribed(prescription)
