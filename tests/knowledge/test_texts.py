"""Small pieces of editing: words side by side, Markdown made safe, photographs without their notes."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.knowledge.comparison import Fate, compare
from helpdesk.knowledge.markup import as_html
from helpdesk.knowledge.pictures import RefusedPicture, read_picture
from helpdesk.knowledge.proofing import entries_named, problems_in

WORDS = st.text(st.sampled_from("ab é’,.\n"), max_size=60)


@settings(max_examples=40)
@given(WORDS, WORDS)
def test_the_two_sides_of_a_comparison_are_the_two_texts(before: str, after: str) -> None:
    parts = compare(before, after)

    assert "".join(part.text for part in parts if part.fate is not Fate.NEW) == before
    assert "".join(part.text for part in parts if part.fate is not Fate.GONE) == after


def test_a_comparison_shows_whole_words() -> None:
    parts = [(part.fate.value, part.text) for part in compare("Oui, par mail.", "Oui, par un SMS.")]

    assert parts == [("same", "Oui, par "), ("gone", "mail"), ("new", "un SMS"), ("same", ".")]


def test_very_long_texts_are_compared_in_time() -> None:
    monotonous = "un mot\n" * 6_000

    parts = compare("début " + monotonous, monotonous + "fin\n")

    assert "".join(part.text for part in parts if part.fate is not Fate.NEW) == "début " + monotonous


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "![x](javascript:alert(1))",
        "![x](https://ailleurs.example/x.png)",
        "![x](data:image/svg+xml;base64,AAAA)",
        "[x](data:text/html,<script>alert(1)</script>)",
        '<img src=x onerror="alert(1)">',
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_markdown_that_would_run_or_load_is_shown_harmless_and_named(markdown: str) -> None:
    html = as_html(markdown)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html.lower()
    assert problems_in(markdown) != [] or "[x]:" in markdown


def test_links_to_entries_are_known_in_each_of_their_forms() -> None:
    text = (
        "[a](fiche:un) [b](/questions/deux#ici) [c](https://aide.example/en/questions/trois) "
        "[d](https://autre.example/x) "
        "[e](/questions/etablissements) [f](fiche:un)"
    )

    assert entries_named(text, "https://aide.example") == ["un", "deux", "trois"]
    assert 'href="/en/questions/un"' in as_html(text, "/en")


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    parts = [b"\xff\xd8"]
    for kind, content in segments:
        parts.append(struct.pack(">BBH", 0xFF, kind, len(content) + 2) + content)
    return b"".join([*parts, b"pixels\xff\xd9"])


FRAME = (0xC0, struct.pack(">BHHB", 8, 32, 16, 3) + b"\0" * 9)
SCAN = (0xDA, b"\0" * 10)


def test_a_photograph_loses_where_and_by_what_it_was_taken() -> None:
    content = jpeg((0xE0, b"JFIF\0"), (0xE1, b"Exif\0\0 48.85N"), (0xFE, b"maison"), FRAME, SCAN)

    read = read_picture(content)

    assert (read.content_type, read.width, read.height) == ("image/jpeg", 16, 32)
    assert read.content == jpeg((0xE0, b"JFIF\0"), FRAME, SCAN)


@pytest.mark.parametrize(
    "content", [b"", jpeg()[:9], jpeg(FRAME)[:12], b"GIF89a", b"\xff\xd8\xff" * 50, b"\0" * 1_000_001]
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedPicture):
        read_picture(content)
