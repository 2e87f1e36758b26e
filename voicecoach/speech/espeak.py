"""The built-in engine: eSpeak NG through pyttsx3, in a child process."""

from voicecoach.errors import SpeechError
from voicecoach.speech import wav
from voicecoach.speech.espeak_voices import data_folder
from voicecoach.speech.process import WorkerProcess
from voicecoach.speech.recording import Recording, Utterance

LIMIT_S = 30.0
"""Longest an utterance may take; a long sentence takes 0.03 s."""


class EspeakEngine:
    """Speaks with eSpeak NG. Each utterance is spoken by a process of its own, because the sound
    of an utterance depends on what that process said before."""

    def __init__(self) -> None:
        self._worker = WorkerProcess(
            "voicecoach.speech.espeak_worker", str(data_folder()), limit_s=LIMIT_S
        )

    def speak(self, utterance: Utterance) -> Recording:
        """Speaks ``utterance``, trying twice. Raises SpeechError that names it."""
        try:
            return self._speak(utterance)
        except SpeechError:
            try:
                return self._speak(utterance)
            except SpeechError as error:
                raise SpeechError(
                    f"the voice {utterance.voice.spec} could not say {utterance.text!r}: {error};"
                    " choose another with --voice, or run the command again"
                ) from error

    def _speak(self, utterance: Utterance) -> Recording:
        answer, wav_bytes = self._worker.ask(
            {
                "text": utterance.text,
                "voice": utterance.voice.name,
                "rate_wpm": utterance.rate_wpm,
            }
        )
        if answer["is_last"]:
            self._worker.stop()
        if answer["error"]:
            raise SpeechError(answer["error"])
        return wav.trimmed(wav.parse(wav_bytes, name="what eSpeak said"))
