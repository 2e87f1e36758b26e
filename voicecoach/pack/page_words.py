"""What the page of a pack says itself, in each language it knows. No I/O."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingWords:
    """What the page writes while it is used; ``{…}`` is filled in by its script."""

    today: str
    choose: str
    """In place of a day, until she chose one."""
    choose_day: str
    this_day: str
    before: str
    """Her day lies before those of the pack."""
    after: str
    """Her day lies after those of the pack."""
    show_day: str
    sessions: str
    one_session: str
    minutes: str
    one_minute: str
    next: str
    all_done: str
    play: str
    pause: str
    done: str
    playing: str
    place: str
    """Where a session was left; ``{time}`` as on a clock."""
    minutes_left: str
    minute_left: str
    almost_done: str
    rep: str
    set_and_rep: str
    breath: str
    inhale: str
    exhale: str
    ready: str
    """Before the first tighten tone of a set."""
    hold: str
    release: str
    rest: str
    range: str
    """What a screen reader says of the place in a session."""
    slept: str
    ended: str
    waiting: str
    failed: str
    failed_here: str
    """Where the page was opened from a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What stands on the page from the beginning."""

    language: str
    day: str
    player: str
    back: str
    forward: str
    place: str
    sleep: str
    sleep_off: str
    sleep_minutes: str
    sleep_end: str
    more: str
    play_on: str
    restart: str
    reload: str
    chapters: str
    safety: str
    week: str
    keep: str
    keep_why: tuple[str, ...]
    download: str
    one_day: str
    days_in_a_row: str
    some_days: str
    minutes: str
    no_script: str
    moving: MovingWords


_DUTCH = PageWords(
    language="nl",
    day="Vandaag is",
    player="Speler",
    back="10 seconden terug",
    forward="10 seconden vooruit",
    place="Plek in de sessie",
    sleep="Slaaptimer",
    sleep_off="Uit",
    sleep_minutes="Na {minutes} minuten",
    sleep_end="Na deze sessie",
    more="Meer",
    play_on="Speel daarna de volgende",
    restart="Begin opnieuw",
    reload="Laad opnieuw",
    chapters="Delen van deze sessie",
    safety="Wanneer stop je, wanneer bel je?",
    week="De hele week",
    keep="Bewaar op je telefoon",
    keep_why=(
        "Gaat de laptop straks uit? Bewaar de sessies dan nu op je telefoon. Tik op een sessie.",
        "Je vindt ze daarna bij je downloads. Daar spelen ze altijd, ook zonder wifi.",
    ),
    download="Bewaar",
    one_day="dag {day}",
    days_in_a_row="dag {first} tot en met {last}",
    some_days="dag {days}",
    minutes="{minutes} min",
    no_script="Deze pagina doet meer als JavaScript aanstaat. Luisteren kan ook zo.",
    moving=MovingWords(
        today="Vandaag",
        choose="kies de dag",
        this_day="dag {day}",
        choose_day="Kies welke dag het is. Daarna telt de pagina zelf verder.",
        before="Je bent nu op dag {day}. De sessies van deze week zijn er pas vanaf dag {first}."
        " Kies tot die tijd de week ervoor.",
        after="Je bent nu op dag {day}. Deze week ging tot en met dag {last}. Open de week van nu,"
        " of doe nog even wat je al kent.",
        show_day="Laat dag {day} zien",
        sessions="{count} sessies",
        one_session="1 sessie",
        minutes="{minutes} minuten",
        one_minute="1 minuut",
        next="Nu aan de beurt",
        all_done="Klaar voor vandaag. Rust maar lekker uit.",
        play="Speel: {title}",
        pause="Pauze",
        done="gedaan",
        playing="speelt nu",
        place="verder bij {time}",
        minutes_left="nog {minutes} minuten",
        minute_left="nog 1 minuut",
        almost_done="nog minder dan een minuut",
        rep="Keer {rep} van {reps}",
        set_and_rep="Ronde {set} van {sets}, keer {rep} van {reps}",
        breath="Ademhaling {rep} van {reps}",
        inhale="Adem in",
        exhale="Adem uit",
        ready="Zo meteen",
        hold="Span aan",
        release="Laat los",
        rest="Rust",
        range="{at} van {all}",
        slept="De slaaptimer heeft de sessie op pauze gezet.",
        ended="Deze sessie is klaar.",
        waiting="Het geluid is nog niet binnen. Even wachten op de laptop.",
        failed="Het geluid komt niet. Staat de laptop aan, en zit je op hetzelfde wifi? Laad de"
        " pagina dan opnieuw. Heb je de sessie bewaard? Dan staat hij bij je downloads.",
        failed_here="Het geluid komt niet. Staan de mp3-bestanden nog in dezelfde map als deze"
        " pagina? Laad de pagina dan opnieuw.",
    ),
)
_ENGLISH = PageWords(
    language="en",
    day="Today is",
    player="Player",
    back="Back 10 seconds",
    forward="Forward 10 seconds",
    place="Place in the session",
    sleep="Sleep timer",
    sleep_off="Off",
    sleep_minutes="After {minutes} minutes",
    sleep_end="After this session",
    more="More",
    play_on="Then play the next one",
    restart="Begin again",
    reload="Reload",
    chapters="Parts of this session",
    safety="When to stop, and when to call",
    week="The whole week",
    keep="Keep on your phone",
    keep_why=(
        "Is the laptop going off soon? Keep the sessions on your phone now. Tap a session.",
        "You will find them in your downloads. There they always play, even without wifi.",
    ),
    download="Keep",
    one_day="day {day}",
    days_in_a_row="days {first} to {last}",
    some_days="days {days}",
    minutes="{minutes} min",
    no_script="This page does more with JavaScript on. You can listen without it, too.",
    moving=MovingWords(
        today="Today",
        choose="choose the day",
        this_day="day {day}",
        choose_day="Choose which day it is. From then on the page counts by itself.",
        before="You are on day {day} now. The sessions of this week begin on day {first}. Until"
        " then, choose the week before.",
        after="You are on day {day} now. This week ended on day {last}. Open the week you are in,"
        " or do once more what you know.",
        show_day="Show day {day}",
        sessions="{count} sessions",
        one_session="1 session",
        minutes="{minutes} minutes",
        one_minute="1 minute",
        next="Up next",
        all_done="All done for today. Have a good rest.",
        play="Play: {title}",
        pause="Pause",
        done="done",
        playing="playing now",
        place="go on at {time}",
        minutes_left="{minutes} minutes left",
        minute_left="1 minute left",
        almost_done="less than a minute left",
        rep="Repetition {rep} of {reps}",
        set_and_rep="Set {set} of {sets}, repetition {rep} of {reps}",
        breath="Breath {rep} of {reps}",
        inhale="Breathe in",
        exhale="Breathe out",
        ready="Get ready",
        hold="Tighten",
        release="Let go",
        rest="Rest",
        range="{at} of {all}",
        slept="The sleep timer has paused the session.",
        ended="This session is finished.",
        waiting="The sound is not here yet. Waiting for the laptop.",
        failed="The sound does not come. Is the laptop on, and are you on the same wifi? Then"
        " reload this page. Did you keep the session? Then it is in your downloads.",
        failed_here="The sound does not come. Are the MP3 files still in the same folder as this"
        " page? Then reload it.",
    ),
)
_WORDS = {words.language: words for words in (_DUTCH, _ENGLISH)}


def page_words(language: str) -> PageWords:
    """The words in ``language``, or in English where there are none in it."""
    return _WORDS.get(language, _ENGLISH)
