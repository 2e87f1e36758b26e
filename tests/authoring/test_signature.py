"""Who agreed with a programme is kept beside it, and a change since is told."""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import Run

from voicecoach.authoring import sign_off_page, signature
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.errors import ContentError

NAME = "M. de Vries-Özdemir, BIG 19012345678"
DAY = date(2026, 11, 28)
CHANGED = "but the content has changed since"


@pytest.fixture
def mine(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "mine"))


def read(folder: Path) -> Programme:
    return programme_reader.read(folder)


def change(folder: Path) -> None:
    path = folder / "nl.yaml"
    path.write_text(path.read_text("utf-8") + "# other\n", "utf-8")


def page(folder: Path) -> str:
    programme = read(folder)
    path = folder.parent / "page.html"
    sign_off_page.write(folder, programme, programme.words_in("nl"), [], path)
    return path.read_text("utf-8")


def test_nobody_has_signed_where_there_is_no_file(mine: Path) -> None:
    assert signature.standing(mine, read(mine)) == ()


def test_a_signature_has_the_name_as_typed_the_day_and_the_hash_of_the_files(mine: Path) -> None:
    signature.sign(mine, read(mine), NAME, DAY)
    [signed] = signature.read(mine)
    languages = [f"{language}.yaml" for language in read(mine).translations]
    printed = "".join(
        f"{hashlib.sha256((mine / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("programme.yaml", *languages)
    )
    assert signed.name == NAME
    assert signed.signed_on == DAY
    assert signed.content == hashlib.sha256(printed.encode()).hexdigest()
    assert signature.standing(mine, read(mine)) == ((signed, True),)


def test_several_sign_and_who_signs_again_replaces_what_she_signed(mine: Path) -> None:
    signature.sign(mine, read(mine), NAME, DAY)
    signature.sign(mine, read(mine), 'Dr "Bo" # 5: yes, 1', DAY)
    change(mine)
    signature.sign(mine, read(mine), NAME, date(2026, 12, 1))
    told = [
        (each.name, each.signed_on.day, is_so)
        for each, is_so in signature.standing(mine, read(mine))
    ]
    assert told == [('Dr "Bo" # 5: yes, 1', 28, False), (NAME, 1, True)]


def test_the_report_names_who_signed_and_whether_it_is_still_that(mine: Path) -> None:
    assert "Getekend door" not in page(mine)
    signature.sign(mine, read(mine), NAME, DAY)
    signed = f"Getekend door {NAME} op 28 november 2026"
    assert f"{signed}: de inhoud is zoals die getekend is." in page(mine)
    change(mine)
    assert f"{signed}, maar de inhoud is sindsdien veranderd" in page(mine)


def test_a_file_of_signatures_that_cannot_be_read_is_refused_with_its_place(mine: Path) -> None:
    path = mine / signature.FILE
    path.write_text('signatures:\n  - {name: "A, 1", signed_on: "soon", content: "ab"}\n')
    with pytest.raises(ContentError, match=r"signed\.yaml:2:"):
        signature.read(mine)


def test_check_signs_and_names_who_signed(here: Run, tmp_path: Path) -> None:
    assert here("new", "mine").returncode == 0
    own = ("check", "--content", "mine", "--language", "en")
    before = here(*own)
    assert "signed" not in before.stdout
    first = here(*own, "--sign", NAME)
    assert first.returncode == 0, first.stderr
    line = first.stdout.splitlines()[-1]
    [signed] = signature.read(tmp_path / "mine")
    assert line == f"signed by {NAME} on {signed.signed_on}"
    assert here(*own).stdout.splitlines()[-1] == line
    change(tmp_path / "mine")
    assert CHANGED in here(*own).stdout
    for wrong in ("", "  ", "two\nlines", "x" * 200):
        assert here(*own, "--sign", wrong).returncode == 2


def test_what_has_remarks_is_not_signed(here: Run, tmp_path: Path) -> None:
    assert here("new", "mine").returncode == 0
    path = tmp_path / "mine" / "en.yaml"
    path.write_text(path.read_text("utf-8").replace("Let go.", "Do not clench."), "utf-8")
    told = here("check", "--content", "mine", "--language", "en", "--sign", NAME)
    assert told.returncode == 1
    assert "Not signed" in told.stderr
    assert not (tmp_path / "mine" / "signed.yaml").exists()
