"""How a scan deforms a word: which spellings may stand behind what was read, and how unlikely each deformation is.

Costs are in nats, so that they add up with the rarity of a word. They were set on documents with known originals.
"""

from collections.abc import Iterator

# Read → may have been, both ways. The first are the same strokes in print, the second only resemble each other.
_SAME_STROKES = "il gq rn/m cl/d ii/u vv/w nn/rm li/h ri/n"
_RESEMBLING = "tl ce co eo ao ae nu nr uv vy hb hn ft rt sz mn cg oq dc bd ij it in/m ni/m tt/ll m/nn"
SAME_STROKES = 2.5
RESEMBLING = 4.5
DOUBLED = 2.0
ECHO = 3.5
HALVED = 2.5
SWAPPED = 4.0
SPURIOUS = 5.0
MISSING = 5.5
_ENDING = 3
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _pairs() -> dict[str, list[tuple[str, float]]]:
    table: dict[str, list[tuple[str, float]]] = {}
    for pairs, price in ((_SAME_STROKES, SAME_STROKES), (_RESEMBLING, RESEMBLING)):
        for pair in pairs.split():
            one, other = pair.split("/") if "/" in pair else (pair[0], pair[1])
            table.setdefault(one, []).append((other, price))
            table.setdefault(other, []).append((one, price))
    return table


_LOOKS_LIKE = _pairs()


def deformed(word: str) -> Iterator[tuple[str, float]]:
    """Spellings one deformation away from the folded `word`, with the cost of each. May repeat a spelling.

    Short words only exchange like strokes: with more, most of them are close to some word. The last letters of a word
    only do that too: a difference there is more often an ending that the lists lack than damage.
    """
    size = len(word)
    for place in range(size):
        for width in (1, 2) if size > 3 else (1,):
            for meant, price in _LOOKS_LIKE.get(word[place : place + width], ()):
                if price == SAME_STROKES or (size > 5 and place + width <= size - _ENDING):
                    yield word[:place] + meant + word[place + width :], price
    if size > 5:
        yield from _miscounted(word)


def _miscounted(word: str) -> Iterator[tuple[str, float]]:
    """A letter in excess or missing, or two that changed places."""
    size = len(word)
    for place in range(size):
        rest = word[place + 1 :]
        price = _spurious(word, place)
        if place < size - _ENDING or price == DOUBLED:
            yield word[:place] + rest, price
        if rest and word[place] != rest[0]:
            yield word[:place] + rest[0] + word[place] + rest[1:], SWAPPED
        yield word[: place + 1] + word[place] + rest, HALVED
    for place in range(size - _ENDING + 1):
        for letter in _ALPHABET:
            yield word[:place] + letter + word[place:], MISSING


def _spurious(word: str, place: int) -> float:
    """A letter written twice is a common slip, one that echoes a letter two places off a rarer one."""
    letter = word[place]
    if letter in word[max(place - 1, 0) : place] or letter in word[place + 1 : place + 2]:
        return DOUBLED
    near = word[max(place - 2, 0) : place] + word[place + 1 : place + 3]
    return ECHO if letter in near else SPURIOUS
