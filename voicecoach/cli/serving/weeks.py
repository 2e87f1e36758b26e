"""Makes the packs of this week and the next while they are served, as ``checkin`` does."""

from voicecoach import environment
from voicecoach.cli.terminal import SilentReporter
from voicecoach.errors import VoicecoachError
from voicecoach.messages import Message
from voicecoach.pack import build, manifest, places, safeguard
from voicecoach.phone.web import home as client_home
from voicecoach.phone.web.home import Home
from voicecoach.phone.web.upkeep import Told
from voicecoach.planning import plan
from voicecoach.rendering.renderer import Renderer


def make(home: Home, told: Told) -> None:
    """Makes what is missing of the client's week and the next, and makes again what is not as it
    would be made now; says so to ``told``, also what cannot be made."""
    try:
        _make(home, told)
    except VoicecoachError as error:
        told.note(error.message)


def _make(home: Home, told: Told) -> None:
    found = client_home.find(home, told.note)
    weeks = plan.weeks_from(found.programme, found.hers.week)
    own = {} if found.is_built_in else {found.programme.name: found.content}
    places.remember(home.folder, home.out, own)
    judge = safeguard.apply(found.hers, home.folder, [home.out], told.note)
    known = places.read(home.folder)
    packs = manifest.find_packs(home.out, told.note)
    there = [p for p in packs if p.slug == found.slug and p.manifest.week in weeks]
    wrong = build.wrong_packs(judge, known.outs, weeks)
    others = [p for p in wrong if p.folder.resolve() not in {q.folder.resolve() for q in there}]
    wanted = [*build.missing_packs(home.out, found.pattern, weeks), *there, *others]
    jobs = environment.cores()
    with Renderer(jobs, told) as renderer, Renderer(1, SilentReporter()) as greeter:
        built = build.remake(wanted, judge, known, (renderer, greeter), told.note)
    names = ", ".join(dict.fromkeys(pack.folder.name for pack in built if pack.changed))
    if names:
        told.made(Message("upkeep.made", packs=names))
    safeguard.find(home.folder, [home.out], told.note)  # she may have told more meanwhile
