"""Whether a request may be about an incident: it comes from its reach, is of its topics, and has one of its words."""

from collections.abc import Set as AbstractSet

from helpdesk.stems import stem, words

_READ = 400  # words of a message


def matches(
    topic: str,
    academy: str | None,
    text: str,
    reach: tuple[AbstractSet[str], AbstractSet[str], AbstractSet[str]],
) -> bool:
    """`reach` is académies, topics and stems; empty is any."""
    academies, topics, stems = reach
    if (academies and academy not in academies) or (topics and topic not in topics):
        return False
    return not stems or is_about(text, stems)


def is_about(text: str, stems: AbstractSet[str]) -> bool:
    """Whether the text has a word of one of the stems."""
    return any(stem(word.folded) in stems for word in words(text, _READ))
