"""The text of an utterance -> the name of the file that holds its recording."""

import functools
import hashlib
import re
import unicodedata

SUFFIXES = (".wav", ".flac", ".m4a", ".mp3")
"""What recordings may end in. Of two recordings of one utterance, the one that stands first here
is taken: what loses nothing before what does, and AAC before MP3, which pads its ends."""
MOST_BYTES = 50_000_000
"""Of a recording: five times a minute of stereo in CD quality."""
_MOST_SLUG_CHARACTERS = 40
_WITHOUT_LETTERS = "prompt"
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-[0-9a-f]{8}")


@functools.lru_cache(maxsize=4096)
def stem_of(text: str) -> str:
    """The file name, without suffix, of the recording of ``text``.

    Begins with its words, for people, in small letters, digits and hyphens, which every file
    system keeps as they are; ends in a part of its hash, which tells apart what begins alike.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(slug) > _MOST_SLUG_CHARACTERS:
        whole_words = slug[: _MOST_SLUG_CHARACTERS + 1].rpartition("-")[0]
        slug = whole_words or slug[:_MOST_SLUG_CHARACTERS]
    return f"{slug or _WITHOUT_LETTERS}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def is_stem(stem: str) -> bool:
    """Whether :func:`stem_of` may have made ``stem``."""
    return _STEM.fullmatch(stem) is not None
