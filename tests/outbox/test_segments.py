"""Parts of text messages, counted as the networks do (3GPP TS 23.038)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.outbox.segments import count, plain, shorten


@pytest.mark.parametrize(
    ("text", "characters", "segments", "wide"),
    [
        ("", 0, 0, False),
        ("a" * 160, 160, 1, False),
        ("a" * 161, 161, 2, False),
        ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False),
        ("é" * 160, 160, 1, False),  # é è à ù are in the alphabet of phones
        ("€" * 80, 160, 1, False),  # € takes two places
        ("€" * 81, 162, 2, False),
        ("a" * 152 + "€" + "a" * 152, 306, 3, False),  # no part ends inside €, so one place stays empty
        ("ê" + "a" * 69, 70, 1, True),  # ê is not: everything takes more room
        ("ê" + "a" * 70, 71, 2, True),
        ("ê" + "a" * 133, 134, 2, True),
        ("ê" + "a" * 134, 135, 3, True),
        ("😀" * 35, 70, 1, True),
        ("a" * 66 + "😀" + "a" * 66, 134, 3, True),  # nor inside an emoji
        ("ç", 1, 1, True),
        ("Ç", 1, 1, False),
        ("\n" * 160, 160, 1, False),
    ],
)
def test_parts(text: str, characters: int, segments: int, wide: bool) -> None:
    found = count(text)

    assert (found.characters, found.segments, found.wide) == (characters, segments, wide)


def test_typography_costs_no_room() -> None:
    text = "L’école « Jean Moulin » – l’accès… c’est\u00a0prêt"

    assert plain(text) == "L'école \"Jean Moulin\" - l'accès... c'est prêt"
    assert not count(plain("L’école « Jean Moulin » : cœur…")).wide


def test_a_long_text_ends_at_a_word() -> None:
    assert shorten("un deux trois quatre", 15) == "un deux ..."
    assert shorten("un deux", 15) == "un deux"
    assert shorten("x" * 50, 15) == "x" * 11 + " ..."


@given(st.text(max_size=400), st.integers(min_value=5, max_value=300))
def test_what_is_shortened_fits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(st.text(max_size=400))
def test_more_words_never_take_fewer_parts(text: str) -> None:
    assert count(text).segments <= count(text + "a").segments
    assert count(text).segments * (67 if count(text).wide else 153) <= 2 * count(text).characters + 153
