"""Closed lists of words, written as one reads them."""


def word_list(text: str) -> tuple[str, ...]:
    """The words of `text` in their order."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, to look into."""
    return frozenset(text.split())
