"""Spaces, quotation marks and ligatures: what can be set right without knowing a word."""

import re

from helpdesk.knowledge.repair.trail import Draft, Edit, Rule

_LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""}
_FIXED = (
    (re.compile("[" + "".join(_LIGATURES) + "]"), lambda m: _LIGATURES[m.group()], Rule.LIGATURE),
    (re.compile(r"<<|≪"), lambda _: "«", Rule.QUOTE),
    (re.compile(r">>|≫"), lambda _: "»", Rule.QUOTE),
    (re.compile(r"(?<=\S)[ \t]{2,}(?=\S)"), lambda _: " ", Rule.SPACE),
    (re.compile(r"(?<=\S)(?=»)|«(?=\S)"), lambda m: m.group() + " ", Rule.SPACE),
    # « mot? » and « mot : »: a space goes before the high marks, except in addresses, hours and runs of marks.
    (re.compile(r"(?<=[\w)»”%€])(?=[?!;](?:[\s»)?!]|$))|(?<=[^\W\d])(?=:\s)"), lambda _: " ", Rule.SPACE),
    (re.compile(r"(?<=[\w»)])[ \t]+(?=[,.)](?:\s|$))|(?<=\()[ \t]+(?=\w)"), lambda _: "", Rule.SPACE),
    # « mot(deux mots) », « (mot)mot » and « mot,mot », but neither « enfant(s) » nor « inscrit(e)s ».
    (re.compile(r"(?<=[^\W\d])(?=\([^)\s]+\s)|(?<=\))(?=[^\W\d]{2})"), lambda _: " ", Rule.SPACE),
    (re.compile(r"(?<=[^\W\d],)(?=[^\W\d])"), lambda _: " ", Rule.SPACE),
    # « fin.Début », but neither « M.Durand » nor « impots.gouv.fr » nor « U.R.L. »
    (re.compile(r"(?<=[a-zà-ÿ]{2}\.)(?=[A-ZÀ-Ý][a-zà-ÿ’' ])"), lambda _: " ", Rule.SPACE),
)  # fmt: skip


def set_type(draft: Draft) -> None:
    """One rule after the other over the whole passage."""
    for pattern, new, rule in _FIXED:
        draft.apply(Edit(*match.span(), new(match), rule) for match in pattern.finditer(draft.text))
