"""A playlist as phones read it."""

from voicecoach.pack import sidecars
from voicecoach.pack.sidecars import Entry

FIRST = Entry(file="w03-00-een.mp3", title="Één, twee", duration_ms=104_474)
SECOND = Entry(file="w03-01-twee.mp3", title="Twee", duration_ms=302_600)


def test_it_is_the_extended_form_with_title_seconds_and_relative_paths() -> None:
    assert sidecars.m3u8("Dag 15", [FIRST, SECOND]).decode("utf-8") == (
        "#EXTM3U\n"
        "#PLAYLIST:Dag 15\n"
        "#EXTINF:104,Één, twee\n"
        "w03-00-een.mp3\n"
        "#EXTINF:303,Twee\n"
        "w03-01-twee.mp3\n"
    )


def test_there_is_no_byte_order_mark() -> None:
    assert sidecars.m3u8("Dag 15", [FIRST]).startswith(b"#EXTM3U\n")


def test_a_track_stands_as_often_as_it_is_done_in_the_order_given() -> None:
    lines = sidecars.m3u8("Dag 20", [SECOND, FIRST, SECOND]).decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        SECOND.file,
        FIRST.file,
        SECOND.file,
    ]


def test_a_day_without_sessions_has_an_empty_list() -> None:
    assert sidecars.m3u8("Dag 43", []) == b"#EXTM3U\n#PLAYLIST:Dag 43\n"
