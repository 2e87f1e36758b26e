"""The feed of a pack: what RSS 2.0, Apple and the podcast namespace ask for, and what stays."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from stand_in import manifest_of

from voicecoach.pack.manifest import Manifest
from voicecoach.phone.web import feed

PAGE = "http://192.168.1.5:8765/secret/bekkenbodem-na-de-bevalling/week-03/"
ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
MANIFEST = manifest_of("a")


def channel_of(manifest: Manifest = MANIFEST, page_url: str = PAGE) -> Element:
    """The channel of the feed; fails where it is not well formed."""
    rss = ElementTree.fromstring(feed.write(manifest, page_url))
    assert (rss.tag, rss.attrib) == ("rss", {"version": "2.0"})
    channels = list(rss)
    assert [channel.tag for channel in channels] == ["channel"]
    return channels[0]


def text(parent: Element, tag: str) -> str:
    """The text of the only child of that name."""
    found = parent.findall(tag)
    assert len(found) == 1, tag
    return found[0].text or ""


def attributes(parent: Element, tag: str) -> dict[str, str]:
    found = parent.findall(tag)
    assert len(found) == 1, tag
    return found[0].attrib


def test_the_channel_says_what_is_required() -> None:
    channel = channel_of()
    assert text(channel, "title") == MANIFEST.title
    assert text(channel, "link") == f"{PAGE}feed.xml"  # the page itself is not of the feed's key
    assert text(channel, "language") == "nl"
    assert "Dag 15–17" in text(channel, "description")
    assert text(channel, f"{ITUNES}author") == "voicecoach"
    assert text(channel, f"{ITUNES}explicit") == "false"
    assert text(channel, f"{ITUNES}type") == "serial"
    assert text(channel, f"{PODCAST}locked") == "yes"
    assert attributes(channel, f"{ITUNES}category") == {"text": "Health & Fitness"}


def test_it_is_kept_out_of_directories() -> None:
    assert text(channel_of(), f"{ITUNES}block") == "Yes"
    assert text(channel_of(), f"{PODCAST}block") == "yes"


def test_it_names_itself_and_its_cover() -> None:
    channel = channel_of()
    itself = attributes(channel, f"{ATOM}link")
    assert itself == {"href": f"{PAGE}feed.xml", "rel": "self", "type": "application/rss+xml"}
    cover = attributes(channel, f"{ITUNES}image")["href"]
    assert cover.startswith(f"{PAGE}cover.jpg?v=")
    (image,) = channel.findall("image")
    assert [child.tag for child in image] == ["url", "title", "link"]
    assert (text(image, "url"), text(image, "link")) == (cover, f"{PAGE}feed.xml")


def test_sessions_stand_in_listening_order_as_episodes_of_the_week() -> None:
    items = channel_of().findall("item")
    assert [text(item, "title") for item in items] == [track.title for track in MANIFEST.tracks]
    for number, item in enumerate(items, start=1):
        for namespace in (ITUNES, PODCAST):
            assert text(item, f"{namespace}season") == "3"
            assert text(item, f"{namespace}episode") == str(number)
        assert text(item, f"{ITUNES}duration") == "60"


def test_a_session_names_its_file_by_its_bytes() -> None:
    for item, track in zip(channel_of().findall("item"), MANIFEST.tracks, strict=True):
        assert attributes(item, "enclosure") == {
            "url": f"{PAGE}{track.file}?v={track.sha256[:16]}",
            "length": str(track.bytes),
            "type": "audio/mpeg",
        }


def test_a_session_tells_its_days_and_chapters() -> None:
    first, second, third = channel_of().findall("item")
    assert text(first, "description") == "Dag 15. Begin; Duurkracht · Ronde 1."
    assert text(second, "description").startswith("Dag 15–16. ")
    assert text(third, "description").startswith("Dag 15 en 17. ")


def test_a_session_has_chapters_and_captions() -> None:
    hashes = {entry.file: entry.sha256 for entry in MANIFEST.files}
    for item, track in zip(channel_of().findall("item"), MANIFEST.tracks, strict=True):
        stem = track.file.removesuffix(".mp3")
        assert attributes(item, f"{PODCAST}chapters") == {
            "url": f"{PAGE}{stem}.chapters.json",
            "type": "application/json+chapters",
        }
        assert attributes(item, f"{PODCAST}transcript") == {
            "url": f"{PAGE}{stem}.vtt?v={hashes[f'{stem}.vtt'][:16]}",
            "type": "text/vtt",
            "language": "nl",
            "rel": "captions",
        }


def test_a_pack_without_captions_or_cover_names_none() -> None:
    channel = channel_of(replace(MANIFEST, files=()))
    assert channel.find(f"{ITUNES}image") is channel.find("image") is None
    assert not list(channel.iter(f"{PODCAST}transcript"))


def test_every_address_is_absolute_and_of_this_host() -> None:
    xml = feed.write(MANIFEST, PAGE).decode()
    urls = [
        value
        for element in ElementTree.fromstring(xml).iter()
        for value in (*element.attrib.values(), element.text or "")
        if "://" in value
    ]
    assert len(urls) > 10
    assert {urlsplit(url).netloc for url in urls} == {"192.168.1.5:8765"}


def test_dates_are_in_the_past_and_rise_in_listening_order_from_week_to_week() -> None:
    dates = [
        text(item, "pubDate")
        for week in (1, 2, 3, 52)
        for item in channel_of(manifest_of("a", week)).findall("item")
    ]
    parsed = [parsedate_to_datetime(date) for date in dates]
    assert parsed == sorted(set(parsed))
    assert all(date < datetime(2026, 2, 1, tzinfo=UTC) for date in parsed)
    assert dates[0] == "Thu, 01 Jan 2026 00:00:00 +0000"


def guids(manifest: Manifest, page_url: str = PAGE) -> list[str]:
    channel = channel_of(manifest, page_url)
    found = [item.find("guid") for item in channel.findall("item")]
    assert all(g is not None and g.attrib == {"isPermaLink": "false"} for g in found)
    own = text(channel, f"{PODCAST}guid")
    assert uuid.UUID(own).version == 5
    return [own, *(g.text or "" for g in found if g is not None)]


def test_what_apps_know_it_by_stays_the_same_over_hosts_builds_voices_and_titles() -> None:
    changed = replace(
        manifest_of("b"),
        voice="piper:nl_BE-nathalie-medium",
        title="Een andere titel",
        edition=2027,
    )
    assert guids(changed, "http://10.0.0.2:9/other/x/week-03/") == guids(MANIFEST)


def test_what_apps_know_it_by_differs_by_programme_language_week_and_session() -> None:
    others = [
        replace(MANIFEST, programme="other"),
        replace(MANIFEST, language="en"),
        manifest_of("a", week=4),
    ]
    found = [guid for manifest in (MANIFEST, *others) for guid in guids(manifest)]
    assert len(set(found)) == len(found) == 16


def test_the_words_are_in_the_language_of_the_pack() -> None:
    channel = channel_of(replace(MANIFEST, language="en"))
    assert text(channel, "description").startswith("Days 15–17. Each session")


@pytest.mark.parametrize(
    "title", ["<b>&amp;\"'</b>", "]]>", "\x00\x08\ud7ff\ufffe é 💛", "{{ 7 * 7 }}"]
)
def test_any_title_makes_a_well_formed_feed(title: str) -> None:
    track = replace(MANIFEST.tracks[0], title=title)
    channel = channel_of(replace(MANIFEST, title=title, tracks=(track,), playlists=()))
    kept = title.replace("\x00", "").replace("\x08", "").replace("\ufffe", "")
    assert text(channel, "title") == kept
    assert text(channel.findall("item")[0], "title") == kept


def test_a_pack_without_sessions_has_an_empty_feed() -> None:
    assert channel_of(replace(MANIFEST, tracks=(), playlists=())).findall("item") == []


def test_chapters_are_json_of_the_podcast_namespace() -> None:
    assert json.loads(feed.chapters(MANIFEST.tracks[0])) == {
        "version": "1.2.0",
        "title": MANIFEST.tracks[0].title,
        "chapters": [
            {"startTime": 0, "endTime": 20.5, "title": "Begin"},
            {"startTime": 20.5, "endTime": 60, "title": "Duurkracht · Ronde 1"},
        ],
    }


def test_a_feed_reader_understands_it() -> None:
    feedparser = pytest.importorskip("feedparser", reason="needs the package feedparser")
    parsed = feedparser.parse(feed.write(MANIFEST, PAGE))
    assert (parsed.bozo, parsed.version) == (False, "rss20")
    assert parsed.feed.title == MANIFEST.title
    assert parsed.feed.image.href.startswith(f"{PAGE}cover.jpg")
    assert [entry.id for entry in parsed.entries] == guids(MANIFEST)[1:]
    assert all(entry.published_parsed for entry in parsed.entries)
    assert [entry.enclosures[0].length for entry in parsed.entries] == [
        str(track.bytes) for track in MANIFEST.tracks
    ]
