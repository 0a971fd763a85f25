"""The words of a search, as terms: quoted ones follow one another, so do those that are written as one (an address, a
name with a hyphen).
"""

import re

from helpdesk.stems import words
from helpdesk.text import clean
from helpdesk.tickets.search_terms import Field, Term, stems_of

MOST_TERMS = 20
# Said everywhere, they tell nothing; inside quotes they count.
_ARTICLES = "a ai au aux avec c ce ces cette d dans de des du elle en est et il ils j je l la le les leur lui m ma mais"
_OTHERS = "me mes mon n ne nous on ont ou par pas pour qu que qui s sa se ses si son sont sur t un une vos votre vous y"
_SMALL = frozenset(f"{_ARTICLES} {_OTHERS}".split())
_PIECES = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|([^\s"«“]+)')
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)


def terms_in(text: str, field: Field | None = None) -> list[Term]:
    """At most MOST_TERMS; small words only if there are no others."""
    terms: list[Term] = []
    small: list[Term] = []
    for match in _PIECES.finditer(clean(text)):
        *quoted, bare = match.groups()
        said = next((each for each in quoted if each is not None), None)
        stems = tuple(stems_of(_ELISION.sub(" ", bare) if said is None else said, MOST_TERMS))
        if stems:
            is_small = said is None and len(stems) == 1 and words(bare)[-1].folded in _SMALL
            (small if is_small else terms).append(Term(stems, field))
    return list(dict.fromkeys(terms or small))[:MOST_TERMS]
