"""The options of ``voicecoach prescribe`` and the answers to its questions -> prescription.yaml."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from voicecoach import environment
from voicecoach.authoring import prescription_page
from voicecoach.cli import context
from voicecoach.cli.interview import questions
from voicecoach.cli.interview.prescription_questions import Given, asked, option, tidied
from voicecoach.cli.interview.questions import Asker
from voicecoach.cli.options import client_words
from voicecoach.cli.terminal import TerminalReporter, say
from voicecoach.content.clinical_state import Perineum
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import StorageError
from voicecoach.messages import Message, Words
from voicecoach.pack import safeguard
from voicecoach.planning import gates, prescribed_limits
from voicecoach.profile import client, prescription_file
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.client import Hers
from voicecoach.profile.prescription import Entry, Prescriptions


def tell(
    given: Given,
    programme_folder: Path,
    *,
    clear_to: int | None,
    ends: bool,
    report: Path | None,
    asks_nothing: bool,
) -> None:
    """Writes what is ``given``, or asked, for an exercise of the programme in ``programme_folder``;
    ``clear_to`` is the step up to which she is cleared. Then makes packs right, and writes the
    ``report``.

    Raises ContentError, NotInProgrammeError, StorageError, UsageError.
    """
    folder, today, said = Path(), environment.today(), client_words()
    reporter = TerminalReporter(said)
    hers = client.find(folder, reporter.note, today)
    if hers is None:
        raise StorageError(Message("errors.no_profile", file=client.FILE))
    programme = programme_reader.read(programme_folder)
    client.refuse_other(programme, hers.profile)
    if ends:
        _refuse_with_end(given, clear_to)
        change = _ending(given.get("exercise"), hers, said)
    elif given or (clear_to is None and report is None):
        asker = Asker(said) if questions.can_ask() and not asks_nothing else None
        entry = _entry(given, programme, hers, asker, said)
        change = _writing(entry, programme, hers, said)
    else:
        change = None
    told = _cleared(clear_to, programme, hers)
    if change is not None or told:
        _change(folder, programme, hers, change or _nothing, told, refuses=not ends)
        _follow(folder, programme, told, reporter, said)
    if report is not None:
        now = client.find(folder, reporter.note, today)
        assert now is not None  # it was read before
        prescription_page.write(report, programme, now)
        say(said("prescribe.reported", file=report))


Change = Callable[[Prescriptions], Prescriptions]


def _nothing(prescriptions: Prescriptions) -> Prescriptions:
    return prescriptions


def _refuse_with_end(given: Given, clear_to: int | None) -> None:
    if given.keys() - {"exercise"} or clear_to is not None:
        raise click.UsageError(Message("errors.end_alone"))


def _ending(exercise: str | None, hers: Hers, said: Words) -> Change:
    running = hers.prescriptions.running(hers.today)
    if not any(exercise in (None, each.exercise) for each in running):
        raise click.UsageError(Message("errors.nothing_to_end"))
    say(said("prescribe.ended", file=prescription_file.FILE))
    return lambda prescriptions: prescriptions.ended(hers.today, exercise)


def _writing(entry: Entry, programme: Programme, hers: Hers, said: Words) -> Change:
    faults = [
        Message("errors.of_option", option=option(key), message=message)
        for key, message in entry.faults()
    ]
    if entry.from_date < hers.profile.birth_date:
        birth_date = hers.profile.birth_date
        message = Message("errors.before_birth", day=entry.from_date, birth_date=birth_date)
        faults.append(Message("errors.of_option", option="--from", message=message))
    if entry.until < hers.today:
        message = Message("errors.until_is_over", day=entry.until)
        faults.append(Message("errors.of_option", option="--until", message=message))
    if faults:
        raise click.UsageError(faults[0])
    return lambda prescriptions: prescriptions.replaced(entry)


def _cleared(clear_to: int | None, programme: Programme, hers: Hers) -> Given:
    """What her profile says of the clearance up to a step: from today where something stopped her,
    or her tear waits for it; else her steps go on, no higher than that."""
    if clear_to is None:
        return {}
    most = len(programme.training_steps)
    if clear_to > most:
        raise click.UsageError(Message("errors.no_such_step", step=clear_to, most=most))
    stopped = any(last is None for _, last in gates.stops(programme, hers.situation))
    waits = hers.profile.perineum is Perineum.OASI and hers.profile.cleared_on is None
    is_new = stopped or waits
    return {"cleared_to": clear_to, **({"cleared_on": hers.today} if is_new else {})}


def _change(
    folder: Path, programme: Programme, hers: Hers, change: Change, told: Given, *, refuses: bool
) -> None:
    """Writes the prescriptions, then the clearance: without these nothing is opened."""

    def cleared(profile: profile_profile.Profile) -> profile_profile.Profile:
        return profile_profile.changed(profile, told, hers.today)

    after = replace(hers, profile=cleared(hers.profile), prescriptions=change(hers.prescriptions))
    if refuses:
        faults = prescribed_limits.faults(programme, after.situation, is_new=True)
        prescription_file.refuse(folder, after.prescriptions, faults)
    prescription_file.change(folder, hers.profile.language, change)
    if told:
        client.change(folder, hers.today, cleared, told)


def _follow(
    folder: Path, programme: Programme, told: Given, reporter: TerminalReporter, said: Words
) -> None:
    """Makes packs follow, and says what is prescribed from now on."""
    hers = client.find(folder, reporter.note, environment.today())
    assert hers is not None  # it was read before
    judge = safeguard.apply(hers, folder, [], reporter.note)
    words = programme.words_in(hers.profile.language)
    for entry in hers.prescriptions.running(hers.today):
        say(prescription_page.in_a_line(entry, words, said))
    is_shut = bool(programme.training_steps) and gates.is_shut(programme, hers.situation)
    if told:
        key = "prescribe.cleared_but_shut" if is_shut else "prescribe.cleared"
        say(said(key, step=told["cleared_to"]))
    elif is_shut:
        say(said("prescribe.suspended"))
    say(said("prescribe.next"))
    context.remake(judge, [], reporter, (hers.week, hers.week + 1))


def _entry(
    given: Given, programme: Programme, hers: Hers, asker: Asker | None, said: Words
) -> Entry:
    """What is given, with what is asked where somebody can answer."""
    given = {key: tidied(key, value) for key, value in given.items()}
    if not given and asker is None:
        raise click.UsageError(Message("errors.say_what_is_prescribed"))
    if asker is not None:
        given |= asked(given, programme, hers, asker, said)
    missing = [option(key) for key in ("until", "by") if not given.get(key)]
    if missing:
        raise click.UsageError(Message("errors.prescription_needs", options=", ".join(missing)))
    exercise = given.get("exercise") or _main_exercise(programme)
    entry: Given = {"from_date": hers.today, **given, "exercise": exercise}
    return Entry(**entry, programme=programme.name)


def _main_exercise(programme: Programme) -> str:
    if programme.main_exercise is not None:
        return programme.main_exercise
    if len(programme.exercises) == 1:
        return next(iter(programme.exercises))
    known = ", ".join(programme.exercises)
    raise click.UsageError(Message("errors.which_exercise", known=known))
