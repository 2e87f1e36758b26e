"""The client whose packs are served: her answers, her programme, and how her packs are made."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voicecoach import environment, private_files
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Translation
from voicecoach.environment import built_in, built_in_names
from voicecoach.files import FileState, state_or_none
from voicecoach.pack import build, manifest, places, safeguard
from voicecoach.pack.manifest import FoundPack
from voicecoach.pack.verdict import Judge
from voicecoach.profile import client
from voicecoach.profile.client import Hers


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where the files of a client and her packs are."""

    folder: Path
    """With her answers."""
    out: Path
    """With her packs."""
    content: Path
    """The programme, unless all of her packs are of another."""

    @property
    def has_profile(self) -> bool:
        """Whether she has told about herself."""
        return client.exists(self.folder)

    def marks(self) -> object:
        """Changes when something changes that decides which packs are right; ``None`` where there
        is no client whose packs could be made. Quick."""
        if not self.has_profile or os.path.lexists(self.folder / private_files.UNFINISHED):
            return None
        return environment.today(), [state_or_none(self.folder / file) for file in safeguard.FILES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A client with her programme, on a day."""

    hers: Hers
    judge: Judge
    content: Path
    is_built_in: bool
    programme: Programme
    words: Translation
    pattern: FoundPack
    """The pack after which others are made."""

    @property
    def slug(self) -> str:
        """The folder of her packs."""
        return self.pattern.slug


def find(home: Home, tell: Callable[[str], None]) -> Found:
    """The client of ``home``, who has told about herself.

    Raises ContentError, StorageError, NotInProgrammeError.
    """
    known = places.read(home.folder)
    hers = client.find(home.folder, tell, environment.today())
    assert hers is not None, "there is a profile"
    judge = Judge(hers, known)
    packs = manifest.find_packs(home.out, lambda remark: None)
    content = home.content
    programme = read(content)
    if packs and all(pack.manifest.programme != programme.name for pack in packs):
        folders = [judge.folder_of(pack.manifest) for pack in packs]
        content = next((each for each in reversed(folders) if each is not None), content)
        programme = read(content)
    client.refuse_other(programme, hers.profile)
    words = programme.words_in(hers.profile.language)
    own = [pack for pack in packs if pack.slug == words.folder]
    is_built_in = content in map(built_in, built_in_names())
    usual = build.pattern_of(programme, words, is_built_in=is_built_in)
    return Found(
        hers=hers,
        judge=judge,
        content=content,
        is_built_in=is_built_in,
        programme=programme,
        words=words,
        pattern=own[-1] if own else usual,
    )


def read(content: Path) -> Programme:
    """The programme in the folder ``content``, which is read again only when it has changed."""
    texts = sorted([*content.glob("*.yaml"), *content.glob("locale/*.yaml")])
    return _read(content, tuple((str(path), state_or_none(path)) for path in texts))


@lru_cache(maxsize=4)
def _read(content: Path, states: tuple[tuple[str, FileState | None], ...]) -> Programme:
    return programme_reader.read(content)
