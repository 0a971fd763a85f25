"""A ticket's number: what people may do to it on paper and on the phone, and what is caught."""

import random
import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tickets.references import ALPHABET, LENGTH, find_references, new_reference, read_reference, spell

REFERENCES = st.randoms(use_true_random=False).map(lambda source: new_reference(source.choice))
GIVEN = new_reference(random.Random(11).choice)


def bare(reference: str) -> str:
    return reference.removeprefix("EC-").replace("-", "")


@given(REFERENCES)
def test_a_new_reference_has_its_shape_and_reads_as_itself(reference: str) -> None:
    assert re.fullmatch(rf"EC-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", reference)
    assert read_reference(reference) == reference


def test_references_are_drawn_from_about_a_thousand_million_without_a_pattern() -> None:
    drawn = {new_reference() for _ in range(2000)}

    assert len(ALPHABET) ** (LENGTH - 1) > 890_000_000
    assert len(drawn) == 2000
    assert {reference[3] for reference in drawn} == set(ALPHABET)


def test_no_character_is_a_vowel_or_looks_or_sounds_like_another() -> None:
    assert not set(ALPHABET) & set("AEIOUL01Q")
    for alike in ("5S", "2Z", "8B", "6G", "0OQ", "1IL", "UV", "BDPTV", "MN", "GJ", "FS"):
        assert len(set(ALPHABET) & set(alike)) <= 1, alike


@given(REFERENCES)
def test_every_single_wrong_character_is_caught(reference: str) -> None:
    sound = bare(reference)

    for place, right in enumerate(sound):
        for wrong in set(ALPHABET) - {right}:
            assert read_reference(sound[:place] + wrong + sound[place + 1 :]) is None


@given(REFERENCES)
def test_every_swap_of_two_characters_is_caught(reference: str) -> None:
    sound = bare(reference)

    for first, second in combinations(range(LENGTH), 2):
        swapped = list(sound)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        if swapped != list(sound):
            assert read_reference("".join(swapped)) is None


@pytest.mark.parametrize(
    "typed",
    [
        GIVEN.lower(),
        GIVEN.replace("-", ""),
        GIVEN.replace("-", " "),
        f"  {GIVEN}\n",
        " ".join(bare(GIVEN)),
        bare(GIVEN).lower(),
        GIVEN.replace("-", " – "),
        GIVEN.replace("-", "."),
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert read_reference(typed) == GIVEN


STANDS_FOR = {"7": "1", "2": "Z", "5": "S", "F": "S", "8": "B", "P": "BDTV", "6": "G", "J": "G", "M": "N"}


@given(REFERENCES)
def test_a_look_alike_is_read_as_what_it_can_only_be(reference: str) -> None:
    sound = bare(reference)

    for place, right in enumerate(sound):
        for written in STANDS_FOR.get(right, ""):
            assert read_reference(sound[:place] + written + sound[place + 1 :]) == reference


@given(REFERENCES)
def test_all_look_alikes_at_once_never_lead_to_another_ticket(reference: str) -> None:
    written = "".join(STANDS_FOR.get(char, char)[0] for char in bare(reference))

    assert read_reference(written) in {reference, None}


@pytest.mark.parametrize(
    "text", ["", "EC", "EC-", "EC-2345-678", "bonjour", "EC-AAAA-AAAA", "06 12 34 56 78", "0750654D"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert read_reference(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    read = read_reference(text)

    assert read is None or read_reference(read) == read
    assert all(read_reference(found) == found for found in find_references(text))


def test_references_are_found_in_subjects_and_texts_each_once() -> None:
    one, two = new_reference(random.Random(1).choice), new_reference(random.Random(2).choice)

    assert find_references(f"Re: [{one}] Votre demande") == (one,)
    assert find_references(f"mes demandes {two.lower()} et {one.replace('-', ' ')}, encore {two}.") == (two, one)
    assert find_references(f"TR : {one.replace('-', '')}") == (one,)


@pytest.mark.parametrize(
    "text", [bare(GIVEN), f"X{GIVEN}", f"{GIVEN}2", "avec 3456 7893", "le code EC est 12", "EC-2222-2223", "É" + GIVEN]
)
def test_nothing_else_is_taken_for_a_reference(text: str) -> None:
    assert find_references(text) == ()


def test_a_reference_is_spelt_with_the_names_of_the_french_table() -> None:
    assert spell("EC-4F7K-9XR3") == (
        "E comme Eugène, C comme Célestin, 4, F comme François, 7, K comme Kléber, 9, X comme Xavier, R comme Raoul, 3"
    )


@given(REFERENCES)
def test_every_letter_of_a_reference_has_a_name(reference: str) -> None:
    for part in spell(reference).split(", "):
        assert part.isdigit() or part[0] == part.split(" comme ")[1][0]
