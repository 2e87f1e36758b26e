"""Makes the packs of this week and the next while they are served, as ``checkin`` does."""

import click

from voicecoach import environment, messages
from voicecoach.cli.interview import natural_voice
from voicecoach.cli.terminal import SilentReporter
from voicecoach.errors import SpeechError, VoicecoachError
from voicecoach.messages import Message
from voicecoach.pack import build, manifest, places, safeguard
from voicecoach.phone.web import home as client_home
from voicecoach.phone.web.home import Found, Home
from voicecoach.phone.web.upkeep import Told
from voicecoach.planning import plan
from voicecoach.profile.profile import Profile
from voicecoach.rendering.renderer import Renderer


def make(home: Home, told: Told) -> None:
    """Makes what is missing of the client's week and the next, and makes again what is not as it
    would be made now; says so to ``told``, also what cannot be made."""
    try:
        found = client_home.find(home, told.note)
        fetch_voice(found.hers.profile, told)
        _make(home, found, told)
    except VoicecoachError as error:
        told.note(error.message)


def fetch_voice(profile: Profile, told: Told) -> None:
    """Installs the natural voice that the client said yes to, unless it is here. Where that fails,
    it says why, and another voice speaks until the next time."""
    voice = natural_voice.offered(profile) if profile.natural_voice else None
    if voice is None:
        return
    said = messages.words(profile.language)
    try:
        natural_voice.install(voice, said, None, told)
    except SpeechError as error:
        told.note(error.message)
    except click.exceptions.Exit:
        pass  # the script that was to do it has said why it could not
    else:
        told.made(natural_voice.is_here(voice, said))


def _make(home: Home, found: Found, told: Told) -> None:
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
