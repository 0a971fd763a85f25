"""Decisions and clues as they are stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.routing.decision import Clue, Decision, Strength
from helpdesk.vocabulary import Audience, Priority

slugs = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
words = st.text(max_size=20)
clues = st.builds(
    Clue,
    kind=slugs,
    value=words,
    academies=st.lists(slugs, max_size=3).map(tuple),
    strength=st.sampled_from(Strength),
    words=words,
    field=st.sampled_from(["text", "subject", "school.name", "sender.phone"]),
    start=st.integers(0, 20_000),
    end=st.integers(0, 20_000),
)
decisions = st.builds(
    Decision,
    academy=st.none() | slugs,
    topic=slugs,
    audience=st.sampled_from(Audience),
    priority=st.sampled_from(Priority),
    service=slugs,
    rule=slugs,
    because=words,
    clues=st.lists(clues, max_size=3).map(tuple),
    academy_reason=slugs,
    facts=st.dictionaries(slugs, words, max_size=3),
    words=st.dictionaries(slugs, st.lists(words, max_size=3).map(tuple), max_size=3),
)


@given(decisions)
def test_a_decision_comes_back_from_the_database_as_it_went(decision: Decision) -> None:
    stored = json.dumps(decision.to_json())

    assert Decision.from_json(json.loads(stored)) == decision


def test_a_decision_is_stored_in_plain_words() -> None:
    clue = Clue("commune", "Sète (34)", ("11",), Strength.STRONG, "Sète", "text", 8, 12)
    decision = Decision(
        academy="11",
        topic="teleservices",
        audience=Audience.RESPONSABLE,
        priority=Priority.NORMAL,
        service="scolarite",
        rule="bourse",
        because="le message parle d’une bourse",
        clues=(clue,),
        academy_reason="strong",
        words={"topic": ("bourse",)},
    )

    stored = decision.to_json()

    assert stored["clues"] == [
        {
            "kind": "commune",
            "value": "Sète (34)",
            "academies": ["11"],
            "strength": 3,
            "words": "Sète",
            "field": "text",
            "start": 8,
            "end": 12,
        }
    ]
    assert (stored["audience"], stored["priority"]) == ("responsable", "normal")
    assert stored["words"] == {"topic": ["bourse"]}
