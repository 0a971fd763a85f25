"""Lists of words written as running text, so that they can be read and mended as such."""


def words(text: str) -> frozenset[str]:
    """The words of a text, separated by spaces or ends of lines."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of a text, separated by commas or ends of lines, each with single spaces."""
    return frozenset(" ".join(phrase.split()) for phrase in text.replace("\n", ",").split(",")) - {""}
