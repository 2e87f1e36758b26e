"""What `scripts/bench` measures: a cold build beside the bare work it cannot avoid.

All in one run on the same cores, so that the ratios mean something on any machine.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from voicecoach.audio import mix, recordings, signal
from voicecoach.audio.signal import DAY, SAMPLE_RATE_HZ, Recording
from voicecoach.cache import Cache
from voicecoach.cli import context
from voicecoach.cli.options import Weeks
from voicecoach.cli.terminal import TerminalReporter
from voicecoach.environment import cores
from voicecoach.pack.layout import plan_packs
from voicecoach.planning import plan
from voicecoach.planning.planned import PlannedSession
from voicecoach.rendering import job
from voicecoach.script import script, writer
from voicecoach.script.script import Script
from voicecoach.speech.speaker import Utterance

WEEKS = "1-6"
ROUNDS = 3
PLAIN_SESSION = "endurance"
BED = "brown"
BARE_PROGRAM = """
import click

@click.command()
@click.option("--name")
def main(name):
    \"\"\"A program of one command.\"\"\"

main()
"""


def bare_synthesis(utterances: list[Utterance], folder: str) -> None:
    """Speaks each text with pyttsx3 as its documentation says, in one warm process."""
    engine = _plain_engine(utterances[0])
    path = Path(folder) / f"{os.getpid()}.wav"
    for utterance in utterances:
        engine.setProperty("rate", utterance.rate_wpm)
        engine.save_to_file(utterance.text, str(path))
        engine.runAndWait()
        engine.proxy._module._espeak.Synchronize()  # or the next text would cut this one off


def bare_encoding(paths: list[str]) -> None:
    """Encodes files of samples, one after the other."""

    class Samples:
        frame_rate = SAMPLE_RATE_HZ
        channels = 1

        def __init__(self, path: str) -> None:
            self.raw_data = Path(path).read_bytes()

    for path in paths:
        mix.encode([Samples(path)])


def plain_script(laid_out: job.Sound, example: Utterance, out: Path) -> None:
    """What one would write first: speak every phrase, join with pydub, export with ffmpeg."""
    from pydub import AudioSegment

    engine = _plain_engine(example)
    track = AudioSegment.silent(0, frame_rate=SAMPLE_RATE_HZ)
    for event in laid_out.timeline.events:
        if not isinstance(event.sound, script.Say):
            continue
        track += AudioSegment.silent(max(0, event.start_ms - len(track)), frame_rate=SAMPLE_RATE_HZ)
        engine.save_to_file(event.sound.text, str(out / "phrase.wav"))
        engine.runAndWait()
        engine.proxy._module._espeak.Synchronize()
        track += AudioSegment.from_wav(out / "phrase.wav")
    track.export(out / "plain.mp3", format="mp3", bitrate=f"{signal.BIT_RATE_KBPS}k")


def _plain_engine(example: Utterance):
    from voicecoach.speech import espeak_worker
    from voicecoach.speech.espeak_voices import data_folder

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints each file name
    sys.argv[1:] = [str(data_folder())]
    espeak_worker._load()
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", example.voice.name)
    engine.setProperty("rate", example.rate_wpm)
    return engine


def in_processes(work, shares: list[tuple], jobs: int) -> float:
    """Seconds that ``work`` takes on ``shares``, process start and imports not counted."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.3] * jobs))
        start = time.perf_counter()
        for future in [pool.submit(work, *share) for share in shares]:
            future.result()
        return time.perf_counter() - start


def build(out: Path, cache: Path, jobs: int, language: str, *more: str) -> tuple[float, int]:
    """Seconds of a build from the command line, and the peak memory of its largest process."""
    command = [sys.executable, "-m", "voicecoach", "build", "--week", WEEKS]
    command += ["--language", language, "--out", str(out), "--jobs", str(jobs), *more]
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        env={**os.environ, "VOICECOACH_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("the build failed; run it by hand to see why")
    return time.perf_counter() - start, usage.ru_maxrss


def scripts_of(language: str, weeks: str) -> dict[PlannedSession, Script]:
    programme = context.open_programme(None)
    words = programme.translations[language]
    asked_weeks = plan.weeks_asked(programme, Weeks().convert(weeks, None, None))
    packs = plan_packs(programme, words, asked_weeks)
    sessions = dict.fromkeys(track.session for p in packs for track in p.tracks)
    return {session: writer.write(session, words) for session in sessions}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["practice"], help="a batch for many clients")
    parser.add_argument("--clients", type=int, default=1000, help="of the practice")
    parser.add_argument("--language", default="nl")
    parser.add_argument("--week", default=WEEKS, help="a week, some such as 1-6, or all")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--piper", metavar="VOICE", help="measure week 3 with this voice instead")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start would compile everything
    with tempfile.TemporaryDirectory() as name:
        if asked.what == "practice":
            import _bench_practice

            lines = _bench_practice.measure(Path(name), asked.clients)
        elif asked.piper:
            import _bench_piper

            lines = _bench_piper.measure(Path(name), asked.piper, asked.jobs)
        else:
            lines = measure(Path(name), asked.language, asked.week, asked.jobs)
        for line in lines:
            print(line, flush=True)


