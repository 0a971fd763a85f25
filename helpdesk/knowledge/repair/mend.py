"""The order of repairs, for one passage and for the passages of a document together."""

from collections.abc import Sequence

from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair import accents
from helpdesk.knowledge.repair.apostrophes import mend_apostrophes
from helpdesk.knowledge.repair.homographs import mend_homographs
from helpdesk.knowledge.repair.participles import mend_participles
from helpdesk.knowledge.repair.tokens import tokens
from helpdesk.knowledge.repair.trail import Draft
from helpdesk.knowledge.repair.typography import set_type
from helpdesk.knowledge.repair.words import mend_words


def mend(drafts: Sequence[Draft], lexicon: Lexicon) -> None:
    """Repair the passages of one document in place, together: what one shows about the scan helps the others."""
    for draft in drafts:
        set_type(draft)
        mend_apostrophes(draft, lexicon)
    evidence = accents.gather([[token.lower for token in tokens(draft.text)] for draft in drafts], lexicon)
    for draft in drafts:
        mend_words(draft, lexicon, evidence)
        mend_participles(draft, lexicon, evidence)
        mend_homographs(draft, lexicon, evidence)
