"""A mention with the words that touch it: what is needed to tell whether it is meant as a place."""

from dataclasses import dataclass

from helpdesk.routing.clues import signs
from helpdesk.routing.clues.lists import words
from helpdesk.routing.clues.mention import Mention
from helpdesk.routing.clues.reading import Break, Reading
from helpdesk.routing.clues.whose import Context

OF = frozenset({"de", "d", "du", "des"})
AT = words("a au aux sur en dans in at vers pour f fi b ds em dyal chez from entre et ou de d du des depuis")
PLACING = words("a au aux sur in f fi vers en")
ARTICLES = words("le la les l los el las")
SAINTS = ("saint ", "sainte ")


@dataclass(frozen=True, slots=True)
class Spot:
    """`before`, `second` and `third` are the words before the mention, back to the first comma or end, `after` the one
    that follows it; "" where there is none.
    """

    reading: Reading
    marks: list[int]
    mention: Mention
    context: Context
    before: str
    second: str
    third: str
    after: str

    @property
    def capital(self) -> bool:
        """Written with a capital by somebody who does not write all words so, or none."""
        return self.reading.cased and self.reading.capital(self.mention.first)

    @property
    def ends_clause(self) -> bool:
        return self.mention.last >= len(self.reading.words) or self.reading.breaks[self.mention.last] != Break.NONE

    @property
    def right_after_owner(self) -> bool:
        """Nothing stands between the mention and the word that governs it: « lycée Marseille », « j'habite Lyon »."""
        return bool(self.before) and self.mention.first - 1 == self.context.governor

    def owned_by(self, *owners: int) -> bool:
        return self.context.owner in owners

    @property
    def is_ours(self) -> bool:
        """The place of the school, the home or the child."""
        return self.context.owner in (signs.SCHOOL, signs.HOME, signs.CHILD)


def spot(reading: Reading, marks: list[int], mention: Mention, context: Context) -> Spot:
    """The spot of a mention in its reading."""
    before = ["", "", ""]
    for back in range(3):
        index = mention.first - back - 1
        if index < 0 or reading.breaks[index + 1] != Break.NONE:
            break
        before[back] = reading.words[index]
    following = mention.last < len(reading.words) and reading.breaks[mention.last] == Break.NONE
    after = reading.words[mention.last] if following else ""
    return Spot(reading, marks, mention, context, before[0], before[1], before[2], after)