def measure(folder: Path, language: str, weeks: str, jobs: int):
    words = context.open_programme(None).translations[language]
    cache = Cache(root=folder / "cache")
    speaker = context.open_speaker(words, (), TerminalReporter().note, cache)
    scripts = scripts_of(language, weeks)
    week = ("--week", weeks)
    utterances = speaker.missing(scripts.values())

    program_s, bare_s = start_seconds()
    cold = [build(folder / "out", cache.root, jobs, language, *week)]
    again = min(build(folder / "out", cache.root, jobs, language, *week)[0] for _ in range(5))
    python = min(seconds_of("-c", "pass") for _ in range(5))

    sounds = [job.prepare(s, speaker.recorded(s), job.PLAIN_DAY) for s in scripts.values()]
    sounds.sort(key=lambda s: -s.timeline.duration_ms)
    minutes = sum(s.timeline.duration_ms for s in sounds) / 60_000
    paths = write_samples(sounds, cache, folder)
    shares = [(utterances[n::jobs], str(folder)) for n in range(jobs)]
    synthesis, encoding, without_bed, with_bed = [], [], [], []
    for _ in range(ROUNDS):  # in turns, because a machine's speed drifts
        synthesis.append(in_processes(bare_synthesis, shares, jobs))
        shutil.rmtree(folder / "out")
        shutil.rmtree(cache.root)
        cold.append(build(folder / "out", cache.root, jobs, language, *week))
        encoding.append(in_processes(bare_encoding, [([path],) for path in paths], jobs))
        for times, more in ((without_bed, ()), (with_bed, ("--bed", BED))):
            shutil.rmtree(folder / "out")
            shutil.rmtree(cache.root / "audio")
            times.append(build(folder / "out", cache.root, jobs, language, *week, *more)[0])

    synthesis_s, encoding_s = min(synthesis), min(encoding)
    cold_s = min(seconds for seconds, _ in cold)
    peak_mb = max(kib for _, kib in cold) / 1024
    amount = f"{len(utterances)} utterances, {minutes:.0f} min of sound"
    yield f"weeks {weeks}, {language}, {jobs} jobs: {amount}"
    yield f"{'bare synthesis':<44}{synthesis_s:9.2f} s"
    yield f"{'bare encoding':<44}{encoding_s:9.2f} s"
    yield f"{'cold build (best of ' + str(len(cold)) + ')':<44}{cold_s:9.2f} s"
    ratio = cold_s / (synthesis_s + encoding_s)
    yield f"{'cold build / bare work (at most 1.25)':<44}{ratio:9.2f}"
    yield f"{'rebuild without a change, beyond Python (< 0.5)':<47}{again - python:6.2f} s"
    yield f"{'--help / that of a bare click program (at most 2)':<49}{program_s / bare_s:4.2f}"
    yield f"{'peak memory of any process (< 200)':<44}{peak_mb:9.0f} MB"
    bed_ratio = min(with_bed) / min(without_bed)
    yield f"{'rendering with a bed / without (at most 1.5)':<44}{bed_ratio:9.2f}"
    if shutil.which("ffmpeg") is None:
        yield "plain script: not measured, ffmpeg is not installed"
        return
    chosen = next(s for s in sounds if s.timeline.session == PLAIN_SESSION)
    plain_s = in_processes(plain_script, [(chosen, utterances[0], folder)], 1) / (
        chosen.timeline.duration_ms / 60_000
    )
    yield f"{'plain script, per minute of sound':<44}{plain_s:9.3f} s"
    yield f"{'cold build, per minute of sound':<44}{cold_s / minutes:9.3f} s"
    yield f"{'plain script / cold build (at least 6)':<44}{plain_s / (cold_s / minutes):9.1f}"


def write_samples(sounds: list[job.Sound], cache: Cache, folder: Path) -> list[str]:
    """Files with the samples of ``sounds``, as the encoder gets them."""
    paths = []
    for index, prepared in enumerate(sounds):
        keys = prepared.recording_keys

        def recording_of(text: str, keys: dict[str, str] = keys) -> Recording:
            path = cache.recording(keys[text])
            data = cache.read(path)
            assert data is not None, f"{path} is gone"
            return recordings.parse(data, name=str(path))

        mixed = mix.mix(prepared.timeline, recording_of, DAY)
        path = folder / f"{index}.pcm"
        path.write_bytes(b"".join(block.raw_data for block in mixed))
        paths.append(str(path))
    return paths


def start_seconds() -> tuple[float, float]:
    """How long ``--help`` takes, and that of a bare click program, with bytecode cached."""
    times = [
        (seconds_of("-m", "voicecoach", "--help"), seconds_of("-c", BARE_PROGRAM, "--help"))
        for _ in range(15)  # in turns, because a machine's speed drifts
    ]
    return min(program for program, _ in times), min(bare for _, bare in times)


def seconds_of(*arguments: str) -> float:
    """How long Python takes from its start to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
